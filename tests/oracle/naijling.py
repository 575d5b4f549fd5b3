"""What is still to come of the cost of a month of care: chain ladder, expectation and Mack's bounds (SPEC 7, Naijling).

Lives here: the second computation, on arrays per gemeente and segment. Keep out: what was received (kosten.py).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from pipeline.domain.leveringen import Bericht
from pipeline.domain.maanden import Maand
from tests.oracle.gebruik import geldige_toewijzingen
from tests.oracle.invoer import SEGMENTEN, TOTAAL, D, Regio
from tests.oracle.kosten import Deel

Rij = npt.NDArray[np.float64]
Cel = tuple[str, int, str, bool]
"""Gemeente, month of care (number), segment, without ambulant alternatives."""
HELFT = 0.5
"""Less known than this: from the expectation."""
NIEUWSTE = 2
"""Months of care that are completed from the expectation."""
Z_80 = NormalDist().inv_cdf(0.9)


@dataclass(frozen=True)
class Ladder:
    """Factors per delay (NaN: not seen), what they were measured on, Mack's sigma squared, and the part known."""

    f: Rij
    basis: Rij
    sigma2: Rij
    bekend: Rij

    @cached_property
    def aandeel(self) -> Rij:
        """Part of the final cost that comes with each delay."""
        return np.diff(self.bekend, prepend=0.0)

    def mack(self, open_: Rij, vanaf_bekend: float = HELFT) -> float:
        """Mack's variance of final amounts: `open_` are those to which the factor of each delay still applies."""
        mee = ~np.isnan(self.f) & (self.bekend >= vanaf_bekend) & (self.basis > 0)
        f, s2, a = self.f[mee], self.sigma2[mee], open_[mee]
        return float(np.sum(s2 / f**2 * (np.maximum(a, 0) / self.bekend[mee] + a**2 / self.basis[mee])))


def ladder(driehoeken: Sequence[Rij], n_jaargangen: int) -> Ladder:
    """Volume-weighted chain ladder and Mack on triangles pooled; a row is a month of care, NaN is not delivered.

    The last column that holds anything of the newest row is that of the last leveringsmaand.
    """
    n = driehoeken[0].shape[1]
    f, basis, sigma2 = np.full(n, np.nan), np.zeros(n), np.full(n, np.nan)
    nog_niets = np.zeros(n, dtype=bool)
    for k in range(n - 1):
        # the last months of care that could show both delays
        laatste = n - k - 1
        jongste = [d[max(0, laatste - n_jaargangen) : laatste] for d in driehoeken]
        nu, straks = (np.concatenate([d[:, j] for d in jongste]) for j in (k, k + 1))
        mee = ~np.isnan(nu) & ~np.isnan(straks)
        nu, straks = nu[mee], straks[mee]
        basis[k] = nu.sum()
        nog_niets[k] = basis[k] <= 0 < straks.sum()
        if basis[k] > 0 and straks.sum() > 0:
            f[k] = straks.sum() / basis[k]
            p = nu > 0
            if p.sum() > 1:
                sigma2[k] = np.sum(nu[p] * (straks[p] / nu[p] - f[k]) ** 2) / (p.sum() - 1)
    for k in range(1, n):
        sigma2[k] = sigma2[k - 1] if np.isnan(sigma2[k]) else sigma2[k]
    tot_eind = np.cumprod(np.nan_to_num(f, nan=1.0)[::-1])[::-1]
    bekend = np.where(np.logical_or.accumulate(nog_niets[::-1])[::-1], 0.0, 1 / tot_eind)
    return Ladder(f, basis, np.nan_to_num(sigma2), bekend)


@dataclass(frozen=True)
class Eind:
    """Expected final cost of one cell, in cents; `vanaf`: first delay still to come (None: nothing is added)."""

    cent: int
    methode: str
    vanaf: int | None
    variantie: float = 0.0
    gedeeld: float = 0.0
    """What the expectation is off together with all others; added up before it is squared."""


def regio_op(regio: Regio, peil: int) -> Regio:
    """Return the region with the leveringen up to and including month number `peil`."""
    return replace(
        regio,
        toewijzingen=tuple(t for t in regio.toewijzingen if t.leveringsmaand.volgnummer <= peil),
        leveringen=tuple(b for b in regio.leveringen if b.maand.volgnummer <= peil),
    )


class Naijling:
    """The estimates of one region."""

    def __init__(self, regio: Regio, delen: Sequence[Deel], nu: Naijling | None = None) -> None:
        """Sort cost by cell and delay; `nu` is the region of today when this one is of an earlier month."""
        self.regio = regio
        self.delen = delen
        self.nu = nu or self
        self.toen = self.nu.toen if nu else cache(self._toen)
        self.laatste = regio.laatste_leveringsmaand(D).volgnummer
        self.geleverd = {
            g: {
                m.volgnummer
                for h, b, m in regio.geleverd - regio.twijfel
                if (h, b) == (g, D) and m.volgnummer <= self.laatste
            }
            for g in regio.gemeenten
        }
        self.erbij: dict[Cel, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.lezingen: dict[Cel, list[int]] = defaultdict(lambda: [0, 0, 0])
        for d in delen:
            m = d.zorgmaand.volgnummer
            vertraging = max(0, d.eerste_leveringsmaand.volgnummer - m)
            for s in (d.soort.segment, TOTAAL):
                for zonder in (False, True):
                    if not (zonder and d.soort.ambulant_alternatief):
                        cel = (d.regel.gemeente, m, s, zonder)
                        # the estimate takes what is under reserve at its mended amount
                        self.erbij[cel][vertraging] += d.cent + d.hersteld
                        lezing = self.lezingen[cel]
                        self.lezingen[cel] = [lezing[0] + d.voorbehoud, lezing[1] + d.hersteld, lezing[2] + d.eigen]
        published = {m.volgnummer for m in regio.maanden}
        self.zorgmaanden = {g: published | {m for h, m, _, _ in self.erbij if h == g} for g in regio.gemeenten}
        self.ladder = cache(self._ladder)
        self.eind = cache(self._eind)
        self.spreiding = cache(self._spreiding)

    def _toen(self, peil: int) -> Naijling:
        """Give the estimates as they were after a leveringsmaand.

        "a line counts with its newest amount and status at the delay of its first arrival"
        """
        if peil >= self.laatste:
            return self
        return Naijling(
            regio_op(self.regio, peil), [d for d in self.delen if d.eerste_leveringsmaand.volgnummer <= peil], self
        )

    def bekend(self, cel: Cel) -> int:
        """Cents received; what is under reserve as mended."""
        return sum(self.erbij[cel].values()) if cel in self.erbij else 0

    def nog_niet_heel(self) -> Iterator[tuple[str, Maand]]:
        """Months long ago of which a later levering is missing and more than may be missing is still expected."""
        rijp, ruimte = self.regio.getal("rijping_maanden"), self.regio.catalogus.getal("dekking_minimum")
        for g in self.regio.gemeenten:
            for m in self.zorgmaanden[g]:
                eind = self.eind((g, m, TOTAAL, False))
                gestopt = eind.vanaf is not None and eind.vanaf < min(rijp, self.laatste - m - 1)
                mist = eind.methode == "onvolledig" or gestopt
                te_weinig = self.bekend((g, m, TOTAAL, False)) < ruimte * eind.cent
                if self.laatste - m >= rijp and mist and te_weinig:
                    yield g, Maand(m // 12, m % 12 + 1)

    def lezing(self, cel: Cel) -> tuple[int, int, int]:
        """Under reserve in a cell: as claimed, mended, at its own amount."""
        voorbehoud, hersteld, eigen = self.lezingen.get(cel, (0, 0, 0))
        return voorbehoud, hersteld, eigen

    def geteld(self, cel: Cel) -> int:
        """Cents that count."""
        return self.bekend(cel) - self.lezing(cel)[1]

    def _driehoek(self, g: str, segment: str) -> Rij:
        eerste, n = self._eerste, self.laatste - self._eerste + 1
        uit = np.full((n, n), np.nan)
        begonnen = min(self.geleverd[g], default=self.laatste + 1)
        for i in range(n):
            m = eerste + i
            per_vertraging = self.erbij.get((g, m, segment, False), {})
            for k in range(n - i):
                if m >= begonnen and m + k in self.geleverd[g]:
                    uit[i, k] = sum(c for v, c in per_vertraging.items() if v <= k)
        return uit

    @cached_property
    def _eerste(self) -> int:
        return self.regio.maanden[0].volgnummer

    def _ladder(self, segment: str) -> Ladder:
        return ladder(
            [self._driehoek(g, segment) for g in self.regio.gemeenten], self.regio.getal("naijling_jaargangen")
        )

    def gezien(self, g: str, m: int) -> list[int]:
        """Delays of the leveringen since a month of care; empty when its beginning was not seen.

        SPEC 7: "what a later stand delivers of a month whose own levering was missing or refused is known".
        """
        if not self.geleverd[g] or m < min(self.geleverd[g]):
            return []
        uit = sorted(x - m for x in self.geleverd[g] if x >= m)
        return list(range(uit[-1] + 1)) if uit and g in self.standen else uit

    @cached_property
    def standen(self) -> set[str]:
        """Gemeenten whose newest levering is a stand."""
        uit = set()
        for g in self.regio.gemeenten:
            nieuwste = max((m for h, b, m in self.regio.staand if (h, b) == (g, D)), default=None)
            afspraak = self.regio.catalogus.afspraak(g, Bericht.DECLARATIES, nieuwste) if nieuwste else None
            if afspraak and afspraak.soort == "stand":
                uit.add(g)
        return uit

    @cached_property
    def dagen(self) -> dict[Cel, int]:
        """Days that valid allocations cover, those without claims (not ZIN) left out."""
        uit: dict[Cel, int] = defaultdict(int)
        for t in geldige_toewijzingen(self.regio):
            if t.leveringsvorm not in (None, "ZIN"):
                continue
            for m in self.regio.maanden if self.nu is self else self.regio.maanden[-self._jongste :]:
                dagen = (min(t.laatste, m.laatste_dag) - max(t.eerste, m.eerste_dag)).days + 1
                if t.eerste <= t.laatste and dagen > 0:
                    for s in (t.soort.segment, TOTAAL):
                        uit[t.gemeente, m.volgnummer, s, False] += dagen
                        if not t.soort.ambulant_alternatief:
                            uit[t.gemeente, m.volgnummer, s, True] += dagen
        return uit

    @cached_property
    def _jongste(self) -> int:
        """Months that are looked at: the ripe ones, and those that are not yet."""
        return self.regio.getal("rijping_maanden") + self.regio.getal("naijling_jaargangen")

    @cached_property
    def rijp(self) -> dict[Cel, int]:
        """Final amounts of the last ripe months of which everything was delivered, where days were covered."""
        uit = {}
        for cel in self.dagen:
            g, m, s, _ = cel
            gezien = self.gezien(g, m)
            if m <= self.laatste - self._jongste or gezien != list(range(len(gezien))):
                continue
            deel = self.ladder(s).bekend[gezien[-1]] if len(gezien) > self.regio.getal("rijping_maanden") else 0
            if deel > 0:
                uit[cel] = rond(self.bekend(cel) / deel)
        return uit

    @cached_property
    def tarief(self) -> dict[tuple[str, bool], float]:
        """Per segment: average cost of a covered day over those months."""
        cent: dict[tuple[str, bool], list[int]] = defaultdict(lambda: [0, 0])
        for cel, c in self.rijp.items():
            som = cent[cel[2:]]
            cent[cel[2:]] = [som[0] + c, som[1] + self.dagen[cel]]
        return {sleutel: c / d for sleutel, (c, d) in cent.items() if c > 0}

    def verwacht(self, cel: Cel) -> float | None:
        """What was expected of a month of care; an allocation must cover at least a day."""
        return self.dagen[cel] * self.tarief[cel[2:]] if cel in self.dagen and cel[2:] in self.tarief else None

    def _spreiding(self, segment: str, oud: int) -> tuple[float, float]:
        """How far estimates from the expectation were off at that age: of a gemeente by itself, and together."""
        per_maand: dict[int, list[tuple[float, float]]] = defaultdict(list)
        for cel, eind in self.rijp.items():
            g, m, s, zonder = cel
            if s != segment or zonder or m + oud > self.laatste:
                continue
            toen = self.toen(m + oud)
            deel = float(toen.ladder(s).bekend[oud])
            if toen.gezien(g, m) != list(range(oud + 1)) or (deel == 0 and toen.bekend(cel) != 0):
                continue
            v = (toen if cel[2:] in toen.tarief else self).verwacht(cel)
            if v is not None and rond(v) > 0:
                per_maand[m].append((eind - rond(toen.bekend(cel) + v * (1 - deel)), rond(v)))
        return _spreiding(list(per_maand.values()))

    def _eind(self, cel: Cel) -> Eind:
        g, m, segment, _zonder = cel
        bekend, gezien = self.bekend(cel), self.gezien(g, m)
        if not self.geleverd[g] or m < min(self.geleverd[g]):
            return Eind(bekend, "onvolledig", None)
        lad = self.ladder(segment)
        deel = float(lad.bekend[gezien[-1]]) if gezien else 0.0
        volledig = bool(gezien) and gezien == list(range(len(gezien)))
        via_ladder = bekend / deel if deel else float(bekend)
        vanaf = gezien[-1] if gezien else 0
        if volledig and deel == 1:
            return Eind(bekend, "ontvangen", vanaf)
        verwacht = self.verwacht(cel)
        if volledig and deel and not (verwacht is not None and (self.laatste - m < NIEUWSTE or deel < HELFT)):
            return Eind(rond(via_ladder), "chain_ladder", vanaf)
        if verwacht is None:
            return Eind(rond(via_ladder), "onvolledig", vanaf if deel else None)
        open_ = 1 - float(sum(lad.aandeel[k] for k in gezien))
        cent = bekend + verwacht * open_
        if volledig:
            eigen, gedeeld = self.spreiding(segment, min(vanaf, self.regio.getal("terugblik_maanden") - 1))
            return Eind(rond(cent), "bornhuetter_ferguson", vanaf, verwacht * eigen, verwacht * gedeeld)
        eigen, gedeeld = self.spreiding(segment, 0)
        cent = min(cent, max(via_ladder, verwacht))
        return Eind(rond(cent), "onvolledig", vanaf, verwacht * eigen * open_**2, verwacht * gedeeld * open_)

    def schat(
        self, gemeenten: Sequence[str], segmenten: Sequence[str], maanden: Iterable[int], zonder: bool
    ) -> tuple[int, int, int, list[Eind]]:
        """Estimate, lower and upper bound in cents of everything together."""
        alle, variantie, gedeeld = [], 0.0, 0.0
        maanden = list(maanden)
        for s in segmenten:
            lad = self.ladder(s)
            open_ = np.zeros(len(lad.f))
            for g in gemeenten:
                for m in self.zorgmaanden[g].intersection(maanden):
                    e = self.eind((g, m, s, zonder))
                    alle.append(e)
                    variantie += e.variantie
                    gedeeld += e.gedeeld
                    if e.vanaf is not None and e.methode != "bornhuetter_ferguson":
                        open_[e.vanaf :] += e.cent
            variantie += lad.mack(open_)
        cent = sum(e.cent for e in alle)
        return cent, *grenzen(cent, variantie + gedeeld**2), alle


def _spreiding(per_maand: list[list[tuple[float, float]]]) -> tuple[float, float]:
    """Split how far amounts were off their expectation, months of (off by, expected), in own variance and shared part.

    Of gemeenten what 80 percent stayed within, of the months of the regio the mean square.
    """
    if not per_maand:
        return 0.0, 0.0
    naast, v = (np.array(x, dtype=float) for x in zip(*(p for maand in per_maand for p in maand), strict=True))
    sommen = np.array([np.sum(maand, axis=0) for maand in per_maand])
    gemeente = float(np.quantile(np.abs(naast) / np.sqrt(v), 0.8) / Z_80) ** 2
    regio = float(np.sum(sommen[:, 0] ** 2) / np.sum(sommen[:, 1]))
    klein, groot = float(v.mean()), float(np.sum(sommen[:, 1] ** 2) / np.sum(sommen[:, 1]))
    gedeeld = min((regio - gemeente) / (groot - klein), regio / groot) if groot > klein else 0.0
    gedeeld = max(gedeeld, 0.0)
    return max(gemeente - gedeeld * klein, 0.0), math.sqrt(gedeeld)


def grenzen(cent: int, variantie: float) -> tuple[int, int]:
    """Bounds of 80 percent, lognormal with the estimate as mean."""
    if variantie <= 0 or cent <= 0:
        return cent, cent
    s2 = math.log(1 + variantie / cent**2)
    laag, hoog = (cent * math.exp(kant * Z_80 * math.sqrt(s2) - s2 / 2) for kant in (-1, 1))
    return rond(min(cent, laag)), rond(max(cent, hoog))


def rond(x: float) -> int:
    """Round half away from zero."""
    return int(math.copysign(math.floor(abs(x) + 0.5), x))


ONZEKERST = ("onvolledig", "bornhuetter_ferguson", "chain_ladder", "ontvangen")


def schattingen(n: Naijling) -> Iterator[dict[str, object]]:
    """Expected final cost per zorgmaand, gebied and segment."""
    alle = sorted(set().union(*n.zorgmaanden.values()))
    published = {m.volgnummer for m in n.regio.maanden}
    for code, gemeenten in n.regio.gebieden.items():
        for s in (*SEGMENTEN, TOTAAL):
            for m in alle:
                # months that are not published are there when they have cost
                if m in published or any((g, m, s, False) in n.erbij for g in gemeenten):
                    cent, laag, hoog, delen = n.schat(gemeenten, [s], [m], zonder=False)
                    lezingen = [n.lezing((g, m, s, False)) for g in gemeenten]
                    hersteld, eigen = (sum(x[i] for x in lezingen) for i in (1, 2))
                    laag += min(min(eigen, 0) - hersteld, 0)
                    hoog += max(max(eigen, 0) - hersteld, 0)
                    yield {
                        "zorgmaand": Maand(m // 12, m % 12 + 1).eerste_dag,
                        "gebied_code": code,
                        "segment": s,
                        "eind_cent": cent,
                        "ondergrens_cent": laag,
                        "bovengrens_cent": hoog,
                        "methode": next(x for x in ONZEKERST if any(d.methode == x for d in delen)),
                        "is_geschat": any(d.vanaf is not None and d.methode != "ontvangen" for d in delen),
                    }


def factoren(n: Naijling) -> Iterator[dict[str, object]]:
    """Factors per segment and delay, up to that of the first published month."""
    for s in (*SEGMENTEN, TOTAAL):
        lad = n.ladder(s)
        for k in range(len(lad.f)):
            yield {
                "segment": s,
                "vertraging_maanden": k,
                "ontwikkelfactor": None if np.isnan(lad.f[k]) else float(lad.f[k]),
                "factor_tot_eind": 1 / lad.bekend[k] if lad.bekend[k] else None,
            }
