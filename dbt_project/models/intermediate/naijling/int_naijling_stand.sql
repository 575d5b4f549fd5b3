-- Per gemeente, month of care and segment: what is known, after which delay, and the factor still to come.
-- vertraging_maanden is that of the last levering of the gemeente, empty when it did not deliver since the month of
-- care. is_volledig: no levering since the month of care is missing before that one, or the gemeente sends stands: what a missing
-- levering would have brought came with the next, and is not still to come. is_gezien: the gemeente delivered
-- before or in the month of care, so that its beginning was seen. aandeel_gezien: part of the cost that comes with the
-- leveringen that were there. factor_tot_eind is empty where nothing is ever known yet. cumulatief_cent is what the estimate
-- goes by: what counts, and what is under reserve at its mended amount. Everything twice: with and without ambulant
-- alternatives to stay, which targets leave out.
with maanden as (
    select
        gebieden.gebied_code as gemeente,
        maanden.maand as zorgmaand
    from {{ ref('dim_maanden') }} as maanden
    inner join {{ ref('dim_gebieden') }} as gebieden
        on
            gebieden.gebied_soort = 'gemeente'
            and maanden.laatste_dag >= gebieden.geldig_van
            and coalesce(gebieden.geldig_tot, {{ zonder_einde() }}) >= maanden.maand

    union

    select gebied_code, zorgmaand
    from {{ ref('int_kosten_maand') }}
    where gebied_code <> 'REGIO'
),

bedragen as (
    select
        zorgmaand,
        gebied_code as gemeente,
        segment,
        unnest([false, true]) as zonder_alternatief,
        unnest([sum(netto_cent), sum(netto_zonder_alternatief_cent)]) as geteld_cent,
        unnest([sum(voorbehoud_cent), sum(voorbehoud_zonder_alternatief_cent)]) as voorbehoud_cent,
        unnest([sum(hersteld_cent), sum(hersteld_zonder_alternatief_cent)]) as hersteld_cent,
        unnest([sum(eigen_cent), sum(eigen_zonder_alternatief_cent)]) as eigen_cent
    from {{ ref('int_kosten_maand') }}
    where gebied_code <> 'REGIO'
    group by zorgmaand, gebied_code, segment
),

patroon as (
    select
        segment,
        vertraging_maanden,
        factor_tot_eind,
        aandeel_bekend,
        aandeel_bekend
        - coalesce(lag(aandeel_bekend) over (partition by segment order by vertraging_maanden), 0) as aandeel
    from {{ ref('int_naijling_factoren') }}
),

-- every month of care beside the leveringen since
gezien as (
    select
        maanden.gemeente,
        maanden.zorgmaand,
        patroon.segment,
        max(patroon.vertraging_maanden) as vertraging_maanden,
        coalesce(bool_or(geleverd.is_stand), false) or max(patroon.vertraging_maanden) + 1 = count(*) as is_volledig,
        round(
            case
                when bool_or(geleverd.is_stand) then arg_max(patroon.aandeel_bekend, patroon.vertraging_maanden)
                else sum(patroon.aandeel)
            end, 12
        ) as aandeel_gezien
    from maanden
    inner join {{ ref('int_naijling_leveringen') }} as geleverd
        on maanden.gemeente = geleverd.gemeente and maanden.zorgmaand <= geleverd.maand
    inner join patroon
        on patroon.vertraging_maanden = date_diff('month', maanden.zorgmaand, geleverd.maand)
    group by maanden.gemeente, maanden.zorgmaand, patroon.segment
),

begonnen as (
    select distinct gemeente, eerste_maand
    from {{ ref('int_naijling_leveringen') }}
)

select
    maanden.gemeente,
    maanden.zorgmaand,
    segmenten.segment,
    varianten.zonder_alternatief,
    cast(coalesce(bedragen.geteld_cent + bedragen.hersteld_cent, 0) as bigint) as cumulatief_cent,
    cast(coalesce(bedragen.geteld_cent, 0) as bigint) as geteld_cent,
    cast(coalesce(bedragen.voorbehoud_cent, 0) as bigint) as voorbehoud_cent,
    cast(coalesce(bedragen.hersteld_cent, 0) as bigint) as hersteld_cent,
    cast(coalesce(bedragen.eigen_cent, 0) as bigint) as eigen_cent,
    gezien.vertraging_maanden,
    coalesce(maanden.zorgmaand >= begonnen.eerste_maand, false) as is_gezien,
    coalesce(gezien.is_volledig, false) as is_volledig,
    coalesce(gezien.aandeel_gezien, 0) as aandeel_gezien,
    patroon.factor_tot_eind
from maanden
cross join {{ ref('dim_segmenten') }} as segmenten
cross join (values (false), (true)) as varianten (zonder_alternatief)
left join begonnen on maanden.gemeente = begonnen.gemeente
left join bedragen
    on
        maanden.gemeente = bedragen.gemeente
        and maanden.zorgmaand = bedragen.zorgmaand
        and segmenten.segment = bedragen.segment
        and varianten.zonder_alternatief = bedragen.zonder_alternatief
left join gezien
    on
        maanden.gemeente = gezien.gemeente
        and maanden.zorgmaand = gezien.zorgmaand
        and segmenten.segment = gezien.segment
left join patroon
    on segmenten.segment = patroon.segment and gezien.vertraging_maanden = patroon.vertraging_maanden
