{# The grain of a model: these columns together occur once. NULLs count as a value. #}
{% test unique_combination(model, kolommen) %}
select {{ kolommen | join(', ') }}, count(*) as aantal
from {{ model }}
group by all
having count(*) > 1
{% endtest %}
