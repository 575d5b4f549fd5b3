"""The same levering in every dress gives the same accepted rows and the same verdict (SPEC 9.1)."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs
from pipeline.domain.maanden import Maand
from pipeline.intake.landing import lees_naam
from pipeline.settings import PROJECT
from pipeline.synth import maak_regio
from pipeline.synth.dracht import DRACHTEN, GEWOON, SCHEMAS, als_tekst, maak_op
from pipeline.synth.werkmap import als_parquet as synth_parquet
from pipeline.synth.werkmap import als_xlsx as synth_xlsx
from tests.intake.hulp import D, T, als_csv, beoordeel, deur, geraakt, goede_rijen, kolommen, rij, stuk
from tests.intake.werkmappen import als_parquet, als_xlsx, ingepakt, met_gedeelde_teksten

GEMEENTE = "GM0141"


@pytest.fixture(scope="module")
def regio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small region in which everything is well, as the truth about what is in its files."""
    map_ = tmp_path_factory.mktemp("dracht")
    maak_regio(
        map_, Catalogus.load(PROJECT / "seeds"), n_maanden=4, laatste_maand=Maand(2026, 3), schaal=0.3,
        nu=dt.datetime(2026, 4, 20, 12, tzinfo=dt.UTC), gebreken=False, gemeenten=[GEMEENTE, "GM0163"],
    )  # fmt: skip
    return map_


def _gelijk(bewijs: Ontvangstbewijs) -> tuple[Any, ...]:
    return bewijs.inhoud_hash, bewijs.rijen, bewijs.bedrag_cent, bewijs.status


@pytest.mark.parametrize("bericht", [T, D])
@pytest.mark.parametrize("gemeente", [GEMEENTE, "GM0163"])  # cents and euros
def test_een_levering_van_de_regio_in_elke_dracht(regio: Path, bericht: Bericht, gemeente: str) -> None:
    import numpy as np

    euro = gemeente == "GM0163"
    maand = Maand(2026, 2)
    rijen = pl.read_parquet(regio / "waarheid" / f"{bericht.value}.parquet").filter(
        (pl.col("gemeente") == gemeente) & (pl.col("leveringsmaand") == maand.eerste_dag)
    )
    assert rijen.height > 15
    getypt = rijen.select(pl.col(n).cast(s) for n, s in SCHEMAS[bericht].items())
    gewoon = als_tekst(getypt, bericht, euro=euro, dracht=GEWOON).write_csv(separator=";").encode()
    verwacht = _gelijk(beoordeel(bericht, gewoon, gemeente=gemeente, maand=maand).bewijs)
    assert verwacht[1].geaccepteerd == rijen.height
    tekst = als_tekst(getypt, bericht, euro=euro, dracht=GEWOON)
    uit = io.BytesIO()
    tekst.write_parquet(uit)
    punt = als_tekst(getypt, bericht, euro=euro, dracht=DRACHTEN[0]).fill_null("")
    xlsx = synth_xlsx(getypt, bericht, gemeente, euro=euro)
    dossier = {
        "xlsx": xlsx,
        "parquet": synth_parquet(getypt, bericht, euro=euro),
        "parquet van tekst": uit.getvalue(),
        "xlsx van tekst": met_gedeelde_teksten(bericht, punt.to_dicts()),
        "zip van xlsx": ingepakt(("a.xlsx", xlsx)),
        "zip van twee csv": ingepakt(
            *((f"{i}.csv", d.write_csv(separator=";").encode()) for i, d in enumerate((tekst[:9], tekst[9:])))
        ),
        "utf-16": gewoon.decode().encode("utf-16"),
    }
    for dracht in DRACHTEN:
        als = als_tekst(getypt, bericht, euro=euro, dracht=dracht)
        opmaak = maak_op(als, getypt, bericht, gemeente, dracht, euro=euro, rng=np.random.default_rng(1))
        dossier[dracht.naam] = opmaak.inhoud
    stukken = [stuk(bericht, data, gemeente=gemeente, maand=maand, extensie=naam[:4]) for naam, data in dossier.items()]
    for naam, uitspraak in zip(dossier, deur().beoordeel(stukken), strict=True):
        assert _gelijk(uitspraak.bewijs)[:3] == verwacht[:3], naam
        assert uitspraak.bewijs.is_geaccepteerd, naam


def test_de_synthetische_werkmap_is_altijd_dezelfde_en_voor_anderen_leesbaar(regio: Path) -> None:
    getypt = pl.read_parquet(regio / "waarheid" / "declaraties.parquet").head(30)
    getypt = getypt.select(pl.col(n).cast(s) for n, s in SCHEMAS[D].items())
    data = synth_xlsx(getypt, D, GEMEENTE, euro=False)
    assert data == synth_xlsx(getypt, D, GEMEENTE, euro=False)
    blad = openpyxl.load_workbook(io.BytesIO(data)).worksheets[1]
    gelezen = list(blad.iter_rows(min_row=4, values_only=True))
    assert [str(r[4]) for r in gelezen] == getypt["bsn"].to_list()
    assert [r[3].date() for r in gelezen] == getypt["declaratiedagtekening"].to_list()
    assert [r[15] for r in gelezen] == getypt["ingediend_bedrag"].to_list()


def test_de_regio_levert_ook_andere_soorten(tmp_path: Path) -> None:
    """What the region writes as xlsx and Parquet is taken in as geleverd/ says."""
    maak_regio(
        tmp_path, Catalogus.load(PROJECT / "seeds"), n_maanden=6, laatste_maand=Maand(2026, 3), schaal=0.05,
        nu=dt.datetime(2026, 4, 20, 12, tzinfo=dt.UTC), gemeenten=["GM0141", "GM0168", "GM1774"],
    )  # fmt: skip
    soorten = set()
    for pad in sorted((tmp_path / "landing").rglob("*_2026-0[12].*")):
        naam = lees_naam(pad.name)
        if naam is None or naam[1] == "csv":
            continue
        sleutel, soort = naam
        soorten.add(soort)
        geleverd = pl.read_parquet(tmp_path / "geleverd" / f"{sleutel.bericht.value}.parquet").filter(
            pl.col("bestand") == f"{sleutel.gemeente}/{pad.name}"
        )
        uitspraak = beoordeel(
            sleutel.bericht, pad.read_bytes(), gemeente=sleutel.gemeente, maand=sleutel.maand, extensie=soort
        )
        assert uitspraak.geldig is not None
        assert uitspraak.geldig["rij"].to_list() == geleverd["rij"].to_list()
        assert uitspraak.bewijs.rijen.quarantaine == 0
    assert soorten == {"xlsx", "parquet"}


# --- any table in any dress -------------------------------------------------------------------------------------------

dagen = st.dates(dt.date(1995, 1, 1), dt.date(2030, 12, 31))
rijen_ = st.lists(
    st.fixed_dictionaries(
        {
            "datum_antwoord": dagen.map(str),
            "ingediend_bedrag": st.integers(0, 10**9).map(str),
            "geleverd_volume": st.one_of(
                st.integers(0, 10**6).map(str), st.integers(0, 10**7).map(lambda n: f"{n / 100:.2f}"),
            ),
            "producttarief": st.integers(1, 10**7).map(lambda n: f"{n / 1000:.4f}"),
            "eenheid": st.sampled_from(["04", "4", "16", "83"]),
            "aanbieder_agb": st.sampled_from(["06123456", "6123456", "42345678"]),
            "retourcode": st.sampled_from(["", "0611", "611"]),
            "status": st.sampled_from(["goedgekeurd", " Goedgekeurd ", "afgekeurd"]),
        }
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(rijen_, st.integers(0, 3), st.booleans())
def test_elke_tabel_komt_in_elk_soort_hetzelfde_terug(
    waarden: list[Mapping[str, str]], titels: int, als_tekst_: bool
) -> None:
    rijen = [rij(D, **r, referentienummer=f"R{i}") for i, r in enumerate(waarden)]
    parquet = als_parquet(D, rijen, typen=not als_tekst_)
    soorten = {
        "csv": als_csv(D, rijen),
        "xlsx": als_xlsx(D, rijen, titels=titels, als_tekst=als_tekst_),
        "parquet": parquet,
        "zip": ingepakt(("a.parquet", parquet)),
    }
    verwacht, *anders = deur().beoordeel([stuk(D, data, extensie=soort) for soort, data in soorten.items()])
    for uitspraak in anders:
        assert _gelijk(uitspraak.bewijs) == _gelijk(verwacht.bewijs), uitspraak.bewijs.bestandsnaam
        redenen = [None if u.quarantaine is None else u.quarantaine["redenen"].to_list() for u in (uitspraak, verwacht)]
        assert redenen[0] == redenen[1], uitspraak.bewijs.bestandsnaam


def test_alle_kolommen_van_beide_berichten() -> None:
    """Every column filled: none is lost on the way through another kind of file."""
    for bericht in (T, D):
        rijen = [{**r, **{n: r[n] or "1" for n in kolommen(bericht)}} for r in goede_rijen(bericht, 3)]
        for r in rijen:
            for n in kolommen(bericht):
                if "datum" in n and r[n] == "1":
                    r[n] = "2025-03-02"
        verwacht = beoordeel(bericht, als_csv(bericht, rijen)).bewijs
        for soort, data in (("xlsx", als_xlsx(bericht, rijen)), ("parquet", als_parquet(bericht, rijen))):
            assert _gelijk(beoordeel(bericht, data, extensie=soort).bewijs) == _gelijk(verwacht), soort


@pytest.mark.parametrize("fout", ["#N/A", "#N/B", "#DIV/0!"])
def test_een_fout_van_een_spreadsheet_is_in_elk_soort_onleesbaar(fout: str) -> None:
    rijen = [r | {"einddatum": fout} if i == 1 else r for i, r in enumerate(goede_rijen(T, 3))]
    soorten = {
        "csv": als_csv(T, rijen),
        "xlsx": met_gedeelde_teksten(T, rijen),
        "parquet": als_parquet(T, rijen, typen=False),
    }
    for uitspraak in deur().beoordeel([stuk(T, data, extensie=soort) for soort, data in soorten.items()]):
        assert geraakt(uitspraak, "R06") == [3]
        assert uitspraak.bewijs.rijen.geaccepteerd == 2
