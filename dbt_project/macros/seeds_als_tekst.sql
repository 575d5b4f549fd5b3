{# Seeds keep every cell as text, so that codes keep their zeros; the stg_ref_ views give types. Empty is NULL.
   Overrides of the steps of dbt's seed materialization. The table is filled where it is made: dbt itself would fill only
   one with rows, by its own count. #}
{% macro duckdb__create_csv_table(model, agate_table) %}
    {# a line that begins with # is for people (domain/seedbestand.py, which also holds rows to their number of cells) #}
    {% set kolommen = agate_table.column_names %}
    {% set sql %}
        create table {{ this.render() }} (
            {%- for k in kolommen %}{{ adapter.quote(k) }} varchar{{ ", " if not loop.last }}{% endfor -%}
        );
        insert into {{ this.render() }}
        select * from read_csv(
            '{{ adapter.get_seed_file_path(model) | replace("'", "''") }}',
            columns = { {%- for k in kolommen %}'{{ k }}': 'varchar'{{ ", " if not loop.last }}{% endfor -%} },
            header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = '',
            encoding = 'utf-8', null_padding = true, parallel = false
        )
        where not starts_with(coalesce({{ adapter.quote(kolommen[0]) }}, ''), '#')
    {% endset %}
    {% do adapter.add_query(sql) %}
    {{ return(sql) }}
{% endmacro %}

{% macro duckdb__load_csv_rows(model, agate_table) %}
    {{ return('') }}
{% endmacro %}

{# The table is made anew every time: a seed that gained a column would not fit the old one. #}
{% macro duckdb__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {% do adapter.drop_relation(old_relation) %}
    {{ return(create_csv_table(model, agate_table)) }}
{% endmacro %}

{# dbt writes the statements it ran to target/run/<project>/<path of the node>. The seeds lie outside the project, and
   with an absolute path that is the seed file itself: it would be overwritten. So this one does not write.
   tests/dbt/test_dbt_project.py holds it to that. Only the seed materialization calls it. #}
{% macro noop_statement(name=none, message=none, code=none, rows_affected=none, res=none) -%}
    {%- set _sql = caller() -%}
    {%- if name is not none -%}
        {{ store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) }}
    {%- endif -%}
{%- endmacro %}
