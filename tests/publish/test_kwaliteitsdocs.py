"""Data Docs for engineers: all expectations with what was measured, in pages that fetch nothing."""

from __future__ import annotations

import re

from click.testing import CliRunner, Result
from lxml import html

from pipeline.cli import main
from pipeline.publish import beoordeel_kandidaat, houd_tegen
from pipeline.publish.kwaliteitsdocs import maak_kwaliteitsdocs
from pipeline.publish.oordeel import lees_poort
from tests.publish.conftest import Proefmarts


def test_every_expectation_has_its_page_and_nothing_is_fetched(marts: Proefmarts) -> None:
    p = marts.publiceer()
    index = maak_kwaliteitsdocs(marts.settings, p.publicatie_id)
    assert index == p.pad / "kwaliteitsdocs" / "index.html"
    boom = html.parse(str(index)).getroot()
    getoond = {r.xpath("string(td[1])"): r.xpath("string(td[4])") for r in boom.xpath("//tbody/tr")}
    assert getoond == {v.naam: v.waargenomen for v in lees_poort(p.pad).verwachtingen}
    assert {r.xpath("string(td[2])") for r in boom.xpath("//tbody/tr")} == {"voldaan"}
    bestanden = [b for b in index.parent.rglob("*") if b.is_file()]
    assert all(b.suffix == ".html" for b in bestanden)
    assert len(bestanden) == 1 + 2 * len(getoond)
    for pagina in bestanden:
        tekst = pagina.read_text(encoding="utf-8")
        inhoud = html.fromstring(tekst)
        assert not inhoud.xpath("//script | //link | //img | //iframe | //@src")
        assert not re.search(r"https?://|@import|url\(", tekst)
        assert "default-src 'none'" in tekst
        for adres in inhoud.xpath("//a/@href[not(starts-with(., '#'))]"):
            assert (pagina.parent / adres).is_file(), adres
    maak_kwaliteitsdocs(marts.settings, p.publicatie_id)  # again: in the place of the old ones
    assert {b for b in index.parent.rglob("*.html") if "validations" not in b.parts} <= set(bestanden)
    assert not list(p.pad.glob(".kwaliteitsdocs-*"))


def test_a_held_candidate_shows_what_it_did_not_meet(marts: Proefmarts) -> None:
    kandidaat = marts.bedorven(1, "UPDATE sturing.indicatoren SET dekking = 0.3")
    poort = beoordeel_kandidaat(kandidaat, marts.catalogus, None)
    houd_tegen(kandidaat, marts.settings, poort)
    tekst = maak_kwaliteitsdocs(marts.settings, poort.publicatie_id).read_text(encoding="utf-8")
    rij = next(r for r in html.fromstring(tekst).xpath("//tr") if "dekking_regio" in r.text_content())
    assert "critical" in rij.text_content()
    assert "30,0%" in rij.text_content()


def test_the_command_says_where_they_are_or_that_there_is_no_such_publication(marts: Proefmarts) -> None:
    p = marts.publiceer()
    env = {
        "REGIOMONITOR_HOME": str(marts.settings.huis.pad),
        "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
        "REGIOMONITOR_BSN_REEKS": "synthetisch",
    }

    def vraag(publicatie_id: str) -> Result:
        return CliRunner().invoke(main, ["publications", "--kwaliteitsdocs", publicatie_id], env=env)

    assert vraag(p.publicatie_id).output.strip() == str(p.pad / "kwaliteitsdocs" / "index.html")
    weg = vraag("P20250101T000000-00000000")
    assert weg.exit_code == 1
    assert "Geen publicatie" in weg.output
