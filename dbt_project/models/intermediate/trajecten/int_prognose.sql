-- The forecast from every month as origin, made with nothing that was not known then: who keeps a place (by what was planned
-- and how that turned out for origins whose outcome was known, per product, drawn to the segment where a product has
-- few), plus who will come in (the average of the last origins). Bounds of 80 percent: keeping a place is a toss per youth,
-- inflow spreads as it did. Months without a levering teach nothing, and a gebied that did not deliver gets no forecast.
{{ prognose(
    ref('int_prognose_stand'),
    ref('int_prognose_uitkomst'),
    "values ('verblijf'), ('wonen')",
    "select gebied_code, segment, " ~ maandnr('periode') ~ " as maandnr, n_jeugdigen as stand from "
    ~ ref('int_jeugdigen_per_periode')
    ~ " where telling = 'stand' and periode_soort = 'maand' and segment in ('verblijf', 'wonen')"
) }}
