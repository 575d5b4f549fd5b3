-- Build-time rules on claim lines in their newest version. One column per rule: true = finding, false = checked and in
-- order, NULL = not checked.
-- Findings are few: what needs a comparison of lines is looked for among the few that can have one, and only those are
-- joined to the lines again. The lines themselves are read once for each question and never kept: they are wide.
with toewijzingen as (
    select
        toewijzingen.toewijzing_nr,
        jeugdigen.jeugdige_nr,
        toewijzingen.aanbieder_agb,
        toewijzingen.productcategorie,
        toewijzingen.productcode,
        toewijzingen.eenheid,
        toewijzingen.is_verwijderd,
        toewijzingen.dekt_iets,
        toewijzingen.dekt_van,
        coalesce(toewijzingen.dekt_tot, {{ zonder_einde() }}) as dekt_tot,
        toewijzingen.ingangsdatum,
        cast(toewijzingen.volume * 100 as bigint) as volume_honderdsten,
        toewijzingen.frequentie,
        toewijzingen.budget_cent
    from {{ ref('fct_toewijzingen') }} as toewijzingen
    inner join {{ ref('int_jeugdigen') }} as jeugdigen using (pseudoniem)
),

eenheden as (
    select eenheid, naar_minuten from {{ ref('stg_ref_eenheden') }}
),

kernen as not materialized (
    select
        regel_nr,
        rij_nr,
        hash(gemeente, toewijzingnummer, productperiode_begin, productperiode_eind, zorg_nr) as kern
    from {{ ref('fct_declaratieregels') }}
    where is_open
),

gedeelde_kernen as (
    {{ gedeelde_kernen('kernen') }}
),

misschien_dubbel as (
    select regel_nr, rij_nr
    from kernen
    semi join gedeelde_kernen using (kern)
),

-- the own words of the few lines that need them
bron as (
    select rij_nr, eigen_sleutel, vorig_referentienummer
    from {{ ref('stg_declaraties') }}
    semi join (
        select rij_nr
        from misschien_dubbel

        union all

        select rij_nr
        from {{ ref('int_declaratie_kern') }}
        where not is_debet and heeft_verwijzing
    ) as gevraagd using (rij_nr)
),

-- Credits with the debit they refer to, where it is known, and their order of arrival on that debit. A rejected credit
-- took nothing back.
credits as (
    select
        credit.regel_nr,
        debet.regel_nr as debet_regel_nr,
        credit.is_afgekeurd,
        row_number() over (
            partition by credit.gemeente, credit.aanbieder_agb, bron.vorig_referentienummer, credit.is_afgekeurd
            order by
                credit.eerste_leveringsmaand,
                credit.declaratiedagtekening,
                nullif(bron.eigen_sleutel, '') nulls last,
                credit.rij
        ) as volgorde,
        -- the same product_nr on the same first day is the same category, code and unit
        (
            row(
                credit.jeugdige_nr, credit.toewijzingnummer, credit.product_nr, credit.productperiode_begin,
                credit.productperiode_eind, credit.geleverd_volume, credit.producttarief_cent, credit.ingediend_bedrag_cent
            ) is distinct from row(
                debet.jeugdige_nr, debet.toewijzingnummer, debet.product_nr, debet.productperiode_begin,
                debet.productperiode_eind, debet.geleverd_volume, debet.producttarief_cent, debet.ingediend_bedrag_cent
            )
        ) as wijkt_af
    from {{ ref('int_declaratie_kern') }} as credit
    inner join bron using (rij_nr)
    left join {{ ref('int_declaratie_kern') }} as debet
        on credit.vorig_regel_nr = debet.regel_nr and debet.is_debet
    where not credit.is_debet and credit.heeft_verwijzing
),

-- The first open debit of a key stands; every later one is the double.
dubbel as (
    select regels.regel_nr
    from {{ ref('fct_declaratieregels') }} as regels
    semi join misschien_dubbel using (regel_nr)
    inner join bron using (rij_nr)
    qualify row_number() over (
        partition by
            regels.gemeente, regels.toewijzingnummer, regels.productperiode_begin, regels.productperiode_eind,
            regels.zorg_nr
        order by
            regels.eerste_leveringsmaand,
            regels.declaratiedagtekening,
            regels.aanbieder_agb,
            nullif(bron.eigen_sleutel, '') nulls last,
            regels.rij
    ) > 1
),

-- Care of a youth per month, because a productperiode is a month clipped to the allocation.
zorg_met_meer_regels as (
    select jeugdige_nr, zorg_nr, {{ maandnr('productperiode_begin') }} as maandnr
    from {{ ref('fct_declaratieregels') }}
    where is_open
    group by all
    having count(*) > 1
),

twee_aanbieders as (
    select regels.regel_nr
    from {{ ref('fct_declaratieregels') }} as regels
    inner join zorg_met_meer_regels as zorg
        on
            regels.jeugdige_nr = zorg.jeugdige_nr
            and regels.zorg_nr = zorg.zorg_nr
            and {{ maandnr('regels.productperiode_begin') }} = zorg.maandnr
    where regels.is_open
    qualify
        min(regels.aanbieder_agb) over (partition by zorg.jeugdige_nr, zorg.zorg_nr, zorg.maandnr)
        <> max(regels.aanbieder_agb) over (partition by zorg.jeugdige_nr, zorg.zorg_nr, zorg.maandnr)
),

-- Prices per product and unit over all open debits. Robust z-score: 1.4826 makes the median absolute deviation of a
-- normal distribution its standard deviation. The floor keeps a product with one price from flagging every yearly
-- indexation.
medianen as (
    select
        prijs_nr,
        median(prijs_cent) as mediaan_cent,
        {{ drempel('D28') }} * greatest(
            1.4826 * mad(prijs_cent),
            {{ instelling('prijs_minimale_spreiding_aandeel') }} * median(prijs_cent)
        ) as marge_cent
    from {{ ref('fct_declaratieregels') }}
    where is_open and prijs_nr is not null
    group by prijs_nr
    having count(*) >= {{ instelling('prijs_minimum_regels') }}
),

-- Every line beside its allocation.
op_toewijzing as not materialized (
    select
        regels.regel_nr,
        regels.levering_nr,
        regels.rij,
        regels.is_debet,
        regels.is_open,
        regels.is_bij_meer_gemeenten,
        regels.toewijzing_nr,
        regels.productperiode_begin,
        regels.prijs_cent,
        regels.prijs_nr,
        toewijzingen.is_verwijderd,
        regels.jeugdige_nr <> toewijzingen.jeugdige_nr
        or regels.aanbieder_agb <> toewijzingen.aanbieder_agb as is_van_een_ander,
        coalesce(regels.productcategorie <> toewijzingen.productcategorie, false)
        or coalesce(regels.productcode <> toewijzingen.productcode, false)
        or coalesce(
            regels.eenheid <> toewijzingen.eenheid
            and not (regels.eenheid = '01' and toewijzingen.eenheid = '04'), false
        ) as is_iets_anders,
        not toewijzingen.dekt_iets
        or regels.productperiode_begin < toewijzingen.dekt_van
        or regels.productperiode_eind > toewijzingen.dekt_tot as is_erbuiten,
        regels.telt_mee
        and not toewijzingen.is_verwijderd
        and regels.productperiode_eind >= toewijzingen.ingangsdatum as is_te_meten,
        toewijzingen.budget_cent,
        regels.netto_cent,
        case when regels.is_debet then regels.geleverd_volume else -regels.geleverd_volume end
        * case
            when toewijzingen.eenheid = regels.eenheid then 1
            else cast(geleverd.naar_minuten as double) / toegewezen.naar_minuten
        end as netto_volume,
        -- a hundredth is exact, and so is what it is compared with
        toewijzingen.volume_honderdsten
        * case toewijzingen.frequentie
            when '1' then date_diff('day', toewijzingen.ingangsdatum, regels.productperiode_eind) + 1
            when '2' then date_diff('week', toewijzingen.ingangsdatum, regels.productperiode_eind) + 1
            when '3' then date_diff('day', toewijzingen.ingangsdatum, regels.productperiode_eind) // 28 + 1
            when '4' then date_diff('month', toewijzingen.ingangsdatum, regels.productperiode_eind) + 1
            when '5' then date_diff('year', toewijzingen.ingangsdatum, regels.productperiode_eind) + 1
            when '6' then 1
        end as toegewezen_honderdsten,
        case when netto_volume is not null then toegewezen_honderdsten end as grens_honderdsten,
        is_te_meten and (toegewezen_honderdsten is not null or toewijzingen.budget_cent is not null) as is_gemeten
    from {{ ref('fct_declaratieregels') }} as regels
    left join toewijzingen on regels.toewijzing_nr = toewijzingen.toewijzing_nr
    left join eenheden as geleverd on regels.eenheid = geleverd.eenheid
    left join eenheden as toegewezen on toewijzingen.eenheid = toegewezen.eenheid
),

-- Claimed so far (debit minus credit, up to and including the productperiode of the line) against allocated up to the end
-- of that line, in the unit of the allocation. Units that cannot be converted are not compared.
te_veel as (
    select regel_nr
    from op_toewijzing
    where is_gemeten
    window tot_en_met as (partition by toewijzing_nr order by productperiode_begin)
    qualify
        is_debet
        and (
            coalesce(sum(netto_volume) over tot_en_met > grens_honderdsten / 100, false)
            or coalesce(sum(netto_cent) over tot_en_met > budget_cent, false)
        )
)

select
    regels.regel_nr,
    regels.levering_nr,
    regels.rij,
    -- D11: the debit that a credit refers to is not known
    case when credits.regel_nr is not null then credits.debet_regel_nr is null end as "D11",
    -- D12: a credit is a copy of its debit
    case when credits.debet_regel_nr is not null then credits.wijkt_af end as "D12",
    -- D13: a debit is credited once
    case when not credits.is_afgekeurd then credits.volgorde > 1 end as "D13",
    -- D16: a referentienummer of a provider belongs to one gemeente
    regels.is_bij_meer_gemeenten as "D16",
    -- D17: one open debit per allocation, productperiode and product
    case when regels.is_debet then dubbel.regel_nr is not null end as "D17",
    -- D18: no allocation with this number (a deleted one is D22)
    regels.toewijzing_nr is null as "D18",
    -- D19: youth and provider are those of the allocation
    case when not regels.is_verwijderd then regels.is_van_een_ander end as "D19",
    -- D20: category, code and unit are those of the allocation, where it has them; minutes on hours are allowed
    case when not regels.is_verwijderd then regels.is_iets_anders end as "D20",
    -- D21: every day of the productperiode lies within the allocation
    case when not regels.is_verwijderd then regels.is_erbuiten end as "D21",
    -- D22: the allocation was deleted
    regels.is_verwijderd as "D22",
    -- D23: more volume or more money than allocated
    case
        when regels.is_debet and regels.is_te_meten and coalesce(regels.grens_honderdsten, regels.budget_cent) is not null
            then te_veel.regel_nr is not null
    end as "D23",
    -- D27: two providers claim the same product for the same youth and month
    case when regels.is_debet then twee_aanbieders.regel_nr is not null end as "D27",
    -- D28: price per unit far from the median of the product
    case when regels.is_open then abs(regels.prijs_cent - medianen.mediaan_cent) > medianen.marge_cent end as "D28"
from op_toewijzing as regels
left join credits using (regel_nr)
left join te_veel using (regel_nr)
left join dubbel using (regel_nr)
left join twee_aanbieders using (regel_nr)
left join medianen using (prijs_nr)
