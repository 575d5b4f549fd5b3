-- Runs of days in stay per gebied and youth, each day once (`verblijfsdagen`), and of them those on which ambulant help
-- runs beside it (`verblijf_met_ambulant`) and those after the last treatment or ambulant help there ever was
-- (`verblijf_na_behandeling`; a youth who never had any has none).
with verblijf as (
    {{ keten(ref('int_verblijfstukken'), ['gebied_code', 'jeugdige_nr'], 0) }}
),

ambulante_stukken as (
    select *
    from {{ ref('int_zorgstukken') }}
    semi join verblijf using (gebied_code, jeugdige_nr)
    where segment = 'ambulant'
),

ambulant as (
    {{ keten('ambulante_stukken', ['gebied_code', 'jeugdige_nr'], 0) }}
),

behandelingen as (
    select
        unnest([toewijzingen.gemeente, 'REGIO']) as gebied_code,
        jeugdigen.jeugdige_nr,
        coalesce(toewijzingen.dekt_tot, {{ zonder_einde() }}) as dekt_tot
    from {{ ref('fct_toewijzingen') }} as toewijzingen
    inner join {{ ref('int_jeugdigen') }} as jeugdigen using (pseudoniem)
    where toewijzingen.dekt_iets and (toewijzingen.behandeling or toewijzingen.segment = 'ambulant')
),

laatste_behandeling as (
    select gebied_code, jeugdige_nr, max(dekt_tot) as eind
    from behandelingen
    group by gebied_code, jeugdige_nr
)

select gebied_code, jeugdige_nr, 'verblijfsdagen' as telling, begin as van, eind as tot
from verblijf

union all

select
    gebied_code,
    jeugdige_nr,
    'verblijf_met_ambulant',
    greatest(verblijf.begin, ambulant.begin),
    least(verblijf.eind, ambulant.eind)
from verblijf
inner join ambulant using (gebied_code, jeugdige_nr)
where verblijf.begin <= ambulant.eind and ambulant.begin <= verblijf.eind

union all

select
    gebied_code,
    jeugdige_nr,
    'verblijf_na_behandeling',
    greatest(verblijf.begin, laatste_behandeling.eind + 1),
    verblijf.eind
from verblijf
inner join laatste_behandeling using (gebied_code, jeugdige_nr)
where verblijf.eind > laatste_behandeling.eind
