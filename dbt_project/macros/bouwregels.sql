{# The build-time rules and the model that evaluates each: one column per rule there. A test holds this list against
   seeds/ref_regels.csv (deur = bouw), both ways. `bericht` none: the model says per row which bericht it is about. #}
{% macro bouwregels() %}
    {{ return([
        {'model': 'int_bevindingen_leveringen', 'bericht': none, 'regels': ['L12', 'L13', 'L14']},
        {'model': 'int_bevindingen_vergelijking', 'bericht': none, 'regels': ['L16', 'L17']},
        {'model': 'int_bevindingen_verklaringen', 'bericht': none, 'regels': ['L18']},
        {'model': 'int_bevindingen_vergelijking', 'bericht': 'declaraties', 'regels': ['D35']},
        {'model': 'int_bevindingen_historie', 'bericht': 'declaraties', 'regels': ['D33', 'D34']},
        {'model': 'int_bevindingen_toewijzing_rijen', 'bericht': 'toewijzingen',
         'regels': ['T10', 'T11', 'T12']},
        {'model': 'int_bevindingen_standen', 'bericht': 'toewijzingen', 'regels': ['T26']},
        {'model': 'int_bevindingen_toewijzing_eerste', 'bericht': 'toewijzingen', 'regels': ['T23', 'T24', 'T25']},
        {'model': 'int_bevindingen_toewijzingen', 'bericht': 'toewijzingen', 'regels': ['T19', 'T27']},
        {'model': 'int_bevindingen_volume', 'bericht': 'toewijzingen', 'regels': ['T33']},
        {'model': 'int_bevindingen_voorbehoud', 'bericht': 'declaraties', 'regels': ['D36', 'D37', 'D38']},
        {'model': 'int_bevindingen_dossierfeiten', 'bericht': 'dossierfeiten', 'regels': ['F05', 'F06', 'F07', 'F08']},
        {'model': 'int_bevindingen_declaratie_rijen', 'bericht': 'declaraties', 'regels': ['D15', 'D26']},
        {'model': 'int_bevindingen_declaraties', 'bericht': 'declaraties',
         'regels': ['D11', 'D12', 'D13', 'D16', 'D17', 'D18', 'D19', 'D20', 'D21', 'D22', 'D23', 'D27', 'D28']},
    ]) }}
{% endmacro %}
