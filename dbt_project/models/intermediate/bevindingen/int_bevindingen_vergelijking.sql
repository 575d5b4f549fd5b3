-- Build-time rules that compare a geldende levering as a whole with what stands beside it: the months before, the other
-- gemeenten, the stand before. One column per rule: true = finding, false = checked and in order, NULL = not checked.
with geldend as (
    select * from {{ ref('stg_leveringen') }}
    where is_geldend
),

-- Allocations that another gemeente delivered too: same number, youth, provider and days.
toewijzingen as (
    select
        levering_nr,
        hash(toewijzingnummer, pseudoniem, aanbieder_agb, toewijzingsdatum, ingangsdatum) as kern,
        gemeente
    from {{ ref('int_toewijzing_rijen') }}
),

gedeelde_toewijzingen as (
    select kern
    from toewijzingen
    group by kern
    having min(gemeente) <> max(gemeente)
),

gedeeld as (
    select
        toewijzingen.levering_nr,
        count(*) as n_rijen,
        count(gedeelde.kern) as n_gedeeld
    from toewijzingen
    left join gedeelde_toewijzingen as gedeelde using (kern)
    group by toewijzingen.levering_nr

    union all

    -- D16 is that same question per claim line
    select
        levering_nr,
        count(*) as n_rijen,
        count(*) filter (where is_bij_meer_gemeenten) as n_gedeeld
    from {{ ref('int_declaratie_kern') }}
    group by levering_nr
),

-- Claim lines of gemeenten that deliver all of them every time: the last stand that holds a line, and the one after it.
standen as (
    select
        levering_id,
        gemeente,
        leveringsmaand,
        rijen_quarantaine,
        lag(leveringsmaand) over (partition by gemeente order by leveringsmaand) as vorige_maand
    from geldend
    where bericht = 'declaraties' and soort = 'stand' and rijen_geaccepteerd > 0
),

laatst_gezien as (
    select
        declaraties.gemeente,
        max(declaraties.leveringsmaand) as laatste_maand
    from {{ ref('stg_declaraties') }} as declaraties
    semi join standen using (gemeente)
    group by declaraties.gemeente, declaraties.aanbieder_agb, declaraties.referentienummer
),

verdwenen as (
    select
        gemeente,
        laatste_maand,
        count(*) as n_regels
    from laatst_gezien
    group by gemeente, laatste_maand
)

select
    geldend.levering_nr,
    cast(null as integer) as rij,
    geldend.bericht,
    -- L16: far more rows than usual, or a far lower amount on a usual number of rows (L12 is the other way), and
    -- than chance allows
    case
        when
            gewoonlijk.n_voorgaande >= 3
            and greatest(geldend.rijen_ontvangen, gewoonlijk.mediaan_rijen) >= {{ drempel('L16', 3) }}
            then
                geldend.rijen_ontvangen > {{ drempel('L16', 1) }} * gewoonlijk.mediaan_rijen
                or (
                    geldend.bericht = 'declaraties'
                    and geldend.rijen_ontvangen >= {{ drempel('L16', 3) }}
                    and geldend.bedrag_ontvangen_cent < gewoonlijk.mediaan_ontvangen_cent * least(
                        {{ drempel('L16', 2) }}, exp(-{{ drempel('L12', 3) }} * gewoonlijk.spreiding_ontvangen)
                    )
                    and geldend.rijen_ontvangen >= {{ drempel('L12', 1) }} * gewoonlijk.mediaan_rijen
                )
    end as "L16",
    -- L17: the rows of another gemeente
    case
        when gedeeld.n_rijen > 0
            then
                gedeeld.n_gedeeld >= {{ drempel('L17', 2) }}
                and gedeeld.n_gedeeld >= {{ drempel('L17', 1) }} * gedeeld.n_rijen
    end as "L17",
    -- D35: lines of the stand before are gone, more than the door refused (a refused row takes its line along)
    case
        when standen.vorige_maand is not null
            then coalesce(verdwenen.n_regels, 0) > standen.rijen_quarantaine
    end as "D35"
from geldend
left join {{ ref('int_leveringen_gewoonlijk') }} as gewoonlijk on geldend.levering_id = gewoonlijk.levering_id
left join gedeeld on geldend.levering_nr = gedeeld.levering_nr
left join standen on geldend.levering_id = standen.levering_id
left join verdwenen
    on standen.gemeente = verdwenen.gemeente and standen.vorige_maand = verdwenen.laatste_maand
