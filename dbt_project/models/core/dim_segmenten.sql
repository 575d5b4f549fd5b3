-- The segments in which every figure is given, totaal included (SPEC 7). Segments are values of the product table.
select segmenten.segment, segmenten.volgorde
from (
    values
    ('totaal', 0),
    ('verblijf', 1),
    ('wonen', 2),
    ('ambulant', 3),
    ('crisis', 4),
    ('jb', 5),
    ('jr', 6),
    ('overig', 7),
    ('onbekend', 8)
) as segmenten (segment, volgorde)
