-- Measures: what they cost, what is expected of them, and what the indicator they aim at did since. Every month since the
-- start stands beside the same calendar month of the year before the start, of the gemeenten that delivered both. The
-- trend is the growth from the year before that to the year before the start, of the gemeenten that delivered both years
-- whole; with it the comparison is to the year before the start carried on at that growth. Cost is completed by naijling.
-- A measure without indicator, or of another region, has no figures, and neither have years without a month known.
with maatregelen as (
    select
        *,
        {{ maandnr('startmaand') }} as startnr,
        unnest(range(year(startmaand), laatste_jaar + 1)) as jaar
    from {{ ref('stg_ref_maatregelen') }}
),

gevolgd as (
    select
        maatregel_id,
        jaar,
        gebied_code,
        indicator_id,
        string_split(segment, '+') as segmenten,
        uitsluiting is not null as zonder_alternatief,
        case indicator_id when 'kosten' then 'declaraties' else 'toewijzingen' end as bericht,
        startnr
    from maatregelen
    where indicator_id is not null and gebied_code is not null
),

geleverd as (
    select
        bericht,
        gebied_code as gemeente,
        {{ maandnr('maand') }} as nr,
        inwoners_totaal,
        inwoners_gedekt > 0 as is_gedekt
    from {{ ref('int_dekking_maand') }}
    where gebied_code <> 'REGIO'
),

laatste as (
    select rijping.bericht, {{ maandnr('rijping.laatste_leveringsmaand') }} as laatste_nr, eerste.eerste_nr
    from {{ ref('int_rijping') }} as rijping
    cross join (select min(maandnr) as eerste_nr from {{ ref('dim_maanden') }}) as eerste
),

-- months since the start that are known, each with its month in the year before the start; `jaren` later
paren as (
    select
        gevolgd.*,
        nu.gemeente,
        nu.nr,
        nu.nr - 12 * ((nu.nr - gevolgd.startnr) // 12 + 1) as basisnr,
        (nu.nr - gevolgd.startnr) // 12 + 1 as jaren,
        nu.inwoners_totaal,
        nu.is_gedekt and coalesce(basis.is_gedekt, false) as in_panel
    from gevolgd
    inner join laatste using (bericht)
    inner join geleverd as nu
        on
            gevolgd.bericht = nu.bericht
            and nu.nr // 12 = gevolgd.jaar
            and nu.nr between greatest(gevolgd.startnr, laatste.eerste_nr) and laatste.laatste_nr
            and gevolgd.gebied_code in (nu.gemeente, 'REGIO')
    left join geleverd as basis
        on
            nu.bericht = basis.bericht
            and nu.gemeente = basis.gemeente
            and basis.nr = nu.nr - 12 * ((nu.nr - gevolgd.startnr) // 12 + 1)
),

reeks as (
    select
        gevolgd.maatregel_id,
        gevolgd.jaar,
        waarden.gemeente,
        {{ maandnr('waarden.maand') }} as nr,
        cast(sum(waarden.geschat) as bigint) as geschat,
        cast(sum(waarden.voorbehoud) as bigint) as voorbehoud
    from gevolgd
    inner join {{ ref('int_doelreeks') }} as waarden
        on
            gevolgd.indicator_id = waarden.indicator_id
            and gevolgd.zonder_alternatief = waarden.zonder_alternatief
            and list_contains(gevolgd.segmenten, waarden.segment)
            and gevolgd.gebied_code in (waarden.gemeente, 'REGIO')
    group by all
),

-- gemeenten with both years before the start whole
voorheen as (
    select gevolgd.maatregel_id, gevolgd.jaar, gevolgd.startnr, geleverd.gemeente
    from gevolgd
    inner join geleverd
        on
            gevolgd.bericht = geleverd.bericht
            and geleverd.is_gedekt
            and geleverd.nr between gevolgd.startnr - 24 and gevolgd.startnr - 1
    group by all
    having count(*) = 24
),

trend as (
    select
        voorheen.maatregel_id,
        voorheen.jaar,
        case
            when sum(reeks.geschat) filter (where reeks.nr < voorheen.startnr - 12) > 0
                then round(
                    cast(coalesce(sum(reeks.geschat) filter (where reeks.nr >= voorheen.startnr - 12), 0) as double)
                    / cast(sum(reeks.geschat) filter (where reeks.nr < voorheen.startnr - 12) as double),
                    12
                )
        end as groeifactor
    from voorheen
    inner join reeks using (maatregel_id, jaar, gemeente)
    where reeks.nr between voorheen.startnr - 24 and voorheen.startnr - 1
    group by voorheen.maatregel_id, voorheen.jaar
),

per_jaren as (
    select
        paren.maatregel_id,
        paren.jaar,
        paren.jaren,
        sum(nu.geschat) as nu,
        sum(nu.voorbehoud) as voorbehoud,
        sum(basis.geschat) as basis
    from paren
    left join reeks as nu
        on
            paren.maatregel_id = nu.maatregel_id
            and paren.jaar = nu.jaar
            and paren.gemeente = nu.gemeente
            and paren.nr = nu.nr
    left join reeks as basis
        on
            paren.maatregel_id = basis.maatregel_id
            and paren.jaar = basis.jaar
            and paren.gemeente = basis.gemeente
            and paren.basisnr = basis.nr
    where paren.in_panel
    group by paren.maatregel_id, paren.jaar, paren.jaren
),

vergeleken as (
    select
        per_jaren.maatregel_id,
        per_jaren.jaar,
        any_value(trend.groeifactor) as groeifactor,
        coalesce(sum(per_jaren.nu), 0) as nu,
        coalesce(sum(per_jaren.voorbehoud), 0) as voorbehoud,
        coalesce(sum(per_jaren.basis), 0) as basis,
        case
            when any_value(trend.groeifactor) is not null
                then cast(
                    round(sum(coalesce(per_jaren.basis, 0) * power(trend.groeifactor, per_jaren.jaren))) as bigint
                )
        end as met_trend
    from per_jaren
    left join trend using (maatregel_id, jaar)
    group by per_jaren.maatregel_id, per_jaren.jaar
),

omvang as (
    select
        maatregel_id,
        jaar,
        count(distinct nr) as n_maanden,
        max(nr) as laatste_nr,
        coalesce(sum(inwoners_totaal) filter (where in_panel), 0) / sum(inwoners_totaal) as dekking
    from paren
    group by maatregel_id, jaar
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    maatregelen.maatregel_id,
    cast(maatregelen.jaar as integer) as jaar,
    maatregelen.naam,
    maatregelen.gemeente_of_regio,
    maatregelen.gebied_code,
    maatregelen.startmaand,
    maatregelen.investering_eur,
    maatregelen.verwachte_besparing_eur,
    case
        when coalesce(maatregelen.verwachte_besparing_eur, maatregelen.investering_eur) is not null
            then cast(
                coalesce(maatregelen.verwachte_besparing_eur, 0) - coalesce(maatregelen.investering_eur, 0) as decimal(18, 2)
            )
    end as netto_eur,
    maatregelen.indicator_id,
    maatregelen.segment,
    indicatoren.eenheid,
    cast(coalesce(omvang.n_maanden, 0) as integer) as n_maanden,
    {{ euro('vergeleken.basis') }} as waarde_voor_start,
    {{ euro('vergeleken.met_trend') }} as waarde_bij_trend,
    {{ euro('vergeleken.nu') }} as waarde,
    {{ euro('vergeleken.voorbehoud') }} as voorbehoud_eur,
    {{ euro('vergeleken.nu - vergeleken.basis') }} as verandering,
    {{ euro('vergeleken.nu - vergeleken.met_trend') }} as verandering_na_trend,
    case when vergeleken.maatregel_id is not null then vergeleken.groeifactor - 1 end as trend_per_jaar,
    coalesce(omvang.dekking, 0) as dekking,
    case
        when omvang.maatregel_id is null then null
        when laatste.laatste_nr - omvang.laatste_nr >= {{ instelling('rijping_maanden') }} and omvang.laatste_nr % 12 = 11
            then 'definitief'
        else 'voorlopig'
    end as rijping,
    maatregelen.opmerking,
    maatregelen.bron
from maatregelen
left join vergeleken using (maatregel_id, jaar)
left join omvang using (maatregel_id, jaar)
left join laatste
    on laatste.bericht = case maatregelen.indicator_id when 'kosten' then 'declaraties' else 'toewijzingen' end
left join {{ ref('stg_ref_indicatoren') }} as indicatoren on maatregelen.indicator_id = indicatoren.indicator_id
