-- Months of care of a gemeente that are not whole because a levering that cannot be that of its month brought a part of them
-- that matters: claims come mostly in the month after the care, so beside the month of the levering itself it is the one
-- before that holds too little or too much. Of what counts, by the month in which a claimed period begins.
-- And of which a levering after it never came (one that doubts counts as such): a month that is definitive by the calendar and
-- of which naijling still expects more than may be missing. By itself it looks delivered, for its own levering is there.
with twijfel as (
    select distinct gemeente, maand
    from {{ ref('int_leveringen_twijfel') }}
    where bericht = 'declaraties' and not is_verklaard
)

select gekomen.gemeente, gekomen.zorgmaand
from {{ ref('int_declaratie_komst') }} as gekomen
left join twijfel using (gemeente, maand)
group by gekomen.gemeente, gekomen.zorgmaand
having
    coalesce(sum(gekomen.bedrag_cent) filter (where twijfel.maand is not null), 0)
    > (1 - {{ instelling('dekking_minimum') }}) * sum(gekomen.bedrag_cent)

union

select eind.gemeente, eind.zorgmaand
from {{ ref('int_naijling_eind') }} as eind
inner join {{ ref('int_rijping') }} as rijping on rijping.bericht = 'declaraties'
where
    eind.segment = 'totaal'
    and not eind.zonder_alternatief
    and date_diff('month', eind.zorgmaand, rijping.laatste_leveringsmaand) >= {{ instelling('rijping_maanden') }}
    -- a gap, or the gemeente stopped delivering too soon after; that only the newest levering is not there is no stop
    and (
        eind.methode = 'onvolledig'
        or (
            eind.vanaf_vertraging < {{ instelling('rijping_maanden') }}
            and eind.vanaf_vertraging < date_diff('month', eind.zorgmaand, rijping.laatste_leveringsmaand) - 1
        )
    )
    and eind.cumulatief_cent < {{ instelling('dekking_minimum') }} * eind.eind_cent
