-- One row per distinct canonical row of a gemeente. A row that is delivered again (in one file, or month after month
-- in a stand) is the same row; what stands here is its first arrival.
select
    gemeente,
    rij_hash,
    levering_id,
    rij,
    ontvangen_dag,
    leveringsmaand as eerste_leveringsmaand,
    max(leveringsmaand) over zelfde_rij as laatste_leveringsmaand,
    max(ontvangen_op) over zelfde_rij as laatste_ontvangen_op,
    count(*) over zelfde_rij as n_voorkomens,
    aanbieder_agb,
    referentienummer,
    vorig_referentienummer,
    declaratienummer,
    declaratiedagtekening,
    pseudoniem,
    toewijzingnummer,
    productcategorie,
    productcode,
    productperiode_begin,
    productperiode_eind,
    geleverd_volume,
    eenheid,
    producttarief_cent,
    ingediend_bedrag_cent,
    debet_credit,
    status
from {{ ref('stg_declaraties') }}
window zelfde_rij as (partition by gemeente, rij_hash)
qualify row_number() over (partition by gemeente, rij_hash order by leveringsmaand, rij) = 1
