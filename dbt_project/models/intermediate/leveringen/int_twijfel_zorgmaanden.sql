-- Months of care of a gemeente that are not whole because a levering that cannot be that of its month brought a part of them
-- that matters: claims come mostly in the month after the care, so beside the month of the levering itself it is the one
-- before that holds too little or too much. Of what counts, by the month in which a claimed period begins.
with gekomen as (
    select
        kern.gemeente,
        cast(date_trunc('month', kern.productperiode_begin) as date) as zorgmaand,
        kern.eerste_leveringsmaand as maand,
        sum(kern.ingediend_bedrag_cent) as cent
    from {{ ref('int_declaratie_kern') }} as kern
    left join {{ ref('int_voorbehoud_regels') }} as voorbehoud using (regel_nr)
    where kern.telt_mee and coalesce(voorbehoud.houdt_bedrag, false) = false
    group by all
),

twijfel as (
    select distinct gemeente, maand
    from {{ ref('int_leveringen_twijfel') }}
    where bericht = 'declaraties' and not is_verklaard
)

select gekomen.gemeente, gekomen.zorgmaand
from gekomen
left join twijfel using (gemeente, maand)
group by gekomen.gemeente, gekomen.zorgmaand
having
    coalesce(sum(gekomen.cent) filter (where twijfel.maand is not null), 0)
    > (1 - {{ instelling('dekking_minimum') }}) * sum(gekomen.cent)
