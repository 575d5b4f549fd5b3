{# Shares a whole number `totaal` (cents, or larger units) over the rows of `relatie` in proportion to `gewicht`, by
   largest remainder: parts are rounded down, and what is left goes, one by one, to the rows with the largest remainder,
   ties in order of `lid`. So the parts add up to `totaal` exactly. `totaal`, the same in every row of a `groep`, and
   `gewicht` are whole numbers; both may be negative. Gives all columns of `relatie` and `deel`, which is empty
   where the weights of a group add up to nothing (or less), or are not known. #}
{% macro grootste_rest(relatie, groep, lid, totaal, gewicht) -%}
(
    with gewogen as (
        select
            *,
            cast({{ totaal }} as hugeint) * {{ gewicht }} as maal_gewicht,
            case when sum({{ gewicht }}) over groep > 0 then cast(sum({{ gewicht }}) over groep as hugeint) end
                as som_gewicht
        from {{ relatie }}
        window groep as (partition by {{ groep | join(', ') }})
    ),

    -- the remainder of a division that rounds down, also below zero
    met_rest as (
        select *, ((maal_gewicht % som_gewicht) + som_gewicht) % som_gewicht as rest
        from gewogen
    ),

    met_volgorde as (
        select
            *,
            (maal_gewicht - rest) // som_gewicht as hele,
            row_number() over (
                partition by {{ groep | join(', ') }} order by rest desc, {{ lid }}
            ) as volgorde_rest
        from met_rest
    )

    select
        * exclude (maal_gewicht, som_gewicht, rest, hele, volgorde_rest),
        cast(
            hele + cast(
                volgorde_rest <= {{ totaal }} - sum(hele) over (partition by {{ groep | join(', ') }}) as integer
            ) as bigint
        ) as deel
    from met_volgorde
)
{%- endmacro %}
