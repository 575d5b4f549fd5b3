-- Allocations of which delivered and allocated volume can be set side by side: in kind, valid, with volume, unit and a
-- frequency that says what it means, and a tariff in the product table in that same unit to weigh it with (unit 83: a
-- cent is a cent). A volume for the whole validity needs an end. A volume under reserve is left out, and so is what was
-- delivered on it.
select
    toewijzingen.toewijzing_nr,
    toewijzingen.gemeente,
    toewijzingen.toewijzingnummer,
    toewijzingen.segment,
    toewijzingen.eenheid,
    toewijzingen.frequentie,
    cast(toewijzingen.volume * 100 as bigint) as volume_honderdsten,
    case toewijzingen.eenheid when '83' then 1 else producten.tarief_cent end as tarief_cent,
    eenheden.naar_minuten,
    toewijzingen.dekt_van,
    coalesce(toewijzingen.dekt_tot, {{ zonder_einde() }}) as dekt_tot,
    date_diff('day', toewijzingen.ingangsdatum, toewijzingen.einddatum) + 1 as dagen_geldig
from {{ ref('fct_toewijzingen') }} as toewijzingen
inner join {{ ref('int_toewijzing_producten') }} as producten using (gemeente, productcode, ingangsdatum)
left join {{ ref('stg_ref_eenheden') }} as eenheden on toewijzingen.eenheid = eenheden.eenheid and eenheden.is_actief
left join {{ ref('int_voorbehoud_toewijzingen') }} as voorbehoud
    on toewijzingen.toewijzing_nr = voorbehoud.toewijzing_nr and voorbehoud.kan_niet and not voorbehoud.is_verklaard
where
    voorbehoud.toewijzing_nr is null
    and toewijzingen.dekt_iets
    and coalesce(toewijzingen.leveringsvorm, 'ZIN') = 'ZIN'
    and toewijzingen.volume > 0
    and toewijzingen.frequentie in ('1', '2', '4', '6')
    and (toewijzingen.frequentie <> '6' or toewijzingen.einddatum is not null)
    and (toewijzingen.eenheid = '83' or (toewijzingen.eenheid = producten.eenheid and producten.tarief_cent > 0))
