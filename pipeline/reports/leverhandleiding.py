"""The parts of docs/leverhandleiding.md that follow from the contracts and the seeds: columns and rules.

The text around them is written by hand; each generated part stands between two marks and is replaced by `make docs`.
Lives here: rendering those parts. Keep out: text that is not in a seed, a contract or an example.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from pipeline.berichten.beschrijving import Kolombeschrijving, beschrijf
from pipeline.berichten.voorbeeld import Voorbeeld
from pipeline.berichten.voorbeelden import VOORBEELDEN
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht
from pipeline.domain.seedrijen import Regel
from pipeline.settings import PROJECT

HANDLEIDING = PROJECT / "docs" / "leverhandleiding.md"
_MARKERING = re.compile(r"(<!-- begin gegenereerd: (?P<naam>[a-z ]+) -->\n).*?(<!-- eind gegenereerd -->)", re.DOTALL)
_CODES_GETOOND = 12
_VAN_ALLE = (("Het bestand", "L"), ("Elke rij", "R"))


def werk_bij(tekst: str, catalogus: Catalogus) -> str:
    """Return the handbook with its generated parts as the sources have them; KeyError for an unknown part."""
    delen: dict[str, Callable[[], str]] = {
        **{f"kolommen {b.value}": partial(kolommen, b, catalogus) for b in Bericht},
        "termijnen": lambda: termijnen(catalogus),
        "regels": lambda: regels(catalogus),
    }
    return _MARKERING.sub(lambda m: f"{m[1]}\n{delen[m['naam']]()}\n{m[3]}", tekst)


def handleiding(catalogus: Catalogus, pad: Path = HANDLEIDING) -> str:
    """Return the whole handbook as it should be."""
    return werk_bij(pad.read_text(encoding="utf-8"), catalogus)


def _cel(tekst: object) -> str:
    return " ".join(str(tekst).split()).replace("|", "\\|")


def _tabel(kop: Iterable[str], rijen: Iterable[Iterable[object]]) -> str:
    kop = list(kop)
    uit = ["| " + " | ".join(kop) + " |", "|" + "---|" * len(kop)]
    uit += ["| " + " | ".join(_cel(c) for c in rij) + " |" for rij in rijen]
    return "\n".join(uit) + "\n"


def kolommen(bericht: Bericht, catalogus: Catalogus) -> str:
    """Every column of a bericht: meaning, form, required, example, other header names."""
    rijen = [
        (
            f"`{k.naam}`",
            "ja" if k.verplicht else "",
            k.betekenis,
            _vorm(k),
            f"`{k.voorbeeld}`",
            ", ".join(k.synoniemen),
        )
        for k in beschrijf(bericht, catalogus)
    ]
    return _tabel(("kolom", "verplicht", "betekenis", "vorm", "voorbeeld", "ook goed als kopnaam"), rijen)


def _vorm(k: Kolombeschrijving) -> str:
    if k.codelijst and len(k.toegestaan) <= _CODES_GETOOND:
        return f"{k.vormzin}: {', '.join(k.toegestaan)}"
    return k.vormzin


def termijnen(catalogus: Catalogus) -> str:
    """What was agreed with each gemeente: what, how, how often, until when."""
    rijen = [
        (
            f"{catalogus.naam_van(a.gemeente)} ({a.gemeente})",
            a.bericht.value,
            a.soort,
            a.bedrag_eenheid,
            a.cadans,
            f"vanaf {a.vanaf}" + (f" tot en met {a.tot}" if a.tot else ""),
            f"dag {a.uiterste_dag} van de maand erna",
            f"{a.respijt_dagen} dagen",
        )
        for a in catalogus.afspraken
    ]
    kop = ("gemeente", "bericht", "soort", "bedragen in", "per", "geldig", "uiterlijk", "respijt")
    return _tabel(kop, rijen)


def regels(catalogus: Catalogus) -> str:
    """Every rule with its sentence, severity and example, grouped by what it is about."""
    alle = catalogus.regels.values()
    groepen = [(titel, [r for r in alle if r.regel_code.startswith(letter)]) for titel, letter in _VAN_ALLE]
    groepen += [(b.value.capitalize(), [r for r in alle if r.bericht == b]) for b in Bericht]
    delen = []
    for titel, eigen in groepen:
        rijen = [
            (f"**{r.regel_code}**", r.ernst.value, f"**{r.titel}.** {r.zin}", _voorbeeld(r), _wanneer(r)) for r in eigen
        ]
        delen.append(f"#### {titel}\n\n" + _tabel(("regel", "ernst", "wat", "voorbeeld", "wanneer"), rijen))
    return "\n".join(delen)


def _wanneer(regel: Regel) -> str:
    return "na de bouw" if regel.deur == "bouw" else "bij ontvangst"


def _voorbeeld(regel: Regel) -> str:
    v = VOORBEELDEN.get(regel.regel_code)
    if v is None:
        return ""
    waarom = v.waarom[0].lower() + v.waarom[1:] if v.waarom[1:2].islower() else v.waarom
    return f"{_rij(v)}: {waarom}"


def _rij(v: Voorbeeld) -> str:
    if v.situatie:
        return v.situatie
    return ", ".join(f"`{kolom}` = `{waarde}`" if waarde else f"`{kolom}` leeg" for kolom, waarde in v.cellen.items())


__all__ = ["HANDLEIDING", "handleiding", "kolommen", "regels", "termijnen", "werk_bij"]
