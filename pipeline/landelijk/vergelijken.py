"""The comparison: the regions side by side, built by dbt from one snapshot of the store into `vergelijking.duckdb`.

Lives here: where dbt finds store and project, and the swap. The store is attached in this process before dbt begins,
and dbt opens the same file: so it sees the same snapshot in every model, and no connection string is written down.
Keep out: what is computed (dbt_landelijk/), how it is shown (rapport/paginas/vergelijken.py).
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.domain.fouten import BouwFout
from pipeline.landelijk.winkel import WINKEL, WinkelFout, eis_winkel, lees
from pipeline.publish.schrijven import tekst
from pipeline.publish.vrijgave import fsync
from pipeline.settings import PROJECT, Settings
from pipeline.warehouse.bouwen import omgeving

PROJECTMAP = PROJECT / "dbt_landelijk"


@dataclass(frozen=True)
class Vergelijking:
    """What was made: the file, how many regions and figures are in it."""

    pad: Path
    regios: tuple[str, ...]
    n_cijfers: int

    def als_dict(self) -> dict[str, Any]:
        """Plain form, ready for JSON."""
        return asdict(self) | {"pad": str(self.pad)}


def vergelijk(settings: Settings) -> Vergelijking:
    """Build the comparison anew and put it in its place, whole. WinkelFout or BouwFout: what stood still stands."""
    plek = eis_winkel(settings)
    werk = settings.huis.work / "landelijk"
    werk.mkdir(parents=True, exist_ok=True)
    klad = werk / "vergelijking.duckdb"
    klad.unlink(missing_ok=True)
    with lees(plek, klad) as con:
        _bouw(werk, klad)
        con.execute(f"DETACH {WINKEL}")
        _zet_uitleg(con, werk)
        regios = con.execute("SELECT regio_naam FROM landelijk.regios ORDER BY 1").fetchall()
        ((n_cijfers,),) = con.execute("SELECT count(*) FROM landelijk.vergelijking").fetchall()
    if not regios:
        raise WinkelFout("In de winkel staat geen publicatie van een regio; begin met `regiomonitor deel`.")
    fsync(klad)
    os.replace(klad, settings.huis.vergelijking)
    return Vergelijking(settings.huis.vergelijking, tuple(r[0] for r in regios), n_cijfers)


def _bouw(werk: Path, klad: Path) -> None:
    """Run dbt build here, unit tests excepted; BouwFout with what failed."""
    from dbt.cli.main import dbtRunner

    opdracht = [
        "--quiet", "--log-level", "none", "--log-level-file", "none", "--no-send-anonymous-usage-stats",
        "build", "--exclude-resource-type", "unit_test",
        "--project-dir", str(PROJECTMAP), "--profiles-dir", str(PROJECTMAP),
        "--target-path", str(werk / "target"), "--log-path", str(werk / "logs"),
    ]  # fmt: skip
    with omgeving({"REGIOMONITOR_VERGELIJKING": str(klad)}):
        antwoord = dbtRunner().invoke(opdracht)
    if not antwoord.success:
        stuk = [r for r in antwoord.result or () if str(r.status) not in ("success", "pass", "skipped")]
        zinnen = [f"{r.node.name}: {' '.join(str(r.message).split())[:300]}" for r in stuk]
        oorzaak = "; ".join(zinnen) or antwoord.exception
        raise BouwFout(f"De vergelijking kan niet worden gebouwd; de vorige staat er nog. {oorzaak}")


def _zet_uitleg(con: Any, werk: Path) -> None:
    """Put what tables and columns mean into the file itself, as every published file has it."""
    manifest = json.loads((werk / "target" / "manifest.json").read_text(encoding="utf-8"))
    for model in (n for n in manifest["nodes"].values() if n["resource_type"] == "model"):
        tabel = f"{model['schema']}.{model['name']}"
        con.execute(f"COMMENT ON TABLE {tabel} IS '{tekst(model['description'])}'")
        for kolom in model["columns"].values():
            con.execute(f"COMMENT ON COLUMN {tabel}.\"{kolom['name']}\" IS '{tekst(kolom['description'])}'")
