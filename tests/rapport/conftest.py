"""The pages of a messy region as data and as HTML, without drawing: what is drawn is tested by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.rapport import maken, tekenaar
from pipeline.rapport.blokken import Beeld, Pagina
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import Editie, edities
from pipeline.rapport.opmaak import maak_html, omgeving
from pipeline.rapport.paginas import gemeente, openbaar, regio, segment
from tests.conftest import GedraaideRegio

NIETS = "10 10\n<g></g>"
"""Stands for a drawing."""


@pytest.fixture
def zonder_tekenen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making pages draws nothing, and of each edition only a few families: these tests are of writing and swapping."""
    weinig = {
        "intern": (regio.paginas, segment.paginas),
        "openbaar": (openbaar.paginas,),
        "gemeente": (gemeente.paginas,),
    }
    monkeypatch.setattr(maken, "FAMILIES", weinig)
    monkeypatch.setattr(tekenaar.Tekenaar, "_laat_tekenen", lambda _self, groep: [NIETS] * len(groep))


@pytest.fixture(scope="session")
def publicatie(rommelige_regio: GedraaideRegio) -> Path:
    """The folder of what was published of the messy region."""
    return rommelige_regio.settings.huis.published.resolve()


def lees_boek(publicatie: Path, editie: Editie) -> tuple[Boek, list[Pagina]]:
    """Return an edition and its pages as data."""
    boek = maken.open_boek(publicatie, editie)
    return boek, [p for familie in maken.FAMILIES[maken.soort_van(editie)] for p in familie(boek)]


def html_van(boek: Boek, paginas: list[Pagina]) -> dict[str, str]:
    """Return the HTML of pages by their path."""
    env, paden = omgeving(), {p.pad for p in paginas}
    menu = [m for m in maken.MENU[maken.soort_van(boek.editie)] if m[1] in paden]

    def haal(beeld: Beeld) -> dict[str, str]:
        return dict.fromkeys(beeld.maten, NIETS)

    return {p.pad: maak_html(env, p, boek, menu, haal) for p in paginas}


@pytest.fixture(scope="session")
def boeken(publicatie: Path) -> Iterator[dict[str, tuple[Boek, list[Pagina], dict[str, str]]]]:
    """The internal and public edition and that of one gemeente: book, pages as data, HTML by path."""
    gekozen = [e for e in edities(publicatie) if not e.gemeente] + [e for e in edities(publicatie) if e.gemeente][:1]
    uit = {}
    for editie in gekozen:
        boek, paginas = lees_boek(publicatie, editie)
        uit[editie.naam] = (boek, paginas, html_van(boek, paginas))
    yield uit
    for boek, _, _ in uit.values():
        boek.bron.sluit()
