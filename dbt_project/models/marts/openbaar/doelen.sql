-- Targets of the regio for the public: figures of whole definitive years only, from what openbaar.kerncijfers shows, and the
-- status that follows from them; of the running year the status only. A target that leaves something out of `kosten` has
-- figures where what it leaves out may be shown itself (rule 4), or is nothing; else only its status.
with doelen as (
    select
        doel_id,
        indicator_id,
        uitsluiting is not null as laat_weg,
        jaarlijkse_verandering,
        basisjaar,
        unnest(string_split(segment, '+')) as segment
    from {{ ref('stg_ref_streefwaarden') }}
),

alternatief as (
    select periode, segment, {{ euro('deel_cent') }} as deel_eur, mag_openbaar
    from {{ ref('fct_openbare_kostendelen') }}
    where deel = 'alternatief'
),

bedragen as (
    select periode, segment, {{ euro('netto_cent') }} as netto_eur
    from {{ ref('fct_openbare_kosten') }}
    where gebied_code = 'REGIO' and periode_soort = 'jaar'
),

-- per target and year, over its segments: NULL when one of them is not shown
waarden as (
    select
        doelen.doel_id,
        cast(year(cijfers.periode) as integer) as jaar,
        bool_and(cijfers.teken = '') as is_getoond,
        bool_or(cijfers.teken = '<10') as is_klein,
        case
            when count(*) = count(*) filter (
                where cijfers.teken = '' and (not doelen.laat_weg or coalesce(alternatief.mag_openbaar, true))
            )
                then sum(
                    case
                        when doelen.laat_weg and alternatief.deel_eur is not null
                            then {{ openbaar_bedrag('bedragen.netto_eur - alternatief.deel_eur') }}
                        else cijfers.waarde
                    end
                )
        end as waarde
    from doelen
    inner join {{ ref('kerncijfers') }} as cijfers
        on doelen.indicator_id = cijfers.indicator_id
        and doelen.segment = cijfers.segment
        and cijfers.periode_soort = 'jaar'
        and cijfers.gebied_code = 'REGIO'
    left join bedragen on cijfers.periode = bedragen.periode and cijfers.segment = bedragen.segment
    left join alternatief on cijfers.periode = alternatief.periode and cijfers.segment = alternatief.segment
    group by doelen.doel_id, cijfers.periode
),

naast_elkaar as (
    select
        realisaties.doel_id,
        realisaties.jaar,
        realisaties.naam,
        realisaties.status as status_intern,
        realisaties.t_m_maand,
        indicatoren.richting,
        indicatoren.eenheid,
        nu.is_klein,
        basis.waarde as basiswaarde,
        nu.waarde as realisatie,
        basis.waarde * power(1 + stg_ref_streefwaarden.jaarlijkse_verandering, realisaties.jaar - stg_ref_streefwaarden.basisjaar)
            as pad
    from {{ ref('doelrealisatie') }} as realisaties
    inner join {{ ref('stg_ref_streefwaarden') }} as stg_ref_streefwaarden using (doel_id)
    inner join {{ ref('stg_ref_indicatoren') }} as indicatoren on realisaties.indicator_id = indicatoren.indicator_id
    left join waarden as nu on realisaties.doel_id = nu.doel_id and realisaties.jaar = nu.jaar
    left join waarden as basis
        on realisaties.doel_id = basis.doel_id and stg_ref_streefwaarden.basisjaar = basis.jaar
    where realisaties.gebied_code = 'REGIO'
),

getoond as (
    select
        *,
        basiswaarde is not null and realisatie is not null as is_getoond,
        case eenheid
            when 'euro' then {{ openbaar_bedrag('pad') }}
            -- as a count: to five
            else cast(floor(pad / 5 + 0.5) as bigint) * 5
        end as streefwaarde
    from naast_elkaar
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    doel_id,
    jaar,
    naam,
    cast(case when is_getoond then basiswaarde end as decimal(18, 2)) as basiswaarde,
    cast(case when is_getoond then streefwaarde end as decimal(18, 2)) as streefwaarde,
    cast(case when is_getoond then realisatie end as decimal(18, 2)) as realisatie,
    case
        when status_intern = 'onvoldoende_data' or coalesce(is_klein, false) then 'onvoldoende_data'
        when not is_getoond then status_intern
        when case richting when 'omhoog' then realisatie >= streefwaarde else realisatie <= streefwaarde end then 'op_koers'
        else 'niet_op_koers'
    end as status,
    t_m_maand
from getoond
