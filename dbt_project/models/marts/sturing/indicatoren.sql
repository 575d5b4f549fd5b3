-- Every indicator in one long table, with what it is made of and how sure it is.
with cijfers as (
    {% for groep in [
        'tellingen', 'stapeling', 'duur', 'verwijzers', 'verblijf', 'toegang', 'verzilvering',
        'kosten', 'kosten_per', 'tarief', 'kwaliteit', 'sturing', 'capaciteit', 'verzoeken',
        'dossierfeiten',
    ] %}
    select
        indicator_id,
        periode_soort,
        periode,
        gebied_code,
        segment,
        teller,
        noemer,
        waarde,
        n_jeugdigen,
        {{ 'meetbaar_aandeel' if groep in ['toegang', 'kwaliteit'] else 'cast(null as double)' }} as meetbaar_aandeel,
        dekking_bericht
    from {{ ref('int_ind_' ~ groep) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    cijfers.indicator_id,
    catalogus.indicator_versie,
    cijfers.periode_soort,
    cijfers.periode,
    gebieden.gebied_soort,
    cijfers.gebied_code,
    cijfers.segment,
    split_part(cijfers.segment, ':', 1) as segment_basis,
    nullif(split_part(cijfers.segment, ':', 2), '') as uitsplitsing,
    cast(cijfers.teller as decimal(18, 2)) as teller,
    cast(cijfers.noemer as decimal(18, 2)) as noemer,
    -- of less than half is said what it is made of, and no figure
    case when dekking.dekking >= {{ instelling('waarde_min_dekking') }} then cast(cijfers.waarde as double) end as waarde,
    catalogus.eenheid,
    cast(cijfers.n_jeugdigen as bigint) as n_jeugdigen,
    cast(cijfers.meetbaar_aandeel as double) as meetbaar_aandeel,
    false as is_onderdrukt,
    coalesce(dekking.dekking, 0) as dekking,
    coalesce(dekking.rijping, 'voorlopig') as rijping,
    cijfers.dekking_bericht,
    '{{ var("publicatie_id") }}' as publicatie_id
from cijfers
inner join {{ ref('stg_ref_indicatoren') }} as catalogus using (indicator_id)
inner join {{ ref('dim_gebieden') }} as gebieden using (gebied_code)
left join {{ ref('int_dekking') }} as dekking
    using (periode_soort, periode, gebied_code, dekking_bericht)
