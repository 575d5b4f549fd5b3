"""The public quality page says what the gate and the marts say, asks nothing of anybody and names no small count."""

from __future__ import annotations

import json
import re

import duckdb
import pytest
from lxml import html

from pipeline.publish import beoordeel_kandidaat, houd_tegen
from pipeline.publish.kandidaat import Kandidaat
from pipeline.publish.kwaliteitspagina import PAGINA, _aandeel, kwaliteitspagina
from pipeline.publish.oordeel import lees_poort
from tests.publish.conftest import Proefmarts


@pytest.fixture(scope="module")
def pagina(rommelige_regio):
    """Folder, text and tree of the page of a region with everything that goes wrong in it."""
    map_ = rommelige_regio.settings.huis.published
    tekst = (map_ / PAGINA).read_text(encoding="utf-8")
    return map_, tekst, html.fromstring(tekst)


def woorden(boom) -> str:
    return re.sub(r"\s+", " ", boom.text_content())


def test_nothing_is_fetched_and_nothing_runs(pagina):
    map_, tekst, boom = pagina
    assert "default-src 'none'" in boom.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert not boom.xpath("//script | //link | //img | //iframe | //object | //@src | //@onclick")
    assert not re.search(r"url\(|@import|https?:|//[a-z]", tekst)
    adressen = boom.xpath("//a/@href")
    assert len(adressen) > 20
    assert all((map_ / a).is_file() for a in adressen)


def test_it_says_what_the_gate_said(pagina):
    map_, _, boom = pagina
    poort = lees_poort(map_)
    assert poort.is_doorgelaten
    assert "Gepubliceerd" in boom.xpath("//*[contains(@class, 'oordeel')]")[0].text_content()
    rijen = boom.xpath("//section[@aria-labelledby='toetsen']//tbody/tr")
    assert len(rijen) == len(poort.verwachtingen)
    for rij, v in zip(rijen, poort.verwachtingen, strict=True):
        assert v.zin.split(" (")[0].rstrip(".") in woorden(rij)
        assert v.waargenomen in woorden(rij)
        assert ("voldaan" in woorden(rij)) is v.geslaagd
    assert "poort_min" not in woorden(boom)  # settings are no words of a reader


def test_it_says_who_delivered_what(pagina, rommelige_regio):
    map_, _, boom = pagina
    tabellen = boom.xpath("//section[@aria-labelledby='leveringen']//table")
    with duckdb.connect(str(map_ / "intern" / "marts.duckdb"), read_only=True) as con:
        verwacht = con.execute(
            """SELECT gemeente, count(*) FILTER (status IN ('TE_LAAT', 'ONTBREEKT', 'AFGEKEURD')), count(*)
            FROM kwaliteit.leveringsstatus,
                (SELECT max(maand) AS m FROM kwaliteit.leveringsstatus WHERE status <> 'VERWACHT')
            WHERE maand > m - INTERVAL 12 MONTH AND maand <= m AND is_verplicht
                AND status NOT IN ('VERWACHT', 'NOG_NIET_AANGESLOTEN') GROUP BY gemeente"""
        ).fetchall()
    namen = {g: v.naam for g, v in rommelige_regio.catalogus.gemeenten.items()}
    getoond = {}
    for rij in tabellen[1].xpath(".//tbody/tr"):
        naam, verschuldigd, binnen, *_ = (woorden(c) for c in rij.xpath("th | td"))
        getoond[naam] = (int(verschuldigd) - int(binnen), int(verschuldigd))
    assert {namen[g]: (open_, n) for g, open_, n in verwacht}.items() <= getoond.items()
    assert any(open_ for open_, _ in getoond.values())
    kalender = tabellen[0].xpath(".//tbody/tr")
    assert len(kalender) == len(getoond)
    assert all(len(r.xpath("td")) == 12 for r in kalender)
    assert all(c.get("title") for r in kalender for c in r.xpath("td"))  # never by colour or sign alone


def test_everyone_can_read_it(pagina):
    _, tekst, boom = pagina
    assert boom.get("lang") == "nl"
    assert boom.xpath("//meta[@name='viewport']")
    assert all(t in tekst for t in ("prefers-color-scheme: dark", "@media print", "@media (max-width"))
    assert len(boom.xpath("//h1")) == 1
    assert not boom.xpath("//thead//th[not(@scope)] | //tbody//th[not(@scope)]")
    labels = boom.xpath("//section/@aria-labelledby")
    assert labels == [i for i in boom.xpath("//h2/@id") if i in labels]


def test_it_names_no_person_and_the_reservations_of_the_last_month(pagina):
    map_, _, boom = pagina
    assert not re.search(r"\b\d{9}\b|\b[0-9a-f]{32}\b", woorden(boom))
    with duckdb.connect(str(map_ / "intern" / "marts.duckdb"), read_only=True) as con:
        redenen = con.execute(
            "SELECT DISTINCT reden FROM kwaliteit.voorbehouden WHERE gebied_code = 'REGIO' AND maand = "
            "(SELECT max(maand) FROM kwaliteit.voorbehouden WHERE gebied_code = 'REGIO')"
        ).fetchall()
    deel = woorden(boom.xpath("//section[@aria-labelledby='voorbehoud']")[0])
    assert redenen
    assert all(reden in deel for (reden,) in redenen)
    assert "zijn voorlopig" in deel


@pytest.mark.parametrize(
    ("n", "van", "soort", "zin"),
    [
        (9, 100, "rijen", "minder dan 10 rijen"),
        (10, 100, "rijen", "10% van de rijen"),
        (90, 100, "rijen", "90% van de rijen"),
        (91, 100, "rijen", "bijna alle rijen"),
        (2, 14, "leveringen", "2 van 14 leveringen"),
    ],
)
def test_neither_what_was_hit_nor_the_rest_is_named_under_ten(n, van, soort, zin):
    assert _aandeel(n, van, soort) == zin


def test_a_held_candidate_has_its_page_that_says_why_and_how_far_off(marts: Proefmarts, tmp_path):
    kandidaat = marts.bedorven(1, "UPDATE sturing.indicatoren SET dekking = 0.1")
    poort = beoordeel_kandidaat(kandidaat, marts.catalogus, None)
    tekst = woorden(html.parse(str(houd_tegen(kandidaat, marts.settings, poort) / PAGINA)).getroot())
    assert "Tegengehouden: deze cijfers zijn niet gepubliceerd." in tekst
    assert re.search(r"0,24\d*, minstens 0,5 gevraagd", tekst)  # of what was agreed
    assert "Gepubliceerd" not in tekst


def test_tables_that_are_not_there_leave_their_part_empty(marts: Proefmarts):
    kandidaat = marts.kandidaat(1)
    poort = beoordeel_kandidaat(kandidaat, marts.catalogus, None)
    tekst = woorden(html.fromstring(kwaliteitspagina(kandidaat, marts.catalogus, poort)))
    assert "Over leveringen is niets bekend." in tekst
    assert "gelden geen voorbehouden" in tekst


def test_the_same_publication_gives_the_same_page(rommelige_regio, pagina):
    map_, tekst, _ = pagina
    from pipeline.domain.publicaties import PublicatieGegevens

    gegevens = PublicatieGegevens.van_dict(json.loads((map_ / "publicatie.json").read_text(encoding="utf-8")))
    kandidaat = Kandidaat(map_.resolve(), gegevens)
    assert kwaliteitspagina(kandidaat, rommelige_regio.catalogus, lees_poort(map_)) == tekst
