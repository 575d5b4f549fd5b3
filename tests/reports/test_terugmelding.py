"""What goes back to the sender: the same as the receipt, harmless in a spreadsheet, without a person, rebuilt."""

from __future__ import annotations

import datetime as dt
import io
import json
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline import intake
from pipeline import maand as maandloop
from pipeline.cli import main
from pipeline.domain.leveringen import Ontvangstbewijs, Status, Telling
from pipeline.domain.terugmelding import GeweigerdeRij, Plaats, Terugblik, toonbare_sleutel
from pipeline.reports.bezorgen import STAND
from pipeline.reports.oordeel import schrijf_oordeel
from pipeline.reports.terugmelding import maak_boek, maak_melding, plek
from pipeline.reports.werkboek import MAX_TEKENS, Blad, maak_werkboek
from pipeline.settings import Settings
from tests.intake.hulp import (
    CATALOGUS,
    GEMEENTE,
    MAAND,
    NU,
    D,
    T,
    als_csv,
    goede_rijen,
    instellingen,
    kolommen,
    lever,
    rij,
)

DAG = dt.timedelta(days=1)
ANDERE_MAAND = MAAND.plus(1)


@pytest.fixture
def s(tmp_path: Path) -> Settings:
    return instellingen(tmp_path)


def draai(s: Settings, **anders: Any) -> list[Ontvangstbewijs]:
    """Take in and write feedback, as `run` does before its build."""
    intake.neem_in(s, CATALOGUS, nu=NU)
    maandloop.meld_terug(s, CATALOGUS, **anders)
    return intake.lees_bewijzen(s.huis)


def lees(s: Settings, bewijs: Ontvangstbewijs) -> dict[str, Any]:
    return json.loads((s.huis.feedback / f"{plek(bewijs)}.json").read_text(encoding="utf-8"))


def boek(s: Settings, bewijs: Ontvangstbewijs) -> dict[str, list[tuple[Any, ...]]]:
    werkboek = openpyxl.load_workbook(s.huis.feedback / f"{plek(bewijs)}.xlsx")
    return {blad.title: list(blad.iter_rows(values_only=True)) for blad in werkboek}


def alles(s: Settings) -> dict[str, bytes]:
    return {
        p.relative_to(s.huis.feedback).as_posix(): p.read_bytes() for p in s.huis.feedback.rglob("*.*") if p.is_file()
    }


GEMENGD = [
    rij(T, toewijzingnummer="11", ingangsdatum="", geslacht="", einddatum="31-02-2025"),
    rij(T, toewijzingnummer="12", bsn="999900007"),
    rij(T, toewijzingnummer="13", verwijzer_type="99"),
    *goede_rijen(T, 20),
]


def test_de_terugmelding_zegt_wat_er_is_en_waar(s: Settings) -> None:
    lever(s, T, als_csv(T, GEMENGD))
    (b,) = draai(s)
    m = lees(s, b)
    assert m["rijen"] == b.rijen.als_dict() == {"ontvangen": 23, "geaccepteerd": 21, "quarantaine": 2}
    assert m["oordeel"] == "Het bestand is goedgekeurd met opmerkingen: 21 van de 23 rijen tellen mee."
    assert [(r["rij"], r["sleutel"], r["regels"]) for r in m["geweigerde_rijen"]] == [
        (2, "11", ["R05", "R06"]),
        (3, "12", ["R02"]),
    ]
    plaatsen = {(p["rij"], p["sleutel"], p["regel_code"]): p["kolommen"] for p in m["plaatsen"]}
    assert plaatsen == {
        (2, "11", "R05"): ["geslacht", "ingangsdatum"],
        (2, "11", "R06"): ["einddatum"],
        (3, "12", "R02"): ["bsn"],
        (4, "13", "T07"): ["verwijzer_type"],
    }
    assert {b["regel_code"]: b["n"] for b in m["bevindingen"]} == {"R02": 1, "R05": 1, "R06": 1, "T07": 1}
    assert m["ontvangen_op"].endswith(("+01:00", "+02:00"))


def test_het_werkboek_toont_hetzelfde_als_de_json(s: Settings) -> None:
    lever(s, T, als_csv(T, GEMENGD))
    (b,) = draai(s)
    m, bladen = lees(s, b), boek(s, b)
    assert list(bladen) == ["Samenvatting", "Bevindingen", "Per rij", "Geweigerde rijen", "Uitleg"]
    samenvatting = dict(r[:2] for r in bladen["Samenvatting"] if r[0])
    assert samenvatting["Oordeel"] == m["oordeel"]
    assert samenvatting["Bestand"] == b.bestandsnaam
    assert samenvatting["Maand"] == "maart 2025"
    assert [(r[0], r[4]) for r in bladen["Bevindingen"][1:]] == [(f["regel_code"], f["n"]) for f in m["bevindingen"]]
    assert [(r[1], r[4]) for r in bladen["Per rij"][1:]] == [(p["rij"], p["regel_code"]) for p in m["plaatsen"]]
    assert [(r[0], r[1]) for r in bladen["Geweigerde rijen"][1:]] == [
        (r["rij"], r["sleutel"]) for r in m["geweigerde_rijen"]
    ]


def test_tabellen_zijn_bevroren_filterbaar_en_in_nederlandse_vorm(s: Settings) -> None:
    lever(s, D, als_csv(D, [rij(D, bsn="x"), *goede_rijen(D, 3)]))
    (b,) = draai(s)
    werkboek = openpyxl.load_workbook(s.huis.feedback / f"{plek(b)}.xlsx")
    for naam in ("Bevindingen", "Per rij", "Geweigerde rijen"):
        assert werkboek[naam].freeze_panes == "A2"
        assert werkboek[naam].auto_filter.ref.startswith("A1:")
        assert werkboek[naam].column_dimensions["A"].width > 7
    cellen = {r[0].value: r[1] for r in werkboek["Samenvatting"].iter_rows() if r[0].value}
    assert cellen["Ontvangen op"].number_format == "[$-413]dd-mm-yyyy hh:mm"
    assert cellen["Ontvangen op"].is_date
    assert cellen["Geweigerd"].value == 850.80
    assert "€" in cellen["Geweigerd"].number_format


# --- what happens next ----------------------------------------------------------------------------------------------


def test_een_betere_versie_maakt_de_afgekeurde_af(s: Settings) -> None:
    slecht = als_csv(D, goede_rijen(D, 3)).replace(b"bsn", b"nummer")
    lever(s, D, slecht, op=NU - 40 * DAG)
    (fout,) = draai(s)
    m = lees(s, fout)
    assert m["oordeel"] == "Het bestand is afgekeurd: geen enkele rij telt mee."
    assert m["waarom"] == ["In de kopregel ontbreekt: bsn."]
    assert m["vervolg"][0] == "Voor declaraties maart 2025 geldt nu geen enkele levering."
    assert any(z.startswith("De uiterste dag (") for z in m["vervolg"])
    lever(s, D, als_csv(D, goede_rijen(D, 4)), rest="_v2", op=NU - 30 * DAG)
    draai(s)
    assert len(lees(s, fout)["vervolg"]) == 1
    assert "u hoeft niets meer te doen" in lees(s, fout)["vervolg"][0]


def test_een_afgekeurde_herlevering_laat_de_vorige_staan(s: Settings) -> None:
    lever(s, D, als_csv(D, goede_rijen(D, 3)), op=NU - 40 * DAG)
    lever(s, D, als_csv(D, goede_rijen(D, 3)).replace(b"bsn", b"nummer"), rest="_v2", op=NU - 30 * DAG)
    fout = next(b for b in draai(s) if not b.is_geaccepteerd)
    assert lees(s, fout)["vervolg"][0].startswith(
        "Voor declaraties maart 2025 blijft de vorige versie gelden: declaraties_GM0141_2025-03.csv, ontvangen op"
    )


def test_een_vervangen_versie_weet_dat(s: Settings) -> None:
    lever(s, D, als_csv(D, goede_rijen(D, 3)), op=NU - 40 * DAG)
    (oud,) = draai(s)
    assert lees(s, oud)["vervolg"] == [
        "Deze levering geldt voor declaraties maart 2025; een eerdere versie telt niet meer mee."
    ]
    lever(s, D, als_csv(D, goede_rijen(D, 4)), rest="_v2", op=NU - 30 * DAG)
    draai(s)
    # by its moment: what a sender wrote behind the maand is not kept
    anders = "geldt een andere versie: declaraties_GM0141_2025-03.csv, ontvangen op 29-03-2026"
    assert anders in lees(s, oud)["vervolg"][0]


@pytest.mark.parametrize(
    ("dag", "begin"),
    [
        ("2025-04-15T21:30", "Op tijd is uiterlijk 15-04-2025"),
        ("2025-04-15T22:30", "De uiterste dag (15-04-2025) was voorbij; na 25-04-2025"),  # after midnight in Amsterdam
        ("2025-04-25T21:30", "De uiterste dag (15-04-2025) was voorbij; na 25-04-2025"),
        ("2025-04-26T08:00", "De uiterste dag (15-04-2025) was al voorbij; lever zo snel mogelijk opnieuw."),
    ],
)
def test_tot_wanneer_hangt_af_van_de_dag_van_ontvangst_en_niet_van_de_klok(s: Settings, dag: str, begin: str) -> None:
    lever(s, D, als_csv(D, []), op=dt.datetime.fromisoformat(dag).replace(tzinfo=dt.UTC))
    (b,) = draai(s)
    assert lees(s, b)["vervolg"][-1].startswith(begin)


def test_een_bestand_in_andermans_map_wordt_daar_beantwoord(s: Settings) -> None:
    lever(s, D, als_csv(D, goede_rijen(D, 2)), map_="GM0153")
    (b,) = draai(s)
    assert plek(b).startswith("GM0153/declaraties_GM0141_2025-03__")
    assert "map van de eigen gemeente" in lees(s, b)["vervolg"][0]
    assert not (s.huis.feedback / "GM0141").exists()


def test_controletotalen_staan_er_in_beide_richtingen(s: Settings) -> None:
    pad = lever(s, D, als_csv(D, goede_rijen(D, 3)))
    pad.with_name(pad.name + ".controle.json").write_text('{"rijen": 4, "som_bedrag_cent": 255240}', encoding="utf-8")
    (b,) = draai(s)
    assert [(c["wat"], c["opgegeven"], c["gevonden"], c["klopt"]) for c in lees(s, b)["controle"]] == [
        ("rijen", 4, 3, False),
        ("som_bedrag_cent", 255240, 255240, True),
    ]
    assert ("rijen", "klopt niet: opgegeven 4, in het bestand 3") in [r[:2] for r in boek(s, b)["Samenvatting"]]


def test_geweigerd_met_het_bestand_is_geen_lijst_van_goede_rijen(s: Settings) -> None:
    slecht = [rij(D, referentienummer=f"F{i}", bsn="x") for i in range(12)]
    lever(s, D, als_csv(D, [*slecht, *goede_rijen(D, 20)]))
    (b,) = draai(s)
    m = lees(s, b)
    assert m["status"] == "AFGEKEURD"
    assert m["rijen"]["quarantaine"] == 32
    assert [r["sleutel"] for r in m["geweigerde_rijen"]] == [f"F{i}" for i in range(12)]
    assert m["n_geweigerd_met_het_bestand"] == 20


def test_niet_meer_dan_de_instelling_en_hoeveel_er_nog_zijn(s: Settings) -> None:
    lever(s, T, als_csv(T, [*[rij(T, toewijzingnummer=str(i + 1), bsn="x") for i in range(5)], *goede_rijen(T, 20)]))
    (b,) = draai(s)
    blik = intake.lees_terugblik(s.huis, b, 3)
    assert (len(blik.geweigerd), blik.n_geweigerd, len(blik.plaatsen)) == (3, 5, 3)
    m = maak_melding(b, blik, CATALOGUS, geldend=b)
    assert (m["n_geweigerd_niet_genoemd"], m["n_plaatsen_niet_genoemd"]) == (2, 2)
    werkboek = openpyxl.load_workbook(io.BytesIO(maak_boek(m)))
    assert "En nog 2 geweigerde rijen" in str([c.value for c in werkboek["Geweigerde rijen"]["A"]])
    assert "En nog 2 bevindingen" in str([c.value for c in werkboek["Per rij"]["A"]])


def test_wat_niets_vraagt_vult_het_blad_niet(s: Settings) -> None:
    lever(s, T, als_csv(T, [*[r | {"eenheid": "4"} for r in goede_rijen(T, 30)], rij(T, verwijzer_type="99")]))
    (b,) = draai(s)
    m = lees(s, b)
    assert {f["regel_code"]: f["n"] for f in m["bevindingen"]} == {"R11": 30, "T07": 1}
    assert Counter(p["regel_code"] for p in m["plaatsen"]) == {"T07": 1, "R11": 20}
    assert m["plaatsen"][0]["regel_code"] == "T07"
    assert m["n_plaatsen_niet_genoemd"] == 10
    assert ("eenheid: voorloopnullen terug", 30) in [r[:2] for r in boek(s, b)["Samenvatting"]]


# --- nothing personal, nothing that runs ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sleutel", "toonbaar"),
    [
        ("REF-2025/1", True),
        ("123456", True),
        ("999999998", True),  # nine digits that are no person number
        ("999900006", False),
        ("P-999900006-1", False),
        ("Jan Jansen", False),
        ("12-05-2012", False),
        ("=1+1", False),
        ("", False),
        ("7" * 31, False),
    ],
)
def test_welke_eigen_sleutel_getoond_wordt(sleutel: str, *, toonbaar: bool) -> None:
    assert toonbare_sleutel(sleutel) == (sleutel if toonbaar else "")


def test_er_staat_niets_van_een_persoon_in(s: Settings) -> None:
    rijen = [
        rij(T, toewijzingnummer="999900006", bsn="999900110", geboortedatum="2011-11-11"),
        rij(T, toewijzingnummer="21", bsn="999900006x", geboortedatum="11-11-2011", verwijzer_type="Jan"),
        rij(T, toewijzingnummer="Jan Jansen", geboortedatum="11-11-11"),
        rij(T, toewijzingnummer="22", referentie_aanbieder="Geheim Jansen", verwijzer_type="99"),
        *goede_rijen(T, 20),
    ]
    kop = [*kolommen(T)[:-1], "opmerking Jansen 999900110"]
    lever(s, T, als_csv(T, rijen, kop=kop))
    draai(s)
    tekst = b"".join(alles(s).values()) + b"".join(
        str([c for blad in boek(s, b).values() for c in blad]).encode() for b in intake.lees_bewijzen(s.huis)
    )
    for verboden in (b"999900006", b"999900110", b"2011", b"11-11", b"Jan", b"Geheim"):
        assert verboden not in tekst, verboden
    assert b"bsn" in tekst


FORMULES = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")', "%0A=1")


@pytest.mark.parametrize("formule", FORMULES)
def test_een_formule_is_tekst(formule: str) -> None:
    data = maak_werkboek([Blad("x", ("k",), (9,), [(formule,)])])
    (cel,) = openpyxl.load_workbook(io.BytesIO(data))["x"][2]
    assert cel.data_type == "s"
    assert cel.quotePrefix
    assert cel.hyperlink is None


def test_kwaadaardige_naam_kop_en_sleutel_doen_niets(s: Settings) -> None:
    rijen = [rij(T, toewijzingnummer="=cmd|' /C calc'!A0"), rij(T, toewijzingnummer="+31612"), *goede_rijen(T, 20)]
    kop = [*kolommen(T)[:-1], '=HYPERLINK("http://x")']
    naam = 'toewijzingen_GM0141_2025-03_=HYPERLINK("x")\n..\x1b[31m.csv'
    lever(s, T, als_csv(T, rijen, kop=kop), naam=naam)
    (b,) = draai(s)
    werkboek = openpyxl.load_workbook(s.huis.feedback / f"{plek(b)}.xlsx")
    cellen = [c for blad in werkboek for r in blad.iter_rows() for c in r]
    assert {c.data_type for c in cellen} <= {"s", "n", "d"}
    assert not any(c.hyperlink for c in cellen)
    assert not any(str(c.value).startswith(("=", "+", "@")) for c in cellen)
    assert "\x1b" not in str([c.value for c in cellen])
    stam = Path(plek(b)).name
    assert set(stam) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def test_lange_naam_en_vreemde_tekens_passen_op_schijf_en_in_een_cel(s: Settings) -> None:
    lever(s, D, als_csv(D, goede_rijen(D, 2)), rest="_" + "é" * 100)
    (b,) = draai(s)
    assert (s.huis.feedback / f"{plek(b)}.xlsx").exists()
    los = replace(b, bestandsnaam="declaraties_GM0141_2025-03_\udcff.csv")
    m = maak_melding(los, Terugblik(), CATALOGUS, geldend=los)
    assert m["bestand"].endswith("_?.csv")
    assert maak_boek(m)
    (cel,) = openpyxl.load_workbook(io.BytesIO(maak_werkboek([Blad("x", ("k",), (9,), [("a" * 40_000,)])])))["x"][2]
    assert len(cel.value) == MAX_TEKENS


# --- writing --------------------------------------------------------------------------------------------------------


def test_weggooien_en_opnieuw_geeft_dezelfde_bytes(s: Settings) -> None:
    import shutil

    lever(s, T, als_csv(T, GEMENGD))
    lever(s, D, als_csv(D, goede_rijen(D, 3)))
    draai(s)
    eerst = alles(s)
    assert len(eerst) == 5  # two leveringen in two forms, and the stand
    shutil.rmtree(s.huis.feedback)
    shutil.rmtree(s.huis.validated)
    shutil.rmtree(s.huis.quarantine)
    intake.beoordeel_opnieuw(s, CATALOGUS, nu=NU + 9 * DAG, alles=True)
    maandloop.meld_terug(s, CATALOGUS)
    assert alles(s) == eerst
    assert maandloop.meld_terug(s, CATALOGUS, alles=True).geschreven == 2
    assert alles(s) == eerst


def test_alleen_wat_nieuw_of_stuk_is_wordt_geschreven(s: Settings) -> None:
    lever(s, D, als_csv(D, goede_rijen(D, 3)))
    (b,) = draai(s)
    assert maandloop.meld_terug(s, CATALOGUS).geschreven == 0
    pad = s.huis.feedback / f"{plek(b)}.xlsx"
    goed = pad.read_bytes()
    pad.write_bytes(goed[:100])
    assert maandloop.meld_terug(s, CATALOGUS).geschreven == 1
    assert pad.read_bytes() == goed
    pad.with_suffix(".json").unlink()
    assert maandloop.meld_terug(s, CATALOGUS).geschreven == 1
    (s.huis.feedback / STAND).write_text("[kapot", encoding="utf-8")
    assert maandloop.meld_terug(s, CATALOGUS).geschreven == 1
    lever(s, D, als_csv(D, goede_rijen(D, 3), teken=","), maand=ANDERE_MAAND)
    draai(s)
    assert maandloop.meld_terug(s, CATALOGUS) == replace(maandloop.meld_terug(s, CATALOGUS), geschreven=0)


def test_wat_bij_geen_bewijs_meer_hoort_verdwijnt(s: Settings) -> None:
    lever(s, D, als_csv(D, goede_rijen(D, 3)))
    (b,) = draai(s)
    eigen = s.huis.feedback / GEMEENTE / "brief.txt"
    eigen.write_text("van de regio", encoding="utf-8")
    assert maandloop.meld_terug(s, CATALOGUS, []).opgeruimd == 1
    assert not (s.huis.feedback / f"{plek(b)}.json").exists()
    assert eigen.exists()


def test_een_map_die_een_verwijzing_is_wordt_niet_gevolgd_en_houdt_niemand_op(s: Settings, tmp_path: Path) -> None:
    elders = tmp_path / "elders"
    elders.mkdir()
    s.huis.feedback.mkdir()
    (s.huis.feedback / GEMEENTE).symlink_to(elders)
    lever(s, D, als_csv(D, goede_rijen(D, 3)))
    lever(s, D, als_csv(D, goede_rijen(D, 3)), gemeente="GM0147")
    intake.neem_in(s, CATALOGUS, nu=NU)
    uit = maandloop.meld_terug(s, CATALOGUS)
    assert uit.geschreven == 1
    assert len(uit.mislukt) == 1
    assert GEMEENTE in uit.mislukt[0]
    assert not list(elders.iterdir())


def test_een_maand_van_27_bestanden_kost_weinig(s: Settings) -> None:
    for i in range(27):
        lever(s, T, als_csv(T, [*GEMENGD, *goede_rijen(T, i + 1, vanaf=9000)]), rest=f"_{i}")
    intake.neem_in(s, CATALOGUS, nu=NU)
    bewijzen = intake.lees_bewijzen(s.huis)
    begin = time.process_time()
    assert maandloop.meld_terug(s, CATALOGUS, bewijzen).geschreven == 27
    assert time.process_time() - begin < 3  # measured 0.2 s; the bound is for a busy machine


# --- the same verdict beforehand ------------------------------------------------------------------------------------


def _weg(kolom: str) -> bytes:
    return als_csv(T, goede_rijen(T, 3)).replace(kolom.encode(), b"iets")


GEBREKEN: dict[str, bytes] = {
    "goed": als_csv(T, goede_rijen(T, 12)),
    "gemengd": als_csv(T, GEMENGD),
    "kolom weg": _weg("ingangsdatum"),
    "ander bericht": als_csv(D, goede_rijen(D, 3)),
    "leeg": als_csv(T, []),
    "geen tabel": b"\x00\x01\x02",
    "te veel fout": als_csv(T, [rij(T, toewijzingnummer=str(i), bsn="x") for i in range(1, 13)]),
    "andere periode": als_csv(T, [r | {"toewijzingsdatum": "2026-01-05"} for r in goede_rijen(T, 3)]),
    "dubbele kolom": als_csv(T, goede_rijen(T, 3), kop=["bsn", *kolommen(T)[1:-1], "BSN"]),
    "scheve rij": als_csv(T, [*goede_rijen(T, 12), "1;2;3"]),
    "signalen": als_csv(T, [rij(T, productcode="45Z99", reden_wijziging="77"), *goede_rijen(T, 12)]),
    "nullen weg": als_csv(T, [rij(T, eenheid="4", verwijzer_type="1"), *goede_rijen(T, 12)]),
}


@pytest.mark.parametrize("gebrek", sorted(GEBREKEN))
def test_check_geeft_oordeel_bevindingen_en_tellingen_van_run(s: Settings, tmp_path: Path, gebrek: str) -> None:
    pad = lever(s, T, GEBREKEN[gebrek])
    (b,) = draai(s)
    oordeel = intake.controleer_bestand(pad, s, CATALOGUS, nu=NU)
    proef = oordeel.bewijs
    for veld in ("levering_id", "status", "rijen", "bedrag_cent", "niet_data", "rijen_in_bestand", "reparaties"):
        assert getattr(proef, veld) == getattr(b, veld), veld
    assert proef.bevindingen == b.bevindingen
    schrijf_oordeel(oordeel, CATALOGUS, tmp_path / "t.json")
    vooraf, daarna = json.loads((tmp_path / "t.json").read_text(encoding="utf-8")), lees(s, b)
    anders = {veld for veld in daarna if vooraf[veld] != daarna[veld]}
    assert anders == {"is_proef", "vervolg"}
    assert vooraf["vervolg"][0].startswith("Dit is een controle vooraf")


def test_check_schrijft_het_werkboek_waar_men_wil(tmp_path: Path) -> None:
    pad = tmp_path / f"toewijzingen_{GEMEENTE}_{MAAND}.csv"
    pad.write_bytes(GEBREKEN["gemengd"])
    env = {"REGIOMONITOR_HOME": str(tmp_path / "huis"), "REGIOMONITOR_BSN_REEKS": "synthetisch"}

    def check(*woorden: str) -> Any:
        return CliRunner().invoke(main, ["check", str(pad), *woorden], env=env)

    assert check("--terugmelding", str(tmp_path / "uit.xlsx")).exit_code == 0
    werkboek = openpyxl.load_workbook(tmp_path / "uit.xlsx")
    assert werkboek["Samenvatting"]["A1"].value == "Controle vooraf"
    assert check("--terugmelding", str(tmp_path / "uit.json")).exit_code == 0
    assert json.loads((tmp_path / "uit.json").read_text(encoding="utf-8"))["is_proef"]
    assert check("--terugmelding", str(tmp_path / "uit.pdf")).exit_code == 2
    assert check("--terugmelding", str(pad)).exit_code == 2
    assert pad.read_bytes() == GEBREKEN["gemengd"]
    geen = check("--terugmelding", str(tmp_path / "geen" / "map.xlsx"))
    assert geen.exit_code == 1
    assert "kan niet worden geschreven" in geen.output
    assert not (tmp_path / "huis").exists()


def test_nihil_en_alles_goed_in_een_zin() -> None:
    from pipeline.reports.terugmelding import oordeelzin
    from tests.domain.test_leveringen import bewijs

    b = bewijs(9)
    nihil = replace(b, status=Status.NIHIL_BEVESTIGD)
    goed = replace(b, status=Status.GEACCEPTEERD, rijen=Telling(1234, 1234, 0))
    assert oordeelzin(nihil) == "Het bestand is goed: er was deze maand niets te leveren, en dat is bevestigd."
    assert oordeelzin(goed) == "Het bestand is goedgekeurd: alle rijen tellen mee."
    assert oordeelzin(replace(goed, rijen=Telling(1234, 1233, 1))).endswith("1.233 van de 1.234 rijen tellen mee.")


def test_de_terugblik_zonder_kolommen_neemt_die_van_de_bevinding(s: Settings) -> None:
    lever(s, T, als_csv(T, GEMENGD))
    (b,) = draai(s)
    blik = Terugblik((GeweigerdeRij(3, "12", ("R02",)),), 1, (Plaats(3, "12", "R02"),))
    assert maak_melding(b, blik, CATALOGUS, geldend=b)["plaatsen"][0]["kolommen"] == ["bsn"]


def test_klad_blijft_niet_achter(s: Settings) -> None:
    lever(s, D, als_csv(D, goede_rijen(D, 3)))
    draai(s)
    assert {p.suffix for p in (s.huis.feedback / GEMEENTE).iterdir()} == {".json", ".xlsx"}
