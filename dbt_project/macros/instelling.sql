{# A threshold of seeds/ref_instellingen.csv as a number; NULL when the region left it empty. #}
{% macro instelling(sleutel) -%}
    (select waarde from {{ ref('stg_ref_instellingen') }} where sleutel = '{{ sleutel }}')
{%- endmacro %}
