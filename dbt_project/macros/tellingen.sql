{# What an indicator counts (`telt` and `telt_per` of ref_indicatoren): <kind>:<telling>, and :totaal where the denominator
   is counted over all segments instead of in that of the figure. The kind says which model counts. Add a telling here when
   a model counts one more: a name that no model counts would be zero everywhere, without a word
   (tests/dbt/test_tellingen.py holds this list to what the models count). #}
{% macro tellingen() %}
    {{ return({
        'jeugdigen': [
            'zorg', 'zorg_0_17', 'zorg_18_22', 'stand', 'ambulant', 'verblijf', 'jeugdzorgplus', 'gezinsgericht_smal',
            'gezinsgericht_breed',
        ],
        'trajecten': [
            'begonnen', 'begonnen_met_crisis', 'begonnen_herhaald', 'beeindigd', 'instroom', 'uitstroom', 'doorstroom_in',
            'doorstroom_uit', 'uithuisplaatsing', 'uithuisplaatsing_met_alternatief', 'doorplaatsing',
        ],
        'dagen': ['verblijf_met_ambulant', 'verblijf_na_behandeling', 'verblijfsdagen'],
        'kosten': ['alle', 'zin', 'partner', 'zonder_contract', 'top10', 'top1pct', 'top15pct'],
        'jeugdigen_met_kosten': ['alle', 'zin', 'partner', 'zonder_contract', 'top10'],
        'inwoners': ['0_17'],
        'dossiers': ['uithuisplaatsing', 'zestien_plus'],
        'dossiers_met_feit': ['uithuisplaatsing', 'zestien_plus'],
    }) }}
{% endmacro %}

{# Every <kind>:<telling>, as a list for `in`. #}
{% macro bekende_tellingen() -%}
    (
        {%- for soort, namen in tellingen().items() -%}
            {%- set buitenste = loop -%}
            {%- for naam in namen -%}
                '{{ soort }}:{{ naam }}'{{ '' if loop.last and buitenste.last else ', ' }}
            {%- endfor -%}
        {%- endfor -%}
    )
{%- endmacro %}

{# Relation with the indicators whose numerator is of these kinds: indicator_id, soort, telling, and of the denominator
   noemer_soort, noemer_telling, noemer_segment (NULL without one). #}
{% macro getelde_indicatoren(soorten) %}
(
    select
        indicator_id,
        split_part(telt, ':', 1) as soort,
        split_part(telt, ':', 2) as telling,
        split_part(telt_per, ':', 1) as noemer_soort,
        split_part(telt_per, ':', 2) as noemer_telling,
        nullif(split_part(telt_per, ':', 3), '') as noemer_segment
    from {{ ref('stg_ref_indicatoren') }}
    where split_part(telt, ':', 1) in ('{{ soorten | join("', '") }}')
)
{% endmacro %}
