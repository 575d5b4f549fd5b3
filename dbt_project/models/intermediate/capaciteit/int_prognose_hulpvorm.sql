-- The forecast of int_prognose per hulpvorm of which places were delivered.
{{ prognose(
    ref('int_prognose_hulpvorm_stand'),
    ref('int_prognose_hulpvorm_uitkomst'),
    "select distinct segment from " ~ ref('int_prognose_hulpvorm_stand'),
    "select gebied_code, 'totaal:' || hulpvorm as segment, maandnr, count(*) as stand from "
    ~ ref('int_hulpvorm_stand') ~ " group by all"
) }}
