select
    code as hulpvorm,
    label_nl as naam,
    met_verblijf = 'ja' as met_verblijf,
    gezinsgericht_smal = 'ja' as is_gezinsgericht_smal,
    gezinsgericht_breed = 'ja' as is_gezinsgericht_breed
from {{ ref('ref_codes_cbs_hulpvorm') }}
