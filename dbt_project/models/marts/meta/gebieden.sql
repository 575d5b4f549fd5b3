-- Names and inhabitants of the gemeenten and the regio, per calendar year of the months published.
select
    '{{ var("publicatie_id") }}' as publicatie_id,
    gebieden.gebied_code,
    cast(inwoners.jaar as integer) as jaar,
    gebieden.naam,
    inwoners.inwoners,
    inwoners.inwoners_0_17,
    inwoners.is_geschat
from {{ ref('dim_gebieden') }} as gebieden
inner join {{ ref('int_inwoners') }} as inwoners using (gebied_code)
where inwoners.jaar in (select jaar from {{ ref('dim_maanden') }})
