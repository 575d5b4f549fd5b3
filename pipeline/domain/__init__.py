"""The words of the field as types: months, leveringen, findings, the catalogue of seeds.

Lives here: pure code; no files but seeds, no clock, no environment.
Add here: a notion that two rooms share. Keep out: dagster, duckdb, anything that writes.
"""
