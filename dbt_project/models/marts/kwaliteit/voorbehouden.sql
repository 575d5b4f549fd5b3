-- Which figures not to trust this month, and why: a levering that is not there, and every rule that hit so many rows that
-- the tables it hurts (ref_regels.marts) suffer. `tabel` is a table or a whole schema. No row is no reservation.
with regels as (
    select regel_code, titel, unnest(marts) as tabel
    from {{ ref('stg_ref_regels') }}
    where ernst in ('FOUT', 'SIGNAAL') and len(marts) > 0
),

-- of the regio is what all delivered, the regio itself too
bevindingen as (
    select
        unnest(list_distinct([gemeente, 'REGIO'])) as gebied_code,
        bericht,
        maand,
        regel_code,
        n_rijen,
        n_gecontroleerd
    from {{ ref('bevindingen') }}
),

bevonden as (
    select
        gebied_code,
        bericht,
        maand,
        regel_code,
        sum(n_rijen) as n_rijen,
        sum(n_gecontroleerd) as n_gecontroleerd
    from bevindingen
    group by gebied_code, bericht, maand, regel_code
    having sum(n_rijen) >= {{ instelling('voorbehoud_aandeel') }} * sum(n_gecontroleerd) and sum(n_rijen) > 0
),

verschuldigd as (
    select
        unnest(list_distinct([gemeente, 'REGIO'])) as gebied_code,
        bericht,
        maand,
        status in ('TE_LAAT', 'ONTBREEKT', 'AFGEKEURD') as is_afwezig
    from {{ ref('stg_leveringskalender') }}
    where is_verplicht and status <> 'VERWACHT'
),

ontbrekend as (
    select
        gebied_code,
        bericht,
        maand,
        count(*) filter (where is_afwezig) as n_ontbreekt,
        count(*) as n_verwacht
    from verschuldigd
    group by gebied_code, bericht, maand
    having n_ontbreekt > 0
),

geraakt as (
    select tabellen.bericht, tabellen.tabel
    from (
        values
        ('toewijzingen', 'sturing'),
        ('toewijzingen', 'kwaliteit'),
        ('declaraties', 'sturing.indicatoren'),
        ('declaraties', 'sturing.doelrealisatie'),
        ('declaraties', 'kosten'),
        ('declaraties', 'kwaliteit')
    ) as tabellen (bericht, tabel)

    union

    -- of a further extract: what its rules hurt
    select bericht, unnest(marts)
    from {{ ref('stg_ref_regels') }}
    where bericht not in {{ kern() }} and bericht <> 'alle' and len(marts) > 0
),

alle as (
    select
        bevonden.gebied_code,
        bevonden.maand,
        bevonden.bericht,
        regels.tabel,
        bevonden.regel_code,
        regels.titel as reden,
        bevonden.n_rijen,
        bevonden.n_gecontroleerd
    from bevonden
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
