-- Targets against what came of them, cost completed by what is still to come (naijling). What is not estimated is what
-- was received, with the same bounds, and is_geschat says so.
-- Beside it the same like for like (panel), and for targets on cost what was saved: the base year indexed, minus the cost of
-- the year, as the indicator besparing_gerealiseerd has it; empty where the target is not judged either.
with indexatie as (
    select
        doelen.doel_id,
        jaren.jaar,
        case
            when count(indexatie.jaar) = jaren.jaar - doelen.basisjaar
                then coalesce(product(cast(1 + indexatie.indexatie_aandeel as double)), 1)
        end as factor
    from {{ ref('stg_ref_streefwaarden') }} as doelen
    inner join (select distinct doel_id, jaar from {{ ref('int_doelwaarden') }}) as jaren using (doel_id)
    left join {{ ref('stg_ref_indexatie') }} as indexatie
        on indexatie.jaar > doelen.basisjaar and indexatie.jaar <= jaren.jaar
    where doelen.indicator_id = 'kosten'
    group by doelen.doel_id, doelen.basisjaar, jaren.jaar
),

waarden as (
    select
        doelwaarden.*,
        doelen.naam,
        doelen.indicator_id,
        doelen.segment,
        doelen.basisjaar,
        indicatoren.eenheid,
        indicatoren.richting,
        -- six decimals first: a DOUBLE just below half a cent must not decide about the cent
        cast(
            cast(
                cast(doelwaarden.basiswaarde as double)
                * power(1 + doelen.jaarlijkse_verandering, doelwaarden.jaar - doelen.basisjaar) as decimal(28, 6)
            ) as decimal(18, 2)
        ) as streefwaarde,
        geschat.doel_id is not null as is_geschat,
        coalesce(geschat.realisatie_geschat, doelwaarden.realisatie) as realisatie_geschat,
        coalesce(geschat.ondergrens, doelwaarden.realisatie) as ondergrens,
        coalesce(geschat.bovengrens, doelwaarden.realisatie) as bovengrens,
        indexatie.factor as indexatie_factor,
        cast(
            cast(cast(doelwaarden.basiswaarde as double) * indexatie.factor as decimal(28, 6)) as decimal(18, 2)
        ) as basis_geindexeerd,
        -- every year its saving on top of that of the years before
        case
            when doelen.indicator_id = 'kosten' and doelwaarden.gebied_code = 'REGIO'
                then cast(
                    doelen.beoogde_besparing_eur_per_jaar
                    * cast((doelwaarden.jaar - doelen.basisjaar) * doelwaarden.n_maanden as integer)
                    / 12 as decimal(18, 2)
                )
        end as beoogde_besparing_eur,
        panel.panel_basiswaarde,
        panel.panel_realisatie_geschat,
        coalesce(panel.panel_dekking, 0) as panel_dekking,
        coalesce(panel.panel_n_gemeenten, 0) as panel_n_gemeenten
    from {{ ref('int_doelwaarden') }} as doelwaarden
    inner join {{ ref('stg_ref_streefwaarden') }} as doelen using (doel_id)
    left join {{ ref('stg_ref_indicatoren') }} as indicatoren using (indicator_id)
    left join {{ ref('int_doelwaarden_geschat') }} as geschat using (doel_id, jaar, gebied_code)
    left join {{ ref('int_doelwaarden_panel') }} as panel using (doel_id, jaar, gebied_code)
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
    eenheid,
    cast(n_maanden as integer) as n_maanden,
    basisjaar,
    basiswaarde,
    streefwaarde,
    realisatie,
    realisatie_geschat,
    ondergrens,
    bovengrens,
    cast(realisatie_geschat as double) / nullif(cast(streefwaarde as double), 0) - 1 as afwijking,
    case
        when
            n_maanden = 0
            or realisatie_geschat is null
            or least(dekking, dekking_basis) < {{ instelling('dekking_minimum') }}
            then 'onvoldoende_data'
        when richting = 'omhoog' and realisatie_geschat >= streefwaarde then 'op_koers'
        when richting is distinct from 'omhoog' and realisatie_geschat <= streefwaarde then 'op_koers'
        when streefwaarde between ondergrens and bovengrens then 'aandacht'
        else 'niet_op_koers'
    end as status,
    is_geschat,
    dekking,
    dekking_basis,
    n_jeugdigen,
    n_jeugdigen_basis,
    panel_basiswaarde,
    panel_realisatie_geschat,
    cast(panel_realisatie_geschat as double) / nullif(cast(panel_basiswaarde as double), 0) - 1 as panel_verandering,
    panel_dekking,
    panel_n_gemeenten,
    indexatie_factor,
    case
        when n_maanden > 0 and least(dekking, dekking_basis) >= {{ instelling('dekking_minimum') }}
            then cast(basis_geindexeerd - realisatie_geschat as decimal(18, 2))
    end as besparing_gerealiseerd_eur,
    beoogde_besparing_eur
from waarden
