"""Commands for who begins: the folder of another region, and whether seeds, settings and data home are in order.

Lives here: their arguments and what they print. Keep out: what they do (beheer/nieuw.py, beheer/controle.py).
"""

from __future__ import annotations

import os
from pathlib import Path

import click

from pipeline.cli.hulp import als_json, klok, toon_json


@click.command(
    help="Maak de map van een nieuwe regio in MAP: seeds om in te vullen, een bestand met instellingen, een sleutel."
)
@click.argument("map_", metavar="MAP", type=click.Path(path_type=Path))
@als_json
def nieuw(map_: Path, json_uit: bool) -> None:
    """Make the folder of a new region in MAP: seeds to fill in, a file with settings, a key."""
    from pipeline.beheer.nieuw import WAARTOE, maak_regio_map

    uit = maak_regio_map(map_)
    if json_uit:
        vul_in = [str(p) for p in uit.in_te_vullen]
        toon_json({"map": str(uit.map), "instellingen": str(uit.instellingen), "in_te_vullen": vul_in})
        return
    click.echo(f"Gemaakt: {uit.map}\n\nVul in (elk bestand zegt waartoe het dient en heeft een voorbeeldrij):")
    for pad in uit.in_te_vullen:
        waartoe = WAARTOE.get(pad.stem.removeprefix("ref_"), ("Wie de cijfers uitgeeft: uitgever_naam en verder.", ""))[
            0
        ]
        click.echo(
            f"  {pad.relative_to(uit.map)!s:34}{waartoe.split('. ')[0].split('; ')[0].split(': ')[0].rstrip('.')}"
        )
    click.echo(
        f'\nDaarna:\n  set -a; . "{uit.instellingen}"; set +a\n  regiomonitor controleer --maak\n  regiomonitor run'
    )


@click.command(
    help=(
        "Zeg wat ontbreekt, is blijven staan, elkaar tegenspreekt of onbekend is in seeds, instellingen "
        "en data home. Eindigt met 1 als iets een run tegenhoudt of cijfers fout zou maken."
    )
)
@click.option("--maak", is_flag=True, help="Maak het data home van REGIOMONITOR_HOME als het er nog niet is.")
@als_json
@click.pass_context
def controleer(ctx: click.Context, maak: bool, json_uit: bool) -> None:
    """Say what is missing, left over, contradictory or unknown in seeds, settings and data home.

    Exit 1 when something stops a run or would make its figures wrong.
    """
    from pipeline.beheer.controle import controleer as kijk
    from pipeline.domain.seedcontrole import Ernst

    gebreken = kijk(os.environ, nu=klok(), maak=maak)
    hard = [g for g in gebreken if g.ernst is Ernst.HARD]
    if json_uit:
        lijst = [{"ernst": g.ernst.value, "zin": g.zin} for g in gebreken]
        toon_json({"is_in_orde": not hard, "gebreken": lijst})
    else:
        for ernst, kop in ((Ernst.HARD, "Houdt een run tegen"), (Ernst.ZACHT, "Let op")):
            if zinnen := [g.zin for g in gebreken if g.ernst is ernst]:
                click.echo(f"{kop} ({len(zinnen)})")
                for zin in zinnen:
                    click.echo(f"  {zin}")
        click.echo("Niets houdt een run tegen." if not hard else "Verbeter dit eerst; daarna opnieuw.")
    ctx.exit(1 if hard else 0)


COMMANDOS = (nieuw, controleer)
