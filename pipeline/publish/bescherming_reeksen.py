"""Figures over time: which belong together, which sums they form, and which of them must be hidden.

Lives here: a *reeks* (the figures of one familie, gebied, segment and deel in one laag of periods), which is hidden
or shown as a whole, and the sums over gebieden, segments and delen. Add here: a familie, in `FAMILIES`, after the
ones it rests on. Keep out: which column of which table shows what (bescherming_tabellen.py) and the method
(bescherming_kern.py).

Lagen: `jaar` (whole calendar years, and the windows that are one), `12m` (the other windows) and `maand` (months and
years that are not whole). What is hidden in one is hidden in the next, so that whatever a hidden reeks may be, there
are months that add up to everything that is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
import polars as pl
import scipy.sparse as sp

from pipeline.publish.bescherming_kern import Getallen, Maten, Opgave, Vlaggen, is_klein, verberg

REGIO, TOTAAL, GEEN = "REGIO", "totaal", ""
LAGEN = ("jaar", "12m", "maand")
SLEUTEL = ("familie", "laag", "gebied", "segment", "deel")
MINSTENS_GEBIEDEN = 3
"""Hidden cells in a sum over gemeenten: a gemeente that knows its own cannot compute another's."""
MINSTENS = 2
GEBROKEN = 100_000
"""Added to the number of a month: the period of a year that is not whole."""
_PRIJS_SOM, _PRIJS_LEEG, _PRIJS_TOTAAL, _PRIJS_REGIO = 1e5, 1e6, 1e7, 1e9


class Optelling(Enum):
    """Whether parts add up to the total: always, when they nearly do, or never."""

    EXACT = "exact"
    BIJNA = "bijna"
    NIET = "niet"


@dataclass(frozen=True)
class Som:
    """Delen of one gebied and segment that add up to another deel, or to something everybody knows."""

    delen: tuple[str, ...]
    totaal: str | None = None


@dataclass(frozen=True)
class Familie:
    """Figures of one kind.

    `segmenten`: whether they add up over segments; when nearly, `maat` is the kenmerk by which that is seen. `rust_op`:
    families (`<familie>` or `<familie>:<deel>`) whose hidden cells are hidden here too. `stroom`: months add up to
    years. `sommen`: how delen add up; None: all of them to something known. `gebieden`: gemeenten add up to the regio.
    """

    naam: str
    segmenten: Optelling = Optelling.NIET
    rust_op: tuple[str, ...] = ()
    maat: str = ""
    stroom: bool = False
    sommen: tuple[Som, ...] | None = ()
    gebieden: bool = True


_EXACT, _BIJNA = Optelling.EXACT, Optelling.BIJNA
_STROMEN = ("instroom", "doorstroom_in", "doorstroom_uit", "uitstroom")

FAMILIES: Mapping[str, Familie] = {
    f.naam: f
    for f in (
        Familie("in_zorg", _BIJNA, maat="jeugdigen_in_zorg"),
        Familie("verlengd", _BIJNA, ("in_zorg",), maat="aandeel_verlengde_jeugdhulp"),
        Familie("met_verblijf"),
        Familie("gezinsgericht", rust_op=("met_verblijf",)),
        Familie("jeugdzorgplus"),
        Familie("verblijfsdagen", rust_op=("met_verblijf",)),
        Familie("stand", _BIJNA, maat="stand"),
        Familie("stapeling", rust_op=("stand",)),
        Familie(
            "stromen",
            stroom=True,
            sommen=(
                Som(("instroom", "doorstroom_in"), "begonnen"),
                Som(("uitstroom", "doorstroom_uit"), "beeindigd"),
                Som(("begonnen", "beeindigd")),
                Som(_STROMEN),  # what they come to is the change of the stand
            ),
        ),
        Familie("start_crisis", rust_op=("stromen:begonnen",), stroom=True),
        Familie("herhaald", _BIJNA, ("stromen:begonnen",), "aandeel_herhaald_beroep", stroom=True),
        Familie("verwijzer", rust_op=("stromen:begonnen",), stroom=True, sommen=None),
        Familie("uithuis", stroom=True),
        Familie("uithuis_alternatief", rust_op=("uithuis",), stroom=True),
        Familie("doorplaatsing", stroom=True),
        Familie("gestart", _EXACT, stroom=True),
        Familie("toewijzingen", _EXACT, stroom=True),
        Familie("meetbaar", _EXACT, ("toewijzingen",), stroom=True),
        Familie("te_laat", _EXACT, ("meetbaar",), stroom=True),
        Familie("terugwerkend", _EXACT, ("toewijzingen",), stroom=True),
        Familie("regels", _EXACT, stroom=True),
        Familie("regels_te_laat", _EXACT, ("regels",), stroom=True),
        Familie("kosten", _EXACT),
        Familie("duurste", rust_op=("kosten",), gebieden=False),
        Familie("markt", rust_op=("kosten",), gebieden=False),
        Familie("contracten", _EXACT, ("kosten",)),
        Familie("tarief", _EXACT, ("kosten",), sommen=None),
        Familie("verzilvering", _EXACT),
    )
}
"""In the order in which they are protected."""

REDENEN = ("klein", "venster", "bredere_periode", "noemer", "grens", "eerder", "som")
"""Why a reeks is hidden; the first that holds: small itself in some period, or else its windows would tell a small
month, hidden over longer periods, on something hidden, or shown something would follow in one period alone
(bescherming_grenzen.py), hidden in the publication before, or beside a hidden one in a sum (each of those was needed:
bescherming_kern.py)."""
REEKS = {**dict.fromkeys(SLEUTEL, pl.String), "klein": pl.Boolean, "dicht": pl.Boolean, "reden": pl.String}
"""What is known of a reeks: whether it is small somewhere, whether it is hidden, and why (none: it is shown)."""
LID = {
    **dict.fromkeys(("blok", *SLEUTEL, "kenmerk"), pl.String),
    **{"rij": pl.Int64, "t": pl.Int64, "n": pl.Float64, "maat": pl.String, "waarde": pl.Float64},
}
"""What a table says of a reeks: row `rij` of block `blok` shows period `t` of it, and `kenmerk` says that `n` youths
are behind it (none: it only shows it). Only n of one kenmerk are added up; of the same period the lowest counts.
`waarde` is the number itself, where it is in sums with others of its `maat`."""


def verberg_reeksen(
    leden: pl.DataFrame, drempel: float, eerder: pl.DataFrame | None = None, zojuist: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return the reeksen (`REEKS`): which are small themselves, which are hidden, and why.

    `leden`: the columns of LID. `eerder`: what this returned for the publication before. What was hidden stays hidden.
    `zojuist`: what this returned for the same with less in `eerder`: only what that touches is done again.
    """
    per_laag = leden.drop("blok", "rij", "maat", "waarde").unique().partition_by("familie", "laag", as_dict=True)
    toen = eerder if eerder is not None else pl.DataFrame(schema=REEKS)
    uit = pl.DataFrame(schema=REEKS)
    anders = _anders(toen, zojuist)
    for familie in FAMILIES.values():
        if zojuist is not None and not anders & {familie.naam, *(f.partition(":")[0] for f in familie.rust_op)}:
            uit = pl.concat([uit, zojuist.filter(familie=familie.naam)])
            continue
        anders.add(familie.naam)
        lagen = {laag: per_laag[familie.naam, laag] for laag in LAGEN if (familie.naam, laag) in per_laag}
        erbij = pl.DataFrame(schema=REEKS)
        while True:
            deel = _verberg_familie(familie, lagen, uit, pl.concat([toen.filter("dicht"), erbij]), drempel)
            nieuw = _net_verborgen(familie, deel, toen) if "12m" in lagen else erbij.clear()
            if not nieuw.height:
                break
            erbij = pl.concat([erbij, nieuw])
        uit = pl.concat([uit, deel])
    return uit


def _anders(moet: pl.DataFrame, zojuist: pl.DataFrame | None) -> set[str]:
    """Give the families of which something must be hidden that was shown just now."""
    if zojuist is None:
        return set()
    nieuw = moet.filter("dicht").join(zojuist.filter(~pl.col("dicht")), on=list(SLEUTEL), how="semi")
    return set(nieuw["familie"].to_list())


def _verberg_familie(
    familie: Familie, lagen: Mapping[str, pl.DataFrame], onder: pl.DataFrame, moet: pl.DataFrame, drempel: float
) -> pl.DataFrame:
    """Do the lagen of one familie in turn, after the families in `onder`; `moet`: reeksen hidden whatever."""
    uit = pl.DataFrame(schema=REEKS)
    weg = []
    if familie.stroom and "maand" in lagen:
        weg.append(geeft_maanden_weg(lagen["maand"], drempel).with_columns(laag=pl.lit("12m")))
    waarom: dict[str, Vlaggen]
    for laag, hier in lagen.items():
        cellen = hier.select(SLEUTEL).unique().sort(SLEUTEL)
        waarom = {
            "venster": komt_voor(cellen, weg, SLEUTEL[1:]),
            "bredere_periode": komt_voor(cellen, [uit.filter("dicht")], ("gebied", "segment", "deel")),
            "noemer": np.zeros(cellen.height, bool),
            "grens": komt_voor(cellen, [moet.filter(reden="grens")], SLEUTEL),
            "eerder": komt_voor(cellen, [moet], SLEUTEL),
        }
        for naam, _, deel in (f.partition(":") for f in familie.rust_op):
            noemer = onder.filter(pl.col("dicht"), familie=naam, laag=laag, deel=deel)
            waarom["noemer"] = waarom["noemer"] | komt_voor(cellen, [noemer], ("gebied", "segment"))
        opgave = _opgave(familie, cellen, hier, np.any([*waarom.values()], axis=0), waarom["noemer"], drempel)
        klein = np.logical_or.reduce(is_klein(opgave.jeugdigen, drempel), axis=1)
        waarom = {"klein": klein, **waarom, "som": verberg(opgave, drempel)}
        reden = np.select(list(waarom.values()), list(waarom), default="")
        stand = cellen.with_columns(
            klein=pl.Series(klein),
            dicht=pl.Series(waarom["som"]),
            reden=pl.Series(reden.astype(str)).replace("", None),
        )
        uit = pl.concat([uit, stand])
    return uit


def _net_verborgen(familie: Familie, nu: pl.DataFrame, toen: pl.DataFrame) -> pl.DataFrame:
    """Find the windows that would tell a month.

    What the month is in was shown before, and only the newest month is not known.
    """
    if not familie.stroom:
        return nu.clear()
    getoond = toen.filter(~pl.col("dicht"), laag="maand")
    maand = nu.filter(pl.col("dicht"), laag="maand").join(getoond, on=list(SLEUTEL), how="semi")
    venster = nu.filter(~pl.col("dicht"), laag="12m")
    return venster.join(maand, on=[k for k in SLEUTEL if k != "laag"], how="semi")


def komt_voor(cellen: pl.DataFrame, in_: list[pl.DataFrame], op: tuple[str, ...]) -> Vlaggen:
    """Tell which cells are in one of the frames."""
    uit = np.zeros(cellen.height, bool)
    for frame in (f for f in in_ if f.height):
        gevonden = frame.select(op).unique().with_columns(pl.lit(value=True).alias("_er"))
        uit |= (
            cellen.join(gevonden, on=list(op), how="left", maintain_order="left")["_er"]
            .fill_null(value=False)
            .to_numpy()
        )
    return uit


def geeft_maanden_weg(maanden: pl.DataFrame, drempel: float) -> pl.DataFrame:
    """Find the flows of which the shown windows would give hidden months away, by their differences alone.

    The windows tell every month up to one unknown per calendar month, none negative, and what these add up to. A small
    month is given away when all that is left of it is a range within 1 to `drempel` - 1, or one value.
    """
    per = (
        maanden.filter(pl.col("t") < GEBROKEN)
        .group_by("kenmerk", "gebied", "segment", "deel", "t")
        .agg(pl.col("n").min().fill_null(0))
    )
    reeks = ["kenmerk", "gebied", "segment", "deel"]
    per = per.with_columns(laagst=pl.col("n").min().over(*reeks, pl.col("t") % 12))
    speling = (
        per.group_by(*reeks, pl.col("t") % 12)
        .agg(pl.col("laagst").first())
        .group_by(reeks)
        .agg(speling=pl.sum("laagst"))
    )
    onder = pl.col("n") - pl.col("laagst")
    eng = ((onder >= 1) & (onder + pl.col("speling") < drempel)) | (pl.col("speling") == 0)
    smal = per.join(speling, on=reeks).filter((pl.col("n") > 0) & (pl.col("n") < drempel) & eng)
    return smal.select("gebied", "segment", "deel").unique()


def _opgave(
    familie: Familie, cellen: pl.DataFrame, leden: pl.DataFrame, moet: Vlaggen, noemer: Vlaggen, drempel: float
) -> Opgave:
    nummers = cellen.with_row_index("cel")
    met = leden.filter(pl.col("n").is_not_null() & (pl.col("n") != 0)).join(nummers, on=list(SLEUTEL))
    kolom = met.select("kenmerk", "t").rows()
    plaats = {k: i for i, k in enumerate(sorted(set(kolom)))}
    jeugdigen = np.full((cellen.height, max(len(plaats), 1)), np.inf)
    np.minimum.at(
        jeugdigen, (met["cel"].to_numpy(), np.array([plaats[k] for k in kolom], np.int64)), met["n"].to_numpy()
    )
    jeugdigen[np.isinf(jeugdigen)] = 0
    gebied, segment, deel = (cellen[k].to_numpy() for k in ("gebied", "segment", "deel"))
    prijs = jeugdigen.sum(axis=1) / np.maximum((jeugdigen > 0).sum(axis=1), 1) + _PRIJS_LEEG * ~jeugdigen.any(axis=1)
    prijs += _PRIJS_TOTAAL * (segment == TOTAAL) + _PRIJS_REGIO * (gebied == REGIO)
    # what tells only of years that are not whole is a figure or two, in a laag where others are of all months
    weinig = ~jeugdigen[:, [i for (_, t), i in plaats.items() if t < GEBROKEN]].any(axis=1)
    is_som = np.isin(deel, [s.totaal for s in familie.sommen or () if s.totaal])
    prijs += _PRIJS_SOM * np.where(weinig, -1, is_som)
    rijen: list[Rij] = []
    maat = [i for (kenmerk, _), i in plaats.items() if kenmerk == familie.maat]
    for over, groep, totaal in _sommen(familie, cellen):
        teken = np.where(totaal, -1.0, 1.0)
        if (
            over == "segment"
            and familie.segmenten is Optelling.BIJNA
            and not _is_bijna(jeugdigen[groep][:, maat], teken, drempel)
        ):
            continue
        if over == "deel" and familie.sommen is None and noemer[groep].all():
            continue  # what they add up to is hidden
        rijen.append((groep.tolist(), teken.tolist(), MINSTENS_GEBIEDEN if over == "gebied" else MINSTENS))
    iets = jeugdigen.any(axis=1)
    relaties = als_matrix(rijen, cellen.height)
    niets = (relaties < 0) @ (~iets & ~moet) > 0
    vol = iets | ~(abs(relaties).T @ niets > 0)
    if familie.sommen is None:
        over_delen = np.array([min(tekens) > 0 for _, tekens, _ in rijen], bool)  # these have no total of their own
        vast = _vast(relaties, over_delen, vol, moet | is_klein(jeugdigen, drempel).any(axis=1))
        relaties = sp.csr_matrix(relaties @ sp.diags((~vast).astype(float)))
        relaties.eliminate_zeros()
    return Opgave(
        jeugdigen=jeugdigen,
        relaties=relaties,
        minstens=np.array([m for _, _, m in rijen], np.int64),
        verplicht=moet,
        prijs=prijs,
        eigenaar=np.unique(np.where(gebied == REGIO, "", gebied), return_inverse=True)[1] - 1,
        vol=vol,
    )


def _vast(relaties: sp.csr_matrix, tot_iets_bekends: Vlaggen, vol: Vlaggen, moet: Vlaggen) -> Vlaggen:
    """Tell which cells are no secret: what is alone in a sum with something known, and what follows from such cells.

    They are shown, and do not hide anything.
    """
    vast, alle = np.zeros(len(vol), bool), abs(relaties)
    while True:
        open_ = (alle @ (vol & ~vast) == 1) & (tot_iets_bekends | (alle @ vast > 0))
        nieuw = (alle.T @ open_ > 0) & vol & ~vast & ~moet
        if not nieuw.any():
            return vast
        vast |= nieuw


Rij = tuple[list[int], list[float], int]
"""A relation: its cells, their signs, and how many must be hidden if any is."""


def als_matrix(rijen: list[Rij], n: int) -> sp.csr_matrix:
    """Put relations in a matrix of `n` columns."""
    begin = np.cumsum([0, *(len(c) for c, _, _ in rijen)])
    cellen = np.array([c for groep, _, _ in rijen for c in groep], np.int64)
    teken = np.array([t for _, tekens, _ in rijen for t in tekens], float)
    return sp.csr_matrix((teken, cellen, begin), shape=(len(rijen), n))


def _is_bijna(jeugdigen: Maten, teken: Maten, drempel: float) -> bool:
    """Tell whether parts ever nearly add up to a total: then what is missing is nearly told."""
    er_is = (jeugdigen[teken < 0] > 0).any(axis=0)
    return bool((np.abs(teken @ jeugdigen)[er_is] < drempel).any())


def _sommen(familie: Familie, cellen: pl.DataFrame) -> Iterator[tuple[str, Getallen, Vlaggen]]:
    """Sums of a familie: over what, which cells, and which of them is the total."""
    genummerd = cellen.with_row_index("cel")
    if familie.gebieden:
        yield from _over(genummerd, "gebied", REGIO, ("segment", "deel"))
    if familie.segmenten is not Optelling.NIET:
        yield from _over(genummerd, "segment", TOTAAL, ("gebied", "deel"))
    for groep in genummerd.partition_by("gebied", "segment", maintain_order=True):
        cel = dict(zip(groep["deel"].to_list(), groep["cel"].to_list(), strict=True))
        for som in (Som(tuple(sorted(cel))),) if familie.sommen is None else familie.sommen:
            delen = [cel[d] for d in som.delen if d in cel]
            # of all segments together nobody goes from one to another: there what is not shown is nothing
            heel = len(delen) == len(som.delen) or groep["segment"][0] == TOTAAL
            if heel and delen and (som.totaal in cel if som.totaal else len(delen) > 1):
                alle = [*delen, *([cel[som.totaal]] if som.totaal else [])]
                yield "deel", np.array(alle, np.int64), np.arange(len(alle)) >= len(delen)


def _over(
    cellen: pl.DataFrame, as_: str, totaal: str, vast: tuple[str, str]
) -> Iterator[tuple[str, Getallen, Vlaggen]]:
    for groep in cellen.partition_by(vast, maintain_order=True):
        is_totaal = (groep[as_] == totaal).to_numpy()
        if groep.height > 1 and is_totaal.any():
            yield as_, groep["cel"].to_numpy().astype(np.int64), is_totaal
