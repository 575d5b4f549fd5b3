"""Every file in tests/fixtures/leveringen, named after its one defect or dress, gets the verdict in leveringen.csv."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import KERN, REGIO, Bericht, Ontvangstbewijs, Sleutel, Status
from pipeline.domain.maanden import Maand
from pipeline.intake import controleer_bestand
from pipeline.intake.bestandsdeur import grenzen
from pipeline.intake.landing import Aanbod, lees_stabiel
from pipeline.intake.stukken import maak_stuk
from pipeline.intake.uitkomst import Stuk
from pipeline.settings import BsnReeks
from tests.bestanden import INHOUDSLEUTEL
from tests.fixtures.maak import MAP, TABEL, alles
from tests.intake.hulp import CATALOGUS, D, T, als_csv, codes, deur, goede_rijen, instellingen, stuk

NU = dt.datetime(2030, 6, 1, 9, 0, tzinfo=dt.UTC)
DEUR = {c for c, regel in CATALOGUS.regels.items() if regel.deur != "bouw" and any(map(regel.geldt_voor, KERN))}
NOOIT_ALLEEN = {"L10", "D03", "D25"}
"""L10 needs refused rows; no product has a category outside the list (D30 or D31); five years late is late (D24)."""
TEKST = (".csv", ".xml", ".json")


def _telling(tekst: str) -> dict[str, int]:
    return {naam: int(n) for naam, _, n in (deel.rpartition("=") for deel in tekst.split("|") if deel)}


@dataclasses.dataclass(frozen=True)
class Levering:
    """One row of the table. `inhoud`: files with the same word here hold the same accepted rows."""

    bestand: str
    bericht: str
    gemeente: str
    maand: str
    reeks: str
    status: str
    regels: str
    geaccepteerd: str
    quarantaine: str
    niet_data: str
    reparaties: str
    inhoud: str
    zin: str

    def __str__(self) -> str:
        return self.bestand


def _lees_tabel() -> list[Levering]:
    with TABEL.open(encoding="utf-8", newline="") as f:
        return [Levering(**rij) for rij in csv.DictReader(f)]


LEVERINGEN = _lees_tabel()


def _als_stuk(levering: Levering, nummer: int) -> Stuk:
    """Return the file as a run reads it, with an identity of its own: some have the same bytes."""
    pad = MAP / levering.bestand
    sleutel = Sleutel(levering.gemeente, Bericht(levering.bericht), Maand.lees(levering.maand))
    aanbod = Aanbod(pad, sleutel, pad.suffix.removeprefix("."))
    stuk = maak_stuk(aanbod, lees_stabiel(pad, grenzen(CATALOGUS).max_bytes), NU, INHOUDSLEUTEL)
    return dataclasses.replace(stuk, levering_id=f"{nummer:016x}", controle_id=f"{nummer:016x}")


@pytest.fixture(scope="module")
def bewijzen() -> dict[str, Ontvangstbewijs]:
    """Receipts of all files, judged in one pass: what another levering holds decides nothing."""
    uit = {}
    for reeks in BsnReeks:
        eigen = [x for x in LEVERINGEN if x.reeks == reeks.value]
        uitspraken = deur(reeks).beoordeel([_als_stuk(x, i) for i, x in enumerate(eigen)])
        uit |= {x.bestand: u.bewijs for x, u in zip(eigen, uitspraken, strict=True)}
    return uit


@pytest.fixture(scope="module")
def inhouden() -> dict[str, str]:
    """What the files of each group hold, as the first of them showed."""
    return {}


@pytest.mark.parametrize("levering", LEVERINGEN, ids=str)
def test_elk_bestand_krijgt_zijn_oordeel(
    levering: Levering, bewijzen: Mapping[str, Ontvangstbewijs], inhouden: dict[str, str]
) -> None:
    bewijs = bewijzen[levering.bestand]
    assert {b.regel_code: b.n_rijen for b in bewijs.bevindingen if b.n_rijen} == _telling(levering.regels)
    assert bewijs.status.value == levering.status
    assert (bewijs.rijen.geaccepteerd, bewijs.rijen.quarantaine) == (
        int(levering.geaccepteerd),
        int(levering.quarantaine),
    )
    assert {k: n for k, n in bewijs.niet_data.items() if n} == _telling(levering.niet_data)
    assert bewijs.reparaties == _telling(levering.reparaties)
    assert " ".join(b.zin for b in bewijs.bevindingen if b.n_rijen and b.zin) == levering.zin
    assert bewijs.rijen.ontvangen == bewijs.rijen.geaccepteerd + bewijs.rijen.quarantaine
    assert bewijs.rijen_in_bestand == bewijs.rijen.ontvangen + sum(bewijs.niet_data.values())
    if levering.inhoud:
        assert inhouden.setdefault(levering.inhoud, bewijs.inhoud_hash) == bewijs.inhoud_hash


@pytest.mark.parametrize("soort", ["csv", "xlsx", "zip", "parquet", "xml", "controle.json"])
def test_een_bestand_alleen_krijgt_hetzelfde_oordeel(
    soort: str, bewijzen: Mapping[str, Ontvangstbewijs], tmp_path: Path
) -> None:
    """The first file of each kind with something the matter, judged as a sender has it done."""
    levering = next(
        x for x in LEVERINGEN
        if x.regels and (MAP / x.bestand if x.bestand.endswith(soort) else (MAP / f"{x.bestand}.{soort}")).exists()
    )  # fmt: skip
    alleen = controleer_bestand(
        MAP / levering.bestand,
        instellingen(tmp_path, reeks=BsnReeks(levering.reeks)),
        CATALOGUS,
        bericht=Bericht(levering.bericht),
        gemeente=levering.gemeente,
        maand=Maand.lees(levering.maand),
        nu=NU,
    ).bewijs
    samen = bewijzen[levering.bestand]
    assert [dataclasses.replace(b, rijen=()) for b in alleen.bevindingen] == [
        dataclasses.replace(b, rijen=()) for b in samen.bevindingen
    ]
    assert (alleen.status, alleen.rijen, alleen.bedrag_cent, alleen.niet_data, alleen.reparaties) == (
        samen.status, samen.rijen, samen.bedrag_cent, samen.niet_data, samen.reparaties
    )  # fmt: skip


# --- the table itself -------------------------------------------------------------------------------------------------


def test_er_zijn_er_genoeg_en_elk_bestand_staat_in_de_tabel() -> None:
    namen = [x.bestand for x in LEVERINGEN]
    assert len(namen) == len(set(namen)) >= 120
    assert set(namen) == {p.name for p in MAP.iterdir() if not p.name.endswith(".controle.json")}


def test_elke_regel_van_de_deur_komt_voor_en_alleen() -> None:
    samen = {code for x in LEVERINGEN for code in _telling(x.regels)}
    alleen = {code for x in LEVERINGEN for code in _telling(x.regels) if len(_telling(x.regels)) == 1}
    assert samen == DEUR
    assert alleen == DEUR - NOOIT_ALLEEN


def test_een_bestand_heet_naar_zijn_regel() -> None:
    """What begins with the code of a rule breaks it; what begins otherwise breaks none of those that refuse."""
    for x in LEVERINGEN:
        code = x.bestand.split("-")[0].upper()
        if code in DEUR:
            assert code in _telling(x.regels) or "net-niet" in x.bestand, x.bestand
        else:
            assert x.status in {"GEACCEPTEERD", "GEACCEPTEERD_MET_OPMERKINGEN", "NIHIL_BEVESTIGD"}, x.bestand


def test_elke_weigering_heeft_een_eigen_zin() -> None:
    zinnen = {x.zin for x in LEVERINGEN if "L01" in _telling(x.regels)}
    assert len(zinnen) >= 40
    assert all(z.endswith(".") for z in zinnen)


# --- the files --------------------------------------------------------------------------------------------------------


def _delen(data: bytes) -> dict[str, bytes] | bytes:
    """Unpacked contents: how they were packed is a matter of a library's version."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as zip_:
            return {lid.filename: zip_.read(lid) for lid in zip_.infolist()}
    except Exception:  # what is broken on purpose breaks in many ways
        return b""


def test_de_bestanden_zijn_die_van_de_bouwer() -> None:
    gemaakt = alles()
    assert {p.name for p in MAP.iterdir()} == set(gemaakt)
    for naam, data in gemaakt.items():
        bewaard = (MAP / naam).read_bytes()
        if naam.endswith(TEKST) and not data.startswith(b"PK"):
            assert bewaard == data, naam
        else:
            assert _delen(bewaard) == _delen(data), naam
        assert len(bewaard) < 20_000, naam


def test_er_staan_alleen_nummers_van_niemand_in() -> None:
    """Nine digits in a row that pass the eleven-test are test numbers, or lie where no number was ever issued."""
    import re

    from tests.intake.hulp import elfproef

    for pad in sorted(Path(MAP).iterdir()):
        if pad.suffix in TEKST:
            for nummer in re.findall(rb"(?<!\d)\d{9}(?!\d)", pad.read_bytes()):
                echt = elfproef(int(nummer)) and 10_000_000 < int(nummer) < 900_000_000
                assert not echt, pad.name


def test_the_regio_delivers_what_was_agreed_with_it(tmp_path: Path) -> None:
    """L02: under its own code, in its own folder, and of no other bericht."""
    seeds = tmp_path / "seeds"
    shutil.copytree(CATALOGUS.map, seeds)
    with (seeds / "ref_leveringsafspraken.csv").open("a", encoding="utf-8") as f:
        f.write("REGIO,declaraties,mutaties,cent,maand,2025-01-01,,15,10,alle,\n")
    eigen = deur(catalogus=Catalogus.load(seeds))
    goed = [stuk(b, als_csv(b, goede_rijen(b, 3)), gemeente=REGIO) for b in (D, T)]
    mag, mag_niet = eigen.beoordeel(goed)
    assert (mag.bewijs.status, mag.bewijs.rijen.geaccepteerd) == (Status.GEACCEPTEERD, 3)
    assert mag.geldig is not None
    assert set(mag.geldig["gemeente"]) == {REGIO}
    assert codes(mag_niet.bewijs) == {"L02"}
    assert "Met de regio is geen levering van toewijzingen afgesproken" in str(mag_niet.bewijs.als_dict())
