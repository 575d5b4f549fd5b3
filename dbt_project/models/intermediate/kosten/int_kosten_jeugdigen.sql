-- What every youth cost, per year, gemeente and segment, over the published months, and in each quarter of it (NULL: no
-- line in it); and in which months, as a set of bits (bit m is month m; months with an amount that counts only), so that
-- months in care can be counted over segments and gemeenten without counting one twice.
with published as (
    select min(maand) as eerste_maand, max(maand) as laatste_maand
    from {{ ref('dim_maanden') }}
)

select
    cast(year(kosten.zorgmaand) as integer) as jaar,
    kosten.gemeente,
    kosten.segment,
    kosten.jeugdige_nr,
    cast(sum(kosten.netto_cent) as bigint) as netto_cent,
    {%- for kwartaal in [1, 2, 3, 4] %}
    cast(sum(kosten.netto_cent) filter (where quarter(kosten.zorgmaand) = {{ kwartaal }}) as bigint) as netto_k{{ kwartaal }}_cent,
    {%- endfor %}
    bit_or(1 << month(kosten.zorgmaand)) as maanden
from {{ ref('fct_kosten_zorgmaand') }} as kosten
inner join published on kosten.zorgmaand between published.eerste_maand and published.laatste_maand
where kosten.houdt_bedrag is not true
group by all
