"""The monthly load as plain functions: what the command line and Dagster both call.

Lives here: `STAPPEN`, the steps in their order with what each needs, gives and counts (the command line, the replay and
Dagster run these), the choice of peilmoment and seeds, and what came of it as one value. Add here: a step of the load.
Keep out: how a step works (its room), printing (cli), Dagster (orchestration).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline import __version__
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import KalenderRij, kalender, lokale_dag
from pipeline.domain.leveringen import Ontvangstbewijs
from pipeline.domain.maanden import Maand
from pipeline.domain.oude_seeds import vul_aan
from pipeline.domain.publicaties import PublicatieGegevens, maak_publicatie_id, vingerafdruk
from pipeline.domain.runs import RunUitkomst, Stap
from pipeline.proces import runboek
from pipeline.settings import PROJECT, Huis, Settings

if TYPE_CHECKING:
    from pipeline.intake import Inname
    from pipeline.proces.werkproces import Werkproces
    from pipeline.publish import Kandidaat, Poortresultaat, Publicatie
    from pipeline.reports.bezorgen import Terugmeldingen
    from pipeline.warehouse import Bouwresultaat, DbtWerker, Laadresultaat

_T = TypeVar("_T")

Voortgang = Callable[[str, int, int], None]
"""Called with (step, done, total); total 0 means unknown."""


def stil(_stap: str, _gedaan: int, _totaal: int) -> None:
    """Show no progress."""


@dataclass
class Meting:
    """What is found out about a step while it is measured."""

    rijen: int | None = None


@dataclass
class Klok:
    """Seconds, rows and peak memory per step of one run, in order; what it cost (SPEC 9, benchmarks)."""

    seconden: dict[str, float] = field(default_factory=dict)
    rijen: dict[str, int] = field(default_factory=dict)
    piek_mb: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def meet(self, stap: str) -> Iterator[Meting]:
        """Time one step, and keep the rows that it counts."""
        begin, meting = time.perf_counter(), Meting()
        runboek.begin_piek()
        try:
            yield meting
            if meting.rijen is not None:
                self.rijen[stap] = meting.rijen
        finally:
            self.seconden[stap] = self.seconden.get(stap, 0.0) + time.perf_counter() - begin
            self.piek_mb[stap] = max(self.piek_mb.get(stap, 0), runboek.piek_mb())

    def ernaast(self, stap: str, werk: Callable[[], _T]) -> _T:
        """Do and time work that goes on beside the steps, in a thread; its memory is in the peak of theirs."""
        begin = time.perf_counter()
        try:
            return werk()
        finally:
            self.seconden[stap] = self.seconden.get(stap, 0.0) + time.perf_counter() - begin

    @property
    def stappen(self) -> tuple[Stap, ...]:
        """The steps as they are kept in the book of runs."""
        return tuple(Stap(n, s, self.rijen.get(n), self.piek_mb.get(n)) for n, s in self.seconden.items())


class _Post:
    """Feedback to the senders, written in a thread beside the steps, one round after the other."""

    def __init__(self, klok: Klok, draad: ThreadPoolExecutor) -> None:
        """Write in `draad`, which has one thread."""
        self._klok, self._draad = klok, draad
        self._rondes: list[Future[Terugmeldingen]] = []

    def schrijf(self, ronde: Callable[[], Terugmeldingen]) -> None:
        """Begin a round after those before it; returns at once."""
        self._rondes.append(self._draad.submit(self._klok.ernaast, "terugmelding", ronde))

    def klaar(self) -> Terugmeldingen:
        """Wait for all rounds; raises what a round raised."""
        eerste, *verder = [ronde.result() for ronde in self._rondes]
        return reduce(lambda som, ronde: som.met(ronde), verder, eerste)


@dataclass(frozen=True)
class Opdracht:
    """One build: with which settings and seeds, as of when, known as what."""

    settings: Settings
    catalogus: Catalogus
    peilmoment: dt.datetime
    gegevens: PublicatieGegevens
    bewijzen: tuple[Ontvangstbewijs, ...]
    kalender: tuple[KalenderRij, ...]


@dataclass
class Loop:
    """A month under way: what every step may use, and what the steps before it gave, by name."""

    settings: Settings
    catalogus: Catalogus
    nu: dt.datetime
    maanden: Sequence[Maand] | None = None
    peilmoment: dt.datetime | None = None
    huidige_seeds: bool = False
    voortgang: Voortgang = stil
    dbt_werker: DbtWerker | None = None
    werker: Werkproces | None = None
    intussen: Callable[[], None] | None = None
    """Work to begin beside the writing of the editions."""
    gegeven: dict[str, Any] = field(default_factory=dict)

    def doe(self, naam: str, meet: Meter) -> Any:
        """Do one of STAPPEN, measured; return what it gives. KeyError: what it needs was not given."""
        stap = STAP[naam]
        met = [self.gegeven[wat] for wat in stap.nodig]
        with meet(naam) as meting:
            self.gegeven[stap.geeft] = stap.doe(self, *met)
            meting.rijen = stap.telt(self.gegeven[stap.geeft])
        return self.gegeven[stap.geeft]


Meter = Callable[[str], AbstractContextManager[Meting]]
"""Measures the step of that name: the clock of a run, or the book of runs for Dagster."""


def _niets(_uit: object) -> int | None:
    return None


@dataclass(frozen=True)
class Werkstap:
    """A step of the month: what it takes from those before it, what it gives, and the rows it is measured by.

    What lies in the data home (receipts, rows, warehouse) it finds there; `nodig` is what it is handed.
    """

    naam: str
    nodig: tuple[str, ...]
    geeft: str
    doe: Callable[..., Any]
    telt: Callable[[Any], int | None] = _niets


@dataclass(frozen=True)
class Uitkomst:
    """What one run did. `is_gepubliceerd` is also true when nothing was new and the publication still stands."""

    inname: Inname
    opdracht: Opdracht
    is_gepubliceerd: bool
    is_ongewijzigd: bool
    publicatie: Publicatie | None
    poort: Poortresultaat | None
    seconden: dict[str, float]
    terugmeldingen: Terugmeldingen | None = None
    rapport: Path | None = None
    """Where the report pages stand; None: there are none."""

    @property
    def is_heel(self) -> bool:
        """Tell whether it published and every file was handled: a file on which we failed is no success."""
        return self.is_gepubliceerd and not self.inname.fouten


@lru_cache(maxsize=1)
def codeversie() -> str:
    """Version of the code: the release, and a fingerprint of what computes figures (pipeline and dbt project).

    Taken once per process: an upgrade under a running process does not change what that process is.
    """
    h = hashlib.sha256()
    bronnen = [*(PROJECT / "pipeline").rglob("*.py"), *_dbt_bronnen()]
    for pad in sorted(bronnen):
        h.update(pad.relative_to(PROJECT).as_posix().encode() + b"\0" + pad.read_bytes())
    return f"{__version__}+{h.hexdigest()[:8]}"


def _dbt_bronnen() -> list[Path]:
    basis = PROJECT / "dbt_project"
    return [p for m in ("models", "macros") for p in (basis / m).rglob("*") if p.suffix in (".sql", ".yml")]


def draai(
    settings: Settings,
    catalogus: Catalogus,
    *,
    nu: dt.datetime,
    maanden: Sequence[Maand] | None = None,
    peilmoment: dt.datetime | None = None,
    huidige_seeds: bool = False,
    bron: str = "regiomonitor",
    voortgang: Voortgang = stil,
) -> Uitkomst:
    """Take in what is new, build, judge, publish. Idempotent; safe to kill at any instant.

    `peilmoment` (aware; default `nu`) is the instant as of which figures are computed; when given, the seeds of the
    publication that was current then are used unless `huidige_seeds`. Raises InvariantFout or BouwFout when an
    invariant or the build fails: then nothing was published. A levering that is refused is no failure. What it did and
    cost goes to the book of runs, started by `bron`.
    """
    klok = Klok()
    loop = Loop(settings, catalogus, nu, maanden, peilmoment, huidige_seeds, voortgang)
    with runboek.houd_bij(settings.huis, nu=nu, bron=bron) as lopend:
        try:
            uitkomst = _draai(loop, klok)
        finally:
            lopend.vul(stappen=klok.stappen)
        lopend.vul(**_verslag(uitkomst))
    return uitkomst


def _verslag(uitkomst: Uitkomst) -> dict[str, object]:
    """Return what the book of runs keeps of an outcome."""
    hoe = RunUitkomst.GEPUBLICEERD if uitkomst.is_gepubliceerd else RunUitkomst.TEGENGEHOUDEN
    return {
        "uitkomst": RunUitkomst.ONGEWIJZIGD if uitkomst.is_ongewijzigd else hoe,
        "publicatie_id": uitkomst.publicatie.publicatie_id if uitkomst.publicatie else "",
        "bezwaren": uitkomst.poort.bezwaren if uitkomst.poort else (),
    }


def _draai(loop: Loop, klok: Klok) -> Uitkomst:
    from pipeline import warehouse

    settings, catalogus = loop.settings, loop.catalogus
    settings.controleer_huis()
    catalogus.controleer()
    # dbt takes seconds to import: it warms up in a process of its own while the door works
    with (
        warehouse.enige_schrijver(settings.huis),
        warehouse.start_dbt_werker(settings) as loop.dbt_werker,
        ThreadPoolExecutor(1) as draad,
    ):
        for stap in STAPPEN[:2]:
            loop.doe(stap.naam, klok.meet)
        inname, opdracht = loop.gegeven["inname"], loop.gegeven["opdracht"]
        post = _Post(klok, draad)
        bewijzen = opdracht.bewijzen if loop.peilmoment is None else None
        staand = _staande_publicatie(settings, opdracht)
        if staand is not None:
            terug = klok.ernaast("terugmelding", partial(meld_terug, settings, catalogus, bewijzen))
            if not any(settings.huis.feedback.glob("*/signalen.json")):  # feedback/ was emptied: make it again
                terug = terug.met(meld_signalen(settings, catalogus))
            loop.gegeven["vrijgave"] = (staand, None)  # pages that a killed run did not finish
            pagina = loop.doe("rapport", klok.meet)
            return Uitkomst(inname, opdracht, True, True, staand, None, klok.seconden, terug, pagina)
        if loop.peilmoment is None:  # signals of another moment are nobody's to act on
            loop.intussen = partial(post.schrijf, partial(meld_signalen, settings, catalogus))
        # Great Expectations takes seconds to import too: that happens in what the build leaves of the cores
        with start_publicatiewerker() as loop.werker:
            # whatever becomes of loading, building and the gate, a sender hears of a levering
            erna = {"laden": partial(post.schrijf, partial(meld_terug, settings, catalogus, bewijzen))}
            ervoor = {"poort en publicatie": post.klaar}
            for stap in STAPPEN[2:-1]:
                ervoor.get(stap.naam, _klaar)()
                try:
                    loop.doe(stap.naam, klok.meet)
                finally:
                    erna.get(stap.naam, _klaar)()
        publicatie, poort = loop.gegeven["vrijgave"]
        pagina = loop.doe("rapport", klok.meet)  # when the helper of the gate gave back its memory
    gepubliceerd = publicatie is not None
    return Uitkomst(inname, opdracht, gepubliceerd, False, publicatie, poort, klok.seconden, post.klaar(), pagina)


def _klaar() -> None:
    """Nothing goes before or after this step."""


def neem_in(
    settings: Settings,
    catalogus: Catalogus,
    *,
    nu: dt.datetime,
    maanden: Sequence[Maand] | None = None,
    voortgang: Voortgang = stil,
) -> Inname:
    """Step 1: everything new in landing/ through the doors; each levering its own verdict and receipt."""
    from pipeline import intake

    return intake.neem_in(
        settings,
        catalogus,
        nu=nu,
        maanden=maanden,
        voortgang=lambda gedaan, totaal, _wat: voortgang("inname", gedaan, totaal),
    )


def bereid_voor(
    settings: Settings,
    catalogus: Catalogus,
    *,
    nu: dt.datetime,
    peilmoment: dt.datetime | None = None,
    huidige_seeds: bool = False,
) -> Opdracht:
    """Step 2: which leveringen count as of the peilmoment, with which seeds, and the calendar that follows."""
    from pipeline import intake

    moment = peilmoment or nu
    if peilmoment is not None and not huidige_seeds:
        settings, catalogus = _toen_geldende_seeds(settings, catalogus, moment, nu)
    bewijzen = tuple(b for b in intake.lees_bewijzen(settings.huis) if b.ontvangen_op <= moment)
    merk = vingerafdruk(
        bewijzen, seedversie=catalogus.vingerafdruk, codeversie=codeversie(), peildatum=lokale_dag(moment)
    )
    gegevens = PublicatieGegevens(
        publicatie_id=maak_publicatie_id(moment, merk),
        peilmoment=moment,
        gemaakt_op=nu,
        codeversie=codeversie(),
        seedversie=catalogus.vingerafdruk,
        deurversie=intake.deurversie(catalogus),
        n_leveringen=len(bewijzen),
        reeks=settings.bsn_reeks.value,
    )
    rijen = kalender(catalogus, bewijzen, moment, niet_voor=settings.huis.demo_vanaf)
    return Opdracht(settings, catalogus, moment, gegevens, bewijzen, tuple(rijen))


def laad(opdracht: Opdracht, *, voortgang: Voortgang = stil) -> Laadresultaat:
    """Step 3: accepted rows into the raw tables of the warehouse, in one transaction."""
    from pipeline import warehouse

    voortgang("laden", 0, 0)
    return warehouse.laad(
        opdracht.settings,
        opdracht.catalogus,
        opdracht.bewijzen,
        peilmoment=opdracht.peilmoment,
        publicatie=opdracht.gegevens,
        kalender=opdracht.kalender,
    )


def bouw_marts(opdracht: Opdracht, *, werker: DbtWerker | None = None, voortgang: Voortgang = stil) -> Bouwresultaat:
    """Step 4: the full dbt build with its tests."""
    from pipeline import warehouse

    voortgang("bouwen", 0, 0)
    return warehouse.bouw(opdracht.settings, vars=opdracht.gegevens.dbt_vars(), werker=werker)


def meld_terug(
    settings: Settings,
    catalogus: Catalogus,
    bewijzen: Sequence[Ontvangstbewijs] | None = None,
    *,
    alles: bool = False,
) -> Terugmeldingen:
    """Write to feedback/ what is new for the senders (`alles`: everything anew). `bewijzen`: default those of the home.

    A folder that cannot be written is in the answer; it stops neither the others nor the run.
    """
    from pipeline import intake
    from pipeline.reports.terugmelding import schrijf_terugmeldingen

    maximum = int(catalogus.getal("terugmelding_max_rijen"))
    return schrijf_terugmeldingen(
        settings.huis,
        catalogus,
        intake.lees_bewijzen(settings.huis) if bewijzen is None else bewijzen,
        lambda bewijs: intake.lees_terugblik(settings.huis, bewijs, maximum),
        alles=alles,
    )


def meld_signalen(settings: Settings, catalogus: Catalogus, *, alles: bool = False) -> Terugmeldingen:
    """Write to feedback/ what the build that is in the warehouse found, per gemeente."""
    from pipeline import warehouse
    from pipeline.reports.signaallijst import schrijf_signalen
    from pipeline.reports.werklijst import lees_werklijst

    tellingen, rijen = warehouse.lees_signalen(
        settings.huis,
        maanden=int(catalogus.getal("terugmelding_signaal_maanden")),
        max_rijen=int(catalogus.getal("terugmelding_max_rijen")),
    )
    werk = lees_werklijst(settings.huis.warehouse).te_doen if tellingen else ()
    return schrijf_signalen(settings.huis, catalogus, tellingen, rijen, werk=werk, alles=alles)


def start_publicatiewerker() -> Werkproces:
    """Start the helper of steps 5 and 6, which has seconds to import first; a context manager."""
    from pipeline import publish

    return publish.start_werker()


def maak_uitgaven(
    settings: Settings,
    opdracht: Opdracht,
    *,
    werker: Werkproces | None = None,
    intussen: Callable[[], None] | None = None,
    voortgang: Voortgang = stil,
) -> Kandidaat:
    """Step 5: the candidate, with an edition for every audience.

    `settings` is of the home that publishes; with as-of on older seeds the build itself lives elsewhere.
    """
    from pipeline import publish

    voortgang("publiceren", 0, 0)
    return publish.maak_kandidaat(
        settings,
        publicatie=opdracht.gegevens,
        bewijzen=opdracht.bewijzen,
        manifest=opdracht.settings.huis.dbt_manifest,
        warehouse=opdracht.settings.huis.warehouse,
        seeds=opdracht.catalogus.map,
        werker=werker,
        intussen=intussen,
    )


def publiceer(
    settings: Settings, opdracht: Opdracht, kandidaat: Kandidaat, *, werker: Werkproces | None = None
) -> tuple[Publicatie | None, Poortresultaat]:
    """Step 6: gate and release. Returns (None, result) when the gate held the candidate back."""
    from pipeline import publish

    staand = publish.huidige(settings)
    poort = publish.beoordeel_kandidaat(kandidaat, opdracht.catalogus, staand.pad if staand else None, werker=werker)
    if not poort.is_doorgelaten:
        publish.houd_tegen(kandidaat, settings, poort)
        return None, poort
    return publish.geef_vrij(kandidaat, settings), poort


def maak_rapport(settings: Settings, publicatie: Publicatie | None, *, voortgang: Voortgang = stil) -> Path | None:
    """Step 7: the report pages of what was published, unless they stand; return where they are, None: there are none.

    A publication that was held, and a home that makes no pages, leave what stood.
    """
    from pipeline import rapport

    if publicatie is not None and settings.maakt_rapport:
        voortgang("rapport", 0, 0)
        rapport.maak_actueel(settings)
    return rapport.wijs_aan(settings.huis)


STAPPEN = (
    Werkstap(
        "inname",
        (),
        "inname",
        lambda loop: neem_in(loop.settings, loop.catalogus, nu=loop.nu, maanden=loop.maanden, voortgang=loop.voortgang),
        lambda inname: sum(b.rijen.ontvangen for b in inname.nieuw),
    ),
    Werkstap(
        "voorbereiding",
        (),
        "opdracht",
        lambda loop: bereid_voor(
            loop.settings, loop.catalogus, nu=loop.nu, peilmoment=loop.peilmoment, huidige_seeds=loop.huidige_seeds
        ),
    ),
    Werkstap(
        "laden",
        ("opdracht",),
        "geladen",
        lambda loop, opdracht: laad(opdracht, voortgang=loop.voortgang),
        lambda geladen: sum(geladen.rijen.values()),
    ),
    Werkstap(
        "bouwen",
        ("opdracht",),
        "bouw",
        lambda loop, opdracht: bouw_marts(opdracht, werker=loop.dbt_werker, voortgang=loop.voortgang),
    ),
    Werkstap(
        "uitgaven",
        ("opdracht",),
        "kandidaat",
        lambda loop, opdracht: maak_uitgaven(
            loop.settings, opdracht, werker=loop.werker, intussen=loop.intussen, voortgang=loop.voortgang
        ),
    ),
    Werkstap(
        "poort en publicatie",
        ("opdracht", "kandidaat"),
        "vrijgave",
        lambda loop, opdracht, kandidaat: publiceer(loop.settings, opdracht, kandidaat, werker=loop.werker),
    ),
    Werkstap(
        "rapport",
        ("vrijgave",),
        "rapport",
        lambda loop, vrijgave: maak_rapport(loop.settings, vrijgave[0], voortgang=loop.voortgang),
    ),
)
"""The month, in order. Everything that runs it runs this list, or a part of it."""
STAP = {stap.naam: stap for stap in STAPPEN}


def _staande_publicatie(settings: Settings, opdracht: Opdracht) -> Publicatie | None:
    """Return the current publication when it was made of exactly this: then there is nothing to do."""
    from pipeline import publish

    staand = publish.huidige(settings)
    zelfde = (
        staand is not None and staand.publicatie_id.split("-")[-1] == opdracht.gegevens.publicatie_id.split("-")[-1]
    )
    return staand if zelfde else None


def _toen_geldende_seeds(
    settings: Settings, catalogus: Catalogus, peilmoment: dt.datetime, nu: dt.datetime
) -> tuple[Settings, Catalogus]:
    """Settings and seeds as they were at `peilmoment`; where the door's seeds differ, all is judged anew aside."""
    from pipeline import intake, publish

    # what was current then is the last one made by then, whatever moment it looked at
    toen = [seeds for gemaakt_op, seeds in publish.seedgeschiedenis(settings) if gemaakt_op <= peilmoment]
    if not toen:
        return settings, catalogus
    seeds = vul_aan(toen[-1], catalogus.map, settings.huis.work / "seeds-van-toen")
    oud = Catalogus.load(seeds)
    if oud.vingerafdruk == catalogus.vingerafdruk:
        return settings, catalogus
    met_oud = replace(settings, seeds=seeds)
    if intake.deurversie(oud) == intake.deurversie(catalogus):
        return met_oud, oud
    zij = zijhuis(settings.huis, f"seeds-{oud.vingerafdruk}")
    terzijde = replace(met_oud, huis=zij)
    intake.beoordeel_opnieuw(terzijde, oud, nu=nu)
    return terzijde, oud


def zijhuis(huis: Huis, naam: str) -> Huis:
    """Make a second home in work/ that shares the archive: a place to judge and build without touching what stands.

    Rows of leveringen whose bytes are gone from the archive (deletion on request) cannot be made again and come along.
    """
    from pipeline import intake

    zij = Huis(huis.work / naam)
    zij.pad.mkdir(parents=True, exist_ok=True)
    if not zij.archive.exists():
        zij.archive.symlink_to(huis.archive, target_is_directory=True)
    if huis.merk.exists():  # it knows the key of the contents in the archive
        shutil.copyfile(huis.merk, zij.merk)
    shutil.copytree(huis.receipts, zij.receipts, dirs_exist_ok=True)
    intake.neem_onvervangbaar_over(huis, zij)
    return zij
