"""What was allocated: numbers, versions, and when each version was fixed.

Lives here: from pieces of care to the rows of the toewijzingen extract (iJw 301; DOMAIN 1.2, 1.5, 2.4).
Add here: a way in which an allocation changes. Keep out: which file a row ends up in, defects.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand
from pipeline.domain.seedrijen import Product
from pipeline.synth import parameters as p
from pipeline.synth.bevolking import (
    AMBULANT,
    CRISIS,
    JB,
    JR,
    VERBLIJF,
    VERVOER,
    Bevolking,
    Dagen,
    Stukken,
    Vlag,
    begrensd_normaal,
    dag_nr,
    intensiteit,
    kies_aanbieders,
)

SPECIFIEK, ASPECIFIEK_BUDGET, ASPECIFIEK, GENERIEK = range(4)
OPEN = 10**7
"""An einddatum so far away that it means: runs without end."""
SCHEMA = {
    "bsn": pl.String, "geboortedatum": pl.Date, "geslacht": pl.String, "aanbieder_agb": pl.String,
    "toewijzingnummer": pl.Int64, "referentie_aanbieder": pl.String, "productcategorie": pl.String,
    "productcode": pl.String, "toewijzingsdatum": pl.Date, "toewijzingstijd": pl.String, "ingangsdatum": pl.Date,
    "einddatum": pl.Date, "reden_wijziging": pl.String, "volume": pl.Float64, "eenheid": pl.String,
    "frequentie": pl.String, "budget": pl.Int64, "besluitdatum": pl.Date, "datum_ontvangst_verzoek": pl.Date,
    "verwijzer_type": pl.String, "startdatum_levering": pl.Date, "stopdatum_levering": pl.Date,
    "reden_beeindiging": pl.String, "leveringsvorm": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Nummers:
    """One element per toewijzingnummer, aligned with `stukken`."""

    stukken: Stukken
    nummer: Dagen
    eerste_toewijzing: Dagen
    slot: Dagen  # einddatum of the newest version, OPEN without end
    variant: Dagen
    maandvolume: npt.NDArray[np.float64]
    pgb: Vlag
    verwijderd: Vlag
    geleverd: Vlag  # at least one version reached a levering


@dataclass(frozen=True)
class Assortiment:
    """The product table in the order of `Bevolking.producten`: code, category, unit, dated tariffs."""

    codes: npt.NDArray[np.str_]
    categorie: npt.NDArray[np.str_]
    eenheid: npt.NDArray[np.str_]
    vanaf: npt.NDArray[np.int64]  # (product, line), days
    tarief: npt.NDArray[np.int64]  # (product, line), cents; 0 without

    def tarief_op(self, product: Dagen, dag: Dagen) -> Dagen:
        """Tariff in cents of each product on each day; before the first line the first holds (SPEC 7)."""
        lijn = np.maximum((self.vanaf[product] <= dag[:, None]).sum(axis=1) - 1, 0)
        tarief: Dagen = self.tarief[product, lijn]
        return tarief


def assortiment(catalogus: Catalogus, codes: tuple[str, ...]) -> Assortiment:
    """Read the region's own lines of the product table for `codes`."""
    per_code: dict[str, list[Product]] = {code: [] for code in codes}
    for product in sorted(catalogus.producten, key=lambda r: r.geldig_van):
        if not product.gemeente and product.productcode in per_code:
            per_code[product.productcode].append(product)
    breedte = max(len(r) for r in per_code.values())
    vanaf = np.full((len(codes), breedte), np.iinfo(np.int64).max)
    tarief = np.zeros((len(codes), breedte), dtype=np.int64)
    for i, regels in enumerate(per_code.values()):
        for k, regel in enumerate(regels):
            vanaf[i, k] = dag_nr(regel.geldig_van)
            tarief[i, k] = regel.tarief_cent or 0
    eerste = [regels[0] for regels in per_code.values()]
    return Assortiment(
        np.array(codes),
        np.array([r.productcategorie for r in eerste]),
        np.array([r.eenheid for r in eerste]),
        vanaf,
        tarief,
    )


def maak_toewijzingen(
    b: Bevolking, a: Assortiment, agb: npt.NDArray[np.str_], eerste: Maand, laatste: Maand, rng: np.random.Generator
) -> tuple[Nummers, pl.DataFrame]:
    """Make all numbers and the versions that were fixed up to the last day of `laatste`.

    The frame has the columns of the extract plus gemeente, leveringsmaand and `nr` (index into Nummers).
    """
    t0, t1 = dag_nr(eerste.eerste_dag), dag_nr(laatste.laatste_dag)
    s, verwijderd = _met_verwijderde(b.stukken, t0, t1, rng)
    n = len(s.begin)
    variant = np.where(s.soort == AMBULANT, rng.choice(4, n, p=[0.972, 0.013, 0.008, 0.007]), SPECIFIEK)
    looptijd, open_ = _looptijd(s, variant, rng)
    eerste_t = s.begin + _afgifte(s, rng)
    versies, slot = _versies(s, looptijd, open_, verwijderd, eerste_t, rng)
    versies = versies.filter(pl.col("t") <= t1)
    versies = _eerste_levering(versies, t0)
    bekend = np.zeros(n, dtype=bool)
    bekend[versies["nr"].to_numpy()] = True
    s = _los_overlap_op(s, slot, a, rng)
    nummers = Nummers(
        stukken=s,
        nummer=_nummers(s.gemeente, eerste_t),
        eerste_toewijzing=eerste_t,
        slot=slot,
        variant=variant,
        maandvolume=_maandvolume(s, a, rng),
        pgb=(rng.random(n) < p.PGB) & (s.soort == AMBULANT),
        verwijderd=verwijderd,
        geleverd=bekend,
    )
    return nummers, _rijen(b, a, agb, nummers, versies, looptijd, open_, t0, rng)


def _met_verwijderde(s: Stukken, t0: int, t1: int, rng: np.random.Generator) -> tuple[Stukken, Vlag]:
    """Add allocations made by mistake: the same care at another provider, soon deleted (reason 13)."""
    kies = np.flatnonzero((rng.random(len(s.begin)) < p.VERWIJDERD) & (s.begin > t0) & (s.begin < t1))
    fout = s.neem(kies)
    fout = replace(fout, aanbieder=kies_aanbieders(fout.soort, rng), na_verhuizing=np.zeros(len(kies), dtype=bool))
    alles = Stukken(*(np.concatenate([getattr(s, v), getattr(fout, v)]) for v in s.__dataclass_fields__))
    return alles, np.arange(len(alles.begin)) >= len(s.begin)


def _looptijd(s: Stukken, variant: Dagen, rng: np.random.Generator) -> tuple[Dagen, Vlag]:
    """Days for which an allocation is given at first, and which ones have no end."""
    n = len(s.begin)
    lengte = s.eind - s.begin + 1
    dagen = rng.choice(np.array([91, 182, 182, 364, 365, 365, 365, 547, 730]), n)
    dagen = np.where(s.soort == CRISIS, 28, dagen)
    dagen = np.where(np.isin(s.soort, (JB, JR)), 365, dagen)
    dagen = np.maximum(dagen, lengte // 6 + 1)
    kans = np.select([s.soort == VERBLIJF, s.soort == JB, s.soort == AMBULANT], [0.3, 0.35, 0.05], 0.0)
    return dagen, (rng.random(n) < kans) & (variant == SPECIFIEK)


def _afgifte(s: Stukken, rng: np.random.Generator) -> Dagen:
    """Days from ingangsdatum to the first toewijzingsdatum: negative in time, positive retroactive."""
    n = len(s.begin)
    kans = np.select([s.soort == CRISIS, s.soort == JB, s.soort == JR], [0.82, 0.68, 0.6], 0.14)
    kans = np.where(s.na_verhuizing, 0.5, kans)
    klasse = rng.choice(4, n, p=[0.42, 0.35, 0.17, 0.06])
    laag, hoog = np.array([1, 8, 31, 92]), np.array([8, 31, 92, 200])
    terug = rng.integers(laag[klasse], hoog[klasse])
    terug = np.where(s.soort == CRISIS, 1 + terug % 14, terug)
    afgifte: Dagen = np.where(rng.random(n) < kans, terug, -rng.integers(0, 28, n))
    return afgifte


def _versies(
    s: Stukken, looptijd: Dagen, open_: Vlag, verwijderd: Vlag, eerste_t: Dagen, rng: np.random.Generator
) -> tuple[pl.DataFrame, Dagen]:
    """All versions of all numbers (nr, t, eind, reden, stop, reden_stop) and the last einddatum of each."""
    n = len(s.begin)
    nr = np.arange(n)
    lengte = s.eind - s.begin + 1
    verhuisd = s.reden == 1
    precies = (rng.random(n) < 0.42) & ~verhuisd & ~open_
    n_ext = np.where(open_ | verwijderd, 0, (lengte - 1) // looptijd)
    laatste_gepland = np.where(precies, s.eind, s.begin + (n_ext + 1) * looptijd - 1)
    delen = [_deel(nr, eerste_t, np.where(open_, OPEN, np.where(n_ext == 0, laatste_gepland, s.begin + looptijd - 1)))]
    # extensions stretch the same number (OP380); most in time, some after the old end
    van = np.repeat(nr, n_ext)
    k = np.arange(len(van)) - np.repeat(np.cumsum(n_ext) - n_ext, n_ext) + 1
    oud = s.begin[van] + k * looptijd[van] - 1
    eind = np.where(k == n_ext[van], laatste_gepland[van], oud + looptijd[van])
    delen.append(_deel(van, oud - rng.integers(-9, 36, len(van)), eind, reden="04"))
    slot = np.where(open_, OPEN, laatste_gepland)
    soort = rng.random(n)
    kort = ~precies & ~verwijderd & ~verhuisd & (open_ | ((soort < 0.6) & (laatste_gepland > s.eind)))
    stop = ~precies & ~verwijderd & ~verhuisd & ~open_ & ~kort & (laatste_gepland > s.eind)
    delen += _sluitingen(s, nr, kort, verhuisd & ~verwijderd, slot, rng)
    delen.append(_stopversie(s, nr[stop], slot, rng))
    tijdelijk = nr[precies & ~verwijderd & (n_ext == 0) & (lengte > 150) & (rng.random(n) < 0.06)]
    midden = s.begin[tijdelijk] + lengte[tijdelijk] // 2
    delen.append(
        _deel(tijdelijk, midden + rng.integers(1, 15, len(midden)), slot[tijdelijk], stop=midden, reden_stop="20")
    )
    w = nr[verwijderd]
    delen.append(_deel(w, eerste_t[w] + rng.integers(1, 40, len(w)), s.begin[w], reden="13"))
    slot = np.where(kort | verhuisd, s.eind, slot)
    slot[w] = s.begin[w]
    alles = pl.concat(delen).with_row_index("v").sort("nr", "v")
    # versions are fixed one after the other: each at least a day later than the one before
    volg = pl.int_range(pl.len(), dtype=pl.Int64).over("nr")
    alles = alles.with_columns(volg=volg).with_columns(
        t=(pl.col("t") - pl.col("volg")).cum_max().over("nr") + pl.col("volg")
    )
    return alles.drop("v"), slot


def _deel(
    nr: Dagen, t: Dagen, eind: Dagen, *, reden: str | npt.NDArray[np.str_] = "", stop: Dagen | None = None,
    reden_stop: str | npt.NDArray[np.str_] = "",
) -> pl.DataFrame:  # fmt: skip
    n = len(nr)
    return pl.DataFrame(
        {
            "nr": nr.astype(np.int64),
            "t": t.astype(np.int64),
            "eind": eind.astype(np.int64),
            "reden": np.broadcast_to(np.asarray(reden, dtype=object), n),
            "stop": np.full(n, -1) if stop is None else stop.astype(np.int64),
            "reden_stop": np.broadcast_to(np.asarray(reden_stop, dtype=object), n),
        },
        schema_overrides={"reden": pl.String, "reden_stop": pl.String, "stop": pl.Int64},
    )


def _sluitingen(
    s: Stukken, nr: Dagen, kort: Vlag, verhuisd: Vlag, slot: Dagen, rng: np.random.Generator
) -> list[pl.DataFrame]:
    """Shortenings and moves: a version with an earlier einddatum; half of them with the stop of the provider."""
    k = nr[kort]
    redenen = np.array(["05", "05", "05", "05", "09", "12", "06", "03", "14"], dtype=object)
    wanneer = s.eind[k] + rng.integers(-14, 31, len(k))
    # nobody reports a stop that has yet to come
    met_stop = (rng.random(len(k)) < 0.7) & (wanneer >= s.eind[k])
    stop = np.where(met_stop, s.eind[k], -1)
    waarom = rng.choice(np.array(["31", "31", "31", "32", "33", "34", "35", "36", "38"], dtype=object), len(k))
    korter = _deel(
        k, wanneer, s.eind[k],
        reden=rng.choice(redenen, len(k)), stop=stop, reden_stop=np.where(met_stop, waarom, ""),
    )  # fmt: skip
    m = nr[verhuisd]
    weg = _deel(m, s.eind[m] - rng.integers(1, 15, len(m)), s.eind[m], reden="07")
    return [korter, weg]


def _stopversie(s: Stukken, k: Dagen, slot: Dagen, rng: np.random.Generator) -> pl.DataFrame:
    """The provider reported the stop; the einddatum of the allocation was left as it was."""
    waarom = rng.choice(np.array(["31", "31", "32", "33", "34", "37", "38", "39", "02"], dtype=object), len(k))
    waarom = np.where((waarom == "02") & (rng.random(len(k)) < 0.97), "31", waarom)
    return _deel(k, s.eind[k] + rng.integers(0, 25, len(k)), slot[k], stop=s.eind[k], reden_stop=waarom)


def _eerste_levering(versies: pl.DataFrame, t0: int) -> pl.DataFrame:
    """Keep of what was fixed before the first month only the newest version of what still ran; nobody saw the rest."""
    laatste_voor = pl.col("t").filter(pl.col("t") < t0).max().over("nr")
    later = (pl.col("t") >= t0).any().over("nr")
    loopt = (pl.col("eind") >= t0) & ((pl.col("stop") < 0) | (pl.col("stop") >= t0) | (pl.col("reden_stop") == "20"))
    return versies.filter((pl.col("t") >= t0) | ((pl.col("t") == laatste_voor) & (loopt | later)))


def _los_overlap_op(s: Stukken, slot: Dagen, a: Assortiment, rng: np.random.Generator) -> Stukken:
    """Give a later allocation another provider where it would overlap one of the same product and provider (TR302)."""
    aanbieder = s.aanbieder.copy()
    volgorde = np.lexsort((s.begin, s.product, s.jeugdige))
    for _ in range(60):
        # the nominal end counts, deleted ones too: whatever a rule looks at, there is no overlap
        frame = pl.DataFrame(
            {
                "i": volgorde, "wie": s.jeugdige[volgorde], "wat": s.product[volgorde], "bij": aanbieder[volgorde],
                "begin": s.begin[volgorde], "eind": np.maximum(slot, s.eind)[volgorde],
            }
        )  # fmt: skip
        dicht = frame.filter(pl.col("begin") <= pl.col("eind").cum_max().shift(1).over("wie", "wat", "bij"))[
            "i"
        ].to_numpy()
        if not len(dicht):
            break
        aanbieder[dicht] = kies_aanbieders(s.soort[dicht], rng)
    return replace(s, aanbieder=aanbieder)


def _nummers(gemeente: Dagen, eerste_t: Dagen) -> Dagen:
    """Number allocations per gemeente in the order in which they were given out."""
    volgorde = np.lexsort((eerste_t, gemeente))
    nummer = np.empty(len(gemeente), dtype=np.int64)
    g = gemeente[volgorde]
    begin = np.flatnonzero(np.r_[True, g[1:] != g[:-1]])
    nummer[volgorde] = np.arange(len(g)) - np.repeat(begin, np.diff(np.r_[begin, len(g)])) + 100_001
    return nummer


def _maandvolume(s: Stukken, a: Assortiment, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Volume per full month of care; unit 14 in days, unit 83 in cents."""
    eenheid = a.eenheid[s.product]
    basis = np.select([eenheid == e for e in p.MAANDVOLUME], list(p.MAANDVOLUME.values()), 30.4)
    basis = np.where(s.soort == VERVOER, p.RITTEN, basis)
    spreiding = np.where(np.isin(eenheid, ("01", "04", "16", "83")), 0.55, 0.0)
    groeit = np.where(spreiding > 0, intensiteit(s.begin), 1.0)
    volume = basis * groeit * np.exp(spreiding * begrensd_normaal(len(basis), rng))
    volume = np.where((s.soort == CRISIS) & np.isin(eenheid, ("01", "04")), volume * p.CRISIS_VOLUME, volume)
    for code, deel in p.AANWEZIG.items():
        volume = np.where(a.codes[s.product] == code, volume * deel, volume)
    uit: npt.NDArray[np.float64] = np.maximum(volume, 1.0)
    return uit


def _omvang(
    nummers: Nummers, a: Assortiment, looptijd: Dagen, open_: Vlag, rng: np.random.Generator
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_], Dagen]:
    """Volume, frequentie and budget (0: none) per number, as DOMAIN 1.5 and CS338, CD075-CD078 want them."""
    s = nummers.stukken
    n = len(s.begin)
    eenheid = a.eenheid[s.product]
    maanden = np.maximum(1, np.round(looptijd / 30.4))
    freq = rng.choice(np.array(["2", "4", "6"], dtype=object), n, p=[0.5, 0.32, 0.18])
    freq = np.where(open_ | np.isin(eenheid, ("84",)) | (s.soort == VERVOER), "4", freq)
    freq = np.where(np.isin(eenheid, ("82", "83")) & (s.soort != VERVOER), "6", freq)
    per_keer = nummers.maandvolume * np.select([freq == "2", freq == "6"], [1 / 4.33, maanden], 1.0)
    volume = np.maximum(1, np.ceil(per_keer * 1.15))
    etmaal = eenheid == "14"
    hoogste = np.select([etmaal & (freq == "2"), etmaal & (freq == "4")], [7.0, 31.0], np.inf)
    volume = np.minimum(volume, hoogste)
    volume = np.where((eenheid == "82") & (s.soort != VERVOER), 1, volume)
    prijs = a.tarief_op(s.product, s.begin)
    met_budget = np.isin(nummers.variant, (ASPECIFIEK_BUDGET, GENERIEK))
    budget = np.where(met_budget, np.minimum(nummers.maandvolume * maanden * np.maximum(prijs, 1), 90_000_000), 0)
    return volume, freq, (budget // 1000 * 1000).astype(np.int64)


def _verwijzers(soort: Dagen, rng: np.random.Generator) -> npt.NDArray[np.object_]:
    """Referrer per number; empty for a few: the back office does not know."""
    codes = np.array(["01", "02", "03", "04", "05", "06", "08", ""], dtype=object)
    kansen = {
        AMBULANT: [0.43, 0.335, 0.045, 0.08, 0.04, 0.045, 0.01, 0.015],
        VERBLIJF: [0.565, 0.015, 0.01, 0.375, 0.01, 0.005, 0.015, 0.005],
        JB: [0.0, 0.0, 0.0, 0.25, 0.0, 0.0, 0.75, 0.0],
        JR: [0.0, 0.0, 0.0, 0.15, 0.0, 0.0, 0.85, 0.0],
        CRISIS: [0.5, 0.17, 0.02, 0.2, 0.02, 0.02, 0.07, 0.0],
    }
    uit = np.full(len(soort), "", dtype=object)
    for welke in np.unique(soort):
        hier = soort == welke
        uit[hier] = rng.choice(codes, int(hier.sum()), p=kansen.get(int(welke), kansen[AMBULANT]))
    return uit


def _rijen(
    b: Bevolking, a: Assortiment, agb: npt.NDArray[np.str_], nummers: Nummers, versies: pl.DataFrame,
    looptijd: Dagen, open_: Vlag, t0: int, rng: np.random.Generator,
) -> pl.DataFrame:  # fmt: skip
    """Dress the versions with everything the extract has."""
    s = nummers.stukken
    n = len(s.begin)
    volume, freq, budget = _omvang(nummers, a, looptijd, open_, rng)
    vraag = np.where(rng.random(n) < 0.78, rng.integers(0, 8, n), rng.integers(8, 46, n))
    start = np.minimum(s.begin + np.where(rng.random(n) < 0.7, 0, rng.integers(1, 22, n)), s.eind)
    per_nummer = pl.DataFrame(
        {
            "bsn": b.jeugdigen.bsn[s.jeugdige],
            "geboortedatum": b.jeugdigen.geboren[s.jeugdige],
            "geslacht": b.jeugdigen.geslacht[s.jeugdige],
            "aanbieder_agb": agb[s.aanbieder],
            "toewijzingnummer": nummers.nummer,
            "productcategorie": np.where(nummers.variant == GENERIEK, "", a.categorie[s.product]),
            "productcode": np.where(nummers.variant == SPECIFIEK, a.codes[s.product], ""),
            "ingangsdatum": s.begin,
            "volume": np.where(nummers.variant == SPECIFIEK, volume, np.nan),
            "eenheid": np.where(nummers.variant == SPECIFIEK, a.eenheid[s.product], ""),
            "frequentie": pl.Series(np.where(nummers.variant == SPECIFIEK, freq, ""), dtype=pl.String),
            "budget": budget,
            "besluitdatum": np.where(rng.random(n) < 0.3, nummers.eerste_toewijzing - rng.integers(0, 13, n), -1),
            "datum_ontvangst_verzoek": np.where(rng.random(n) < 0.5, nummers.eerste_toewijzing - vraag, -1),
            "verwijzer_type": pl.Series(_verwijzers(s.soort, rng), dtype=pl.String),
            "start": np.where((rng.random(n) < 0.85) & ~nummers.verwijderd, start, OPEN * 2),
            "leveringsvorm": np.where(nummers.pgb, "PGB", "ZIN"),
            "gemeente": np.array(b.gemeenten)[s.gemeente],
        }
    )
    rij = versies.with_columns(per_nummer[versies["nr"].to_numpy()])
    maandeinde = (pl.col("toewijzingsdatum").dt.month_end()).cast(pl.Int32).cast(pl.Int64)
    seconde = rng.integers(8 * 3600, 18 * 3600, rij.height)
    rij = rij.with_columns(
        toewijzingsdatum=_datum("t"),
        toewijzingstijd=pl.Series(seconde.astype(np.int64) * 1_000_000_000).cast(pl.Time).dt.to_string("%H:%M:%S"),
    )
    rij = rij.with_columns(
        pl.col("bsn").cast(pl.String),
        pl.col("geslacht").cast(pl.String),
        pl.when(pl.col("budget") > 0).then(pl.col("budget")).alias("budget"),
        pl.col("volume").fill_nan(None),
        *(_leeg(c) for c in ("productcategorie", "productcode", "eenheid", "frequentie", "verwijzer_type")),
        _leeg("reden").alias("reden_wijziging"),
        _leeg("reden_stop").alias("reden_beeindiging"),
        *(_datum(c) for c in ("geboortedatum", "ingangsdatum", "besluitdatum", "datum_ontvangst_verzoek")),
        _datum("eind", onder=OPEN).alias("einddatum"),
        _datum("stop").alias("stopdatum_levering"),
        pl.when(pl.col("start") <= pl.max_horizontal(maandeinde, pl.lit(t0 + 27, dtype=pl.Int64)))
        .then(_datum("start", onder=OPEN)).alias("startdatum_levering"),
        pl.when((pl.col("volg") == 0) & (pl.col("datum_ontvangst_verzoek") >= 0))
        .then(pl.concat_str(pl.lit("VOT-"), pl.col("toewijzingnummer").cast(pl.String)))
        .alias("referentie_aanbieder"),
        leveringsmaand=_datum_van(pl.max_horizontal("t", pl.lit(t0, dtype=pl.Int64))).dt.month_start(),
    )  # fmt: skip
    # a stop before the reported start happens when the start was shifted; the report then follows the stop
    rij = rij.with_columns(
        startdatum_levering=pl.min_horizontal("startdatum_levering", "stopdatum_levering")
        .fill_null(pl.col("startdatum_levering"))
        .pipe(lambda e: pl.when(pl.col("startdatum_levering").is_not_null()).then(e))
    )
    return rij.select(*SCHEMA, "gemeente", "leveringsmaand", "nr")


def _leeg(kolom: str) -> pl.Expr:
    return pl.when(pl.col(kolom) != "").then(pl.col(kolom)).alias(kolom)


def _datum(kolom: str, *, onder: int = 10**9) -> pl.Expr:
    return (
        pl.when((pl.col(kolom) > -30_000) & (pl.col(kolom) != -1) & (pl.col(kolom) < onder))
        .then(_datum_van(pl.col(kolom)))
        .alias(kolom)
    )


def _datum_van(dag: pl.Expr) -> pl.Expr:
    return dag.cast(pl.Int32).cast(pl.Date)
