-- What every gemeente pays of the regional cost of a year, under five ways to settle it:
--   woonplaats, werkelijk_t0   its own cost of the year itself;
--   solidariteit               by a key of inhabitants (verrekening_sleutel in ref_instellingen, 0-17 by default);
--   inwoners                   by all inhabitants;
--   vast_t2                    by its share of the cost two years earlier.
-- Cents by largest remainder: the rows of a year and method add up to the regional cost. vast_t2 is empty where the year
-- two years earlier was not published whole, or less than dekking_minimum of it was delivered: a gemeente that did not
-- deliver would then seem to owe little.
with maanden as (
    select jaar, min(maand) as eerste_maand, max(maand) as laatste_maand, count(*) as n_maanden
    from {{ ref('dim_maanden') }}
    group by jaar
    having min(maand) = make_date(jaar, 1, 1)
),

eigen_kosten as (
    select maanden.jaar, kosten.gebied_code as gemeente, cast(sum(kosten.netto_cent) as bigint) as netto_cent,
        coalesce(sum(kosten.voorbehoud_cent), 0) as voorbehoud_cent
    from maanden
    inner join {{ ref('int_kosten_maand') }} as kosten
        on
            kosten.zorgmaand between maanden.eerste_maand and maanden.laatste_maand
            and kosten.gebied_code <> 'REGIO'
            and kosten.segment = 'totaal'
    group by maanden.jaar, kosten.gebied_code
),

dekking as (
    select year(periode) as jaar, gebied_code, dekking, rijping
    from {{ ref('int_dekking') }}
    where periode_soort = 'jaar' and dekking_bericht = 'declaraties'
),

jaren_t2 as (
    select maanden.jaar
    from maanden
    inner join dekking on maanden.jaar = dekking.jaar and dekking.gebied_code = 'REGIO'
    where maanden.n_maanden = 12 and dekking.dekking >= {{ instelling('dekking_minimum') }}
),

gemeentejaren as (
    select
        maanden.jaar,
        gebieden.gebied_code as gemeente,
        coalesce(kosten.netto_cent, 0) as eigen_cent,
        coalesce(kosten.voorbehoud_cent, 0) as voorbehoud_cent,
        sum(coalesce(kosten.netto_cent, 0)) over (partition by maanden.jaar) as regio_cent,
        case when jaren_t2.jaar is not null then coalesce(kosten_t2.netto_cent, 0) end as t2_cent,
        -- whoever joins or leaves during the year takes part when it belongs on 1 January, as inhabitants are counted
        gebieden.geldig_van <= make_date(maanden.jaar, 1, 1)
        and coalesce(gebieden.geldig_tot, {{ zonder_einde() }}) >= make_date(maanden.jaar, 1, 1) as in_regio,
        inwoners.inwoners,
        case (
            select tekst
            from {{ ref('stg_ref_instellingen') }}
            where sleutel = 'verrekening_sleutel'
        )
            when 'inwoners' then inwoners.inwoners
            when 'inwoners_0_22' then inwoners.inwoners_0_22
            else inwoners.inwoners_0_17
        end as sleutel_solidariteit
    from maanden
    cross join {{ ref('dim_gebieden') }} as gebieden
    inner join {{ ref('int_inwoners') }} as inwoners
        on gebieden.gebied_code = inwoners.gebied_code and maanden.jaar = inwoners.jaar
    left join eigen_kosten as kosten
        on gebieden.gebied_code = kosten.gemeente and maanden.jaar = kosten.jaar
    left join jaren_t2 on maanden.jaar - 2 = jaren_t2.jaar
    left join eigen_kosten as kosten_t2
        on gebieden.gebied_code = kosten_t2.gemeente and maanden.jaar - 2 = kosten_t2.jaar
    where gebieden.gebied_soort = 'gemeente'
),

sleutels as (
    select
        * exclude (in_regio, inwoners, sleutel_solidariteit, t2_cent),
        unnest(['woonplaats', 'solidariteit', 'inwoners', 'vast_t2', 'werkelijk_t0']) as methode,
        unnest([
            cast(eigen_cent as hugeint),
            case when in_regio then sleutel_solidariteit else 0 end,
            case when in_regio then inwoners else 0 end,
            t2_cent,
            eigen_cent
        ]) as gewicht
    from gemeentejaren
),

verdeeld as (
    select
        *,
        case when sum(gewicht) over groep > 0 then gewicht / sum(gewicht) over groep end as sleutel_aandeel
    from {{ grootste_rest('sleutels', ['jaar', 'methode'], 'gemeente', 'regio_cent', 'gewicht') }}
    window groep as (partition by jaar, methode)
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    verdeeld.jaar,
    verdeeld.methode,
    verdeeld.gemeente as gebied_code,
    verdeeld.sleutel_aandeel,
    -- own cost needs no sharing out, also where the regional cost is nothing
    case
        when verdeeld.methode in ('woonplaats', 'werkelijk_t0') then {{ euro('verdeeld.eigen_cent') }}
        else {{ euro('verdeeld.deel') }}
    end as bedrag_eur,
    {{ euro('verdeeld.eigen_cent') }} as eigen_kosten_eur,
    {{ euro('verdeeld.regio_cent') }} as regiokosten_eur,
    {{ euro('verdeeld.voorbehoud_cent') }} as voorbehoud_eur,
    coalesce(dekking.dekking, 0) as dekking,
    coalesce(dekking_t2.dekking, 0) as dekking_t2,
    coalesce(dekking.rijping, 'voorlopig') as rijping
from verdeeld
left join dekking on verdeeld.jaar = dekking.jaar and verdeeld.gemeente = dekking.gebied_code
left join dekking as dekking_t2
    on verdeeld.jaar - 2 = dekking_t2.jaar and verdeeld.gemeente = dekking_t2.gebied_code
