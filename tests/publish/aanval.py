"""An attacker: everything the specification says of the published figures, as sums, and what follows from what is
shown.

Written from SPEC alone; it knows nothing of how figures are chosen to be hidden. `Stelsel` holds numbers by name and
sums of numbers that are zero; `lees` puts a public edition in one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, product
from typing import Any

import numpy as np
import polars as pl
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linprog

Naam = tuple[str | int, ...]
"""(maat, kind of period, month, gebied, segment, deel)."""
Bladen = Mapping[str, pl.DataFrame]
Getallen = NDArray[np.int64]
Maten = NDArray[np.float64]
Vlaggen = NDArray[np.bool_]


@dataclass(frozen=True)
class Aanval:
    """What an attack tells: the hidden numbers that follow, and between what and what each number must lie."""

    gevonden: set[Naam]
    laag: Maten
    hoog: Maten


@dataclass
class Stelsel:
    """Numbers, what is known of them, and the sums they form."""

    nummers: dict[Naam, int] = field(default_factory=dict)
    bekend: dict[int, float] = field(default_factory=dict)
    sommen: list[dict[int, float]] = field(default_factory=list)
    gevolgen: list[dict[int, float]] = field(default_factory=list)
    """Sums that follow from the others: to algebra nothing new, but between bounds they tell more."""
    waar: dict[int, float] = field(default_factory=dict)
    """What the numbers really are: what an attacker who computes one then knows, and what a gemeente knows."""
    cijfers: set[Naam] = field(default_factory=set)
    """Numbers that are published as a figure of their own."""
    noemers: set[Naam] = field(default_factory=set)
    """Numbers that are published as the denominator of one."""

    def getal(self, naam: Naam, waarde: object = None) -> int:
        """Number a name, and remember its value when it is shown anywhere."""
        i = self.nummers.setdefault(naam, len(self.nummers))
        if waarde is not None:
            self.bekend[i] = float(waarde)  # type: ignore[arg-type]  # a number from a frame
        return i

    def som(self, delen: list[int], totaal: list[int], *, is_gevolg: bool = False) -> None:
        """Say that `delen` add up to what `totaal` adds up to."""
        regel: dict[int, float] = {}
        for i in delen:
            regel[i] = regel.get(i, 0) + 1
        for i in totaal:
            regel[i] = regel.get(i, 0) - 1
        (self.gevolgen if is_gevolg else self.sommen).append({i: t for i, t in regel.items() if t})

    def onbekend(self, ook: Iterable[int] = (), *, met_gevolgen: bool = False) -> tuple[Getallen, sp.csr_matrix, Maten]:
        """Return the unknown numbers, the sums over them, and what those must come to; `ook`: known as well."""
        sommen = [*self.sommen, *self.gevolgen] if met_gevolgen else self.sommen
        begin = np.cumsum([0, *map(len, sommen)])
        kolom = np.fromiter(chain.from_iterable(sommen), np.int64, begin[-1])
        teken = np.fromiter(chain.from_iterable(r.values() for r in sommen), float, begin[-1])
        a = sp.csr_matrix((teken, kolom, begin), shape=(len(sommen), len(self.nummers)))
        weet, waarde = np.zeros(len(self.nummers), bool), np.zeros(len(self.nummers))
        for kennis in ({i: self.waar.get(i, 0.0) for i in ook}, self.bekend):
            plek = np.fromiter(kennis, np.int64, len(kennis))
            weet[plek] = True
            waarde[plek] = np.fromiter(kennis.values(), float, len(kennis))
        over = np.flatnonzero(~weet)
        b, a = -(a @ waarde), a[:, over]
        iets = np.diff(a.indptr) > 0
        return over, a[iets], b[iets]

    def bepaald(self, ook: set[Naam] | None = None) -> set[Naam]:
        """Return the unknown numbers that can be computed, also by who knows `ook`."""
        return self._namen(self._bepaald({self.nummers[n] for n in ook or () if n in self.nummers}))

    def _namen(self, nummers: Iterable[int]) -> set[Naam]:
        namen = list(self.nummers)  # numbered in the order in which they came
        return {namen[i] for i in nummers}

    def _bepaald(self, ook: Iterable[int]) -> set[int]:
        over, a, _ = self.onbekend(ook)
        vrij = _projecteer(a, np.random.default_rng(7).standard_normal((len(over), 2)))
        return set(over[np.abs(vrij).max(axis=1) < 1e-6].tolist())

    def val_aan(self, van: str = "") -> Aanval:
        """Do what can be done, for the public or for the gemeente `van`: bounds, algebra with what these tell, and
        again, as long as one tells the other something new.
        """
        eigen = {i for n, i in self.nummers.items() if van and n[3] == van}
        weet: set[int] = set()
        for ronde in range(3):
            laag, hoog = self.grenzen_overal(eigen | weet)
            smal = set(np.flatnonzero(hoog - laag < 0.5).tolist()) - self.bekend.keys() - eigen
            if ronde and smal <= weet:
                break
            gerekend = self._bepaald(eigen | smal) - self.bekend.keys()
            klaar, weet = gerekend <= smal, weet | smal | gerekend
            if klaar:
                break
        return Aanval(self._namen(weet), laag, hoog)

    def gelijken(self, van: str = "") -> set[Naam]:
        """Return the hidden numbers that are one other number that is shown, or that `van` has: the only part of a
        sum, or the only one that is not zero of what splits a cost.
        """
        namen, uit = list(self.nummers), set()
        weet = self.bekend.keys() | {i for n, i in self.nummers.items() if van and n[3] == van}
        for regel in self.sommen:
            splitst = any(namen[i][0] in MOEDER for i in regel)
            over = [i for i in regel if not (splitst and self.waar.get(i) == 0)]
            if len(over) == 2 and regel[over[0]] == -regel[over[1]]:
                uit |= {namen[i] for i, ander in (over, over[::-1]) if ander in weet and i not in self.bekend}
        return uit

    def grenzen(self, doelen: list[Naam]) -> dict[Naam, tuple[float, float]]:
        """Return between what and what each of `doelen` must lie, all sums together, and that no count is negative."""
        over, a, b = self.onbekend(met_gevolgen=True)
        namen = list(self.nummers)
        onder = [(None if kan_negatief(namen[i], self.waar.get(i)) else 0, None) for i in over.tolist()]
        plek = {int(i): k for k, i in enumerate(over)}
        uit = {}
        for naam in doelen:
            c = np.zeros(len(over))
            c[plek[self.nummers[naam]]] = 1
            laag, hoog = (linprog(t * c, A_eq=a, b_eq=b, bounds=onder, method="highs") for t in (1, -1))
            assert laag.status == 0, laag.message
            uit[naam] = (float(laag.fun), float(-hoog.fun) if hoog.status == 0 else np.inf)
        return uit

    def grenzen_overal(self, ook: Iterable[int] = (), rondes: int = 60) -> tuple[Maten, Maten]:
        """Return between what and what every number must lie: what each sum, alone and again, leaves of it.

        Counts are whole, and nothing is negative but what may be (`kan_negatief`). Weaker than a linear programme,
        but of everything at once, and it knows of whole numbers. `ook`: numbers known as well.
        """
        over, a, b = self.onbekend([i for i in ook if i in self.waar], met_gevolgen=True)
        namen = list(self.nummers)
        geld = np.array([namen[i][0] in GELD for i in over], bool)
        onder = [-np.inf if kan_negatief(namen[i], self.waar.get(i)) else 0.0 for i in over.tolist()]
        stand = _Grenzen(np.array(onder), np.full(len(over), np.inf), geld)
        rijen = np.arange(a.shape[0])
        naar = a.tocsc()
        for _ in range(rondes):
            if not len(rijen):
                break
            rijen = np.unique(naar[:, stand.krimp(a[rijen], b[rijen])].indices)
        laag, hoog = (np.zeros(len(namen)) for _ in range(2))
        for kennis in ({i: self.waar[i] for i in ook if i in self.waar}, self.bekend):
            plek = np.fromiter(kennis, np.int64, len(kennis))
            laag[plek] = hoog[plek] = np.fromiter(kennis.values(), float, len(kennis))
        laag[over], hoog[over] = stand.laag, stand.hoog
        return laag, hoog


def _projecteer(a: sp.csr_matrix, vrij: Maten) -> Maten:
    """Project vectors on the null space of `a`, by conjugate gradients: factors of so many sums do not fit."""
    if not a.nnz:
        return vrij
    a = (sp.diags(1 / np.sqrt(np.diff(a.indptr))) @ a).tocsr()
    naar = a.T.tocsr()
    rest = a @ vrij
    richting, grootte = rest.copy(), _kwadraat(rest)
    genoeg = 1e-20 * grootte
    for _ in range(10_000):
        stap = naar @ richting
        vrij = vrij - grootte / _kwadraat(stap) * stap
        rest = a @ vrij
        was, grootte = grootte, _kwadraat(rest)
        if (grootte < genoeg).all():
            return vrij
        richting = rest + grootte / was * richting
    raise AssertionError("the projection does not come to an end")


def _kwadraat(v: Maten) -> Maten:
    uit: Maten = np.einsum("ij,ij->j", v, v)
    return uit


@dataclass
class _Grenzen:
    """Bounds of unknown numbers; which of them are money."""

    laag: Maten
    hoog: Maten
    geld: Vlaggen

    def krimp(self, a: sp.csr_matrix, b: Maten) -> Getallen:
        """Draw the bounds closer by each sum `a` @ x = `b` alone; return the numbers of which they moved."""
        d, c, rij = a.data, a.indices, np.repeat(np.arange(a.shape[0]), np.diff(a.indptr))
        plus = d > 0
        minst = _zonder_zelf(d * np.where(plus, self.laag[c], self.hoog[c]), a.indptr, rij, -np.inf)
        meest = _zonder_zelf(d * np.where(plus, self.hoog[c], self.laag[c]), a.indptr, rij, np.inf)
        een, ander = (b[rij] - meest) / d, (b[rij] - minst) / d
        volgorde = np.argsort(c, kind="stable")
        wie, begin = np.unique(c[volgorde], return_index=True)
        laag = np.maximum.reduceat(np.where(plus, een, ander)[volgorde], begin)
        hoog = np.minimum.reduceat(np.where(plus, ander, een)[volgorde], begin)
        geld, was_laag, was_hoog = self.geld[wie], self.laag[wie], self.hoog[wie]
        laag = np.minimum(np.where(geld, laag, np.ceil(laag - 1e-4)), was_hoog)
        hoog = np.maximum(np.where(geld, hoog, np.floor(hoog + 1e-4)), np.maximum(laag, was_laag))
        # of money what is gained each round may become less and less, and never nothing
        genoeg = np.where(geld, 0.01 + 1e-3 * np.nan_to_num(was_hoog - was_laag, posinf=0), 0.5)
        hoger = (laag > was_laag + genoeg) | (np.isinf(was_laag) & np.isfinite(laag))
        lager = (hoog < was_hoog - genoeg) | (np.isinf(was_hoog) & np.isfinite(hoog))
        self.laag[wie[hoger]] = laag[hoger]
        self.hoog[wie[lager]] = hoog[lager]
        anders: Getallen = wie[hoger | lager]
        return anders


def _zonder_zelf(deel: Maten, begin: Getallen, rij: Getallen, oneindig: float) -> Maten:
    """Add up in each sum all but each part itself; `oneindig` if one of those is."""
    open_ = np.isinf(deel)
    eindig = np.where(open_, 0.0, deel)
    som, aantal = np.add.reduceat(eindig, begin[:-1]), np.add.reduceat(open_.astype(np.int64), begin[:-1])
    uit: Maten = np.where(aantal[rij] - open_ > 0, oneindig, som[rij] - eindig)
    return uit


GELD = {
    "kosten", "blad", "naijling", "cumulatief", "ontvangen", "werkelijk", "tarief", "verzilverd", "toegewezen", "top10",
}  # fmt: skip
"""What is in euros and cents; all else is counted."""


def kan_negatief(naam: Naam, waarde: float | None) -> bool:
    """Tell whether a number may be below zero: corrections may, and of the others who is lucky knows which are."""
    if naam[0] in ("naijling", "verzilverd") or (waarde or 0) < 0:
        return True
    return waarde is None and naam[0] == "tarief"


TELLER = {
    "jeugdigen_in_zorg": "in_zorg",
    "jeugdigen_ambulant": "in_zorg",
    "jeugdigen_jeugdbescherming": "onder_achttien",
    "jeugdigen_jeugdreclassering": "onder_achttien",
    "stand": "stand",
    "instroom": "instroom",
    "uitstroom": "uitstroom",
    "doorstroom": "doorstroom_in",
    "uithuisplaatsingen": "uithuis",
    "aandeel_uithuisplaatsing_met_ambulant_alternatief": "uithuis_alternatief",
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
    "aandeel_uithuisplaatsing_met_ambulant_alternatief": "uithuis",
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
    "toewijzingen", "terugwerkend", "herhaald", "start_crisis", "verwijzer", "uithuis_alternatief", "tarief",
    "verzilverd", "toegewezen",
}  # fmt: skip
"""What adds up over months, whether these are published or not."""
PER_SEGMENT = {
    "kosten", "te_laat", "meetbaar", "onverwacht", "eerste_versies", "toewijzingen", "regels", "regels_te_laat",
    "verzilverd", "toegewezen", "tarief", "terugwerkend", "naijling", "ontvangen", "werkelijk",
}  # fmt: skip
"""What adds up over segments."""
DEEL_VAN = {
    "te_laat": "meetbaar",
    "meetbaar": "toewijzingen",
    "onverwacht": "terugwerkend",
    "terugwerkend": "eerste_versies",
    "eerste_versies": "toewijzingen",
    "regels_te_laat": "regels",
    "herhaald": "begonnen",
    "start_crisis": "begonnen",
    "uithuis_alternatief": "uithuis",
    "smal": "verblijf",
    "achttien_plus": "in_zorg",
    "verblijf": "in_zorg",
    "stapeling": "stand",
}
"""What cannot be more than what it is a part of."""
REST = "rest van "
NIET_PER_GEBIED = {"top10"}


ZONDER_LEVERING = {
    "toewijzingen": ("toewijzingen", "meetbaar", "te_laat", "terugwerkend", "onverwacht", "eerste_versies"),
    "declaraties": ("regels", "regels_te_laat"),
}
"""What nobody has of a month of which nothing was accepted."""


def lees(openbaar: Bladen, intern: Bladen, maten: set[str] | None = None) -> Stelsel:
    """Put a public edition in a system. What only nearly adds up counts where it does: the attacker is lucky.

    `intern` only names what there is, and tells where youths happen to add up. `maten`: leave out the others.
    """
    s, waar = _gelezen(openbaar, maten), _gelezen(intern, maten)
    namen = list(dict.fromkeys([*s.nummers, *waar.nummers]))
    for bron, is_gevolg in ((_definities, False), (_gevolgen, True)):
        for delen, totaal in bron(namen):
            _leid_af(waar, delen, totaal)
            _tel_op(s, waar, delen, totaal, is_gevolg=is_gevolg)
    for naam in waar.nummers:
        s.getal(naam)
    for delen, totaal in _optellingen(list(s.nummers)):
        _tel_op(s, waar, delen, totaal, is_gevolg=str(delen[0][0]).startswith(REST))
    s.waar = {s.nummers[n]: waar.bekend[i] for n, i in waar.nummers.items() if i in waar.bekend}
    s.cijfers, s.noemers = waar.cijfers, waar.noemers
    nul = {s.nummers[n] for n in _zonder_levering(intern) if n in s.nummers}
    s.bekend |= {i: 0.0 for i in nul if s.waar.get(i) == 0}
    return s


def _gelezen(bladen: Bladen, maten: set[str] | None) -> Stelsel:
    s = Stelsel()
    for naam, waarde, is_cijfer in _getallen(bladen):
        if maten is None or naam[0] in maten:
            s.getal(naam, waarde)
            (s.cijfers if is_cijfer else s.noemers).add(naam)
    return s


def _tel_op(s: Stelsel, waar: Stelsel, delen: list[Naam], totaal: list[Naam], *, is_gevolg: bool) -> None:
    if _klopt(waar, delen, totaal):
        s.som([s.getal(n) for n in delen], [s.getal(n) for n in totaal], is_gevolg=is_gevolg)


def _leid_af(waar: Stelsel, delen: list[Naam], totaal: list[Naam]) -> None:
    """Find out what a number truly is that is nowhere published, when by definition the published ones tell."""
    leeg = [n for n in (*delen, *totaal) if waar.nummers.get(n) not in waar.bekend]
    if len(leeg) == 1:
        rest = [sum(waar.bekend[waar.nummers[n]] for n in kant if n != leeg[0]) for kant in (delen, totaal)]
        waar.getal(leeg[0], rest[1] - rest[0] if leeg[0] in delen else rest[0] - rest[1])


def _klopt(waar: Stelsel, delen: list[Naam], totaal: list[Naam]) -> bool:
    w = [waar.bekend.get(waar.nummers.get(n, -1)) for n in (*delen, *totaal)]
    if any(v is None for v in w):
        # of numbers that are nowhere published a sum of one gebied and segment holds by definition, and one over these
        # where nobody can be counted twice
        return len({n[3:5] for n in (*delen, *totaal)}) == 1 or delen[0][0] in PER_SEGMENT | {"blad", "cumulatief"}
    return abs(sum(w[: len(delen)]) - sum(w[len(delen) :])) < 0.006  # type: ignore[arg-type]  # None is out


def _zonder_levering(bladen: Bladen) -> Iterator[Naam]:
    """Name what is zero for everybody to see: of a gemeente and month of which nothing came or was accepted."""
    segmenten = bladen["sturing.stromen"]["segment"].unique().to_list()
    for r in _rijen(bladen, "kwaliteit.leveringsstatus"):
        if not r["rijen_geaccepteerd"]:
            for maat, segment in product(ZONDER_LEVERING.get(r["bericht"], ()), segmenten):
                yield (maat, "maand", maand(r["maand"]), r["gemeente"], segment, "")


def maand(d: dt.date) -> int:
    """Number of the month of a date."""
    return d.year * 12 + d.month - 1


def _getallen(bladen: Bladen) -> Iterator[tuple[Naam, object, bool]]:
    """Name every number that is shown somewhere: name, value or None, and whether that is a figure of its own."""
    maanden = [maand(p) for p in bladen["sturing.stromen"]["maand"].unique().to_list()]
    yield from _van_indicatoren(bladen["sturing.indicatoren"], maanden)
    for bron in (_per_maand(bladen), _van_kosten(bladen, maanden), _van_bevindingen(bladen)):
        yield from ((naam, waarde, True) for naam, waarde in bron)


def _van_indicatoren(df: pl.DataFrame, maanden: list[int]) -> Iterator[tuple[Naam, object, bool]]:
    for r in df.iter_rows(named=True):
        basis, _, deel = r["segment"].partition(":")
        soort, m = r["periode_soort"], maand(r["periode"])
        if soort == "jaar":
            soort, m = _jaar(m, maanden)
        i = r["indicator_id"]
        if i == "crisis_instroom":
            yield ("begonnen", soort, m, r["gebied_code"], "crisis", ""), r["teller"], True
        if i in TELLER:
            yield (TELLER[i], soort, m, r["gebied_code"], basis, deel), r["teller"], True
        if i in NOEMER:
            yield (NOEMER[i], soort, m, r["gebied_code"], basis, ""), r["noemer"], False


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


Som = tuple[list[Naam], list[Naam]]
"""Parts, and what they add up to."""


def _definities(namen: list[Naam]) -> Iterator[Som]:
    """Give the sums of one gebied and segment. They may name numbers that are nowhere published."""
    bestaat = set(namen)
    for naam in namen:
        yield from _verbanden(naam, bestaat)
    for (maat, *rest), leden in _groepen(namen, 5, set(MOEDER)).items():
        yield leden, [(MOEDER[str(maat)], *rest, "")]
        if maat == "naijling":
            yield [("cumulatief", *rest, str(max(int(str(n[5])) for n in leden)))], [("kosten", *rest, "")]
    yield from _in_de_tijd(namen)


def _optellingen(namen: list[Naam]) -> Iterator[Som]:
    """Give the sums over gebieden and over segments."""
    yield from _over(namen, 3, "REGIO", {str(n[0]) for n in namen} - NIET_PER_GEBIED)
    yield from _over(namen, 4, "totaal", PER_SEGMENT)


MOEDER = {"verwijzer": "begonnen", "blad": "kosten", "tarief": "kosten", "naijling": "kosten"}
"""What splits of a number add up to."""


def _groepen(namen: list[Naam], as_: int, maten: set[str]) -> dict[Naam, list[Naam]]:
    uit: dict[Naam, list[Naam]] = {}
    for n in namen:
        if n[0] in maten:
            uit.setdefault(n[:as_] + n[as_ + 1 :], []).append(n)
    return uit


def _over(namen: list[Naam], as_: int, totaal: str, maten: set[str]) -> Iterator[Som]:
    for leden in _groepen(namen, as_, maten).values():
        delen = [n for n in leden if n[as_] != totaal]
        if 0 < len(delen) < len(leden):
            yield delen, [n for n in leden if n[as_] == totaal]


def _verbanden(naam: Naam, bestaat: set[Naam]) -> Iterator[Som]:
    maat, *plek = naam
    if maat == "instroom":
        door = plek[3] != "totaal"  # of all segments together nobody goes from one to another
        yield [naam, *[("doorstroom_in", *plek)] * door], [("begonnen", *plek)]
        yield [("uitstroom", *plek), *[("doorstroom_uit", *plek)] * door], [("beeindigd", *plek)]
    voor: Naam = ("stand", plek[0], int(plek[1]) - 1, *plek[2:])
    if maat == "stand" and voor in bestaat:
        erbij: list[Naam] = [voor, ("instroom", *plek), ("doorstroom_in", *plek)]
        yield erbij, [naam, ("doorstroom_uit", *plek), ("uitstroom", *plek)]
    if maat == "achttien_plus" and ("onder_achttien", *plek) in bestaat:
        yield [naam, ("onder_achttien", *plek)], [("in_zorg", *plek)]
    if maat in ("ontvangen", "werkelijk") and plek[2] != "REGIO":  # of the regio it is of some gemeenten
        yield [naam], [("cumulatief" if maat == "ontvangen" else "kosten", *plek)]
    if maat == "naijling":
        vorige: Naam = ("cumulatief", *plek[:-1], str(int(str(plek[-1])) - 1))
        yield [naam, *[vorige] * (vorige in bestaat)], [("cumulatief", *plek)]


def _in_de_tijd(namen: list[Naam]) -> Iterator[Som]:
    for n in (n for n in namen if n[0] in PER_MAAND and n[1] != "maand"):
        maat, soort, m, *rest = n
        eerste = int(m) - 11 if soort == "12m" else int(str(soort)[4:])
        yield [(maat, "maand", t, *rest) for t in range(eerste, int(m) + 1)], [n]


def _gevolgen(namen: list[Naam]) -> Iterator[Som]:
    """Give what follows from the definitions: what two windows differ, and that a part leaves something or nothing."""
    bestaat = set(namen)
    for n in namen:
        maat, soort, m, *rest = n
        vorig: Naam = (maat, "12m", int(m) - 1, *rest)
        if soort == "12m" and maat in PER_MAAND and vorig in bestaat:  # the month that came, and the one that went
            yield [vorig, (maat, "maand", m, *rest)], [n, (maat, "maand", int(m) - 12, *rest)]
        geheel: Naam = (DEEL_VAN.get(str(maat), ""), *n[1:])
        if geheel in bestaat:
            yield [n, (f"{REST}{maat}", *n[1:])], [geheel]
