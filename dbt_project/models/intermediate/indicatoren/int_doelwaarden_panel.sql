-- Targets like for like: only the months that a gemeente delivered in both years, so that one that is missing in one of
-- them takes no part in either. Cost of the year as completed by naijling, of the base year as received; crisis trajecten of
-- the gemeenten added up (at REGIO a move between gemeenten is therefore counted twice).
with spannen as (
    select
        waarden.doel_id,
        waarden.jaar,
        waarden.eerste_maand,
        waarden.n_maanden,
        doelen.basisjaar,
        doelen.indicator_id,
        doelen.uitsluiting is not null as zonder_alternatief,
        string_split(doelen.segment, '+') as segmenten,
        case doelen.indicator_id when 'kosten' then 'declaraties' else 'toewijzingen' end as bericht
    from (
        select distinct doel_id, jaar, eerste_maand, n_maanden
        from {{ ref('int_doelwaarden') }}
        where n_maanden > 0
    ) as waarden
    inner join {{ ref('stg_ref_streefwaarden') }} as doelen using (doel_id)
),

paren as (
    select
        spannen.*,
        nu.gebied_code as gemeente,
        nu.maand,
        basis.maand as basismaand,
        nu.inwoners_totaal,
        nu.inwoners_gedekt > 0 and coalesce(basis.inwoners_gedekt, 0) > 0 as in_panel
    from spannen
    inner join {{ ref('int_dekking_maand') }} as nu
        on
            spannen.bericht = nu.bericht
            and nu.gebied_code <> 'REGIO'
            and nu.maand >= spannen.eerste_maand
            and nu.maand < spannen.eerste_maand + to_months(cast(spannen.n_maanden as integer))
    left join {{ ref('int_dekking_maand') }} as basis
        on
            nu.bericht = basis.bericht
            and nu.gebied_code = basis.gebied_code
            and basis.maand = nu.maand - to_years(spannen.jaar - spannen.basisjaar)
),

waarden as (
    select
        paren.doel_id,
        paren.jaar,
        paren.gemeente,
        sum(case when per_maand.maand = paren.basismaand then per_maand.ontvangen else 0 end) as basis,
        sum(case when per_maand.maand = paren.maand then per_maand.geschat else 0 end) as geschat
    from paren
    inner join {{ ref('int_doelreeks') }} as per_maand
        on
            paren.gemeente = per_maand.gemeente
            and paren.indicator_id = per_maand.indicator_id
            and paren.zonder_alternatief = per_maand.zonder_alternatief
            and per_maand.maand in (paren.maand, paren.basismaand)
            and list_contains(paren.segmenten, per_maand.segment)
    where paren.in_panel
    group by paren.doel_id, paren.jaar, paren.gemeente
),

leden as (
    select
        doel_id,
        jaar,
        gemeente,
        sum(inwoners_totaal) as inwoners,
        coalesce(sum(inwoners_totaal) filter (where in_panel), 0) as inwoners_panel
    from paren
    group by doel_id, jaar, gemeente
),

per_gebied as (
    select
        leden.*,
        waarden.basis,
        waarden.geschat,
        unnest([leden.gemeente, 'REGIO']) as gebied_code
    from leden
    left join waarden using (doel_id, jaar, gemeente)
)

select
    doel_id,
    jaar,
    gebied_code,
    case when sum(inwoners_panel) > 0 then {{ euro('coalesce(sum(basis), 0)') }} end as panel_basiswaarde,
    case when sum(inwoners_panel) > 0 then {{ euro('coalesce(sum(geschat), 0)') }} end as panel_realisatie_geschat,
    coalesce(sum(inwoners_panel) / nullif(sum(inwoners), 0), 0) as panel_dekking,
    cast(count(*) filter (where inwoners_panel > 0) as integer) as panel_n_gemeenten
from per_gebied
group by doel_id, jaar, gebied_code
