import json

import pytest

from pipeline.domain.maanden import Maand
from pipeline.settings import BsnReeks, InstellingFout, load_settings

SLEUTEL = "0123456789abcdef0123456789abcdef"


def omgeving(tmp_path, **extra):
    return {"REGIOMONITOR_HOME": str(tmp_path / "data"), "HOME": str(tmp_path), **extra}


def test_no_key_no_run(tmp_path):
    with pytest.raises(InstellingFout, match="REGIOMONITOR_SLEUTELBESTAND"):
        load_settings(omgeving(tmp_path)).controleer_huis()


def test_a_short_key_is_refused_without_being_shown(tmp_path):
    with pytest.raises(InstellingFout, match="te kort") as fout:
        load_settings(omgeving(tmp_path, REGIOMONITOR_SLEUTEL="kort-geheim"))
    assert "kort-geheim" not in str(fout.value)


def test_a_key_inside_the_data_home_is_refused(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sleutel").write_text(SLEUTEL)
    with pytest.raises(InstellingFout, match="data home"):
        load_settings(omgeving(tmp_path, REGIOMONITOR_SLEUTELBESTAND=str(tmp_path / "data" / "sleutel")))


def test_the_key_is_not_in_the_representation(tmp_path):
    assert SLEUTEL not in repr(load_settings(omgeving(tmp_path, REGIOMONITOR_SLEUTEL=SLEUTEL)))


def test_the_default_range_is_productie(tmp_path):
    assert load_settings(omgeving(tmp_path, REGIOMONITOR_SLEUTEL=SLEUTEL)).bsn_reeks is BsnReeks.PRODUCTIE


def test_two_ranges_never_mix_in_one_home(tmp_path):
    load_settings(omgeving(tmp_path, REGIOMONITOR_SLEUTEL=SLEUTEL)).controleer_huis()
    anders = omgeving(tmp_path, REGIOMONITOR_SLEUTEL=SLEUTEL, REGIOMONITOR_BSN_REEKS="synthetisch")
    with pytest.raises(InstellingFout, match="reeks"):
        load_settings(anders).controleer_huis()


def test_another_key_on_a_filled_home_is_refused(tmp_path):
    load_settings(omgeving(tmp_path, REGIOMONITOR_SLEUTEL=SLEUTEL)).controleer_huis()
    with pytest.raises(InstellingFout, match="andere"):
        load_settings(omgeving(tmp_path, REGIOMONITOR_SLEUTEL=SLEUTEL[::-1])).controleer_huis()


def test_the_demo_makes_its_own_key_outside_the_home_and_later_commands_find_it(tmp_path):
    env = omgeving(tmp_path)
    demo = load_settings(env, demo=True)
    demo.controleer_huis(demo_vanaf=Maand(2026, 5))
    later = load_settings(env)
    later.controleer_huis()
    assert later.sleutel == demo.sleutel
    assert later.bsn_reeks is BsnReeks.SYNTHETISCH
    alles = b"".join(p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file())
    assert demo.sleutel is not None
    assert demo.sleutel not in alles
    assert "sleutel" not in json.loads((tmp_path / "data" / "huis.json").read_text())


def test_the_demo_does_not_take_over_a_home_of_real_data(tmp_path):
    load_settings(omgeving(tmp_path, REGIOMONITOR_SLEUTEL=SLEUTEL)).controleer_huis()
    with pytest.raises(InstellingFout):
        load_settings(omgeving(tmp_path), demo=True).controleer_huis(demo_vanaf=Maand(2026, 5))


def test_a_home_of_the_demo_knows_its_first_month_and_a_real_one_has_none(tmp_path):
    env = omgeving(tmp_path)
    for vanaf in (Maand(2026, 5), Maand(2025, 1)):  # a demo made anew may begin elsewhere
        demo = load_settings(env, demo=True)
        demo.controleer_huis(demo_vanaf=vanaf)
        load_settings(env).controleer_huis()  # what a later command says changes nothing
        assert load_settings(env).huis.demo_vanaf == vanaf
    echt = load_settings(omgeving(tmp_path / "echt", REGIOMONITOR_SLEUTEL=SLEUTEL))
    echt.controleer_huis()
    assert echt.huis.demo_vanaf is None


def test_an_unknown_range_and_a_wrong_seeds_folder_say_what_to_do(tmp_path):
    with pytest.raises(InstellingFout, match="REGIOMONITOR_BSN_REEKS"):
        load_settings(omgeving(tmp_path, REGIOMONITOR_BSN_REEKS="echt"))
    with pytest.raises(InstellingFout, match="REGIOMONITOR_SEEDS"):
        load_settings(omgeving(tmp_path, REGIOMONITOR_SEEDS=str(tmp_path)))
