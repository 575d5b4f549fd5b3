-- How the cost of a month of care grew, per gemeente: what was known after every leveringsmaand in which it delivered.
-- Months of care from its first levering on: of an earlier one the beginning was never seen.
with cellen as (
    select
        zorgmaanden.gemeente,
        zorgmaanden.maand as zorgmaand,
        zorgmaanden.laatste_leveringsmaand,
        cast(date_diff('month', zorgmaanden.maand, geleverd.maand) as integer) as vertraging_maanden
    from (
        select gebieden.gebied_code as gemeente, maanden.maand, eerste.eerste_maand, eerste.laatste_leveringsmaand
        from {{ ref('dim_maanden') }} as maanden
        cross join {{ ref('dim_gebieden') }} as gebieden
        inner join (
            select distinct gemeente, eerste_maand, laatste_leveringsmaand
            from {{ ref('int_naijling_leveringen') }}
        ) as eerste
            on gebieden.gebied_code = eerste.gemeente and maanden.maand >= eerste.eerste_maand
    ) as zorgmaanden
    inner join {{ ref('int_naijling_leveringen') }} as geleverd
        on zorgmaanden.gemeente = geleverd.gemeente and zorgmaanden.maand <= geleverd.maand
),

-- what was claimed in advance is known by the first levering since, also when that of the month itself never came
bedragen as (
    select
        kosten.zorgmaand,
        eerste.gemeente,
        kosten.segment,
        greatest(kosten.vertraging_maanden, eerste.vertraging_maanden) as vertraging_maanden,
        -- what is under reserve is known, at its mended amount
        sum(kosten.netto_cent + coalesce(kosten.hersteld_cent, 0)) as netto_cent
    from {{ ref('int_kosten_maand') }} as kosten
    inner join (
        select gemeente, zorgmaand, min(vertraging_maanden) as vertraging_maanden
        from cellen
        group by gemeente, zorgmaand
    ) as eerste
        on kosten.gebied_code = eerste.gemeente and kosten.zorgmaand = eerste.zorgmaand
    group by all
),

gevuld as (
    select cellen.*, segmenten.segment, coalesce(bedragen.netto_cent, 0) as netto_cent
    from cellen
    cross join {{ ref('dim_segmenten') }} as segmenten
    left join bedragen using (gemeente, zorgmaand, segment, vertraging_maanden)
)

select
    gemeente,
    segment,
    zorgmaand,
    vertraging_maanden,
    laatste_leveringsmaand,
    cast(sum(netto_cent) over (
        partition by gemeente, segment, zorgmaand order by vertraging_maanden
    ) as bigint) as cumulatief_cent
from gevuld
