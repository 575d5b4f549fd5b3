-- What is shared out adds up to what there was, to the cent, and a change to the difference of the figures it explains.
with verrekening as (
    select
        'verrekening' as mart,
        concat_ws(' ', jaar, methode) as cel,
        any_value(regiokosten_eur) as geheel,
        sum(bedrag_eur) as delen
    from {{ ref('verrekening') }}
    group by jaar, methode
    having count(bedrag_eur) > 0
),

regiokosten as (
    select
        'verrekening regio',
        cast(verrekening.jaar as varchar),
        any_value(kosten.teller),
        any_value(verrekening.regiokosten_eur)
    from {{ ref('verrekening') }} as verrekening
    left join {{ ref('int_ind_kosten') }} as kosten
        on
            kosten.indicator_id = 'kosten'
            and kosten.periode_soort = 'jaar'
            and kosten.periode = make_date(verrekening.jaar, 1, 1)
            and kosten.gebied_code = 'REGIO'
            and kosten.segment = 'totaal'
    group by verrekening.jaar
),

bijdragen as (
    select 'bijdragen', bijdrage_id, any_value(totaal_eur), sum(bedrag_sluitend_eur)
    from {{ ref('bijdragen') }}
    group by bijdrage_id
),

concentratie as (
    select
        'concentratie',
        concat_ws(' ', concentratie.jaar, concentratie.gebied_code),
        kosten.teller,
        concentratie.kosten_eur
    from {{ ref('concentratie') }} as concentratie
    left join {{ ref('int_ind_kosten') }} as kosten
        on
            kosten.indicator_id = 'kosten'
            and kosten.periode_soort = 'jaar'
            and kosten.periode = make_date(concentratie.jaar, 1, 1)
            and concentratie.gebied_code = kosten.gebied_code
            and kosten.segment = 'totaal'
),

-- the regio is compared over its full members only
groei as (
    select
        'groei_ontleding',
        concat_ws(' ', ontleding.jaar, ontleding.gebied_code, ontleding.segment),
        sum(case when year(kosten.periode) = ontleding.jaar then kosten.teller else -kosten.teller end),
        any_value(ontleding.verandering_eur)
    from {{ ref('groei_ontleding') }} as ontleding
    inner join {{ ref('int_ind_kosten') }} as kosten
        on
            kosten.indicator_id = 'kosten'
            and kosten.periode_soort = 'jaar'
            and year(kosten.periode) between ontleding.jaar - 1 and ontleding.jaar
            and ontleding.gebied_code = kosten.gebied_code
            and ontleding.segment = kosten.segment
    where ontleding.n_gemeenten > 0 and ontleding.verandering_eur is not null and ontleding.gebied_code <> 'REGIO'
    group by ontleding.jaar, ontleding.gebied_code, ontleding.segment
),

ontleding as (
    select
        'groei_ontleding segmenten',
        concat_ws(' ', jaar, gebied_code),
        sum(verandering_eur) filter (where segment = 'totaal'),
        sum(verandering_eur) filter (where segment <> 'totaal')
    from {{ ref('groei_ontleding') }}
    group by jaar, gebied_code
    -- a segment of which too much is under reserve is empty
    having count(verandering_eur) in (0, count(*))
),

alle as (
    select * from verrekening
    union all
    select * from regiokosten
    union all
    select * from bijdragen
    union all
    select * from concentratie
    union all
    select * from groei
    union all
    select * from ontleding
)

select *
from alle
where geheel is distinct from delen
