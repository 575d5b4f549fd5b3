{# More of an amount is under reserve than a comparison bears: counted and under reserve in the same unit. #}
{% macro te_veel_voorbehoud(voorbehoud, geteld) -%}
    coalesce(
        abs({{ voorbehoud }})
        > {{ instelling('voorbehoud_maximum_aandeel') }} * abs({{ geteld }} + {{ voorbehoud }}),
        false
    )
{%- endmacro %}
