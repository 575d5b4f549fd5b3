-- How many youths will have a place, a year ahead, from the last month the gebied delivered. Where too little is known there is
-- no figure, and status says so.
select
    '{{ var("publicatie_id") }}' as publicatie_id,
    gebied_code,
    segment,
    maand,
    cast(vooruit as integer) as maanden_vooruit,
    peilmaand,
    case
        when is_voorspeld and maanden_oud < {{ instelling('rijping_maanden') }} then 'geschat' else 'onvoldoende_data'
    end as status,
    cast(coalesce(stand.stand_eind, 0) as bigint) as stand_nu,
    {% for kolom in ['n_blijft', 'n_komt', 'stand_verwacht'] -%}
    case
        when maanden_oud < {{ instelling('rijping_maanden') }} then cast({{ kolom }} as decimal(18, 2))
    end as {{ kolom }},
    {% endfor -%}
    {% for kolom in ['ondergrens', 'bovengrens'] -%}
    case when maanden_oud < {{ instelling('rijping_maanden') }} then cast({{ kolom }} as bigint) end as {{ kolom }},
    {% endfor -%}
    cast(n_origins as integer) as n_geleerde_maanden
from {{ ref('int_prognose') }}
-- what sturing.stromen says of that day; the forecast itself starts from what was known on it
left join (select gebied_code, segment, maand as peilmaand, stand_eind from {{ ref('int_trajecten_stand') }}) as stand
    using (gebied_code, segment, peilmaand)
where is_laatste
