-- What int_naijling_eind would have said after every leveringsmaand (`peilnr`) of the months of care that were the newest
-- then (terugblik_maanden): the same estimate, by the same rules, from what had come in with the leveringen up to that month.
with leveringen as (
    select gemeente, is_stand, {{ maandnr('maand') }} as leveringsnr, {{ maandnr('eerste_maand') }} as eerste_nr
    from {{ ref('int_naijling_leveringen') }}
),

maanden as (
    select
        peilen.peilnr,
        gebieden.gebied_code as gemeente,
        maanden.maandnr as zorgmaandnr,
        peilen.peilnr - maanden.maandnr as vertraging
    from (select distinct peilnr from {{ ref('int_terugblik_factoren') }}) as peilen
    inner join {{ ref('dim_maanden') }} as maanden
        on
            maanden.maandnr <= peilen.peilnr
            and maanden.maandnr
            > peilen.peilnr - {{ instelling('rijping_maanden') }} - {{ instelling('naijling_jaargangen') }}
    inner join {{ ref('dim_gebieden') }} as gebieden
        on
            gebieden.gebied_soort = 'gemeente'
            and gebieden.geldig_van <= maanden.laatste_dag
            and coalesce(gebieden.geldig_tot, {{ zonder_einde() }}) >= maanden.maand
),

-- the leveringen of a gemeente since a month of care, as far as they were there
gezien as (
    select
        maanden.peilnr,
        maanden.gemeente,
        maanden.zorgmaandnr,
        maanden.vertraging,
        max(leveringen.leveringsnr) - maanden.zorgmaandnr as laatste_vertraging,
        coalesce(bool_or(leveringen.eerste_nr <= maanden.zorgmaandnr), false) as is_gezien,
        coalesce(bool_or(leveringen.is_stand), false)
        or coalesce(max(leveringen.leveringsnr) - maanden.zorgmaandnr + 1 = count(leveringen.leveringsnr), false)
            as is_volledig
    from maanden
    left join leveringen
        on
            maanden.gemeente = leveringen.gemeente
            and leveringen.leveringsnr between maanden.zorgmaandnr and maanden.peilnr
    group by maanden.peilnr, maanden.gemeente, maanden.zorgmaandnr, maanden.vertraging
),

-- a gemeente that had delivered before, but not since the month of care, was seen too
met_begin as (
    select gezien.* exclude (is_gezien), gezien.is_gezien or coalesce(begonnen.eerste_nr <= gezien.zorgmaandnr, false)
        as is_gezien
    from gezien
    left join (select distinct gemeente, eerste_nr from leveringen) as begonnen using (gemeente)
),

kosten as (
    select
        gebied_code as gemeente,
        segment,
        {{ maandnr('zorgmaand') }} as zorgmaandnr,
        vertraging_maanden,
        netto_cent + coalesce(hersteld_cent, 0) as netto_cent
    from {{ ref('int_kosten_maand') }}
    where gebied_code <> 'REGIO'
),

bekend as (
    select gezien.peilnr, gezien.gemeente, gezien.zorgmaandnr, kosten.segment, sum(kosten.netto_cent) as cumulatief_cent
    from gezien
    inner join kosten
        on
            gezien.gemeente = kosten.gemeente
            and gezien.zorgmaandnr = kosten.zorgmaandnr
            and kosten.vertraging_maanden <= gezien.vertraging
    group by gezien.peilnr, gezien.gemeente, gezien.zorgmaandnr, kosten.segment
),

stand as (
    select
        gezien.*,
        segmenten.segment,
        coalesce(bekend.cumulatief_cent, 0) as cumulatief_cent,
        factoren.factor_tot_eind,
        dagen.dagen
    from met_begin as gezien
    cross join {{ ref('dim_segmenten') }} as segmenten
    left join bekend using (peilnr, gemeente, zorgmaandnr, segment)
    left join {{ ref('int_terugblik_factoren') }} as factoren
        on
            gezien.peilnr = factoren.peilnr
            and segmenten.segment = factoren.segment
            and gezien.laatste_vertraging = factoren.vertraging_maanden
    left join {{ ref('int_terugblik_dagen') }} as dagen
        on
            gezien.peilnr = dagen.peilnr
            and gezien.gemeente = dagen.gemeente
            and gezien.zorgmaandnr = dagen.zorgmaandnr
            and segmenten.segment = dagen.segment
),

rijp as (
    select
        peilnr,
        gemeente,
        zorgmaandnr,
        segment,
        dagen,
        cast(round(cumulatief_cent * factor_tot_eind) as bigint) as eind_cent
    from stand
    where
        dagen > 0
        and is_gezien
        and is_volledig
        and factor_tot_eind is not null
        and laatste_vertraging >= {{ instelling('rijping_maanden') }}
),

gemiddeld as (
    select peilnr, segment, sum(eind_cent) / sum(dagen) as cent_per_dag
    from rijp
    group by peilnr, segment
    having sum(eind_cent) > 0
),

naast_verwachting as (
    select
        rijp.peilnr,
        rijp.segment,
        rijp.gemeente is null as is_regio,
        sum(rijp.eind_cent) as eind_cent,
        sum(rijp.dagen) * any_value(gemiddeld.cent_per_dag) as verwacht_cent
    from rijp
    inner join gemiddeld using (peilnr, segment)
    group by grouping sets (
        (rijp.peilnr, rijp.segment, rijp.zorgmaandnr, rijp.gemeente),
        (rijp.peilnr, rijp.segment, rijp.zorgmaandnr)
    )
),

spreiding as (
    select
        peilnr,
        segment,
        is_regio,
        round({{ vaste_som('power(eind_cent - verwacht_cent, 2) / verwacht_cent') }} / nullif(count(*) - 1, 0), 9)
            as per_cent
    from naast_verwachting
    group by peilnr, segment, is_regio
),

grootste_spreiding as (
    select peilnr, segment, coalesce(max(per_cent), 0) as per_cent
    from spreiding
    group by peilnr, segment
),

patroon as (
    select
        peilnr,
        segment,
        vertraging_maanden,
        aandeel_bekend,
        aandeel_bekend
        - coalesce(lag(aandeel_bekend) over (partition by peilnr, segment order by vertraging_maanden), 0) as aandeel
    from {{ ref('int_terugblik_factoren') }}
),

-- first the few leveringen that were there of the few months that are shown: with the pattern they are a hundred times more
gekomen as materialized (
    select
        maanden.peilnr,
        maanden.gemeente,
        maanden.zorgmaandnr,
        leveringen.is_stand,
        leveringen.leveringsnr - maanden.zorgmaandnr as vertraging_maanden
    from maanden
    inner join leveringen
        on
            maanden.gemeente = leveringen.gemeente
            and leveringen.leveringsnr between maanden.zorgmaandnr and maanden.peilnr
    where maanden.vertraging < {{ instelling('terugblik_maanden') }}
),

-- the part of the cost that comes with them
aandelen as (
    select
        gekomen.peilnr,
        gekomen.gemeente,
        gekomen.zorgmaandnr,
        patroon.segment,
        round(
            case
                when bool_or(gekomen.is_stand) then arg_max(patroon.aandeel_bekend, patroon.vertraging_maanden)
                else sum(patroon.aandeel)
            end, 12
        ) as aandeel_gezien
    from gekomen
    inner join patroon using (peilnr, vertraging_maanden)
    group by gekomen.peilnr, gekomen.gemeente, gekomen.zorgmaandnr, patroon.segment
),

soorten as (
    select
        stand.*,
        coalesce(aandelen.aandeel_gezien, 0) as aandeel_gezien,
        stand.dagen * gemiddeld.cent_per_dag as verwacht_cent,
        stand.dagen * gemiddeld.cent_per_dag * spreiding.per_cent as variantie,
        stand.cumulatief_cent * coalesce(stand.factor_tot_eind, 1) as ladder_cent,
        case
            when not (stand.is_gezien and stand.is_volledig) then 'onvolledig'
            when stand.factor_tot_eind = 1 then 'ontvangen'
            when
                stand.dagen * gemiddeld.cent_per_dag is not null
                and (stand.vertraging < 2 or coalesce(aandelen.aandeel_gezien, 0) < 0.5)
                then 'bornhuetter_ferguson'
            when stand.factor_tot_eind is null then 'onvolledig'
            else 'chain_ladder'
        end as methode
    from stand
    left join aandelen using (peilnr, gemeente, zorgmaandnr, segment)
    left join gemiddeld using (peilnr, segment)
    left join grootste_spreiding as spreiding using (peilnr, segment)
    where stand.vertraging < {{ instelling('terugblik_maanden') }}
),

aangevuld as (
    select
        *,
        is_gezien and verwacht_cent is not null and methode in ('bornhuetter_ferguson', 'onvolledig') as met_verwachting,
        case
            when not is_gezien then cumulatief_cent
            when methode = 'bornhuetter_ferguson' then cumulatief_cent + verwacht_cent * (1 - aandeel_gezien)
            when methode = 'onvolledig' and verwacht_cent is not null
                then least(
                    cumulatief_cent + verwacht_cent * (1 - aandeel_gezien), greatest(ladder_cent, verwacht_cent)
                )
            else ladder_cent
        end as eind_cent
    from soorten
)

select
    cast(peilnr as integer) as peilnr,
    gemeente,
    cast(zorgmaandnr as integer) as zorgmaandnr,
    segment,
    cast(vertraging as integer) as vertraging_maanden,
    case
        when is_gezien and (met_verwachting or factor_tot_eind is not null) then coalesce(laatste_vertraging, 0)
    end as vanaf_vertraging,
    cast(cumulatief_cent as bigint) as cumulatief_cent,
    methode,
    cast(round(eind_cent) as bigint) as eind_cent,
    case when met_verwachting then round(variantie * power(1 - aandeel_gezien, 2), 3) else 0 end as variantie_cent
from aangevuld
