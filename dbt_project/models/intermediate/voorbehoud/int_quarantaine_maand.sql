-- What refused claim lines would cost, per gemeente, month of care and segment (totaal added): doubt beside the figure, in no
-- figure. The amount of a line is its own where it can be read and is a usual one for its product (int_voorbehoud_banden),
-- else that of the mean accepted line of its levering, in its segment where that is known. A line of which product or period
-- cannot be read is spread over those of the accepted lines of its levering, by their amounts.
with producten as (
    select
        rijen.*,
        case when rijen.productcode is not null then producten.segment end as segment,
        coalesce(producten.is_ambulant_alternatief, false) as is_ambulant_alternatief,
        {{ eerste_van_maand('rijen.productperiode_begin') }} as zorgmaand,
        row_number() over (order by rijen.levering_nr, rijen.rij) as q_nr
    from {{ ref('stg_quarantaine') }} as rijen
    left join {{ ref('int_declaratie_producten') }} as producten
        on
            rijen.gemeente = producten.gemeente
            and rijen.productcategorie is not distinct from producten.productcategorie
            and rijen.productcode is not distinct from producten.productcode
            and rijen.eenheid is not distinct from producten.eenheid
            and rijen.productdag = producten.productperiode_begin
),

banden as (
    select distinct gemeente, productcode, bedrag_cent
    from {{ ref('int_voorbehoud_banden') }}
),

-- the accepted lines of the leveringen that have refused ones, each once
regels as (
    select distinct
        declaraties.levering_nr,
        declaraties.rij_hash,
        declaraties.gemeente,
        declaraties.productcategorie,
        declaraties.productcode,
        declaraties.eenheid,
        declaraties.productperiode_begin,
        declaraties.ingediend_bedrag_cent
    from {{ ref('stg_declaraties') }} as declaraties
    semi join producten as gevraagd on declaraties.levering_nr = gevraagd.levering_nr
),

profiel as (
    select
        declaraties.levering_nr,
        producten.segment,
        producten.is_ambulant_alternatief,
        {{ eerste_van_maand('declaraties.productperiode_begin') }} as zorgmaand,
        count(*) as n,
        cast(sum(declaraties.ingediend_bedrag_cent) as double) as cent
    from regels as declaraties
    inner join {{ ref('int_declaratie_producten') }} as producten
        on
            declaraties.gemeente = producten.gemeente
            and declaraties.productcategorie is not distinct from producten.productcategorie
            and declaraties.productcode is not distinct from producten.productcode
            and declaraties.eenheid is not distinct from producten.eenheid
            and declaraties.productperiode_begin = producten.productperiode_begin
    group by all
),

gemiddeld as (
    select levering_nr, segment, sum(cent) / sum(n) as cent_per_regel
    from profiel
    group by grouping sets ((levering_nr, segment), (levering_nr))
),

bedragen as (
    select
        producten.q_nr,
        producten.levering_nr,
        producten.gemeente,
        producten.leveringsmaand,
        producten.segment,
        producten.is_ambulant_alternatief,
        producten.zorgmaand,
        case when producten.debet_credit = 'C' then -1 else 1 end
        * coalesce(
            case
                when producten.ingediend_bedrag_cent
                    between banden.bedrag_cent / {{ drempel('D38', 1) }} and banden.bedrag_cent * {{ drempel('D38', 1) }}
                    then producten.ingediend_bedrag_cent
            end,
            van_segment.cent_per_regel,
            van_levering.cent_per_regel,
            0
        ) as cent
    from producten
    left join banden using (gemeente, productcode)
    left join gemiddeld as van_segment
        on producten.levering_nr = van_segment.levering_nr and producten.segment = van_segment.segment
    left join gemiddeld as van_levering
        on producten.levering_nr = van_levering.levering_nr and van_levering.segment is null
),

-- where a line could belong, weighed; of one that says both that is one place
plaatsen as (
    select
        bedragen.q_nr,
        profiel.segment,
        profiel.zorgmaand,
        sum(profiel.cent) as gewicht,
        sum(profiel.cent) filter (where not profiel.is_ambulant_alternatief) as gewicht_zonder
    from bedragen
    inner join profiel
        on
            bedragen.levering_nr = profiel.levering_nr
            and coalesce(bedragen.segment, profiel.segment) = profiel.segment
            and coalesce(bedragen.zorgmaand, profiel.zorgmaand) = profiel.zorgmaand
    where bedragen.segment is null or bedragen.zorgmaand is null
    group by bedragen.q_nr, profiel.segment, profiel.zorgmaand
),

verdeeld as (
    select
        bedragen.gemeente,
        coalesce(plaatsen.segment, bedragen.segment, 'onbekend') as segment,
        coalesce(plaatsen.zorgmaand, bedragen.zorgmaand, bedragen.leveringsmaand) as zorgmaand,
        bedragen.cent * coalesce(
            plaatsen.gewicht / nullif(sum(plaatsen.gewicht) over (partition by bedragen.q_nr), 0),
            1 / count(*) over (partition by bedragen.q_nr)
        ) as cent,
        case
            when plaatsen.q_nr is null then cast(not bedragen.is_ambulant_alternatief as double)
            else coalesce(plaatsen.gewicht_zonder, 0) / nullif(plaatsen.gewicht, 0)
        end as deel_zonder_alternatief
    from bedragen
    left join plaatsen using (q_nr)
)

select
    gemeente,
    zorgmaand,
    coalesce(segment, 'totaal') as segment,
    cast(round({{ vaste_som('round(cent, 6)') }}) as bigint) as quarantaine_cent,
    cast(round({{ vaste_som('round(cent * coalesce(deel_zonder_alternatief, 1), 6)') }}) as bigint) as zonder_alternatief_cent
from verdeeld
group by grouping sets ((gemeente, zorgmaand, segment), (gemeente, zorgmaand))
