"""The public edition: it is there, whole and described, hides what nobody declared, and the gate insists on all of
that."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.publish import Kandidaat, beoordeel_kandidaat
from pipeline.publish.bescherming import bescherm
from pipeline.publish.bescherming_tabellen import INDICATOREN, TABELLEN, VLAG, Periode
from pipeline.settings import PROJECT
from tests.conftest import GedraaideRegio
from tests.publish.conftest import Proefmarts


def _openbaar(kandidaat: Kandidaat) -> Path:
    return kandidaat.pad / "openbaar" / "marts.duckdb"


def _vraag(pad: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(pad), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_the_same_tables_with_a_mark_and_described(marts: Proefmarts) -> None:
    k = marts.kandidaat()
    kolommen = (
        "SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
    )
    intern, openbaar = (set(_vraag(p, kolommen)) for p in (k.marts, _openbaar(k)))
    assert intern <= openbaar
    assert {kolom for _, kolom, _ in openbaar - intern} == {VLAG}
    assert _vraag(_openbaar(k), "SELECT count(*) FROM duckdb_columns() WHERE comment IS NULL AND NOT internal") == [
        (0,)
    ]
    woordenboek = _vraag(_openbaar(k), "SELECT tabel, kolom, type FROM meta.woordenboek WHERE kolom <> '*'")
    assert set(woordenboek) == openbaar
    for vorm in ("csv", "parquet"):
        namen = {p.name.removesuffix(f".{vorm}") for p in (k.pad / "openbaar" / vorm).iterdir()}
        assert namen == {tabel for tabel, _, _ in openbaar}
    assert json.loads((k.pad / "openbaar" / "datapackage.json").read_text())["name"] == "regiomonitor-openbaar"


def test_two_candidates_of_the_same_are_equal_bytes(marts: Proefmarts) -> None:
    een, twee = (
        {
            p.relative_to(k.pad).as_posix(): p.read_bytes()
            for p in sorted(k.pad.rglob("*"))
            if p.is_file() and (p.parent.name == "csv" or p.name in ("bescherming.json", "bescherming.parquet"))
        }
        for k in (marts.maak(1), marts.maak(1))
    )
    assert een == twee
    assert "openbaar/bescherming.json" in een


def test_the_publication_after_it_keeps_hidden_what_was(marts: Proefmarts) -> None:
    vijf = "UPDATE sturing.indicatoren SET n_jeugdigen = 5 WHERE indicator_id = 'kosten' AND gebied_code = 'GM0141'"
    weg = "SELECT gebied_code, teller IS NULL FROM sturing.indicatoren WHERE indicator_id = 'kosten' GROUP BY ALL"
    eerst = marts.publiceer(1, vijf)
    verborgen = set(_vraag(eerst.pad / "openbaar" / "marts.duckdb", weg))
    assert ("GM0141", True) in verborgen
    assert set(_vraag(_openbaar(marts.kandidaat(2)), weg)) == verborgen


def test_what_nobody_declared_is_not_shown(marts: Proefmarts) -> None:
    onbekend = pl.DataFrame({"gebied_code": ["REGIO", "GM0141"], "n_geheim": [500, 499], "zin": ["a", "b"]})
    anders = pl.DataFrame({"bijdrage_id": ["x"], "n_geheim": [500]})
    uit = bescherm({"kosten.nieuw": onbekend, "kosten.bijdragen": anders}, drempel=10, periode=Periode(0, 0)).tabellen
    assert uit["kosten.nieuw"]["n_geheim"].to_list() == [None, None]
    assert uit["kosten.nieuw"]["zin"].to_list() == ["a", "b"]
    assert uit["kosten.nieuw"][VLAG].to_list() == [True, True]
    assert uit["kosten.bijdragen"]["n_geheim"].to_list() == [500]


def test_every_table_and_number_of_the_project_is_declared(schone_regio: GedraaideRegio) -> None:
    project: dict[str, dict[str, str]] = {}
    sql = "SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
    for naam, kolom, soort in _vraag(schone_regio.marts, sql):
        project.setdefault(str(naam), {})[str(kolom)] = str(soort)
    assert set(project) == set(TABELLEN)
    for naam, kolommen in project.items():
        tabel = TABELLEN[naam]
        verklaard = {*tabel.sleutel, *tabel.vrij, *(k for b in tabel.blokken.values() for k in b)}
        getallen = {k for k, soort in kolommen.items() if re.match(r"(BIG|SMALL|)INT|INTEGER|DOUBLE|DECIMAL", soort)}
        if not tabel.alles_vrij:
            assert getallen <= verklaard, f"{naam}: {sorted(getallen - verklaard)}"
            mag_ontbreken = set(INDICATOREN) if naam == "sturing.indicatoren_breed" else set()
            assert verklaard - mag_ontbreken <= set(kolommen), f"{naam}: {sorted(verklaard - set(kolommen))}"


def test_every_computed_indicator_is_declared(marts: Proefmarts) -> None:
    assert {r["indicator_id"] for r in marts.catalogus.rijen("indicatoren")} <= set(INDICATOREN)


@pytest.mark.parametrize(
    ("naam", "bederf"),
    [
        ("openbaar_is_compleet", "DROP TABLE kosten.bijdragen"),
        ("openbaar_is_compleet", "ALTER TABLE sturing.stromen DROP COLUMN instroom"),
        ("openbaar_zonder_kleine_aantallen", "UPDATE sturing.stromen SET instroom = 9 WHERE stand_begin > 9"),
        ("openbaar_is_gelijk_of_leeg", "UPDATE sturing.indicatoren SET is_onderdrukt = true"),
        ("openbaar_is_gelijk_of_leeg", "UPDATE sturing.indicatoren SET waarde = waarde + 1"),
        ("openbaar_is_gelijk_of_leeg", "UPDATE sturing.indicatoren SET teller = NULL"),
    ],
)
def test_the_gate_holds_a_public_edition_that_is_not_right(marts: Proefmarts, naam: str, bederf: str) -> None:
    k = marts.kandidaat()
    with duckdb.connect(str(_openbaar(k))) as con:
        con.execute(bederf)
    uit = beoordeel_kandidaat(k, marts.catalogus, None)
    assert {v.naam for v in uit.verwachtingen if not v.geslaagd} == {naam}
    assert not uit.is_doorgelaten


def test_the_gate_holds_a_publication_without_public_edition(marts: Proefmarts) -> None:
    k = marts.kandidaat()
    _openbaar(k).unlink()
    uit = beoordeel_kandidaat(k, marts.catalogus, None)
    assert {v.naam for v in uit.verwachtingen if not v.geslaagd} == {"openbaar_is_compleet"}
    assert not uit.is_doorgelaten


def test_the_seeds_say_how_few_is_few(marts: Proefmarts) -> None:
    assert marts.catalogus.getal("openbaar_drempel_jeugdigen") == 10
    assert (PROJECT / "docs" / "bescherming.md").is_file()
