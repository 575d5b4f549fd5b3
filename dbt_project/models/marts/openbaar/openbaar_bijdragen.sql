-- What every gemeente pays of fixed amounts: amounts and keys that councils decided on, no claims.
select * from {{ ref('bijdragen') }}
