"""Back-up and restore, another key, deletion, retention of publications, health: on small homes without a build."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import logging
import shutil
import threading
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from click.testing import CliRunner

from pipeline import intake, meldingen, publish
from pipeline import maand as maandloop
from pipeline.beheer import gezondheid, verwijderen
from pipeline.beheer.back_up import BackupFout, maak_backup, momenten, zet_terug
from pipeline.beheer.sleutelwissel import SleutelFout, wissel
from pipeline.beheer.verwijderen import VerwijderFout, vergeet_jeugdige, verwijder_gemeente, verwijder_voor
from pipeline.cli import main
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht, Status
from pipeline.domain.maanden import Maand
from pipeline.domain.runs import RunUitkomst
from pipeline.intake.archief import archiefpad
from pipeline.intake.bewijzen import geldigpad, quarantainepad
from pipeline.proces import logboek, runboek
from pipeline.settings import Huis, InstellingFout, load_settings
from tests.intake.hulp import als_csv, rij
from tests.kleine_regio import maak_seeds

D, T = Bericht.DECLARATIES, Bericht.TOEWIJZINGEN
NU = dt.datetime(2026, 4, 28, 9, tzinfo=dt.UTC)
EEN = "999900006"
NIEUW = b"een-heel-andere-sleutel-0123456789-abcdef"
MAP_ = {"GM0141": Maand(2025, 3), "GM0147": Maand(2025, 4)}


def elf(nummer: int) -> bool:
    cijfers = [int(c) for c in f"{nummer:09d}"]
    return sum(c * g for c, g in zip(cijfers, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0


TWEE = next(str(n) for n in range(999900100, 999900200) if elf(n))


def lever(huis: SimpleNamespace, gemeente: str, maand: Maand, rijen: list[dict[str, str]]) -> None:
    pad = huis.settings.huis.landing / gemeente / f"declaraties_{gemeente}_{maand}.csv"
    pad.parent.mkdir(parents=True, exist_ok=True)
    pad.write_bytes(als_csv(D, rijen))


def regel(maand: Maand, nummer: str, bsn: str, **anders: str) -> dict[str, str]:
    dag = maand.laatste_dag.isoformat()
    vast = {"declaratiedagtekening": dag, "productperiode_begin": maand.eerste_dag.isoformat()}
    return rij(D, bsn=bsn, referentienummer=nummer, **(vast | {"productperiode_eind": dag} | anders))


@pytest.fixture
def huis(tmp_path: Path) -> SimpleNamespace:
    """Two gemeenten, one levering each; person EEN in both, TWEE in the first, and once in quarantine."""
    seeds = maak_seeds(tmp_path / "seeds", ("GM0141", "GM0147"))
    env = {
        "REGIOMONITOR_HOME": str(tmp_path / "huis"),
        "REGIOMONITOR_SEEDS": str(seeds),
        "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
        "REGIOMONITOR_BSN_REEKS": "synthetisch",
    }
    settings = load_settings(env)
    settings.controleer_huis()
    h = SimpleNamespace(env=env, settings=settings, catalogus=Catalogus.load(seeds), tmp=tmp_path)
    m1, m2 = MAP_["GM0141"], MAP_["GM0147"]
    goed = [regel(m1, f"R{i}", EEN if i % 2 else TWEE) for i in range(6)]
    lever(h, "GM0141", m1, [*goed, regel(m1, "R9", EEN, productperiode_begin="geen dag")])
    lever(h, "GM0147", m2, [regel(m2, "R1", EEN)])
    inname = intake.neem_in(settings, h.catalogus, nu=NU)
    assert all(b.is_geaccepteerd for b in inname.nieuw)
    return h


def pseudoniem(bsn: str, sleutel: bytes) -> str:
    return hmac.digest(sleutel, bsn.encode(), "sha256").hex()[:32]


def personen(huis: Huis) -> set[str]:
    kamers = (huis.validated, huis.quarantine)
    paden = [p for k in kamers for p in k.rglob("*.parquet")]
    return {p for pad in paden for p in pl.read_parquet(pad)["pseudoniem"].drop_nulls()}


def rijen(huis: Huis) -> dict[str, str]:
    """Every file with rows, by its name and content."""
    return {
        p.relative_to(huis.pad).as_posix(): hashlib.sha256(pl.read_parquet(p).write_csv().encode()).hexdigest()
        for k in (huis.validated, huis.quarantine)
        for p in k.rglob("*.parquet")
    }


# --- back-up ---------------------------------------------------------------------------------------------------------


def test_a_restored_home_makes_the_same_rows(huis):
    maak_backup(huis.settings.huis, huis.tmp / "kluis", seeds=huis.settings.seeds, nu=NU)
    nieuw = replace(huis.settings, huis=Huis(huis.tmp / "terug"))
    zet_terug(huis.tmp / "kluis", nieuw.huis)
    nieuw.controleer_huis()  # it is still bound to its key
    assert intake.lees_bewijzen(nieuw.huis) == intake.lees_bewijzen(huis.settings.huis)
    intake.neem_in(nieuw, huis.catalogus, nu=NU)
    assert rijen(nieuw.huis) == rijen(huis.settings.huis)


def test_a_second_backup_adds_only_what_is_new_and_both_can_be_restored(huis):
    kluis = huis.tmp / "kluis"
    eerste = maak_backup(huis.settings.huis, kluis, seeds=huis.settings.seeds, nu=NU)
    assert eerste.bytes_nieuw > 0
    lever(huis, "GM0147", Maand(2025, 5), [regel(Maand(2025, 5), "R2", EEN)])
    intake.neem_in(huis.settings, huis.catalogus, nu=NU)
    tweede = maak_backup(huis.settings.huis, kluis, seeds=huis.settings.seeds, nu=NU + dt.timedelta(days=1))
    assert 0 < tweede.bytes_nieuw < eerste.bytes_nieuw
    for moment, n in zip(momenten(kluis), (2, 3), strict=True):
        terug = Huis(huis.tmp / moment)
        zet_terug(kluis, terug, moment=moment)
        assert len(intake.lees_bewijzen(terug)) == n


def test_the_key_and_what_can_be_made_again_are_not_in_it(huis):
    kluis = huis.tmp / "kluis"
    maak_backup(huis.settings.huis, kluis, seeds=huis.settings.seeds, nu=NU)
    inhoud = b"".join(p.read_bytes() for p in kluis.rglob("*") if p.is_file())
    assert huis.settings.sleutel not in inhoud
    (lijst,) = (kluis / "momenten").glob("*.json")
    paden = {b["pad"].split("/")[0] for b in json.loads(lijst.read_text(encoding="utf-8"))["bestanden"]}
    assert {"archive", "receipts", "seeds", "huis.json"} <= paden
    assert not {"validated", "warehouse.duckdb", "work"} & paden


@pytest.mark.parametrize("wat", ["beschadigd", "weg", "vol", "binnen", "geen"])
def test_a_backup_that_is_not_whole_or_a_home_that_is_not_empty_is_refused(huis, wat):
    kluis, terug = huis.tmp / "kluis", Huis(huis.tmp / "terug")
    maak_backup(huis.settings.huis, kluis, seeds=huis.settings.seeds, nu=NU)
    een = next(p for p in (kluis / "inhoud").rglob("*") if p.is_file())
    if wat == "beschadigd":
        een.write_bytes(b"x" * een.stat().st_size)
    elif wat == "weg":
        een.unlink()
    elif wat == "vol":
        terug.maak()
    elif wat == "geen":
        shutil.rmtree(kluis / "momenten")
    with pytest.raises(BackupFout):
        if wat == "binnen":
            maak_backup(huis.settings.huis, huis.settings.huis.pad / "kluis", seeds=huis.settings.seeds, nu=NU)
        else:
            zet_terug(kluis, terug)


# --- another key -----------------------------------------------------------------------------------------------------


def test_another_key_gives_other_pseudonyms_and_keeps_who_is_who(huis):
    oud = huis.settings.sleutel
    assert personen(huis.settings.huis) == {pseudoniem(EEN, oud), pseudoniem(TWEE, oud)}
    uit = wissel(huis.settings, huis.catalogus, nieuw=NIEUW, nu=NU)
    assert (uit.opnieuw, uit.vertaald, uit.personen) == (2, 0, 2)
    assert personen(huis.settings.huis) == {pseudoniem(EEN, NIEUW), pseudoniem(TWEE, NIEUW)}
    replace(huis.settings, sleutel=NIEUW).controleer_huis()
    with pytest.raises(InstellingFout):
        huis.settings.controleer_huis()
    assert not intake.neem_in(replace(huis.settings, sleutel=NIEUW), huis.catalogus, nu=NU).herbeoordeeld


def test_a_levering_without_its_bytes_is_translated(huis):
    (weg,) = [b for b in intake.lees_bewijzen(huis.settings.huis) if b.sleutel.gemeente == "GM0147"]
    archiefpad(huis.settings.huis, weg.sha256).unlink()
    uit = wissel(huis.settings, huis.catalogus, nieuw=NIEUW, nu=NU)
    assert (uit.opnieuw, uit.vertaald) == (1, 1)
    assert set(pl.read_parquet(geldigpad(huis.settings.huis, weg))["pseudoniem"]) == {pseudoniem(EEN, NIEUW)}


def test_a_person_that_cannot_be_carried_over_stops_the_change(huis):
    for b in intake.lees_bewijzen(huis.settings.huis):
        archiefpad(huis.settings.huis, b.sha256).unlink()
    voor = rijen(huis.settings.huis)
    with pytest.raises(SleutelFout, match="niets veranderd"):
        wissel(huis.settings, huis.catalogus, nieuw=NIEUW, nu=NU)
    assert rijen(huis.settings.huis) == voor
    huis.settings.controleer_huis()


@pytest.mark.parametrize("waar", ["schrijf_merk", "shutil.copytree"])
def test_killed_while_the_key_changes_the_home_is_of_one_key_and_whole_after_a_run(huis, monkeypatch, waar):
    class Gedood(BaseException):
        pass

    def dood(*_, **__):
        raise Gedood

    with monkeypatch.context() as mp:
        if waar == "schrijf_merk":
            mp.setattr("pipeline.beheer.sleutelwissel.schrijf_merk", dood)
        else:
            echt = shutil.copytree
            mp.setattr(
                "pipeline.beheer.sleutelwissel.shutil.copytree",
                lambda van, naar, *a, **o: (
                    dood() if Path(naar) == huis.settings.huis.receipts else echt(van, naar, *a, **o)
                ),
            )
        with pytest.raises(Gedood):
            wissel(huis.settings, huis.catalogus, nieuw=NIEUW, nu=NU)
    sleutel = huis.settings.sleutel if waar == "schrijf_merk" else NIEUW
    settings = replace(huis.settings, sleutel=sleutel)
    settings.controleer_huis()
    intake.neem_in(settings, huis.catalogus, nu=NU)
    assert personen(settings.huis) == {pseudoniem(EEN, sleutel), pseudoniem(TWEE, sleutel)}


# --- deletion --------------------------------------------------------------------------------------------------------


def test_a_forgotten_youth_is_nowhere_and_the_others_stay(huis):
    h = huis.settings.huis
    uit = vergeet_jeugdige(huis.settings, TWEE)
    assert (uit.leveringen, uit.rijen, uit.bestanden) == (1, 3, 2)
    assert personen(h) == {pseudoniem(EEN, huis.settings.sleutel)}
    assert not [p for p in h.pad.rglob("*") if p.is_file() and TWEE.encode() in p.read_bytes()]
    (b,) = [b for b in intake.lees_bewijzen(h) if b.sleutel.gemeente == "GM0141"]
    assert (b.rijen.geaccepteerd, b.rijen.quarantaine) == (3, 1)
    assert b.bedrag_cent.geaccepteerd == 3 * 85080
    b.controleer()
    # the next run leaves it so, and what cannot be made again comes along in a rebuild and in a back-up
    intake.neem_in(huis.settings, huis.catalogus, nu=NU)
    assert personen(h) == {pseudoniem(EEN, huis.settings.sleutel)}
    assert geldigpad(maandloop.zijhuis(h, "proef"), b).exists()
    maak_backup(h, huis.tmp / "kluis", seeds=huis.settings.seeds, nu=NU)
    zet_terug(huis.tmp / "kluis", Huis(huis.tmp / "terug"))
    assert geldigpad(Huis(huis.tmp / "terug"), b).exists()


def test_refused_rows_of_a_forgotten_youth_keep_their_reason_only(huis):
    vergeet_jeugdige(huis.settings, EEN)
    (b,) = [b for b in intake.lees_bewijzen(huis.settings.huis) if b.sleutel.gemeente == "GM0141"]
    (geweigerd,) = pl.read_parquet(quarantainepad(huis.settings.huis, b)).rows(named=True)
    assert geweigerd["redenen"]
    assert {k for k, v in geweigerd.items() if v is not None} == {
        "levering_id",
        "gemeente",
        "bericht",
        "leveringsmaand",
        "rij",
        "redenen",
    }


def test_a_deletion_that_was_killed_is_finished_by_doing_it_again(huis, monkeypatch):
    class Gedood(BaseException):
        pass

    def dood(*_, **__):
        raise Gedood

    with monkeypatch.context() as mp:
        mp.setattr(verwijderen, "schrijf_bewijs", dood)  # rows are gone, the receipt still counts them
        with pytest.raises(Gedood):
            vergeet_jeugdige(huis.settings, TWEE)
    vergeet_jeugdige(huis.settings, TWEE)
    (b,) = [b for b in intake.lees_bewijzen(huis.settings.huis) if b.sleutel.gemeente == "GM0141"]
    assert b.rijen.geaccepteerd == pl.read_parquet(geldigpad(huis.settings.huis, b)).height == 3


def test_what_is_no_bsn_deletes_nothing(huis):
    voor = rijen(huis.settings.huis)
    with pytest.raises(VerwijderFout):
        vergeet_jeugdige(huis.settings, "12345")
    assert rijen(huis.settings.huis) == voor


def test_a_gemeente_leaves_nothing_behind(huis):
    verwijder_gemeente(huis.settings, "GM0141")
    assert {b.sleutel.gemeente for b in intake.lees_bewijzen(huis.settings.huis)} == {"GM0147"}
    over = [p.as_posix() for p in huis.settings.huis.pad.rglob("*") if p.is_file()]
    assert not [p for p in over if "GM0141" in p and "work" not in Path(p).parts]
    assert len([p for p in huis.settings.huis.archive.rglob("*") if p.is_file()]) == 1


def test_retention_deletes_months_before_and_not_the_month_itself(huis):
    assert verwijder_voor(huis.settings, Maand(2025, 4)).leveringen == 1
    assert [b.sleutel.maand for b in intake.lees_bewijzen(huis.settings.huis)] == [Maand(2025, 4)]


# --- publications that are kept --------------------------------------------------------------------------------------


def publicatie(settings, dag: str, merk: str) -> str:
    naam = f"P{dag}T020000-{merk * 8}"
    pad = settings.huis.publications / naam
    (pad / "intern").mkdir(parents=True)
    (pad / "intern" / "marts.duckdb").write_bytes(b"marts")
    (pad / "seeds").mkdir()
    (pad / "seeds" / "ref_gemeenten.csv").write_text("x", encoding="utf-8")
    op = f"{dag[:4]}-{dag[4:6]}-{dag[6:]}T02:00:00+00:00"
    vast = {"codeversie": "1", "seedversie": "1", "deurversie": "1", "n_leveringen": 1, "reeks": "synthetisch"}
    inhoud = {"publicatie_id": naam, "peilmoment": op, "gemaakt_op": op, **vast}
    (pad / "publicatie.json").write_text(json.dumps(inhoud), encoding="utf-8")
    return naam


def test_only_old_publications_without_a_mark_are_cleared_and_their_seeds_stay_known(huis):
    s = huis.settings
    oud, bewaard, actueel, vers = (
        publicatie(s, d, m) for d, m in (("20250101", "a"), ("20250102", "b"), ("20250103", "c"), ("20260420", "d"))
    )
    s.huis.published.symlink_to(Path("publications") / actueel)
    publish.bewaar(s, bewaard, reden="jaarrapport 2024", nu=NU)
    assert publish.bewaar(s, bewaard, reden="kwartaal 2024-4", nu=NU).reden == "jaarrapport 2024; kwartaal 2024-4"
    assert publish.bewaar(s, bewaard, reden="jaarrapport 2024", nu=NU).reden == "jaarrapport 2024; kwartaal 2024-4"
    assert publish.ruim_op(s, ouder_dan=dt.timedelta(days=92), nu=NU) == [oud]
    assert {p.publicatie_id for p in publish.publicaties(s)} == {bewaard, actueel, vers}
    assert len(publish.seedgeschiedenis(s)) == 4
    assert not (s.huis.publications / f"{oud}.opgeruimd" / "intern").exists()
    assert publish.ruim_op(s, ouder_dan=dt.timedelta(days=92), nu=NU) == []
    with pytest.raises(KeyError):
        publish.bewaar(s, oud, reden="te laat", nu=NU)


def test_a_freeze_keeps_what_is_current(huis):
    s = huis.settings
    assert publish.bevries(s, reden="maand 2026-03", nu=NU) is None
    s.huis.published.symlink_to(Path("publications") / publicatie(s, "20260420", "d"))
    p = publish.bevries(s, reden="maand 2026-03", nu=NU)
    assert publish.bewaarmerk(p.pad).reden == "maand 2026-03"


# --- health, logs ----------------------------------------------------------------------------------------------------


def gezond(huis, nu=NU, **anders) -> dict[str, bool]:
    settings = replace(huis.settings, **anders)
    return {c.naam: c.is_goed for c in gezondheid.controleer(settings, huis.catalogus, nu=nu)}


def test_health_sees_what_is_wrong(huis, monkeypatch):
    assert all(gezond(huis).values())
    with runboek.houd_bij(huis.settings.huis, nu=NU, bron="test") as run:
        run.vul(uitkomst=RunUitkomst.GEPUBLICEERD)
    assert all(gezond(huis).values())
    assert not gezond(huis, NU + dt.timedelta(hours=37))["versheid"]
    assert not gezond(huis, sleutel=None)["sleutel"]
    huis.settings.huis.published.symlink_to("publications/weg")
    assert not gezond(huis)["publicatie"]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=100, free=4))
    assert not gezond(huis)["schijf"]
    later = NU + dt.timedelta(minutes=1)
    with pytest.raises(ValueError, match="x"), runboek.houd_bij(huis.settings.huis, nu=later, bron="test"):
        raise ValueError("x")
    assert not gezond(huis)["laatste_run"]
    journaal = meldingen.boek.map_van(huis.settings.huis) / "journaal.jsonl"
    journaal.parent.mkdir(exist_ok=True)
    journaal.write_bytes(b"onzin\n")
    assert not gezond(huis)["meldingen"]


def test_the_health_endpoint_answers_200_503_and_404():
    antwoorden = iter(({"is_gezond": True}, {"is_gezond": False}))
    server = gezondheid.maak_server(("127.0.0.1", 0), lambda: next(antwoorden))
    draad = threading.Thread(target=server.serve_forever, daemon=True)
    draad.start()
    basis = f"http://127.0.0.1:{server.server_port}"
    try:
        with urllib.request.urlopen(f"{basis}/health", timeout=10) as antwoord:  # noqa: S310  our own server
            assert json.load(antwoord) == {"is_gezond": True}
        for pad, code in (("/health", 503), ("/geheim", 404)):
            with pytest.raises(urllib.error.HTTPError) as fout:
                urllib.request.urlopen(f"{basis}{pad}", timeout=10)  # noqa: S310  our own server
            assert fout.value.code == code
    finally:
        server.shutdown()
        server.server_close()


def test_a_log_line_is_json_without_the_text_of_an_error(capsys):
    oud = logging.getLogger().handlers
    try:
        assert logboek.zet_aan({"REGIOMONITOR_LOG": "json"})
        logboek.log("stap", stap="inname", gedaan=3)
        try:
            raise ValueError(EEN)
        except ValueError:
            logboek.LOGGER.exception("mislukt")
        logging.getLogger("bibliotheek").warning("waarde %s", EEN)
        regels = [json.loads(r) for r in capsys.readouterr().err.splitlines()]
    finally:
        logging.getLogger().handlers = oud
    assert regels[0]["gegevens"] == {"stap": "inname", "gedaan": 3}
    assert regels[1]["fout"]["soort"] == "ValueError"
    assert EEN not in json.dumps(regels)
    assert not logboek.zet_aan({})


# --- the book of runs ------------------------------------------------------------------------------------------------


def test_a_run_that_failed_keeps_its_kind_and_not_its_text_and_a_busy_home_is_no_failure(huis):
    from pipeline.domain.fouten import SlotFout

    with pytest.raises(ValueError, match=EEN), runboek.houd_bij(huis.settings.huis, nu=NU, bron="test"):
        raise ValueError(EEN)
    with pytest.raises(SlotFout), runboek.houd_bij(huis.settings.huis, nu=NU, bron="test"):
        raise SlotFout("bezig")
    (run,) = runboek.lees(huis.settings.huis)
    assert (run.uitkomst, run.fout) == (RunUitkomst.MISLUKT, "ValueError")


# --- the commands ----------------------------------------------------------------------------------------------------


def roep(huis, *woorden, invoer: str | None = None, verwacht: int = 0) -> str:
    uit = CliRunner().invoke(main, list(woorden), env=huis.env, input=invoer)
    if uit.exception and not isinstance(uit.exception, SystemExit):
        raise uit.exception
    assert uit.exit_code == verwacht, uit.output
    return uit.output


def test_the_commands_do_it(huis):
    kluis = huis.tmp / "kluis"
    assert "nieuw" in roep(huis, "backup", str(kluis))
    assert "niet leeg" in roep(huis, "restore", str(kluis), verwacht=1)
    assert json.loads(roep(huis, "forget", "youth", "--json", invoer=f"{TWEE}\n"))["rijen"] == 3
    assert roep(huis, "forget", "gemeente", "GM9999", "--yes", verwacht=2)
    assert json.loads(roep(huis, "forget", "before", "2025-04", "--yes", "--json"))["leveringen"] == 1
    assert json.loads(roep(huis, "health", "--json"))["is_gezond"]
    assert "Geen publicatie" in roep(huis, "keep", "P1", "--reden", "x", verwacht=1)
    assert "0 publicaties" in roep(huis, "prune")
    sleutel = huis.tmp / "nieuw.sleutel"
    sleutel.write_bytes(NIEUW)
    assert "REGIOMONITOR_SLEUTELBESTAND" in roep(huis, "rotate-key", "--new-key-file", str(sleutel))
    assert "andere dan waarmee" in roep(huis, "rotate-key", "--new-key-file", str(sleutel), verwacht=1)


def test_a_refused_levering_is_searched_for_the_number_too(huis):
    pad = huis.settings.huis.landing / "GM0147" / "declaraties_GM0147_2025-06.csv"
    pad.write_text(f"geen;kop\n{TWEE};x\n", encoding="utf-8")
    (b,) = intake.neem_in(huis.settings, huis.catalogus, nu=NU).nieuw
    assert b.status is Status.AFGEKEURD
    vergeet_jeugdige(huis.settings, TWEE)
    assert not archiefpad(huis.settings.huis, b.sha256).exists()
    assert not pad.exists()
