"""A home of before: plain hashes of content, and plain numbers in rows that nobody can make again; and another key."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline import intake
from pipeline.beheer.sleutelwissel import SleutelFout, wissel
from pipeline.domain.leveringen import Ontvangstbewijs
from pipeline.intake import bijwerken
from pipeline.intake.archief import archiefpad
from pipeline.intake.bewijzen import bewijspad, geldigpad, quarantainepad
from pipeline.intake.landing import identiteit
from pipeline.settings import Settings
from tests.bestanden import kenmerk_als_merk
from tests.intake.hulp import CATALOGUS, NU, SLEUTEL, D, T, als_csv, goede_rijen, instellingen, lever, rij

NIEUW = b"een-heel-andere-sleutel-0123456789-abcdef"
CSV = als_csv(D, [*goede_rijen(D, 3), rij(D, bsn="", referentienummer="B1")])


def maak_oud(s: Settings, bewijs: Ontvangstbewijs, data: bytes, *, met_bytes: bool) -> str:
    """Put a levering back as version 1 kept it; return its plain hash."""
    sha = hashlib.sha256(data).hexdigest()
    controle = dict(bewijs.controle) if bewijs.controle else None
    if controle and "sha256" in controle:
        controle["sha256"] = sha
    oud = replace(
        bewijs,
        sha256=sha,
        levering_id=identiteit(bewijs.sleutel, sha, ""),
        bestandsnaam=bewijs.bestandsnaam.replace(".csv", "_v2 van ons.csv"),
        controle=controle,
        deurversie="oud" if met_bytes else "oud-gezuiverd",
    )
    for plek in (geldigpad, quarantainepad):
        if plek(s.huis, bewijs).exists():
            rijen = pl.read_parquet(plek(s.huis, bewijs)).with_columns(pl.lit(oud.levering_id).alias("levering_id"))
            nummers: dict[str, Any] = {"toewijzingnummer": pl.lit(1001, pl.Int64), "declaratienummer": pl.lit("D1")}
            nummers["referentienummer"] = pl.lit("R") + pl.col("rij").cast(pl.String)
            if plek is quarantainepad:
                nummers["toewijzingnummer"] = pl.lit("1001")
            plek(s.huis, bewijs).unlink()
            rijen.drop("eigen_sleutel").with_columns(**nummers).write_parquet(plek(s.huis, oud))
    plat = oud.als_dict() | {"bewijs_versie": 1}
    bewijspad(s.huis, bewijs.sleutel, bewijs.levering_id).unlink()
    bewijspad(s.huis, oud.sleutel, oud.levering_id).write_text(
        json.dumps(plat, ensure_ascii=False, separators=(",", ":"), sort_keys=True), encoding="utf-8"
    )
    eerder = plat | {"status": "ONGEWIJZIGD", "ontvangen_op": "2025-01-02T03:04:05+00:00", "bevindingen": []}
    pad = bewijspad(s.huis, oud.sleutel, f"{oud.levering_id}.aanbod-20250102T030405000000")
    pad.write_text(json.dumps(eerder, separators=(",", ":")), encoding="utf-8")
    van, naar = archiefpad(s.huis, bewijs.sha256), archiefpad(s.huis, sha)
    if met_bytes:
        naar.parent.mkdir(parents=True, exist_ok=True)
        van.rename(naar)
    else:
        van.unlink()
    return sha


def plat(s: Settings) -> bytes:
    """Everything right of archive/, and the names in it."""
    kamers = [p for p in s.huis.pad.rglob("*") if "archive" not in p.parts and "landing" not in p.parts]
    return b"\n".join([str(p).encode() + (p.read_bytes() if p.is_file() else b"") for p in kamers])


@pytest.fixture
def s(tmp_path: Path) -> Settings:
    settings = instellingen(tmp_path)
    settings.controleer_huis()
    pad = lever(settings, D, CSV)
    totalen = {"rijen": 4, "sha256": hashlib.sha256(CSV).hexdigest()}
    Path(f"{pad}.controle.json").write_text(json.dumps(totalen), encoding="utf-8")
    lever(settings, T, als_csv(T, goede_rijen(T, 2)))
    return settings


@pytest.mark.parametrize("gedood", [None, "schrijf_bewijs", "_zet_rijen_over"])
def test_an_older_home_becomes_what_a_new_one_would_be(
    s: Settings, gedood: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the first attempt was killed: the same receipts and rows, and no plain hash anywhere."""
    nieuw = {b.sleutel.bericht: b for b in intake.neem_in(s, CATALOGUS, nu=NU).nieuw}
    rijen = pl.read_parquet(geldigpad(s.huis, nieuw[D]))
    sha = maak_oud(s, nieuw[D], CSV, met_bytes=True)
    assert sha.encode() in plat(s)

    class Gedood(BaseException):
        pass

    if gedood:
        with monkeypatch.context() as mp:

            def dood(*_: object, **__: object) -> None:
                raise Gedood

            mp.setattr(bijwerken, gedood, dood)
            with pytest.raises(Gedood):
                intake.werk_bij(s)
    uit = intake.neem_in(s, CATALOGUS, nu=NU + dt.timedelta(days=1))
    assert (uit.nieuw, uit.ongewijzigd, len(uit.herbeoordeeld)) == ((), 2, 1)
    daarna = {b.sleutel.bericht: b for b in intake.lees_bewijzen(s.huis)}
    eerder = replace(nieuw[D], ontvangen_op=dt.datetime(2025, 1, 2, 3, 4, 5, tzinfo=dt.UTC))
    assert daarna == {T: nieuw[T], D: eerder}
    assert pl.read_parquet(geldigpad(s.huis, eerder)).equals(rijen)
    assert sha.encode() not in plat(s)
    assert b"van ons" not in plat(s)
    assert [p.name for p in s.huis.archive.rglob(sha)] == []
    assert intake.werk_bij(s) == 0


def test_rows_without_bytes_get_hashes_for_their_numbers(s: Settings) -> None:
    nieuw = {b.sleutel.bericht: b for b in intake.neem_in(s, CATALOGUS, nu=NU).nieuw}
    maak_oud(s, nieuw[D], CSV, met_bytes=False)
    assert intake.werk_bij(s) == 2
    (bewijs,) = [b for b in intake.lees_bewijzen(s.huis) if b.sleutel.bericht is D]
    rijen = pl.read_parquet(geldigpad(s.huis, bewijs))
    assert set(rijen["toewijzingnummer"]) == {kenmerk_als_merk("1001", "toewijzing")}
    assert rijen["referentienummer"][0] == kenmerk_als_merk("R2", "regel")
    assert set(rijen["eigen_sleutel"]) == {""}
    # known still, and not judged anew
    assert intake.neem_in(s, CATALOGUS, nu=NU).nieuw == ()
    assert rijen.equals(pl.read_parquet(geldigpad(s.huis, bewijs)))


# --- another key ----------------------------------------------------------------------------------------------------


def test_another_key_gives_other_hashes_and_leveringen_keep_their_names(s: Settings) -> None:
    voor = intake.neem_in(s, CATALOGUS, nu=NU).nieuw
    inhoudsleutel = s.inhoudsleutel
    wissel(s, CATALOGUS, nieuw=NIEUW, nu=NU)
    anders = replace(s, sleutel=NIEUW)
    anders.controleer_huis()
    assert anders.inhoudsleutel == inhoudsleutel
    daarna = tuple(intake.lees_bewijzen(s.huis))
    assert [b.levering_id for b in daarna] == [b.levering_id for b in sorted(voor, key=lambda b: b.sleutel)]
    rijen = pl.read_parquet([geldigpad(s.huis, b) for b in daarna if b.sleutel.bericht is D])
    assert kenmerk_als_merk("1001", "toewijzing") not in set(rijen["toewijzingnummer"])
    # allocations and claims are still about the same
    toewijzingen = pl.read_parquet([geldigpad(s.huis, b) for b in daarna if b.sleutel.bericht is T])
    assert rijen["toewijzingnummer"].n_unique() == 1
    assert toewijzingen["toewijzingnummer"].n_unique() == 2
    # the same bytes are still known, and a second change works from here
    assert intake.neem_in(anders, CATALOGUS, nu=NU).ongewijzigd == 2
    wissel(anders, CATALOGUS, nieuw=SLEUTEL, nu=NU)
    assert sorted(intake.lees_bewijzen(s.huis), key=lambda b: b.sleutel) == sorted(voor, key=lambda b: b.sleutel)


def test_numbers_that_would_count_twice_stop_the_change_unless_asked_for(s: Settings) -> None:
    """The claims are only in a levering without bytes; their youth is in another that has them."""
    (weg,) = [b for b in intake.neem_in(s, CATALOGUS, nu=NU).nieuw if b.sleutel.bericht is D]
    archiefpad(s.huis, weg.sha256).unlink()
    voor = pl.read_parquet(geldigpad(s.huis, weg))
    with pytest.raises(SleutelFout, match=r"nummers .* dubbel tellen"):
        wissel(s, CATALOGUS, nieuw=NIEUW, nu=NU)
    assert pl.read_parquet(geldigpad(s.huis, weg)).equals(voor)
    s.controleer_huis()
    assert wissel(s, CATALOGUS, nieuw=NIEUW, nu=NU, met_verlies=True).vertaald == 1
    daarna = pl.read_parquet(geldigpad(s.huis, weg))
    assert daarna["referentienummer"].equals(voor["referentienummer"])
    assert set(daarna["pseudoniem"]).isdisjoint(voor["pseudoniem"])
