"""Making the pages of a publication, and putting them where people look.

Every edition is made from its own file; charts are drawn by a helper while the next edition is asked its questions. Of
many editions a second process takes some, from the other end (helft.py). The pages are written beside the old ones and swapped whole; `rapport/` in the data home is a link that is replaced last, so
whatever instant this is killed at, a complete set of pages stands, the old or the new.
Lives here: which pages an edition has, writing, the swap. Keep out: what is on a page (paginas/), drawing (tekenaar.py).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import stat
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment

from pipeline.domain.duidingen import Duidingsregel, duiding_van
from pipeline.publish.gemeente import BESTAND_RECHTEN, MAP_RECHTEN
from pipeline.publish.oordeel import lees_poort
from pipeline.publish.vergelijk import verschil_leveringen
from pipeline.publish.vrijgave import huidige, publicaties
from pipeline.rapport.blokken import Beeld, Pagina, Tabel
from pipeline.rapport.boek import Boek, Familie, Vorige
from pipeline.rapport.bron import Bron, Editie, RapportFout, edities, lees_seed, regionaam
from pipeline.rapport.duiding import Duider
from pipeline.rapport.opmaak import Menu, maak_html, omgeving
from pipeline.rapport.paginas import (
    aanbieder,
    begrip,
    duidingssessie,
    gemeente,
    kwaliteit,
    openbaar,
    plekken,
    regio,
    segment,
    veranderd,
    vergelijken,
)
from pipeline.rapport.tekenaar import Tekenaar, merk
from pipeline.settings import Huis, Settings

HIER = Path(__file__).parent
MAP = "rapport"
"""Folder of the pages in a publication."""
OPGAVE = "rapport.json"
"""Written last: which publication the pages show, and what there is of it. Without it a folder is no whole."""
_KLAD, _OUD = ".rapport-nieuw", ".rapport-oud"
_SAMEN_VANAF = 6
"""Editions from which a second process helps: of fewer its start costs more than it makes."""
_STIJL = ("stijl.css", "OFL.txt", "source-sans-3-latin-wght-normal.woff2", "source-serif-4-latin-wght-normal.woff2")

FAMILIES: dict[str, Sequence[Familie]] = {
    "intern": (
        regio.paginas,
        segment.paginas,
        gemeente.paginas,
        aanbieder.paginas,
        duidingssessie.paginas,
        plekken.paginas,
        vergelijken.paginas,
        kwaliteit.paginas,
        veranderd.paginas,
        begrip.paginas,
    ),
    "gemeente": (gemeente.paginas, segment.paginas, kwaliteit.paginas, veranderd.paginas, begrip.paginas),
    "openbaar": (openbaar.paginas, vergelijken.paginas, kwaliteit.paginas, veranderd.paginas, begrip.paginas),
}
"""Which families of pages an edition has."""
MENU: dict[str, Menu] = {
    "intern": (
        ("Regio", "index.html", "regio"),
        ("Segmenten", "segment/index.html", "segment"),
        ("Gemeenten", "gemeente/index.html", "gemeente"),
        ("Aanbieders", "aanbieder/index.html", "aanbieder"),
        ("Plekken", "plekken.html", "plekken"),
        ("Vergelijken", vergelijken.PAD, "vergelijken"),
        ("Kwaliteit", "kwaliteit.html", "kwaliteit"),
        ("Begrippen", "begrip/index.html", "begrip"),
    ),
    "gemeente": (
        ("Overzicht", "index.html", "regio"),
        ("Segmenten", "segment/index.html", "segment"),
        ("Kwaliteit", "kwaliteit.html", "kwaliteit"),
        ("Begrippen", "begrip/index.html", "begrip"),
    ),
    "openbaar": (
        ("Cijfers", "index.html", "cijfers"),
        ("Vergelijken", vergelijken.PAD, "vergelijken"),
        ("Kwaliteit", "kwaliteit.html", "kwaliteit"),
        ("Begrippen", "begrip/index.html", "begrip"),
    ),
}


@dataclass(frozen=True)
class Rapport:
    """What was made: where, of which publication, pages by edition, drawings made anew."""

    pad: Path
    publicatie_id: str
    paginas: Mapping[str, int]
    getekend: int

    def als_dict(self) -> dict[str, Any]:
        """Plain form, ready for JSON."""
        return asdict(self) | {"pad": str(self.pad)}


def soort_van(editie: Editie) -> str:
    """Return which families and menu an edition has."""
    return "gemeente" if editie.gemeente else editie.naam


# where the pages stand ------------------------------------------------------------------------------------------------


def is_heel(publicatie: Path) -> bool:
    """Tell whether a publication has its pages, all of them."""
    return (publicatie / MAP / OPGAVE).is_file()


def wijs_aan(huis: Huis) -> Path | None:
    """Point `rapport` in the data home at the pages of the current publication; without pages it stays as it is.

    Return what it points at; None when there is nothing.
    """
    link = huis.rapport
    try:
        naam = huis.published.readlink().name
    except OSError:
        naam = ""
    if naam and is_heel(huis.publications / naam):
        if link.exists() and not link.is_symlink():
            raise RapportFout(f"{link} is geen link maar een bestand of map; haal dat weg en start opnieuw.")
        tijdelijk = huis.pad / f".{MAP}.nieuw"
        tijdelijk.unlink(missing_ok=True)
        tijdelijk.symlink_to(Path(huis.publications.name) / naam / MAP, target_is_directory=True)
        os.replace(tijdelijk, link)
    return link.resolve() if link.exists() else None


# making ---------------------------------------------------------------------------------------------------------------


def maak_actueel(settings: Settings) -> Rapport | None:
    """Make the pages of the current publication unless they stand, and point `rapport` at them; None: nothing to do."""
    staand = huidige(settings)
    if staand is None:
        return None
    rapport = None if is_heel(staand.pad) else maak(settings, staand.publicatie_id)
    wijs_aan(settings.huis)
    return rapport


def maak(
    settings: Settings,
    publicatie_id: str,
    *,
    alleen: Collection[str] = (),
    na: Callable[[Path, Mapping[str, Sequence[Pagina]]], object] | None = None,
) -> Rapport:
    """Make the pages of a publication anew, of all editions or `alleen` those named, and swap them in whole.

    `na` is called with the finished folder and its pages by edition before the swap (what is made of pages: PDF). KeyError when there is no
    such publication, RapportFout when it has no such edition.
    """
    alle = {p.publicatie_id: p.pad for p in publicaties(settings)}
    publicatie = alle[publicatie_id]
    gekozen = [e for e in edities(publicatie) if not alleen or e.naam in alleen]
    if ontbreekt := set(alleen) - {e.naam for e in gekozen}:
        raise RapportFout(f"Publicatie {publicatie_id} heeft geen editie {', '.join(sorted(ontbreekt))}.")
    klad = publicatie / _KLAD
    shutil.rmtree(klad, ignore_errors=True)
    if alleen and is_heel(publicatie):
        _neem_over(publicatie / MAP, klad, alleen)
    werk = Werk(
        publicatie,
        klad,
        settings.huis.work / "tekeningen",
        vergelijking_van(settings),
        alle,
        {p.publicatie_id: p.gemaakt_op.date() for p in publicaties(settings)},
    )
    with Tekenaar(werk.tekeningen, vergeet=not alleen) as tekenaar:
        if na is None and len(gekozen) >= _SAMEN_VANAF:
            aantal = _schrijf_samen(werk, gekozen, tekenaar)
        else:
            gemaakt = schrijf_edities(werk, gekozen, tekenaar)
            aantal = {n: len(p) for n, p in gemaakt.items()}
            if na is not None:
                na(klad, gemaakt)
        rapport = Rapport(publicatie / MAP, publicatie_id, aantal, tekenaar.getekend)
    _schrijf_opgave(klad, publicatie_id)
    _wissel(publicatie, klad)
    return rapport


@dataclass(frozen=True)
class Werk:
    """What editions are made from and where: folders of this and earlier publications with their days, by id."""

    publicatie: Path
    klad: Path
    tekeningen: Path
    vergelijking: Path | None
    publicaties: Mapping[str, Path]
    dagen: Mapping[str, dt.date]


def _schrijf_samen(werk: Werk, gekozen: Sequence[Editie], tekenaar: Tekenaar) -> dict[str, int]:
    """Write the editions with a second process, which takes them from the end; return their numbers of pages."""
    from pipeline.rapport.helft import laat_maken

    rij = deque(gekozen)
    with ThreadPoolExecutor(1) as naast:
        helft = naast.submit(laat_maken, werk, rij)
        try:
            gemaakt = schrijf_edities(werk, _van_voren(rij), tekenaar)
        except BaseException:
            rij.clear()  # nor need the other process go on
            raise
        elders = helft.result()
    gemaakt |= schrijf_edities(werk, _van_voren(rij), tekenaar)  # what the other process gave back
    for deel in elders:
        tekenaar.ook_gebruikt(deel.tekeningen, deel.getekend)
    aantal = {n: len(p) for n, p in gemaakt.items()} | {d.editie: d.paginas for d in elders}
    return {e.naam: aantal[e.naam] for e in gekozen}


def _van_voren(rij: deque[Editie]) -> Iterator[Editie]:
    while rij:
        try:
            yield rij.popleft()
        except IndexError:  # the other process took the last one
            return


def schrijf_edities(werk: Werk, gekozen: Iterable[Editie], tekenaar: Tekenaar) -> dict[str, list[Pagina]]:
    """Write the pages of the editions; while the charts of one are drawn, the next is asked its questions."""
    toen = _Toen(werk.publicaties, werk.dagen)
    try:
        return _schrijf_alles(werk, gekozen, tekenaar, toen)
    finally:
        toen.sluit()


def _schrijf_alles(werk: Werk, gekozen: Iterable[Editie], tekenaar: Tekenaar, toen: _Toen) -> dict[str, list[Pagina]]:
    gemaakt: dict[str, list[Pagina]] = {}
    vorige: tuple[Boek, list[Pagina], Future[None]] | None = None
    env, klad = omgeving(), werk.klad
    regels = [duiding_van(r) for r in lees_seed(werk.publicatie, "duiding")]
    with ThreadPoolExecutor(1) as naast:
        for editie in gekozen:
            boek = open_boek(werk.publicatie, editie, regels, toen)
            gegevens = _schrijf_gegevens(boek, klad / editie.naam)
            boek = replace(boek, gegevens=gegevens, vergelijking=werk.vergelijking)
            paginas = [p for familie in FAMILIES[soort_van(editie)] for p in familie(boek)]
            for beeld in beelden_van(paginas):
                for opdracht in beeld.opdrachten().values():
                    tekenaar.bestel(opdracht)
            wachtrij = tekenaar.neem_wachtrij()
            tekent = naast.submit(tekenaar.teken, wachtrij)
            boek.bron.vergeet()
            if vorige is not None:
                _schrijf_editie(*vorige, klad, tekenaar, env)
            vorige = (boek, paginas, tekent)
            gemaakt[editie.naam] = paginas
        if vorige is not None:
            _schrijf_editie(*vorige, klad, tekenaar, env)
    return gemaakt


def open_boek(
    publicatie: Path, editie: Editie, regels: Sequence[Duidingsregel] = (), toen: _Toen | None = None
) -> Boek:
    """Open the file of an edition with what its pages need of the publication."""
    bron = Bron(publicatie / editie.naam / "marts.duckdb")
    poort = lees_poort(publicatie)
    return Boek(
        publicatie=publicatie,
        bron=bron,
        editie=editie,
        regio=regionaam(lees_seed(publicatie, "gemeenten")),
        poort=poort,
        vorige=_vorige(publicatie, editie, poort.vorige if poort else ""),
        duid=Duider(regels, editie, toen or (lambda _r, _e: ("", None))),
        maten=("smal",) if editie.gemeente else ("breed", "smal"),
    )


def vergelijking_van(settings: Settings) -> Path | None:
    """Return the region beside the others, where there is a store and somebody made the comparison."""
    pad = settings.huis.vergelijking
    return pad if settings.winkel is not None and pad.is_file() else None


def _vorige(publicatie: Path, editie: Editie, vorige_id: str) -> Vorige | None:
    if not vorige_id:
        return None
    mappen = (publicatie.parent / vorige_id, publicatie.parent / f"{vorige_id}.opgeruimd")
    map_ = next((m for m in mappen if (m / "publicatie.json").is_file()), None)
    if map_ is None:
        return None
    marts = map_ / editie.naam / "marts.duckdb"
    return Vorige(vorige_id, marts if marts.is_file() else None, verschil_leveringen(map_, publicatie))


class _Toen:
    """Finds the publication that an interpretation speaks about, and the same edition of it."""

    def __init__(self, paden: Mapping[str, Path], dagen: Mapping[str, Any]) -> None:
        self._paden, self._dagen = paden, dagen
        self._open: dict[Path, Bron] = {}

    def __call__(self, regel: Duidingsregel, editie: Editie) -> tuple[str, Bron | None]:
        naam = regel.publicatie_id
        if not naam:
            eerder = [(dag, p) for p, dag in self._dagen.items() if dag <= regel.op]
            naam = max(eerder)[1] if eerder else ""
        pad = self._paden.get(naam)
        marts = pad / editie.naam / "marts.duckdb" if pad else None
        if marts is None or not marts.is_file():
            return naam, None
        if marts not in self._open:
            self._open[marts] = Bron(marts)
        return naam, self._open[marts]

    def sluit(self) -> None:
        for bron in self._open.values():
            bron.sluit()


def beelden_van(x: Any) -> Iterator[Beeld]:
    """Yield every chart in a page, or in anything of blokken.py."""
    if isinstance(x, Beeld):
        yield x
    elif isinstance(x, Tabel):
        return  # most of what a page holds, and never a chart
    elif is_dataclass(x) and not isinstance(x, type):
        for f in fields(x):
            yield from beelden_van(getattr(x, f.name))
    elif isinstance(x, list | tuple):
        for y in x:
            yield from beelden_van(y)


# writing --------------------------------------------------------------------------------------------------------------


def _schrijf_gegevens(boek: Boek, map_: Path) -> dict[str, str]:
    """Write the download of every indicator that has figures in this edition; return their addresses."""
    doel = map_ / "gegevens"
    doel.mkdir(parents=True, exist_ok=True)
    return {naam: f"gegevens/{naam}.csv" for naam in boek.bron.schrijf_csvs(begrip.csv_sql(boek), doel)}


def _schrijf_editie(
    boek: Boek, paginas: Sequence[Pagina], tekent: Future[None], klad: Path, tekenaar: Tekenaar, env: Environment
) -> None:
    """Write the pages of one edition when its charts are drawn, with the style beside them."""
    tekent.result()
    map_ = klad / boek.editie.naam
    paden = {p.pad for p in paginas}
    menu = [m for m in MENU[soort_van(boek.editie)] if m[1] in paden]

    def haal(beeld: Beeld) -> Mapping[str, str]:
        return {maat: tekenaar.haal(merk(o)) for maat, o in beeld.opdrachten().items()}

    for pagina in paginas:
        doel = map_ / pagina.pad
        doel.parent.mkdir(parents=True, exist_ok=True)
        doel.write_text(maak_html(env, pagina, boek, menu, haal), encoding="utf-8")
    (map_ / "stijl").mkdir(exist_ok=True)
    for naam in _STIJL:
        shutil.copyfile(HIER / "stijl" / naam, map_ / "stijl" / naam)
    boek.bron.sluit()
    if boek.editie.gemeente:
        _geef_groep(map_)


def _geef_groep(map_: Path) -> None:
    """Leave the pages of a gemeente to their owner and the group that may hand them out, as its file."""
    map_.chmod(MAP_RECHTEN)
    for pad in map_.rglob("*"):
        pad.chmod(MAP_RECHTEN if stat.S_ISDIR(pad.stat().st_mode) else BESTAND_RECHTEN)


def _neem_over(van: Path, klad: Path, behalve: Collection[str]) -> None:
    """Bring along the pages of the editions that are not made anew, as links to the same files."""
    overslaan = {str(van / e) for e in behalve}
    shutil.copytree(
        van,
        klad,
        copy_function=os.link,
        ignore=lambda map_, namen: [n for n in namen if n == OPGAVE or f"{map_}/{n}" in overslaan],
    )


def _schrijf_opgave(klad: Path, publicatie_id: str) -> None:
    edities_ = {
        str(p.parent.relative_to(klad)): sum(1 for _ in p.parent.rglob("*.html"))
        for p in sorted([*klad.glob("*/index.html"), *klad.glob("gemeente/*/index.html")])
    }
    inhoud = {"publicatie_id": publicatie_id, "paginas": edities_}
    (klad / OPGAVE).write_text(json.dumps(inhoud, indent=1) + "\n", encoding="utf-8")


def _wissel(publicatie: Path, klad: Path) -> None:
    """Put the finished folder in its place; pages that stood there go. Pages made anew lack for one rename."""
    oud, doel = publicatie / _OUD, publicatie / MAP
    shutil.rmtree(oud, ignore_errors=True)
    if doel.exists():
        doel.rename(oud)
    klad.rename(doel)
    shutil.rmtree(oud, ignore_errors=True)


def lees_opgave(rapport: Path) -> dict[str, Any]:
    """Return what is written about a set of pages; empty when it is not whole."""
    try:
        gelezen: dict[str, Any] = json.loads((rapport / OPGAVE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return gelezen
