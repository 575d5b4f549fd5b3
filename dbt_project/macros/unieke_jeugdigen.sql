{# Distinct youths per period, gebied (REGIO included) and segment (totaal included), from `bron` with the columns
   gemeente, segment, jeugdige_nr, maand (it may hold the same row more than once).
   A youth is counted in a period at the last of its months that lies in it: so one window and one small join replace
   a distinct count per period (sliding 12m periods would each count everything again). Numbers stand in for
   pseudonyms because sorting text takes twice the time. #}
{% macro unieke_jeugdigen(bron) %}
(
    with maanden_per_jeugdige as (
        select
            bron.jeugdige_nr,
            bron.maand,
            coalesce(bron.gemeente, 'REGIO') as gebied_code,
            coalesce(bron.segment, 'totaal') as segment
        from {{ bron }} as bron
        group by grouping sets (
            (bron.jeugdige_nr, bron.maand, bron.gemeente, bron.segment),
            (bron.jeugdige_nr, bron.maand, bron.gemeente),
            (bron.jeugdige_nr, bron.maand, bron.segment),
            (bron.jeugdige_nr, bron.maand)
        )
    ),

    met_volgende as (
        select
            gebied_code,
            segment,
            maand,
            lead(maand) over (partition by jeugdige_nr, gebied_code, segment order by maand) as volgende_maand
        from maanden_per_jeugdige
    ),

    aantallen as (
        select gebied_code, segment, maand, volgende_maand, count(*) as n
        from met_volgende
        group by all
    )

    select
        perioden.periode_soort,
        perioden.periode,
        aantallen.gebied_code,
        aantallen.segment,
        cast(sum(aantallen.n) as bigint) as n_jeugdigen
    from {{ ref('int_perioden') }} as perioden
    inner join aantallen
        on
            aantallen.maand between perioden.eerste_maand and perioden.laatste_maand
            and coalesce(aantallen.volgende_maand, date '9999-12-01') > perioden.laatste_maand
    group by all
)
{% endmacro %}
