"""The comparison is what the files of the regions give by hand, to the cent; and a region that lacks is no decline."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.domain.fouten import BouwFout
from pipeline.landelijk import WinkelFout, deel, vergelijk, vergelijken
from pipeline.landelijk.vergelijken import PROJECTMAP
from pipeline.landelijk.winkel import lees
from tests.landelijk.met_de_hand import vergelijking_met_de_hand
from tests.landelijk.regios import DAG, Regio, maak_winkel


def lees_vergelijking(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    antwoord = con.execute("FROM landelijk.vergelijking")
    namen = [k[0] for k in antwoord.description]
    return [dict(zip(namen, rij, strict=True)) for rij in antwoord.fetchall()]


def lees_bestand(pad: Path) -> list[dict[str, Any]]:
    with duckdb.connect(str(pad), read_only=True) as con:
        return lees_vergelijking(con)


@pytest.fixture(scope="module")
def regios(tmp_path_factory: pytest.TempPathFactory) -> list[Regio]:
    """Five regions: one withholds a figure, one counts it by another definition, one shared before."""
    map_ = tmp_path_factory.mktemp("landelijk")
    winkel = maak_winkel(map_ / "winkel")
    vijf = [Regio(map_, f"Regio {n}", winkel) for n in "ABCDE"]
    vijf[2].publiceer(0, factor=9)
    deel(vijf[2].settings, nu=DAG)
    for nr, regio in enumerate(vijf):
        regio.publiceer(
            1,
            factor=(1, 1.5, 2.25, 0.875, 7)[nr],
            leeg=("kosten",) if nr == 1 else (),
            versie=2 if nr == 4 else 1,
            jaren=3 - nr % 2,
        )
        deel(regio.settings, nu=DAG)
    return vijf


def test_it_is_what_the_files_give_by_hand(regios: list[Regio]) -> None:
    """The models as they are written, without dbt: that makes the same of them, in the slow tests."""
    assert regios[0].settings.winkel is not None
    with lees(regios[0].settings.winkel) as con:
        con.execute("CREATE SCHEMA landelijk")
        for model in ("regios", "vergelijking"):
            sql = (PROJECTMAP / "models" / f"{model}.sql").read_text(encoding="utf-8")
            sql = re.sub(r"\{\{ source\('(\w+)', '(\w+)'\) \}\}", r"winkel.\1.\2", sql)
            sql = re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"landelijk.\1", sql)
            con.execute(f"CREATE TABLE landelijk.{model} AS {sql}")
        alle = lees_vergelijking(con)
    assert alle == vergelijking_met_de_hand({r.naam: r.marts for r in regios})
    # and once in plain words: of kosten in 2024 B shows nothing, and E counts by another definition
    jaar = [r for r in alle if (r["indicator_id"], r["periode"]) == ("kosten", dt.date(2024, 1, 1))]
    kosten = {r["regio_code"]: r for r in jaar}
    a = kosten["regio-a"]
    assert a["landelijke_som"] == Decimal("63525001.03")  # (1 + 2.25 + 0.875) x 15,400,000.25
    assert (a["n_regios"], a["n_regios_totaal"], a["rang"], a["kwartiel"]) == (3, 5, 2, None)
    assert a["dekking_som"] == pytest.approx((1 + 2.25 + 0.875) / (1 + 1.5 + 2.25 + 0.875 + 7))
    assert (kosten["regio-b"]["rang"], kosten["regio-b"]["teken"]) == (None, "onvolledig")
    assert (kosten["regio-e"]["rang"], kosten["regio-e"]["landelijke_som"]) == (1, Decimal("107800001.75"))


@pytest.mark.slow
def test_dbt_makes_the_same_with_what_it_means_and_swaps_it_in_whole(
    regios: list[Regio], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = regios[0].settings
    assert vergelijk(settings).regios == tuple(r.naam for r in regios)
    stond = lees_bestand(settings.huis.vergelijking)
    assert stond == vergelijking_met_de_hand({r.naam: r.marts for r in regios})
    with duckdb.connect(str(settings.huis.vergelijking), read_only=True) as con:
        zonder = "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL UNION ALL "
        zonder += "SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal"
        assert con.execute(zonder).fetchall() == []
        tabellen = con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
    assert tabellen == [("regios",), ("vergelijking",)]
    # twice the same publication in the book: the grain does not hold, and nothing is swapped
    assert settings.winkel is not None
    monkeypatch.setattr(vergelijken, "PROJECTMAP", _met_fout(settings.huis.work / "project"))
    with pytest.raises(BouwFout, match=r"de vorige staat er nog.*regios"):
        vergelijk(settings)
    leeg = Regio(settings.seeds, "Leeg", maak_winkel(settings.seeds / "leeg"))
    with pytest.raises(WinkelFout, match="er nog niet"):
        vergelijk(leeg.settings)
    assert lees_bestand(settings.huis.vergelijking) == stond


def _met_fout(naar: Path) -> Path:
    """Copy the project with a model that gives every region twice."""
    for pad in PROJECTMAP.rglob("*.*"):
        if pad.is_file() and "target" not in pad.parts:
            doel = naar / pad.relative_to(PROJECTMAP)
            doel.parent.mkdir(parents=True, exist_ok=True)
            doel.write_text(
                pad.read_text(encoding="utf-8").replace("../dbt_project", str(PROJECTMAP.parent / "dbt_project"))
            )
    regios = naar / "models" / "regios.sql"
    regios.write_text(regios.read_text(encoding="utf-8").replace("order by actueel.regio_code", "cross join range(2)"))
    return naar
