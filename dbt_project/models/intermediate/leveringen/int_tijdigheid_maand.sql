-- Timeliness counts per month, gebied and segment, every combination of the published months, also at zero.
-- Allocations: first versions, in the month of their first toewijzingsdatum. Claims: debit lines, in the month of
-- declaratiedagtekening, rejected ones included (they were handed in, in time or not).
with eerste_versies as (
    select
        gemeente,
        segment,
        {{ eerste_van_maand('toewijzingsdatum') }} as maand,
        coalesce(is_meetbaar, false) as is_meetbaar,
        coalesce(is_meetbaar and is_te_laat, false) as is_te_laat,
        reden_wijziging is null as is_eerste_versie,
        coalesce(reden_wijziging is null and is_terugwerkend, false) as is_terugwerkend,
        coalesce(terugwerkend_verwacht, false) as is_verwacht,
        terugwerkend_dagen
    from {{ ref('fct_toewijzing_eerste') }}
),

toewijzingen as (
    select
        maand,
        coalesce(gemeente, 'REGIO') as gebied_code,
        coalesce(segment, 'totaal') as segment,
        count(*) as n_toewijzingen,
        count(*) filter (where is_meetbaar) as n_meetbaar,
        count(*) filter (where is_te_laat) as n_te_laat,
        count(*) filter (where is_eerste_versie) as n_eerste_versies,
        count(*) filter (where is_terugwerkend) as n_terugwerkend,
        count(*) filter (where is_terugwerkend and not is_verwacht) as n_terugwerkend_onverwacht,
        quantile_cont(terugwerkend_dagen, 0.5) filter (is_terugwerkend) as mediaan_dagen_terugwerkend,
        quantile_cont(terugwerkend_dagen, 0.9) filter (is_terugwerkend) as p90_dagen_terugwerkend
    from eerste_versies
    group by grouping sets ((maand, gemeente, segment), (maand, gemeente), (maand, segment), (maand))
),

declaraties as (
    select
        {{ eerste_van_maand('declaratiedagtekening') }} as maand,
        coalesce(gemeente, 'REGIO') as gebied_code,
        coalesce(segment, 'totaal') as segment,
        count(*) as n_declaraties,
        count(*) filter (where is_te_laat) as n_declaraties_te_laat
    from {{ ref('fct_declaratieregels') }}
    where debet_credit = 'D'
    group by grouping sets ((maand, gemeente, segment), (maand, gemeente), (maand, segment), (maand))
)

select
    maanden.maand,
    gebieden.gebied_code,
    segmenten.segment,
    coalesce(toewijzingen.n_toewijzingen, 0) as n_toewijzingen,
    coalesce(toewijzingen.n_meetbaar, 0) as n_meetbaar,
    coalesce(toewijzingen.n_te_laat, 0) as n_te_laat,
    coalesce(toewijzingen.n_eerste_versies, 0) as n_eerste_versies,
    coalesce(toewijzingen.n_terugwerkend, 0) as n_terugwerkend,
    coalesce(toewijzingen.n_terugwerkend_onverwacht, 0) as n_terugwerkend_onverwacht,
    toewijzingen.mediaan_dagen_terugwerkend,
    toewijzingen.p90_dagen_terugwerkend,
    coalesce(declaraties.n_declaraties, 0) as n_declaraties,
    coalesce(declaraties.n_declaraties_te_laat, 0) as n_declaraties_te_laat
from {{ ref('dim_maanden') }} as maanden
cross join {{ ref('dim_gebieden') }} as gebieden
cross join {{ ref('dim_segmenten') }} as segmenten
left join toewijzingen
    on
        maanden.maand = toewijzingen.maand
        and gebieden.gebied_code = toewijzingen.gebied_code
        and segmenten.segment = toewijzingen.segment
left join declaraties
    on
        maanden.maand = declaraties.maand
        and gebieden.gebied_code = declaraties.gebied_code
        and segmenten.segment = declaraties.segment
