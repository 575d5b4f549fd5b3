"""What targets and measures follow, and what became of measures (SPEC 6; readings in docs/adr/0005).

Lives here: comparing months that a gemeente delivered in both years. Keep out: the verdict (doelrealisatie.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from pipeline.domain.maanden import Maand
from tests.oracle.indicatoren import Rekenaar
from tests.oracle.invoer import D, T
from tests.oracle.naijling import rond

Rij = dict[str, object]
CENT = Decimal("0.01")


class Reeks:
    """What a target or measure follows: per gemeente and month, in hundredths."""

    def __init__(self, r: Rekenaar, indicator: str, segmenten: Iterable[str], zonder: bool) -> None:
        """Remember what to follow."""
        self.r, self.indicator, self.segmenten, self.zonder = r, indicator, tuple(segmenten), zonder
        self.bericht = D if indicator == "kosten" else T

    def is_geleverd(self, gemeente: str, m: Maand) -> bool:
        """Tell whether the levering that the value needs is there."""
        return (gemeente, self.bericht, m) in self.r.regio.gedekt

    def ontvangen(self, gemeente: str, m: Maand) -> int:
        """As received."""
        if self.indicator != "kosten":
            return self._begonnen(gemeente, m)
        return sum(self.r.naijling.geteld((gemeente, m.volgnummer, s, self.zonder)) for s in self.segmenten)

    def geschat(self, gemeente: str, m: Maand) -> int:
        """Completed by naijling."""
        if self.indicator != "kosten":
            return self._begonnen(gemeente, m)
        return sum(self.r.naijling.eind((gemeente, m.volgnummer, s, self.zonder)).cent for s in self.segmenten)

    def voorbehoud(self, gemeente: str, m: Maand) -> int:
        """Under reserve, as claimed."""
        if self.indicator != "kosten":
            return 0
        return sum(self.r.naijling.lezing((gemeente, m.volgnummer, s, self.zonder))[0] for s in self.segmenten)

    def _begonnen(self, gemeente: str, m: Maand) -> int:
        (g,) = (g for g in self.r.gebieden if g.code == gemeente)
        return 100 * sum(Maand.van(t.eerste) == m for s in self.segmenten for t in g.trajecten[s])

    def maanden(self, jaar: int) -> list[Maand]:
        """Months of the year seen so far: published, up to the last leveringsmaand of the regio."""
        laatste = self.r.regio.laatste_leveringsmaand(self.bericht)
        return [m for m in self.r.regio.maanden if m.jaar == jaar and m <= laatste]

    def inwoners(self, paren: Iterable[tuple[str, Maand]]) -> int:
        """Inhabitants 0-17 of gemeenten and months."""
        return sum(self.r.regio.referentie.inwoners_0_17(g, m.jaar) for g, m in paren)


def maatregelen(r: Rekenaar) -> Iterator[Rij]:
    """kosten.maatregelen: "investment, expected saving, net, and what the indicator it aims at did since"."""
    for m in r.regio.catalogus.maatregelen:
        (seed,) = (x for x in r.regio.catalogus.rijen("maatregelen") if x["maatregel_id"] == m.maatregel_id)
        bedragen = (m.investering_eur, m.verwachte_besparing_eur)
        netto = (
            (bedragen[1] or Decimal(0)) - (bedragen[0] or Decimal(0)) if any(b is not None for b in bedragen) else None
        )
        for jaar in range(m.startmaand.jaar, m.laatste_jaar + 1):
            rij: Rij = {
                "maatregel_id": m.maatregel_id,
                "jaar": jaar,
                "investering_eur": bedragen[0],
                "verwachte_besparing_eur": bedragen[1],
                "netto_eur": netto,
                "n_maanden": 0,
                "dekking": 0.0,
                **dict.fromkeys(
                    ("waarde_voor_start", "waarde_bij_trend", "waarde", "voorbehoud_eur", "trend_per_jaar")
                ),
            }
            if m.indicator_id and m.gebied_code:
                reeks = Reeks(r, m.indicator_id, m.segmenten, bool(seed["uitsluiting"]))
                rij |= _sinds(reeks, m.startmaand, r.regio.gebieden[m.gebied_code], jaar)
            yield rij


def _sinds(reeks: Reeks, start: Maand, gemeenten: Iterable[str], jaar: int) -> Rij:
    """Months since the start beside their month in the year before it, without and with the trend before."""
    maanden = [m for m in reeks.maanden(jaar) if m >= start]
    if not maanden:
        return {}
    # how many years back: the year before the start is the first
    jaren = {m: (m.volgnummer - start.volgnummer) // 12 + 1 for m in maanden}
    alles = [(g, m) for g in gemeenten for m in maanden]
    mee = [(g, m) for g, m in alles if reeks.is_geleverd(g, m) and reeks.is_geleverd(g, m.plus(-12 * jaren[m]))]
    uit: Rij = {"n_maanden": len(maanden), "dekking": reeks.inwoners(mee) / reeks.inwoners(alles)}
    if not mee:
        return uit
    groei = _groei(reeks, start, gemeenten)
    basis = {(g, m): reeks.geschat(g, m.plus(-12 * jaren[m])) for g, m in mee}
    met_trend = None if groei is None else rond(sum(c * groei ** jaren[m] for (_, m), c in basis.items()))
    return uit | {
        "waarde_voor_start": Decimal(sum(basis.values())) / 100,
        "waarde_bij_trend": None if met_trend is None else Decimal(met_trend) / 100,
        "waarde": Decimal(sum(reeks.geschat(g, m) for g, m in mee)) / 100,
        "voorbehoud_eur": Decimal(sum(reeks.voorbehoud(g, m) for g, m in mee)) / 100,
        "trend_per_jaar": None if groei is None else groei - 1,
    }


def _groei(reeks: Reeks, start: Maand, gemeenten: Iterable[str]) -> float | None:
    """Growth from the year before the last to the last before the start, of gemeenten that delivered both whole."""
    voor, ervoor = ([start.plus(-i - eind) for i in range(1, 13)] for eind in (0, 12))
    heel = [g for g in gemeenten if all(reeks.is_geleverd(g, m) for m in (*voor, *ervoor))]
    noemer = sum(reeks.geschat(g, m) for g in heel for m in ervoor)
    return sum(reeks.geschat(g, m) for g in heel for m in voor) / noemer if noemer > 0 else None
