"""Interpretations beside figures: which may be shown where, as harmless HTML, and whether the figure moved since.

The text is Markdown; it is rendered without raw HTML and cleaned after that. Then and now: the value that the author
noted, or that of the publication it speaks about; for the public only a public value is compared. Lives here: that.
Keep out: what is a valid interpretation (domain/duidingen.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from pipeline.domain.duidingen import Duidingsregel
from pipeline.rapport import segmenten, taal
from pipeline.rapport.blokken import Duiding, Plek
from pipeline.rapport.bron import REGIO, Bron, Editie
from pipeline.rapport.paginas.vragen import vorm_van

ALLES = "*"
"""Asks for everything that was said at a place."""
_TAGS = {"p", "em", "strong", "ul", "ol", "li", "br", "code"}
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "link", "autolink", "heading", "lheading"])

Toen = Callable[[Duidingsregel, Editie], tuple[str, Bron | None]]
"""Gives the publication that an interpretation speaks about, and the same edition of it where it is still there."""


def naar_html(tekst: str) -> Markup:
    """Return Markdown as HTML: paragraphs, lists and emphasis; no links, no images, nothing that runs."""
    return Markup(nh3.clean(_MARKDOWN.render(tekst), tags=_TAGS, attributes={}))  # noqa: S704 cleaned


def mag(regel: Duidingsregel, editie: Editie) -> bool:
    """Tell whether an edition may show an interpretation."""
    if editie.is_intern:
        return True
    if regel.editie == "openbaar":
        return True
    return regel.editie == "gemeente" and bool(editie.gemeente) and regel.gebied_code == editie.gemeente


class Duider:
    """The interpretations that one edition may show."""

    def __init__(self, regels: Sequence[Duidingsregel], editie: Editie, toen: Toen) -> None:
        """Choose of `regels` what `editie` may show."""
        self._regels = [r for r in regels if mag(r, editie)]
        self._editie, self._toen = editie, toen

    def __call__(self, indicator: str, plek: Plek) -> Sequence[Duiding]:
        """Return what was said about an indicator (ALLES: about any) at a place."""
        return [
            self._toon(r, plek)
            for r in self._regels
            if (r.gebied_code, r.aanbieder_agb) == (plek.gebied, plek.aanbieder)
            and (r.segment == plek.segment or (plek.aanbieder and indicator == ALLES))
            and indicator in (r.indicator_id, ALLES)
        ]

    def indicatoren(self, plek: Plek) -> list[str]:
        """Return the indicators about which something was said at a place, once."""
        gevonden = [
            r.indicator_id
            for r in self._regels
            if (r.gebied_code, r.segment, r.aanbieder_agb) == (plek.gebied, plek.segment, "")
        ]
        return list(dict.fromkeys(gevonden))

    def _toon(self, r: Duidingsregel, plek: Plek) -> Duiding:
        publicatie_id, toen = self._toen(r, self._editie)
        d = plek.bron.indicatoren.get(r.indicator_id, {})
        wie = r.door if self._editie.is_openbaar or not r.akkoord_door else f"{r.door}, akkoord {r.akkoord_door}"
        return Duiding(
            bij=f"{d.get('naam', r.indicator_id)}, {segmenten.naam(r.segment).lower()}, {_periode(r.periode)}",
            tekst=naar_html(r.tekst),
            wie=wie,
            wanneer=taal.dag(r.op),
            publicatie=publicatie_id,
            gewijzigd=self._gewijzigd(r, d.get("eenheid", "aantal"), plek.bron, toen),
        )

    def _gewijzigd(self, r: Duidingsregel, eenheid: str, bron: Bron, toen: Bron | None) -> str:
        if r.aanbieder_agb:
            return ""
        was = r.waarde if r.waarde is not None and not self._editie.is_openbaar else _waarde(toen, r, self._editie)
        nu = _waarde(bron, r, self._editie)
        vorm = vorm_van(eenheid)
        if was is None or vorm(was) == vorm(nu):
            return ""
        waar = "" if r.gebied_code == REGIO else f" {bron.naam(r.gebied_code)}"
        if nu is None:
            return f"Het cijfer over {_periode(r.periode)}{waar} staat er niet meer; het was {vorm(was)}."
        return f"Cijfer sindsdien gewijzigd: {_periode(r.periode)}{waar} was {vorm(was)} en is nu {vorm(nu)}."


def _dag(periode: str) -> dt.date:
    delen = [int(d) for d in periode.split("-")]
    return dt.date(delen[0], delen[1] if len(delen) > 1 else 1, 1)


def _periode(periode: str) -> str:
    return periode if len(periode) == 4 else taal.maand(_dag(periode))


def _waarde(bron: Bron | None, r: Duidingsregel, editie: Editie) -> float | None:
    """Return the figure that an interpretation is about, in one publication; None when it is not there."""
    if bron is None:
        return None
    openbaar = editie.is_openbaar or (bool(editie.gemeente) and r.gebied_code != editie.gemeente)
    tabel = "openbaar.kerncijfers" if openbaar else "sturing.indicatoren"
    soorten = ("jaar",) if len(r.periode) == 4 else ("maand", "12m", "kwartaal")
    waarden: dict[str, Any] = {"i": r.indicator_id, "g": r.gebied_code, "s": r.segment, "p": _dag(r.periode)}
    try:
        rijen = bron.vraag(
            f"SELECT periode_soort, waarde FROM {tabel} WHERE indicator_id = $i AND gebied_code = $g AND segment = $s AND periode = $p",
            waarden,
        )
    except duckdb.Error:  # of an older release
        return None
    gevonden = {x["periode_soort"]: x["waarde"] for x in rijen}
    return next((gevonden[s] for s in soorten if s in gevonden), None)
