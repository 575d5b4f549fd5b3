"""The synthetic region: per file and rule the receipt counts what the ledger says (recall 1, no false alarm).

On the messy region that others look at too, and at two larger sizes, which are slow and print the report per rule.
"""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from pipeline import intake
from pipeline.domain.leveringen import KERN, Bericht, Ontvangstbewijs
from pipeline.domain.maanden import Maand
from pipeline.intake.bewijzen import geldigpad
from pipeline.settings import Settings
from pipeline.synth import maak_regio
from tests.bestanden import kenmerken_als_merk, per_pad
from tests.conftest import GedraaideRegio
from tests.intake.hulp import CATALOGUS, instellingen
from tests.oracle.grootboek import Deurboek

NU = dt.datetime(2026, 4, 28, 9, 0, tzinfo=dt.UTC)
DEUR = {c for c, regel in CATALOGUS.regels.items() if regel.deur != "bouw" and any(map(regel.geldt_voor, KERN))}
"""Of what a regio has by agreement: tests/verder/test_aan_de_deur.py."""
ONBEKEND_NIET_BEWAARD = {"status": "kwijt", "leveringsvorm": "LOT"}
"""Words outside their list: what could be free text is not kept (SPEC 8)."""


SCHALEN = (0.03, 0.2, 1.0)
"""Size of the region; 1 is Twente. The first is that of the region that was run."""


@pytest.fixture(
    scope="module",
    params=[SCHALEN[0], *(pytest.param(s, marks=pytest.mark.slow) for s in SCHALEN[1:])],
    ids="schaal {}".format,
)
def schaal(request: pytest.FixtureRequest) -> float:
    return float(request.param)


@pytest.fixture(scope="module")
def regio(
    schaal: float, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Settings, tuple[Ontvangstbewijs, ...]]:
    if schaal == SCHALEN[0]:
        gedraaid: GedraaideRegio = request.getfixturevalue("rommelige_regio")
        return gedraaid.bron, gedraaid.settings, tuple(intake.lees_bewijzen(gedraaid.settings.huis))
    map_ = tmp_path_factory.mktemp("grootboek")
    maak_regio(map_ / "bron", CATALOGUS, n_maanden=12, seed=3, laatste_maand=Maand(2026, 3), nu=NU, schaal=schaal)
    settings = instellingen(map_)
    shutil.copytree(map_ / "bron" / "landing", settings.huis.landing, dirs_exist_ok=True)
    uit = intake.neem_in(settings, CATALOGUS, nu=NU)
    assert uit.overgeslagen == ()
    return map_ / "bron", settings, uit.nieuw


def test_bevindingen_zijn_die_van_het_grootboek(regio: tuple[Path, Settings, tuple[Ontvangstbewijs, ...]]) -> None:
    bron, _, bewijzen = regio
    with (bron / "grootboek.csv").open(encoding="utf-8") as f:
        verwacht = Counter((r["bestand"], r["regel_code"]) for r in csv.DictReader(f) if r["regel_code"] in DEUR)
    gevonden = Counter(
        {
            (pad, x.regel_code): x.n_rijen
            for pad, b in per_pad(bron / "landing", bewijzen).items()
            for x in b.bevindingen
            if x.n_rijen
        }
    )
    assert len({code for _, code in verwacht}) >= 40
    assert gevonden == verwacht


def test_per_regel_alles_gevonden_en_niets_anders(
    schaal: float, regio: tuple[Path, Settings, tuple[Ontvangstbewijs, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Row by row: recall 1 and no false alarm for every rule that was planted."""
    bron, settings, _ = regio
    boek = Deurboek(bron, settings.huis, CATALOGUS)
    verslag = boek.verslag()
    if schaal > SCHALEN[0]:
        with capsys.disabled():
            print(f"\nschaal {schaal}, {sum(b.rijen.ontvangen for b in boek.bewijzen.values())} rijen aan de deur")
            print("regel verwacht gevonden  recall  vals", *sorted(map(str, verslag)), sep="\n")
    assert DEUR - {v.regel_code for v in verslag} == set()
    assert not [str(v) for v in verslag if v.gemist or v.vals_alarm]
    assert all(v.recall == 1.0 for v in verslag)


def test_oordelen_zijn_de_verwachte(regio: tuple[Path, Settings, tuple[Ontvangstbewijs, ...]]) -> None:
    bron, _, bewijzen = regio
    with (bron / "leveringen.csv").open(encoding="utf-8") as f:
        verwacht = {r["bestand"]: r["verwachte_status"] for r in csv.DictReader(f) if r["bestand"]}
    gevonden = {pad: b.status.value for pad, b in per_pad(bron / "landing", bewijzen).items()}
    assert gevonden == verwacht


@pytest.mark.parametrize("bericht", KERN)
def test_goedgekeurde_rijen_zijn_wat_een_volmaakte_lezer_vindt(
    regio: tuple[Path, Settings, tuple[Ontvangstbewijs, ...]], bericht: Bericht
) -> None:
    bron, settings, bewijzen = regio
    alle = per_pad(bron / "landing", bewijzen)
    eigen = {pad: b for pad, b in alle.items() if b.sleutel.bericht is bericht and b.rijen.geaccepteerd}
    rijen = pl.read_parquet([geldigpad(settings.huis, b) for b in eigen.values()])
    namen = {b.levering_id: pad for pad, b in eigen.items()}
    gelezen = rijen.with_columns(bestand=pl.col("levering_id").replace_strict(namen))
    geld = {"budget": "budget_cent", "producttarief": "producttarief_cent", "ingediend_bedrag": "ingediend_bedrag_cent"}
    geleverd = pl.read_parquet(bron / "geleverd" / f"{bericht.value}.parquet")
    geleverd = kenmerken_als_merk(geleverd, bericht)
    geleverd = geleverd.filter(pl.col("levering_geaccepteerd") & ~pl.col("in_quarantaine")).rename(geld, strict=False)
    for kolom, woord in ONBEKEND_NIET_BEWAARD.items():
        if kolom in geleverd.columns:
            assert gelezen.filter(pl.col(kolom) == woord).is_empty()
            anders = pl.col(kolom) == woord
            geleverd = geleverd.with_columns(pl.when(anders).then(None).otherwise(pl.col(kolom)).alias(kolom))
            onbekend = pl.col(kolom).is_in(["?", "onbekend"])
            gelezen = gelezen.with_columns(pl.when(onbekend).then(None).otherwise(pl.col(kolom)).alias(kolom))
    kolommen = [k for k in gelezen.columns if k in geleverd.columns]
    soorten = {k: gelezen.schema[k] for k in kolommen}
    volgorde = ["bestand", "rij"]
    assert len(kolommen) >= 20
    assert geleverd.select(kolommen).cast(soorten).sort(volgorde).equals(gelezen.select(kolommen).sort(volgorde))  # type: ignore[arg-type]  # polars types a dict by position
