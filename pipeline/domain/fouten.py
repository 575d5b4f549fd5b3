"""Errors that end a run; a refused levering is not one of them.

Lives here: what is our bug or the machine's trouble. The message says what happened and what to do next, without a
row's values.
"""


class RunFout(Exception):
    """The run could not do what it was asked; nothing was published."""


class InvariantFout(RunFout):
    """Rows or cents were lost or counted twice; the warehouse must not be trusted until this is explained."""


class BouwFout(RunFout):
    """The dbt build failed: a model did not run, or a test that guards the figures did not pass."""


class SlotFout(RunFout):
    """Another process is writing in this data home."""
