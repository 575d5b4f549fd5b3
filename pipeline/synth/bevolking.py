"""Who is in care, when, with what: youths, trajecten, streams of care, and the pieces that get an allocation.

Lives here: the history that is simulated, in whole days since 1970, vectorised over all youths.
Add here: a turn a history can take. Keep out: versions of allocations (toewijzingen.py), money (declaraties.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand
from pipeline.synth import parameters as p

Dagen = npt.NDArray[np.int64]
Vlag = npt.NDArray[np.bool_]
EPOCH = dt.date(1970, 1, 1)
SOORTEN = ("ambulant", "verblijf", "jb", "jr", "vervoer", "maatwerk", "lta", "crisis")
GEWICHTEN = (
    p.AMBULANT_GEWICHTEN, p.VERBLIJF_GEWICHTEN, p.JB_GEWICHTEN, p.JR_GEWICHTEN, p.VERVOER_GEWICHTEN,
    p.MAATWERK_GEWICHTEN, p.LTA_GEWICHTEN, p.CRISIS_GEWICHTEN,
)  # fmt: skip
AMBULANT, VERBLIJF, JB, JR, VERVOER, MAATWERK, LTA, CRISIS = range(8)
GULDEN_SNEDE, WORTEL_TWEE, WORTEL_DRIE = (5**0.5 - 1) / 2, 2**0.5 - 1, 3**0.5 - 1
"""Steps of which the one says nothing about the other."""
# pools of providers per kind of care: first and one past the last index
POOLS = ((0, 78), (78, 100), (100, 103), (100, 103), (103, 107), (107, 111), (111, 114), (114, 120))


def dag_nr(dag: dt.date) -> int:
    """Days since 1970."""
    return (dag - EPOCH).days


def maand_nr(dagen: Dagen) -> Dagen:
    """Months since 1970 of days since 1970."""
    return dagen.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def eerste_dag(maanden: Dagen) -> Dagen:
    """First day (since 1970) of months since 1970."""
    return maanden.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def jaren_later(dagen: Dagen, jaren: int) -> Dagen:
    """The same day of the same month `jaren` later; 29 February becomes 1 March."""
    maand = maand_nr(dagen)
    return eerste_dag(maand + 12 * jaren) + (dagen - eerste_dag(maand))


@dataclass(frozen=True)
class Jeugdigen:
    """One element per youth."""

    bsn: npt.NDArray[np.int64]
    geboren: Dagen
    geslacht: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Stukken:
    """One element per piece of care: a stretch in one gemeente, by one provider, of one product.

    `reden` is why it ended: 0 for itself, 1 moved to another gemeente, 2 followed by another number of the stream.
    """

    jeugdige: Dagen
    gemeente: Dagen
    soort: Dagen
    product: Dagen
    aanbieder: Dagen
    begin: Dagen
    eind: Dagen
    reden: Dagen
    na_verhuizing: Vlag

    def neem(self, keuze: npt.NDArray[np.int64] | Vlag) -> Stukken:
        """Return the chosen pieces, in the order chosen."""
        return Stukken(*(getattr(self, naam)[keuze] for naam in self.__dataclass_fields__))


@dataclass(frozen=True)
class Bevolking:
    """All youths and their pieces of care; products and gemeenten are indexes into the lists."""

    jeugdigen: Jeugdigen
    stukken: Stukken
    gemeenten: tuple[str, ...]
    producten: tuple[str, ...]


@dataclass(frozen=True)
class _Trajecten:
    jeugdige: Dagen
    gemeente: Dagen
    begin: Dagen
    eind: Dagen
    leeftijd: npt.NDArray[np.float64]
    verblijf: Vlag


@dataclass(frozen=True)
class _Stromen:
    traject: Dagen
    soort: Dagen
    nummer: Dagen
    begin: Dagen
    eind: Dagen


def maak_bevolking(
    catalogus: Catalogus,
    gemeenten: Sequence[str],
    eerste: Maand,
    laatste: Maand,
    schaal: float,
    rng: np.random.Generator,
) -> Bevolking:
    """Simulate everyone in care in `gemeenten` between the first day of `eerste` and the last of `laatste`."""
    t0, t1 = dag_nr(eerste.eerste_dag), dag_nr(laatste.laatste_dag)
    gewicht, aandeel = _gemeente_gewichten(catalogus, gemeenten)
    n = max(len(gemeenten), round(p.TRAJECTEN_PER_JAAR * schaal * aandeel * _begonnen(t0, t1)))
    jeugdigen, trajecten = _maak_trajecten(n, gewicht, t0, t1, rng)
    stromen = _maak_stromen(trajecten, jeugdigen, rng)
    producten = tuple(dict.fromkeys(code for g in GEWICHTEN for code in g))
    stukken = _knip(stromen, trajecten, producten, rng)
    stukken = _nieuw_op_achttien(stukken, jeugdigen.geboren[stukken.jeugdige], rng)
    stukken = _verhuis(stukken, trajecten, len(gemeenten), rng)
    bekend = (stukken.eind >= t0 - 200) & (stukken.begin <= t1 + 30) & (stukken.eind >= stukken.begin)
    return Bevolking(jeugdigen, stukken.neem(bekend), tuple(gemeenten), producten)


def _gemeente_gewichten(catalogus: Catalogus, gemeenten: Sequence[str]) -> tuple[npt.NDArray[np.float64], float]:
    """Share of each gemeente among those chosen, and the share of the chosen in the whole regio."""
    jaar = max(i.jaar for i in catalogus.inwoners)
    alle = {i.gemeente: i.inwoners_0_17**p.GEMEENTE_MACHT for i in catalogus.inwoners if i.jaar == jaar}
    gekozen = np.array([alle[g] for g in gemeenten])
    return gekozen / gekozen.sum(), float(gekozen.sum() / sum(alle.values()))


def _jaren_vanaf_ijking(dag: npt.NDArray[np.float64] | float) -> npt.NDArray[np.float64]:
    """Years between the middle of the calibration year and a day."""
    return np.asarray((dag - dag_nr(dt.date(p.IJKJAAR, 7, 1))) / 365.25)


def _begonnen(t0: int, t1: int) -> float:
    """How many times the trajecten of the calibration year begin between the run-up to `t0` and `t1`."""
    groei = np.log1p(p.GROEI_INSTROOM)
    van, tot = (np.exp(groei * _jaren_vanaf_ijking(dag)) for dag in (t0 - p.AANLOOP_JAREN * 365.25, t1 + 1.0))
    return float((tot - van) / groei)


def _begindagen(n: int, t0: int, t1: int, rng: np.random.Generator) -> Dagen:
    """First days in order, ever more of them a year, as many in every year as there should be."""
    groei = np.log1p(p.GROEI_INSTROOM)
    lengte = (t1 + 1 - t0) / 365.25 + p.AANLOOP_JAREN
    plaats = (np.arange(n) + rng.random(n)) / n
    jaar = np.log1p(plaats * np.expm1(groei * lengte)) / groei
    dagen: Dagen = np.minimum(t0 - round(p.AANLOOP_JAREN * 365.25) + (jaar * 365.25).astype(np.int64), t1)
    return dagen


def begrensd_normaal(n: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Standard normal, not beyond 2: a month that really was twenty times the usual would be a find of the rules."""
    return np.clip(rng.standard_normal(n), -2.0, 2.0)


def intensiteit(dag: Dagen) -> npt.NDArray[np.float64]:
    """How much more care begun on a day asks for than in the calibration year."""
    jaar = _jaren_vanaf_ijking(dag.astype(np.float64))
    kenter = float(_jaren_vanaf_ijking(dag_nr(dt.date(p.KENTERJAAR, 1, 1))))
    log = np.where(
        jaar < kenter,
        jaar * np.log1p(p.GROEI_INTENSITEIT),
        kenter * np.log1p(p.GROEI_INTENSITEIT) + (jaar - kenter) * np.log1p(p.GROEI_INTENSITEIT_LATER),
    )
    return np.asarray(np.exp(log))


def _gelijkmatig(volgorde: Dagen, stap: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Numbers between 0 and 1 that are spread evenly over every stretch of `volgorde` (steps of an irrational number).

    For shares of few cases: drawn at random, a year of two hundred would be a tenth off as often as not.
    """
    uit = np.empty(len(volgorde))
    uit[volgorde] = (rng.random() + stap * np.arange(len(volgorde))) % 1.0
    return uit


def _duur(verblijf: Vlag, rng: np.random.Generator) -> Dagen:
    """Days in care: many short, some very long; stays longer."""
    n = len(verblijf)
    soort = rng.random(n)
    kort = rng.gamma(2.0, 65.0, n)
    gewoon = rng.gamma(2.6, 160.0, n)
    lang = rng.gamma(2.2, 400.0, n)
    dagen = np.where(soort < 0.28, kort, np.where(soort < 0.90, gewoon, lang))
    dagen = np.where(verblijf, np.where(soort < 0.25, gewoon, 250 + lang), dagen)
    dagen = (dagen + 21).astype(np.int64)
    for groep in (verblijf, ~verblijf):
        # long and short ones spread evenly over time: a few stays more that last make a year dearer
        geordend, wie = np.sort(dagen[groep]), np.arange(groep.sum())
        dagen[groep] = geordend[(_gelijkmatig(wie, WORTEL_DRIE, rng) * len(wie)).astype(np.int64)]
    return dagen


def _maak_trajecten(
    n: int, gewicht: npt.NDArray[np.float64], t0: int, t1: int, rng: np.random.Generator
) -> tuple[Jeugdigen, _Trajecten]:
    begin = _begindagen(n, t0, t1, rng)
    verblijf = _gelijkmatig(np.arange(n), GULDEN_SNEDE, rng) < p.STAYS
    leeftijd = np.where(verblijf, 17.6 * rng.beta(2.3, 1.7, n), 17.7 * rng.beta(2.2, 1.9, n))
    gemeente = rng.choice(len(gewicht), n, p=gewicht)
    duur = _duur(verblijf, rng)
    k = len(gewicht)  # the smallest region still has a youth in every gemeente
    begin[:k], duur[:k], gemeente[:k], leeftijd[:k] = t0 - 20 + np.arange(k), 900, np.arange(k), 6 + np.arange(k) % 6
    geboren = begin - np.floor(leeftijd * 365.25).astype(np.int64) - 1
    op_de_eerste = rng.random(n) < 0.025
    geboren = np.where(op_de_eerste, eerste_dag(maand_nr(geboren)), geboren)
    eind = _begrens(begin + duur - 1, geboren, verblijf, rng)
    eerste = _Trajecten(np.arange(n), gemeente, begin, eind, leeftijd, verblijf)
    tweede = _tweede(eerste, geboren, t1, rng)
    trajecten = _Trajecten(
        *(np.concatenate([getattr(eerste, v), getattr(tweede, v)]) for v in eerste.__dataclass_fields__)
    )
    geslacht = np.where(rng.random(n) < 0.004, 0, np.where(rng.random(n) < 0.54, 1, 2))
    jeugdigen = Jeugdigen(_bsns(n, rng), geboren, geslacht)
    goed = (trajecten.eind - trajecten.begin >= 13) & (trajecten.eind >= t0 - 200)
    return jeugdigen, _Trajecten(*(getattr(trajecten, v)[goed] for v in trajecten.__dataclass_fields__))


def _begrens(eind: Dagen, geboren: Dagen, verblijf: Vlag, rng: np.random.Generator) -> Dagen:
    """End at the 18th birthday, or with extended help at the 21st or 23rd."""
    n = len(eind)
    verlengd = rng.random(n) < np.where(verblijf, p.VERLENGD["verblijf"], p.VERLENGD["ambulant"])
    tot = np.where(rng.random(n) < 0.8, jaren_later(geboren, 21), jaren_later(geboren, 23))
    grens: Dagen = np.where(verlengd, tot, jaren_later(geboren, 18)) - 1
    return np.minimum(eind, grens, dtype=np.int64)


def _tweede(eerste: _Trajecten, geboren: Dagen, t1: int, rng: np.random.Generator) -> _Trajecten:
    """A later traject of the same youth, some after a gap of exactly 29 to 32 days (the bridge is 30)."""
    n = len(eerste.begin)
    kies = (
        (rng.random(n) < p.TWEEDE_TRAJECT) & (eerste.eind < t1 - 30) & (eerste.eind + 1000 < jaren_later(geboren, 18))
    )
    idx = np.flatnonzero(kies)
    m = len(idx)
    gat = np.where(rng.random(m) < 0.12, rng.integers(29, 33, m), rng.integers(45, 900, m))
    begin = eerste.eind[idx] + 1 + gat
    verblijf = rng.random(m) < 0.04
    eind = _begrens(begin + _duur(verblijf, rng) - 1, geboren[idx], verblijf, rng)
    leeftijd = (begin - geboren[idx]) / 365.25
    goed = begin <= t1
    return _Trajecten(idx[goed], eerste.gemeente[idx][goed], begin[goed], eind[goed], leeftijd[goed], verblijf[goed])


def _bsns(n: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Distinct numbers from 900000000 that pass the eleven-test, outside the official test range."""
    kandidaten = np.unique(rng.integers(90_000_000, 99_990_000, 2 * n + 1000))
    rng.shuffle(kandidaten)
    som = np.zeros(len(kandidaten), dtype=np.int64)
    rest = kandidaten.copy()
    for gewicht in range(2, 10):
        som += (rest % 10) * gewicht
        rest //= 10
    laatste = som % 11
    geldig = laatste < 10
    nummers: npt.NDArray[np.int64] = (kandidaten * 10 + laatste)[geldig][:n]
    return nummers


def _maak_stromen(t: _Trajecten, j: Jeugdigen, rng: np.random.Generator) -> _Stromen:
    """Which kinds of care run side by side within each traject."""
    n = len(t.begin)
    lengte = t.eind - t.begin + 1
    b18 = jaren_later(j.geboren[t.jeugdige], 18)
    kans = np.where(t.verblijf, p.CRISIS_START["verblijf"], p.CRISIS_START["ambulant"])
    crisis = _gelijkmatig(np.lexsort((t.begin, t.verblijf)), GULDEN_SNEDE, rng) < kans
    # after a crisis the ordinary care starts within the thirty days, or a little later
    aanvang = t.begin + np.where(crisis, rng.integers(3, 75, n), 0)
    delen: list[_Stromen] = []

    def voeg_toe(kies: Vlag, soort: int, nummer: int, begin: Dagen, eind: Dagen) -> None:
        goed = np.flatnonzero(kies & (eind - begin >= 10))
        delen.append(_Stromen(goed, np.full(len(goed), soort), np.full(len(goed), nummer), begin[goed], eind[goed]))

    aantal = 1 + np.searchsorted(np.cumsum(p.N_AMBULANT), rng.random(n) * 0.999999)
    aantal = np.where(t.verblijf, rng.integers(0, 3, n), aantal)
    for k in range(4):
        later = (rng.random(n) < 0.35) & ((k > 0) | t.verblijf)
        begin = np.where(later, t.begin + (rng.random(n) * 0.65 * lengte).astype(np.int64), aanvang)
        begin = np.maximum(begin, aanvang)
        korter = (rng.random(n) < 0.3) & ((k > 0) | t.verblijf)
        eind = np.where(korter, begin + (rng.uniform(0.3, 1.0, n) * (t.eind - begin)).astype(np.int64), t.eind)
        voeg_toe(aantal > k, AMBULANT, k, begin, eind)
    # a stay comes at once after a crisis, and else not always first
    later = rng.random(n) < 0.4
    begin = np.where(later, aanvang + (rng.random(n) * 0.3 * lengte).astype(np.int64), aanvang)
    begin = np.where(crisis, t.begin + rng.integers(3, 29, n), begin)
    voeg_toe(t.verblijf, VERBLIJF, 0, begin, t.eind)
    jb = rng.random(n) < np.where(t.verblijf, p.JB["verblijf"], p.JB["ambulant"])
    begin = np.where(rng.random(n) < 0.5, aanvang + (rng.random(n) * 0.4 * lengte).astype(np.int64), aanvang)
    voeg_toe(jb, JB, 0, begin, np.minimum(t.eind, b18 - 1))
    jr = (rng.random(n) < p.JR) & (t.leeftijd >= 12) & (t.leeftijd < 17.4)
    voeg_toe(jr, JR, 0, aanvang, np.minimum(np.minimum(t.eind, b18 - 1), aanvang + rng.integers(150, 620, n)))
    voeg_toe(rng.random(n) < p.VERVOER, VERVOER, 0, aanvang, t.eind)
    voeg_toe(rng.random(n) < p.MAATWERK, MAATWERK, 0, aanvang, t.eind)
    voeg_toe(rng.random(n) < p.LTA, LTA, 0, aanvang, t.eind)
    crisis_eind = np.minimum(t.begin + rng.choice(np.array([13, 27, 27, 41, 55]), n), t.eind)
    voeg_toe(crisis, CRISIS, 0, t.begin, crisis_eind)
    return _Stromen(*(np.concatenate([getattr(d, v) for d in delen]) for v in _Stromen.__dataclass_fields__))


def _kies_producten(
    s: _Stromen, t: _Trajecten, producten: tuple[str, ...], rng: np.random.Generator
) -> tuple[Dagen, Dagen]:
    """Two products per stream, never shared with another stream of the same traject."""
    plaats = {code: i for i, code in enumerate(producten)}
    eerste = np.zeros(len(s.traject), dtype=np.int64)
    tweede = np.zeros(len(s.traject), dtype=np.int64)
    # without replacement: the eight highest of weighted random keys are the weighted draw of a traject
    gew = np.array(list(p.AMBULANT_GEWICHTEN.values()))
    sleutels = np.log(gew / gew.sum()) + rng.gumbel(size=(len(t.begin), len(gew)))
    volgorde = np.argsort(-sleutels, axis=1)[:, :8]
    codes = np.array([plaats[c] for c in p.AMBULANT_GEWICHTEN])
    amb = s.soort == AMBULANT
    eerste[amb] = codes[volgorde[s.traject[amb], 2 * s.nummer[amb]]]
    tweede[amb] = codes[volgorde[s.traject[amb], 2 * s.nummer[amb] + 1]]
    na_crisis = np.isin(s.traject, s.traject[s.soort == CRISIS])
    for soort in range(1, len(SOORTEN)):
        hier = s.soort == soort
        gew = np.array(list(GEWICHTEN[soort].values()), dtype=float)
        codes = np.array([plaats[c] for c in GEWICHTEN[soort]])
        u = _gelijkmatig(np.lexsort((s.begin[hier], na_crisis[hier])), WORTEL_TWEE, rng)
        eerste[hier] = codes[np.searchsorted(np.cumsum(gew / gew.sum()), u * 0.999999)]
        tweede[hier] = codes[rng.choice(len(codes), hier.sum(), p=gew / gew.sum())]
    return eerste, tweede


def kies_aanbieders(soort: Dagen, rng: np.random.Generator) -> Dagen:
    """A provider of the pool of each kind of care; a few large ones take most."""
    laag = np.array([a for a, _ in POOLS])[soort]
    hoog = np.array([b for _, b in POOLS])[soort]
    gekozen: Dagen = laag + ((hoog - laag) * rng.random(len(soort)) ** 2.0).astype(np.int64)
    return gekozen


def _knip(s: _Stromen, t: _Trajecten, producten: tuple[str, ...], rng: np.random.Generator) -> Stukken:
    """Cut streams into numbers: another provider or another product after a while, sometimes with a gap between."""
    lengte = s.eind - s.begin + 1
    mag = np.where(s.soort == CRISIS, 0, np.minimum(lengte // 300, 4))
    aantal = 1 + rng.binomial(mag, p.NIEUW_NUMMER)
    van = np.repeat(np.arange(len(aantal)), aantal)
    volg = np.arange(len(van)) - np.repeat(np.cumsum(aantal) - aantal, aantal)
    begin = s.begin[van] + lengte[van] * volg // aantal[van]
    eind = s.begin[van] + lengte[van] * (volg + 1) // aantal[van] - 1
    laatste = volg == aantal[van] - 1
    n = len(van)
    gat = np.where(
        rng.random(n) < 0.78, 0, np.where(rng.random(n) < 0.2, rng.integers(29, 33, n), rng.integers(1, 26, n))
    )
    eind = np.where(laatste, eind, eind - gat)
    prod1, prod2 = _kies_producten(s, t, producten, rng)
    aanb1, aanb2 = kies_aanbieders(s.soort, rng), kies_aanbieders(s.soort, rng)
    wissel_product = (rng.random(n) < 0.5) & (volg > 0)
    is_tweede = _per_stroom_som(wissel_product, van) % 2 == 1
    is_andere = _per_stroom_som(~wissel_product & (volg > 0), van) % 2 == 1
    return Stukken(
        jeugdige=t.jeugdige[s.traject[van]],
        gemeente=t.gemeente[s.traject[van]],
        soort=s.soort[van],
        product=np.where(is_tweede, prod2[van], prod1[van]),
        aanbieder=np.where(is_andere, aanb2[van], aanb1[van]),
        begin=begin,
        eind=eind,
        reden=np.where(laatste, 0, 2),
        na_verhuizing=s.traject[van] < 0,
    )


def _nieuw_op_achttien(stukken: Stukken, geboren: Dagen, rng: np.random.Generator) -> Stukken:
    """Give half of what runs on past the 18th birthday a new number from that day: extended help is decided anew."""
    b18 = jaren_later(geboren, 18)
    door = (stukken.begin < b18) & (stukken.eind >= b18) & (rng.random(len(b18)) < 0.5)
    voor = replace(stukken, eind=np.where(door, b18 - 1, stukken.eind), reden=np.where(door, 2, stukken.reden))
    na = replace(stukken.neem(door), begin=b18[door])
    return Stukken(*(np.concatenate([getattr(voor, v), getattr(na, v)]) for v in voor.__dataclass_fields__))


def _per_stroom_som(vlag: Vlag, stroom: Dagen) -> Dagen:
    """Running count of `vlag` that starts anew at every stream."""
    lopend = np.cumsum(vlag)
    begin = np.flatnonzero(np.r_[True, stroom[1:] != stroom[:-1]])
    basis: Dagen = lopend[begin] - vlag[begin]
    som: Dagen = lopend - np.repeat(basis, np.diff(np.r_[begin, len(stroom)]))
    return som


def _verhuis(stukken: Stukken, t: _Trajecten, n_gemeenten: int, rng: np.random.Generator) -> Stukken:
    """Move some youths to another gemeente of the regio: what runs is cut, what follows is the new gemeente's."""
    n = int(stukken.jeugdige.max(initial=0)) + 1
    dag = np.full(n, np.iinfo(np.int64).max)
    doel = np.zeros(n, dtype=np.int64)
    lengte = t.eind - t.begin + 1
    kies = (rng.random(len(t.begin)) < p.VERHUIZING) & (lengte > 120) & (n_gemeenten > 1)
    wanneer = t.begin + 40 + (rng.random(len(t.begin)) * (lengte - 80)).astype(np.int64)
    naar = (t.gemeente + rng.integers(1, max(2, n_gemeenten), len(t.begin))) % n_gemeenten
    dag[t.jeugdige[kies]] = wanneer[kies]
    doel[t.jeugdige[kies]] = naar[kies]
    m = dag[stukken.jeugdige]
    na = stukken.begin >= m
    door = (stukken.begin < m) & (stukken.eind >= m)
    voor = replace(
        stukken,
        gemeente=np.where(na, doel[stukken.jeugdige], stukken.gemeente),
        eind=np.where(door, m - 1, stukken.eind),
        reden=np.where(door, 1, stukken.reden),
    )
    rest = stukken.neem(door)
    rest = replace(
        rest, gemeente=doel[rest.jeugdige], begin=m[door], na_verhuizing=np.ones(len(rest.begin), dtype=bool)
    )
    return Stukken(*(np.concatenate([getattr(voor, v), getattr(rest, v)]) for v in voor.__dataclass_fields__))
