"""History through the whole pipeline: the same truth by any way of delivering, a merger, and what comes years late.

One region is delivered and published once. Four gemeenten live through exactly the same and differ in how they deliver:
only what changed, everything every month, everything with rows that vanish, first wrong and then right. Two others
merge on 1 January 2026 into a new one. Add here: a way in which history may reach us; keep the truth the same.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

from pipeline.cli.uitkomst import toon_uitkomst, uitkomst_als_dict
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import KERN, Bericht
from pipeline.domain.maanden import Maand
from pipeline.maand import Uitkomst, draai
from pipeline.settings import Settings, load_settings
from tests.in_dit_proces import in_dit_proces
from tests.intake.hulp import D, T, als_csv, elfproef, lever, rij
from tests.kleine_regio import maak_seeds

pytestmark = pytest.mark.slow

EERSTE, LAATSTE = Maand(2025, 7), Maand(2026, 6)
MAANDEN = [EERSTE.plus(i) for i in range(12)]
NU = dt.datetime(2026, 7, 25, 9, tzinfo=dt.UTC)
MUTATIES, STAND, GATEN, HERSTELD = "GM0141", "GM0147", "GM0153", "GM0158"
"""The same truth; the third loses rows from its stand, the fourth first delivered some months wrong."""
HERSTELDE_MAANDEN = MAANDEN[3:6]
OUD_A, OUD_B, NIEUW = "GM0163", "GM0164", "GM9101"
"""Merge on 1 January 2026; of the first a file still comes after it."""
LAAT = "GM0168"
"""Where credits of lines never seen and claims of five years ago arrive."""
FUSIE = Maand(2026, 1)
INWONERS = {OUD_A: 5000, OUD_B: 3000, NIEUW: 8100}
VERDWENEN = ("1000", "1001", "1002", "1003")
"""What the stand of December holds of these allocations is in none of the later ones."""
CODES = ("45A04", "43A01", "48A03", "46A02")

Rijen = list[dict[str, str]]


def bsns(vanaf: int) -> Iterator[str]:
    """Synthetic person numbers."""
    return (str(n) for n in range(vanaf, vanaf + 100_000) if elfproef(n))


@dataclass
class Truth:
    """Rows per leveringsmaand as they came to be; the same for every gemeente but for whom they are about."""

    toewijzingen: dict[Maand, Rijen] = field(default_factory=lambda: {m: [] for m in MAANDEN})
    declaraties: dict[Maand, Rijen] = field(default_factory=lambda: {m: [] for m in MAANDEN})

    def van(self, bericht: Bericht) -> dict[Maand, Rijen]:
        """Rows of a bericht."""
        return self.toewijzingen if bericht is T else self.declaraties


def waarheid(catalogus: Catalogus, personen: Iterator[str], agb: str) -> Truth:
    """Thirty youths: late, retroactive and corrected allocations, claims that are rejected, credited, corrected."""
    kans, uit = random.Random(20260725), Truth()
    tarief = {
        p.productcode: (p.tarief_cent, p.eenheid, p.productcategorie) for p in catalogus.producten if p.tarief_cent
    }
    for k in range(30):
        code = CODES[k % len(CODES)]
        cent, eenheid, categorie = tarief[code]
        afgifte_maand = MAANDEN[k % len(MAANDEN)]
        afgifte = afgifte_maand.dag(kans.randint(1, 28))
        # some began years before, the way a correction reaches back
        begin = afgifte + dt.timedelta(days=kans.choice([-1500, -400, -40, -10, 0, 5]))
        t = rij(
            T, bsn=next(personen), aanbieder_agb=agb, toewijzingnummer=str(1000 + k), productcode=code,
            productcategorie=categorie, eenheid=eenheid, toewijzingsdatum=str(afgifte), ingangsdatum=str(begin),
            einddatum=kans.choice(["", str(begin + dt.timedelta(days=kans.randint(30, 1700)))]), volume="4",
        )  # fmt: skip
        uit.toewijzingen[afgifte_maand].append(t)
        _versies(kans, uit, t, afgifte_maand)
        _regels(kans, uit, t, afgifte_maand, cent or 0)
    return uit


def _versies(kans: random.Random, uit: Truth, t: dict[str, str], maand: Maand) -> None:
    """Up to two later versions: another end (also long ago), a deletion, a stop."""
    for _ in range(kans.randint(0, 2)):
        maand = maand.plus(kans.randint(1, 4))
        if maand > LAATSTE:
            return
        begin = dt.date.fromisoformat(t["ingangsdatum"])
        reden = kans.choice(["05", "04", "14", "13"])
        eind = begin if reden == "13" else begin + dt.timedelta(days=kans.randint(20, 1600))
        t = t | {
            "toewijzingsdatum": str(maand.dag(kans.randint(1, 28))),
            "reden_wijziging": reden,
            "einddatum": str(eind),
        }
        uit.toewijzingen[maand].append(t)


def _regels(kans: random.Random, uit: Truth, t: dict[str, str], maand: Maand, cent: int) -> None:
    for _ in range(kans.randint(1, 4)):
        zorg = maand.plus(kans.randint(-1, 6))
        binnen = zorg.plus(kans.choice([0, 1, 1, 2]))
        if not EERSTE <= binnen <= LAATSTE:
            continue
        ref = f"R{t['toewijzingnummer']}-{zorg}"
        volume = kans.randint(1, 9)
        r = rij(
            D, bsn=t["bsn"], aanbieder_agb=t["aanbieder_agb"], toewijzingnummer=t["toewijzingnummer"],
            productcode=t["productcode"], productcategorie=t["productcategorie"], eenheid=t["eenheid"],
            referentienummer=ref, productperiode_begin=str(zorg.eerste_dag), productperiode_eind=str(zorg.laatste_dag),
            declaratiedagtekening=str(binnen.laatste_dag), geleverd_volume=str(volume), producttarief=str(cent),
            ingediend_bedrag=str(volume * cent), declaratieperiode_begin=str(zorg.eerste_dag),
        )  # fmt: skip
        if any(x["referentienummer"] == ref for rijen in uit.declaraties.values() for x in rijen):
            continue
        uit.declaraties[binnen].append(r)
        later = binnen.plus(kans.randint(1, 3))
        wat = kans.choice(["", "", "credit", "afgekeurd", "anders"])
        if later > LAATSTE or not wat:
            continue
        dag = {"declaratiedagtekening": str(later.laatste_dag)}
        if wat == "credit":
            credit = {"referentienummer": f"{ref}C", "vorig_referentienummer": ref, "debet_credit": "C"}
            uit.declaraties[later].append(r | dag | credit)
        elif wat == "afgekeurd":
            uit.declaraties[later].append(r | {"status": "afgekeurd"})
        else:  # the same line again with other content: the newest counts
            uit.declaraties[later].append(r | dag | {"geleverd_volume": "1", "ingediend_bedrag": str(cent)})


def als_stand(per_maand: dict[Maand, Rijen], tot: Maand, bericht: Bericht) -> Rijen:
    """Everything that exists at the end of a month: every version of an allocation, the newest of a line."""
    rijen = [r for m in MAANDEN if m <= tot for r in per_maand[m]]
    return rijen if bericht is T else list({r["referentienummer"]: r for r in rijen}.values())


@dataclass(frozen=True)
class Geschiedenis:
    """The published region."""

    settings: Settings
    catalogus: Catalogus
    uitkomst: Uitkomst

    def vraag(self, sql: str, *waarden: Any) -> list[tuple[Any, ...]]:
        """Rows of a query on the published file."""
        with duckdb.connect(str(self.settings.huis.published / "intern" / "marts.duckdb"), read_only=True) as con:
            return con.execute(sql, list(waarden)).fetchall()

    def cijfer(self, indicator: str, maand: str, gebied: str = "REGIO", soort: str = "maand") -> tuple[Any, ...]:
        """(teller, noemer, dekking) of one figure."""
        [(teller, noemer, dekking)] = self.vraag(
            "select teller::double, noemer::double, dekking::double from sturing.indicatoren "
            "where segment = 'totaal' and indicator_id = ? and periode_soort = ? and periode = ? and gebied_code = ?",
            indicator, soort, f"{maand}-01", gebied,
        )  # fmt: skip
        return teller, noemer, dekking


def bewerk(pad: Path, functie: Callable[[dict[str, str]], list[dict[str, str]]]) -> None:
    """Rewrite a seed, row by row."""
    with pad.open(encoding="utf-8", newline="") as f:
        lezer = csv.DictReader(f)
        kop, rijen = list(lezer.fieldnames or []), [n for r in lezer for n in functie(r)]
    with pad.open("w", encoding="utf-8", newline="") as f:
        schrijver = csv.DictWriter(f, kop, lineterminator="\n")
        schrijver.writeheader()
        schrijver.writerows(rijen)


def maak_referentie(map_: Path) -> Path:
    """Seeds of the region: equal inhabitants for the four, a merger, stand and mutaties."""
    seeds = maak_seeds(map_ / "seeds", (MUTATIES, STAND, GATEN, HERSTELD, OUD_A, OUD_B, LAAT))
    tot, van = str(FUSIE.plus(-1).laatste_dag), str(FUSIE.eerste_dag)

    def gemeente(r: dict[str, str]) -> list[dict[str, str]]:
        oud = r | ({"geldig_tot": tot} if r["gemeente"] in (OUD_A, OUD_B) else {})
        nieuw = r | {
            "gemeente": NIEUW,
            "cijfercode": NIEUW[2:],
            "naam": "Nieuw",
            "naam_cbs": "Nieuw",
            "geldig_van": van,
        }
        return [oud, nieuw] if r["gemeente"] == OUD_A else [oud]

    def afspraak(r: dict[str, str]) -> list[dict[str, str]]:
        soort = "stand" if r["gemeente"] in (STAND, GATEN) else "mutaties"
        eigen = r | {
            "soort": soort,
            "cadans": "maand",
            "vanaf": "2025-07-01",
            "versies": "alle",
            "bedrag_eenheid": "cent",
        }
        nieuw = eigen | {"gemeente": NIEUW, "vanaf": van}
        # the second ends its agreement with the merger, of the first claims may still come
        eigen |= {"tot": tot} if r["gemeente"] == OUD_B else {}
        return [eigen, nieuw] if r["gemeente"] == OUD_A else [eigen]

    def inwoners(r: dict[str, str]) -> list[dict[str, str]]:
        aantal = {k: str(INWONERS.get(r["gemeente"], 1000)) for k in ("inwoners", "inwoners_0_17", "inwoners_0_22")}
        if r["gemeente"] in (OUD_A, OUD_B) and r["jaar"] == "2026":
            nieuw = {k: str(INWONERS[NIEUW]) for k in aantal}
            return [r | nieuw | {"gemeente": NIEUW}] if r["gemeente"] == OUD_A else []
        return [r | aantal]

    bewerk(seeds / "ref_gemeenten.csv", gemeente)
    bewerk(seeds / "ref_leveringsafspraken.csv", afspraak)
    bewerk(seeds / "ref_inwoners.csv", inwoners)
    with (seeds / "ref_verklaringen.csv").open("a", encoding="utf-8") as f:
        f.write(f"{HERSTELD},declaraties,{HERSTELDE_MAANDEN[0]},L14,,,,,eerste poging,beheer,2026-07-01\n")
        f.write(f"{HERSTELD},declaraties,2024-01,L14,,,,,nooit geleverd,beheer,2026-07-01\n")
    return seeds


def lever_maand(
    settings: Settings, gemeente: str, bericht: Bericht, maand: Maand, rijen: Rijen, rest: str = ""
) -> None:
    """Deliver on the fifth of the next month (a first version on the third); none is said in a control file."""
    dag = maand.plus(1).dag(3 if rest else 5)
    op = dt.datetime(dag.year, dag.month, dag.day, 8, tzinfo=dt.UTC)
    pad = lever(settings, bericht, als_csv(bericht, rijen), gemeente=gemeente, maand=maand, rest=rest, op=op)
    if not rijen:
        pad.with_name(pad.name + ".controle.json").write_text(json.dumps({"rijen": 0}), encoding="utf-8")


def lever_zelfde_waarheid(settings: Settings, catalogus: Catalogus) -> None:
    """The four ways of delivering the same."""
    for i, gemeente in enumerate((MUTATIES, STAND, GATEN, HERSTELD)):
        waar = waarheid(catalogus, bsns(900_000_000 + 10_000 * i), f"4234567{i}")
        for bericht in KERN:
            per_maand = waar.van(bericht)
            for maand in MAANDEN:
                rijen = per_maand[maand]
                if gemeente in (STAND, GATEN):
                    rijen = als_stand(per_maand, maand, bericht)
                if gemeente == GATEN and maand >= FUSIE:
                    december = als_stand(per_maand, FUSIE.plus(-1), bericht)
                    rijen = [r for r in rijen if r["toewijzingnummer"] not in VERDWENEN or r not in december]
                if gemeente == HERSTELD and maand in HERSTELDE_MAANDEN:
                    # first a row of the month before, then what it had to be
                    lever_maand(settings, gemeente, bericht, maand, per_maand[maand.plus(-1)][:1], "_eerst")
                lever_maand(settings, gemeente, bericht, maand, rijen)


def lever_fusie(settings: Settings) -> None:
    """Two youths, one in each gemeente, under the same number; in the new one both get another."""
    personen = bsns(910_000_000)
    jeugdigen = {OUD_A: next(personen), OUD_B: next(personen)}
    for gemeente, bsn in jeugdigen.items():
        t = rij(T, bsn=bsn, toewijzingnummer="1", toewijzingsdatum="2025-07-01", ingangsdatum="2025-07-01",
                einddatum="", volume="40")  # fmt: skip
        stop = t | {"toewijzingsdatum": "2025-12-15", "einddatum": "2025-12-31", "reden_wijziging": "11"}
        for maand in MAANDEN[:6]:
            rijen = [t] if maand == EERSTE else [stop] if maand.maand == 12 else []
            lever_maand(settings, gemeente, T, maand, rijen)
            # the claim of December of the first one comes with January, still under the old code
            lever_maand(settings, gemeente, D, maand.plus(1) if gemeente == OUD_A else maand, [_zorg(t, maand)])
            if gemeente == OUD_A and maand == EERSTE:
                lever_maand(settings, gemeente, D, EERSTE, [])
    for maand in MAANDEN[6:]:
        nieuwe = [
            rij(T, bsn=bsn, toewijzingnummer=str(9001 + k), toewijzingsdatum="2026-01-01", ingangsdatum="2026-01-01",
                einddatum="", volume="40")
            for k, bsn in enumerate(jeugdigen.values())
        ]  # fmt: skip
        lever_maand(settings, NIEUW, T, maand, nieuwe if maand == FUSIE else [])
        lever_maand(settings, NIEUW, D, maand, [_zorg(t, maand) for t in nieuwe])


def _zorg(t: dict[str, str], maand: Maand) -> dict[str, str]:
    """Ten hours in a month, 709 euro."""
    begin, eind = str(maand.eerste_dag), str(maand.laatste_dag)
    return rij(
        D, bsn=t["bsn"], aanbieder_agb=t["aanbieder_agb"], toewijzingnummer=t["toewijzingnummer"], geleverd_volume="10",
        referentienummer=f"{t['bsn'][-6:]}-{maand}", productperiode_begin=begin, productperiode_eind=eind,
        declaratiedagtekening=eind, ingediend_bedrag="70900", declaratieperiode_begin=begin,
    )  # fmt: skip


def lever_laat(settings: Settings) -> None:
    """Ordinary claims, and in February 2026 a credit of a line never seen and claims of five years ago and more."""
    t = rij(T, bsn=next(bsns(920_000_000)), toewijzingnummer="1", toewijzingsdatum="2025-07-01", einddatum="",
            ingangsdatum="2020-01-01", volume="40")  # fmt: skip
    for maand in MAANDEN:
        rijen = [_zorg(t, maand)]
        if maand == Maand(2026, 2):
            dag = {"declaratiedagtekening": str(maand.laatste_dag)}
            oud = [_zorg(t, Maand(2021, 2)) | dag, _zorg(t, Maand(2021, 1)) | dag]
            rijen += [
                *oud,
                _zorg(t, Maand(2025, 6)) | dag | {"debet_credit": "C", "vorig_referentienummer": "R1-2025-06"},
            ]
        lever_maand(settings, LAAT, T, maand, [t] if maand == EERSTE else [])
        lever_maand(settings, LAAT, D, maand, rijen)


@pytest.fixture(scope="module")
def regio(tmp_path_factory: pytest.TempPathFactory) -> Geschiedenis:
    """Everything delivered with its own times of arrival, taken in and published at once."""
    map_ = tmp_path_factory.mktemp("geschiedenis")
    seeds = maak_referentie(map_)
    settings = load_settings(
        {
            "REGIOMONITOR_HOME": str(map_ / "huis"),
            "REGIOMONITOR_SEEDS": str(seeds),
            "REGIOMONITOR_SLEUTEL": "sleutel-van-de-tests-0123456789abcdef",
            "REGIOMONITOR_BSN_REEKS": "synthetisch",
        }
    )
    catalogus = Catalogus.load(seeds)
    lever_zelfde_waarheid(settings, catalogus)
    lever_fusie(settings)
    lever_laat(settings)
    with in_dit_proces():
        uitkomst = draai(settings, catalogus, nu=NU)
    afgekeurd = [(b.bestandsnaam, b.bevindingen) for b in uitkomst.inname.nieuw if not b.is_geaccepteerd]
    assert not afgekeurd
    assert sum(b.rijen.quarantaine for b in uitkomst.inname.nieuw) == 0
    assert uitkomst.is_gepubliceerd, uitkomst.poort.bezwaren if uitkomst.poort else ""
    return Geschiedenis(settings, catalogus, uitkomst)


ZELFDE = {
    "sturing.indicatoren": "gebied_code",
    "sturing.stromen": "gebied_code",
    "sturing.doelrealisatie": "gebied_code",
    "kosten.kosten_zorgmaand": "gebied_code",
    "kosten.naijling": "gebied_code",
    "kosten.concentratie": "gebied_code",
    "kwaliteit.tijdigheid": "gebied_code",
    "kwaliteit.aansluiting": "gemeente",
}


@pytest.mark.parametrize("tabel", ZELFDE)
@pytest.mark.parametrize("gemeente", [STAND, GATEN, HERSTELD])
def test_the_same_truth_gives_the_same_figures(regio: Geschiedenis, tabel: str, gemeente: str) -> None:
    """SPEC 3: "Results must not depend on which"; SPEC 9.2: a later version replaces; a vanished row is no deletion."""
    sql = f"select * exclude (publicatie_id, {ZELFDE[tabel]}) from {tabel} where {ZELFDE[tabel]} = ? order by all"
    verwacht = regio.vraag(sql, MUTATIES)
    assert verwacht
    assert regio.vraag(sql, gemeente) == verwacht


def test_the_truth_is_worth_comparing(regio: Geschiedenis) -> None:
    """Without credits, deletions, late and retroactive allocations and care of years ago it would prove little."""
    [(gecrediteerd, regels)] = regio.vraag(
        "select sum(gecrediteerd_eur), sum(n_regels) from kosten.kosten_zorgmaand where gebied_code = ?", MUTATIES
    )
    assert gecrediteerd > 0
    assert regels > 25
    [(terugwerkend, langst)] = regio.vraag(
        "select sum(n_terugwerkend), max(p90_dagen_terugwerkend) from kwaliteit.tijdigheid "
        "where gebied_code = ? and segment = 'totaal'",
        MUTATIES,
    )
    assert terugwerkend > 5
    assert langst > 1000
    assert regio.cijfer("stand", "2025-10", MUTATIES)[0] > 3


def test_rows_that_vanish_from_a_stand_are_a_finding(regio: Geschiedenis) -> None:
    """In January four allocations are gone, with their claims; nothing else vanishes anywhere."""
    gevonden = regio.vraag(
        "select gemeente, maand, regel_code, n_rijen from kwaliteit.bevindingen "
        "where regel_code in ('T26', 'D35') and n_rijen > 0 order by all"
    )
    assert gevonden == [(GATEN, FUSIE.eerste_dag, "D35", 1), (GATEN, FUSIE.eerste_dag, "T26", 4)]


def test_a_replaced_version_leaves_only_a_signal(regio: Geschiedenis) -> None:
    sql = (
        "select bericht, count(*) from kwaliteit.bevindingen where gemeente = ? and regel_code = 'L14' and n_rijen > 0"
    )
    assert sorted(regio.vraag(f"{sql} group by 1", HERSTELD)) == [("declaraties", 3), ("toewijzingen", 3)]
    assert regio.vraag(f"{sql} group by 1", MUTATIES) == []


def test_run_names_what_is_unexplained_and_explanations_of_nothing(regio: Geschiedenis) -> None:
    """Of six replaced versions one was explained; the other explanation is of a levering that never came."""
    uit = uitkomst_als_dict(regio.uitkomst, regio.catalogus)
    gevraagd = [s for s in uit["signalen"]["leveringen"] if s["regel_code"] == "L14"]
    assert len(gevraagd) == 5
    assert {s["maand"] for s in gevraagd if s["bericht"] == "declaraties"} == {str(m) for m in HERSTELDE_MAANDEN[1:]}
    assert uit["signalen"]["n_verklaard"] == 1
    [los] = uit["losse_verklaringen"]
    assert los == f"ref_verklaringen.csv regel 3: van {HERSTELD} is geen levering declaraties 2024-01 ontvangen."
    scherm = Console(record=True, width=200, file=io.StringIO())
    toon_uitkomst(regio.uitkomst, regio.catalogus, scherm)
    tekst = scherm.export_text()
    assert f"Verklaring die nergens bij hoort: {los}" in tekst
    # a screen full: what moves a figure, not every signal
    assert "Signalen zonder verklaring" not in tekst
    assert len(tekst.splitlines()) <= 40


def test_a_merger_is_no_event_in_the_regio(regio: Geschiedenis) -> None:
    """Both youths go on: nothing begins or ends at REGIO; here they leave, there they come in."""
    [(voor, na)] = regio.vraag(
        """select
            max(stand_eind) filter (maand = '2025-12-01') - max(stand_begin) filter (maand = '2026-01-01'),
            count(*) filter (gebied_code = 'REGIO')
        from sturing.stromen where gebied_code = 'REGIO' and segment = 'totaal'"""
    )
    assert (voor, na) == (0, 12)
    per_gebied = {
        r[0]: r[1:]
        for r in regio.vraag(
            "select gebied_code, stand_begin, instroom, uitstroom, stand_eind from sturing.stromen "
            "where segment = 'totaal' and maand = '2026-01-01' and gebied_code in (?, ?, ?)",
            OUD_A, OUD_B, NIEUW,
        )
    }  # fmt: skip
    assert per_gebied == {OUD_A: (1, 0, 1, 0), OUD_B: (1, 0, 1, 0), NIEUW: (0, 2, 0, 2)}
    [(instroom_regio,)] = regio.vraag(
        "select instroom from sturing.stromen "
        "where gebied_code = 'REGIO' and segment = 'totaal' and maand = '2026-01-01'"
    )
    [(instroom_rest,)] = regio.vraag(
        "select sum(instroom) from sturing.stromen where segment = 'totaal' and maand = '2026-01-01' "
        "and gebied_code in (?, ?, ?, ?, ?)",
        MUTATIES, STAND, GATEN, HERSTELD, LAAT,
    )  # fmt: skip
    assert instroom_regio == instroom_rest


def test_dekking_and_inhabitants_follow_the_gemeenten_of_the_month(regio: Geschiedenis) -> None:
    """Nobody waits for a gemeente that is no more, and the year counts who was there on 1 January."""
    vijf = 5000
    assert not regio.vraag("select 1 from sturing.indicatoren where periode_soort = 'jaar' and periode < '2026-01-01'")
    for maand in ("2025-11", "2025-12", "2026-01", "2026-02", "2026-06"):
        assert regio.cijfer("stand", maand)[2] == 1, maand
        assert regio.cijfer("kosten", maand)[2] == 1, maand
    assert regio.cijfer("aandeel_jeugdigen_in_zorg", "2026-01", soort="jaar")[1] == vijf + INWONERS[NIEUW]
    assert regio.cijfer("aandeel_jeugdigen_in_zorg", "2026-01", NIEUW, soort="jaar")[1] == INWONERS[NIEUW]


def test_a_gemeente_has_no_share_of_inhabitants_in_a_year_it_did_not_exist(regio: Geschiedenis) -> None:
    """Not zero, and not on the inhabitants of another year: there is nothing to divide by."""
    sql = (
        "select distinct waarde from sturing.indicatoren where indicator_id = 'aandeel_jeugdigen_in_zorg' "
        "and gebied_code = ? and year(periode) = ?"
    )
    assert regio.vraag(sql, OUD_A, 2026) == [(None,)]
    assert (None,) not in regio.vraag(sql, NIEUW, 2026)


def test_every_gebied_is_there_in_every_month(regio: Geschiedenis) -> None:
    """SPEC 7: "every gebied x segment x month of the published period is present, also at zero"."""
    aantallen = regio.vraag(
        "select gebied_code, count(*) from sturing.indicatoren where indicator_id = 'stand' group by 1 order by 1"
    )
    assert [n for _, n in aantallen] == [9 * 12] * 9
    # before and after it existed nobody is waited for, and nothing is confirmed
    assert regio.cijfer("stand", "2026-03", OUD_A)[0] == 0
    assert regio.cijfer("stand", "2025-08", NIEUW)[0] == 0


def test_the_old_code_stays_valid_for_its_allocations(regio: Geschiedenis) -> None:
    """TR378: the claim of December under the old code, delivered in January, is taken in, found and counted."""
    [(netto,)] = regio.vraag(
        "select sum(netto_eur) from kosten.kosten_zorgmaand where gebied_code = ? and zorgmaand = '2025-12-01'", OUD_A
    )
    assert netto == Decimal("709.00")
    assert regio.vraag(
        "select sum(met_regels), sum(zonder_regels), sum(buiten_regels) from kwaliteit.aansluiting "
        "where gemeente in (?, ?)",
        OUD_A, NIEUW,
    ) == [(6 + 12, 0, 0)]  # fmt: skip
    assert (
        regio.vraag(
            """select maand, regio - gemeenten from (
            select zorgmaand as maand, sum(netto_eur) filter (gebied_code = 'REGIO') as regio,
                sum(netto_eur) filter (gebied_code <> 'REGIO') as gemeenten
            from kosten.kosten_zorgmaand group by 1
        ) where regio <> gemeenten"""
        )
        == []
    )


def test_obligations_stop_and_start_with_the_merger(regio: Geschiedenis) -> None:
    """The file that came after it is shown and was not owed; the new gemeente owed nothing before."""
    sql = (
        "select bericht, min(maand), max(maand), count(*), max(dagen_te_laat) from kwaliteit.leveringsstatus "
        "where gemeente = ? and status <> 'VERWACHT' group by 1 order by 1"
    )
    juli, december, januari, juni = (m.eerste_dag for m in (EERSTE, FUSIE.plus(-1), FUSIE, LAATSTE))
    assert regio.vraag(sql, OUD_A) == [("declaraties", juli, januari, 7, 0), ("toewijzingen", juli, december, 6, 0)]
    assert regio.vraag(sql, OUD_B) == [("declaraties", juli, december, 6, 0), ("toewijzingen", juli, december, 6, 0)]
    assert regio.vraag(sql, NIEUW) == [("declaraties", januari, juni, 6, 0), ("toewijzingen", januari, juni, 6, 0)]
    na_fusie = [r for r in regio.uitkomst.opdracht.kalender if (r.gemeente, r.maand) == (OUD_A, FUSIE)]
    assert [(r.is_verplicht, r.dagen_te_laat) for r in na_fusie] == [(False, None)]


def test_a_credit_of_a_line_never_seen_counts_and_is_a_signal(regio: Geschiedenis) -> None:
    """It takes back what was paid before the first levering; the month of care goes below zero."""
    assert regio.vraag(
        "select netto_eur, gecrediteerd_eur from kosten.kosten_zorgmaand "
        "where gebied_code = ? and zorgmaand = '2025-06-01'",
        LAAT,
    ) == [(Decimal("-709.00"), Decimal("709.00"))]
    assert regio.vraag(
        "select maand, n_rijen from kwaliteit.bevindingen where gemeente = ? and regel_code = 'D11' and n_rijen > 0",
        LAAT,
    ) == [(dt.date(2026, 2, 1), 1)]


def test_claims_of_five_years_ago_count_in_their_own_month(regio: Geschiedenis) -> None:
    """Both are late and count; the older one is more than five years old. No published period moves."""
    assert regio.vraag(
        "select zorgmaand, netto_eur from kosten.kosten_zorgmaand "
        "where gebied_code = ? and zorgmaand < '2022-01-01' order by 1",
        LAAT,
    ) == [(dt.date(2021, 1, 1), Decimal("709.00")), (dt.date(2021, 2, 1), Decimal("709.00"))]
    assert regio.vraag(
        "select regel_code, n_rijen from kwaliteit.bevindingen where gemeente = ? and maand = '2026-02-01' "
        "and regel_code in ('D24', 'D25') order by 1",
        LAAT,
    ) == [("D24", 3), ("D25", 1)]
    assert regio.vraag(
        "select zorgmaand, vertraging_maanden, netto_eur from kosten.naijling where gebied_code = ? "
        "and segment = 'totaal' and zorgmaand < '2022-01-01' and netto_eur <> 0 order by 1",
        LAAT,
    ) == [(dt.date(2021, 1, 1), 61, Decimal("709.00")), (dt.date(2021, 2, 1), 60, Decimal("709.00"))]
    assert [regio.cijfer("kosten", str(m), LAAT)[0] for m in MAANDEN] == [709.0] * 12
