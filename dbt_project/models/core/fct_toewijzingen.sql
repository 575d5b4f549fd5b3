-- The newest version of every allocation: what it is, and which days it covers.
with nieuwste as (
    select *
    from {{ ref('int_toewijzing_versies') }}
    semi join (
        select arg_max(rij_nr, epoch_us(toewijzingsdatum + versietijd)) as rij_nr
        from {{ ref('int_toewijzing_versies') }}
        group by gemeente, toewijzingnummer
    ) using (rij_nr)
),

verrijkt as (
    select
        nieuwste.* exclude (productcategorie),
        coalesce(nieuwste.productcategorie, producten.productcategorie) as productcategorie,
        coalesce(producten.segment, categorieen.segment_fallback, 'onbekend') as segment,
        coalesce(producten.is_fallback, true) as is_segment_fallback,
        coalesce(producten.hulpvorm, categorieen.cbs_hulpvorm, 'geen') as hulpvorm,
        coalesce(producten.met_verblijf, categorieen.met_verblijf = 'ja', false) as met_verblijf,
        coalesce(producten.behandeling, false) as behandeling,
        coalesce(producten.is_crisis, nieuwste.productcategorie = '46', false) as is_crisis,
        coalesce(producten.is_ambulant_alternatief, false) as is_ambulant_alternatief,
        coalesce(verwijzers.verwijzer_groep, 'onbekend') as verwijzer_groep,
        coalesce(verwijzers.verwijzer_nr, 0) as verwijzer_nr,
        coalesce(
            nieuwste.reden_wijziging = '13'
            or (nieuwste.reden_wijziging = '01' and nieuwste.einddatum = nieuwste.ingangsdatum),
            false
        ) as is_verwijderd,
        least(
            nieuwste.einddatum,
            case when nieuwste.reden_beeindiging is distinct from '20' then nieuwste.stopdatum_levering end
        ) as dekt_tot
    from nieuwste
    left join {{ ref('int_toewijzing_producten') }} as producten using (gemeente, productcode, ingangsdatum)
    left join {{ ref('stg_ref_categorieen') }} as categorieen
        on nieuwste.productcategorie = categorieen.productcategorie
    left join {{ ref('stg_ref_verwijzers') }} as verwijzers using (verwijzer_type)
)

select
    -- short to join on, within one build; in the order of the numbers of the gemeente as far as those may be read
    cast(
        row_number() over (
            order by try_cast(eigen_sleutel as bigint) nulls last, gemeente, eerste_leveringsmaand, rij
        ) as integer
    ) as toewijzing_nr,
    gemeente,
    toewijzingnummer,
    pseudoniem,
    leeftijdsmaand,
    aanbieder_agb,

    productcategorie,
    productcode,
    segment,
    is_segment_fallback,
    hulpvorm,
    met_verblijf,
    behandeling,
    is_crisis,
    is_ambulant_alternatief,
    verwijzer_type,
    verwijzer_groep,
    verwijzer_nr,
    leveringsvorm,

    volume,
    eenheid,
    frequentie,
    budget_cent,

    toewijzingsdatum,
    versietijd,
    ingangsdatum,
    einddatum,
    startdatum_levering,
    stopdatum_levering,
    reden_wijziging,
    reden_beeindiging,

    is_verwijderd,
    ingangsdatum as dekt_van,
    dekt_tot,
    coalesce(dekt_tot >= ingangsdatum, true) and not is_verwijderd as dekt_iets,

    levering_id,
    levering_nr,
    rij,
    eerste_leveringsmaand,
    laatste_leveringsmaand
from verrijkt
