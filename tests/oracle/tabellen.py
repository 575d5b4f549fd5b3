"""Every published table that the oracle knows, beside the mart of the same name.

Lives here: per table its key, its figures, and both sides of the comparison.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import lokale_dag
from tests.oracle.doelen import maatregelen
from tests.oracle.gebruik import stromen
from tests.oracle.indicatoren import INDICATOREN, Rekenaar, indicatoren
from tests.oracle.indicatoren_rest import NAMEN, indicatoren_rest
from tests.oracle.invoer import D, Regio, T, lees_regio
from tests.oracle.kalender import leveringskalender
from tests.oracle.kosten import kosten_zorgmaand, naijling
from tests.oracle.kostenmarts import bijdragen, concentratie, groei_ontleding, verrekening
from tests.oracle.kwaliteit import aansluiting, leveringstellingen, tijdigheid
from tests.oracle.naijling import factoren, schattingen
from tests.oracle.prognose import Prognose, prognose_plekken, prognose_terugblik
from tests.oracle.terugblik import PEILMAANDEN, naijling_terugblik
from tests.oracle.vergelijk import Rij, Verschil, lees_mart, vergelijk


@dataclass(frozen=True)
class Orakel:
    """The figures of one synthetic region, computed from its delivered rows."""

    bron: Path
    catalogus: Catalogus
    nu: dt.datetime

    @cached_property
    def regio(self) -> Regio:
        """The rows that stand."""
        return lees_regio(self.bron, self.catalogus, lokale_dag(self.nu))

    @cached_property
    def rekenaar(self) -> Rekenaar:
        """What the indicators share."""
        return Rekenaar(self.regio)

    @cached_property
    def prognose(self) -> Prognose:
        """What the forecasts share."""
        return Prognose(self.rekenaar)

    def geleverd(self, bericht: str) -> pl.DataFrame:
        """All delivered rows of a bericht."""
        return pl.read_parquet(self.bron / "geleverd" / f"{bericht}.parquet")


def kalender(o: Orakel) -> Iterable[Rij]:
    """Every levering that is owed or came, and what became of it."""
    landing = o.bron / "landing"
    # refused for its folder or its control file, the same bytes are another offer than the accepted ones
    inhoud = {
        b.bestand: hashlib.sha256((landing / b.bestand).read_bytes()).hexdigest()
        + ("" if b.is_geaccepteerd else b.bestand)
        for b in o.regio.leveringen
    }
    return leveringskalender(o.regio, inhoud)


def _leveringsstatus(o: Orakel) -> Iterable[Rij]:
    return [r for b in (T, D) for r in leveringstellingen(o.geleverd(b), b)]


def _met_genoeg(o: Orakel, rijen: Iterable[Rij]) -> Iterable[Rij]:
    """Of less than half of what a figure spans there is no figure."""
    minstens = o.catalogus.getal("waarde_min_dekking")
    return [r if float(str(r["dekking"])) >= minstens else {**r, "waarde": None} for r in rijen]


@dataclass(frozen=True)
class Tabel:
    """One comparison: `waar` narrows the mart to what the oracle computes, `van` is another look at it.

    A published table stands here once for every function that computes columns of it.
    """

    naam: str
    sleutel: tuple[str, ...]
    kolommen: tuple[str, ...]
    orakel: Callable[[Orakel], Iterable[Rij]]
    waar: str = "true"
    van: str = ""

    def verschillen(self, o: Orakel, marts: Path) -> list[Verschil]:
        """Compare the published table with the oracle's."""
        mart = lees_mart(
            marts, f"select {', '.join((*self.sleutel, *self.kolommen))} from {self.van or self.naam} where {self.waar}"
        )
        assert mart, f"{self.naam} is leeg"
        return vergelijk(self.naam, mart, self.orakel(o), self.sleutel, self.kolommen)


_INDICATOREN = ", ".join(f"'{i}'" for i in (*INDICATOREN, "aandeel_verwijzer"))
TABELLEN = (
    Tabel(
        "sturing.indicatoren",
        ("indicator_id", "periode_soort", "periode", "gebied_code", "segment"),
        ("gebied_soort", "teller", "noemer", "waarde", "dekking", "rijping"),
        lambda o: _met_genoeg(o, indicatoren(o.rekenaar)),
        f"indicator_id in ({_INDICATOREN})",
    ),
    Tabel(
        "sturing.indicatoren",
        ("indicator_id", "periode_soort", "periode", "gebied_code", "segment"),
        ("teller", "noemer", "waarde", "gebied_soort", "dekking", "rijping"),
        lambda o: _met_genoeg(o, indicatoren_rest(o.rekenaar)),
        f"indicator_id in ({', '.join(repr(n) for n in NAMEN)})",
    ),
    Tabel(
        "sturing.stromen",
        ("maand", "gebied_code", "segment"),
        ("stand_begin", "instroom", "doorstroom_in", "doorstroom_uit", "uitstroom", "stand_eind"),
        lambda o: stromen(o.regio, o.rekenaar.gebieden),
    ),
    Tabel(
        "sturing.doelrealisatie",
        ("doel_id", "jaar", "gebied_code"),
        (
            "basisjaar",
            "n_maanden",
            "t_m_maand",
            "basiswaarde",
            "streefwaarde",
            "realisatie",
            "realisatie_geschat",
            "ondergrens",
            "bovengrens",
            "afwijking",
            "status",
            "reden",
            "voorbehoud_eur",
            "quarantaine_eur",
            "dekking",
            "dekking_basis",
            "panel_dekking",
            "panel_n_gemeenten",
            "n_jeugdigen",
            "n_jeugdigen_basis",
            "besparing_gerealiseerd_eur",
            "beoogde_besparing_eur",
        ),
        lambda o: o.rekenaar.doelrealisatie,
    ),
    Tabel(
        "kosten.kosten_zorgmaand",
        ("zorgmaand", "gebied_code", "segment", "hulpvorm", "verwijzer_groep"),
        (
            "gedeclareerd_eur",
            "gecrediteerd_eur",
            "netto_eur",
            "n_jeugdigen",
            "n_regels",
            "voorbehoud_eur",
            "n_voorbehoud",
            "quarantaine_eur",
        ),
        lambda o: kosten_zorgmaand(o.regio, o.rekenaar.delen, o.rekenaar.quarantaine),
    ),
    Tabel(
        "kosten.naijling",
        ("zorgmaand", "gebied_code", "segment", "vertraging_maanden"),
        ("netto_eur", "cumulatief_eur", "voorbehoud_eur"),
        lambda o: naijling(o.regio, o.rekenaar.delen),
    ),
    Tabel(
        "kosten.naijling",
        ("zorgmaand", "gebied_code", "segment"),
        ("eind_cent", "ondergrens_cent", "bovengrens_cent", "methode", "is_geschat"),
        lambda o: schattingen(o.rekenaar.naijling),
        van="""(
            select distinct zorgmaand, gebied_code, segment, methode, is_geschat,
                cast(verwacht_eindbedrag_eur * 100 as bigint) as eind_cent,
                cast(ondergrens_eur * 100 as bigint) as ondergrens_cent,
                cast(bovengrens_eur * 100 as bigint) as bovengrens_cent
            from kosten.naijling
        )""",
    ),
    Tabel(
        "kosten.naijling",
        ("segment", "vertraging_maanden"),
        ("ontwikkelfactor", "factor_tot_eind"),
        lambda o: factoren(o.rekenaar.naijling),
        van="""(
            select distinct segment, vertraging_maanden, ontwikkelfactor, factor_tot_eind
            from kosten.naijling
            -- the months before it have longer delays, and no factors
            where zorgmaand >= (select min(maand) from sturing.stromen)
        )""",
    ),
    Tabel(
        "sturing.prognose_plekken",
        ("gebied_code", "segment", "maand"),
        (
            "maanden_vooruit",
            "peilmaand",
            "status",
            "stand_nu",
            "n_blijft",
            "n_komt",
            "stand_verwacht",
            "ondergrens",
            "bovengrens",
            "n_geleerde_maanden",
        ),
        lambda o: prognose_plekken(o.prognose),
    ),
    Tabel(
        "sturing.prognose_terugblik",
        ("gebied_code", "segment", "peilmaand", "maand"),
        (
            "stand_nu",
            "stand_verwacht",
            "ondergrens",
            "bovengrens",
            "stand_werkelijk",
            "afwijking",
            "is_binnen_grenzen",
        ),
        lambda o: prognose_terugblik(o.prognose),
    ),
    Tabel(
        "kosten.maatregelen",
        ("maatregel_id", "jaar"),
        (
            "investering_eur",
            "verwachte_besparing_eur",
            "netto_eur",
            "n_maanden",
            "waarde_voor_start",
            "waarde_bij_trend",
            "waarde",
            "voorbehoud_eur",
            "trend_per_jaar",
            "dekking",
        ),
        lambda o: maatregelen(o.rekenaar),
    ),
    Tabel(
        "kosten.naijling_terugblik",
        ("zorgmaand", "gebied_code", "segment", "vertraging_maanden"),
        (
            "ontvangen_eur",
            "geschat_eur",
            "ondergrens_eur",
            "bovengrens_eur",
            "werkelijk_eur",
            "fout_eur",
            "fout_aandeel",
            "fout_ontvangen_aandeel",
            "is_binnen_grenzen",
            "methode",
            "is_geschat",
            "n_gemeenten",
            "n_maanden_geschiedenis",
        ),
        lambda o: naijling_terugblik(o.rekenaar),
        f"month(leveringsmaand) in {PEILMAANDEN}",
    ),
    Tabel(
        "kosten.groei_ontleding",
        ("jaar", "gebied_code", "segment"),
        (
            "kosten_vorig_jaar_eur",
            "kosten_eur",
            "verandering_eur",
            "effect_jeugdigen_eur",
            "effect_duur_eur",
            "effect_intensiteit_eur",
            "effect_tarief_eur",
            "effect_mix_eur",
            "n_gemeenten",
            "dekking",
        ),
        lambda o: groei_ontleding(o.rekenaar),
    ),
    Tabel(
        "kosten.concentratie",
        ("jaar", "gebied_code"),
        (
            "n_jeugdigen",
            "kosten_eur",
            "aandeel_top1pct",
            "aandeel_top5pct",
            "aandeel_top15pct",
            "aandeel_top12",
            "n_top15pct",
            "kosten_top15pct_eur",
            "dekking",
            "rijping",
        ),
        lambda o: concentratie(o.rekenaar),
    ),
    Tabel(
        "kosten.concentratie_segment",
        ("jaar", "gebied_code", "segment"),
        ("n_jeugdigen", "kosten_eur", "aandeel_top1pct", "aandeel_top5pct", "aandeel_top15pct", "n_top12", "dekking"),
        lambda o: [{**r, "segment": s} for s in ("verblijf", "ambulant") for r in concentratie(o.rekenaar, s)],
        "segment in ('verblijf', 'ambulant')",
    ),
    Tabel(
        "kosten.verrekening",
        ("jaar", "methode", "gebied_code"),
        ("sleutel_aandeel", "bedrag_eur", "eigen_kosten_eur", "regiokosten_eur", "dekking", "rijping"),
        lambda o: verrekening(o.rekenaar),
    ),
    Tabel(
        "kosten.bijdragen",
        ("bijdrage_id", "gemeente"),
        ("inwoners", "bedrag_eur", "bedrag_sluitend_eur"),
        lambda o: bijdragen(o.regio),
    ),
    Tabel(
        "kwaliteit.tijdigheid",
        ("gebied_code", "maand", "segment"),
        (
            "n_toewijzingen",
            "n_meetbaar",
            "n_te_laat",
            "n_terugwerkend",
            "n_terugwerkend_onverwacht",
            "mediaan_dagen_terugwerkend",
            "p90_dagen_terugwerkend",
            "n_declaraties",
            "n_declaraties_te_laat",
        ),
        lambda o: tijdigheid(o.regio),
    ),
    Tabel(
        "kwaliteit.aansluiting",
        ("gemeente", "maand"),
        ("met_regels", "zonder_regels", "buiten_regels", "met_eur", "zonder_eur", "buiten_eur"),
        lambda o: aansluiting(o.regio),
    ),
    Tabel(
        "kwaliteit.leveringsstatus",
        ("gemeente", "bericht", "maand"),
        (
            "rijen_ontvangen",
            "rijen_geaccepteerd",
            "rijen_quarantaine",
            "bedrag_ontvangen_eur",
            "bedrag_geaccepteerd_eur",
        ),
        _leveringsstatus,
        "status in ('GEACCEPTEERD', 'GEACCEPTEERD_MET_OPMERKINGEN') and rijen_ontvangen > 0",
    ),
    Tabel(
        "kwaliteit.leveringsstatus",
        ("gemeente", "bericht", "maand"),
        ("status", "uiterste_datum", "ontvangen_op", "dagen_te_laat", "versie"),
        kalender,
        # what of an accepted levering is to be done: test_werklijst.py
        van="(select * replace (replace(status, '_MET_OPMERKINGEN', '') as status) from kwaliteit.leveringsstatus)",
    ),
)
