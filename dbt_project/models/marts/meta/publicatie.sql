select
    publicatie_id,
    peilmoment,
    gemaakt_op,
    codeversie,
    seedversie,
    deurversie,
    cast(n_leveringen as integer) as n_leveringen,
    reeks,
    (select min(maand) from {{ ref('dim_maanden') }}) as eerste_maand,
    (select max(maand) from {{ ref('dim_maanden') }}) as laatste_maand
from {{ ref('stg_publicatie') }}
