-- Cost by month of care: every line that counts, once per month of its productperiode. A line over more months is
-- spread by days; cents by largest remainder, ties to the earlier month, so that nothing is lost. It counts as a line
-- in its first month.
with regels as (
    select
        regel_nr,
        gemeente,
        jeugdige_nr,
        aanbieder_agb,
        eerste_leveringsmaand,
        segment,
        product_nr,
        verwijzer_nr,
        is_zin,
        is_ambulant_alternatief,
        debet_credit,
        productperiode_begin,
        productperiode_eind,
        cast(date_trunc('month', productperiode_begin) as date) as eerste_zorgmaand,
        cast(date_trunc('month', productperiode_eind) as date) as laatste_zorgmaand,
        ingediend_bedrag_cent
    from {{ ref('fct_declaratieregels') }}
    where telt_mee
),

over_maanden as (
    select
        *,
        cast(unnest(generate_series(eerste_zorgmaand, laatste_zorgmaand, interval 1 month)) as date) as zorgmaand
    from regels
    where laatste_zorgmaand > eerste_zorgmaand
),

naar_dagen as (
    select
        *,
        ingediend_bedrag_cent
        * (date_diff('day', greatest(productperiode_begin, zorgmaand), least(productperiode_eind, last_day(zorgmaand))) + 1)
            as bedrag_maal_dagen,
        date_diff('day', productperiode_begin, productperiode_eind) + 1 as dagen_totaal
    from over_maanden
),

verdeeld as (
    select
        * exclude (bedrag_maal_dagen, dagen_totaal),
        bedrag_maal_dagen // dagen_totaal as hele_centen,
        row_number() over (
            partition by regel_nr
            order by bedrag_maal_dagen % dagen_totaal desc, zorgmaand
        ) as volgorde_rest,
        ingediend_bedrag_cent - sum(bedrag_maal_dagen // dagen_totaal) over (
            partition by regel_nr
        ) as centen_over
    from naar_dagen
),

regel_maanden as (
    select *, eerste_zorgmaand as zorgmaand, ingediend_bedrag_cent as bedrag_cent
    from regels
    where laatste_zorgmaand = eerste_zorgmaand
    union all by name
    select
        * exclude (hele_centen, volgorde_rest, centen_over),
        hele_centen + cast(volgorde_rest <= centen_over as bigint) as bedrag_cent
    from verdeeld
)

select
    regel_nr,
    gemeente,
    zorgmaand,
    jeugdige_nr,
    aanbieder_agb,
    eerste_leveringsmaand,
    segment,
    product_nr,
    verwijzer_nr,
    is_zin,
    is_ambulant_alternatief,
    zorgmaand = eerste_zorgmaand as is_eerste_maand,
    cast(case when debet_credit = 'D' then bedrag_cent else 0 end as bigint) as gedeclareerd_cent,
    cast(case when debet_credit = 'C' then bedrag_cent else 0 end as bigint) as gecrediteerd_cent,
    cast(case when debet_credit = 'C' then -bedrag_cent else bedrag_cent end as bigint) as netto_cent
from regel_maanden
