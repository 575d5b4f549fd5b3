{# Hold a model to the generic tests in its yml that are tagged in_model (macros/tests/), in its own transaction. A node
   of dbt costs more than most of these queries, so the build leaves them out as nodes and counts this as their result
   (pipeline/warehouse/bouwen.py); `dbt test` still runs them one by one. #}
{% macro eis_toetsen() %}
    {%- if execute -%}
        {%- set eisen = [] -%}
        {%- for node in toetsen_per_model().get(model.unique_id, []) -%}
            {%- if 'in_model' in node.tags and node.config.severity == 'ERROR' -%}
                {%- set argumenten = {} -%}
                {%- for sleutel, waarde in node.test_metadata.kwargs.items() if sleutel != 'model' -%}
                    {%- do argumenten.update({sleutel: ingevuld(waarde)}) -%}
                {%- endfor -%}
                {%- do argumenten.update({'model': '(select * from ' ~ this ~ ' where ' ~ (node.config.where or 'true') ~ ')'}) -%}
                {%- do eisen.append([node.name, context['test_' ~ node.test_metadata.name](**argumenten)]) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for naam, query in eisen %}
            {{ 'select' if loop.first else ', ' }} (
                select case when count(*) > 0 then error('toets {{ naam }}: ' || count(*) || ' keer niet voldaan') end
                from ({{ query }})
            )
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

{# The generic tests of every model. Looked up once and kept beside the nodes: to go through all of them for every model
   costs more than most models. #}
{% macro toetsen_per_model() %}
    {%- if 'toetsen_per_model' not in graph -%}
        {%- set toetsen = {} -%}
        {%- for node in graph.nodes.values() if node.test_metadata and node.attached_node -%}
            {%- do toetsen.setdefault(node.attached_node, []).append(node) -%}
        {%- endfor -%}
        {%- do graph.update({'toetsen_per_model': toetsen}) -%}
    {%- endif -%}
    {{ return(graph.toetsen_per_model) }}
{% endmacro %}

{# An argument as dbt would hand it to the test: what is written in the yml may hold expressions. #}
{% macro ingevuld(waarde) %}
    {%- if waarde is string and '{' in waarde -%}
        {{ return(render(waarde)) }}
    {%- elif waarde is sequence and waarde is not string -%}
        {%- set lijst = [] -%}
        {%- for deel in waarde %}{% do lijst.append(ingevuld(deel)) %}{% endfor -%}
        {{ return(lijst) }}
    {%- endif -%}
    {{ return(waarde) }}
{% endmacro %}
