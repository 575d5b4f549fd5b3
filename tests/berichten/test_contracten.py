"""Columns, header names, and the pandera contract of accepted rows: that it is evaluated, and that it bites."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.berichten import CONTRACTEN, contracten
from pipeline.berichten.koppen import lees_kop
from pipeline.berichten.schema import bevestig
from pipeline.berichten.uitvoer import uitvoer
from pipeline.domain.fouten import InvariantFout
from pipeline.domain.leveringen import Bericht
from pipeline.domain.synoniemen import Kolomsynoniem, kolomsynoniemen
from tests.intake.hulp import CATALOGUS, D, T, als_csv, beoordeel, goede_rijen


@pytest.mark.parametrize("bericht", list(Bericht))
def test_elke_bewaarde_kolom_is_uitvoer_en_omgekeerd(bericht: Bericht) -> None:
    vast = {"levering_id", "gemeente", "leveringsmaand", "rij", "rij_hash", "eigen_sleutel", "signalen"}
    bewaard = [k.bewaard for k in CONTRACTEN[bericht].kolommen if k.bewaard]
    assert set(bewaard) == set(uitvoer(bericht)) - vast
    assert len(bewaard) == len(set(bewaard))


@pytest.mark.parametrize(
    ("bericht", "naam", "kolom"),
    [
        (T, "BURGERSERVICENUMMER", "bsn"),
        (T, "Geboortedatum_Datum", "geboortedatum"),
        (T, "toegewezen product - Toewijzing Nummer", "toewijzingnummer"),
        (T, "Product_Code", "productcode"),
        (T, "omvang_volume", "volume"),
        (T, "OMVANG", "volume"),
        (T, "DATUMAFGIFTE", "besluitdatum"),
        (T, "SOORTVERWIJZER", "verwijzer_type"),
        (T, "Verwijzer Type", "verwijzer_type"),
        (D, "ingediend_bedrag_bedrag", "ingediend_bedrag"),
        (D, "IngediendBedrag.DebetCredit", "debet_credit"),
        (D, "ProductPeriode_Begindatum", "productperiode_begin"),
        (D, "DATUMEINDE", "productperiode_eind"),
        (D, "Afzender", "aanbieder_agb"),
        (D, "DECLARATIESTATUS", "status"),
        (D, "VorigReferentieNummer", "vorig_referentienummer"),
    ],
)
def test_synoniemen(bericht: Bericht, naam: str, kolom: str) -> None:
    assert lees_kop([naam], CONTRACTEN[bericht]).plaatsen == {kolom: 0}


def test_dubbelzinnige_namen_worden_niet_geraden() -> None:
    kop = lees_kop(["Begindatum", "code_x"], CONTRACTEN[D])
    assert kop.plaatsen == {}
    assert kop.onbekend == (0, 1)
    # a general name gives way to a clear one instead of making it double
    kop = lees_kop(["geboortedatum", "Datum"], CONTRACTEN[T])
    assert (kop.plaatsen, kop.dubbel, kop.onbekend) == ({"geboortedatum": 0}, (), (1,))


REGIO = contracten(CATALOGUS)


@pytest.mark.parametrize(
    ("bericht", "naam", "kolom"),
    [
        (T, "\ufeffBSN", "bsn"),
        (T, "Toewijzings\u00a0datum ", "toewijzingsdatum"),
        (T, "REDEN BE\u00cbINDIGING", "reden_beeindiging"),
        (T, "Toewijzing d.d.", "toewijzingsdatum"),
        (T, "Ingangsdatum (dd-mm-jjjj)", "ingangsdatum"),
        (T, "Geb.datum", "geboortedatum"),
        (D, "Ingediend bedrag (in centen)", "ingediend_bedrag"),
        (D, "D/C", "debet_credit"),
        (D, "Tarief (\u20ac)", "producttarief"),
        (D, "Declaratie.Clienten.Client.Bsn", "bsn"),
        (D, "jw323:ProductPeriode_ijw:Begindatum", "productperiode_begin"),
        (D, "(bsn)", "bsn"),
        (D, "Bedrag per uur", ""),
        (D, "Opmerking (bsn)", ""),
    ],
)
def test_koppen_met_opsmuk_en_synoniemen_uit_de_seeds(bericht: Bericht, naam: str, kolom: str) -> None:
    assert lees_kop([naam], REGIO[bericht]).plaatsen == ({kolom: 0} if kolom else {})


@pytest.mark.parametrize("s", kolomsynoniemen(CATALOGUS), ids=lambda s: s.synoniem)
def test_elk_kolomsynoniem_wijst_een_kolom_aan_die_anders_onbekend_was(s: Kolomsynoniem) -> None:
    berichten = [b for b in Bericht if s.bericht in (None, b) and s.kolom in CONTRACTEN[b].per_naam]
    assert berichten
    assert s.bron
    for b in berichten:
        assert lees_kop([s.synoniem], REGIO[b]).plaatsen == {s.kolom: 0}
    assert any(not lees_kop([s.synoniem], CONTRACTEN[b]).plaatsen for b in berichten)


def test_synoniem_en_verkorte_naam_wijken_voor_de_kolom_zelf() -> None:
    kop = lees_kop(["Volume", "geleverd_volume", "Tarief"], REGIO[D])
    assert (kop.plaatsen, kop.dubbel, kop.onbekend) == ({"geleverd_volume": 1, "producttarief": 2}, (), (0,))
    kop = lees_kop(["einddatum (oud)", "einddatum"], REGIO[T])
    assert (kop.plaatsen, kop.dubbel, kop.onbekend) == ({"einddatum": 1}, (), (0,))
    # two names that are both not sure: nobody chooses
    assert lees_kop(["Volume", "Aantal"], REGIO[D]).dubbel == ("geleverd_volume",)


def _geldig(bericht: Bericht) -> pl.DataFrame:
    geldig = beoordeel(bericht, als_csv(bericht, goede_rijen(bericht, 3))).geldig
    assert geldig is not None
    return geldig


@pytest.mark.parametrize(
    ("bericht", "kolom", "waarde"),
    [
        (T, "pseudoniem", None),
        (T, "pseudoniem", "999900006"),
        (T, "aanbieder_agb", "1234567"),
        (T, "toewijzingnummer", 1_000_000_000),
        (T, "productcategorie", "99"),
        (T, "eenheid", "77"),
        (T, "ingangsdatum", None),
        (T, "einddatum", pl.date(2020, 1, 1)),
        (T, "volume", -1),
        (T, "rij", 1),
        (D, "debet_credit", "X"),
        (D, "ingediend_bedrag_cent", -1),
        (D, "ingediend_bedrag_cent", None),
        (D, "productperiode_eind", pl.date(2020, 1, 1)),
        (D, "referentienummer", "R" * 21),
        (D, "gemeente", "0141"),
    ],
)
def test_contract_bijt_en_zwijgt_over_waarden(bericht: Bericht, kolom: str, waarde: object) -> None:
    goed = _geldig(bericht)
    bevestig(goed, bericht, CATALOGUS)
    nieuw = waarde if isinstance(waarde, pl.Expr) else pl.lit(waarde)
    slecht = goed.with_columns(nieuw.cast(goed.schema[kolom]).alias(kolom))
    with pytest.raises(InvariantFout) as fout:
        bevestig(slecht, bericht, CATALOGUS)
    assert "999900006" not in str(fout.value)
    assert fout.value.__cause__ is None
    assert fout.value.__context__ is None


def test_contract_bijt_op_soort_en_op_een_kolom_te_veel() -> None:
    goed = _geldig(D)
    for slecht in (goed.with_columns(pl.col("rij").cast(pl.String)), goed.with_columns(bsn=pl.lit("x"))):
        with pytest.raises(InvariantFout):
            bevestig(slecht, D, CATALOGUS)
