"""Door 0 on one levering with its values: periods, control totals and money units, and whether it is refused there.

Lives here: what needs the values of a whole file. Keep out: what a file shows before its cells are read
(bestandsdeur.py), rules on rows (deuren.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipeline.berichten import bestandsregels
from pipeline.berichten.kolom import Contract
from pipeline.berichten.namen import GEMEENTE, LEVERING, P_EENHEID, P_TARIEF, RIJ, in_euro_of_cent, merk, tekst
from pipeline.berichten.toets import Regelboek
from pipeline.domain.bevindingen import Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.seedrijen import Afspraak
from pipeline.intake import quarantaine
from pipeline.intake.bestandsdeur import Gelezen, Melding
from pipeline.intake.bewijsopmaak import Stand, eenheid_van, levering_id, soort_van
from pipeline.intake.getallen import MICRO


def tel_waarden(df: pl.DataFrame, gelezen: Sequence[Gelezen], standen: Sequence[Stand], contract: Contract) -> None:
    """Count what door 0 needs of the values: cents, dates against the maand, tarieven against the product table."""
    vensters = pl.DataFrame(
        [(i, *bestandsregels.venster(g.stuk.sleutel.maand)) for i, g in enumerate(gelezen)],
        schema={LEVERING: pl.UInt32, "_van": pl.Date, "_tot": pl.Date},
        orient="row",
    )
    datum = pl.max_horizontal(pl.col(n) for n in contract.periodekolommen)
    tellingen = (
        df.with_columns(_datum=datum)
        .join(vensters, on=LEVERING, how="left")
        .group_by(LEVERING)
        .agg(
            geld(contract).sum().alias("bedrag"),
            pl.col("_datum").count().alias("gedateerd"),
            pl.col("_datum").min().alias("eerste"),
            pl.col("_datum").is_between(pl.col("_van"), pl.col("_tot")).sum().alias("in_venster"),
            *_tariefverhouding(contract),
        )
    )
    for rij in tellingen.to_dicts():
        stand = standen[rij.pop(LEVERING)]
        for naam, waarde in rij.items():
            setattr(stand, naam, waarde if waarde is not None or naam in ("eerste", "verhouding") else 0)


def geld(contract: Contract) -> pl.Expr:
    """What a sender sums; of a bericht without money nothing."""
    return pl.col(contract.geldkolom) if contract.geldkolom else pl.col(RIJ).cast(pl.Int64) * 0


def _tariefverhouding(contract: Contract) -> list[pl.Expr]:
    if not contract.tariefkolom:
        return []
    tarief = pl.col(in_euro_of_cent(contract.tariefkolom))
    zelfde = (tarief > 0) & (pl.col(P_TARIEF) > 0) & (pl.col(P_EENHEID) == pl.col("eenheid"))
    # one division of whole numbers: a ratio on the boundary comes out as the boundary
    verhouding = (tarief / (pl.col(P_TARIEF) * MICRO)).filter(zelfde)
    return [verhouding.median().alias("verhouding"), verhouding.count().alias("n_tarief")]


def is_geweigerd(g: Gelezen, stand: Stand, afspraak: Afspraak | None, catalogus: Catalogus, boek: Regelboek) -> bool:
    """Finish door 0 for one levering; True when it is refused there."""
    leeg = g.n_ontvangen == 0
    g.meldingen["L09"] = Melding(raakt=leeg and not _nihil_bevestigd(g, catalogus))
    stand.door_controle = leeg and _controle_zegt_niets(g)
    for code in ("L04", "L07", "L08"):
        g.meldingen[code] = Melding(raakt=False, getoetst=False)
    if g.stuk.controle is not None:
        g.meldingen["L07"] = _controle(g, stand)
        stand.door_controle = stand.door_controle or g.meldingen["L07"].raakt
    if g.afwijkend_totaal and not g.meldingen["L07"].raakt:
        zin = f"In {g.afwijkend_totaal} berichten is TotaalIngediendBedrag niet de som van de regels."
        g.meldingen["L07"] = Melding(raakt=True, kolommen=(g.contract.geldkolom,), zin=zin)
    if stand.gedateerd and stand.eerste is not None:
        soort = soort_van(afspraak)
        maand, eerste = g.stuk.sleutel.maand, _is_eerste(g, catalogus)
        anders = bestandsregels.periode_wijkt_af(stand.eerste, stand.in_venster, maand, soort, is_eerste=eerste)
        zin = bestandsregels.verwachte_periode(maand, stand.in_venster, stand.gedateerd) if anders else ""
        g.meldingen["L04"] = Melding(raakt=anders, kolommen=g.contract.periodekolommen, zin=zin)
    if stand.n_tarief and stand.verhouding is not None and not g.meldingen["L02"].raakt:
        g.meldingen["L08"] = _geldeenheid(eenheid_van(g, afspraak), stand.verhouding, boek)
    return bool(_weigeringen(g, catalogus))


def _weigeringen(g: Gelezen, catalogus: Catalogus) -> list[str]:
    """Rules that hit the levering as a whole and block it."""
    return [c for c, m in g.meldingen.items() if m.raakt and catalogus.regels[c].ernst is Ernst.BLOKKEREND]


def _is_eerste(g: Gelezen, catalogus: Catalogus) -> bool:
    s = g.stuk.sleutel
    eigen = (a for a in catalogus.afspraken if (a.gemeente, a.bericht) == (s.gemeente, s.bericht))
    return bestandsregels.is_eerste_levering(s.maand, (a.vanaf for a in eigen))


def _nihil_bevestigd(g: Gelezen, catalogus: Catalogus) -> bool:
    if _controle_zegt_niets(g):
        return True
    s = g.stuk.sleutel
    return any((n.gemeente, n.bericht, n.maand) == (s.gemeente, s.bericht, s.maand) for n in catalogus.nihil_opgaven)


def _controle_zegt_niets(g: Gelezen) -> bool:
    return bestandsregels.nihil_volgens(g.stuk.controle)


def _controle(g: Gelezen, stand: Stand) -> Melding:
    fout = bestandsregels.controle_klopt_niet(
        g.stuk.controle or {}, rijen=g.n_ontvangen, bedrag_cent=stand.bedrag, sha256=g.stuk.sha256
    )
    zin = f"Het controlebestand en het bestand verschillen: {', '.join(fout)}." if fout else ""
    return Melding(raakt=bool(fout), zin=zin)


def _geldeenheid(afgesproken: str, verhouding: float, boek: Regelboek) -> Melding:
    gevonden = bestandsregels.eenheid_volgens_tarieven(verhouding, boek)
    if gevonden == afgesproken:
        return Melding(raakt=False)
    wat = f"lijken in {gevonden} te staan" if gevonden else "passen niet bij de productentabel"
    return Melding(raakt=True, kolommen=("producttarief",), zin=f"De bedragen {wat}; afgesproken is {afgesproken}.")


def zonder_inhoud(df: pl.DataFrame, g: Gelezen, stand: Stand, catalogus: Catalogus) -> pl.DataFrame:
    """Rows of a levering refused at door 0: numbered, with the reason, and nothing of what was in them."""
    codes = _weigeringen(g, catalogus)
    stand.n_fout = df.height
    stand.bedrag_fout = stand.bedrag
    leeg = [pl.lit(None, pl.String).alias(tekst(k.naam)) for k in g.contract.kolommen]
    identiteit = pl.lit(levering_id(g.stuk, stand)).alias("levering_id")
    df = df.select(identiteit, GEMEENTE, "leveringsmaand", RIJ, *leeg).with_columns(
        pl.lit("|".join(sorted(codes))).alias("redenen"),
        pl.lit("").alias("plaatsen"),
        pl.lit(None, pl.String).alias("pseudoniem"),
        pl.lit(None, pl.String).alias("eigen_sleutel"),
        *(pl.lit(None, pl.String).alias(merk(k.naam)) for k in g.contract.kolommen if k.kenmerk),
    )
    return quarantaine.maskeer(df, g.contract, pl.Series("t", [], dtype=pl.String))
