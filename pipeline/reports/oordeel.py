"""The judgement on one file, for the sender who runs `regiomonitor check`.

Lives here: findings with row, column and sentence, never a value. Keep out: judging (intake/).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from pipeline.domain.bevindingen import Bevinding, Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.reports.redenen import zin_van
from pipeline.reports.terugmelding import controleregels, totalen

if TYPE_CHECKING:
    from pipeline.intake import Oordeel

KOPPEN = {
    Ernst.BLOKKEREND: "Hierdoor is het bestand geweigerd",
    Ernst.FOUT: "Deze rijen zijn niet meegenomen",
    Ernst.SIGNAAL: "Deze rijen tellen mee, maar kijk er eens naar",
    Ernst.INFO: "Ter informatie",
}


def waar(bevinding: Bevinding) -> str:
    """Where a finding is: first row numbers as the sender sees them, and columns."""
    delen = []
    if bevinding.rijen:
        meer = " en verder" if bevinding.n_rijen > len(bevinding.rijen) else ""
        woord = "rij" if len(bevinding.rijen) == 1 and not meer else "rijen"
        delen.append(f"{woord} {', '.join(map(str, bevinding.rijen))}{meer}")
    if bevinding.kolommen:
        delen.append(f"kolom {', '.join(bevinding.kolommen)}")
    return "; ".join(delen)


def oordeel_als_dict(oordeel: Oordeel, catalogus: Catalogus) -> dict[str, Any]:
    """Plain form: the receipt, with a sentence for every finding."""
    antwoord = oordeel.bewijs.als_dict()
    antwoord["is_geaccepteerd"] = oordeel.bewijs.is_geaccepteerd
    antwoord["bevindingen"] = [
        {**b.als_dict(), "zin": zin_van(b, catalogus), "waar": waar(b)} for b in oordeel.bewijs.bevindingen
    ]
    return antwoord


def schrijf_oordeel(oordeel: Oordeel, catalogus: Catalogus, doel: Path) -> None:
    """Write to `doel` what a sender gets back after `run`: the workbook, or its JSON when the name says so."""
    from pipeline.reports.bezorgen import als_json
    from pipeline.reports.terugmelding import maak_boek, maak_melding

    melding = maak_melding(oordeel.bewijs, oordeel.terugblik, catalogus, is_proef=True)
    doel.write_bytes(als_json(melding) if doel.suffix.lower() == ".json" else maak_boek(melding))


def _euro(cent: int) -> str:
    return f"{cent / 100:,.2f} euro".translate(str.maketrans(",.", ".,"))


def toon_oordeel(oordeel: Oordeel, catalogus: Catalogus, console: Console | None = None) -> None:
    """Print the verdict and every finding that counts rows, worst first."""
    console = console or Console()
    bewijs = oordeel.bewijs
    kleur = "green" if bewijs.is_geaccepteerd else "red"
    console.print(
        f"[bold {kleur}]{bewijs.status.value}[/bold {kleur}]  {escape(bewijs.bestandsnaam)}  ({bewijs.sleutel})"
    )
    r = bewijs.rijen
    c = bewijs.bedrag_cent
    console.print(f"{r.ontvangen} rijen: {r.geaccepteerd} geaccepteerd, {r.quarantaine} niet meegenomen.")
    console.print(
        f"{_euro(c.ontvangen)}: {_euro(c.geaccepteerd)} geaccepteerd, {_euro(c.quarantaine)} niet meegenomen.",
        highlight=False,
    )
    if vergeleken := totalen(bewijs):
        console.print("\n[bold]Controletotalen: opgegeven tegen gevonden[/bold]")
        for wat, hoe in controleregels(vergeleken)[1:]:
            console.print(f"  {wat}: {hoe}", highlight=False, markup=False)
    for ernst in Ernst:
        gevonden = [b for b in bewijs.bevindingen if b.ernst is ernst and b.n_rijen > 0]
        if gevonden:
            console.print(f"\n[bold]{KOPPEN[ernst]}[/bold]")
        for b in gevonden:
            hoe_vaak = f" ({b.n_rijen}x)" if b.rijen else ""  # a finding on the file as a whole is no number of rows
            console.print(f"  {b.regel_code}  {zin_van(b, catalogus)}{hoe_vaak}", highlight=False, markup=False)
            if plek := waar(b):
                console.print(f"       {plek}", highlight=False)
