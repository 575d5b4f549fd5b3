{# A schema is called as the configuration says, without dbt's own prefix: the published names are a contract (SPEC 6). #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
