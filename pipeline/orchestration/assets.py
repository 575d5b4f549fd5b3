"""The assets of the monthly load, with their checks.

Lives here: `leveringen` (external: who delivered what), `extracten` (the door), `ruwe_tabellen`, the dbt models,
`publicatie`, `rapport`, `leveringskalender`. A refused levering is a successful run with a failed check (WARN);
only our own mistakes fail a run. Keep out: what the steps do (maand.py).
"""

# no `from __future__ import annotations`: Dagster reads the annotation of `context` at definition time
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import DbtProject, dbt_assets
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from pipeline import maand as maandloop
from pipeline import publish
from pipeline import rapport as rapportkamer
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.fouten import SlotFout
from pipeline.domain.kalender import ONTBREEKT_OF_AFGEKEURD, KalenderRij
from pipeline.domain.leveringen import GEACCEPTEERDE_STATUSSEN, Ontvangstbewijs, Status
from pipeline.domain.maanden import Maand
from pipeline.domain.runs import Run, RunUitkomst
from pipeline.meldingen import Ronde, rondgang
from pipeline.orchestration import partities
from pipeline.orchestration.dbt_manifest import BEWAARD, DBT_PROJECT
from pipeline.orchestration.omgeving import Omgeving
from pipeline.orchestration.vertaler import EIGENAAR, Vertaler, groep, tabelnamen
from pipeline.proces.runboek import veilige_fout
from pipeline.proces.slot import enige_schrijver
from pipeline.reports.redenen import redenen
from pipeline.reports.status import openstaand, tellingen
from pipeline.settings import Settings
from pipeline.warehouse import Knoop
from pipeline.warehouse.tellen import Tellingen, lees_tellingen

LEVERINGEN = dg.AssetKey("leveringen")
EXTRACTEN = dg.AssetKey("extracten")
HEEL = "elk_bestand_verwerkt"
RUW = "raw"
PUBLICATIE = dg.AssetKey("publicatie")
RAPPORT = dg.AssetKey("rapport")
KALENDER = dg.AssetKey("leveringskalender")
RIJEN = "dagster/row_count"
MARTS = ("sturing", "kosten", "kwaliteit", "meta")
RUWE_TABEL = "Geaccepteerde rijen of hun administratie, zoals ingenomen; de eerste tabellen van het warehouse."
POOL = "warehouse"  # one writer, with the limit of dagster.yaml
SLOT_GEDULD_SECONDEN = 300.0
OPNIEUW = 3  # times; only for a lock that somebody else holds: nothing else gets better by trying again


# the nightly build starts at 03:00; at six there must be figures of today
VERS = dg.FreshnessPolicy.cron("0 6 * * *", dt.timedelta(hours=6), timezone="Europe/Amsterdam")


@contextmanager
def alleen(settings: Settings) -> Iterator[None]:
    """Hold the data home; when the command line does so for long, try the step again later."""
    with ExitStack() as stapel:
        try:
            stapel.enter_context(enige_schrijver(settings.huis, wacht_seconden=SLOT_GEDULD_SECONDEN))
        except SlotFout as fout:
            raise dg.RetryRequested(max_retries=OPNIEUW, seconds_to_wait=60) from fout
        yield


def leveringen_spec(catalogus: Catalogus) -> dg.AssetSpec:
    """Return the external asset that shows at a glance who delivered what; it never runs."""
    return dg.AssetSpec(
        LEVERINGEN,
        description="Wat gemeenten leverden, per gemeente en maand: gevuld als alles staat wat is afgesproken.",
        partitions_def=partities.gemeente_maanden(catalogus),
        group_name=groep("inname"),
        owners=EIGENAAR,
        kinds={"file"},
    )


def maak_extracten(omgeving: Omgeving, catalogus: Catalogus) -> dg.AssetsDefinition:
    """Return the door: all gemeenten of all requested months in one pass, in one process."""
    namen = {g: f"levering_{g}" for g in sorted(catalogus.afzenders)}

    @dg.asset(
        key=EXTRACTEN,
        deps=[LEVERINGEN],
        partitions_def=partities.maanden(catalogus),
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name=groep("inname"),
        owners=EIGENAAR,
        pool=POOL,
        kinds={"polars", "pandera"},
        description="Nieuwe extracten uit landing/ door de deuren; elke levering krijgt een eigen oordeel en bewijs.",
        check_specs=[
            dg.AssetCheckSpec(naam, asset=EXTRACTEN, description=f"Alles van {catalogus.naam_van(g)} staat goed.")
            for g, naam in namen.items()
        ]
        + [dg.AssetCheckSpec(HEEL, asset=EXTRACTEN, description="Op geen enkel bestand ging het bij ons mis.")],
    )
    def extracten(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        settings, seeds, nu = omgeving.settings(), omgeving.catalogus(), omgeving.nu(context)
        maanden = partities.als_maanden(list(context.partition_keys))
        with alleen(settings):
            settings.controleer_huis()
            inname = omgeving.doe(context, omgeving.loop(context, maanden=maanden), "inname")
            terug = maandloop.meld_terug(settings, seeds)
        for zin in terug.mislukt:
            context.log.warning(zin)
        for o in inname.fouten:
            context.log.error(f"{o.bestand}: {o.reden}")
        alles = maandloop.bereid_voor(settings, seeds, nu=nu).kalender
        for cel in nieuwe_cellen(context.instance, alles, inname.nieuw, seeds):
            context.log_event(cel)
        kalender = [r for r in alles if r.maand in set(maanden)]
        return dg.MaterializeResult(
            metadata={
                "nieuw": len(inname.nieuw),
                RIJEN: sum(b.rijen.geaccepteerd for b in inname.nieuw),
                "ongewijzigd": inname.ongewijzigd,
                "afgekeurd": sum(b.status is Status.AFGEKEURD for b in inname.nieuw),
                "rijen_ontvangen": sum(b.rijen.ontvangen for b in inname.nieuw),
                "rijen_quarantaine": sum(b.rijen.quarantaine for b in inname.nieuw),
                "terugmeldingen": terug.geschreven,
                "mislukt": len(inname.fouten),
                "overgeslagen": dg.MetadataValue.md(
                    "\n".join(f"- {o.bestand}: {o.reden}" for o in inname.overgeslagen)
                ),
            },
            check_results=[
                *leveringschecks(namen, kalender, inname.nieuw, seeds),
                dg.AssetCheckResult(
                    check_name=HEEL,
                    asset_key=EXTRACTEN,
                    passed=not inname.fouten,
                    severity=dg.AssetCheckSeverity.ERROR,
                    metadata={"mislukt": [f"{o.bestand}: {o.reden}" for o in inname.fouten]},
                ),
            ],
        )

    return extracten


def nieuwe_cellen(
    instance: dg.DagsterInstance,
    kalender: Sequence[KalenderRij],
    nieuw: Sequence[Ontvangstbewijs],
    catalogus: Catalogus,
) -> Iterator[dg.AssetMaterialization]:
    """Have the partition view show the calendar: an event per gemeente and maand of which all that is owed stands.

    What Dagster does not know yet is told too, so that a lost database or a load by the command line is made up for.
    """
    bekend = set(partities.gemeente_maanden(catalogus).get_partition_keys())
    getoond = set(instance.get_materialized_partitions(LEVERINGEN))
    vers = {(b.sleutel.gemeente, b.sleutel.maand) for b in nieuw if b.is_geaccepteerd}
    cellen: dict[tuple[str, Maand], list[KalenderRij]] = defaultdict(list)
    for rij in kalender:
        cellen[rij.gemeente, rij.maand].append(rij)
    for (gemeente, maand), rijen in cellen.items():
        sleutel = dg.MultiPartitionKey({"gemeente": gemeente, "maand": maand.eerste_dag.isoformat()})
        is_nieuw = sleutel not in getoond or (gemeente, maand) in vers
        if sleutel in bekend and is_nieuw and _staat(rijen):
            staat: dict[str, str] = {r.bericht.value: r.status.value for r in rijen}
            yield dg.AssetMaterialization(LEVERINGEN, partition=sleutel, metadata=staat)


def _staat(rijen: Sequence[KalenderRij]) -> bool:
    """Tell whether something stands and nothing that is owed does not."""
    staan = [r.status in GEACCEPTEERDE_STATUSSEN for r in rijen]
    return any(staan) and all(s or not r.is_verplicht for s, r in zip(staan, rijen, strict=True))


def leveringschecks(
    namen: dict[str, str], kalender: Sequence[KalenderRij], nieuw: Sequence[Ontvangstbewijs], catalogus: Catalogus
) -> list[dg.AssetCheckResult]:
    """Return the check of each gemeente: is everything of these months in order, and if not, why."""
    waarom: dict[str, list[str]] = defaultdict(list)
    for b in nieuw:
        if b.status is Status.AFGEKEURD:
            waarom[b.sleutel.gemeente] += [
                f"{b.sleutel.bericht.value} {b.sleutel.maand}: {r}" for r in redenen(b, catalogus)
            ]
    uit = []
    for gemeente, naam in namen.items():
        eigen = [r for r in kalender if r.gemeente == gemeente]
        fout = [r for r in eigen if r.status is Status.AFGEKEURD]
        uit.append(
            dg.AssetCheckResult(
                check_name=naam,
                asset_key=EXTRACTEN,
                passed=not fout,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={
                    "staat": {f"{r.bericht.value} {r.maand}": r.status.value for r in eigen},
                    "redenen": waarom.get(gemeente, []),
                },
            )
        )
    return uit


def maak_ruwe_tabellen(omgeving: Omgeving, manifest: dict[str, Any]) -> dg.AssetsDefinition:
    """Return the load of accepted rows into the warehouse: one step, an asset per raw table that dbt reads."""
    bronnen = [b for b in manifest["sources"].values() if b["source_name"] == RUW]

    @dg.multi_asset(
        name="ruwe_tabellen",
        specs=[
            dg.AssetSpec(
                dg.AssetKey([RUW, b["name"]]),
                deps=[EXTRACTEN],
                group_name=groep(RUW),
                owners=EIGENAAR,
                kinds={"duckdb"},
                description=RUWE_TABEL + f"\n\n*{' '.join((b['description'] or '').split())}*",
            )
            for b in bronnen
        ],
        pool=POOL,
    )
    def ruwe_tabellen(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        opdracht = omgeving.opdracht(context)
        with alleen(opdracht.settings):
            resultaat = omgeving.doe(context, omgeving.loop(context, gegeven={"opdracht": opdracht}), "laden")
        for b in bronnen:
            yield dg.MaterializeResult(
                asset_key=dg.AssetKey([RUW, b["name"]]),
                metadata={
                    "leveringen": resultaat.leveringen_totaal,
                    "toegevoegd": resultaat.leveringen_toegevoegd,
                    "publicatie_id": opdracht.gegevens.publicatie_id,
                    **({RIJEN: resultaat.rijen[b["name"]]} if b["name"] in resultaat.rijen else {}),
                },
            )

    return ruwe_tabellen


def in_volgorde(knopen: Sequence[Knoop], manifest: dict[str, Any]) -> list[Knoop]:
    """Return nodes with what they depend on first, as Dagster asks; a build tells last what it left as it was."""
    plek = {uid: n for n, uid in enumerate(TopologicalSorter(manifest["parent_map"]).static_order())}
    return sorted(knopen, key=lambda k: plek.get(k.unique_id, len(plek)))


def maak_dbt(omgeving: Omgeving, manifest: dict[str, Any]) -> dg.AssetsDefinition:
    """Return every model and seed as an asset and every data test as a check, run by dbt inside this process."""
    vertaler, namen = Vertaler(), tabelnamen(manifest)
    project = DbtProject(project_dir=DBT_PROJECT, profiles_dir=DBT_PROJECT, target_path=BEWAARD)

    @dbt_assets(manifest=manifest, dagster_dbt_translator=vertaler, project=project, pool=POOL, name="dbt_build")
    def dbt_build(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        opdracht = omgeving.opdracht(context)
        with alleen(opdracht.settings):
            bouw = omgeving.doe(context, omgeving.loop(context, gegeven={"opdracht": opdracht}), "bouwen")
            maandloop.meld_signalen(opdracht.settings, opdracht.catalogus)
        gekozen, tellingen = set(context.selected_asset_check_keys), lees_tellingen(opdracht.settings.huis)
        for knoop in in_volgorde(bouw.knopen, manifest):
            if knoop.soort in ("model", "seed"):
                sleutel = vertaler.get_asset_spec(manifest, knoop.unique_id, project).key
                rijen = tellingen.rijen.get(namen[sleutel])
                yield dg.MaterializeResult(
                    asset_key=sleutel,
                    metadata={
                        "seconden": knoop.seconden,
                        "publicatie_id": opdracht.gegevens.publicatie_id,
                        **({} if rijen is None else {RIJEN: rijen}),
                    },
                )
            elif knoop.soort == "test":
                check = get_asset_check_key_for_test(manifest, vertaler, knoop.unique_id, project)
                if check in gekozen:
                    yield dg.AssetCheckResult(
                        asset_key=check.asset_key,
                        check_name=check.name,
                        passed=knoop.status == "pass",
                        severity=dg.AssetCheckSeverity.WARN,
                        metadata={"gevonden": knoop.failures or 0},
                    )

    return dbt_build


def maak_publicatie(omgeving: Omgeving, marts: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """Return candidate, gate and release; a gate that holds is a failed check, and what was published stays."""

    @dg.asset(
        key=PUBLICATIE,
        deps=list(marts),
        group_name=groep("publicatie"),
        owners=EIGENAAR,
        pool=POOL,
        kinds={"duckdb"},
        description="Kandidaat, poort (Great Expectations) en de atomaire wissel van `published`.",
        freshness_policy=VERS,
        check_specs=[
            dg.AssetCheckSpec("poort", asset=PUBLICATIE, description="De poort liet de kandidaat door.", blocking=False)
        ],
    )
    def publicatie(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        opdracht = omgeving.opdracht(context)
        settings = omgeving.settings()
        with alleen(settings), maandloop.start_publicatiewerker() as werker:
            loop = omgeving.loop(context, werker=werker, gegeven={"opdracht": opdracht})
            omgeving.doe(context, loop, "uitgaven")
            vrijgegeven, poort = omgeving.doe(context, loop, "poort en publicatie")
        omgeving.eindig(
            context.run_id,
            omgeving.nu(context),
            dt.datetime.now(dt.UTC),
            uitkomst=RunUitkomst.GEPUBLICEERD if vrijgegeven else RunUitkomst.TEGENGEHOUDEN,
            publicatie_id=vrijgegeven.publicatie_id if vrijgegeven else "",
            bezwaren=poort.bezwaren,
        )
        return dg.MaterializeResult(
            metadata={
                "publicatie_id": opdracht.gegevens.publicatie_id,
                "gebouwd_voor": opdracht.gegevens.publicatie_id,
                "run_id": omgeving.run(context.run_id, omgeving.nu(context)).run_id,
                RIJEN: gepubliceerde_rijen(lees_tellingen(settings.huis)),
                "is_gepubliceerd": vrijgegeven is not None,
                "pad": dg.MetadataValue.path(str(settings.huis.published)),
                "kosten": dg.MetadataValue.md(kosten_tabel(omgeving.run(context.run_id, omgeving.nu(context)))),
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name="poort",
                    asset_key=PUBLICATIE,
                    passed=poort.is_doorgelaten,
                    severity=dg.AssetCheckSeverity.ERROR,
                    metadata={"bezwaren": list(poort.bezwaren)},
                )
            ],
        )

    return publicatie


def rapportgegevens(settings: Settings, opgave: Mapping[str, Any]) -> dict[str, Any]:
    """What the asset of the pages shows: whose they are, how many per edition (its row count: all), and where."""
    paginas = opgave.get("paginas", {})
    return {
        "publicatie_id": opgave.get("publicatie_id", ""),
        "paginas": paginas,
        RIJEN: sum(n for n in paginas.values() if isinstance(n, int)),
        "pad": dg.MetadataValue.path(str(settings.huis.rapport)),
    }


def maak_rapport(omgeving: Omgeving) -> dg.AssetsDefinition:
    """Return the report pages of what stands published; pages that are not whole are a failed check."""

    @dg.asset(
        key=RAPPORT,
        deps=[PUBLICATIE],
        group_name=groep("publicatie"),
        owners=EIGENAAR,
        pool=POOL,
        kinds={"html"},
        description="De rapportpagina's van de publicatie die staat, per editie; `rapport/` wijst ernaar.",
        check_specs=[
            dg.AssetCheckSpec(
                "heel", asset=RAPPORT, description="De pagina's zijn er allemaal en zijn van de publicatie die staat."
            )
        ],
    )
    def rapport(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        settings = omgeving.settings()
        with alleen(settings):
            staand = publish.huidige(settings)
            loop = omgeving.loop(context, gegeven={"vrijgave": (staand, None)})
            pad = omgeving.doe(context, loop, "rapport")
        opgave = rapportkamer.lees_opgave(pad) if pad else {}
        heel = not settings.maakt_rapport or staand is None or opgave.get("publicatie_id") == staand.publicatie_id
        return dg.MaterializeResult(
            metadata=rapportgegevens(settings, opgave),
            check_results=[
                dg.AssetCheckResult(
                    check_name="heel", asset_key=RAPPORT, passed=heel, severity=dg.AssetCheckSeverity.WARN
                )
            ],
        )

    return rapport


def gepubliceerde_rijen(tellingen: Tellingen) -> int:
    """Return the rows of all internal marts together."""
    return sum(n for naam, n in tellingen.rijen.items() if naam.split(".")[0] in MARTS)


def kosten_tabel(run: Run) -> str:
    """Return what a run cost, step by step, as a table."""
    kop = "| stap | seconden | rijen | piek MB |\n|---|---:|---:|---:|\n"
    return kop + "\n".join(
        f"| {s.naam} | {s.seconden:.1f} | {'' if s.rijen is None else s.rijen} | {s.piek_mb or ''} |"
        for s in run.stappen
    )


def maak_kalender(omgeving: Omgeving, catalogus: Catalogus) -> dg.AssetsDefinition:
    """Return the calendar of who owes what, with a check per gemeente on what is missing."""

    @dg.asset(
        key=KALENDER,
        kinds={"python"},
        deps=[EXTRACTEN],
        group_name=groep("inname"),
        owners=EIGENAAR,
        description="Kalender van verplichtingen en ontvangsten: wie is te laat, wat ontbreekt.",
        check_specs=[
            dg.AssetCheckSpec(f"compleet_{g}", asset=KALENDER, description=f"Niets ontbreekt van {naam}.")
            for g, naam in sorted(catalogus.afzenders.items())
        ],
    )
    def leveringskalender(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        return kalenderuitslag(omgeving.opdracht(context).kalender, catalogus)

    return leveringskalender


def kalenderuitslag(kalender: Sequence[KalenderRij], catalogus: Catalogus) -> dg.MaterializeResult:
    """Return the calendar in numbers, what is open, and a check per gemeente."""
    return dg.MaterializeResult(
        metadata={
            **tellingen(kalender),
            RIJEN: len(kalender),
            "openstaand": dg.MetadataValue.md("\n".join(f"- {z}" for z in openstaand(kalender, catalogus))),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name=f"compleet_{g}",
                asset_key=KALENDER,
                passed=not (open_ := _openstaand_van(kalender, g)),
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"openstaand": open_},
            )
            for g in sorted(catalogus.afzenders)
        ],
    )


def _openstaand_van(kalender: Sequence[KalenderRij], gemeente: str) -> list[str]:
    return [
        f"{r.bericht.value} {r.maand}: {r.status.value}"
        for r in kalender
        if r.gemeente == gemeente and r.is_verplicht and r.status in ONTBREEKT_OF_AFGEKEURD
    ]


def maak_meldingen(omgeving: Omgeving) -> dg.AssetsDefinition:
    """Return the alerts after a load. What goes wrong here is shown and fails nothing."""

    @dg.asset(
        key=dg.AssetKey("meldingen"),
        kinds={"python"},
        deps=[PUBLICATIE, KALENDER],
        group_name=groep("publicatie"),
        owners=EIGENAAR,
        description="Wie moet weten wat te laat, ontbreekt, afgekeurd of ineens anders is; hoogstens een per dag.",
        check_specs=[
            dg.AssetCheckSpec("bezorgd", asset=dg.AssetKey("meldingen"), description="Elk bericht is aangenomen.")
        ],
    )
    def meldingen(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        ronde, fout = meld(omgeving, dt.datetime.now(dt.UTC))
        return dg.MaterializeResult(
            metadata={
                "gebeurtenissen": len(ronde.gebeurtenissen) if ronde else 0,
                RIJEN: len(ronde.berichten) if ronde else 0,
                "berichten": len(ronde.berichten) if ronde else 0,
                "niet_bezorgd": [f"{b.bericht_id}: {b.fout}" for b in ronde.mislukt] if ronde else [fout],
                "in_de_uitbak_aan_niemand": [b.bericht_id for b in ronde.aan_niemand] if ronde else [],
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name="bezorgd",
                    asset_key=dg.AssetKey("meldingen"),
                    passed=ronde is not None and not ronde.mislukt and not ronde.aan_niemand,
                    severity=dg.AssetCheckSeverity.WARN,
                )
            ],
        )

    return meldingen


def meld(omgeving: Omgeving, nu: dt.datetime) -> tuple[Ronde | None, str]:
    """Do one round of alerts; (None, kind of error) when that went wrong."""
    try:
        return rondgang.meld(omgeving.settings(), omgeving.catalogus(), nu=nu), ""
    except Exception as fout:
        return None, veilige_fout(fout)


def mart_sleutels(dbt: dg.AssetsDefinition) -> list[dg.AssetKey]:
    """Return the published tables among the dbt assets."""
    return sorted(k for k in dbt.keys if k.path[0] in MARTS)
