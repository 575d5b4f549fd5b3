-- Every accepted claim line once, in its newest version, with what it is (product), whom it belongs to (allocation)
-- and whether it counts in cost.
with regels as (
    select
        rijen.*,
        nieuwste.regel_nr,
        nieuwste.eerste_leveringsmaand
    from {{ ref('stg_declaraties') }} as rijen
    inner join {{ ref('int_declaratie_regels') }} as nieuwste using (rij_nr)
),

afgekeurd_debet as (
    select gemeente, aanbieder_agb, referentienummer
    from regels
    where debet_credit = 'D' and status = 'afgekeurd'
),

-- A deleted allocation never existed (SPEC 7): a line on it is a line without an allocation.
toewijzingen as (
    select
        toewijzing_nr,
        gemeente,
        toewijzingnummer,
        not is_verwijderd as is_bekend,
        case when not is_verwijderd then verwijzer_groep end as verwijzer_groep,
        case when not is_verwijderd then leveringsvorm end as leveringsvorm,
        dekt_van,
        dekt_tot,
        dekt_iets
    from {{ ref('fct_toewijzingen') }}
)

select
    regels.regel_nr,
    jeugdigen.jeugdige_nr,
    toewijzingen.toewijzing_nr,
    regels.gemeente,
    regels.aanbieder_agb,
    regels.referentienummer,
    regels.vorig_referentienummer,
    regels.levering_id,
    regels.rij,
    regels.eerste_leveringsmaand,
    regels.toewijzingnummer,
    regels.declaratiedagtekening,
    regels.productperiode_begin,
    regels.productperiode_eind,
    regels.productcategorie,
    regels.productcode,
    producten.segment,
    producten.is_segment_fallback,
    producten.hulpvorm,
    producten.is_ambulant_alternatief,
    coalesce(toewijzingen.verwijzer_groep, 'onbekend') as verwijzer_groep,
    toewijzingen.leveringsvorm,
    regels.geleverd_volume,
    regels.eenheid,
    regels.producttarief_cent,
    regels.debet_credit,
    regels.status,
    regels.ingediend_bedrag_cent,
    case when regels.debet_credit = 'C' then -regels.ingediend_bedrag_cent else regels.ingediend_bedrag_cent end
        as netto_cent,
    coalesce(regels.status = 'afgekeurd', false) as is_afgekeurd,
    not coalesce(regels.status = 'afgekeurd', false)
    and not (regels.debet_credit = 'C' and afgekeurd_debet.referentienummer is not null) as telt_mee,
    regels.debet_credit = 'D'
    and regels.declaratiedagtekening > last_day(
        cast(date_trunc('month', regels.productperiode_eind) as date)
        + to_months(cast({{ drempel('D24') }} as integer))
    ) as is_te_laat,
    case
        when toewijzingen.is_bekend is distinct from true then 'zonder'
        when
            toewijzingen.dekt_iets
            and regels.productperiode_eind >= toewijzingen.dekt_van
            and regels.productperiode_begin <= coalesce(toewijzingen.dekt_tot, date '9999-12-31')
            then 'met'
        else 'buiten'
    end as aansluiting
from regels
inner join {{ ref('int_declaratie_producten') }} as producten
    on
        regels.gemeente = producten.gemeente
        and regels.productcategorie is not distinct from producten.productcategorie
        and regels.productcode is not distinct from producten.productcode
        and regels.productperiode_begin = producten.productperiode_begin
inner join {{ ref('int_jeugdigen') }} as jeugdigen using (pseudoniem)
left join afgekeurd_debet
    on
        regels.gemeente = afgekeurd_debet.gemeente
        and regels.aanbieder_agb = afgekeurd_debet.aanbieder_agb
        and regels.vorig_referentienummer = afgekeurd_debet.referentienummer
left join toewijzingen
    on regels.gemeente = toewijzingen.gemeente and regels.toewijzingnummer = toewijzingen.toewijzingnummer
