-- Trajecten that a target on counts follows, begun in a month, per gebied of the target: of the regio those over the
-- allocations of the panel's gemeenten together, as if they were the regio.
with doelen as (
    select doel_id, unnest(string_split(segment, '+')) as segment
    from {{ ref('stg_ref_streefwaarden') }}
    where indicator_id = 'crisis_instroom'
),

stukken as (
    select
        leden.doel_id,
        leden.jaar,
        leden.gebied_code,
        stukken.segment,
        stukken.jeugdige_nr,
        stukken.dekt_van,
        stukken.dekt_tot
    from doelen
    inner join {{ ref('int_doelleden') }} as leden using (doel_id)
    inner join {{ ref('int_zorgstukken') }} as stukken
        on leden.gemeente = stukken.gebied_code and doelen.segment = stukken.segment
    semi join {{ ref('int_doelmaanden') }} as maanden on leden.doel_id = maanden.doel_id and leden.jaar = maanden.jaar
),

trajecten as (
    {{ keten('stukken', ['doel_id', 'jaar', 'gebied_code', 'segment', 'jeugdige_nr'], instelling('traject_gat_dagen')) }}
)

select
    doel_id,
    jaar,
    gebied_code,
    segment,
    jeugdige_nr,
    begin,
    {{ eerste_van_maand('begin') }} as maand
from trajecten
