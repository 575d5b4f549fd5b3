"""An attacker: everything the specification says of the published figures, as sums, and what follows from what is
shown.

Written from SPEC alone; it knows nothing of how figures are chosen to be hidden. `Stelsel` holds numbers by name and
sums of numbers that are zero; `lees` puts a public edition in one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
import scipy.sparse as sp
from scipy.optimize import linprog
from scipy.sparse.linalg import splu

Naam = tuple[str | int, ...]
"""(maat, kind of period, month, gebied, segment, deel)."""
Bladen = Mapping[str, pl.DataFrame]


@dataclass
class Stelsel:
    """Numbers, what is known of them, and the sums they form."""

    nummers: dict[Naam, int] = field(default_factory=dict)
    bekend: dict[int, float] = field(default_factory=dict)
    sommen: list[dict[int, float]] = field(default_factory=list)

    def getal(self, naam: Naam, waarde: object = None) -> int:
        """Number a name, and remember its value when it is shown anywhere."""
        i = self.nummers.setdefault(naam, len(self.nummers))
        if waarde is not None:
            self.bekend[i] = float(waarde)  # type: ignore[arg-type]  # a number from a frame
        return i

    def som(self, delen: list[int], totaal: list[int]) -> None:
        """Say that `delen` add up to what `totaal` adds up to."""
        regel: dict[int, float] = {}
        for i in delen:
            regel[i] = regel.get(i, 0) + 1
        for i in totaal:
            regel[i] = regel.get(i, 0) - 1
        self.sommen.append(regel)

    def onbekend(self) -> tuple[list[Naam], sp.csr_matrix, np.ndarray]:
        """Return the names of unknown numbers, the sums over them, and what those must come to."""
        namen = [n for n, i in self.nummers.items() if i not in self.bekend]
        plek = {self.nummers[n]: k for k, n in enumerate(namen)}
        rij, kolom, teken, uitkomst = [], [], [], []
        for regel in self.sommen:
            over = {plek[i]: t for i, t in regel.items() if i in plek}
            if over:
                rij += [len(uitkomst)] * len(over)
                kolom += over.keys()
                teken += over.values()
                uitkomst.append(-sum(t * self.bekend[i] for i, t in regel.items() if i in self.bekend))
        a = sp.csr_matrix((teken, (rij, kolom)), shape=(len(uitkomst), len(namen)))
        return namen, a, np.array(uitkomst)

    def bepaald(self, ook: set[Naam] | None = None) -> set[Naam]:
        """Return the unknown numbers that can be computed, also by who knows `ook`."""
        namen, a, _ = self.onbekend()
        over = np.array([k for k, n in enumerate(namen) if not ook or n not in ook], np.int64)
        a = a[:, over]
        a = a[np.diff(a.indptr) > 0]
        los_op = splu((a @ a.T + 1e-10 * sp.identity(a.shape[0])).tocsc())
        vrij = np.random.default_rng(7).standard_normal((len(over), 3))
        for _ in range(4):
            vrij = vrij - a.T @ los_op.solve(a @ vrij)
        return {namen[over[k]] for k in np.flatnonzero(np.abs(vrij).max(axis=1) < 1e-6)}

    def grenzen(self, doelen: list[Naam]) -> dict[Naam, tuple[float, float]]:
        """Return between what and what each of `doelen` must lie, given that no number is negative."""
        namen, a, b = self.onbekend()
        plek = {n: k for k, n in enumerate(namen)}
        uit = {}
        for naam in doelen:
            c = np.zeros(len(namen))
            c[plek[naam]] = 1
            laag, hoog = (linprog(t * c, A_eq=a, b_eq=b, bounds=(0, None), method="highs") for t in (1, -1))
            assert laag.status == 0, laag.message
            uit[naam] = (float(laag.fun), float(-hoog.fun) if hoog.status == 0 else np.inf)
        return uit


TELLER = {
    "jeugdigen_in_zorg": "in_zorg",
    "stand": "stand",
    "instroom": "instroom",
    "uitstroom": "uitstroom",
    "doorstroom": "doorstroom_in",
    "uithuisplaatsingen": "uithuis",
    "doorplaatsingen": "doorplaatsing",
    "kosten": "kosten",
    "kosten_per_jeugdige": "kosten",
    "kosten_per_inwoner_0_17": "kosten",
    "gemiddeld_tarief": "tarief",
    "verzilvering": "verzilverd",
    "aandeel_verlengde_jeugdhulp": "achttien_plus",
    "aandeel_jeugdigen_in_zorg": "onder_achttien",
    "aandeel_stapeling": "stapeling",
    "aandeel_herhaald_beroep": "herhaald",
    "aandeel_start_crisis": "start_crisis",
    "aandeel_verwijzer": "verwijzer",
    "aandeel_gezinsgericht_smal": "smal",
    "jeugdigen_met_verblijf": "verblijf",
    "aandeel_te_laat": "te_laat",
    "aandeel_terugwerkend": "onverwacht",
    "aandeel_declaraties_te_laat": "regels_te_laat",
}
NOEMER = {
    "aandeel_verlengde_jeugdhulp": "in_zorg",
    "aandeel_stapeling": "stand",
    "looptijd_lopend": "stand",
    "aandeel_herhaald_beroep": "begonnen",
    "aandeel_start_crisis": "begonnen",
    "aandeel_verwijzer": "begonnen",
    "trajectduur_gemiddeld": "beeindigd",
    "trajectduur_mediaan": "beeindigd",
    "aandeel_gezinsgericht_smal": "verblijf",
    "aandeel_te_laat": "meetbaar",
    "aandeel_terugwerkend": "eerste_versies",
    "aandeel_declaraties_te_laat": "regels",
    "wachttijd_dagen": "gestart",
    "marktaandeel_top10": "kosten",
    "aandeel_duurste_1pct": "kosten",
    "verzilvering": "toegewezen",
}
PER_MAAND = {
    "instroom", "uitstroom", "doorstroom_in", "doorstroom_uit", "begonnen", "beeindigd", "uithuis", "doorplaatsing",
    "te_laat", "meetbaar", "onverwacht", "eerste_versies", "regels", "regels_te_laat", "gestart", "kosten",
}  # fmt: skip
"""What adds up over months."""
PER_SEGMENT = {
    "kosten", "te_laat", "meetbaar", "onverwacht", "eerste_versies", "toewijzingen", "regels", "regels_te_laat",
    "verzilverd", "toegewezen", "tarief", "terugwerkend", "naijling", "ontvangen", "werkelijk",
}  # fmt: skip
"""What adds up over segments."""
NIET_PER_GEBIED = {"top10"}


def lees(openbaar: Bladen, intern: Bladen, maten: set[str] | None = None) -> Stelsel:
    """Put a public edition in a system. What only nearly adds up counts where it does: the attacker is lucky.

    `intern` only names what there is, and tells where youths happen to add up. `maten`: leave out the others.
    """
    s, waar = Stelsel(), Stelsel()
    for stelsel, bladen in ((waar, intern), (s, openbaar)):
        for naam, waarde in _getallen(bladen):
            if maten is None or naam[0] in maten:
                stelsel.getal(naam, waarde)
    for naam in waar.nummers:
        s.getal(naam)
    for regel in _relaties(list(s.nummers)):
        delen, totaal = regel
        klopt = _klopt(waar, delen, totaal)
        if klopt:
            s.som([s.getal(n) for n in delen], [s.getal(n) for n in totaal])
    return s


def _klopt(waar: Stelsel, delen: list[Naam], totaal: list[Naam]) -> bool:
    w = [waar.bekend.get(waar.nummers.get(n, -1)) for n in (*delen, *totaal)]
    if any(v is None for v in w):
        return True  # of numbers that are nowhere published the sum holds by definition
    return abs(sum(w[: len(delen)]) - sum(w[len(delen) :])) < 0.006  # type: ignore[arg-type]  # None is out


def maand(d: dt.date) -> int:
    """Number of the month of a date."""
    return d.year * 12 + d.month - 1


def _getallen(bladen: Bladen) -> Iterator[tuple[Naam, object]]:
    """Name every number that is shown somewhere: (name, value or None)."""
    maanden = [maand(p) for p in bladen["sturing.stromen"]["maand"].unique().to_list()]
    yield from _van_indicatoren(bladen["sturing.indicatoren"], maanden)
    yield from _per_maand(bladen)
    yield from _van_kosten(bladen, maanden)
    yield from _van_bevindingen(bladen)


def _van_indicatoren(df: pl.DataFrame, maanden: list[int]) -> Iterator[tuple[Naam, object]]:
    for r in df.iter_rows(named=True):
        basis, _, deel = r["segment"].partition(":")
        soort, m = r["periode_soort"], maand(r["periode"])
        if soort == "jaar":
            soort, m = _jaar(m, maanden)
        i = r["indicator_id"]
        if i == "crisis_instroom":
            yield ("begonnen", soort, m, r["gebied_code"], "crisis", ""), r["teller"]
        if i in TELLER:
            yield (TELLER[i], soort, m, r["gebied_code"], basis, deel), r["teller"]
        if i in NOEMER:
            yield (NOEMER[i], soort, m, r["gebied_code"], basis, ""), r["noemer"]


TIJDIGHEID = {
    "toewijzingen": "n_toewijzingen",
    "meetbaar": "n_meetbaar",
    "te_laat": "n_te_laat",
    "terugwerkend": "n_terugwerkend",
    "onverwacht": "n_terugwerkend_onverwacht",
    "regels": "n_declaraties",
    "regels_te_laat": "n_declaraties_te_laat",
}


def _per_maand(bladen: Bladen) -> Iterator[tuple[Naam, object]]:
    for r in bladen["sturing.stromen"].iter_rows(named=True):
        plek = (maand(r["maand"]), r["gebied_code"], r["segment"], "")
        for k in ("instroom", "doorstroom_in", "doorstroom_uit", "uitstroom"):
            yield (k, "maand", *plek), r[k]
        yield ("stand", "maand", *plek), r["stand_eind"]
        yield ("stand", "maand", plek[0] - 1, *plek[1:]), r["stand_begin"]
    for r in bladen["kwaliteit.tijdigheid"].iter_rows(named=True):
        for maat, k in TIJDIGHEID.items():
            yield (maat, "maand", maand(r["maand"]), r["gebied_code"], r["segment"], ""), r[k]


def _rijen(bladen: Bladen, tabel: str) -> Iterator[dict[str, Any]]:
    return bladen[tabel].iter_rows(named=True) if tabel in bladen else iter(())


def _van_kosten(bladen: Bladen, maanden: list[int]) -> Iterator[tuple[Naam, object]]:
    for r in bladen["kosten.kosten_zorgmaand"].iter_rows(named=True):
        tak = f"{r['hulpvorm']}/{r['verwijzer_groep']}"
        yield ("blad", "maand", maand(r["zorgmaand"]), r["gebied_code"], r["segment"], tak), r["netto_eur"]
    for r in _rijen(bladen, "kosten.naijling"):
        waar = ("maand", maand(r["zorgmaand"]), r["gebied_code"], r["segment"], str(r["vertraging_maanden"]))
        yield ("naijling", *waar), r["netto_eur"]
        yield ("cumulatief", *waar), r["cumulatief_eur"]
        if waar[1] < min(maanden):  # of care from before the first levering nothing is estimated
            yield ("kosten", *waar[:-1], ""), r["verwacht_eindbedrag_eur"]
    for r in _rijen(bladen, "kosten.naijling_terugblik"):
        waar = ("maand", maand(r["zorgmaand"]), r["gebied_code"], r["segment"], str(r["vertraging_maanden"]))
        yield ("ontvangen", *waar), r["ontvangen_eur"]
        yield ("werkelijk", *waar[:-1], ""), r["werkelijk_eur"]
    for r in _rijen(bladen, "kosten.concentratie"):
        yield ("kosten", *_jaar(r["jaar"] * 12, maanden), r["gebied_code"], "totaal", ""), r["kosten_eur"]
    for r in _rijen(bladen, "kosten.verrekening"):
        naam: Naam = ("kosten", *_jaar(r["jaar"] * 12, maanden), r["gebied_code"], "totaal", "")
        yield naam, r["eigen_kosten_eur"]
        if r["methode"] in ("woonplaats", "werkelijk_t0"):
            yield naam, r["bedrag_eur"]


def _van_bevindingen(bladen: Bladen) -> Iterator[tuple[Naam, object]]:
    """Name what a rule hit, and what it looked at; the segment is the bericht."""
    for r in _rijen(bladen, "kwaliteit.bevindingen"):
        waar = ("maand", maand(r["maand"]), r["gemeente"], r["bericht"], r["regel_code"])
        yield ("bevinding", *waar), r["n_rijen"]
        yield ("gecontroleerd", *waar), r["n_gecontroleerd"]
    for r in _rijen(bladen, "kwaliteit.voorbehouden"):
        if r["geteld_in"] == "rijen":
            waar = ("maand", maand(r["maand"]), r["gebied_code"], r["bericht"], r["regel_code"])
            yield ("bevinding", *waar), r["n_geraakt"]
            yield ("gecontroleerd", *waar), r["n_gecontroleerd"]


def _jaar(eerste: int, maanden: list[int]) -> tuple[str, int]:
    """Name a year after its last published month; a whole one is a window of twelve months."""
    begin, eind = max(eerste, min(maanden)), min(eerste + 11, max(maanden))
    return ("12m", eind) if eind - begin == 11 else (f"deel{begin}", eind)


def _relaties(namen: list[Naam]) -> Iterator[tuple[list[Naam], list[Naam]]]:
    """Give the sums there are between numbers: parts, and what they add up to."""
    yield from _over(namen, 3, "REGIO", {str(n[0]) for n in namen} - NIET_PER_GEBIED)
    yield from _over(namen, 4, "totaal", PER_SEGMENT)
    for (maat, *rest), leden in _groepen(namen, 5, set(MOEDER)).items():
        yield leden, [(MOEDER[str(maat)], *rest, "")]
    yield from _in_de_tijd(namen)
    bestaat = set(namen)
    for naam in namen:
        yield from _verbanden(naam, bestaat)


MOEDER = {"verwijzer": "begonnen", "blad": "kosten", "tarief": "kosten", "naijling": "kosten"}
"""What splits of a number add up to."""


def _groepen(namen: list[Naam], as_: int, maten: set[str]) -> dict[Naam, list[Naam]]:
    uit: dict[Naam, list[Naam]] = {}
    for n in namen:
        if n[0] in maten:
            uit.setdefault(n[:as_] + n[as_ + 1 :], []).append(n)
    return uit


def _over(namen: list[Naam], as_: int, totaal: str, maten: set[str]) -> Iterator[tuple[list[Naam], list[Naam]]]:
    for leden in _groepen(namen, as_, maten).values():
        delen = [n for n in leden if n[as_] != totaal]
        if 1 < len(delen) < len(leden):
            yield delen, [n for n in leden if n[as_] == totaal]


def _verbanden(naam: Naam, bestaat: set[Naam]) -> Iterator[tuple[list[Naam], list[Naam]]]:
    maat, *plek = naam
    if maat == "instroom":
        door = plek[3] != "totaal"  # of all segments together nobody goes from one to another
        yield [naam, *[("doorstroom_in", *plek)] * door], [("begonnen", *plek)]
        yield [("uitstroom", *plek), *[("doorstroom_uit", *plek)] * door], [("beeindigd", *plek)]
    voor: Naam = ("stand", plek[0], int(plek[1]) - 1, *plek[2:])
    if maat == "stand" and voor in bestaat:
        erbij: list[Naam] = [voor, ("instroom", *plek), ("doorstroom_in", *plek)]
        yield erbij, [naam, ("doorstroom_uit", *plek), ("uitstroom", *plek)]
    if maat == "achttien_plus" and plek[3] == "totaal":
        yield [naam, ("onder_achttien", *plek)], [("in_zorg", *plek)]
    if maat in ("ontvangen", "werkelijk") and plek[2] != "REGIO":  # of the regio it is of some gemeenten
        yield [naam], [("cumulatief" if maat == "ontvangen" else "kosten", *plek)]
    if maat == "naijling":
        vorige: Naam = ("cumulatief", *plek[:-1], str(int(str(plek[-1])) - 1))
        yield [naam, *[vorige] * (vorige in bestaat)], [("cumulatief", *plek)]


def _in_de_tijd(namen: list[Naam]) -> Iterator[tuple[list[Naam], list[Naam]]]:
    for n in namen:
        maat, soort, m, *rest = n
        if maat in PER_MAAND and soort != "maand":
            eerste = int(m) - 11 if soort == "12m" else int(str(soort)[4:])
            yield [(maat, "maand", t, *rest) for t in range(eerste, int(m) + 1)], [n]
