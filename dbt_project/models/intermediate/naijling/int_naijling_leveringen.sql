-- The months of which a gemeente delivered declaraties (or confirmed nil): the only months in which claims could come in.
-- A levering with the rows of another month brought none of its own.
-- is_stand: it sends stands, so that the next levering also brings what a missing one would have brought.
with geleverd as (
    select gemeente, leveringsmaand as maand
    from {{ ref('stg_leveringen') }}
    where
        is_geldend
        and bericht = 'declaraties'
        and levering_nr not in (
            select levering_nr from {{ ref('int_leveringen_twijfel') }}
            where regel_code = 'L13' and not is_verklaard
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
