"""Commands for many regions: share what is published, and see the region beside the others.

Lives here: their arguments and what they print. Keep out: what they do (landelijk/).
"""

from __future__ import annotations

import click

from pipeline.cli.hulp import als_json, klok, open_huis, toon_json


@click.command(
    help=(
        "Deel de huidige publicatie met de andere regio's, in de winkel van REGIOMONITOR_WINKEL: de openbare "
        "cijfers, of wat de regio's afspraken. Nog eens delen verandert niets."
    )
)
@click.option("--intrekken", metavar="ID", help="Haal een gedeelde publicatie van deze regio weer weg.")
@als_json
def deel(intrekken: str | None, json_uit: bool) -> None:
    """Share the current publication with the other regions, or withdraw one."""
    from pipeline import landelijk

    settings, _ = open_huis()
    uit = landelijk.trek_in(settings, intrekken, nu=klok()) if intrekken else landelijk.deel(settings, nu=klok())
    if json_uit:
        toon_json(uit.als_dict())
    elif intrekken:
        click.echo(f"{uit.publicatie_id} van {uit.regio_code} is {'' if uit.is_nieuw else 'al '}ingetrokken.")
    elif not uit.is_nieuw:
        click.echo(f"{uit.publicatie_id} van {uit.regio_code} was al gedeeld; er is niets veranderd.")
    else:
        click.echo(
            f"{uit.publicatie_id} van {uit.regio_code} is gedeeld: {uit.n_tabellen} tabellen, {uit.n_rijen} rijen."
        )
        if uit.opgeruimd:
            click.echo(f"Opgeruimd in de winkel: {', '.join(uit.opgeruimd)}.")


@click.command(help="Zet deze regio naast de andere, uit wat zij deelden; de pagina Vergelijken toont het.")
@als_json
def vergelijk(json_uit: bool) -> None:
    """Build the comparison of the regions from what they shared."""
    from pipeline import landelijk
    from pipeline.proces.slot import enige_schrijver

    settings, _ = open_huis()
    with enige_schrijver(settings.huis):
        uit = landelijk.vergelijk(settings)
    if json_uit:
        toon_json(uit.als_dict())
        return
    van = "1 regio" if len(uit.regios) == 1 else f"{len(uit.regios)} regio's"
    click.echo(f"{uit.n_cijfers} cijfers van {van}: {', '.join(uit.regios)}.")
    click.echo(f"Zij staan in {uit.pad}; `regiomonitor rapport` zet ze op de pagina Vergelijken.")


COMMANDOS = (deel, vergelijk)
