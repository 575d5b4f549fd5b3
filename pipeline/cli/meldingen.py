"""`regiomonitor alerts`: what is open, acknowledging it, sending what waits.

Lives here: the commands on alerts and how they print. Keep out: what an alert is (meldingen/).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.hulp import Keuze, MomentType, als_json, klok, open_huis, toon_json
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import AMSTERDAM, lokale_dag

if TYPE_CHECKING:
    from pipeline.meldingen import Melding, Ronde, Stand


@click.group(
    help="Meldingen: wie moet weten dat een levering te laat is, ontbreekt, geweigerd is of plotseling anders."
)
def alerts() -> None:
    """Alerts: who must know that a levering is late, missing, refused or suddenly different."""


@alerts.command(
    "list", help="Toon wat nog niet in orde is (zoals `run`), wat openstaat, en welke berichten niemand bereikten."
)
@click.option("--alles", "--all", "alles", cls=Keuze, is_flag=True, help="Ook wat is opgelost.")
@als_json
def lijst(alles: bool, json_uit: bool) -> None:
    """Show what is not in order yet (as `run` does), what is open, and which messages reached nobody."""
    from pipeline import intake, meldingen
    from pipeline.domain.kalender import kalender
    from pipeline.reports.status import openstaand

    settings, catalogus = open_huis()
    nu = klok()
    stand = meldingen.lees(settings.huis)
    rijen = kalender(catalogus, intake.lees_bewijzen(settings.huis), nu, niet_voor=settings.huis.demo_vanaf)
    in_orde_te_maken = openstaand(rijen, catalogus)
    getoond = [m for _, m in sorted(stand.meldingen.items()) if alles or m.is_open]
    if json_uit:
        toon_json(
            {
                "nog_niet_in_orde": in_orde_te_maken,
                "meldingen": [_melding(m) for m in getoond],
                "niet_bezorgd": _niet_bezorgd(stand, nu),
                "aan_niemand": [b.bericht_id for b in stand.aan_niemand()],
            }
        )
        return
    if not getoond and not in_orde_te_maken:
        click.echo("Er staat niets open.")
    if in_orde_te_maken:
        click.echo(f"Nog niet in orde ({len(in_orde_te_maken)})")
    for zin in in_orde_te_maken:
        click.echo(f"  {zin}")
    if in_orde_te_maken and not getoond:
        click.echo("Daarvan is nog niets gemeld; `regiomonitor alerts send` doet dat, of de volgende run.")
    elif getoond:
        click.echo(f"Gemeld ({len(getoond)})")
    for m in getoond:
        click.echo(_regel(m, catalogus, nu))
    if zonder := stand.aan_niemand():
        wie = ", ".join(b.contact for b in zonder)
        click.echo(f"In de uitbak, aan niemand verzonden: {wie}. `regiomonitor controleer` zegt waarom.")
    for regel in _niet_bezorgd(stand, nu):
        click.echo(f"niet bezorgd: {regel}")


@alerts.command(
    "ack", help="Bevestig meldingen: zij zijn bekend, lopen niet op, en blijven op de weeklijst tot zij zijn opgelost."
)
@click.argument("melding_id", metavar="MELDING", nargs=-1, required=True)
@click.option("--door", required=True, help="Wie het zegt: een functie, geen naam.")
@click.option("--toelichting", default="", help="Wat eraan wordt gedaan; geen persoonsgegevens.")
@click.option("--tot", type=MomentType(), help="Bekend tot en met deze dag; daarna loopt het weer op.")
@click.option("--sluit", "sluiten", is_flag=True, help="Sluit: er wordt niets meer verwacht.")
@als_json
def ack(
    melding_id: tuple[str, ...], door: str, toelichting: str, tot: dt.datetime | None, sluiten: bool, json_uit: bool
) -> None:
    """Acknowledge alerts: they are known, do not escalate, and stay on the weekly list until solved."""
    from pipeline import meldingen

    settings, catalogus = open_huis()
    nu = klok()
    gedaan = []
    for id_ in melding_id:
        try:
            if sluiten:
                gedaan.append(meldingen.sluit(settings.huis, id_, door=door, toelichting=toelichting, nu=nu))
            else:
                dag = tot.astimezone(AMSTERDAM).date() if tot else None
                gedaan.append(
                    meldingen.bevestig(settings.huis, id_, door=door, toelichting=toelichting, tot=dag, nu=nu)
                )
        except KeyError:
            raise click.ClickException(f"Geen melding {id_}; zie `regiomonitor alerts list --alles`.") from None
        except ValueError:
            raise click.ClickException(f"Melding {id_} staat niet open.") from None
    if json_uit:
        toon_json({"meldingen": [_melding(m) for m in gedaan]})
        return
    for m in gedaan:
        click.echo(_regel(m, catalogus, nu))


@alerts.command(
    "send",
    help=(
        "Kijk wat er nu aan de hand is en zeg het wie het moet weten; bezorg wat wacht. Heeft geen run "
        "nodig: start het dagelijks, zodat ook een stilstaande pijplijn wordt gemeld. Eindigt met 1 als "
        "een kanaal een bericht niet aannam; het wordt opnieuw geprobeerd."
    ),
)
@click.option(
    "--proef", "--dry-run", "zonder_verzenden", cls=Keuze, is_flag=True, help="Bepaal en schrijf, maar bezorg niets."
)
@als_json
@click.pass_context
def send(ctx: click.Context, zonder_verzenden: bool, json_uit: bool) -> None:
    """See what is the matter now and tell who must know; deliver what waits.

    Needs no run: start it daily, so that a pipeline that stands still is told about too. Exit 1 when a channel did not
    take a message; it is tried again.
    """
    from pipeline.meldingen.rondgang import meld

    settings, catalogus = open_huis()
    ronde = meld(settings, catalogus, nu=klok(), zonder_verzenden=zonder_verzenden)
    if json_uit:
        toon_json(als_dict(ronde) or {})
    else:
        toon_ronde(ronde, altijd=True)
    ctx.exit(1 if ronde.mislukt else 0)


def als_dict(ronde: Ronde | None) -> dict[str, Any] | None:
    """Plain form of one round; None when there was none."""
    if ronde is None:
        return None
    return {
        "gebeurtenissen": [g.als_dict() for g in ronde.gebeurtenissen],
        "berichten": [{"bericht_id": b.bericht_id, "titel": b.titel} for b in ronde.berichten],
        "bezorgingen": [b.als_dict() for b in ronde.bezorgingen],
    }


def toon_ronde(ronde: Ronde | None, *, altijd: bool = False) -> None:
    """Print one round in a line; silent when nothing happened, unless `altijd`."""
    if ronde is None or not (altijd or ronde.gebeurtenissen or ronde.bezorgingen):
        return
    click.echo(
        f"Meldingen: {len(ronde.gebeurtenissen)} veranderd, {len(ronde.berichten)} berichten gemaakt, "
        f"{sum(b.gelukt for b in ronde.bezorgingen)} bezorgd, {len(ronde.mislukt)} niet bezorgd."
    )
    if n := len(ronde.aan_niemand):
        click.echo(f"  {n} in de uitbak, aan niemand verzonden: geen kanaal. `regiomonitor controleer` zegt waarom.")
    for b in ronde.mislukt:
        click.echo(f"  {b.bericht_id} via {b.kanaal}: {b.fout}")


def _melding(m: Melding) -> dict[str, Any]:
    return {
        "melding_id": m.melding_id,
        **m.identiteit.als_dict(),
        "soort": m.soort.value,
        "staat": m.staat.value,
        "niveau": m.niveau,
        "geopend_op": m.geopend_op.isoformat(),
        "gewijzigd_op": m.gewijzigd_op.isoformat(),
        "door": m.door,
        "toelichting": m.toelichting,
        "feiten": dict(m.feiten),
    }


def _regel(m: Melding, catalogus: Catalogus, nu: dt.datetime) -> str:
    i = m.identiteit
    naam = catalogus.naam_van(i.gemeente)
    wat = " ".join(x for x in (naam, i.bericht, i.periode) if x)
    dagen = (lokale_dag(nu) - lokale_dag(m.geopend_op)).days
    door = f" door {m.door}" if m.door else ""
    return f"{m.melding_id}  {m.soort.value:<22}{wat:<36}{m.staat.value.lower()}{door}, {dagen} d, niveau {m.niveau}"


def _niet_bezorgd(stand: Stand, nu: dt.datetime) -> list[str]:
    zonder = {b.bericht_id for b in stand.aan_niemand()}
    fouten = {p.bericht_id: p for p in stand.pogingen if not p.gelukt and p.bericht_id not in zonder}
    return [
        f"{b.bericht_id} via {fouten[b.bericht_id].kanaal}: {fouten[b.bericht_id].fout}"
        for b in stand.wachtend(lokale_dag(nu))
        if b.bericht_id in fouten
    ]
