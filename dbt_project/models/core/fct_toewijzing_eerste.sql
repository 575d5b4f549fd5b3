-- The first version of every allocation that was not deleted: was it issued late, or with retroactive effect (SPEC 4).
-- A first version with a reden_wijziging is not the real first one: nothing is measured on it. A request or decision
-- that lies after the allocation proves nothing (T30): then the next way measures.
with eerste_versies as (
    select *
    from {{ ref('int_toewijzing_versies') }}
    semi join (
        select arg_min(rij_nr, epoch_us(toewijzingsdatum + versietijd)) as rij_nr
        from {{ ref('int_toewijzing_versies') }}
        group by gemeente, toewijzingnummer
    ) using (rij_nr)
),

niet_verwijderd as (
    select
        eerste_versies.*,
        case when datum_ontvangst_verzoek <= eerste_versies.toewijzingsdatum then datum_ontvangst_verzoek end
            as bruikbaar_verzoek_op,
        case when besluitdatum <= eerste_versies.toewijzingsdatum then besluitdatum end as bruikbaar_besluit_op
    from eerste_versies
    inner join {{ ref('fct_toewijzingen') }} as toewijzingen using (gemeente, toewijzingnummer)
    where not toewijzingen.is_verwijderd
),

verrijkt as (
    select
        eerste.* exclude (productcategorie),
        coalesce(eerste.productcategorie, producten.productcategorie) as productcategorie,
        coalesce(producten.segment, categorieen.segment_fallback, 'onbekend') as segment,
        eerste.reden_wijziging is null as is_eerste_gezien,
        date_diff('day', eerste.ingangsdatum, eerste.toewijzingsdatum) as terugwerkend_dagen,
        op_toewijzing.werkdag_nr - op_verzoek.werkdag_nr as werkdagen_na_verzoek,
        op_toewijzing.werkdag_nr - op_besluit.werkdag_nr as werkdagen_na_besluit,
        {{ instelling('verzoek_norm_werkdagen') }} as verzoek_norm_werkdagen,
        {{ instelling('besluit_norm_werkdagen') }} as besluit_norm_werkdagen
    from niet_verwijderd as eerste
    left join {{ ref('int_toewijzing_producten') }} as producten using (gemeente, productcode, ingangsdatum)
    left join {{ ref('stg_ref_categorieen') }} as categorieen
        on eerste.productcategorie = categorieen.productcategorie
    left join {{ ref('stg_kalender') }} as op_toewijzing on eerste.toewijzingsdatum = op_toewijzing.datum
    left join {{ ref('stg_kalender') }} as op_verzoek on eerste.bruikbaar_verzoek_op = op_verzoek.datum
    left join {{ ref('stg_kalender') }} as op_besluit on eerste.bruikbaar_besluit_op = op_besluit.datum
),

gemeten as (
    select
        *,
        case
            when not is_eerste_gezien then 'onbekend'
            when werkdagen_na_verzoek is not null then 'verzoek'
            when werkdagen_na_besluit is not null and besluit_norm_werkdagen is not null then 'besluit'
            when startdatum_levering is not null then 'levering'
            else 'geen'
        end as meetwijze
    from verrijkt
)

select
    gemeente,
    toewijzingnummer,
    pseudoniem,
    productcategorie,
    productcode,
    segment,
    verwijzer_type,

    toewijzingsdatum,
    ingangsdatum,
    startdatum_levering,
    reden_wijziging,
    is_eerste_gezien,

    terugwerkend_dagen,
    case
        when terugwerkend_dagen <= 0 then '0'
        when terugwerkend_dagen <= 7 then '1-7'
        when terugwerkend_dagen <= 30 then '8-30'
        when terugwerkend_dagen <= 91 then '31-91'
        else '>91'
    end as terugwerkend_klasse,
    is_eerste_gezien and terugwerkend_dagen > 0 as is_terugwerkend,
    coalesce(productcategorie in ('46', '47', '48', '49'), false)
    or coalesce(verwijzer_type = '08', false) as terugwerkend_verwacht,

    werkdagen_na_verzoek,
    werkdagen_na_besluit,
    meetwijze,
    meetwijze not in ('geen', 'onbekend') as is_meetbaar,
    case meetwijze
        when 'verzoek' then werkdagen_na_verzoek > verzoek_norm_werkdagen
        when 'besluit' then werkdagen_na_besluit > besluit_norm_werkdagen
        when 'levering' then startdatum_levering < toewijzingsdatum
        else false
    end as is_te_laat,
    meetwijze = 'besluit' and werkdagen_na_besluit > besluit_norm_werkdagen as is_te_laat_besluit,

    levering_nr,
    rij
from gemeten
