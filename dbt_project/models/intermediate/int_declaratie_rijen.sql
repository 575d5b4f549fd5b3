-- One row per distinct canonical row of a gemeente. A row that is delivered again (in one file, or month after month
-- in a stand) is the same row; what stands here is its first arrival.
with voorkomens as (
    select
        gemeente,
        rij_hash,
        arg_min(rij, (leveringsmaand, rij)) as rij,
        min(leveringsmaand) as eerste_leveringsmaand,
        max(leveringsmaand) as laatste_leveringsmaand,
        arg_max(ontvangen_op, leveringsmaand) as laatste_ontvangen_op,
        count(*) as n_voorkomens
    from {{ ref('stg_declaraties') }}
    group by gemeente, rij_hash
)

select
    rijen.gemeente,
    rijen.rij_hash,
    rijen.levering_id,
    rijen.rij,
    rijen.ontvangen_dag,
    voorkomens.eerste_leveringsmaand,
    voorkomens.laatste_leveringsmaand,
    voorkomens.laatste_ontvangen_op,
    voorkomens.n_voorkomens,
    rijen.aanbieder_agb,
    rijen.referentienummer,
    rijen.vorig_referentienummer,
    rijen.declaratienummer,
    rijen.declaratiedagtekening,
    rijen.pseudoniem,
    rijen.toewijzingnummer,
    rijen.productcategorie,
    rijen.productcode,
    rijen.productperiode_begin,
    rijen.productperiode_eind,
    rijen.geleverd_volume,
    rijen.eenheid,
    rijen.producttarief_cent,
    rijen.ingediend_bedrag_cent,
    rijen.debet_credit,
    rijen.status
from {{ ref('stg_declaraties') }} as rijen
inner join voorkomens
    on
        rijen.gemeente = voorkomens.gemeente
        and rijen.rij_hash = voorkomens.rij_hash
        and rijen.leveringsmaand = voorkomens.eerste_leveringsmaand
        and rijen.rij = voorkomens.rij
