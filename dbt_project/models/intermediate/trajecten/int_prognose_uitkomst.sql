-- Of those who had a place on the last day of a month (the origin): how many by product and by what was planned for
-- `vooruit` months later, and how many had one then, as it is known now (a month to come: what is known of it, of no use).
{{ prognose_uitkomst(
    ref('int_prognose_stand'),
    "select distinct gebied_code, segment, jeugdige_nr, unnest(range(van, tot + 1)) as maandnr from "
    ~ ref('int_jeugdmaanden') ~ " where telling = 'stand' and segment in ('verblijf', 'wonen')"
) }}
