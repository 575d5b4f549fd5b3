{# A table made in its place, in one transaction with what is asked of it. The ordinary materialization makes another,
   renames both and drops the old one, for those who read meanwhile; nobody reads the warehouse while it is built. #}
{% materialization verse_tabel, adapter='duckdb', supported_languages=['sql'] %}
    {%- set doel = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {% do drop_relation_if_exists(load_cached_relation(doel)) %}
    {% call statement('main') -%}
        {{ create_table_as(False, doel, compiled_code) }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [doel]}) }}
{% endmaterialization %}
