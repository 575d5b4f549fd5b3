-- The days that allocations cover in a month of care, as they were known after every leveringsmaand: the row that counted
-- then (of the newest version there was, its content of then), with the segment and leveringsvorm it gave. What came in is
-- added where a row first arrived and taken off where one that goes before it did, so that all moments are one running sum.
-- Only the months that the estimates of that moment look at; allocations that bring no claims are left out.
with grenzen as (
    select min(maandnr) as eerste_nr, max(maandnr) as laatste_nr
    from {{ ref('dim_maanden') }}
),

-- from `van_nr` on a row was known, until `tot_nr` one that goes before it was
versies as (
    select
        gemeente,
        productcode,
        productcategorie,
        leveringsvorm,
        ingangsdatum,
        least(einddatum, case when reden_beeindiging is distinct from '20' then stopdatum_levering end) as dekt_tot,
        coalesce(
            reden_wijziging = '13' or (reden_wijziging = '01' and einddatum = ingangsdatum), false
        ) as is_verwijderd,
        {{ maandnr('eerste_leveringsmaand') }} as van_nr,
        min({{ maandnr('eerste_leveringsmaand') }}) over (
            partition by gemeente, toewijzingnummer
            order by
                toewijzingsdatum asc,
                coalesce(toewijzingstijd, time '00:00:00'),
                laatste_leveringsmaand asc,
                laatste_ontvangen_op asc,
                rij_hash desc
            rows between 1 following and unbounded following
        ) as tot_nr
    from {{ ref('int_toewijzing_rijen') }}
),

bekend as (
    select
        versies.gemeente,
        coalesce(producten.segment, categorieen.segment_fallback, 'onbekend') as segment,
        versies.van_nr,
        versies.tot_nr,
        versies.ingangsdatum,
        coalesce(versies.dekt_tot, {{ zonder_einde() }}) as dekt_tot,
        greatest({{ maandnr('versies.ingangsdatum') }}, grenzen.eerste_nr) as eerste_nr,
        least({{ maandnr('coalesce(versies.dekt_tot, ' ~ zonder_einde() ~ ')') }}, grenzen.laatste_nr) as laatste_nr
    from versies
    cross join grenzen
    left join {{ ref('int_toewijzing_producten') }} as producten
        on
            versies.gemeente = producten.gemeente
            and versies.productcode = producten.productcode
            and versies.ingangsdatum = producten.ingangsdatum
    left join {{ ref('stg_ref_categorieen') }} as categorieen
        on versies.productcategorie = categorieen.productcategorie
    where
        not versies.is_verwijderd
        and (versies.tot_nr is null or versies.tot_nr > versies.van_nr)
        and coalesce(versies.dekt_tot >= versies.ingangsdatum, true)
        and coalesce(versies.leveringsvorm, 'ZIN') = 'ZIN'
),

-- A version adds days in its first and its last month, and whole months in between; `hele` counts those where they begin
-- and takes them off where they end. All of it when it came, and the reverse when a newer version did.
stukken as (
    select
        gemeente,
        segment,
        unnest([van_nr, tot_nr]) as peilnr,
        unnest([1, -1]) as teken,
        eerste_nr,
        laatste_nr,
        date_diff(
            'day',
            greatest(ingangsdatum, {{ maand_van_nr('eerste_nr') }}),
            least(dekt_tot, last_day({{ maand_van_nr('eerste_nr') }}))
        ) + 1 as dagen_eerste,
        case
            when laatste_nr > eerste_nr
                then date_diff(
                    'day',
                    {{ maand_van_nr('laatste_nr') }},
                    least(dekt_tot, last_day({{ maand_van_nr('laatste_nr') }}))
                ) + 1
            else 0
        end as dagen_laatste
    from bekend
    where eerste_nr <= laatste_nr
),

mutaties as (
    select
        gemeente,
        segment,
        peilnr,
        unnest([eerste_nr, laatste_nr, eerste_nr + 1, greatest(laatste_nr, eerste_nr + 1)]) as zorgmaandnr,
        unnest([teken * dagen_eerste, teken * dagen_laatste, 0, 0]) as dagen,
        unnest([0, 0, teken, -teken]) as hele
    from stukken
    where peilnr is not null
),

-- What was known when the month of care began stands at its first moment. First per segment: that leaves few rows to add
-- up once more.
per_segment as (
    select
        gemeente,
        segment,
        greatest(peilnr, zorgmaandnr) as peilnr,
        zorgmaandnr,
        sum(dagen) as dagen,
        sum(hele) as hele
    from mutaties
    group by gemeente, segment, greatest(peilnr, zorgmaandnr), zorgmaandnr
),

netto as (
    select
        gemeente,
        coalesce(segment, 'totaal') as segment,
        peilnr,
        zorgmaandnr,
        sum(dagen) as dagen,
        sum(hele) as hele
    from per_segment
    group by grouping sets ((gemeente, segment, peilnr, zorgmaandnr), (gemeente, peilnr, zorgmaandnr))
),

-- numbers, because both sums go over every month of care at every moment
reeksen as materialized (
    select gemeente, segment, cast(row_number() over () as integer) as reeks_nr
    from (select distinct gemeente, segment from netto) as verschillend
),

genummerd as (
    select
        reeksen.reeks_nr,
        cast(netto.peilnr as integer) as peilnr,
        cast(netto.zorgmaandnr as integer) as zorgmaandnr,
        cast(netto.dagen as integer) as dagen,
        cast(netto.hele as integer) as hele
    from netto
    inner join reeksen using (gemeente, segment)
),

vakken as (
    select
        reeksen.reeks_nr,
        cast(peilen.maandnr as integer) as peilnr,
        cast(maanden.maandnr as integer) as zorgmaandnr
    from reeksen
    cross join {{ ref('dim_maanden') }} as peilen
    inner join {{ ref('dim_maanden') }} as maanden on peilen.maandnr >= maanden.maandnr
),

per_moment as (
    select
        vakken.*,
        cast(sum(genummerd.dagen) over tot_nu as integer) as dagen,
        cast(sum(genummerd.hele) over tot_nu as integer) as hele
    from vakken
    left join genummerd using (reeks_nr, peilnr, zorgmaandnr)
    window tot_nu as (partition by vakken.reeks_nr, vakken.zorgmaandnr order by vakken.peilnr)
),

opgeteld as (
    select
        *,
        cast(sum(hele) over (partition by reeks_nr, peilnr order by zorgmaandnr) as integer) as hele_tot_nu
    from per_moment
),

bekend_op as (
    select
        reeksen.gemeente,
        reeksen.segment,
        opgeteld.zorgmaandnr,
        opgeteld.peilnr,
        cast(
            coalesce(opgeteld.dagen, 0)
            + day(last_day({{ maand_van_nr('opgeteld.zorgmaandnr') }})) * coalesce(opgeteld.hele_tot_nu, 0)
            as bigint
        ) as dagen
    from opgeteld
    inner join reeksen using (reeks_nr)
    where opgeteld.zorgmaandnr > opgeteld.peilnr - {{ instelling('rijping_maanden') }} - {{ instelling('naijling_jaargangen') }}
)

select gemeente, segment, zorgmaandnr, peilnr, dagen
from bekend_op
where dagen > 0
