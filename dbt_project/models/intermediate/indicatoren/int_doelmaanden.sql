-- Which months of a target's year are judged, and beside each its month of the base year. A month is judged for every gebied
-- alike: where the gemeenten that can be compared (candidates) delivered it in both years as good as all. A newest month
-- that half the region delivered is so left out of both years, and a gemeente that hardly delivers stops nobody.
--   candidate   delivered at least doel_kandidaat_aandeel of the months that the regio delivered, and of the same months
--               of the base year;
--   judged      the candidates that delivered the month in both years hold at least dekking_minimum of the inhabitants
--               0-17 of all candidates. A target on counts is judged on definitive months only.
with doelen as (
    select
        doel_id,
        indicator_id,
        basisjaar,
        cast(unnest(range(eerste_jaar, laatste_jaar + 1)) as integer) as jaar,
        case indicator_id when 'kosten' then 'declaraties' else 'toewijzingen' end as bericht
    from {{ ref('stg_ref_streefwaarden') }}
),

maanden as (
    select
        doelen.*,
        regio.maand,
        cast(regio.maand - to_years(doelen.jaar - doelen.basisjaar) as date) as basismaand,
        doelen.indicator_id = 'kosten'
        or (
            date_diff('month', regio.maand, rijping.laatste_leveringsmaand) >= {{ instelling('rijping_maanden') }}
            and last_day(regio.maand) < cast('{{ var("peildatum") }}' as date)
        ) as is_rijp_genoeg,
        count(*) over (partition by doelen.doel_id, doelen.jaar) as n_geleverd
    from doelen
    inner join {{ ref('int_dekking_maand') }} as regio
        on
            doelen.bericht = regio.bericht
            and regio.gebied_code = 'REGIO'
            and regio.inwoners_gedekt > 0
            and year(regio.maand) = doelen.jaar
    inner join {{ ref('int_rijping') }} as rijping on doelen.bericht = rijping.bericht
),

gemeentemaanden as (
    select
        maanden.doel_id,
        maanden.jaar,
        maanden.maand,
        maanden.basismaand,
        maanden.is_rijp_genoeg,
        maanden.n_geleverd,
        nu.gebied_code as gemeente,
        max(nu.inwoners_totaal) over (partition by maanden.doel_id, maanden.jaar, nu.gebied_code) as inwoners,
        nu.inwoners_gedekt > 0 as is_gedekt,
        coalesce(basis.inwoners_gedekt, 0) > 0 as is_basis_gedekt
    from maanden
    inner join {{ ref('int_dekking_maand') }} as nu
        on maanden.bericht = nu.bericht and maanden.maand = nu.maand and nu.gebied_code <> 'REGIO'
    left join {{ ref('int_dekking_maand') }} as basis
        on nu.bericht = basis.bericht and nu.gebied_code = basis.gebied_code and maanden.basismaand = basis.maand
),

met_kandidaat as (
    select
        *,
        count(*) filter (where is_gedekt) over gemeentejaar >= {{ instelling('doel_kandidaat_aandeel') }} * n_geleverd
        and count(*) filter (where is_basis_gedekt) over gemeentejaar
        >= {{ instelling('doel_kandidaat_aandeel') }} * n_geleverd as is_kandidaat
    from gemeentemaanden
    window gemeentejaar as (partition by doel_id, jaar, gemeente)
),

kandidaten as (
    select doel_id, jaar, sum(inwoners) as inwoners
    from (
        select distinct doel_id, jaar, gemeente, inwoners
        from met_kandidaat
        where is_kandidaat
    ) as leden
    group by doel_id, jaar
),

beoordeeld as (
    select met_kandidaat.doel_id, met_kandidaat.jaar, met_kandidaat.maand
    from met_kandidaat
    inner join kandidaten using (doel_id, jaar)
    where
        met_kandidaat.is_kandidaat
        and met_kandidaat.is_gedekt
        and met_kandidaat.is_basis_gedekt
        and met_kandidaat.is_rijp_genoeg
    group by met_kandidaat.doel_id, met_kandidaat.jaar, met_kandidaat.maand, kandidaten.inwoners
    having sum(met_kandidaat.inwoners) >= {{ instelling('dekking_minimum') }} * kandidaten.inwoners
)

select
    met_kandidaat.doel_id,
    met_kandidaat.jaar,
    met_kandidaat.maand,
    met_kandidaat.basismaand,
    met_kandidaat.gemeente,
    met_kandidaat.inwoners,
    met_kandidaat.is_gedekt,
    met_kandidaat.is_basis_gedekt,
    beoordeeld.maand is not null as is_beoordeeld,
    met_kandidaat.is_kandidaat
    and bool_and(
        beoordeeld.maand is null or (met_kandidaat.is_gedekt and met_kandidaat.is_basis_gedekt)
    ) over gemeentejaar
    and bool_or(beoordeeld.maand is not null) over gemeentejaar as is_panel
from met_kandidaat
left join beoordeeld using (doel_id, jaar, maand)
window gemeentejaar as (partition by met_kandidaat.doel_id, met_kandidaat.jaar, met_kandidaat.gemeente)
