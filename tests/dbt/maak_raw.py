"""A small raw database for the dbt tests: the tables of docs/architecture.md section 3 with a few rows.

Lives here: `maak_raw`, which writes the tables; the rows themselves come from the caller, as dictionaries that
name only what matters. Keep out: expected figures; those stand in the tests.
"""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from pipeline.berichten import CONTRACTEN
from pipeline.berichten.uitvoer import rijtabel
from pipeline.domain.leveringen import Bericht
from pipeline.domain.seedrijen import GEEN_LEVERING

Rij = Mapping[str, Any]

TABELLEN: dict[str, str] = {
    "toewijzingen": """levering_id VARCHAR, gemeente VARCHAR, leveringsmaand DATE, rij INTEGER, rij_hash VARCHAR,
        pseudoniem VARCHAR, leeftijdsmaand DATE, geslacht VARCHAR, aanbieder_agb VARCHAR, toewijzingnummer VARCHAR,
        productcategorie VARCHAR, productcode VARCHAR, toewijzingsdatum DATE, toewijzingstijd TIME, ingangsdatum DATE,
        einddatum DATE, reden_wijziging VARCHAR, volume DECIMAL(14,2), eenheid VARCHAR, frequentie VARCHAR,
        budget_cent BIGINT, besluitdatum DATE, datum_ontvangst_verzoek DATE, verwijzer_type VARCHAR,
        startdatum_levering DATE, stopdatum_levering DATE, reden_beeindiging VARCHAR, leveringsvorm VARCHAR,
        eigen_sleutel VARCHAR, signalen VARCHAR""",
    "declaraties": """levering_id VARCHAR, gemeente VARCHAR, leveringsmaand DATE, rij INTEGER, rij_hash VARCHAR,
        aanbieder_agb VARCHAR, declaratienummer VARCHAR, declaratieperiode_begin DATE, declaratiedagtekening DATE,
        pseudoniem VARCHAR, referentienummer VARCHAR, vorig_referentienummer VARCHAR, toewijzingnummer VARCHAR,
        productcategorie VARCHAR, productcode VARCHAR, productperiode_begin DATE, productperiode_eind DATE,
        geleverd_volume DECIMAL(14,2), eenheid VARCHAR, producttarief_cent DECIMAL(14,4),
        ingediend_bedrag_cent BIGINT, debet_credit VARCHAR, status VARCHAR, retourcode VARCHAR, datum_antwoord DATE,
        eigen_sleutel VARCHAR, signalen VARCHAR""",
    "quarantaine": """levering_id VARCHAR, gemeente VARCHAR, leveringsmaand DATE, rij INTEGER, aanbieder_agb VARCHAR,
        referentienummer VARCHAR, productcategorie VARCHAR, productcode VARCHAR, productperiode_begin DATE,
        productperiode_eind DATE, eenheid VARCHAR, ingediend_bedrag_cent BIGINT, debet_credit VARCHAR,
        status VARCHAR""",
    "leveringen": """levering_id VARCHAR, gemeente VARCHAR, bericht VARCHAR, leveringsmaand DATE, sha256 VARCHAR,
        bytes BIGINT, bestandsnaam VARCHAR, ontvangen_op TIMESTAMP, ontvangen_dag DATE, verwerkt_op TIMESTAMP,
        status VARCHAR, is_geaccepteerd BOOLEAN, is_geldend BOOLEAN, versie INTEGER, soort VARCHAR,
        bedrag_eenheid VARCHAR, versies VARCHAR, rijen_in_bestand BIGINT, rijen_niet_data BIGINT,
        rijen_ontvangen BIGINT, rijen_geaccepteerd BIGINT, rijen_quarantaine BIGINT, bedrag_ontvangen_cent BIGINT,
        bedrag_geaccepteerd_cent BIGINT, bedrag_quarantaine_cent BIGINT, inhoud_hash VARCHAR, deurversie VARCHAR,
        codeversie VARCHAR""",
    "bevindingen": """levering_id VARCHAR, regel_code VARCHAR, ernst VARCHAR, n_rijen BIGINT,
        n_gecontroleerd BIGINT""",
    "leveringskalender": """gemeente VARCHAR, bericht VARCHAR, maand DATE, status VARCHAR, uiterste_datum DATE,
        respijt_tot DATE, levering_id VARCHAR, dagen_te_laat INTEGER, is_verplicht BOOLEAN, reden VARCHAR""",
    "kalender": "datum DATE, is_werkdag BOOLEAN, werkdag_nr INTEGER",
    "publicatie": """publicatie_id VARCHAR, peilmoment TIMESTAMP, gemaakt_op TIMESTAMP, codeversie VARCHAR,
        seedversie VARCHAR, deurversie VARCHAR, n_leveringen INTEGER, reeks VARCHAR""",
}

TABELLEN |= {
    b.value: ", ".join(f"{k} {t}" for k, t in rijtabel(b).items()) for b in Bericht if b.is_optioneel
}  # fmt: skip
"""Of a further extract the table follows from its columns; the two above are written out, to be compared."""

STANDAARD: dict[str, dict[str, Any]] = {
    "toewijzingen": {
        "pseudoniem": "jeugdige1",
        "leeftijdsmaand": dt.date(2012, 6, 1),
        "geslacht": "1",
        "aanbieder_agb": "94000001",
        "toewijzingstijd": dt.time(0, 0),
        "productcategorie": "45",
        "productcode": "45A04",
        "verwijzer_type": "01",
        "leveringsvorm": "ZIN",
        "signalen": "",
    },
    "declaraties": {
        "aanbieder_agb": "94000001",
        "declaratienummer": "D1",
        "pseudoniem": "jeugdige1",
        "productcategorie": "45",
        "productcode": "45A04",
        "geleverd_volume": 10,
        "eenheid": "04",
        "debet_credit": "D",
        "signalen": "",
    },
    "leveringen": {
        "bytes": 1000,
        "status": "GEACCEPTEERD",
        "is_geaccepteerd": True,
        "is_geldend": True,
        "versie": 1,
        "soort": "mutaties",
        "bedrag_eenheid": "cent",
        "versies": "alle",
        "rijen_niet_data": 1,
        "rijen_quarantaine": 0,
        "bedrag_quarantaine_cent": 0,
        "deurversie": "d1",
        "codeversie": "c1",
    },
}


def levering_id(gemeente: str, bericht: str, maand: dt.date) -> str:
    """Return the id the fixture gives to the one levering of this key."""
    return f"{gemeente}-{bericht}-{maand:%Y-%m}"


def levering(gemeente: str, bericht: str, maand: dt.date, **anders: Any) -> dict[str, Any]:
    """One accepted levering that stands, received on the tenth of the next month, 08:00 UTC."""
    ontvangen = dt.date(maand.year + maand.month // 12, maand.month % 12 + 1, 10)
    sleutel = levering_id(gemeente, bericht, maand)
    return {
        **STANDAARD["leveringen"],
        "levering_id": sleutel,
        "gemeente": gemeente,
        "bericht": bericht,
        "leveringsmaand": maand,
        "sha256": sleutel,
        "inhoud_hash": sleutel,
        "bestandsnaam": f"{bericht}_{gemeente}_{maand:%Y-%m}.csv",
        "ontvangen_op": f"{ontvangen} 08:00:00",
        "ontvangen_dag": ontvangen,
        "verwerkt_op": f"{ontvangen} 08:00:00",
        **anders,
    }


def maak_raw(
    pad: Path,
    *,
    toewijzingen: Iterable[Rij] = (),
    declaraties: Iterable[Rij] = (),
    leveringen: Iterable[Rij] = (),
    bevindingen: Iterable[Rij] = (),
    leveringskalender: Iterable[Rij] = (),
    verder: Mapping[str, Iterable[Rij]] | None = None,
    kalender: tuple[dt.date, dt.date] = (dt.date(2022, 1, 1), dt.date(2028, 12, 31)),
    publicatie_id: str = "proef",
) -> None:
    """Write raw.* to a new database at `pad`. Rows need `gemeente`, `leveringsmaand` and what matters to the test.

    A row of toewijzingen, declaraties or a further extract (`verder`, by its name) gets the levering of its gemeente
    and maand, the next row number and a hash of its content; the levering is made when it is not among `leveringen`.
    The working days in the fixture are Monday to Friday without holidays.
    """
    lev = {r["levering_id"]: dict(r) for r in leveringen}
    rijen = {
        "toewijzingen": _rijen("toewijzingen", toewijzingen, lev),
        "declaraties": _rijen("declaraties", declaraties, lev),
        **{bericht: _rijen(bericht, eigen, lev) for bericht, eigen in (verder or {}).items()},
    }
    _tel(rijen, lev)
    with duckdb.connect(str(pad)) as con:
        con.execute("create schema raw")
        for tabel, kolommen in TABELLEN.items():
            con.execute(f"create table raw.{tabel} ({kolommen})")
        for tabel, inhoud in {
            **rijen,
            "leveringen": list(lev.values()),
            "bevindingen": list(bevindingen),
            "leveringskalender": list(leveringskalender),
            "publicatie": [
                {
                    "publicatie_id": publicatie_id,
                    "peilmoment": "2027-01-01 00:00:00",
                    "gemaakt_op": "2027-01-01 00:00:00",
                    "codeversie": "c1",
                    "seedversie": "s1",
                    "deurversie": "d1",
                    "n_leveringen": len(lev),
                    "reeks": "synthetisch",
                }
            ],
        }.items():
            _insert(con, tabel, inhoud)
        con.execute(
            """insert into raw.kalender
            select datum, werkdag, cast(sum(cast(werkdag as integer)) over (order by datum) as integer)
            from (
                select cast(dag as date) as datum, isodow(dag) < 6 as werkdag
                from generate_series(cast(? as timestamp), cast(? as timestamp), interval 1 day) as t(dag)
            )""",
            list(kalender),
        )


def _rijen(bericht: str, rijen: Iterable[Rij], lev: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    uit: list[dict[str, Any]] = []
    nummers: dict[str, int] = {}
    for rij in rijen:
        sleutel = rij.get("levering_id") or levering_id(rij["gemeente"], bericht, rij["leveringsmaand"])
        lev.setdefault(sleutel, levering(rij["gemeente"], bericht, rij["leveringsmaand"]))
        nummers[sleutel] = nummers.get(sleutel, 1) + 1
        inhoud = {**STANDAARD.get(bericht, {"signalen": ""}), **rij}
        kern = {k: v for k, v in inhoud.items() if k not in ("levering_id", "leveringsmaand", "rij", "rij_hash")}
        eigen = {"eigen_sleutel": str(inhoud.get(CONTRACTEN[Bericht(bericht)].eigen_sleutel) or "")}
        vast = {"levering_id": sleutel, "rij": nummers[sleutel], "rij_hash": repr(sorted(kern.items()))}
        uit.append(vast | eigen | inhoud)
    return uit


def _tel(rijen: dict[str, list[dict[str, Any]]], lev: dict[str, dict[str, Any]]) -> None:
    for bewijs in lev.values():
        eigen = [r for r in rijen.get(bewijs["bericht"], ()) if r["levering_id"] == bewijs["levering_id"]]
        bedrag = sum(r.get("ingediend_bedrag_cent") or r.get("budget_cent") or 0 for r in eigen)
        tellingen = {
            "rijen_in_bestand": len(eigen) + 1,
            "rijen_ontvangen": len(eigen),
            "rijen_geaccepteerd": len(eigen),
            "bedrag_ontvangen_cent": bedrag,
            "bedrag_geaccepteerd_cent": bedrag,
        }
        for naam, waarde in tellingen.items():
            bewijs.setdefault(naam, waarde)


def _insert(con: duckdb.DuckDBPyConnection, tabel: str, rijen: list[Rij]) -> None:
    for rij in rijen:
        kolommen = ", ".join(rij)
        con.execute(f"insert into raw.{tabel} ({kolommen}) values ({', '.join('?' * len(rij))})", list(rij.values()))


def seeds_zonder_voorbehoud(bron: Path, doel: Path) -> Path:
    """Copy the seeds with the rules that hold back out of reach: amounts made by hand follow no contract price."""
    shutil.copytree(bron, doel)
    return zonder_voorbehoud(doel)


def zonder_voorbehoud(seeds: Path) -> Path:
    """Put the rules that hold back out of reach in these seeds; those on a whole levering only find."""
    pad = seeds / "ref_regels.csv"
    with pad.open(encoding="utf-8", newline="") as f:
        kop, *rijen = csv.reader(f)
    drempel, gevolg = kop.index("drempel"), kop.index("gevolg")
    for rij in rijen:
        if rij[gevolg] == GEEN_LEVERING:
            rij[gevolg] = ""  # found, and still delivered
        elif rij[gevolg]:
            rij[drempel] = "|".join(["1e12"] * len(rij[drempel].split("|")))
    with pad.open("w", encoding="utf-8", newline="") as f:
        csv.writer(f, lineterminator="\n").writerows([kop, *rijen])
    return ook_van_weinig(seeds)


def ook_van_weinig(seeds: Path) -> Path:
    """Let figures be shown of the two or three gemeenten that a test delivers for, of fourteen."""
    pad = seeds / "ref_instellingen.csv"
    tekst = pad.read_text(encoding="utf-8")
    assert "\nwaarde_min_dekking,0.5," in tekst
    pad.write_text(tekst.replace("\nwaarde_min_dekking,0.5,", "\nwaarde_min_dekking,0,"), encoding="utf-8")
    return seeds
