"""What a page reads of a publication: its file by parts, and the seeds that it keeps."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipeline.rapport.bron import Bron, Deelvraag, lees_seed, regionaam

VRAAG = Deelvraag(
    "SELECT {sleutel}maand, v FROM t WHERE {waar} ORDER BY maand", gebied="gebied_code", segment="segment"
)


@pytest.fixture
def bron(tmp_path: Path) -> Bron:
    pad = tmp_path / "marts.duckdb"
    with duckdb.connect(str(pad)) as con:
        con.execute(
            "CREATE TABLE t AS SELECT * FROM (VALUES ('A', 'x', 2, 20), ('A', 'x', 1, 10), ('A', 'y', 1, 7), "
            "('B', 'x', 1, 5), (NULL, 'x', 1, 9)) AS v (gebied_code, segment, maand, v)"
        )
    return Bron(pad)


@pytest.mark.parametrize("gebied", ["A", "B", "C", "x' OR TRUE --"])
@pytest.mark.parametrize("segment", ["x", "y"])
def test_a_part_of_all_is_what_the_question_about_the_part_gives(bron: Bron, gebied: str, segment: str) -> None:
    waarden = {"gebied": gebied, "segment": segment, "meer": 1}
    assert bron.vraag(VRAAG, waarden) == bron.vraag(str(VRAAG), waarden)


def test_what_a_page_does_to_its_rows_is_seen_by_no_other(bron: Bron) -> None:
    waarden = {"gebied": "A", "segment": "x"}
    for vraag in (VRAAG, str(VRAAG)):
        bron.vraag(vraag, waarden)[0]["v"] = "anders"
        assert [r["v"] for r in bron.vraag(vraag, waarden)] == [10, 20]


def test_a_seed_with_lines_for_people_is_read_as_the_run_reads_it(tmp_path: Path) -> None:
    """As `nieuw` makes them; a page once took the first of these lines for a row and stopped the run of a new region."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "ref_gemeenten.csv").write_text(
        'gemeente,naam,jeugdregio\n# waartoe dit dient\n"# GM0001,Voorbeeld,Regio"\nGM0141,Almelo,Twente\n',
        encoding="utf-8",
    )
    assert [r["gemeente"] for r in lees_seed(tmp_path, "gemeenten")] == ["GM0141"]
    assert regionaam(lees_seed(tmp_path, "gemeenten")) == "Twente"
    assert lees_seed(tmp_path, "duiding") == []
