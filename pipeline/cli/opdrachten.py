"""The command line: `regiomonitor` and `python -m pipeline`.

Lives here: arguments, what is printed, exit codes (0 done, 1 what was asked failed, 2 wrong use). Every command
answers in words or, with --json, as one JSON document on stdout; progress goes to stderr and only to a terminal.
Add here: a command. Keep out: what it does; that is a function in a room that Dagster can call too.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import __version__
from pipeline.cli import beheer, landelijk, meldingen, publicaties, regio
from pipeline.cli.hulp import Keuze, MaandType, MomentType, als_json, meld_na_run
from pipeline.cli.hulp import klok as _nu
from pipeline.cli.hulp import open_huis as _open
from pipeline.cli.hulp import toon_json as _toon_json
from pipeline.domain.catalogus import Catalogus, SeedFout
from pipeline.domain.kalender import AMSTERDAM, ONTBREEKT_OF_AFGEKEURD, kalender
from pipeline.domain.leveringen import Bericht
from pipeline.domain.maanden import Maand
from pipeline.proces import logboek
from pipeline.settings import UMASK, InstellingFout, Settings, load_settings

if TYPE_CHECKING:
    from pipeline.maand import Uitkomst, Voortgang


def _log_stap(stap: str, gedaan: int, totaal: int) -> None:
    """Log the begin and the end of a step."""
    if gedaan in (0, totaal):
        logboek.log("stap", stap=stap, gedaan=gedaan, totaal=totaal)


@contextmanager
def _voortgang() -> Iterator[Voortgang]:
    """Show progress in one line on a terminal, nothing elsewhere."""
    from pipeline.maand import stil

    if not sys.stderr.isatty():
        yield _log_stap if logboek.zet_aan(os.environ) else stil
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    kolommen = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*kolommen, console=Console(stderr=True), transient=True) as balk:
        taak = balk.add_task("", total=None)
        bezig = ""

        def toon(stap: str, gedaan: int, totaal: int) -> None:
            nonlocal bezig
            if stap != bezig:
                bezig = stap
                balk.reset(taak, description=stap, total=totaal or None)
            balk.update(taak, completed=gedaan, total=totaal or None)

        yield toon


class Groep(click.Group):
    """Command group that turns expected errors into one clear line and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; settings, seed and run errors end with what to do next, not with a traceback."""
        from pipeline.domain.fouten import RunFout

        try:
            return super().invoke(ctx)
        except (InstellingFout, SeedFout, RunFout) as fout:
            click.echo(f"regiomonitor: {fout}", err=True)
            ctx.exit(1)
        except Exception as fout:
            if not _is_schijf_vol(fout):
                raise
            click.echo(f"regiomonitor: {SCHIJF_VOL}", err=True)
            ctx.exit(1)


SCHIJF_VOL = (
    "De schijf is vol. Wat gepubliceerd was staat er nog, heel en ongewijzigd. Maak ruimte vrij (`regiomonitor prune` "
    "ruimt oude publicaties op) en geef de opdracht opnieuw; zij maakt het werk af."
)


def _is_schijf_vol(fout: BaseException) -> bool:
    """Tell whether there was no room to write; DuckDB says so in its text only."""
    if isinstance(fout, OSError):
        return fout.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return any(os.strerror(nummer) in str(fout) for nummer in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


@click.group(
    cls=Groep,
    help="Van de maandelijkse extracten van gemeenten naar gepubliceerde cijfers over jeugdzorg.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="regiomonitor", help="Toon de versie.")
def main() -> None:
    """From the monthly extracts of gemeenten to published figures on youth care."""
    os.umask(UMASK)


main.add_command(meldingen.alerts)
for _commando in (*regio.COMMANDOS, *publicaties.COMMANDOS, *landelijk.COMMANDOS, *beheer.COMMANDOS):
    main.add_command(_commando)


# of every command that makes a synthetic region
_SEED = click.option(
    "--seed", type=int, default=20240501, show_default=True, help="Begingetal van de synthetische regio."
)
_SCHAAL = click.option(
    "--schaal",
    type=click.FloatRange(0.005, 50),
    default=1.0,
    show_default=True,
    help="1 is de omvang van de voorbeeldregio: 14 gemeenten, 630.000 inwoners.",
)


@main.command(help="Maak een synthetische regio in het data home, neem haar in, bouw en publiceer.")
@click.option(
    "--maanden",
    "--months",
    "maanden",
    cls=Keuze,
    type=click.IntRange(1, 120),
    default=36,
    show_default=True,
    help="Aantal maanden, tot en met de vorige.",
)
@_SEED
@_SCHAAL
@als_json
@click.pass_context
def demo(ctx: click.Context, maanden: int, seed: int, schaal: float, json_uit: bool) -> None:
    """Make a synthetic region in the data home, take it in, build and publish."""
    from pipeline.maand import draai

    settings, catalogus = _open(demo=True)
    nu = _nu()
    laatste = Maand.van(nu.astimezone(AMSTERDAM).date()).plus(-1)
    settings.controleer_huis(demo_vanaf=laatste.plus(1 - maanden))
    with _voortgang() as voortgang:
        voortgang("synthetische regio", 0, 0)
        waarheid = _maak_demo_regio(
            settings, catalogus, maanden=maanden, laatste=laatste, seed=seed, schaal=schaal, nu=nu
        )
        uitkomst = draai(settings, catalogus, nu=_nu(), voortgang=voortgang)
    antwoord = _uitkomst_json(uitkomst, catalogus) | {"waarheid": str(waarheid)}
    if json_uit:
        _toon_json(antwoord)
    else:
        _toon_uitkomst(uitkomst, catalogus)
        click.echo(f"\nDe waarheid achter deze regio en de ingebouwde gebreken staan in {waarheid}/")
        click.echo("Verder: regiomonitor status · regiomonitor check BESTAND · dagster dev")
        if uitkomst.rapport:
            click.echo(f"Open in een browser: {settings.huis.rapport / 'intern' / 'index.html'}")
    ctx.exit(0 if uitkomst.is_heel else 1)


def _maak_demo_regio(
    settings: Settings,
    catalogus: Catalogus,
    *,
    maanden: int,
    laatste: Maand,
    seed: int,
    schaal: float,
    nu: dt.datetime,
) -> Path:
    """Write the synthetic region; its files go to landing/, its truth stays outside the data home (it holds BSNs)."""
    from pipeline.synth import maak_regio

    waarheid = settings.huis.pad.with_name(settings.huis.pad.name + "-waarheid")
    if waarheid.exists() and not (waarheid / "grootboek.csv").exists():
        raise InstellingFout(f"{waarheid} bestaat al en is niet van de demo; hernoem die map en probeer het opnieuw.")
    shutil.rmtree(waarheid, ignore_errors=True)
    maak_regio(waarheid, catalogus, n_maanden=maanden, seed=seed, laatste_maand=laatste, nu=nu, schaal=schaal)
    for bestand in sorted((waarheid / "landing").rglob("*")):
        if bestand.is_file():
            doel = settings.huis.landing / bestand.relative_to(waarheid / "landing")
            doel.parent.mkdir(parents=True, exist_ok=True)
            bestand.replace(doel)
    shutil.rmtree(waarheid / "landing")
    return waarheid


@main.command(help="Neem alles in wat nieuw is in landing/, bouw, toets en publiceer.")
@click.option(
    "--maand",
    "--month",
    "maanden",
    cls=Keuze,
    type=MaandType(),
    multiple=True,
    help="Alleen deze leveringsmaand; mag vaker.",
)
@click.option(
    "--per",
    "--as-of",
    "peilmoment",
    cls=Keuze,
    type=MomentType(),
    help="Reken per dit moment (een dag: het einde ervan).",
)
@click.option("--huidige-seeds", is_flag=True, help="Bij --per: de seeds van nu in plaats van die van toen.")
@als_json
@click.pass_context
def run(
    ctx: click.Context, maanden: tuple[Maand, ...], peilmoment: dt.datetime | None, huidige_seeds: bool, json_uit: bool
) -> None:
    """Take in everything new in landing/, build, check and publish."""
    from pipeline.maand import draai

    settings, catalogus = _open()
    nu = _nu()
    ronde = None
    try:
        with _voortgang() as voortgang:
            uitkomst = draai(
                settings,
                catalogus,
                nu=nu,
                maanden=maanden or None,
                peilmoment=peilmoment,
                huidige_seeds=huidige_seeds,
                voortgang=voortgang,
            )
    finally:
        # also after a run that failed: somebody must hear of it. Figures as of some other moment are nobody's news
        if peilmoment is None:
            ronde = meld_na_run(settings, catalogus, nu=nu)
    if json_uit:
        _toon_json(_uitkomst_json(uitkomst, catalogus) | {"meldingen": meldingen.als_dict(ronde)})
    else:
        _toon_uitkomst(uitkomst, catalogus)
        meldingen.toon_ronde(ronde)
    ctx.exit(0 if uitkomst.is_heel else 1)


@main.command(help="Beoordeel een bestand zoals `run` het zou doen; laadt niets.")
@click.argument("bestand", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--bericht", type=click.Choice([b.value for b in Bericht]), help="Soort extract, als de naam het niet zegt."
)
@click.option("--gemeente", help="CBS-code, zoals GM0153, als de naam het niet zegt.")
@click.option("--maand", "--month", "maand", cls=Keuze, type=MaandType(), help="Periode, als de naam het niet zegt.")
@click.option(
    "--terugmelding",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Schrijf wat een afzender terugkrijgt naar dit bestand: .xlsx (werkmap) of .json.",
)
@als_json
@click.pass_context
def check(
    ctx: click.Context,
    bestand: Path,
    bericht: str | None,
    gemeente: str | None,
    maand: Maand | None,
    terugmelding: Path | None,
    json_uit: bool,
) -> None:
    """Judge one file as `run` would; loads nothing."""
    from pipeline import intake
    from pipeline.reports.oordeel import oordeel_als_dict, schrijf_oordeel, toon_oordeel

    if terugmelding is not None and terugmelding.suffix.lower() not in (".xlsx", ".json"):
        raise click.UsageError("--terugmelding is een bestand dat eindigt op .xlsx of .json.")
    if terugmelding is not None and terugmelding.resolve() == bestand.resolve():
        raise click.UsageError("--terugmelding is het bestand zelf; kies een andere naam.")
    settings, catalogus = _open(mag_nieuw=True)  # a gemeente checks its file where nobody has a data home
    try:
        oordeel = intake.controleer_bestand(
            bestand,
            settings,
            catalogus,
            bericht=Bericht(bericht) if bericht else None,
            gemeente=gemeente,
            maand=maand,
            nu=_nu(),
        )
    except ValueError as fout:
        raise click.UsageError(str(fout)) from None
    if terugmelding is not None:
        try:
            schrijf_oordeel(oordeel, catalogus, terugmelding)
        except OSError as fout:
            raise click.ClickException(f"{terugmelding} kan niet worden geschreven: {fout.strerror}.") from None
    if json_uit:
        _toon_json(oordeel_als_dict(oordeel, catalogus))
    else:
        toon_oordeel(oordeel, catalogus)
    ctx.exit(0 if oordeel.bewijs.is_geaccepteerd else 1)


@main.command(
    help=(
        "Toon wie wat leverde en wie nog wat moet leveren. Eindigt met 1 als iets ontbreekt: er kwam "
        "niets en het respijt is voorbij, of alleen geweigerde bestanden. Op een smal scherm passen "
        "minder maanden dan --maanden."
    )
)
@click.option("--op", "--on", "dag", cls=Keuze, type=MomentType(), help="De stand op deze dag (anders: nu).")
@click.option(
    "--maanden",
    "--months",
    "n_maanden",
    cls=Keuze,
    type=click.IntRange(1, 240),
    default=12,
    show_default=True,
    help="Hoeveel maanden te tonen.",
)
@click.option(
    "--verloop",
    "--history",
    "verloop",
    cls=Keuze,
    is_flag=True,
    help="Per maand: verwacht, ontvangen, op tijd, en beide delen.",
)
@als_json
@click.pass_context
def status(ctx: click.Context, dag: dt.datetime | None, n_maanden: int, verloop: bool, json_uit: bool) -> None:
    """Show who delivered what and who owes what.

    Exit 1 when an obligation is missing: nothing came and the grace is over, or only refused files came. What is late
    but within its grace is shown and does not count. On a narrow terminal fewer months fit than --maanden.
    """
    from pipeline import intake
    from pipeline.reports.status import status_als_dict, toon_status, toon_verloop

    settings, catalogus = _open()
    rijen = kalender(catalogus, intake.lees_bewijzen(settings.huis), dag or _nu(), niet_voor=settings.huis.demo_vanaf)
    if json_uit:
        _toon_json(status_als_dict(rijen))
    elif verloop:
        toon_verloop(rijen, n_maanden=n_maanden)
    else:
        toon_status(rijen, catalogus, n_maanden=n_maanden)
    ontbreekt = any(r.is_verplicht and r.status in ONTBREEKT_OF_AFGEKEURD for r in rijen)
    ctx.exit(1 if ontbreekt else 0)


@main.command(help="Schrijf de synthetische regio als bestanden, met de waarheid en de ingebouwde gebreken ernaast.")
@click.option(
    "--naar",
    "--out",
    "out",
    cls=Keuze,
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Map om naar te schrijven.",
)
@click.option(
    "--maanden",
    "--months",
    "maanden",
    cls=Keuze,
    type=click.IntRange(1, 120),
    default=36,
    show_default=True,
    help="Aantal maanden, tot en met --laatste.",
)
@click.option("--laatste", "--last", "laatste", cls=Keuze, type=MaandType(), help="Laatste maand (anders: de vorige).")
@_SEED
@_SCHAAL
@click.option("--zonder-gebreken", is_flag=True, help="Een schone regio: alles geleverd, niets mis.")
@als_json
def synth(
    out: Path, maanden: int, laatste: Maand | None, seed: int, schaal: float, zonder_gebreken: bool, json_uit: bool
) -> None:
    """Write the synthetic region as files, with its truth and its planted defects beside them."""
    from pipeline.synth import maak_regio

    catalogus = Catalogus.load(load_settings().seeds)
    nu = _nu()
    samenvatting = maak_regio(
        out,
        catalogus,
        n_maanden=maanden,
        seed=seed,
        laatste_maand=laatste or Maand.van(nu.astimezone(AMSTERDAM).date()).plus(-1),
        nu=nu,
        schaal=schaal,
        gebreken=not zonder_gebreken,
    )
    if json_uit:
        _toon_json(samenvatting.als_dict())
    else:
        for naam, waarde in samenvatting.als_dict().items():
            click.echo(f"{naam}: {waarde}")


@main.command(help="Bouw alles rechts van archive/ opnieuw en zeg of de marts identiek zijn.")
@als_json
@click.pass_context
def replay(ctx: click.Context, json_uit: bool) -> None:
    """Rebuild everything right of archive/ and say whether the marts came out identical."""
    from pipeline.naspelen import speel_na

    settings, catalogus = _open()
    with _voortgang() as voortgang:
        uitkomst = speel_na(settings, catalogus, nu=_nu(), voortgang=voortgang)
    if json_uit:
        _toon_json(
            {
                "is_identiek": uitkomst.is_identiek,
                "verschillen": list(uitkomst.verschillen),
                "n_leveringen": uitkomst.n_leveringen,
                "seconden": uitkomst.seconden,
            }
        )
    elif uitkomst.is_identiek:
        click.echo(f"Identiek: {uitkomst.n_leveringen} leveringen opnieuw beoordeeld en gebouwd, alle marts gelijk.")
    else:
        click.echo("Niet identiek; deze tabellen verschillen: " + ", ".join(uitkomst.verschillen))
    ctx.exit(0 if uitkomst.is_identiek else 1)


def _uitkomst_json(uitkomst: Uitkomst, catalogus: Catalogus) -> dict[str, Any]:
    from pipeline.cli.uitkomst import uitkomst_als_dict

    return uitkomst_als_dict(uitkomst, catalogus)


def _toon_uitkomst(uitkomst: Uitkomst, catalogus: Catalogus) -> None:
    from pipeline.cli.uitkomst import toon_uitkomst

    toon_uitkomst(uitkomst, catalogus)
