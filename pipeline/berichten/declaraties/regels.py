"""Rules on a row of declaraties, and on the rows of one file together: D01-D32 as far as the door can judge.

DOMAIN 2.5 nr 30-46. What needs another levering (D11-D13, D15-D23, D26-D28) is evaluated at build time.
"""

from __future__ import annotations

import polars as pl

from pipeline.berichten.declaraties.kolommen import DEBET_CREDIT, STATUSSEN
from pipeline.berichten.namen import P_BEKEND, P_CATEGORIE, P_EENHEID, P_GELDIG, P_TARIEF, P_ZWIJGT, Celfout, afgerond
from pipeline.berichten.rijregels import andere_inhoud, beide, codetoets, gevuld, heeft_fout
from pipeline.berichten.toets import Regelboek, Toets

MINUUT, EUROS = "01", "83"
TARIEFDELEN = 10_000
"""producttarief is held in ten-thousandths of a cent, geleverd_volume in hundredths."""
VOLUMEDELEN = 100


def contract(boek: Regelboek) -> list[Toets]:
    """Door 1: codes from the national lists, and the form of an amount."""
    return [
        codetoets("D01", "debet_credit", sorted(DEBET_CREDIT)),
        Toets(
            "D02",
            heeft_fout("ingediend_bedrag", Celfout.NEGATIEF, Celfout.GEEN_HELE_CENTEN),
            gevuld("ingediend_bedrag"),
            ("ingediend_bedrag",),
        ),
        codetoets("D03", "productcategorie", boek.codes("productcategorie")),
        codetoets("D04", "eenheid", boek.codes("eenheid")),
        codetoets("D29", "status", sorted(STATUSSEN)),
        codetoets("D29", "retourcode", boek.codes("retour")),
    ]


def regels(boek: Regelboek) -> list[Toets]:
    """Door 2."""
    referentie = ("aanbieder_agb", "referentienummer")
    return [
        *_periode(boek),
        *_bedrag(boek),
        *_verwijzing(),
        *_product(boek),
        andere_inhoud("D14", list(referentie), referentie, pl.col),
    ]


def _periode(boek: Regelboek) -> list[Toets]:
    begin, eind, dag = (pl.col(n) for n in ("productperiode_begin", "productperiode_eind", "declaratiedagtekening"))
    periode = ("productperiode_begin", "productperiode_eind")
    beide_dagen = beide("declaratiedagtekening", "productperiode_eind")
    kolommen = ("declaratiedagtekening", "productperiode_eind")
    maanden = int(boek.drempels("D24")[0])
    jaren = int(boek.drempels("D25")[0])
    return [
        Toets("D05", eind < begin, beide(*periode), periode),
        Toets(
            "D06",
            (begin.dt.truncate("1mo") != eind.dt.truncate("1mo")) & (begin <= eind),
            beide(*periode),
            periode,
        ),
        Toets("D24", dag >= eind.dt.truncate("1mo").dt.offset_by(f"{maanden + 1}mo"), beide_dagen, kolommen),
        Toets("D25", dag > eind.dt.offset_by(f"{jaren}y"), beide_dagen, kolommen),
        Toets("D32", dag < eind, beide_dagen, kolommen),
    ]


def _bedrag(boek: Regelboek) -> list[Toets]:
    volume, tarief, bedrag = (pl.col(n) for n in ("geleverd_volume", "producttarief", "ingediend_bedrag"))
    eenheid = pl.col("eenheid")
    in_euros = eenheid == EUROS
    alle_drie = volume.is_not_null() & tarief.is_not_null() & bedrag.is_not_null()
    # in whole units of 1 / (VOLUMEDELEN * TARIEFDELEN) cent, so that the comparison is exact
    deel = VOLUMEDELEN * TARIEFDELEN
    # a product that does not fit in 64 bits is off by any measure
    past = (volume.cast(pl.Float64) * tarief.cast(pl.Float64) < 9e18) & (bedrag < 9 * 10**12)
    verschil = (volume * tarief - bedrag * deel).abs()
    vast = int(boek.drempels("D07")[0] * deel)
    marge = pl.when(eenheid == MINUUT).then(vast + volume * (TARIEFDELEN // 2)).otherwise(vast)
    # a volume of 1.125 hours is kept as 1.13: half a hundredth of the price is no contradiction
    marge = marge + pl.when(afgerond("geleverd_volume")).then(tarief // 2 + 1).otherwise(0)
    toetsbaar = alle_drie & (eenheid != EUROS)
    kolommen = ("geleverd_volume", "producttarief", "ingediend_bedrag")
    (factor,) = boek.drempels("D09")
    zelfde_eenheid = (pl.col(P_TARIEF) > 0) & (pl.col(P_EENHEID) == eenheid) & (eenheid != EUROS)
    # one division of whole numbers: a ratio on the boundary comes out as the boundary
    tegen_tarief = tarief / (pl.col(P_TARIEF) * TARIEFDELEN)
    tegen_prijs = bedrag * VOLUMEDELEN / (volume * pl.col(P_TARIEF))
    met_tarief = (zelfde_eenheid & (tarief > 0)).fill_null(value=False)
    zonder_tarief = (zelfde_eenheid & ~gevuld("producttarief") & (volume > 0) & (bedrag > 0)).fill_null(value=False)
    return [
        Toets("D07", pl.when(past).then(verschil > marge).otherwise(statement=True) & toetsbaar, toetsbaar, kolommen),
        Toets(
            "D08",
            pl.when(in_euros)
            .then((volume != bedrag * VOLUMEDELEN) | gevuld("producttarief"))
            .otherwise(~gevuld("producttarief")),
            eenheid.is_not_null(),
            ("eenheid", "producttarief", "ingediend_bedrag"),
        ),
        Toets("D09", _ver_af(tegen_tarief, factor), met_tarief, ("producttarief",)),
        Toets("D09", _ver_af(tegen_prijs, factor), zonder_tarief, ("geleverd_volume", "ingediend_bedrag")),
    ]


def _ver_af(verhouding: pl.Expr, factor: float) -> pl.Expr:
    return (verhouding >= factor) | (verhouding <= 1 / factor)


def _verwijzing() -> list[Toets]:
    credit = pl.col("debet_credit") == "C"
    bekend = pl.col("debet_credit").is_in(sorted(DEBET_CREDIT))
    verwijst = gevuld("vorig_referentienummer")
    return [Toets("D10", bekend & (credit != verwijst), bekend, ("debet_credit", "vorig_referentienummer"))]


def _product(boek: Regelboek) -> list[Toets]:
    code, categorie = pl.col("productcode"), pl.col("productcategorie")
    vergelijkbaar = pl.col(P_BEKEND) & categorie.is_not_null()
    te_weten = code.is_not_null() & ~pl.col(P_ZWIJGT)
    return [
        Toets("D30", te_weten & ~pl.col(P_GELDIG), te_weten, ("productcode",)),
        Toets("D31", categorie != pl.col(P_CATEGORIE), vergelijkbaar, ("productcode", "productcategorie")),
    ]
