"""Rules on a row of toewijzingen, and on the rows of one file together: T01-T30 as far as the door can judge.

DOMAIN 2.5 nr 13-26. What needs another levering (T10-T12, T19, T23-T27) is evaluated at build time.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from pipeline.berichten.namen import P_BEKEND, P_CATEGORIE, P_GELDIG, P_ZWIJGT, Celfout, fout
from pipeline.berichten.rijregels import andere_inhoud, beide, codetoets, gevuld
from pipeline.berichten.toets import Regelboek, Toets
from pipeline.berichten.toewijzingen.kolommen import GESLACHTEN, LEVERINGSVORMEN

VERWIJDERD, VERVALLEN_CORRECTIE = "13", "01"
PER_WEEK = "2"


def contract(boek: Regelboek) -> list[Toets]:
    """Door 1: codes from the national lists."""
    return [
        codetoets("T02", "productcategorie", boek.codes("productcategorie")),
        codetoets("T03", "eenheid", boek.codes("eenheid")),
        codetoets("T04", "frequentie", boek.codes("frequentie")),
        codetoets("T05", "reden_wijziging", boek.codes("reden_wijziging")),
        codetoets("T06", "reden_beeindiging", boek.codes("reden_beeindiging")),
        codetoets("T07", "verwijzer_type", boek.codes("verwijzer")),
        codetoets("T08", "geslacht", sorted(GESLACHTEN)),
        codetoets("T08", "leveringsvorm", sorted(LEVERINGSVORMEN)),
    ]


def regels(boek: Regelboek) -> list[Toets]:
    """Door 2."""
    return [*_datums(boek), *_omvang(boek), *_product(), _dubbele_versie()]


def einde_gelezen() -> pl.Expr:
    """Rows whose einddatum is empty, open or a date: what it says is known."""
    return pl.col(fout("einddatum")).is_in([Celfout.GEEN.value, Celfout.OPEN.value, Celfout.ONBEKEND.value])


def _voor(code: str, vroeg: str, laat: str) -> Toets:
    return Toets(code, pl.col(vroeg) < pl.col(laat), beide(vroeg, laat), (vroeg, laat))


def _datums(boek: Regelboek) -> list[Toets]:
    toewijzing, ingang, eind = (pl.col(n) for n in ("toewijzingsdatum", "ingangsdatum", "einddatum"))
    reden = pl.col("reden_wijziging")
    leeftijd = _leeftijd(pl.col("geboortedatum"), ingang)
    jongste, oudste = boek.drempels("T20")
    laat = [pl.col(n) > toewijzing for n in ("datum_ontvangst_verzoek", "besluitdatum")]
    return [
        _voor("T01", "einddatum", "ingangsdatum"),
        Toets(
            "T17",
            (reden == VERVALLEN_CORRECTIE) & (toewijzing >= boek.datum("T17")),
            reden.is_not_null() & toewijzing.is_not_null(),
            ("reden_wijziging", "toewijzingsdatum"),
        ),
        Toets(
            "T18",
            (reden == VERWIJDERD) & (eind.is_null() | (eind != ingang)) & einde_gelezen(),
            (reden == VERWIJDERD) & ingang.is_not_null(),
            ("einddatum", "ingangsdatum"),
        ),
        Toets(
            "T20",
            (leeftijd < jongste) | (leeftijd > oudste),
            beide("geboortedatum", "ingangsdatum"),
            ("geboortedatum", "ingangsdatum"),
        ),
        _voor("T28", "stopdatum_levering", "ingangsdatum"),
        _voor("T29", "stopdatum_levering", "startdatum_levering"),
        *(
            Toets("T30", is_later, beide(n, "toewijzingsdatum"), (n, "toewijzingsdatum"))
            for n, is_later in zip(("datum_ontvangst_verzoek", "besluitdatum"), laat, strict=True)
        ),
    ]


def _leeftijd(geboorte: pl.Expr, dag: pl.Expr) -> pl.Expr:
    """Whole years on `dag`; -1 before birth."""
    jarig = _dag_van_het_jaar(dag) >= _dag_van_het_jaar(geboorte)
    jaren = dag.dt.year() - geboorte.dt.year() - 1 + jarig.cast(pl.Int32)
    return pl.when(geboorte > dag).then(-1).otherwise(jaren)


def _dag_van_het_jaar(dag: pl.Expr) -> pl.Expr:
    """Month and day as one number that orders days within a year; polars holds months in eight bits."""
    return dag.dt.month().cast(pl.Int32) * 100 + dag.dt.day().cast(pl.Int32)


def _omvang(boek: Regelboek) -> list[Toets]:
    volume, budget, code = gevuld("volume"), gevuld("budget"), gevuld("productcode")
    onvolledig = ~gevuld("volume") | ~gevuld("eenheid") | ~gevuld("frequentie")
    eindig_nodig = budget | (pl.col("frequentie") == PER_WEEK).fill_null(value=False)
    bekend = pl.col("eenheid").is_in(list(boek.frequenties_bij_eenheid)) & pl.col("frequentie").is_in(
        boek.geldende_frequenties
    )
    past = pl.any_horizontal(
        (pl.col("eenheid") == eenheid) & pl.col("frequentie").is_in(toegestaan)
        for eenheid, toegestaan in boek.frequenties_bij_eenheid.items()
    )
    return [
        Toets("T13", volume & budget, volume | budget, ("volume", "budget")),
        Toets("T14", code & onvolledig, code, ("volume", "eenheid", "frequentie")),
        Toets(
            "T15",
            eindig_nodig & pl.col("einddatum").is_null() & einde_gelezen(),
            eindig_nodig,
            ("einddatum",),
        ),
        Toets("T16", bekend & ~past, bekend, ("eenheid", "frequentie")),
    ]


def _product() -> list[Toets]:
    code, categorie = pl.col("productcode"), pl.col("productcategorie")
    vergelijkbaar = pl.col(P_BEKEND) & categorie.is_not_null()
    te_weten = code.is_not_null() & ~pl.col(P_ZWIJGT)
    return [
        Toets("T21", te_weten & ~pl.col(P_GELDIG), te_weten, ("productcode",)),
        Toets("T22", categorie != pl.col(P_CATEGORIE), vergelijkbaar, ("productcode", "productcategorie")),
    ]


def _dubbele_versie() -> Toets:
    sleutel = ("toewijzingnummer", "toewijzingsdatum", "toewijzingstijd")

    def vul(naam: str) -> pl.Expr:
        return pl.col(naam).fill_null(dt.time(0, 0)) if naam == "toewijzingstijd" else pl.col(naam)

    return andere_inhoud("T09", list(sleutel), sleutel, vul)
