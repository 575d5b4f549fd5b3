"""Files, ledger and list of leveringen agree with each other, and the same arguments give the same bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

from pipeline.domain.bevindingen import Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import KERN
from pipeline.domain.maanden import Maand
from pipeline.synth import NATUURLIJK, maak_regio
from pipeline.synth.parameters import SOORT_BESTAND
from tests.synth.conftest import LAATSTE, NU, Regio


def _vingerafdrukken(map_: Path) -> dict[str, tuple[str, float]]:
    return {
        str(p.relative_to(map_)): (
            hashlib.sha256(p.read_bytes()).hexdigest(),
            p.stat().st_mtime if "landing" in p.parts else 0,
        )
        for p in sorted(map_.rglob("*"))
        if p.is_file()
    }


def test_zelfde_argumenten_geven_dezelfde_bytes_en_tijden(tmp_path: Path, catalogus: Catalogus) -> None:
    for naam in ("een", "twee"):
        maak_regio(tmp_path / naam, catalogus, n_maanden=7, laatste_maand=LAATSTE, nu=NU, schaal=0.01)
    assert _vingerafdrukken(tmp_path / "een") == _vingerafdrukken(tmp_path / "twee")


def test_ander_zaad_geeft_een_andere_regio(tmp_path: Path, catalogus: Catalogus) -> None:
    for zaad in (1, 2):
        maak_regio(tmp_path / str(zaad), catalogus, n_maanden=2, laatste_maand=LAATSTE, nu=NU, schaal=0.01, seed=zaad)
    assert _vingerafdrukken(tmp_path / "1") != _vingerafdrukken(tmp_path / "2")


def test_alle_gemeenten_leveren_ook_op_kleine_schaal(met_gebreken: Regio, catalogus: Catalogus) -> None:
    assert set(met_gebreken.leveringen["gemeente"]) == set(catalogus.gemeenten)
    assert set(met_gebreken.tabel("waarheid", "toewijzingen")["gemeente"]) == set(catalogus.gemeenten)


def test_omvang_past_bij_de_schaal(met_gebreken: Regio) -> None:
    jaar = met_gebreken.samenvatting.per_jaar["2025"]
    assert 500 <= jaar["jeugdigen"] <= 830
    assert 1_200 <= jaar["toewijzingen"] <= 2_000
    assert 9_500 <= jaar["declaratieregels"] <= 16_000
    assert 7_000_000 <= jaar["kosten_eur"] <= 14_000_000


def test_minstens_veertig_soorten_gebreken(met_gebreken: Regio) -> None:
    assert met_gebreken.samenvatting.soorten_gebreken >= 40
    gepland = met_gebreken.grootboek.filter(pl.col("soort") == "gepland")
    assert gepland["regel_code"].n_unique() >= 70


def test_elke_regel_van_de_deur_is_geplant(met_gebreken: Regio, catalogus: Catalogus) -> None:
    geplant = set(met_gebreken.grootboek["regel_code"])
    ernstig = {
        r.regel_code
        for r in catalogus.regels.values()
        if r.deur != "bouw" and r.ernst in (Ernst.FOUT, Ernst.SIGNAAL) and any(map(r.geldt_voor, KERN))
    }
    assert ernstig <= geplant
    assert {f"L{n:02d}" for n in range(1, 16)} <= geplant
    assert {
        "R11",
        "R12",
        "R13",
        "R16",
        "T10",
        "T12",
        "T19",
        "T26",
        "D11",
        "D12",
        "D13",
        "D15",
        "D16",
        "D17",
        "D19",
        "D20",
    } <= (geplant)


def test_grootboek_noemt_alleen_regels_uit_de_catalogus_en_bestanden_die_er_zijn(
    met_gebreken: Regio, catalogus: Catalogus
) -> None:
    boek = met_gebreken.grootboek
    assert set(boek["regel_code"]) <= set(catalogus.regels)
    assert all((met_gebreken.map / "landing" / b).is_file() for b in boek["bestand"].unique())
    natuurlijk = set(boek.filter(pl.col("soort") == "natuurlijk")["regel_code"])
    assert natuurlijk <= set(NATUURLIJK)


def test_elke_rij_van_het_grootboek_bestaat_in_haar_bestand(met_gebreken: Regio) -> None:
    boek = met_gebreken.grootboek.filter(pl.col("rij").is_not_null())
    geleverd = pl.concat(
        met_gebreken.tabel("geleverd", b).select("bestand", "rij", "in_quarantaine", "bsn")
        for b in ("toewijzingen", "declaraties")
    )
    assert boek.join(geleverd, on=["bestand", "rij"], how="anti").height == 0


def test_rijnummers_zijn_die_van_de_afzender(met_gebreken: Regio) -> None:
    """The person number of a row stands on the line that geleverd names, in every dress."""
    lijst = met_gebreken.leveringen.filter(pl.col("bestand").is_not_null() & (pl.col("bestand") != ""))
    geleverd = pl.concat(
        met_gebreken.tabel("geleverd", b).select("bestand", "rij", "bsn", "gemeente")
        for b in ("toewijzingen", "declaraties")
    )
    gezien = set()
    for dracht, bestanden in lijst.group_by("dracht", maintain_order=True).agg("bestand").iter_rows():
        for bestand in bestanden[:6]:
            regels = met_gebreken.regels(bestand)
            for rij, bsn in geleverd.filter(pl.col("bestand") == bestand).select("rij", "bsn").head(40).iter_rows():
                if bsn is not None:
                    gezien.add(dracht)
                    assert bsn in regels[rij - 1], (bestand, rij)
    assert len(gezien) >= 12


def test_foutrijen_en_alleen_die_gaan_in_quarantaine(met_gebreken: Regio, catalogus: Catalogus) -> None:
    fout = [r.regel_code for r in catalogus.regels.values() if r.ernst is Ernst.FOUT]
    boek = met_gebreken.grootboek.filter(pl.col("regel_code").is_in(fout)).select("bestand", "rij").unique()
    beoordeeld = met_gebreken.grootboek.filter(pl.col("regel_code").is_in(["L04", "L07", "L08"]))["bestand"]
    geleverd = pl.concat(
        met_gebreken.tabel("geleverd", b).select("bestand", "rij", "in_quarantaine")
        for b in ("toewijzingen", "declaraties")
    ).filter(~pl.col("bestand").is_in(beoordeeld.implode()))
    quarantaine = geleverd.filter("in_quarantaine").select("bestand", "rij")
    assert quarantaine.sort("bestand", "rij").equals(boek.sort("bestand", "rij"))


def test_rijgebreken_raken_elkaar_niet(met_gebreken: Regio) -> None:
    """A row bears one kind of defect; more rules on it belong to that one kind."""
    gepland = met_gebreken.grootboek.filter(
        (pl.col("soort") == "gepland") & pl.col("rij").is_not_null() & ~pl.col("regel_code").is_in(["R11", "R12"])
    )
    assert gepland.group_by("bestand", "rij").agg(pl.col("toelichting").n_unique())["toelichting"].max() == 1


def test_geldend_is_de_nieuwste_geaccepteerde(met_gebreken: Regio) -> None:
    lijst = met_gebreken.leveringen.filter(pl.col("bestand").is_not_null())
    goed = lijst.filter(pl.col("verwachte_status") != "AFGEKEURD").sort("ontvangen_op")
    nieuwste = goed.group_by("gemeente", "bericht", "maand", maintain_order=True).last()["bestand"]
    for bericht in ("toewijzingen", "declaraties"):
        geleverd = met_gebreken.tabel("geleverd", bericht)
        geldend = geleverd.filter("is_geldend")["bestand"].unique()
        assert set(geldend) <= set(nieuwste)
        overig = geleverd.filter(~pl.col("is_geldend"))["bestand"].unique()
        assert not set(overig) & set(nieuwste)


def test_aankomst_staat_op_het_bestand_en_nooit_na_nu(met_gebreken: Regio) -> None:
    for bestand, moment in met_gebreken.leveringen.select("bestand", "ontvangen_op").drop_nulls().iter_rows():
        aankomst = dt.datetime.fromisoformat(moment)
        assert aankomst <= NU
        assert (met_gebreken.map / "landing" / bestand).stat().st_mtime == aankomst.timestamp()


def test_een_gemeente_mist_twee_maanden_en_de_laatste_maand_is_onvolledig(met_gebreken: Regio) -> None:
    lijst = met_gebreken.leveringen
    weg = lijst.filter(pl.col("verwachte_status") == "ONTBREEKT")
    twee = weg.filter(pl.col("toelichting").str.starts_with("twee maanden"))
    assert (twee["gemeente"].n_unique(), twee["maand"].n_unique(), twee.height) == (1, 2, 4)
    laatste = lijst.filter(pl.col("maand") == str(LAATSTE))
    assert laatste.filter(pl.col("verwachte_status") == "AFGEKEURD").height == 3
    assert laatste.filter(pl.col("verwachte_status") == "ONTBREEKT").height == 1


def test_afgekeurd_wordt_meestal_gevolgd_door_een_goede(met_gebreken: Regio) -> None:
    lijst = met_gebreken.leveringen.drop_nulls("bestand")
    slecht = lijst.filter(pl.col("verwachte_status") == "AFGEKEURD").select("gemeente", "bericht", "maand").unique()
    goed = lijst.filter(pl.col("bestand").str.ends_with("_v2.csv"))
    assert goed.height >= 8
    assert slecht.join(goed, on=["gemeente", "bericht", "maand"], how="semi").height > slecht.height / 2


def test_leeg_met_en_zonder_bevestiging(met_gebreken: Regio) -> None:
    boek = met_gebreken.grootboek
    (leeg,) = boek.filter(pl.col("regel_code") == "L09")["bestand"].to_list()
    pad = met_gebreken.map / "landing" / leeg
    assert len(pad.read_text().splitlines()) == 1
    assert not pad.with_name(pad.name.replace(".csv", ".controle.json")).exists()
    nihil = met_gebreken.leveringen.filter(pl.col("toelichting") == "nihil bevestigd")["bestand"].to_list()
    assert len(nihil) == 1
    naast = met_gebreken.map / "landing" / nihil[0].replace(".csv", ".controle.json")
    assert json.loads(naast.read_text())["rijen"] == 0


def test_controlebestanden_kloppen_behalve_waar_dat_het_gebrek_is(met_gebreken: Regio) -> None:
    stuk = set(met_gebreken.grootboek.filter(pl.col("regel_code") == "L07")["bestand"])
    n = {b: met_gebreken.tabel("geleverd", b).group_by("bestand").agg(pl.len(), pl.sum(k)) for b, k in
         (("toewijzingen", "budget"), ("declaraties", "ingediend_bedrag"))}  # fmt: skip
    geteld = {bestand: (rijen, som) for f in n.values() for bestand, rijen, som in f.iter_rows()}
    gecontroleerd = 0
    for naast in (met_gebreken.map / "landing").rglob("*.controle.json"):
        (pad,) = [p for p in naast.parent.glob(naast.name.replace(".controle.json", ".*")) if p != naast]
        bestand = str(pad.relative_to(met_gebreken.map / "landing"))
        controle = json.loads(naast.read_text())
        inhoud = pad.read_bytes()
        werkelijk = (*geteld.get(bestand, (0, 0)), hashlib.sha256(inhoud).hexdigest())
        opgegeven = (controle["rijen"], controle["som_bedrag_cent"], controle["sha256"])
        assert (werkelijk == opgegeven) == (bestand not in stuk), bestand
        gecontroleerd += 1
    assert gecontroleerd > 20


def test_een_kwart_van_de_bestanden_draagt_iets_anders(met_gebreken: Regio) -> None:
    lijst = met_gebreken.leveringen.drop_nulls("bestand")
    dracht = lijst.filter(pl.col("bestand").str.ends_with(".csv"))["dracht"]
    assert 0.2 <= (dracht != "gewoon").mean() <= 0.33  # type: ignore[operator]
    assert dracht.n_unique() >= 14
    # and two gemeenten send another kind of file, always where nothing is wrong with it as a whole
    for gemeente, soort in SOORT_BESTAND.items():
        bestanden = lijst.filter(pl.col("gemeente") == gemeente)["bestand"]
        assert bestanden.str.ends_with(f".{soort}").mean() > 0.8, gemeente  # type: ignore[operator]


def test_kwartaal_komt_na_het_kwartaal_en_wat_nog_niet_kon_is_er_niet(met_gebreken: Regio) -> None:
    enschede = met_gebreken.leveringen.filter(pl.col("gemeente") == "GM0153").drop_nulls("bestand")
    for maand, moment in enschede.select("maand", "ontvangen_op").iter_rows():
        kwartaaleinde = Maand.lees(maand).plus(2 - (Maand.lees(maand).maand - 1) % 3)
        assert moment[:7] == str(kwartaaleinde.plus(1))


def test_minder_gemeenten(tmp_path: Path, catalogus: Catalogus) -> None:
    keuze = ["GM0141", "GM0183"]
    s = maak_regio(
        tmp_path, catalogus, n_maanden=4, laatste_maand=LAATSTE, nu=NU, schaal=0.05, gebreken=False, gemeenten=keuze
    )
    assert s.gemeenten == 2
    assert {p.name for p in (tmp_path / "landing").iterdir()} == set(keuze)


@pytest.mark.parametrize("maanden", [1, 2, 5])
def test_korte_reeksen_kunnen_ook(tmp_path: Path, catalogus: Catalogus, maanden: int) -> None:
    s = maak_regio(tmp_path, catalogus, n_maanden=maanden, laatste_maand=LAATSTE, nu=NU, schaal=0.01)
    assert s.maanden == maanden
    assert (tmp_path / "grootboek.csv").exists()
