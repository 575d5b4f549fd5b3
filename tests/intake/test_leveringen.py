"""Every file in tests/fixtures/leveringen, named after its one defect or dress, gets the verdict in leveringen.csv."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import secrets
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.domain.leveringen import Bericht
from pipeline.domain.maanden import Maand
from pipeline.intake import controleer_bestand
from pipeline.settings import BsnReeks, Settings
from tests.fixtures.maak import MAP, TABEL, alles
from tests.intake.hulp import CATALOGUS, instellingen

NU = dt.datetime(2030, 6, 1, 9, 0, tzinfo=dt.UTC)
DEUR = {code for code, regel in CATALOGUS.regels.items() if regel.deur != "bouw"}
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


@pytest.fixture(scope="module")
def per_reeks(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Settings]:
    return {r.value: instellingen(tmp_path_factory.mktemp(r.value), reeks=r) for r in BsnReeks}


@pytest.fixture(scope="module")
def inhouden() -> dict[str, str]:
    """What the files of each group hold, as the first of them showed."""
    return {}


@pytest.mark.parametrize("levering", LEVERINGEN, ids=str)
def test_elk_bestand_krijgt_zijn_oordeel(
    levering: Levering,
    per_reeks: Mapping[str, Settings],
    inhouden: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(secrets, "token_bytes", lambda n: b"x" * n)  # pseudonyms of two files can be compared
    bewijs = controleer_bestand(
        MAP / levering.bestand,
        per_reeks[levering.reeks],
        CATALOGUS,
        bericht=Bericht(levering.bericht),
        gemeente=levering.gemeente,
        maand=Maand.lees(levering.maand),
        nu=NU,
    ).bewijs
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
