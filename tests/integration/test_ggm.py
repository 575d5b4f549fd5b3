"""Tables of the Gemeentelijk Gegevensmodel there and back in marts, and in a database that holds their keys."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from pipeline.berichten import ggm
from pipeline.domain.leveringen import geldende
from pipeline.domain.synoniemen import waardesynoniemen
from pipeline.intake import lees_bewijzen
from pipeline.maand import draai
from pipeline.publish import zelfde_inhoud
from pipeline.settings import load_settings
from pipeline.warehouse.ggm import LEVERINGEN, schrijf_ggm
from tests.conftest import GedraaideRegio
from tests.in_dit_proces import in_dit_proces
from tests.postgres import postgres

pytestmark = pytest.mark.slow


def schrijf(regio: GedraaideRegio, gemeente: str, naar: Path) -> dict[str, int]:
    geldig = list(geldende(lees_bewijzen(regio.settings.huis), regio.nu).values())
    return schrijf_ggm(regio.settings.huis, geldig, waardesynoniemen(regio.catalogus), gemeente, naar)


def test_a_region_delivered_again_from_its_export_has_the_same_marts(
    schone_regio: GedraaideRegio, tmp_path: Path
) -> None:
    settings = load_settings(
        {
            "REGIOMONITOR_HOME": str(tmp_path / "huis"),
            "REGIOMONITOR_SEEDS": str(schone_regio.settings.seeds),
            "REGIOMONITOR_SLEUTEL": "een-andere-sleutel-van-de-tests-0123456789",
            "REGIOMONITOR_BSN_REEKS": "synthetisch",
        }
    )
    for gemeente in schone_regio.catalogus.gemeenten:
        schrijf(schone_regio, gemeente, tmp_path / gemeente)
        shutil.copytree(tmp_path / gemeente / LEVERINGEN, settings.huis.landing / gemeente)
    with in_dit_proces():
        uitkomst = draai(settings, schone_regio.catalogus, nu=schone_regio.nu)
    assert uitkomst.is_gepubliceerd, uitkomst.poort
    anders = zelfde_inhoud(schone_regio.settings.huis.published.resolve(), settings.huis.published.resolve())
    assert set(anders) == {"meta.herkomst"}  # the hash of every file


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


@pytest.fixture
def vraag() -> Iterator[Callable[[str], str]]:
    with postgres() as server:
        yield server.psql


def test_the_tables_load_into_postgresql_with_their_keys(
    rommelige_regio: GedraaideRegio, tmp_path: Path, vraag: Callable[[str], str]
) -> None:
    tellingen = schrijf(rommelige_regio, "GM0153", tmp_path)
    vraag((tmp_path / "ggm.sql").read_text(encoding="utf-8"))
    for tabel, n in tellingen.items():
        df = pl.read_parquet(tmp_path / f"{tabel}.parquet")
        rijen = df.write_csv(include_header=False)
        vraag(f"COPY {tabel} ({', '.join(df.columns)}) FROM STDIN (FORMAT csv);\n{rijen}\\.\n")
        assert vraag(f"SELECT count(*) FROM {tabel}") == str(n)
    assert tellingen["DECLARATIEREGEL"] > 1000
    verwijzingen = sum(s in ggm.TABELLEN or s in ggm.ENUMERATIES for t in ggm.TABELLEN.values() for s in t.values())
    assert vraag("SELECT count(*) FROM pg_constraint WHERE contype = 'f'") == str(verwijzingen)
    # through the keys: what every youth cost is what the rows say
    som = vraag(
        "SELECT sum(CASE rm_debet_credit WHEN 'C' THEN -bedrag ELSE bedrag END) FROM declaratieregel "
        "JOIN declaratie ON valt_binnen_declaratie_id = declaratie_id JOIN toewijzing ON toewijzing_id = "
        "is_op_basis_van_toewijzing_id JOIN client ON client.rechtspersoon_id = betreft_rechtspersoon_id"
    )
    regels = pl.read_parquet(tmp_path / "DECLARATIEREGEL.parquet")
    teken = pl.when(pl.col("RM_DEBET_CREDIT") == "C").then(-1).otherwise(1)
    assert som == str(regels.select((pl.col("BEDRAG") * teken).sum()).item())
    with pytest.raises(subprocess.CalledProcessError):
        vraag("DELETE FROM toewijzing")
