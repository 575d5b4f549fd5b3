-- What happened to trajecten and in which month: how they began, how they ended, who referred. One row per traject and
-- `telling`. A traject leaves in the month of the day after its last day.
with trajecten as (
    select * from {{ ref('fct_trajecten') }}
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
            case when is_start_crisis then 'begonnen_met_crisis' end
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
),

-- A stay that begins when there was none in the 365 days before.
verblijven as (
    select
        *,
        lag(eind) over (partition by gebied_code, jeugdige_nr order by begin) as vorig_eind
    from {{ ref('int_verblijftrajecten') }}
),

uithuisplaatsingen as (
    select gebied_code, 'totaal', jeugdige_nr, {{ maandnr('begin') }}, begin, null, 'uithuisplaatsing'
    from verblijven
    where vorig_eind is null or date_diff('day', vorig_eind, begin) > 365
)

select * from begonnen
where telling is not null

union all

select * from beeindigd

union all

select * from uithuisplaatsingen
