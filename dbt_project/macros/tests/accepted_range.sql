{# Values lie between `minimum` and `maximum`, both included; NULL passes (use not_null for that). #}
{% test accepted_range(model, column_name, minimum=none, maximum=none) %}
{{ config(tags=['in_model']) }}
select {{ column_name }}
from {{ model }}
where false
{%- if minimum is not none %} or {{ column_name }} < {{ minimum }}{% endif %}
{%- if maximum is not none %} or {{ column_name }} > {{ maximum }}{% endif %}
{% endtest %}
