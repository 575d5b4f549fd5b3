"""The candidate: described, plain, readable by old clients, and nothing that was not asked for."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline.publish import Kandidaat, KandidaatFout, maak_kandidaat, zelfde_inhoud
from pipeline.publish.schrijven import LEEG_GEHEUGEN
from pipeline.settings import PROJECT
from tests.publish.conftest import Proefmarts


def _vraag(kandidaat: Kandidaat, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(kandidaat.marts), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_every_table_and_column_is_described_in_the_file_itself(marts: Proefmarts) -> None:
    k = marts.maak()
    assert _vraag(k, "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL") == []
    assert (
        _vraag(k, "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal") == []
    )
    assert _vraag(k, "SELECT comment FROM duckdb_columns() WHERE column_name = 'netto_eur' LIMIT 1") == [
        ("Wat 'netto_eur' is.",)
    ]


def test_the_dictionary_describes_everything_itself_included(marts: Proefmarts) -> None:
    k = marts.maak()
    kolommen = _vraag(
        k, "SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
    )
    woordenboek = _vraag(k, "SELECT tabel, kolom, type FROM meta.woordenboek WHERE kolom <> '*'")
    assert sorted(woordenboek) == sorted(kolommen)
    [(in_bestand,)] = _vraag(k, "SELECT count(*) FROM duckdb_tables()")
    assert _vraag(k, "SELECT count(*) FROM meta.woordenboek WHERE kolom = '*'") == [(in_bestand,)]
    assert _vraag(k, "SELECT DISTINCT eenheid FROM meta.woordenboek WHERE kolom = 'netto_eur'") == [("euro",)]
    assert _vraag(k, "SELECT DISTINCT publicatie_id FROM meta.woordenboek") == [(k.publicatie.publicatie_id,)]


def test_only_tables_of_the_four_schemas_go_out(marts: Proefmarts) -> None:
    k = marts.maak()
    assert _vraag(k, "SELECT DISTINCT schema_name FROM duckdb_tables() ORDER BY 1") == [
        ("kosten",),
        ("kwaliteit",),
        ("meta",),
        ("sturing",),
    ]
    assert _vraag(k, "SELECT count(*) FROM duckdb_views() WHERE NOT internal") == [(0,)]
    assert b"mag er niet in" not in b"".join(p.read_bytes() for p in k.pad.rglob("*") if p.is_file())
    assert not list(k.pad.rglob("*.wal"))


def test_storage_version_is_the_one_clients_from_1_2_read(marts: Proefmarts) -> None:
    k = marts.maak()
    [(versie,)] = _vraag(k, "SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = 'marts'")
    assert str(versie).startswith("v1.2.0")
    # the header says so too: magic at byte 8, storage version 65 (1.2) as a number after it
    kop = k.marts.read_bytes()[:24]
    assert kop[8:12] == b"DUCK"
    assert int.from_bytes(kop[12:20], "little") == 65


@pytest.mark.parametrize(
    ("bederf", "melding"),
    [
        ("ALTER TABLE kosten.naijling ALTER netto_eur TYPE HUGEINT", "kosten.naijling.netto_eur is van type HUGEINT"),
        ("ALTER TABLE meta.herkomst ALTER levering_id TYPE VARCHAR[] USING [levering_id]", r"VARCHAR\[\]"),
        ("ALTER TABLE meta.publicatie ALTER gemaakt_op TYPE TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"),
        ("ALTER TABLE meta.publicatie ALTER gemaakt_op TYPE TIMESTAMP_NS", "TIMESTAMP_NS"),
        ("ALTER TABLE kosten.naijling ALTER netto_eur TYPE DECIMAL(38,2)", r"van type DECIMAL\(38,2\)"),
        ("ALTER TABLE meta.herkomst ALTER levering_id TYPE ENUM('abc')", "van type ENUM"),
        (
            "ALTER TABLE meta.herkomst ALTER levering_id TYPE STRUCT(x VARCHAR) USING {'x': levering_id}",
            r"STRUCT\(x VARCHAR\)",
        ),
        ('ALTER TABLE kwaliteit.aansluiting RENAME met_regels TO "één"', "aansluiting: de naam één past niet"),
        ("CREATE TABLE sturing.vreemd AS SELECT 1 AS publicatie_id", "sturing.vreemd is gebouwd maar geen model"),
        ("DROP TABLE kosten.naijling", "kosten.naijling staat in het dbt-project maar is niet gebouwd"),
        ("ALTER TABLE meta.herkomst DROP publicatie_id", "meta.herkomst heeft geen kolom publicatie_id"),
        ("ALTER TABLE meta.herkomst ADD extra VARCHAR", "meta.herkomst.extra heeft geen omschrijving"),
        ("UPDATE meta.herkomst SET publicatie_id = 'P0'", "niet gebouwd voor .*: meta.herkomst"),
        ("UPDATE meta.herkomst SET publicatie_id = NULL", "niet gebouwd voor"),
    ],
)
def test_marts_that_are_not_fit_are_refused(marts: Proefmarts, bederf: str, melding: str) -> None:
    with pytest.raises(KandidaatFout, match=melding):
        marts.maak(1, bederf)


def test_a_table_without_description_is_refused(marts: Proefmarts) -> None:
    marts.manifest["nodes"]["model.r.kosten.naijling"]["description"] = " "
    marts.manifest["nodes"]["model.r.sturing.stromen"]["columns"]["instroom"]["description"] = ""
    with pytest.raises(KandidaatFout) as fout:
        marts.maak()
    assert "kosten.naijling heeft geen omschrijving" in str(fout.value)
    assert "sturing.stromen.instroom heeft geen omschrijving" in str(fout.value)


def test_seeds_and_provenance_go_along(marts: Proefmarts) -> None:
    k = marts.maak()
    seeds = {p.name for p in marts.settings.seeds.glob("ref_*.csv")}
    assert "ref_contacten.csv" in seeds
    assert {p.name for p in (k.pad / "seeds").iterdir()} == seeds - {"ref_contacten.csv"}  # addresses stay at home
    inhoud = json.loads((k.pad / "publicatie.json").read_text())
    assert inhoud["publicatie_id"] == k.publicatie.publicatie_id
    assert [(v["bericht"], v["is_geldend"], v["sha256"][:3]) for v in inhoud["leveringen"]] == [
        ("declaraties", True, "aaa"),
        ("toewijzingen", True, "aaa"),
    ]


def test_equal_marts_give_equal_files_whatever_their_order(marts: Proefmarts) -> None:
    def bestanden(pad: Path) -> dict[str, bytes]:
        return {p.relative_to(pad).as_posix(): p.read_bytes() for p in sorted(pad.rglob("*")) if p.is_file()}

    eerste = bestanden(marts.maak().pad)
    andersom = "CREATE OR REPLACE TABLE sturing.indicatoren AS SELECT * FROM sturing.indicatoren ORDER BY ALL DESC"
    twee = marts.maak(1, andersom)
    tweede = bestanden(twee.pad)
    assert eerste.keys() == tweede.keys()
    # the engine does not lay out its file the same way twice; dcat.jsonld holds its checksum
    anders = {naam for naam in eerste if eerste[naam] != tweede[naam]} - {"intern/marts.duckdb", "intern/dcat.jsonld"}
    assert anders == set()


SORTEERT = """
import sys
from pipeline.publish.schrijven import schone_verbinding

with schone_verbinding() as con:
    if sys.argv[2:]:
        con.execute("SET " + sys.argv[2])
    con.execute(f"ATTACH '{sys.argv[1]}' AS uit (STORAGE_VERSION 'v1.2.0')")
    con.execute(
        "CREATE TABLE uit.t AS SELECT "
        "'geheim' || (i * 7919 % 43) AS naam, if(i % 3 = 0, 'jaar', 'maand') AS soort, "
        "DATE '2020-01-01' + (i * 31 % 1200)::INTEGER AS dag, 'GM' || lpad((i * 13 % 29)::VARCHAR, 4, '0') AS wie, "
        "(hash(i) % 1000) / 7 AS waarde, hash(i) % 500 AS teller, 'definitief' AS rijping, "
        "'omschrijving ' || (i % 900) AS tekst FROM range(250000) AS r (i) ORDER BY ALL"
    )
    con.execute("CHECKPOINT uit")
"""
NIET_TERUG = "allocator_bulk_deallocation_flush_threshold = '1GB'"


@pytest.mark.parametrize(
    ("omgeving", "instelling", "is_schoon"),
    [
        pytest.param({}, [], True, id="memory given back"),
        pytest.param(LEEG_GEHEUGEN, [], True, id="memory taken empty"),
        pytest.param({}, [NIET_TERUG], False, id="ordinary memory"),
    ],
)
def test_a_file_holds_no_remains_of_what_was_in_memory(
    omgeving: dict[str, str], instelling: list[str], is_schoon: bool, tmp_path: Path
) -> None:
    """What DuckDB sorted must not stand in the unused ends of blocks: it may be what another edition hides.

    A sort key is text with 1 added to every byte, or ended by a zero: neither occurs in the table itself.
    """
    doel = tmp_path / "x.duckdb"
    env = {k: v for k, v in os.environ.items() if k not in LEEG_GEHEUGEN} | omgeving
    subprocess.run([sys.executable, "-c", SORTEERT, str(doel), *instelling], cwd=PROJECT, env=env, check=True)
    resten = rb"hfifjn|\x01GM\d{4}\x00|\x01definitief\x00|\x01maand\x00"
    assert (re.findall(resten, doel.read_bytes()) == []) is is_schoon


def test_remains_of_a_killed_run_are_cleared(marts: Proefmarts) -> None:
    rest = marts.settings.huis.publications / ".kandidaat-P20240101T000000-00000000"
    (rest / "intern").mkdir(parents=True)
    marts.maak()
    assert not rest.exists()


def test_same_content_ignores_only_what_it_is_told_to(marts: Proefmarts) -> None:
    een = marts.publiceer(1)
    assert zelfde_inhoud(een.pad, marts.maak(2).pad, ("publicatie_id", "gemaakt_op")) == []
    assert "meta.herkomst" in zelfde_inhoud(een.pad, marts.maak(2).pad, ())
    anders = marts.maak(
        2, "UPDATE sturing.stromen SET instroom = instroom + 1 WHERE instroom = 10", "DELETE FROM kosten.naijling"
    )
    assert zelfde_inhoud(een.pad, anders.pad) == ["kosten.naijling", "sturing.stromen"]
    dubbel = marts.maak(2, "INSERT INTO meta.herkomst SELECT * FROM meta.herkomst")
    assert zelfde_inhoud(een.pad, dubbel.marts) == ["meta.herkomst"]


def test_the_manifest_may_be_a_file(marts: Proefmarts, tmp_path: Path) -> None:
    pad = tmp_path / "manifest.json"
    pad.write_text(json.dumps(marts.manifest))
    k = maak_kandidaat(
        marts.settings, publicatie=marts.gegevens(), bewijzen=[], manifest=pad, warehouse=marts.warehouse()
    )
    assert k.marts.is_file()
