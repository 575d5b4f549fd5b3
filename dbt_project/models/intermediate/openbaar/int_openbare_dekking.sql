-- Rule 1 of the public edition, per period, gebied and the bericht a figure is made from: is it whole (definitief, and
-- delivered: a gemeente everything, the regio 95 percent)? What a later stand brought of a month that was missed counts
-- for that, not for dekking. `bereik`: the period, or of a stand its last month. Growth needs two years of the same
-- gemeenten: everything of a gemeente in both, or nothing in both.
with spannen as (
    select
        periode_soort,
        periode,
        slotmaand,
        unnest(['periode', 'slotmaand', 'twee_perioden']) as bereik,
        unnest([eerste_maand, slotmaand, cast(eerste_maand - interval 1 year as date)]) as eerste_maand
    from {{ ref('int_openbare_perioden') }}
),

dekking as (
    select
        spannen.periode_soort,
        spannen.periode,
        spannen.slotmaand,
        spannen.bereik,
        maanden.gebied_code,
        maanden.bericht,
        sum(maanden.inwoners_gedekt) / nullif(sum(maanden.inwoners_totaal), 0) as dekking,
        sum(maanden.inwoners_ingehaald) / nullif(sum(maanden.inwoners_totaal), 0) as ingehaald
    from spannen
    inner join {{ ref('int_dekking_maand') }} as maanden
        on maanden.maand between spannen.eerste_maand and spannen.slotmaand
    where spannen.bereik <> 'twee_perioden' or (spannen.periode_soort = 'jaar' and maanden.bericht = 'declaraties')
    group by all
),

zelfde_gemeenten as (
    select periode_soort, periode, bereik, bericht, bool_and(ingehaald in (0, 1)) as is_zelfde
    from dekking
    where gebied_code <> 'REGIO'
    group by all
)

select
    dekking.periode_soort,
    dekking.periode,
    dekking.gebied_code,
    dekking.bereik,
    case when dekking.bereik = 'twee_perioden' then 'declaraties_twee_perioden' else dekking.bericht end
        as dekking_bericht,
    coalesce(dekking.dekking, 0) as dekking,
    -- definitief, as int_dekking has it
    date_diff('month', dekking.slotmaand, laatste.laatste_leveringsmaand) >= {{ instelling('rijping_maanden') }}
    and last_day(dekking.slotmaand) < cast('{{ var("peildatum") }}' as date)
    and coalesce(dekking.ingehaald, 0) >= case when dekking.gebied_code = 'REGIO' then 0.95 else 1 end
    and (dekking.bereik <> 'twee_perioden' or zelfde_gemeenten.is_zelfde) as is_heel
from dekking
inner join {{ ref('int_rijping') }} as laatste using (bericht)
left join zelfde_gemeenten using (periode_soort, periode, bereik, bericht)
