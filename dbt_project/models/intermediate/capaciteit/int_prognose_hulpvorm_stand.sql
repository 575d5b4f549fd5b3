-- Who had a place of a hulpvorm on the last day of every month, as it was known then (as int_prognose_stand has segments); of
-- the hulpvormen of which places were delivered. The segment of such a row is `totaal:<hulpvorm>`.
{{ prognose_stand(
    "'totaal:' || coalesce(producten.hulpvorm, categorieen.cbs_hulpvorm, 'geen')",
    "(select 'totaal:' || hulpvorm from " ~ ref('int_plekken_maand') ~ ")"
) }}
