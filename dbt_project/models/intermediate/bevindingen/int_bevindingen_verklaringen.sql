-- Leveringen about which an explanation of what a rule holds back was given, and whether one has lapsed: the rows under that
-- rule (of that provider) are no longer as many, or of as much money, as it says. Then they are held back again.
with onder_regel as (
    select
        'declaraties' as bericht,
        gemeente,
        maand,
        regel_code,
        aanbieder_agb,
        count(*) as n_rijen,
        cast(sum(netto_cent) as bigint) as bedrag_cent
    from {{ ref('int_voorbehoud_bevindingen') }}
    where weegt
    group by grouping sets ((gemeente, maand, regel_code, aanbieder_agb), (gemeente, maand, regel_code))

    union all

    select 'toewijzingen', gemeente, maand, 'T33', aanbieder_agb, count(*), 0
    from {{ ref('int_voorbehoud_toewijzingen') }}
    where kan_niet
    group by grouping sets ((gemeente, maand, aanbieder_agb), (gemeente, maand))
)

select
    leveringen.levering_nr,
    cast(null as integer) as rij,
    -- L18: other rows than one speaks about
    bool_or(onder_regel.gemeente is null) as "L18"
from {{ ref('stg_ref_voorbehoud_verklaringen') }} as verklaringen
inner join {{ ref('stg_leveringen') }} as leveringen
    on
        verklaringen.gemeente = leveringen.gemeente
        and verklaringen.bericht = leveringen.bericht
        and verklaringen.maand = leveringen.leveringsmaand
        and leveringen.is_geldend
left join onder_regel
    on
        verklaringen.gemeente = onder_regel.gemeente
        and verklaringen.bericht = onder_regel.bericht
        and verklaringen.maand = onder_regel.maand
        and verklaringen.regel_code = onder_regel.regel_code
        and verklaringen.aanbieder_agb is not distinct from onder_regel.aanbieder_agb
        and verklaringen.n_rijen = onder_regel.n_rijen
        and verklaringen.bedrag_cent = onder_regel.bedrag_cent
group by leveringen.levering_nr
