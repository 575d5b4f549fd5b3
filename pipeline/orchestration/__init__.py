"""All Dagster: partitions, assets, checks, jobs. Thin: every asset calls a step of pipeline/maand.py.

Lives here: how the monthly load looks in Dagster's UI. Add here: an asset, a check, a schedule, a sensor.
Keep out: anything the command line would need too; that belongs in maand.py or a room. Measured costs of each way of
wiring (why one process, why month partitions only) are in docs/adr/0003-one-process-month-partitions.md.
"""
