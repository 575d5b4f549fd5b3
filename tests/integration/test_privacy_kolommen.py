"""A person's number in every column of both berichten, in every dress: it is nowhere right of archive/ (SPEC 8).

Each levering holds good rows, and per column of the bericht one row in which that column holds the number of the row's
own youth, or of another in the file. Everything that comes of it is searched, bytes and values, whatever stands between
the digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline import intake
from pipeline import maand as maandloop
from pipeline.beheer.doorzoeken import Zoeker
from pipeline.berichten import CONTRACTEN
from pipeline.domain.leveringen import KERN, Bericht, Ontvangstbewijs
from pipeline.domain.maanden import Maand
from pipeline.intake.bewijzen import geldigpad, quarantainepad
from pipeline.settings import Settings
from tests.bestanden import kenmerk_als_merk
from tests.intake.hulp import CATALOGUS, NU, D, T, als_csv, beoordeel, geraakt, goede_rijen, instellingen, lever, rij
from tests.integration.sporen import rechts_van_archief

EIGEN, ANDER = "999900006", "999900018"
GEBOREN = "2012-05-10"
VORMEN = {
    "kaal": "{0}{1}{2}",
    "punten": "{0}.{1}.{2}",
    "spaties": "{0} {1} {2}",
    "letters": "{0}a{1}B{2}",
    "streepjes": "{0}-{1}-{2}",
    "ervoor": "R{0}{1}{2}",
    "erin": "1{0}{1}{2}7",
    "nul ervoor": "0{0}{1}{2}",
}
GEVALLEN = [(b, vorm, wie) for b in (T, D) for vorm in VORMEN for wie in (EIGEN, ANDER)]


def planten(bericht: Bericht, vorm: str, wie: str) -> list[dict[str, str]]:
    """One row per column in which the number stands, in which nothing else is wrong."""
    tekst = VORMEN[vorm].format(wie[:3], wie[3:6], wie[6:])
    kolommen = [k.naam for k in CONTRACTEN[bericht].kolommen if k.naam != "bsn"]
    basis = goede_rijen(bericht, len(kolommen), vanaf=100)
    return [r | {"bsn": EIGEN, k: tekst} for r, k in zip(basis, kolommen, strict=True)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, list[Ontvangstbewijs]]:
    """Every case as a levering of its own maand, taken in, answered to the sender and loaded."""
    settings = instellingen(tmp_path_factory.mktemp("kolommen"))
    begin = Maand(2025, 3)
    for i, (bericht, vorm, wie) in enumerate(GEVALLEN):
        maand = begin.plus(-(i % 16))
        dagen = (
            {"toewijzingsdatum": str(maand.eerste_dag)}
            if bericht is T
            else {"declaratiedagtekening": str(maand.laatste_dag)}
        )
        rijen = [r | dagen for r in goede_rijen(bericht, 90)]
        rijen[0]["bsn"] = ANDER
        lever(settings, bericht, als_csv(bericht, [*rijen, *planten(bericht, vorm, wie)]), maand=maand)
    nieuw = list(intake.neem_in(settings, CATALOGUS, nu=NU).nieuw)
    maandloop.meld_terug(settings, CATALOGUS)
    maandloop.laad(maandloop.bereid_voor(settings, CATALOGUS, nu=NU))
    return settings, nieuw


def waarden(pad: Path) -> Iterator[str]:
    """What a reader of a file sees, one value per line."""
    if pad.suffix == ".parquet":
        for kolom in pl.read_parquet(pad).iter_columns():
            yield "\n".join(kolom.cast(pl.String).drop_nulls().unique().to_list())
    elif pad.suffix == ".duckdb":
        with duckdb.connect(str(pad), read_only=True) as con:
            for tabel, kolom in con.execute(
                "select schema_name || '.' || table_name, column_name from duckdb_columns() where not internal"
            ).fetchall():
                waarde = con.execute(f'select distinct cast("{kolom}" as varchar) as w from {tabel}').pl()["w"]
                yield "\n".join(waarde.drop_nulls().to_list())


def test_the_number_is_nowhere_right_of_the_archive(home: tuple[Settings, list[Ontvangstbewijs]]) -> None:
    settings, nieuw = home
    assert len(nieuw) == len(GEVALLEN)
    assert all(b.is_geaccepteerd for b in nieuw), [(str(b.sleutel), b.rijen) for b in nieuw if not b.is_geaccepteerd]
    gevonden = set()
    paden = [p for p in rechts_van_archief(settings.huis) if p.is_file()]
    assert {"receipts", "validated", "quarantine", "feedback", "warehouse.duckdb"} <= {
        p.relative_to(settings.huis.pad).parts[0] for p in paden
    }
    for bsn in (EIGEN, ANDER):
        zoeker = Zoeker(bsn)
        for pad in paden:
            if zoeker.in_bytes(pad.read_bytes()) or any(zoeker.in_naam(w) for w in waarden(pad)):
                gevonden.add((pad.relative_to(settings.huis.pad).as_posix(), bsn))
    assert gevonden == set()


def test_the_same_search_finds_it_in_the_archive(home: tuple[Settings, list[Ontvangstbewijs]]) -> None:
    settings, _ = home
    for bsn in (EIGEN, ANDER):
        assert all(Zoeker(bsn).in_bytes(p.read_bytes()) for p in settings.huis.archive.rglob("*") if p.is_file())


def test_the_sender_is_told_in_which_columns(home: tuple[Settings, list[Ontvangstbewijs]]) -> None:
    """A number of the sender's own that holds a person is a finding; so is a person in the place of an amount."""
    _, nieuw = home
    kolommen = {k for b in nieuw for f in b.bevindingen if f.regel_code == "R18" and f.n_rijen for k in f.kolommen}
    kenmerken = {k.naam for b in KERN for k in CONTRACTEN[b].kolommen if k.kenmerk}
    assert kolommen == kenmerken
    assert {k for b in nieuw for f in b.bevindingen if f.regel_code == "R19" and f.n_rijen for k in f.kolommen} >= {
        "geleverd_volume",
        "ingediend_bedrag",
        "producttarief",
    }


def test_rows_join_by_what_is_kept_of_their_numbers(tmp_path: Path) -> None:
    """The same number has one hash, in either bericht and in every levering; refused rows have it too."""
    settings = instellingen(tmp_path)
    lever(settings, T, als_csv(T, [rij(T, toewijzingnummer="77")]))
    declaraties = [rij(D, toewijzingnummer="0077", referentienummer="A1"), rij(D, bsn="", referentienummer="B1")]
    credit = rij(D, referentienummer="A2", vorig_referentienummer="A1", debet_credit="C", toewijzingnummer="77")
    lever(settings, D, als_csv(D, [*declaraties, credit]))
    bewijs = {b.sleutel.bericht: b for b in intake.neem_in(settings, CATALOGUS, nu=NU).nieuw}
    t = pl.read_parquet(geldigpad(settings.huis, bewijs[T]))
    d = pl.read_parquet(geldigpad(settings.huis, bewijs[D])).sort("rij")
    assert set(d["toewijzingnummer"]) == set(t["toewijzingnummer"]) == {kenmerk_als_merk("77", "toewijzing")}
    assert d["vorig_referentienummer"][1] == d["referentienummer"][0] == kenmerk_als_merk("A1", "regel")
    (geweigerd,) = pl.read_parquet(quarantainepad(settings.huis, bewijs[D])).to_dicts()
    assert geweigerd["referentienummer"] == kenmerk_als_merk("B1", "regel")
    assert geweigerd["eigen_sleutel"] == "B1"


@pytest.mark.parametrize(
    ("kenmerk", "getoond"),
    [
        ("REF-2025/1", True),
        ("12345", True),
        ("FACT.2025.001-3", True),
        ("P123-1234567", True),
        (EIGEN, False),
        ("R999.900.006", False),
        ("9 9 9 9 0 0 0 0 6", False),
        ("9a9b9c9d0e0f0g0h6", False),
        (f"1{EIGEN}7", False),
        ("R999900018", False),  # another youth of the file
        ("R999900031", False),  # nobody of the file, but it passes for somebody
        ("10052012", False),  # a birth date of the file
        ("R10-05-2012", False),
        ("2012.05.10", False),
        ("R20120510", False),
        ("Jan Jansen 3", False),
        ("jansen3", False),
    ],
)
def test_an_own_key_is_shown_where_it_holds_nothing_of_a_person(kenmerk: str, getoond: bool) -> None:
    """In toewijzingen there are birth dates; the own key of declaraties may be a text, so it is asked there."""
    for bericht in (D, T):
        if bericht is T and not kenmerk.isdigit():
            continue
        kolom = CONTRACTEN[bericht].eigen_sleutel
        rijen = [
            rij(bericht, **{kolom: kenmerk}),
            rij(bericht, bsn=ANDER, **{kolom: "7"}),
            rij(bericht, **{kolom: "8"}),
        ]
        if bericht is D and kenmerk in ("10052012", "R20120510"):
            continue  # a levering of claims holds no birth dates: nobody can tell that this is one
        uit = beoordeel(bericht, als_csv(bericht, rijen))
        frames = [f for f in (uit.geldig, uit.quarantaine) if f is not None]
        sleutels = {r: s for f in frames for r, s in f.select("rij", "eigen_sleutel").rows()}
        assert sleutels[2] == (kenmerk if getoond else "")
        assert sleutels[4] == "8"


def test_what_another_levering_holds_decides_nothing() -> None:
    """Judged together or alone: the answer on a levering is the same."""
    from tests.intake.hulp import deur, stuk

    een = als_csv(D, [rij(D, referentienummer=f"R{ANDER}"), rij(D, referentienummer="1")])
    twee = als_csv(D, [rij(D, bsn=ANDER, referentienummer="2")])
    alleen = beoordeel(D, een)
    samen = deur().beoordeel([stuk(D, een), stuk(D, twee, gemeente="GM0147")])[0]
    assert geraakt(alleen, "R18") == geraakt(samen, "R18") == []
    assert alleen.geldig.equals(samen.geldig)
