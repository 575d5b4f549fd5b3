-- Claims with, without and outside an allocation, by the month in which the productperiode begins. Every accepted line
-- in its newest version, rejected ones too; niet_geteld is the part of them that is not in cost.
with regels as (
    select
        gemeente,
        {{ eerste_van_maand('productperiode_begin') }} as maand,
        aansluiting,
        telt_mee,
        houdt_bedrag,
        netto_cent
    from {{ ref('fct_declaratieregels') }}
),

cellen as (
    select gebieden.gebied_code as gemeente, maanden.maand
    from {{ ref('dim_gebieden') }} as gebieden
    cross join {{ ref('dim_maanden') }} as maanden
    where gebieden.gebied_soort = 'gemeente'
    union
    select gemeente, maand
    from regels
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    cellen.gemeente,
    cellen.maand,
    count(*) filter (where regels.aansluiting = 'met') as met_regels,
    count(*) filter (where regels.aansluiting = 'zonder') as zonder_regels,
    count(*) filter (where regels.aansluiting = 'buiten') as buiten_regels,
    {{ euro("coalesce(sum(regels.netto_cent) filter (regels.aansluiting = 'met'), 0)") }} as met_eur,
    {{ euro("coalesce(sum(regels.netto_cent) filter (regels.aansluiting = 'zonder'), 0)") }} as zonder_eur,
    {{ euro("coalesce(sum(regels.netto_cent) filter (regels.aansluiting = 'buiten'), 0)") }} as buiten_eur,
    count(*) filter (where not regels.telt_mee) as niet_geteld_regels,
    {{ euro("coalesce(sum(regels.netto_cent) filter (not regels.telt_mee), 0)") }} as niet_geteld_eur,
    {{ euro("coalesce(sum(regels.netto_cent) filter (regels.houdt_bedrag), 0)") }} as voorbehoud_eur
from cellen
left join regels on cellen.gemeente = regels.gemeente and cellen.maand = regels.maand
group by cellen.gemeente, cellen.maand
