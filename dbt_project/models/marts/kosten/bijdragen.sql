-- What every gemeente of the regio pays of fixed amounts, by inhabitants: every part rounded on its own (half up), as
-- policy papers do, and closing by largest remainder. All in whole cents and whole units of rounding: nothing drifts.
with leden as (
    select
        bijdragen.bijdrage_id,
        bijdragen.omschrijving,
        bijdragen.inwoners_jaar,
        cast(bijdragen.bedrag_eur * 100 as bigint) as totaal_cent,
        cast(bijdragen.afronding_eur * 100 as bigint) as afronding_cent,
        gemeenten.gemeente,
        coalesce(inwoners.inwoners, 0) as inwoners
    from {{ ref('stg_ref_bijdragen') }} as bijdragen
    inner join {{ ref('stg_ref_gemeenten') }} as gemeenten
        on
            gemeenten.geldig_van <= make_date(bijdragen.inwoners_jaar, 1, 1)
            and coalesce(gemeenten.geldig_tot, {{ zonder_einde() }}) >= make_date(bijdragen.inwoners_jaar, 1, 1)
    left join {{ ref('stg_ref_inwoners') }} as inwoners on gemeenten.gemeente = inwoners.gemeente
    -- of a year without figures those of the last year before it, else of the first after it
    qualify row_number() over (
        partition by bijdragen.bijdrage_id, gemeenten.gemeente
        order by (inwoners.jaar <= bijdragen.inwoners_jaar) desc, abs(inwoners.jaar - bijdragen.inwoners_jaar)
    ) = 1
),

in_eenheden as (
    select *, totaal_cent // afronding_cent as totaal_eenheden
    from leden
),

verdeeld as (
    select
        *,
        nullif(sum(inwoners) over (partition by bijdrage_id), 0) as inwoners_totaal
    from {{ grootste_rest('in_eenheden', ['bijdrage_id'], 'gemeente', 'totaal_eenheden', 'inwoners') }}
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    bijdrage_id,
    gemeente,
    omschrijving,
    {{ euro('totaal_cent') }} as totaal_eur,
    inwoners_jaar,
    inwoners,
    inwoners / inwoners_totaal as sleutel_aandeel,
    {{ euro('afronding_cent') }} as afronding_eur,
    -- half up in whole numbers: (2 x part + 1 unit) / 2 units, rounded down
    {{ euro(
        '(2 * cast(totaal_cent as hugeint) * inwoners + inwoners_totaal * afronding_cent)'
        ~ ' // (2 * inwoners_totaal * afronding_cent) * afronding_cent'
    ) }} as bedrag_eur,
    {{ euro('deel * afronding_cent') }} as bedrag_sluitend_eur
from verdeeld
