-- Indicators that count trajecten which began or ended in the period. `doorstroom` exists per segment entered, not in
-- total; crisis_instroom is every traject begun in segment crisis, whatever came before.
with definities as (
    select *
    from (
        values
        ('instroom', 'instroom', null),
        ('uitstroom', 'uitstroom', null),
        ('doorstroom', 'doorstroom_in', null),
        ('crisis_instroom', 'begonnen', null),
        ('aandeel_start_crisis', 'begonnen_met_crisis', 'begonnen'),
        ('aandeel_herhaald_beroep', 'begonnen_herhaald', 'begonnen'),
        ('uithuisplaatsingen', 'uithuisplaatsing', null),
        ('aandeel_uithuisplaatsing_met_ambulant_alternatief', 'uithuisplaatsing_met_alternatief', 'uithuisplaatsing'),
        ('doorplaatsingen', 'doorplaatsing', null)
    ) as definities (indicator_id, teller_telling, noemer_telling)
),

cijfers as (
    select
        raster.indicator_id,
        raster.periode_soort,
        raster.periode,
        raster.gebied_code,
        raster.segment,
        coalesce(teller.n_trajecten, 0) as teller,
        case when definities.noemer_telling is not null then coalesce(noemer.n_trajecten, 0) end as noemer,
        definities.noemer_telling is not null as is_aandeel,
        coalesce(jeugdigen.n_jeugdigen, 0) as n_jeugdigen
    from {{ ref('int_raster') }} as raster
    inner join definities using (indicator_id)
    left join {{ ref('int_trajecten_per_periode') }} as teller
        on definities.teller_telling = teller.telling
        and raster.periode_soort = teller.periode_soort
        and raster.periode = teller.periode
        and raster.gebied_code = teller.gebied_code
        and raster.segment = teller.segment
    left join {{ ref('int_trajecten_per_periode') }} as noemer
        on definities.noemer_telling = noemer.telling
        and raster.periode_soort = noemer.periode_soort
        and raster.periode = noemer.periode
        and raster.gebied_code = noemer.gebied_code
        and raster.segment = noemer.segment
    left join {{ ref('int_jeugdigen_per_periode') }} as jeugdigen
        on definities.teller_telling = jeugdigen.telling
        and raster.periode_soort = jeugdigen.periode_soort
        and raster.periode = jeugdigen.periode
        and raster.gebied_code = jeugdigen.gebied_code
        and raster.segment = jeugdigen.segment
    where not (raster.indicator_id = 'doorstroom' and raster.segment = 'totaal')
)

select
    indicator_id,
    periode_soort,
    periode,
    gebied_code,
    segment,
    cast(teller as decimal(18, 2)) as teller,
    cast(noemer as decimal(18, 2)) as noemer,
    cast(case when is_aandeel then teller / nullif(noemer, 0) else teller end as double) as waarde,
    n_jeugdigen,
    'toewijzingen' as dekking_bericht
from cijfers
