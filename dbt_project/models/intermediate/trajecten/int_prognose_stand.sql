-- Who had a place (segment verblijf or wonen) on the last day of every month, as it was known then: by the newest version
-- of every allocation issued up to that day. `gepland_tot` is the end that version gave, far away when it gave none. What a
-- forecast of that day could have started from.
with versies as (
    select
        versies.*,
        jeugdigen.jeugdige_nr,
        coalesce(producten.segment, categorieen.segment_fallback, 'onbekend') as segment,
        coalesce(versies.productcode, versies.productcategorie, 'onbekend') as product,
        lead(versies.toewijzingsdatum) over (
            partition by versies.gemeente, versies.toewijzingnummer
            order by versies.toewijzingsdatum, versies.versietijd
        ) as volgende_op
    from {{ ref('int_toewijzing_versies') }} as versies
    inner join {{ ref('int_jeugdigen') }} as jeugdigen using (pseudoniem)
    left join {{ ref('int_toewijzing_producten') }} as producten
        on
            versies.gemeente = producten.gemeente
            and versies.productcode = producten.productcode
            and versies.ingangsdatum = producten.ingangsdatum
    left join {{ ref('stg_ref_categorieen') }} as categorieen
        on versies.productcategorie = categorieen.productcategorie
),

plekken as (
    select
        gemeente,
        segment,
        jeugdige_nr,
        product,
        ingangsdatum,
        toewijzingsdatum,
        coalesce(volgende_op, {{ zonder_einde() }}) as bekend_voor,
        least(
            coalesce(einddatum, {{ zonder_einde() }}),
            coalesce(
                case when reden_beeindiging is distinct from '20' then stopdatum_levering end, {{ zonder_einde() }}
            )
        ) as gepland_tot
    from versies
    where
        segment in ('verblijf', 'wonen')
        and reden_wijziging is distinct from '13'
        and not coalesce(reden_wijziging = '01' and einddatum = ingangsdatum, false)
),

per_gebied as (
    select *, unnest([gemeente, 'REGIO']) as gebied_code
    from plekken
)

select
    per_gebied.gebied_code,
    per_gebied.segment,
    maanden.maandnr,
    per_gebied.jeugdige_nr,
    max(per_gebied.gepland_tot) as gepland_tot,
    arg_max(per_gebied.product, (per_gebied.gepland_tot, per_gebied.ingangsdatum, per_gebied.product)) as product
from per_gebied
inner join {{ ref('dim_maanden') }} as maanden
    on
        per_gebied.toewijzingsdatum <= maanden.laatste_dag
        and per_gebied.bekend_voor > maanden.laatste_dag
        and per_gebied.ingangsdatum <= maanden.laatste_dag
        and per_gebied.gepland_tot >= maanden.laatste_dag
inner join {{ ref('int_rijping') }} as rijping
    on rijping.bericht = 'toewijzingen' and maanden.maand <= rijping.laatste_leveringsmaand
group by all
