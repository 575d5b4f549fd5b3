"""`make bench-landelijk`: the full dbt build on a national history, by default of 100 million claim lines.

A synthetic region goes through the real door and loader once. Its raw tables are then copied k times, every copy with
its own youths, allocations, claims and leveringen, and spread over 342 gemeenten: each national gemeente holds copies
of one and the same gemeente of the region, so that its agreement stays what it was. By its youths in care a year the
country is 28 times Twente: 100 million lines are 66 months of it, not more youths. What is timed is the build that
`run` does (pipeline/warehouse/bouwen.py), in a process of its own that must stay under 16 GiB. The region is built
too, and what adds up must be exactly k times as much: a fast wrong answer fails.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import math
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from benchmarks.run import meet, omgeving
from pipeline.settings import PROJECT, Huis, Settings, load_settings

GEMEENTEN = 342
MAANDEN = 66
GRENS_SECONDEN, GRENS_GIB = 600.0, 16.0
GEHEUGEN = "12GB"
"""What DuckDB may use. Of a machine of 16 GiB it takes 80 percent by itself; the rest is dbt, Python and what DuckDB
does not count."""
_REGELS_PER_SCHAAL = 40_000
"""Claim lines a month of the synthetic region at the size of Twente, at most."""
_OPTELBAAR = (
    "rijen_in_bestand", "rijen_niet_data", "rijen_ontvangen", "rijen_geaccepteerd", "rijen_quarantaine",
    "bedrag_ontvangen_cent", "bedrag_geaccepteerd_cent", "bedrag_quarantaine_cent", "bytes",
)  # fmt: skip
_PER_RIJ = {
    "toewijzingen": {"toewijzingnummer": "r.toewijzingnummer || '-' || c.kopie"},
    "declaraties": {
        "toewijzingnummer": "r.toewijzingnummer || '-' || c.kopie",
        "declaratienummer": "r.declaratienummer || '-' || c.kopie",
        "referentienummer": "r.referentienummer || '-' || c.kopie",
        "vorig_referentienummer": "r.vorig_referentienummer || '-' || c.kopie",
    },
    "capaciteit": {"locatie_code": "r.locatie_code || '-' || c.kopie"},
    "verzoeken": {"verzoek_id": "r.verzoek_id || '-' || c.kopie"},
    "dossierfeiten": {},
}
_OPTELLINGEN = {
    "regels en euro's": "select sum(n_regels), sum(netto_eur) from kosten.kosten_zorgmaand where gebied_code = 'REGIO'",
    "kosten per zorgmaand en segment": (
        "select zorgmaand, segment, sum(netto_eur) from kosten.kosten_zorgmaand where gebied_code = 'REGIO' "
        "group by all order by all"
    ),
    "gemeenten samen": "select sum(n_regels), sum(netto_eur) from kosten.kosten_zorgmaand where gebied_code <> 'REGIO'",
    "naijling": "select sum(netto_eur) from kosten.naijling where gebied_code = 'REGIO'",
    "aansluiting": (
        "select sum(met_regels), sum(zonder_regels), sum(buiten_regels), sum(met_eur), sum(zonder_eur), "
        "sum(buiten_eur) from kwaliteit.aansluiting"
    ),
    "stromen": (
        "select maand, segment, sum(stand_begin), sum(instroom), sum(doorstroom_in), sum(doorstroom_uit), "
        "sum(uitstroom), sum(stand_eind) from sturing.stromen where gebied_code = 'REGIO' group by all order by all"
    ),
    "aantallen jeugdigen": (
        "select indicator_id, periode_soort, periode, segment, sum(teller) from sturing.indicatoren "
        "where gebied_code = 'REGIO' and eenheid = 'aantal' group by all order by all"
    ),
}
"""What of a copied region must be exactly k times the region's: its numbers, not its keys."""


@dataclass(frozen=True)
class Kopieen:
    """How `k` copies of one gemeente spread over `n` national ones: copy j goes to number j modulo n."""

    k: int
    n_bron: int

    def van(self, bron: int) -> int:
        """Give the number of national gemeenten that copy the gemeente with this number."""
        return min(self.k, (GEMEENTEN - bron - 1) // self.n_bron + 1)

    def in_gemeente(self, bron: int, nummer: int) -> int:
        """Give the number of copies in one national gemeente."""
        return (self.k - nummer - 1) // self.van(bron) + 1

    def code(self, bron: int, nummer: int) -> str:
        """Give the code of a national gemeente; no real one has it."""
        return f"GM{5000 + bron + nummer * self.n_bron}"


class Kopie(NamedTuple):
    """A national gemeente: number `nummer` of the `van` that copy `bron`, with the rows of `n` copies."""

    bron: str
    nummer: int
    van: int
    code: str
    n: int


def maak_bron(map_: Path, *, schaal: float, maanden: int) -> Settings:
    """Make the region, with its defects, and take it in: the raw tables as a run leaves them before the build."""
    from pipeline import maand as maandloop
    from pipeline.domain.catalogus import Catalogus
    from pipeline.domain.maanden import Maand
    from pipeline.synth import maak_regio

    env = omgeving(map_) | {
        "REGIOMONITOR_SLEUTEL": "sleutel-van-de-benchmark-0123456789",
        "REGIOMONITOR_BSN_REEKS": "synthetisch",
    }
    settings = load_settings(env)
    catalogus = Catalogus.load(settings.seeds)
    laatste, nu = Maand(2026, 3), dt.datetime(2026, 4, 28, 9, 0, tzinfo=dt.UTC)
    bron = map_ / "bron"
    maak_regio(bron, catalogus, n_maanden=maanden, seed=20240501, laatste_maand=laatste, nu=nu, schaal=schaal)
    shutil.copytree(bron / "landing", settings.huis.landing)
    maandloop.neem_in(settings, catalogus, nu=nu)
    maandloop.laad(maandloop.bereid_voor(settings, catalogus, nu=nu))
    return settings


def maak_landelijk(bron: Settings, map_: Path, kopieen: int) -> Settings:
    """Copy the raw tables of `bron` and its seeds; return the settings of the national data home."""
    seeds = map_ / "seeds"
    gemeenten = _gemeenten(bron.seeds)
    verdeling = Kopieen(kopieen, len(gemeenten))
    codes = [
        Kopie(gemeente, nummer, verdeling.van(i), verdeling.code(i, nummer), verdeling.in_gemeente(i, nummer))
        for i, gemeente in enumerate(gemeenten)
        for nummer in range(verdeling.van(i))
    ]
    _maak_seeds(bron.seeds, seeds, codes)
    settings = Settings(huis=Huis(map_ / "data"), seeds=seeds, bsn_reeks=bron.bsn_reeks, sleutel_bron=bron.sleutel_bron)
    settings.huis.pad.mkdir(parents=True, exist_ok=True)
    _kopieer(bron.huis.warehouse, settings.huis.warehouse, codes, verdeling)
    return settings


def _gemeenten(seeds: Path) -> list[str]:
    with (seeds / "ref_gemeenten.csv").open(encoding="utf-8", newline="") as f:
        return [r["gemeente"] for r in csv.DictReader(f)]


def _maak_seeds(van: Path, naar: Path, codes: list[Kopie]) -> None:
    """Give every national gemeente the rows of the one it copies, with as many inhabitants as it holds copies."""
    shutil.copytree(van, naar)
    for naam in ("ref_gemeenten", "ref_inwoners", "ref_leveringsafspraken", "ref_nihil_opgaven"):
        pad = naar / f"{naam}.csv"
        with pad.open(encoding="utf-8", newline="") as f:
            lezer = csv.DictReader(f)
            rijen, kop = list(lezer), list(lezer.fieldnames or ())
        uit = [_rij_van(rij, c.code, c.n) for rij in rijen for c in codes if c.bron == rij["gemeente"]]
        with pad.open("w", encoding="utf-8", newline="") as f:
            schrijver = csv.DictWriter(f, kop, lineterminator="\n")
            schrijver.writeheader()
            schrijver.writerows(uit)


def _rij_van(rij: dict[str, str], code: str, n: int) -> dict[str, str]:
    nieuw = {**rij, "gemeente": code}
    nieuw |= {k: str(int(v) * n) for k, v in rij.items() if k.startswith("inwoners")}
    if "cijfercode" in rij:
        nieuw |= {"cijfercode": code[2:], "naam": f"{rij['naam']} {code}", "naam_cbs": f"{rij['naam_cbs']} {code}"}
    return nieuw


def _kopieer(bron: Path, doel: Path, codes: list[Kopie], verdeling: Kopieen) -> None:
    from pipeline.warehouse.tabellen import RIJTABELLEN, alle_tabellen, maak_sql

    rijtabellen = {b.value for b in RIJTABELLEN}
    with duckdb.connect(str(doel)) as con:
        con.execute("set preserve_insertion_order = false")
        con.execute(f"set memory_limit = '{GEHEUGEN}'")
        con.execute(f"attach '{bron}' as bron (read_only)")
        con.execute("create schema raw")
        con.execute("create temp table codes (bron varchar, nummer integer, van integer, code varchar, n integer)")
        con.executemany("insert into codes values (?, ?, ?, ?, ?)", [list(c) for c in codes])
        for naam, kolommen in alle_tabellen().items():
            con.execute(maak_sql(naam, kolommen))
            if naam in rijtabellen:
                _kopieer_rijen(con, naam, list(kolommen), verdeling)
            else:
                con.execute(_klein_sql(naam, list(kolommen)))


def _levering(tabel: str) -> str:
    """Identity of a copied levering: one for all copies in a national gemeente."""
    return f"left(md5({tabel}.levering_id || '|' || c.nummer), 16)"


def _kopieer_rijen(con: duckdb.DuckDBPyConnection, naam: str, kolommen: list[str], verdeling: Kopieen) -> None:
    """Insert all copies of the gemeenten with one number at a time, each levering after the other."""
    anders = {
        "levering_id": _levering("r"),
        "gemeente": "c.code",
        # the rows of every copy below those of the one before
        "rij": "r.rij + c.plaats * l.rijen_in_bestand",
        "rij_hash": "md5(r.rij_hash || c.kopie)",
        "pseudoniem": "md5(r.pseudoniem || c.kopie)",
        # by copy, not by gemeente: a youth who moved has the same provider on both sides
        "aanbieder_agb": "left(r.aanbieder_agb, 2) || lpad(cast((cast(substr(r.aanbieder_agb, 3) as integer) "
        "+ 7919 * c.kopie) % 1000000 as varchar), 6, '0')",
    } | {k: v.format(k=verdeling.k) for k, v in _PER_RIJ[naam].items()}
    keuze = ", ".join(anders.get(k, f"r.{k}") for k in kolommen)
    for nummer in range(max(verdeling.van(i) for i in range(verdeling.n_bron))):
        con.execute(
            f"""insert into raw.{naam} ({", ".join(kolommen)})
            with c as (
                select bron, nummer, code, plaats, nummer + plaats * van as kopie
                from codes cross join generate_series(0, {verdeling.k}) as t(plaats)
                where plaats < n
            )
            select {keuze} from bron.raw.{naam} as r
            inner join bron.raw.leveringen as l using (levering_id)
            inner join c on c.bron = r.gemeente and c.nummer = ?""",
            [nummer],
        )


def _klein_sql(naam: str, kolommen: list[str]) -> str:
    """Insert of a small table: what belongs to a levering or a gemeente once per national gemeente, the rest as is."""
    if "levering_id" not in kolommen:
        return f"insert into raw.{naam} select * from bron.raw.{naam}"
    anders = {"levering_id": _levering("r"), "gemeente": "c.code", "sha256": "md5(r.sha256 || c.code)"}
    if naam == "leveringen":
        anders |= {k: f"r.{k} * c.n" for k in _OPTELBAAR}
    if naam == "bevindingen":
        anders |= {k: f"r.{k} * c.n" for k in ("n_rijen", "n_gecontroleerd")}
    keuze = ", ".join(anders.get(k, f"r.{k}") for k in kolommen)
    wie = "r.gemeente" if "gemeente" in kolommen else "l.gemeente"
    erbij = "" if "gemeente" in kolommen else "inner join bron.raw.leveringen as l using (levering_id)"
    return (
        f"insert into raw.{naam} select {keuze} from bron.raw.{naam} as r {erbij} "
        f"inner join codes as c on c.bron = {wie}"
    )


def bouw(settings: Settings, geheugen: str) -> dict[str, Any]:
    """Build as `run` does, with a limit on memory; seconds in all and per node."""
    from pipeline.proces import runboek
    from pipeline.warehouse import bouw as bouw_warehouse

    pad = settings.huis.warehouse
    with duckdb.connect(str(pad)) as con:
        # holds for the whole database as long as this connection is open; dbt's connections share it
        con.execute(f"set global memory_limit = '{geheugen}'")
        rij = con.execute("select publicatie_id, peilmoment from raw.publicatie").fetchall()[0]
        regels = con.execute("select count(*), sum(ingediend_bedrag_cent) from raw.declaraties").fetchall()[0]
        toewijzingen = con.execute("select count(*) from raw.toewijzingen").fetchall()[0][0]
        vars_ = {
            "publicatie_id": rij[0],
            "peilmoment": f"{rij[1]:%Y-%m-%d %H:%M:%S.%f}",
            "peildatum": f"{rij[1]:%Y-%m-%d}",
        }
        begin = time.perf_counter()
        runboek.begin_piek()
        knopen = bouw_warehouse(settings, vars=vars_).knopen
        # its own: what the kernel tells the parent holds what the parent had in memory when it started this process
        seconden, piek_gib = time.perf_counter() - begin, runboek.piek_mb() / 1024
        verschillend = con.execute("select count(*) from intermediate.int_declaratie_rijen").fetchall()[0][0]
        jeugdigen = con.execute("select count(*) from intermediate.int_jeugdigen").fetchall()[0][0]
    per_model = {k.naam: k.seconden for k in knopen if k.soort in ("model", "seed")}
    return {
        "seconden": seconden, "per_model": per_model, "declaraties": regels[0], "cent": int(regels[1]),
        "verschillend": verschillend, "piek_gib": piek_gib,
        "toewijzingen": toewijzingen, "jeugdigen": jeugdigen, "warehouse_gib": pad.stat().st_size / 2**30,
    }  # fmt: skip


def controleer(bron: Path, landelijk: Path, k: int) -> None:
    """Raise RuntimeError when a sum over the whole is not exactly k times that of the region."""
    with duckdb.connect(str(bron), read_only=True) as een, duckdb.connect(str(landelijk), read_only=True) as alle:
        ruw = (
            "select count(*), sum(ingediend_bedrag_cent), (select count(*) from raw.toewijzingen) from raw.declaraties"
        )
        for wat, vraag in {"raw": ruw, **_OPTELLINGEN}.items():
            verwacht = [_maal(rij, k) for rij in een.execute(vraag).fetchall()]
            gevonden = [_maal(rij, 1) for rij in alle.execute(vraag).fetchall()]
            if not verwacht or gevonden != verwacht:
                anders = [p for p in zip(verwacht, gevonden, strict=False) if p[0] != p[1]]
                raise RuntimeError(f"{wat}: niet {k} keer de regio; {len(anders)} anders, eerste {anders[:1]}")


def _maal(rij: tuple[object, ...], k: int) -> tuple[object, ...]:
    """Multiply the numbers of a row; keys stay."""
    return tuple(Decimal(str(w)) * k if isinstance(w, int | float | Decimal) else w for w in rij)


def _proces(settings: Settings, geheugen: str) -> list[str]:
    delen = ["--alleen-bouwen", str(settings.huis.pad), "--seeds", str(settings.seeds), "--geheugen", geheugen]
    return [sys.executable, "-m", "benchmarks.landelijk", *delen]


def draai(map_: Path, *, regels: int, maanden: int, geheugen: str) -> dict[str, Any]:
    """Make, build and check a national history of about `regels` claim lines; what it cost."""
    # enough copies for all 342 gemeenten, of a region that is no larger than Twente
    schaal = min(1.0, regels / (25 * maanden * _REGELS_PER_SCHAAL))
    begin = time.perf_counter()
    bron = maak_bron(map_ / "regio", schaal=schaal, maanden=maanden)
    with duckdb.connect(str(bron.huis.warehouse), read_only=True) as con:
        n = con.execute("select count(*) from raw.declaraties").fetchall()[0][0]
    k = max(25, math.ceil(regels / n))
    landelijk = maak_landelijk(bron, map_ / "land", k)
    gemaakt = time.perf_counter() - begin
    een = meet(_proces(bron, geheugen), omgeving(map_ / "regio"))
    alle = meet(_proces(landelijk, geheugen), omgeving(map_ / "land"))
    controleer(bron.huis.warehouse, landelijk.huis.warehouse, k)
    return {
        "kopieen": k, "schaal": schaal, "maanden": maanden, "maken": gemaakt, "regio": een.antwoord, **alle.antwoord,
        "cpu": alle.cpu,
    }  # fmt: skip


def toon(uit: dict[str, Any]) -> None:
    print(
        f"{uit['declaraties']:,} declaratieregels ({uit['verschillend']:,} verschillende) en {uit['toewijzingen']:,} "
        f"rijen toewijzingen van {uit['jeugdigen']:,} jeugdigen en {GEMEENTEN} gemeenten, {uit['maanden']} maanden "
        f"({uit['kopieen']} keer een regio van {uit['schaal']:.2f} keer Twente)"
    )
    print(
        f"bouw: {uit['seconden']:.0f} s, {uit['cpu']:.0f} s cpu, {uit['piek_gib']:.1f} GiB piek; "
        f"warehouse {uit['warehouse_gib']:.1f} GiB; gemaakt in {uit['maken']:.0f} s; klopt met de regio"
    )
    for naam, seconden in sorted(uit["per_model"].items(), key=lambda kv: -kv[1])[:25]:
        print(f"    {naam:44}{seconden:8.1f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regels", type=float, default=100e6, help="claim lines, about")
    parser.add_argument("--maanden", type=int, default=MAANDEN)
    parser.add_argument("--geheugen", default=GEHEUGEN, help="memory limit of DuckDB")
    parser.add_argument("--map", type=Path, help="work here and leave everything (default: a temporary folder)")
    parser.add_argument("--json", type=Path, help="write the measurements here")
    parser.add_argument("--alleen-bouwen", type=Path, help="only build this data home, and print JSON")
    parser.add_argument("--seeds", type=Path, default=PROJECT / "seeds")
    keuze = parser.parse_args()
    if keuze.alleen_bouwen:
        env = {"REGIOMONITOR_HOME": str(keuze.alleen_bouwen), "REGIOMONITOR_SEEDS": str(keuze.seeds)}
        print(json.dumps(bouw(load_settings(env), keuze.geheugen)))
        return 0
    with tempfile.TemporaryDirectory(prefix="regiomonitor-landelijk-") as tijdelijk:
        map_ = keuze.map or Path(tijdelijk)
        uit = draai(map_, regels=int(keuze.regels), maanden=keuze.maanden, geheugen=keuze.geheugen)
    toon(uit)
    if keuze.json:
        keuze.json.write_text(json.dumps(uit, indent=1))
    seconden, piek = uit["seconden"], uit["piek_gib"]
    binnen = seconden <= GRENS_SECONDEN and piek < GRENS_GIB
    print(f"grens: {GRENS_SECONDEN:.0f} s en {GRENS_GIB:.0f} GiB: {'gehaald' if binnen else 'NIET gehaald'}")
    return 0 if binnen else 1


if __name__ == "__main__":
    raise SystemExit(main())
