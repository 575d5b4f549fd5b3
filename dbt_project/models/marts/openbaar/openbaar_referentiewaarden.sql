-- Figures that others published. The figures of the regio itself are in openbaar.kerncijfers, and nowhere else.
select * exclude (waarde_regio, dekking_regio, rijping_regio)
from {{ ref('referentiewaarden') }}
