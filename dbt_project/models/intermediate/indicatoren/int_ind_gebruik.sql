-- Indicators that count youths: how many are in care, in what, and as a share of whom.
-- A figure that divides by inhabitants counts youths of 0-17 only (SPEC 7).
with definities as (
    select *
    from (
        values
        ('jeugdigen_in_zorg', 'zorg', null, null),
        ('aandeel_jeugdigen_in_zorg', 'zorg_0_17', 'inwoners_0_17', null),
        ('jeugdigen_ambulant', 'ambulant', null, null),
        ('jeugdigen_met_verblijf', 'verblijf', null, null),
        ('aandeel_gezinsgericht_smal', 'gezinsgericht_smal', 'verblijf', 'totaal'),
        ('aandeel_gezinsgericht_breed', 'gezinsgericht_breed', 'verblijf', 'totaal'),
        ('jeugdigen_jeugdbescherming', 'zorg_0_17', 'inwoners_0_17', null),
        ('jeugdigen_jeugdreclassering', 'zorg', 'zorg', 'totaal'),
        ('aandeel_verlengde_jeugdhulp', 'zorg_18_22', 'zorg', null),
        ('jeugdigen_jeugdzorgplus', 'jeugdzorgplus', null, null),
        ('stand', 'stand', null, null)
    ) as definities (indicator_id, teller_telling, noemer_telling, noemer_segment)
),

cijfers as (
    select
        raster.indicator_id,
        raster.periode_soort,
        raster.periode,
        raster.gebied_code,
        raster.segment,
        coalesce(teller.n_jeugdigen, 0) as teller,
        case
            when definities.noemer_telling = 'inwoners_0_17' then inwoners.inwoners_0_17
            when definities.noemer_telling is not null then coalesce(noemer.n_jeugdigen, 0)
        end as noemer,
        definities.noemer_telling is not null as is_aandeel
    from {{ ref('int_raster') }} as raster
    inner join definities using (indicator_id)
    left join {{ ref('int_inwoners') }} as inwoners
        on raster.gebied_code = inwoners.gebied_code and year(raster.periode) = inwoners.jaar
    left join {{ ref('int_jeugdigen_per_periode') }} as teller
        on definities.teller_telling = teller.telling
        and raster.periode_soort = teller.periode_soort
        and raster.periode = teller.periode
        and raster.gebied_code = teller.gebied_code
        and raster.segment = teller.segment
    left join {{ ref('int_jeugdigen_per_periode') }} as noemer
        on definities.noemer_telling = noemer.telling
        and raster.periode_soort = noemer.periode_soort
        and raster.periode = noemer.periode
        and raster.gebied_code = noemer.gebied_code
        and coalesce(definities.noemer_segment, raster.segment) = noemer.segment
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
    cast(teller as bigint) as n_jeugdigen,
    'toewijzingen' as dekking_bericht
from cijfers
