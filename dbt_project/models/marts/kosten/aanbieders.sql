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

-- The months of every period, and those of the year before: money is added up per month first, so that a join by month
-- is all that a period costs.
maanden as (
    select
        periode_soort,
        periode,
        cast(unnest(generate_series(eerste_maand, laatste_maand, interval 1 month)) as date) as maand,
        true as is_eigen
    from perioden

    union all

    select
        periode_soort,
        periode,
        cast(unnest(generate_series(eerste_maand_ervoor, laatste_maand_ervoor, interval 1 month)) as date),
        false
    from perioden
),

bedragen_maand as (
    select
        aanbieder_agb,
        segment,
        gemeente,
        zorgmaand,
        sum(netto_cent) as netto_cent,
        sum(voorbehoud_cent) as voorbehoud_cent
    from {{ ref('fct_kosten_zorgmaand') }}
    group by all
),

-- of a youth in a month what is under reserve may cancel out; of more youths it does not
twijfel_maand as (
    select aanbieder_agb, segment, gemeente, zorgmaand, sum(abs(voorbehoud_cent)) as twijfel_cent
    from (
        select aanbieder_agb, segment, gemeente, zorgmaand, jeugdige_nr, sum(voorbehoud_cent) as voorbehoud_cent
        from {{ ref('fct_kosten_zorgmaand') }}
        where voorbehoud_cent <> 0
        group by all
    ) as per_jeugdige
    group by all
),

bedragen as (
    select
        maanden.periode_soort,
        maanden.periode,
        bedragen_maand.aanbieder_agb,
        coalesce(bedragen_maand.segment, 'totaal') as segment,
        sum(bedragen_maand.netto_cent) filter (where maanden.is_eigen) as netto_cent,
        sum(bedragen_maand.voorbehoud_cent) filter (where maanden.is_eigen) as voorbehoud_cent,
        sum(bedragen_maand.netto_cent) filter (where gedekt.is_vergelijkbaar and maanden.is_eigen) as vergelijkbaar_cent,
        sum(bedragen_maand.netto_cent) filter (where gedekt.is_vergelijkbaar and not maanden.is_eigen) as ervoor_cent,
        sum(twijfel_maand.twijfel_cent) filter (where gedekt.is_vergelijkbaar) as twijfel_cent
    from bedragen_maand
    inner join maanden on bedragen_maand.zorgmaand = maanden.maand
    left join twijfel_maand using (aanbieder_agb, segment, gemeente, zorgmaand)
    left join gedekt
        on
            maanden.periode_soort = gedekt.periode_soort
            and maanden.periode = gedekt.periode
            and bedragen_maand.gemeente = gedekt.gemeente
    group by grouping sets (
        (maanden.periode_soort, maanden.periode, bedragen_maand.aanbieder_agb, bedragen_maand.segment),
        (maanden.periode_soort, maanden.periode, bedragen_maand.aanbieder_agb)
    )
),

-- Distinct youths, as in macros/unieke_jeugdigen.sql: a period is a bit, the months of a youth are or-ed.
bits as (
    select *, volgnr // 60 as groep, cast(volgnr % 60 as ubigint) as plek
    from (
        select periode_soort, periode, cast(row_number() over (order by periode_soort, periode) - 1 as integer) as volgnr
        from perioden
    ) as genummerd
),

maandmaskers as (
    select maanden.maand, bits.groep, cast(bit_or(cast(1 as ubigint) << bits.plek) as ubigint) as masker
    from maanden
    inner join bits using (periode_soort, periode)
    where maanden.is_eigen
    group by maanden.maand, bits.groep
),

jeugdigemaskers as (
    select kosten.aanbieder_agb, kosten.segment, kosten.jeugdige_nr, maandmaskers.groep, bit_or(maandmaskers.masker) as masker
    from {{ ref('fct_kosten_zorgmaand') }} as kosten
    inner join maandmaskers on kosten.zorgmaand = maandmaskers.maand
    group by all
),

maskers as (
    select aanbieder_agb, segment, groep, masker, count(*) as n
    from (
        select aanbieder_agb, coalesce(segment, 'totaal') as segment, groep, bit_or(masker) as masker
        from jeugdigemaskers
        group by grouping sets ((aanbieder_agb, segment, groep, jeugdige_nr), (aanbieder_agb, groep, jeugdige_nr))
    ) as per_jeugdige
    group by all
),

jeugdigen as (
    select bits.periode_soort, bits.periode, maskers.aanbieder_agb, maskers.segment, sum(maskers.n) as n_jeugdigen
    from maskers
    inner join bits on maskers.groep = bits.groep and (maskers.masker >> bits.plek) & 1 = 1
    group by all
),

kosten as (
    select bedragen.*, jeugdigen.n_jeugdigen
    from bedragen
    left join jeugdigen using (periode_soort, periode, aanbieder_agb, segment)
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

verwijzingen_maand as (
    select
        aanbieder_agb,
        segment,
        {{ eerste_van_maand('dekt_van') }} as maand,
        count(*) filter (where is_verwijzer_bekend) as n_verwijzingen,
        count(*) filter (where is_gi) as n_gi_verwijzingen
    from toegewezen
    group by all
),

verwijzingen as (
    select
        maanden.periode_soort,
        maanden.periode,
        verwijzingen_maand.aanbieder_agb,
        verwijzingen_maand.segment,
        sum(verwijzingen_maand.n_verwijzingen) as n_verwijzingen,
        sum(verwijzingen_maand.n_gi_verwijzingen) as n_gi_verwijzingen
    from verwijzingen_maand
    inner join maanden using (maand)
    where maanden.is_eigen
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
