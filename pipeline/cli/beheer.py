"""Commands for whoever keeps a data home: health, back-up, key, deletion, which publications are kept, what runs cost.

Lives here: their arguments and what they print. Keep out: what they do (beheer/, publish/).
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.hulp import Keuze, MaandType, als_json, klok, open_huis, toon_json
from pipeline.domain.kalender import AMSTERDAM
from pipeline.domain.maanden import Maand
from pipeline.domain.runs import Run

if TYPE_CHECKING:
    from pipeline.beheer.verwijderen import Verwijderd
    from pipeline.settings import Settings


@click.command(help="Zeg of dit data home leeft; eindigt met 1 als dat niet zo is.")
@click.option(
    "--poort",
    "--serve",
    "poort",
    cls=Keuze,
    type=click.IntRange(0, 65535),
    help="Antwoord op http://HOST:POORT/health tot het wordt gestopt.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Bij --poort: waar te luisteren.")
@als_json
@click.pass_context
def health(ctx: click.Context, poort: int | None, host: str, json_uit: bool) -> None:
    """Tell whether this data home is alive; exit 1 when it is not."""
    from pipeline.beheer import gezondheid

    settings, catalogus = open_huis(mag_nieuw=True)  # it says itself that there is no home
    if poort is not None:
        server = gezondheid.maak_server(
            (host, poort), lambda: gezondheid.als_dict(gezondheid.controleer(settings, catalogus, nu=klok()))
        )
        click.echo(f"http://{host}:{server.server_port}/health", err=True)
        with server:
            server.serve_forever()
        return
    controles = gezondheid.controleer(settings, catalogus, nu=klok())
    if json_uit:
        toon_json(gezondheid.als_dict(controles))
    else:
        for c in controles:
            click.echo(f"{'goed ' if c.is_goed else 'FOUT '} {c.naam}: {c.toelichting}")
    ctx.exit(0 if all(c.is_goed for c in controles) else 1)


@click.command(
    help="Kopieer het data home naar de back-upmap DOEL; alleen wat nieuw is kost tijd en ruimte. Nooit met de sleutel."
)
@click.argument("doel", type=click.Path(file_okay=False, path_type=Path))
@als_json
def backup(doel: Path, json_uit: bool) -> None:
    """Copy the data home to the back-up folder DOEL; only what is new costs time and space. Never holds the key."""
    from pipeline.beheer.back_up import maak_backup

    settings, _ = open_huis()
    uit = maak_backup(settings.huis, doel, seeds=settings.seeds, nu=klok())
    if json_uit:
        toon_json(asdict(uit))
    else:
        click.echo(
            f"Back-up {uit.moment}: {uit.bestanden} bestanden, {uit.bytes / 1e6:.1f} MB, "
            f"waarvan {uit.bytes_nieuw / 1e6:.1f} MB nieuw."
        )


@click.command(
    help="Maak het (lege) data home van een back-up; `run` of `replay` maakt daarna rijen en warehouse weer."
)
@click.argument("bron", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--moment", help="Welke back-up (anders: de laatste); de namen staan in BRON/momenten/.")
@als_json
def restore(bron: Path, moment: str | None, json_uit: bool) -> None:
    """Make the (empty) data home of a back-up; `run` or `replay` then makes rows and warehouse again."""
    from pipeline.beheer.back_up import zet_terug

    settings, _ = open_huis(mag_nieuw=True)
    uit = zet_terug(bron, settings.huis, moment=moment)
    if json_uit:
        toon_json(asdict(uit))
    else:
        click.echo(f"Teruggezet: {uit.moment}, {uit.bestanden} bestanden. Nu: regiomonitor run, daarna replay.")


@click.command(
    "rotate-key",
    help="Geef iedere persoon een ander pseudoniem met een nieuwe sleutel; wie een persoon was blijft een persoon.",
)
@click.option(
    "--nieuwe-sleutel",
    "--new-key-file",
    "bestand",
    cls=Keuze,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Bestand met de nieuwe sleutel, buiten het data home.",
)
@click.option("--met-verlies", is_flag=True, help="Ook als nummers van leveringen zonder bytes hun verband verliezen.")
@als_json
def rotate_key(bestand: Path, met_verlies: bool, json_uit: bool) -> None:
    """Give every person another pseudonym with a new key; who was one person stays one person."""
    from pipeline.beheer.sleutelwissel import wissel
    from pipeline.settings import lees_sleutelbestand

    settings, catalogus = open_huis()
    nieuw = lees_sleutelbestand(settings.huis, bestand, settings.bsn_reeks)
    uit = wissel(settings, catalogus, nieuw=nieuw, nu=klok(), met_verlies=met_verlies)
    if json_uit:
        toon_json(asdict(uit))
    else:
        click.echo(
            f"{uit.opnieuw} leveringen opnieuw beoordeeld, {uit.vertaald} vertaald, {uit.personen} personen. Zet nu "
            "REGIOMONITOR_SLEUTELBESTAND op het nieuwe bestand en draai `regiomonitor run`; vernietig daarna de oude."
        )


@click.group(help="Verwijder gegevens op verzoek of na de bewaartermijn; de volgende run publiceert cijfers zonder.")
def forget() -> None:
    """Delete data on request or because it may no longer be kept; the next run publishes figures without it."""


@forget.command(
    help=(
        "Verwijder een persoon; het BSN wordt van standaardinvoer gelezen, zodat het niet in de "
        "geschiedenis van de shell komt."
    )
)
@click.option(
    "--ook-zonder-rijen", is_flag=True, help="Ook als het nummer in bestanden staat en geen rij van deze persoon is."
)
@als_json
@click.pass_context
def youth(ctx: click.Context, ook_zonder_rijen: bool, json_uit: bool) -> None:
    """Delete one person; the BSN is read from standard input, so that it stays out of the history of the shell."""
    from pipeline.beheer.verwijderen import vergeet_jeugdige

    settings, _ = open_huis()
    bsn = click.prompt("BSN", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    ctx.exit(_toon(vergeet_jeugdige(settings, bsn.strip(), ook_zonder_rijen=ook_zonder_rijen), json_uit))


@forget.command(help="Verwijder alles wat een gemeente leverde, zoals GM0153.")
@click.argument("code")
@click.option("--ja", "--yes", "yes", cls=Keuze, is_flag=True, help="Vraag niets.")
@als_json
@click.pass_context
def gemeente(ctx: click.Context, code: str, yes: bool, json_uit: bool) -> None:
    """Delete everything that one gemeente delivered, e.g. GM0153."""
    from pipeline.beheer.verwijderen import verwijder_gemeente

    settings, catalogus = open_huis()
    if code not in catalogus.gemeenten:
        raise click.UsageError(f"{code} is geen gemeente van deze regio")
    _zeker(yes, f"Alles van {catalogus.gemeenten[code].naam} verwijderen?")
    ctx.exit(_toon(verwijder_gemeente(settings, code), json_uit))


@forget.command(help="Verwijder elke levering van een maand voor MAAND (bewaartermijn).")
@click.argument("maand", type=MaandType())
@click.option("--ja", "--yes", "yes", cls=Keuze, is_flag=True, help="Vraag niets.")
@als_json
@click.pass_context
def before(ctx: click.Context, maand: Maand, yes: bool, json_uit: bool) -> None:
    """Delete every levering of a month before MAAND (retention)."""
    from pipeline.beheer.verwijderen import verwijder_voor

    settings, _ = open_huis()
    _zeker(yes, f"Alle leveringen van voor {maand} verwijderen?")
    ctx.exit(_toon(verwijder_voor(settings, maand), json_uit))


def _zeker(yes: bool, vraag: str) -> None:
    if not yes:
        click.confirm(vraag, abort=True, err=True)


def _toon(uit: Verwijderd, json_uit: bool) -> int:
    """Say what was done; return 1 when something stays of which nobody knows what is in it."""
    if json_uit:
        toon_json(asdict(uit))
    else:
        click.echo(
            f"Verwijderd: {uit.rijen} rijen in {uit.leveringen} leveringen en {uit.bestanden} bestanden. Draai nu "
            "`regiomonitor run`; denk aan de back-ups en aan de bron bij de gemeente."
        )
        if uit.niet_doorzocht:
            click.echo("Niet te doorzoeken; kijk zelf, en verwijder wat weg moet:", err=True)
        for zin in uit.niet_doorzocht:
            click.echo(f"  {zin}", err=True)
    return 1 if uit.niet_doorzocht else 0


@click.command(help="Bewaar een publicatie: zij wordt nooit opgeruimd.")
@click.argument("publicatie_id")
@click.option("--reden", required=True, help="Waarom zij wordt bewaard, zoals 'jaarrapport 2025'.")
@als_json
def keep(publicatie_id: str, reden: str, json_uit: bool) -> None:
    """Keep a publication: it is never cleared away."""
    from pipeline import publish

    settings, _ = open_huis()
    try:
        merk = publish.bewaar(settings, publicatie_id, reden=reden, nu=klok())
    except KeyError:
        raise click.ClickException(f"Geen publicatie {publicatie_id}; zie `regiomonitor publications`.") from None
    if json_uit:
        toon_json({"publicatie_id": publicatie_id, "reden": merk.reden})
    else:
        click.echo(f"{publicatie_id} wordt bewaard: {merk.reden}.")


def maak_kwaliteitsdocs(settings: Settings, publicatie_id: str, *, json_uit: bool) -> None:
    """Make the Data Docs of a publication and say where they are."""
    from pipeline.publish.kwaliteitsdocs import maak_kwaliteitsdocs as maak

    try:
        pagina = maak(settings, publicatie_id)
    except KeyError:
        raise click.ClickException(f"Geen publicatie {publicatie_id}; zie `regiomonitor publications`.") from None
    if json_uit:
        toon_json({"publicatie_id": publicatie_id, "kwaliteitsdocs": str(pagina)})
    else:
        click.echo(str(pagina))


@click.command(help="Ruim publicaties op die niet worden bewaard en ouder zijn dan `publicatie_bewaar_dagen`.")
@als_json
def prune(json_uit: bool) -> None:
    """Clear away publications that are not kept and older than `publicatie_bewaar_dagen`."""
    from pipeline import publish
    from pipeline.proces.slot import enige_schrijver

    settings, catalogus = open_huis()
    with enige_schrijver(settings.huis):
        dagen = dt.timedelta(days=catalogus.getal("publicatie_bewaar_dagen"))
        weg = publish.ruim_op(settings, ouder_dan=dagen, nu=klok())
    if json_uit:
        toon_json({"opgeruimd": weg})
    else:
        click.echo(f"{len(weg)} publicaties opgeruimd.")


def toon_runs(runs: list[Run]) -> None:
    """Print what the last runs did and cost, in 80 columns and Dutch time; of the last one step by step."""
    click.echo("\nLaatste runs")
    for r in runs:
        begonnen = f"{r.begonnen_op.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"
        click.echo(f"  {begonnen}  {r.bron:<14}{r.uitkomst.value:<15}{r.seconden:8.1f} s{r.piek_mb or 0:8} MB")
    if runs and runs[-1].stappen:
        click.echo("Stappen van de laatste run")
    for stap in runs[-1].stappen if runs else ():
        rijen = "" if stap.rijen is None else f"{stap.rijen} rijen"
        click.echo(f"  {stap.naam:<22}{stap.seconden:8.1f} s{stap.piek_mb or 0:8} MB  {rijen}")


COMMANDOS: tuple[click.Command, ...] = (health, backup, restore, rotate_key, forget, keep, prune)
