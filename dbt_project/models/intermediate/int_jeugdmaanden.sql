-- Per youth the unbroken runs of published months in which something holds (`telling`), per gebied and segment.
-- From these runs every number of distinct youths is counted; no row per youth and month is made.
with grenzen as (
    select min(maandnr) as eerste, max(maandnr) as laatste
    from {{ ref('dim_maanden') }}
),

stukken as (
    select
        gebied_code,
        segment,
        pseudoniem,
        {{ maandnr('dekt_van') }} as van,
        {{ maandnr('dekt_tot') }} as tot,
        -- months of which the last day is covered
        case when dekt_tot = last_day(dekt_tot) then {{ maandnr('dekt_tot') }} else {{ maandnr('dekt_tot') }} - 1 end
            as tot_laatste_dag,
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

perioden as (
    select gebied_code, segment, pseudoniem, telling, van, case telling when 'stand' then tot_laatste_dag else tot end as tot
    from stukken
    where telling is not null

    union all

    select gebied_code, segment, pseudoniem, telling, maandnr, maandnr
    from {{ ref('int_traject_gebeurtenissen') }}
),

binnen_publicatie as (
    select
        perioden.* exclude (van, tot),
        greatest(perioden.van, grenzen.eerste) as van,
        least(perioden.tot, grenzen.laatste) as tot
    from perioden
    inner join grenzen on perioden.van <= grenzen.laatste and perioden.tot >= grenzen.eerste and perioden.van <= perioden.tot
)

{{ aaneengesloten('binnen_publicatie', ['gebied_code', 'telling', 'segment', 'pseudoniem']) }}
