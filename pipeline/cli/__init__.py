"""The command line: `regiomonitor` and `python -m pipeline`.

Lives here: one file per family of commands (`opdrachten.py`: the month and its publications, `beheer.py`: keeping a
data home, `meldingen.py`: alerts), and what they share (`hulp.py`). Keep out: what a command does; that is a function
in a room that Dagster can call too.
"""

from pipeline.cli.opdrachten import main

__all__ = ["main"]
