"""The 325 (antwoord) onto the lines of the 323 (declaratie) it answers.

Lives here: which declaration an answer is about, which lines it rejects, whether its amounts agree. Keep out: reading
messages (xml_lezer.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.berichten.declaraties.kolommen import STATUS_AFGEKEURD
from pipeline.intake import ijw_elementen as ijw

STATUS_TOEGEKEND = "goedgekeurd"
"""Status of a line in an answered declaration that the 325 does not name (OP303: it names only what is rejected)."""
_HEEL_GETAL = re.compile(r"\s*[0-9]{1,15}\s*")


@dataclass
class Declaratie:
    """One 323: whose it is, by what names a 325 calls it, and where its rows are."""

    agb: str
    identificatie: str
    nummer: str
    rijen: range


@dataclass
class Antwoord:
    """One 325. `kop`, `code`: return codes of the message and of the declaration.

    `regels`: (reference, its code, code of its client); `clienten`: (person number, code) of which no line is named.
    `toegekend`: what it says is awarded, with D or C.
    """

    agb: str
    beantwoord: str
    dagtekening: str | None
    kop: str = ""
    nummer: str = ""
    code: str = ""
    regels: list[tuple[str, str, str]] = field(default_factory=list)
    clienten: list[tuple[str, str]] = field(default_factory=list)
    toegekend: tuple[str | None, str | None] = (None, None)

    @property
    def geheel(self) -> str:
        """Code that rejects the whole declaration; "" when none does."""
        return ijw.afkeur(self.code, self.kop)

    @property
    def niet_beoordeeld(self) -> bool:
        """Whether it says of the whole that it was not judged, and so decides nothing about what it does not name."""
        return self.kop == ijw.NIET_BEOORDEELD and ijw.zegt(self.code) in (0, 2)


def beantwoord(
    declaraties: Sequence[Declaratie], antwoorden: Sequence[Antwoord], rijen: Sequence[ijw.Rij]
) -> tuple[int, int]:
    """Put every answer on its declaration, the newest last.

    Return how many rejections found no line, and how many answers contradict themselves.
    """
    los = tegenspraak = 0
    op_naam: dict[tuple[str, str, str], list[Declaratie]] = {}
    for d in declaraties:
        for soort, naam in (("bericht", d.identificatie), ("nummer", d.nummer)):
            op_naam.setdefault((soort, d.agb, naam), []).append(d)
    for a in sorted(antwoorden, key=lambda a: a.dagtekening or ""):
        gevonden = op_naam.get(("bericht", a.agb, a.beantwoord), []) if a.beantwoord else []
        if not gevonden and a.nummer:
            gevonden = op_naam.get(("nummer", a.agb, a.nummer), [])
        eigen = [i for d in gevonden for i in d.rijen]
        los += _zet_antwoord(a, eigen, rijen)
        tegenspraak += _spreekt_zich_tegen(a, eigen, rijen)
    return los, tegenspraak


def _zet_antwoord(a: Antwoord, eigen: Sequence[int], rijen: Sequence[ijw.Rij]) -> int:
    """Put an answer on the lines it is about; return how many rejections in it found none."""
    if not a.niet_beoordeeld:
        status, code = STATUS_AFGEKEURD if a.geheel else STATUS_TOEGEKEND, a.geheel or None
        for i in eigen:
            rij = rijen[i]
            rij[ijw.D_STATUS], rij[ijw.D_RETOUR], rij[ijw.D_ANTWOORD] = status, code, a.dagtekening
    los = int(bool(a.geheel) and not eigen)
    plaatsen: dict[tuple[int, str], list[int]] = {}
    for kolom in ((ijw.D_REFERENTIE,) if a.regels else ()) + ((ijw.D_BSN,) if a.clienten else ()):
        for i in eigen:
            plaatsen.setdefault((kolom, (rijen[i][kolom] or "").strip()), []).append(i)
    for sleutel, kolom, code, boven in _afkeuringen(a):
        gevonden = plaatsen.get((kolom, sleutel), [])
        los += not gevonden
        for i in gevonden:
            rij = rijen[i]
            rij[ijw.D_STATUS], rij[ijw.D_RETOUR] = STATUS_AFGEKEURD, ijw.afkeur(code, boven, a.geheel) or None
            rij[ijw.D_ANTWOORD] = a.dagtekening
    return los


def _afkeuringen(a: Antwoord) -> Iterator[tuple[str, int, str, str]]:
    """What an answer rejects below the whole: (key, its column, own code, code above).

    A line is named to reject it, with or without a code (OP303), unless all that is said of it is that there is no
    remark or that it was not judged.
    """
    for referentie, code, van_client in a.regels:
        if not code or ijw.afkeur(code, van_client):
            yield referentie, ijw.D_REFERENTIE, code, van_client
    for bsn, code in a.clienten:
        if ijw.afkeur(code):
            yield bsn, ijw.D_BSN, code, ""


def _spreekt_zich_tegen(a: Antwoord, eigen: Sequence[int], rijen: Sequence[ijw.Rij]) -> int:
    """1 when the amount awarded is not what was submitted less what is rejected; else 0."""
    if not eigen or a.toegekend[0] is None:
        return 0
    blijft = [rijen[i] for i in eigen if rijen[i][ijw.D_STATUS] != STATUS_AFGEKEURD]
    return totaal_wijkt_af(*a.toegekend, blijft)


def totaal_wijkt_af(totaal: str | None, dc: str | None, rijen: Sequence[ijw.Rij]) -> int:
    """1 when a message names a total that is not the sum of its lines, debits minus credits (IV086); else 0.

    Not judged when an amount cannot be read: then the row rules say so.
    """
    bedragen = [totaal or "", *(r[ijw.D_BEDRAG] or "" for r in rijen)]
    if not all(_HEEL_GETAL.fullmatch(b) for b in bedragen):
        return 0
    tekens = [_teken(dc), *(_teken(r[ijw.D_DC]) for r in rijen)]
    genoemd, *eigen = (int(b) * t for b, t in zip(bedragen, tekens, strict=True))
    return int(genoemd != sum(eigen))


def _teken(dc: str | None) -> int:
    return -1 if (dc or "").strip().upper() == "C" else 1
