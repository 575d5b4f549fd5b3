-- Every accepted claim line once, in its newest version: numbers only, because writing texts a million times is most of
-- what a build costs. fct_declaratieregels puts the words beside it.
with regels as not materialized (
    select rijen.*, nieuwste.* exclude (rij_nr)
    from {{ ref('stg_declaraties') }} as rijen
    inner join {{ ref('int_declaratie_regels') }} as nieuwste using (rij_nr)
),

afgekeurd_debet as (
    select regel_nr
    from regels
    where debet_credit = 'D' and status = 'afgekeurd'
),

-- debits that a credit took back; a rejected credit took nothing back
teruggenomen as (
    select distinct vorig_regel_nr as regel_nr
    from regels
    where debet_credit = 'C' and status is distinct from 'afgekeurd' and vorig_regel_nr is not null
),

toewijzingen as (
    select
        toewijzing_nr,
        gemeente,
        toewijzingnummer,
        -- a deleted allocation never existed (SPEC 7): a line on it is a line without an allocation
        case when not is_verwijderd then verwijzer_nr end as verwijzer_nr,
        case when not is_verwijderd then leveringsvorm end as leveringsvorm,
        case when not is_verwijderd then dekt_iets end as dekt_iets,
        dekt_van,
        coalesce(dekt_tot, {{ zonder_einde() }}) as dekt_tot
    from {{ ref('fct_toewijzingen') }}
)

select
    regels.regel_nr,
    regels.rij_nr,
    regels.levering_nr,
    regels.rij,
    regels.eerste_leveringsmaand,
    regels.vorig_regel_nr,
    regels.vorig_referentienummer is not null as heeft_verwijzing,
    regels.is_bij_meer_gemeenten,
    jeugdigen.jeugdige_nr,
    toewijzingen.toewijzing_nr,
    regels.toewijzingnummer,
    regels.gemeente,
    regels.aanbieder_agb,
    producten.product_nr,
    producten.contractprijs_cent,
    coalesce(toewijzingen.verwijzer_nr, 0) as verwijzer_nr,
    coalesce(toewijzingen.leveringsvorm, 'ZIN') = 'ZIN' as is_zin,
    regels.declaratiedagtekening,
    regels.productperiode_begin,
    regels.productperiode_eind,
    regels.geleverd_volume,
    regels.producttarief_cent,
    regels.ingediend_bedrag_cent,
    regels.debet_credit = 'D' as is_debet,
    coalesce(regels.status = 'afgekeurd', false) as is_afgekeurd,
    not coalesce(regels.status = 'afgekeurd', false)
    and not (regels.debet_credit = 'C' and afgekeurd_debet.regel_nr is not null) as telt_mee,
    regels.debet_credit = 'D' and (regels.status is distinct from 'afgekeurd') and teruggenomen.regel_nr is null as is_open,
    regels.debet_credit = 'D'
    and regels.declaratiedagtekening > last_day(
        {{ eerste_van_maand('regels.productperiode_eind') }}
        + to_months(cast({{ drempel('D24') }} as integer))
    ) as is_te_laat,
    -- NULL: there is no allocation
    case
        when toewijzingen.dekt_iets is not null
            then
                toewijzingen.dekt_iets
                and regels.productperiode_eind >= toewijzingen.dekt_van
                and regels.productperiode_begin <= toewijzingen.dekt_tot
    end as raakt_toewijzing
from regels
inner join {{ ref('int_declaratie_producten') }} as producten
    on
        regels.gemeente = producten.gemeente
        and regels.productcategorie is not distinct from producten.productcategorie
        and regels.productcode is not distinct from producten.productcode
        and regels.eenheid is not distinct from producten.eenheid
        and regels.productperiode_begin = producten.productperiode_begin
inner join {{ ref('int_jeugdigen') }} as jeugdigen using (pseudoniem)
left join afgekeurd_debet on regels.vorig_regel_nr = afgekeurd_debet.regel_nr
left join teruggenomen on regels.regel_nr = teruggenomen.regel_nr
left join toewijzingen
    on regels.gemeente = toewijzingen.gemeente and regels.toewijzingnummer = toewijzingen.toewijzingnummer
