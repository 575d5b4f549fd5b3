"""Control totals beside a file: what is read of them, and L07 both ways with every odd thing a sender may write."""

# one case on one line reads as a table
# ruff: noqa: E501

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline import intake
from pipeline.domain.leveringen import Ontvangstbewijs, Status
from pipeline.domain.sleutels import inhoudsmerk
from pipeline.intake.landing import lees_controle
from pipeline.settings import Settings
from tests.intake.hulp import CATALOGUS, NU, D, T, als_csv, codes, goede_rijen, instellingen, lever, rij

DATA = als_csv(D, goede_rijen(D, 3))
SOM = 3 * 85080
SHA = hashlib.sha256(DATA).hexdigest()
ONLEESBAAR = {"onleesbaar": True}


@pytest.fixture
def s(tmp_path: Path) -> Settings:
    return instellingen(tmp_path)


def oordeel(s: Settings, controle: str | bytes, data: bytes = DATA, bericht: Any = D, **anders: Any) -> Ontvangstbewijs:
    pad = lever(s, bericht, data, **anders)
    naast = pad.with_name(pad.name + ".controle.json")
    naast.write_bytes(controle if isinstance(controle, bytes) else controle.encode())
    (bewijs,) = intake.neem_in(s, CATALOGUS, nu=NU).nieuw
    return bewijs


GEVALLEN: list[tuple[str, str | bytes, dict[str, Any] | None, bool]] = [
    # what, the file, what is kept of it, whether L07 fires
    ("alles klopt", json.dumps({"rijen": 3, "som_bedrag_cent": SOM, "sha256": SHA}), {"rijen": 3, "som_bedrag_cent": SOM, "sha256": SHA}, False),
    ("een rij te weinig opgegeven", '{"rijen": 2}', {"rijen": 2}, True),
    ("een rij te veel opgegeven", '{"rijen": 4}', {"rijen": 4}, True),
    ("een cent te weinig", f'{{"som_bedrag_cent": {SOM - 1}}}', {"som_bedrag_cent": SOM - 1}, True),
    ("een cent te veel", f'{{"som_bedrag_cent": {SOM + 1}}}', {"som_bedrag_cent": SOM + 1}, True),
    ("een goed en een fout", f'{{"rijen": 3, "som_bedrag_cent": {SOM + 1}}}', {"rijen": 3, "som_bedrag_cent": SOM + 1}, True),
    ("andere velden erbij", '{"rijen": 3, "naam": "Jan Jansen", "bsn": 999900006}', {"rijen": 3}, False),
    ("getallen als tekst", f'{{"rijen": "3", "som_bedrag_cent": " {SOM} "}}', {"rijen": 3, "som_bedrag_cent": SOM}, False),
    ("gehele getallen met een punt", '{"rijen": 3.0}', {"rijen": 3}, False),
    ("gehele getallen met een macht", f'{{"som_bedrag_cent": {SOM}e0}}', {"som_bedrag_cent": SOM}, False),
    ("controlesom in hoofdletters", json.dumps({"sha256": SHA.upper() + "\n"}), {"sha256": SHA}, False),
    ("controlesom van iets anders", json.dumps({"sha256": "0" * 64}), {"sha256": "0" * 64}, True),
    ("negatieve som", f'{{"som_bedrag_cent": -{SOM}}}', {"som_bedrag_cent": -SOM}, True),
    ("negatieve rijen", '{"rijen": -3}', {"rijen": -3}, True),
    ("een veld leeg", '{"rijen": null, "som_bedrag_cent": 255240}', {"som_bedrag_cent": SOM}, False),
    ("met BOM", b"\xef\xbb\xbf" + b'{"rijen": 3}', {"rijen": 3}, False),
    ("met witruimte", '\r\n {"rijen" : 3}\r\n\r\n', {"rijen": 3}, False),
    ("geen van de velden", '{"aantal": 3}', ONLEESBAAR, True),
    ("leeg object", "{}", ONLEESBAAR, True),
    ("alle velden leeg", '{"rijen": null}', ONLEESBAAR, True),
    ("leeg bestand", "", ONLEESBAAR, True),
    ("geen JSON", "rijen=3", ONLEESBAAR, True),
    ("afgebroken JSON", '{"rijen": 3', ONLEESBAAR, True),
    ("een lijst", '[{"rijen": 3}]', ONLEESBAAR, True),
    ("UTF-16", '{"rijen": 3}'.encode("utf-16"), {"rijen": 3}, False),
    ("UTF-16 met een ander aantal", '{"rijen": 4}'.encode("utf-16-le"), {"rijen": 4}, True),
    ("BOM", '{"rijen": 3}'.encode("utf-8-sig"), {"rijen": 3}, False),
    ("halve rijen", '{"rijen": 3.5}', ONLEESBAAR, True),
    ("waar of onwaar", '{"rijen": true}', ONLEESBAAR, True),
    ("duizendtallen", '{"som_bedrag_cent": "255.240"}', ONLEESBAAR, True),
    ("euro's", '{"som_bedrag_cent": "2552,40"}', ONLEESBAAR, True),
    ("geen getal", '{"rijen": NaN}', ONLEESBAAR, True),
    ("oneindig", '{"rijen": Infinity}', ONLEESBAAR, True),
    ("te groot getal", '{"rijen": ' + "9" * 5000 + "}", ONLEESBAAR, True),
    ("reusachtig maar leesbaar", '{"rijen": ' + "9" * 400 + "}", None, True),
    ("diep genest", "[" * 100_000, ONLEESBAAR, True),
    ("te groot bestand", '{"rijen": 3, "x": "' + "y" * 70_000 + '"}', ONLEESBAAR, True),
    ("korte controlesom", '{"sha256": "abc"}', ONLEESBAAR, True),
]  # fmt: skip


@pytest.mark.parametrize(("wat", "controle", "bewaard", "raakt"), GEVALLEN, ids=[g[0] for g in GEVALLEN])
def test_l07(s: Settings, wat: str, controle: str | bytes, bewaard: dict[str, Any] | None, *, raakt: bool) -> None:
    bewijs = oordeel(s, controle)
    assert ("L07" in codes(bewijs)) == raakt
    assert bewijs.is_geaccepteerd != raakt
    if bewaard is not None:  # of a hash the keyed one
        assert bewijs.controle == {
            k: inhoudsmerk(s.inhoudsleutel, v) if k == "sha256" else v for k, v in bewaard.items()
        }
    assert SHA not in json.dumps(bewijs.als_dict())
    tekst = json.dumps(bewijs.als_dict())
    assert "Jansen" not in tekst
    assert "999900006" not in tekst


def test_zonder_controlebestand_wordt_niets_vergeleken(s: Settings) -> None:
    lever(s, D, DATA)
    (bewijs,) = intake.neem_in(s, CATALOGUS, nu=NU).nieuw
    (l07,) = (b for b in bewijs.bevindingen if b.regel_code == "L07")
    assert (l07.n_rijen, l07.n_gecontroleerd) == (0, 0)
    assert bewijs.controle is None


def test_rijen_zijn_die_met_gegevens_en_niet_titel_leeg_of_totaal(s: Settings) -> None:
    data = b"Declaraties maart\n\n" + DATA + b";" * 19 + b"\n"
    assert oordeel(s, json.dumps({"rijen": 3, "som_bedrag_cent": SOM}), data).is_geaccepteerd


def test_geweigerde_rijen_tellen_mee_in_het_totaal(s: Settings) -> None:
    data = als_csv(D, [rij(D, bsn="x"), *goede_rijen(D, 3)])
    bewijs = oordeel(s, json.dumps({"rijen": 4, "som_bedrag_cent": 4 * 85080}), data)
    assert bewijs.is_geaccepteerd
    assert bewijs.rijen.quarantaine == 1


def test_een_gemeente_die_in_euro_levert_geeft_het_totaal_in_centen(s: Settings) -> None:
    rijen = [r | {"producttarief": "70,90", "ingediend_bedrag": "850,80"} for r in goede_rijen(D, 3)]
    data = als_csv(D, rijen)
    assert oordeel(s, json.dumps({"som_bedrag_cent": SOM}), data, gemeente="GM0163").is_geaccepteerd


def test_het_totaal_van_toewijzingen_is_dat_van_budget(s: Settings) -> None:
    rijen = [
        r | {"volume": "", "eenheid": "", "frequentie": "", "productcode": "", "budget": "1000"}
        for r in goede_rijen(T, 2)
    ]
    assert oordeel(s, '{"som_bedrag_cent": 2000}', als_csv(T, rijen), T).is_geaccepteerd


def _zip(data: bytes) -> bytes:
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w") as z:
        z.writestr("declaraties.csv", data)
    return uit.getvalue()


def test_de_controlesom_van_een_zip_is_die_van_de_zip(s: Settings) -> None:
    data = _zip(DATA)
    goed = json.dumps({"rijen": 3, "som_bedrag_cent": SOM, "sha256": hashlib.sha256(data).hexdigest()})
    naam = "declaraties_GM0141_2025-03.zip"
    assert oordeel(s, goed, data, naam=naam).is_geaccepteerd
    # of the file in it: what was dropped is the zip
    fout = oordeel(s, json.dumps({"sha256": SHA}), _zip(DATA) + b"", naam=naam.replace(".zip", "_v2.zip"))
    assert codes(fout) == {"L07"}


def test_nul_rijen_opgegeven_bij_een_vol_bestand_en_andersom(s: Settings, tmp_path: Path) -> None:
    assert codes(oordeel(s, '{"rijen": 0}')) == {"L07"}
    leeg = oordeel(instellingen(tmp_path / "leeg"), '{"rijen": 3}', als_csv(D, []))
    assert {"L07", "L09"} <= codes(leeg)
    nihil = oordeel(instellingen(tmp_path / "nihil"), '{"rijen": 0, "som_bedrag_cent": 0}', als_csv(D, []))
    assert nihil.status is Status.NIHIL_BEVESTIGD
    scheef = oordeel(instellingen(tmp_path / "scheef"), '{"rijen": 0, "som_bedrag_cent": 5}', als_csv(D, []))
    assert "L07" in codes(scheef)


@pytest.mark.parametrize("soort", ["map", "verwijzing"])
def test_een_controlebestand_dat_geen_bestand_is_is_onleesbaar(tmp_path: Path, soort: str) -> None:
    pad = tmp_path / "declaraties_GM0141_2025-03.csv"
    pad.write_bytes(DATA)
    naast = pad.with_name(pad.name + ".controle.json")
    if soort == "map":
        naast.mkdir()
    else:
        (tmp_path / "elders.json").write_text('{"rijen": 3}', encoding="utf-8")
        naast.symlink_to(tmp_path / "elders.json")
    assert lees_controle(pad) == ONLEESBAAR


def test_de_volle_naam_gaat_voor_de_naam_zonder_extensie(tmp_path: Path) -> None:
    pad = tmp_path / "declaraties_GM0141_2025-03.csv"
    pad.with_name(pad.stem + ".controle.json").write_text('{"rijen": 1}', encoding="utf-8")
    assert lees_controle(pad) == {"rijen": 1}
    pad.with_name(pad.name + ".controle.json").write_text('{"rijen": 2}', encoding="utf-8")
    assert lees_controle(pad) == {"rijen": 2}
