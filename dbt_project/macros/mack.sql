{# Sum of DOUBLEs that is the same at every build: the last bits of a sum depend on its order, and threads do not keep one.
   Sorted as a list, because an aggregate with an order of its own takes several times the time. #}
{% macro vaste_som(getal, waar=none) -%}
    list_sum(list_sort(list({{ getal }}){{ ' filter (where ' ~ waar ~ ')' if waar }}))
{%- endmacro %}

{# Mack's variance (Mack 1993) of expected final amounts that share development factors: per delay still to come, the
   spread of the claims themselves and that of the factor. `open_cent`: the final amounts to which the factor of that
   delay still applies, added up over everything whose joint variance is asked. Aggregates over the delays. #}
{% macro mack_variantie(open_cent) -%}
    {%- set deel -%}
        factoren.sigma_kwadraat / power(factoren.ontwikkelfactor, 2) * (
            greatest({{ open_cent }}, 0) * factoren.factor_tot_eind + power({{ open_cent }}, 2) / factoren.basis_cent
        )
    {%- endset -%}
    round({{ vaste_som(deel) }}, 3)
{%- endmacro %}

{# Bound of 80 percent, two-sided, in cents: lognormal with the estimate as mean. `kant` is -1 (lower) or 1 (upper).
   1.2815515655446004 is the standard normal quantile of 0.90. The estimate itself when there is no variance. #}
{% macro lognormale_grens(eind_cent, variantie, kant) -%}
    {%- set log_variantie = 'ln(1 + (' ~ variantie ~ ') / power(' ~ eind_cent ~ ', 2))' -%}
    cast(round(
        case
            when {{ variantie }} > 0 and {{ eind_cent }} > 0 then {{ 'least' if kant < 0 else 'greatest' }}(
                {{ eind_cent }},
                {{ eind_cent }} * exp(
                    {{ kant }} * 1.2815515655446004 * sqrt({{ log_variantie }}) - {{ log_variantie }} / 2
                )
            )
            else {{ eind_cent }}
        end
    ) as bigint)
{%- endmacro %}
