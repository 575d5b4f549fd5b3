"""Which claim lines are under reserve, a second time (SPEC 4 and 13, Under reserve): line by line, from the sentences.

Lives here: bands, prices, credits and readings of a line. Keep out: what the figures do with it (kosten.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from tests.oracle.invoer import Regel, Regio

FACTOREN = (1 / 1000, 1 / 100, 1 / 60, 1 / 10, 10, 60, 100, 1000)
"""A plain slip: at such a price the own amount is no reading."""
SPELING = 0.1
MINUTEN = {"01": 1, "04": 60, "16": 240}
EUROS = "83"


@dataclass(frozen=True)
class Voorbehoud:
    """What of a line stays out of the figures; cents without sign, `hersteld` 0 where nothing mends it."""

    regel_code: str
    bedrag: bool
    volume: bool
    hersteld: int
    telt_eigen: bool


class Banden:
    """Medians per line of the newest lines: of the gemeente, else of the regio, each from so many lines on."""

    def __init__(self, alle: Iterable[Regel], minstens: int) -> None:
        """Sort volumes and amounts by gemeente and product."""
        self.minstens = minstens
        self.volumes: dict[tuple[str, ...], list[float]] = defaultdict(list)
        self.bedragen: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for r in alle:
            if r.geleverd_volume is not None:
                for van in (r.gemeente, ""):
                    self.volumes[van, r.productcode, maat(r)].append(volume(r))
            for van in (r.gemeente, ""):
                self.bedragen[van, r.productcode].append(r.ingediend_bedrag)
        self._mediaan: dict[int, float] = {}

    def volume(self, r: Regel) -> float | None:
        """Usual volume of a line of this product, in its own measure."""
        return self._van([self.volumes[g, r.productcode, maat(r)] for g in (r.gemeente, "")])

    def bedrag(self, r: Regel) -> float | None:
        """Usual amount of a line of this product, in any unit."""
        return self.bedrag_van(r.gemeente, r.productcode)

    def bedrag_van(self, gemeente: str, productcode: str) -> float | None:
        """Usual amount of a line of a product at a gemeente."""
        return self._van([self.bedragen[g, productcode] for g in (gemeente, "")])

    def _van(self, lijsten: list[list[float]] | list[list[int]]) -> float | None:
        for lijst in lijsten:
            if len(lijst) >= self.minstens:
                if id(lijst) not in self._mediaan:
                    self._mediaan[id(lijst)] = median(lijst)
                return self._mediaan[id(lijst)]
        return None


def maat(r: Regel) -> str:
    """Units of time with a length are one measure: minutes."""
    return "minuten" if r.eenheid in MINUTEN else r.eenheid or ""


def volume(r: Regel) -> float:
    """Volume in that measure."""
    return float(r.geleverd_volume or 0) * MINUTEN.get(r.eenheid or "", 1)


def contractprijs(regio: Regio, r: Regel) -> float | None:
    """Price of the product table on productperiode_begin, per unit of the line."""
    p = regio.referentie.product(r.gemeente, r.productcode, r.productperiode_begin)
    if p is None or not p.tarief_cent or r.eenheid == EUROS:
        return None
    if p.eenheid == r.eenheid:
        return float(p.tarief_cent)
    if p.eenheid in MINUTEN and r.eenheid in MINUTEN:
        return p.tarief_cent * MINUTEN[r.eenheid] / MINUTEN[p.eenheid]
    return None


def _toets(regio: Regio, r: Regel, banden: Banden) -> tuple[str, bool, bool, int | None, float | None] | None:
    """Test one line by itself: code, only the volume, volume too, mended amount, ratio of prices; None: in order."""
    maal = {code: float(regio.catalogus.regels[code].drempel.split("|")[0]) for code in ("D09", "D36", "D37", "D38")}
    prijs, band, gewoon = contractprijs(regio, r), banden.volume(r), banden.bedrag(r)
    contract = float(r.geleverd_volume or 0) * prijs if prijs and r.geleverd_volume is not None else None
    verhouding = r.ingediend_bedrag / contract if contract else None

    def in_band(cent: float | None) -> bool:
        return cent is not None and gewoon is not None and gewoon / maal["D38"] <= cent <= gewoon * maal["D38"]

    prijs_af = verhouding is not None and not 1 / maal["D36"] <= verhouding <= maal["D36"]
    kent_volume = band is not None and r.geleverd_volume is not None and r.eenheid != EUROS
    hoog = kent_volume and volume(r) > maal["D37"] * (band or 0)
    laag = kent_volume and volume(r) * maal["D37"] < (band or 0)
    alleen_volume = prijs_af and (hoog or laag) and in_band(r.ingediend_bedrag)
    hersteld = int(contract + 0.5) if contract is not None and in_band(contract) else None
    if alleen_volume or (hoog and not prijs_af):
        return "D37", alleen_volume, True, hersteld, verhouding
    if prijs_af:
        assert verhouding is not None
        code = "D36" if 1 / maal["D09"] < verhouding < maal["D09"] else "D09"
        return code, False, hoog, hersteld, verhouding
    if verhouding is None and gewoon is not None and r.ingediend_bedrag > maal["D38"] * gewoon:
        return "D38", False, hoog, hersteld, verhouding
    return None


def onder_voorbehoud(
    regio: Regio, alle: Iterable[Regel], tellend: Iterable[Regel]
) -> dict[tuple[str, str, str], Voorbehoud]:
    """Lines under reserve by their number; nobody explained anything.

    "A credit shares the fate of the debit it names (vorig_referentienummer, same gemeente and provider)".
    """
    alle, tellend = list(alle), list(tellend)
    banden = Banden(alle, int(regio.catalogus.regels["D37"].drempel.split("|")[1]))
    debetten = {r.nummer: r for r in alle if r.debet_credit == "D"}
    groepen: dict[tuple[str, str, str], list[Regel]] = defaultdict(list)
    for r in tellend:
        debet = debetten.get((r.gemeente, r.aanbieder_agb, r.vorig_referentienummer or ""))
        groepen[debet.nummer if r.debet_credit == "C" and debet is not None else r.nummer].append(r)
    oordelen = {}
    for nummer, regels in groepen.items():
        # the debit first, then the heaviest credit
        regels.sort(key=lambda r: (r.nummer != nummer, -r.ingediend_bedrag))
        oordelen[nummer] = next((o for r in regels if (o := _toets(regio, r, banden)) is not None), None)
    uit: dict[tuple[str, str, str], Voorbehoud] = {}
    for r, oordeel in ((r, oordelen[nummer]) for nummer, regels in groepen.items() for r in regels):
        if oordeel is None:
            continue
        code, alleen_volume, ook_volume, hersteld, verhouding = oordeel
        prijs = contractprijs(regio, r)
        eigen = int(float(r.geleverd_volume or 0) * prijs + 0.5) if prijs is not None else 0
        uit[r.nummer] = Voorbehoud(
            regel_code=code,
            bedrag=not alleen_volume,
            volume=ook_volume,
            hersteld=eigen if hersteld is not None and not alleen_volume else 0,
            telt_eigen=verhouding is None
            or not any(f * (1 - SPELING) <= verhouding <= f * (1 + SPELING) for f in FACTOREN),
        )
    return uit
