"""The one place where Dagster is wired: `build_defs` assembles everything, with overrides for tests.

Lives here: which assets, jobs and executor make the code location. Add here: nothing but wiring.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import dagster as dg
from dagster._core.execution.plan.resume_retry import ReexecutionStrategy
from dagster._core.storage.tags import RETRY_STRATEGY_TAG

from pipeline.orchestration import assets, bijhouden, rooster, sensoren
from pipeline.orchestration.dbt_manifest import manifest
from pipeline.orchestration.omgeving import Omgeving
from pipeline.orchestration.opslag import schrijf_zonder_wachten
from pipeline.settings import UMASK

OPNIEUW_IN_ZIJN_GEHEEL = {RETRY_STRATEGY_TAG: ReexecutionStrategy.ALL_STEPS.value}
"""A run that is tried again computes as of another moment: half of one and half of the other is nobody's figures."""


def build_defs(env: Mapping[str, str] | None = None) -> dg.Definitions:
    """Assemble the code location; `env` replaces the process environment (tests).

    One process per run: a step of the multiprocess executor costs 1.6 s and more, one in this process 0.05 s.
    """
    schrijf_zonder_wachten()
    omgeving = Omgeving(env)
    catalogus = omgeving.catalogus()
    dbt_manifest = manifest(catalogus.map)
    dbt = assets.maak_dbt(omgeving, dbt_manifest)
    ruw = assets.maak_ruwe_tabellen(omgeving, dbt_manifest)
    alles: list[dg.AssetsDefinition | dg.AssetSpec] = [
        assets.leveringen_spec(catalogus),
        assets.maak_extracten(omgeving, catalogus),
        assets.maak_kalender(omgeving, catalogus),
        ruw,
        dbt,
        assets.maak_publicatie(omgeving, assets.mart_sleutels(dbt)),
        assets.maak_rapport(omgeving),
        assets.maak_meldingen(omgeving),
    ]
    maandlevering = dg.define_asset_job(
        "maandlevering",
        selection=dg.AssetSelection.all(),
        tags=OPNIEUW_IN_ZIJN_GEHEEL,
        description="Neem een of meer leveringsmaanden in, bouw, keur en publiceer.",
    )
    publiceren = dg.define_asset_job(
        "publiceren",
        selection=dg.AssetSelection.assets(ruw).downstream(),
        tags=OPNIEUW_IN_ZIJN_GEHEEL,
        description="Bouw, keur en publiceer opnieuw zonder iets in te nemen.",
    )
    jobs = rooster.maak_jobs(omgeving)
    return dg.Definitions(
        assets=alles,
        jobs=[maandlevering, publiceren, *jobs],
        schedules=rooster.maak_schemas(omgeving, publiceren.name),
        sensors=[
            sensoren.maak_aankomst(omgeving, maandlevering.name),
            sensoren.maak_mislukt(omgeving),
            bijhouden.maak_bijhouden(omgeving, dbt, dbt_manifest),
        ],
        executor=dg.in_process_executor,
    )


os.umask(UMASK)  # whatever starts Dagster: what its processes write is nobody else's
defs = build_defs()
