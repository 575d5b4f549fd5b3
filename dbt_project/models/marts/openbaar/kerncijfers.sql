-- The core figures of the public edition. Of every declared figure first the exact numbers (cellen), then the verdict in
-- the order of the rules (teken), then what is shown, computed from what is shown (docs/bescherming.md).
with indicatoren as (
    select
        indicator_id,
        eenheid,
        split_part(openbaar_vorm, ':', 1) as vorm,
        nullif(split_part(openbaar_vorm, ':', 2), '') as telling,
        case
            when list_contains(string_split(periodes, '|'), 'jaar') then 'jaar'
            when list_contains(string_split(periodes, '|'), '12m') then '12m'
            else 'maand'
        end as bron_soort,
        unnest(string_split(openbaar, '|')) as grein
    from {{ ref('indicatordefinities') }}
    where openbaar is not null
),

greinen as (
    select
        * exclude (grein),
        split_part(grein, ':', 1) as periode_soort,
        split_part(grein, ':', 2) as gebied_soort,
        split_part(grein, ':', 3) = 'totaal' as is_totaal
    from indicatoren
),

-- From the internal figures: of the year, or of the twelve months or the month that end it; of a quarter, what exists per
-- month only is taken from its last month.
uit_indicatoren as (
    select
        greinen.indicator_id,
        perioden.periode_soort,
        perioden.periode,
        cijfers.gebied_code,
        {{ openbaar_segment('cijfers.segment_basis') }} || coalesce(':' || cijfers.uitsplitsing, '') as segment,
        sum(cijfers.teller) as teller,
        sum(cijfers.noemer) as noemer,
        case when count(*) = 1 then any_value(cijfers.waarde) end as waarde,
        sum(cijfers.n_jeugdigen) as n_jeugdigen,
        any_value(cijfers.dekking_bericht) as dekking_bericht
    from greinen
    inner join {{ ref('int_openbare_perioden') }} as perioden using (periode_soort)
    inner join {{ ref('indicatoren') }} as cijfers
        on greinen.indicator_id = cijfers.indicator_id
        and greinen.gebied_soort = cijfers.gebied_soort
        and greinen.is_totaal = (cijfers.segment_basis = 'totaal')
        and greinen.bron_soort = cijfers.periode_soort
        and cijfers.periode = case greinen.bron_soort when 'jaar' then perioden.periode else perioden.slotmaand end
    where
        (greinen.periode_soort = 'jaar' or greinen.bron_soort = 'maand')
        and greinen.indicator_id <> 'kosten'
        -- a median of two segments is in neither
        and not (greinen.vorm = 'duur' and cijfers.teller is null and cijfers.segment_basis in ('overig', 'onbekend'))
        -- nor is a price of a unit in which the product table has nothing
        and (
            greinen.vorm <> 'tarief'
            or exists (
                select 1
                from {{ ref('stg_ref_producten') }} as producten
                where
                    producten.eenheid = cijfers.uitsplitsing
                    and cijfers.segment_basis in (producten.segment, 'totaal')
            )
        )
    group by all
),

-- Flows of a quarter: the sum of its months, with the youths of the whole quarter.
uit_kwartalen as (
    select
        greinen.indicator_id,
        perioden.periode_soort,
        perioden.periode,
        'REGIO' as gebied_code,
        {{ openbaar_segment('reeksen.segment') }} as segment,
        sum(coalesce(tellingen.n, 0)) as teller,
        null as noemer,
        null as waarde,
        sum(coalesce(tellingen.n_jeugdigen, 0)) as n_jeugdigen,
        reeksen.dekking_bericht
    from greinen
    inner join {{ ref('int_openbare_perioden') }} as perioden using (periode_soort)
    inner join (
        select distinct indicator_id, segment, dekking_bericht
        from {{ ref('indicatoren') }}
        where gebied_code = 'REGIO' and uitsplitsing is null
    ) as reeksen on greinen.indicator_id = reeksen.indicator_id and greinen.is_totaal = (reeksen.segment = 'totaal')
    left join {{ ref('fct_openbare_tellingen') }} as tellingen
        on greinen.telling = tellingen.telling
        and perioden.periode_soort = tellingen.periode_soort
        and perioden.periode = tellingen.periode
        and reeksen.segment = tellingen.segment
    where greinen.periode_soort = 'kwartaal' and greinen.telling is not null
    group by all
),

uit_kosten as (
    select
        greinen.indicator_id,
        kosten.periode_soort,
        kosten.periode,
        kosten.gebied_code,
        kosten.segment,
        {{ euro('kosten.netto_cent') }} as teller,
        null as noemer,
        null as waarde,
        kosten.n_jeugdigen,
        'declaraties' as dekking_bericht
    from greinen
    inner join {{ ref('fct_openbare_kosten') }} as kosten
        on greinen.periode_soort = kosten.periode_soort
        and greinen.gebied_soort = case kosten.gebied_code when 'REGIO' then 'regio' else 'gemeente' end
        and greinen.is_totaal = (kosten.segment = 'totaal')
    where greinen.indicator_id = 'kosten'
),

cellen as (
    select * from uit_indicatoren
    union all by name
    select * from uit_kwartalen
    union all by name
    select * from uit_kosten
),

-- of three numbers of which one is the sum of the others only the sum is public: what began in crisis
zonder_sommen as (
    select * from cellen
    where not (segment = 'crisis' and indicator_id in ('instroom', 'doorstroom'))
),

kosten as (
    select
        kosten.periode_soort,
        kosten.periode,
        kosten.gebied_code,
        kosten.segment,
        kosten.n_jeugdigen,
        kosten.mag_openbaar,
        -- too much under reserve: what is left is not the cost
        abs(kosten.voorbehoud_cent)
        > {{ instelling('voorbehoud_maximum_aandeel') }} * abs(kosten.netto_cent + kosten.voorbehoud_cent) as is_onzeker,
        case when kosten.mag_openbaar and dekking.is_heel then {{ openbaar_bedrag(euro('kosten.netto_cent')) }} end as kosten_eur
    from {{ ref('fct_openbare_kosten') }} as kosten
    inner join {{ ref('int_openbare_dekking') }} as dekking using (periode_soort, periode, gebied_code)
    where dekking.dekking_bericht = 'declaraties' and dekking.bereik = 'periode'
),

-- with everything that decides whether it is shown, and the numbers it is shown from
gewogen as (
    select
        cellen.indicator_id,
        cellen.periode_soort,
        cellen.periode,
        cellen.gebied_code,
        cellen.segment,
        indicatoren.eenheid,
        indicatoren.vorm,
        cellen.teller,
        cellen.noemer,
        cellen.waarde,
        coalesce(cellen.n_jeugdigen, 0) as n_jeugdigen,
        -- youths behind the denominator
        case
            when indicatoren.vorm in ('tarief', 'volume') then cellen.n_jeugdigen
            when indicatoren.vorm in ('aandeel_geld', 'geld_per_jeugdige', 'groei') then kosten.n_jeugdigen
            when indicatoren.telling = 'verblijf' then met_verblijf.n_jeugdigen
            when indicatoren.telling is not null then coalesce(tellingen.n_jeugdigen, 0)
            else cellen.noemer
        end as n_noemer,
        kosten.kosten_eur,
        ervoor.kosten_eur as kosten_ervoor_eur,
        kosten.mag_openbaar as mag_kosten,
        case cellen.indicator_id
            when 'besparing_gerealiseerd' then coalesce(weggelaten.mag_openbaar, true)
            else delen.mag_openbaar
        end as mag_deel,
        coalesce(dekking.dekking, 0) as dekking,
        coalesce(dekking.is_heel, false)
        and not (
            cellen.dekking_bericht in ('declaraties', 'declaraties_twee_perioden')
            and cellen.indicator_id <> 'aandeel_declaraties_te_laat'
            and (coalesce(kosten.is_onzeker, false) or coalesce(ervoor.is_onzeker, false) and indicatoren.vorm = 'groei')
        ) as is_heel
    from zonder_sommen as cellen
    inner join (select distinct indicator_id, eenheid, vorm, telling, bron_soort from indicatoren) as indicatoren
        using (indicator_id)
    left join kosten
        on cellen.periode_soort = kosten.periode_soort
        and cellen.periode = kosten.periode
        and cellen.gebied_code = kosten.gebied_code
        and split_part(cellen.segment, ':', 1) = kosten.segment
    left join kosten as ervoor
        on cellen.periode_soort = ervoor.periode_soort
        and cast(cellen.periode - interval 1 year as date) = ervoor.periode
        and cellen.gebied_code = ervoor.gebied_code
        and cellen.segment = ervoor.segment
    left join {{ ref('fct_openbare_kostendelen') }} as delen
        on cellen.periode_soort = 'jaar'
        and cellen.gebied_code = 'REGIO'
        and cellen.periode = delen.periode
        and cellen.segment = delen.segment
        and cellen.indicator_id = delen.deel
    -- a target, and what it saved, may leave something out: that must be large enough itself
    left join (
        select segment, bool_and(mag_openbaar) as mag_openbaar
        from {{ ref('fct_openbare_kostendelen') }}
        where deel = 'alternatief'
        group by segment
    ) as weggelaten on cellen.segment = weggelaten.segment
    left join (
        select periode_soort, periode, telling, {{ openbaar_segment('segment') }} as segment, sum(n_jeugdigen) as n_jeugdigen
        from {{ ref('fct_openbare_tellingen') }}
        group by all
    ) as tellingen
        on cellen.periode_soort = tellingen.periode_soort
        and cellen.periode = tellingen.periode
        and split_part(cellen.segment, ':', 1) = tellingen.segment
        and indicatoren.telling = tellingen.telling
    left join {{ ref('indicatoren') }} as met_verblijf
        on met_verblijf.indicator_id = 'jeugdigen_met_verblijf'
        and met_verblijf.segment = 'totaal'
        and cellen.periode_soort = met_verblijf.periode_soort
        and cellen.periode = met_verblijf.periode
        and cellen.gebied_code = met_verblijf.gebied_code
    left join {{ ref('int_openbare_dekking') }} as dekking
        on cellen.periode_soort = dekking.periode_soort
        and cellen.periode = dekking.periode
        and cellen.gebied_code = dekking.gebied_code
        and cellen.dekking_bericht = dekking.dekking_bericht
        and dekking.bereik = case
            when cellen.dekking_bericht = 'declaraties_twee_perioden' then 'twee_perioden'
            when indicatoren.bron_soort = 'maand' then 'slotmaand'
            else 'periode'
        end
),

afgerond as (
    select
        *,
        {{ openbare_telling('teller') }} as teller_5,
        {{ openbare_telling('noemer') }} as noemer_5,
        coalesce({{ openbare_telling('n_noemer') }}, 0) as n_noemer_5
    from gewogen
),

-- the first rule that applies
getekend as (
    select
        *,
        case
            when not is_heel then 'onvolledig'
            when case vorm when 'groei' then n_noemer else n_jeugdigen end < 10 then '<10'
            when vorm in ('telling', 'aandeel', 'aandeel_inwoners') and teller < 10 then '<10'
            when vorm = 'duur' and noemer < 10 then '<10'
            when vorm in ('aandeel', 'aandeel_inwoners') and noemer - teller < 10 then '<10'
            when vorm = 'aandeel_dagen' and n_noemer - n_jeugdigen < 10 then '<10'
            when vorm = 'aandeel_inwoners' and noemer < 50 then 'te_klein'
            when vorm = 'aandeel' and least(noemer_5, n_noemer_5) < 50 then 'te_klein'
            when vorm in ('aandeel_dagen', 'volume', 'tarief') and (noemer <= 0 or n_noemer_5 < 50) then 'te_klein'
            when vorm in ('geld', 'geld_per_inwoner', 'geld_per_jeugdige', 'aandeel_geld') and not coalesce(mag_kosten, false)
                then 'te_klein'
            when vorm in ('geld_per_jeugdige', 'aandeel_geld') and n_noemer_5 < 50 then 'te_klein'
            when indicator_id = 'besparing_gerealiseerd' and not mag_deel then 'te_klein'
            when vorm = 'aandeel_geld' and not (coalesce(mag_deel, false) and kosten_eur > 0 and teller between 0 and noemer)
                then 'te_klein'
            when vorm = 'groei' and not (kosten_eur is not null and coalesce(kosten_ervoor_eur, 0) > 0) then 'te_klein'
        end as teken
    from afgerond
),

getoond as (
    select
        *,
        case
            when vorm in ('telling', 'aandeel', 'aandeel_inwoners') then teller_5
            when vorm in ('geld', 'aandeel_geld') then {{ openbaar_bedrag('teller') }}
            when vorm in ('geld_per_jeugdige', 'geld_per_inwoner') then kosten_eur
            when vorm = 'groei' then kosten_eur - kosten_ervoor_eur
        end as teller_getoond,
        case
            when vorm in ('aandeel', 'duur') then noemer_5
            when vorm in ('aandeel_inwoners', 'geld_per_inwoner') then noemer
            when vorm = 'aandeel_geld' then kosten_eur
            when vorm = 'geld_per_jeugdige' then n_noemer_5
            when vorm = 'groei' then kosten_ervoor_eur
        end as noemer_getoond
    from getekend
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    indicator_id,
    periode_soort,
    periode,
    gebied_code,
    segment,
    cast(
        case when teken is null then
            case
                when vorm in ('telling', 'geld') then teller_getoond
                when vorm in ('aandeel', 'aandeel_inwoners')
                    then {{ openbaar_aandeel('teller_getoond', 'noemer_getoond') }}
                when vorm = 'aandeel_geld' then {{ openbaar_aandeel('teller_getoond', 'noemer_getoond', 'n_noemer_5') }}
                when vorm in ('aandeel_dagen', 'volume') then {{ openbaar_aandeel('teller', 'noemer', 'n_noemer_5') }}
                when vorm = 'duur' then {{ openbare_duur('coalesce(teller / noemer, waarde)') }}
                when vorm = 'tarief' then {{ openbaar_bedrag('teller / noemer', 1) }}
                when vorm = 'geld_per_jeugdige' then {{ openbaar_bedrag('teller_getoond / noemer_getoond', 100) }}
                when vorm = 'geld_per_inwoner' then {{ openbaar_bedrag('teller_getoond / noemer_getoond', 1) }}
                -- to a tenth of a percent from a million, else whole percents
                when noemer_getoond >= 1000000 then floor(1000.0 * teller_getoond / noemer_getoond + 0.5) / 1000
                else floor(100.0 * teller_getoond / noemer_getoond + 0.5) / 100
            end
        end as double
    ) as waarde,
    cast(case when teken is null then teller_getoond end as decimal(18, 2)) as teller,
    cast(case when teken is null then noemer_getoond end as decimal(18, 2)) as noemer,
    eenheid,
    coalesce(teken, '') as teken,
    cast(dekking as double) as dekking
from getoond
