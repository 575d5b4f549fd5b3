-- What happened in stays, and in which month. Placements out of home: a stay that begins when there was none in the 365
-- days before, and whether an ambulant alternative was tried in the 180 days before that. Moves: a day on which stay
-- begins at another provider or of another product than the stay that ended last, while none that began earlier goes on.
with verblijven as (
    select
        *,
        lag(eind) over (partition by gebied_code, jeugdige_nr order by begin) as vorig_eind
    from {{ ref('int_verblijftrajecten') }}
),

uithuisplaatsingen as (
    select gebied_code, jeugdige_nr, begin
    from verblijven
    where vorig_eind is null or date_diff('day', vorig_eind, begin) > 365
),

alternatieven as (
    select
        unnest([toewijzingen.gemeente, 'REGIO']) as gebied_code,
        jeugdigen.jeugdige_nr,
        toewijzingen.dekt_van,
        coalesce(toewijzingen.dekt_tot, {{ zonder_einde() }}) as dekt_tot
    from {{ ref('fct_toewijzingen') }} as toewijzingen
    inner join {{ ref('int_jeugdigen') }} as jeugdigen using (pseudoniem)
    where toewijzingen.dekt_iets and toewijzingen.is_ambulant_alternatief
),

met_alternatief as (
    select distinct gebied_code, jeugdige_nr, uithuisplaatsingen.begin
    from uithuisplaatsingen
    inner join alternatieven using (gebied_code, jeugdige_nr)
    where
        alternatieven.dekt_van < uithuisplaatsingen.begin
        and date_diff('day', alternatieven.dekt_tot, uithuisplaatsingen.begin)
        <= {{ instelling('alternatief_venster_dagen') }}
),

-- every first day of stay beside what began before it
begindagen as (
    select
        nieuw.gebied_code,
        nieuw.jeugdige_nr,
        nieuw.dekt_van as eerste_dag,
        max(eerder.dekt_tot) as vorig_eind
    from {{ ref('int_verblijfstukken') }} as nieuw
    inner join {{ ref('int_verblijfstukken') }} as eerder
        on nieuw.gebied_code = eerder.gebied_code
        and nieuw.jeugdige_nr = eerder.jeugdige_nr
        and nieuw.dekt_van > eerder.dekt_van
    group by all
    having
        vorig_eind <= nieuw.dekt_van
        and date_diff('day', vorig_eind, nieuw.dekt_van) - 1 <= {{ instelling('traject_gat_dagen') }}
),

voortgezet as (
    select distinct gebied_code, jeugdige_nr, begindagen.eerste_dag
    from begindagen
    inner join {{ ref('int_verblijfstukken') }} as nieuw using (gebied_code, jeugdige_nr)
    inner join {{ ref('int_verblijfstukken') }} as eerder using (gebied_code, jeugdige_nr)
    where
        begindagen.eerste_dag = nieuw.dekt_van
        and begindagen.eerste_dag > eerder.dekt_van
        and begindagen.vorig_eind = eerder.dekt_tot
        and nieuw.aanbieder_agb is not distinct from eerder.aanbieder_agb
        and nieuw.verblijfsproduct is not distinct from eerder.verblijfsproduct
),

gebeurtenissen as (
    select gebied_code, jeugdige_nr, begin, 'uithuisplaatsing' as telling
    from uithuisplaatsingen

    union all

    select gebied_code, jeugdige_nr, begin, 'uithuisplaatsing_met_alternatief'
    from met_alternatief

    union all

    select gebied_code, jeugdige_nr, eerste_dag, 'doorplaatsing'
    from begindagen
    anti join voortgezet using (gebied_code, jeugdige_nr, eerste_dag)
)

select gebied_code, jeugdige_nr, {{ maandnr('begin') }} as maandnr, begin, telling
from gebeurtenissen
