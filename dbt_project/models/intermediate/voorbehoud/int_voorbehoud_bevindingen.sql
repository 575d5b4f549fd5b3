-- Claim lines under a rule that holds back (gevolg = voorbehoud), each with the levering it is a finding of, and whether
-- an explanation holds. A debit and the credits that name it are under reserve together or not at all: when one of them
-- cannot be right, under the finding of the debit, or of the heaviest credit where nothing is wrong with the debit. A credit
-- whose debit is not known is judged by itself.
-- An explanation speaks about so many rows of so much money: when the rows under that rule (of that provider) are others,
-- it has lapsed by itself. A pair of debit and credit that cancels weighs nothing and is asked of nobody.
with eigen as materialized (
    select * from {{ ref('int_voorbehoud_toets') }}
    where kan_niet
),

credits as (
    select credit.regel_nr, debet.regel_nr as debet_nr
    from {{ ref('int_declaratie_kern') }} as credit
    inner join {{ ref('int_declaratie_kern') }} as debet on credit.vorig_regel_nr = debet.regel_nr
    where not credit.is_debet and credit.telt_mee and debet.is_debet
),

-- per debit with its credits the line whose test decides
beslissers as (
    select
        coalesce(credits.debet_nr, eigen.regel_nr) as paar_nr,
        arg_max(
            eigen.regel_nr,
            -- of equals it does not matter which: they give the same finding
            (
                credits.debet_nr is null, kern.ingediend_bedrag_cent, kern.eerste_leveringsmaand, eigen.regel_code,
                coalesce(eigen.verhouding, 0)
            )
        ) as beslist_door_nr
    from eigen
    inner join {{ ref('int_declaratie_kern') }} as kern on eigen.regel_nr = kern.regel_nr
    left join credits on eigen.regel_nr = credits.regel_nr
    group by paar_nr
),

beslist as (
    select paar_nr as regel_nr, beslist_door_nr
    from beslissers

    union all

    select credits.regel_nr, beslissers.beslist_door_nr
    from credits
    inner join beslissers on credits.debet_nr = beslissers.paar_nr
),

geraakt as (
    select
        beslist.*,
        regels.is_debet,
        regels.ingediend_bedrag_cent,
        eigen.regel_code,
        eigen.alleen_volume,
        eigen.volume_af,
        eigen.verhouding,
        eigen.hersteld_cent as hersteld_debet_cent
    from beslist
    inner join {{ ref('int_declaratie_kern') }} as regels on beslist.regel_nr = regels.regel_nr
    inner join eigen on beslist.beslist_door_nr = eigen.regel_nr
),

met_bron as (
    select
        geraakt.*,
        bron.gemeente,
        bron.aanbieder_agb,
        bron.eerste_leveringsmaand as maand,
        toets.hersteld_cent,
        sum(case when geraakt.is_debet then geraakt.ingediend_bedrag_cent else -geraakt.ingediend_bedrag_cent end)
            over (partition by geraakt.beslist_door_nr) as paar_cent,
        count(*) over (partition by geraakt.beslist_door_nr) as n_paar
    from geraakt
    inner join {{ ref('int_declaratie_kern') }} as bron on geraakt.beslist_door_nr = bron.regel_nr
    inner join {{ ref('int_voorbehoud_toets') }} as toets on geraakt.regel_nr = toets.regel_nr
),

met_gewicht as (
    select
        *,
        case when is_debet then ingediend_bedrag_cent else -ingediend_bedrag_cent end as netto_cent,
        n_paar = 1 or paar_cent <> 0 as weegt
    from met_bron
),

per_aanbieder as (
    select
        gemeente,
        maand,
        regel_code,
        aanbieder_agb,
        count(*) as n_rijen,
        sum(netto_cent) as bedrag_cent
    from met_gewicht
    where weegt
    group by grouping sets ((gemeente, maand, regel_code, aanbieder_agb), (gemeente, maand, regel_code))
),

geldig as (
    select
        verklaringen.gemeente,
        verklaringen.maand,
        verklaringen.regel_code,
        verklaringen.aanbieder_agb,
        max_by(verklaringen.verklaring, (verklaringen.verklaard_op, verklaringen.verklaring)) as verklaring,
        max(verklaringen.verklaard_op) as verklaard_op
    from {{ ref('stg_ref_voorbehoud_verklaringen') }} as verklaringen
    inner join per_aanbieder
        on
            verklaringen.bericht = 'declaraties'
            and verklaringen.gemeente = per_aanbieder.gemeente
            and verklaringen.maand = per_aanbieder.maand
            and verklaringen.regel_code = per_aanbieder.regel_code
            and verklaringen.aanbieder_agb is not distinct from per_aanbieder.aanbieder_agb
            and verklaringen.n_rijen = per_aanbieder.n_rijen
            and verklaringen.bedrag_cent = per_aanbieder.bedrag_cent
    group by all
)

select
    met_gewicht.regel_nr,
    met_gewicht.gemeente,
    met_gewicht.maand,
    met_gewicht.regel_code,
    met_gewicht.aanbieder_agb,
    met_gewicht.netto_cent,
    met_gewicht.weegt,
    met_gewicht.alleen_volume,
    met_gewicht.volume_af,
    met_gewicht.verhouding,
    case when met_gewicht.hersteld_debet_cent is not null then met_gewicht.hersteld_cent end as hersteld_cent,
    coalesce(alle.verklaring, deel.verklaring) is not null and met_gewicht.weegt as is_verklaard,
    coalesce(alle.verklaring, deel.verklaring) as verklaring,
    coalesce(alle.verklaard_op, deel.verklaard_op) as verklaard_op
from met_gewicht
left join geldig as alle
    on
        met_gewicht.gemeente = alle.gemeente
        and met_gewicht.maand = alle.maand
        and met_gewicht.regel_code = alle.regel_code
        and alle.aanbieder_agb is null
left join geldig as deel
    on
        met_gewicht.gemeente = deel.gemeente
        and met_gewicht.maand = deel.maand
        and met_gewicht.regel_code = deel.regel_code
        and met_gewicht.aanbieder_agb = deel.aanbieder_agb
