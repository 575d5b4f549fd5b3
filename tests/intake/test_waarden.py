"""Repair of values: what is put right, that it is counted on the receipt, and what stays beside it in quarantine."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from pipeline.berichten import CONTRACTEN
from pipeline.berichten.kolom import Vorm, kaal
from pipeline.domain.catalogus import Catalogus, SeedFout
from pipeline.domain.leveringen import Bericht
from pipeline.domain.synoniemen import kolomsynoniemen, waardesynoniemen
from pipeline.intake import deurversie
from pipeline.intake.quarantaine import GEMASKEERD
from pipeline.settings import PROJECT
from tests.intake.hulp import CATALOGUS, D, T, als_csv, beoordeel, codes, deur, geraakt, goede_rijen, rij, stuk

SYNONIEMEN = waardesynoniemen(CATALOGUS)


def _waarde(bericht: Bericht, kolom: str, tekst: str) -> tuple[object, dict[str, int]]:
    uit = beoordeel(bericht, als_csv(bericht, [rij(bericht, **{kolom: tekst})]))
    assert uit.geldig is not None, codes(uit.bewijs)
    return uit.geldig[CONTRACTEN[bericht].per_naam[kolom].bewaard][0], uit.bewijs.reparaties


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kolom", sorted({s.kolom for s in SYNONIEMEN}))
def test_elk_woord_uit_de_lijst_wordt_zijn_code_en_telt_als_reparatie(kolom: str) -> None:
    bericht = T if kolom in CONTRACTEN[T].per_naam else D
    verwacht = [
        (tekst, s.code or None) for s in SYNONIEMEN if s.kolom == kolom for tekst in (s.invoer, s.invoer.upper())
    ]
    rijen = [
        {**r, kolom: f" {tekst}"} for r, (tekst, _) in zip(goede_rijen(bericht, len(verwacht)), verwacht, strict=True)
    ]
    uit = beoordeel(bericht, als_csv(bericht, rijen))
    assert uit.geldig is not None
    assert uit.geldig.sort("rij")[kolom].to_list() == [code for _, code in verwacht]
    assert uit.bewijs.reparaties == {f"{kolom}:woord": len(verwacht)}
    assert geraakt(uit, "R16") == list(range(2, len(verwacht) + 2))


def test_woordenlijst_wijst_naar_bestaande_kolommen_en_codes_en_spreekt_zich_niet_tegen() -> None:
    gezien: dict[tuple[str, str], str] = {}
    for s in SYNONIEMEN:
        kolommen = [c.per_naam[s.kolom] for c in CONTRACTEN.values() if s.kolom in c.per_naam]
        assert kolommen
        for k in kolommen:
            assert k.vorm in (Vorm.CODE, Vorm.WOORD)
            toegestaan = k.waarden or CATALOGUS.codes(k.codelijst)
            assert s.code in toegestaan or not s.code
            assert s.invoer.lower() not in {w.lower() for w in toegestaan}, "a code is no word"
        assert gezien.setdefault((s.kolom, kaal(s.invoer)), s.code) == s.code
        assert s.bron


def test_woord_in_kolom_waar_het_niets_betekent_blijft_onbekend() -> None:
    uit = beoordeel(T, als_csv(T, [rij(T, leveringsvorm="Man"), rij(T, toewijzingnummer="2", geslacht="Huisarts")]))
    assert geraakt(uit, "T08") == [2, 3]
    assert "R16" not in codes(uit.bewijs)


def test_leeg_woord_in_een_verplicht_veld_is_een_leeg_veld() -> None:
    uit = beoordeel(D, als_csv(D, [rij(D, eenheid="LEEG"), *goede_rijen(D, 4)]))
    assert geraakt(uit, "R05") == [2]
    assert geraakt(uit, "R16") == [2]
    assert uit.bewijs.rijen.quarantaine == 1


def test_een_regio_voegt_zelf_een_woord_en_een_kolomnaam_toe(tmp_path: Path) -> None:
    seeds = shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    with (seeds / "ref_waardesynoniemen.csv").open("a", encoding="utf-8") as f:
        f.write("eenheid,Etm.,14,eigen pakket\n")
    with (seeds / "ref_kolomsynoniemen.csv").open("a", encoding="utf-8") as f:
        f.write("declaraties,Zorgeenheid,eenheid,eigen pakket\n")
    eigen = Catalogus.load(seeds)
    kop = ["Zorgeenheid" if n == "eenheid" else n for n in (k.naam for k in CONTRACTEN[D].kolommen)]
    data = als_csv(D, [rij(D, eenheid="etm", productcode="44A09", productcategorie="44")], kop=kop)
    (met,) = deur(catalogus=eigen).beoordeel([stuk(D, data)])
    (zonder,) = deur().beoordeel([stuk(D, data)])
    assert met.geldig is not None
    assert met.geldig["eenheid"].to_list() == ["14"]
    assert "L05" in codes(zonder.bewijs)
    assert deurversie(eigen) != deurversie(CATALOGUS)


def test_seeds_zonder_synoniemen_zijn_seeds_van_vroeger_en_geen_fout(tmp_path: Path) -> None:
    seeds = shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    for naam in ("ref_waardesynoniemen.csv", "ref_kolomsynoniemen.csv"):
        (seeds / naam).unlink()
    oud = Catalogus.load(seeds)
    assert (kolomsynoniemen(oud), waardesynoniemen(oud)) == ([], [])
    (uit,) = deur(catalogus=oud).beoordeel([stuk(T, als_csv(T, [rij(T, geslacht="Man")]))])
    assert "T08" in codes(uit.bewijs)
    assert deurversie(oud) != deurversie(CATALOGUS)


def test_synoniem_zonder_naam_of_van_een_onbekend_bericht_wordt_geweigerd(tmp_path: Path) -> None:
    for regel, naam in (
        ("facturen,Bedrag x,ingediend_bedrag,x\n", "kolom"),
        ("alle,,bsn,x\n", "kolom"),
        (",M,1,x\n", "waarde"),
    ):
        seeds = shutil.copytree(PROJECT / "seeds", tmp_path / f"{len(regel)}")
        with (seeds / f"ref_{naam}synoniemen.csv").open("a", encoding="utf-8") as f:
            f.write(regel)
        with pytest.raises(SeedFout):
            (kolomsynoniemen if naam == "kolom" else waardesynoniemen)(Catalogus.load(seeds))


# --- dates, numbers, zeros -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bericht", "kolom", "tekst", "waarde", "reparatie"),
    [
        (T, "einddatum", "2025-08-31", "2025-08-31", ""),
        (T, "einddatum", "31-8-2025", "2025-08-31", ":datumvorm"),
        (T, "einddatum", "31/08/2025", "2025-08-31", ":datumvorm"),
        (T, "einddatum", "2025-08-31T00:00:00", "2025-08-31", ":datumvorm"),
        (T, "einddatum", "2025-08-31 00:00:00.000+02:00", "2025-08-31", ":datumvorm"),
        (T, "einddatum", "31-12-9999", None, ":datumvorm"),
        (T, "einddatum", "9999-12-31", None, ""),
        (D, "ingediend_bedrag", "85080", "85080", ""),
        (D, "ingediend_bedrag", "85.080", "85080", ":getalvorm"),
        (D, "ingediend_bedrag", "85080,00", "85080", ":getalvorm"),
        (D, "ingediend_bedrag", "€ 85080", "85080", ":getalvorm"),
        (D, "producttarief", "7090.0", "7090.0000", ""),
        (D, "eenheid", "4", "04", "nullen"),
        (D, "aanbieder_agb", "2345678", "02345678", "nullen"),
        (D, "debet_credit", "d", "D", ""),
    ],
)
def test_reparatie_op_het_bewijs(bericht: Bericht, kolom: str, tekst: str, waarde: str | None, reparatie: str) -> None:
    gelezen, reparaties = _waarde(bericht, kolom, tekst)
    assert (None if gelezen is None else str(gelezen)) == waarde
    naam = kolom if reparatie == "nullen" else kolom + reparatie
    assert reparaties == ({naam: 1} if reparatie else {})


def test_wat_niet_gelezen_kan_worden_is_geen_reparatie_en_verdwijnt_niet() -> None:
    uit = beoordeel(
        D, als_csv(D, [rij(D, productperiode_eind="31-02-2025", geleverd_volume="twaalf"), *goede_rijen(D, 4)])
    )
    assert uit.bewijs.reparaties == {}
    assert uit.quarantaine is not None
    (q,) = uit.quarantaine.to_dicts()
    assert (q["productperiode_eind"], q["productperiode_eind_gelezen"]) == ("31-02-2025", None)
    assert (q["geleverd_volume"], q["geleverd_volume_gelezen"]) == (GEMASKEERD, None)


def test_quarantaine_houdt_de_tekst_naast_de_waarde() -> None:
    slecht = {"bsn": "123", "einddatum": "31-8-2025", "geslacht": "Vrouw", "volume": "7,5", "verwijzer_type": "2"}
    (q,) = _quarantaine(T, rij(T, **slecht))
    for kolom, tekst, waarde in (
        ("einddatum", "31-8-2025", "2025-08-31"),
        ("geslacht", "Vrouw", "2"),
        ("volume", "7,5", "7.5000"),
        ("verwijzer_type", "2", "02"),
        ("toewijzingstijd", "10:00:00", "10:00:00"),
    ):
        assert (q[kolom], q[f"{kolom}_gelezen"]) == (tekst, waarde)
    assert "toewijzingnummer_gelezen" not in q  # a number of a sender is kept as a keyed hash only


def test_quarantaine_toont_geen_waarde_waar_de_tekst_is_gemaskeerd() -> None:
    (q,) = _quarantaine(
        T, rij(T, bsn="123", geboortedatum="10-05-2012", besluitdatum="10-05-2012", leveringsvorm="Jan")
    )
    assert (q["besluitdatum"], q["besluitdatum_gelezen"]) == (GEMASKEERD, None)
    assert (q["leveringsvorm"], q["leveringsvorm_gelezen"]) == (GEMASKEERD, None)
    assert not {n for n in q if n.startswith(("bsn", "geboortedatum", "referentie_aanbieder"))}


def _quarantaine(bericht: Bericht, slecht: dict[str, str]) -> list[dict[str, object]]:
    uit = beoordeel(bericht, als_csv(bericht, [slecht, *goede_rijen(bericht, 4)]))
    assert isinstance(uit.quarantaine, pl.DataFrame)
    return uit.quarantaine.to_dicts()
