"""The pages of a messy region: whole, harmless, each from its own edition, and every number that of the mart."""

from __future__ import annotations

import posixpath
import re
import shutil
from collections import deque
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lxml import html

from pipeline.proces.werkproces import WerkprocesFout
from pipeline.rapport import helft, maken, taal
from pipeline.rapport.blokken import Doelen, Figuur, Kernen, Pagina, Tabel, Tabelblok, Tegels
from pipeline.rapport.boek import Vorige
from pipeline.rapport.bron import Editie, edities
from pipeline.rapport.taal import LEEG
from tests.rapport.conftest import BIJNA_LEEG, KWAAD, NIETS, VIJANDIG, html_van, lees_boek, verbouwd

CSP = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:"
EDITIES = ("intern", "openbaar", "gemeente")


def welke(boeken: Any, soort: str) -> list[Any]:
    return [b for naam, b in boeken.items() if naam.split("/")[0] == soort]


@pytest.mark.parametrize("soort", EDITIES)
def test_every_page_is_whole_and_runs_and_fetches_nothing(boeken, soort):
    for boek, paginas, per_pad in welke(boeken, soort):
        assert len(paginas) == len(per_pad) > 40
        for pad, tekst in per_pad.items():
            boom = html.fromstring(tekst)
            assert boom.get("lang") == "nl", pad
            assert len(boom.xpath("//h1")) == len(boom.xpath("//main")) == 1, pad
            assert boom.xpath("//meta[@http-equiv='Content-Security-Policy']/@content") == [CSP], pad
            assert not boom.xpath("//script | //iframe | //object | //@onclick | //@style | //form"), pad
            assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", tekst), pad
            ids = boom.xpath("//@id")
            assert len(ids) == len(set(ids)), (pad, [i for i in ids if ids.count(i) > 1][:3])
            assert boek.bron.publicatie["publicatie_id"] in boom.xpath("string(//footer)"), pad
            for svg in boom.xpath("//figure//svg[@role='img'] | //div[contains(@class, 'vlak')]/svg"):
                assert svg.xpath("string(*[local-name()='title'])") and svg.xpath("string(*[local-name()='desc'])"), pad


@pytest.mark.parametrize("soort", EDITIES)
def test_every_link_leads_somewhere_in_its_own_edition(boeken, soort):
    for _, _, per_pad in welke(boeken, soort):
        ankers = {pad: set(html.fromstring(tekst).xpath("//@id")) for pad, tekst in per_pad.items()}
        for pad, tekst in per_pad.items():
            for adres in html.fromstring(tekst).xpath("//a/@href"):
                doel, _, anker = adres.partition("#")
                naar = posixpath.normpath(posixpath.join(posixpath.dirname(pad), doel)) if doel else pad
                assert naar in per_pad, (pad, adres)
                assert not anker or anker in ankers[naar], (pad, adres)


@pytest.mark.parametrize("soort", EDITIES)
def test_every_chart_has_its_table_and_says_how_sure_it_is(boeken, soort):
    n = 0
    for _, paginas, _ in welke(boeken, soort):
        for p in paginas:
            for x in (x for s in p.secties for x in s.inhoud):
                if isinstance(x, Figuur) and x.beeld is not None:
                    n += 1
                    assert x.tabel.rijen and x.zeker and x.beeld.titel and x.beeld.beschrijving, (p.pad, x.id)
                if isinstance(x, Tegels):
                    assert len(x.tabel.rijen) == len(x.tegels) or x.kop, p.pad
    assert n > (10 if soort == "gemeente" else 3)


# numbers ----------------------------------------------------------------------------------------------------------------


def getal(tekst: str) -> Decimal | None:
    """Read a number as it stands on a page."""
    kaal = (
        tekst.replace("\u00a0", "")
        .replace("€", "")
        .replace(".", "")
        .replace(",", ".")
        .replace("−", "-")
        .replace("+", "")
    )
    kaal = kaal.removesuffix("dagen")
    return (
        Decimal(kaal.removesuffix("%")) / (100 if kaal.endswith("%") else 1)
        if re.fullmatch(r"-?[\d.]+%?", kaal)
        else None
    )


def tabellen(per_pad: dict[str, str], pad: str) -> Iterator[tuple[str, str, list[dict[str, str]]]]:
    """Yield source, caption and cells by field of every table on a page."""
    for t in html.fromstring(per_pad[pad]).xpath("//table[contains(@class, 'cijfers')]"):
        velden = t.xpath("thead//th/@data-veld")
        rijen = [[c.text_content().strip() for c in r.xpath("th | td")] for r in t.xpath("tbody/tr")]
        yield t.get("data-bron") or "", t.xpath("string(caption)"), [dict(zip(velden, r, strict=True)) for r in rijen]


def in_pagina(paginas: list[Pagina]) -> Iterator[tuple[str, Tabel]]:
    for p in paginas:
        for x in (x for s in p.secties for x in s.inhoud):
            if isinstance(x, Figuur | Tabelblok | Tegels):
                yield p.pad, x.tabel
            elif isinstance(x, Doelen):
                yield from ((p.pad, d.tabel) for d in x.doelen)
            elif isinstance(x, Kernen):
                yield from ((p.pad, k.tabel) for k in x.kernen)


@pytest.mark.parametrize("soort", EDITIES)
def test_every_number_in_a_table_is_the_one_that_was_asked_of_the_mart(boeken, soort):
    """What is read back from the page, cell by cell, against the rows behind it: rounded once, never otherwise."""
    gelezen = 0
    for _, paginas, per_pad in welke(boeken, soort):
        per_pagina: dict[str, list[Tabel]] = {}
        for pad, tabel in in_pagina(paginas):
            if tabel.rijen:
                per_pagina.setdefault(pad, []).append(tabel)
        for pad, verwacht in per_pagina.items():
            op_pagina = list(tabellen(per_pad, pad))
            assert len(op_pagina) == len(verwacht), pad
            for (_, _, rijen), tabel in zip(op_pagina, verwacht, strict=True):
                for cellen, bron in zip(rijen, tabel.rijen, strict=True):
                    for k in tabel.kolommen:
                        waarde = bron[k.veld]
                        if (
                            isinstance(waarde, int | float | Decimal)
                            and not isinstance(waarde, bool)
                            and (n := getal(cellen[k.veld])) is not None
                        ):
                            stap = (
                                Decimal("0.0005")
                                if "," in cellen[k.veld] and "%" in cellen[k.veld]
                                else Decimal("0.005")
                                if "%" in cellen[k.veld]
                                else Decimal("0.5")
                            )
                            assert abs(n - Decimal(str(waarde))) <= stap * Decimal("1.0001"), (
                                pad,
                                k.veld,
                                waarde,
                                cellen[k.veld],
                            )
                            gelezen += 1
    assert gelezen > 300


def test_what_pages_ask_is_what_the_marts_say(boeken):
    """A second time, by queries of this test's own: stand, cost, targets, indicators, deliveries, providers."""
    boek, _, per_pad = boeken["intern"]
    with duckdb.connect(str(boek.bron.pad), read_only=True) as con:
        segment = "ambulant"
        stand = {
            f"{m:%Y-%m}": v
            for m, v in con.execute(
                "SELECT maand, stand_eind FROM sturing.stromen WHERE gebied_code = 'REGIO' AND segment = ? AND dekking >= 0.5",
                [segment],
            ).fetchall()
        }
        (rijen,) = [
            r
            for b, _, r in tabellen(per_pad, f"segment/{segment}.html")
            if b == "sturing.stromen" and r and "v" in r[0]
        ]
        assert {_maand(r["maand"]): int(getal(r["v"])) for r in rijen if r["v"] != LEEG} == stand
        kosten = dict(
            con.execute(
                "SELECT strftime(zorgmaand, '%Y-%m'), sum(netto_eur) FROM kosten.kosten_zorgmaand WHERE gebied_code = 'REGIO' AND segment = ? GROUP BY 1",
                [segment],
            ).fetchall()
        )
        (rijen,) = [
            r
            for b, _, r in tabellen(per_pad, f"segment/{segment}.html")
            if "naijling" in b and r and "verwacht" in r[0]
        ]
        for r in rijen:
            assert abs(getal(r["v"]) - kosten.get(_maand(r["maand"]), 0)) <= Decimal("0.5"), r
        for naam, geschat, streef in con.execute(
            "SELECT naam, realisatie_geschat, streefwaarde FROM sturing.doelrealisatie WHERE gebied_code = 'REGIO' AND realisatie_geschat IS NOT NULL AND jaar = (SELECT max(jaar) FROM sturing.doelrealisatie WHERE realisatie_geschat IS NOT NULL)"
        ).fetchall():
            (rijen,) = [
                r
                for b, t, r in tabellen(per_pad, "index.html")
                if b == "sturing.doelrealisatie" and t.startswith(naam.split(" (")[0] + " (doel:")
            ]
            op_pagina = {r["wat"]: getal(r["waarde"]) for r in rijen}
            assert abs(op_pagina["Schatting"] - geschat) <= Decimal("0.5") and abs(
                op_pagina["Streefwaarde"] - streef
            ) <= Decimal("0.5")
        jaar = con.execute(
            "SELECT ontvangen_eur, jaarverwachting_eur, ondergrens_eur FROM kosten.jaarverwachting WHERE gebied_code = 'REGIO'"
        ).fetchall()
        (rijen,) = [r for b, _, r in tabellen(per_pad, "index.html") if b == "kosten.jaarverwachting"]
        velden = ("ontvangen_eur", "jaarverwachting_eur", "ondergrens_eur")
        op_pagina = sorted(tuple(r[k] for k in velden) for r in rijen)
        assert op_pagina == sorted(tuple(taal.euro(x) for x in r) for r in jaar) and len(jaar) > 3
        deel = dict(
            con.execute(
                "SELECT strftime(periode, '%Y-%m'), waarde FROM sturing.indicatoren WHERE indicator_id = 'aandeel_te_laat' AND gebied_code = 'REGIO' AND segment = 'totaal' AND periode_soort = '12m' AND dekking >= 0.5"
            ).fetchall()
        )
        rijen = next(r for b, _, r in tabellen(per_pad, "begrip/aandeel_te_laat.html") if r and "teller" in r[0])
        assert {_maand(r["maand"]) for r in rijen if r["v"] != LEEG} == deel.keys()
        assert all(abs(float(getal(r["v"])) - deel[_maand(r["maand"])]) < 0.00051 for r in rijen if r["v"] != LEEG)
        fout = con.execute(
            "SELECT count(*) FROM kwaliteit.leveringsstatus WHERE status IN ('AFGEKEURD', 'ONTBREEKT', 'TE_LAAT') AND maand > (SELECT max(maand) FROM kwaliteit.leveringsstatus WHERE status <> 'VERWACHT') - INTERVAL 12 MONTH"
        ).fetchone()[0]
        cellen = html.fromstring(per_pad["kwaliteit.html"]).xpath(
            "//table[@data-bron='kwaliteit.leveringsstatus']//td/@class"
        )
        assert sum(c.split()[0] in ("c-fout", "c-mist") for c in cellen) == fout > 0
        som = con.execute(
            "SELECT sum(netto_eur) FROM kosten.aanbieders WHERE periode_soort = 'jaar' AND segment = 'totaal' AND year(periode) = (SELECT max(year(periode)) FROM kosten.aanbieders WHERE periode_soort = 'jaar' AND rijping = 'definitief' AND dekking >= 0.95)"
        ).fetchone()[0]
        alle = next(r for b, t, r in tabellen(per_pad, "aanbieder/index.html") if re.fullmatch(r"Aanbieders, \d+", t))
        assert abs(sum(getal(r["netto_eur"]) or 0 for r in alle) - som) < len(alle)


_MAANDEN = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)


def _maand(tekst: str) -> str:
    naam, jaar = tekst.split()
    return f"{jaar}-{_MAANDEN.index(naam) + 1:02d}"


def test_the_public_pages_say_the_public_numbers_and_why_one_is_not_shown(boeken):
    boek, _, per_pad = boeken["openbaar"]
    assert boek.bron.pad.parent.name == "openbaar"
    with duckdb.connect(str(boek.bron.pad), read_only=True) as con:
        verwacht = {
            (g, s): (w, t)
            for g, s, w, t in con.execute(
                "SELECT gebied_code, segment, waarde, teken FROM openbaar.kerncijfers WHERE indicator_id = 'jeugdigen_in_zorg' AND periode_soort = 'jaar'"
            ).fetchall()
        }
    rijen = next(r for _, t, r in tabellen(per_pad, "begrip/jeugdigen_in_zorg.html") if "per jaar" in t)
    getoond = sum(getal(r["v"]) is not None for r in rijen)
    assert getoond == sum(w is not None for w, _ in verwacht.values()) or getoond > 0
    assert {r["v"] for r in rijen if getal(r["v"]) is None} <= {"<10", "onvolledig", "te klein"}
    boom = html.fromstring(per_pad["begrip/jeugdigen_in_zorg.html"])
    assert all(c.xpath("abbr/@title") for c in boom.xpath("//td[contains(@class, 'klein') or contains(@class, 'weg')]"))
    tekst = " ".join(per_pad.values())
    for intern in ("kosten.kosten_zorgmaand", "kwaliteit.werklijst", "sturing.", "meta.herkomst"):
        assert intern not in tekst


# one edition, one reader --------------------------------------------------------------------------------------------------


def test_the_pages_of_a_gemeente_name_no_other_and_come_from_its_own_file(boeken):
    for boek, _, per_pad in welke(boeken, "gemeente"):
        assert boek.bron.pad.parent.name == boek.editie.gemeente
        for code, naam in boek.bron.gemeenten.items():
            if code != boek.editie.gemeente:
                for pad, tekst in per_pad.items():
                    assert code not in tekst and not re.search(rf"\b{re.escape(naam)}\b", tekst), (pad, naam)


def test_the_pack_of_a_provider_names_no_other(boeken):
    boek, paginas, per_pad = boeken["intern"]
    namen = dict(boek.bron._con.execute("SELECT DISTINCT aanbieder_agb, naam FROM kosten.aanbieders").fetchall())
    pakketten = [p for p in paginas if re.fullmatch(r"duidingssessie/\d+\.html", p.pad)]
    assert len(pakketten) > 3
    for p in pakketten:
        eigen = p.pad[15:23]
        for agb, naam in namen.items():
            if agb != eigen:
                assert agb not in per_pad[p.pad] and not (naam and naam != namen[eigen] and naam in per_pad[p.pad]), (
                    p.pad,
                    agb,
                )
        assert "Voor " in html.fromstring(per_pad[p.pad]).xpath("string(//span[@class='editie'])")


def test_only_the_internal_edition_shows_what_the_gate_measured(boeken):
    for naam, (_, _, per_pad) in boeken.items():
        velden = {v for _, _, rijen in tabellen(per_pad, "kwaliteit.html") for r in rijen for v in r}
        assert ("gemeten" in velden) is (naam == "intern")
        assert "zin" in velden and "poort_min" not in per_pad["kwaliteit.html"]


# other regions ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def verbouw(publicatie: Path, tmp_path: Path):
    """Copy a publication and change its files with SQL."""
    return partial(verbouwd, publicatie, tmp_path / "publications")


def test_names_that_hold_code_quotes_and_long_words_are_harmless_and_whole(verbouw):
    pub = verbouw(*VIJANDIG)
    for editie in (Editie("intern"), Editie("openbaar"), Editie("gemeente/GM0141", "GM0141")):
        boek, paginas = lees_boek(pub, editie)
        per_pad = html_van(boek, paginas)
        assert not any("<script" in t for t in per_pad.values())
        eerste = per_pad["index.html"] if editie.gemeente else per_pad["gemeente/GM0141.html"]
        assert KWAAD in html.fromstring(eerste).xpath("string(//main)").replace("\u00a0", " ")
        boek.bron.sluit()


def test_a_region_with_hardly_any_data_has_all_its_pages(verbouw):
    pub = verbouw(*BIJNA_LEEG)
    for editie in (Editie("intern"), Editie("openbaar"), Editie("gemeente/GM0141", "GM0141")):
        boek, paginas = lees_boek(pub, editie)
        per_pad = html_van(boek, paginas)
        assert {"index.html", "kwaliteit.html", "begrip/index.html"} <= per_pad.keys()
        assert not list(maken.beelden_van(paginas)) or editie.is_intern
        boek.bron.sluit()


def test_what_changed_is_shown_with_the_leveringen_that_did_it(publicatie, verbouw):
    oud = verbouw(
        "UPDATE sturing.indicatoren SET waarde = waarde + 500 WHERE indicator_id = 'stand' AND segment = 'totaal' AND gebied_code = 'REGIO' AND periode_soort = 'maand'",
        "UPDATE sturing.doelrealisatie SET status = 'op_koers', reden = NULL WHERE gebied_code = 'REGIO'",
    )
    boek = maken.open_boek(publicatie, Editie("intern"))
    from dataclasses import replace

    from pipeline.publish.vergelijk import LeveringVerschil
    from pipeline.rapport.paginas import veranderd

    lev = [LeveringVerschil("erbij", "x", "GM0141", "declaraties", "2026-03", "2026-04-02", "GEACCEPTEERD")]
    boek = replace(boek, vorige=Vorige("P-oud", oud / "intern" / "marts.duckdb", lev))
    n, rijen = veranderd.verschillen(boek)
    aantal = boek.bron.een(
        "SELECT count(*) AS n FROM sturing.indicatoren WHERE indicator_id = 'stand' AND segment = 'totaal' AND gebied_code = 'REGIO' AND periode_soort = 'maand'"
    )["n"]
    assert n == aantal > 5 and {r["indicator_id"] for r in rijen} == {"stand"}
    assert all(round(r["was"] - r["waarde"]) == 500 for r in rijen)
    (pagina,) = veranderd.paginas(boek)
    tekst = html.fromstring(html_van(boek, [pagina])["veranderd.html"]).xpath("string(//main)")
    assert "kwam één levering binnen" in tekst and "P-oud" in tekst and "2026-03" in tekst
    assert "Op koers" in tekst and "Oordelen die zijn veranderd" in tekst
    boek.bron.sluit()


# making and swapping ------------------------------------------------------------------------------------------------------


@pytest.fixture
def huis(rommelige_regio, publicatie, tmp_path):
    """A home with this one publication, linked; the editions of three readers."""
    from dataclasses import replace

    from pipeline.settings import Huis

    h = Huis(tmp_path / "huis")
    doel = h.publications / publicatie.name
    doel.mkdir(parents=True)
    for naam in ("publicatie.json", "poort.json"):
        shutil.copy(publicatie / naam, doel / naam)
    shutil.copytree(publicatie / "seeds", doel / "seeds")
    for editie in ("intern", "openbaar", "gemeente/GM0141"):
        (doel / editie).mkdir(parents=True)
        shutil.copy(publicatie / editie / "marts.duckdb", doel / editie / "marts.duckdb")
    h.published.symlink_to(f"publications/{publicatie.name}")
    return replace(rommelige_regio.settings, huis=h, maakt_rapport=True)


@pytest.mark.usefixtures("zonder_tekenen")
def test_pages_are_swapped_whole_and_say_what_they_show(huis, publicatie, monkeypatch):
    from pipeline.rapport import maken as m

    eerst = m.maak_actueel(huis)
    assert eerst is not None and set(eerst.paginas) == {"intern", "openbaar", "gemeente/GM0141"}
    assert huis.huis.rapport.is_symlink() and (huis.huis.rapport / "intern" / "index.html").is_file()
    opgave = m.lees_opgave(huis.huis.rapport)
    assert opgave["publicatie_id"] == publicatie.name
    assert opgave["paginas"] == {n: len(list((huis.huis.rapport / n).rglob("*.html"))) for n in eerst.paginas}
    assert m.maak_actueel(huis) is None  # they stand
    merk = (huis.huis.rapport / "intern" / "index.html").stat().st_ino

    def gedood(*_a: object, **_k: object) -> None:
        raise KeyboardInterrupt

    # killed while the second edition is written: the old pages stand, whole, and the next run makes new ones
    with monkeypatch.context() as mp:
        mp.setattr(m, "_schrijf_opgave", gedood)
        with pytest.raises(KeyboardInterrupt):
            m.maak(huis, publicatie.name)
    assert (huis.huis.rapport / "intern" / "index.html").stat().st_ino == merk and m.is_heel(
        huis.huis.published.resolve()
    )
    with monkeypatch.context() as mp:  # killed between the two renames: none stand, and the next run makes them
        mp.setattr(Path, "rename", _na(Path.rename, 1, gedood))
        with pytest.raises(KeyboardInterrupt):
            m.maak(huis, publicatie.name)
    assert m.maak_actueel(huis) is not None and (huis.huis.rapport / "intern" / "index.html").is_file()
    assert not [p for p in huis.huis.published.resolve().iterdir() if p.name.startswith(".")]
    # one edition anew leaves the others the same files
    openbaar = (huis.huis.rapport / "openbaar" / "index.html").stat().st_ino
    alleen = m.maak(huis, publicatie.name, alleen=["intern"])
    assert set(alleen.paginas) == {"intern"}
    assert (huis.huis.rapport / "openbaar" / "index.html").stat().st_ino == openbaar
    assert m.lees_opgave(huis.huis.rapport)["paginas"].keys() == eerst.paginas.keys()
    with pytest.raises(m.RapportFout, match="heeft geen editie gemeente/GM9999"):
        m.maak(huis, publicatie.name, alleen=["gemeente/GM9999"])
    # the pages of a gemeente are its group's, as its file
    assert (huis.huis.rapport / "gemeente" / "GM0141").stat().st_mode & 0o777 == 0o750
    assert (huis.huis.rapport / "gemeente" / "GM0141" / "index.html").stat().st_mode & 0o777 == 0o640


def _na(echt: Any, keer: int, dan: Any) -> Any:
    """Do what was done `keer` times, then something else."""
    teller = iter(range(1000))

    def doe(*a: Any, **k: Any) -> Any:
        return echt(*a, **k) if next(teller) < keer else dan()

    return doe


@pytest.mark.usefixtures("zonder_tekenen")
def test_the_step_of_the_month_makes_no_pages_of_what_was_held_and_leaves_what_stood(huis):
    from pipeline.maand import maak_rapport

    assert maak_rapport(huis, None) is None
    from pipeline.publish import huidige

    staand = huidige(huis)
    assert maak_rapport(huis, staand) == (staand.pad / "rapport").resolve()
    assert maak_rapport(huis, None) == (staand.pad / "rapport").resolve()


@pytest.mark.usefixtures("zonder_tekenen")
def test_what_was_said_stands_beside_its_figure_and_says_that_it_moved(huis, publicatie):
    from pipeline.rapport import maken as m

    kop = "duiding_id,indicator_id,gebied_code,segment,aanbieder_agb,periode,tekst,door,op,editie,akkoord_door,publicatie_id,waarde"
    jaar = m.Bron(huis.huis.published / "intern" / "marts.duckdb").een(
        "SELECT max(year(periode)) AS j FROM sturing.indicatoren WHERE periode_soort = 'jaar' AND rijping = 'definitief' AND indicator_id = 'kosten'"
    )["j"]
    seed = huis.huis.published.resolve() / "seeds" / "ref_duiding.csv"
    seed.write_text(
        f"{kop}\na,kosten,REGIO,ambulant,,{jaar},**Zinnige** <b>tekst</b>,adviesgroep,2026-04-01,intern,,,1\nb,kosten,REGIO,ambulant,,{jaar},Voor iedereen,adviesgroep,2026-04-01,openbaar,directeur,,\n",
        encoding="utf-8",
    )
    m.maak(huis, publicatie.name)
    boom = html.parse(str(huis.huis.published / "rapport" / "intern" / "segment" / "ambulant.html")).getroot()
    aside = boom.xpath("//figure[@id='bij-kosten']/following-sibling::div//aside")[0]
    assert aside.xpath("string(.//strong)") == "Zinnige" and "<b>tekst</b>" in aside.text_content()
    assert f"Cijfer sindsdien gewijzigd: {jaar} was €\u00a01 en is nu" in aside.text_content()
    assert "adviesgroep, 1 april 2026" in aside.text_content()
    openbaar = "".join(
        p.read_text(encoding="utf-8") for p in (huis.huis.published / "rapport" / "openbaar").rglob("*.html")
    )
    assert "Zinnige" not in openbaar


def test_all_editions_have_pages(publicatie):
    assert {maken.soort_van(e) for e in edities(publicatie)} == maken.FAMILIES.keys() == maken.MENU.keys()


def test_an_edition_that_the_other_process_cannot_make_goes_back(monkeypatch, tmp_path):
    edities_ = [Editie("intern"), Editie("openbaar")]

    class Stuk:
        def __init__(self, _module: str) -> None: ...
        def __enter__(self) -> Stuk:
            return self

        def __exit__(self, *_: object) -> None: ...
        def vraag(self, _vraag: object) -> dict[str, Any]:
            raise WerkprocesFout("weg")

    monkeypatch.setattr(helft, "Werkproces", Stuk)
    rij = deque(edities_)
    assert helft.laat_maken(maken.Werk(tmp_path, tmp_path, tmp_path, None, {}, {}), rij) == []
    assert list(rij) == edities_


@pytest.mark.usefixtures("zonder_tekenen")
def test_with_many_editions_a_second_process_helps(huis, publicatie, monkeypatch):
    """What it made counts, and its drawings are not forgotten."""
    gevraagd = []

    def elders(_werk: maken.Werk, rij: deque[Editie]) -> list[helft.Deel]:
        editie = rij.pop()
        gevraagd.append(editie.naam)
        (huis.huis.work / "tekeningen" / "ander.svg").write_text(NIETS, encoding="utf-8")
        return [helft.Deel(editie.naam, 7, ("ander",), 3)]

    monkeypatch.setattr(helft, "laat_maken", elders)
    monkeypatch.setattr(maken, "_SAMEN_VANAF", 2)
    rapport = maken.maak(huis, publicatie.name)
    assert gevraagd == ["gemeente/GM0141"]
    assert list(rapport.paginas) == ["intern", "openbaar", "gemeente/GM0141"]
    assert rapport.paginas["gemeente/GM0141"] == 7
    assert rapport.getekend > 3
    assert (huis.huis.work / "tekeningen" / "ander.svg").is_file()
