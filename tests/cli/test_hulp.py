"""The command line speaks one language, and what it was called before still works."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.cli.hulp import Keuze


def opdrachten(
    groep: click.Group = main, voor: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for naam, opdracht in groep.commands.items():
        yield (*voor, naam), opdracht
        if isinstance(opdracht, click.Group):
            yield from opdrachten(opdracht, (*voor, naam))


ALLE = list(opdrachten())


@pytest.mark.parametrize(("naam", "opdracht"), ALLE, ids=[" ".join(n) for n, _ in ALLE])
def test_help_is_dutch_and_shows_no_old_name(naam: tuple[str, ...], opdracht: click.Command) -> None:
    tekst = CliRunner().invoke(main, [*naam, "--help"]).stdout
    woorden = set(re.findall(r"[a-z]+", tekst.replace("Show this message and exit.", "").lower()))
    assert not woorden & {"the", "and", "with", "when", "which", "whether", "this"}
    for keuze in opdracht.params:
        if isinstance(keuze, click.Option):
            assert keuze.help or keuze.name == "help", keuze.name
        if isinstance(keuze, Keuze):
            assert keuze.opts[0] in tekst
            assert not [n for n in keuze.opts[1:] if re.search(rf"{n}\b", tekst)]


def test_old_names_still_work() -> None:
    oud = {n for _, o in ALLE for k in o.params if isinstance(k, Keuze) for n in k.opts[1:]}
    assert {"--months", "--month", "--as-of", "--on", "--out", "--last", "--history", "--yes"} <= oud
    for vlag in ("--maanden", "--months"):
        uit = CliRunner().invoke(main, ["status", vlag, "x"])
        assert uit.exit_code == 2
        assert "No such option" not in uit.stderr
