"""What every published table shows of youths, and what must be hidden of it once the reeksen are decided.

Lives here: one declaration per indicator and per table. Add here: a new indicator in `INDICATOREN`, a new table in
`TABELLEN` and, when it shows a reeks, a function in `LEDEN` or `REGELS` (a test compares them with the project); of a
table or a number that nobody declared nothing is shown. Keep out: which sums there are over gebieden and segments
(bescherming_reeksen.py), the method (bescherming_kern.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from pipeline.publish.bescherming_kern import Opgave, Vlaggen, is_klein, verberg
from pipeline.publish.bescherming_reeksen import (
    GEBROKEN,
    GEEN,
    LID,
    MINSTENS,
    MINSTENS_GEBIEDEN,
    REGIO,
    TOTAAL,
    Rij,
    als_matrix,
)

HULP = "n_jeugdigen_achter"
"""The youths behind a figure where the mart does not say (openbaar.py adds them); never published."""
VLAG = "is_onderdrukt"
JEUGDIGE, TRAJECT, REGEL = 1.0, 1.5, 5.0
"""How many of a thing a youth may have where only things are counted: 9 youths may be behind so many times 9 things."""


@dataclass(frozen=True)
class Indicator:
    """Of which reeks the teller and the noemer of an indicator are.

    `noemer`: a familie, or "" when the noemer is public or there is none; with their `deel`. `rest`: what the
    complement consists of (0: of no youths). `telt`: what the noemer consists of (0: the noemer is no number of
    them). `segment`, `noemer_segment`: where the figure belongs to another segment than it stands under. `maat`,
    `noemer_maat`: the number that the teller and the noemer are, where that is in sums (bescherming_grenzen.py).
    """

    familie: str
    noemer: str = ""
    rest: float = 0
    telt: float = 0
    segment: str = ""
    noemer_segment: str = ""
    deel: str = ""
    noemer_deel: str = ""
    maat: str = ""
    noemer_maat: str = ""


INDICATOREN: Mapping[str, Indicator] = {
    "jeugdigen_in_zorg": Indicator("in_zorg", maat="in_zorg"),
    "jeugdigen_ambulant": Indicator("in_zorg", segment="ambulant", maat="in_zorg"),
    "jeugdigen_jeugdbescherming": Indicator("in_zorg", segment="jb", maat="in_zorg"),
    "jeugdigen_jeugdreclassering": Indicator("in_zorg", "in_zorg", segment="jr", noemer_segment=TOTAAL, maat="in_zorg"),
    # with the youths of 18 and over it adds up to all youths in care
    "aandeel_jeugdigen_in_zorg": Indicator("verlengd", "in_zorg"),
    "aandeel_verlengde_jeugdhulp": Indicator(
        "verlengd", "in_zorg", JEUGDIGE, JEUGDIGE, maat="verlengd", noemer_maat="in_zorg"
    ),
    "jeugdigen_met_verblijf": Indicator("met_verblijf", maat="met_verblijf"),
    "aandeel_gezinsgericht_smal": Indicator(
        "gezinsgericht", "met_verblijf", JEUGDIGE, JEUGDIGE, maat="gezinsgericht", noemer_maat="met_verblijf"
    ),
    "aandeel_gezinsgericht_breed": Indicator("gezinsgericht", "met_verblijf", JEUGDIGE, JEUGDIGE),
    "jeugdigen_jeugdzorgplus": Indicator("jeugdzorgplus", maat="jeugdzorgplus"),
    "aandeel_verblijf_met_parallel_ambulant": Indicator("verblijfsdagen", "met_verblijf"),
    "aandeel_verblijf_na_behandeling": Indicator("verblijfsdagen", "met_verblijf"),
    "stand": Indicator("stand"),
    "looptijd_lopend": Indicator("stand", "stand", telt=TRAJECT, noemer_maat="stand"),
    "aandeel_stapeling": Indicator("stapeling", "stand", JEUGDIGE, JEUGDIGE),
    "instroom": Indicator("stromen", deel="instroom", maat="stromen"),
    "uitstroom": Indicator("stromen", deel="uitstroom", maat="stromen"),
    "doorstroom": Indicator("stromen", deel="doorstroom_in", maat="stromen"),
    "crisis_instroom": Indicator("stromen", segment="crisis", deel="begonnen", maat="stromen"),
    "trajectduur_gemiddeld": Indicator(
        "stromen", "stromen", telt=JEUGDIGE, deel="beeindigd", noemer_deel="beeindigd", noemer_maat="stromen"
    ),
    "trajectduur_mediaan": Indicator(
        "stromen", "stromen", telt=JEUGDIGE, deel="beeindigd", noemer_deel="beeindigd", noemer_maat="stromen"
    ),
    "aandeel_start_crisis": Indicator(
        "start_crisis", "stromen", TRAJECT, JEUGDIGE, noemer_deel="begonnen", maat="start_crisis", noemer_maat="stromen"
    ),
    "aandeel_herhaald_beroep": Indicator(
        "herhaald", "stromen", TRAJECT, JEUGDIGE, noemer_deel="begonnen", maat="herhaald", noemer_maat="stromen"
    ),
    "aandeel_verwijzer": Indicator(
        "verwijzer", "stromen", TRAJECT, JEUGDIGE, noemer_deel="begonnen", maat="verwijzer", noemer_maat="stromen"
    ),
    "uithuisplaatsingen": Indicator("uithuis", maat="uithuis"),
    "aandeel_uithuisplaatsing_met_ambulant_alternatief": Indicator(
        "uithuis_alternatief", "uithuis", TRAJECT, TRAJECT, maat="uithuis_alternatief", noemer_maat="uithuis"
    ),
    "doorplaatsingen": Indicator("doorplaatsing", maat="doorplaatsing"),
    "wachttijd_dagen": Indicator("gestart", "gestart", telt=TRAJECT, noemer_maat="gestart"),
    "aandeel_te_laat": Indicator("te_laat", "meetbaar", TRAJECT, TRAJECT, maat="te_laat", noemer_maat="meetbaar"),
    "aandeel_terugwerkend": Indicator(
        "terugwerkend", "terugwerkend", TRAJECT, TRAJECT, maat="onverwacht", noemer_maat="eerste_versies"
    ),
    "aandeel_declaraties_te_laat": Indicator(
        "regels_te_laat", "regels", REGEL, REGEL, maat="regels_te_laat", noemer_maat="regels"
    ),
    "kosten": Indicator("kosten", maat="kosten"),
    "kosten_per_inwoner_0_17": Indicator("kosten", maat="kosten"),
    "kosten_per_jeugdige": Indicator("kosten"),
    "kostengroei": Indicator("kosten"),
    "besparing_gerealiseerd": Indicator("kosten"),
    "aandeel_duurste_1pct": Indicator("duurste", "kosten"),
    "aandeel_duurste_15pct": Indicator("duurste", "kosten"),
    "marktaandeel_top10": Indicator("markt", "kosten"),
    "aandeel_strategische_partners": Indicator("contracten", "kosten"),
    "aandeel_niet_gecontracteerd": Indicator("contracten", "kosten"),
    "gemiddeld_tarief": Indicator("tarief", maat="tarief"),
    "verzilvering": Indicator("verzilvering", maat="verzilverd"),
}

Bladen = Mapping[str, pl.DataFrame]
STROMEN = ("instroom", "doorstroom_in", "doorstroom_uit", "uitstroom")


@dataclass(frozen=True)
class Tabel:
    """A published table: what names a row, its blocks of figures, and the numbers in it that say nothing of youths."""

    sleutel: tuple[str, ...] = ()
    blokken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vrij: tuple[str, ...] = ()
    alles_vrij: bool = False


_BREED = ("periode_soort", "periode", "gebied_code", "segment")
_NAIJLING = ("zorgmaand", "gebied_code", "segment", "vertraging_maanden")

TABELLEN: Mapping[str, Tabel] = {
    "kosten.bijdragen": Tabel(alles_vrij=True),
    "kosten.concentratie": Tabel(
        ("jaar", "gebied_code"),
        {
            "geheel": ("n_jeugdigen", "kosten_eur", "voorbehoud_eur"),
            **{t: (f"n_{t}", f"kosten_{t}_eur", f"aandeel_{t}") for t in ("top1pct", "top5pct", "top15pct", "top12")},
        },
        ("dekking",),
    ),
    "kosten.groei_ontleding": Tabel(
        ("jaar", "gebied_code", "segment"),
        {
            "cijfer": (
                "kosten_vorig_jaar_eur", "kosten_eur", "verandering_eur", "effect_jeugdigen_eur", "effect_duur_eur",
                "effect_intensiteit_eur", "effect_tarief_eur", "effect_mix_eur", "n_jeugdigen_vorig_jaar",
                "n_jeugdigen", "jeugdmaanden_vorig_jaar", "jeugdmaanden", "voorbehoud_eur", "voorbehoud_vorig_jaar_eur",
            )
        },
        ("n_gemeenten", "dekking"),
    ),
    "kosten.kosten_zorgmaand": Tabel(
        ("zorgmaand", "gebied_code", "segment", "hulpvorm", "verwijzer_groep"),
        {
            "cijfer": (
                "gedeclareerd_eur", "gecrediteerd_eur", "netto_eur", "n_jeugdigen", "n_regels", "voorbehoud_eur",
                "n_voorbehoud", "quarantaine_eur",
            )
        },
    ),
    "kosten.maatregelen": Tabel(
        ("maatregel_id", "jaar"),
        {
            "cijfer": (
                "waarde_voor_start", "waarde_bij_trend", "waarde", "verandering", "verandering_na_trend",
                "trend_per_jaar",
            )
        },
        ("investering_eur", "verwachte_besparing_eur", "netto_eur", "n_maanden", "dekking"),
    ),
    "kosten.naijling": Tabel(
        _NAIJLING,
        {
            "netto": ("netto_eur", "voorbehoud_eur"),
            "stand": ("cumulatief_eur",),
            "eind": ("verwacht_eindbedrag_eur", "ondergrens_eur", "bovengrens_eur"),
            "factor": ("ontwikkelfactor",),
            "tot_eind": ("factor_tot_eind",),
        },
    ),
    "kosten.naijling_terugblik": Tabel(
        _NAIJLING,
        {
            "cijfer": (
                "ontvangen_eur", "geschat_eur", "ondergrens_eur", "bovengrens_eur", "fout_eur",
                "fout_aandeel", "fout_ontvangen_aandeel",
            ),
            "werkelijk": ("werkelijk_eur",),
        },
        ("n_gemeenten", "n_maanden_geschiedenis"),
    ),
    "kosten.verrekening": Tabel(
        ("jaar", "methode", "gebied_code"),
        {
            "eigen": ("eigen_kosten_eur", "voorbehoud_eur"),
            "bedrag": ("sleutel_aandeel", "bedrag_eur"),
            "regio": ("regiokosten_eur",),
        },
        ("dekking", "dekking_t2"),
    ),
    "kwaliteit.aansluiting": Tabel(
        ("gemeente", "maand"),
        {s: (f"{s}_regels", f"{s}_eur") for s in ("met", "zonder", "buiten")}
        | {"niet_geteld": ("niet_geteld_regels", "niet_geteld_eur", "voorbehoud_eur")},
    ),
    "kwaliteit.bevindingen": Tabel(
        ("gemeente", "bericht", "maand", "regel_code"), {"rijen": ("n_rijen",), "gecontroleerd": ("n_gecontroleerd",)}
    ),
    "kwaliteit.datakwaliteit": Tabel(
        ("gebied_code", "maand"),
        {
            "oordeel": (
                "score_volledigheid", "score_geldigheid", "score_consistentie", "score_totaal", "n_kernvelden_gevuld",
                "n_rijen_geldig", "n_rijen_geaccepteerd", "n_rijen_consistent", "n_kernvelden",
            ),
            "ontvangen": ("n_rijen_ontvangen",),
        },
        (
            "score_tijdigheid", "dekking_leveringen", "n_leveringen_verschuldigd", "n_leveringen_op_tijd",
            "n_leveringen_verwacht", "n_leveringen_binnen",
        ),
    ),
    "kwaliteit.leveringsstatus": Tabel(
        ("gemeente", "bericht", "maand"),
        {
            "ontvangen": ("rijen_ontvangen", "bedrag_ontvangen_eur"),
            "oordeel": ("rijen_geaccepteerd", "rijen_quarantaine", "bedrag_geaccepteerd_eur"),
        },
        ("dagen_te_laat", "versie"),
    ),
    "kwaliteit.tijdigheid": Tabel(
        ("gebied_code", "maand", "segment"),
        {
            "toewijzingen": ("n_toewijzingen",),
            "meetbaar": ("n_meetbaar",),
            "te_laat": ("n_te_laat",),
            "terugwerkend": (
                "n_terugwerkend", "n_terugwerkend_onverwacht", "mediaan_dagen_terugwerkend", "p90_dagen_terugwerkend",
            ),
            "regels": ("n_declaraties",),
            "regels_te_laat": ("n_declaraties_te_laat",),
        },
    ),
    "kwaliteit.voorbehouden": Tabel(
        ("gebied_code", "maand", "bericht", "tabel", "regel_code"),
        {"geraakt": ("n_geraakt", "aandeel"), "gecontroleerd": ("n_gecontroleerd", "aandeel")},
    ),
    "meta.herkomst": Tabel(
        ("levering_id",),
        {
            "ontvangen": ("rijen_ontvangen", "rijen_in_bestand", "bedrag_ontvangen_eur"),
            "oordeel": ("rijen_geaccepteerd", "rijen_quarantaine", "bedrag_geaccepteerd_eur", "bedrag_quarantaine_eur"),
        },
        ("versie", "rijen_niet_data"),
    ),
    "meta.indicatordefinities": Tabel(alles_vrij=True),
    "meta.publicatie": Tabel(alles_vrij=True),
    "meta.woordenboek": Tabel(alles_vrij=True),
    "sturing.doelrealisatie": Tabel(
        ("doel_id", "jaar", "gebied_code"),
        {
            "cijfer": (
                "basiswaarde", "streefwaarde", "realisatie", "realisatie_geschat", "ondergrens", "bovengrens",
                "afwijking", "status", "reden", "n_jeugdigen", "n_jeugdigen_basis", "besparing_gerealiseerd_eur",
            ),
            "panel": (
                "streefwaarde_jaar", "jaarverwachting", "jaarverwachting_ondergrens", "jaarverwachting_bovengrens",
                "voorbehoud_eur", "quarantaine_eur",
            ),
        },
        (
            "jaarlijkse_verandering", "n_maanden", "basisjaar", "dekking", "dekking_basis", "panel_dekking",
            "panel_n_gemeenten", "indexatie_factor", "beoogde_besparing_eur",
        ),
    ),
    "sturing.indicatoren": Tabel(
        ("indicator_id", *_BREED),
        {"cijfer": ("teller", "noemer", "waarde", "n_jeugdigen", "meetbaar_aandeel")},
        ("indicator_versie", "dekking"),
    ),
    "sturing.indicatoren_breed": Tabel(
        _BREED, {i: (i,) for i in INDICATOREN}, ("dekking_toewijzingen", "dekking_declaraties")
    ),
    "sturing.prognose_plekken": Tabel(
        ("gebied_code", "segment", "maand"),
        {"cijfer": ("stand_nu", "n_blijft", "n_komt", "stand_verwacht", "ondergrens", "bovengrens")},
        ("maanden_vooruit", "n_geleerde_maanden"),
    ),
    "sturing.prognose_terugblik": Tabel(
        ("gebied_code", "segment", "peilmaand", "maand"),
        {"cijfer": ("stand_nu", "stand_verwacht", "ondergrens", "bovengrens", "stand_werkelijk", "afwijking")},
        ("maanden_vooruit",),
    ),
    "sturing.referentiewaarden": Tabel(
        ("indicator_id", "gebied", "segment", "jaar"), {"cijfer": ("waarde_regio",)}, ("waarde", "dekking_regio")
    ),
    "sturing.stromen": Tabel(
        ("maand", "gebied_code", "segment"),
        {
            "stand": ("stand_begin", "stand_eind"),
            **{k: (k,) for k in STROMEN},
        },
        ("dekking",),
    ),
}  # fmt: skip


# ---- what the tables say of reeksen ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Periode:
    """First and last published month, as numbers of months."""

    eerste: int
    laatste: int

    def laag(self, soort: pl.Expr, periode: pl.Expr) -> pl.Expr:
        """Say in which laag a period is."""
        heel = self.is_heel(periode.dt.year())
        return (
            pl.when(soort == "maand")
            .then(pl.lit("maand"))
            .when(soort == "12m")
            .then(pl.when(periode.dt.month() == 12).then(pl.lit("jaar")).otherwise(pl.lit("12m")))
            .otherwise(pl.when(heel).then(pl.lit("jaar")).otherwise(pl.lit("maand")))
        )

    def nummer(self, soort: pl.Expr, periode: pl.Expr) -> pl.Expr:
        """Give the last month of a period, as a number."""
        december = periode.dt.year().cast(pl.Int64) * 12 + 11
        jaar = pl.when(self.is_heel(periode.dt.year())).then(december).otherwise(december + GEBROKEN)
        return pl.when(soort == "jaar").then(jaar).otherwise(maandnummer(periode))

    def is_heel(self, jaar: pl.Expr) -> pl.Expr:
        """Tell whether all months of a year are published."""
        begin = jaar.cast(pl.Int64) * 12
        return (begin >= self.eerste) & (begin + 11 <= self.laatste)


def maandnummer(datum: pl.Expr) -> pl.Expr:
    """Number the month of a date."""
    return datum.dt.year().cast(pl.Int64) * 12 + datum.dt.month().cast(pl.Int64) - 1


def _leden(
    df: pl.DataFrame, blok: str, familie: str, kenmerk: str, n: pl.Expr | None, **waar: pl.Expr | str
) -> pl.DataFrame:
    """Rows of LID of a frame that has `rij`; what is not said of where it stands is read from its columns.

    `waar`: of what is in sums also its `maat` and `waarde`.
    """
    als_gewoon: dict[str, pl.Expr | str] = {
        "gebied": pl.col("gebied_code"),
        "segment": pl.col("segment"),
        "deel": GEEN,
        "laag": "maand",
        "maat": pl.lit(None),
        "waarde": pl.lit(None),
    }
    plek = {k: pl.lit(v) if isinstance(v, str) else v for k, v in (als_gewoon | waar).items()}
    return df.select(
        pl.lit(blok).alias("blok"),
        pl.lit(familie).alias("familie"),
        *(plek[k].cast(LID[k]).alias(k) for k in ("laag", "gebied", "segment", "deel")),
        pl.lit(kenmerk).alias("kenmerk"),
        pl.col("rij").cast(pl.Int64),
        plek["t"].cast(pl.Int64).alias("t"),
        (pl.lit(None) if n is None else n).cast(pl.Float64).alias("n"),
        *(plek[k].cast(LID[k]).alias(k) for k in ("maat", "waarde")),
    )


def _indicatoren(df: pl.DataFrame, periode: Periode) -> Iterator[pl.DataFrame]:
    soort, wanneer = pl.col("periode_soort"), pl.col("periode")
    df = df.with_columns(
        laag=periode.laag(soort, wanneer),
        t=periode.nummer(soort, wanneer),
        basis=pl.col("segment").str.split(":").list.first(),
        deel=pl.col("segment").str.split(":").list.get(1, null_on_oob=True).fill_null(GEEN),
    )
    zorgjeugd = _naast(df, "jeugdigen_met_verblijf")
    per = {str(naam): rijen for (naam,), rijen in df.partition_by("indicator_id", as_dict=True).items()}
    for naam, rijen in per.items():
        yield from _van_indicator(naam, rijen, zorgjeugd)
    if {"uitstroom", "trajectduur_gemiddeld"} <= per.keys():
        yield _naar_elders(per["uitstroom"], per["trajectduur_gemiddeld"])


def _naar_elders(uitstroom: pl.DataFrame, beeindigd: pl.DataFrame) -> pl.DataFrame:
    """Who ended and did not leave went on in another segment: over more than a month nothing shows that but this."""
    sleutel = ["laag", "t", "gebied_code", "segment"]
    weg = uitstroom.select(*sleutel, weg="teller")
    met = beeindigd.filter(pl.col("segment") != TOTAAL).join(weg, on=sleutel, maintain_order="left")
    plek: dict[str, pl.Expr | str] = {"laag": pl.col("laag"), "t": pl.col("t"), "deel": "doorstroom_uit"}
    rest = pl.col("noemer") - pl.col("weg")
    return _leden(met, "cijfer", "stromen", "stromen", rest, **plek).with_columns(rij=pl.lit(None, pl.Int64))


def _van_indicator(naam: str, df: pl.DataFrame, verblijf: pl.DataFrame) -> Iterator[pl.DataFrame]:
    hoe = INDICATOREN.get(naam)
    if hoe is None:
        return
    teller, noemer, jeugdigen = pl.col("teller"), pl.col("noemer"), pl.col("n_jeugdigen")
    plek: dict[str, pl.Expr | str] = {
        "laag": pl.col("laag"),
        "t": pl.col("t"),
        "deel": pl.col("deel"),
        "segment": pl.col("basis"),
    }
    if hoe.segment:
        plek["segment"] = pl.lit(hoe.segment)
    if hoe.deel:
        plek["deel"] = pl.lit(hoe.deel)
    # delen of one familie are added up
    in_som: dict[str, pl.Expr | str] = {"maat": hoe.maat, "waarde": teller} if hoe.maat else {}
    yield _leden(df, "cijfer", hoe.familie, hoe.familie if hoe.deel else naam, jeugdigen, **plek, **in_som)
    if hoe.rest:
        yield _leden(df, "cijfer", hoe.familie, f"{naam}.rest", (noemer - teller) / hoe.rest, **plek)
    if hoe.familie == "verblijfsdagen":
        # days are no youths: those without any of these days are among the complement
        naast = df.join(verblijf, on=["laag", "t", "gebied_code", "segment"], how="left", maintain_order="left")
        yield _leden(naast, "cijfer", hoe.familie, f"{naam}.rest", pl.col("ernaast") - jeugdigen, **plek)
    if hoe.noemer:
        erbij = {**plek, "deel": pl.lit(hoe.noemer_deel)}
        if hoe.noemer_segment:
            erbij["segment"] = pl.lit(hoe.noemer_segment)
        telling = noemer / hoe.telt if hoe.telt else None
        if hoe.noemer_maat:
            erbij |= {"maat": hoe.noemer_maat, "waarde": noemer}
        kenmerk = hoe.noemer if hoe.noemer_deel else f"{naam}.noemer"
        yield _leden(df, "cijfer", hoe.noemer, kenmerk, telling, **erbij)


def _naast(df: pl.DataFrame, indicator: str) -> pl.DataFrame:
    sleutel = ["laag", "t", "gebied_code", "segment"]
    rijen = df.filter(pl.col("indicator_id") == indicator).select(*sleutel, ernaast=pl.col("n_jeugdigen"))
    return rijen.unique(sleutel)


def _stromen(df: pl.DataFrame, _: Periode) -> Iterator[pl.DataFrame]:
    t = maandnummer(pl.col("maand"))
    for kolom, wanneer in (("stand_begin", t - 1), ("stand_eind", t)):
        yield _leden(df, "stand", "stand", kolom, pl.col(kolom), t=wanneer, maat="stand", waarde=pl.col(kolom))
    for kolom in STROMEN:
        # of all segments together everybody knows that nobody goes from one to another
        gaat_over = (pl.col("segment") != TOTAAL) | (pl.col(kolom) != 0)
        rijen = df.filter(gaat_over) if kolom.startswith("doorstroom") else df
        yield _leden(
            rijen, kolom, "stromen", "stromen", pl.col(kolom), t=t, deel=kolom, maat="stromen", waarde=pl.col(kolom)
        )


def _tijdigheid(df: pl.DataFrame, _: Periode) -> Iterator[pl.DataFrame]:
    t = maandnummer(pl.col("maand"))
    for familie, kolommen in TABELLEN["kwaliteit.tijdigheid"].blokken.items():
        per = REGEL if familie.startswith("regels") else TRAJECT
        for kolom in kolommen:
            if kolom.startswith("n_"):
                maat = "onverwacht" if kolom == "n_terugwerkend_onverwacht" else familie
                yield _leden(df, familie, familie, kolom, pl.col(kolom) / per, t=t, maat=maat, waarde=pl.col(kolom))


def _prognose_terugblik(df: pl.DataFrame, _: Periode) -> Iterator[pl.DataFrame]:
    for kolom, maand in (("stand_nu", "peilmaand"), ("stand_werkelijk", "maand")):
        yield _leden(df, "cijfer", "stand", f"prognose.{kolom}", pl.col(kolom), t=maandnummer(pl.col(maand)))


def _prognose_plekken(df: pl.DataFrame, _: Periode) -> Iterator[pl.DataFrame]:
    yield _leden(df, "cijfer", "stand", "prognose", pl.col("stand_nu"), t=maandnummer(pl.col("peilmaand")))


def _groei_ontleding(df: pl.DataFrame, periode: Periode) -> Iterator[pl.DataFrame]:
    met = df.filter(pl.col("kosten_eur").is_not_null())
    for kolom, eerder in (("n_jeugdigen", 0), ("n_jeugdigen_vorig_jaar", 1)):
        jaar = pl.col("jaar").cast(pl.Int64) - eerder
        laag = pl.when(periode.is_heel(jaar)).then(pl.lit("jaar")).otherwise(pl.lit("maand"))
        yield _leden(
            met, "cijfer", "kosten", f"ontleding.{kolom}", pl.col(kolom), laag=laag, t=jaar * 12 + 11 + GEBROKEN
        )


ONBEKEND = "onbekend"
"""The familie of a figure of which nobody said whose it is: there are no such reeksen, so it is hidden."""
_DOELREEKS = {"kosten": ("kosten", GEEN), "crisis_instroom": ("stromen", "begonnen")}
"""Familie and deel of the indicators that targets and measures aim at."""


def _doelrealisatie(df: pl.DataFrame, periode: Periode) -> Iterator[pl.DataFrame]:
    met = df.filter(pl.col("n_maanden") > 0).with_columns(deel=pl.col("segment").str.split("+")).explode("deel")
    for (indicator,), rijen in met.partition_by("indicator_id", as_dict=True).items():
        heel = (pl.col("n_maanden") == 12) & periode.is_heel(pl.col("basisjaar"))
        laag = pl.when(heel).then(pl.lit("jaar")).otherwise(pl.lit("maand"))
        naam, deel = _DOELREEKS.get(str(indicator), (ONBEKEND, GEEN))
        waar: dict[str, pl.Expr | str] = {
            "segment": pl.col("deel"),
            "deel": deel,
            "t": pl.col("jaar").cast(pl.Int64) * 12 + 11 + GEBROKEN,
        }
        for kolom in ("n_jeugdigen", "n_jeugdigen_basis"):
            # of a target on segments together the youths are those of all of them
            n = pl.when(pl.col("segment") == pl.col("deel")).then(pl.col(kolom))
            yield _leden(rijen, "cijfer", naam, f"doel.{kolom}", n, laag=laag, **waar)
        yield _leden(rijen, "panel", naam, "panel", None, laag="maand", **waar)


LEDEN: Mapping[str, Callable[[pl.DataFrame, Periode], Iterator[pl.DataFrame]]] = {
    "sturing.indicatoren": _indicatoren,
    "sturing.stromen": _stromen,
    "sturing.doelrealisatie": _doelrealisatie,
    "sturing.prognose_plekken": _prognose_plekken,
    "sturing.prognose_terugblik": _prognose_terugblik,
    "kwaliteit.tijdigheid": _tijdigheid,
    "kosten.groei_ontleding": _groei_ontleding,
}
"""What a table (with `rij`) says of reeksen: rows of LID."""


# ---- what follows for the other tables ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Masker:
    """Which rows of a block are hidden, and which of them because they are small themselves."""

    tabel: str
    blok: str
    dicht: Vlaggen
    klein: Vlaggen


@dataclass
class Stand:
    """The tables as they are, and what is hidden so far."""

    bladen: Bladen
    periode: Periode
    drempel: float
    reeksen: pl.DataFrame
    maskers: dict[tuple[str, str], Masker]
    eerder: Bladen

    def reeks_dicht(self, df: pl.DataFrame, familie: str, **waar: pl.Expr | str) -> Vlaggen:
        """Tell of which rows the reeks is hidden; one that nobody knows is hidden."""
        leden = _leden(df.with_row_index("rij"), "", familie, "", None, t=pl.lit(0), **waar)
        op = ["familie", "laag", "gebied", "segment", "deel"]
        met = leden.join(self.reeksen, on=op, how="left", maintain_order="left")
        return met["dicht"].fill_null(value=True).to_numpy()

    def was_dicht(self, tabel: str, blok: str) -> Vlaggen:
        """Tell which rows of a block the publication before hid, if it had them."""
        df, toen = self.bladen[tabel], self.eerder.get(tabel)
        if toen is None:
            return np.zeros(df.height, bool)
        sleutel = list(TABELLEN[tabel].sleutel)
        kolommen = [k for k in TABELLEN[tabel].blokken[blok] if k in toen.columns]
        weg = toen.filter(pl.col(VLAG) & pl.all_horizontal(pl.col(k).is_null() for k in kolommen))
        met = df.join(
            weg.select(sleutel).unique().with_columns(weg=pl.lit(value=True)),
            on=sleutel, how="left", nulls_equal=True, maintain_order="left",
        )  # fmt: skip
        was_er = df.select(pl.any_horizontal(pl.col(k).is_not_null() for k in kolommen if k in df.columns))
        return (met["weg"].fill_null(value=False) & was_er.to_series()).to_numpy()

    def masker(self, tabel: str, blok: str) -> Vlaggen:
        """Which rows of a block are hidden; none when the table is not there."""
        gevonden = self.maskers.get((tabel, blok))
        return gevonden.dicht if gevonden is not None else np.zeros(self.bladen[tabel].height, bool)

    def klein(self, kolom: pl.Series, per: float = JEUGDIGE) -> Vlaggen:
        """Tell which figures are on too few youths; nothing is on none."""
        return is_klein(kolom.cast(pl.Float64).fill_null(0).to_numpy() / per, self.drempel)


def _concentratie(stand: Stand, tabel: str) -> Iterator[Masker]:
    df = stand.bladen[tabel]
    geheel = _kosten_van_jaar(stand, df, pl.col("jaar"))
    yield Masker(tabel, "geheel", geheel, stand.klein(df["n_jeugdigen"]))
    # of two tops that are shown the one less the other is a figure too
    getoond: list[np.ndarray] = [df["n_jeugdigen"].to_numpy()]
    for top in ("top15pct", "top5pct", "top1pct", "top12"):
        n = df[f"n_{top}"].to_numpy()
        klein = is_klein(n, stand.drempel)
        dicht = geheel | klein
        for ander in getoond:
            dicht = dicht | is_klein(np.abs(np.nan_to_num(ander) - n), stand.drempel)
        getoond.append(np.where(dicht, np.nan, n))
        yield Masker(tabel, top, dicht, klein)


def _kosten_van_jaar(stand: Stand, df: pl.DataFrame, jaar: pl.Expr) -> Vlaggen:
    laag = pl.when(stand.periode.is_heel(jaar)).then(pl.lit("jaar")).otherwise(pl.lit("maand"))
    return stand.reeks_dicht(df, "kosten", laag=laag, segment=TOTAAL)


def _verrekening(stand: Stand, tabel: str) -> Iterator[Masker]:
    df = stand.bladen[tabel]
    niets = np.zeros(df.height, bool)
    eigen = _kosten_van_jaar(stand, df, pl.col("jaar"))
    regio = _kosten_van_jaar(stand, df.with_columns(gebied_code=pl.lit(REGIO)), pl.col("jaar"))
    # two years earlier is another publication's, or not published: then nothing is known and nothing is paid by it
    toen = _kosten_van_jaar(stand, df, pl.col("jaar") - 2)
    methode = df["methode"].to_numpy()
    zelf, t2 = np.isin(methode, ["woonplaats", "werkelijk_t0"]), methode == "vast_t2"
    yield Masker(tabel, "eigen", eigen, niets)
    yield Masker(tabel, "bedrag", (zelf & eigen) | (t2 & (toen | regio)) | (~zelf & ~t2 & regio), niets)
    yield Masker(tabel, "regio", regio, niets)


ZORGMAAND = "kosten.kosten_zorgmaand"


_BLAD = ("zorgmaand", "segment", "hulpvorm", "verwijzer_groep")


def verberg_bladen(stand: Stand) -> tuple[pl.DataFrame, list[Masker]]:
    """Return the leaves with empty ones among them, and what is hidden: of these all, so that nobody can tell which.

    One in every month of a hidden reeks of cost that has none: that would tell that it cost nothing. Those that the
    publication before hid: they stay hidden when a correction empties them. And one of another gemeente where few have
    the leaf, or who knows its own would know the other's.
    """
    for erbij in (_leeg_in_maanden, _leeg_van_eerder):
        stand = _met_lege(stand, erbij(stand))
    rijen, weg, vooraf = _kies_bladen(stand)
    while (derden := _derden(stand, rijen, weg)).height:
        stand = _met_lege(stand, derden)
        rijen, weg, vooraf = _kies_bladen(stand)
    return stand.bladen[ZORGMAAND], list(_maskers(stand, weg, vooraf))


def _met_lege(stand: Stand, sleutels: pl.DataFrame) -> Stand:
    """Add a leaf without cost for each of the keys that is not there yet."""
    df, sleutel = stand.bladen[ZORGMAAND], list(TABELLEN[ZORGMAAND].sleutel)
    nieuw = sleutels.select(sleutel).unique().join(df, on=sleutel, how="anti").sort(sleutel)
    rest = {k: s for k, s in df.schema.items() if k not in sleutel}
    leeg = {k: pl.lit(0 if s.is_numeric() else df[k].first(), dtype=s) for k, s in rest.items()}
    vol = pl.concat([df, nieuw.with_columns(**leeg).select(df.columns)])
    return replace(stand, bladen={**stand.bladen, ZORGMAAND: vol})


def _is_leeg(df: pl.DataFrame) -> Vlaggen:
    return (df["n_regels"] == 0).fill_null(value=False).to_numpy()


def _leeg_in_maanden(stand: Stand) -> pl.DataFrame:
    """Give, for every published month of a hidden reeks, the leaf that the segment has most often."""
    df, tak = stand.bladen[ZORGMAAND], ["hulpvorm", "verwijzer_groep"]
    vaakst = (
        df.group_by("segment", *tak)
        .len()
        .sort(["len", *tak], descending=[True, False, False])
        .unique("segment", keep="first")
    )
    dicht = stand.reeksen.filter(pl.col("dicht"), familie="kosten", laag="maand").select(
        "segment", gebied_code="gebied"
    )
    maanden = df.filter(_gepubliceerd(stand.periode)).select("zorgmaand").unique()
    return dicht.join(vaakst, on="segment").join(maanden, how="cross")


def _leeg_van_eerder(stand: Stand) -> pl.DataFrame:
    """Give the leaves that the publication before hid, of the months and gebieden that there still are."""
    df, toen = stand.bladen[ZORGMAAND], stand.eerder.get(ZORGMAAND)
    if toen is None:
        return df.clear()
    er_is = (pl.col(k).is_in(df[k].unique().implode()) for k in ("zorgmaand", "gebied_code"))
    return toen.filter(VLAG, *er_is)


def _derden(stand: Stand, rijen: list[Rij], weg: Vlaggen) -> pl.DataFrame:
    """Give a third for each sum over gemeenten in which less is hidden.

    Of a gemeente with other hidden leaves in that month and segment, on the most youths: what all its leaves add up to
    then says nothing of this one.
    """
    df = stand.bladen[ZORGMAAND]
    te_weinig = (c for c, _, minstens in rijen if minstens == MINSTENS_GEBIEDEN and 0 < weg[c].sum() < minstens)
    krap = [cellen for cellen in te_weinig if cellen[0] < df.height]  # of leaves, not of the cost of a month
    dicht = df.filter(pl.Series(weg[: df.height]), pl.col("gebied_code") != REGIO, pl.col("n_jeugdigen") > 0)
    per = dicht.group_by(_MAAND).agg(n=pl.col("n_jeugdigen").sum())
    bladen = df[[cellen[0] for cellen in krap]].select(_BLAD)
    keuze = bladen.join(per, on=["zorgmaand", "segment"]).join(df, on=TABELLEN[ZORGMAAND].sleutel, how="anti")
    return keuze.sort("n", "gebied_code", descending=[True, False]).unique(_BLAD, keep="first")


NAIJLING = "kosten.naijling"


def _maskers(stand: Stand, dicht: Vlaggen, vooraf: pl.DataFrame) -> Iterator[Masker]:
    """Say what is hidden of the leaves, and in naijling of what the months cost that are not published."""
    bladen, weg = stand.bladen[ZORGMAAND], pl.Series("weg", dicht)
    yield Masker(ZORGMAAND, "cijfer", dicht[: bladen.height], stand.klein(bladen["n_jeugdigen"]))
    if NAIJLING in stand.bladen:
        totaal = vooraf.select(_MAAND).with_columns(weg.tail(vooraf.height))
        laatste = stand.bladen[NAIJLING].select(*_MAAND, laatste=_LAATSTE)
        met = laatste.join(totaal, on=_MAAND, how="left", maintain_order="left")
        eind = (met["weg"].fill_null(value=False) & met["laatste"]).to_numpy()
        yield Masker(NAIJLING, "stand", eind, np.zeros(len(eind), bool))


def _kies_bladen(stand: Stand) -> tuple[list[Rij], Vlaggen, pl.DataFrame]:
    """Choose which leaves to hide: every leaf adds up over gemeenten, and the leaves of a segment to its cost.

    Of months of care from before the published ones naijling alone tells the cost: there that is a cell too. Returns
    the sums, what is hidden, and those costs, which are the last cells.
    """
    bladen = stand.bladen[ZORGMAAND]
    vooraf = _kosten_vooraf(stand, bladen)
    df = pl.concat([bladen, vooraf.drop("toen")], how="diagonal").with_row_index("cel")
    n = df["n_jeugdigen"].fill_null(0).to_numpy().astype(float)[:, None]
    dicht, is_regio = stand.reeks_dicht(df, "kosten"), (df["gebied_code"] == REGIO).to_numpy()
    rijen = [*_sommen_van_bladen(df.head(bladen.height), dicht, stand.periode), *_sommen_vooraf(df, bladen.height)]
    toen = _is_leeg(bladen) | stand.was_dicht(ZORGMAAND, "cijfer")
    opgave = Opgave(
        jeugdigen=n,
        relaties=als_matrix(rijen, df.height),
        minstens=np.array([m for _, _, m in rijen], np.int64),
        verplicht=dicht | np.append(toen, vooraf["toen"].to_numpy()),
        prijs=n[:, 0] + 1e9 * is_regio,
        # against a gemeente that knows its own there are the empty leaves: an audit would cost leaves of the regio
        eigenaar=np.full(df.height, -1, np.int64),
        vol=np.ones(df.height, bool),
    )
    return rijen, verberg(opgave, stand.drempel), vooraf


_MAAND = ["zorgmaand", "gebied_code", "segment"]
_LAATSTE = pl.col("vertraging_maanden") == pl.col("vertraging_maanden").max().over(_MAAND)
"""The last delay of a month of care: what came in so far is its cost."""


def _kosten_vooraf(stand: Stand, bladen: pl.DataFrame) -> pl.DataFrame:
    """Cost of the months of care that are not published, where naijling tells it; with the youths of one leaf."""
    if NAIJLING not in stand.bladen:
        return bladen.select(*_MAAND, "n_jeugdigen", toen=pl.lit(value=False)).clear()
    voor = bladen.filter(~_gepubliceerd(stand.periode))
    beide = pl.concat([voor, voor.with_columns(segment=pl.lit(TOTAAL))])
    naijling = stand.bladen[NAIJLING].filter(_LAATSTE).select(_MAAND)
    per = beide.group_by(_MAAND).agg(pl.col("n_jeugdigen").max()).join(naijling, on=_MAAND, how="semi").sort(_MAAND)
    toen = stand.eerder.get(NAIJLING)
    if toen is None:
        return per.with_columns(toen=pl.lit(value=False))
    eind = pl.col("vertraging_maanden") == pl.col("vertraging_maanden").max().over("zorgmaand")
    was = toen.filter(eind, pl.col("cumulatief_eur").is_null()).select(*_MAAND, toen=pl.lit(value=True)).unique()
    return per.join(was, on=_MAAND, how="left", maintain_order="left").with_columns(
        pl.col("toen").fill_null(value=False)
    )


def _gepubliceerd(periode: Periode) -> pl.Expr:
    return maandnummer(pl.col("zorgmaand")).is_between(periode.eerste, periode.laatste)


def _sommen_van_bladen(df: pl.DataFrame, dicht: Vlaggen, periode: Periode) -> Iterator[Rij]:
    """Leaves over gemeenten, and the leaves of a published month to its cost."""
    tak = ["zorgmaand", "segment", "hulpvorm", "verwijzer_groep"]
    per_maand = df.filter(_gepubliceerd(periode)).group_by(_MAAND, maintain_order=True).agg("cel")
    # the only leaf of a month is its cost, which is shown: it can be shown and hides nothing
    alleen = per_maand.filter(pl.col("cel").list.len() == 1)["cel"].list.first().to_numpy()
    bekend = np.zeros(df.height, bool)
    bekend[alleen] = ~dicht[alleen]
    per_tak = (
        df.filter(~pl.Series(bekend)).group_by(tak, maintain_order=True).agg("cel", r=pl.col("gebied_code") == REGIO)
    )
    for cellen, is_regio in per_tak.select("cel", "r").iter_rows():
        if any(is_regio) and len(cellen) > 1:
            yield cellen, [-1.0 if r else 1.0 for r in is_regio], MINSTENS_GEBIEDEN
    for (cellen,) in per_maand.select("cel").iter_rows():
        if not dicht[cellen[0]]:  # or what they add up to is not told either
            yield cellen, [1.0] * len(cellen), MINSTENS


def _sommen_vooraf(df: pl.DataFrame, n_bladen: int) -> Iterator[Rij]:
    """Of months that are not published (cells from `n_bladen` on): leaves to the cost, over segments and gemeenten."""
    kosten = df.tail(df.height - n_bladen)
    bladen = df.head(n_bladen).join(kosten.select(_MAAND), on=_MAAND, how="semi")
    heel, deel = pl.col("segment") == TOTAAL, pl.col("segment") != TOTAAL
    for delen, totalen, op in (
        (bladen, kosten.filter(deel), _MAAND),
        (kosten.filter(deel), kosten.filter(heel), ["zorgmaand", "gebied_code"]),
        (kosten.filter(pl.col("gebied_code") != REGIO), kosten.filter(gebied_code=REGIO), ["zorgmaand", "segment"]),
    ):
        som = delen.group_by(op, maintain_order=True).agg("cel").join(totalen.select(*op, totaal="cel"), on=op)
        minstens = MINSTENS if "gebied_code" in op else MINSTENS_GEBIEDEN
        for cellen, totaal in som.select("cel", "totaal").iter_rows():
            yield [*cellen, totaal], [*([1.0] * len(cellen)), -1.0], minstens


_ORIGINS = 12
"""Months of care that a factor is a sum over, at most (setting naijling_jaargangen)."""


def _naijling(stand: Stand, tabel: str) -> Iterator[Masker]:
    """What came in with each delay.

    Of gemeenten only what follows from the cost of the month and from where the regio has nobody, as nearly all of it
    is on a few youths; of the regio what enough youths are behind. Expected cost and factors say no more than the cost
    so far and the factors of the regio. `verberg_bladen` told which costs of months that are not published are hidden.
    """
    alles = stand.bladen[tabel].with_columns(
        toen=pl.Series(stand.was_dicht(tabel, "netto")),
        kosten=pl.Series(stand.reeks_dicht(stand.bladen[tabel], "kosten")),
        laatste=_LAATSTE,
        enige=pl.len().over(_MAAND) == 1,
        weg=pl.Series(stand.masker(tabel, "stand")),
    )
    # of these months the cost is not told
    alles = alles.with_columns(geheim=(pl.col("weg") & pl.col("laatste")).any().over(_MAAND) | pl.col("kosten"))
    df = alles.filter(pl.col("gebied_code") == REGIO).sort(_NAIJLING).with_row_index("cel")
    # what came in at the only delay there is is the cost of the month, which is shown
    rijen = list(_naijling_sommen(df.filter(pl.col("geheim") | ~pl.col("enige")), stand.periode, df.height))
    erbij = np.zeros(df.filter("geheim")[_MAAND].n_unique())  # the costs that are hidden
    n = np.append(df[HULP].fill_null(0).to_numpy().astype(float), erbij)
    opgave = Opgave(
        jeugdigen=n[:, None],
        relaties=als_matrix(rijen, len(n)),
        minstens=np.array([m for _, _, m in rijen], np.int64),
        verplicht=np.append((df["kosten"] | df["toen"]).to_numpy(), erbij == 0),
        prijs=n + 1e6 * (n == 0) + 1e7 * np.append((df["segment"] == TOTAAL).to_numpy(), erbij),
        eigenaar=np.full(len(n), -1, np.int64),
        vol=np.ones(len(n), bool),
    )
    met = df.with_columns(netto=pl.Series(verberg(opgave, stand.drempel)[: df.height]))
    tot = pl.col("netto").cum_sum().over(_MAAND)
    met = met.with_columns(stand=(tot > 0) & ((tot < pl.col("netto").sum().over(_MAAND)) | pl.col("geheim")))
    terug = (
        alles.with_row_index("rij")
        .join(met.select(*_NAIJLING, "netto", "stand"), on=list(_NAIJLING), how="left")
        .join(_factoren(met.filter(_gepubliceerd(stand.periode))), on=["segment", "vertraging_maanden"], how="left")
        .sort(_NAIJLING)
        .with_columns(pl.col("factor", "tot_eind").fill_null(value=False))
    )
    terug = _van_gemeenten(terug).with_columns(eind=pl.col("geheim") | pl.col("tot_eind").last().over(_MAAND))
    terug = terug.with_columns(*_van_enige()).sort("rij")
    klein = stand.klein(alles[HULP])
    for blok in TABELLEN[tabel].blokken:
        yield Masker(tabel, blok, terug[blok].fill_null(value=True).to_numpy(), klein & (blok == "netto"))


def _van_gemeenten(driehoek: pl.DataFrame) -> pl.DataFrame:
    """Fill in `netto` and `stand` of the gemeenten, given those of the regio; sorted by delay.

    Where the regio shows that nobody is behind a delay a gemeente has nothing. What came in so far is then told before
    the first delay with anything and after the last; and when there is one such delay, it holds the cost of the month.
    In total the same is told as of all segments.
    """
    is_regio, totaal = pl.col("gebied_code") == REGIO, pl.col("segment") == TOTAAL
    iets = pl.col("netto") | (pl.col(HULP).fill_null(0) > 0) | (pl.col("netto_eur") != 0)
    iets = iets.filter(is_regio).first().over("zorgmaand", "segment", "vertraging_maanden").fill_null(value=True)
    met = driehoek.with_columns(iets=iets)
    met = met.with_columns(iets=pl.col("iets") & ((pl.col("iets").sum().over(_MAAND) > 1) | pl.col("geheim")))
    delen = pl.col("iets").filter(~totaal).any().over("zorgmaand", "gebied_code", "vertraging_maanden")
    met = met.with_columns(iets=pl.col("iets") & (~totaal | delen))
    tot = pl.col("iets").cum_sum().over(_MAAND)
    binnen = (tot > 0) & (tot < pl.col("iets").sum().over(_MAAND))
    return met.with_columns(
        netto=pl.when(is_regio).then("netto").otherwise(pl.col("iets") | pl.col("geheim")) | pl.col("kosten"),
        stand=pl.when(is_regio).then("stand").otherwise(binnen | pl.col("geheim")) | pl.col("kosten"),
    )


def _van_enige() -> Iterator[pl.Expr]:
    """What is told of the only gemeente with cost in a month of care (of the published ones all have a row).

    The same as of the regio; and in total what is told of all its segments.
    """
    cel, is_regio = ["zorgmaand", "segment", "vertraging_maanden"], pl.col("gebied_code") == REGIO
    for blok in ("netto", "stand"):
        van_regio = pl.col(blok).filter(is_regio).first().over(cel)
        zelf = pl.when(pl.len().over(cel) == 2).then(van_regio).otherwise(pl.col(blok))
        delen = zelf.filter(pl.col("segment") != TOTAAL).any().over("zorgmaand", "gebied_code", "vertraging_maanden")
        yield pl.when(~is_regio & (pl.col("segment") == TOTAAL)).then(zelf & delen).otherwise(zelf).alias(blok)


def _naijling_sommen(regio: pl.DataFrame, periode: Periode, kosten: int) -> Iterator[Rij]:
    """Sums in the triangle of the regio: over segments, over delays to the cost of the month, and in the factors.

    A cost that is hidden itself is a cell too, numbered from `kosten`.
    """
    per = regio.group_by("zorgmaand", "vertraging_maanden", maintain_order=True).agg("cel", "segment")
    for cellen, segmenten in per.select("cel", "segment").iter_rows():
        if TOTAAL in segmenten:
            yield cellen, [-1.0 if s == TOTAAL else 1.0 for s in segmenten], MINSTENS
    maanden = regio.group_by("zorgmaand", "segment", maintain_order=True).agg("cel", pl.col("geheim").any())
    for cellen, geheim in maanden.select("cel", "geheim").iter_rows():
        yield [*cellen, *([kosten] * geheim)], [*([1.0] * len(cellen)), *([-1.0] * geheim)], MINSTENS
        kosten += geheim
    # of months of care that began before the first levering there is no factor
    factoren = regio.filter(_gepubliceerd(periode)).group_by("segment", "vertraging_maanden", maintain_order=True)
    for (cellen,) in factoren.agg(pl.col("cel").tail(_ORIGINS)).select("cel").iter_rows():
        yield cellen, [1.0] * len(cellen), MINSTENS_GEBIEDEN


def _factoren(regio: pl.DataFrame) -> pl.DataFrame:
    """Tell which factors are hidden: those that are a sum over months of care of which only one or two are hidden."""
    op = ["segment", "vertraging_maanden"]
    met = regio.with_columns(volgende=pl.col("stand").shift(-1).over("segment", "zorgmaand"))
    met = met.filter(pl.col("volgende").is_not_null()).sort("zorgmaand")
    n = met.group_by(op).agg(n=(pl.col("stand") | pl.col("volgende")).tail(_ORIGINS).sum())
    factor = n.select(*op, factor=pl.col("n").is_between(1, MINSTENS_GEBIEDEN - 1))
    ervoor = factor.select("segment", pl.col("vertraging_maanden") + 1, tot_eind="factor")
    alle = regio.select(op).unique().join(factor, on=op, how="left").join(ervoor, on=op, how="left")
    return alle.with_columns(pl.col("factor", "tot_eind").fill_null(value=False))


def _naijling_terugblik(stand: Stand, tabel: str) -> Iterator[Masker]:
    """For the regio what naijling shows too, and only where no gemeente is left out; or that would tell of these.

    What a month became is its cost: of a gemeente where that is shown, of the regio also where that of all is.
    """
    df = stand.bladen[tabel]
    naijling = (
        stand.bladen["kosten.naijling"]
        .select(_NAIJLING)
        .with_columns(
            dicht=pl.Series(stand.masker("kosten.naijling", "stand") | stand.masker("kosten.naijling", "tot_eind"))
        )
    )
    met = df.join(naijling, on=list(_NAIJLING), how="left", maintain_order="left")["dicht"].fill_null(value=True)
    n_gemeenten = stand.reeksen.filter(pl.col("familie") == "kosten", pl.col("gebied") != REGIO)["gebied"].n_unique()
    is_regio, allen = (df["gebied_code"] == REGIO).to_numpy(), (df["n_gemeenten"] == n_gemeenten).to_numpy()
    gevoelig = df["segment"].is_in(list(_regio_zonder(stand, "kosten"))).to_numpy()
    kosten, niets = stand.reeks_dicht(df, "kosten"), np.zeros(df.height, bool)
    yield Masker(tabel, "cijfer", met.to_numpy() | ~is_regio | ~allen, niets)
    yield Masker(tabel, "werkelijk", kosten | (is_regio & ~allen & gevoelig), niets)


def _indicatoren_breed(stand: Stand, tabel: str) -> Iterator[Masker]:
    df = stand.bladen[tabel]
    lang = stand.bladen["sturing.indicatoren"].with_columns(
        dicht=pl.Series(stand.masker("sturing.indicatoren", "cijfer"))
    )
    for naam in (k for k in df.columns if k in INDICATOREN):
        rijen = lang.filter(pl.col("indicator_id") == naam).select(*_BREED, "dicht")
        met = df.join(rijen, on=list(_BREED), how="left", maintain_order="left")["dicht"].fill_null(value=False)
        yield Masker(tabel, naam, met.to_numpy() & df[naam].is_not_null().to_numpy(), np.zeros(df.height, bool))


def _referentiewaarden(stand: Stand, tabel: str) -> Iterator[Masker]:
    lang = stand.bladen["sturing.indicatoren"].with_columns(
        dicht=pl.Series(stand.masker("sturing.indicatoren", "cijfer"))
    )
    eigen = lang.filter((pl.col("periode_soort") == "jaar") & (pl.col("gebied_code") == REGIO)).select(
        "indicator_id", "uitsplitsing", "dicht", segment=pl.col("segment_basis"), jaar=pl.col("periode").dt.year()
    )
    df = stand.bladen[tabel].with_columns(pl.col("jaar").cast(pl.Int32))
    op = ["indicator_id", "uitsplitsing", "segment", "jaar"]
    met = df.join(eigen, on=op, how="left", nulls_equal=True, maintain_order="left")["dicht"].fill_null(value=False)
    yield Masker(tabel, "cijfer", met.to_numpy(), np.zeros(df.height, bool))


def _regio_zonder(stand: Stand, familie: str, deel: str = GEEN) -> set[str]:
    """Segments in which a gemeente is hidden: there the regio without some gemeenten may give one away."""
    dicht = stand.reeksen.filter(pl.col("dicht"), pl.col("gebied") != REGIO, familie=familie, laag="maand", deel=deel)
    return set(dicht["segment"].to_list())


def _maatregelen(stand: Stand, tabel: str) -> Iterator[Masker]:
    """Follow the reeksen a measure aims at, of one segment or two; over part of the gemeenten also what is theirs."""
    df = stand.bladen[tabel]
    van_deel = (pl.col("gebied_code") == REGIO) & (pl.col("dekking").fill_null(0) < 1)
    delen = df.select(
        "gebied_code", "indicator_id", pl.col("segment").fill_null("").str.split("+"), van_deel=van_deel
    ).with_row_index("nr")
    dicht = np.zeros(df.height, bool)
    for (indicator,), rijen in delen.explode("segment").partition_by("indicator_id", as_dict=True).items():
        familie, deel = _DOELREEKS.get(str(indicator), (ONBEKEND, GEEN))
        raakt = rijen["van_deel"] & rijen["segment"].is_in(list(_regio_zonder(stand, familie, deel)))
        weg = pl.Series(stand.reeks_dicht(rijen, familie, deel=deel)) | raakt
        dicht[rijen.filter(weg)["nr"].to_numpy()] = True
    yield Masker(tabel, "cijfer", dicht & df["waarde"].is_not_null().to_numpy(), np.zeros(df.height, bool))


def _panel_van_regio(stand: Stand, tabel: str) -> Iterator[Masker]:
    """Figures of the regio over some of its gemeenten, which with the whole would give the others away."""
    df = stand.bladen[tabel]
    gevoelig = _regio_zonder(stand, "kosten")
    raakt = df["segment"].fill_null("").str.split("+").list.eval(pl.element().is_in(list(gevoelig))).list.any()
    regio = ((df["gebied_code"].fill_null("") == REGIO) & raakt).to_numpy()
    niets = np.zeros(df.height, bool)
    if tabel == "sturing.doelrealisatie":
        deels = (df["panel_dekking"].fill_null(0) < 1).to_numpy()
        yield Masker(tabel, "panel", regio & deels, niets)
    elif tabel == "kosten.groei_ontleding":
        deels = (df["n_gemeenten"].fill_null(0) < (df["n_gemeenten"].max() or 0)).to_numpy()
        yield Masker(tabel, "cijfer", regio & deels, niets)
    else:
        kosten = df.filter(pl.col("indicator_id") == "kosten").select(*_BREED, kosten=pl.col("teller"))
        met = df.join(kosten, on=list(_BREED), how="left", maintain_order="left")
        panel = (met["teller"] + met["noemer"] - met["kosten"]).abs() > 0
        groei = (df["indicator_id"] == "kostengroei") & panel.fill_null(value=False)
        yield Masker(tabel, "cijfer", regio & groei.to_numpy(), niets)


_AANSLUITING = ("met", "zonder", "buiten", "niet_geteld")


def _aansluiting(stand: Stand, tabel: str) -> Iterator[Masker]:
    """A row adds up to nearly the cost of the month: with a small part the smallest other one is hidden too."""
    df = stand.bladen[tabel]
    n = np.stack([df[f"{s}_regels"].fill_null(0).to_numpy().astype(float) for s in _AANSLUITING], axis=1)
    klein = is_klein(n / REGEL, stand.drempel)
    dicht = klein.copy()
    for _ in _AANSLUITING:
        som = (n * dicht).sum(axis=1) / REGEL
        krap = dicht.any(axis=1) & ((dicht.sum(axis=1) < MINSTENS) | is_klein(som, stand.drempel)) & ~dicht.all(axis=1)
        volgende = np.where(dicht, np.inf, n + 1e9 * (n == 0)).argmin(axis=1)
        dicht[krap, volgende[krap]] = True
    for i, s in enumerate(_AANSLUITING):
        yield Masker(tabel, s, dicht[:, i], klein[:, i])


def _oordelen(stand: Stand, _: str) -> Iterator[Masker]:
    """Rows refused, or with something wrong: per gemeente and month one cell, shown in several tables."""
    status, kwaliteit = stand.bladen["kwaliteit.leveringsstatus"], stand.bladen["kwaliteit.datakwaliteit"]
    plek = ["gebied_code", "maand"]
    ontvangen, goed = pl.col("n_rijen_ontvangen"), pl.col("n_rijen_geaccepteerd")
    lang = [
        kwaliteit.select(*plek, kenmerk=pl.lit("geldig"), n=ontvangen - pl.col("n_rijen_geldig")),
        kwaliteit.select(*plek, kenmerk=pl.lit("goed"), n=ontvangen - goed),
        kwaliteit.select(*plek, kenmerk=pl.lit("consistent"), n=goed - pl.col("n_rijen_consistent")),
        kwaliteit.select(*plek, kenmerk=pl.lit("gevuld"), n=pl.col("n_kernvelden") - pl.col("n_kernvelden_gevuld")),
        status.select(
            gebied_code=pl.col("gemeente"), maand="maand", kenmerk=pl.col("bericht"), n=pl.col("rijen_quarantaine")
        ),
    ]
    per = pl.concat([f.with_columns(pl.col("n").cast(pl.Float64).fill_null(0)) for f in lang])
    breed = per.pivot("kenmerk", index=plek, values="n", aggregate_function="max").sort(plek).fill_null(0)
    n = breed.drop(plek).to_numpy() / TRAJECT
    gebied = breed["gebied_code"].to_numpy()
    rijen: list[Rij] = []
    for cellen, is_regio in (
        (
            breed.with_row_index("cel")
            .group_by("maand", maintain_order=True)
            .agg("cel", r=pl.col("gebied_code") == REGIO)
        )
        .select("cel", "r")
        .iter_rows()
    ):
        if any(is_regio):
            rijen.append((cellen, [-1.0 if r else 1.0 for r in is_regio], MINSTENS_GEBIEDEN))
    opgave = Opgave(
        jeugdigen=n,
        relaties=als_matrix(rijen, breed.height),
        minstens=np.array([m for _, _, m in rijen], np.int64),
        verplicht=_toen_beoordeeld(stand, breed),
        prijs=n.sum(axis=1) + 1e6 * ~n.any(axis=1) + 1e9 * (gebied == REGIO),
        eigenaar=np.unique(np.where(gebied == REGIO, "", gebied), return_inverse=True)[1] - 1,
        vol=np.ones(len(n), bool),
    )
    cellen = breed.select(plek).with_columns(
        dicht=pl.Series(verberg(opgave, stand.drempel)), klein=pl.Series(is_klein(n, stand.drempel).any(axis=1))
    )
    for tabel, blok in (
        ("kwaliteit.datakwaliteit", "oordeel"),
        ("kwaliteit.leveringsstatus", "oordeel"),
        ("meta.herkomst", "oordeel"),
        ("kwaliteit.bevindingen", "gecontroleerd"),
    ):
        df = stand.bladen.get(tabel)
        if df is not None:
            links = "gebied_code" if "gebied_code" in df.columns else "gemeente"
            met = df.join(cellen, left_on=[links, "maand"], right_on=plek, how="left", maintain_order="left")
            dicht, klein = (met[k].fill_null(value=False).to_numpy() for k in ("dicht", "klein"))
            if blok == "gecontroleerd":
                dicht = dicht & _telt_geaccepteerde(df, status)
            yield Masker(tabel, blok, dicht, klein if blok == "oordeel" else np.zeros(df.height, bool))


def _toen_beoordeeld(stand: Stand, cellen: pl.DataFrame) -> Vlaggen:
    kwaliteit = stand.bladen["kwaliteit.datakwaliteit"]
    toen = kwaliteit.filter(pl.Series(stand.was_dicht("kwaliteit.datakwaliteit", "oordeel"))).select(
        "gebied_code", "maand"
    )
    met = toen.with_columns(toen=pl.lit(value=True))
    terug = cellen.join(met, on=["gebied_code", "maand"], how="left", maintain_order="left")
    return terug["toen"].fill_null(value=False).to_numpy()


def _telt_geaccepteerde(df: pl.DataFrame, status: pl.DataFrame) -> Vlaggen:
    """Tell which findings are on accepted rows, and not always on all rows received."""
    met = df.join(status, on=["gemeente", "bericht", "maand"], how="left", maintain_order="left")
    anders = (met["n_gecontroleerd"] != met["rijen_ontvangen"]).fill_null(value=True)
    per = pl.DataFrame({"regel_code": df["regel_code"], "anders": anders})
    rijen: Vlaggen = per.select(pl.col("anders").any().over("regel_code")).to_series().to_numpy()
    zelf: Vlaggen = df["regel_code"].is_in(list(_ALS_TIJDIGHEID)).to_numpy()
    return rijen & _telt_rijen(df) & ~zelf


def _telt_rijen(df: pl.DataFrame) -> Vlaggen:
    """Tell which rows of findings count rows; a rule on a levering as a whole (L) counts leveringen."""
    return df.select(~pl.col("regel_code").str.starts_with("L")).to_series().to_numpy()


def _ontvangen(stand: Stand, tabel: str) -> Iterator[Masker]:
    df = stand.bladen[tabel]
    kolom = "n_rijen_ontvangen" if "n_rijen_ontvangen" in df.columns else "rijen_ontvangen"
    klein = stand.klein(df[kolom], REGEL)
    yield Masker(tabel, "ontvangen", klein, klein)
    yield Masker(tabel, "oordeel", klein, klein)


_ALS_TIJDIGHEID = {
    "T23": {"rijen": "terugwerkend", "gecontroleerd": "toewijzingen"},
    "T24": {"rijen": "te_laat", "gecontroleerd": "meetbaar"},
}
"""Rules that count what kwaliteit.tijdigheid counts: per block of kwaliteit.bevindingen the familie."""


def _bevindingen(stand: Stand, tabel: str) -> Iterator[Masker]:
    df = stand.bladen[tabel]
    n, alle = df["n_rijen"], df["n_gecontroleerd"]
    rijen = _telt_rijen(df)
    klein = rijen & (stand.klein(n, REGEL) | stand.klein(alle - n, REGEL))
    yield Masker(tabel, "rijen", klein | _dicht_in_tijdigheid(stand, df, "rijen"), klein)
    klein = rijen & stand.klein(alle, REGEL)
    yield Masker(tabel, "gecontroleerd", klein | _dicht_in_tijdigheid(stand, df, "gecontroleerd"), klein)


def _dicht_in_tijdigheid(stand: Stand, df: pl.DataFrame, blok: str) -> Vlaggen:
    dicht = np.zeros(df.height, bool)
    gebied = pl.col("gebied_code" if "gebied_code" in df.columns else "gemeente")
    for code, families in _ALS_TIJDIGHEID.items():
        van_regel = (df["regel_code"] == code).to_numpy()
        dicht |= van_regel & stand.reeks_dicht(df, families[blok], gebied=gebied, segment=TOTAAL)
    return dicht


def _voorbehouden(stand: Stand, tabel: str) -> Iterator[Masker]:
    """Findings again, and what they come to in the regio.

    What was looked at in the regio can also be the rows accepted, and with those received the rows refused.
    """
    df, bron = stand.bladen[tabel], stand.bladen["kwaliteit.bevindingen"]
    rijen = _telt_rijen(df) & (df["geteld_in"] == "rijen").to_numpy()
    n, alle = df["n_geraakt"], df["n_gecontroleerd"]
    klein = rijen & (stand.klein(n, REGEL) | stand.klein(alle - n, REGEL))
    yield Masker(tabel, "geraakt", klein | (rijen & _uit_bevindingen(stand, df, "rijen", "n_rijen", "rest")), klein)
    oordeel = pl.Series(stand.masker("kwaliteit.datakwaliteit", "oordeel"))
    maanden = stand.bladen["kwaliteit.datakwaliteit"].filter(oordeel, gebied_code=REGIO)["maand"]
    goed = bron.filter(pl.Series(_telt_geaccepteerde(bron, stand.bladen["kwaliteit.leveringsstatus"])))["regel_code"]
    geweigerd = df.select(
        (pl.col("gebied_code") == REGIO)
        & pl.col("maand").is_in(maanden.implode())
        & pl.col("regel_code").is_in(goed.implode())
    ).to_series()
    klein = rijen & stand.klein(alle, REGEL)
    dicht = geweigerd.to_numpy() | _uit_bevindingen(stand, df, "gecontroleerd", "n_gecontroleerd")
    yield Masker(tabel, "gecontroleerd", klein | (rijen & dicht), klein)


def _uit_bevindingen(stand: Stand, df: pl.DataFrame, blok: str, *maten: str) -> Vlaggen:
    """Tell which reservations follow hidden findings: of a gemeente its own; of the regio those of all gemeenten.

    The regio is shown where nothing is hidden, or enough in enough gemeenten. Of what kwaliteit.tijdigheid counts too,
    only where every gemeente is: what it has more there is of the others.
    """
    bron, op = stand.bladen["kwaliteit.bevindingen"], ["maand", "bericht", "regel_code"]
    hier = bron.with_columns(
        d=pl.Series(stand.masker("kwaliteit.bevindingen", blok)), rest=pl.col("n_gecontroleerd") - pl.col("n_rijen")
    )
    krap = pl.min_horizontal(pl.col(m).filter("d").sum() for m in maten) < stand.drempel * REGEL
    deels = pl.col("regel_code").first().is_in(list(_ALS_TIJDIGHEID)) & (pl.len() < bron["gemeente"].n_unique())
    regio = hier.group_by(op).agg(
        d=pl.col("d").any() & ((pl.col("d").sum() < MINSTENS_GEBIEDEN) | krap | deels), gebied_code=pl.lit(REGIO)
    )
    per = pl.concat([hier.select(*op, "d", gebied_code="gemeente"), regio.select(*op, "d", "gebied_code")])
    met = df.join(per, on=[*op, "gebied_code"], how="left", maintain_order="left")["d"]
    return met.fill_null(value=True).to_numpy() | _dicht_in_tijdigheid(stand, df, blok)


Regel = tuple[tuple[str, ...], Callable[[Stand, str], Iterator[Masker]]]

REGELS: Mapping[str, tuple[Regel, ...]] = {
    "sturing.indicatoren": (((), _panel_van_regio),),
    "sturing.doelrealisatie": (((), _panel_van_regio),),
    "kosten.maatregelen": (((), _maatregelen),),
    "kosten.groei_ontleding": (((), _panel_van_regio),),
    "kosten.concentratie": (((), _concentratie),),
    "kosten.verrekening": (((), _verrekening),),
    NAIJLING: (((ZORGMAAND,), _naijling),),
    "kosten.naijling_terugblik": ((("kosten.naijling",), _naijling_terugblik),),
    "sturing.indicatoren_breed": ((("sturing.indicatoren",), _indicatoren_breed),),
    "sturing.referentiewaarden": ((("sturing.indicatoren",), _referentiewaarden),),
    "kwaliteit.aansluiting": (((), _aansluiting),),
    "kwaliteit.leveringsstatus": (((), _ontvangen),),
    "meta.herkomst": (((), _ontvangen),),
    "kwaliteit.bevindingen": (((), _bevindingen),),
    "kwaliteit.datakwaliteit": (((), _ontvangen), (("kwaliteit.leveringsstatus",), _oordelen)),
    "kwaliteit.voorbehouden": (
        (("kwaliteit.bevindingen", "kwaliteit.datakwaliteit", "kwaliteit.leveringsstatus"), _voorbehouden),
    ),
}
"""In the order in which they are applied: which other tables a rule needs, and the rule. Masks of one block add up."""
