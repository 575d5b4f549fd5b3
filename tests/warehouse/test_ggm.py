"""Kept rows as tables of the Gemeentelijk Gegevensmodel, and such tables at the door: every row comes back."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipeline.berichten import CONTRACTEN, ggm
from pipeline.berichten.rijregels import EERSTE_SYNTHETISCHE_BSN
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs, Status, geldende
from pipeline.domain.maanden import Maand
from pipeline.domain.synoniemen import waardesynoniemen
from pipeline.intake import lees_bewijzen
from pipeline.settings import Huis
from pipeline.warehouse.ggm import LEVERINGEN, maak_tabellen, schrijf_ggm
from pipeline.warehouse.laden import validated_pad
from pipeline.warehouse.leesbaar import leesbaar, nummers_van, vervangende_bsns
from tests.conftest import GedraaideRegio
from tests.intake import test_elke_dracht as drachten
from tests.intake.hulp import CATALOGUS, D, T, als_csv, beoordeel, deur, elfproef, geraakt, rij, stuk

WOORDEN = waardesynoniemen(CATALOGUS)
Tabellen = dict[str, pl.DataFrame]


def als_tabellen(geldig: pl.DataFrame, bericht: Bericht) -> Tabellen:
    """Tables of the accepted rows of a levering."""
    return maak_tabellen({bericht: leesbaar(geldig, bericht, nummers_van({bericht: geldig}))}, WOORDEN)


def ingepakt(tabellen: Mapping[str, pl.DataFrame]) -> bytes:
    """Tables as Parquet in a zip."""
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w") as zip_:
        for naam, df in tabellen.items():
            data = io.BytesIO()
            df.write_parquet(data)
            zip_.writestr(f"{naam}.parquet", data.getvalue())
    return uit.getvalue()


def zelfde_rijen(heen: pl.DataFrame, terug: pl.DataFrame, bericht: Bericht) -> None:
    """Compare rows: values are equal, numbers are as different from each other as they were."""
    a, b = heen.sort("rij"), terug.sort("rij")
    assert a.height == b.height
    for naam, kolom in CONTRACTEN[bericht].bewaard.items():
        if kolom.kenmerk or naam == "pseudoniem":
            paren = pl.DataFrame({"a": a[naam], "b": b[naam]}).unique()
            assert paren["a"].n_unique() == paren["b"].n_unique() == paren.height, naam
            assert a[naam].null_count() == b[naam].null_count(), naam
        else:
            assert a[naam].to_list() == b[naam].to_list(), naam


def sleutels_kloppen(tabellen: Tabellen) -> None:
    """Every key is one row's, and what points at a row finds it."""
    for tabel, kolommen in ggm.tabellen().items():
        assert tabellen[tabel].columns == list(kolommen)
        assert not tabellen[tabel][ggm.sleutel(tabel)].is_duplicated().any(), tabel
        for kolom, soort in kolommen.items():
            if soort in ggm.TABELLEN:
                loos = set(tabellen[tabel][kolom].drop_nulls()) - set(tabellen[soort][ggm.sleutel(soort)])
                assert loos == set(), f"{tabel}.{kolom}"


# --- the mapping ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bericht", [T, D])
def test_every_column_has_a_place_of_its_own(bericht: Bericht) -> None:
    contract = CONTRACTEN[bericht]
    plaatsen = [p for k in contract.kolommen for p in ggm.plaatsen(k, contract.ggm)]
    assert len(set(plaatsen)) == len(plaatsen)
    for kolom in contract.kolommen:
        exact, *_ = ggm.plaatsen(kolom, contract.ggm)
        # what the model has as a number of its own stands beside it as it was
        assert exact.kolom.startswith(ggm.BUITEN) or exact.soort not in (*ggm.ENUMERATIES, "INTEGER"), kolom.naam


def test_no_table_points_at_a_later_one_and_every_branch_is_a_key() -> None:
    namen = list(ggm.TABELLEN)
    for tabel, kolommen in ggm.TABELLEN.items():
        verwijst = [s for k, s in kolommen.items() if s in ggm.TABELLEN]
        assert all(namen.index(s) < namen.index(tabel) for s in verwijst), tabel
    assert {k for t in ggm.TAKKEN for k in (t.kolom,)} <= {k for kolommen in ggm.TABELLEN.values() for k in kolommen}


def test_enumerations_have_the_codes_of_the_standard() -> None:
    eenheid = ggm.nummers("EENHEID_ENUM", "eenheid", WOORDEN)
    per_code = {c: ggm.ENUMERATIES["EENHEID_ENUM"][n - 1] for c, n in eenheid.items() if c.isdigit()}
    assert per_code == {
        "01": "MINUUT",
        "04": "UUR",
        "14": "ETMAAL",
        "16": "DAGDEEL_4_UUR_",
        "83": "EUROS",
    } | dict.fromkeys(("82", "84"), "STUKS")
    assert {"1", "2", "3", "4", "5", "6"} <= ggm.nummers("FREQUENTIE_ENUM", "frequentie", WOORDEN).keys()
    assert {f"0{i}" for i in range(1, 9)} <= ggm.nummers("SOORT_VERWIJZER_ENUM", "verwijzer_type", WOORDEN).keys()


def test_numbers_that_stand_for_a_person_pass_the_eleven_test_and_are_nobodys() -> None:
    nummers = [n for n, _ in zip(vervangende_bsns(), range(500), strict=False)]
    assert len(set(nummers)) == 500
    assert all(n >= EERSTE_SYNTHETISCHE_BSN and elfproef(int(n)) for n in nummers)


# --- there and back ---------------------------------------------------------------------------------------------------

BIJZONDER = {
    T: [
        rij(T),
        rij(T),  # twice in the file
        rij(T, toewijzingnummer="2", geboortedatum="1900-01-01", geslacht="9", eenheid="21", reden_wijziging="77"),
        rij(T, toewijzingnummer="3", bsn="999900018", leveringsvorm="", productcode="", productcategorie="", volume=""),
        rij(T, toewijzingnummer="999900006", besluitdatum="2025-02-01", datum_ontvangst_verzoek="2025-01-31"),
        rij(T, toewijzingnummer="5", startdatum_levering="2025-03-05", stopdatum_levering="2025-03-28", budget="12"),
    ],
    D: [
        rij(D),
        rij(D),
        rij(D, referentienummer="REF2", eenheid="83", geleverd_volume="50", ingediend_bedrag="5000", producttarief=""),
        rij(D, referentienummer="REF3", debet_credit="C", vorig_referentienummer="REF1", status="afgekeurd"),
        rij(D, referentienummer="REF4", retourcode="8001", datum_antwoord="2025-04-10", declaratienummer="D2"),
        rij(D, referentienummer="REF5", producttarief="7090.4567", geleverd_volume="12.34", bsn="999900018"),
    ],
}


@pytest.mark.parametrize("bericht", [T, D])
def test_what_is_odd_comes_back(bericht: Bericht) -> None:
    _heen_en_terug(bericht, BIJZONDER[bericht])


@pytest.mark.parametrize("bericht", [T, D])
def test_every_row_comes_back(bericht: Bericht) -> None:
    _zoek(bericht, 1)


@pytest.mark.slow
@pytest.mark.parametrize("bericht", [T, D])
def test_of_many_tables_every_row_comes_back(bericht: Bericht) -> None:
    _zoek(bericht, 25)


def _zoek(bericht: Bericht, keer: int) -> None:
    rij_ = {T: drachten.toewijzingen, D: drachten.declaraties}[bericht]

    @settings(max_examples=keer, phases=(Phase.generate,), **drachten.OPTIES)
    @given(st.lists(rij_, min_size=30, max_size=40))
    def proef(delen: list[dict[str, str]]) -> None:
        _heen_en_terug(bericht, drachten._rijen(bericht, delen))

    proef()


def _heen_en_terug(bericht: Bericht, rijen: list[dict[str, str]]) -> None:
    heen = beoordeel(bericht, als_csv(bericht, rijen))
    assert heen.geldig is not None and heen.geldig.height == len(rijen)
    tabellen = als_tabellen(heen.geldig, bericht)
    sleutels_kloppen(tabellen)
    terug = beoordeel(bericht, ingepakt(tabellen), extensie="zip")
    assert terug.geldig is not None
    zelfde_rijen(heen.geldig, terug.geldig, bericht)
    assert (terug.bewijs.rijen, terug.bewijs.bedrag_cent) == (heen.bewijs.rijen, heen.bewijs.bedrag_cent)


VANAF = Maand(2025, 11)
"""From here on the messy region is exported; all of a region: integration/test_ggm.py."""


@dataclass(frozen=True)
class Uitvoer:
    """What was exported of a gemeente, from which leveringen."""

    map: Path
    huis: Huis
    eigen: list[Ontvangstbewijs]
    tellingen: dict[str, int]


@pytest.fixture(scope="module")
def uitvoer(rommelige_regio: GedraaideRegio, tmp_path_factory: pytest.TempPathFactory) -> Uitvoer:
    huis, naar = rommelige_regio.settings.huis, tmp_path_factory.mktemp("ggm")
    staand = geldende(lees_bewijzen(huis), rommelige_regio.nu).values()
    geldig = [b for b in staand if b.sleutel.maand >= VANAF]
    assert schrijf_ggm(huis, geldig, WOORDEN, "GM9999", naar) == {}
    tellingen = schrijf_ggm(huis, geldig, WOORDEN, "GM0153", naar)
    eigen = [b for b in geldig if b.sleutel.gemeente == "GM0153" and CONTRACTEN[b.sleutel.bericht].ggm]
    return Uitvoer(naar, huis, eigen, tellingen)


def test_a_gemeente_gets_its_own_rows_and_nobodys_number(uitvoer: Uitvoer, rommelige_regio: GedraaideRegio) -> None:
    tabellen = {naam: pl.read_parquet(uitvoer.map / f"{naam}.parquet") for naam in ggm.TABELLEN}
    sleutels_kloppen(tabellen)
    assert uitvoer.tellingen == {naam: df.height for naam, df in tabellen.items()}
    delen = {b: [x for x in uitvoer.eigen if x.sleutel.bericht is b] for b in (T, D)}
    rijen = {b: pl.concat(pl.read_parquet(validated_pad(uitvoer.huis, x)) for x in d) for b, d in delen.items()}
    assert tabellen["DECLARATIEREGEL"].height == rijen[D]["rij_hash"].n_unique() > 100
    assert tabellen["TOEWIJZING"][ggm.MAAND].count() == rijen[T]["rij_hash"].n_unique() > 100
    # a claim points at an allocation with its number; of one that was not delivered only the number is known
    assert tabellen["DECLARATIEREGEL"]["IS_OP_BASIS_VAN_TOEWIJZING_ID"].null_count() == 0
    bsns = pl.read_parquet(rommelige_regio.bron / "waarheid" / "toewijzingen.parquet")["bsn"].cast(pl.String)
    eigen = tabellen["NATUURLIJKPERSOON"]["BURGERSERVICENUMMER"]
    assert eigen.n_unique() == pl.concat([rijen[T]["pseudoniem"], rijen[D]["pseudoniem"]]).n_unique()
    assert not set(eigen) & set(bsns)
    geheim = [t.encode() for n in ("pseudoniem", "toewijzingnummer") for t in rijen[T][n].head(50)]
    assert not any(g in pad.read_bytes() for g in geheim for pad in uitvoer.map.glob("*.parquet"))


def test_an_export_delivered_again_gives_the_same_rows(uitvoer: Uitvoer) -> None:
    stukken = []
    for b in uitvoer.eigen:
        s = b.sleutel
        pad = uitvoer.map / LEVERINGEN / f"{s.bericht}_{s.gemeente}_{s.maand}.zip"
        assert pad.stat().st_mtime == b.ontvangen_op.timestamp()
        stukken.append(stuk(s.bericht, pad.read_bytes(), gemeente=s.gemeente, maand=s.maand, extensie="zip"))
    for b, u in zip(uitvoer.eigen, deur().beoordeel(stukken), strict=True):
        assert u.geldig is not None
        assert (u.bewijs.rijen.quarantaine, u.bewijs.bedrag_cent.geaccepteerd) == (0, b.bedrag_cent.geaccepteerd)
        heen, terug = (df.sort("rij") for df in (pl.read_parquet(validated_pad(uitvoer.huis, b)), u.geldig))
        zelfde_rijen(heen, terug, b.sleutel.bericht)


# --- the door ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def goed() -> dict[Bericht, Tabellen]:
    """The tables of three rows of each bericht."""
    uit = {}
    for bericht, sleutel in ((T, "toewijzingnummer"), (D, "referentienummer")):
        rijen = [rij(bericht, **{sleutel: str(n)}) for n in (1, 2, 3)]
        geldig = beoordeel(bericht, als_csv(bericht, rijen)).geldig
        assert geldig is not None
        uit[bericht] = als_tabellen(geldig, bericht)
    return uit


def zonder(tabel: str, *kolommen: str) -> Callable[[Tabellen], Tabellen]:
    """Leave out a table, or columns of it."""
    return lambda t: {n: df.drop(kolommen) if n == tabel else df for n, df in t.items() if n != tabel or kolommen}


def dubbel(tabel: str) -> Callable[[Tabellen], Tabellen]:
    return lambda t: t | {tabel: pl.concat([t[tabel], t[tabel]])}


@pytest.mark.parametrize(
    ("bericht", "verander", "code", "zin"),
    [
        (T, zonder("LEVERANCIER"), "L01", "van het GGM: LEVERANCIER."),
        (T, zonder("TOEWIJZING"), "L01", "van het GGM: TOEWIJZING."),
        (D, zonder("DECLARATIE"), "L01", "van het GGM: DECLARATIE."),
        (T, zonder("BESCHIKKING", "RECHTSPERSOON_ID"), "L01", "tabel BESCHIKKING ontbreekt de sleutel RECHTSP"),
        (T, zonder("LEVERANCIER", "RECHTSPERSOON_ID"), "L01", "tabel LEVERANCIER ontbreekt de sleutel RECHTSP"),
        (T, dubbel("LEVERANCIER"), "L01", "tabel LEVERANCIER staat dezelfde RECHTSPERSOON_ID in meer"),
        (D, zonder("DECLARATIEREGEL", "RM_GELEVERD_VOLUME"), "L05", "ontbreekt: geleverd_volume."),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(
    goed: dict[Bericht, Tabellen], bericht: Bericht, verander: Callable[[Tabellen], Tabellen], code: str, zin: str
) -> None:
    bewijs = beoordeel(bericht, ingepakt(verander(goed[bericht])), extensie="zip").bewijs
    assert bewijs.status is Status.AFGEKEURD
    (gevonden,) = (b for b in bewijs.bevindingen if b.regel_code == code)
    assert gevonden.n_rijen and zin in gevonden.zin


def test_optional_tables_may_be_left_out(goed: dict[Bericht, Tabellen]) -> None:
    kort = {t: goed[T][t] for t in ggm.verplichte_tabellen(CONTRACTEN[T])}
    geldig = beoordeel(T, ingepakt(kort), extensie="zip").geldig
    assert geldig is not None and geldig.height == 3
    assert geldig["productcode"].null_count() == geldig["startdatum_levering"].null_count() == 3


def test_a_key_to_a_row_that_is_not_there_is_a_fault_of_its_row(goed: dict[Bericht, Tabellen]) -> None:
    loos = pl.when(pl.col("TOEWIJZING_ID") == 2).then(99).otherwise("LEVERT_VOORZIENING_RECHTSPERSOON_ID")
    tabellen = goed[T] | {"TOEWIJZING": goed[T]["TOEWIJZING"].with_columns(LEVERT_VOORZIENING_RECHTSPERSOON_ID=loos)}
    uitspraak = beoordeel(T, ingepakt(tabellen), extensie="zip")
    assert geraakt(uitspraak, "R10") == [3]  # its row in TOEWIJZING; the names of the columns are row 1
    assert uitspraak.bewijs.rijen.geaccepteerd == 2


def test_tables_as_the_model_has_them_by_themselves(goed: dict[Bericht, Tabellen]) -> None:
    """A gemeente that fills the model knows nothing of the columns beside it; the enumerations say which code."""
    namen = [k for k in goed[T]["TOEWIJZING"].columns if k.startswith(ggm.BUITEN)]
    kaal = zonder("TOEWIJZING", *namen)(goed[T])
    # keys that a dataframe made floats of, because one was empty
    kaal["TOEWIJZING"] = kaal["TOEWIJZING"].with_columns(pl.col("LEVERT_VOORZIENING_RECHTSPERSOON_ID").cast(pl.Float64))
    geldig = beoordeel(T, ingepakt(kaal), extensie="zip").geldig
    assert geldig is not None
    assert geldig.select("eenheid", "frequentie", "verwijzer_type", "leveringsvorm").unique().rows() == [
        ("04", "4", "01", "ZIN")
    ]


def test_amounts_are_plain_euros(goed: dict[Bericht, Tabellen]) -> None:
    bedragen = pl.Series("BEDRAG", ["850,80", "€ 850,80", "850.8"])
    tabellen = goed[D] | {"DECLARATIEREGEL": goed[D]["DECLARATIEREGEL"].with_columns(bedragen)}
    uitspraak = beoordeel(D, ingepakt(tabellen), extensie="zip")
    assert geraakt(uitspraak, "R08") == [3]
    assert uitspraak.geldig is not None
    assert uitspraak.geldig["ingediend_bedrag_cent"].to_list() == [85080, 85080]


def test_a_bericht_that_the_model_has_not(goed: dict[Bericht, Tabellen]) -> None:
    for bericht in (b for b in Bericht if not CONTRACTEN[b].ggm):
        (l01,) = (
            b for b in beoordeel(bericht, ingepakt(goed[T]), extensie="zip").bewijs.bevindingen if b.regel_code == "L01"
        )
        assert l01.n_rijen and f"voor {bericht.value} niet gelezen" in l01.zin


def test_the_ddl_has_every_table_and_column() -> None:
    sql = ggm.ddl()
    for tabel, kolommen in ggm.tabellen().items():
        (blok,) = re.findall(rf"CREATE TABLE {tabel} \((.*?)\);", sql, re.DOTALL)
        assert re.findall(r"^    (\w+) ", blok, re.MULTILINE) == list(kolommen)
