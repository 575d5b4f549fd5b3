"""What every command of the command line needs: the clock, settings and seeds, --json, months and moments.

Lives here: what commands share. Keep out: commands.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import AMSTERDAM
from pipeline.domain.maanden import Maand
from pipeline.settings import Settings, load_settings

if TYPE_CHECKING:
    from pipeline.meldingen import Ronde

F = TypeVar("F", bound=Callable[..., Any])


class MaandType(click.ParamType[Maand]):
    """`YYYY-MM` on the command line."""

    name = "JJJJ-MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Maand:
        """Read a month or fail as wrong use."""
        try:
            return value if isinstance(value, Maand) else Maand.lees(str(value))
        except ValueError as fout:
            self.fail(str(fout), param, ctx)


class MomentType(click.ParamType[dt.datetime]):
    """ISO timestamp; without zone it is Dutch time, a day alone is its end."""

    name = "MOMENT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        """Read a moment or fail as wrong use."""
        tekst = str(value)
        try:
            if len(tekst) == 10:
                dag = dt.date.fromisoformat(tekst)
                return dt.datetime.combine(dag, dt.time.max, tzinfo=AMSTERDAM)
            moment = dt.datetime.fromisoformat(tekst)
        except ValueError:
            self.fail(f"geen moment in de vorm JJJJ-MM-DD of JJJJ-MM-DDTUU:MM:SS: {tekst!r}", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)


class Keuze(click.Option):
    """An option of which only the first name is shown; the others are what it was called before, and still work."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return name and help, of the first name only."""
        alle = self.opts
        self.opts = alle[:1]
        try:
            return super().get_help_record(ctx)
        finally:
            self.opts = alle


def klok() -> dt.datetime:
    """Return the clock; the only place on this side that asks."""
    return dt.datetime.now(dt.UTC)


def als_json(functie: F) -> F:
    """Add the option --json."""
    return click.option("--json", "json_uit", is_flag=True, help="Antwoord als een JSON-document.")(functie)


def toon_json(antwoord: dict[str, Any]) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(antwoord, ensure_ascii=False, indent=1, default=str))


def open_huis(*, demo: bool = False, mag_nieuw: bool = False) -> tuple[Settings, Catalogus]:
    """Return settings and seeds of the environment; InstellingFout when there is no data home where it says.

    `mag_nieuw`: for what makes a home, or needs none. A demo makes its own.
    """
    settings = load_settings(demo=demo)
    if not (demo or mag_nieuw):
        settings.eis_huis()
    return settings, Catalogus.load(settings.seeds)


def meld_na_run(settings: Settings, catalogus: Catalogus, *, nu: dt.datetime) -> Ronde | None:
    """Tell who must know, after a run; what goes wrong here is said and never makes a run fail."""
    from pipeline.meldingen.rondgang import meld
    from pipeline.proces.runboek import veilige_fout

    try:
        return meld(settings, catalogus, nu=nu)
    except Exception as fout:
        click.echo(f"regiomonitor: meldingen zijn niet bijgewerkt: {veilige_fout(fout)}", err=True)
        return None
