"""Commands on what goes out: what was published, back to an earlier one, what moved between two, rows of a gemeente.

Lives here: their arguments and what they print. Keep out: what they do (publish/, warehouse/ggm.py).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from pipeline.cli.beheer import maak_kwaliteitsdocs, toon_runs
from pipeline.cli.hulp import als_json, klok, open_huis, toon_json
from pipeline.domain.kalender import AMSTERDAM
from pipeline.proces import runboek


@click.command(
    help=(
        "Toon de publicaties (`*` is de huidige), en wat de laatste runs deden en kostten. Tijden zijn "
        "Nederlandse tijd."
    )
)
@click.option("--kwaliteitsdocs", metavar="ID", help="Maak de Data Docs van deze publicatie en zeg waar zij staan.")
@als_json
def publications(kwaliteitsdocs: str | None, json_uit: bool) -> None:
    """List the publications (`*` is the current one), and what the last runs did and cost. Times are Dutch time."""
    from pipeline import publish

    settings, _ = open_huis()
    if kwaliteitsdocs:
        maak_kwaliteitsdocs(settings, kwaliteitsdocs, json_uit=json_uit)
        return
    alle = publish.publicaties(settings)
    runs = runboek.lees(settings.huis)[-10:]
    if json_uit:
        merken = {p.publicatie_id: publish.bewaarmerk(p.pad) for p in alle}
        bewaard = {k: m.reden if m else None for k, m in merken.items()}
        lijst = [p.als_dict() | {"bewaard": bewaard[p.publicatie_id]} for p in alle]
        toon_json({"publicaties": lijst, "runs": [r.als_dict() for r in runs]})
        return
    if not alle:
        click.echo("Nog niets gepubliceerd; `regiomonitor run` maakt de eerste publicatie.")
    for p in alle:
        ster = "*" if p.is_actueel else " "
        merk = publish.bewaarmerk(p.pad)
        waarom = f"\n    bewaard: {merk.reden}" if merk else ""
        peilmoment = f"{p.peilmoment.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"
        click.echo(f"{ster} {p.publicatie_id}  per {peilmoment}  {p.n_leveringen} leveringen{waarom}")
    if runs:
        toon_runs(runs)


@click.command(help="Maak een eerdere publicatie weer de huidige.")
@click.argument("publicatie_id")
@als_json
def rollback(publicatie_id: str, json_uit: bool) -> None:
    """Make an earlier publication the current one again."""
    from pipeline import publish
    from pipeline.proces.slot import enige_schrijver
    from pipeline.rapport import wijs_aan

    settings, _ = open_huis()
    with enige_schrijver(settings.huis):
        try:
            p = publish.rol_terug(settings, publicatie_id)
        except KeyError:
            raise click.ClickException(f"Geen publicatie {publicatie_id}; zie `regiomonitor publications`.") from None
        wijs_aan(settings.huis)
    if json_uit:
        toon_json(p.als_dict())
    else:
        click.echo(f"Actueel is nu {p.publicatie_id}. De volgende run publiceert weer de nieuwste stand.")
        if settings.winkel is not None:
            click.echo("Was de latere al gedeeld: `regiomonitor deel --intrekken ID` haalt haar uit de winkel.")


@click.command(help="Welke cijfers bewogen tussen twee publicaties, en welke leveringen kwamen of gingen.")
@click.argument("van")
@click.argument("naar")
@als_json
def diff(van: str, naar: str, json_uit: bool) -> None:
    """Which figures moved between two publications, and which leveringen came or went."""
    from dataclasses import asdict

    from pipeline import publish
    from pipeline.reports.verschil import toon_verschil

    settings, _ = open_huis()
    paden = {p.publicatie_id: p.pad for p in publish.publicaties(settings)}
    for publicatie_id in (van, naar):
        if publicatie_id not in paden:
            raise click.ClickException(f"Geen publicatie {publicatie_id}; zie `regiomonitor publications`.")
    figuren = publish.verschillen(paden[van], paden[naar])
    leveringen = publish.verschil_leveringen(paden[van], paden[naar])
    if json_uit:
        toon_json({"figuren": [f.als_dict() for f in figuren], "leveringen": [asdict(v) for v in leveringen]})
    else:
        toon_verschil(figuren, leveringen)


@click.command(help="Maak de rapportpagina's van een publicatie opnieuw (anders: van de huidige).")
@click.argument("publicatie_id", required=False)
@click.option("--editie", multiple=True, help="Alleen deze editie: intern, openbaar of gemeente/GM....; mag vaker.")
@click.option(
    "--pdf", is_flag=True, help="Ook elk rapport en pakket als PDF, in pdf/ van de editie (heeft chromium nodig)."
)
@als_json
def rapport(publicatie_id: str | None, editie: tuple[str, ...], pdf: bool, json_uit: bool) -> None:
    """Make the report pages of a publication anew (default: the current one)."""
    from pipeline import publish
    from pipeline import rapport as pagina
    from pipeline.proces.slot import enige_schrijver
    from pipeline.rapport.pdf import maak_pdfs, zoek_chromium

    settings, _ = open_huis()
    staand = publish.huidige(settings)
    wie = publicatie_id or (staand.publicatie_id if staand else None)
    if wie is None:
        raise click.ClickException("Nog niets gepubliceerd; `regiomonitor run` maakt de eerste publicatie.")
    chromium = zoek_chromium() if pdf else None
    with enige_schrijver(settings.huis):
        try:
            na = partial(maak_pdfs, chromium=chromium) if chromium else None
            gemaakt = pagina.maak(settings, wie, alleen=editie, na=na)
        except KeyError:
            raise click.ClickException(f"Geen publicatie {wie}; zie `regiomonitor publications`.") from None
        pagina.wijs_aan(settings.huis)
    if json_uit:
        toon_json(gemaakt.als_dict())
        return
    n = sum(gemaakt.paginas.values())
    click.echo(
        f"{n} pagina's van {wie} in {len(gemaakt.paginas)} edities, {gemaakt.getekend} tekeningen nieuw gemaakt."
    )
    eerste = next(iter(gemaakt.paginas), "intern")
    click.echo(f"Open in een browser: {gemaakt.pad / eerste / 'index.html'}")


@click.command(
    help="Schrijf de bewaarde rijen van een gemeente als tabellen van het Gemeentelijk Gegevensmodel (docs/ggm.md)."
)
@click.option("--gemeente", required=True, help="CBS-code, zoals GM0153.")
@click.option(
    "--naar",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Map om naar te schrijven; nieuw of leeg.",
)
@als_json
def ggm(gemeente: str, naar: Path, json_uit: bool) -> None:
    """Write the kept rows of a gemeente as tables of the Gemeentelijk Gegevensmodel."""
    from pipeline.domain.leveringen import geldende
    from pipeline.domain.synoniemen import waardesynoniemen
    from pipeline.intake import lees_bewijzen
    from pipeline.proces.slot import enige_schrijver
    from pipeline.reports.ggm import toelichting
    from pipeline.warehouse.ggm import schrijf_ggm

    if naar.exists() and any(naar.iterdir()):
        raise click.UsageError("--naar is een map waar al iets in staat; kies een nieuwe of een lege.")
    settings, catalogus = open_huis()
    with enige_schrijver(settings.huis):
        geldig = list(geldende(lees_bewijzen(settings.huis), klok()).values())
        tellingen = schrijf_ggm(settings.huis, geldig, waardesynoniemen(catalogus), gemeente, naar)
    if not tellingen:
        raise click.ClickException(f"Van {gemeente} staat geen levering; zie `regiomonitor status`.")
    (naar / "LEESMIJ.md").write_text(toelichting(), encoding="utf-8")
    if json_uit:
        toon_json({"gemeente": gemeente, "map": str(naar), "rijen": tellingen})
        return
    for tabel, n in tellingen.items():
        click.echo(f"{n:>9}  {tabel}")
    click.echo(f"Alleen voor {gemeente}: persoonsgegevens. Begin bij {naar / 'LEESMIJ.md'}.")


COMMANDOS = (publications, rollback, diff, rapport, ggm)
