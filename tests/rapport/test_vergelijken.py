"""The page *Vergelijken*: there where regions share, with the numbers of the comparison; and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from lxml import html

from pipeline.rapport import maken
from pipeline.rapport.blokken import Figuur, Pagina, Tabelblok
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import Editie
from pipeline.rapport.paginas import vergelijken
from pipeline.settings import Huis, Settings, Winkelplek
from tests.rapport.conftest import N_REGIOS, html_van


def pagina(publicatie: Path, naam: str, pad: Path | None) -> tuple[Boek, list[Pagina]]:
    boek = replace(maken.open_boek(publicatie, Editie(naam)), vergelijking=pad)
    return boek, list(vergelijken.paginas(boek))


@pytest.mark.parametrize("naam", ["intern", "openbaar"])
def test_the_region_stands_beside_the_others(publicatie: Path, vergelijking: Path, naam: str) -> None:
    boek, paginas = pagina(publicatie, naam, vergelijking)
    assert boek.regio == "Twente"
    (p,) = paginas
    assert p.kop == "Twente staat in het aandeel jeugdigen met jeugdzorg op plaats 3 van 5 regio's, van hoog naar laag."
    figuren = [x for x in p.secties[0].inhoud if isinstance(x, Figuur)]
    assert len(figuren) >= 3
    for f in figuren:
        assert f.beeld is not None
        assert [r["naam"] for r in f.tabel.rijen] == ["Regio 4", "Regio 3", "Twente", "Regio 1", "Regio 0"]
        assert [r["v"] for r in f.beeld.data["rijen"]] == [r["v"] for r in f.tabel.rijen if r["naam"] == "Twente"]
        assert len(f.beeld.data["grijs"]) == N_REGIOS - 1
        assert "vijf van de vijf regio's tonen dit cijfer" in f.zeker
    samen = next(x for s in p.secties for x in s.inhoud if s.id == "samen" and isinstance(x, Tabelblok))
    with duckdb.connect(str(vergelijking), read_only=True) as con:
        jaar = p.kicker[-4:]
        sommen = con.execute(
            "SELECT DISTINCT indicator_id, landelijke_som FROM landelijk.vergelijking WHERE landelijke_som IS NOT NULL "
            f"AND periode_soort = 'jaar' AND segment = 'totaal' AND year(periode) = {jaar} ORDER BY 1"
        ).fetchall()
    assert sorted((r["indicator_id"], r["landelijke_som"]) for r in samen.tabel.rijen) == sommen
    boom = html.fromstring(html_van(boek, [p, *begrippen(boek)])[vergelijken.PAD])
    assert "Vergelijken" in boom.xpath("//nav//a/text()") + boom.xpath("//header//a/text()")
    assert len(boom.xpath("//figure")) == len(figuren)
    assert not boom.xpath("//script | //@style")
    boek.bron.sluit()


def begrippen(boek: Boek) -> list[Pagina]:
    from pipeline.rapport.paginas import begrip

    return list(begrip.paginas(boek))


def test_without_a_store_there_is_no_page(publicatie: Path, tmp_path: Path) -> None:
    boek, paginas = pagina(publicatie, "openbaar", None)
    boek.bron.sluit()
    assert paginas == []
    huis = Huis(tmp_path)
    huis.vergelijking.touch()
    settings = Settings(huis, tmp_path, None, "")  # type: ignore[arg-type]  # no key: nothing is read
    assert maken.vergelijking_van(settings) is None
    assert maken.vergelijking_van(replace(settings, winkel=Winkelplek("c", "g", "openbaar", 1))) == huis.vergelijking
    huis.vergelijking.unlink()
    assert maken.vergelijking_van(replace(settings, winkel=Winkelplek("c", "g", "openbaar", 1))) is None
