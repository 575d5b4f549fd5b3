-- The months of which a gemeente delivered declaraties (or confirmed nil): the only months in which claims could come in.
-- A levering whose rows cannot be those of its month (few, many, or those of another) is none of them: what it should have
-- brought is expected, most of it of the month of care before.
-- is_stand: it sends stands, so that the next levering also brings what a missing one would have brought.
with geleverd as (
    select gemeente, leveringsmaand as maand
    from {{ ref('stg_leveringen') }}
    where
        is_geldend
        and bericht = 'declaraties'
        and levering_nr not in (
            select levering_nr from {{ ref('int_leveringen_twijfel') }}
            where not is_verklaard
        )

    union

    select gemeente, maand
    from {{ ref('stg_ref_nihil_opgaven') }}
    where bericht = 'declaraties' and bevestigd_op <= cast('{{ var("peildatum") }}' as date)
),

standen as (
    select gemeente, arg_max(soort, leveringsmaand) = 'stand' as is_stand
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht = 'declaraties'
    group by gemeente
)

select
    geleverd.gemeente,
    geleverd.maand,
    coalesce(standen.is_stand, false) as is_stand,
    min(geleverd.maand) over (partition by geleverd.gemeente) as eerste_maand,
    rijping.laatste_leveringsmaand
from geleverd
inner join {{ ref('int_rijping') }} as rijping
    on rijping.bericht = 'declaraties' and geleverd.maand <= rijping.laatste_leveringsmaand
left join standen on geleverd.gemeente = standen.gemeente
