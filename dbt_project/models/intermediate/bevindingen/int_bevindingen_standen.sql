-- Build-time rule on a stand of toewijzingen: what was in the one before must be in it. One row per allocation in the
-- stand before; there is no row to point at, so the finding is on the levering that misses it.
with standen as (
    select
        levering_nr,
        lag(levering_nr) over (partition by gemeente order by leveringsmaand) as vorige_levering_nr,
        -- with only newest versions in it, a row that the door refused takes its allocation along
        case when versies = 'laatste' then rijen_quarantaine else 0 end as in_quarantaine
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht = 'toewijzingen' and soort = 'stand' and rijen_geaccepteerd > 0
),

nummers as (
    select distinct levering_nr, toewijzingnummer
    from {{ ref('stg_toewijzingen') }}
    semi join standen using (levering_nr)
),

vergeleken as (
    select
        standen.levering_nr,
        standen.in_quarantaine,
        vorige.toewijzingnummer,
        nu.toewijzingnummer is null as ontbreekt
    from standen
    inner join nummers as vorige on standen.vorige_levering_nr = vorige.levering_nr
    left join nummers as nu
        on standen.levering_nr = nu.levering_nr and vorige.toewijzingnummer = nu.toewijzingnummer
)

select
    levering_nr,
    toewijzingnummer,
    cast(null as integer) as rij,
    -- T26: was in the stand before and is not in this one
    ontbreekt
    and row_number() over (partition by levering_nr, ontbreekt order by toewijzingnummer) > in_quarantaine as "T26"
from vergeleken
