{# `expressie` holds for every row (of `where`, when given); an expression that is NULL is a failure too. #}
{% test expression_is_true(model, expressie, waar=none) %}
{{ config(tags=['in_model']) }}
select *
from {{ model }}
where ({{ expressie }}) is distinct from true
{%- if waar is not none %} and ({{ waar }}){% endif %}
{% endtest %}
