{# A view made in its place, with what is asked of it (eis_toetsen), for the same reason as verse_tabel. #}
{% materialization verse_view, adapter='duckdb', supported_languages=['sql'] %}
    {%- set doel = this.incorporate(type='view') -%}
    {%- set oud = load_cached_relation(doel) -%}
    {% if oud is not none and not oud.is_view %}{% do adapter.drop_relation(oud) %}{% endif %}
    {% do adapter.add_query('create or replace view ' ~ doel ~ ' as (' ~ compiled_code ~ '\n);' ~ eis_toetsen()) %}
    {% do adapter.commit() %}
    {{ store_raw_result('main', message='OK', code='OK', rows_affected=-1) }}
    {{ return({'relations': [doel]}) }}
{% endmaterialization %}
