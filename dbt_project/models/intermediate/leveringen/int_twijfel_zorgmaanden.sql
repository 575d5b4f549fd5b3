-- Months of care of a gemeente that are not whole because a levering that cannot be that of its month brought a part of them
-- that matters: claims come mostly in the month after the care, so beside the month of the levering itself it is the one
-- before that holds too little or too much. Of what counts, by the month in which a claimed period begins.
with twijfel as (
    select distinct gemeente, maand
    from {{ ref('int_leveringen_twijfel') }}
    where bericht = 'declaraties' and not is_verklaard
)

select gekomen.gemeente, gekomen.zorgmaand
from {{ ref('int_declaratie_komst') }} as gekomen
left join twijfel using (gemeente, maand)
group by gekomen.gemeente, gekomen.zorgmaand
having
    coalesce(sum(gekomen.bedrag_cent) filter (where twijfel.maand is not null), 0)
    > (1 - {{ instelling('dekking_minimum') }}) * sum(gekomen.bedrag_cent)
