-- Cost by month of care: every line that counts, once per month of its productperiode. A line over more months is
-- spread by days; cents by largest remainder, ties to the earlier month, so that nothing is lost. It counts as a line
-- in its first month. A line whose amount is under reserve is here with amounts of nothing, and beside them its own
-- (voorbehoud_cent) and the readings of it: mended (hersteld_cent) and its own where that can be meant (eigen_cent).
-- Hardly any line is over more months: the lines are read again for those, and never kept.
with regels as not materialized (
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
        {{ eerste_van_maand('productperiode_begin') }} as eerste_zorgmaand,
        {{ eerste_van_maand('productperiode_eind') }} as laatste_zorgmaand,
        ingediend_bedrag_cent,
        coalesce(houdt_bedrag, false) as houdt_bedrag,
        coalesce(hersteld_cent, 0) as hersteld_regel_cent,
        coalesce(telt_eigen_bedrag, true) as telt_eigen_bedrag
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
        date_diff('day', productperiode_begin, greatest(productperiode_begin, zorgmaand)) as dagen_ervoor,
        date_diff('day', productperiode_begin, least(productperiode_eind, last_day(zorgmaand))) + 1 as dagen_tot_en_met,
        date_diff('day', productperiode_begin, productperiode_eind) + 1 as dagen_totaal
    from over_maanden
),

verdeeld as (
    select
        * exclude (bedrag_maal_dagen, dagen_totaal, dagen_ervoor, dagen_tot_en_met),
        hersteld_regel_cent * dagen_tot_en_met // dagen_totaal - hersteld_regel_cent * dagen_ervoor // dagen_totaal
            as hersteld_deel_cent,
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
    select
        *,
        eerste_zorgmaand as zorgmaand,
        ingediend_bedrag_cent as bedrag_cent,
        hersteld_regel_cent as hersteld_deel_cent
    from regels
    where laatste_zorgmaand = eerste_zorgmaand
    union all by name
    select
        * exclude (hele_centen, volgorde_rest, centen_over),
        hele_centen + cast(volgorde_rest <= centen_over as bigint) as bedrag_cent
    from verdeeld
),

met_teken as (
    select
        *,
        case when debet_credit = 'C' then -bedrag_cent else bedrag_cent end as netto,
        case when debet_credit = 'C' then -hersteld_deel_cent else hersteld_deel_cent end as hersteld
    from regel_maanden
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
    houdt_bedrag,
    cast(case when debet_credit = 'D' and not houdt_bedrag then bedrag_cent else 0 end as bigint) as gedeclareerd_cent,
    cast(case when debet_credit = 'C' and not houdt_bedrag then bedrag_cent else 0 end as bigint) as gecrediteerd_cent,
    cast(case when houdt_bedrag then 0 else netto end as bigint) as netto_cent,
    cast(case when houdt_bedrag then netto else 0 end as bigint) as voorbehoud_cent,
    cast(case when houdt_bedrag then hersteld else 0 end as bigint) as hersteld_cent,
    cast(case when houdt_bedrag and telt_eigen_bedrag then netto when houdt_bedrag then hersteld else 0 end as bigint)
        as eigen_cent
from met_teken
