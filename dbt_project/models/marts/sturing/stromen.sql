-- Stock and flow of trajecten per month: where it began, what came in and went out, where it ended.
with stromen as (
    select
        gebied_code,
        segment,
        maandnr,
        sum(n_trajecten) filter (where telling = 'instroom') as instroom,
        sum(n_trajecten) filter (where telling = 'doorstroom_in') as doorstroom_in,
        sum(n_trajecten) filter (where telling = 'doorstroom_uit') as doorstroom_uit,
        sum(n_trajecten) filter (where telling = 'uitstroom') as uitstroom
    from {{ ref('int_trajecten_per_maand') }}
    group by all
)

select
    stand.maand,
    stand.gebied_code,
    stand.segment,
    stand.stand_begin,
    cast(coalesce(stromen.instroom, 0) as bigint) as instroom,
    cast(coalesce(stromen.doorstroom_in, 0) as bigint) as doorstroom_in,
    cast(coalesce(stromen.doorstroom_uit, 0) as bigint) as doorstroom_uit,
    cast(coalesce(stromen.uitstroom, 0) as bigint) as uitstroom,
    stand.stand_eind,
    dekking.dekking,
    dekking.rijping,
    '{{ var("publicatie_id") }}' as publicatie_id
from {{ ref('int_trajecten_stand') }} as stand
left join stromen using (gebied_code, segment, maandnr)
left join {{ ref('int_dekking') }} as dekking
    on dekking.periode_soort = 'maand'
    and stand.maand = dekking.periode
    and stand.gebied_code = dekking.gebied_code
    and dekking.dekking_bericht = 'toewijzingen'
