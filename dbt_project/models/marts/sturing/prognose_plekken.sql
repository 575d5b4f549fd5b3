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
    cast(stand_nu as bigint) as stand_nu,
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
where is_laatste
