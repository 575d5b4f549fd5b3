"""What the command line did, shown in Dagster: calendar, partitions, tables, publication and checks.

Lives here: the sensor `bijhouden`. It starts nothing and reads what lies in the data home: receipts, the book of runs,
the counts of the last build, the publication. So a lost database, or a `run` on the command line, is made up for within
one tick. Keep out: what the assets do (assets.py), when a load is due (sensoren.py).
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from pipeline import maand as maandloop
from pipeline import publish, rapport
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import KalenderRij
from pipeline.domain.leveringen import Ontvangstbewijs
from pipeline.domain.maanden import Maand
from pipeline.domain.runs import Run, RunUitkomst, laatste_beslissende
from pipeline.orchestration import assets, partities
from pipeline.orchestration.omgeving import Omgeving
from pipeline.orchestration.sensoren import BEZIG
from pipeline.orchestration.vertaler import tabelnamen
from pipeline.proces import runboek
from pipeline.settings import InstellingFout
from pipeline.warehouse.tellen import Tellingen, lees_tellingen

RUN_ID = "run_id"
"""Metadata of `publicatie` by which a run in the book is known."""
Gebeurtenis = dg.AssetMaterialization | dg.AssetObservation | dg.AssetCheckEvaluation


def maak_bijhouden(omgeving: Omgeving, dbt: dg.AssetsDefinition, manifest: dict[str, Any]) -> dg.SensorDefinition:
    """Return the sensor; it is on by itself, because it loads nothing."""
    namen = tabelnamen(manifest)

    @dg.sensor(
        name="bijhouden",
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Laat zien wat de opdrachtregel deed: kalender, tabellen, publicatie en toetsen. Start niets.",
    )
    def bijhouden(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        try:
            settings, catalogus = omgeving.settings(), omgeving.catalogus()
        except InstellingFout as fout:
            return dg.SkipReason(str(fout))
        if context.instance.get_runs_count(dg.RunsFilter(statuses=BEZIG)):
            return dg.SkipReason("Er loopt een run; die vertelt het zelf.")
        nu = dt.datetime.now(dt.UTC)
        opdracht = maandloop.bereid_voor(settings, catalogus, nu=nu)
        gebeurtenissen: list[Gebeurtenis] = [
            *assets.nieuwe_cellen(context.instance, opdracht.kalender, (), catalogus),
            *_extracten(context.instance, opdracht.bewijzen, opdracht.kalender, catalogus),
        ]
        run = laatste_beslissende(runboek.lees(settings.huis), nu)
        bekend = _metadata(context.instance, assets.PUBLICATIE)
        if (run is not None and run.run_id != bekend.get(RUN_ID)) or (run is None and not bekend):
            huidige = publish.huidige(settings)
            tellingen = lees_tellingen(settings.huis)
            if huidige is not None or run is not None:
                gebeurtenissen += _kalender(opdracht.kalender, catalogus)
                gebeurtenissen += _publicatie(run, huidige.publicatie_id if huidige else "", tellingen)
                opgave = rapport.lees_opgave(settings.huis.rapport)
                if opgave:
                    metadata = assets.rapportgegevens(settings, opgave)
                    gebeurtenissen.append(dg.AssetMaterialization(assets.RAPPORT, metadata=metadata))
            if tellingen.publicatie_id and tellingen.publicatie_id != bekend.get("gebouwd_voor"):
                gebeurtenissen += _tabellen(namen, tellingen)
                gebeurtenissen += _toetsen(dbt)
        if not gebeurtenissen:
            return dg.SkipReason("Dagster laat zien wat er in het data home staat.")
        return dg.SensorResult(asset_events=gebeurtenissen)

    return bijhouden


def _metadata(instance: dg.DagsterInstance, sleutel: dg.AssetKey) -> dict[str, Any]:
    laatste = instance.get_latest_materialization_event(sleutel)
    gevonden = laatste.asset_materialization if laatste else None
    return {k: v.value for k, v in gevonden.metadata.items()} if gevonden else {}


def _extracten(
    instance: dg.DagsterInstance,
    bewijzen: Sequence[Ontvangstbewijs],
    kalender: Sequence[KalenderRij],
    catalogus: Catalogus,
) -> Iterator[Gebeurtenis]:
    """Months of which something was received and Dagster knows nothing; then what each gemeente's check says now."""
    getoond = set(instance.get_materialized_partitions(assets.EXTRACTEN))
    bekend = set(partities.maanden(catalogus).get_partition_keys())
    per_maand: dict[Maand, list[Ontvangstbewijs]] = {}
    for b in bewijzen:
        per_maand.setdefault(b.sleutel.maand, []).append(b)
    nieuw = [m for m in sorted(per_maand) if _sleutel(m) in bekend - getoond]
    for maand in nieuw:
        van = per_maand[maand]
        yield dg.AssetMaterialization(
            assets.EXTRACTEN,
            partition=_sleutel(maand),
            metadata={
                "leveringen": len(van),
                assets.RIJEN: sum(b.rijen.geaccepteerd for b in van),
                "rijen_ontvangen": sum(b.rijen.ontvangen for b in van),
                "rijen_quarantaine": sum(b.rijen.quarantaine for b in van),
            },
        )
    if nieuw:
        namen = {g: f"levering_{g}" for g in sorted(catalogus.afzenders)}
        laatste = [r for r in kalender if r.maand == nieuw[-1]]
        for uitslag in assets.leveringschecks(namen, laatste, per_maand[nieuw[-1]], catalogus):
            yield _evaluatie(uitslag)


def _sleutel(maand: Maand) -> str:
    return maand.eerste_dag.isoformat()


def _kalender(kalender: Sequence[KalenderRij], catalogus: Catalogus) -> Iterator[Gebeurtenis]:
    uit = assets.kalenderuitslag(kalender, catalogus)
    yield dg.AssetMaterialization(assets.KALENDER, metadata=uit.metadata or {})
    for uitslag in uit.check_results:
        yield _evaluatie(uitslag)


def _publicatie(run: Run | None, huidig: str, tellingen: Tellingen) -> Iterator[Gebeurtenis]:
    gepubliceerd = (run.publicatie_id if run else "") or huidig
    yield dg.AssetMaterialization(
        assets.PUBLICATIE,
        metadata={
            "publicatie_id": gepubliceerd,
            RUN_ID: run.run_id if run else "",
            "gebouwd_voor": tellingen.publicatie_id,
            assets.RIJEN: assets.gepubliceerde_rijen(tellingen),
            "uitkomst": run.uitkomst.value if run else "",
            "bron": run.bron if run else "",
            "kosten": dg.MetadataValue.md(assets.kosten_tabel(run)) if run else "",
        },
    )
    if run is not None and run.uitkomst in (RunUitkomst.GEPUBLICEERD, RunUitkomst.TEGENGEHOUDEN):
        yield dg.AssetCheckEvaluation(
            asset_key=assets.PUBLICATIE,
            check_name="poort",
            passed=run.uitkomst is RunUitkomst.GEPUBLICEERD,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={"bezwaren": list(run.bezwaren)},
        )


def _tabellen(namen: Mapping[dg.AssetKey, str], tellingen: Tellingen) -> Iterator[Gebeurtenis]:
    for sleutel, naam in namen.items():
        if naam in tellingen.rijen:
            metadata: dict[str, Any] = {"publicatie_id": tellingen.publicatie_id, assets.RIJEN: tellingen.rijen[naam]}
            yield dg.AssetMaterialization(sleutel, metadata=metadata)


def _toetsen(dbt: dg.AssetsDefinition) -> Iterator[Gebeurtenis]:
    """Checks that a build cannot end without: one that fails stops it. Others say nothing here."""
    for spec in dbt.check_specs:
        if spec.blocking:
            yield dg.AssetCheckEvaluation(asset_key=spec.asset_key, check_name=spec.name, passed=True)


def _evaluatie(uitslag: dg.AssetCheckResult) -> dg.AssetCheckEvaluation:
    return dg.AssetCheckEvaluation(
        asset_key=uitslag.asset_key or dg.AssetKey([]),
        check_name=uitslag.check_name or "",
        passed=uitslag.passed,
        severity=uitslag.severity,
        metadata=uitslag.metadata,
    )
