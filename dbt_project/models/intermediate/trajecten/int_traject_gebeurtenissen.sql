-- What happened to trajecten and in which month: how they began, how they ended, who referred. One row per traject and
-- `telling`. A traject leaves in the month of the day after its last day.
-- Herhaald: the youth had an earlier traject there (so with an interruption) that ended in the five years before.
with trajecten as (
    select
        *,
        lag(eind) over (partition by gebied_code, segment, jeugdige_nr order by begin)
        >= begin - to_years(cast({{ instelling('herhaald_beroep_jaren') }} as integer)) as is_herhaald
    from {{ ref('fct_trajecten') }}
),

begonnen as (
    select
        gebied_code,
        segment,
        jeugdige_nr,
        begin_maandnr as maandnr,
        begin,
        null as duur_dagen,
        unnest([
            'begonnen',
            soort_instroom,
            'verwijzer:' || verwijzer_groep,
            case when is_start_crisis then 'begonnen_met_crisis' end,
            case when is_herhaald then 'begonnen_herhaald' end
        ]) as telling
    from trajecten
),

beeindigd as (
    select
        gebied_code,
        segment,
        jeugdige_nr,
        vertrek_maandnr,
        begin,
        duur_dagen,
        unnest(['beeindigd', soort_uitstroom])
    from trajecten
    where eind is not null
)

select * from begonnen
where telling is not null

union all

select * from beeindigd

union all

select gebied_code, 'totaal', jeugdige_nr, maandnr, begin, null, telling
from {{ ref('int_verblijf_gebeurtenissen') }}
