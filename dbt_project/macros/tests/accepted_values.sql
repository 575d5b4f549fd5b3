{# dbt's own, inside the model (eis_toetsen). #}
{% test accepted_values(model, column_name, values, quote=true) %}
{{ config(tags=['in_model']) }}
{{ default__test_accepted_values(model, column_name, values, quote) }}
{% endtest %}
