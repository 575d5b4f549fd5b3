"""kwaliteit.uitschieters: a month that looks whole and is not like those around it, wherever a verdict looks.

The model is asked anew over a warehouse in which one month of one gemeente was changed. Keep out: leveringen that
cannot be those of their month (test_waarheid.py).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.publish.oordeel import Zwaarte
from pipeline.publish.poort import verwachtingen
from tests.conftest import GedraaideRegio

WIE = "GM0153"
MAAND = "2025-06-01"


@pytest.fixture(scope="module")
def vraag(schone_regio: GedraaideRegio) -> str:
    """The model as it was built."""
    compiled = schone_regio.settings.huis.pad / "work" / "dbt" / "target" / "compiled"
    (pad,) = compiled.rglob("models/marts/kwaliteit/uitschieters.sql")
    return pad.read_text(encoding="utf-8")


def vreemd(warehouse: Path, vraag: str, ingreep: str, map_: Path) -> list[tuple[str, str, str]]:
    """Change the warehouse, ask again: (figure, gebied, segment) of what is odd in MAAND."""
    kopie = map_ / warehouse.name
    shutil.copyfile(warehouse, kopie)
    with duckdb.connect(str(kopie)) as con:
        con.execute(ingreep)
        return con.execute(
            f"SELECT indicator_id, gebied_code, segment FROM ({vraag}) "
            "WHERE maand = ? AND verklaring IS NULL ORDER BY ALL",
            [MAAND],
        ).fetchall()


def test_a_clean_region_has_none(schone_regio: GedraaideRegio) -> None:
    with duckdb.connect(str(schone_regio.marts), read_only=True) as con:
        assert con.execute("SELECT * FROM kwaliteit.uitschieters").fetchall() == []


GELIJKMATIG = f"""
    UPDATE sturing.stromen SET stand_eind = 400 WHERE gebied_code = '{WIE}';
    UPDATE intermediate.int_naijling_eind SET eind_cent = 100000 WHERE gemeente = '{WIE}';
"""
"""A gemeente of a size and an evenness that leave little to chance."""


@pytest.mark.parametrize(("maal", "is_vreemd"), [(1, False), (0.5, False), (0.02, True), (50, True)])
def test_cost_that_is_gone_or_multiplied(
    schone_regio: GedraaideRegio, vraag: str, maal: float, is_vreemd: bool, tmp_path: Path
) -> None:
    """It is odd for the gemeente, and for nobody else but the regio it is part of."""
    ingreep = GELIJKMATIG + (
        f"UPDATE intermediate.int_naijling_eind SET eind_cent = eind_cent * {maal} "
        f"WHERE gemeente = '{WIE}' AND zorgmaand = '{MAAND}'"
    )
    odd = vreemd(schone_regio.settings.huis.warehouse, vraag, ingreep, tmp_path)
    assert (("kosten", WIE, "totaal") in odd) == is_vreemd
    assert {wie for _, wie, _ in odd} <= {WIE, "REGIO"}


def test_a_stand_that_is_gone(schone_regio: GedraaideRegio, vraag: str, tmp_path: Path) -> None:
    ingreep = GELIJKMATIG + (
        f"UPDATE sturing.stromen SET stand_eind = 1 WHERE gebied_code = '{WIE}' AND maand = '{MAAND}' "
        "AND segment IN ('totaal', 'ambulant')"
    )
    odd = vreemd(schone_regio.settings.huis.warehouse, vraag, ingreep, tmp_path)
    assert odd == [("stand", WIE, "ambulant"), ("stand", WIE, "totaal")]


def test_the_gate_holds_what_moves_the_regio(schone_regio: GedraaideRegio, tmp_path: Path) -> None:
    """From the setting on, unless somebody explained it."""
    pad = schone_regio.settings.huis.published.resolve()
    kopie = tmp_path / "kandidaat"
    shutil.copytree(pad, kopie)
    marts = kopie / "intern" / "marts.duckdb"
    marts.chmod(0o600)
    rij = (
        f"INSERT INTO kwaliteit.uitschieters BY NAME SELECT 'kosten' AS indicator_id, '{WIE}' AS gebied_code, "
        f"'verblijf' AS segment, DATE '{MAAND}' AS maand, %s AS effect_aandeel, %s AS verklaring"
    )
    for effect, verklaring, gehouden in ((0.05, "NULL", False), (0.06, "'een sluiting'", False), (0.06, "NULL", True)):
        with duckdb.connect(str(marts)) as con:
            con.execute("DELETE FROM kwaliteit.uitschieters")
            con.execute(rij % (effect, verklaring))
        (v,) = (v for v in verwachtingen(kopie, schone_regio.catalogus, None) if v.naam == "uitschieter")
        assert v.zwaarte is Zwaarte.KRITIEK
        (eis,) = v.eisen
        assert eis.maximum is not None
        assert (v.meting["effect"][0] > eis.maximum) == gehouden
        assert ("verblijf" in v.waargenomen) == (verklaring == "NULL")
