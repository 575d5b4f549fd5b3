-- Build-time rules on rows of toewijzingen, whatever version they are. One column per rule: true = finding, false =
-- checked and in order, NULL = not checked.
with laatste_stand as (
    select gemeente, leveringsmaand as laatste_standmaand, versies as versies_in_stand
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht = 'toewijzingen' and rijen_geaccepteerd > 0
    qualify row_number() over (partition by gemeente order by leveringsmaand desc) = 1 and soort = 'stand'
),

rijen as (
    select
        rijen.*,
        coalesce(rijen.toewijzingstijd, time '00:00:00') as versietijd,
        leveringen.ontvangen_dag,
        leveringen.soort = 'stand' and laatste_stand.gemeente is not null as is_uit_stand,
        laatste_stand.laatste_standmaand,
        -- what a stand must keep holding: every version, or (where a back office has only the newest) the number
        case
            when laatste_stand.versies_in_stand = 'alle'
                then rijen.toewijzingsdatum + coalesce(rijen.toewijzingstijd, time '00:00:00')
        end as stempel_in_stand
    from {{ ref('int_toewijzing_rijen') }} as rijen
    inner join {{ ref('stg_leveringen') }} as leveringen on rijen.levering_id = leveringen.levering_id
    left join laatste_stand on rijen.gemeente = laatste_stand.gemeente
),

met_gezien as (
    select
        *,
        max(laatste_leveringsmaand) over (
            partition by gemeente, toewijzingnummer, stempel_in_stand
        ) as laatst_gezien
    from rijen
)

select
    levering_id,
    rij,
    -- T10: an earlier leveringsmaand held the same version with other content
    rij_hash is distinct from first_value(rij_hash) over (
        partition by gemeente, toewijzingnummer, toewijzingsdatum, versietijd order by eerste_leveringsmaand, rij_hash
    ) as "T10",
    -- T11: issued after the day of arrival
    toewijzingsdatum > ontvangen_dag as "T11",
    -- T12: youth, provider or first day differs from the first version
    row(pseudoniem, aanbieder_agb, ingangsdatum) is distinct from first_value(
        row(pseudoniem, aanbieder_agb, ingangsdatum)
    ) over (
        partition by gemeente, toewijzingnummer
        order by toewijzingsdatum, versietijd, eerste_leveringsmaand, rij_hash
    ) as "T12",
    -- T26: was in the stand, and is not in the newest one; on the row that was seen last
    case
        when is_uit_stand
            then laatst_gezien < laatste_standmaand and laatste_leveringsmaand = laatst_gezien
    end as "T26"
from met_gezien
