-- What should have a fact before it, and whether it has: placements out of home (an analysis in the days before, the first
-- day included) and youths of sixteen and over in care on the last day of a month (a plan by then). In the gemeente by
-- what that gemeente delivered, in the regio by what any of its gemeenten did; of the regio only who is, on that day, of a gemeente
-- that delivered.
with uithuisplaatsingen as (
    select
        gebeurtenissen.gebied_code,
        gebeurtenissen.jeugdige_nr,
        gebeurtenissen.maandnr,
        gebeurtenissen.begin,
        stukken.gebied_code as gemeente,
        {{ instelling('analyse_venster_dagen') }} as venster_dagen
    from {{ ref('int_verblijf_gebeurtenissen') }} as gebeurtenissen
    inner join {{ ref('int_verblijfstukken') }} as stukken
        on
            stukken.gebied_code <> 'REGIO'
            and gebeurtenissen.gebied_code in (stukken.gebied_code, 'REGIO')
            and gebeurtenissen.jeugdige_nr = stukken.jeugdige_nr
            and gebeurtenissen.begin = stukken.dekt_van
    where gebeurtenissen.telling = 'uithuisplaatsing'
),

met_analyse as (
    select
        uithuisplaatsingen.gebied_code,
        uithuisplaatsingen.jeugdige_nr,
        uithuisplaatsingen.maandnr,
        uithuisplaatsingen.begin as dag,
        'uithuisplaatsing' as telling,
        count(feiten.datum) > 0 as heeft_feit
    from uithuisplaatsingen
    inner join {{ ref('int_dossier_maanden') }} using (gemeente, maandnr)
    left join {{ ref('int_dossierfeiten') }} as feiten
        on
            feiten.soort = 'verklarende_analyse'
            and uithuisplaatsingen.jeugdige_nr = feiten.jeugdige_nr
            and uithuisplaatsingen.gebied_code in (feiten.gemeente, 'REGIO')
            and date_diff('day', feiten.datum, uithuisplaatsingen.begin)
            between 0 and uithuisplaatsingen.venster_dagen
    group by all
),

in_zorg as (
    select
        unnest([geleverd.gemeente, 'REGIO']) as gebied_code,
        maanden.jeugdige_nr,
        geleverd.maandnr,
        geleverd.laatste_dag
    from {{ ref('int_dossier_maanden') }} as geleverd
    inner join {{ ref('int_jeugdmaanden') }} as maanden
        on
            geleverd.gemeente = maanden.gebied_code
            and maanden.telling = 'stand'
            and maanden.segment = 'totaal'
            and geleverd.maandnr between maanden.van and maanden.tot
    inner join {{ ref('int_jeugdigen') }} as jeugdigen
        on
            maanden.jeugdige_nr = jeugdigen.jeugdige_nr
            -- sixteen on the first day of the month
            and geleverd.maandnr >= jeugdigen.leeftijdsmaandnr + 16 * 12
),

met_plan as (
    select
        zorg.gebied_code,
        zorg.jeugdige_nr,
        zorg.maandnr,
        zorg.laatste_dag as dag,
        'zestien_plus' as telling,
        count(feiten.datum) > 0 as heeft_feit
    from (select distinct * from in_zorg) as zorg
    left join {{ ref('int_dossierfeiten') }} as feiten
        on
            feiten.soort = 'perspectiefplan'
            and zorg.jeugdige_nr = feiten.jeugdige_nr
            and zorg.gebied_code in (feiten.gemeente, 'REGIO')
            and zorg.laatste_dag >= feiten.datum
    group by all
)

select * from met_analyse

union all

select * from met_plan
