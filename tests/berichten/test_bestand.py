"""Rules on a levering as a whole, with their boundaries: L01-L11."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Status, Telling
from pipeline.domain.maanden import Maand
from pipeline.settings import PROJECT
from tests.intake.hulp import D, T, als_csv, beoordeel, codes, deur, goede_rijen, kolommen, rij, stuk


def met_dag(dag: str, bericht: Any = D, **anders: Any) -> set[str]:
    kolom = "declaratiedagtekening" if bericht is D else "toewijzingsdatum"
    rijen = [r | {kolom: dag} for r in goede_rijen(bericht, 3)]
    return codes(beoordeel(bericht, als_csv(bericht, rijen), **anders).bewijs)


@pytest.mark.parametrize(
    ("dag", "raakt"),
    [("2025-03-31", False), ("2025-04-01", True), ("2024-12-01", False), ("2024-11-30", True)],
)
def test_l04_mutaties(dag: str, *, raakt: bool) -> None:
    assert ("L04" in met_dag(dag)) == raakt


@pytest.mark.parametrize(("dag", "raakt"), [("2025-03-31", False), ("2025-04-01", True), ("2019-01-01", False)])
def test_l04_stand_mag_oude_rijen_hebben(dag: str, *, raakt: bool) -> None:
    assert ("L04" in met_dag(dag, T, gemeente="GM0147")) == raakt


def test_l04_een_rij_in_de_maand_is_genoeg() -> None:
    rijen = goede_rijen(D, 3)
    rijen[0]["declaratiedagtekening"] = "2025-06-01"
    rijen[1]["declaratiedagtekening"] = "2020-01-01"
    assert "L04" not in codes(beoordeel(D, als_csv(D, rijen)).bewijs)


@pytest.mark.parametrize("kolom", ["startdatum_levering", "stopdatum_levering"])
def test_l04_kijkt_naar_de_laatste_datum_van_een_toewijzing(kolom: str) -> None:
    rijen = [r | {"toewijzingsdatum": "2024-06-01", kolom: "2025-03-15"} for r in goede_rijen(T, 3)]
    assert "L04" not in codes(beoordeel(T, als_csv(T, rijen)).bewijs)


@pytest.mark.parametrize(
    ("gemeente", "tarief", "raakt"),
    [
        ("GM0141", "3545", False),  # ratio 0.5
        ("GM0141", "3544", True),
        ("GM0141", "14180", False),  # ratio 2
        ("GM0141", "14181", True),
        ("GM0141", "70,90", True),  # euros where cents were agreed
        ("GM0163", "35,45", False),  # ratio 0.005
        ("GM0163", "35,44", True),
        ("GM0163", "141,80", False),  # ratio 0.02
        ("GM0163", "141,81", True),
        ("GM0163", "7090", True),  # cents where euros were agreed
    ],
)
def test_l08_grenzen(gemeente: str, tarief: str, *, raakt: bool) -> None:
    data = als_csv(D, [r | {"producttarief": tarief} for r in goede_rijen(D, 3)])
    bewijs = beoordeel(D, data, gemeente=gemeente).bewijs
    assert ("L08" in codes(bewijs)) == raakt
    assert bewijs.is_geaccepteerd != raakt


def test_l08_zonder_bekende_tarieven_wordt_niet_getoetst() -> None:
    data = als_csv(D, [r | {"productcode": "45Z99", "producttarief": "70,90"} for r in goede_rijen(D, 3)])
    bevinding = next(b for b in beoordeel(D, data).bewijs.bevindingen if b.regel_code == "L08")
    assert (bevinding.n_rijen, bevinding.n_gecontroleerd) == (0, 0)


@pytest.mark.parametrize(
    ("fout", "goed", "afgekeurd"),
    [(9, 0, True), (1, 0, True), (9, 1, False), (10, 30, False), (10, 29, True), (11, 33, False), (12, 33, True)],
)
def test_l10_grenzen(fout: int, goed: int, *, afgekeurd: bool) -> None:
    slecht = [r | {"bsn": "999900007"} for r in goede_rijen(D, fout, vanaf=100)]
    uitspraak = beoordeel(D, als_csv(D, [*slecht, *goede_rijen(D, goed)]))
    bewijs = uitspraak.bewijs
    assert (bewijs.status is Status.AFGEKEURD) == afgekeurd
    assert ("L10" in codes(bewijs)) == afgekeurd
    totaal = fout + goed
    assert bewijs.rijen == (Telling(totaal, 0, totaal) if afgekeurd else Telling(totaal, goed, fout))
    assert bewijs.bedrag_cent.ontvangen == totaal * 85080
    assert bewijs.bedrag_cent.sluit()
    assert uitspraak.quarantaine is not None
    assert uitspraak.quarantaine.height == bewijs.rijen.quarantaine
    assert set(uitspraak.quarantaine["redenen"]) <= {"R02", "L10"}


@pytest.mark.parametrize(
    ("controle", "raakt"),
    [
        ({"rijen": 3}, False),
        ({"rijen": 2}, True),
        ({"rijen": 4}, True),
        ({"som_bedrag_cent": 255240}, False),
        ({"som_bedrag_cent": 255239}, True),
        ({"rijen": 3, "som_bedrag_cent": 255241}, True),
        ({"sha256": "0" * 64}, True),
        ({"onleesbaar": True}, True),
        (None, False),
    ],
)
def test_l07_beide_kanten_op(controle: dict[str, Any] | None, *, raakt: bool) -> None:
    bewijs = beoordeel(D, als_csv(D, goede_rijen(D, 3)), controle=controle).bewijs
    assert ("L07" in codes(bewijs)) == raakt


def test_l07_telt_credits_mee_en_trekt_ze_niet_af() -> None:
    rijen = goede_rijen(D, 2)
    rijen[1] |= {"debet_credit": "C", "vorig_referentienummer": "5000"}
    bewijs = beoordeel(D, als_csv(D, rijen), controle={"som_bedrag_cent": 2 * 85080}).bewijs
    assert codes(bewijs) == set()


def test_l09_leeg_en_bevestigd() -> None:
    leeg = als_csv(D, [])
    assert codes(beoordeel(D, leeg).bewijs) == {"L09"}
    bevestigd = beoordeel(D, leeg, controle={"rijen": 0}).bewijs
    assert bevestigd.status is Status.NIHIL_BEVESTIGD
    assert bevestigd.is_geaccepteerd


def test_l02_gemeente_en_maand() -> None:
    data = als_csv(D, goede_rijen(D, 2))
    assert "L02" in codes(beoordeel(D, data, gemeente="GM9999").bewijs)
    vroeg = als_csv(D, [r | {"declaratiedagtekening": "2014-12-31"} for r in goede_rijen(D, 2)])
    assert "L02" in codes(beoordeel(D, vroeg, maand=Maand(2014, 12)).bewijs)
    op_tijd = als_csv(D, [r | {"declaratiedagtekening": "2015-01-31"} for r in goede_rijen(D, 2)])
    assert "L02" not in codes(beoordeel(D, op_tijd, maand=Maand(2015, 1)).bewijs)


@pytest.mark.parametrize(
    ("maand", "afspraak_tot", "raakt"),
    [
        (Maand(2025, 12), "", False),
        (Maand(2026, 1), "", False),  # claims on its allocations may come for years (TR378)
        (Maand(2026, 1), "2026-01-31", False),
        (Maand(2026, 2), "2026-01-31", True),  # the agreement ended
        (Maand(2026, 1), "2025-12-31", True),  # it left the regio
        (Maand(2014, 12), "", True),  # before it belonged to the regio
    ],
)
def test_l02_een_opgegane_gemeente_levert_zolang_haar_afspraak_loopt(
    tmp_path: Path, maand: Maand, afspraak_tot: str, *, raakt: bool
) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(PROJECT / "seeds", seeds)
    for naam, oud, nieuw in (
        ("gemeenten", "Almelo,Overijssel,Twente,2015-01-01,,", "Almelo,Overijssel,Twente,2015-01-01,2025-12-31,"),
        ("leveringsafspraken", "GM0141,declaraties,mutaties,cent,maand,2025-01-01,,",
         f"GM0141,declaraties,mutaties,cent,maand,2025-01-01,{afspraak_tot},"),
    ):  # fmt: skip
        pad = seeds / f"ref_{naam}.csv"
        tekst = pad.read_text(encoding="utf-8")
        assert oud in tekst
        pad.write_text(tekst.replace(oud, nieuw), encoding="utf-8")
    data = als_csv(D, [r | {"declaratiedagtekening": str(maand.laatste_dag)} for r in goede_rijen(D, 2)])
    (uitspraak,) = deur(catalogus=Catalogus.load(seeds)).beoordeel([stuk(D, data, maand=maand)])
    assert ("L02" in codes(uitspraak.bewijs)) == raakt


def test_l03_ander_bericht_en_l05_kolom_weg() -> None:
    assert codes(beoordeel(D, als_csv(T, goede_rijen(T, 2))).bewijs) == {"L03"}
    kop = [k if k != "productperiode_begin" else "iets_anders" for k in kolommen(D)]
    zonder = beoordeel(D, als_csv(D, goede_rijen(D, 2), kop=kop)).bewijs
    assert codes(zonder) == {"L05", "L11"}
    assert next(b for b in zonder.bevindingen if b.regel_code == "L05").kolommen == ("productperiode_begin",)
    # an optional column may be absent: its header is just unknown
    kop = [k if k != "datum_antwoord" else "iets_anders" for k in kolommen(D)]
    assert codes(beoordeel(D, als_csv(D, goede_rijen(D, 2), kop=kop)).bewijs) == {"L11"}


def test_l06_dubbele_kolom_ook_onder_een_andere_naam() -> None:
    kop = [k if k != "datum_antwoord" else "BURGERSERVICENUMMER" for k in kolommen(D)]
    assert codes(beoordeel(D, als_csv(D, goede_rijen(D, 2), kop=kop)).bewijs) == {"L06"}


def test_l11_noemt_de_plaats_en_niet_de_naam() -> None:
    kop = [k if k != "datum_antwoord" else "opmerking 999900006" for k in kolommen(D)]
    bewijs = beoordeel(D, als_csv(D, goede_rijen(D, 2), kop=kop)).bewijs
    zin = next(b.zin for b in bewijs.bevindingen if b.regel_code == "L11")
    assert "20" in zin
    assert "999900006" not in str(bewijs.als_dict())
    assert bewijs.status is Status.GEACCEPTEERD


def test_geweigerd_aan_deur_nul_sluit_in_rijen_en_centen() -> None:
    uitspraak = beoordeel(D, als_csv(D, goede_rijen(D, 4)), maand=Maand(2020, 1))
    assert uitspraak.bewijs.rijen == Telling(4, 0, 4)
    assert uitspraak.bewijs.bedrag_cent == Telling(4 * 85080, 0, 4 * 85080)
    assert uitspraak.geldig is None
    assert uitspraak.quarantaine is not None
    assert uitspraak.quarantaine.height == 4
    assert uitspraak.quarantaine["redenen"].unique().to_list() == ["L04"]
    assert uitspraak.quarantaine.drop(
        "levering_id", "gemeente", "bericht", "leveringsmaand", "rij", "redenen", "plaatsen"
    ).null_count().sum_horizontal().item() == 4 * (uitspraak.quarantaine.width - 7)


def test_nihil_opgave_van_de_regio(tmp_path: Any) -> None:
    seeds = shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    with (seeds / "ref_nihil_opgaven.csv").open("a", encoding="utf-8") as f:
        f.write("GM0141,declaraties,2025-03,wethouder,2025-04-02\n")
    (uitspraak,) = deur(catalogus=Catalogus.load(seeds)).beoordeel([stuk(D, als_csv(D, []))])
    assert uitspraak.bewijs.status is Status.NIHIL_BEVESTIGD


def test_kwartaal_levert_drie_losse_maanden() -> None:
    dag = dt.date(2025, 1, 31).isoformat()
    rijen = [rij(D, declaratiedagtekening=dag, productperiode_begin="2025-01-01", productperiode_eind=dag)]
    assert codes(beoordeel(D, als_csv(D, rijen), gemeente="GM0153", maand=Maand(2025, 1)).bewijs) == set()
