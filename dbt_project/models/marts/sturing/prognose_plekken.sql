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
    cast(n_origins as integer) as n_geleerde_maanden,
    cast(null as date) as plekken_maand,
    cast(null as bigint) as plekken,
    cast(null as bigint) as n_vrij,
    cast(null as decimal(18, 2)) as n_komt_vrij,
    cast(null as decimal(18, 2)) as saldo,
    cast(null as bigint) as saldo_ondergrens,
    cast(null as bigint) as saldo_bovengrens
from {{ ref('int_prognose') }}
-- what sturing.stromen says of that day; the forecast itself starts from what was known on it
left join (select gebied_code, segment, maand as peilmaand, stand_eind from {{ ref('int_trajecten_stand') }}) as stand
    using (gebied_code, segment, peilmaand)
where is_laatste

union all

-- where places were delivered: per hulpvorm what comes free against what is needed
select
    '{{ var("publicatie_id") }}',
    gebied_code,
    segment,
    maand,
    cast(vooruit as integer),
    peilmaand,
    case when is_te_zeggen then 'geschat' else 'onvoldoende_data' end,
    cast(stand_nu as bigint),
    {% for kolom in ['n_blijft', 'n_komt', 'stand_verwacht'] -%}
    case when is_te_zeggen then cast({{ kolom }} as decimal(18, 2)) end,
    {% endfor -%}
    {% for kolom in ['ondergrens', 'bovengrens'] -%}
    case when is_te_zeggen then cast({{ kolom }} as bigint) end,
    {% endfor -%}
    cast(n_origins as integer),
    plekken_maand,
    plekken,
    vrij,
    case when is_te_zeggen then cast(n_komt_vrij as decimal(18, 2)) end,
    case when is_te_zeggen then cast(saldo as decimal(18, 2)) end,
    {% for kolom in ['saldo_ondergrens', 'saldo_bovengrens'] -%}
    case when is_te_zeggen then cast({{ kolom }} as bigint) end{{ ',' if not loop.last }}
    {% endfor %}
from (
    select *, is_voorspeld and maanden_oud < {{ instelling('rijping_maanden') }} as is_te_zeggen
    from {{ ref('int_prognose_capaciteit') }}
) as capaciteit
