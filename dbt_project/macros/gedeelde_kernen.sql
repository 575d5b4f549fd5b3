{# The values of `kern` (a hash of what rows are compared by) that more than one row of `relatie` has. Hardly any row
   shares its hash with another, and only those that do are compared by what they are: a quarter of the work. #}
{% macro gedeelde_kernen(relatie, kern='kern') -%}
    select {{ kern }}
    from {{ relatie }}
    group by {{ kern }}
    having count(*) > 1
{%- endmacro %}
