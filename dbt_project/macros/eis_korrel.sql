{# Post-hook of every model: hold it to its grain (the unique_combination tests in its yml) in its own transaction. A
   node of dbt costs more than the query in it, so the build leaves those tests out and counts this as their result
   (pipeline/warehouse/bouwen.py); `dbt test` still runs them one by one. #}
{% macro eis_korrel() %}
    {%- if execute -%}
        {%- set korrels = [] -%}
        {%- for node in graph.nodes.values() -%}
            {%- if node.resource_type == 'test' and node.attached_node == model.unique_id
                and node.test_metadata and node.test_metadata.name == 'unique_combination' -%}
                {%- do korrels.append([node.test_metadata.kwargs.kolommen | join(', '), node.config.where or 'true']) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for korrel, waar in korrels %}
            {{ 'select' if loop.first else ', ' }} case
                when exists (select 1 from {{ this }} where {{ waar }} group by {{ korrel }} having count(*) > 1)
                    then error('korrel van {{ this.identifier }} ({{ korrel }}) komt dubbel voor')
            end
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
