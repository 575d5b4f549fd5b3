-- of each region the newest publication that it shared and that still stands
with actueel as (
    select *
    from {{ source('landelijk', 'publicaties') }}
    where ingetrokken_op is null and opgeruimd_op is null
    qualify row_number() over (partition by regio_code order by peilmoment desc, publicatie_id desc) = 1
),

inwoners as (
    select regio_code, publicatie_id, arg_max(inwoners_0_17, jaar) as inwoners_0_17
    from {{ source('meta', 'gebieden') }}
    where gebied_code = 'REGIO'
    group by all
)

select
    actueel.regio_code,
    actueel.regio_naam,
    actueel.publicatie_id,
    actueel.peilmoment,
    actueel.gedeeld_op,
    publicatie.laatste_maand,
    inwoners.inwoners_0_17
from actueel
inner join {{ source('meta', 'publicatie') }} as publicatie using (regio_code, publicatie_id)
left join inwoners using (regio_code, publicatie_id)
order by actueel.regio_code
