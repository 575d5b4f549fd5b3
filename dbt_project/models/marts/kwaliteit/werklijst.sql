-- What a gemeente should act on, by what it moves: rows under a finding that moves cost or counts, rows that were
-- refused, and leveringen that cannot be those of their month; new, persisting or solved. From the settings of weight on; a function of the leveringen alone.
with per_segment as (
    select
        bericht,
        regel_code,
        gemeente,
        maand,
        segment,
        jaar,
        sum(bedrag_cent) as bedrag_cent,
        count(distinct jeugdige_nr) as n_jeugdigen
    from {{ ref('int_werklijst_rijen') }}
    group by all
),

kosten as (
    select
        gemeente,
        segment,
        cast(year(zorgmaand) as integer) as jaar,
        abs(sum(netto_cent)) + abs(sum(voorbehoud_cent)) as kosten_cent
    from {{ ref('fct_kosten_zorgmaand') }}
    -- of care from before the published years there is no figure to move
    where year(zorgmaand) in (select jaar from {{ ref('dim_maanden') }})
    group by all
),

kosten_totaal as (
    select gemeente, jaar, sum(kosten_cent) as kosten_cent
    from kosten
    group by gemeente, jaar
),

jeugdigen as (
    select gebied_code as gemeente, segment, cast(year(periode) as integer) as jaar, n_jeugdigen as n_in_zorg
    from {{ ref('int_jeugdigen_per_periode') }}
    where telling = 'zorg' and periode_soort = 'jaar'
),

bewogen as (
    select
        per_segment.*,
        coalesce(abs(per_segment.bedrag_cent) / nullif(kosten.kosten_cent, 0), 0) as effect_kosten,
        case
            when per_segment.bericht = 'toewijzingen'
                then coalesce(per_segment.n_jeugdigen / nullif(jeugdigen.n_in_zorg, 0), 0)
            else 0
        end as effect_jeugdigen,
        greatest(effect_kosten, effect_jeugdigen) as effect,
        case when effect_jeugdigen > effect_kosten then 'jeugdigen_in_zorg' else 'kosten' end
        || ' ' || per_segment.segment || ' ' || per_segment.jaar as raakt
    from per_segment
    left join kosten using (gemeente, segment, jaar)
    left join jeugdigen using (gemeente, segment, jaar)
),

meest as (
    select
        bericht,
        regel_code,
        gemeente,
        maand,
        max(effect) as effect_aandeel,
        max_by(raakt, (effect, abs(bedrag_cent), raakt)) as raakt
    from bewogen
    group by all
),

onder_regel as (
    select
        rijen.bericht,
        rijen.regel_code,
        rijen.gemeente,
        rijen.maand,
        count(*) as n_rijen,
        sum(rijen.bedrag_cent) as bedrag_cent,
        count(distinct rijen.jeugdige_nr) as n_jeugdigen,
        min(rijen.ontvangen_dag) as sinds
    from {{ ref('int_werklijst_rijen') }} as rijen
    group by all
),

geldend as (
    select * from {{ ref('stg_leveringen') }}
    where is_geldend
),

-- rows that were refused: of a levering is known how much they are together, and of a rule how many
geweigerd as (
    select
        geldend.bericht,
        bevindingen.regel_code,
        geldend.gemeente,
        geldend.leveringsmaand as maand,
        bevindingen.n_rijen,
        geldend.bedrag_quarantaine_cent * bevindingen.n_rijen // greatest(geldend.rijen_quarantaine, bevindingen.n_rijen)
            as bedrag_cent,
        coalesce(
            case geldend.bericht
                when 'declaraties' then abs(bedrag_cent) / nullif(kosten_totaal.kosten_cent, 0)
                when 'toewijzingen' then bevindingen.n_rijen / nullif(jeugdigen.n_in_zorg, 0)
                else bevindingen.n_rijen / nullif(geldend.rijen_ontvangen, 0)
            end, 0
        ) as effect_aandeel,
        geldend.ontvangen_dag as sinds
    from {{ ref('stg_bevindingen') }} as bevindingen
    inner join geldend using (levering_id)
    left join kosten_totaal
        on geldend.gemeente = kosten_totaal.gemeente and year(geldend.leveringsmaand) = kosten_totaal.jaar
    left join jeugdigen
        on
            geldend.gemeente = jeugdigen.gemeente
            and year(geldend.leveringsmaand) = jeugdigen.jaar
            and jeugdigen.segment = 'totaal'
    where bevindingen.ernst = 'FOUT' and bevindingen.n_rijen > 0
),

-- a levering as a whole: what is missing of it or too much, against what is usual
hele_leveringen as (
    select
        twijfel.bericht,
        twijfel.regel_code,
        twijfel.gemeente,
        twijfel.maand,
        twijfel.rijen_ontvangen as n_rijen,
        case
            when twijfel.bericht <> 'declaraties' then 0
            when twijfel.regel_code = 'L13' then -coalesce(twijfel.mediaan_bedrag_cent, 0)
            when twijfel.regel_code = 'L17' then twijfel.bedrag_cent
            else twijfel.bedrag_cent - twijfel.mediaan_bedrag_cent
        end as bedrag_cent,
        case twijfel.regel_code
            when 'L13' then coalesce(twijfel.mediaan_rijen, 0)
            when 'L17' then twijfel.rijen_ontvangen
            else abs(twijfel.rijen_ontvangen - twijfel.mediaan_rijen)
        end as rijen_anders,
        coalesce(
            case twijfel.bericht
                when 'declaraties' then abs(bedrag_cent) / nullif(kosten_totaal.kosten_cent, 0)
                when 'toewijzingen' then rijen_anders / nullif(jeugdigen.n_in_zorg, 0)
                else rijen_anders / nullif(greatest(twijfel.rijen_ontvangen, twijfel.mediaan_rijen), 0)
            end, 0
        ) as effect_aandeel,
        twijfel.ontvangen_dag as sinds,
        'Dit bestand: ' || format('{:t.}', twijfel.rijen_ontvangen) || ' rijen'
        || case
            when twijfel.bericht = 'declaraties'
                then ' en ' || format('{:t.}', cast(twijfel.bedrag_cent / 100 as bigint)) || ' euro'
            else ''
        end
        || coalesce(
            '; gewoonlijk ' || format('{:t.}', cast(twijfel.mediaan_rijen as bigint)) || ' rijen'
            || case
                when twijfel.bericht = 'declaraties'
                    then ' en ' || format('{:t.}', cast(twijfel.mediaan_bedrag_cent / 100 as bigint)) || ' euro'
                else ''
            end, ''
        ) || '.' as toelichting
    from {{ ref('int_leveringen_twijfel') }} as twijfel
    left join kosten_totaal on twijfel.gemeente = kosten_totaal.gemeente and year(twijfel.maand) = kosten_totaal.jaar
    left join jeugdigen
        on
            twijfel.gemeente = jeugdigen.gemeente
            and year(twijfel.maand) = jeugdigen.jaar
            and jeugdigen.segment = 'totaal'
),

-- an earlier content of a levering had it, the one that stands has not
opgelost as (
    select
        geldend.bericht,
        bevindingen.regel_code,
        geldend.gemeente,
        geldend.leveringsmaand as maand,
        min(eerder.ontvangen_dag) as sinds,
        any_value(geldend.ontvangen_dag) as opgelost_op
    from {{ ref('stg_leveringen') }} as eerder
    inner join geldend using (gemeente, bericht, leveringsmaand)
    inner join {{ ref('stg_bevindingen') }} as bevindingen on eerder.levering_id = bevindingen.levering_id
    left join {{ ref('stg_bevindingen') }} as nu
        on geldend.levering_id = nu.levering_id and bevindingen.regel_code = nu.regel_code
    where
        not eerder.is_geldend
        and (eerder.ontvangen_op, eerder.sha256) < (geldend.ontvangen_op, geldend.sha256)
        and bevindingen.ernst in ('FOUT', 'BLOKKEREND')
        and bevindingen.n_rijen > 0
        and coalesce(nu.n_rijen, 0) = 0
    group by all
),

nieuwste as (
    select max(ontvangen_dag) as dag
    from {{ ref('stg_leveringen') }}
),

alles as (
    select
        onder_regel.*,
        meest.raakt,
        meest.effect_aandeel,
        case
            when date_diff('day', onder_regel.sinds, nieuwste.dag) <= {{ instelling('werklijst_nieuw_dagen') }} then 'nieuw'
            else 'gebleven'
        end as toestand
    from onder_regel
    inner join meest using (bericht, regel_code, gemeente, maand)
    cross join nieuwste

    union all by name

    select
        geweigerd.*,
        cast(null as bigint) as n_jeugdigen,
        {{ raakt('geweigerd.bericht') }}
        || ' totaal ' || year(geweigerd.maand) as raakt,
        case
            when date_diff('day', geweigerd.sinds, nieuwste.dag) <= {{ instelling('werklijst_nieuw_dagen') }} then 'nieuw'
            else 'gebleven'
        end as toestand
    from (
        select * from geweigerd
        union all by name
        select * exclude (rijen_anders) from hele_leveringen
    ) as geweigerd
    cross join nieuwste

    union all by name

    select
        opgelost.* exclude (opgelost_op),
        0 as n_rijen,
        0 as bedrag_cent,
        cast(null as bigint) as n_jeugdigen,
        {{ raakt('opgelost.bericht') }}
        || ' totaal ' || year(opgelost.maand) as raakt,
        cast(0 as double) as effect_aandeel,
        'opgelost' as toestand
    from opgelost
    cross join nieuwste
    where date_diff('day', opgelost.opgelost_op, nieuwste.dag) <= {{ instelling('werklijst_nieuw_dagen') }}
),

gewicht as (
    select gemeente, sum(kosten_cent) / sum(sum(kosten_cent)) over () as deel_van_regio
    from kosten
    group by gemeente
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    cast(row_number() over (
        order by
            alles.toestand = 'opgelost' asc,
            alles.effect_aandeel * coalesce(gewicht.deel_van_regio, 0) desc,
            alles.gemeente asc, alles.bericht asc, alles.maand asc, alles.regel_code asc
    ) as integer) as volgorde,
    alles.gemeente,
    alles.bericht,
    alles.maand,
    alles.regel_code,
    regels.titel,
    regels.zin || coalesce(' ' || alles.toelichting, '') as zin,
    regels.ernst,
    cast(alles.n_rijen as bigint) as n_rijen,
    {{ euro('alles.bedrag_cent') }} as bedrag_eur,
    alles.n_jeugdigen,
    alles.raakt,
    cast(alles.effect_aandeel as double) as effect_aandeel,
    alles.sinds,
    alles.toestand,
    bevindingen.verklaring,
    alles.toestand <> 'opgelost' and bevindingen.verklaring is null as is_te_doen
from alles
inner join {{ ref('stg_ref_regels') }} as regels on alles.regel_code = regels.regel_code
left join gewicht on alles.gemeente = gewicht.gemeente
left join {{ ref('bevindingen') }} as bevindingen
    on
        alles.gemeente = bevindingen.gemeente
        and alles.bericht = bevindingen.bericht
        and alles.maand = bevindingen.maand
        and alles.regel_code = bevindingen.regel_code
where
    alles.toestand = 'opgelost'
    or alles.toelichting is not null
    or alles.effect_aandeel >= {{ instelling('werklijst_aandeel') }}
    or abs(alles.bedrag_cent) >= 100 * {{ instelling('werklijst_eur') }}
