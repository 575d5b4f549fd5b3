"""The promise of a back-up: a home put back publishes the same figures, and so does one with another key."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from pipeline import publish
from pipeline.beheer.back_up import maak_backup, zet_terug
from pipeline.beheer.sleutelwissel import wissel
from pipeline.beheer.verwijderen import vergeet_jeugdige
from pipeline.maand import draai
from pipeline.naspelen import speel_na
from pipeline.settings import Huis

LATER = dt.timedelta(hours=1)


@pytest.mark.slow
def test_put_back_it_proves_the_same_figures_also_under_another_key_and_after_a_deletion(schone_regio, tmp_path):
    settings, catalogus, nu = schone_regio.settings, schone_regio.catalogus, schone_regio.nu
    maak_backup(settings.huis, tmp_path / "kluis", seeds=settings.seeds, nu=nu)
    terug = replace(settings, huis=Huis(tmp_path / "terug"))
    zet_terug(tmp_path / "kluis", terug.huis)
    assert publish.huidige(terug).publicatie_id == publish.huidige(settings).publicatie_id
    assert speel_na(terug, catalogus, nu=nu + LATER).is_identiek

    nieuw = b"een-heel-andere-sleutel-0123456789-abcdef"
    assert wissel(terug, catalogus, nieuw=nieuw, nu=nu + LATER).opnieuw > 100
    anders = replace(terug, sleutel=nieuw)
    assert speel_na(anders, catalogus, nu=nu + LATER).is_identiek

    bsn = _een_bsn(schone_regio)
    weg = vergeet_jeugdige(anders, bsn)
    assert weg.rijen > 0
    uitkomst = draai(anders, catalogus, nu=nu + 2 * LATER)
    assert uitkomst.is_gepubliceerd
    assert not uitkomst.is_ongewijzigd
    assert speel_na(anders, catalogus, nu=nu + 3 * LATER).is_identiek
    assert not [p for p in terug.huis.pad.rglob("*") if p.is_file() and bsn.encode() in p.read_bytes()]


def _een_bsn(regio) -> str:
    import polars as pl

    waarheid = pl.read_parquet(regio.bron / "waarheid" / "toewijzingen.parquet", columns=["bsn"])
    return str(waarheid["bsn"].drop_nulls().sort()[0])
