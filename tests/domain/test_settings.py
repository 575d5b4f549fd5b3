import hashlib
import json
import secrets
import stat

import pytest

from pipeline.domain.maanden import Maand
from pipeline.settings import PROJECT, BsnReeks, InstellingFout, load_settings

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


GERAAD = {
    "spaties": " " * 40,
    "een letter": "x" * 64,
    "twee letters": "ab" * 32,
    "acht letters": "abcdefgh" * 4,
    "cijfers": "01234567890123456789012345678901",
    "een zin": "dit is een zin van meer dan tweeendertig tekens",
    "leesmij": (PROJECT / "README.md").read_text(encoding="utf-8"),
    "leesmij op een regel": (PROJECT / "README.md").read_text(encoding="utf-8").replace("\n", "").replace(" ", ""),
    "besturing": "\x1b" + secrets.token_hex(32),
}


@pytest.mark.parametrize("wat", GERAAD)
@pytest.mark.parametrize("waar", ["omgeving", "bestand"])
def test_what_can_be_guessed_or_is_a_text_is_no_key(tmp_path, wat, waar):
    bestand = tmp_path / "sleutel"
    bestand.write_text(GERAAD[wat], encoding="utf-8")
    bestand.chmod(0o600)
    sleutel = (
        {"REGIOMONITOR_SLEUTEL": GERAAD[wat]} if waar == "omgeving" else {"REGIOMONITOR_SLEUTELBESTAND": str(bestand)}
    )
    with pytest.raises(InstellingFout, match=r"De sleutel in .* is .*openssl rand") as fout:
        load_settings(omgeving(tmp_path, **sleutel))
    assert GERAAD[wat].strip()[:30] not in str(fout.value) or not GERAAD[wat].strip()


@pytest.mark.parametrize("maak", [lambda: secrets.token_hex(32), lambda: secrets.token_urlsafe(32), lambda: SLEUTEL])
def test_a_drawn_key_is_one(tmp_path, maak):
    for _ in range(50):
        assert load_settings(omgeving(tmp_path, REGIOMONITOR_SLEUTEL=maak())).sleutel


@pytest.mark.parametrize(
    ("rechten", "reeks", "mag"),
    [
        (0o600, "productie", True),
        (0o400, "productie", True),
        (0o640, "productie", True),
        (0o644, "productie", False),
        (0o604, "productie", False),
        (0o660, "productie", False),
        (0o601, "productie", False),
        (0o644, "synthetisch", True),
    ],
)
def test_a_key_file_that_others_can_read_is_refused_in_production(tmp_path, rechten, reeks, mag):
    bestand = tmp_path / "sleutel"
    bestand.write_text(secrets.token_hex(32), encoding="utf-8")
    bestand.chmod(rechten)
    env = omgeving(tmp_path, REGIOMONITOR_SLEUTELBESTAND=str(bestand), REGIOMONITOR_BSN_REEKS=reeks)
    if mag:
        assert load_settings(env).sleutel
    else:
        with pytest.raises(InstellingFout, match="chmod 600"):
            load_settings(env)


def test_the_fingerprint_is_salted_and_one_of_before_is_made_so(tmp_path):
    merken = []
    for huis in ("een", "twee"):
        env = omgeving(tmp_path, REGIOMONITOR_SLEUTEL=SLEUTEL) | {"REGIOMONITOR_HOME": str(tmp_path / huis)}
        load_settings(env).controleer_huis()
        merken.append(json.loads((tmp_path / huis / "huis.json").read_text())["sleutel_vingerafdruk"])
    assert merken[0] != merken[1]
    assert all(m.startswith("scrypt:") for m in merken)
    oud = hashlib.sha256(b"regiomonitor" + SLEUTEL.encode()).hexdigest()[:16]
    pad = tmp_path / "een" / "huis.json"
    pad.write_text(json.dumps({"bsn_reeks": "productie", "sleutel_vingerafdruk": oud, "demo": False}))
    env = omgeving(tmp_path, REGIOMONITOR_SLEUTEL=SLEUTEL) | {"REGIOMONITOR_HOME": str(tmp_path / "een")}
    load_settings(env).controleer_huis()
    assert json.loads(pad.read_text())["sleutel_vingerafdruk"].startswith("scrypt:")
    with pytest.raises(InstellingFout, match="andere"):
        load_settings(env | {"REGIOMONITOR_SLEUTEL": SLEUTEL[::-1]}).controleer_huis()


@pytest.mark.parametrize("wat", ["niets", "een map", "een map met leveringen", "een bestand"])
def test_a_place_that_nobody_made_a_data_home_is_none(tmp_path, wat):
    huis = tmp_path / "data"
    if wat.startswith("een map"):
        huis.mkdir()
    if wat == "een map met leveringen":
        (huis / "landing").mkdir()
    if wat == "een bestand":
        huis.write_text("")
    with pytest.raises(InstellingFout, match="geen data home"):
        load_settings(omgeving(tmp_path, REGIOMONITOR_SLEUTEL=SLEUTEL)).eis_huis()


@pytest.mark.parametrize("merk", ["", "{", "[]", '{"demo": true}', "7"])
def test_a_mark_that_cannot_be_read_says_where_to_get_it_back(tmp_path, merk):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "huis.json").write_text(merk)
    with pytest.raises(
        InstellingFout, match=r"huis\.json kan niet worden gelezen; zet het terug uit de laatste back-up"
    ):
        load_settings(omgeving(tmp_path, REGIOMONITOR_SLEUTEL=SLEUTEL))


def test_a_home_is_its_owners_alone_also_when_it_stood_open(tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)
    load_settings(omgeving(tmp_path, REGIOMONITOR_SLEUTEL=SLEUTEL)).controleer_huis()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
