"""An alert: its identity, its life, and what happens to it. Pure.

Lives here: kinds, the observation (what is so now), the alert (what became of it), the events that carry it from one
state to the next. Add here: a kind, with its texts in teksten.py and its source in vaststellen.py. Keep out: files,
clocks, channels.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Onderwerp(StrEnum):
    """What an alert is about; part of its identity."""

    LEVERING = "levering"
    HERLEVERING = "herlevering"
    SPRONG = "sprong"
    POORT = "poort"
    RUN = "run"
    VERSHEID = "versheid"


class Soort(StrEnum):
    """What is the matter. One obligation goes from TE_LAAT to ONTBREEKT or AFGEKEURD and stays one alert."""

    TE_LAAT = "TE_LAAT"
    ONTBREEKT = "ONTBREEKT"
    AFGEKEURD = "AFGEKEURD"
    HERLEVERING_AFGEKEURD = "HERLEVERING_AFGEKEURD"
    SPRONG = "SPRONG"
    POORT_HOUDT = "POORT_HOUDT"
    RUN_MISLUKT = "RUN_MISLUKT"
    PIJPLIJN_STIL = "PIJPLIJN_STIL"


VAN_DE_PIJPLIJN = frozenset({Onderwerp.POORT, Onderwerp.RUN, Onderwerp.VERSHEID})
"""Subjects of whoever runs the pipeline; no sender hears of them."""


@dataclass(frozen=True, order=True)
class Identiteit:
    """What makes two observations one alert: (gemeente, bericht, subject, period)."""

    gemeente: str
    bericht: str
    onderwerp: Onderwerp
    periode: str

    @property
    def melding_id(self) -> str:
        """Short name of the alert, the same forever."""
        tekst = f"{self.gemeente}|{self.bericht}|{self.onderwerp.value}|{self.periode}"
        return "M-" + hashlib.sha256(tekst.encode()).hexdigest()[:8]

    def als_dict(self) -> dict[str, str]:
        """Plain form."""
        return {
            "gemeente": self.gemeente,
            "bericht": self.bericht,
            "onderwerp": self.onderwerp.value,
            "periode": self.periode,
        }

    @classmethod
    def van_dict(cls, d: Mapping[str, str]) -> Identiteit:
        """Read the plain form back."""
        return cls(d["gemeente"], d["bericht"], Onderwerp(d["onderwerp"]), d["periode"])


@dataclass(frozen=True)
class Waarneming:
    """Something that is the matter now. `kenmerk` tells one cause from another (a refused file from the next one).

    `feiten` is what the texts need: dates, names of files, sentences; never a value of a row.
    """

    identiteit: Identiteit
    soort: Soort
    kenmerk: str = ""
    feiten: Mapping[str, Any] = field(default_factory=dict)


class Staat(StrEnum):
    """Life of an alert."""

    OPEN = "OPEN"
    BEVESTIGD = "BEVESTIGD"
    OPGELOST = "OPGELOST"


class Wat(StrEnum):
    """What happened to an alert."""

    GEOPEND = "GEOPEND"
    VERANDERD = "VERANDERD"
    GEESCALEERD = "GEESCALEERD"
    BEVESTIGD = "BEVESTIGD"
    GESLOTEN = "GESLOTEN"
    OPGELOST = "OPGELOST"


@dataclass(frozen=True)
class Gebeurtenis:
    """One event in the life of one alert, at a moment (aware)."""

    wat: Wat
    identiteit: Identiteit
    op: dt.datetime
    gegevens: Mapping[str, Any] = field(default_factory=dict)

    def als_dict(self) -> dict[str, Any]:
        """Plain form, ready for JSON."""
        return {"wat": self.wat.value, "op": self.op.isoformat(), **self.identiteit.als_dict(), **self.gegevens}

    @classmethod
    def van_dict(cls, d: Mapping[str, Any]) -> Gebeurtenis:
        """Read the plain form back; KeyError or ValueError when it is not one."""
        vast = {"wat", "op", "gemeente", "bericht", "onderwerp", "periode"}
        return cls(
            Wat(d["wat"]),
            Identiteit.van_dict(d),
            dt.datetime.fromisoformat(d["op"]),
            {k: v for k, v in d.items() if k not in vast},
        )


@dataclass(frozen=True)
class Melding:
    """What became of an alert. `volgnr` counts how often it opened: solved and back again is a next time."""

    identiteit: Identiteit
    volgnr: int
    soort: Soort
    kenmerk: str
    feiten: Mapping[str, Any]
    staat: Staat
    geopend_op: dt.datetime
    gewijzigd_op: dt.datetime
    niveau: int = 0
    door: str = ""
    toelichting: str = ""
    tot: dt.date | None = None
    is_gesloten: bool = False

    @property
    def melding_id(self) -> str:
        """Short name, the same forever."""
        return self.identiteit.melding_id

    @property
    def is_open(self) -> bool:
        """Tell whether it is still the matter, acknowledged or not."""
        return self.staat is not Staat.OPGELOST


def pas_toe(melding: Melding | None, g: Gebeurtenis) -> Melding:
    """Return the alert after an event. ValueError when the event does not fit (nothing to acknowledge or solve)."""
    if g.wat is Wat.GEOPEND:
        return Melding(
            identiteit=g.identiteit,
            volgnr=melding.volgnr + 1 if melding else 1,
            soort=Soort(g.gegevens["soort"]),
            kenmerk=g.gegevens["kenmerk"],
            feiten=g.gegevens["feiten"],
            staat=Staat.OPEN,
            geopend_op=g.op,
            gewijzigd_op=g.op,
        )
    if melding is None or not melding.is_open:
        raise ValueError(f"{g.identiteit.melding_id} is niet open")
    return _vervolg(melding, g)


def _vervolg(melding: Melding, g: Gebeurtenis) -> Melding:
    if g.wat is Wat.VERANDERD:
        # what was acknowledged was something else
        return replace(
            melding,
            soort=Soort(g.gegevens["soort"]),
            kenmerk=g.gegevens["kenmerk"],
            feiten=g.gegevens["feiten"],
            staat=Staat.OPEN,
            gewijzigd_op=g.op,
            tot=None,
        )
    if g.wat is Wat.GEESCALEERD:
        return replace(melding, niveau=g.gegevens["niveau"], gewijzigd_op=g.op, staat=Staat.OPEN, tot=None)
    wie = {"door": g.gegevens.get("door", ""), "toelichting": g.gegevens.get("toelichting", "")}
    if g.wat is Wat.BEVESTIGD:
        tot = g.gegevens.get("tot")
        datum = dt.date.fromisoformat(tot) if tot else None
        return replace(melding, staat=Staat.BEVESTIGD, gewijzigd_op=g.op, tot=datum, **wie)
    if g.wat is Wat.GESLOTEN:
        return replace(melding, staat=Staat.OPGELOST, gewijzigd_op=g.op, is_gesloten=True, **wie)
    return replace(melding, staat=Staat.OPGELOST, gewijzigd_op=g.op)
