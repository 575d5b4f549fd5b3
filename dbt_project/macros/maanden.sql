{# Months since year 0 of a date: differences are numbers of months. #}
{% macro maandnr(dag) -%}
    (year({{ dag }}) * 12 + month({{ dag }}) - 1)
{%- endmacro %}

{# The first day of the month of a date: date_trunc gives a moment, and takes five times as long. #}
{% macro eerste_van_maand(dag) -%}
    ({{ dag }} - (cast(day({{ dag }}) as integer) - 1))
{%- endmacro %}

{# The first day of the month with this number. #}
{% macro maand_van_nr(nr) -%}
    make_date(cast(({{ nr }}) // 12 as bigint), cast(({{ nr }}) % 12 + 1 as bigint), 1)
{%- endmacro %}

{# What has no end, as a date that can be compared and counted with. #}
{% macro zonder_einde() -%}
    date '9999-12-31'
{%- endmacro %}
