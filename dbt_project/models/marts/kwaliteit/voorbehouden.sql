-- Which figures not to trust this month, and why: a levering that is not there, and every rule that hit so many rows that
-- the tables it hurts (ref_regels.marts) suffer. `tabel` is a table or a whole schema. No row is no reservation.
with regels as (
    select regel_code, titel, unnest(marts) as tabel
    from {{ ref('stg_ref_regels') }}
    where ernst in ('FOUT', 'SIGNAAL') and len(marts) > 0
),

bevindingen as (
    select
        coalesce(gemeente, 'REGIO') as gebied_code,
        bericht,
        maand,
        regel_code,
        sum(n_rijen) as n_rijen,
        sum(n_gecontroleerd) as n_gecontroleerd
    from {{ ref('bevindingen') }}
    group by grouping sets ((gemeente, bericht, maand, regel_code), (bericht, maand, regel_code))
    having sum(n_rijen) >= {{ instelling('voorbehoud_aandeel') }} * sum(n_gecontroleerd) and sum(n_rijen) > 0
),

ontbrekend as (
    select
        coalesce(gemeente, 'REGIO') as gebied_code,
        bericht,
        maand,
        count(*) filter (where status in ('TE_LAAT', 'ONTBREEKT', 'AFGEKEURD')) as n_ontbreekt,
        count(*) as n_verwacht
    from {{ ref('stg_leveringskalender') }}
    where is_verplicht and status <> 'VERWACHT'
    group by grouping sets ((gemeente, bericht, maand), (bericht, maand))
    having n_ontbreekt > 0
),

geraakt as (
    select *
    from (
        values
        ('toewijzingen', 'sturing'),
        ('toewijzingen', 'kwaliteit'),
        ('declaraties', 'sturing.indicatoren'),
        ('declaraties', 'sturing.doelrealisatie'),
        ('declaraties', 'kosten'),
        ('declaraties', 'kwaliteit')
    ) as geraakt (bericht, tabel)
),

alle as (
    select
        bevindingen.gebied_code,
        bevindingen.maand,
        bevindingen.bericht,
        regels.tabel,
        bevindingen.regel_code,
        regels.titel as reden,
        bevindingen.n_rijen,
        bevindingen.n_gecontroleerd
    from bevindingen
    inner join regels using (regel_code)

    union all

    select
        ontbrekend.gebied_code,
        ontbrekend.maand,
        ontbrekend.bericht,
        geraakt.tabel,
        'ONTBREEKT',
        'Levering ontbreekt of is afgekeurd',
        ontbrekend.n_ontbreekt,
        ontbrekend.n_verwacht
    from ontbrekend
    inner join geraakt using (bericht)
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    alle.gebied_code,
    alle.maand,
    alle.bericht,
    alle.tabel,
    alle.regel_code,
    alle.reden,
    case when alle.regel_code = 'ONTBREEKT' then 'leveringen' else 'rijen' end as geteld_in,
    cast(alle.n_rijen as bigint) as n_geraakt,
    cast(alle.n_gecontroleerd as bigint) as n_gecontroleerd,
    alle.n_rijen / nullif(alle.n_gecontroleerd, 0) as aandeel
from alle
semi join {{ ref('dim_maanden') }} as maanden on alle.maand = maanden.maand
