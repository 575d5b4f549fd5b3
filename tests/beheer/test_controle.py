"""`controleer`: seeds, settings and homes that are wrong in many ways; each gets one sentence that says where and what.

A row of a table is one wrong thing in a region that is otherwise in order (tests/tweede_regio.py): what is done to it,
and what must be said of it, and nothing else of that weight.
"""

# ruff: noqa: E501  a row of the table is a line
from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.beheer.controle import controleer
from pipeline.cli import main
from pipeline.domain.catalogus import Catalogus, SeedFout
from pipeline.domain.seedcontrole import Ernst
from pipeline.settings import PROJECT
from tests.tweede_regio import env_van, maak_tweede_regio

NU = dt.datetime(2026, 4, 28, 9, tzinfo=dt.UTC)
ANDERE_SLEUTEL = "0123456789abcdef0123456789abcdef"


@dataclass
class Regio:
    """A region in a folder, its settings, and what is done to it."""

    map: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def huis(self) -> Path:
        return self.map / "data"

    def seed(self, naam: str) -> Path:
        return self.map / "seeds" / f"ref_{naam}.csv"


@pytest.fixture(scope="module")
def gaaf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region in order, with its data home."""
    map_ = maak_tweede_regio(tmp_path_factory.mktemp("controle") / "regio")
    assert [g.zin for g in controleer(_env(map_), nu=NU, maak=True) if g.ernst is Ernst.HARD] == []
    return map_


@pytest.fixture
def regio(gaaf: Path, tmp_path: Path) -> Regio:
    map_ = shutil.copytree(gaaf, tmp_path / "regio")
    pad = map_ / "regiomonitor.env"
    pad.write_text(pad.read_text(encoding="utf-8").replace(str(gaaf), str(map_)), encoding="utf-8")
    return Regio(map_, _env(map_))


def _env(map_: Path) -> dict[str, str]:
    mail = "mailto://mail.regio.nl:25?from=cijfers@achterhoek.nl&mode=insecure"
    return env_van(map_, REGIOMONITOR_MAIL=mail)


Doe = Callable[[Regio], None]


def anders(naam: str, van: str, naar: str) -> Doe:
    """Return the change of a text in a seed, in the first line that has it and is not for people."""

    def doe(r: Regio) -> None:
        regels = r.seed(naam).read_text(encoding="utf-8").splitlines(keepends=True)
        nr = next(i for i, regel in enumerate(regels) if van in regel and not regel.startswith(("#", '"#')))
        regels[nr] = regels[nr].replace(van, naar, 1)
        r.seed(naam).write_text("".join(regels), encoding="utf-8")

    return doe


def erbij(naam: str, rij: str) -> Doe:
    def doe(r: Regio) -> None:
        with r.seed(naam).open("a", encoding="utf-8") as f:
            f.write(f"{rij}\n")

    return doe


def als_bytes(naam: str, maak: Callable[[bytes], bytes]) -> Doe:
    def doe(r: Regio) -> None:
        r.seed(naam).write_bytes(maak(r.seed(naam).read_bytes()))

    return doe


def in_huis(naam: str, tekst: str) -> Doe:
    def doe(r: Regio) -> None:
        (r.huis / naam).parent.mkdir(exist_ok=True)
        (r.huis / naam).write_text(tekst, encoding="utf-8")

    return doe


def zet(**env: str) -> Doe:
    return lambda r: r.env.update(env)


def merk(**velden: str) -> Doe:
    def doe(r: Regio) -> None:
        pad = r.huis / "huis.json"
        pad.write_text(json.dumps(json.loads(pad.read_text(encoding="utf-8")) | velden), encoding="utf-8")

    return doe


def _zonder_rij(naam: str, begin: str) -> Doe:
    def doe(r: Regio) -> None:
        regels = r.seed(naam).read_text(encoding="utf-8").splitlines(keepends=True)
        r.seed(naam).write_text("".join(x for x in regels if not x.startswith(begin)), encoding="utf-8")

    return doe


HARD: list[tuple[Doe, str]] = [
    # a file
    (lambda r: r.seed("inwoners").unlink(), r"ref_inwoners\.csv ontbreekt in .*; zet het bestand terug"),
    (als_bytes("gemeenten", lambda b: b.replace(b",", b";")), r"ref_gemeenten\.csv is met puntkomma's bewaard"),
    (als_bytes("gemeenten", lambda b: b.replace(b"Aalten", b"A\xe4lten")), r"ref_gemeenten\.csv is geen UTF-8"),
    (als_bytes("inwoners", lambda _: b""), r"ref_inwoners\.csv is leeg; begin met de kopregel"),
    (anders("inwoners", "inwoners_0_22", "inwoners_0_17"), r"ref_inwoners\.csv regel 1: kolom 'inwoners_0_17' staat er twee"),
    (anders("inwoners", "inwoners_0_22", "tot_23"), r"ref_inwoners\.csv regel 1: de kopregel mist inwoners_0_22; voeg"),
    (anders("indicatoren", "telt_per", "per"), r"de kopregel mist telt_per; neem die kolom met haar waarden over uit .*ref_ind"),
    (anders("indicatoren", ",jeugdigen:zorg,", ",,"), r"jeugdigen_in_zorg versie 1 heeft telt '' en telt_per '', en hoort 'jeug"),
    (erbij("indexatie", "2026,0.038"), r"ref_indexatie\.csv regel 4: 2 cellen, en de kopregel heeft er 3"),
    (erbij("indexatie", "# een, twee"), r"ref_indexatie\.csv regel 4: zet een toelichting tussen aanhalingstekens"),
    (erbij("indexatie", '2026,0.038,"bron"x'), r"ref_indexatie\.csv regel 4: een aanhalingsteken"),
    # a cell
    (anders("gemeenten", "GM0197,0197", "197,0197"), r"ref_gemeenten\.csv regel 4: gemeente is '197'; schrijf de CBS-code"),
    (anders("gemeenten", "GM0197,0197", "GM0197,197"), r"ref_gemeenten\.csv regel 4: cijfercode is '197'; van GM0197"),
    (anders("gemeenten", "2015-01-01,,CBS", "1-1-2015,,CBS"), r"ref_gemeenten\.csv regel 4: geldig_van is '1-1-2015'; schrijf"),
    (anders("gemeenten", "2015-01-01,,CBS", "2015-01-01,2014-12-31,CBS"), r"regel 4: geldig_tot .* ligt voor geldig_van"),
    (anders("leveringsafspraken", "toewijzingen", "toewijzing"), r"ref_leveringsafspraken\.csv regel 4: bericht is 'toewijzing'; kies"),
    (anders("leveringsafspraken", "cent", "dollar"), r"regel 4: bedrag_eenheid is 'dollar'; kies uit cent, euro"),
    (anders("leveringsafspraken", ",15,", ",vijftien,"), r"regel 4: uiterste_dag is 'vijftien'; schrijf een geheel getal"),
    (anders("leveringsafspraken", ",15,10", ",15,-1"), r"regel 4: respijt_dagen is -1; het is minstens 0"),
    (anders("inwoners", "27000,5400", "5400,27000"), r"ref_inwoners\.csv regel 4: inwoners_0_17 is hoogstens"),
    (erbij("productcodes", "X,45,Naam,dagopvang,02,nee,nee,nee,nee,04,100,2026-01-01,,,b"), r"segment is 'dagopvang'; kies"),
    (erbij("productcodes", "X,45,Naam,ambulant,02,nee,nee,nee,nee,04,0,2026-01-01,,,b"), r"tarief_cent is 0; het is minstens 1"),
    (erbij("productcodes", "X,45,Naam,ambulant,02,misschien,nee,nee,nee,04,1,2026-01-01,,,b"), r"met_verblijf is 'misschien'"),
    (anders("streefwaarden", "-0.05", "-5"), r"ref_streefwaarden\.csv regel 4: jaarlijkse_verandering is -5; tien procent"),
    (anders("streefwaarden", "2025,2026", "2026,2026"), r"ref_streefwaarden\.csv regel 4: basisjaar ligt voor eerste_jaar"),
    (anders("streefwaarden", "kosten", "wachttijd"), r"ref_streefwaarden\.csv regel 4: indicator_id is 'wachttijd'; kies"),
    (erbij("bijdragen", "b,Bureau,1500,2026,1000,begroting"), r"ref_bijdragen\.csv regel 4: b: bedrag_eur is geen veelvoud"),
    (erbij("maatregelen", "m,M,A,REGIO,,,,2026-13,2027,,,,b"), r"ref_maatregelen\.csv regel 4: startmaand is '2026-13'; schrijf"),
    (erbij("maatregelen", "m,M,A,REGIO,,,,2026-01,2025,,,,b"), r"ref_maatregelen\.csv regel 4: laatste_jaar \(2025\) ligt voor"),
    (erbij("aanbieders", "1234,N,contract,,2026-01-01,,b"), r"ref_aanbieders\.csv regel 4: aanbieder_agb is '1234'; een AGB-code"),
    (erbij("indexatie", "2026,3.8,besluit"), r"ref_indexatie\.csv regel 4: indexatie_aandeel is 3\.8; vier procent is 0\.04"),
    (erbij("vrijstellingen", "GM0197,,2026-03,2026-01,r,2026-01-01"), r"ref_vrijstellingen\.csv regel 4: tot .* ligt voor van"),
    (erbij("verklaringen", "GM0197,declaraties,2026-01,D24,,,,,kind 999900006,beheer,2026-02-01"), r"regel 4: verklaring bevat een nummer"),
    (anders("contacten", "levering-aalten", "Levering Aalten"), r"ref_contacten\.csv regel 4: contact is 'Levering Aalten'; schrijf"),
    (anders("contacten", "jeugd@aalten.nl", "jeugd aalten"), r"ref_contacten\.csv regel 4: adres is 'jeugd aalten'; schrijf een mailadres"),
    (anders("instellingen", "traject_gat_dagen,30", "traject_gat_dagen,maand"), r"ref_instellingen\.csv regel 2: traject_gat_dagen: waarde is 'maand'"),
    (anders("instellingen", "traject_gat_dagen,30", "traject_gat_dagen,"), r"ref_instellingen\.csv regel 2: traject_gat_dagen: waarde is ''"),
    (anders("instellingen", "sleutel,inwoners_0_17", "sleutel,huizen"), r"ref_instellingen\.csv regel \d+: verrekening_sleutel is 'huizen'; kies"),
    # rows and files together
    (erbij("gemeenten", "GM0197,0197,Aalten,Aalten,Gelderland,Achterhoek,2015-01-01,,CBS"), r"regel 7: GM0197 staat ook op regel 4"),
    (erbij("inwoners", "GM0197,2026,1,1,1,CBS"), r"ref_inwoners\.csv regel \d+: GM0197 2026 staat ook op regel \d+; haal er een weg"),
    (erbij("leveringsafspraken", "GM0197,declaraties,stand,euro,maand,2026-01-01,,15,10,alle,"), r"GM0197 declaraties geldt vanaf 2026-01-01 al door regel 5"),
    (erbij("leveringsafspraken", "GM9999,declaraties,stand,euro,maand,2026-01-01,,15,10,alle,"), r"regel \d+: gemeente GM9999 staat niet in ref_gemeenten"),
    (erbij("contacten", "levering-x,GM9999,,gewoon,mail,x@x.nl,0,ja,,"), r"ref_contacten\.csv regel \d+ \(levering-x\): gemeente GM9999 staat niet in"),
    (erbij("productcodes", "X,99,Naam,ambulant,02,nee,nee,nee,nee,04,1,2026-01-01,,,b"), r"productcategorie 99 staat niet in ref_codes_productcategorie"),
    (_zonder_rij("inwoners", "GM0197"), r"ref_inwoners\.csv: GM0197 \(Aalten\) heeft geen rij; zet haar inwoners erin"),
    (erbij("bijdragen", "b,Bureau,1000,2030,1000,begroting"), r"ref_bijdragen\.csv regel 4: van GM0197, .* staan de inwoners van 2030 niet"),
    (_zonder_rij("instellingen", "poort_min_dekking"), r"ref_instellingen\.csv mist poort_min_dekking; neem die regel over"),
    (_zonder_rij("regels", "D24"), r"ref_regels\.csv mist D24; neem het bestand over uit seeds/ van het project"),
    (_zonder_rij("gemeenten", "GM"), r"ref_gemeenten\.csv heeft nog geen rij; zet er de gemeenten"),
    (_zonder_rij("leveringsafspraken", "GM"), r"ref_leveringsafspraken\.csv heeft nog geen rij; schrijf per gemeente"),
    # settings
    (zet(REGIOMONITOR_SEEDS="/nergens"), r"REGIOMONITOR_SEEDS wijst niet naar een map met ref_gemeenten\.csv: /nergens"),
    (zet(REGIOMONITOR_SLEUTELBESTAND=""), r"Geen pseudonimiseringssleutel\. Zet REGIOMONITOR_SLEUTELBESTAND"),
    (zet(REGIOMONITOR_SLEUTELBESTAND="/nergens"), r"REGIOMONITOR_SLEUTELBESTAND kan niet worden gelezen: /nergens"),
    (zet(REGIOMONITOR_SLEUTEL="kort"), r"De sleutel in REGIOMONITOR_SLEUTEL is te kort.*openssl rand"),
    (zet(REGIOMONITOR_BSN_REEKS="test"), r"REGIOMONITOR_BSN_REEKS is 'productie' of 'synthetisch'"),
    # the home
    (lambda r: r.env.update(REGIOMONITOR_HOME=str(r.map / "dta")), r"/dta, en dat is geen data home: die map bestaat niet"),
    (lambda r: (r.huis / "huis.json").unlink(), r"/data, en dat is geen data home: huis\.json ontbreekt"),
    (in_huis("huis.json", "{"), r"huis\.json kan niet worden gelezen; zet het terug"),
    (zet(REGIOMONITOR_SLEUTEL=ANDERE_SLEUTEL), r"De sleutel is een andere dan waarmee dit data home is gevuld"),
    (merk(bsn_reeks="productie"), r"Dit data home is van de reeks 'productie'"),
    (in_huis("meldingen/journaal.jsonl", "x\n"), r"Regel 1 van meldingen/journaal\.jsonl kan niet worden gelezen; zet"),
]  # fmt: skip
ZACHT: list[tuple[Doe, str]] = [
    (_zonder_rij("leveringsafspraken", "GM0197"), r"ref_leveringsafspraken\.csv: GM0197 \(Aalten\) heeft geen rij"),
    (_zonder_rij("contacten", "levering-aalten"), r"ref_contacten\.csv: GM0197 \(Aalten\) heeft geen rij; bij die gemeente hoort niemand"),
    (_zonder_rij("contacten", "beheer"), r"ref_contacten\.csv: geen rij van REGIO met tekst technisch"),
    (erbij("nihil_opgaven", "GM9999,declaraties,2026-01,a,2026-02-01"), r"ref_nihil_opgaven\.csv regel 4: gemeente GM9999 staat niet"),
    (erbij("vrijstellingen", "GM9999,,2026-01,2026-02,r,2026-01-01"), r"ref_vrijstellingen\.csv regel 4: gemeente GM9999"),
    (erbij("verklaringen", "GM0197,declaraties,2026-01,D99,,,,,zin,beheer,2026-02-01"), r"regel D99 staat niet in ref_regels"),
    (erbij("referentiewaarden", "geluk,Nederland,totaal,,2024,1,CBS,"), r"ref_referentiewaarden\.csv regel 4: indicator_id geluk"),
    (erbij("instellingen", "zelfbedacht,1,dagen,Iets,eigen"), r"ref_instellingen\.csv regel \d+: zelfbedacht kent deze versie niet"),
    (anders("instellingen", "Jeugdregio Achterhoek", ""), r"ref_instellingen\.csv regel \d+: uitgever_naam is leeg; vul in"),
    (anders("instellingen", "Jeugdregio Achterhoek", "Jeugdregio Twente"), r"uitgever_naam noemt de voorbeeldregio"),
    (anders("contacten", "jeugd@aalten.nl", "jeugd@aalten.example"), r"ref_contacten\.csv regel 4: jeugd@aalten\.example is een voorbeeldadres"),
    (erbij("maatregelen", "x,Naam,Twente,REGIO,,,,2026-01,2027,,,,plan"), r"ref_maatregelen\.csv regel 4: is van de voorbeeldregio; haal weg"),
    (zet(REGIOMONITOR_MAIL=""), r"levering-aalten, .* moet horen gaat naar niemand: REGIOMONITOR_MAIL is leeg; zet er de mailserver"),
    (zet(REGIOMONITOR_MAIL="mail.regio.nl"), r"REGIOMONITOR_MAIL is geen adres van een kanaal; schrijf mailto://"),
    (erbij("contacten", "beheer-kanaal,REGIO,,technisch,kanaal,BEHEER,0,nee,,"), r"beheer-kanaal moet horen .* REGIOMONITOR_KANAAL_BEHEER is leeg"),
    (erbij("contacten", "kast,REGIO,,technisch,uitbak,,0,nee,,"), r"wat kast moet horen gaat naar niemand: kanaal is uitbak"),
    (zet(REGIOMONITOR_KANAAL_X="nergens"), r"REGIOMONITOR_KANAAL_X is geen adres van een kanaal"),
    (zet(REGIOMONITOR_ROOSTER="on"), r"REGIOMONITOR_ROOSTER is 'on'; kies leeg of aan of uit"),
    (zet(REGIOMONITOR_SLEUTELBESTND="x"), r"REGIOMONITOR_SLEUTELBESTND kent deze versie niet; bedoel je REGIOMONITOR_SLEUTELBESTAND\?"),
    (zet(DAGSTER_HOME="/nergens"), r"DAGSTER_HOME wijst naar /nergens, en daar ligt geen dagster\.yaml"),
    (lambda r: (r.huis / "landing" / "GM9999").mkdir(), r"landing/GM9999 is van geen gemeente van ref_gemeenten\.csv; hernoem"),
    (lambda r: r.huis.chmod(0o755), r"/data: open: data home.*chmod 700"),
]  # fmt: skip


def _zinnen(r: Regio, ernst: Ernst) -> list[str]:
    return [g.zin for g in controleer(r.env, nu=NU) if g.ernst is ernst]


def test_a_region_in_order_has_nothing_to_say(regio: Regio) -> None:
    assert controleer(regio.env, nu=NU) == []


@pytest.mark.parametrize(("doe", "zin"), HARD, ids=[z for _, z in HARD])
def test_what_stops_a_run_is_one_sentence_with_file_and_row(regio: Regio, doe: Doe, zin: str) -> None:
    doe(regio)
    gezegd = _zinnen(regio, Ernst.HARD)
    assert [z for z in gezegd if re.search(zin, z)], gezegd
    assert len({z.split(" regel ")[0] for z in gezegd}) == 1, gezegd
    assert all(z.endswith((".", ").", "?")) or "/nergens" in z for z in gezegd), gezegd


@pytest.mark.parametrize(("doe", "zin"), ZACHT, ids=[z for _, z in ZACHT])
def test_what_reaches_nobody_is_one_sentence_and_stops_nothing(regio: Regio, doe: Doe, zin: str) -> None:
    doe(regio)
    gezegd = _zinnen(regio, Ernst.ZACHT)
    assert len(gezegd) == 1, gezegd
    assert re.search(zin, gezegd[0]), gezegd
    assert _zinnen(regio, Ernst.HARD) == []


def test_there_are_more_than_forty_ways_to_be_wrong() -> None:
    assert len(HARD) > 40


@pytest.mark.parametrize("naam", ["gemeenten", "leveringsafspraken", "inwoners", "productcodes", "streefwaarden"])
def test_a_run_refuses_a_row_that_cannot_be_read_with_the_same_sentence(regio: Regio, naam: str) -> None:
    kolommen = regio.seed(naam).read_text(encoding="utf-8").splitlines()[0].count(",")
    erbij(naam, "x" + "," * kolommen)(regio)
    with pytest.raises(SeedFout) as fout:
        Catalogus.load(regio.map / "seeds").controleer()
    assert str(fout.value) in _zinnen(regio, Ernst.HARD)


def test_the_example_region_runs_and_only_its_addresses_are_invented() -> None:
    zinnen = controleer({"REGIOMONITOR_SEEDS": str(PROJECT / "seeds"), "REGIOMONITOR_SLEUTEL": ANDERE_SLEUTEL}, nu=NU)
    assert {g.zin for g in zinnen if g.ernst is Ernst.HARD and g.zin.startswith("ref_")} == set()


def roep(env: dict[str, str], *woorden: str, verwacht: int = 0) -> str:
    leeg = dict.fromkeys(("REGIOMONITOR_SLEUTEL", "REGIOMONITOR_MAIL", "DAGSTER_HOME"), "")
    uit = CliRunner().invoke(main, list(woorden), env=leeg | env)
    assert uit.exit_code == verwacht, uit.output
    return uit.output


def test_controleer_says_it_in_one_list_and_makes_a_home_only_when_asked(regio: Regio) -> None:
    shutil.rmtree(regio.huis)
    assert "geen data home" in roep(regio.env, "controleer", verwacht=1)
    assert not regio.huis.exists()
    assert "Niets houdt een run tegen." in roep(regio.env, "controleer", "--maak")
    assert {p.name for p in (regio.huis / "landing").iterdir()} == {"GM0197", "GM0222", "GM0294"}
    assert roep(regio.env, "controleer", "--maak") == "Niets houdt een run tegen.\n"
    erbij("contacten", "kast,REGIO,,technisch,uitbak,,0,nee,,")(regio)
    assert json.loads(roep(regio.env, "controleer", "--json"))["gebreken"][0]["ernst"] == "let op"


@pytest.mark.parametrize("wat", ["een bestand", "iets anders", "een map erboven die er niet is"])
def test_a_home_is_not_made_where_something_else_is(regio: Regio, wat: str) -> None:
    shutil.rmtree(regio.huis)
    if wat == "een bestand":
        regio.huis.write_text("", encoding="utf-8")
    elif wat == "iets anders":
        regio.huis.mkdir()
        (regio.huis / "vakantie.jpg").write_text("", encoding="utf-8")
    else:
        regio.env["REGIOMONITOR_HOME"] = str(regio.map / "x" / "data")
    uit = roep(regio.env, "controleer", "--maak", verwacht=1)
    assert {"een bestand": "is een bestand", "iets anders": "is niet leeg"}.get(
        wat, "bestaat niet; maak die map"
    ) in uit
    assert not (regio.huis / "huis.json").exists()
