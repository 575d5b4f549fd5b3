{# The grain of a model: these columns together occur once. NULLs count as a value. First by hash, which is a quarter of
   the work: only rows that share theirs are compared by what they are. #}
{% test unique_combination(model, kolommen) %}
{{ config(tags=['in_model']) }}
with gehasht as (
    select {{ kolommen | join(', ') }}, hash({{ kolommen | join(', ') }}) as kern
    from {{ model }}
)

select {{ kolommen | join(', ') }}, count(*) as aantal
from gehasht
where kern in (select kern from gehasht group by kern having count(*) > 1)
group by {{ kolommen | join(', ') }}
having count(*) > 1
{% endtest %}
