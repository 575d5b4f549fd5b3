-- What a target on stay will come to over its whole year: the months judged as estimated, and every other month at the stand
-- that is known or forecast (int_prognose) times what a youth in that stand cost on average over the newest definitive
-- months. The bounds are how far the same rule was off for earlier months: the 10th and 90th percentile of its relative
-- errors, from at least twelve. Of the gemeenten of the row together; where one of them has no forecast there is none.
with doelen as (
    select doel_id, unnest(segmenten) as segment, zonder_alternatief
    from (
        select
            doel_id,
            string_split(segment, '+') as segmenten,
            uitsluiting is not null as zonder_alternatief
        from {{ ref('stg_ref_streefwaarden') }}
        where indicator_id = 'kosten'
    ) as alle
    where list_has_all(['verblijf', 'wonen'], segmenten)
),

grenzen as (
    select
        {{ maandnr('declaraties.laatste_leveringsmaand') }} - cast({{ instelling('rijping_maanden') }} as integer)
            as laatste_definitief,
        {{ maandnr('toewijzingen.laatste_leveringsmaand') }} as laatste_stand
    from {{ ref('int_rijping') }} as declaraties
    cross join {{ ref('int_rijping') }} as toewijzingen
    where declaraties.bericht = 'declaraties' and toewijzingen.bericht = 'toewijzingen'
),

beoordeeld as (
    select distinct doel_id, jaar, {{ maandnr('maand') }} as maandnr
    from {{ ref('int_doelmaanden') }}
    where is_beoordeeld
),

rijen as (
    select doelen.*, waarden.jaar, waarden.gebied_code, 12 - waarden.n_maanden as n_overig
    from doelen
    inner join {{ ref('int_doelwaarden') }} as waarden using (doel_id)
    where waarden.n_maanden > 0
),

overige as (
    select rijen.*, maanden.maandnr
    from rijen
    cross join lateral (select unnest(range(rijen.jaar * 12, rijen.jaar * 12 + 12)) as maandnr) as maanden
    left join beoordeeld
        on rijen.doel_id = beoordeeld.doel_id and rijen.jaar = beoordeeld.jaar and maanden.maandnr = beoordeeld.maandnr
    where beoordeeld.maandnr is null
),

stand as (
    select stand.gebied_code as gemeente, stand.segment, stand.maandnr, cast(stand.stand_eind as double) as stand
    from {{ ref('int_trajecten_stand') }} as stand
    inner join grenzen on stand.maandnr <= grenzen.laatste_stand
    where stand.gebied_code <> 'REGIO' and stand.segment in ('verblijf', 'wonen')
),

prognose as (
    select
        gebied_code as gemeente,
        segment,
        {{ maandnr('peilmaand') }} as peilnr,
        {{ maandnr('maand') }} as maandnr,
        vooruit,
        is_laatste,
        stand_verwacht
    from {{ ref('int_prognose') }}
    where gebied_code <> 'REGIO'
),

kosten as (
    select
        gemeente,
        segment,
        zonder_alternatief,
        {{ maandnr('maand') }} as maandnr,
        ontvangen,
        geschat
    from {{ ref('int_doelreeks') }}
    where indicator_id = 'kosten' and segment in ('verblijf', 'wonen')
),

-- cost and stand of the gemeenten of a row together, month by month
per_maand as (
    select
        rijen.doel_id,
        rijen.jaar,
        rijen.gebied_code,
        rijen.segment,
        stand.maandnr,
        sum(stand.stand) as stand,
        sum(kosten.ontvangen) as ontvangen,
        sum(kosten.geschat) as geschat
    from rijen
    inner join {{ ref('int_doelleden') }} as leden using (doel_id, jaar, gebied_code)
    inner join stand on leden.gemeente = stand.gemeente and rijen.segment = stand.segment
    inner join kosten
        on
            leden.gemeente = kosten.gemeente
            and rijen.segment = kosten.segment
            and rijen.zonder_alternatief = kosten.zonder_alternatief
            and stand.maandnr = kosten.maandnr
    group by all
),

-- what a youth in the stand cost over twelve months, by the last of them
prijzen as (
    select
        doel_id,
        jaar,
        gebied_code,
        segment,
        maandnr,
        case
            when count(*) over twaalf = 12 and sum(stand) over twaalf > 0
                then sum(ontvangen) over twaalf / sum(stand) over twaalf
        end as prijs
    from per_maand
    window twaalf as (
        partition by doel_id, jaar, gebied_code, segment order by maandnr rows between 11 preceding and current row
    )
),

verwachte_stand as (
    select
        overige.doel_id,
        overige.jaar,
        overige.gebied_code,
        overige.segment,
        overige.maandnr,
        case
            when count(coalesce(stand.stand, prognose.stand_verwacht)) = count(*)
                then {{ vaste_som('coalesce(stand.stand, prognose.stand_verwacht)') }}
        end as stand
    from overige
    inner join {{ ref('int_doelleden') }} as leden using (doel_id, jaar, gebied_code)
    left join stand
        on leden.gemeente = stand.gemeente and overige.segment = stand.segment and overige.maandnr = stand.maandnr
    left join prognose
        on
            prognose.is_laatste
            and leden.gemeente = prognose.gemeente
            and overige.segment = prognose.segment
            and overige.maandnr = prognose.maandnr
    group by overige.doel_id, overige.jaar, overige.gebied_code, overige.segment, overige.maandnr
),

rest as (
    select
        verwachte_stand.doel_id,
        verwachte_stand.jaar,
        verwachte_stand.gebied_code,
        case
            when count(verwachte_stand.stand * prijzen.prijs) = count(*)
                then round({{ vaste_som('verwachte_stand.stand * prijzen.prijs') }}, 3)
        end as cent
    from verwachte_stand
    cross join grenzen
    left join prijzen
        on
            verwachte_stand.doel_id = prijzen.doel_id
            and verwachte_stand.jaar = prijzen.jaar
            and verwachte_stand.gebied_code = prijzen.gebied_code
            and verwachte_stand.segment = prijzen.segment
            and grenzen.laatste_definitief = prijzen.maandnr
    group by verwachte_stand.doel_id, verwachte_stand.jaar, verwachte_stand.gebied_code
),

-- the same rule from every earlier month, for as many months ahead
toen as (
    select
        rijen.doel_id,
        rijen.jaar,
        rijen.gebied_code,
        prognose.peilnr,
        case
            when count(prognose.stand_verwacht * prijzen.prijs) = count(*)
                then {{ vaste_som('prognose.stand_verwacht * prijzen.prijs') }}
        end as verwacht
    from rijen
    cross join grenzen
    inner join {{ ref('int_doelleden') }} as leden using (doel_id, jaar, gebied_code)
    inner join prognose
        on
            leden.gemeente = prognose.gemeente
            and rijen.segment = prognose.segment
            and rijen.n_overig >= prognose.vooruit
            and prognose.peilnr + rijen.n_overig <= grenzen.laatste_definitief
    left join prijzen
        on
            rijen.doel_id = prijzen.doel_id
            and rijen.jaar = prijzen.jaar
            and rijen.gebied_code = prijzen.gebied_code
            and rijen.segment = prijzen.segment
            and prijzen.maandnr = prognose.peilnr - {{ instelling('rijping_maanden') }}
    group by rijen.doel_id, rijen.jaar, rijen.gebied_code, prognose.peilnr
),

fouten as (
    select
        toen.doel_id,
        toen.jaar,
        toen.gebied_code,
        toen.peilnr,
        sum(per_maand.geschat) / any_value(toen.verwacht) - 1 as fout
    from toen
    inner join (select distinct doel_id, jaar, gebied_code, n_overig from rijen) as rijen using (doel_id, jaar, gebied_code)
    inner join per_maand
        on
            toen.doel_id = per_maand.doel_id
            and toen.jaar = per_maand.jaar
            and toen.gebied_code = per_maand.gebied_code
            and toen.peilnr < per_maand.maandnr
            and per_maand.maandnr <= toen.peilnr + rijen.n_overig
    where toen.verwacht > 0
    group by toen.doel_id, toen.jaar, toen.gebied_code, toen.peilnr
),

spreiding as (
    select
        doel_id,
        jaar,
        gebied_code,
        count(*) as n,
        round(quantile_cont(fout, 0.1), 12) as laag,
        round(quantile_cont(fout, 0.9), 12) as hoog
    from fouten
    group by doel_id, jaar, gebied_code
)

select
    rijen.doel_id,
    rijen.jaar,
    rijen.gebied_code,
    rijen.n_overig,
    case when rijen.n_overig = 0 then 0 else rest.cent end as rest_cent,
    -- a rule that was too low every time has both bounds above what it says
    case when rijen.n_overig = 0 then 0 when spreiding.n >= 12 then spreiding.laag * rest.cent end as lager_cent,
    case when rijen.n_overig = 0 then 0 when spreiding.n >= 12 then spreiding.hoog * rest.cent end as hoger_cent
from (select distinct doel_id, jaar, gebied_code, n_overig from rijen) as rijen
left join rest using (doel_id, jaar, gebied_code)
left join spreiding using (doel_id, jaar, gebied_code)
