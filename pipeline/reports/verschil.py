"""Which figures moved between two publications, and which leveringen are behind it.

Lives here: wording of the comparison. Keep out: comparing (publish/vergelijk.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from pipeline.publish import LeveringVerschil, Verschil

GETOOND = 40


def toon_verschil(
    figuren: Sequence[Verschil], leveringen: Sequence[LeveringVerschil], console: Console | None = None
) -> None:
    """Print the leveringen that came or went and the figures that moved, regional ones and large moves first."""
    console = console or Console()
    console.print(f"[bold]Leveringen[/bold]: {len(leveringen)} erbij of eraf")
    for v in leveringen[:GETOOND]:
        console.print(f"  {v.soort:5} {v.gemeente} {v.bericht} {v.maand} ({v.status})", highlight=False)
    console.print(f"\n[bold]Cijfers[/bold]: {len(figuren)} veranderd")
    if not figuren:
        return
    tabel = Table(header_style="bold")
    for kop in ("indicator", "periode", "gebied", "segment", "was", "is", "verschil"):
        tabel.add_column(kop, justify="right" if kop in ("was", "is", "verschil") else "left")
    volgorde = sorted(figuren, key=lambda f: (f.gebied_code != "REGIO", -abs(f.verschil_aandeel or 0)))
    for f in volgorde[:GETOOND]:
        aandeel = "" if f.verschil_aandeel is None else f"{f.verschil_aandeel:+.1%}"
        periode = f"{f.periode_soort} {f.periode:%Y-%m}"
        tabel.add_row(
            f.indicator_id, periode, f.gebied_code, f.segment, _getal(f.waarde_oud), _getal(f.waarde_nieuw), aandeel
        )
    console.print(tabel)
    if len(figuren) > GETOOND:
        console.print(f"en nog {len(figuren) - GETOOND}; alles staat in verschil.csv van de publicatie, of met --json.")


def _getal(waarde: float | None) -> str:
    if waarde is None:
        return "-"
    return f"{waarde:,.0f}" if abs(waarde) >= 100 else f"{waarde:.3f}"
