"""What every step needs: settings and seeds, and one clock per run.

Lives here: what gives a step its `Settings` and `Catalogus`. The clock of a run is the moment the run
was created, so that all its steps compute as of the same instant. Keep out: reading the environment (settings.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import dagster as dg

from pipeline import flow
from pipeline.domain.catalogus import Catalogus
from pipeline.settings import Settings, load_settings


@dataclass(frozen=True)
class Omgeving:
    """Settings by environment, or by `env` in tests; read anew at each step, so that a changed seed counts."""

    env: Mapping[str, str] | None = None

    def settings(self) -> Settings:
        """Return the settings; InstellingFout with what to do when there is no key."""
        return load_settings(self.env)

    def catalogus(self) -> Catalogus:
        """Return the seeds."""
        return Catalogus.load(self.settings().seeds)

    def nu(self, context: dg.AssetExecutionContext) -> dt.datetime:
        """Return the moment this run was created (UTC)."""
        record = context.instance.get_run_record_by_id(context.run_id)
        if record is None:
            raise dg.Failure("Deze run staat niet in Dagsters administratie.")
        return record.create_timestamp.astimezone(dt.UTC)

    def opdracht(self, context: dg.AssetExecutionContext) -> flow.Opdracht:
        """Return the build of this run: the same in each of its steps."""
        settings, catalogus = self.settings(), self.catalogus()
        return flow.bereid_voor(settings, catalogus, nu=self.nu(context))
