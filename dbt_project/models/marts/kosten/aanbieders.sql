-- Every provider of the regio per year and quarter, per segment and in total: what its care cost, for how many youths,
-- who came and went, how long that took and who sent them. Amounts that count; what is under reserve stands beside them.
with perioden as (
    select * from {{ ref('int_aanbieder_perioden') }}
),

-- per gemeente and period: whether every month of it (and of the year before) was delivered
gedekt as (
    select
        perioden.periode_soort,
        perioden.periode,
        dekking.gebied_code as gemeente,
        count(*) filter (where dekking.maand >= perioden.eerste_maand) = perioden.n_maanden
        and count(*) = 2 * perioden.n_maanden as is_vergelijkbaar
    from perioden
    inner join {{ ref('int_dekking_maand') }} as dekking
        on
            dekking.bericht = 'declaraties'
            and dekking.inwoners_gedekt > 0
            and (
                dekking.maand between perioden.eerste_maand and perioden.laatste_maand
                or dekking.maand between perioden.eerste_maand_ervoor and perioden.laatste_maand_ervoor
            )
    where dekking.gebied_code <> 'REGIO'
    group by perioden.periode_soort, perioden.periode, perioden.n_maanden, dekking.gebied_code
),

dekking_periode as (
    select
        perioden.periode_soort,
        perioden.periode,
        dekking.bericht,
        sum(dekking.inwoners_gedekt) / nullif(sum(dekking.inwoners_totaal), 0) as dekking,
        bool_and(
            date_diff('month', perioden.slotmaand, rijping.laatste_leveringsmaand) >= {{ instelling('rijping_maanden') }}
            and last_day(perioden.slotmaand) < cast('{{ var("peildatum") }}' as date)
        ) as is_definitief
    from perioden
    inner join {{ ref('int_dekking_maand') }} as dekking
        on dekking.maand between perioden.periode and perioden.laatste_maand
    inner join {{ ref('int_rijping') }} as rijping using (bericht)
    where dekking.gebied_code = 'REGIO' and dekking.bericht in ('toewijzingen', 'declaraties')
    group by perioden.periode_soort, perioden.periode, dekking.bericht
),

zekerheid as (
    select
        periode_soort,
        periode,
        min(coalesce(dekking, 0)) as dekking,
        bool_and(coalesce(is_definitief, false)) as is_definitief
    from dekking_periode
    group by periode_soort, periode
),

kosten_maand as (
    select
        aanbieder_agb,
        segment,
        gemeente,
        zorgmaand,
        jeugdige_nr,
        sum(netto_cent) as netto_cent,
        sum(voorbehoud_cent) as voorbehoud_cent
    from {{ ref('fct_kosten_zorgmaand') }}
    group by all
),

kosten as (
    select
        perioden.periode_soort,
        perioden.periode,
        kosten_maand.aanbieder_agb,
        coalesce(kosten_maand.segment, 'totaal') as segment,
        sum(kosten_maand.netto_cent) filter (where kosten_maand.zorgmaand >= perioden.eerste_maand) as netto_cent,
        sum(kosten_maand.voorbehoud_cent) filter (where kosten_maand.zorgmaand >= perioden.eerste_maand) as voorbehoud_cent,
        count(distinct kosten_maand.jeugdige_nr) filter (where kosten_maand.zorgmaand >= perioden.eerste_maand) as n_jeugdigen,
        sum(kosten_maand.netto_cent) filter (
            where gedekt.is_vergelijkbaar and kosten_maand.zorgmaand >= perioden.eerste_maand
        ) as vergelijkbaar_cent,
        sum(kosten_maand.netto_cent) filter (
            where gedekt.is_vergelijkbaar and kosten_maand.zorgmaand < perioden.eerste_maand
        ) as ervoor_cent,
        sum(abs(kosten_maand.voorbehoud_cent)) filter (where gedekt.is_vergelijkbaar) as twijfel_cent
    from perioden
    inner join kosten_maand
        on
            kosten_maand.zorgmaand between perioden.eerste_maand and perioden.laatste_maand
            or kosten_maand.zorgmaand between perioden.eerste_maand_ervoor and perioden.laatste_maand_ervoor
    left join gedekt
        on
            perioden.periode_soort = gedekt.periode_soort
            and perioden.periode = gedekt.periode
            and kosten_maand.gemeente = gedekt.gemeente
    group by grouping sets (
        (perioden.periode_soort, perioden.periode, kosten_maand.aanbieder_agb, kosten_maand.segment),
        (perioden.periode_soort, perioden.periode, kosten_maand.aanbieder_agb)
    )
),

per_segment as (
    select periode_soort, periode, segment, sum(netto_cent) as netto_cent
    from kosten
    group by periode_soort, periode, segment
),

toegewezen as (
    select
        toewijzingen.aanbieder_agb,
        unnest([toewijzingen.segment, 'totaal']) as segment,
        jeugdigen.jeugdige_nr,
        toewijzingen.dekt_van,
        coalesce(toewijzingen.dekt_tot, {{ zonder_einde() }}) as dekt_tot,
        coalesce(verwijzers.is_gi, false) as is_gi,
        toewijzingen.verwijzer_groep <> 'onbekend' as is_verwijzer_bekend
    from {{ ref('fct_toewijzingen') }} as toewijzingen
    inner join {{ ref('int_jeugdigen') }} as jeugdigen using (pseudoniem)
    left join {{ ref('stg_ref_verwijzers') }} as verwijzers using (verwijzer_type)
    where toewijzingen.dekt_iets
),

trajecten as (
    {{ keten('toegewezen', ['aanbieder_agb', 'segment', 'jeugdige_nr'], instelling('traject_gat_dagen')) }}
),

stroom as (
    select
        perioden.periode_soort,
        perioden.periode,
        trajecten.aanbieder_agb,
        trajecten.segment,
        count(*) filter (where trajecten.begin between perioden.eerste_maand and perioden.laatste_dag) as instroom,
        count(*) filter (where trajecten.eind + 1 between perioden.eerste_maand and perioden.laatste_dag) as uitstroom,
        avg(date_diff('day', trajecten.begin, trajecten.eind) + 1) filter (
            where trajecten.eind + 1 between perioden.eerste_maand and perioden.laatste_dag
        ) as gem_duur_dagen
    from perioden
    inner join trajecten
        on
            trajecten.begin between perioden.eerste_maand and perioden.laatste_dag
            or (trajecten.eind < {{ zonder_einde() }} and trajecten.eind + 1 between perioden.eerste_maand and perioden.laatste_dag)
    where trajecten.eind <= {{ zonder_einde() }}
    group by all
),

verwijzingen as (
    select
        perioden.periode_soort,
        perioden.periode,
        toegewezen.aanbieder_agb,
        toegewezen.segment,
        count(*) filter (where toegewezen.is_verwijzer_bekend) as n_verwijzingen,
        count(*) filter (where toegewezen.is_gi) as n_gi_verwijzingen
    from perioden
    inner join toegewezen on toegewezen.dekt_van between perioden.eerste_maand and perioden.laatste_dag
    group by all
),

lijst as (
    select
        perioden.periode_soort,
        perioden.periode,
        aanbieders.aanbieder_agb,
        segmenten.segment,
        max(aanbieders.naam) as naam,
        bool_or(
            aanbieders.soort = 'strategisch_partner'
            and (aanbieders.segment is null or segmenten.segment in (aanbieders.segment, 'totaal'))
            and aanbieders.geldig_van <= perioden.laatste_dag
            and coalesce(aanbieders.geldig_tot, {{ zonder_einde() }}) >= perioden.eerste_maand
        ) as is_strategisch
    from {{ ref('stg_ref_aanbieders') }} as aanbieders
    cross join perioden
    cross join {{ ref('dim_segmenten') }} as segmenten
    group by all
),

cellen as (
    select periode_soort, periode, aanbieder_agb, segment
    from kosten
    where n_jeugdigen > 0

    union

    select periode_soort, periode, aanbieder_agb, segment
    from stroom
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    cellen.periode_soort,
    cellen.periode,
    cellen.aanbieder_agb,
    cellen.segment,
    lijst.naam,
    coalesce(lijst.is_strategisch, false) as is_strategisch,
    {{ euro('coalesce(kosten.netto_cent, 0)') }} as netto_eur,
    {{ euro('coalesce(kosten.voorbehoud_cent, 0)') }} as voorbehoud_eur,
    case when per_segment.netto_cent > 0 then coalesce(kosten.netto_cent, 0) / per_segment.netto_cent end as aandeel,
    {{ euro('coalesce(per_segment.netto_cent, 0)') }} as segment_eur,
    -- as kostengroei: of the gemeenten that delivered every month of both, when nothing more is to come and little is in doubt
    case
        when
            perioden.heeft_jaar_ervoor
            and zekerheid.is_definitief
            and kosten.ervoor_cent > 0
            and coalesce(kosten.twijfel_cent, 0)
            <= {{ instelling('voorbehoud_maximum_aandeel') }} * (abs(kosten.vergelijkbaar_cent) + abs(kosten.ervoor_cent))
            then kosten.vergelijkbaar_cent / kosten.ervoor_cent - 1
    end as groei,
    cast(coalesce(kosten.n_jeugdigen, 0) as bigint) as n_jeugdigen,
    cast(coalesce(stroom.instroom, 0) as bigint) as instroom,
    cast(coalesce(stroom.uitstroom, 0) as bigint) as uitstroom,
    stroom.gem_duur_dagen,
    verwijzingen.n_gi_verwijzingen / nullif(verwijzingen.n_verwijzingen, 0) as aandeel_gi_verwijzingen,
    cast(coalesce(verwijzingen.n_gi_verwijzingen, 0) as bigint) as n_gi_verwijzingen,
    cast(coalesce(verwijzingen.n_verwijzingen, 0) as bigint) as n_verwijzingen,
    coalesce(zekerheid.dekking, 0) as dekking,
    case when zekerheid.is_definitief then 'definitief' else 'voorlopig' end as rijping
from cellen
inner join perioden using (periode_soort, periode)
left join kosten using (periode_soort, periode, aanbieder_agb, segment)
left join per_segment using (periode_soort, periode, segment)
left join stroom using (periode_soort, periode, aanbieder_agb, segment)
left join verwijzingen using (periode_soort, periode, aanbieder_agb, segment)
left join lijst using (periode_soort, periode, aanbieder_agb, segment)
left join zekerheid using (periode_soort, periode)
