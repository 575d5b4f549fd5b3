-- Who had an allocation of a hulpvorm on the last day of every published month, of the hulpvormen of which places were
-- delivered: each youth once per gebied, hulpvorm and month. What runs without end runs on.
with grenzen as (
    select min(maandnr) as eerste, max(maandnr) as laatste
    from {{ ref('dim_maanden') }}
),

stukken as (
    select
        stukken.gebied_code,
        stukken.hulpvorm,
        stukken.jeugdige_nr,
        greatest({{ maandnr('stukken.dekt_van') }}, grenzen.eerste) as van,
        -- the last month of which the last day is covered
        least(
            case
                when stukken.dekt_tot = {{ zonder_einde() }} then grenzen.laatste
                else {{ maandnr('(stukken.dekt_tot + 1)') }} - 1
            end, grenzen.laatste
        ) as tot
    from {{ ref('int_zorgstukken') }} as stukken
    cross join grenzen
    semi join {{ ref('int_plekken_maand') }} using (hulpvorm)
    where stukken.segment = 'totaal'
)

select distinct gebied_code, hulpvorm, jeugdige_nr, unnest(range(van, tot + 1)) as maandnr
from stukken
