"""How a file looks: separators, encodings, ways to write numbers and dates, headers, title and total rows (SPEC 3).

Lives here: from typed rows to the bytes of a file, and the choice of dresses. Add here: a dress the door must accept.
Keep out: which files wear it, values that are wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from pipeline.domain.leveringen import Bericht
from pipeline.synth import declaraties, toewijzingen

SCHEMAS: dict[Bericht, dict[str, type[pl.DataType]]] = {
    Bericht.TOEWIJZINGEN: toewijzingen.SCHEMA,
    Bericht.DECLARATIES: declaraties.SCHEMA,
}
GELD = ("budget", "producttarief", "ingediend_bedrag")
VOLUME = ("volume", "geleverd_volume")
OPTEL = ("volume", "budget", "geleverd_volume", "ingediend_bedrag")
NUL_CODES = ("aanbieder_agb", "eenheid", "reden_wijziging", "reden_beeindiging", "verwijzer_type", "retourcode")
IJW = {
    "bsn": "Bsn", "geboortedatum": "Geboortedatum_Datum", "geslacht": "Geslacht",
    "toewijzingnummer": "ToewijzingNummer", "referentie_aanbieder": "ReferentieAanbieder",
    "productcategorie": "Product_Categorie",
    "productcode": "Product_Code", "toewijzingsdatum": "Toewijzingsdatum", "toewijzingstijd": "Toewijzingstijd",
    "ingangsdatum": "Ingangsdatum", "einddatum": "Einddatum", "reden_wijziging": "RedenWijziging",
    "volume": "Omvang_Volume", "eenheid": "Omvang_Eenheid", "frequentie": "Omvang_Frequentie", "budget": "Budget",
    "reden_beeindiging": "RedenBeeindiging",
}  # fmt: skip
IJW_DECLARATIES = {
    "declaratienummer": "DeclaratieNummer", "declaratieperiode_begin": "DeclaratiePeriode_Begindatum",
    "declaratiedagtekening": "DeclaratieDagtekening", "bsn": "Bsn", "referentienummer": "ReferentieNummer",
    "vorig_referentienummer": "VorigReferentieNummer", "toewijzingnummer": "ToewijzingNummer",
    "productcategorie": "ProductCategorie", "productcode": "ProductCode",
    "productperiode_begin": "ProductPeriode_Begindatum", "productperiode_eind": "ProductPeriode_Einddatum",
    "geleverd_volume": "GeleverdVolume", "eenheid": "Eenheid", "producttarief": "ProductTarief",
    "ingediend_bedrag": "IngediendBedrag_Bedrag", "debet_credit": "DebetCredit", "retourcode": "RetourCode",
}  # fmt: skip
GGM = {
    "bsn": "BURGERSERVICENUMMER", "geboortedatum": "DATUMGEBOORTE", "geslacht": "GESLACHTSAANDUIDING",
    "aanbieder_agb": "AGBCODE", "toewijzingnummer": "TOEWIJZINGNUMMER", "productcategorie": "PRODUCTCATEGORIECODE",
    "toewijzingsdatum": "DATUMTOEWIJZING", "ingangsdatum": "DATUMSTARTTOEWIJZING",
    "einddatum": "DATUMEINDETOEWIJZING", "besluitdatum": "DATUMAFGIFTE", "datum_ontvangst_verzoek": "DATUMONTVANGST",
    "startdatum_levering": "DATUMSTART", "stopdatum_levering": "DATUMSTOP", "reden_beeindiging": "STOPREDEN",
    "volume": "OMVANG",
}  # fmt: skip
GGM_DECLARATIES = {
    "bsn": "BURGERSERVICENUMMER", "aanbieder_agb": "AGBCODE", "toewijzingnummer": "TOEWIJZINGNUMMER",
    "declaratiedagtekening": "DATUMDECLARATIE", "productcategorie": "PRODUCTCATEGORIECODE",
    "productperiode_begin": "DATUMSTART", "productperiode_eind": "DATUMEINDE", "status": "DECLARATIESTATUS",
}  # fmt: skip


@dataclass(frozen=True)
class Dracht:
    """The dress of one file. `decimaal` is the decimal sign; `kop` the style of the header names.

    `soort`: kind of file; a workbook or Parquet (werkmap.py) has types of its own, so that the rest does not count.
    """

    naam: str = "gewoon"
    scheiding: str = ";"
    codering: str = "utf-8"
    altijd_aanhalen: bool = False
    decimaal: str = ","
    duizend: bool = False
    euroteken: bool = False
    datum: str = "%Y-%m-%d"
    titelrijen: int = 0
    lege_staart: int = 0
    totaalrij: bool = False
    nullen_weg: bool = False
    open_9999: bool = False
    kop: str = "snake"
    andere_volgorde: bool = False
    extra_kolom: bool = False
    soort: str = "csv"

    @property
    def mag_rijgebreken(self) -> bool:
        """Tell whether planted rows may lie in it: not where every row has a repair of its own, or a cell a type."""
        return not (self.nullen_weg or self.open_9999) and self.soort == "csv"


GEWOON = Dracht()
DRACHTEN = (
    Dracht("komma-iso", scheiding=",", decimaal="."),
    Dracht("tab-nl", scheiding="\t", datum="%d-%m-%Y"),
    Dracht("pijp-kort", scheiding="|", datum="%-d-%-m-%Y", kop="hoofd"),
    Dracht("cp1252-titel", codering="cp1252", titelrijen=3, datum="%d-%m-%Y", kop="spatie", lege_staart=2),
    Dracht("bom-aangehaald", codering="utf-8-sig", altijd_aanhalen=True, datum="%d/%m/%Y"),
    Dracht("totaal", totaalrij=True, lege_staart=3, datum="%d-%m-%Y", kop="streep"),
    Dracht("tijdstempel", datum="%Y-%m-%dT00:00:00", kop="ijw", andere_volgorde=True),
    Dracht("backoffice", datum="%Y-%m-%d 00:00:00", kop="ggm", scheiding="|"),
    Dracht("spreadsheet", nullen_weg=True, datum="%-d-%-m-%Y", titelrijen=1, totaalrij=True, kop="spatie"),
    Dracht("spreadsheet-komma", nullen_weg=True, scheiding=",", decimaal=".", codering="utf-8-sig"),
    Dracht("open-einde", open_9999=True, datum="%d-%m-%Y", andere_volgorde=True),
    Dracht("geld", duizend=True, euroteken=True, datum="%d-%m-%Y", titelrijen=2, totaalrij=True),
    Dracht("geld-punt", duizend=True, decimaal=".", scheiding="\t", kop="hoofd", lege_staart=1),
    Dracht("alles", codering="utf-8-sig", titelrijen=2, lege_staart=4, totaalrij=True, kop="ijw", andere_volgorde=True,
           datum="%d/%m/%Y", altijd_aanhalen=True),
)  # fmt: skip


@dataclass(frozen=True)
class Opmaak:
    """The bytes of a file, the lines before the first row of data, and which rows were repaired by the reader."""

    inhoud: bytes
    regels_vooraf: int
    nullen_rijen: tuple[int, ...] = ()
    open_rijen: tuple[int, ...] = ()


def kop_van(bericht: Bericht, kolom: str, stijl: str) -> str:
    """Header name of a column in a style."""
    ijw, ggm = (IJW, GGM) if bericht is Bericht.TOEWIJZINGEN else (IJW_DECLARATIES, GGM_DECLARATIES)
    if stijl == "spatie":
        return kolom.replace("_", " ").capitalize()
    if stijl == "streep":
        return kolom.replace("_", "-")
    if stijl == "hoofd":
        return kolom.upper()
    return {"ijw": ijw, "ggm": ggm}.get(stijl, {}).get(kolom, kolom)


def als_tekst(rijen: pl.DataFrame, bericht: Bericht, *, euro: bool, dracht: Dracht) -> pl.DataFrame:
    """Write typed rows as text, column for column."""
    uit = []
    for naam, soort in SCHEMAS[bericht].items():
        kolom = pl.col(naam)
        if soort == pl.Date:
            if naam == "einddatum" and dracht.open_9999:
                kolom = kolom.fill_null(pl.date(9999, 12, 31))
            kolom = kolom.dt.to_string(dracht.datum)
        elif naam in GELD:
            kolom = _geld(kolom, euro=euro, dracht=dracht)
        elif naam in VOLUME:
            kolom = _getal(kolom, dracht.decimaal)
        elif soort != pl.String:
            kolom = kolom.cast(pl.String)
        if dracht.nullen_weg and naam in NUL_CODES:
            kolom = kolom.str.strip_chars_start("0")
        uit.append(kolom.alias(naam))
    return rijen.select(uit)


def _getal(kolom: pl.Expr, decimaal: str) -> pl.Expr:
    """A volume: whole where it is whole, else with one decimal."""
    tienden = (kolom * 10).round(0).cast(pl.Int64)
    heel = (tienden // 10).cast(pl.String)
    return (
        pl.when(tienden % 10 == 0)
        .then(heel)
        .otherwise(pl.concat_str(heel, pl.lit(decimaal), (tienden % 10).cast(pl.String)))
    )


def _geld(kolom: pl.Expr, *, euro: bool, dracht: Dracht) -> pl.Expr:
    """Cents as they are, or euros with two decimals; thousands and the euro sign only where nothing can be confused."""
    if not euro:
        return kolom.cast(pl.String)
    min_ = pl.when(kolom < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    kolom = kolom.abs()
    euros = kolom // 100
    heel = euros.cast(pl.String)
    if dracht.duizend:
        punt = pl.lit("." if dracht.decimaal == "," else ",")
        drie = (euros % 1000).cast(pl.String).str.zfill(3)
        midden = (euros // 1000 % 1000).cast(pl.String)
        heel = (
            pl.when(euros >= 1_000_000)
            .then(pl.concat_str((euros // 1_000_000).cast(pl.String), punt, midden.str.zfill(3), punt, drie))
            .when(euros >= 1000)
            .then(pl.concat_str(midden, punt, drie))
            .otherwise(heel)
        )
    teken = pl.lit("€ " if dracht.euroteken else "")
    return pl.concat_str(min_, teken, heel, pl.lit(dracht.decimaal), (kolom % 100).cast(pl.String).str.zfill(2))


def maak_op(
    tekst: pl.DataFrame, getypt: pl.DataFrame, bericht: Bericht, gemeente: str, dracht: Dracht, *, euro: bool,
    extra_velden: tuple[int, ...] = (), rng: np.random.Generator,
) -> Opmaak:  # fmt: skip
    """Put text rows in their dress. `extra_velden`: rows (from 0) that get a field too many."""
    nullen = _nullen_rijen(getypt) if dracht.nullen_weg else ()
    open_: tuple[int, ...] = ()
    if dracht.open_9999 and bericht is Bericht.TOEWIJZINGEN:
        open_ = tuple(np.flatnonzero(getypt["einddatum"].is_null().to_numpy()).tolist())
    volgorde = _volgorde(bericht, rng) if dracht.andere_volgorde else list(tekst.columns)
    if dracht.totaalrij:
        tekst = pl.concat([tekst, _totaalrij(tekst, getypt, bericht, volgorde[0], euro=euro, dracht=dracht)])
    if dracht.extra_kolom:
        tekst = tekst.with_columns(opmerking_intern=pl.lit("zie dossier"))
        volgorde = [*volgorde, "opmerking_intern"]
    kop = [kop_van(bericht, k, dracht.kop) for k in volgorde]
    stijl: Literal["always", "necessary"] = "always" if dracht.altijd_aanhalen else "necessary"
    rijen = tekst.select(volgorde).fill_null("") if dracht.altijd_aanhalen else tekst.select(volgorde)
    csv = rijen.rename(dict(zip(volgorde, kop, strict=True))).write_csv(separator=dracht.scheiding, quote_style=stijl)
    if extra_velden:
        regels = csv.split("\n")
        for i in extra_velden:
            regels[i + 1] += dracht.scheiding + ('"x"' if dracht.altijd_aanhalen else "x")
        csv = "\n".join(regels)
    titel = (f"Geïndiceerde jeugdhulp gemeente {gemeente}", f"Overzicht {bericht.value}", "")[: dracht.titelrijen]
    vooraf = "".join(t + "\n" for t in titel)
    staart = (dracht.scheiding * (len(volgorde) - 1) + "\n") * dracht.lege_staart
    inhoud = (vooraf + csv + staart).encode(dracht.codering)
    return Opmaak(inhoud, dracht.titelrijen + 1, nullen, open_)


def _nullen_rijen(getypt: pl.DataFrame) -> tuple[int, ...]:
    """Rows in which a code lost a zero in front."""
    kolommen = [k for k in NUL_CODES if k in getypt.columns]
    geraakt = getypt.select(pl.any_horizontal(pl.col(kolommen).str.starts_with("0").fill_null(value=False)))
    return tuple(np.flatnonzero(geraakt.to_series().to_numpy()).tolist())


def _volgorde(bericht: Bericht, rng: np.random.Generator) -> list[str]:
    """Columns in another order; never a column that is summed in front, where the word Totaal stands."""
    namen = list(SCHEMAS[bericht])
    geschud = [namen[i] for i in rng.permutation(len(namen))]
    voorop = next(k for k in geschud if k not in OPTEL)
    return [voorop, *(k for k in geschud if k != voorop)]


def _totaalrij(
    tekst: pl.DataFrame, getypt: pl.DataFrame, bericht: Bericht, voorop: str, *, euro: bool, dracht: Dracht
) -> pl.DataFrame:
    """A row with the word Totaal in front and sums under volumes and amounts."""
    som = getypt.select(
        pl.col(k).sum() if k in OPTEL else pl.lit(None, dtype=s).alias(k) for k, s in SCHEMAS[bericht].items()
    )
    rij = als_tekst(som, bericht, euro=euro, dracht=dracht)
    leeg = [pl.lit(None, dtype=pl.String).alias(k) for k in tekst.columns if k not in OPTEL and k != voorop]
    return rij.with_columns(*leeg, pl.lit("Totaal").alias(voorop))
