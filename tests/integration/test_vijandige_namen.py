"""What somebody who may write in landing/ can do to the others: nothing.

One row of the table is one thing that lies in the folder of one gemeente, beside good leveringen of two others: hostile
names, links, devices, sizes and modes. Everybody else is taken in, the run says what it left alone and why, and nothing
outside the data home was read or written. What happens while a run reads (a swap, growth) has its own tests.
"""

from __future__ import annotations

import io
import json
import os
import socket
import stat
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from pipeline import intake
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.tonen import toonbaar
from pipeline.intake import inname, landing
from pipeline.intake.landing import Inhoud
from pipeline.intake.uitkomst import Inname
from pipeline.intake.wachtend import bekijk
from pipeline.settings import Settings
from tests.intake.hulp import CATALOGUS, NU, D, T, als_csv, goede_rijen, instellingen, lever

GOED = ("GM0147", "GM0163")
KWAAD = "GM0141"
GEHEIM = b"iets van een ander 999900006"
CSV = als_csv(D, goede_rijen(D, 3))
NAAM = "declaraties_GM0141_2025-03"

INGENOMEN = "ingenomen"
"""It is a levering like any other, known by what its name is about only."""
STIL = "stil"
"""It is looked at as little as a hidden file."""


@dataclass(frozen=True)
class Geval:
    """A thing in landing/GM0141 (`maak`), and what comes of it: a word of above, or part of the sentence about it."""

    wat: str
    maak: Callable[[Path], object]
    verwacht: str

    def __str__(self) -> str:
        return self.wat


def bestand(naam: str | bytes, data: bytes = CSV) -> Callable[[Path], object]:
    def maak(map_: Path) -> None:
        Path(os.fsdecode(os.fsencode(map_) + b"/" + os.fsencode(naam))).write_bytes(data)

    return maak


def naast(naam: str, doen: Callable[[Path], object]) -> Callable[[Path], object]:
    """A good levering with something beside it."""

    def maak(map_: Path) -> None:
        (map_ / f"{NAAM}.csv").write_bytes(CSV)
        doen(map_ / naam)

    return maak


def elders(map_: Path) -> Path:
    """Something outside the data home."""
    return map_.parents[2] / "elders"


def _holte(pad: Path, grootte: int) -> None:
    with pad.open("wb") as f:
        f.truncate(grootte)


def _sok(pad: Path) -> None:
    with socket.socket(socket.AF_UNIX) as s:
        hier = Path.cwd()
        os.chdir(pad.parent)  # the path of a socket may be a hundred characters
        try:
            s.bind(pad.name)
        finally:
            os.chdir(hier)


def _gesloten_map(map_: Path) -> None:
    (map_ / "dicht").mkdir()
    (map_ / "dicht" / f"{NAAM}.csv").write_bytes(CSV)
    (map_ / "dicht").chmod(0)


def _mtime(ns: int) -> Callable[[Path], object]:
    def maak(map_: Path) -> None:
        (map_ / f"{NAAM}.csv").write_bytes(CSV)
        os.utime(map_ / f"{NAAM}.csv", ns=(ns, ns))

    return maak


VORM = "niet van de vorm"
GEVALLEN = [
    # names
    Geval("jaar nul", bestand("declaraties_GM0141_0000-05.csv"), VORM),
    Geval("jaar 9999", bestand("declaraties_GM0141_9999-12.csv"), VORM),
    Geval("jaar 1999", bestand("declaraties_GM0141_1999-12.csv"), VORM),
    Geval("maand 13", bestand("declaraties_GM0141_2025-13.csv"), VORM),
    Geval("maand 00", bestand("declaraties_GM0141_2025-00.csv"), VORM),
    Geval("nog niet begonnen maand", bestand("declaraties_GM0141_2099-12.csv"), "nog niet begonnen"),
    Geval("Latijns byte", bestand(b"declaraties_GM0141_2025-03_d\xe9f.csv"), INGENOMEN),
    Geval("Latijns byte in de kop", bestand(b"d\xe9claraties_GM0141_2025-03.csv"), VORM),
    Geval("lange s", bestand("declaratieſ_GM0141_2025-03.csv"), VORM),
    Geval("Arabische cijfers", bestand("declaraties_GM٠١٤١_2025-03.csv"), VORM),
    Geval("brede cijfers", bestand("declaraties_GM0141_２０２５-03.csv"), VORM),
    Geval("Kelvinteken in de extensie", bestand("declaraties_GM0141_2025-03.c\u017fv"), VORM),
    Geval("opmaak", bestand(f"{NAAM}_[bold].csv"), INGENOMEN),
    Geval("opmaak zonder naam", bestand("[red][bold].csv"), VORM),
    Geval("opmaak die sluit", lambda m: (m / "[").mkdir() or bestand("bold].csv")(m / "["), "niet in een map"),
    Geval("opmaak met een koppeling", bestand("[link=https:x]klik[-link].csv"), VORM),
    Geval("html", bestand("<img src=x onerror=alert(1)>.csv"), VORM),
    Geval("markdown", bestand("![x](javascript:1).csv"), VORM),
    Geval("nieuwe regel", bestand(f"{NAAM}_\n.csv"), INGENOMEN),
    Geval("nieuwe regel zonder naam", bestand("a\nGepubliceerd: P1.csv"), VORM),
    Geval("regelterugloop", bestand("a\r\x1b[2K.csv"), VORM),
    Geval("ontsnapping", bestand(f"{NAAM}_\x1b[31m.csv"), INGENOMEN),
    Geval("ontsnapping zonder naam", bestand("\x1b]0;titel\x07.csv"), VORM),
    Geval("bel en wissen", bestand("\x07\x08\x7f.csv"), VORM),
    Geval("C1-teken", bestand("a\u009b31m.csv"), VORM),
    Geval("van rechts naar links", bestand(f"{NAAM}_\u202egpj.csv"), INGENOMEN),
    Geval("nulbreedte", bestand("decla\u200braties_GM0141_2025-03.csv"), VORM),
    Geval("los accent", bestand("de\u0301claraties_GM0141_2025-03.csv"), VORM),
    Geval("255 bytes", bestand(f"{NAAM}_{'x' * (255 - len(NAAM) - 5)}.csv"), INGENOMEN),
    Geval("255 bytes zonder naam", bestand("x" * 255), VORM),
    Geval("persoonsnummer in de naam", bestand(f"{NAAM}_999900006.csv"), INGENOMEN),
    Geval("persoonsnummer zonder naam", bestand("9999.000-06.csv"), VORM),
    Geval("begint met een streepje", bestand("-rf.csv"), VORM),
    Geval("formule", bestand("=HYPERLINK(1).csv"), VORM),
    Geval("achterwaartse streep", bestand("x..\\..\\declaraties_GM0141_2025-03.csv"), VORM),
    Geval("dubbele extensie", bestand(f"{NAAM}.csv.exe"), VORM),
    Geval("alleen een spatie", bestand(" "), VORM),
    Geval("procent en accolade", bestand("%s{0}$(id)`id`.csv"), VORM),
    Geval("hoofdletters", bestand("DECLARATIES_gm0141_2025-03.CSV"), INGENOMEN),
    Geval("verborgen", bestand(f".{NAAM}.csv"), STIL),
    Geval("tijdelijk", bestand(f"~{NAAM}.csv"), STIL),
    Geval("map met de naam van een levering", lambda m: (m / f"{NAAM}.csv").mkdir(), "een map en geen bestand"),
    Geval("map met opmaak", lambda m: (m / "[bold]").mkdir() or bestand("x.csv")(m / "[bold]"), "niet in een map"),
    Geval("map in een map", lambda m: (m / "a").mkdir() or bestand(f"{NAAM}.csv")(m / "a"), "niet in een map"),
    # links, devices
    Geval("verwijzing", lambda m: (m / f"{NAAM}.csv").symlink_to(elders(m)), "een verwijzing"),
    Geval("verwijzing naar niets", lambda m: (m / f"{NAAM}.csv").symlink_to("weg"), "een verwijzing"),
    Geval("verwijzing naar zichzelf", lambda m: (m / f"{NAAM}.csv").symlink_to(f"{NAAM}.csv"), "een verwijzing"),
    Geval("verwijzing naar een map", lambda m: (m / "a").symlink_to("/etc"), "een verwijzing"),
    Geval("verwijzing omhoog", lambda m: (m / "a").symlink_to("../.."), "een verwijzing"),
    Geval("harde koppeling", lambda m: os.link(elders(m), m / f"{NAAM}.csv"), "harde koppeling"),
    Geval("pijp", lambda m: os.mkfifo(m / f"{NAAM}.csv"), "geen gewoon bestand"),
    Geval("sok", lambda m: _sok(m / f"{NAAM}.csv"), "niet worden geopend"),
    Geval("controlebestand is een pijp", naast(f"{NAAM}.csv.controle.json", os.mkfifo), INGENOMEN),
    Geval("controlebestand verwijst", naast(f"{NAAM}.controle.json", lambda p: p.symlink_to("/etc/passwd")), INGENOMEN),
    Geval("controlebestand is een map", naast(f"{NAAM}.csv.controle.json", Path.mkdir), INGENOMEN),
    Geval("controlebestand is een holte", naast(f"{NAAM}.csv.controle.json", lambda p: _holte(p, 2**33)), INGENOMEN),
    # sizes, moments
    Geval("leeg", bestand(f"{NAAM}.csv", b""), INGENOMEN),
    Geval("holte van 200 MB", lambda m: _holte(m / f"{NAAM}.csv", 200 * 2**20), INGENOMEN),
    Geval("holte van een terabyte", lambda m: _holte(m / f"{NAAM}.csv", 2**40), "groter dan 4 GB"),
    Geval("moment voor 1970", _mtime(-(10**18)), INGENOMEN),
    Geval("moment in het jaar 2200", _mtime(7258118400 * 10**9), INGENOMEN),
    Geval("moment nul", _mtime(0), INGENOMEN),
    # modes
    Geval("zonder rechten", lambda m: bestand(f"{NAAM}.csv")(m) or (m / f"{NAAM}.csv").chmod(0), INGENOMEN),
    Geval("voor iedereen", lambda m: bestand(f"{NAAM}.csv")(m) or (m / f"{NAAM}.csv").chmod(0o7777), INGENOMEN),
    Geval("map zonder rechten", _gesloten_map, "niet in een map"),
]  # fmt: skip
IS_ROOT = os.geteuid() == 0
"""Who may read everything is kept out by no mode; then a file without rights is a file."""


def huis(pad: Path) -> Settings:
    """A home with good leveringen of two gemeenten, and something outside that nobody may touch."""
    settings = instellingen(pad)
    (pad / "elders").write_bytes(GEHEIM)
    for g in GOED:
        lever(settings, T, als_csv(T, goede_rijen(T, 2)), gemeente=g)
    (settings.huis.landing / KWAAD).mkdir()
    return settings


def buiten(settings: Settings) -> dict[str, tuple[bytes, int, int]]:
    """Everything beside the data home: bytes, moment of change, mode."""
    return {
        p.name: (p.read_bytes(), p.stat().st_mtime_ns, p.stat().st_mode)
        for p in settings.huis.pad.parent.iterdir()
        if p != settings.huis.pad
    }


def rest(uit: Inname) -> list[tuple[str, int]]:
    """What came of the others."""
    return [(b.sleutel.gemeente, b.rijen.geaccepteerd) for b in uit.nieuw if b.sleutel.gemeente in GOED]


def _elk() -> list[Any]:
    """Every case by itself; those of which only the name is wrong in the slow suite, for they lie together below."""
    return [pytest.param(g, id=str(g), marks=[pytest.mark.slow] if g.verwacht == VORM else []) for g in GEVALLEN]


def test_wat_geen_naam_heeft_houdt_niets_tegen(tmp_path: Path) -> None:
    """All names that no levering has, in one folder."""
    gevallen = [g for g in GEVALLEN if g.verwacht == VORM]
    settings = huis(tmp_path)
    for g in gevallen:
        g.maak(settings.huis.landing / KWAAD)
    voor = buiten(settings)
    uit = intake.neem_in(settings, CATALOGUS, nu=NU)
    assert rest(uit) == [(g, 2) for g in GOED]
    assert {b.sleutel.gemeente for b in uit.nieuw} == set(GOED)
    assert len(uit.overgeslagen) == len(gevallen) > 20
    assert all(VORM in o.reden and is_te_tonen(o.bestand) for o in uit.overgeslagen)
    assert buiten(settings) == voor


@pytest.mark.parametrize("geval", _elk())
def test_een_bestand_houdt_alleen_zichzelf_tegen(geval: Geval, tmp_path: Path) -> None:
    if not IS_ROOT and geval.wat in ("zonder rechten", "map zonder rechten"):
        pytest.skip("has its own sentence for who is not root")
    settings = huis(tmp_path)
    geval.maak(settings.huis.landing / KWAAD)
    voor = buiten(settings)
    uit = intake.neem_in(settings, CATALOGUS, nu=NU)
    assert rest(uit) == [(g, 2) for g in GOED]
    assert uit.fouten == ()
    eigen = [b for b in uit.nieuw if b.sleutel.gemeente == KWAAD]
    if geval.verwacht == INGENOMEN:
        (bewijs,) = eigen
        assert bewijs.bestandsnaam == f"{NAAM}.csv"
        assert uit.overgeslagen == ()
    else:
        assert eigen == []
        assert len(uit.overgeslagen) == (geval.verwacht != STIL)
    for o in uit.overgeslagen:
        assert geval.verwacht in o.reden
        assert o.reden.endswith(".")
        assert o.bestand.startswith(f"{KWAAD}/")
        assert is_te_tonen(o.bestand), o.bestand
    assert buiten(settings) == voor
    alles = b"".join(p.read_bytes() for p in settings.huis.archive.rglob("*") if p.is_file())
    assert GEHEIM not in alles
    assert b"root:" not in alles
    # the second time there is nothing new, and the sensor thinks so too
    assert intake.neem_in(settings, CATALOGUS, nu=NU).nieuw == ()
    wachtend = bekijk(settings, nu=NU.replace(year=2199)).wachtend
    assert [w for w in wachtend if w.sleutel.maand.jaar < 2099] == []


def is_te_tonen(naam: str) -> bool:
    """Tell whether a name says the same on a screen, in a log, in Markdown and in HTML."""
    scherm = io.StringIO()
    Console(file=scherm, width=400).print(naam, highlight=False)
    return (
        scherm.getvalue() == f"{naam}\n"
        and naam.isprintable()
        and not set(naam) & set("[]<>`*!\\\"'&$|#{};:") - {"#"}
        and json.loads(json.dumps(naam, ensure_ascii=False).encode()) == naam
        and "999900006" not in naam
    )


def test_er_zijn_genoeg_gevallen() -> None:
    assert len(GEVALLEN) >= 60
    assert len({g.wat for g in GEVALLEN}) == len(GEVALLEN)


@pytest.mark.parametrize("naam", ["a" * 300, "\udcff\udcfe", "9" * 40, "\u0000", "[[[[", "👍.csv", "a\u0300" * 5])
def test_wat_getoond_wordt_is_altijd_te_tonen(naam: str) -> None:
    assert is_te_tonen(toonbaar(naam))
    assert len(toonbaar(naam)) <= 120


# --- while it is read -------------------------------------------------------------------------------------------------


def tijdens(mp: pytest.MonkeyPatch, doen: Callable[[], object]) -> None:
    """Do something after the first open of a file, before its bytes are read."""
    echt = landing._lees
    gedaan: list[bool] = []

    def _lees(nummer: int, **hoe: Any) -> tuple[bytes, str, int]:
        if not gedaan:
            gedaan.append(True)
            doen()
        return echt(nummer, **hoe)

    mp.setattr(landing, "_lees", _lees)


def _wissel_bestand(pad: Path, doel: Path) -> None:
    pad.unlink()
    pad.symlink_to(doel)


def _wissel_map(pad: Path, doel: Path) -> None:
    pad.parent.rename(pad.parent.with_name("weg"))
    pad.parent.symlink_to(doel, target_is_directory=True)


def _groei(pad: Path, _doel: Path) -> None:
    with pad.open("ab") as f:
        f.write(CSV * 10)


def _krimp(pad: Path, _doel: Path) -> None:
    with pad.open("r+b") as f:
        f.truncate(5)


def _verdwijn(pad: Path, _doel: Path) -> None:
    pad.unlink()


@pytest.mark.parametrize("doen", [_wissel_bestand, _wissel_map, _groei, _krimp, _verdwijn])
def test_wat_tijdens_het_lezen_verandert_brengt_niets_binnen(
    doen: Callable[[Path, Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = huis(tmp_path)
    ander = tmp_path / "andere map"
    ander.mkdir()
    (ander / f"{NAAM}.csv").write_bytes(GEHEIM)
    pad = settings.huis.landing / KWAAD / f"{NAAM}.csv"
    pad.write_bytes(CSV)
    os.utime(pad, (1, 1))  # the first to be read
    doel = ander if doen is _wissel_map else tmp_path / "elders"
    tijdens(monkeypatch, lambda: doen(pad, doel))
    uit = intake.neem_in(settings, CATALOGUS, nu=NU)
    assert rest(uit) == [(g, 2) for g in GOED]
    assert [b for b in uit.nieuw if b.sleutel.gemeente == KWAAD] == []
    assert len(uit.overgeslagen) == 1
    alles = b"".join(p.read_bytes() for p in settings.huis.archive.rglob("*") if p.is_file())
    assert GEHEIM not in alles


def test_een_map_die_een_verwijzing_is_geworden_wordt_niet_gevolgd(tmp_path: Path) -> None:
    """Between the look around and the reading: what was a folder points elsewhere."""
    settings = huis(tmp_path)
    (tmp_path / "elders").unlink()
    (tmp_path / "elders").mkdir()
    (tmp_path / "elders" / f"{NAAM}.csv").write_bytes(GEHEIM)
    (settings.huis.landing / KWAAD).rmdir()
    (settings.huis.landing / KWAAD).symlink_to(tmp_path / "elders", target_is_directory=True)
    with pytest.raises(landing.NietStabiel):
        landing.lees_stabiel(settings.huis.landing / KWAAD / f"{NAAM}.csv", 10**6, basis=settings.huis.landing)


# --- our own mistakes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("waar", ["maak_stuk", "Deur"])
def test_een_fout_van_ons_op_een_bestand_is_het_oordeel_over_dat_bestand(
    waar: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody else is taken in, the run says so and is no success, the next one tries again."""
    from pipeline.intake.deuren import Deur

    settings = huis(tmp_path)
    lever(settings, D, CSV)
    if waar == "maak_stuk":
        echt = inname.maak_stuk

        def stuk(a: landing.Aanbod, inhoud: Inhoud, *rest: Any) -> Any:
            if a.sleutel.gemeente == KWAAD:
                raise ZeroDivisionError("999900006")
            return echt(a, inhoud, *rest)

        monkeypatch.setattr(inname, "maak_stuk", stuk)
    else:
        oordeel = Deur._oordeel

        def stuk_oordeel(zelf: Deur, gelezen: Any) -> Any:
            if any(g.stuk.sleutel.gemeente == KWAAD for g in gelezen):
                raise ZeroDivisionError("999900006")
            return oordeel(zelf, gelezen)

        monkeypatch.setattr(Deur, "_oordeel", stuk_oordeel)
    uit = intake.neem_in(settings, CATALOGUS, nu=NU)
    assert rest(uit) == [(g, 2) for g in GOED]
    (fout,) = uit.fouten
    assert fout.bestand == f"{KWAAD}/{NAAM}.csv"
    assert "ZeroDivisionError" in fout.reden
    assert "999900006" not in fout.reden
    monkeypatch.undo()
    daarna = intake.neem_in(settings, CATALOGUS, nu=NU)
    assert [b.sleutel.gemeente for b in daarna.nieuw] == [KWAAD]
    assert daarna.fouten == ()


def test_een_volle_schijf_is_geen_fout_van_een_bestand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = huis(tmp_path)

    def vol(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("pipeline.intake.archief.bewaar", vol)
    with pytest.raises(OSError, match=os.strerror(28)):
        intake.neem_in(settings, CATALOGUS, nu=NU)
    assert intake.lees_bewijzen(settings.huis) == []


# --- many -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def tien(tmp_path: Path) -> tuple[Settings, Catalogus]:
    """A home that takes ten new files per folder and run."""
    import shutil

    from pipeline.settings import PROJECT

    seeds = shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    instelling = seeds / "ref_instellingen.csv"
    tekst = instelling.read_text(encoding="utf-8").replace("landing_max_nieuw,1000", "landing_max_nieuw,10")
    instelling.write_text(tekst, encoding="utf-8")
    (tmp_path / "h").mkdir()
    settings = huis(tmp_path / "h")
    return settings, Catalogus.load(seeds)


def test_wie_er_duizenden_neerlegt_krijgt_er_per_run_zo_veel(tien: tuple[Settings, Catalogus]) -> None:
    settings, catalogus = tien
    for i in range(25):
        lever(settings, D, b"x%d" % i, naam=f"{NAAM}_{i}.csv")
    aantallen = []
    for _ in range(3):
        uit = intake.neem_in(settings, catalogus, nu=NU)
        aantallen.append(sum(b.sleutel.gemeente == KWAAD for b in uit.nieuw))
        if aantallen == [10]:
            assert rest(uit) == [(g, 2) for g in GOED]
            assert [(o.bestand, "Meer dan 10" in o.reden) for o in uit.overgeslagen] == [
                ("GM0141/ (15 bestanden)", True)
            ]
    assert aantallen == [10, 10, 5]
    assert uit.overgeslagen == ()


def test_van_duizenden_die_niets_zijn_worden_er_vijftig_genoemd(tmp_path: Path) -> None:
    settings = huis(tmp_path)
    for i in range(2000):
        (settings.huis.landing / KWAAD / f"[bold]{i}").write_bytes(b"")
    uit = intake.neem_in(settings, CATALOGUS, nu=NU)
    assert rest(uit) == [(g, 2) for g in GOED]
    assert len(uit.overgeslagen) == 51
    assert uit.overgeslagen[-1].bestand == "GM0141/ (nog 1950 bestanden)"


def test_wat_wij_schrijven_is_van_niemand_anders(tmp_path: Path) -> None:
    """With the umask that the commands set: no bit for group or others, in no room that the intake writes."""
    oud = os.umask(0o077)
    try:
        settings = huis(tmp_path)
        lever(settings, D, CSV)
        with redirect_stdout(io.StringIO()):
            intake.neem_in(settings, CATALOGUS, nu=NU)
    finally:
        os.umask(oud)
    kamers = ("archive", "receipts", "validated", "quarantine")
    open_ = [p for k in kamers for p in (settings.huis.pad / k).rglob("*") if stat.S_IMODE(p.stat().st_mode) & 0o077]
    assert open_ == []
    assert stat.S_IMODE(settings.huis.pad.stat().st_mode) == 0o700
