"""Alerts: their life, who is told what and how often, what a crash leaves, channels that fail."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline import meldingen
from pipeline.domain.catalogus import Catalogus, SeedFout
from pipeline.domain.fouten import InvariantFout
from pipeline.domain.runs import Run, RunUitkomst
from pipeline.meldingen import (
    Grenzen,
    Identiteit,
    Onderwerp,
    Soort,
    Staat,
    Waarneming,
    bevestig,
    kanalen,
    lees,
    ronde,
    sluit,
    uit_runs,
    verzenden,
)
from pipeline.meldingen.boek import Bericht, map_van
from pipeline.reports.werklijst import Werk
from pipeline.settings import PROJECT, Settings, load_settings
from tests.kleine_regio import maak_seeds

ALLES = frozenset(Onderwerp)
NU = dt.datetime(2025, 5, 16, 5, tzinfo=dt.UTC)  # a Friday
DAG = dt.timedelta(days=1)
KOP = "contact,gemeente,bericht,tekst,kanaal,adres,vanaf_niveau,weeklijst,geldig_van,geldig_tot\n"


def w(
    soort: Soort = Soort.TE_LAAT, *, gemeente="GM0141", bericht="declaraties", periode="2025-04", kenmerk="", **feiten
):
    onderwerp = {
        Soort.SPRONG: Onderwerp.SPRONG,
        Soort.RUN_MISLUKT: Onderwerp.RUN,
        Soort.HERLEVERING_AFGEKEURD: Onderwerp.HERLEVERING,
    }.get(soort, Onderwerp.LEVERING)
    vast = {"uiterste_datum": "2025-05-15", "respijt_tot": "2025-05-25"}
    return Waarneming(Identiteit(gemeente, bericht, onderwerp, periode), soort, kenmerk, vast | feiten)


@pytest.fixture
def huis(tmp_path: Path) -> SimpleNamespace:
    """A data home with three addressees and channels that write down what they get."""
    seeds = maak_seeds(tmp_path / "seeds", ("GM0141", "GM0147"))
    (seeds / "ref_contacten.csv").write_text(
        KOP
        + "almelo,GM0141,,gewoon,mail,jeugddata@almelo.example,0,ja,,\n"
        + "beheer,REGIO,,technisch,mail,beheer@regio.example,0,ja,,\n"
        + "leiding,REGIO,,gewoon,kanaal,LEIDING,2,nee,,\n",
        encoding="utf-8",
    )
    settings = load_settings(
        {
            "REGIOMONITOR_HOME": str(tmp_path / "huis"),
            "REGIOMONITOR_SEEDS": str(seeds),
            "REGIOMONITOR_MAIL": "mailto://mail.example?from=x@regio.example",
            "REGIOMONITOR_KANAAL_LEIDING": "json://hook.example/geheim",
        }
    )
    return SimpleNamespace(settings=settings, catalogus=Catalogus.load(seeds), seeds=seeds)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What every channel was given, and whether it takes anything."""
    doos = SimpleNamespace(berichten=[], stuk=False)

    def stuur(url: str, bericht: Bericht) -> None:
        if doos.stuk:
            raise kanalen.KanaalFout("het kanaal nam het bericht niet aan")
        doos.berichten.append((url, bericht))

    monkeypatch.setattr(kanalen, "stuur", stuur)
    return doos


def doe(
    huis: SimpleNamespace, waarnemingen: list[Waarneming], nu: dt.datetime = NU, beoordeeld=ALLES
) -> meldingen.Ronde:
    return ronde(huis.settings, huis.catalogus, waarnemingen, beoordeeld=beoordeeld, nu=nu)


def naar(post: SimpleNamespace, contact: str) -> list[str]:
    return [b.titel for _, b in post.berichten if b.contact == contact]


def de_melding(huis: SimpleNamespace) -> meldingen.Melding:
    (m,) = lees(huis.settings.huis).meldingen.values()
    return m


# --- said once -------------------------------------------------------------------------------------------------------


def test_what_stays_the_same_is_said_once(huis, post):
    for uren in (0, 2, 24, 48):
        doe(huis, [w()], NU + dt.timedelta(hours=uren))
    assert [t.split(": ")[1] for t in naar(post, "almelo")] == ["1 nieuw"]


def test_a_sender_hears_of_itself_only_and_in_plain_dutch(huis, post):
    doe(huis, [w(), w(gemeente="GM0147")])
    (bericht,) = [b for _, b in post.berichten if b.contact == "almelo"]
    assert "Borne" not in bericht.tekst
    assert "TE_LAAT" not in bericht.tekst
    assert "de declaraties van april 2025 nog niet ontvangen" in bericht.tekst
    (technisch,) = [b for _, b in post.berichten if b.contact == "beheer"]
    assert "GM0147 Borne declaraties 2025-04: TE_LAAT" in technisch.tekst


def test_months_in_a_row_share_a_sentence_and_others_do_not(huis, post):
    doe(huis, [w(periode="2025-01"), w(periode="2025-02"), w(periode="2025-04")])
    (bericht,) = [b for _, b in post.berichten if b.contact == "almelo"]
    assert "de declaraties van januari 2025 tot en met februari 2025" in bericht.tekst
    assert "de declaraties van april 2025" in bericht.tekst
    assert bericht.tekst.count("- Almelo") == 2


def test_one_message_a_day_and_the_rest_the_day_after(huis, post):
    doe(huis, [w()])
    doe(huis, [w(), w(periode="2025-03")], NU + dt.timedelta(hours=5))
    assert len(naar(post, "almelo")) == 1
    doe(huis, [w(), w(periode="2025-03")], NU + DAG)
    assert naar(post, "almelo")[1].endswith("1 nieuw")


def test_opened_and_solved_before_anyone_heard_is_not_told(huis, post):
    doe(huis, [w(periode="2025-03")])  # today's message
    doe(huis, [w(periode="2025-03"), w()], NU + dt.timedelta(hours=1))
    doe(huis, [w(periode="2025-03")], NU + dt.timedelta(hours=2))
    doe(huis, [w(periode="2025-03")], NU + DAG)
    assert len(naar(post, "almelo")) == 1


def test_solved_is_said_once_and_a_next_time_is_new(huis, post):
    doe(huis, [w()])
    doe(huis, [], NU + DAG)
    doe(huis, [], NU + 2 * DAG)
    doe(huis, [w()], NU + 3 * DAG)
    assert [t.split(": ")[1] for t in naar(post, "almelo")] == ["1 nieuw", "1 opgelost", "1 nieuw"]
    assert de_melding(huis).volgnr == 2


def test_nothing_is_solved_because_nobody_could_look(huis, post):
    doe(huis, [w(Soort.SPRONG)])
    doe(huis, [], NU + DAG, beoordeeld=ALLES - {Onderwerp.SPRONG})
    assert de_melding(huis).is_open
    doe(huis, [], NU + 2 * DAG)
    assert not de_melding(huis).is_open


def test_another_refused_file_is_told_again(huis, post):
    doe(huis, [w(Soort.AFGEKEURD, kenmerk="a", redenen=["L05: Geen kopregel."])])
    doe(huis, [w(Soort.AFGEKEURD, kenmerk="b", redenen=["L06: Kolom ontbreekt."])], NU + DAG)
    assert naar(post, "almelo")[1].endswith("1 veranderd")
    assert "Kolom ontbreekt." in post.berichten[-1][1].tekst + post.berichten[-2][1].tekst


# --- age, acknowledgement, weekly list -------------------------------------------------------------------------------


@pytest.mark.parametrize(("dagen", "niveau"), [(6, 0), (7, 1), (20, 1), (21, 2)])
def test_it_escalates_by_age(huis, post, dagen, niveau):
    doe(huis, [w()])
    doe(huis, [w()], NU + dagen * DAG)
    assert de_melding(huis).niveau == niveau
    assert len(naar(post, "leiding")) == (niveau == 2)


def test_acknowledged_does_not_escalate_until_its_day(huis, post):
    doe(huis, [w()])
    m = bevestig(huis.settings.huis, de_melding(huis).melding_id, door="beheer", tot=dt.date(2025, 5, 30), nu=NU)
    assert m.staat is Staat.BEVESTIGD
    doe(huis, [w()], NU + 14 * DAG)  # 30 May
    assert (de_melding(huis).niveau, de_melding(huis).staat) == (0, Staat.BEVESTIGD)
    doe(huis, [w()], NU + 15 * DAG)
    assert (de_melding(huis).niveau, de_melding(huis).staat) == (1, Staat.OPEN)


def test_closed_by_hand_opens_again_only_for_something_else(huis, post):
    doe(huis, [w(Soort.HERLEVERING_AFGEKEURD, kenmerk="a")])
    id_ = de_melding(huis).melding_id
    sluit(huis.settings.huis, id_, door="beheer", toelichting="besproken", nu=NU)
    doe(huis, [w(Soort.HERLEVERING_AFGEKEURD, kenmerk="a")], NU + DAG)
    assert not de_melding(huis).is_open
    doe(huis, [w(Soort.HERLEVERING_AFGEKEURD, kenmerk="b")], NU + 2 * DAG)
    assert de_melding(huis).is_open
    with pytest.raises(KeyError):
        bevestig(huis.settings.huis, "M-onbekend", door="x", nu=NU)


def test_what_is_solved_cannot_be_acknowledged(huis, post):
    doe(huis, [w()])
    doe(huis, [], NU + DAG)
    with pytest.raises(ValueError, match="niet open"):
        bevestig(huis.settings.huis, de_melding(huis).melding_id, door="x", nu=NU)


def test_the_list_of_all_that_is_open_goes_once_a_week_also_when_monday_was_missed(huis, post):
    doe(huis, [w()])
    bevestig(huis.settings.huis, de_melding(huis).melding_id, door="beheer", nu=NU)
    for dagen in (4, 5, 10, 11):  # Tuesday, Wednesday, Monday, Tuesday
        doe(huis, [w()], NU + dagen * DAG)
    assert [
        b.dag.isoformat() for _, b in post.berichten if b.contact == "beheer" and "Alles wat nu openstaat" in b.tekst
    ] == [
        "2025-05-20",
        "2025-05-26",
    ]


# --- channels that fail, crashes -------------------------------------------------------------------------------------


def taak(gemeente: str, *, bericht: str = "declaraties", euro: int = 19560) -> Werk:
    return Werk(gemeente, bericht, "2025-02", "D36", "Prijs kan niet kloppen", "SIGNAAL", 1, Decimal(euro), None,
                "kosten", 0.031, "nieuw")  # fmt: skip


def test_the_weekly_list_begins_with_what_weighs_most_and_a_sender_reads_its_own(huis, post):
    werk = [taak("GM0147", euro=90000), *(taak("GM0141", euro=30000 - i) for i in range(7))]
    for dag in range(8):  # the list of this week, and of the next
        ronde(huis.settings, huis.catalogus, [], beoordeeld=ALLES, nu=NU + dag * DAG, werk=werk)
    almelo = [(b.titel, b.tekst) for _, b in post.berichten if b.contact == "almelo"]
    assert [t for t, _ in almelo] == [
        "Regiomonitor jeugdzorg, 16 mei 2025: weeklijst, 7 te doen",
        "Regiomonitor jeugdzorg, 19 mei 2025: weeklijst, 7 te doen",
    ]
    regels = [r for r in almelo[0][1].splitlines() if r.startswith("- ")]
    assert regels[0] == (
        "- Almelo: declaraties 2025-02: prijs kan niet kloppen (D36), 1 rij, 30.000 euro, 3.1% van kosten: "
        "herstel of verklaar"
    )
    assert regels[5] == "- en nog 2 die minder wegen (kwaliteit.werklijst)"
    assert "90.000" not in almelo[0][1]
    assert any("Borne: declaraties" in b.tekst for _, b in post.berichten if b.contact == "beheer")


def test_the_worklist_comes_before_what_is_open(huis, post):
    ronde(huis.settings, huis.catalogus, [w()], beoordeeld=ALLES, nu=NU)
    post.berichten.clear()
    ronde(huis.settings, huis.catalogus, [w()], beoordeeld=ALLES, nu=NU + 3 * DAG, werk=[taak("GM0141")])
    (tekst,) = [b.tekst for _, b in post.berichten if b.contact == "almelo"]
    assert tekst.index("Wat het meest weegt") < tekst.index("Alles wat nu openstaat (1)")


def test_a_channel_that_fails_is_tried_again_the_same_day_with_the_same_message(huis, post):
    post.stuk = True
    eerste = doe(huis, [w()])
    assert {b.fout for b in eerste.mislukt} == {"het kanaal nam het bericht niet aan"}
    post.stuk = False
    tweede = doe(huis, [w()], NU + dt.timedelta(hours=3))
    assert not tweede.berichten
    assert [b.bericht_id for b in tweede.bezorgingen] == [b.bericht_id for b in eerste.bezorgingen]
    assert not doe(huis, [w()], NU + dt.timedelta(hours=4)).bezorgingen


def test_what_never_arrived_is_in_the_message_of_the_next_day(huis, post):
    post.stuk = True
    doe(huis, [w()])
    post.stuk = False
    doe(huis, [w(), w(periode="2025-03")], NU + DAG)
    assert [t.split(": ")[1] for t in naar(post, "almelo")] == ["2 nieuw"]


def test_without_a_channel_a_message_is_in_the_outbox_and_was_sent_to_nobody(huis, post):
    met, zonder = huis.settings, replace(huis.settings, kanalen={})
    huis.settings = zonder
    uit = doe(huis, [w()])
    assert {b.kanaal for b in uit.aan_niemand} == {"niemand"}
    assert not [b for b in uit.bezorgingen if b.gelukt]
    assert not uit.mislukt
    (pad,) = (map_van(huis.settings.huis) / "uitbak" / "2025-05-16").glob("almelo.txt")
    assert "de declaraties van april 2025" in pad.read_text(encoding="utf-8")
    assert not doe(huis, [w()], NU + dt.timedelta(hours=1)).bezorgingen  # that it went to nobody is noted once
    assert {b.contact for b in lees(huis.settings.huis).aan_niemand()} == {"almelo", "beheer"}
    # once there is a channel they hear what they were never told
    huis.settings = met
    doe(huis, [w()], NU + DAG)
    assert [t.split(": ")[1] for t in naar(post, "almelo")] == ["1 nieuw"]
    assert not lees(huis.settings.huis).aan_niemand()


def test_who_asked_for_the_outbox_only_is_told_by_it(huis):
    (huis.seeds / "ref_contacten.csv").write_text(KOP + "kast,REGIO,,technisch,uitbak,,0,nee,,\n", encoding="utf-8")
    uit = doe(huis, [w()])
    assert [(b.kanaal, b.gelukt) for b in uit.bezorgingen] == [("uitbak", True)]
    assert not doe(huis, [w()], NU + DAG).berichten


@pytest.mark.parametrize("waar", ["besluit", "leg_in_uitbak", "stuur", "bezorging"])
def test_killed_at_any_step_nothing_is_lost_and_the_same_message_keeps_its_number(huis, post, monkeypatch, waar):
    class Gedood(BaseException):
        pass

    with monkeypatch.context() as mp:
        keer = iter((False, True))  # the second time
        doel = {
            "besluit": (meldingen.boek.Schrijver, "besluit"),
            "bezorging": (meldingen.boek.Schrijver, "bezorging"),
        }.get(waar, (kanalen, waar))
        echt = getattr(*doel)

        def dood(*woorden, **opties):
            if waar == "besluit" or next(keer, True):
                raise Gedood
            return echt(*woorden, **opties)

        mp.setattr(*doel, dood)
        with pytest.raises(Gedood):
            doe(huis, [w()])
    doe(huis, [w()], NU + dt.timedelta(hours=1))
    doe(huis, [w()], NU + dt.timedelta(hours=2))
    aangekomen = [b.bericht_id for _, b in post.berichten]
    assert set(aangekomen) == {"B-2025-05-16-almelo", "B-2025-05-16-beheer"}
    dubbel = len(aangekomen) - 2
    assert dubbel == (1 if waar == "bezorging" else 0)  # handed over, killed before it could be noted: same number
    assert not lees(huis.settings.huis).wachtend(dt.date(2025, 5, 16))


@pytest.mark.parametrize("bytes_weg", [1, 5, 100])
def test_a_line_that_was_not_finished_was_never_written(huis, post, bytes_weg):
    doe(huis, [w()])
    journaal = map_van(huis.settings.huis) / "journaal.jsonl"
    inhoud = journaal.read_bytes()
    journaal.write_bytes(inhoud + inhoud.splitlines()[0][:-bytes_weg])
    doe(huis, [w()], NU + DAG)
    doe(huis, [], NU + 2 * DAG)
    assert naar(post, "almelo")[-1].endswith("1 opgelost")
    assert len(naar(post, "almelo")) == 2


def test_a_damaged_book_stops_the_alerts_and_says_what_to_do(huis, post):
    doe(huis, [w()])
    journaal = map_van(huis.settings.huis) / "journaal.jsonl"
    journaal.write_bytes(b'{"gebeurtenissen": [{}]}\n' + journaal.read_bytes())
    with pytest.raises(InvariantFout, match="Regel 1"):
        lees(huis.settings.huis)


def test_secrets_are_not_in_the_book_nor_in_errors_nor_in_the_log(huis, caplog):
    settings = replace(
        huis.settings, kanalen={"MAIL": "mailto://u:geheim@127.0.0.1:1?from=a@b.nl", "LEIDING": "x://geheim"}
    )
    caplog.set_level(logging.DEBUG)
    huis.settings = settings
    uit = doe(huis, [w()])
    doe(huis, [w()], NU + 22 * DAG)
    assert uit.mislukt
    assert "geheim" not in repr(settings)
    assert "geheim" not in caplog.text
    for pad in map_van(settings.huis).rglob("*"):
        assert not pad.is_file() or b"geheim" not in pad.read_bytes()


# --- the pipeline itself ---------------------------------------------------------------------------------------------


def run(uren_geleden: float, uitkomst: RunUitkomst, **anders) -> Run:
    op = NU - dt.timedelta(hours=uren_geleden)
    return Run(f"R{op:%Y%m%dT%H%M%S}", "test", op, uitkomst=uitkomst, **anders)


@pytest.mark.parametrize(
    ("runs", "verwacht"),
    [
        ([], set()),
        ([run(36, RunUitkomst.GEPUBLICEERD)], set()),
        ([run(36.1, RunUitkomst.GEPUBLICEERD)], {Soort.PIJPLIJN_STIL}),
        ([run(2, RunUitkomst.GEPUBLICEERD), run(1, RunUitkomst.MISLUKT, fout="BouwFout")], {Soort.RUN_MISLUKT}),
        ([run(2, RunUitkomst.MISLUKT), run(1, RunUitkomst.ONGEWIJZIGD)], set()),
        ([run(3, RunUitkomst.GEPUBLICEERD), run(2.1, RunUitkomst.BEZIG)], {Soort.RUN_MISLUKT}),  # it must have died
        ([run(3, RunUitkomst.GEPUBLICEERD), run(1.9, RunUitkomst.BEZIG)], set()),
        ([run(1, RunUitkomst.TEGENGEHOUDEN, bezwaren=("Te veel. Waargenomen: 3.",))], {Soort.POORT_HOUDT}),
        ([run(2, RunUitkomst.TEGENGEHOUDEN), run(1, RunUitkomst.GEPUBLICEERD)], set()),
        ([run(100, RunUitkomst.MISLUKT)], {Soort.RUN_MISLUKT, Soort.PIJPLIJN_STIL}),
    ],
)
def test_what_runs_say_about_the_pipeline(runs, verwacht):
    assert {x.soort for x in uit_runs(runs, NU, stil_uren=36)} == verwacht


def test_a_sender_never_hears_of_the_pipeline(huis, post):
    doe(huis, [w(Soort.RUN_MISLUKT, gemeente="REGIO", bericht="", periode="", fout="BouwFout")])
    assert [b.contact for _, b in post.berichten] == ["beheer"]


# --- seeds -----------------------------------------------------------------------------------------------------------


def test_the_projects_own_addressees_cannot_be_real_and_every_gemeente_has_one():
    catalogus = Catalogus.load(PROJECT / "seeds")
    contacten = verzenden.lees_contacten(catalogus)
    assert all(c.adres.endswith(".example") for c in contacten if c.kanaal == "mail")
    assert {c.gemeente for c in contacten} == {*catalogus.gemeenten, "REGIO"}
    assert Grenzen.uit(catalogus).escalatie_dagen == (7, 21)


@pytest.mark.parametrize(
    ("rij", "kolom"),
    [
        ("x,GM9999,,gewoon,mail,a@b.example,0,ja,,", "gemeente"),
        ("x,GM0141,facturen,gewoon,mail,a@b.example,0,ja,,", "bericht"),
        ("x,GM0141,,gewoon,mail,geen adres,0,ja,,", "adres"),
        ("x,GM0141,,gewoon,kanaal,https://hooks.example/abc,0,ja,,", "adres"),  # a secret does not belong in a seed
        ("x,GM0141,,gewoon,fax,,0,ja,,", "kanaal"),
        ("x,GM0141,,gewoon,mail,a@b.example,3,ja,,", "vanaf_niveau"),
        ("x,GM0141,,gewoon,mail,a@b.example,0,ja,gisteren,", "datum"),
    ],
)
def test_an_addressee_that_cannot_be_reached_is_refused_by_row_and_column(huis, rij, kolom):
    (huis.seeds / "ref_contacten.csv").write_text(KOP + rij + "\n", encoding="utf-8")
    with pytest.raises(SeedFout, match=kolom):
        verzenden.lees_contacten(huis.catalogus)


def test_who_is_told_is_no_part_of_what_figures_are_made_of(huis):
    voor = Catalogus.load(huis.seeds).vingerafdruk
    (huis.seeds / "ref_contacten.csv").unlink()
    assert Catalogus.load(huis.seeds).vingerafdruk == voor
    assert [c.kanaal for c in verzenden.lees_contacten(huis.catalogus)] == ["uitbak"]


def test_settings_know_no_channel_without_its_variable(tmp_path):
    assert load_settings({"REGIOMONITOR_HOME": str(tmp_path), "REGIOMONITOR_KANAAL_X": ""}).kanalen == {}
    assert isinstance(load_settings({"REGIOMONITOR_HOME": str(tmp_path)}), Settings)
