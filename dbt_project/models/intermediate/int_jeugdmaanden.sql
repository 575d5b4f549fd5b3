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
        {{ maandnr('dekt_van') }} as van,
        {{ maandnr('dekt_tot') }} as tot,
        -- the last month of which the last day is covered
        {{ maandnr('dekt_tot') }} - cast(dekt_tot <> last_day(dekt_tot) as integer) as tot_laatste_dag,
        unnest([
            'zorg',
            'stand',
            case when segment = 'ambulant' and not met_verblijf then 'ambulant' end,
            case when segment in ('verblijf', 'wonen', 'totaal') and met_verblijf then 'verblijf' end,
            case when segment = 'totaal' and met_verblijf and is_gezinsgericht_smal then 'gezinsgericht_smal' end,
            case when segment = 'totaal' and met_verblijf and is_gezinsgericht_breed then 'gezinsgericht_breed' end,
            case when segment = 'totaal' and hulpvorm = '13' then 'jeugdzorgplus' end
        ]) as telling
    from {{ ref('int_zorgstukken') }}
    left join (
        select hulpvorm, is_gezinsgericht_smal, is_gezinsgericht_breed
        from {{ ref('stg_ref_hulpvormen') }}
    ) using (hulpvorm)
),

reeksen as (
    select
        gebied_code, segment, jeugdige_nr, telling, van,
        case telling when 'stand' then tot_laatste_dag else tot end as tot
    from stukken
    where telling is not null

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
            order by van, tot desc
            rows between unbounded preceding and 1 preceding
        ) as eerder_tot
    from binnen_publicatie
)

select *
from met_vorige
where eerder_tot is null or tot > eerder_tot
