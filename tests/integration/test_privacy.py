"""No person number, birth date or free text right of archive/ (SPEC 8): what went in is searched in all that came out.

Everything is searched as bytes, and Parquet and DuckDB files again as the values that a reader sees: compressed or
binary a person number would not be recognised. The last tests show that the search finds what is there.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.settings import PROJECT
from tests.conftest import GedraaideRegio
from tests.integration.sporen import Sporen, lees_dag, lees_geleverd, rechts_van_archief

# planted by the generator: a remark in a column of its own, its name, and title rows
VRIJE_TEKST = ("zie dossier", "opmerking_intern", "Geïndiceerde jeugdhulp", "Overzicht declaraties")
DAG = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def sporen(rommelige_regio: GedraaideRegio) -> Sporen:
    """All person numbers as delivered and as they were, and the birth dates that are no other date of the region."""
    bestanden = list(lees_geleverd(rommelige_regio.bron / "landing"))
    geleverd = {"".join(re.findall(r"\d", c)) for b in bestanden for c in b.bsns}
    waar = _kolom(rommelige_regio, "bsn")
    geboren = {d for b in bestanden for c in b.geboortedata if (d := lees_dag(c))} | _kolom(
        rommelige_regio, "geboortedatum"
    )
    andere = {d for b in bestanden for c in b.andere if (d := lees_dag(c))} | _datums_van_de_regio(rommelige_regio)
    vrij = {d for d in geboren if d.day != 1 and not {d - DAG, d, d + DAG} & andere}
    # nobody's: nine zeros stand in every binary file, and the rule on reserved numbers names one
    van_niemand = {"000000000"} | {m for t in _seedteksten() for m in re.findall(r"\b\d{9}\b", t)}
    nummers = {n.encode() for n in (geleverd | waar) - van_niemand if len(n) >= 8}
    return Sporen(frozenset(nummers), frozenset(vrij), VRIJE_TEKST)


def _seedteksten() -> list[str]:
    return [p.read_text(encoding="utf-8") for p in sorted((PROJECT / "seeds").glob("*.csv"))]


def _kolom(regio: GedraaideRegio, naam: str) -> set:
    paden = [regio.bron / m / f"{b}.parquet" for m in ("waarheid", "geleverd") for b in ("toewijzingen", "declaraties")]
    frames = [pl.read_parquet(p) for p in paden]
    return {v for f in frames if naam in f.columns for v in f[naam].drop_nulls().unique()}


def _datums_van_de_regio(regio: GedraaideRegio) -> set[dt.date]:
    """Dates that mean something else: in rows, in the seeds, and since the first levering (deadlines, arrivals)."""
    uit: set[dt.date] = set()
    for kamer in ("waarheid", "geleverd"):
        for pad in (regio.bron / kamer).glob("*.parquet"):
            frame = pl.read_parquet(pad)
            namen = [n for n, s in frame.schema.items() if s == pl.Date and n != "geboortedatum"]
            uit |= {d for n in namen for d in frame[n].drop_nulls().unique()}
    uit |= {d for t in _seedteksten() for m in re.findall(r"\d{4}-\d{2}-\d{2}", t) if (d := lees_dag(m))}
    eerste = dt.date(2023, 12, 1)
    return uit | {eerste + i * DAG for i in range((regio.nu.date() - eerste).days + 400)}


def test_there_is_enough_to_look_for(sporen: Sporen, rommelige_regio: GedraaideRegio) -> None:
    """The plain reader of this test finds the persons of the region in the files, in each spelling of a date."""
    waar = pl.read_parquet(rommelige_regio.bron / "waarheid" / "toewijzingen.parquet")["bsn"].unique().to_list()
    gelezen = {c for b in lees_geleverd(rommelige_regio.bron / "landing") for c in b.bsns}
    assert len(waar) > 500
    assert len(set(waar) & gelezen) > 0.98 * len(waar)  # not all: two months of one gemeente were never sent
    assert {n.encode() for n in waar} <= sporen.nummers
    assert {len(n) for n in sporen.nummers} == {9, 10}
    assert len(sporen.dagen) > 200
    spelling = {
        re.sub(r"\d", "9", c)
        for b in lees_geleverd(rommelige_regio.bron / "landing")
        for c in b.geboortedata
        if lees_dag(c) in sporen.dagen
    }
    assert {"9999-99-99", "99-99-9999", "9-9-9999", "99/99/9999", "9999-99-99T99:99:99"} <= spelling
    in_landing = b"".join(p.read_bytes() for p in (rommelige_regio.bron / "landing").rglob("*") if p.is_file())
    for tekst in VRIJE_TEKST:
        assert tekst.encode() in in_landing or tekst.encode("cp1252") in in_landing


def test_the_archive_is_where_they_are(sporen: Sporen, rommelige_regio: GedraaideRegio) -> None:
    """What is searched for did go in: the very same search finds it left of the line."""
    gevonden = {s for p in rommelige_regio.settings.huis.archive.rglob("*") if p.is_file()
                for s in sporen.in_bytes(p.read_bytes())}  # fmt: skip
    assert len({s for s in gevonden if s.isdigit()}) > 500
    assert len({s for s in gevonden if lees_dag(s)}) > 200
    assert "zie dossier" in gevonden


@pytest.mark.parametrize("gemeenten", [("GM0141", "GM0153", "GM1742"), pytest.param(None, marks=pytest.mark.slow)])
def test_nothing_of_a_person_right_of_the_archive(
    sporen: Sporen, rommelige_regio: GedraaideRegio, gemeenten: tuple[str, ...] | None, tmp_path: Path
) -> None:
    """Every file; of what there is of every gemeente that of three: it is made by the same functions."""
    huis = rommelige_regio.settings.huis
    kamers = {p.relative_to(huis.pad).parts[0] for p in rechts_van_archief(huis)}
    assert {
        "receipts",
        "validated",
        "quarantine",
        "feedback",
        "warehouse.duckdb",
        "publications",
        "work",
        "huis.json",
    } <= kamers
    assert sporen.in_huis(huis, tmp_path, gemeenten=gemeenten) == {}


def test_the_search_finds_a_number_and_a_birth_date_wherever_they_are(
    sporen: Sporen, rommelige_regio: GedraaideRegio, tmp_path: Path
) -> None:
    huis = rommelige_regio.settings.huis
    nummer = min(n.decode() for n in sporen.nummers if len(n) == 9 and n.startswith(b"9"))
    dag = min(sporen.dagen)
    validated = max(huis.validated.rglob("toewijzingen/**/*.parquet"), key=lambda p: p.stat().st_size)
    rijen = pl.read_parquet(validated)
    gevallen = {
        "tekst.parquet": rijen.with_columns(pseudoniem=pl.lit(nummer)),
        "getal.parquet": rijen.with_columns(toewijzingnummer=pl.lit(int(nummer))),
        "dag.parquet": rijen.with_columns(leeftijdsmaand=pl.lit(dag)),
    }
    for naam, frame in gevallen.items():
        frame.write_parquet(tmp_path / naam, compression="zstd")
        verwacht = {dag.isoformat()} if naam == "dag.parquet" else {nummer}
        assert sporen.in_bestand(tmp_path / naam, tmp_path) == verwacht, naam
    with duckdb.connect(str(tmp_path / "marts.duckdb")) as con:
        con.execute(f"CREATE TABLE t AS SELECT {nummer} AS n, DATE '{dag}' AS d FROM range(5000)")
    assert sporen.in_bestand(tmp_path / "marts.duckdb", tmp_path) == {nummer, dag.isoformat()}


def test_the_search_finds_them_in_a_receipt_a_name_and_a_text(
    sporen: Sporen, rommelige_regio: GedraaideRegio, tmp_path: Path
) -> None:
    huis = rommelige_regio.settings.huis
    nummer = min(n.decode() for n in sporen.nummers if len(n) == 9 and n.startswith(b"9"))
    dag = min(sporen.dagen)
    bewijs = next(huis.receipts.rglob("*.json"))
    kopie = Path(shutil.copyfile(bewijs, tmp_path / "bewijs.json"))
    assert sporen.in_bestand(kopie, tmp_path) == set()
    plat = json.loads(kopie.read_text(encoding="utf-8"))
    for waarde in (nummer, int(nummer), f"rij van {nummer}, zie dossier", f"declaraties_{nummer}.csv"):
        kopie.write_text(json.dumps(plat | {"bestandsnaam": waarde}), encoding="utf-8")
        assert nummer in sporen.in_bestand(kopie, tmp_path)
    for vorm in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%-d-%-m-%Y", "%Y-%m-%dT00:00:00"):
        kopie.write_text(json.dumps(plat | {"bestandsnaam": dag.strftime(vorm)}), encoding="utf-8")
        assert len(sporen.in_bestand(kopie, tmp_path)) == 1, vorm
    naam = Path(shutil.copyfile(bewijs, tmp_path / f"declaraties_{nummer}.json"))
    assert sporen.in_bestand(naam, tmp_path) == {nummer}
