-- What became of those of int_prognose_hulpvorm_stand, as int_prognose_uitkomst.
{{ prognose_uitkomst(
    ref('int_prognose_hulpvorm_stand'),
    "select gebied_code, 'totaal:' || hulpvorm as segment, jeugdige_nr, maandnr from " ~ ref('int_hulpvorm_stand')
) }}
