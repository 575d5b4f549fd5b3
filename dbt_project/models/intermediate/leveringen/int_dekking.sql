-- Dekking and rijping of every figure: per period, gebied and the bericht it is made from (SPEC 7). A figure that
-- compares a period with the one before it spans both: 'declaraties_twee_perioden'. A year spans from January on, also
-- when the first published month is later: two months of a year are no year that fell.
with overspannen as (
    select
        perioden.*,
        berichten.bericht,
        case when perioden.periode_soort = 'jaar' then perioden.periode else perioden.eerste_maand end as vanaf_maand
    from {{ ref('int_perioden') }} as perioden
    cross join (select distinct bericht from {{ ref('int_dekking_maand') }}) as berichten
),

alle_perioden as (
    select *, bericht as dekking_bericht
    from overspannen

    union all

    select
        * exclude (vanaf_maand),
        {{ maand_van_nr(maandnr('vanaf_maand') ~ ' - 12') }},
        'declaraties_twee_perioden'
    from overspannen
    where bericht = 'declaraties' and periode_soort <> 'maand'
),

dekking as (
    select
        perioden.periode_soort,
        perioden.periode,
        maanden.gebied_code,
        perioden.bericht,
        perioden.dekking_bericht,
        perioden.slotmaand,
        cast(sum(maanden.inwoners_gedekt) as bigint) as inwoners_gedekt,
        cast(sum(maanden.inwoners_totaal) as bigint) as inwoners_totaal
    from alle_perioden as perioden
    inner join {{ ref('int_dekking_maand') }} as maanden
        on perioden.bericht = maanden.bericht
        and maanden.maand between perioden.vanaf_maand and perioden.laatste_maand
    group by all
)

select
    dekking.periode_soort,
    dekking.periode,
    dekking.gebied_code,
    dekking.dekking_bericht,
    coalesce(dekking.inwoners_gedekt / nullif(dekking.inwoners_totaal, 0), 0) as dekking,
    case
        when
            date_diff('month', dekking.slotmaand, rijping.laatste_leveringsmaand)
            >= {{ instelling('rijping_maanden') }}
            and last_day(dekking.slotmaand) < cast('{{ var("peildatum") }}' as date)
            then 'definitief'
        else 'voorlopig'
    end as rijping
from dekking
inner join {{ ref('int_rijping') }} as rijping using (bericht)
