-- Trajecten with how they began and how they ended. Two that begin on the same day do not run for each other, nor do
-- two that end on the same day; a gap counts in days that are not covered (SPEC 7, settled readings).
with trajecten as (
    select * from {{ ref('int_trajecten') }}
),

in_een_segment as (
    select * from trajecten
    where segment <> 'totaal'
),

-- Pairs in different segments that lie close enough to be one way through care.
buren as (
    select
        dit.gebied_code,
        dit.segment,
        dit.jeugdige_nr,
        dit.nr,
        bool_or(
            ander.begin < dit.begin
            and date_diff('day', ander.eind, dit.begin) - 1 <= {{ instelling('traject_gat_dagen') }}
        ) as liep_al,
        bool_or(
            ander.eind > dit.eind
            and date_diff('day', dit.eind, ander.begin) - 1 <= {{ instelling('traject_gat_dagen') }}
        ) as loopt_door
    from in_een_segment as dit
    inner join in_een_segment as ander
        on dit.gebied_code = ander.gebied_code
        and dit.jeugdige_nr = ander.jeugdige_nr
        and dit.segment <> ander.segment
    group by all
),

crisis as (
    select distinct gebied_code, jeugdige_nr, dekt_van, dekt_tot
    from {{ ref('int_zorgstukken') }}
    where is_crisis and segment = 'totaal'
),

-- Every traject can have started with crisis, not only the youth's first in a segment (SPEC 7).
gestart_met_crisis as (
    select distinct trajecten.gebied_code, trajecten.segment, trajecten.jeugdige_nr, trajecten.nr
    from trajecten
    inner join crisis
        on trajecten.gebied_code = crisis.gebied_code
        and trajecten.jeugdige_nr = crisis.jeugdige_nr
        and trajecten.begin >= crisis.dekt_van
        and date_diff('day', crisis.dekt_tot, trajecten.begin) <= {{ instelling('crisis_venster_dagen') }}
)

select
    trajecten.gebied_code,
    trajecten.segment,
    jeugdigen.pseudoniem,
    trajecten.jeugdige_nr,
    trajecten.nr as traject_nr,
    trajecten.begin,
    nullif(trajecten.eind, {{ zonder_einde() }}) as eind,
    trajecten.verwijzer_groep,
    trajecten.heeft_verblijf,
    trajecten.n_toewijzingen,
    gestart_met_crisis.nr is not null as is_start_crisis,
    case when buren.liep_al then 'doorstroom_in' else 'instroom' end as soort_instroom,
    case
        when trajecten.eind = {{ zonder_einde() }} then null
        when buren.loopt_door then 'doorstroom_uit'
        else 'uitstroom'
    end as soort_uitstroom,
    {{ maandnr('trajecten.begin') }} as begin_maandnr,
    case
        when trajecten.eind < {{ zonder_einde() }} then {{ maandnr('(trajecten.eind + 1)') }}
    end as vertrek_maandnr,
    case
        when trajecten.eind < {{ zonder_einde() }} then date_diff('day', trajecten.begin, trajecten.eind) + 1
    end as duur_dagen
from trajecten
inner join {{ ref('int_jeugdigen') }} as jeugdigen using (jeugdige_nr)
left join buren using (gebied_code, segment, jeugdige_nr, nr)
left join gestart_met_crisis using (gebied_code, segment, jeugdige_nr, nr)
