-- Stays: allocations with verblijf, whatever their segment, chained per gebied and youth as trajecten are.
{{ keten(
    "(select * from " ~ ref('int_zorgstukken') ~ " where segment = 'totaal' and met_verblijf)",
    ['gebied_code', 'jeugdige_nr'],
    instelling('traject_gat_dagen')
) }}
