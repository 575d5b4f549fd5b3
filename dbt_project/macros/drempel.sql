{# Threshold of a rule in seeds/ref_regels.csv as a number; `deel` when the cell holds several, split by |. #}
{% macro drempel(regel_code, deel=1) -%}
    (
        select cast(split_part(drempel, '|', {{ deel }}) as double)
        from {{ ref('stg_ref_regels') }}
        where regel_code = '{{ regel_code }}'
    )
{%- endmacro %}
