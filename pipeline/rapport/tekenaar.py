"""Drawing: from a request (kind, size, options, data) to a small SVG, in a helper process that ends, and remembered.

vl-convert runs a JavaScript engine whose memory grows with every drawing: it lives in a process of its own, that ends
with the work. A drawing is kept in the data home under the hash of all that it depends on; a following month draws what
changed. Lives here: both sides of the helper, and the memory. Keep out: what is drawn (grafieken.py).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.proces.werkproces import Werkproces, WerkprocesFout, bedien

HIER = Path(__file__).parent
PER_VRAAG = 24
"""Drawings per question to the helper."""
_VEGALITE = "6.1"


@dataclass(frozen=True)
class Opdracht:
    """One drawing: its kind in grafieken.GRAFIEKEN, its size, its options, and rows by the names of its data."""

    soort: str
    maat: str
    vast: Mapping[str, Any]
    data: Mapping[str, Sequence[Mapping[str, Any]]]

    def als_json(self) -> str:
        """Everything it depends on but the code, in one spelling."""
        return json.dumps([self.soort, self.maat, self.vast, self.data], sort_keys=True, ensure_ascii=False)


@cache
def grammatica() -> str:
    """Fingerprint of the code and the libraries that draw: with another, what is remembered is drawn anew."""
    h = hashlib.sha256()
    for naam in ("grafieken.py", "svg.py", "kleuren.py", "tekenaar.py"):
        h.update((HIER / naam).read_bytes())
    for pakket in ("altair", "vl-convert-python"):
        h.update(version(pakket).encode())
    return h.hexdigest()


def merk(opdracht: Opdracht) -> str:
    """Return the name of a drawing in the memory."""
    return hashlib.sha256(f"{grammatica()}\0{opdracht.als_json()}".encode()).hexdigest()[:32]


class Tekenaar:
    """Draws what is asked and remembers it in `map_`; a context manager that forgets what this round did not use."""

    def __init__(self, map_: Path, *, vergeet: bool = True) -> None:
        """Remember in `map_`; the helper starts when there is something to draw. Without `vergeet` nothing goes."""
        self._map = map_
        self._vergeet = vergeet
        self._gebruikt: set[str] = set()
        self._wachtrij: dict[str, Opdracht] = {}
        self._hulp: Werkproces | None = None
        self.getekend = 0

    def __enter__(self) -> Tekenaar:
        self._map.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, soort: object, *_: object) -> None:
        if self._hulp is not None:
            self._hulp.sluit()
        if soort is None and self._vergeet:
            for pad in self._map.iterdir():  # also what was half written when an earlier one was killed
                if pad.suffix != ".svg" or pad.stem not in self._gebruikt:
                    pad.unlink()

    def bestel(self, opdracht: Opdracht) -> str:
        """Ask for a drawing; return the name under which `haal` gives it once it is drawn."""
        naam = merk(opdracht)
        if naam not in self._gebruikt and not self._pad(naam).is_file():
            self._wachtrij[naam] = opdracht
        self._gebruikt.add(naam)
        return naam

    def neem_wachtrij(self) -> dict[str, Opdracht]:
        """Return what was asked for and is not remembered, to be given to `teken`; the queue is empty after that."""
        rij, self._wachtrij = self._wachtrij, {}
        return rij

    def teken(self, wachtrij: Mapping[str, Opdracht]) -> None:
        """Draw, group by group; from one thread at a time."""
        namen = list(wachtrij)
        for i in range(0, len(namen), PER_VRAAG):
            groep = namen[i : i + PER_VRAAG]
            for naam, svg in zip(groep, self._laat_tekenen([wachtrij[n] for n in groep]), strict=True):
                # two processes may draw the same
                klad = self._pad(naam).with_suffix(f".{os.getpid()}.tmp")
                klad.write_text(svg, encoding="utf-8")
                klad.replace(self._pad(naam))
        self.getekend += len(namen)

    @property
    def gebruikt(self) -> frozenset[str]:
        """Names of the drawings that were asked for."""
        return frozenset(self._gebruikt)

    def ook_gebruikt(self, namen: Iterable[str], getekend: int) -> None:
        """Remember what another process asked for, and count what it drew."""
        self._gebruikt.update(namen)
        self.getekend += getekend

    def haal(self, naam: str) -> str:
        """Return a drawing that was asked for."""
        return self._pad(naam).read_text(encoding="utf-8")

    def _pad(self, naam: str) -> Path:
        return self._map / f"{naam}.svg"

    def _laat_tekenen(self, groep: Sequence[Opdracht]) -> list[str]:
        vraag = {"tekeningen": [[o.soort, o.maat, o.vast, o.data] for o in groep]}
        if self._hulp is None:
            self._hulp = Werkproces("pipeline.rapport.tekenaar")
        try:
            svgs: list[str] = self._hulp.vraag(vraag)["svg"]
        except WerkprocesFout:  # we do it here, and meet the same trouble with its own message
            return teken_hier(groep)
        return svgs


def teken_hier(opdrachten: Iterable[Opdracht]) -> list[str]:
    """Draw in this process."""
    from pipeline.rapport.svg import maak_klein

    return [maak_klein(_vega_naar_svg(_gevuld(o))) for o in opdrachten]


@lru_cache(maxsize=256)
def _vega(soort: str, maat: str, vast: str) -> str:
    """Work out a kind of chart in a size with its options, without data: Vega as JSON."""
    import vl_convert as vlc

    from pipeline.rapport.grafieken import CONFIG, GRAFIEKEN

    grafiek = GRAFIEKEN[soort](maat, **json.loads(vast))
    spec = grafiek.to_dict(validate=False)
    spec["config"] = CONFIG
    return json.dumps(vlc.vegalite_to_vega(spec, vl_version=_VEGALITE))


def _gevuld(opdracht: Opdracht) -> dict[str, Any]:
    """Return the Vega of a drawing with its rows in place; a set of rows that is not given is empty."""
    from pipeline.rapport.grafieken import PARAMETERS

    los = {n: w for n, w in opdracht.vast.items() if n in PARAMETERS}
    vast = {n: w for n, w in opdracht.vast.items() if n not in PARAMETERS}
    vega: dict[str, Any] = json.loads(_vega(opdracht.soort, opdracht.maat, json.dumps(vast, sort_keys=True)))
    for signaal in vega.get("signals", ()):
        if signaal["name"] in los:
            signaal["value"] = los[signaal["name"]]
    bronnen = {d["name"] for d in vega["data"]}
    if onbekend := opdracht.data.keys() - bronnen:
        raise KeyError(f"{opdracht.soort} kent geen gegevens {', '.join(sorted(onbekend))}")
    for bron in vega["data"]:
        if "source" not in bron and "url" not in bron and "values" not in bron:
            bron["values"] = opdracht.data.get(bron["name"], ())
    return vega


def _vega_naar_svg(vega: dict[str, Any]) -> str:
    import vl_convert as vlc

    _kies_letter()
    return str(vlc.vega_to_svg(vega, format_locale="nl-NL", time_format_locale="nl-NL"))


@cache
def _kies_letter() -> None:
    """Have text measured in the font of the page, or long names are cut."""
    import vl_convert as vlc

    vlc.register_font_directory(str(HIER / "meten"))


def _warm_op() -> Callable[[dict[str, Any]], dict[str, Any]]:
    import altair  # noqa: F401 a second of importing, before the first question comes

    return lambda vraag: {"svg": teken_hier(Opdracht(*o) for o in vraag["tekeningen"])}


if __name__ == "__main__":
    bedien(_warm_op)
