"""sturing.doelrealisatie, a second time (SPEC 7 and 13, Doelrealisatie): panel, months judged, readings and verdict.

Lives here: the verdict and what it is made of. Keep out: what targets follow (doelen.py), the forecast of the year.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product

from pipeline.domain.maanden import Maand
from tests.oracle.doelen import CENT, Reeks, Rij
from tests.oracle.gebruik import trajecten
from tests.oracle.indicatoren import Rekenaar
from tests.oracle.invoer import REGIO, D, T
from tests.oracle.perioden import Periode, rijping

HALVE_CENT = Fraction(1, 2)


@dataclass
class Vergelijking:
    """One target and year: which months are judged and who is compared."""

    r: Rekenaar
    doel: dict[str, str]
    jaar: int

    def __post_init__(self) -> None:
        """Find candidates, months and panel."""
        self.basisjaar = int(self.doel["basisjaar"])
        self.bericht = D if self.doel["indicator_id"] == "kosten" else T
        self.terug = 12 * (self.basisjaar - self.jaar)
        gedekt = self.r.regio.gedekt
        alle = [Maand(self.jaar, m) for m in range(1, 13)]
        self.geleverd = [m for m in alle if any((g, self.bericht, m) in gedekt for g in self.r.regio.gemeenten)]
        eis = self.r.regio.catalogus.getal("doel_kandidaat_aandeel") * len(self.geleverd)
        kandidaten = [
            g
            for g in self.r.regio.gemeenten
            if sum(self.heeft(g, m) for m in self.geleverd) >= eis
            and sum(self.heeft_basis(g, m) for m in self.geleverd) >= eis
        ]
        totaal = sum(map(self.inwoners, kandidaten))
        self.maanden = [
            m
            for m in self.geleverd
            if self._mag(m)
            and totaal
            and sum(self.inwoners(g) for g in kandidaten if self.heeft(g, m) and self.heeft_basis(g, m))
            >= self.r.regio.catalogus.getal("dekking_minimum") * totaal
        ]
        self.panel = [
            g
            for g in kandidaten
            if self.maanden and all(self.heeft(g, m) and self.heeft_basis(g, m) for m in self.maanden)
        ]

    def heeft(self, g: str, m: Maand) -> bool:
        """Tell whether a gemeente delivered a month."""
        return (g, self.bericht, m) in self.r.regio.gedekt

    def heeft_basis(self, g: str, m: Maand) -> bool:
        """Tell whether it delivered that month of the base year."""
        return self.heeft(g, m.plus(self.terug))

    def inwoners(self, g: str) -> int:
        """Inhabitants 0-17 of the year."""
        return self.r.regio.referentie.inwoners_0_17(g, self.jaar)

    def _mag(self, m: Maand) -> bool:
        """Counts are judged over definitive months only."""
        return self.bericht == D or rijping(self.r.regio, Periode("maand", m.eerste_dag, (m,)), T) == "definitief"


@dataclass(frozen=True)
class Waarden:
    """Sums over gemeenten and months, in hundredths; the doubt in its readings, and the youths."""

    ontvangen: int
    geschat: int
    laag: int
    hoog: int
    niets: int
    eigen: int
    voorbehoud: int
    quarantaine: int
    jeugdigen: int


def waarden(v: Vergelijking, gemeenten: list[str], maanden: list[Maand]) -> Waarden:
    """What is known of some gemeenten over some months."""
    doel, r = v.doel, v.r
    segmenten, zonder = doel["segment"].split("+"), bool(doel["uitsluiting"])
    if doel["indicator_id"] != "kosten":
        begonnen = _begonnen(r, gemeenten, segmenten)
        mee = [b for m, b in begonnen if m in maanden]
        n = 100 * len(mee)
        return Waarden(n, n, n, n, 0, 0, 0, 0, len(set(mee)))
    nrs = [m.volgnummer for m in maanden]
    geschat, laag, hoog, _ = r.naijling.schat(gemeenten, segmenten, nrs, zonder)
    cellen = [(g, m, s, zonder) for g, m, s in product(gemeenten, nrs, segmenten)]
    voorbehoud, hersteld, eigen = (sum(r.naijling.lezing(c)[i] for c in cellen) for i in range(3))
    quarantaine = sum(r.quarantaine.get(c, 0) for c in cellen)
    jeugdigen = {
        d.regel.bsn
        for cel in product(gemeenten, maanden)
        for d in r.delen_per_maand.get(cel, ())
        if d.soort.segment in segmenten and not d.houdt_bedrag and not (zonder and d.soort.ambulant_alternatief)
    }
    return Waarden(
        ontvangen=sum(r.naijling.geteld(c) for c in cellen),
        geschat=geschat + quarantaine,
        laag=laag + quarantaine,
        hoog=hoog + quarantaine,
        niets=-hersteld - quarantaine,
        eigen=eigen - hersteld,
        voorbehoud=voorbehoud,
        quarantaine=quarantaine,
        jeugdigen=len(jeugdigen),
    )


def _begonnen(r: Rekenaar, gemeenten: list[str], segmenten: list[str]) -> list[tuple[Maand, str]]:
    """Month and youth of every traject begun, over the allocations of these gemeenten as if they were one gebied."""
    eigen = [t for t in r.geldig if t.gemeente in gemeenten]
    gat = r.regio.getal("traject_gat_dagen")
    return [(Maand.van(t.eerste), t.jeugdige) for s in segmenten for t in trajecten(eigen, s, gat)]


def _oordeel(v: Vergelijking, nu: Waarden, basis: Waarden, pad: Fraction) -> tuple[str, int, int]:
    """Verdict over all readings ("voorbehoud" when they differ), lowest and highest bound."""
    uitkomsten, laagst, hoogst = set(), [], []
    for d in (nu.niets, 0, nu.eigen):
        laag, hoog = nu.laag, nu.hoog
        if v.bericht == D:
            laag, hoog = max(nu.laag + d, min(nu.ontvangen, nu.geschat + d)), nu.hoog + d
        laagst.append(laag)
        hoogst.append(hoog)
        for b in (basis.niets, 0, basis.eigen):
            streef = (basis.geschat + b) * pad
            if hoog <= streef + HALVE_CENT:
                uitkomsten.add("op_koers")
            else:
                uitkomsten.add("niet_op_koers" if laag > streef + HALVE_CENT else "aandacht")
    status = uitkomsten.pop() if len(uitkomsten) == 1 else "voorbehoud"
    return status, max(min(laagst), min(nu.ontvangen, nu.geschat)), max(*hoogst, nu.geschat)


def _reden(v: Vergelijking, code: str, panel: float, dekkingen: tuple[float, float], basis: Waarden) -> str | None:
    """Why there is no verdict, "in this order"; all targets of the region aim downward."""
    getal = v.r.regio.catalogus.getal
    if not v.geleverd:
        return "te_vroeg"
    if v.r.regio.maanden[0] > Maand(v.basisjaar, 1):
        return "geen_basis"
    te_weinig = panel < getal("doel_panel_minimum") if code == REGIO else min(dekkingen) < getal("dekking_minimum")
    if not v.maanden or te_weinig:
        return "dekking"
    if basis.geschat <= 0 or basis.jeugdigen < getal("doel_minimum_jeugdigen"):
        return "geen_basis"
    return None


def _euro(hele: Fraction | int) -> Decimal:
    exact = Decimal(Fraction(hele).numerator) / Decimal(Fraction(hele).denominator) / 100
    return exact.quantize(CENT, ROUND_HALF_UP)


def doelrealisatie(r: Rekenaar) -> Iterator[Rij]:
    """All rows, with what they are made of."""
    indexatie = {int(x["jaar"]): Fraction(x["indexatie_aandeel"]) for x in r.regio.catalogus.rijen("indexatie")}
    for doel in r.regio.catalogus.rijen("streefwaarden"):
        for jaar in range(int(doel["eerste_jaar"]), int(doel["laatste_jaar"]) + 1):
            v = Vergelijking(r, doel, jaar)
            pad = (1 + Fraction(doel["jaarlijkse_verandering"])) ** (jaar - v.basisjaar)
            for code in r.regio.gebieden:
                yield _rij(v, code, pad, indexatie)


def _rij(v: Vergelijking, code: str, pad: Fraction, indexatie: dict[int, Fraction]) -> Rij:
    alle, n = v.r.regio.gemeenten, len(v.maanden)
    leden = v.panel if code == REGIO else [code]
    nu = waarden(v, leden, v.maanden)
    basis = waarden(v, leden, [m.plus(v.terug) for m in v.maanden])
    weging = {g: v.inwoners(g) for g in (alle if code == REGIO else [code])}
    som = n * sum(weging.values())
    dekkingen = tuple(
        sum(w for g, w in weging.items() for m in v.maanden if heeft(g, m)) / som if som else 0.0
        for heeft in (v.heeft, v.heeft_basis)
    )
    panel = sum(map(v.inwoners, v.panel)) / sum(map(v.inwoners, alle)) if n else 0.0
    if code != REGIO:
        panel = float(code in v.panel)
    reden = _reden(v, code, panel, (dekkingen[0], dekkingen[1]), basis)
    status, laag, hoog = _oordeel(v, nu, basis, pad)
    if reden is None and status == "voorbehoud":
        reden = "voorbehoud"
    heeft_basis = bool(n) and v.r.regio.maanden[0] <= Maand(v.basisjaar, 1)
    geschat = nu.geschat if n and reden != "dekking" else None
    bespaard = None
    jaren = range(v.basisjaar + 1, v.jaar + 1)
    if reden is None and v.bericht == D and all(j in indexatie for j in jaren):
        prijs = Fraction(basis.geschat)
        for j in jaren:
            prijs *= 1 + indexatie[j]
        bespaard = _euro(prijs) - _euro(nu.geschat)
    beoogd = None
    if v.bericht == D and code == REGIO and v.doel["beoogde_besparing_eur_per_jaar"]:
        beoogd = (Decimal(v.doel["beoogde_besparing_eur_per_jaar"]) * len(jaren) * n / 12).quantize(CENT, ROUND_HALF_UP)
    return {
        "doel_id": v.doel["doel_id"],
        "jaar": v.jaar,
        "gebied_code": code,
        "basisjaar": v.basisjaar,
        "n_maanden": n,
        "t_m_maand": max(v.maanden).eerste_dag if n else None,
        "basiswaarde": _euro(basis.geschat) if heeft_basis else None,
        "streefwaarde": _euro(basis.geschat * pad) if heeft_basis else None,
        "realisatie": _euro(nu.ontvangen) if n else None,
        "realisatie_geschat": None if geschat is None else _euro(geschat),
        "ondergrens": None if geschat is None else _euro(laag),
        "bovengrens": None if geschat is None else _euro(hoog),
        "afwijking": None
        if geschat is None or not heeft_basis or not basis.geschat
        else float(geschat / (basis.geschat * pad) - 1),
        "status": "onvoldoende_data" if reden else status,
        "reden": reden,
        "voorbehoud_eur": _euro(nu.voorbehoud) if n else None,
        "quarantaine_eur": _euro(nu.quarantaine) if n else None,
        "dekking": dekkingen[0],
        "dekking_basis": dekkingen[1],
        "panel_dekking": panel,
        "panel_n_gemeenten": len(v.panel) if code == REGIO else int(code in v.panel),
        "n_jeugdigen": nu.jeugdigen,
        "n_jeugdigen_basis": basis.jeugdigen,
        "besparing_gerealiseerd_eur": bespaard,
        "beoogde_besparing_eur": beoogd,
    }


__all__ = ["Reeks", "doelrealisatie"]
