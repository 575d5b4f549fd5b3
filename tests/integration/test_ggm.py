"""Tables of the Gemeentelijk Gegevensmodel there and back in marts, and in a database that holds their keys."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
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

pytestmark = pytest.mark.slow
PROGRAMMAS = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


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

Vraag = Callable[[str], str]


@pytest.fixture
def postgres() -> Iterator[Vraag]:
    """A database of its own, on a socket in a folder of its own; it refuses to be root."""
    if PROGRAMMAS is None:
        pytest.skip("er is geen PostgreSQL in /usr/lib/postgresql")
    if os.geteuid() == 0 and not shutil.which("runuser"):
        pytest.skip("PostgreSQL weigert root, en runuser is er niet")
    als = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    map_ = Path(tempfile.mkdtemp(prefix="ggm-"))  # not that of pytest: another account cannot enter it
    if als:
        shutil.chown(map_, "nobody")
    data = str(map_ / "data")

    def doe(*woorden: str) -> None:
        subprocess.run([*als, *woorden], check=True, capture_output=True, cwd=map_)

    try:
        doe(f"{PROGRAMMAS}/initdb", "-D", data, "-U", "eigenaar", "-A", "trust", "-E", "UTF8", "--no-sync")
        opties = f"-c listen_addresses= -c fsync=off -k {map_}"
        doe(f"{PROGRAMMAS}/pg_ctl", "-D", data, "-w", "-l", str(map_ / "log"), "-o", opties, "start")
        psql = [f"{PROGRAMMAS}/psql", "-h", str(map_), "-U", "eigenaar", "-d", "postgres", "-qAtX"]
        yield lambda sql: subprocess.run(
            [*psql, "-v", "ON_ERROR_STOP=1"], input=sql, check=True, capture_output=True, text=True
        ).stdout.strip()
        doe(f"{PROGRAMMAS}/pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(map_, ignore_errors=True)


def test_the_tables_load_into_postgresql_with_their_keys(
    rommelige_regio: GedraaideRegio, tmp_path: Path, postgres: Vraag
) -> None:
    tellingen = schrijf(rommelige_regio, "GM0153", tmp_path)
    postgres((tmp_path / "ggm.sql").read_text(encoding="utf-8"))
    for tabel, n in tellingen.items():
        df = pl.read_parquet(tmp_path / f"{tabel}.parquet")
        rijen = df.write_csv(include_header=False)
        postgres(f"COPY {tabel} ({', '.join(df.columns)}) FROM STDIN (FORMAT csv);\n{rijen}\\.\n")
        assert postgres(f"SELECT count(*) FROM {tabel}") == str(n)
    assert tellingen["DECLARATIEREGEL"] > 1000
    verwijzingen = sum(s in ggm.TABELLEN or s in ggm.ENUMERATIES for t in ggm.TABELLEN.values() for s in t.values())
    assert postgres("SELECT count(*) FROM pg_constraint WHERE contype = 'f'") == str(verwijzingen)
    # through the keys: what every youth cost is what the rows say
    som = postgres(
        "SELECT sum(CASE rm_debet_credit WHEN 'C' THEN -bedrag ELSE bedrag END) FROM declaratieregel "
        "JOIN declaratie ON valt_binnen_declaratie_id = declaratie_id JOIN toewijzing ON toewijzing_id = "
        "is_op_basis_van_toewijzing_id JOIN client ON client.rechtspersoon_id = betreft_rechtspersoon_id"
    )
    regels = pl.read_parquet(tmp_path / "DECLARATIEREGEL.parquet")
    teken = pl.when(pl.col("RM_DEBET_CREDIT") == "C").then(-1).otherwise(1)
    assert som == str(regels.select((pl.col("BEDRAG") * teken).sum()).item())
    with pytest.raises(subprocess.CalledProcessError):
        postgres("DELETE FROM toewijzing")
