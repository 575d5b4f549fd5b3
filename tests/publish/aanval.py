"""An attacker of the public edition: whole numbers over all sums the public can form, solved by HiGHS.

Lives here: what anybody knows of the counts in openbaar.kerncijfers (what rounding says, and how counts add up), and
the bounds that follow for what is hidden. `eigen`: what a gemeente knows exactly besides, of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Cel = tuple[str, str, str, str, str]
"""What is counted, periode_soort, periode, gebied_code, segment."""

_NOEMER = {
    "aandeel_verwijzer": "begonnen",
    "aandeel_start_crisis": "begonnen",
    "aandeel_herhaald_beroep": "begonnen",
    "trajectduur_gemiddeld": "beeindigd",
    "aandeel_uithuisplaatsing_met_ambulant_alternatief": "uithuisplaatsingen",
    "aandeel_gezinsgericht_smal": "jeugdigen_met_verblijf",
    "aandeel_gezinsgericht_breed": "jeugdigen_met_verblijf",
    "aandeel_verlengde_jeugdhulp": "jeugdigen_in_zorg",
}
_DEEL_VAN = (
    ("aandeel_gezinsgericht_smal", "aandeel_gezinsgericht_breed"),
    ("aandeel_gezinsgericht_breed", "jeugdigen_met_verblijf"),
    ("jeugdigen_met_verblijf", "jeugdigen_in_zorg"),
    ("aandeel_jeugdigen_in_zorg", "jeugdigen_in_zorg"),
    ("aandeel_verlengde_jeugdhulp", "jeugdigen_in_zorg"),
    ("aandeel_uithuisplaatsing_met_ambulant_alternatief", "uithuisplaatsingen"),
)
ONBEGRENSD = 10**5


@dataclass
class Kennis:
    """Bounds of every count, and sums: low <= sum of coefficient x count <= high."""

    grenzen: dict[Cel, tuple[int, int]] = field(default_factory=dict)
    verborgen: set[Cel] = field(default_factory=set)
    sommen: list[tuple[dict[Cel, int], float, float]] = field(default_factory=list)

    def weet(self, cel: Cel, laag: int, hoog: int) -> None:
        """Narrow what is known of a count."""
        was = self.grenzen.get(cel, (0, ONBEGRENSD))
        self.grenzen[cel] = (max(was[0], laag), min(was[1], hoog))

    def klein_of_bijna_alles(self, teller: Cel, noemer: Cel) -> None:
        """A share is hidden when few are in it, or few are not: one of two, by a choice of nought or one."""
        keuze: Cel = ("keuze " + teller[0], *teller[1:])
        self.weet(keuze, 0, 1)
        self.weet(teller, 0, ONBEGRENSD)
        self.weet(noemer, 0, ONBEGRENSD)
        self.sommen.append(({teller: 1, noemer: -1}, -np.inf, 0))
        self.sommen.append(({teller: 1, keuze: -ONBEGRENSD}, -np.inf, 9))
        self.sommen.append(({noemer: 1, teller: -1, keuze: ONBEGRENSD}, -np.inf, 9 + ONBEGRENSD))

    def gelijk(self, links: Cel, rechts: Iterable[Cel]) -> None:
        """One count is the sum of others, all of which occur."""
        leden = list(rechts)
        if links in self.grenzen and leden and all(c in self.grenzen for c in leden):
            self.sommen.append(({links: 1} | dict.fromkeys(leden, -1), 0, 0))

    def hoogstens(self, links: Cel, rechts: Iterable[Cel]) -> None:
        """One count is at most the sum of others."""
        leden = list(rechts)
        if links in self.grenzen and leden and all(c in self.grenzen for c in leden):
            self.sommen.append(({links: 1} | dict.fromkeys(leden, -1), -np.inf, 0))


def kennis(cijfers: pl.DataFrame, eigen: Mapping[Cel, int] | None = None) -> Kennis:
    """Collect what the rows of openbaar.kerncijfers (columns as published, and `vorm`) say about counts."""
    k = Kennis()
    for r in cijfers.filter(pl.col("vorm").is_in(["telling", "aandeel", "aandeel_inwoners", "duur"])).iter_rows(
        named=True
    ):
        plek = (r["periode_soort"], str(r["periode"]), r["gebied_code"], r["segment"])
        basis = (*plek[:3], r["segment"].split(":")[0])
        teller: Cel = (r["indicator_id"], *plek)
        if r["vorm"] != "duur" and r["teken"] in ("", "<10"):
            if r["teken"] == "":
                k.weet(teller, max(10, int(r["teller"]) - 2), int(r["teller"]) + 2)
            elif r.get("is_nul"):  # the control: what if zeros were shown
                k.weet(teller, 0, 0)
            else:
                k.verborgen.add(teller)
                if r["vorm"] == "aandeel":
                    k.klein_of_bijna_alles(
                        teller, (_NOEMER.get(r["indicator_id"], "noemer van " + r["indicator_id"]), *basis)
                    )
                else:
                    k.weet(teller, r.get("laagst") or 0, 9)
        naam = _NOEMER.get(r["indicator_id"])
        if naam and r["teken"] == "":
            k.weet((naam, *basis), max(10, int(r["noemer"]) - 2), int(r["noemer"]) + 2)
    for cel, waarde in (eigen or {}).items():
        if cel in k.grenzen:
            k.grenzen[cel] = (waarde, waarde)
            k.verborgen.discard(cel)
    _sommen(k)
    return k


def _sommen(k: Kennis) -> None:
    per: dict[tuple[str, str, str, str], list[Cel]] = defaultdict(list)
    for cel in k.grenzen:
        per[cel[:4]].append(cel)
    gemeenten = sorted({c[3] for c in k.grenzen} - {"REGIO"})
    for cel in list(k.grenzen):
        _stromen(k, cel, per["aandeel_verwijzer", *cel[1:4]])
        _jeugdigen(k, cel, per[cel[:4]], gemeenten)


def _stromen(k: Kennis, cel: Cel, verwijzers: list[Cel]) -> None:
    """A year is its quarters; what began is what came in from outside and from other segments, and by who referred."""
    naam, soort, periode, gebied, segment = cel
    if soort == "jaar" and naam in ("instroom", "uitstroom", "crisis_instroom"):
        k.gelijk(cel, [(naam, "kwartaal", f"{periode[:5]}{m:02d}-01", gebied, segment) for m in (1, 4, 7, 10)])
    if naam == "begonnen":
        door: list[Cel] = [] if segment == "totaal" else [("doorstroom", *cel[1:])]
        k.gelijk(cel, [("instroom", *cel[1:]), *door])
        k.gelijk(cel, [c for c in verwijzers if c[4].split(":")[0] == segment])
    if naam == "beeindigd" and segment == "totaal":
        k.gelijk(cel, [("uitstroom", *cel[1:])])


def _jeugdigen(k: Kennis, cel: Cel, zelfde: list[Cel], gemeenten: list[str]) -> None:
    """A part is no more than the whole, a whole no more than all its parts together."""
    naam, soort, periode, gebied, segment = cel
    for deel, geheel in _DEEL_VAN:
        if naam == deel:
            k.hoogstens(cel, [(geheel, *cel[1:])])
    if naam in ("jeugdigen_in_zorg", "jeugdigen_met_verblijf", "stand"):
        if segment == "totaal":
            # with stay is published for two segments only: there are others
            alle = [] if naam == "jeugdigen_met_verblijf" else [c for c in zelfde if c[4] != "totaal"]
            k.hoogstens(cel, alle)
        else:
            k.hoogstens(cel, [(*cel[:4], "totaal")])
    if gebied == "REGIO" and naam in ("jeugdigen_in_zorg", "jeugdigen_met_verblijf", "instroom", "uitstroom"):
        k.hoogstens(cel, [(naam, soort, periode, g, segment) for g in gemeenten])
    if gebied != "REGIO" and naam in ("jeugdigen_in_zorg", "jeugdigen_met_verblijf"):
        k.hoogstens(cel, [(naam, soort, periode, "REGIO", segment)])


def los_op(k: Kennis) -> dict[Cel, tuple[int, int]]:
    """Return for every hidden count the lowest and the highest value that all that is known allows."""
    uit: dict[Cel, tuple[int, int]] = {}
    for cellen, sommen in _stukken(k):
        plaats = {c: i for i, c in enumerate(cellen)}
        grens = Bounds([k.grenzen[c][0] for c in cellen], [k.grenzen[c][1] for c in cellen])
        regels = []
        if sommen:
            rijen, kolommen, waarden = zip(
                *((i, plaats[c], w) for i, (som, _, _) in enumerate(sommen) for c, w in som.items()), strict=True
            )
            matrix = csr_array((waarden, (rijen, kolommen)), shape=(len(sommen), len(cellen)))
            regels = [LinearConstraint(matrix, [s[1] for s in sommen], [s[2] for s in sommen])]
        for cel in [c for c in cellen if c in k.verborgen]:
            doel = np.zeros(len(cellen))
            doel[plaats[cel]] = 1
            einden = [
                milp(teken * doel, constraints=regels, bounds=grens, integrality=np.ones(len(cellen)))
                for teken in (1, -1)
            ]
            assert all(e.success for e in einden), (cel, einden[0].message)
            uit[cel] = (round(einden[0].fun), round(-einden[1].fun))
    return uit


def _stukken(k: Kennis) -> list[tuple[list[Cel], list[tuple[dict[Cel, int], float, float]]]]:
    """Cut into parts that share no sum; parts without anything hidden are left out."""
    buur: dict[Cel, set[int]] = defaultdict(set)
    for i, (som, _, _) in enumerate(k.sommen):
        for c in som:
            buur[c].add(i)
    gezien: set[Cel] = set()
    uit = []
    for start in sorted(k.verborgen):
        if start in gezien:
            continue
        rij, cellen, nummers = [start], [], set()
        gezien.add(start)
        while rij:
            cel = rij.pop()
            cellen.append(cel)
            for i in buur[cel] - nummers:
                nummers.add(i)
                nieuw = [c for c in k.sommen[i][0] if c not in gezien]
                gezien.update(nieuw)
                rij += nieuw
        uit.append((cellen, [k.sommen[i] for i in sorted(nummers)]))
    return uit


def oordeel(gevonden: Mapping[Cel, tuple[int, int]]) -> tuple[list[Cel], float]:
    """Return the hidden counts that are known exactly, and the share that has two possible values."""
    exact = [c for c, (laag, hoog) in gevonden.items() if laag == hoog]
    twee = sum(hoog - laag == 1 for laag, hoog in gevonden.values())
    return exact, twee / max(len(gevonden), 1)
