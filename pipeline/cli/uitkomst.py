"""What came of a run, for the engineer who started it.

Lives here: the outcome of `draai` in words and as plain data: what came in, what was refused and why, what is late or
missing, whether it published. Keep out: deciding any of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Ontvangstbewijs, Sleutel, Status
from pipeline.domain.verklaringen import losse_verklaringen
from pipeline.reports.redenen import redenen
from pipeline.reports.signalen import Signalen, lees_signalen
from pipeline.reports.status import openstaand, tellingen
from pipeline.reports.werklijst import Werklijst, lees_werklijst

HOOGSTENS_AFGEKEURD, HOOGSTENS_HERLEVERD, HOOGSTENS_OPEN = 5, 2, 4
"""Refused and open leveringen named on a terminal; there are commands that show all."""

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
        "werklijst": werk.als_dict() if (werk := _werklijst(uitkomst)) else None,
        "openbaar": _openbaar(uitkomst),
        "losse_verklaringen": list(_losse(uitkomst)),
        "poort": uitkomst.poort.als_dict() if uitkomst.poort else None,
        "rapport": str(uitkomst.rapport) if uitkomst.rapport else None,
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


def _werklijst(uitkomst: Uitkomst) -> Werklijst | None:
    return lees_werklijst(uitkomst.publicatie.pad / "intern" / "marts.duckdb") if uitkomst.publicatie else None


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
    """Print what came in, what was refused and why, what is late or missing, what to do first, and what was published.

    At most forty lines: who wants all of it asks `status`, `--json` or the marts.
    """
    console = console or Console()
    _toon_inname(uitkomst, console)
    _toon_lijst(console, "Afgekeurd, en er staat niets beters", _afgekeurd(uitkomst, catalogus), HOOGSTENS_AFGEKEURD)
    _toon_lijst(
        console, "Afgekeurd; wat er stond blijft gelden", _vervangt_niet(uitkomst, catalogus), HOOGSTENS_HERLEVERD
    )
    _toon_terugmelding(uitkomst, console)
    open_regels = openstaand(uitkomst.opdracht.kalender, catalogus)
    _toon_lijst(console, "Nog niet in orde", open_regels, HOOGSTENS_OPEN)
    _toon_werklijst(uitkomst, catalogus, console)
    _toon_publicatie(uitkomst, console)
    stappen = ", ".join(f"{naam} {s:.1f} s" for naam, s in uitkomst.seconden.items())
    console.print(f"[dim]{stappen}[/dim]", soft_wrap=True)


def _toon_lijst(console: Console, kop: str, regels: Sequence[str], hoogstens: int) -> None:
    if regels:
        console.print(f"\n[bold]{kop}[/bold] ({len(regels)})")
    for regel in regels[:hoogstens]:
        console.print(f"  {regel}", highlight=False, markup=False, soft_wrap=True)
    if len(regels) > hoogstens:
        console.print(f"  en nog {len(regels) - hoogstens}: regiomonitor status")


def _toon_inname(uitkomst: Uitkomst, console: Console) -> None:
    inname = uitkomst.inname
    if not inname.nieuw:
        console.print(f"Niets nieuws in landing/ ({inname.ongewijzigd} bestanden waren al ingenomen).")
    else:
        goed, som = sum(b.is_geaccepteerd for b in inname.nieuw), _som(inname.nieuw)
        wie = len({b.sleutel.gemeente for b in inname.nieuw})
        console.print(
            f"Ingenomen: {_aantal(len(inname.nieuw), 'levering', 'leveringen')} van "
            f"{_aantal(wie, 'gemeente', 'gemeenten')}: {goed} geaccepteerd, {len(inname.nieuw) - goed} afgekeurd; "
            f"{_aantal(som['ontvangen'], 'rij', 'rijen')}, waarvan {_getal(som['quarantaine'])} in quarantaine.",
            highlight=False,
            soft_wrap=True,
        )
    for o in inname.overgeslagen:
        woord = "MISLUKT" if o.is_fout else "overgeslagen"
        console.print(f"  {woord}: {o.bestand}: {o.reden}", markup=False, soft_wrap=True)


def _getal(n: int) -> str:
    return f"{n:,}".replace(",", ".")


def _aantal(n: int, enkel: str, meer: str) -> str:
    return f"{_getal(n)} {enkel if n == 1 else meer}"


def _vervangt_niet(uitkomst: Uitkomst, catalogus: Catalogus) -> list[str]:
    """What this run refused while something better stands: no figure changes, but the sender meant it to."""
    open_ = {b.levering_id for b in nog_afgekeurd(uitkomst)}
    return [
        f"{_wie(b.sleutel, catalogus)} ({b.bestandsnaam}): {'; '.join(redenen(b, catalogus))}"
        for b in uitkomst.inname.nieuw
        if b.status is Status.AFGEKEURD and b.levering_id not in open_
    ]


def _afgekeurd(uitkomst: Uitkomst, catalogus: Catalogus) -> list[str]:
    return [
        f"{_wie(b.sleutel, catalogus)} ({b.bestandsnaam}): {'; '.join(redenen(b, catalogus))}"
        for b in nog_afgekeurd(uitkomst)
    ]


def _toon_werklijst(uitkomst: Uitkomst, catalogus: Catalogus, console: Console) -> None:
    """What to act on first; an explanation that excuses nothing is for the engineer."""
    werk = _werklijst(uitkomst)
    if werk and (regels := werk.regels(catalogus)):
        console.print(f"\n[bold]Werklijst: wat het meest beweegt[/bold] ({len(werk.te_doen)})")
        for regel in regels:
            console.print(f"  {regel}", highlight=False, markup=False, soft_wrap=True)
    for zin in _losse(uitkomst):
        console.print(
            f"[yellow]Verklaring die nergens bij hoort[/yellow]: {escape(zin)}", highlight=False, soft_wrap=True
        )


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
    return f"{catalogus.naam_van(sleutel.gemeente)}: {sleutel.bericht.value} {sleutel.maand}"


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
        if uitkomst.rapport:
            pagina = uitkomst.opdracht.settings.huis.rapport / "intern" / "index.html"
            console.print(f"  bekijk: {pagina}", highlight=False, soft_wrap=True)
        if aantal := _openbaar(uitkomst):
            console.print(f"  openbaar: {_hoe_gevuld(aantal)}", highlight=False, soft_wrap=True)
    else:
        console.print(
            "\n[bold red]Niet gepubliceerd[/bold red]: de poort hield de cijfers tegen; wat er stond blijft staan."
        )
        for zin in uitkomst.poort.bezwaren if uitkomst.poort else ():
            console.print(f"  {zin}", highlight=False, markup=False)
