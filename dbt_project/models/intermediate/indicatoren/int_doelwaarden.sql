-- What is known about every target: value of the year as far as it goes, and of the same months of the base year.
-- The months of a year seen so far are those published, up to the last leveringsmaand of the regio for the bericht that
-- the target needs, for every gebied; what was not delivered counts as zero, and dekking says so.
with doelen as (
    select
        doel_id,
        indicator_id,
        string_split(segment, '+') as segmenten,
        uitsluiting is not null as zonder_alternatief,
        basisjaar,
        unnest(range(eerste_jaar, laatste_jaar + 1)) as jaar,
        case indicator_id when 'kosten' then 'declaraties' else 'toewijzingen' end as bericht
    from {{ ref('stg_ref_streefwaarden') }}
),

gezien as (
    select
        doelen.*,
        greatest(make_date(jaar, 1, 1), published.eerste_maand) as eerste_gezien,
        least(make_date(jaar, 12, 1), rijping.laatste_leveringsmaand) as laatste_gezien
    from doelen
    inner join {{ ref('int_rijping') }} as rijping using (bericht)
    cross join (select min(maand) as eerste_maand from {{ ref('dim_maanden') }}) as published
),

-- Both years side by side, so that everything below is computed once for the year and once for its base.
spannen as (
    select
        * exclude (eerste_gezien, laatste_gezien, basisjaar),
        coalesce(greatest(date_diff('month', eerste_gezien, laatste_gezien) + 1, 0), 0) as n_maanden,
        unnest([false, true]) as is_basis,
        cast(unnest([eerste_gezien, eerste_gezien - to_years(jaar - basisjaar)]) as date) as eerste_maand
    from gezien
),

begrensd as (
    select
        *,
        cast(eerste_maand + to_months(cast(n_maanden as integer)) - interval 1 day as date) as laatste_dag
    from spannen
    where n_maanden > 0
),

kosten as (
    select
        begrensd.doel_id,
        begrensd.jaar,
        begrensd.is_basis,
        maanden.gebied_code,
        {{ euro("sum(
            case
                when begrensd.zonder_alternatief then maanden.netto_zonder_alternatief_cent
                else maanden.netto_cent
            end
        )") }} as waarde
    from begrensd
    inner join {{ ref('int_kosten_maand') }} as maanden
        on
            begrensd.indicator_id = 'kosten'
            and list_contains(begrensd.segmenten, maanden.segment)
            and maanden.zorgmaand between begrensd.eerste_maand and begrensd.laatste_dag
    group by all
),

kosten_jeugdigen as (
    select
        begrensd.doel_id,
        begrensd.jaar,
        begrensd.is_basis,
        coalesce(regels.gemeente, 'REGIO') as gebied_code,
        count(distinct regels.jeugdige_nr) as n_jeugdigen
    from begrensd
    inner join {{ ref('fct_kosten_zorgmaand') }} as regels
        on
            begrensd.indicator_id = 'kosten'
            and list_contains(begrensd.segmenten, regels.segment)
            and regels.zorgmaand between begrensd.eerste_maand and begrensd.laatste_dag
            and not (begrensd.zonder_alternatief and regels.is_ambulant_alternatief)
    group by grouping sets (
        (begrensd.doel_id, begrensd.jaar, begrensd.is_basis, regels.gemeente),
        (begrensd.doel_id, begrensd.jaar, begrensd.is_basis)
    )
),

crisis as (
    select
        begrensd.doel_id,
        begrensd.jaar,
        begrensd.is_basis,
        trajecten.gebied_code,
        cast(count(*) as decimal(18, 2)) as waarde,
        count(distinct trajecten.pseudoniem) as n_jeugdigen
    from begrensd
    inner join {{ ref('fct_trajecten') }} as trajecten
        on
            begrensd.indicator_id = 'crisis_instroom'
            and list_contains(begrensd.segmenten, trajecten.segment)
            and trajecten.begin between begrensd.eerste_maand and begrensd.laatste_dag
    group by all
),

waarden as (
    select doel_id, jaar, is_basis, gebied_code, waarde, n_jeugdigen
    from kosten
    left join kosten_jeugdigen using (doel_id, jaar, is_basis, gebied_code)
    union all by name
    select * from crisis
),

dekking as (
    select
        begrensd.doel_id,
        begrensd.jaar,
        begrensd.is_basis,
        maanden.gebied_code,
        -- months before the first levering are not published, and not covered
        coalesce(sum(maanden.inwoners_gedekt) / nullif(sum(maanden.inwoners_totaal), 0), 0)
        * count(*) / any_value(begrensd.n_maanden) as dekking
    from begrensd
    inner join {{ ref('int_dekking_maand') }} as maanden
        on
            begrensd.bericht = maanden.bericht
            and maanden.maand between begrensd.eerste_maand and begrensd.laatste_dag
    group by all
),

per_jaar as (
    select
        spannen.doel_id,
        spannen.jaar,
        spannen.is_basis,
        spannen.n_maanden,
        spannen.eerste_maand,
        gebieden.gebied_code,
        case when spannen.n_maanden > 0 then coalesce(waarden.waarde, 0) end as waarde,
        case when spannen.n_maanden > 0 then coalesce(waarden.n_jeugdigen, 0) end as n_jeugdigen,
        coalesce(dekking.dekking, 0) as dekking
    from spannen
    cross join {{ ref('dim_gebieden') }} as gebieden
    left join waarden using (doel_id, jaar, is_basis, gebied_code)
    left join dekking using (doel_id, jaar, is_basis, gebied_code)
)

select
    nu.doel_id,
    nu.jaar,
    nu.gebied_code,
    nu.n_maanden,
    nu.eerste_maand,
    nu.waarde as realisatie,
    basis.waarde as basiswaarde,
    nu.n_jeugdigen,
    basis.n_jeugdigen as n_jeugdigen_basis,
    nu.dekking,
    basis.dekking as dekking_basis
from per_jaar as nu
inner join per_jaar as basis
    on nu.doel_id = basis.doel_id and nu.jaar = basis.jaar and nu.gebied_code = basis.gebied_code
where not nu.is_basis and basis.is_basis
