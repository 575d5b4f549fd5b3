"""Bad input stops that levering alone, with one clear sentence; everybody else goes on (SPEC 3, 4, 9.2).

All bad files lie in one data home, next to the good files of a small region, and go through one `run` of the command
line: so they cannot disturb each other either.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from pipeline.cli import opdrachten as cli
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand
from pipeline.intake import landing, neem_in
from pipeline.settings import load_settings
from pipeline.synth import maak_regio
from tests.in_dit_proces import in_dit_proces
from tests.integration.sporen import Sporen, lees_geleverd
from tests.kleine_regio import maak_seeds

GOED = ("GM0141", "GM0147")
SLECHT = "GM1742"
NU = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)
LATER = NU + dt.timedelta(hours=2)
PRIVE = "Pietje Puk, Dorpsstraat 1"


@dataclass(frozen=True)
class Geval:
    """One kind of bad input. `maak` gets the good file it replaces and makes the bad one, at the path it returns.

    `zin`: what its one sentence must say; `regel`: the rule on its receipt, empty when it gets no receipt.
    """

    naam: str
    bericht: str
    maand: str
    maak: Callable[[Path], Path]
    zin: str
    regel: str = ""

    def __str__(self) -> str:
        return self.naam

    def bestand(self, landing_: Path) -> Path:
        """Where the good file was."""
        return landing_ / SLECHT / f"{self.bericht}_{SLECHT}_{self.maand}.csv"


def _inhoud(maak: Callable[[list[str]], str | bytes]) -> Callable[[Path], Path]:
    """Replace the text of a file by what `maak` makes of its lines."""

    def doe(pad: Path) -> Path:
        nieuw = maak(pad.read_text(encoding="utf-8").splitlines())
        pad.write_bytes(nieuw if isinstance(nieuw, bytes) else nieuw.encode())
        return pad

    return doe


def _andere_gemeente(pad: Path) -> Path:
    doel = pad.parent.parent / "GM9999" / pad.name.replace(SLECHT, "GM9999")
    doel.parent.mkdir()
    return pad.rename(doel)


def _andere_map(pad: Path) -> Path:
    return pad.rename(pad.parent.parent / GOED[0] / pad.name)


def _jaar_later(regels: list[str]) -> str:
    return "\n".join([regels[0], *(re.sub(r"\b202[56]-", "2028-", r) for r in regels[1:])])


def _zonder_bsn(regels: list[str]) -> str:
    return "\n".join([regels[0].replace("bsn", PRIVE), *regels[1:]])


def _dubbele_kolom(regels: list[str]) -> str:
    return "\n".join([f"{regels[0]};bsn", *(f"{r};1" for r in regels[1:])])


def _ander_bericht(pad: Path) -> Path:
    ander = pad.with_name(pad.name.replace("declaraties", "toewijzingen"))
    shutil.copyfile(ander, pad)
    return pad


def _halve_zip(pad: Path) -> Path:
    doel = pad.with_suffix(".zip")
    with zipfile.ZipFile(doel, "w", zipfile.ZIP_DEFLATED) as zip_:
        zip_.write(pad, pad.name)
    pad.unlink()
    doel.write_bytes(doel.read_bytes()[:-100])
    return doel


def _map(pad: Path) -> Path:
    pad.unlink()
    pad.mkdir()
    return pad


def _map_met_inhoud(pad: Path) -> Path:
    regels = pad.read_bytes()
    _map(pad)
    (pad / "deel1.csv").write_bytes(regels)
    return pad


def _koppeling(pad: Path) -> Path:
    doel = pad.parent.parent.parent.parent / "buiten" / pad.name
    doel.parent.mkdir(exist_ok=True)
    pad.rename(doel)
    pad.symlink_to(doel)
    return pad


def _pijp(pad: Path) -> Path:
    pad.unlink()
    os.mkfifo(pad)
    return pad


def _naam(nieuw: str) -> Callable[[Path], Path]:
    return lambda pad: pad.rename(pad.with_name(nieuw))


def _controle(pad: Path) -> Path:
    pad.with_name(pad.name + ".controle.json").write_text('{"rijen": 100000}', encoding="utf-8")
    return pad


def _zelf(pad: Path) -> Path:
    return pad


T, D = "toewijzingen", "declaraties"
GEVALLEN = (
    Geval("unknown gemeente", D, "2025-04", _andere_gemeente, "hoort niet bij de regio", "L02"),
    Geval("folder of another gemeente", D, "2025-05", _andere_map, "ligt in de map GM0141", "L02"),
    Geval("wrong period", D, "2025-06", _inhoud(_jaar_later), "horen niet bij de maand", "L04"),
    Geval("binary rubbish", T, "2025-06", _inhoud(lambda _: bytes(range(256)) * 30), "tekens die niet", "L01"),
    Geval("truncated zip", T, "2025-07", _halve_zip, "beschadigd", "L01"),
    Geval("empty file", D, "2025-07", _inhoud(lambda _: b""), "leeg", "L01"),
    Geval("header only", D, "2025-08", _inhoud(lambda r: r[0] + "\n"), "geen rijen", "L09"),
    Geval("no header", T, "2025-08", _inhoud(lambda r: "\n".join(r[1:])), "kopregel", "L05"),
    Geval("a column less", D, "2025-09", _inhoud(_zonder_bsn), "bsn", "L05"),
    Geval("twice the same column", T, "2025-09", _inhoud(_dubbele_kolom), "bsn meer dan eens", "L06"),
    Geval("wrong bericht", D, "2025-10", _ander_bericht, "die van toewijzingen", "L03"),
    Geval("control totals of another file", T, "2025-10", _controle, "controle", "L07"),
    Geval("name that does not parse", D, "2025-11", _naam(f"declaraties {SLECHT} november.csv"), "niet van de vorm"),
    Geval("name with a number in it", T, "2025-11", _naam("toewijzingen_999999990.csv"), "niet van de vorm"),
    Geval("directory with the name of a file", D, "2025-12", _map, "map"),
    Geval("directory with files in it", T, "2025-12", _map_met_inhoud, "map"),
    Geval("symbolic link to outside", D, "2026-01", _koppeling, "verwijzing"),
    Geval("named pipe", T, "2026-01", _pijp, "geen gewoon bestand"),
    Geval("unreadable", D, "2026-02", _zelf, "kan niet worden geopend"),
    Geval("grows while being read", D, "2026-03", _zelf, "veranderde terwijl het werd gelezen"),
)  # fmt: skip
MET_BEWIJS = tuple(g for g in GEVALLEN if g.regel)
ZONDER_BEWIJS = tuple(g for g in GEVALLEN if not g.regel)


@dataclass
class Gedraaid:
    """The home with good and bad files, after one run."""

    huis: Path
    bestanden: dict[str, Path]
    resultaat: Result
    antwoord: dict[str, Any]
    sporen: Sporen
    env: dict[str, str]

    def naam(self, geval: Geval) -> str:
        """The bad file, relative to landing/."""
        return self.bestanden[geval.naam].relative_to(self.huis / "landing").as_posix()

    def zinnen(self, geval: Geval) -> list[str]:
        """All sentences that `run` says about a bad file."""
        map_, bestand = self.naam(geval).split("/")
        inname = self.antwoord["inname"]
        van_bewijs = [
            z
            for a in inname["afgekeurd"]
            if a["bestand"] in (bestand, f"{map_}/{bestand}") and a["gemeente"] in (map_, SLECHT)
            for z in a["redenen"]
        ]
        over = [
            o["reden"]
            for o in inname["overgeslagen"]
            if re.sub("#+", "999999990", o["bestand"]).startswith(self.naam(geval))
        ]
        return van_bewijs + over


def _run(env: dict[str, str], nu: dt.datetime, mp: pytest.MonkeyPatch) -> Result:
    mp.setattr(cli, "_nu", lambda: nu)
    return CliRunner().invoke(cli.main, ["run", "--json"], env=env)


def _groei_en_slot(mp: pytest.MonkeyPatch, groeit: Path, dicht: Path) -> None:
    """One file gets a line while it is read; another may not be opened (root may open everything)."""
    lees, open_ = landing._lees, os.open
    inode = groeit.stat().st_ino

    def _lees(nummer: int, **hoe: Any) -> tuple[bytes, str, int]:
        uit = lees(nummer, **hoe)
        if os.fstat(nummer).st_ino == inode:
            with groeit.open("a", encoding="utf-8") as f:
                f.write("nog een regel\n")
        return uit

    def _open(pad: Any, *args: Any, **opties: Any) -> int:
        if str(pad) == dicht.name:
            raise PermissionError(13, "Permission denied")
        return open_(pad, *args, **opties)

    mp.setattr(landing, "_lees", _lees)
    mp.setattr(os, "open", _open)


@pytest.fixture(scope="module", params=["hier", pytest.param("met hulp", marks=pytest.mark.slow)])
def gedraaid(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Gedraaid:
    """A region of three, of which one sends all kinds of bad files; in this process, and with what helpers log."""
    basis = tmp_path_factory.mktemp("slecht")
    seeds, huis = maak_seeds(basis / "seeds", (*GOED, SLECHT)), basis / "huis"
    maak_regio(
        basis / "bron", Catalogus.load(seeds), n_maanden=13, seed=3, laatste_maand=Maand(2026, 4), nu=NU,
        schaal=0.03, gebreken=False,
    )  # fmt: skip
    shutil.copytree(basis / "bron" / "landing", huis / "landing")
    nummers = {c.encode() for b in lees_geleverd(huis / "landing") for c in b.bsns}
    bestanden = {g.naam: g.maak(g.bestand(huis / "landing")) for g in GEVALLEN}
    env = {
        "REGIOMONITOR_HOME": str(huis),
        "REGIOMONITOR_SEEDS": str(seeds),
        "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
        "REGIOMONITOR_BSN_REEKS": "synthetisch",
    }
    load_settings(env).controleer_huis()
    with pytest.MonkeyPatch.context() as mp:
        _groei_en_slot(mp, bestanden["grows while being read"], bestanden["unreadable"])
        with in_dit_proces() if request.param == "hier" else nullcontext():
            resultaat = _run(env, NU, mp)
    antwoord = json.loads(resultaat.stdout) if resultaat.stdout.startswith("{") else {}
    sporen = Sporen(frozenset(nummers), teksten=(PRIVE, "Pietje", "Dorpsstraat", "999999990"))
    return Gedraaid(huis, bestanden, resultaat, antwoord, sporen, env)


def _marts(g: Gedraaid, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(g.huis / "published" / "intern" / "marts.duckdb"), read_only=True) as con:
        return con.sql(sql).fetchall()


def _bewijzen(g: Gedraaid) -> list[dict[str, Any]]:
    return [json.loads(p.read_text(encoding="utf-8")) for p in sorted((g.huis / "receipts").rglob("*.json"))]


def test_the_run_ends_well_and_publishes(gedraaid: Gedraaid) -> None:
    assert gedraaid.resultaat.exit_code == 0, gedraaid.resultaat.output
    assert gedraaid.antwoord["is_gepubliceerd"]
    assert gedraaid.resultaat.stderr == ""


@pytest.mark.parametrize("geval", GEVALLEN, ids=str)
def test_one_clear_sentence(geval: Geval, gedraaid: Gedraaid) -> None:
    zinnen = gedraaid.zinnen(geval)
    assert len(zinnen) == 1, zinnen
    (zin,) = zinnen
    assert zin.startswith(f"{geval.regel}: " if geval.regel else ("Het ", "Dit ", "De "))
    assert geval.zin.lower() in zin.lower()
    assert zin.endswith(".") and "\n" not in zin and len(zin) < 200
    assert not gedraaid.sporen.in_bytes(zin.encode())
    assert not re.search("error|exception|traceback|none", zin, re.IGNORECASE)


@pytest.mark.parametrize("geval", MET_BEWIJS, ids=str)
def test_refused_with_a_receipt_and_without_a_row(geval: Geval, gedraaid: Gedraaid) -> None:
    pad = gedraaid.bestanden[geval.naam]
    (bewijs,) = [b for b in _bewijzen(gedraaid) if b["bestandsnaam"].rpartition("/")[2] == pad.name]
    assert bewijs["status"] == "AFGEKEURD"
    geraakt = [b for b in bewijs["bevindingen"] if b["ernst"] == "BLOKKEREND" and b["n_rijen"]]
    assert [b["regel_code"] for b in geraakt] == [geval.regel]
    stam = bewijs["levering_id"]
    assert not list((gedraaid.huis / "validated").rglob(f"{stam}*"))


@pytest.mark.parametrize("geval", ZONDER_BEWIJS, ids=str)
def test_left_alone_without_a_receipt(geval: Geval, gedraaid: Gedraaid) -> None:
    sleutel = (SLECHT, geval.bericht, geval.maand)
    assert not (gedraaid.huis / "receipts" / Path(*sleutel)).exists()
    assert os.path.lexists(gedraaid.bestanden[geval.naam])


def test_everybody_else_is_accepted_and_published(gedraaid: Gedraaid) -> None:
    """Each good file of every gemeente, also the good ones of the one that sent the bad."""
    kwaad = {(g.bericht, dt.date.fromisoformat(f"{g.maand}-01")) for g in GEVALLEN}
    statussen = _marts(gedraaid, "select gemeente, bericht, maand, status from kwaliteit.leveringsstatus")
    goed = {(g, b, m) for g, b, m, s in statussen if s.startswith("GEACCEPTEERD")}
    geleverd = {
        (p.parent.name, p.name.split("_")[0], dt.date.fromisoformat(p.stem.split("_")[2] + "-01"))
        for p in (gedraaid.huis.parent / "bron" / "landing").rglob("*.csv")
    }
    verwacht = {(g, b, m) for g, b, m in geleverd if g != SLECHT or (b, m) not in kwaad}
    assert len(verwacht) > 55
    assert goed == verwacht


def test_figures_of_the_others_are_those_of_a_home_without_bad_files(gedraaid: Gedraaid) -> None:
    """Nothing of a refused file is in a figure: the amounts add up to the accepted receipts, per gemeente."""
    for gemeente in (*GOED, SLECHT):
        ontvangen = sum(
            b["bedrag_cent"]["geaccepteerd"]
            for b in _bewijzen(gedraaid)
            if b["gemeente"] == gemeente and b["bericht"] == D and b["status"].startswith("GEACCEPTEERD")
        )
        [(cent,)] = _marts(
            gedraaid,
            "select cast(100 * sum(bedrag_geaccepteerd_eur) as bigint) from kwaliteit.leveringsstatus "
            f"where gemeente = '{gemeente}' and bericht = 'declaraties' and status like 'GEACCEPTEERD%'",
        )
        assert cent == ontvangen > 0


@pytest.mark.parametrize("gemeenten", [(SLECHT,), pytest.param(None, marks=pytest.mark.slow)])
def test_nothing_of_a_row_is_said_or_kept(gedraaid: Gedraaid, gemeenten: tuple[str] | None, tmp_path: Path) -> None:
    from pipeline.settings import Huis

    assert gedraaid.sporen.in_bytes(gedraaid.resultaat.output.encode()) == set()
    assert gedraaid.sporen.in_huis(Huis(gedraaid.huis), tmp_path, gemeenten=gemeenten) == {}


def test_the_next_run_takes_in_what_was_not_ready(gedraaid: Gedraaid, tmp_path: Path) -> None:
    """What grew or could not be opened is taken in, whole, by the next run; what was refused is not offered again."""
    huis = tmp_path / "huis"
    shutil.copytree(gedraaid.huis, huis, symlinks=True, ignore=lambda map_, namen: [
        n for n in namen if (Path(map_) / n).is_fifo()
    ])  # fmt: skip
    gegroeid = huis / gedraaid.bestanden["grows while being read"].relative_to(gedraaid.huis)
    gegroeid.write_text(gegroeid.read_text(encoding="utf-8").replace("nog een regel\n", ""), encoding="utf-8")
    settings = load_settings(gedraaid.env | {"REGIOMONITOR_HOME": str(huis)})
    inname = neem_in(settings, Catalogus.load(settings.seeds), nu=LATER)
    assert len(inname.nieuw) == 2
    assert {b.status.value for b in inname.nieuw} <= {"GEACCEPTEERD", "GEACCEPTEERD_MET_OPMERKINGEN"}
