-- Amounts of the regio are those of its gemeenten together, cell by cell; counts of lines too (counts of youths are not).
with cellen as (
    select
        'kosten_zorgmaand' as mart,
        concat_ws(' ', zorgmaand, segment, hulpvorm, verwijzer_groep) as cel,
        gebied_code,
        netto_eur as bedrag,
        n_regels
    from {{ ref('kosten_zorgmaand') }}
    union all
    select
        'kosten_zorgmaand voorbehoud',
        concat_ws(' ', zorgmaand, segment, hulpvorm, verwijzer_groep),
        gebied_code,
        voorbehoud_eur,
        n_voorbehoud
    from {{ ref('kosten_zorgmaand') }}
    union all
    select 'naijling voorbehoud', concat_ws(' ', zorgmaand, segment, vertraging_maanden), gebied_code, voorbehoud_eur, 0
    from {{ ref('naijling') }}
    union all
    select 'naijling', concat_ws(' ', zorgmaand, segment, vertraging_maanden), gebied_code, netto_eur, 0
    from {{ ref('naijling') }}
    union all
    select 'kosten', concat_ws(' ', periode_soort, periode, segment), gebied_code, teller, 0
    from {{ ref('int_ind_kosten') }}
    where indicator_id = 'kosten'
)

select
    mart,
    cel,
    coalesce(sum(bedrag) filter (gebied_code = 'REGIO'), 0) as regio,
    coalesce(sum(bedrag) filter (gebied_code <> 'REGIO'), 0) as gemeenten
from cellen
group by mart, cel
having
    regio <> gemeenten
    or coalesce(sum(n_regels) filter (gebied_code = 'REGIO'), 0) <> coalesce(sum(n_regels) filter (gebied_code <> 'REGIO'), 0)
