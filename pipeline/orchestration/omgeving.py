"""What every step needs: settings and seeds, and one clock per run.

Lives here: what gives a step its `Settings` and `Catalogus`. The clock of a run is the moment the run
was created, so that all its steps compute as of the same instant. Keep out: reading the environment (settings.py).
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import dagster as dg

from pipeline import maand as maandloop
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.runs import Run, RunUitkomst, Stap
from pipeline.proces import runboek
from pipeline.settings import Settings, load_settings


@dataclass(frozen=True)
class Omgeving:
    """Settings by environment, or by `env` in tests; read anew at each step, so that a changed seed counts."""

    env: Mapping[str, str] | None = None

    def settings(self) -> Settings:
        """Return the settings; InstellingFout with what to do when there is no data home or something is wrong."""
        settings = load_settings(self.env)
        settings.eis_huis()
        return settings

    def catalogus(self) -> Catalogus:
        """Return the seeds; these need no data home, so that `dagster dev` opens before there is one."""
        return Catalogus.load(load_settings(self.env).seeds)

    def nu(self, context: dg.AssetExecutionContext) -> dt.datetime:
        """Return the moment this run was created (UTC)."""
        record = context.instance.get_run_record_by_id(context.run_id)
        if record is None:
            raise dg.Failure("Deze run staat niet in Dagsters administratie.")
        return record.create_timestamp.astimezone(dt.UTC)

    def opdracht(self, context: dg.AssetExecutionContext) -> maandloop.Opdracht:
        """Return the build of this run: the same in each of its steps."""
        settings, catalogus = self.settings(), self.catalogus()
        return maandloop.bereid_voor(settings, catalogus, nu=self.nu(context))

    def loop(self, context: dg.AssetExecutionContext, **anders: Any) -> maandloop.Loop:
        """Return the month of this run with the build that its steps share; `anders`: fields of the Loop."""
        return maandloop.Loop(self.settings(), self.catalogus(), self.nu(context), **anders)

    def doe(self, context: dg.AssetExecutionContext, loop: maandloop.Loop, naam: str) -> Any:
        """Do a step of the month as the command line does; what it cost goes to the book of runs."""
        return loop.doe(naam, partial(self._meet, context))

    @contextmanager
    def _meet(self, context: dg.AssetExecutionContext, naam: str) -> Iterator[maandloop.Meting]:
        """Put seconds, rows and peak memory of a step in the book of runs."""
        meting = maandloop.Meting()
        begin = time.perf_counter()
        runboek.begin_piek()
        try:
            yield meting
        finally:
            stap = Stap(naam, time.perf_counter() - begin, meting.rijen, runboek.piek_mb())
            run = self.run(context.run_id, self.nu(context))
            uitkomst = RunUitkomst.DEEL if run.uitkomst is RunUitkomst.BEZIG else run.uitkomst
            runboek.bewaar(self.settings().huis, replace(run, uitkomst=uitkomst, stappen=(*run.stappen, stap)))

    def run(self, dagster_run_id: str, nu: dt.datetime) -> Run:
        """Return the record of a Dagster run, as it is or new."""
        run_id = runboek.maak_run_id(nu, dagster_run_id[:8])
        return runboek.zoek(self.settings().huis, run_id) or Run(run_id, "dagster", nu)

    def eindig(self, dagster_run_id: str, nu: dt.datetime, einde: dt.datetime, **velden: Any) -> None:
        """Write how a Dagster run ended."""
        run = replace(self.run(dagster_run_id, nu), geeindigd_op=einde, **velden)
        runboek.bewaar(self.settings().huis, run)
