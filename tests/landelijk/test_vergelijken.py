"""The comparison is what the files of the regions give by hand, to the cent; and a region that lacks is no decline."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipeline.domain.fouten import BouwFout
from pipeline.landelijk import WinkelFout, deel, vergelijk, vergelijken
from tests.landelijk.met_de_hand import vergelijking_met_de_hand
from tests.landelijk.regios import DAG, Regio, maak_winkel


def lees_vergelijking(pad: Path) -> list[dict[str, object]]:
    with duckdb.connect(str(pad), read_only=True) as con:
        antwoord = con.execute("FROM landelijk.vergelijking")
        namen = [k[0] for k in antwoord.description]
        return [dict(zip(namen, rij, strict=True)) for rij in antwoord.fetchall()]


@pytest.fixture(scope="module")
def regios(tmp_path_factory: pytest.TempPathFactory) -> list[Regio]:
    """Five regions: one withholds a figure, one counts it by another definition, one shared before."""
    map_ = tmp_path_factory.mktemp("landelijk")
    winkel = maak_winkel(map_ / "winkel")
    vijf = [Regio(map_, f"Regio {n}", winkel) for n in "ABCDE"]
    for nr, regio in enumerate(vijf):
        if nr == 2:
            regio.publiceer(0, factor=9)
            deel(regio.settings, nu=DAG)
        regio.publiceer(
            1,
            factor=(1, 1.5, 2.25, 0.875, 7)[nr],
            leeg=("kosten",) if nr == 1 else (),
            versie=2 if nr == 4 else 1,
            jaren=3 - nr % 2,
        )
        deel(regio.settings, nu=DAG)
    vergelijk(vijf[0].settings)
    return vijf


def test_it_is_what_the_files_give_by_hand(regios: list[Regio]) -> None:
    pad = regios[0].settings.huis.vergelijking
    assert lees_vergelijking(pad) == vergelijking_met_de_hand({r.naam: r.marts for r in regios})
    # and once in plain words: of kosten in 2024 B shows nothing, and E counts by another definition
    kosten = {
        r["regio_code"]: r
        for r in lees_vergelijking(pad)
        if r["indicator_id"] == "kosten" and r["periode"].year == 2024
    }  # type: ignore[attr-defined]
    a = kosten["regio-a"]
    assert a["landelijke_som"] == Decimal("63525001.03")  # (1 + 2.25 + 0.875) x 15,400,000.25
    assert (a["n_regios"], a["n_regios_totaal"], a["rang"], a["kwartiel"]) == (3, 5, 2, None)
    assert a["dekking_som"] == pytest.approx((1 + 2.25 + 0.875) / (1 + 1.5 + 2.25 + 0.875 + 7))
    assert (kosten["regio-b"]["rang"], kosten["regio-b"]["teken"]) == (None, "onvolledig")
    assert (kosten["regio-e"]["rang"], kosten["regio-e"]["landelijke_som"]) == (1, Decimal("107800001.75"))


def test_every_table_and_column_says_what_it_means(regios: list[Regio]) -> None:
    with duckdb.connect(str(regios[0].settings.huis.vergelijking), read_only=True) as con:
        zonder = "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL UNION ALL "
        zonder += "SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal"
        assert con.execute(zonder).fetchall() == []
        assert [r[0] for r in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()] == [
            "regios",
            "vergelijking",
        ]


def test_what_fails_leaves_the_comparison_that_stood(regios: list[Regio], monkeypatch: pytest.MonkeyPatch) -> None:
    stond = lees_vergelijking(regios[0].settings.huis.vergelijking)
    monkeypatch.setattr(vergelijken, "_bouw", lambda *_: (_ for _ in ()).throw(BouwFout("x")))
    with pytest.raises(BouwFout):
        vergelijk(regios[0].settings)
    leeg = Regio(regios[0].settings.seeds, "Leeg", maak_winkel(regios[0].settings.seeds / "leeg"))
    with pytest.raises(WinkelFout, match="er nog niet"):
        vergelijk(leeg.settings)
    assert lees_vergelijking(regios[0].settings.huis.vergelijking) == stond
