"""Small leveringen built in code: one good row per bericht, and ways to judge or deliver variations of it."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import itertools
import os
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from pipeline.berichten import CONTRACTEN
from pipeline.berichten.toets import Regelboek
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs, Sleutel, levering_id
from pipeline.domain.maanden import Maand
from pipeline.intake.deuren import Deur
from pipeline.intake.pseudoniemen import Pseudonimiseerder
from pipeline.intake.uitkomst import Stuk, Uitspraak
from pipeline.intake.versie import deurcatalogus
from pipeline.settings import PROJECT, BsnReeks, Huis, Settings

T, D = Bericht.TOEWIJZINGEN, Bericht.DECLARATIES
CATALOGUS = Catalogus.load(PROJECT / "seeds")
EIGEN_CATALOGUS = deurcatalogus(CATALOGUS)
SLEUTEL = b"sleutel-van-de-tests-0123456789abcdef"
NU = dt.datetime(2026, 4, 28, 9, 0, tzinfo=dt.UTC)
MAAND = Maand(2025, 3)
GEMEENTE = "GM0141"  # mutaties, cent

Rij = Mapping[str, str] | str

TOEWIJZING = {
    "bsn": "999900006",
    "geboortedatum": "2012-05-10",
    "geslacht": "1",
    "aanbieder_agb": "42345678",
    "toewijzingnummer": "1001",
    "productcategorie": "45",
    "productcode": "45A04",
    "toewijzingsdatum": "2025-03-03",
    "toewijzingstijd": "10:00:00",
    "ingangsdatum": "2025-03-01",
    "einddatum": "2025-08-31",
    "volume": "10",
    "eenheid": "04",
    "frequentie": "4",
    "verwijzer_type": "01",
    "leveringsvorm": "ZIN",
}
DECLARATIE = {
    "aanbieder_agb": "42345678",
    "declaratienummer": "D1",
    "declaratieperiode_begin": "2025-03-01",
    "declaratiedagtekening": "2025-03-31",
    "bsn": "999900006",
    "referentienummer": "REF1",
    "toewijzingnummer": "1001",
    "productcategorie": "45",
    "productcode": "45A04",
    "productperiode_begin": "2025-03-01",
    "productperiode_eind": "2025-03-31",
    "geleverd_volume": "12",
    "eenheid": "04",
    "producttarief": "7090",
    "ingediend_bedrag": "85080",
    "debet_credit": "D",
    "status": "goedgekeurd",
}
KAAL = {"verzoeken": {"uitkomst": "open"}}
"""What the required columns hold where none of the others is filled."""
GOED = {T: TOEWIJZING, D: DECLARATIE} | {
    b: {k.naam: k.voorbeeld for k in CONTRACTEN[b].kolommen if k.verplicht} | KAAL.get(b.value, {})
    for b in Bericht
    if b.is_optioneel
}
"""A good row per bericht; of a further extract the examples of its own columns."""


def kolommen(bericht: Bericht) -> list[str]:
    return [k.naam for k in CONTRACTEN[bericht].kolommen]


def rij(bericht: Bericht, **anders: str) -> dict[str, str]:
    """One good row, with other values where given."""
    return {**dict.fromkeys(kolommen(bericht), ""), **GOED[bericht], **anders}


def eigen(bericht: Bericht, nummer: int) -> dict[str, str]:
    """What makes a row another row: its own key, or the person it is about."""
    sleutel = CONTRACTEN[bericht].eigen_sleutel
    return {sleutel: str(nummer)} if sleutel else {"bsn": persoon(nummer)}


@lru_cache
def persoon(nummer: int) -> str:
    """Return the so manieth number of the official test range: all of them pass the eleven-test."""
    goed = (n for n in range(999_900_006, 999_999_990) if elfproef(n))
    return f"{next(itertools.islice(goed, nummer % 9000, None)):09d}"


def goede_rijen(bericht: Bericht, aantal: int, vanaf: int = 5000) -> list[dict[str, str]]:
    """Good rows that differ in their number only."""
    return [rij(bericht, **eigen(bericht, vanaf + i)) for i in range(aantal)]


def als_csv(
    bericht: Bericht, rijen: Iterable[Rij], *, kop: Sequence[str] | None = None, teken: str = ";", **opties: Any
) -> bytes:
    """Write rows (or raw lines) as CSV."""
    namen = kolommen(bericht)
    uit = io.StringIO()
    schrijver = csv.writer(uit, delimiter=teken, lineterminator="\n", **opties)
    schrijver.writerow(kop or namen)
    for r in rijen:
        if isinstance(r, str):
            uit.write(r + "\n")
        else:
            schrijver.writerow([r.get(n, "") for n in namen])
    return uit.getvalue().encode()


def deur(reeks: BsnReeks = BsnReeks.SYNTHETISCH, catalogus: Catalogus = CATALOGUS) -> Deur:
    """A door as a run opens it: on seeds that hold what its fingerprint knows of, and nothing else."""
    if catalogus is CATALOGUS:
        eigen: Catalogus = EIGEN_CATALOGUS
    else:  # of a kind of its own: a test that makes up what is in a seed
        eigen = deurcatalogus(catalogus) if type(catalogus) is Catalogus else catalogus
    return Deur(eigen, Regelboek(eigen, reeks), Pseudonimiseerder(SLEUTEL), "proefdeur", max_rijen=1000)


def stuk(
    bericht: Bericht,
    data: bytes,
    *,
    gemeente: str = GEMEENTE,
    maand: Maand = MAAND,
    controle: dict[str, Any] | None = None,
    extensie: str = "csv",
) -> Stuk:
    sleutel = Sleutel(gemeente, bericht, maand)
    sha = hashlib.sha256(data).hexdigest()
    return Stuk(
        sleutel=sleutel,
        levering_id=levering_id(sleutel, sha),
        controle_id=levering_id(sleutel, sha + "c"),
        sha256=sha,
        n_bytes=len(data),
        bestandsnaam=f"{bericht.value}_{gemeente}_{maand}.{extensie}",
        extensie=extensie,
        ontvangen_op=NU,
        verwerkt_op=NU,
        data=data,
        controle=controle,
    )


def beoordeel(bericht: Bericht, data: bytes, *, reeks: BsnReeks = BsnReeks.SYNTHETISCH, **anders: Any) -> Uitspraak:
    """Judge one file. The plain one with which a test compares is judged once: a verdict knows no clock."""
    if anders.get("controle"):
        (uitspraak,) = deur(reeks).beoordeel([stuk(bericht, data, **anders)])
        return uitspraak
    return _beoordeel(bericht, data, reeks, **anders)


@lru_cache(maxsize=128)
def _beoordeel(bericht: Bericht, data: bytes, reeks: BsnReeks, **anders: Any) -> Uitspraak:
    (uitspraak,) = deur(reeks).beoordeel([stuk(bericht, data, **anders)])
    return uitspraak


Geval = Generator[list[Stuk], list[Uitspraak], None]
"""A case: it hands over the files to judge, and gets their verdicts back."""


def veel(voorbeeld: st.SearchStrategy[Any], n: int = 8) -> st.SearchStrategy[list[Any]]:
    """So many cases at a time: the door is passed by all of them together, and it is the pass that costs."""
    return st.lists(voorbeeld, min_size=n, max_size=n)


def beoordeel_samen(gevallen: Iterable[Geval]) -> None:
    """Judge the files of all cases in one pass, each a levering of its own, and let every case look at its own."""
    open_ = [(geval, next(geval)) for geval in gevallen]
    stukken = [s for _, eigen in open_ for s in eigen]
    uit = iter(deur().beoordeel([replace(s, levering_id=f"{i:016x}") for i, s in enumerate(stukken)]))
    for geval, eigen in open_:
        with pytest.raises(StopIteration):
            geval.send([next(uit) for _ in eigen])


def geraakt(uitspraak: Uitspraak, code: str) -> list[int]:
    """Row numbers on which a rule fired."""
    return sorted(r for b in uitspraak.rijbevindingen if b.regel_code == code for r in b.rijen)


def codes(bewijs: Ontvangstbewijs) -> set[str]:
    """Codes of the rules that fired."""
    return {b.regel_code for b in bewijs.bevindingen if b.n_rijen}


def instellingen(tmp_path: Path, *, reeks: BsnReeks = BsnReeks.SYNTHETISCH, seeds: Path | None = None) -> Settings:
    huis = Huis(tmp_path / "huis")
    huis.maak()
    return Settings(huis, seeds or PROJECT / "seeds", reeks, "proef", SLEUTEL)


def lever(
    settings: Settings,
    bericht: Bericht,
    data: bytes,
    *,
    gemeente: str = GEMEENTE,
    maand: Maand = MAAND,
    rest: str = "",
    map_: str = "",
    op: dt.datetime = NU - dt.timedelta(days=30),
    naam: str = "",
) -> Path:
    """Put a file in landing/ with its time of arrival."""
    pad = settings.huis.landing / (map_ or gemeente) / (naam or f"{bericht.value}_{gemeente}_{maand}{rest}.csv")
    pad.parent.mkdir(parents=True, exist_ok=True)
    pad.write_bytes(data)
    os.utime(pad, (op.timestamp(), op.timestamp()))
    return pad


def elfproef(nummer: int) -> bool:
    cijfers = [int(c) for c in f"{nummer:09d}"]
    return sum(c * w for c, w in zip(cijfers, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0
