-- Every claim line that counts beside its contract price and the bands of its product: what cannot be right.
--   price    amount / volume is more than a factor off the contract price (D36; from the factor of D09 on that code);
--   volume   many times the usual volume of a line (D37);
--   amount   many times the usual amount, where there is no price to compare (D38): no contract price, no volume, or
--            a unit that is the amount itself (83).
-- Where price and volume are both off but the amount is a usual one, the volume was mistyped and the amount counts.
with eenheden as (
    select eenheid, any_value(naar_minuten) as naar_minuten
    from {{ ref('stg_ref_eenheden') }}
    group by eenheid
),

producten as (
    select
        producten.product_nr,
        producten.productcode,
        producten.eenheid = '83' as is_bedrag,
        case when eenheden.naar_minuten is not null then 'minuten' else producten.eenheid end as maat,
        coalesce(eenheden.naar_minuten, 1) as naar_maat
    from {{ ref('dim_producten') }} as producten
    left join eenheden using (eenheid)
),

grenzen as (
    select
        {{ drempel('D09') }} as factor_honderd,
        {{ drempel('D36') }} as prijs_factor,
        {{ drempel('D37', 1) }} as volume_factor,
        {{ drempel('D38', 1) }} as bedrag_factor
),

naast_band as (
    select
        kern.regel_nr,
        kern.levering_nr,
        kern.rij,
        kern.ingediend_bedrag_cent,
        producten.is_bedrag,
        kern.ingediend_bedrag_cent
        / nullif(cast(kern.geleverd_volume as double) * kern.contractprijs_cent, 0) as verhouding,
        cast(kern.geleverd_volume as double) * kern.contractprijs_cent as contractbedrag_cent,
        cast(kern.geleverd_volume as double) * producten.naar_maat as volume,
        banden.volume as band_volume,
        banden.bedrag_cent as band_bedrag_cent
    from {{ ref('int_declaratie_kern') }} as kern
    inner join producten using (product_nr)
    left join {{ ref('int_voorbehoud_banden') }} as banden
        on
            kern.gemeente = banden.gemeente
            and producten.productcode = banden.productcode
            and producten.maat = banden.maat
    where kern.telt_mee
),

gewogen as (
    select
        naast_band.*,
        grenzen.factor_honderd,
        coalesce(verhouding > grenzen.prijs_factor or verhouding < 1 / grenzen.prijs_factor, false) as prijs_af,
        coalesce(volume > grenzen.volume_factor * band_volume, false) and not is_bedrag as volume_hoog,
        coalesce(volume * grenzen.volume_factor < band_volume, false) and not is_bedrag as volume_laag,
        coalesce(
            ingediend_bedrag_cent between band_bedrag_cent / grenzen.bedrag_factor and band_bedrag_cent * grenzen.bedrag_factor, false
        ) as bedrag_gewoon,
        coalesce(contractbedrag_cent between band_bedrag_cent / grenzen.bedrag_factor and band_bedrag_cent * grenzen.bedrag_factor, false)
            as is_te_herstellen,
        verhouding is null and coalesce(ingediend_bedrag_cent > grenzen.bedrag_factor * band_bedrag_cent, false) as bedrag_hoog
    from naast_band
    cross join grenzen
)

select
    regel_nr,
    levering_nr,
    rij,
    verhouding,
    prijs_af and (volume_hoog or volume_laag) and bedrag_gewoon as alleen_volume,
    prijs_af or volume_hoog or bedrag_hoog as kan_niet,
    volume_hoog or alleen_volume as volume_af,
    case
        when alleen_volume or (volume_hoog and not prijs_af) then 'D37'
        when prijs_af and (verhouding >= factor_honderd or verhouding <= 1 / factor_honderd) then 'D09'
        when prijs_af then 'D36'
        when bedrag_hoog then 'D38'
    end as regel_code,
    case when is_te_herstellen then cast(round(contractbedrag_cent) as bigint) end as hersteld_cent,
    verhouding is not null as is_prijs_te_toetsen,
    band_volume is not null and volume is not null and not is_bedrag as is_volume_te_toetsen,
    band_bedrag_cent is not null and verhouding is null as is_bedrag_te_toetsen
from gewogen
