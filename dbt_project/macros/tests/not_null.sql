{# dbt's own, inside the model (eis_toetsen). #}
{% test not_null(model, column_name) %}
{{ config(tags=['in_model']) }}
{{ default__test_not_null(model, column_name) }}
{% endtest %}
