"""What keeps a data home in order over the years: back-up, another key, deletion on request, retention, health.

Lives here: work on a data home as a whole, apart from any load. Add here: another such task, with its case in
docs/runbook.md. Keep out: the load itself (maand.py), commands (cli/beheer.py).
"""
