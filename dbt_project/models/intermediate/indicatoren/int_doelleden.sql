-- Whose figures a target's row is made of: of the regio those of the panel, of a gemeente its own. Of a year without a
-- judged month the panel is that of the last year before it that has one (the path needs somebody to be of).
with doelen as (
    select doel_id, cast(unnest(range(eerste_jaar, laatste_jaar + 1)) as integer) as jaar
    from {{ ref('stg_ref_streefwaarden') }}
),

panels as (
    select distinct doel_id, jaar, gemeente
    from {{ ref('int_doelmaanden') }}
    where is_panel
),

paneljaren as (
    select doelen.doel_id, doelen.jaar, max(panels.jaar) as paneljaar
    from doelen
    inner join panels on doelen.doel_id = panels.doel_id and doelen.jaar >= panels.jaar
    group by doelen.doel_id, doelen.jaar
)

select paneljaren.doel_id, paneljaren.jaar, 'REGIO' as gebied_code, panels.gemeente
from paneljaren
inner join panels on paneljaren.doel_id = panels.doel_id and paneljaren.paneljaar = panels.jaar

union all

select doelen.doel_id, doelen.jaar, gebieden.gebied_code, gebieden.gebied_code as gemeente
from doelen
cross join {{ ref('dim_gebieden') }} as gebieden
where gebieden.gebied_soort = 'gemeente'
