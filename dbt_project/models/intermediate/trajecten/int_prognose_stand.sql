-- Who had a place (segment verblijf or wonen) on the last day of every month, as it was known then: by the newest version
-- of every allocation issued up to that day. `gepland_tot` is the end that version gave, far away when it gave none. What a
-- forecast of that day could have started from.
{{ prognose_stand(
    "coalesce(producten.segment, categorieen.segment_fallback, 'onbekend')",
    "('verblijf', 'wonen')"
) }}
