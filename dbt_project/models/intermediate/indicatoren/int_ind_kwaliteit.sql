-- Indicators aandeel_te_laat, aandeel_terugwerkend and aandeel_declaraties_te_laat per month and per 12 months.
-- Numerators and denominators add up over months; the youths behind a numerator do not and are counted per period.
with te_laat as (
    select gemeente, segment, pseudoniem as jeugdige, {{ eerste_van_maand('toewijzingsdatum') }} as maand
    from {{ ref('fct_toewijzing_eerste') }}
    where is_meetbaar and is_te_laat
),

terugwerkend as (
    select gemeente, segment, pseudoniem as jeugdige, {{ eerste_van_maand('toewijzingsdatum') }} as maand
    from {{ ref('fct_toewijzing_eerste') }}
    where reden_wijziging is null and is_terugwerkend and not coalesce(terugwerkend_verwacht, false)
),

declaraties_te_laat as (
    select gemeente, segment, jeugdige_nr as jeugdige, {{ eerste_van_maand('declaratiedagtekening') }} as maand
    from {{ ref('fct_declaratieregels') }}
    where is_te_laat
),

jeugdigen as (
    select 'aandeel_te_laat' as indicator_id, * from {{ unieke_jeugdigen('te_laat', ['maand', '12m']) }}
    union all
    select 'aandeel_terugwerkend' as indicator_id, * from {{ unieke_jeugdigen('terugwerkend', ['maand', '12m']) }}
    union all
    select 'aandeel_declaraties_te_laat' as indicator_id, * from {{ unieke_jeugdigen('declaraties_te_laat', ['maand', '12m']) }}
),

per_maand as (
    select
        'aandeel_te_laat' as indicator_id,
        'toewijzingen' as dekking_bericht,
        maand,
        gebied_code,
        segment,
        n_te_laat as teller,
        n_meetbaar as noemer,
        n_toewijzingen as afgegeven
    from {{ ref('int_tijdigheid_maand') }}
    union all
    select
        'aandeel_terugwerkend' as indicator_id,
        'toewijzingen' as dekking_bericht,
        maand,
        gebied_code,
        segment,
        n_terugwerkend_onverwacht as teller,
        n_eerste_versies as noemer,
        n_toewijzingen as afgegeven
    from {{ ref('int_tijdigheid_maand') }}
    union all
    select
        'aandeel_declaraties_te_laat' as indicator_id,
        'declaraties' as dekking_bericht,
        maand,
        gebied_code,
        segment,
        n_declaraties_te_laat as teller,
        n_declaraties as noemer,
        null as afgegeven
    from {{ ref('int_tijdigheid_maand') }}
),

per_periode as (
    select
        per_maand.indicator_id,
        perioden.periode_soort,
        perioden.periode,
        per_maand.gebied_code,
        per_maand.segment,
        per_maand.dekking_bericht,
        sum(per_maand.teller) as teller,
        sum(per_maand.noemer) as noemer,
        sum(per_maand.afgegeven) as afgegeven
    from {{ ref('int_perioden') }} as perioden
    inner join per_maand on per_maand.maand between perioden.eerste_maand and perioden.laatste_maand
    where perioden.periode_soort in ('maand', '12m')
    group by all
)

select
    per_periode.indicator_id,
    per_periode.periode_soort,
    per_periode.periode,
    per_periode.gebied_code,
    per_periode.segment,
    cast(per_periode.teller as decimal(18, 2)) as teller,
    cast(per_periode.noemer as decimal(18, 2)) as noemer,
    cast(per_periode.teller as double) / nullif(cast(per_periode.noemer as double), 0) as waarde,
    coalesce(jeugdigen.n_jeugdigen, 0) as n_jeugdigen,
    per_periode.noemer / nullif(per_periode.afgegeven, 0) as meetbaar_aandeel,
    per_periode.dekking_bericht
from per_periode
left join jeugdigen using (indicator_id, periode_soort, periode, gebied_code, segment)
