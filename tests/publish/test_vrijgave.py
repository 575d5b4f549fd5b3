"""Release and rollback: `published` is a complete publication at every instant, old or new."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.publish import (
    Kandidaat,
    PublicatieFout,
    Zwaarte,
    geef_vrij,
    houd_tegen,
    huidige,
    maak_kandidaat,
    publicaties,
    rol_terug,
    tegengehouden,
    vrijgave,
)
from pipeline.publish.oordeel import Poortresultaat, Verwachtingsresultaat, schrijf_poort
from tests.grenzen import bestanden_hoogstens
from tests.publish.conftest import Proefmarts


def _keur(kandidaat: Kandidaat, *, goed: bool = True) -> Poortresultaat:
    v = Verwachtingsresultaat("v", "Alles is goed.", Zwaarte.KRITIEK, goed, "alles")
    uit = Poortresultaat(kandidaat.publicatie.publicatie_id, "", (v,))
    schrijf_poort(kandidaat.pad, uit)
    return uit


def _publiceer(marts: Proefmarts, nummer: int = 1, *bederf: str) -> str:
    kandidaat = marts.kandidaat(nummer, *bederf)
    _keur(kandidaat)
    return geef_vrij(kandidaat, marts.settings).publicatie_id


def _gepubliceerd(marts: Proefmarts) -> str:
    """What a dashboard sees: the id in every published form, which must agree."""
    pad = marts.settings.huis.published
    with duckdb.connect(str(pad / "intern" / "marts.duckdb"), read_only=True) as con:
        [(in_marts,)] = con.execute("SELECT DISTINCT publicatie_id FROM sturing.indicatoren").fetchall()
    with duckdb.connect() as con:
        for bestand in ("parquet/meta.herkomst.parquet", "csv/meta.herkomst.csv"):
            assert con.execute(f"SELECT publicatie_id FROM '{pad / 'intern' / bestand}'").fetchall() == [(in_marts,)]
    assert json.loads((pad / "publicatie.json").read_text())["publicatie_id"] == in_marts
    return str(in_marts)


def test_published_is_a_relative_link_to_the_publication(marts: Proefmarts) -> None:
    een = _publiceer(marts)
    huis = marts.settings.huis
    assert str(huis.published.readlink()) == f"publications/{een}"
    assert _gepubliceerd(marts) == een
    nu = huidige(marts.settings)
    assert nu is not None
    assert (nu.publicatie_id, nu.is_actueel, nu.n_leveringen) == (een, True, 2)
    assert nu.als_dict()["poort"]["is_doorgelaten"] is True
    assert not list(huis.publications.glob(".kandidaat-*"))


def test_a_moved_home_still_works(marts: Proefmarts, tmp_path: Path) -> None:
    een = _publiceer(marts)
    marts.settings.huis.pad.rename(tmp_path / "verhuisd")
    assert (tmp_path / "verhuisd" / "published" / "publicatie.json").is_file()
    assert een in str((tmp_path / "verhuisd" / "published").resolve())


def test_a_reader_of_the_old_file_is_not_disturbed(marts: Proefmarts) -> None:
    een = _publiceer(marts, 1)
    bestand = marts.settings.huis.published / "intern" / "marts.duckdb"
    vraag = "SELECT DISTINCT publicatie_id FROM sturing.indicatoren"
    with duckdb.connect(str(bestand), read_only=True) as lezer:
        assert lezer.execute(vraag).fetchall() == [(een,)]
        twee = _publiceer(marts, 2)
        assert lezer.execute(vraag).fetchall() == [(een,)]
        assert _gepubliceerd(marts) == twee


class Gedood(BaseException):
    """Stands for a kill: nothing in the code may catch it."""


def _dood_bij(monkeypatch: pytest.MonkeyPatch, waar: object, naam: str, nummer: int, *, ervoor: bool) -> None:
    echt: Callable[..., Any] = getattr(waar, naam)
    teller = iter(range(1000))

    def stap(*args: Any, **kwargs: Any) -> Any:
        raak = next(teller) == nummer
        if raak and ervoor:
            raise Gedood
        uit = echt(*args, **kwargs)
        if raak:
            raise Gedood
        return uit

    monkeypatch.setattr(waar, naam, stap)


@pytest.mark.parametrize("ervoor", [True, False], ids=["before", "after"])
@pytest.mark.parametrize(
    ("waar", "naam", "nummer"),
    [
        (vrijgave, "_noteer_poort", 0),
        (vrijgave, "maak_duurzaam", 0),
        (vrijgave, "fsync", 0),
        (vrijgave, "fsync", 3),
        (Path, "rename", 0),
        (vrijgave, "_maak_actueel", 0),
        (Path, "symlink_to", 0),
        (os, "replace", 0),
    ],
    ids=["note", "durable", "sync", "sync-later", "rename", "current", "link", "replace"],
)
def test_killed_at_any_step_the_old_or_the_new_stands(
    marts: Proefmarts, waar: object, naam: str, nummer: int, ervoor: bool
) -> None:
    een = _publiceer(marts, 1)
    kandidaat = marts.kandidaat(2)
    _keur(kandidaat)
    twee = kandidaat.publicatie.publicatie_id
    with pytest.MonkeyPatch.context() as plek:
        _dood_bij(plek, waar, naam, nummer, ervoor=ervoor)
        with pytest.raises(Gedood):
            geef_vrij(kandidaat, marts.settings)
    assert _gepubliceerd(marts) == (twee if (naam, ervoor) in {("replace", False), ("_maak_actueel", False)} else een)
    # the next run starts over and finishes the work
    assert _publiceer(marts, 2) == twee
    assert _gepubliceerd(marts) == twee
    assert [p.publicatie_id for p in publicaties(marts.settings)] == [een, twee]
    assert not [p.name for p in marts.settings.huis.pad.iterdir() if p.name.startswith(".published")]


def test_everything_is_on_disk_before_it_can_be_found(marts: Proefmarts, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut after any of these leaves no name of something that is not there."""
    gebeurd: list[tuple[str, Path]] = []
    monkeypatch.setattr(os, "fsync", lambda fd: gebeurd.append(("op schijf", Path(f"/proc/self/fd/{fd}").readlink())))
    hernoem, vervang = Path.rename, os.replace

    def rename(pad: Path, naar: Path) -> Path:
        gebeurd.append(("naam", pad))
        return hernoem(pad, naar)

    def replace(van: Path, naar: Path) -> None:
        gebeurd.append(("link", Path(naar)))
        vervang(van, naar)

    kandidaat = marts.kandidaat(1)
    _keur(kandidaat)
    alles = {kandidaat.pad, *kandidaat.pad.rglob("*")}
    monkeypatch.setattr(Path, "rename", rename)
    monkeypatch.setattr(os, "replace", replace)
    geef_vrij(kandidaat, marts.settings)
    huis = marts.settings.huis
    naam, link = gebeurd.index(("naam", kandidaat.pad)), gebeurd.index(("link", huis.published))
    assert {pad for wat, pad in gebeurd[:naam] if wat == "op schijf"} == alles
    assert gebeurd[naam + 1 :] == [
        ("op schijf", huis.publications),
        ("link", huis.published),
        ("op schijf", huis.pad),
    ]
    assert naam < link


@pytest.mark.parametrize("hoogstens", [500, 30_000, 4_000_000], ids=["text", "tables", "database"])
def test_a_full_disk_leaves_what_was_published(marts: Proefmarts, hoogstens: int) -> None:
    """The file that does not fit any more may be any one."""
    een = _publiceer(marts, 1)
    warehouse = marts.warehouse(2)
    with bestanden_hoogstens(hoogstens), pytest.raises((OSError, duckdb.Error)):
        maak_kandidaat(
            marts.settings,
            publicatie=marts.gegevens(2),
            bewijzen=marts.bewijzen,
            manifest=marts.manifest,
            warehouse=warehouse,
        )
    assert _gepubliceerd(marts) == een
    assert [p.publicatie_id for p in publicaties(marts.settings)] == [een]
    assert _publiceer(marts, 2) == _gepubliceerd(marts)


def test_killed_while_making_the_candidate(marts: Proefmarts, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.publish import kandidaat as kandidaat_module

    een = _publiceer(marts, 1)
    for naam in (
        "_schrijf_marts",
        "schrijf_bestanden",
        "schrijf_gemeenten",
        "beschrijf_editie",
        "_kopieer_seeds",
        "_publicatie_json",
    ):
        with monkeypatch.context() as plek:
            _dood_bij(plek, kandidaat_module, naam, 0, ervoor=False)
            with pytest.raises(Gedood):
                marts.maak(2)
        assert _gepubliceerd(marts) == een
        assert [p.publicatie_id for p in publicaties(marts.settings)] == [een]
    assert _publiceer(marts, 2) == _gepubliceerd(marts)


def test_an_unjudged_or_refused_candidate_is_never_released(marts: Proefmarts) -> None:
    een = _publiceer(marts, 1)
    kandidaat = marts.kandidaat(2)
    with pytest.raises(PublicatieFout, match="niet door de poort"):
        geef_vrij(kandidaat, marts.settings)
    _keur(kandidaat, goed=False)
    with pytest.raises(PublicatieFout, match="niet door de poort"):
        geef_vrij(kandidaat, marts.settings)
    schrijf_poort(kandidaat.pad, Poortresultaat(kandidaat.publicatie.publicatie_id, "", ()))
    with pytest.raises(PublicatieFout, match="niet door de poort"):
        geef_vrij(kandidaat, marts.settings)
    assert _gepubliceerd(marts) == een


def test_a_held_candidate_is_kept_and_changes_nothing(marts: Proefmarts) -> None:
    een = _publiceer(marts, 1)
    for _ in range(2):
        kandidaat = marts.kandidaat(2)
        map_ = houd_tegen(kandidaat, marts.settings, _keur(kandidaat, goed=False))
    assert map_.name == f"{kandidaat.publicatie.publicatie_id}.tegengehouden"
    assert json.loads((map_ / "poort.json").read_text())["bezwaren"] == ["Alles is goed. Waargenomen: alles."]
    assert _gepubliceerd(marts) == een
    assert [p.publicatie_id for p in publicaties(marts.settings)] == [een]
    [vast] = tegengehouden(marts.settings)
    assert vast.poort is not None
    assert not vast.poort.is_doorgelaten
    assert not vast.is_actueel
    with pytest.raises(KeyError):
        rol_terug(marts.settings, map_.name)


def test_rollback_and_forward(marts: Proefmarts) -> None:
    een, twee = _publiceer(marts, 1), _publiceer(marts, 2)
    terug = rol_terug(marts.settings, een)
    assert terug.is_actueel
    assert _gepubliceerd(marts) == een
    assert [(p.publicatie_id, p.is_actueel) for p in publicaties(marts.settings)] == [(een, True), (twee, False)]
    assert rol_terug(marts.settings, twee).publicatie_id == _gepubliceerd(marts)


@pytest.mark.parametrize("naam", ["P20990101T000000-00000000", "../raw", "", "P20240101T000000-0000000"])
def test_rollback_to_nothing(marts: Proefmarts, naam: str) -> None:
    een = _publiceer(marts, 1)
    with pytest.raises(KeyError):
        rol_terug(marts.settings, naam)
    assert _gepubliceerd(marts) == een


def test_the_same_publication_again_is_the_first_one(marts: Proefmarts) -> None:
    een = _publiceer(marts, 1)
    _publiceer(marts, 2)
    assert _publiceer(marts, 1) == een
    assert _gepubliceerd(marts) == een
    assert len(publicaties(marts.settings)) == 2


def test_the_fraction_of_a_second_makes_no_other_publication(marts: Proefmarts) -> None:
    een = _publiceer(marts, 1)
    assert _publiceer(marts, 1, "UPDATE meta.publicatie SET peilmoment = peilmoment + INTERVAL 1 MICROSECOND") == een


def test_the_same_name_with_other_content_is_refused(marts: Proefmarts) -> None:
    een = _publiceer(marts, 1)
    with pytest.raises(PublicatieFout, match=r"andere inhoud in kosten\.naijling"):
        _publiceer(marts, 1, "UPDATE kosten.naijling SET netto_eur = 1")
    assert _gepubliceerd(marts) == een


def test_a_stale_wal_is_removed(marts: Proefmarts) -> None:
    een = _publiceer(marts, 1)
    wal = marts.settings.huis.publications / een / "intern" / "marts.duckdb.wal"
    wal.write_bytes(b"rest van een ander programma")
    rol_terug(marts.settings, een)
    assert not wal.exists()
    kandidaat = marts.kandidaat(2)
    _keur(kandidaat)
    (kandidaat.pad / "intern" / "marts.duckdb.wal").write_bytes(b"rest")
    geef_vrij(kandidaat, marts.settings)
    assert not list(marts.settings.huis.publications.rglob("*.wal"))
    assert _gepubliceerd(marts) == kandidaat.publicatie.publicatie_id


def test_a_real_folder_in_the_place_of_the_link_is_not_touched(marts: Proefmarts) -> None:
    echt = marts.settings.huis.published
    echt.mkdir()
    (echt / "van-iemand").touch()
    with pytest.raises(PublicatieFout, match="geen link"):
        _publiceer(marts, 1)
    assert (echt / "van-iemand").exists()
    assert huidige(marts.settings) is None


def test_nothing_published_yet(marts: Proefmarts) -> None:
    assert huidige(marts.settings) is None
    assert publicaties(marts.settings) == []
    marts.settings.huis.published.symlink_to("publications/P20240101T000000-00000000")
    assert huidige(marts.settings) is None, "a link to nowhere is no publication"
    assert _publiceer(marts, 1) == _gepubliceerd(marts)
