-- Targets against what came of them. Judged are the months that the gemeenten to compare delivered in both years
-- (int_doelmaanden); the figures of the regio are those of its panel. What the verdict is and why there is none:
-- int_doeloordeel. For targets on cost also what was saved, the base year indexed minus the cost of the year, as the
-- indicator besparing_gerealiseerd has it; empty where the target is not judged either.
with indexatie as (
    select
        doelen.doel_id,
        jaren.jaar,
        case
            when count(indexatie.jaar) = jaren.jaar - doelen.basisjaar
                then coalesce(product(cast(1 + indexatie.indexatie_aandeel as double)), 1)
        end as factor
    from {{ ref('stg_ref_streefwaarden') }} as doelen
    inner join (select distinct doel_id, jaar from {{ ref('int_doeloordeel') }}) as jaren using (doel_id)
    left join {{ ref('stg_ref_indexatie') }} as indexatie
        on doelen.basisjaar < indexatie.jaar and jaren.jaar >= indexatie.jaar
    where doelen.indicator_id = 'kosten'
    group by doelen.doel_id, doelen.basisjaar, jaren.jaar
),

waarden as (
    select
        oordeel.*,
        doelen.naam,
        doelen.indicator_id,
        doelen.segment,
        doelen.uitsluiting,
        doelen.basisjaar,
        doelen.jaarlijkse_verandering,
        indicatoren.eenheid,
        verwachting.n_overig,
        case when doelen.indicator_id = 'kosten' and (oordeel.reden is distinct from 'geen_basis') then verwachting.rest_cent end
            as rest,
        verwachting.lager_cent as rest_lager,
        verwachting.hoger_cent as rest_hoger,
        indexatie.factor as indexatie_factor,
        -- six decimals first: a DOUBLE just below half a cent must not decide about the cent
        cast(cast(cast(oordeel.basis as double) * indexatie.factor as decimal(28, 6)) as decimal(18, 0)) as basis_geindexeerd,
        -- every year its saving on top of that of the years before
        case
            when doelen.indicator_id = 'kosten' and oordeel.gebied_code = 'REGIO'
                then cast(
                    doelen.beoogde_besparing_eur_per_jaar
                    * cast((oordeel.jaar - doelen.basisjaar) * oordeel.n_maanden as integer)
                    / 12 as decimal(18, 2)
                )
        end as beoogde_besparing_eur
    from {{ ref('int_doeloordeel') }} as oordeel
    inner join {{ ref('stg_ref_streefwaarden') }} as doelen using (doel_id)
    left join {{ ref('stg_ref_indicatoren') }} as indicatoren using (indicator_id)
    left join {{ ref('int_doelverwachting') }} as verwachting using (doel_id, jaar, gebied_code)
    left join indexatie using (doel_id, jaar)
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    doel_id,
    cast(jaar as integer) as jaar,
    gebied_code,
    naam,
    indicator_id,
    segment,
    uitsluiting,
    eenheid,
    n_maanden,
    t_m_maand,
    basisjaar,
    cast(jaarlijkse_verandering as double) as jaarlijkse_verandering,
    {{ euro('basis') }} as basiswaarde,
    {{ euro('cast(cast(streef as decimal(28, 6)) as decimal(18, 0))') }} as streefwaarde,
    {{ euro('ontvangen') }} as realisatie,
    {{ euro('geschat') }} as realisatie_geschat,
    {{ euro('ondergrens') }} as ondergrens,
    {{ euro('bovengrens') }} as bovengrens,
    cast(geschat as double) / nullif(streef, 0) - 1 as afwijking,
    status,
    reden,
    {{ euro('voorbehoud') }} as voorbehoud_eur,
    {{ euro('quarantaine') }} as quarantaine_eur,
    {{ euro('cast(cast(streef_jaar as decimal(28, 6)) as decimal(18, 0))') }} as streefwaarde_jaar,
    {{ euro('cast(round(geschat + rest) as bigint)') }} as jaarverwachting,
    {{ euro('cast(round(case when n_overig = 0 then ondergrens else geschat + rest + rest_lager end) as bigint)') }}
        as jaarverwachting_ondergrens,
    {{ euro('cast(round(case when n_overig = 0 then bovengrens else geschat + rest + rest_hoger end) as bigint)') }}
        as jaarverwachting_bovengrens,
    indicator_id = 'kosten' and geschat is not null as is_geschat,
    dekking,
    dekking_basis,
    n_jeugdigen,
    n_jeugdigen_basis,
    panel_dekking,
    panel_n_gemeenten,
    indexatie_factor,
    case when indicator_id = 'kosten' and reden is null then {{ euro('basis_geindexeerd - geschat') }} end
        as besparing_gerealiseerd_eur,
    beoogde_besparing_eur
from waarden
