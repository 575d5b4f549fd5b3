"""The door from landing/ to receipts: order, repetition, bad input, killed runs, what may not leak."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline import intake
from pipeline.domain.fouten import InvariantFout
from pipeline.domain.leveringen import Ontvangstbewijs, Status, geldende
from pipeline.domain.maanden import Maand
from pipeline.intake import archief, bewijzen, landing, verwerken
from pipeline.settings import InstellingFout, Settings
from tests.intake.hulp import (
    CATALOGUS,
    GEMEENTE,
    MAAND,
    NU,
    D,
    T,
    als_csv,
    codes,
    goede_rijen,
    instellingen,
    lever,
    rij,
)

DAG = dt.timedelta(days=1)
VROEG, LAAT = NU - 30 * DAG, NU - 20 * DAG
BASIS = als_csv(D, goede_rijen(D, 3))


@pytest.fixture
def s(tmp_path: Path) -> Settings:
    return instellingen(tmp_path)


def neem(s: Settings, nu: dt.datetime = NU, **anders: Any) -> intake.Inname:
    return intake.neem_in(s, CATALOGUS, nu=nu, **anders)


def stand(s: Settings) -> dict[str, Any]:
    """All that matters of a home: receipts without names and moments of processing, and the rows."""
    uit: dict[str, Any] = {}
    for b in intake.lees_bewijzen(s.huis):
        plat = b.als_dict()
        for veld in ("bestandsnaam", "verwerkt_op"):
            del plat[veld]
        pad = bewijzen.geldigpad(s.huis, b)
        uit[b.levering_id] = (plat, pl.read_parquet(pad).rows() if pad.exists() else None)
    return uit


def test_bewijs_archief_en_rijen(s: Settings) -> None:
    lever(s, D, BASIS, op=VROEG)
    uit = neem(s)
    (b,) = uit.nieuw
    assert b.status is Status.GEACCEPTEERD
    assert b.ontvangen_op == VROEG
    assert b.verwerkt_op == NU
    assert archief.archiefpad(s.huis, b.sha256).read_bytes() == BASIS
    rijen = pl.read_parquet(bewijzen.geldigpad(s.huis, b))
    assert rijen.height == b.rijen.geaccepteerd == 3
    assert rijen["levering_id"].unique().to_list() == [b.levering_id]
    assert not bewijzen.quarantainepad(s.huis, b).exists()
    assert intake.lees_bewijzen(s.huis) == [b]


def test_tweede_keer_verandert_niets(s: Settings) -> None:
    lever(s, D, BASIS)
    neem(s)
    voor = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in s.huis.pad.rglob("*") if p.is_file()}
    uit = neem(s, nu=NU + DAG)
    assert (uit.nieuw, uit.ongewijzigd, uit.herbeoordeeld) == ((), 1, ())
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in s.huis.pad.rglob("*") if p.is_file()} == voor


def test_mtijd_in_de_toekomst_is_het_moment_van_innemen(s: Settings) -> None:
    lever(s, D, BASIS, op=NU + 10 * DAG)
    assert neem(s).nieuw[0].ontvangen_op == NU
    assert neem(s, nu=NU + DAG).ongewijzigd == 1
    assert intake.lees_bewijzen(s.huis)[0].ontvangen_op == NU


@pytest.mark.parametrize("in_een_run", [True, False])
@pytest.mark.parametrize("vroegste_eerst", [True, False])
def test_zelfde_bytes_tellen_vanaf_het_vroegste_moment(s: Settings, *, in_een_run: bool, vroegste_eerst: bool) -> None:
    momenten = [VROEG, LAAT] if vroegste_eerst else [LAAT, VROEG]
    aantal = 0
    for i, op in enumerate(momenten):
        lever(s, D, BASIS, rest=f"_v{i}", op=op)
        if not in_een_run:
            aantal += len(neem(s).nieuw)
    aantal += len(neem(s).nieuw)
    assert aantal == 1
    (b,) = intake.lees_bewijzen(s.huis)
    assert b.ontvangen_op == VROEG
    aanbod = list(s.huis.receipts.rglob("*.aanbod-*.json"))
    assert len(aanbod) == (0 if in_een_run or vroegste_eerst else 1)


def test_volgorde_herhaling_en_naam_maken_niet_uit(tmp_path: Path) -> None:
    slecht = als_csv(D, [r | {"bsn": "999900007"} for r in goede_rijen(D, 12)])
    beter = als_csv(D, [*goede_rijen(D, 3), rij(D, referentienummer="nieuw")])
    leveringen = [(BASIS, VROEG), (slecht, VROEG + DAG), (beter, LAAT), (BASIS, LAAT + DAG)]
    standen = []
    for n, volgorde in enumerate(([0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1])):
        s = instellingen(tmp_path / str(n))
        for i in volgorde:
            data, op = leveringen[i]
            lever(s, D, data, rest=f"_{n}_{i}", op=op)
            if n != 1:
                neem(s)
        neem(s)
        neem(s)
        standen.append(stand(s))
    assert standen[0] == standen[1] == standen[2]
    (staand,) = geldende(intake.lees_bewijzen(s.huis), NU).values()
    assert staand.ontvangen_op == LAAT


def test_alleen_gevraagde_maanden(s: Settings) -> None:
    lever(s, D, BASIS)
    assert neem(s, maanden=[Maand(2025, 4)]).nieuw == ()
    assert len(neem(s, maanden=[MAAND]).nieuw) == 1


def test_voortgang_loopt_tot_het_einde(s: Settings) -> None:
    lever(s, D, BASIS)
    lever(s, T, als_csv(T, goede_rijen(T, 1)))
    stappen: list[tuple[int, int]] = []
    neem(s, voortgang=lambda g, t, _w: stappen.append((g, t)))
    assert stappen[-1] == (2, 2)


# --- bad input stops that levering alone ---


def test_slechte_bestanden_houden_de_rest_niet_op(s: Settings, tmp_path: Path) -> None:
    lever(s, D, BASIS)
    lever(s, D, BASIS, gemeente="GM9999")
    lever(s, D, BASIS, maand=Maand(2025, 9))
    lever(s, T, bytes(range(256)) * 20)
    lever(s, T, als_csv(T, []), maand=Maand(2025, 4))
    lever(s, D, BASIS, map_="GM0147")
    lever(s, D, BASIS, map_="rommel")
    lever(s, D, BASIS, naam="export.csv")
    lever(s, D, BASIS, naam="declaraties_GM0141_2025-13.csv")
    lever(s, D, BASIS, naam="declaraties_GM0141_2025-03.docx")
    lever(s, D, BASIS, naam=".declaraties_GM0141_2025-03.csv.filepart")
    (s.huis.landing / "los_999900006.csv").write_bytes(BASIS)
    (s.huis.landing / GEMEENTE / "declaraties_GM0141_2025-05.csv").symlink_to(tmp_path / "elders")
    (s.huis.landing / GEMEENTE / "diep").mkdir()
    (s.huis.landing / GEMEENTE / "diep" / "declaraties_GM0141_2025-05.csv").write_bytes(BASIS)
    os.mkfifo(s.huis.landing / GEMEENTE / "declaraties_GM0141_2025-06.csv")
    uit = neem(s)
    gevonden = {(b.sleutel.gemeente, b.bestandsnaam, str(b.sleutel.maand)): codes(b) for b in uit.nieuw}
    assert gevonden == {
        ("GM0141", "declaraties_GM0141_2025-03.csv", "2025-03"): set(),
        ("GM0141", "GM0147/declaraties_GM0141_2025-03.csv", "2025-03"): {"L02"},
        ("GM0141", "declaraties_GM0141_2025-09.csv", "2025-09"): {"L04"},
        ("GM0141", "toewijzingen_GM0141_2025-03.csv", "2025-03"): {"L01"},
        ("GM0141", "toewijzingen_GM0141_2025-04.csv", "2025-04"): {"L09"},
        ("GM9999", "declaraties_GM9999_2025-03.csv", "2025-03"): {"L02"},
    }
    overgeslagen = {o.bestand for o in uit.overgeslagen}
    assert overgeslagen == {
        "rommel/declaraties_GM0141_2025-03.csv",
        "GM0141/export.csv",
        "GM0141/declaraties_GM0141_2025-13.csv",
        "GM0141/declaraties_GM0141_2025-03.docx",
        "los_#########.csv",
        "GM0141/declaraties_GM0141_2025-05.csv",
        "GM0141/diep/declaraties_GM0141_2025-05.csv",
        "GM0141/declaraties_GM0141_2025-06.csv",
    }
    assert all(o.reden.endswith(".") for o in uit.overgeslagen)


def test_cijfercode_zonder_gm(s: Settings) -> None:
    lever(s, D, BASIS, map_="0141", naam="Declaraties_0141_2025-03_v1.CSV")
    (b,) = neem(s).nieuw
    assert (b.sleutel.gemeente, b.status) == ("GM0141", Status.GEACCEPTEERD)


def test_bestand_dat_groeit_wordt_later_ingenomen(s: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    pad = lever(s, D, BASIS)
    lever(s, T, als_csv(T, goede_rijen(T, 1)))
    echt = landing._lees

    def groeit(nummer: int, **hoe: Any) -> tuple[bytes, str, int]:
        uit = echt(nummer, **hoe)
        if os.fstat(nummer).st_ino == pad.stat().st_ino:
            pad.write_bytes(pad.read_bytes() + b"x")
        return uit

    monkeypatch.setattr(landing, "_lees", groeit)
    uit = neem(s)
    assert [b.sleutel.bericht for b in uit.nieuw] == [T]
    assert [o.bestand for o in uit.overgeslagen] == ["GM0141/declaraties_GM0141_2025-03.csv"]
    monkeypatch.undo()
    pad.write_bytes(BASIS)
    assert [b.status for b in neem(s).nieuw] == [Status.GEACCEPTEERD]


def test_te_groot_bestand(tmp_path: Path) -> None:
    from pipeline.domain.catalogus import Catalogus
    from pipeline.settings import PROJECT

    seeds = shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    tekst = (seeds / "ref_instellingen.csv").read_text(encoding="utf-8")
    (seeds / "ref_instellingen.csv").write_text(
        tekst.replace("bestand_max_mb,64", "bestand_max_mb,0.0001"), encoding="utf-8"
    )
    s = instellingen(tmp_path, seeds=seeds)
    lever(s, D, BASIS)
    (b,) = intake.neem_in(s, Catalogus.load(seeds), nu=NU).nieuw
    assert codes(b) == {"L01"}
    assert archief.haal(s.huis, b.sha256, s.inhoudsleutel) is None


# --- control totals and folders are part of the offer ---


@pytest.mark.parametrize("volgorde", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_controletotalen_horen_bij_het_aanbod(s: Settings, volgorde: list[int]) -> None:
    aanbod: list[tuple[str, dict[str, Any] | None, dt.datetime]] = [
        ("_a", {"rijen": 99}, VROEG),
        ("_b", {"rijen": 3, "som_bedrag_cent": 3 * 85080}, VROEG + DAG),
        ("_c", None, LAAT),
    ]
    for i in volgorde:
        rest, controle, op = aanbod[i]
        pad = lever(s, D, BASIS, rest=rest, op=op)
        if controle:
            pad.with_name(pad.name + ".controle.json").write_text(json.dumps(controle), encoding="utf-8")
        neem(s)
    gevonden = {(b.status, b.ontvangen_op) for b in intake.lees_bewijzen(s.huis)}
    assert gevonden == {(Status.AFGEKEURD, VROEG), (Status.GEACCEPTEERD, VROEG + DAG)}
    assert neem(s).nieuw == ()


def test_onleesbaar_controlebestand_en_naam_zonder_extensie(s: Settings) -> None:
    pad = lever(s, D, BASIS)
    controle = pad.with_name(pad.stem + ".controle.json")
    controle.write_text('{"rijen": "drie bsn 999900006"}', encoding="utf-8")
    (b,) = neem(s).nieuw
    assert codes(b) == {"L07"}
    assert "999900006" not in json.dumps(b.als_dict())
    controle.write_text('{"rijen": 3}', encoding="utf-8")
    assert [x.status for x in neem(s).nieuw] == [Status.GEACCEPTEERD]


def test_nihil_met_controlebestand(s: Settings) -> None:
    pad = lever(s, D, als_csv(D, []))
    assert neem(s).nieuw[0].status is Status.AFGEKEURD
    pad.with_name(pad.name + ".controle.json").write_text('{"rijen": 0}', encoding="utf-8")
    assert neem(s).nieuw[0].status is Status.NIHIL_BEVESTIGD
    assert neem(s).nieuw == ()


def test_verkeerde_map_verdringt_de_goede_niet(s: Settings) -> None:
    lever(s, D, BASIS, map_="GM0147", op=VROEG)
    assert [b.status for b in neem(s).nieuw] == [Status.AFGEKEURD]
    lever(s, D, BASIS, op=LAAT)
    assert [b.status for b in neem(s).nieuw] == [Status.GEACCEPTEERD]


# --- judging anew, replay, killed runs ---


def test_alles_rechts_van_archief_is_te_herbouwen(s: Settings) -> None:
    lever(s, D, als_csv(D, [*goede_rijen(D, 4), rij(D, bsn="999900007")]))
    lever(s, T, als_csv(T, goede_rijen(T, 2)))
    lever(s, T, b"\x00rommel", rest="_fout")
    neem(s)
    voor = stand(s)
    shutil.rmtree(s.huis.landing)
    shutil.rmtree(s.huis.validated)
    shutil.rmtree(s.huis.quarantine)
    assert len(neem(s, nu=NU + DAG).herbeoordeeld) == 2
    assert stand(s) == voor
    assert len(intake.beoordeel_opnieuw(s, CATALOGUS, nu=NU + DAG, alles=True)) == 3
    assert stand(s) == voor
    assert {b.verwerkt_op for b in intake.lees_bewijzen(s.huis)} == {NU}
    assert intake.beoordeel_opnieuw(s, CATALOGUS, nu=NU) == ()


def test_andere_seeds_geven_een_nieuw_oordeel(s: Settings, tmp_path: Path) -> None:
    from pipeline.domain.catalogus import Catalogus
    from pipeline.settings import PROJECT

    lever(s, D, als_csv(D, [r | {"productcategorie": "60"} for r in goede_rijen(D, 3)]))
    assert neem(s).nieuw[0].rijen.geaccepteerd == 0
    seeds = shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    with (seeds / "ref_codes_productcategorie.csv").open("a", encoding="utf-8") as f:
        f.write("JZ020,60,Nieuw,2025-01-01,actief,proef,nee,,ambulant,\n")
    nieuw = Catalogus.load(seeds)
    assert intake.deurversie(nieuw) != intake.deurversie(CATALOGUS)
    uit = intake.neem_in(s, nieuw, nu=NU + DAG)
    assert [b.rijen.geaccepteerd for b in uit.herbeoordeeld] == [3]
    assert uit.nieuw == ()
    b = uit.herbeoordeeld[0]
    assert not bewijzen.quarantainepad(s.huis, b).exists()
    terug = neem(s).herbeoordeeld[0]
    assert not bewijzen.geldigpad(s.huis, terug).exists()


def test_zonder_archief_blijft_het_oude_oordeel(s: Settings, tmp_path: Path) -> None:
    lever(s, D, BASIS)
    (b,) = neem(s).nieuw
    shutil.rmtree(s.huis.archive)
    assert intake.beoordeel_opnieuw(s, CATALOGUS, nu=NU, alles=True) == ()
    assert intake.lees_bewijzen(s.huis) == [b]


class Gedood(BaseException):
    """What a kill looks like from the inside: nothing may catch it."""


@pytest.mark.parametrize("bij", range(8))
def test_gedood_tussen_twee_stappen(s: Settings, monkeypatch: pytest.MonkeyPatch, bij: int) -> None:
    data = als_csv(D, [*goede_rijen(D, 4), rij(D, bsn="999900007")])
    lever(s, D, data)
    echt, teller = os.replace, iter(range(100))

    def breekt(van: Any, naar: Any) -> None:
        if next(teller) == bij // 2:
            if bij % 2:
                echt(van, naar)
            raise Gedood
        echt(van, naar)

    monkeypatch.setattr(os, "replace", breekt)
    with pytest.raises(Gedood):
        neem(s)
    monkeypatch.undo()
    bewijs_er = bool(list(s.huis.receipts.rglob("*.json")))
    uit = neem(s, nu=NU)
    assert (len(uit.nieuw), uit.ongewijzigd) == ((0, 1) if bewijs_er else (1, 0))
    (b,) = intake.lees_bewijzen(s.huis)
    assert pl.read_parquet(bewijzen.geldigpad(s.huis, b)).height == 4
    assert pl.read_parquet(bewijzen.quarantainepad(s.huis, b)).height == 1
    assert archief.haal(s.huis, b.sha256, s.inhoudsleutel) == data
    assert not list(s.huis.pad.rglob("*.klad"))


def test_kapot_bewijs_wordt_niet_overgeslagen(s: Settings) -> None:
    lever(s, D, BASIS)
    neem(s)
    next(s.huis.receipts.rglob("*.json")).write_text("{", encoding="utf-8")
    with pytest.raises(InvariantFout):
        intake.lees_bewijzen(s.huis)


def test_een_regel_die_stuk_is_lijkt_nooit_op_een_schoon_bestand(s: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.berichten import regels
    from pipeline.berichten.toets import Toets

    lever(s, D, BASIS)
    stuk = Toets("D05", pl.col("bestaat_niet") > 1, pl.lit(value=True), ())
    monkeypatch.setattr(regels, "regeltoetsen", lambda *_: [stuk])
    uit = neem(s)
    (fout,) = uit.fouten
    assert fout.bestand == "GM0141/declaraties_GM0141_2025-03.csv"
    assert "ColumnNotFoundError" in fout.reden
    assert uit.nieuw == ()
    assert intake.lees_bewijzen(s.huis) == []


def test_zonder_sleutel_geen_run(s: Settings) -> None:
    lever(s, D, BASIS)
    with pytest.raises(InstellingFout):
        intake.neem_in(Settings(s.huis, s.seeds, s.bsn_reeks, ""), CATALOGUS, nu=NU)


# --- check ---


def test_controleren_schrijft_niets_en_geeft_hetzelfde_oordeel(s: Settings, tmp_path: Path) -> None:
    data = als_csv(D, [*goede_rijen(D, 4), rij(D, bsn="999900007", debet_credit="X")])
    pad = lever(s, D, data)
    zonder = Settings(s.huis, s.seeds, s.bsn_reeks, "")
    voor = sorted(s.huis.pad.rglob("*"))
    oordeel = intake.controleer_bestand(pad, zonder, CATALOGUS, nu=NU)
    assert sorted(s.huis.pad.rglob("*")) == voor
    assert {(r.regel_code, r.rijen, r.kolommen) for r in oordeel.rijbevindingen} == {
        ("R02", (6,), ("bsn",)),
        ("D01", (6,), ("debet_credit",)),
    }
    echt = neem(s).nieuw[0]
    assert (oordeel.bewijs.status, oordeel.bewijs.bevindingen) == (echt.status, echt.bevindingen)
    ander = shutil.copy(pad, tmp_path / "mijn export.csv")
    with pytest.raises(ValueError, match="bestandsnaam"):
        intake.controleer_bestand(ander, zonder, CATALOGUS, nu=NU)
    los = intake.controleer_bestand(ander, zonder, CATALOGUS, bericht=D, gemeente="0141", maand=MAAND, nu=NU)
    assert los.bewijs.rijen == echt.rijen
    with pytest.raises(ValueError, match="GM0153"):
        intake.controleer_bestand(pad, zonder, CATALOGUS, gemeente="Enschede", nu=NU)


@pytest.mark.parametrize("map_", ["GM0147", "gm0147", "0147"])
def test_controle_van_een_bestand_in_andermans_map_oordeelt_als_run(s: Settings, map_: str) -> None:
    pad = lever(s, D, als_csv(D, goede_rijen(D, 5)), map_=map_)
    oordeel = intake.controleer_bestand(pad, s, CATALOGUS, nu=NU).bewijs
    echt = neem(s).nieuw[0]
    assert codes(echt) == {"L02"}
    assert oordeel == replace(echt, verwerkt_op=oordeel.verwerkt_op, deurversie=oordeel.deurversie)


@pytest.mark.parametrize(
    ("map_", "gemeente", "raakt"),
    [
        ("GM0141", None, False),
        ("0141", "0141", False),
        ("uitvoer", None, False),
        ("2025", None, False),  # a year, not a gemeente of the region
        ("0147", None, True),
        ("GM9999", None, True),
        ("uitvoer", "GM0147", True),  # against the name
        ("GM0141", "GM0147", True),
    ],
)
def test_controle_buiten_landing(s: Settings, tmp_path: Path, map_: str, gemeente: str | None, *, raakt: bool) -> None:
    (tmp_path / map_).mkdir()
    pad = tmp_path / map_ / f"declaraties_{GEMEENTE}_{MAAND}.csv"
    pad.write_bytes(als_csv(D, goede_rijen(D, 5)))
    bewijs = intake.controleer_bestand(pad, s, CATALOGUS, gemeente=gemeente, nu=NU).bewijs
    assert bewijs.sleutel.gemeente == GEMEENTE
    assert ("L02" in codes(bewijs)) == raakt
    assert bewijs.is_geaccepteerd != raakt


def test_controle_met_een_kaal_pad_kijkt_naar_de_map_waarin_men_staat(
    s: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    pad = lever(s, D, als_csv(D, goede_rijen(D, 5)), map_="GM0147")
    monkeypatch.chdir(pad.parent)
    assert codes(intake.controleer_bestand(Path(pad.name), s, CATALOGUS, nu=NU).bewijs) == {"L02"}


# --- privacy ---


GEHEIM = ["999900006", "999900018", "999900031", "999900043", "999900055", "999900067"]
GEBOREN = [dt.date(2009, 7, 13), dt.date(2011, 11, 23), dt.date(2012, 2, 17)]
NAMEN = ["Janssen", "Pietersen-de Vries", "Sofie van den Berg"]


def _spellingen() -> set[bytes]:
    uit = {g.encode() for g in GEHEIM} | {n.encode() for n in NAMEN}
    for dag in GEBOREN:
        uit |= {
            dag.strftime(f).encode() for f in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%Y%m%d", "%d%m%Y", "%-d-%-m-%Y")
        }
    return uit


def test_niets_van_een_persoon_rechts_van_het_archief(s: Settings) -> None:
    bsn, dag, naam = GEHEIM, [d.isoformat() for d in GEBOREN], NAMEN
    rijen = [
        rij(T, bsn=bsn[0], geboortedatum=dag[0], referentie_aanbieder=naam[0]),
        rij(T, bsn=bsn[1], geboortedatum=dag[1], reden_wijziging=naam[0], toewijzingnummer="2"),
        rij(T, bsn=bsn[2], geboortedatum=dag[2], verwijzer_type=naam[1], toewijzingnummer="3"),
        rij(T, bsn=bsn[3], geboortedatum=dag[0], toewijzingnummer=bsn[4], volume="x"),
        rij(T, bsn="12", geboortedatum=dag[0], aanbieder_agb=bsn[1], productcode=bsn[2]),
        rij(T, bsn=naam[2], geboortedatum=dag[0], eenheid=naam[1], einddatum=dag[0]),
        rij(T, bsn=bsn[5], geboortedatum="13-07-09", leveringsvorm=naam[0], toewijzingnummer="5"),
        rij(T, bsn=bsn[5], geboortedatum=dag[2], einddatum=dag[2], toewijzingnummer="6"),
        rij(T, bsn=bsn[5], geboortedatum="17-02-2012", volume=bsn[5], budget=bsn[0], toewijzingnummer="7"),
        ";".join([bsn[0], naam[1], dag[1]]),
    ]
    kop = [*als_csv(T, []).decode().strip().split(";"), "opmerking"]
    lever(s, T, als_csv(T, [*rijen, *goede_rijen(T, 40)], kop=kop[:-1]), rest="_999900006")
    claims = [
        rij(D, bsn=bsn[0], referentienummer=f"R{bsn[0]}"),
        rij(D, bsn=bsn[1], referentienummer=bsn[2], debet_credit="X"),
        rij(D, bsn=bsn[1], referentienummer="7", status=naam[2]),
        rij(D, bsn=bsn[3], referentienummer="8", ingediend_bedrag=bsn[3] + ",5", vorig_referentienummer=naam[2]),
        rij(D, bsn=naam[0], referentienummer=naam[1], declaratienummer=naam[0]),
        rij(D, bsn=bsn[4], referentienummer="9", datum_antwoord=naam[0], retourcode=bsn[0]),
    ]
    lever(s, D, als_csv(D, [*claims, *goede_rijen(D, 40)]))
    lever(s, D, als_csv(D, [*claims, rij(D, declaratiedagtekening="2025-09-01")]), maand=Maand(2024, 1))
    lever(s, D, f"{bsn[0]};{naam[0]}\n".encode() * 5, maand=Maand(2025, 2))
    uit = neem(s)
    assert sum(b.rijen.quarantaine for b in uit.nieuw) > 10
    gezocht = _spellingen()
    bekeken = 0
    for pad in s.huis.pad.rglob("*"):
        deel = pad.relative_to(s.huis.pad).parts[0]
        if deel in ("archive", "landing") or not pad.is_file():
            continue
        bekeken += 1
        tekst = pad.read_bytes() + str(pad).encode()
        if pad.suffix == ".parquet":
            tekst += pl.read_parquet(pad).write_csv().encode() + str(pl.read_parquet(pad).rows()).encode()
        for geheim in gezocht:
            assert geheim not in tekst, (deel, pad.suffix)
    assert bekeken >= 7
    for b in uit.nieuw:
        assert not any(g.decode() in repr(b) for g in gezocht)


def test_kolommen_van_de_quarantaine(s: Settings) -> None:
    lever(s, D, als_csv(D, [*goede_rijen(D, 4), rij(D, debet_credit="X", ingediend_bedrag="85080")]))
    (b,) = neem(s).nieuw
    q = pl.read_parquet(bewijzen.quarantainepad(s.huis, b)).row(0, named=True)
    assert (q["rij"], q["redenen"], q["debet_credit"], q["ingediend_bedrag"]) == (6, "D01", "X", "85080")
    assert len(q["pseudoniem"]) == 32
    assert not {"bsn", "geboortedatum", "referentie_aanbieder"} & set(q)


def test_pseudoniem_hangt_aan_de_sleutel_en_niet_aan_de_gemeente(tmp_path: Path) -> None:
    def pseudoniemen(s: Settings, gemeente: str) -> set[str]:
        data = als_csv(D, goede_rijen(D, 2))
        lever(s, D, data, gemeente=gemeente)
        (b,) = neem(s).nieuw
        return set(pl.read_parquet(bewijzen.geldigpad(s.huis, b))["pseudoniem"])

    een, twee, drie = (instellingen(tmp_path / n) for n in "abc")
    drie = Settings(drie.huis, drie.seeds, drie.bsn_reeks, "", b"een andere sleutel van tweeendertig tekens")
    assert pseudoniemen(een, "GM0141") == pseudoniemen(twee, "GM0164")
    assert pseudoniemen(een, "GM0164") != pseudoniemen(drie, "GM0164")


def test_zelfde_rij_zelfde_hash_in_andere_dracht_en_andere_maand(s: Settings) -> None:
    lever(s, D, als_csv(D, [rij(D)]))
    lever(
        s,
        D,
        als_csv(D, [rij(D, declaratiedagtekening="31-03-2025", geleverd_volume="12,0")], teken=","),
        maand=Maand(2025, 4),
    )
    paden = [bewijzen.geldigpad(s.huis, b) for b in neem(s).nieuw]
    hashes = {pl.read_parquet(p)["rij_hash"][0] for p in paden}
    assert len(paden) == 2
    assert len(hashes) == 1


def test_grote_partij_wordt_gedeeld(s: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for m in range(1, 6):
        data = als_csv(D, [r | {"declaratiedagtekening": f"2025-0{m}-05"} for r in goede_rijen(D, 3)])
        lever(s, D, data, maand=Maand(2025, m))
    monkeypatch.setattr(verwerken, "PARTIJ_BYTES", 700)
    uit = neem(s)
    assert [str(b.sleutel.maand) for b in uit.nieuw] == [f"2025-0{m}" for m in range(1, 6)]
    assert all(isinstance(b, Ontvangstbewijs) and b.is_geaccepteerd for b in uit.nieuw)
