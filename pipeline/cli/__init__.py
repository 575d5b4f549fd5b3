"""The command line: `regiomonitor` and `python -m pipeline`.

Lives here: one file per family of commands (`opdrachten.py`: the month, `publicaties.py`: what was published,
`beheer.py`: keeping a data home, `regio.py`: a region of its own, `meldingen.py`: alerts), what came of a run in words
(`uitkomst.py`), and what they share (`hulp.py`). Keep out: what a command does; that is a function in a room that
Dagster can call too.
"""

from pipeline.cli.opdrachten import main

__all__ = ["main"]
