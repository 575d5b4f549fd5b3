"""What is left of a hidden number, by all sums together: between which bounds it must lie.

Lives here: the numbers behind the reeksen, the sums between them, the bounds that follow from what is shown, and which
reeks is hidden next where too little is left. Add here: another sum between numbers. Keep out: which row shows what
(bescherming_tabellen.py), choosing what to hide with a reeks (bescherming_kern.py). Pure: frames in, frames out.

bescherming_reeksen.py hides whole reeksen, so that over all periods enough is hidden. But in one period what is hidden
beside a figure may be nothing, and everybody sees that: no number is negative, counts are whole, and a gemeente has
nothing in a month of which the levering is missing. So here all periods are looked at one by one. A figure on a few
youths that follows, or that is told to be small, gets another hidden reeks, until there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import polars as pl
import scipy.sparse as sp
from scipy.sparse.linalg import lsmr

from pipeline.publish.bescherming_kern import Getallen, Maten, Vlaggen
from pipeline.publish.bescherming_reeksen import (
    GEBROKEN,
    GEEN,
    REEKS,
    REGIO,
    SLEUTEL,
    TOTAAL,
    komt_voor,
    verberg_reeksen,
)
from pipeline.publish.bescherming_tabellen import Periode, maandnummer

PLEK = ("maat", "deel", "gebied", "segment", "van", "tot")
"""What names a number: what it counts, of whom, and its first and last month (numbers of months)."""
_GELD = ("kosten", "tarief", "verzilverd")
_STANDEN = ("stand", "in_zorg", "verlengd", "met_verblijf", "gezinsgericht", "jeugdzorgplus")
"""What does not add up over months."""
_PER_SEGMENT = (
    *_GELD, "te_laat", "meetbaar", "onverwacht", "eerste_versies", "toewijzingen", "terugwerkend", "regels",
    "regels_te_laat", "gestart",
)  # fmt: skip
"""What adds up over segments."""
_STROOM = ("instroom", "doorstroom_in", "uitstroom", "doorstroom_uit")
_DELEN = ((_STROOM[:2], "begonnen"), (_STROOM[2:], "beeindigd"))
_GESPLITST = {"verwijzer": ("stromen", "begonnen"), "tarief": ("kosten", GEEN)}
"""Whose delen add up to another number."""
_DEEL_VAN = {
    "te_laat": ("meetbaar", GEEN), "meetbaar": ("toewijzingen", GEEN), "onverwacht": ("terugwerkend", GEEN),
    "terugwerkend": ("eerste_versies", GEEN), "eerste_versies": ("toewijzingen", GEEN),
    "regels_te_laat": ("regels", GEEN), "herhaald": ("stromen", "begonnen"), "start_crisis": ("stromen", "begonnen"),
    "uithuis_alternatief": ("uithuis", GEEN), "gezinsgericht": ("met_verblijf", GEEN),
    "met_verblijf": ("in_zorg", GEEN), "verlengd": ("in_zorg", GEEN),
}  # fmt: skip
"""What is no more than what it is a part of."""
_AANDELEN = (
    "te_laat", "regels_te_laat", "herhaald", "start_crisis", "uithuis_alternatief", "gezinsgericht", "verlengd"
)  # fmt: skip
"""Of which the share is shown: what is left beside it must not be on a few youths either."""
_ZONDER_MAANDEN = ("verwijzer", "herhaald", "start_crisis", "uithuis_alternatief")
"""Counts that no table shows per month."""
_NOEMER = "eerste_versies"
"""Hidden with the reeks that stands above it, and no secret itself."""
_REST = "rest van "
_SAMEN = {
    "stand": "stromen", "verwijzer": "stromen", "herhaald": "stromen", "start_crisis": "stromen", "tarief": "kosten",
    **dict.fromkeys(("te_laat", "meetbaar", "onverwacht", "terugwerkend", "eerste_versies"), "toewijzingen"),
    "regels_te_laat": "regels", "uithuis_alternatief": "uithuis", "gezinsgericht": "in_zorg",
    "met_verblijf": "in_zorg", "verlengd": "in_zorg",
}  # fmt: skip
"""What is looked at together; the others are in sums with themselves only."""
_BERICHT = {
    **dict.fromkeys(
        ("toewijzingen", "meetbaar", "te_laat", "terugwerkend", "onverwacht", "eerste_versies"), "toewijzingen"
    ),
    **dict.fromkeys(("regels", "regels_te_laat"), "declaraties"),
}
"""Without which bericht there is nothing of a number in a month."""
_CENT, _HEEL, _STAP, _VAST = 0.006, 1e-4, 0.02, 0.5
"""A sum holds to within the first; a count this far beyond a whole number is that number; a bound that moves less does
not count as moved; and a number between bounds this close is known. Of counts, or in euros."""
_STAPPEN = 2
"""How many hidden numbers there may be between one that follows and the reeks that is hidden for it."""
_ALGEBRA, _ALGEBRA_EIGEN, _BEWEEGT = 10_000, 50_000, 1e-6
"""At most so many open numbers for linear algebra, for the public and for all gemeenten together; what moves less than
the last does not move."""
_RONDEN = 8
"""Of what a gemeente that knows its own can bound; for the public it goes on until nothing changes."""
_DRADEN = 2  # more of them only wait for each other
_PRIJS_REGIO, _PRIJS_TOTAAL, _PRIJS_ZORGMAAND = 1e3, 3.0, 30.0

Rijen = tuple[Getallen, Maten]
"""Sums of equally many numbers: r x k numbers (-1 for one that is not there), and their k signs."""


@dataclass(frozen=True)
class Stelsel:
    """Numbers, and sums of them that are zero.

    `getallen`: `PLEK`, the reeks that shows it (`SLEUTEL`; none: no table does), `waarde`, `klein` (on a few youths)
    and `leeg` (everybody knows that it is nothing). The sums: entries (`som`, `getal`, `teken`) by `som`, those
    over gebieden first (`gebieden` of them). `eigen`: per gemeente, for each number of it or of the regio, its own (-1:
    it has none).
    """

    getallen: pl.DataFrame
    som: Getallen
    getal: Getallen
    teken: Maten
    eigen: tuple[Getallen, ...]
    gebieden: int

    def zijn_getoond(self, getoond: Vlaggen) -> Vlaggen:
        """Tell which parts of a cost are the cost, which is shown: all other parts are nothing."""
        iets = (self.getallen["waarde"] != 0).to_numpy()[self.getal]
        paar = np.bincount(self.som, iets)[self.som] == 2
        weet = np.bincount(self.som, paar & iets & getoond[self.getal])[self.som] > 0
        uit = np.zeros(len(getoond), bool)
        uit[self.getal[paar & iets & weet]] = True
        gesplitst: Vlaggen = self.getallen["maat"].is_in(_GESPLITST).to_numpy()
        return uit & gesplitst


def verberg_tot_niets_volgt(
    leden: pl.DataFrame,
    drempel: float,
    periode: Periode,
    eerder: pl.DataFrame | None = None,
    leveringen: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return the reeksen (`REEKS`), so many hidden that no figure on a few youths follows or is told to be small.

    `leden`: LID and `tabel`. `periode`: the months published. `eerder`: as for `verberg_reeksen`. `leveringen`:
    kwaliteit.leveringsstatus.
    """
    moet = eerder if eerder is not None else pl.DataFrame(schema=REEKS)
    stelsels = [maak_stelsel(g, drempel) for g in _groepen(leden, drempel, periode, leveringen)]
    reeksen, erbij = None, moet.clear()
    gezien: dict[int, bytes] = {}
    while reeksen is None or erbij.height:
        moet = pl.concat([moet, erbij])
        reeksen = verberg_reeksen(leden.drop("tabel"), drempel, moet, reeksen)
        zichtbaar, dicht = _zichtbaar(leden, reeksen, periode), reeksen.filter("dicht").select(SLEUTEL)
        meer = partial(_verberg_meer, zichtbaar=zichtbaar, dicht=dicht, drempel=drempel, gezien=gezien)
        with ThreadPoolExecutor(_DRADEN) as draden:
            erbij = pl.concat([moet.clear(), *draden.map(meer, stelsels)])
    return reeksen


def _groepen(
    leden: pl.DataFrame, drempel: float, periode: Periode, leveringen: pl.DataFrame | None
) -> list[pl.DataFrame]:
    """Take the numbers that `leden` name, by what is looked at together."""
    klein = (pl.col("n") > 0) & (pl.col("n") < drempel)
    met = _met_maanden(leden.drop_nulls(["maat", "waarde"]), periode).with_columns(klein=klein.fill_null(value=False))
    getallen = (
        met.group_by(PLEK, maintain_order=True)
        .agg(pl.col("waarde", "familie", "laag").first(), pl.col("klein").any())
        .join(_zonder_levering(leveringen), on=["maat", "gebied", "van", "tot"], how="left")
        .with_columns(pl.col("leeg").fill_null(value=False))
    )
    samen = getallen.with_columns(groep=pl.col("maat").replace(_SAMEN))
    per = samen.partition_by("groep", include_key=False, maintain_order=True)
    return sorted(per, key=lambda g: -g.height)  # the largest first: they are looked at side by side


def _met_maanden(leden: pl.DataFrame, periode: Periode) -> pl.DataFrame:
    """Say of each period its first and last month; of a year that is not whole the published ones."""
    t, jaar = pl.col("t"), (pl.col("t") - GEBROKEN) // 12 * 12
    deel = t >= GEBROKEN
    venster = pl.when(pl.col("laag") == "maand").then(t).otherwise(t - 11)
    return leden.with_columns(
        van=pl.when(deel).then(pl.max_horizontal(jaar, periode.eerste)).otherwise(venster),
        tot=pl.when(deel).then(pl.min_horizontal(jaar + 11, periode.laatste)).otherwise(t),
    )


def _zonder_levering(leveringen: pl.DataFrame | None) -> pl.DataFrame:
    """Give the months in which a gemeente has nothing, as its levering is missing or refused."""
    bericht = pl.DataFrame({"maat": list(_BERICHT), "bericht": list(_BERICHT.values())})
    leeg = pl.DataFrame(schema={"maat": pl.String, "gebied": pl.String, "van": pl.Int64, "tot": pl.Int64})
    if leveringen is not None and {"gemeente", "bericht", "maand", "rijen_geaccepteerd"} <= set(leveringen.columns):
        maand = maandnummer(pl.col("maand"))
        weg = leveringen.filter(pl.col("rijen_geaccepteerd").fill_null(0) == 0)
        leeg = weg.join(bericht, on="bericht").select("maat", gebied="gemeente", van=maand, tot=maand).unique()
    return leeg.with_columns(leeg=pl.lit(value=True))


def _zichtbaar(leden: pl.DataFrame, reeksen: pl.DataFrame, periode: Periode) -> pl.DataFrame:
    """Give the numbers (`PLEK`) that are in some row that is shown."""
    dicht = reeksen.filter("dicht").select(SLEUTEL)
    rij = ["tabel", "blok", "rij"]
    weg = leden.join(dicht, on=list(SLEUTEL), how="semi").select(rij).unique()
    getoond = leden.drop_nulls(["maat", "waarde", "rij"]).join(weg, on=rij, how="anti")
    return _met_maanden(getoond, periode).select(PLEK).unique()


# ---- the sums -------------------------------------------------------------------------------------------------------


def maak_stelsel(getallen: pl.DataFrame, drempel: float) -> Stelsel:
    """Find the sums that hold between numbers."""
    g = _met_tussenvormen(getallen, drempel).with_row_index("getal")
    waarde = g["waarde"].to_numpy()
    som, getal, teken, n = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)], 0
    rooster, gebieden = _Rooster.van(g), 0
    for nummers, tekens in _relaties(rooster):
        klopt = ~(np.abs(np.where(nummers >= 0, waarde[nummers], 0) @ tekens) > _CENT)  # what nobody knows may be so
        over = nummers[klopt]
        rij, plek = np.nonzero(over >= 0)
        som.append(rij + n)
        getal.append(over[rij, plek])
        teken.append(tekens[plek])
        n += len(over)
        gebieden = gebieden or n  # these are the first
    sommen = np.concatenate(som), np.concatenate(getal), np.concatenate(teken)
    return Stelsel(g, *sommen, tuple(rooster.eigen()), gebieden)


def _met_tussenvormen(getallen: pl.DataFrame, drempel: float) -> pl.DataFrame:
    """Add what no table shows of stromen, but its sums tell: what began and ended, and went on in another segment."""
    maten = set(getallen["maat"].unique().to_list())
    alles = _met_stromen(getallen, drempel) if "stromen" in maten else getallen
    over = [_rest(alles, maat, drempel) for maat, (geheel, _) in _DEEL_VAN.items() if {maat, geheel} <= maten]
    zonder = [_maanden(getallen)] if maten & set(_ZONDER_MAANDEN) else []
    return pl.concat([alles, *over, *zonder], how="diagonal")


def _met_stromen(getallen: pl.DataFrame, drempel: float) -> pl.DataFrame:
    """Add to stromen what began and ended, and went on in another segment, where that is not there."""
    plek = [k for k in PLEK if k != "deel"]
    stromen = getallen.filter(pl.col("maat") == "stromen")
    breed = stromen.pivot("deel", index=plek, values="waarde")
    breed = breed.with_columns(pl.lit(None, pl.Float64).alias(d) for d in _STROOM if d not in breed.columns)
    breed = breed.with_columns(pl.lit(None, pl.Float64).alias(d) for _, d in _DELEN if d not in breed.columns)
    # of all segments together nobody goes from one to another
    heel = pl.col("segment") == TOTAAL
    breed = breed.with_columns(
        pl.when(heel).then(pl.col(d).fill_null(0.0)).otherwise(pl.col(d)).alias(d) for d in _STROOM[1::2]
    )
    for (een, ander), samen in _DELEN:
        breed = breed.with_columns(
            pl.col(samen).fill_null(pl.col(een) + pl.col(ander)), pl.col(ander).fill_null(pl.col(samen) - pl.col(een))
        )
    lang = breed.unpivot(
        [*_STROOM, *(d for _, d in _DELEN)], index=plek, variable_name="deel", value_name="waarde"
    ).drop_nulls("waarde")
    erbij = lang.join(stromen, on=PLEK, how="anti").with_columns(
        klein=(pl.col("tot") > pl.col("van")) & (pl.col("waarde") > 0) & (pl.col("waarde") < drempel),
        leeg=heel & pl.col("deel").is_in(_STROOM) & (pl.col("waarde") == 0),
    )
    return pl.concat([getallen, erbij], how="diagonal")


def _maanden(getallen: pl.DataFrame) -> pl.DataFrame:
    """Give the months of what is shown of windows only: that there are some, and nobody knows what they are (NaN)."""
    lang = getallen.filter(pl.col("maat").is_in(_ZONDER_MAANDEN))
    maand = lang.select(van=pl.int_ranges(pl.col("van").min(), pl.col("tot").max() + 1)).head(1).explode("van")
    alle = lang.select("maat", "deel", "gebied", "segment").unique(maintain_order=True).join(maand, how="cross")
    nieuw = alle.with_columns(tot="van").join(lang, on=PLEK, how="anti")
    return nieuw.with_columns(waarde=pl.lit(float("nan")), klein=pl.lit(value=False), leeg=pl.lit(value=False))


def _rest(getallen: pl.DataFrame, maat: str, drempel: float) -> pl.DataFrame:
    """Give what is left of a number beside a part of it; no less than nothing."""
    geheel, deel = _DEEL_VAN[maat]
    heel = getallen.filter(maat=geheel, deel=deel).select("gebied", "segment", "van", "tot", heel="waarde")
    deel_ervan = getallen.filter(pl.col("waarde").is_not_nan(), maat=maat).select(*PLEK, "waarde", "leeg")
    over = deel_ervan.join(heel, on=["gebied", "segment", "van", "tot"]).filter(pl.col("heel") >= pl.col("waarde"))
    rest = pl.col("heel") - pl.col("waarde")
    return over.select(
        pl.lit(_REST + maat).alias("maat"),
        *PLEK[1:],
        waarde=rest,
        klein=pl.lit(maat in _AANDELEN) & rest.is_between(1, drempel - 1),
        leeg=pl.col("leeg") & (pl.col("heel") == 0),
    )


@dataclass(frozen=True)
class _Rooster:
    """The numbers by deel (`maat` and `deel`), gebied (regio first), segment (totaal first) and period; -1 for none."""

    nummer: Getallen
    delen: dict[tuple[str, str], int]
    perioden: dict[tuple[int, int], int]

    @classmethod
    def van(cls, g: pl.DataFrame) -> _Rooster:
        assen = []
        for kolommen, voorop in (
            (["maat", "deel"], None),
            (["gebied"], REGIO),
            (["segment"], TOTAAL),
            (["van", "tot"], None),
        ):
            waarden = sorted(g.select(kolommen).unique().rows(), key=lambda w: (w[0] != voorop, w))
            if voorop is not None and (not waarden or waarden[0][0] != voorop):
                waarden.insert(0, (voorop,))
            assen.append((kolommen, waarden))
        plaats = []
        for kolommen, waarden in assen:
            tabel = pl.DataFrame(waarden, schema={k: g.schema[k] for k in kolommen}, orient="row").with_row_index("i")
            plaats.append(
                g.select(kolommen).join(tabel, on=kolommen, how="left", maintain_order="left")["i"].to_numpy()
            )
        nummer = np.full([len(w) for _, w in assen], -1, np.int64)
        nummer[tuple(plaats)] = np.arange(g.height)
        delen, perioden = ({w: i for i, w in enumerate(assen[k][1])} for k in (0, 3))
        return cls(nummer, delen, perioden)

    def eigen(self) -> Iterator[Getallen]:
        """Give for each gemeente, of every number of it or of the regio, its own."""
        regio = self.nummer[:, 0]
        for zelf in np.moveaxis(self.nummer[:, 1:], 1, 0):
            uit = np.full(self.nummer.max(initial=-1) + 1, -1, np.int64)
            uit[regio[regio >= 0]] = zelf[regio >= 0]
            uit[zelf[zelf >= 0]] = zelf[zelf >= 0]
            yield uit


def _relaties(r: _Rooster) -> Iterator[Rijen]:
    yield _over(np.moveaxis(r.nummer, 1, -1))
    per_segment = [i for (maat, _), i in r.delen.items() if maat.removeprefix(_REST) in _PER_SEGMENT]
    yield _over(np.moveaxis(r.nummer[per_segment], 2, -1))
    for maat, totaal in _GESPLITST.items():
        eigen = [i for (m, _), i in r.delen.items() if m == maat]
        if eigen and totaal in r.delen:
            yield _over(np.moveaxis(r.nummer[[r.delen[totaal], *eigen]], 0, -1))
    for (een, ander), samen in _DELEN:
        d = [r.delen.get(("stromen", x), -1) for x in (een, ander, samen)]
        if min(d) >= 0:
            yield _alle([r.nummer[i] for i in d], [1.0, 1.0, -1.0])
    for maat, geheel in _DEEL_VAN.items():
        d = [r.delen.get(x, -1) for x in ((maat, GEEN), (_REST + maat, GEEN), geheel)]
        if min(d) >= 0:
            yield _alle([r.nummer[i] for i in d], [1.0, 1.0, -1.0])
    yield from _in_de_tijd(r)


def _over(nummers: Getallen) -> Rijen:
    """Say that the first along the last axis is the sum of the others, where there are any."""
    plat = nummers.reshape(-1, nummers.shape[-1])
    plat = plat[(plat[:, 0] >= 0) & (plat[:, 1:] >= 0).any(axis=1)]
    return plat, np.array([-1.0, *[1.0] * (plat.shape[1] - 1)])


def _alle(nummers: list[Getallen], tekens: list[float]) -> Rijen:
    plat = np.stack([k.ravel() for k in nummers], axis=1)
    return plat[(plat >= 0).all(axis=1)], np.array(tekens)


def _in_de_tijd(r: _Rooster) -> Iterator[Rijen]:
    """Months to windows and years, the difference of two windows, and what enters and leaves to the stand."""
    telt_op = r.nummer[[i for (maat, _), i in r.delen.items() if maat.removeprefix(_REST) not in _STANDEN]]
    stand = r.delen.get(("stand", GEEN), -1)
    stroom = [r.delen.get(("stromen", d), -1) for d in _STROOM]
    for (van, tot), i in r.perioden.items():
        maanden = [r.perioden.get((m, m), -1) for m in range(van, tot + 1)]
        vorige, ervoor = r.perioden.get((van - 1, tot - 1), -1), r.perioden.get((van - 1, van - 1), -1)
        if tot > van and min(maanden) >= 0:
            # of other windows the difference with the one before says the same
            if min(vorige, ervoor) < 0 or tot % 12 == 11:
                yield _alle([telt_op[..., k] for k in (i, *maanden)], [-1.0, *[1.0] * len(maanden)])
            if min(vorige, ervoor) >= 0:
                yield _alle([telt_op[..., k] for k in (i, vorige, maanden[-1], ervoor)], [1.0, -1.0, -1.0, 1.0])
        elif tot == van and min(stand, ervoor, *stroom) >= 0:
            per = [r.nummer[stand, ..., i], r.nummer[stand, ..., ervoor], *(r.nummer[d, ..., i] for d in stroom)]
            yield _alle(per, [1.0, -1.0, -1.0, -1.0, 1.0, 1.0])


# ---- what follows from them -----------------------------------------------------------------------------------------


@dataclass
class _Open:
    """The entries of numbers that are not known, what the known ones of each sum come to, and the bounds so far.

    `heel`: which numbers are whole; `telling`: which of them a table shows. `nieuw`: whose bounds changed last, and
    `eerst`: before which sum are those to look at for it. `gebieden`: as in Stelsel. `begin`: where the entries of each
    sum begin. `per_getal`: the entries by number; each has those from its `eerste` to that of the next.
    """

    som: Getallen
    getal: Getallen
    teken: Maten
    bekend: Maten
    laag: Maten
    hoog: Maten
    heel: Vlaggen
    telling: Vlaggen
    nieuw: Getallen
    eerst: int
    gebieden: int
    begin: Getallen
    per_getal: Getallen
    eerste: Getallen

    @classmethod
    def van(cls, stelsel: Stelsel, getoond: Vlaggen) -> _Open:
        g = stelsel.getallen
        waarde, bekend = g["waarde"].to_numpy(), getoond | g["leeg"].to_numpy()
        onder = np.where((waarde < 0) | (g["maat"] == "verzilverd").to_numpy(), -np.inf, 0.0)
        dicht = ~bekend[stelsel.getal]
        vast = np.bincount(stelsel.som, np.where(dicht, 0.0, stelsel.teken * waarde[stelsel.getal]))
        getal = stelsel.getal[dicht]
        return cls(
            som=stelsel.som[dicht],
            getal=getal,
            teken=stelsel.teken[dicht],
            bekend=vast.astype(float),
            laag=np.where(bekend, waarde, onder),
            hoog=np.where(bekend, waarde, np.inf),
            heel=~g["maat"].is_in(_GELD).to_numpy(),
            telling=(~g["maat"].is_in(_GELD) & g["familie"].is_not_null()).to_numpy(),
            nieuw=np.unique(getal),
            eerst=len(vast),
            gebieden=stelsel.gebieden,
            per_getal=np.argsort(getal, kind="stable"),
            eerste=np.append(0, np.cumsum(np.bincount(getal, minlength=g.height))),
            begin=np.append(0, np.cumsum(np.bincount(stelsel.som[dicht], minlength=len(vast)))),
        )

    def als(self, zelf: Getallen, waarde: Maten) -> _Open:
        """Give the same for who knows some numbers as well."""
        laag, hoog = self.laag.copy(), self.hoog.copy()
        laag[zelf] = hoog[zelf] = waarde[zelf]
        # all but sums over gebieden are of its own numbers only
        return replace(self, laag=laag, hoog=hoog, nieuw=zelf[self.hoog[zelf] > self.laag[zelf]], eerst=self.gebieden)

    def volg(
        self, iets: Vlaggen, klein: Vlaggen, bereik: Vlaggen, had: Maten, drempel: float, rondes: int = 0
    ) -> tuple[Getallen, Getallen]:
        """Narrow the bounds until nothing changes, or a number in `klein` follows or a count in `bereik` is told small.

        `had`: how much of each number is known anyway. `rondes`: no more than so many (0: as many as it takes). Returns
        these, and what fixed the numbers in `iets` on the way: pairs (number, sum), 2 x n.
        """
        door = [np.zeros((2, 0), np.int64)]
        while True:
            hier, onder, boven = self.ronde()
            wie, nr = _verschillende(self.getal[hier], len(self.laag))
            laag, hoog = self.laag[wie], self.hoog[wie]
            np.maximum.at(laag, nr, onder)
            np.minimum.at(hoog, nr, boven)
            nieuw = (laag > self.laag[wie] + _STAP) | (hoog < self.hoog[wie] - _STAP)
            self.laag[wie[nieuw]], self.hoog[wie[nieuw]] = laag[nieuw], hoog[nieuw]
            # what stays wide hardly bounds others: for each of many that is not worth the time
            self.nieuw = wie[nieuw & (hoog - laag < 3 * drempel)] if rondes else wie[nieuw]
            laag, hoog = self.laag[wie], self.hoog[wie]
            vast = hoog - laag < _VAST
            eng = (laag - had[wie] >= 1) & (hoog - had[wie] < drempel) & self.telling[wie]
            lek = (klein[wie] & vast) | (bereik[wie] & eng)
            bindt = ((vast & iets[wie] & nieuw) | lek)[nr]
            bindt &= ((onder > 0) & (onder > laag[nr] - _VAST)) | (boven < hoog[nr] + _VAST)
            door.append(np.stack([wie[nr[bindt]], self.som[hier[bindt]]]))
            if lek.any() or not len(self.nieuw) or len(door) == rondes + 1:
                return wie[lek], np.concatenate(door, axis=1)

    def bepaald(self, geheim: Vlaggen, hoogstens: int) -> tuple[Getallen, Getallen]:
        """Find the numbers in `geheim` that all sums together tell, given the numbers that bounds have fixed.

        A random vector, projected on all ways in which the open numbers can move, does not move them. Returns them, and
        the sums that they are in: pairs (number, sum), 2 x n. Only of at most so many numbers, or it takes too long.
        """
        los = np.flatnonzero(self.hoog - self.laag >= _VAST)
        niets = np.zeros((2, 0), np.int64)
        if not 0 < len(los) <= hoogstens or not geheim[los].any():
            return niets[0], niets
        open_ = (self.hoog - self.laag >= _VAST)[self.getal]
        som, getal, teken = self.som[open_], self.getal[open_], self.teken[open_]
        rij, kolom = _verschillende(som, len(self.bekend))[1], _verschillende(getal, len(self.laag))[1]
        in_som = _verschillende(getal, len(self.laag))[0]
        a = sp.csr_matrix((teken / np.sqrt(np.bincount(rij))[rij], (kolom, rij)))
        vast = geheim[in_som]
        for zaad in (1, 2) if vast.any() else ():
            stoot = np.random.default_rng(zaad).standard_normal(len(in_som))
            vast &= np.abs(stoot - a @ lsmr(a, stoot, atol=1e-9, btol=1e-9, maxiter=1000)[0]) < _BEWEEGT
            if not vast.any():
                break
        lek = in_som[vast]
        raakt = np.isin(getal, lek)
        return lek, np.stack([getal[raakt], som[raakt]])

    def ronde(self) -> tuple[Getallen, Maten, Maten]:
        """Give, for the entries of the sums of what changed, between what these must lie by that sum alone."""
        raakt = self.per_getal[_stukken(self.eerste[self.nieuw], self.eerste[self.nieuw + 1])]
        sommen, _ = _verschillende(self.som[raakt], len(self.bekend))
        sommen, self.eerst = sommen[sommen < self.eerst], len(self.bekend)
        begin = self.begin[sommen]
        lengte = self.begin[sommen + 1] - begin
        hier = _stukken(begin, begin + lengte)
        som, getal, plus = self.som[hier], self.getal[hier], self.teken[hier] > 0
        laag, hoog = self.laag[getal], self.hoog[getal]
        onder = _van_anderen(np.where(plus, laag, -hoog), lengte, -np.inf) + self.bekend[som]
        boven = _van_anderen(np.where(plus, hoog, -laag), lengte, np.inf) + self.bekend[som]
        van, tot = np.where(plus, -boven, onder), np.where(plus, -onder, boven)
        heel = self.heel[getal]
        return hier, np.where(heel, np.ceil(van - _HEEL), van), np.where(heel, np.floor(tot + _HEEL), tot)


def _verschillende(x: Getallen, n: int) -> tuple[Getallen, Getallen]:
    """Give the different ones of numbers below `n`, in order, and which of these each is: without sorting."""
    er = np.zeros(n, bool)
    er[x] = True
    uit = np.flatnonzero(er)
    plek = np.empty(n, np.int64)
    plek[uit] = np.arange(len(uit))
    return uit, plek[x]


def _stukken(begin: Getallen, eind: Getallen) -> Getallen:
    """Put the numbers from each begin to each end in a row."""
    lengte = eind - begin
    uit: Getallen = np.arange(lengte.sum()) + np.repeat(begin - np.cumsum(lengte) + lengte, lengte)
    return uit


def _van_anderen(x: Maten, lengte: Getallen, leeg: float) -> Maten:
    """Add up, for each entry, the others of its sum; `lengte`: of the sums, one after the other."""
    if not len(x):
        return x
    begin, oneindig = np.cumsum(lengte) - lengte, np.isinf(x)
    eindig = np.where(oneindig, 0, x)
    totaal, aantal = np.add.reduceat(eindig, begin), np.add.reduceat(oneindig.astype(np.int64), begin)
    return np.where(np.repeat(aantal, lengte) > oneindig, leeg, np.repeat(totaal, lengte) - eindig)


def grenzen(stelsel: Stelsel, getoond: Vlaggen, verborgen: Vlaggen, drempel: float) -> tuple[Getallen, Getallen]:
    """Find the first numbers that follow, or are told to be small, given which are shown and which reeksen are hidden.

    What is not shown and whose reeks is not hidden stands beside something hidden, and is no secret itself. For the
    public, and then for each gemeente that knows its own. Returns these, and by which sums, directly or by way of other
    hidden numbers: pairs (number, sum), 2 x n.
    """
    g, o = stelsel.getallen, _Open.van(stelsel, getoond)
    waarde, is_regio = g["waarde"].to_numpy(), (g["gebied"] == REGIO).to_numpy()
    iets = ~getoond & ~g["leeg"].to_numpy() & (waarde != 0)
    getoond_in_tabel = g["familie"].is_not_null().to_numpy()
    klein = iets & g["klein"].to_numpy()
    noemer = (g["maat"] == _NOEMER).to_numpy()
    geheim = klein | (iets & verborgen & ~noemer & ~stelsel.zijn_getoond(getoond))
    niets = np.zeros(g.height)
    lek, door = o.volg(iets, geheim, klein & (waarde < drempel), niets, drempel)
    if not len(lek):
        lek, erbij = o.bepaald(geheim, _ALGEBRA)
        door = np.concatenate([door, erbij], axis=1)
    for eigen in stelsel.eigen if not len(lek) else ():
        zelf = np.unique(eigen[eigen >= 0])
        zelf = zelf[~np.isnan(waarde[zelf])]
        # of the regio it is what others have that must not be known
        had = np.where(is_regio & (eigen >= 0), np.nan_to_num(waarde[eigen]), 0.0)
        weinig = np.where(is_regio, iets & getoond_in_tabel & (waarde > had), klein) & (waarde < had + drempel)
        anders = weinig | (geheim & ((waarde > had) | ~is_regio))
        weinig[zelf] = anders[zelf] = False
        zij = o.als(zelf, waarde)
        lek, erbij = zij.volg(iets, anders, weinig, had, drempel, _RONDEN)
        if not len(lek):
            lek, erbij = zij.bepaald(anders, _ALGEBRA_EIGEN // len(stelsel.eigen))
        if len(lek):
            return lek, np.concatenate([door, erbij], axis=1)
    return lek, door


def _verberg_meer(
    stelsel: Stelsel, zichtbaar: pl.DataFrame, dicht: pl.DataFrame, drempel: float, gezien: dict[int, bytes]
) -> pl.DataFrame:
    """Hide, for every number that follows, the cheapest reeks with a number in the sums that tell it.

    What nothing near it can protect any more stays as it is, as everything around it is hidden. `gezien`: what was
    shown and hidden when nothing followed from a stelsel; the same again needs no second look.
    """
    g = stelsel.getallen.with_columns(reeks=pl.struct(SLEUTEL).rank("dense").cast(pl.Int64))
    reeks, getoond, verborgen = g["reeks"].to_numpy(), komt_voor(g, [zichtbaar], PLEK), komt_voor(g, [dicht], SLEUTEL)
    weg = np.zeros(reeks.max(initial=0) + 1, bool)
    stand = np.packbits([getoond, verborgen]).tobytes()
    while gezien.get(id(stelsel)) != stand:
        lek, door = grenzen(stelsel, getoond, verborgen, drempel)
        if not len(lek):
            if not weg.any():
                gezien[id(stelsel)] = stand
            break
        weg[_keuze(stelsel, g, getoond, lek, door)] = True
        if not (getoond & weg[reeks]).any():
            break
        getoond, verborgen = getoond & ~weg[reeks], verborgen | weg[reeks]
    reeksen = g.filter(pl.Series(weg[reeks])).select(SLEUTEL).unique().sort(SLEUTEL)
    vlaggen = {"klein": pl.lit(value=False), "dicht": pl.lit(value=True), "reden": pl.lit("grens")}
    return reeksen.with_columns(**vlaggen).select(*REEKS)


def _keuze(stelsel: Stelsel, g: pl.DataFrame, getoond: Vlaggen, lek: Getallen, door: Getallen) -> Getallen:
    """Choose a reeks (their numbers) for every number that follows, near the sums that tell it."""
    in_som = pl.DataFrame({"som": stelsel.som, "getal": stelsel.getal})
    verborgen = in_som.filter(pl.Series(~getoond[stelsel.getal]))
    telt = getoond & ((g["waarde"] != 0) & g["familie"].is_not_null()).to_numpy()
    prijs = pl.DataFrame({"getal": np.arange(g.height), "reeks": g["reeks"], "prijs": _prijs(g, getoond)})
    kandidaten = in_som.filter(pl.Series(telt[stelsel.getal])).join(prijs, on="getal")
    vertelt = pl.DataFrame({"getal": door[0], "som": door[1]})
    hier = vertelt.filter(pl.Series(np.isin(door[0], lek))).rename({"getal": "wie"})
    keus = kandidaten.clear().select("reeks", wie="getal")
    # what tells it may be numbers that follow themselves: what tells these; or, where nothing near is shown, any sum
    for verder in (*[vertelt] * _STAPPEN, in_som):
        hier = hier.join(keus, on="wie", how="anti") if verder is in_som else hier
        via = hier.join(verborgen, on="som").select("wie", "getal").join(verder, on="getal").select("wie", "som")
        hier = pl.concat([hier, via.cast(hier.schema)]).unique()
        best = hier.join(kandidaten, on="som").sort("prijs", "reeks").unique("wie", keep="first", maintain_order=True)
        keus = (
            pl.concat([keus, best.select("reeks", "wie").cast(keus.schema)])
            if verder is in_som
            else best.select("reeks", "wie")
        )
    return keus["reeks"].to_numpy()


def _prijs(g: pl.DataFrame, getoond: Vlaggen) -> Maten:
    """Say what it costs to hide the reeks of each number: what it shows, and shows over shorter periods."""
    per = g.with_columns(z=pl.Series(getoond).cast(pl.Float64))
    wie, laag = ["familie", "gebied", "segment", "deel"], pl.col("laag")
    som = per.group_by(wie).agg(*(pl.col("z").filter(laag == k).sum().alias(k) for k in ("jaar", "12m", "maand")))
    maand = pl.col("maand") * pl.when(pl.col("familie") == "kosten").then(_PRIJS_ZORGMAAND).otherwise(1.0)
    n = (
        maand
        + pl.when(laag != "maand").then("12m").otherwise(0.0)
        + pl.when(laag == "jaar").then("jaar").otherwise(0.0)
    )
    duur = pl.when(pl.col("gebied") == REGIO).then(_PRIJS_REGIO).otherwise(1.0)
    duur *= pl.when(pl.col("segment") == TOTAAL).then(_PRIJS_TOTAAL).otherwise(1.0)
    uit: Maten = (
        per.join(som, on=wie, how="left", nulls_equal=True, maintain_order="left")
        .select(n * duur)
        .to_series()
        .to_numpy()
    )
    return uit
