"""The page of places and placement: figures where extracts were delivered, and that there are none elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.rapport.blokken import Figuur, Matrix, Pagina, Punten, Tabelblok
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import Editie
from pipeline.rapport.maken import open_boek
from pipeline.rapport.paginas import begrip, kwaliteit, plekken, regio
from tests.rapport.conftest import html_van
from tests.verder.conftest import Huis

pytestmark = pytest.mark.slow

NIET = "niets afgesproken"


def boek(huis: Huis) -> Iterator[Boek]:
    open_ = open_boek(huis.settings.huis.published.resolve(), Editie("intern"))
    yield open_
    open_.bron.sluit()


@pytest.fixture(scope="module")
def met_boek(met: Huis) -> Iterator[Boek]:
    yield from boek(met)


@pytest.fixture(scope="module")
def zonder_boek(zonder: Huis) -> Iterator[Boek]:
    yield from boek(zonder)


def secties(pagina: Pagina) -> dict[str, list[object]]:
    return {s.id: list(s.inhoud) for s in pagina.secties}


def test_every_question_has_an_answer_where_it_was_delivered(met_boek: Boek) -> None:
    (pagina,) = plekken.paginas(met_boek)
    per = secties(pagina)
    figuren = {f.id: f for inhoud in per.values() for f in inhoud if isinstance(f, Figuur)}
    assert set(figuren) == {"bezetting", "plaatsing-duur", *(i for i, _, _ in plekken.DOSSIER)}
    for f in figuren.values():
        assert f.beeld is not None
        assert f.tabel.rijen
        assert any(c.isdigit() for c in f.kop), f.kop
    vooruit = [b for b in per["plekken"] if isinstance(b, Tabelblok) and b.tabel.bron == "sturing.prognose_plekken"]
    assert vooruit
    assert vooruit[0].tabel.rijen
    html = html_van(met_boek, [pagina])[plekken.PAD]
    assert NIET not in html
    assert "None" not in html


def test_it_says_so_where_nothing_was_agreed(zonder_boek: Boek) -> None:
    (pagina,) = plekken.paginas(zonder_boek)
    per = secties(pagina)
    for naam in ("plekken", "plaatsing", "vooraf"):
        (alleen,) = per[naam]
        assert isinstance(alleen, Punten)
        assert NIET in alleen.punten[0][1]
    assert html_van(zonder_boek, [pagina])[plekken.PAD].count(NIET) == 3


def test_the_page_of_an_indicator_that_is_not_there_says_why(met_boek: Boek, zonder_boek: Boek) -> None:
    def van(b: Boek) -> dict[str, list[object]]:
        return secties(next(p for p in begrip.paginas(b) if p.pad == "begrip/bezettingsgraad.html"))

    (waarom,) = van(zonder_boek)["verloop"]
    assert isinstance(waarom, Punten)
    assert "Het extract capaciteit is er niet" in waarom.punten[0][1]
    assert isinstance(van(met_boek)["verloop"][0], Figuur)


def test_who_owes_a_further_extract_stands_apart(met_boek: Boek, zonder_boek: Boek) -> None:
    def matrices(b: Boek) -> dict[str, Matrix]:
        alle = [x for p in kwaliteit.paginas(b) for s in p.secties for x in s.inhoud if isinstance(x, Matrix)]
        return {m.titel.split(",")[0]: m for m in alle}

    met, zonder = matrices(met_boek), matrices(zonder_boek)
    assert set(met) - set(zonder) == {"Capaciteit", "Verzoeken", "Dossierfeiten"}
    assert [naam for naam, _, _ in met["Capaciteit"].rijen] == ["De regio"]
    assert len(met["Dossierfeiten"].rijen) == 3
    assert [naam for naam, _, _ in met["Toewijzingen"].rijen] == [naam for naam, _, _ in zonder["Toewijzingen"].rijen]
    (eerste,) = regio.paginas(met_boek)
    (vak,) = (x for s in eerste.secties for x in s.inhoud if isinstance(x, Matrix))
    assert "De regio" not in [naam for naam, _, _ in vak.rijen]


def test_the_figures_of_2011_stand_beside_two_indicators(met_boek: Boek) -> None:
    """In a table of their own with what was counted otherwise, and in no series."""
    for indicator, eenheid, totaal in (("stand", "Jeugdigen", 10_499), ("kosten", "Duizend euro", 130_070)):
        pagina = next(p for p in begrip.paginas(met_boek) if p.pad == f"begrip/{indicator}.html")
        (blok,) = secties(pagina)["vroeger"]
        assert isinstance(blok, Tabelblok)
        assert blok.tabel.kolommen[1].kop == eenheid
        assert {r["waarde"] for r in blok.tabel.rijen if r["gebied_soort"] == "regio"} == {totaal}
        assert "Jeugdwet" in blok.letop
    anders = next(p for p in begrip.paginas(met_boek) if p.pad == "begrip/instroom.html")
    assert "vroeger" not in secties(anders)


def test_a_month_that_was_not_delivered_is_not_a_month_of_few_requests(tmp_path: Path) -> None:
    """The mart has zeros at dekking 0; the page says that nothing came, and counts on no such month."""
    with duckdb.connect(str(tmp_path / "m.duckdb")) as con:
        con.execute("CREATE SCHEMA sturing")
        con.execute(
            "CREATE TABLE sturing.plaatsing AS SELECT 'REGIO' AS gebied_code, 'totaal' AS hulpvorm, * FROM (VALUES "
            "(DATE '2026-01-01', 5, 1, 4, 3, 2, 9.0, 20.0, 1.0, 'definitief'), "
            "(DATE '2026-02-01', 0, 0, 0, 0, 2, NULL, NULL, 0.0, 'voorlopig')) AS v (maand, n_verzoeken, n_spoed, "
            "n_gematcht, n_geplaatst, n_zonder_match, mediaan_dagen_tot_match, mediaan_dagen_tot_plaatsing, dekking, "
            "rijping)"
        )
        antwoord = con.execute(plekken.PLAATSING.replace("$gebied", "'REGIO'"))
        namen = [k[0] for k in antwoord.description]
        rijen = [dict(zip(namen, r, strict=True)) for r in antwoord.fetchall()]
    assert [(r["n_verzoeken"], r["n_zonder_match"], r["v"], r["dekking"]) for r in rijen] == [
        (5, 2, 20.0, 1),
        (None, None, None, 0),
    ]
    zin = plekken.TOT_PLAATSING.zeker(rijen, None)  # type: ignore[arg-type]  # the sentence looks at the rows only
    assert "In één maand zijn 3 jeugdigen geplaatst" in zin
    assert "Over één maand daarnaast is niet geleverd." in zin
