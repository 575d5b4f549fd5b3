-- Per youth the runs of published months in which something holds (`telling`), per gebied and segment, in order of
-- their first month, with the last month that earlier runs reached. A run only adds what lies beyond `eerder_tot`, so
-- distinct youths can be counted from begins and ends alone; no row per youth and month is made.
with grenzen as (
    select min(maandnr) as eerste, max(maandnr) as laatste
    from {{ ref('dim_maanden') }}
),

stukken as (
    select
        gebied_code,
        segment,
        jeugdige_nr,
        met_verblijf,
        hulpvorm,
        {{ maandnr('dekt_van') }} as van,
        {{ maandnr('dekt_tot') }} as tot,
        -- the last month of which the last day is covered
        {{ maandnr('(dekt_tot + 1)') }} - 1 as tot_laatste_dag
    from {{ ref('int_zorgstukken') }}
),

reeksen as (
    select gebied_code, segment, jeugdige_nr, 'zorg' as telling, van, tot
    from stukken

    union all

    select gebied_code, segment, jeugdige_nr, 'stand', van, tot_laatste_dag
    from stukken

    union all

    select gebied_code, segment, jeugdige_nr, 'ambulant', van, tot
    from stukken
    where segment = 'ambulant' and not met_verblijf

    union all

    select gebied_code, segment, jeugdige_nr, 'verblijf', van, tot
    from stukken
    where segment in ('verblijf', 'wonen', 'totaal') and met_verblijf

    union all

    select gebied_code, segment, jeugdige_nr, 'jeugdzorgplus', van, tot
    from stukken
    where segment = 'totaal' and hulpvorm = '13'
{%- for breedte in ['smal', 'breed'] %}

    union all

    select gebied_code, segment, jeugdige_nr, 'gezinsgericht_{{ breedte }}', van, tot
    from stukken
    semi join (
        select hulpvorm
        from {{ ref('stg_ref_hulpvormen') }}
        where is_gezinsgericht_{{ breedte }}
    ) as gezinsgericht using (hulpvorm)
    where segment = 'totaal' and met_verblijf
{%- endfor %}

    union all

    select gebied_code, segment, jeugdige_nr, telling, maandnr as van, maandnr as tot
    from {{ ref('int_traject_gebeurtenissen') }}
    where telling <> 'doorstroom_uit' and (telling <> 'begonnen' or segment = 'crisis')

    union all

    select gebied_code, 'totaal', jeugdige_nr, telling, {{ maandnr('van') }}, {{ maandnr('tot') }}
    from {{ ref('int_verblijfsdagen') }}
    where telling <> 'verblijfsdagen'
),

binnen_publicatie as (
    select
        reeksen.gebied_code,
        reeksen.segment,
        reeksen.jeugdige_nr,
        reeksen.telling,
        greatest(reeksen.van, grenzen.eerste) as van,
        least(reeksen.tot, grenzen.laatste) as tot
    from reeksen
    inner join grenzen
        on reeksen.van <= grenzen.laatste and reeksen.tot >= grenzen.eerste and reeksen.van <= reeksen.tot
),

met_vorige as (
    select
        *,
        max(tot) over (
            partition by jeugdige_nr, gebied_code, segment, telling
            order by van asc, tot desc
            rows between unbounded preceding and 1 preceding
        ) as eerder_tot
    from binnen_publicatie
)

select *
from met_vorige
where eerder_tot is null or tot > eerder_tot
