{# Cents to euros, exact. Never divide: a division of integers is a DOUBLE in DuckDB. #}
{% macro euro(cent) -%}
    cast(({{ cent }}) * 0.01 as decimal(18, 2))
{%- endmacro %}
