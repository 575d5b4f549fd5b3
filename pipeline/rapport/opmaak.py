"""From a page as data to HTML: the templates, and what they may use.

Lives here: Jinja2, strict (a name that is not there is an error) and escaping (a name of a gemeente or provider is text,
whatever is in it). Keep out: what is on a page (paginas/).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.rapport import taal
from pipeline.rapport.blokken import Beeld, Pagina
from pipeline.rapport.boek import Boek
from pipeline.rapport.svg import met_naam

SJABLONEN = Path(__file__).parent / "sjablonen"
Menu = Sequence[tuple[str, str, str]]


def omgeving() -> Environment:
    """Return the templates, strict and escaping."""
    env = Environment(
        loader=FileSystemLoader(SJABLONEN),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(getal=taal.getal, maand=taal.maand, dag=taal.dag)
    return env


def maak_html(
    env: Environment, pagina: Pagina, boek: Boek, menu: Menu, haal: Callable[[Beeld], Mapping[str, str]]
) -> str:
    """Return the HTML of a page; `haal` gives the drawings of a chart by size."""
    n = 0

    def tekeningen(beeld: Beeld) -> dict[str, Markup]:
        nonlocal n
        uit = {}
        for maat, svg in haal(beeld).items():
            n += 1
            uit[maat] = met_naam(svg, f"g{n}", beeld.titel, beeld.beschrijving)
        return uit

    return env.get_template("basis.html.j2").render(
        p=pagina,
        menu=menu,
        editie=boek.editie,
        regio=boek.regio,
        wortel="../" * pagina.pad.count("/"),
        pub=boek.bron.publicatie,
        n_gemeenten=len(boek.bron.gemeenten),
        is_voorbeeld=boek.bron.publicatie["reeks"] == "synthetisch",
        tekeningen=tekeningen,
    )
