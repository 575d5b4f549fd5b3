"""Rules on a row of capaciteit, and on the rows of one file together: K01-K12."""

from __future__ import annotations

import polars as pl

from pipeline.berichten.capaciteit.kolommen import REDENEN_DICHT
from pipeline.berichten.namen import P_GELDIG, P_ZWIJGT
from pipeline.berichten.rijregels import andere_inhoud, codetoets, gevuld
from pipeline.berichten.toets import Regelboek, Toets

AANTALLEN = ("plekken", "bezet", "vrij")


def contract(boek: Regelboek) -> list[Toets]:
    """Door 1: codes from their lists, and a number that can be one of places."""
    (hoogstens,) = boek.drempels("K03")
    return [
        codetoets("K01", "hulpvorm", boek.codes("cbs_hulpvorm")),
        codetoets("K02", "reden_dicht", sorted(REDENEN_DICHT)),
        *(Toets("K03", pl.col(k) > hoogstens, pl.col(k).is_not_null(), (k,)) for k in AANTALLEN),
    ]


def regels(boek: Regelboek) -> list[Toets]:
    """Door 2."""
    plaats = ("aanbieder_agb", "locatie_code", "hulpvorm", "productcode", "peildatum")
    return [*_som(), *_dag(), _zonder_plekken(boek), _product(), andere_inhoud("K10", list(plaats), plaats, pl.col)]


def _som() -> list[Toets]:
    """What is taken, free and closed adds up to what there is; more may be taken than there are places, not free."""
    plekken, bezet, vrij = (pl.col(k) for k in AANTALLEN)
    alle = plekken.is_not_null() & bezet.is_not_null() & vrij.is_not_null()
    dicht = plekken - bezet - vrij
    reden = gevuld("reden_dicht")
    return [
        Toets("K04", vrij > plekken, alle, ("vrij", "plekken")),
        Toets("K05", bezet > plekken, alle, ("bezet", "plekken")),
        Toets("K06", (dicht < 0) & (bezet <= plekken) & (vrij <= plekken), alle, AANTALLEN),
        Toets("K07", (dicht > 0) & ~reden, alle, (*AANTALLEN, "reden_dicht")),
        Toets("K08", (dicht <= 0) & reden, alle, (*AANTALLEN, "reden_dicht")),
    ]


def _dag() -> list[Toets]:
    """The day of counting lies in the month that the levering is about: of another month it would be counted twice."""
    maand = pl.col("peildatum").dt.truncate("1mo")
    return [Toets("K09", maand != pl.col("leveringsmaand"), pl.col("peildatum").is_not_null(), ("peildatum",))]


def _zonder_plekken(boek: Regelboek) -> Toets:
    """A form of help without stay has hours, not places; day care has."""
    met = [r["code"] for r in boek.catalogus.rijen("codes_cbs_hulpvorm") if r["met_verblijf"] == "ja"]
    kan, bekend = pl.col("hulpvorm").is_in([*met, "03"]), pl.col("hulpvorm").is_in(boek.codes("cbs_hulpvorm"))
    return Toets("K11", ~kan & (pl.col("plekken") > 0), bekend, ("hulpvorm",))


def _product() -> Toets:
    te_weten = pl.col("productcode").is_not_null() & ~pl.col(P_ZWIJGT)
    return Toets("K12", te_weten & ~pl.col(P_GELDIG), te_weten, ("productcode",))
