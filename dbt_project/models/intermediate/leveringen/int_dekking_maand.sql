-- Inhabitants 0-17 of the gemeenten that delivered a month (or confirmed nil), and of all that belong to the regio in
-- that month. A levering of which too many rows are in quarantine does not count as delivered: what is missing of it would
-- look like a decline; nor does one whose rows are not those of its month (int_leveringen_twijfel), and
-- a month of care that was made of such rows (int_twijfel_zorgmaanden) is not whole. 'beide': both berichten delivered. `ingehaald`: or, of a gemeente that delivers stands, brought by a
-- later one; what the public edition calls whole. Of a further extract the regio may be the sender: then it covers all; with what it
-- is held against it needs both ('..._en_toewijzingen'). The months run from January of the year before the first published month:
-- a first year may begin halfway, and growth over a year spans the year before.
with berichten as (
    select unnest(['toewijzingen', 'declaraties']) as bericht

    union

    select bericht
    from {{ ref('stg_leveringen') }}
    where is_geldend and bericht not in {{ kern() }}
),

grenzen as (
    select min(jaar) as eerste_jaar, max({{ maandnr('maand') }}) as laatste_nr
    from {{ ref('dim_maanden') }}
),

maandnummers as (
    select unnest(range({{ maandnr('make_date(eerste_jaar - 1, 1, 1)') }}, laatste_nr + 1)) as maandnr
    from grenzen
),

maanden as (
    select maand, last_day(maand) as laatste_dag, cast(year(maand) as integer) as jaar
    from (select {{ maand_van_nr('maandnr') }} as maand from maandnummers) as eerste_dagen
),

gemeentemaanden as (
    select
        gebieden.gebied_code,
        maanden.maand,
        inwoners.inwoners_0_17
    from {{ ref('dim_gebieden') }} as gebieden
    cross join maanden
    inner join {{ ref('int_inwoners') }} as inwoners
        on gebieden.gebied_code = inwoners.gebied_code and maanden.jaar = inwoners.jaar
    where
        gebieden.gebied_soort = 'gemeente'
        and gebieden.geldig_van <= maanden.laatste_dag
        and coalesce(gebieden.geldig_tot, {{ zonder_einde() }}) >= maanden.maand
),

heel as (
    select gemeente, bericht, leveringsmaand as maand, soort
    from {{ ref('stg_leveringen') }}
    where
        is_geldend
        and (
            rijen_quarantaine >= {{ instelling('dekking_quarantaine_rijen') }}
            and rijen_quarantaine > {{ instelling('dekking_quarantaine_aandeel') }} * rijen_ontvangen
        ) is not true
        and levering_nr not in (
            select levering_nr
            from {{ ref('int_leveringen_twijfel') }}
            where not is_verklaard
        )
),

gedekt as (
    select heel.gemeente, heel.bericht, heel.maand
    from heel
    left join {{ ref('int_twijfel_zorgmaanden') }} as twijfel
        on heel.bericht = 'declaraties' and heel.gemeente = twijfel.gemeente and heel.maand = twijfel.zorgmaand
    where twijfel.gemeente is null

    union

    select gemeente, bericht, maand
    from {{ ref('stg_ref_nihil_opgaven') }}
    where bevestigd_op <= cast('{{ var("peildatum") }}' as date)
),

laatste_stand as (
    select gemeente, bericht, max(maand) as maand
    from heel
    where soort = 'stand'
    group by gemeente, bericht
),

per_bericht as (
    select
        gemeentemaanden.gebied_code,
        berichten.bericht,
        gemeentemaanden.maand,
        gemeentemaanden.inwoners_0_17,
        gedekt.gemeente is not null or van_regio.gemeente is not null as is_gedekt,
        is_gedekt or coalesce(laatste_stand.maand > gemeentemaanden.maand, false) as is_ingehaald
    from gemeentemaanden
    cross join berichten
    left join laatste_stand
        on gemeentemaanden.gebied_code = laatste_stand.gemeente and berichten.bericht = laatste_stand.bericht
    left join gedekt
        on gemeentemaanden.gebied_code = gedekt.gemeente
        and berichten.bericht = gedekt.bericht
        and gemeentemaanden.maand = gedekt.maand
    left join gedekt as van_regio
        on
            van_regio.gemeente = 'REGIO'
            and berichten.bericht = van_regio.bericht
            and gemeentemaanden.maand = van_regio.maand
),

alle_berichten as (
    select * from per_bericht

    union all

    select gebied_code, 'beide', maand, any_value(inwoners_0_17), bool_and(is_gedekt), bool_and(is_ingehaald)
    from per_bericht
    where bericht in {{ kern() }}
    group by gebied_code, maand

    union all

    select
        verder.gebied_code,
        verder.bericht || '_en_toewijzingen',
        verder.maand,
        verder.inwoners_0_17,
        verder.is_gedekt and toewijzingen.is_gedekt,
        verder.is_ingehaald and toewijzingen.is_ingehaald
    from per_bericht as verder
    inner join per_bericht as toewijzingen
        on
            toewijzingen.bericht = 'toewijzingen'
            and verder.gebied_code = toewijzingen.gebied_code
            and verder.maand = toewijzingen.maand
    where verder.bericht not in {{ kern() }}
),

per_gebied as (
    select
        unnest([gebied_code, 'REGIO']) as gebied_code,
        bericht,
        maand,
        is_gedekt,
        is_ingehaald,
        inwoners_0_17
    from alle_berichten
)

select
    gebied_code,
    bericht,
    maand,
    cast(coalesce(sum(inwoners_0_17) filter (where is_gedekt), 0) as bigint) as inwoners_gedekt,
    cast(coalesce(sum(inwoners_0_17) filter (where is_ingehaald), 0) as bigint) as inwoners_ingehaald,
    cast(sum(inwoners_0_17) as bigint) as inwoners_totaal
from per_gebied
group by gebied_code, bericht, maand
