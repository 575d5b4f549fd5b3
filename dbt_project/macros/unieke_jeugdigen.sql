{# Counting distinct youths per period without a row per youth and period: every period is a bit of a number (sixty to a
   group, so that any length of history fits), the months of a youth are or-ed to the periods they lie in, and the bits
   are counted. #}

{# Relation of periods with their place: periode_soort, periode, eerste_maand, laatste_maand, groep, plek. #}
{% macro periodebits() %}
(
    select
        periode_soort,
        periode,
        eerste_maand,
        laatste_maand,
        (row_number() over (order by periode_soort, periode) - 1) // 60 as groep,
        cast((row_number() over (order by periode_soort, periode) - 1) % 60 as ubigint) as plek
    from {{ ref('int_perioden') }}
)
{% endmacro %}

{# Relation maand, groep, masker for the months that occur in `bron`: the periods each lies in. #}
{% macro maandmaskers(bron, maand='maand') %}
(
    select
        maanden.maand,
        perioden.groep,
        cast(bit_or(cast(1 as ubigint) << perioden.plek) as ubigint) as masker
    from (select distinct {{ maand }} as maand from {{ bron }}) as maanden
    inner join {{ periodebits() }} as perioden
        on maanden.maand between perioden.eerste_maand and perioden.laatste_maand
    group by maanden.maand, perioden.groep
)
{% endmacro %}

{# Relation with, per period and `sleutel`, the number of rows of `relatie` (sleutel, groep, masker) whose bit is set;
   none: no row. Most youths share their mask with others, so masks are counted first. #}
{% macro tel_maskers(relatie, sleutel) %}
(
    select
        perioden.periode_soort,
        perioden.periode,
        {% for kolom in sleutel %}maskers.{{ kolom }},
        {% endfor -%}
        cast(sum(maskers.n) as bigint) as n_jeugdigen
    from (select {{ sleutel | join(', ') }}, groep, masker, count(*) as n from {{ relatie }} group by all) as maskers
    inner join {{ periodebits() }} as perioden
        on maskers.groep = perioden.groep and (maskers.masker >> perioden.plek) & 1 = 1
    group by all
)
{% endmacro %}

{# Relation gemeente, segment, pseudoniem, groep, masker: the periods that the months of `bron` lie in. #}
{% macro jeugdige_maskers(bron) %}
(
    select bron.gemeente, bron.segment, bron.pseudoniem, maanden.groep, bit_or(maanden.masker) as masker
    from {{ bron }} as bron
    inner join {{ maandmaskers(bron) }} as maanden on bron.maand = maanden.maand
    group by all
)
{% endmacro %}

{# Distinct youths per period, gebied (REGIO included) and segment (totaal included), from `maskers` as
   jeugdige_maskers gives them. #}
{% macro unieke_uit_maskers(maskers) %}
(
    with per_gebied as (
        select
            coalesce(gemeente, 'REGIO') as gebied_code,
            coalesce(segment, 'totaal') as segment,
            groep,
            bit_or(masker) as masker
        from {{ maskers }}
        group by grouping sets (
            (pseudoniem, groep, gemeente, segment),
            (pseudoniem, groep, gemeente),
            (pseudoniem, groep, segment),
            (pseudoniem, groep)
        )
    )

    select * from {{ tel_maskers('per_gebied', ['gebied_code', 'segment']) }}
)
{% endmacro %}

{# The same from rows with gemeente, segment, pseudoniem, maand (the same row may be there more than once). #}
{% macro unieke_jeugdigen(bron) %}
{{ unieke_uit_maskers(jeugdige_maskers(bron) ~ ' as maskers') }}
{% endmacro %}
