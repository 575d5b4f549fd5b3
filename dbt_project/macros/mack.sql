{# Sum of DOUBLEs that is the same at every build: the last bits of a sum depend on its order, and threads do not keep one.
   Sorted as a list, because an aggregate with an order of its own takes several times the time. #}
{% macro vaste_som(getal, waar=none) -%}
    list_sum(list_sort(list({{ getal }}){{ ' filter (where ' ~ waar ~ ')' if waar }}))
{%- endmacro %}

{# How far an estimate from the expectation may be off by itself, and together with all others: as measured of estimates of that
   age. Where a levering is missing, of the part that did not come. Of `aangevuld` beside its `spreiding`. #}
{% macro afwijking_van_verwachting() -%}
    {%- set deel = "case when aangevuld.methode = 'bornhuetter_ferguson' then 1 else 1 - aangevuld.aandeel_gezien end" -%}
    case
        when aangevuld.met_verwachting and spreiding.segment is not null
            then round(aangevuld.verwacht_cent * spreiding.eigen_per_cent * power({{ deel }}, 2), 3)
        else 0
    end as variantie_cent,
    case
        when aangevuld.met_verwachting and spreiding.segment is not null
            then round(aangevuld.verwacht_cent * spreiding.gedeeld_deel * ({{ deel }}), 3)
        else 0
    end as gedeeld_cent
{%- endmacro %}

{# Variance of the parts of a sum that were taken from the expectation (int_terugblik_spreiding): each by itself, and what they
   share, which adds up before it is squared. #}
{% macro schattingsvariantie(eigen, gedeeld) -%}
    round({{ vaste_som(eigen) }} + power({{ vaste_som(gedeeld) }}, 2), 3)
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

{# The standard normal quantile of 0.90: 80 percent lies within so many standard deviations. #}
{% macro grens_in_sigma() -%}
    1.2815515655446004
{%- endmacro %}

{# Bound of 80 percent, two-sided, in cents: lognormal with the estimate as mean. `kant` is -1 (lower) or 1 (upper).
   The estimate itself when there is no variance. #}
{% macro lognormale_grens(eind_cent, variantie, kant) -%}
    {%- set log_variantie = 'ln(1 + (' ~ variantie ~ ') / power(' ~ eind_cent ~ ', 2))' -%}
    cast(round(
        case
            when {{ variantie }} > 0 and {{ eind_cent }} > 0 then {{ 'least' if kant < 0 else 'greatest' }}(
                {{ eind_cent }},
                {{ eind_cent }} * exp(
                    {{ kant }} * {{ grens_in_sigma() }} * sqrt({{ log_variantie }}) - {{ log_variantie }} / 2
                )
            )
            else {{ eind_cent }}
        end
    ) as bigint)
{%- endmacro %}
