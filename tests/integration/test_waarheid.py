"""Planted truth: what the marts say must be what the delivered rows say, and the door must find what was planted.

Two regions go through the whole pipeline: a clean one and a messy one. The figures are computed a second time by
tests/oracle, from the SPEC; the findings are compared with the ledger of the generator, row by row.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipeline.domain.leveringen import KERN, Bericht
from pipeline.synth import NATUURLIJK
from tests.bestanden import kenmerk_als_merk
from tests.conftest import maak_en_draai
from tests.oracle.datakwaliteit import Kwaliteit, datakwaliteit, voorbehouden
from tests.oracle.deur3 import Deur3
from tests.oracle.grootboek import Deurboek
from tests.oracle.kosten import euro, nieuwste_regels, tellende_regels
from tests.oracle.tabellen import TABELLEN, Orakel, Tabel, kalender
from tests.oracle.vergelijk import lees_mart, vergelijk, verslag
from tests.oracle.voorbehoud import Voorbehoud, onder_voorbehoud

TABELNAMEN = [f"{t.naam}-{t.kolommen[0]}" for t in TABELLEN]
HOUDT_VAST = {"D36", "D37", "D38", "T33"}
"""Rules of the build that hold back: compared line by line with tests/oracle/voorbehoud.py."""
VAST = ("bestand", "rij", "in_quarantaine", "levering_geaccepteerd", "is_geldend")


@pytest.fixture(scope="module")
def schoon(schone_regio):
    return Orakel(schone_regio.bron, schone_regio.catalogus, schone_regio.nu)


@pytest.fixture(scope="module")
def rommelig(rommelige_regio):
    return Orakel(rommelige_regio.bron, rommelige_regio.catalogus, rommelige_regio.nu)


@pytest.fixture(scope="module")
def deurboek(rommelige_regio):
    return Deurboek(rommelige_regio.bron, rommelige_regio.settings.huis, rommelige_regio.catalogus)


@pytest.mark.slow
@pytest.mark.parametrize("tabel", TABELLEN, ids=TABELNAMEN)
def test_clean_region_every_figure(tabel: Tabel, schoon, schone_regio):
    verschillen = tabel.verschillen(schoon, schone_regio.marts)
    assert not verschillen, verslag(verschillen)


@pytest.mark.parametrize("tabel", TABELLEN, ids=TABELNAMEN)
def test_messy_region_every_figure(tabel: Tabel, rommelig, rommelige_regio):
    verschillen = tabel.verschillen(rommelig, rommelige_regio.marts)
    assert not verschillen, verslag(verschillen)


def test_the_door_finds_what_was_planted_and_nothing_else(deurboek, capsys):
    """Per rule: recall 1 and no false alarm, over all files of the messy region."""
    regels = deurboek.verslag()
    with capsys.disabled():
        print("\nregel verwacht gevonden  recall  vals")
        for r in regels:
            print(r)
    assert len(regels) > 50
    assert not [str(r) for r in regels if r.gemist or r.vals_alarm]


def test_the_door_accepts_and_refuses_what_it_should(deurboek):
    assert {"AFGEKEURD", "GEACCEPTEERD", "GEACCEPTEERD_MET_OPMERKINGEN", "NIHIL_BEVESTIGD"} <= {
        r["verwachte_status"] for r in deurboek.leveringen
    }
    assert deurboek.status_anders() == []


def test_a_clean_region_gives_only_natural_findings(schone_regio):
    boek = Deurboek(schone_regio.bron, schone_regio.settings.huis, schone_regio.catalogus)
    assert {code for _, code in boek.geteld} <= set(NATUURLIJK)
    assert not [str(r) for r in boek.verslag() if r.gemist or r.vals_alarm]
    gebouwd = lees_mart(schone_regio.marts, "select distinct regel_code from kwaliteit.bevindingen where n_rijen > 0")
    assert {r["regel_code"] for r in gebouwd} <= set(NATUURLIJK)


def test_the_build_finds_what_was_planted_and_nothing_else(deurboek, rommelige_regio, rommelig):
    """Rules that need another levering, row by row; what follows from another defect is told apart."""
    _bouw_vindt_het(deurboek, rommelige_regio, rommelig)


@pytest.mark.slow
@pytest.mark.parametrize("schaal", [0.2, 1.0])
def test_at_larger_sizes_every_rule_finds_what_was_planted_and_nothing_else(schaal, tmp_path, capsys):
    """Door and build of regions seven and thirty times as large (1 is Twente); the report per rule is printed."""
    regio = maak_en_draai(tmp_path, schaal=schaal, gebreken=True, seed=13)
    deurboek = Deurboek(regio.bron, regio.settings.huis, regio.catalogus)
    regels = deurboek.verslag()
    verwacht, gevonden = _bouw_vindt_het(deurboek, regio, Orakel(regio.bron, regio.catalogus, regio.nu))
    with capsys.disabled():
        print(f"\nschaal {schaal}\nregel verwacht gevonden  recall  vals")
        print(*sorted(map(str, regels)), sep="\n")
        for code, n in sorted(Counter(code for code, _, _ in verwacht).items()):
            m = sum(v[0] == code for v in verwacht & gevonden)
            print(f"{code:5} {n:8} {m:8} {m / n:7.2f} {0:6}  (bouw)")
    assert not [str(r) for r in regels if r.gemist or r.vals_alarm]
    assert deurboek.status_anders() == []


def _bouw_vindt_het(deurboek, regio, orakel) -> tuple[set, set]:
    gevonden = bouwvondsten(deurboek, regio)
    verwacht = {(b.regel_code, b.bestand, b.rij) for b in deurboek.boek if not deurboek.is_deurregel(b.regel_code)}
    assert len({code for code, _, _ in verwacht}) > 15
    assert verwacht - gevonden == set()
    extra = {v for v in gevonden - verwacht if v[0] not in {*NATUURLIJK} | HOUDT_VAST}
    assert extra - gevolgen(extra, deurboek, orakel) - nog_niet_beeindigd(extra, regio.bron) == set()
    return verwacht, gevonden


@pytest.mark.parametrize("naam", ["schone_regio", "rommelige_regio"])
def test_what_cannot_be_right_is_under_reserve_and_nothing_else(naam, request):
    """SPEC 13, Under reserve: line by line against tests/oracle/voorbehoud.py; a clean region has none."""
    regio = request.getfixturevalue(naam)
    orakel = Orakel(regio.bron, regio.catalogus, regio.nu).regio
    verwacht = {
        (gemeente, agb, kenmerk_als_merk(nummer, "regel")): oordeel
        for (gemeente, agb, nummer), oordeel in onder_voorbehoud(
            orakel, nieuwste_regels(orakel.regels), tellende_regels(orakel)
        ).items()
    }
    rijen = lees_mart(
        regio.settings.huis.warehouse,
        "select bron.gemeente, bron.aanbieder_agb, referentienummer, regels.regel_code, houdt_bedrag, houdt_volume,"
        " coalesce(regels.hersteld_cent, 0) as hersteld, telt_eigen_bedrag"
        " from intermediate.int_voorbehoud_regels as regels"
        " inner join intermediate.int_declaratie_kern as kern using (regel_nr)"
        " inner join raw.declaraties as bron on bron.rowid = kern.rij_nr",
    )
    gevonden = {
        (r["gemeente"], r["aanbieder_agb"], r["referentienummer"]): Voorbehoud(
            r["regel_code"], r["houdt_bedrag"], r["houdt_volume"], r["hersteld"], r["telt_eigen_bedrag"]
        )
        for r in rijen
    }
    assert gevonden == verwacht
    codes = {v.regel_code for v in verwacht.values()}
    assert not codes if naam == "schone_regio" else codes >= {"D09", "D36"}


@pytest.mark.parametrize("naam", ["schone_regio", "rommelige_regio"])
def test_door_3_finds_what_a_second_computation_finds(naam, request):
    """L16, L17, D33, D34, D35 against tests/oracle/deur3.py."""
    regio = request.getfixturevalue(naam)
    orakel = Deur3(regio.bron, regio.catalogus)
    warehouse = regio.settings.huis.warehouse
    rijen = lees_mart(
        warehouse,
        "select regel_code, gemeente, aanbieder_agb, referentienummer from intermediate.int_bevindingen_rij"
        " inner join raw.declaraties using (levering_id, rij) where regel_code in ('D33', 'D34')",
    )
    gevonden = {(r["regel_code"], r["gemeente"], r["aanbieder_agb"], r["referentienummer"]) for r in rijen}
    # a region without defects has no odd prices and volumes, the other has both
    assert {code for code, *_ in gevonden} == (set() if naam == "schone_regio" else {"D33", "D34"})
    met_merk = {
        (g, agb, n): (g, agb, kenmerk_als_merk(n, "regel")) for g, agb, n in (*orakel.prijzen(), *orakel.volumes())
    }
    verwacht_d = {("D33", *met_merk[k]) for k in orakel.prijzen()} | {("D34", *met_merk[k]) for k in orakel.volumes()}
    assert gevonden == verwacht_d
    bewijzen = lees_mart(warehouse, "select levering_id, gemeente, bericht, leveringsmaand, soort from raw.leveringen")
    sleutel = {b["levering_id"]: (b["gemeente"], b["bericht"], b["leveringsmaand"]) for b in bewijzen}
    geldend = lees_mart(
        warehouse,
        "select gemeente, leveringsmaand from raw.leveringen where is_geldend and soort = 'stand'"
        " and bericht = 'declaraties' and rijen_geaccepteerd > 0",
    )
    op_leveringen = lees_mart(
        warehouse,
        "select regel_code, levering_id from intermediate.int_bevindingen_rij"
        " where regel_code in ('L16', 'L17', 'D35')",
    )
    verwacht = (
        {("L16", *k) for k in orakel.sprongen()}
        | {("L17", *k) for k in orakel.andermans_rijen()}
        | {("D35", *k) for k in orakel.verdwenen((r["gemeente"], r["leveringsmaand"]) for r in geldend)}
    )
    assert {(r["regel_code"], *sleutel[r["levering_id"]]) for r in op_leveringen} == verwacht


def bouwvondsten(deurboek, regio) -> set[tuple[str, str, int | None]]:
    """(rule, file, row) of every finding of the build."""
    bestand = {b.levering_id: naam for naam, b in deurboek.bewijzen.items()}
    sql = "select regel_code, levering_id, rij from intermediate.int_bevindingen_rij"
    rijen = lees_mart(regio.settings.huis.warehouse, sql)
    return {(r["regel_code"], bestand[r["levering_id"]], r["rij"]) for r in rijen}


def gevolgen(extra, deurboek, orakel) -> set[tuple[str, str, int | None]]:
    """D20 where line or allocation got another product by a booked defect; D11 where the debit was never delivered."""
    ander_product = {
        (b.bestand, b.rij)
        for b in deurboek.boek
        if b.soort == "gepland" and b.regel_code in ("T21", "T22", "D30", "D31")
    }
    sleutel = ["gemeente", "toewijzingnummer"]
    toegewezen = {
        tuple(r[k] for k in sleutel)
        for r in orakel.geleverd("toewijzingen").iter_rows(named=True)
        if (r["bestand"], r["rij"]) in ander_product
    }
    debet = {r.nummer for r in orakel.regio.regels}
    uit = set()
    for r in orakel.geleverd("declaraties").iter_rows(named=True):
        plek = (r["bestand"], r["rij"])
        if plek in ander_product or tuple(r[k] for k in sleutel) in toegewezen:
            uit.add(("D20", *plek))
        if r["debet_credit"] == "C" and (r["gemeente"], r["aanbieder_agb"], r["vorig_referentienummer"]) not in debet:
            uit.add(("D11", *plek))
    return uit & extra


def nog_niet_beeindigd(extra, bron) -> set[tuple[str, str, int | None]]:
    """T19 where allocations overlap in truth: a new one was given, and that the old one ends was not written yet."""
    waarheid, geleverd = rijen(bron, "toewijzingen")
    nummer, zelfde = ["gemeente", "toewijzingnummer"], ["gemeente", "bsn", "aanbieder_agb", "productcode"]
    nieuwste = waarheid.sort("toewijzingsdatum").group_by(nummer).last()
    paren = nieuwste.join(nieuwste, on=zelfde, suffix="_ander").filter(
        (pl.col("toewijzingnummer") != pl.col("toewijzingnummer_ander"))
        & (pl.col("ingangsdatum") <= pl.col("einddatum_ander"))
        & (pl.col("ingangsdatum_ander") <= pl.col("einddatum"))
    )
    samen = geleverd.join(paren.select(nummer).unique(), on=nummer)
    return {("T19", *r) for r in samen.select("bestand", "rij").iter_rows()} & extra


def test_findings_on_files_that_do_not_stand_are_published(deurboek, rommelige_regio):
    """SPEC 1 and 7: an older content gives a SIGNAAL, and it stands in kwaliteit.bevindingen."""
    ouder = [b.bestand for b in deurboek.boek if b.regel_code == "L14"]
    assert ouder
    for bestand in ouder:
        s = deurboek.bewijzen[bestand].sleutel
        (rij,) = lees_mart(
            rommelige_regio.marts,
            f"select n_rijen from kwaliteit.bevindingen where regel_code = 'L14' and gemeente = '{s.gemeente}'"
            f" and bericht = '{s.bericht}' and maand = '{s.maand.eerste_dag}'",
        )
        assert rij["n_rijen"] == 1, bestand


@pytest.mark.parametrize("bericht", [b.value for b in KERN])
def test_clean_region_delivers_exactly_what_happened(bericht, schone_regio):
    waarheid, geleverd = rijen(schone_regio.bron, bericht)
    assert geleverd.height > 1000
    anders = [
        r["bestand"]
        for r in Deurboek(schone_regio.bron, schone_regio.settings.huis, schone_regio.catalogus).leveringen
        if r["bericht"] == bericht and onverklaard(r, waarheid, geleverd, set(), schone_regio.catalogus)
    ]
    assert anders == []


@pytest.mark.parametrize("bericht", [b.value for b in KERN])
def test_what_differs_from_the_truth_is_in_the_ledger(bericht, deurboek, rommelige_regio):
    """Row by row: every delivered row is a true row or is in the ledger; no true row is gone without a reason."""
    waarheid, geleverd = rijen(rommelige_regio.bron, bericht)
    geboekt = {(b.bestand, b.rij) for b in deurboek.boek}
    fouten = []
    for r in deurboek.leveringen:
        if r["bericht"] == bericht:
            fouten += onverklaard(r, waarheid, geleverd, geboekt, rommelige_regio.catalogus)
    assert fouten == []


def rijen(bron: Path, bericht: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    return tuple(pl.read_parquet(bron / kamer / f"{bericht}.parquet") for kamer in ("waarheid", "geleverd"))


def onverklaard(levering, waarheid, geleverd, geboekt, catalogus) -> list[str]:
    """Rows of one file that are neither true nor booked, and true rows of its month that are absent without reason."""
    bestand = levering["bestand"]
    if (bestand, None) in geboekt or levering["verwachte_status"] == "NIHIL_BEVESTIGD":
        return []  # the ledger says what is the matter with the file as a whole
    eigen = waarheid.filter(pl.col("gemeente") == levering["gemeente"])
    maand = pl.lit(levering["maand"] + "-01").str.to_date()
    stand = levering["soort"] == "stand"
    waar = eigen.filter(pl.col("leveringsmaand") <= maand if stand else pl.col("leveringsmaand") == maand)
    echt = Counter(waar.drop("leveringsmaand").rows())
    in_bestand = geleverd.filter(pl.col("bestand") == bestand)
    kaal = in_bestand.drop("leveringsmaand", *VAST).rows()
    vreemd = [
        rij
        for rij, inhoud in zip(in_bestand["rij"], kaal, strict=True)
        if inhoud not in echt and (bestand, rij) not in geboekt
    ]
    weg = echt - Counter(kaal)
    if (
        stand
        and catalogus.afspraak(levering["gemeente"], Bericht(levering["bericht"]), _maand(levering)).versies
        == "laatste"
    ):
        weg = Counter(_zonder_nieuwere(weg, in_bestand, waar.drop("leveringsmaand").columns))
    n_geboekt = sum(
        (bestand, rij) in geboekt and inhoud not in echt for rij, inhoud in zip(in_bestand["rij"], kaal, strict=True)
    )
    uit = [f"{bestand}: rij {r} is niet waar en niet geboekt" for r in vreemd]
    if weg.total() > n_geboekt:
        uit.append(f"{bestand}: {weg.total()} ware rijen ontbreken, {n_geboekt} zijn als gewijzigd geboekt")
    return uit


def _maand(levering):
    from pipeline.domain.maanden import Maand

    return Maand.lees(levering["maand"])


def _zonder_nieuwere(weg, in_bestand, kolommen):
    """Of rows gone from a stand that holds newest versions only: those without a newer version in the file."""
    nummer, datum = kolommen.index("toewijzingnummer"), kolommen.index("toewijzingsdatum")
    nieuwste = dict(in_bestand.group_by("toewijzingnummer").agg(pl.col("toewijzingsdatum").max()).iter_rows())
    return [r for r in weg.elements() if not (r[nummer] in nieuwste and nieuwste[r[nummer]] > r[datum])]


def test_data_quality_follows_from_rows_and_findings(rommelige_regio, rommelig, deurboek):
    """kwaliteit.datakwaliteit and .voorbehouden: findings of the door by the ledger, of the build as it made them."""
    regio, orakel = rommelige_regio, rommelig
    vondsten: dict[tuple[str, int], set[str]] = {}
    van_de_deur = {(b.bestand, b.rij, b.regel_code) for b in deurboek.boek if deurboek.is_deurregel(b.regel_code)}
    for bestand, rij, code in van_de_deur | {(b, r, c) for c, b, r in bouwvondsten(deurboek, regio)}:
        if rij is not None:
            vondsten.setdefault((bestand, rij), set()).add(code)
    agenda = [dict(r) for r in kalender(orakel)]
    geleverd = {b.value: orakel.geleverd(b.value) for b in KERN}
    scores = list(datakwaliteit(Kwaliteit(orakel.regio, geleverd, vondsten, agenda)))
    kolommen = [k for k in scores[0] if k not in ("gebied_code", "maand")]
    mart = lees_mart(regio.marts, "select * from kwaliteit.datakwaliteit")
    verschillen = vergelijk("kwaliteit.datakwaliteit", mart, scores, ("gebied_code", "maand"), kolommen)
    assert not verschillen, verslag(verschillen)
    bevindingen = lees_mart(regio.marts, "select * from kwaliteit.bevindingen")
    redenen = list(voorbehouden(orakel.regio, bevindingen, agenda))
    sleutel = ("gebied_code", "maand", "bericht", "regel_code", "tabel")
    mart = lees_mart(regio.marts, "select * from kwaliteit.voorbehouden")
    kolommen = ["geteld_in", "n_geraakt", "n_gecontroleerd", "aandeel"]
    verschillen = vergelijk("kwaliteit.voorbehouden", mart, redenen, sleutel, kolommen)
    assert not verschillen, verslag(verschillen)
    assert len({r["regel_code"] for r in redenen}) > 5


@pytest.mark.parametrize("naam", ["schone_regio", "rommelige_regio"])
def test_no_row_and_no_cent_is_lost_on_the_way_to_the_marts(naam, request):
    """SPEC 4: receipts -> accepted rows -> counting lines -> kosten_zorgmaand; what does not count is known."""
    regio = request.getfixturevalue(naam)
    orakel = Orakel(regio.bron, regio.catalogus, regio.nu)
    deurboek = Deurboek(regio.bron, regio.settings.huis, regio.catalogus)
    for b in deurboek.bewijzen.values():
        b.controleer()
    (ontvangen,) = lees_mart(
        regio.marts,
        "select sum(rijen_geaccepteerd) as rijen, sum(bedrag_geaccepteerd_eur) as eur from kwaliteit.leveringsstatus"
        " where bericht = 'declaraties' and status like 'GEACCEPTEERD%'",
    )
    geleverd = orakel.geleverd("declaraties").filter("is_geldend", "levering_geaccepteerd", ~pl.col("in_quarantaine"))
    assert ontvangen["rijen"] == geleverd.height
    assert ontvangen["eur"] == euro(geleverd["ingediend_bedrag"].sum())
    alle, nieuw, telt = orakel.regio.regels, nieuwste_regels(orakel.regio.regels), tellende_regels(orakel.regio)
    dubbel = geleverd.height - len(alle)
    vervangen, niet_geteld = len(alle) - len(nieuw), len(nieuw) - len(telt)
    (kosten,) = lees_mart(
        regio.marts,
        "select sum(n_regels) as regels, sum(netto_eur + voorbehoud_eur) as netto, sum(netto_eur) as geteld"
        " from kosten.kosten_zorgmaand where gebied_code = 'REGIO'",
    )
    assert ontvangen["rijen"] - dubbel - vervangen - niet_geteld == kosten["regels"]
    # accepted = counted + under reserve
    assert kosten["netto"] == euro(sum(r.teken * r.ingediend_bedrag for r in telt))
    (per_gemeente,) = lees_mart(
        regio.marts, "select sum(netto_eur) as eur from kosten.kosten_zorgmaand where gebied_code <> 'REGIO'"
    )
    assert per_gemeente["eur"] == kosten["geteld"]
    (aansluiting,) = lees_mart(
        regio.marts,
        "select sum(met_regels + zonder_regels + buiten_regels) as regels,"
        " sum(met_eur + zonder_eur + buiten_eur) as eur"
        " from kwaliteit.aansluiting",
    )
    assert aansluiting["regels"] == len(nieuw)
    assert aansluiting["eur"] == euro(sum(r.teken * r.ingediend_bedrag for r in nieuw))
    assert kosten["netto"] != Decimal(0)
