"""Hollow, dashed, hatched and withheld: exactly where coverage, maturity, reserve and small numbers say so."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.domain.catalogus import Catalogus, SeedFout
from pipeline.domain.duidingen import Duidingsregel, lees_duidingen
from pipeline.rapport import beelden, kleuren
from pipeline.rapport.bron import Editie, letterlijk
from pipeline.rapport.duiding import mag, naar_html
from pipeline.rapport.paginas.duidingssessie import mag_regio, te_tonen
from pipeline.rapport.svg import maak_klein, met_naam
from pipeline.rapport.tekenaar import Opdracht, Tekenaar, teken_hier
from pipeline.settings import PROJECT
from tests.kleine_regio import ruime_seeds

STIJL = PROJECT / "pipeline" / "rapport" / "stijl" / "stijl.css"


def maand(n: int) -> dt.date:
    return dt.date(2025 + (n - 1) // 12, (n - 1) % 12 + 1, 1)


def reeks(**per_maand: dict[int, Any]) -> list[dict[str, Any]]:
    """A series of six months of 100, with what is different by field and month."""
    vast = {"v": 100, "dekking": 1.0, "rijping": "definitief", "reserve": 0.0}
    return [{"maand": maand(n)} | {k: per_maand.get(k, {}).get(n, v) for k, v in vast.items()} for n in range(1, 7)]


def maanden(punten: list[dict[str, Any]]) -> list[int]:
    return [int(p["maand"][5:7]) for p in punten]


def test_provisional_is_dashed_from_the_last_definitive_point_on():
    d = beelden.delen(reeks(rijping={5: "voorlopig", 6: "voorlopig"}))
    assert (maanden(d["vast"]), maanden(d["los"]), d["open"]) == ([1, 2, 3, 4], [4, 5, 6], [])


def test_below_95_percent_is_hollow_and_95_is_not():
    d = beelden.delen(reeks(dekking={2: 0.9499, 3: 0.95, 4: None}))
    assert maanden(d["open"]) == [2, 4]


def test_a_month_under_reserve_or_without_a_value_is_a_gap():
    d = beelden.delen(reeks(reserve={2: 0.0101, 3: 0.01}, v={5: None}))
    assert [p["v"] for p in d["vast"]] == [100, None, 100, 100, None, 100]
    assert maanden(beelden.delen(reeks(v={5: None}, dekking={5: 0.1}))["open"]) == []


def test_cost_is_full_as_received_hatched_as_expected_and_withheld_under_reserve():
    rijen = [
        r | {"verwacht": Decimal(100), "lo": Decimal(95), "hi": Decimal(110)}
        for r in reeks(v={6: 40}, reserve={3: 0.4})
    ]
    data = beelden.maandkosten(rijen, "t").data
    assert maanden(data["vol"]) == [1, 2, 4, 5, 6]
    assert maanden(data["niet"]) == [3]
    assert [(p["v"], p["tot"], p["lo"], p["hi"]) for p in data["verwacht"]] == [(40.0, 100.0, 95.0, 110.0)]


def test_what_is_more_than_twice_the_median_is_cut_with_its_amount_and_never_dropped():
    rijen = [
        r | {"verwacht": None, "lo": None, "hi": None}
        for r in reeks(v={4: 19_600_000, **dict.fromkeys((1, 2, 3, 5, 6), 4_000_000)})
    ]
    data = beelden.maandkosten(rijen, "t").data
    assert [(maanden([p])[0], p["l"]) for p in data["kap"]] == [(4, "€\u00a019,6\u00a0mln")]
    assert maanden(data["vol"]) == [1, 2, 3, 4, 5, 6]


def test_fewer_than_ten_is_a_stub_that_tells_nothing():
    rijen = [{"naam": "A", "v": 0.9, "n": 90}, {"naam": "B", "v": 0.07, "n": 7}, {"naam": "C", "v": 0.01, "n": 1}]
    data = beelden.balken(rijen, "t", str).data
    assert [(p["naam"], p["l"]) for p in data["klein"]] == [("B", "<10"), ("C", "<10")]
    assert len({p["v"] for p in data["klein"]}) == 1
    assert "0.07" not in beelden.balken(rijen, "t", str).beschrijving


def test_bars_that_are_provisional_or_incomplete_are_hatched():
    vast = {"n": None, "rijping": "definitief", "dekking": 1.0}
    rijen = [
        {"naam": "A", "v": 1} | vast,
        {"naam": "B", "v": 1} | vast | {"rijping": "voorlopig"},
        {"naam": "C", "v": 1} | vast | {"dekking": 0.9},
    ]
    data = beelden.balken(rijen, "t", str).data
    assert ([p["naam"] for p in data["rijen"]], [p["naam"] for p in data["open"]]) == (["A"], ["B", "C"])


@pytest.mark.parametrize(("dekking", "vak"), [(0.95, "dicht"), (0.94, "open")])
def test_the_estimate_of_a_target_is_hollow_when_too_little_was_delivered(dekking, vak):
    d = dict.fromkeys(("realisatie", "realisatie_geschat", "ondergrens", "bovengrens", "basiswaarde"), Decimal(10))
    d |= {"jaar": 2026, "is_geschat": True, "dekking": dekking}
    assert vak in beelden.streefpad(d, [(2025, 100.0), (2032, 50.0)], (0, 120), "t", "w").data


# the pack of a provider ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kosten", "mag_"),
    [
        ({"eigen": 100, "a": 100}, False),  # two: the other is what is left
        ({"eigen": 100, "a": 100, "b": 100}, True),
        ({"eigen": 100, "a": 100, "b": 0}, False),  # one without cost is none
        ({"eigen": 100, "a": 100, "b": 9}, False),  # one dominant other
        ({"eigen": 100, "a": 100, "b": 10}, True),
        ({"eigen": 0, "a": 50, "b": 50, "c": 50}, True),
        ({"eigen": 100}, False),
        ({"eigen": 100, "a": 100, "b": -50}, False),
    ],
)
def test_the_region_is_shown_only_where_it_tells_nothing_of_another_provider(kosten, mag_):
    assert mag_regio({k: Decimal(v) for k, v in kosten.items()}, "eigen") is mag_


def test_the_total_is_withheld_when_it_gives_away_what_is_withheld():
    vol = {"eigen": Decimal(100), "a": Decimal(100), "b": Decimal(100)}
    een = {"eigen": Decimal(10), "a": Decimal(90)}
    totaal = {"eigen": Decimal(110), "a": Decimal(190), "b": Decimal(100)}
    assert te_tonen({"verblijf": vol, "wonen": vol, "totaal": totaal}, "eigen") == {"verblijf", "wonen", "totaal"}
    assert te_tonen({"verblijf": vol, "wonen": een, "totaal": totaal}, "eigen") == {"verblijf"}
    # a segment in which nobody has cost gives nothing away
    niets = {"eigen": Decimal(0), "a": Decimal(0)}
    assert te_tonen({"verblijf": vol, "onbekend": niets, "totaal": vol}, "eigen") == {"verblijf", "totaal"}
    # two withheld segments that together tell of nobody
    ander = {"eigen": Decimal(10), "b": Decimal(60), "c": Decimal(1)}
    assert te_tonen({"verblijf": vol, "wonen": een, "jb": ander, "totaal": totaal | {"c": Decimal(1)}}, "eigen") == {
        "verblijf",
        "totaal",
    }


# interpretations ----------------------------------------------------------------------------------------------------------


def regel(**anders: Any) -> Duidingsregel:
    basis = {
        "duiding_id": "d1", "indicator_id": "stand", "gebied_code": "GM0141", "segment": "totaal", "aanbieder_agb": "",
        "periode": "2025", "tekst": "t", "door": "adviesgroep", "op": dt.date(2026, 1, 1), "editie": "intern",
    }  # fmt: skip
    return Duidingsregel(**(basis | anders))


def test_an_interpretation_is_shown_only_where_it_says_so():
    intern, openbaar, eigen, ander = (
        Editie("intern"),
        Editie("openbaar"),
        Editie("gemeente/GM0141", "GM0141"),
        Editie("gemeente/GM0147", "GM0147"),
    )
    wie = {
        e: [mag(regel(editie=e), x) for x in (intern, openbaar, eigen, ander)]
        for e in ("intern", "gemeente", "openbaar")
    }
    assert wie == {
        "intern": [True, False, False, False],
        "gemeente": [True, False, True, False],
        "openbaar": [True] * 4,
    }


@pytest.mark.parametrize(
    "kwaad",
    ["<script>x()</script>", "[a](javascript:x)", "![a](http://b.nl/c.png)", '<img src=x onerror="y">', "http://b.nl"],
)
def test_the_text_of_an_interpretation_is_harmless(kwaad):
    html = naar_html(f"**Goed** {kwaad}\n\n- een\n- twee")
    assert "<strong>Goed</strong>" in html and "<li>een</li>" in html
    assert not re.search(r"<(?!/?(p|em|strong|ul|ol|li|br|code)\b)", html)
    assert "href" not in html and "src=" not in html.replace("&lt;img src=", "")


@pytest.mark.parametrize(
    ("veld", "waarde", "zin"),
    [
        ("tekst", "x" * 2001, "langer dan 2000"),
        ("tekst", "bel 999 99 0019", "acht of meer cijfers"),
        ("indicator_id", "bestaat_niet", "indicator_id"),
        ("gebied_code", "GM9999", "gebied_code"),
        ("periode", "juli", "periode"),
        ("editie", "iedereen", "editie"),
        ("editie", "openbaar", "akkoord_door"),
        ("op", "1 januari", "op is geen datum"),
        ("waarde", "1,5", "waarde"),
        ("duiding_id", "", "duiding_id"),
    ],
)
def test_a_seed_that_is_wrong_is_refused_with_its_row_and_never_its_text(tmp_path, veld, waarde, zin):
    seeds = ruime_seeds(tmp_path / "seeds")
    velden = {
        "duiding_id": "d",
        "indicator_id": "stand",
        "gebied_code": "REGIO",
        "segment": "totaal",
        "aanbieder_agb": "",
        "periode": "2025-07",
        "tekst": "goed",
        "door": "rol",
        "op": "2026-01-01",
        "editie": "intern",
        "akkoord_door": "",
        "publicatie_id": "",
        "waarde": "",
    }
    pad = seeds / "ref_duiding.csv"

    def schrijf(rij: dict[str, str]) -> None:
        pad.write_text(",".join(rij) + "\n" + ",".join(f'"{v}"' for v in rij.values()) + "\n", encoding="utf-8")

    schrijf(velden)
    assert len(lees_duidingen(Catalogus.load(seeds))) == 1
    schrijf(velden | {veld: waarde})
    with pytest.raises(SeedFout, match=zin) as fout:
        Catalogus.load(seeds).controleer()
    assert "duiding 1" in str(fout.value) and "999" not in str(fout.value)
    pad.unlink()
    assert lees_duidingen(Catalogus.load(seeds)) == []  # a region need not have any


# drawing ------------------------------------------------------------------------------------------------------------------


def opdracht(v: float = 3.0) -> Opdracht:
    return Opdracht("vonk", "breed", {}, {"vast": [{"maand": f"2025-0{m}-01T00:00:00", "v": v * m} for m in (1, 2)]})


def test_a_drawing_is_remembered_by_all_that_it_depends_on_and_forgotten_when_nobody_asks(tmp_path):
    with Tekenaar(tmp_path) as t:
        namen = [t.bestel(opdracht()), t.bestel(opdracht(4)), t.bestel(opdracht())]
        t.teken(t.neem_wachtrij())
        assert (t.getekend, namen[0] == namen[2], namen[0] != namen[1]) == (2, True, True)
        assert "<path" in t.haal(namen[0])
    with Tekenaar(tmp_path) as t:
        assert t.bestel(opdracht()) == namen[0]
        assert t.neem_wachtrij() == {}
    assert [p.stem for p in tmp_path.iterdir()] == [namen[0]]


def test_what_is_drawn_has_a_dutch_name_and_no_english_role():
    (klein,) = teken_hier([opdracht()])
    svg = met_naam(klein, "g1", 'Jeugdigen <b>"x"</b>', "Van 3 naar 6.")
    assert '<title id="g1t">Jeugdigen &lt;b&gt;&#34;x&#34;&lt;/b&gt;</title><desc id="g1d">Van 3 naar 6.</desc>' in svg
    assert re.findall(r'role="([^"]*)"', svg) == ["img"]
    assert "aria-label=" not in svg and "class=" not in svg and "style=" not in svg


def test_coordinates_are_rounded_and_text_is_not():
    klein = maak_klein(
        '<svg class="marks" width="10" height="5" viewBox="0 0 10 5"><path d="M1.2345,-0.01L3.99,2"/><text>1.045</text></svg>'
    )
    assert klein == '10 5\n<path d="M1.2,0L4,2"/><text>1.045</text>'


def test_an_unknown_set_of_rows_is_no_drawing():
    with pytest.raises(KeyError, match="vonk kent geen gegevens fout"):
        teken_hier([Opdracht("vonk", "breed", {}, {"fout": []})])


@pytest.mark.parametrize(
    ("waarde", "sql"),
    [
        ("O'Hara'; DROP TABLE x; --", "'O''Hara''; DROP TABLE x; --'"),
        (None, "NULL"),
        (3, "3"),
        (dt.date(2026, 1, 1), "DATE '2026-01-01'"),
        (["a'", "b"], "['a''', 'b']"),
    ],
)
def test_values_in_a_query_are_text_whatever_is_in_them(waarde, sql):
    import duckdb

    assert letterlijk(waarde) == sql
    assert duckdb.sql(f"SELECT {sql}").fetchone() == (waarde,)


# colours ------------------------------------------------------------------------------------------------------------------


def _contrast(a: str, b: str) -> float:
    def licht(kleur: str) -> float:
        delen = [int(kleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, bl = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in delen)
        return 0.2126 * r + 0.7152 * g + 0.0722 * bl

    hoog, laag = sorted((licht(a), licht(b)), reverse=True)
    return (hoog + 0.05) / (laag + 0.05)


def _kleuren(blok: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blok))


def _stijl() -> tuple[dict[str, str], dict[str, str]]:
    licht, donker = STIJL.read_text(encoding="utf-8").split("@media (prefers-color-scheme: dark)")
    return _kleuren(licht), _kleuren(licht) | _kleuren(donker)


@pytest.mark.parametrize("donker", [False, True])
def test_every_pair_of_text_and_paper_can_be_read(donker):
    k = _stijl()[donker]
    paren = [(t, p) for t in ("inkt", "tekst2", "data", "op-koers", "aandacht", "niet") for p in ("papier",)]
    paren += [
        ("inkt", "paneel"),
        ("tekst2", "paneel"),
        ("data", "band"),
        ("aandacht", "letop"),
        ("inkt", "letop"),
        ("inkt", "data-zacht"),
        ("tekst2", "data-zacht"),
        ("papier", "niet"),
    ]
    paren += (
        [("op-laag", h) for h in ("h0", "h1", "h2")]
        + [("op-hoog", h) for h in ("h3", "h4")]
        + [("niet", "mist"), ("data", "data-zacht")]
    )
    te_laag = {f"{t} on {p}": round(_contrast(k[t], k[p]), 1) for t, p in paren if _contrast(k[t], k[p]) < 4.5}
    assert te_laag == {}
    assert _contrast(k["lijn-sterk"], k["papier"]) >= 3


def test_every_colour_of_a_chart_can_be_seen_on_paper_and_has_its_own_in_the_dark():
    donker = STIJL.read_text(encoding="utf-8").split("@media (prefers-color-scheme: dark)")[1]
    for naam in ("INKT", "TEKST2", "DATA", "GRIJS", "OKER", "STEEN"):
        kleur = getattr(kleuren, naam)
        assert _contrast(kleur, "#ffffff") >= 4.5, naam
        assert re.search(rf'svg \[(fill|stroke)="{kleur}"\]', donker), naam
    assert _contrast(kleuren.AS, "#ffffff") >= 3
    for kleur, papier in re.findall(
        r'fill="(?:#1f5a8c|#16232f|#4a5763|#9c2f24|#8a5a00)"\][^{]*\{ fill: (#[0-9a-f]{6})', donker
    ) and [
        (k, "#11181f")
        for k in re.findall(r'fill="(?:#1f5a8c|#16232f|#4a5763|#9c2f24|#8a5a00)"\][^{]*\{ fill: (#[0-9a-f]{6})', donker)
    ]:
        assert _contrast(kleur, papier) >= 4.5, kleur


def test_fonts_come_with_their_licence_and_nothing_is_fetched_from_elsewhere():
    tekst = STIJL.read_text(encoding="utf-8")
    bestanden = re.findall(r"url\(([^)]+)\)", tekst)
    assert len(bestanden) == 2 and all((STIJL.parent / b).is_file() for b in bestanden)
    assert "SIL Open Font License" in (STIJL.parent / "OFL.txt").read_text(encoding="utf-8")
    assert "http" not in tekst.replace("http://www.w3.org", "")
    assert Path(STIJL.parent.parent / "meten" / "source-sans-3.ttf").is_file()
