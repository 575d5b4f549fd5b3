-- Valid allocations chained into trajecten, per gebied, segment and youth (SPEC 7); still running ends at the far end.
{{ keten(
    ref('int_zorgstukken'),
    ['gebied_code', 'segment', 'jeugdige_nr'],
    instelling('traject_gat_dagen'),
    [
        'arg_min(verwijzer_groep, (dekt_van, toewijzing_nr)) as verwijzer_groep',
        'bool_or(met_verblijf) as heeft_verblijf',
        'count(*) as n_toewijzingen',
    ]
) }}
