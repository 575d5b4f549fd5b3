-- Build-time rules on claim lines in their newest version. One column per rule: true = finding, false = checked and in
-- order, NULL = not checked. A line is `open` when it is a debit, not rejected and not credited.
with regels as (
    select * from {{ ref('fct_declaratieregels') }}
),

toewijzingen as (
    select toewijzingen.*, jeugdigen.jeugdige_nr
    from {{ ref('fct_toewijzingen') }} as toewijzingen
    inner join {{ ref('int_jeugdigen') }} as jeugdigen using (pseudoniem)
),

eenheden as (
    select eenheid, naar_minuten from {{ ref('stg_ref_eenheden') }}
),

-- Credits with the debit they refer to, where it is known, and their order of arrival on that debit. A rejected credit
-- took nothing back.
credits as (
    select
        credit.regel_nr,
        debet.regel_nr as debet_regel_nr,
        credit.is_afgekeurd,
        row_number() over (
            partition by credit.gemeente, credit.aanbieder_agb, credit.vorig_referentienummer, credit.is_afgekeurd
            order by credit.eerste_leveringsmaand, credit.declaratiedagtekening, credit.referentienummer
        ) as volgorde,
        row(
            credit.jeugdige_nr, credit.toewijzingnummer, credit.productcategorie, credit.productcode,
            credit.productperiode_begin, credit.productperiode_eind, credit.geleverd_volume, credit.eenheid,
            credit.producttarief_cent, credit.ingediend_bedrag_cent
        ) is distinct from row(
            debet.jeugdige_nr, debet.toewijzingnummer, debet.productcategorie, debet.productcode,
            debet.productperiode_begin, debet.productperiode_eind, debet.geleverd_volume, debet.eenheid,
            debet.producttarief_cent, debet.ingediend_bedrag_cent
        ) as wijkt_af
    from regels as credit
    left join regels as debet
        on
            credit.gemeente = debet.gemeente
            and credit.aanbieder_agb = debet.aanbieder_agb
            and credit.vorig_referentienummer = debet.referentienummer
            and debet.debet_credit = 'D'
    where credit.debet_credit = 'C' and credit.vorig_referentienummer is not null
),

bij_meer_gemeenten as (
    select aanbieder_agb, referentienummer
    from regels
    group by all
    having min(gemeente) <> max(gemeente)
),

open_debet as (
    select regels.*
    from regels
    anti join (select debet_regel_nr from credits where not is_afgekeurd) as teruggenomen
        on regels.regel_nr = teruggenomen.debet_regel_nr
    where regels.debet_credit = 'D' and not regels.is_afgekeurd
),

dubbele_sleutels as (
    select gemeente, toewijzingnummer, productperiode_begin, productperiode_eind, productcategorie, productcode
    from open_debet
    group by all
    having count(*) > 1
),

-- The first open debit of a key stands; every later one is the double.
dubbel as (
    select regel_nr
    from open_debet
    semi join dubbele_sleutels
        using (gemeente, toewijzingnummer, productperiode_begin, productperiode_eind, productcategorie, productcode)
    qualify row_number() over (
        partition by
            gemeente, toewijzingnummer, productperiode_begin, productperiode_eind, productcategorie, productcode
        order by eerste_leveringsmaand, declaratiedagtekening, aanbieder_agb, referentienummer
    ) > 1
),

-- Per month, because a productperiode is a month clipped to the allocation.
zorg_bij_meer_aanbieders as (
    select jeugdige_nr, productcategorie, productcode, date_trunc('month', productperiode_begin) as maand
    from open_debet
    group by all
    having min(aanbieder_agb) <> max(aanbieder_agb)
),

twee_aanbieders as (
    select open_debet.regel_nr
    from open_debet
    semi join zorg_bij_meer_aanbieders as zorg
        on
            open_debet.jeugdige_nr = zorg.jeugdige_nr
            and open_debet.productcategorie = zorg.productcategorie
            and open_debet.productcode = zorg.productcode
            and date_trunc('month', open_debet.productperiode_begin) = zorg.maand
),

-- Prices per product and unit over all open debits: the tariff, or what was paid per unit where none is given. Unit 83
-- has no price (its volume is the amount).
prijzen as (
    select
        productcode,
        eenheid,
        regel_nr,
        coalesce(
            cast(producttarief_cent as double),
            ingediend_bedrag_cent / nullif(cast(geleverd_volume as double), 0)
        ) as prijs_cent
    from open_debet
    where eenheid <> '83'
),

medianen as (
    select productcode, eenheid, median(prijs_cent) as mediaan_cent, mad(prijs_cent) as mad_cent
    from prijzen
    group by all
    having count(*) >= {{ instelling('prijs_minimum_regels') }}
),

-- Robust z-score: 1.4826 makes the median absolute deviation of a normal distribution its standard deviation. The
-- floor keeps a product with one price from flagging every yearly indexation.
prijsafwijkingen as (
    select
        prijzen.regel_nr,
        abs(prijzen.prijs_cent - medianen.mediaan_cent)
        > {{ drempel('D28') }} * greatest(
            1.4826 * medianen.mad_cent,
            {{ instelling('prijs_minimale_spreiding_aandeel') }} * medianen.mediaan_cent
        ) as wijkt_af
    from prijzen
    inner join medianen using (productcode, eenheid)
),

-- Claimed so far (debit minus credit, up to and including the productperiode of the line) against allocated up to the
-- end of that line, in the unit of the allocation. Units that cannot be converted are not compared.
op_toewijzing as (
    select
        regels.regel_nr,
        regels.toewijzing_nr,
        regels.debet_credit,
        regels.productperiode_begin,
        regels.netto_cent,
        toewijzingen.budget_cent,
        case when regels.debet_credit = 'C' then -regels.geleverd_volume else regels.geleverd_volume end
        * case
            when toewijzingen.eenheid = regels.eenheid then 1
            else cast(geleverd.naar_minuten as double) / toegewezen.naar_minuten
        end as netto_volume,
        toewijzingen.volume
        * case toewijzingen.frequentie
            when '1' then date_diff('day', toewijzingen.ingangsdatum, regels.productperiode_eind) + 1
            when '2' then date_diff('week', toewijzingen.ingangsdatum, regels.productperiode_eind) + 1
            when '3' then date_diff('day', toewijzingen.ingangsdatum, regels.productperiode_eind) // 28 + 1
            when '4' then date_diff('month', toewijzingen.ingangsdatum, regels.productperiode_eind) + 1
            when '5' then date_diff('year', toewijzingen.ingangsdatum, regels.productperiode_eind) + 1
            when '6' then 1
        end as toegewezen_volume
    from regels
    inner join toewijzingen on regels.toewijzing_nr = toewijzingen.toewijzing_nr
    left join eenheden as geleverd on regels.eenheid = geleverd.eenheid
    left join eenheden as toegewezen on toewijzingen.eenheid = toegewezen.eenheid
    where
        regels.telt_mee
        and not toewijzingen.is_verwijderd
        and regels.productperiode_eind >= toewijzingen.ingangsdatum
),

verbruik as (
    select
        regel_nr,
        debet_credit,
        budget_cent,
        case when netto_volume is not null then toegewezen_volume end as toegewezen_volume,
        sum(netto_volume) over tot_en_met as gedeclareerd_volume,
        sum(netto_cent) over tot_en_met as gedeclareerd_cent
    from op_toewijzing
    where toegewezen_volume is not null or budget_cent is not null
    window tot_en_met as (partition by toewijzing_nr order by productperiode_begin)
)

select
    regels.regel_nr,
    regels.levering_id,
    regels.rij,
    -- D11: the debit that a credit refers to is not known
    case when credits.regel_nr is not null then credits.debet_regel_nr is null end as "D11",
    -- D12: a credit is a copy of its debit
    case when credits.debet_regel_nr is not null then credits.wijkt_af end as "D12",
    -- D13: a debit is credited once
    case when not credits.is_afgekeurd then credits.volgorde > 1 end as "D13",
    -- D16: a referentienummer of a provider belongs to one gemeente
    bij_meer_gemeenten.referentienummer is not null as "D16",
    -- D17: one open debit per allocation, productperiode and product
    case when regels.debet_credit = 'D' then dubbel.regel_nr is not null end as "D17",
    -- D18: no allocation with this number (a deleted one is D22)
    regels.toewijzing_nr is null as "D18",
    -- D19: youth and provider are those of the allocation
    case
        when not toewijzingen.is_verwijderd
            then
                regels.jeugdige_nr <> toewijzingen.jeugdige_nr
                or regels.aanbieder_agb <> toewijzingen.aanbieder_agb
    end as "D19",
    -- D20: category, code and unit are those of the allocation, where it has them; minutes on hours are allowed
    case
        when not toewijzingen.is_verwijderd
            then
                coalesce(regels.productcategorie <> toewijzingen.productcategorie, false)
                or coalesce(regels.productcode <> toewijzingen.productcode, false)
                or coalesce(
                    regels.eenheid <> toewijzingen.eenheid
                    and not (regels.eenheid = '01' and toewijzingen.eenheid = '04'), false
                )
    end as "D20",
    -- D21: every day of the productperiode lies within the allocation
    case
        when not toewijzingen.is_verwijderd
            then
                not toewijzingen.dekt_iets
                or regels.productperiode_begin < toewijzingen.dekt_van
                or regels.productperiode_eind > coalesce(toewijzingen.dekt_tot, date '9999-12-31')
    end as "D21",
    -- D22: the allocation was deleted
    toewijzingen.is_verwijderd as "D22",
    -- D23: more volume or more money than allocated
    case
        when verbruik.debet_credit = 'D' and coalesce(verbruik.toegewezen_volume, verbruik.budget_cent) is not null
            then
                coalesce(verbruik.gedeclareerd_volume > verbruik.toegewezen_volume, false)
                or coalesce(verbruik.gedeclareerd_cent > verbruik.budget_cent, false)
    end as "D23",
    -- D27: two providers claim the same product for the same youth and month
    case when regels.debet_credit = 'D' then twee_aanbieders.regel_nr is not null end as "D27",
    -- D28: price per unit far from the median of the product
    prijsafwijkingen.wijkt_af as "D28"
from regels
left join credits using (regel_nr)
left join bij_meer_gemeenten using (aanbieder_agb, referentienummer)
left join dubbel using (regel_nr)
left join verbruik using (regel_nr)
left join prijsafwijkingen using (regel_nr)
left join twee_aanbieders using (regel_nr)
left join toewijzingen on regels.toewijzing_nr = toewijzingen.toewijzing_nr
