-- What is known about every target over the months judged: of the year and of the same months of the base year, in
-- hundredths (cents, or a hundred times a count). Counted; completed by naijling with what is under reserve mended and what
-- is in quarantine at its amount; and how far the other readings of that doubt lie from it, all of a year taking the same.
with doelen as (
    select
        doel_id,
        indicator_id,
        basisjaar,
        string_split(segment, '+') as segmenten,
        uitsluiting is not null as zonder_alternatief,
        cast(unnest(range(eerste_jaar, laatste_jaar + 1)) as integer) as jaar
    from {{ ref('stg_ref_streefwaarden') }}
),

rijen as (
    select doelen.*, gebieden.gebied_code
    from doelen
    cross join {{ ref('dim_gebieden') }} as gebieden
),

beoordeeld as (
    select distinct doel_id, jaar, unnest([false, true]) as is_basis, unnest([maand, basismaand]) as maand
    from {{ ref('int_doelmaanden') }}
    where is_beoordeeld
),

per_jaar as (
    select
        doel_id,
        jaar,
        count(distinct maand) as n_geleverd,
        count(distinct maand) filter (where is_beoordeeld) as n_maanden,
        max(maand) filter (where is_beoordeeld) as t_m_maand
    from {{ ref('int_doelmaanden') }}
    group by doel_id, jaar
),

-- own dekking of a gemeente over the months judged; of the regio the part of its inhabitants that is in the panel
dekking as (
    select
        doel_id,
        jaar,
        gemeente as gebied_code,
        count(*) filter (where is_gedekt) / count(*) as dekking,
        count(*) filter (where is_basis_gedekt) / count(*) as dekking_basis,
        cast(bool_or(is_panel) as double) as panel_dekking,
        cast(bool_or(is_panel) as integer) as n_panel
    from {{ ref('int_doelmaanden') }}
    where is_beoordeeld
    group by doel_id, jaar, gemeente

    union all

    select
        doel_id,
        jaar,
        'REGIO',
        sum(inwoners) filter (where is_gedekt) / nullif(sum(inwoners), 0),
        sum(inwoners) filter (where is_basis_gedekt) / nullif(sum(inwoners), 0),
        coalesce(sum(inwoners) filter (where is_panel), 0) / nullif(sum(inwoners), 0),
        count(distinct gemeente) filter (where is_panel)
    from {{ ref('int_doelmaanden') }}
    where is_beoordeeld
    group by doel_id, jaar
),

kosten as (
    select
        doelen.doel_id,
        doelen.jaar,
        leden.gebied_code,
        beoordeeld.is_basis,
        sum(reeks.ontvangen) as ontvangen,
        sum(reeks.geschat) as geschat,
        sum(reeks.voorbehoud) as voorbehoud,
        sum(reeks.hersteld) as hersteld,
        sum(reeks.eigen) as eigen,
        sum(reeks.quarantaine) as quarantaine,
        {{ schattingsvariantie('reeks.variantie', 'reeks.gedeeld') }} as variantie
    from doelen
    inner join {{ ref('int_doelleden') }} as leden using (doel_id, jaar)
    inner join beoordeeld using (doel_id, jaar)
    inner join {{ ref('int_doelreeks') }} as reeks
        on
            doelen.indicator_id = reeks.indicator_id
            and doelen.zonder_alternatief = reeks.zonder_alternatief
            and list_contains(doelen.segmenten, reeks.segment)
            and leden.gemeente = reeks.gemeente
            and beoordeeld.maand = reeks.maand
    where doelen.indicator_id = 'kosten'
    group by doelen.doel_id, doelen.jaar, leden.gebied_code, beoordeeld.is_basis
),

-- Mack: within a segment months and gemeenten share the uncertainty of the factors and are otherwise independent;
-- segments are independent
open as (
    select
        doelen.doel_id,
        doelen.jaar,
        leden.gebied_code,
        naijling.segment,
        naijling.vertraging_maanden,
        sum(naijling.open_cent) as open_cent
    from doelen
    inner join {{ ref('int_doelleden') }} as leden using (doel_id, jaar)
    inner join beoordeeld using (doel_id, jaar)
    inner join {{ ref('int_naijling_open') }} as naijling
        on
            leden.gemeente = naijling.gebied_code
            and beoordeeld.maand = naijling.zorgmaand
            and doelen.zonder_alternatief = naijling.zonder_alternatief
            and list_contains(doelen.segmenten, naijling.segment)
    where doelen.indicator_id = 'kosten' and not beoordeeld.is_basis
    group by all
),

varianties as (
    select open.doel_id, open.jaar, open.gebied_code, {{ mack_variantie('open.open_cent') }} as variantie
    from open
    inner join {{ ref('int_naijling_factoren') }} as factoren using (segment, vertraging_maanden)
    group by all
),

kosten_jeugdigen as (
    select
        doelen.doel_id,
        doelen.jaar,
        leden.gebied_code,
        beoordeeld.is_basis,
        count(distinct regels.jeugdige_nr) as n_jeugdigen
    from doelen
    inner join {{ ref('int_doelleden') }} as leden using (doel_id, jaar)
    inner join beoordeeld using (doel_id, jaar)
    inner join {{ ref('fct_kosten_zorgmaand') }} as regels
        on
            leden.gemeente = regels.gemeente
            and beoordeeld.maand = regels.zorgmaand
            and list_contains(doelen.segmenten, regels.segment)
            and not (doelen.zonder_alternatief and regels.is_ambulant_alternatief)
            and regels.houdt_bedrag is not true
    where doelen.indicator_id = 'kosten'
    group by all
),

trajecten as (
    select
        trajecten.doel_id,
        trajecten.jaar,
        trajecten.gebied_code,
        beoordeeld.is_basis,
        count(*) * 100 as ontvangen,
        count(distinct trajecten.jeugdige_nr) as n_jeugdigen
    from {{ ref('int_doeltrajecten') }} as trajecten
    inner join beoordeeld using (doel_id, jaar, maand)
    group by all
),

-- the whole base year, of the same gemeenten: where the path begins. Known when every month of it was delivered.
basisjaren as (
    select
        doelen.doel_id,
        doelen.jaar,
        leden.gebied_code,
        sum(reeks.geschat + reeks.quarantaine) as geschat
    from doelen
    inner join {{ ref('int_doelleden') }} as leden using (doel_id, jaar)
    inner join {{ ref('int_doelreeks') }} as reeks
        on
            doelen.indicator_id = reeks.indicator_id
            and doelen.zonder_alternatief = reeks.zonder_alternatief
            and list_contains(doelen.segmenten, reeks.segment)
            and leden.gemeente = reeks.gemeente
            and year(reeks.maand) = doelen.basisjaar
    where doelen.indicator_id = 'kosten'
    group by doelen.doel_id, doelen.jaar, leden.gebied_code

    union all

    select doelen.doel_id, doelen.jaar, trajecten.gebied_code, count(*) * 100
    from doelen
    inner join {{ ref('int_doeltrajecten') }} as trajecten
        on doelen.doel_id = trajecten.doel_id and doelen.jaar = trajecten.jaar
    where year(trajecten.maand) = doelen.basisjaar
    group by all
),

basisdekking as (
    select doel_id, jaar, gebied_code, count(*) = 12 and min(dekking) >= {{ instelling('dekking_minimum') }} as is_gedekt
    from (
        select
            doelen.doel_id,
            doelen.jaar,
            leden.gebied_code,
            maanden.maand,
            sum(maanden.inwoners_gedekt) / nullif(sum(maanden.inwoners_totaal), 0) as dekking
        from doelen
        inner join {{ ref('int_doelleden') }} as leden using (doel_id, jaar)
        inner join {{ ref('int_dekking_maand') }} as maanden
            on
                leden.gemeente = maanden.gebied_code
                and year(maanden.maand) = doelen.basisjaar
                and maanden.bericht = case doelen.indicator_id when 'kosten' then 'declaraties' else 'toewijzingen' end
        group by doelen.doel_id, doelen.jaar, leden.gebied_code, maanden.maand
    ) as per_maand
    group by doel_id, jaar, gebied_code
),

naast_basis as (
    select
        rijen.doel_id,
        rijen.jaar,
        rijen.gebied_code,
        rijen.indicator_id,
        coalesce(per_jaar.n_geleverd, 0) as n_geleverd,
        coalesce(per_jaar.n_maanden, 0) as n_maanden,
        per_jaar.t_m_maand,
        coalesce(dekking.dekking, 0) as dekking,
        coalesce(dekking.dekking_basis, 0) as dekking_basis,
        coalesce(dekking.panel_dekking, 0) as panel_dekking,
        coalesce(dekking.n_panel, 0) as n_panel,
        -- a year that began before the first published month is not published
        exists(
            select 1 from {{ ref('int_perioden') }} as perioden
            where
                perioden.periode_soort = 'jaar'
                and year(perioden.periode) = rijen.basisjaar
                and month(perioden.eerste_maand) = 1
        ) as is_basis_gepubliceerd,
        {%- for soort, is_basis in [('', 'not'), ('_basis', '')] %}
        coalesce(kosten{{ soort }}.ontvangen, trajecten{{ soort }}.ontvangen, 0) as ontvangen{{ soort }},
        coalesce(kosten{{ soort }}.geschat, trajecten{{ soort }}.ontvangen, 0) as geschat{{ soort }},
        coalesce(kosten{{ soort }}.voorbehoud, 0) as voorbehoud{{ soort }},
        coalesce(kosten{{ soort }}.hersteld, 0) as hersteld{{ soort }},
        coalesce(kosten{{ soort }}.eigen, 0) as eigen{{ soort }},
        coalesce(kosten{{ soort }}.quarantaine, 0) as quarantaine{{ soort }},
        coalesce(jeugdigen{{ soort }}.n_jeugdigen, trajecten{{ soort }}.n_jeugdigen, 0) as n_jeugdigen{{ soort }},
        {%- endfor %}
        coalesce(kosten.variantie, 0) + coalesce(varianties.variantie, 0) as variantie,
        case when basisdekking.is_gedekt then coalesce(basisjaren.geschat, 0) end as basisjaar_geschat
    from rijen
    left join per_jaar using (doel_id, jaar)
    left join dekking using (doel_id, jaar, gebied_code)
    left join varianties using (doel_id, jaar, gebied_code)
    left join basisjaren using (doel_id, jaar, gebied_code)
    left join basisdekking using (doel_id, jaar, gebied_code)
    {%- for soort, is_basis in [('', 'not'), ('_basis', '')] %}
    {%- for bron, deel in [('kosten', 'kosten'), ('trajecten', 'trajecten'), ('kosten_jeugdigen', 'jeugdigen')] %}
    left join {{ bron }} as {{ deel }}{{ soort }}
        on
            {{ is_basis }} {{ deel }}{{ soort }}.is_basis
            and rijen.doel_id = {{ deel }}{{ soort }}.doel_id
            and rijen.jaar = {{ deel }}{{ soort }}.jaar
            and rijen.gebied_code = {{ deel }}{{ soort }}.gebied_code
    {%- endfor %}
    {%- endfor %}
)

select
    doel_id,
    jaar,
    gebied_code,
    cast(n_geleverd as integer) as n_geleverd,
    cast(n_maanden as integer) as n_maanden,
    t_m_maand,
    dekking,
    dekking_basis,
    panel_dekking,
    cast(n_panel as integer) as panel_n_gemeenten,
    is_basis_gepubliceerd,
    cast(ontvangen as bigint) as ontvangen,
    cast(geschat + quarantaine as bigint) as geschat,
    {{ lognormale_grens('geschat', 'variantie', -1) }} + cast(quarantaine as bigint) as ondergrens,
    {{ lognormale_grens('geschat', 'variantie', 1) }} + cast(quarantaine as bigint) as bovengrens,
    -- readings: nothing of the doubt, and its own amount; the estimate itself is the third
    cast(-hersteld - quarantaine as bigint) as verschil_niets,
    cast(eigen - hersteld as bigint) as verschil_eigen,
    cast(geschat_basis + quarantaine_basis as bigint) as basis,
    cast(-hersteld_basis - quarantaine_basis as bigint) as verschil_niets_basis,
    cast(eigen_basis - hersteld_basis as bigint) as verschil_eigen_basis,
    cast(voorbehoud as bigint) as voorbehoud,
    cast(quarantaine as bigint) as quarantaine,
    n_jeugdigen,
    n_jeugdigen_basis,
    cast(basisjaar_geschat as bigint) as basisjaar_geschat
from naast_basis
