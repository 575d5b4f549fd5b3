"""The calendar as a matrix on a terminal and as plain data.

Lives here: letters, colours and counts of the states. Keep out: what the states are (domain/kalender.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import KalenderRij
from pipeline.domain.leveringen import GEACCEPTEERDE_STATUSSEN, Status
from pipeline.domain.maanden import Maand

# letter, colour, what it means
TEKENS: dict[Status, tuple[str, str, str]] = {
    Status.GEACCEPTEERD: ("G", "green", "geaccepteerd"),
    Status.GEACCEPTEERD_MET_OPMERKINGEN: ("g", "green", "geaccepteerd met opmerkingen"),
    Status.NIHIL_BEVESTIGD: ("0", "green", "niets te leveren, bevestigd"),
    Status.AFGEKEURD: ("X", "red", "afgekeurd"),
    Status.ONTBREEKT: ("!", "bold red", "ontbreekt"),
    Status.TE_LAAT: ("L", "yellow", "te laat, nog binnen respijt"),
    Status.VERWACHT: (".", "dim", "verwacht"),
    Status.NOG_NIET_AANGESLOTEN: ("-", "dim", "nog niet aangesloten"),
}


_GOED, _MATIG = 0.95, 0.75
"""Colours only: from here on green, from here on yellow."""


def tellingen(rijen: Sequence[KalenderRij]) -> dict[str, float]:
    """DHIS2's five counts over the months that were due: expected, received, on time, and both rates (0-1)."""
    verschuldigd = [
        r for r in rijen if r.is_verplicht and r.status not in (Status.VERWACHT, Status.NOG_NIET_AANGESLOTEN)
    ]
    ontvangen = [r for r in verschuldigd if r.status in GEACCEPTEERDE_STATUSSEN]
    op_tijd = [r for r in ontvangen if not r.dagen_te_laat]
    n = len(verschuldigd)
    return {
        "verwacht": n,
        "ontvangen": len(ontvangen),
        "op_tijd": len(op_tijd),
        "ontvangen_aandeel": len(ontvangen) / n if n else 1.0,
        "op_tijd_aandeel": len(op_tijd) / n if n else 1.0,
    }


def tellingen_per_maand(rijen: Sequence[KalenderRij]) -> dict[Maand, dict[str, float]]:
    """The five counts by leveringsmaand, oldest first; months in which nothing was due yet are left out."""
    per_maand = {m: tellingen([r for r in rijen if r.maand == m]) for m in sorted({r.maand for r in rijen})}
    return {m: t for m, t in per_maand.items() if t["verwacht"]}


def toon_verloop(rijen: Sequence[KalenderRij], *, n_maanden: int, console: Console | None = None) -> None:
    """Print the five counts by leveringsmaand: is it getting better."""
    console = console or Console()
    tabel = Table(title="Hoe volledig en hoe op tijd", title_justify="left", header_style="bold", pad_edge=False)
    tabel.add_column("maand", no_wrap=True)
    for kop in ("verwacht", "ontvangen", "op tijd", "ontvangen %", "op tijd %"):
        tabel.add_column(kop, justify="right", no_wrap=True)
    for maand, t in list(tellingen_per_maand(rijen).items())[-n_maanden:]:
        tabel.add_row(
            str(maand),
            f"{t['verwacht']:.0f}",
            f"{t['ontvangen']:.0f}",
            f"{t['op_tijd']:.0f}",
            _procent(t["ontvangen_aandeel"]),
            _procent(t["op_tijd_aandeel"]),
        )
    console.print(tabel)


def _procent(aandeel: float) -> Text:
    kleur = "green" if aandeel >= _GOED else "yellow" if aandeel >= _MATIG else "red"
    return Text(f"{aandeel:.0%}", style=kleur)


def status_als_dict(rijen: Sequence[KalenderRij]) -> dict[str, Any]:
    """Plain form: the counts and every cell."""
    return {
        "tellingen": tellingen(rijen),
        "per_maand": [{"maand": str(m), **t} for m, t in tellingen_per_maand(rijen).items()],
        "per_status": dict(Counter(r.status.value for r in rijen)),
        "leveringen": [
            {
                "gemeente": r.gemeente,
                "bericht": r.bericht.value,
                "maand": str(r.maand),
                "status": r.status.value,
                "uiterste_datum": r.uiterste_datum.isoformat(),
                "dagen_te_laat": r.dagen_te_laat,
                "is_verplicht": r.is_verplicht,
                "reden": r.reden,
            }
            for r in rijen
        ],
    }


def toon_status(
    rijen: Sequence[KalenderRij], catalogus: Catalogus, *, n_maanden: int, console: Console | None = None
) -> None:
    """Print the last `n_maanden` months as a matrix with a legend, and who has to be called."""
    console = console or Console()
    plek = (console.width - 34) // 5
    maanden = sorted({r.maand for r in rijen})[-max(1, min(n_maanden, plek)) :]
    cellen = {(r.gemeente, r.bericht, r.maand): r for r in rijen}
    tabel = Table(title="Wie leverde wat", title_justify="left", header_style="bold", pad_edge=False)
    tabel.add_column("gemeente", no_wrap=True)
    tabel.add_column("bericht", no_wrap=True, min_width=12)
    for maand in maanden:
        tabel.add_column(f"{maand.maand:02d}\n{maand.jaar % 100:02d}", justify="center", no_wrap=True, min_width=2)
    for gemeente, bericht in sorted({(r.gemeente, r.bericht) for r in rijen}):
        naam = catalogus.naam_van(gemeente)
        tabel.add_row(naam, bericht.value, *[_teken(cellen.get((gemeente, bericht, m))) for m in maanden])
    console.print(tabel)
    gebruikt = {cellen[k].status for k in cellen if k[2] in maanden}
    console.print("  ".join(f"{t} {uitleg}" for s, (t, _, uitleg) in TEKENS.items() if s in gebruikt))
    t = tellingen([r for r in rijen if r.maand in maanden])
    console.print(
        f"\nVerwacht {t['verwacht']:.0f}, ontvangen {t['ontvangen']:.0f} ({t['ontvangen_aandeel']:.0%}), "
        f"op tijd {t['op_tijd']:.0f} ({t['op_tijd_aandeel']:.0%})."
    )
    for regel in openstaand(rijen, catalogus):
        console.print(regel)


def _teken(rij: KalenderRij | None) -> Text:
    if rij is None:
        return Text(" ")
    letter, kleur, _ = TEKENS[rij.status]
    return Text(letter, style=kleur)


def openstaand(rijen: Sequence[KalenderRij], catalogus: Catalogus) -> list[str]:
    """One Dutch sentence per obligation that is not met; consecutive months with one story share a sentence."""
    open_ = [r for r in rijen if r.is_verplicht and r.status in (Status.ONTBREEKT, Status.AFGEKEURD, Status.TE_LAAT)]
    reeksen: list[list[KalenderRij]] = []
    for r in sorted(open_, key=lambda r: (r.gemeente, r.bericht, r.maand)):
        vorige = reeksen[-1][-1] if reeksen else None
        zelfde = vorige and (vorige.gemeente, vorige.bericht, vorige.status) == (r.gemeente, r.bericht, r.status)
        if vorige and zelfde and vorige.maand.plus(1) == r.maand:
            reeksen[-1].append(r)
        else:
            reeksen.append([r])
    return [_zin(reeks, catalogus) for reeks in reeksen]


def _zin(reeks: Sequence[KalenderRij], catalogus: Catalogus) -> str:
    eerste, laatste = reeks[0], reeks[-1]
    naam = catalogus.naam_van(eerste.gemeente)
    maanden = str(eerste.maand) if eerste is laatste else f"{eerste.maand} t/m {laatste.maand}"
    wat = f"{naam}: {eerste.bericht.value} {maanden}"
    if eerste.status is Status.AFGEKEURD:
        return f"{wat} is afgekeurd en nog niet opnieuw geleverd."
    woord = "ontbreekt" if eerste.status is Status.ONTBREEKT else "is te laat"
    return f"{wat} {woord}; uiterlijk {eerste.uiterste_datum:%d-%m-%Y}, nu {eerste.dagen_te_laat} dagen over tijd."
