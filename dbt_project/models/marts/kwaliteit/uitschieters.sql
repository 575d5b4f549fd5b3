-- Months that look whole and are unlike their own neighbours: of every gebied and segment the cost (as expected in the end),
-- stand, inflow and crisis inflow of each month beside the months within a year of it. A month is one of the odd ones when
-- it lies further from their median than so many robust standard deviations, chance in small numbers included.
-- What a month that was not delivered lacks is told by dekking, and is not here.
with gedekt as (
    select
        gebied_code,
        maand,
        bericht,
        inwoners_gedekt >= {{ instelling('dekking_minimum') }} * inwoners_totaal as is_heel
    from {{ ref('int_dekking_maand') }}
),

kosten as (
    select zorgmaand as maand, unnest([gemeente, 'REGIO']) as gebied_code, segment, eind_cent
    from {{ ref('int_naijling_eind') }}
    where not zonder_alternatief
),

rijp as (
    select {{ maandnr('laatste_leveringsmaand') }} - 2 as laatste_nr
    from {{ ref('int_rijping') }}
    where bericht = 'declaraties'
),

stromen as (
    select
        *,
        instroom + doorstroom_in as begonnen
    from {{ ref('stromen') }}
),

alle_reeksen as (
    select 'kosten' as indicator_id, 'declaraties' as bericht, gebied_code, segment, maand, sum(eind_cent) / 100 as waarde
    from kosten
    where {{ maandnr('maand') }} <= (select laatste_nr from rijp)
    group by all

    union all

    select 'stand', 'toewijzingen', gebied_code, segment, maand, stand_eind
    from stromen

    union all

    select 'instroom', 'toewijzingen', gebied_code, segment, maand, instroom
    from stromen

    union all

    select 'crisis_instroom', 'toewijzingen', gebied_code, segment, maand, begonnen
    from stromen
    where segment = 'crisis'
),

reeksen as (
    select
        alle_reeksen.*,
        stromen.stand_eind as n_in_zorg,
        {{ maandnr('alle_reeksen.maand') }} as maandnr
    from alle_reeksen
    inner join gedekt
        on
            alle_reeksen.bericht = gedekt.bericht
            and alle_reeksen.gebied_code = gedekt.gebied_code
            and alle_reeksen.maand = gedekt.maand
            and gedekt.is_heel
    inner join stromen
        on
            alle_reeksen.gebied_code = stromen.gebied_code
            and alle_reeksen.segment = stromen.segment
            and alle_reeksen.maand = stromen.maand
),

-- the months within a year of it, itself not among them
naast as (
    select
        reeksen.indicator_id,
        reeksen.gebied_code,
        reeksen.segment,
        reeksen.maand,
        count(*) as n_maanden,
        median(ander.waarde) as gewoonlijk,
        median(ander.n_in_zorg) as n_in_zorg,
        1.4826 * mad(ln(greatest(ander.waarde, 0.5))) as spreiding
    from reeksen
    inner join reeksen as ander
        on
            reeksen.indicator_id = ander.indicator_id
            and reeksen.gebied_code = ander.gebied_code
            and reeksen.segment = ander.segment
            and ander.maandnr between reeksen.maandnr - 12 and reeksen.maandnr + 12
            and reeksen.maandnr <> ander.maandnr
    group by all
),

-- what chance adds: of counts the root of the count, of euros of few youths twice that (amounts per youth differ as much)
gewogen as (
    select
        reeksen.*,
        naast.gewoonlijk,
        sqrt(
            naast.spreiding ** 2 + 0.05 ** 2
            + case reeksen.indicator_id
                when 'kosten' then 4 / greatest(naast.n_in_zorg, 1)
                else 1 / greatest(naast.gewoonlijk, 1)
            end
        ) as spreiding,
        -- nothing at all is as far as a hundredth: of few youths that is chance
        ln(greatest(reeksen.waarde, 0.01 * naast.gewoonlijk) / naast.gewoonlijk) as afstand
    from reeksen
    inner join naast using (indicator_id, gebied_code, segment, maand)
    where naast.n_maanden >= 6 and naast.gewoonlijk > 0
),

-- a year of the regio for what is counted over a year, its month for a stand
regio as (
    select indicator_id, segment, maand, gewoonlijk * case indicator_id when 'stand' then 1 else 12 end as gewoonlijk
    from gewogen
    where gebied_code = 'REGIO'
),

verklaringen as (
    select
        gemeente as gebied_code,
        cast(maand || '-01' as date) as maand,
        indicator_id,
        verklaring
    from {{ ref('ref_verklaringen') }}
    where
        bericht is null
        and regel = 'uitschieter'
        and cast(op as date) <= cast('{{ var("peildatum") }}' as date)
)

select
    '{{ var("publicatie_id") }}' as publicatie_id,
    gewogen.indicator_id,
    gewogen.gebied_code,
    gewogen.segment,
    gewogen.maand,
    cast(gewogen.waarde as decimal(18, 2)) as waarde,
    cast(gewogen.gewoonlijk as decimal(18, 2)) as gewoonlijk,
    cast(gewogen.gewoonlijk * exp(-{{ instelling('uitschieter_maal') }} * gewogen.spreiding) as decimal(18, 2)) as ondergrens,
    cast(gewogen.gewoonlijk * exp({{ instelling('uitschieter_maal') }} * gewogen.spreiding) as decimal(18, 2)) as bovengrens,
    coalesce(abs(gewogen.waarde - gewogen.gewoonlijk) / nullif(regio.gewoonlijk, 0), 0) as effect_aandeel,
    max(verklaringen.verklaring) as verklaring
from gewogen
left join regio using (indicator_id, segment, maand)
left join verklaringen
    on
        gewogen.gebied_code = verklaringen.gebied_code
        and gewogen.maand = verklaringen.maand
        and coalesce(verklaringen.indicator_id, gewogen.indicator_id) = gewogen.indicator_id
-- in proportion and in amount: of a few youths nothing at all is within what chance gives
where
    abs(gewogen.afstand) > {{ instelling('uitschieter_maal') }} * gewogen.spreiding
    and abs(gewogen.waarde - gewogen.gewoonlijk)
    > {{ instelling('uitschieter_maal') }} * gewogen.spreiding * gewogen.gewoonlijk
group by all
