{# The public edition: the 10-5 rule and what follows from it (docs/bescherming.md). Its numbers are no settings: they are
   what the public was promised, and the tests that attack the edition hold them. #}

{# A count: NULL below ten, else the nearest multiple of five. #}
{% macro openbare_telling(n) -%}
    case when {{ n }} >= 10 then cast(floor(({{ n }} + 2.5) / 5) as bigint) * 5 end
{%- endmacro %}

{# A share in whole percents from a denominator of 100, in steps of five percent from 50, half up; none below. `grond`:
   how many youths the denominator is of, where it does not count them itself. #}
{% macro openbaar_aandeel(teller, noemer, grond=none) -%}
    case
        when {{ grond or noemer }} >= 100
            then cast(floor(100 * cast({{ teller }} as decimal(24, 4)) / {{ noemer }} + 0.5) as integer) / 100
        when {{ grond or noemer }} >= 50
            then cast(floor(20 * cast({{ teller }} as decimal(24, 4)) / {{ noemer }} + 0.5) as integer) / 20
    end
{%- endmacro %}

{# An amount to the nearest multiple of `stap` euros, half up. #}
{% macro openbaar_bedrag(eur, stap=1000) -%}
    cast(floor(({{ eur }}) / {{ stap }} + 0.5) as bigint) * {{ stap }}
{%- endmacro %}

{# Days: to ten, below a hundred to five, half up. #}
{% macro openbare_duur(dagen) -%}
    case
        when {{ dagen }} < 100 then cast(floor({{ dagen }} / 5 + 0.5) as bigint) * 5
        else cast(floor({{ dagen }} / 10 + 0.5) as bigint) * 10
    end
{%- endmacro %}

{# The p-percent rule on amounts per youth or provider: total less the two largest is at least a tenth of the largest.
   Aggregates; negative amounts count as nothing. #}
{% macro p_procent(bedrag) -%}
    coalesce(
        sum(greatest({{ bedrag }}, 0)) - list_sum(max(greatest({{ bedrag }}, 0), 2))
        >= 0.10 * max(greatest({{ bedrag }}, 0)),
        false
    )
{%- endmacro %}

{# The public has no segment of its own for what could not be placed. #}
{% macro openbaar_segment(segment) -%}
    case when {{ segment }} = 'onbekend' then 'overig' else {{ segment }} end
{%- endmacro %}
