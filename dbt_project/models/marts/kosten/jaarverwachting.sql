-- What the running year comes to: its delivered months as naijling completes them, and every month after the newest delivered
-- one at the level of the twelve newest definitive months, set right by how far that rule was off before (the median of
-- its relative errors). The bounds hold 80 percent: those of naijling for the months that are there, and for those to come
-- the 10th and 90th percentile of the same errors (at least twelve); the two have no part in each other.
-- Every segment by the same rule; what the forecast of places makes of a target stands in doelrealisatie. Of gemeenten that
-- delivered at least doel_kandidaat_aandeel of the twelve newest months; of the regio those together.
with grenzen as (
    select
        laatste_leveringsmaand as t_m_maand,
        {{ maandnr('laatste_leveringsmaand') }} as laatste_nr,
        {{ maandnr('laatste_leveringsmaand') }} - {{ instelling('rijping_maanden') }} as definitief_nr,
        12 - month(laatste_leveringsmaand) as n_verwacht
    from {{ ref('int_rijping') }}
    where bericht = 'declaraties'
),

leveringen as (
    select
        maanden.gebied_code as gemeente,
        arg_max(maanden.inwoners_totaal, maanden.maand) as inwoners,
        min({{ maandnr('maanden.maand') }}) filter (where maanden.inwoners_gedekt > 0) as eerste_nr,
        count(*) filter (where maanden.inwoners_gedekt > 0 and {{ maandnr('maanden.maand') }} > grenzen.laatste_nr - 12)
        >= {{ instelling('doel_kandidaat_aandeel') }} * 12 as doet_mee
    from {{ ref('int_dekking_maand') }} as maanden
    inner join grenzen on maanden.maand <= grenzen.t_m_maand
    where maanden.bericht = 'declaraties' and maanden.gebied_code <> 'REGIO'
    group by maanden.gebied_code
    -- one that ended has no inhabitants any more: they are those of its successor
    having max(maanden.maand) = any_value(grenzen.t_m_maand)
),

deelnemers as (
    select
        gebied_code,
        gemeente,
        inwoners,
        max(eerste_nr) over (partition by gebied_code) as eerste_nr
    from (
        select *, unnest([gemeente, 'REGIO']) as gebied_code
        from leveringen
        where doet_mee
    ) as deelnemend
),

gemeentemaanden as (
    select deelnemers.gebied_code, {{ maandnr('eind.zorgmaand') }} as maandnr, eind.*
    from {{ ref('int_naijling_eind') }} as eind
    inner join deelnemers on eind.gemeente = deelnemers.gemeente and {{ maandnr('eind.zorgmaand') }} >= deelnemers.eerste_nr
    where not eind.zonder_alternatief
),

maanden as (
    select gebied_code, segment, maandnr, sum(eind_cent) as eind_cent
    from gemeentemaanden
    group by gebied_code, segment, maandnr
),

niveaus as (
    select
        maanden.*,
        case when count(*) over twaalf = 12 then sum(eind_cent) over twaalf / 12 end as niveau_cent
    from maanden
    inner join grenzen on maanden.maandnr <= grenzen.definitief_nr
    window twaalf as (partition by gebied_code, segment order by maandnr rows between 11 preceding and current row)
),

-- from every definitive month, as far ahead as now: what the level said of as many months, and what those became
fouten as (
    select
        niveaus.gebied_code,
        niveaus.segment,
        niveaus.maandnr,
        sum(later.eind_cent) / (niveaus.niveau_cent * count(*)) - 1 as fout
    from niveaus
    cross join grenzen
    inner join maanden as later
        on
            niveaus.gebied_code = later.gebied_code
            and niveaus.segment = later.segment
            and later.maandnr > niveaus.maandnr + {{ instelling('rijping_maanden') }}
            and later.maandnr <= niveaus.maandnr + {{ instelling('rijping_maanden') }} + grenzen.n_verwacht
    where
        niveaus.niveau_cent > 0
        and niveaus.maandnr + {{ instelling('rijping_maanden') }} + grenzen.n_verwacht <= grenzen.definitief_nr
    group by niveaus.gebied_code, niveaus.segment, niveaus.maandnr, niveaus.niveau_cent
),

spreiding as (
    select gebied_code, segment, count(*) as n_terugblik, quantile_cont(fout, [0.1, 0.5, 0.9]) as fout
    from fouten
    group by gebied_code, segment
),

rest as (
    select
        niveaus.gebied_code,
        niveaus.segment,
        niveaus.niveau_cent * grenzen.n_verwacht as niveau_cent,
        case when grenzen.n_verwacht = 0 then [0, 0, 0] when spreiding.n_terugblik >= 12 then spreiding.fout end as fout
    from niveaus
    inner join grenzen on niveaus.maandnr = grenzen.definitief_nr
    left join spreiding using (gebied_code, segment)
    where niveaus.niveau_cent is not null
),

open as (
    select
        deelnemers.gebied_code,
        open.segment,
        open.vertraging_maanden,
        sum(open.open_cent) as open_cent
    from {{ ref('int_naijling_open') }} as open
    inner join deelnemers on open.gebied_code = deelnemers.gemeente
    inner join grenzen on year(open.zorgmaand) = year(grenzen.t_m_maand)
    where not open.zonder_alternatief
    group by all
),

mack as (
    select open.gebied_code, open.segment, {{ mack_variantie('open.open_cent') }} as variantie
    from open
    inner join {{ ref('int_naijling_factoren') }} as factoren using (segment, vertraging_maanden)
    group by all
),

-- the months that are there; within a segment months and gemeenten share what is measured of them together
dit_jaar as (
    select
        gebied_code,
        segment,
        sum(geteld_cent) as geteld_cent,
        sum(voorbehoud_cent) as voorbehoud_cent,
        sum(eind_cent) as eind_cent,
        {{ schattingsvariantie('variantie_cent', 'gedeeld_cent') }} as variantie
    from gemeentemaanden
    inner join grenzen on maandnr // 12 = year(t_m_maand) and maandnr <= laatste_nr
    group by gebied_code, segment
),

begrensd as (
    select
        dit_jaar.*,
        coalesce(rest.fout[2], 0) as bijstelling,
        dit_jaar.eind_cent + round(rest.niveau_cent * (1 + coalesce(rest.fout[2], 0))) as verwacht_cent,
        {{ lognormale_grens('dit_jaar.eind_cent', 'dit_jaar.variantie + coalesce(mack.variantie, 0)', -1) }}
        - dit_jaar.eind_cent as eind_lager,
        {{ lognormale_grens('dit_jaar.eind_cent', 'dit_jaar.variantie + coalesce(mack.variantie, 0)', 1) }}
        - dit_jaar.eind_cent as eind_hoger,
        rest.niveau_cent * (rest.fout[2] - rest.fout[1]) as rest_lager,
        rest.niveau_cent * (rest.fout[3] - rest.fout[2]) as rest_hoger
    from dit_jaar
    inner join rest using (gebied_code, segment)
    left join mack using (gebied_code, segment)
),

dekking as (
    select
        deelnemers.gebied_code,
        count(*) as n_gemeenten,
        cast(sum(deelnemers.inwoners) as double)
        / case when deelnemers.gebied_code = 'REGIO' then any_value(alle.inwoners) else sum(deelnemers.inwoners) end as aandeel
    from deelnemers
    cross join (select sum(inwoners) as inwoners from leveringen) as alle
    group by deelnemers.gebied_code
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    cast(year(grenzen.t_m_maand) as integer) as jaar,
    begrensd.gebied_code,
    begrensd.segment,
    grenzen.t_m_maand,
    cast(grenzen.n_verwacht as integer) as n_maanden_verwacht,
    {{ euro('begrensd.geteld_cent') }} as ontvangen_eur,
    {{ euro('begrensd.eind_cent') }} as geschat_eur,
    {{ euro('cast(begrensd.verwacht_cent as bigint)') }} as jaarverwachting_eur,
    {{ euro('cast(round(verwacht_cent - sqrt(power(eind_lager, 2) + power(rest_lager, 2))) as bigint)') }}
        as ondergrens_eur,
    {{ euro('cast(round(verwacht_cent + sqrt(power(eind_hoger, 2) + power(rest_hoger, 2))) as bigint)') }}
        as bovengrens_eur,
    begrensd.bijstelling,
    {{ euro('begrensd.voorbehoud_cent') }} as voorbehoud_eur,
    cast(dekking.n_gemeenten as integer) as n_gemeenten,
    dekking.aandeel as dekking
from begrensd
cross join grenzen
inner join dekking using (gebied_code)
where begrensd.verwacht_cent <> 0
