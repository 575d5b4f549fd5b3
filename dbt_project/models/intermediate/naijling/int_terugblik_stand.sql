-- Where every month of care stood after every leveringsmaand (`peilnr`), as int_naijling_stand says it of today: the newest
-- terugblik_maanden, and the ripe ones behind them from which that moment took what a covered day costs.
-- verwacht_cent is what was expected then: the days known then times the cost of a day then. rijp_cent: the final amount, of
-- the months that were ripe then and stand beside the expectation.
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
            peilen.peilnr >= maanden.maandnr
            and maanden.maandnr
            > peilen.peilnr - {{ instelling('rijping_maanden') }} - {{ instelling('naijling_jaargangen') }}
    inner join {{ ref('dim_gebieden') }} as gebieden
        on
            gebieden.gebied_soort = 'gemeente'
            and maanden.laatste_dag >= gebieden.geldig_van
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
            and gezien.vertraging >= kosten.vertraging_maanden
    group by gezien.peilnr, gezien.gemeente, gezien.zorgmaandnr, kosten.segment
),

stand as (
    select
        gezien.*,
        segmenten.segment,
        coalesce(bekend.cumulatief_cent, 0) as cumulatief_cent,
        factoren.factor_tot_eind,
        dagen.dagen,
        case
            when
                dagen.dagen > 0
                and gezien.is_gezien
                and gezien.is_volledig
                and gezien.laatste_vertraging >= {{ instelling('rijping_maanden') }}
                then cast(round(coalesce(bekend.cumulatief_cent, 0) * factoren.factor_tot_eind) as bigint)
        end as rijp_cent
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

gemiddeld as (
    select peilnr, segment, sum(rijp_cent) / sum(dagen) as cent_per_dag
    from stand
    where rijp_cent is not null
    group by peilnr, segment
    having sum(rijp_cent) > 0
)

select
    cast(stand.peilnr as integer) as peilnr,
    stand.gemeente,
    cast(stand.zorgmaandnr as integer) as zorgmaandnr,
    stand.segment,
    cast(stand.vertraging as integer) as vertraging_maanden,
    cast(stand.laatste_vertraging as integer) as laatste_vertraging,
    stand.is_gezien,
    stand.is_volledig,
    cast(stand.cumulatief_cent as bigint) as cumulatief_cent,
    stand.factor_tot_eind,
    stand.dagen,
    gemiddeld.cent_per_dag,
    stand.dagen * gemiddeld.cent_per_dag as verwacht_cent,
    stand.rijp_cent
from stand
left join gemiddeld using (peilnr, segment)
