-- What a month ends with is what the next one begins with.
with opeenvolgend as (
    select
        *,
        lead(stand_begin) over (partition by gebied_code, segment order by maand) as volgende_stand_begin
    from {{ ref('stromen') }}
)

select *
from opeenvolgend
where stand_eind <> volgende_stand_begin
