"""What came of a run, for the engineer who started it.

Lives here: the outcome of `draai` in words and as plain data: what came in, what was refused and why, what is late or
missing, whether it published. Keep out: deciding any of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Ontvangstbewijs, Sleutel, Status
from pipeline.domain.verklaringen import losse_verklaringen
from pipeline.reports.redenen import redenen
from pipeline.reports.signalen import Signalen, lees_signalen
from pipeline.reports.status import openstaand, tellingen

if TYPE_CHECKING:
    from pipeline.maand import Uitkomst


def nog_afgekeurd(uitkomst: Uitkomst) -> list[Ontvangstbewijs]:
    """Refused leveringen for which nothing better stands, as of the peilmoment, newest per key."""
    getoond = {r.levering_id for r in uitkomst.opdracht.kalender if r.status is Status.AFGEKEURD}
    return [b for b in uitkomst.opdracht.bewijzen if b.levering_id in getoond]


def uitkomst_als_dict(uitkomst: Uitkomst, catalogus: Catalogus) -> dict[str, Any]:
    """Plain form of the whole outcome."""
    inname, opdracht = uitkomst.inname, uitkomst.opdracht
    return {
        "is_gepubliceerd": uitkomst.is_gepubliceerd,
        "is_heel": uitkomst.is_heel,
        "is_ongewijzigd": uitkomst.is_ongewijzigd,
        "publicatie_id": uitkomst.publicatie.publicatie_id if uitkomst.publicatie else None,
        "peilmoment": opdracht.peilmoment.isoformat(),
        "inname": {
            "nieuw": len(inname.nieuw),
            "ongewijzigd": inname.ongewijzigd,
            "per_status": dict(Counter(b.status.value for b in inname.nieuw)),
            "rijen": _som(inname.nieuw),
            "afgekeurd": [
                {
                    "gemeente": b.sleutel.gemeente,
                    "bericht": b.sleutel.bericht.value,
                    "maand": str(b.sleutel.maand),
                    "bestand": b.bestandsnaam,
                    "redenen": redenen(b, catalogus),
                }
                for b in inname.nieuw
                if b.status is Status.AFGEKEURD
            ],
            "overgeslagen": [
                {"bestand": o.bestand, "reden": o.reden, "is_fout": o.is_fout} for o in inname.overgeslagen
            ],
            "herbeoordeeld": len(inname.herbeoordeeld),
        },
        "terugmelding": uitkomst.terugmeldingen.als_dict() if uitkomst.terugmeldingen else None,
        "kalender": tellingen(opdracht.kalender),
        "openstaand": openstaand(opdracht.kalender, catalogus),
        "signalen": signalen.als_dict() if (signalen := _signalen(uitkomst)) else None,
        "openbaar": _openbaar(uitkomst),
        "losse_verklaringen": list(_losse(uitkomst)),
        "poort": uitkomst.poort.als_dict() if uitkomst.poort else None,
        "seconden": {k: round(v, 2) for k, v in uitkomst.seconden.items()},
    }


def _openbaar(uitkomst: Uitkomst) -> dict[str, int] | None:
    """Count the public core figures by why they are empty; the first key is those that are not."""
    from pipeline.publish.openbaar import vulling

    return vulling(uitkomst.publicatie.pad) if uitkomst.publicatie else None


def _hoe_gevuld(aantal: Mapping[str, int]) -> str:
    weg = " en ".join(f"{n} {teken}" for teken, n in aantal.items() if teken)
    return f"{sum(aantal.values())} kerncijfers" + (f", waarvan leeg: {weg}" if weg else "")


def _signalen(uitkomst: Uitkomst) -> Signalen | None:
    return lees_signalen(uitkomst.publicatie.pad / "intern" / "marts.duckdb") if uitkomst.publicatie else None


def _losse(uitkomst: Uitkomst) -> tuple[str, ...]:
    opdracht = uitkomst.opdracht
    return losse_verklaringen(opdracht.catalogus, opdracht.bewijzen, opdracht.peilmoment)


def _som(bewijzen: tuple[Ontvangstbewijs, ...]) -> dict[str, int]:
    return {
        "ontvangen": sum(b.rijen.ontvangen for b in bewijzen),
        "geaccepteerd": sum(b.rijen.geaccepteerd for b in bewijzen),
        "quarantaine": sum(b.rijen.quarantaine for b in bewijzen),
    }


def toon_uitkomst(uitkomst: Uitkomst, catalogus: Catalogus, console: Console | None = None) -> None:
    """Print what came in, what was refused and why, what is late or missing, and whether it published."""
    console = console or Console()
    _toon_inname(uitkomst, console, catalogus)
    _toon_afgekeurd(uitkomst, catalogus, console)
    _toon_terugmelding(uitkomst, console)
    open_regels = openstaand(uitkomst.opdracht.kalender, catalogus)
    if open_regels:
        console.print(f"\n[bold]Nog niet in orde[/bold] ({len(open_regels)})")
        for regel in open_regels:
            console.print(f"  {regel}", markup=False)
    _toon_signalen(uitkomst, catalogus, console)
    _toon_publicatie(uitkomst, console)
    stappen = ", ".join(f"{naam} {s:.1f} s" for naam, s in uitkomst.seconden.items())
    console.print(f"[dim]{stappen}[/dim]")


def _toon_inname(uitkomst: Uitkomst, console: Console, catalogus: Catalogus) -> None:
    inname = uitkomst.inname
    if not inname.nieuw:
        console.print(f"Niets nieuws in landing/ ({inname.ongewijzigd} bestanden waren al ingenomen).")
    else:
        tabel = Table(title=f"Ingenomen: {len(inname.nieuw)} leveringen", title_justify="left", header_style="bold")
        for kop in ("gemeente", "geaccepteerd", "afgekeurd", "rijen ontvangen", "in quarantaine"):
            tabel.add_column(kop, justify="left" if kop == "gemeente" else "right")
        for gemeente in sorted({b.sleutel.gemeente for b in inname.nieuw}):
            eigen = tuple(b for b in inname.nieuw if b.sleutel.gemeente == gemeente)
            goed = sum(b.is_geaccepteerd for b in eigen)
            som = _som(eigen)
            naam = catalogus.gemeenten[gemeente].naam if gemeente in catalogus.gemeenten else gemeente
            tabel.add_row(naam, str(goed), str(len(eigen) - goed), f"{som['ontvangen']:,}", f"{som['quarantaine']:,}")
        console.print(tabel)
    for o in inname.overgeslagen:
        woord = "MISLUKT" if o.is_fout else "overgeslagen"
        console.print(f"  {woord}: {o.bestand}: {o.reden}", markup=False)


def _toon_afgekeurd(uitkomst: Uitkomst, catalogus: Catalogus, console: Console) -> None:
    staand = nog_afgekeurd(uitkomst)
    opgelost = [b for b in uitkomst.inname.nieuw if b.status is Status.AFGEKEURD and b not in staand]
    if staand:
        console.print(f"\n[bold]Afgekeurd, en er staat niets beters[/bold] ({len(staand)})")
    for b in staand:
        console.print(f"  {_wie(b.sleutel, catalogus)} ({b.bestandsnaam})", highlight=False, markup=False)
        for reden in redenen(b, catalogus):
            console.print(f"    {reden}", highlight=False, markup=False)
    if opgelost:
        console.print(f"\nAfgekeurd, maar een andere versie van hetzelfde is goed: {len(opgelost)}.")


def _toon_signalen(uitkomst: Uitkomst, catalogus: Catalogus, console: Console) -> None:
    """Only what is unexplained is asked; an explanation that excuses nothing is for the engineer."""
    signalen = _signalen(uitkomst)
    if signalen and (regels := signalen.regels(catalogus)):
        console.print("\n[bold]Signalen zonder verklaring[/bold]")
        for regel in regels:
            console.print(f"  {regel}", highlight=False, markup=False)
    for zin in _losse(uitkomst):
        console.print(f"[yellow]Verklaring die nergens bij hoort[/yellow]: {escape(zin)}", highlight=False)


def _toon_terugmelding(uitkomst: Uitkomst, console: Console) -> None:
    terug = uitkomst.terugmeldingen
    if terug is None:
        return
    if terug.geschreven:
        pad = uitkomst.opdracht.settings.huis.feedback
        console.print(f"\nTerugmeldingen voor de gemeenten: {terug.geschreven} nieuw in {pad}/", highlight=False)
    for zin in terug.mislukt:
        console.print(f"  [yellow]{escape(zin)}[/yellow]", highlight=False)


def _wie(sleutel: Sleutel, catalogus: Catalogus) -> str:
    gemeente = catalogus.gemeenten.get(sleutel.gemeente)
    return f"{gemeente.naam if gemeente else sleutel.gemeente}: {sleutel.bericht.value} {sleutel.maand}"


def _toon_publicatie(uitkomst: Uitkomst, console: Console) -> None:
    if n := len(uitkomst.inname.fouten):
        console.print(f"\n[bold red]Niet heel[/bold red]: {n} bestanden zijn door een fout van ons niet ingenomen.")
    if uitkomst.is_ongewijzigd and uitkomst.publicatie:
        console.print(f"\nEr is niets veranderd; publicatie {uitkomst.publicatie.publicatie_id} blijft staan.")
    elif uitkomst.publicatie:
        console.print(f"\n[bold green]Gepubliceerd[/bold green]: {uitkomst.publicatie.publicatie_id}", highlight=False)
        console.print(
            f"  {uitkomst.opdracht.settings.huis.published}/intern/marts.duckdb", highlight=False, soft_wrap=True
        )
        if aantal := _openbaar(uitkomst):
            console.print(f"  openbaar: {_hoe_gevuld(aantal)}", highlight=False, soft_wrap=True)
    else:
        console.print(
            "\n[bold red]Niet gepubliceerd[/bold red]: de poort hield de cijfers tegen; wat er stond blijft staan."
        )
        for zin in uitkomst.poort.bezwaren if uitkomst.poort else ():
            console.print(f"  {zin}", highlight=False, markup=False)
