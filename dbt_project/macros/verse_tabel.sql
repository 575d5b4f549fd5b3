{# A table made in its place, in one transaction with what is asked of it (eis_toetsen). The ordinary materialization makes
   another, renames both and drops the old one, for those who read meanwhile; nobody reads the warehouse while it is
   built. All of it goes to DuckDB as one text: every statement of its own costs dbt more than most of these queries. #}
{% materialization verse_tabel, adapter='duckdb', supported_languages=['sql'] %}
    {%- set doel = this.incorporate(type='table') -%}
    {%- set oud = load_cached_relation(doel) -%}
    {% if oud is not none and not oud.is_table %}{% do adapter.drop_relation(oud) %}{% endif %}
    {%- set maken = create_table_as(False, doel, compiled_code) -%}
    {% do adapter.add_query('drop table if exists ' ~ doel ~ '; ' ~ maken ~ ';' ~ eis_toetsen()) %}
    {% do adapter.commit() %}
    {{ store_raw_result('main', message='OK', code='OK', rows_affected=-1) }}
    {{ return({'relations': [doel]}) }}
{% endmaterialization %}
