{# Counting distinct youths per period without a row per youth and period: every period is a bit of a number (sixty to a
   group, so that any length of history fits), the months of a youth are or-ed to the periods they lie in, and the bits
   are counted. #}

{# Relation of periods with their place: periode_soort, periode, eerste_maand, laatste_maand, volgnr, groep, plek. #}
{% macro periodebits() %}
(
    select
        periode_soort,
        periode,
        eerste_maand,
        laatste_maand,
        volgnr,
        volgnr // 60 as groep,
        cast(volgnr % 60 as ubigint) as plek
    from (
        select *, cast(row_number() over (order by periode_soort, periode) - 1 as integer) as volgnr
        from {{ ref('int_perioden') }}
    ) as genummerd
)
{% endmacro %}

{# Relation maand, groep, masker: the periods that each month lies in. #}
{% macro maandmaskers() %}
(
    select
        maanden.maand,
        perioden.groep,
        cast(bit_or(cast(1 as ubigint) << perioden.plek) as ubigint) as masker
    from (
        select cast(unnest(generate_series(min(eerste_maand), max(laatste_maand), interval 1 month)) as date) as maand
        from {{ ref('int_perioden') }}
    ) as maanden
    inner join {{ periodebits() }} as perioden
        on maanden.maand between perioden.eerste_maand and perioden.laatste_maand
    group by maanden.maand, perioden.groep
)
{% endmacro %}

{# Relation with, per period and `sleutel`, the number of rows of `relatie` (sleutel, groep, masker) whose bit is set;
   none: no row. Most youths share their mask with others, so masks are counted first, and every place is added up at once: a
   row per mask and period would be sixty times as many. `soorten`: of which kinds of period only. #}
{% macro tel_maskers(relatie, sleutel, soorten=['maand', 'jaar', '12m']) %}
(
    select
        perioden.periode_soort,
        perioden.periode,
        {% for kolom in sleutel %}geteld.{{ kolom }},
        {% endfor -%}
        cast(geteld.n_per_plek[cast(perioden.plek as bigint) + 1] as bigint) as n_jeugdigen
    from (
        select
            {{ sleutel | join(', ') }},
            groep,
            [
                {%- for plek in range(60) %}
                sum(n * cast((masker >> {{ plek }}) & 1 as bigint)){{ ',' if not loop.last }}
                {%- endfor %}
            ] as n_per_plek
        from (select {{ sleutel | join(', ') }}, groep, masker, count(*) as n from {{ relatie }} group by all) as maskers
        group by all
    ) as geteld
    inner join {{ periodebits() }} as perioden using (groep)
    where perioden.periode_soort in ('{{ soorten | join("', '") }}') and geteld.n_per_plek[cast(perioden.plek as bigint) + 1] > 0
)
{% endmacro %}

{# Relation gemeente, segment, jeugdige, groep, masker: the periods that the months of `bron` lie in. `per`: what stands
   in place of the segment. #}
{% macro jeugdige_maskers(bron, per='segment') %}
(
    select bron.gemeente, bron.{{ per }}, bron.jeugdige, maanden.groep, bit_or(maanden.masker) as masker
    from {{ bron }} as bron
    inner join {{ maandmaskers() }} as maanden on bron.maand = maanden.maand
    group by all
)
{% endmacro %}

{# Distinct youths per period, gebied (REGIO included) and segment (totaal included), from `maskers` as
   jeugdige_maskers gives them. #}
{% macro unieke_uit_maskers(maskers, soorten=['maand', 'jaar', '12m']) %}
(
    with per_gebied as (
        select
            coalesce(gemeente, 'REGIO') as gebied_code,
            coalesce(segment, 'totaal') as segment,
            groep,
            bit_or(masker) as masker
        from {{ maskers }}
        group by grouping sets (
            (jeugdige, groep, gemeente, segment),
            (jeugdige, groep, gemeente),
            (jeugdige, groep, segment),
            (jeugdige, groep)
        )
    )

    select * from {{ tel_maskers('per_gebied', ['gebied_code', 'segment'], soorten) }}
)
{% endmacro %}

{# The same from rows with gemeente, segment, jeugdige, maand (the same row may be there more than once). #}
{% macro unieke_jeugdigen(bron, soorten=['maand', 'jaar', '12m']) %}
{{ unieke_uit_maskers(jeugdige_maskers(bron) ~ ' as maskers', soorten) }}
{% endmacro %}
