"""A second reading of the SPEC: the published figures in plain Python, from the rows of the synthetic region.

Lives here: one short function per sentence of SPEC 4 and 7, written without a look at the SQL; tests/integration
compares both. Add here: the figure of a new indicator, from its sentence, never from its model. Keep out: anything
imported from pipeline but the domain (seeds, months, working days), and anything clever: slow and plain is the point.
"""
