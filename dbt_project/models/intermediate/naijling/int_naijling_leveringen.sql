-- The months of which a gemeente delivered declaraties (or confirmed nil): the only months in which claims could come in.
with geleverd as (
    select gemeente, leveringsmaand as maand
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht = 'declaraties'

    union

    select gemeente, maand
    from {{ ref('stg_ref_nihil_opgaven') }}
    where bericht = 'declaraties' and bevestigd_op <= cast('{{ var("peildatum") }}' as date)
)

select
    geleverd.gemeente,
    geleverd.maand,
    min(geleverd.maand) over (partition by geleverd.gemeente) as eerste_maand,
    rijping.laatste_leveringsmaand
from geleverd
inner join {{ ref('int_rijping') }} as rijping
    on rijping.bericht = 'declaraties' and geleverd.maand <= rijping.laatste_leveringsmaand
