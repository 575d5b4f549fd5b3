"""The public edition of a candidate: read the marts, protect them, write them with their descriptions and what it cost.

Lives here: reading and writing around bescherming.py, the youths behind figures that the marts do not tell, and which
earlier publication counts. Keep out: what is hidden and why (bescherming*.py), the forms of an edition (schrijven.py).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.publicaties import PUBLICATIE_ID
from pipeline.publish.bescherming import Bescherming, Eerder, bescherm
from pipeline.publish.bescherming_reeksen import REEKS
from pipeline.publish.bescherming_tabellen import HULP, TABELLEN, VLAG, Periode
from pipeline.publish.woordenboek import Editie, Kolom, Tabel

OPENBAAR = Editie(
    "openbaar",
    "Regiomonitor jeugdzorg: openbare cijfers",
    "Dezelfde tabellen als voor de eigen analisten; cijfers over een klein aantal jeugdigen zijn weggelaten, met "
    "zoveel andere dat ze niet zijn na te rekenen.",
    "PUBLIC",
)
VERSLAG = "bescherming.json"
"""In the folder of the edition: how many figures there are, are small, and are hidden."""
REEKSEN = "bescherming.parquet"
"""In the folder of the publication: which reeksen are hidden, for the publication after it."""
DREMPEL, STANDAARD = "openbaar_drempel_jeugdigen", 10.0
_VLAGKOLOM = Kolom(VLAG, "BOOLEAN", "Waar als in deze rij een of meer cijfers zijn weggelaten (ja/nee).", "")

_ACHTER = {
    "kosten.naijling": """
        WITH jeugdigen AS (
            SELECT DISTINCT zorgmaand, gemeente, segment, jeugdige_nr,
                CAST(greatest(date_diff('month', zorgmaand, eerste_leveringsmaand), 0) AS INTEGER) AS vertraging_maanden
            FROM bron.core.fct_kosten_zorgmaand
        )
        SELECT zorgmaand, coalesce(gemeente, 'REGIO') AS gebied_code, coalesce(segment, 'totaal') AS segment,
            vertraging_maanden, count(DISTINCT jeugdige_nr) AS n_jeugdigen_achter
        FROM jeugdigen
        GROUP BY GROUPING SETS (
            (zorgmaand, gemeente, segment, vertraging_maanden), (zorgmaand, gemeente, vertraging_maanden),
            (zorgmaand, segment, vertraging_maanden), (zorgmaand, vertraging_maanden)
        )
    """
}
"""How many youths are behind a figure, where the mart does not say; read from the build, never published."""


def bescherm_marts(
    con: duckdb.DuckDBPyConnection, tabellen: Sequence[Tabel], catalogus: Catalogus, publicaties: Path
) -> Bescherming:
    """Protect the marts of the build, attached to `con` as `bron`, given what was published before in `publicaties`."""
    bladen = lees_bladen(con, tabellen)
    drempel = float(catalogus.instellingen.get(DREMPEL) or STANDAARD)
    return bescherm(bladen, drempel=drempel, periode=_periode(bladen), eerder=_eerder(con, publicaties, bladen))


def beschreven(tabellen: Sequence[Tabel], bescherming: Bescherming) -> list[Tabel]:
    """Describe the tables as they are in this edition: with is_onderdrukt where figures can be hidden."""
    return [
        replace(t, kolommen=(*t.kolommen, _VLAGKOLOM))
        if VLAG in bescherming.tabellen.get(t.naam, pl.DataFrame()).columns and VLAG not in {k.naam for k in t.kolommen}
        else t
        for t in tabellen
    ]


def schrijf_verslag(pad: Path, bescherming: Bescherming, catalogus: Catalogus) -> None:
    """Leave in the folder of the candidate what the protection cost, and what the next publication must know."""
    verslag = {
        "drempel": float(catalogus.instellingen.get(DREMPEL) or STANDAARD),
        "totaal": totaal(bescherming),
        "tabellen": [v.als_dict() for v in bescherming.verlies],
    }
    tekst = json.dumps(verslag, ensure_ascii=False, indent=1) + "\n"
    (pad / OPENBAAR.naam / VERSLAG).write_text(tekst, encoding="utf-8")
    bescherming.reeksen.drop("klein", "reden").write_parquet(pad / REEKSEN)


def totaal(bescherming: Bescherming) -> dict[str, Any]:
    """Add up what was lost, with the shares hidden in all and beyond what is small."""
    som = {
        k: sum(getattr(v, k) for v in bescherming.verlies)
        for k in ("cijfers", "klein", "onderdrukt", "regio_cijfers", "regio_klein", "regio_onderdrukt")
    }
    waarom = sum((Counter(v.regio_redenen) for v in bescherming.verlies), Counter[str]())
    return som | {
        "regio_redenen": dict(sorted(waarom.items())),
        "aandeel_onderdrukt": round(som["onderdrukt"] / max(som["cijfers"], 1), 4),
        "aandeel_klein": round(som["klein"] / max(som["cijfers"], 1), 4),
        "aandeel_erbij": round((som["onderdrukt"] - som["klein"]) / max(som["cijfers"], 1), 4),
        "regio_aandeel_onderdrukt": round(som["regio_onderdrukt"] / max(som["regio_cijfers"], 1), 4),
    }


def lees_verslag(publicatie: Path) -> dict[str, Any] | None:
    """Read what the protection of a publication cost, in all; None for one from before there was a public edition."""
    try:
        inhoud = json.loads((publicatie / OPENBAAR.naam / VERSLAG).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    uit: dict[str, Any] = inhoud["totaal"]
    return uit


def lees_bladen(con: duckdb.DuckDBPyConnection, tabellen: Sequence[Tabel]) -> dict[str, pl.DataFrame]:
    """Read the marts in which something may have to be hidden, of the build attached to `con` as `bron`."""
    return {t.naam: _lees(con, t.naam) for t in tabellen if t.naam not in TABELLEN or not TABELLEN[t.naam].alles_vrij}


def _lees(con: duckdb.DuckDBPyConnection, naam: str) -> pl.DataFrame:
    """Read a mart, and the youths behind its figures where it does not say."""
    df = con.execute(f"SELECT * FROM bron.{naam}").pl()
    sql = _ACHTER.get(naam)
    sleutel = list(TABELLEN[naam].sleutel) if naam in TABELLEN else []
    gebouwd = con.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'bron' AND schema_name = 'core' "
        "AND table_name = 'fct_kosten_zorgmaand'"
    ).fetchone()
    if sql is None or gebouwd != (1,) or not set(sleutel) <= set(df.columns):
        return df
    achter = con.execute(sql).pl().rename({"n_jeugdigen_achter": HULP})
    return df.join(achter, on=sleutel, how="left", maintain_order="left")


def _periode(bladen: Mapping[str, pl.DataFrame]) -> Periode:
    df = bladen.get("sturing.indicatoren", pl.DataFrame(schema={"periode_soort": pl.String, "periode": pl.Date}))
    maanden = df.filter(pl.col("periode_soort") == "maand")["periode"]
    nummers = (maanden.dt.year().cast(pl.Int64) * 12 + maanden.dt.month().cast(pl.Int64) - 1).to_list()
    return Periode(min(nummers), max(nummers)) if nummers else Periode(0, 0)


def _eerder(con: duckdb.DuckDBPyConnection, publicaties: Path, bladen: Mapping[str, pl.DataFrame]) -> Eerder | None:
    """Read the publication made last, whether it is the current one or not."""
    gemaakt = [
        (json.loads((p / "publicatie.json").read_text(encoding="utf-8"))["gemaakt_op"], p)
        for p in publicaties.glob("P*")
        if PUBLICATIE_ID.fullmatch(p.name) and (p / REEKSEN).is_file()
    ]
    if not gemaakt:
        return None
    pad = max(gemaakt)[1]
    bestand = str(pad / OPENBAAR.naam / "marts.duckdb").replace("'", "''")
    con.execute(f"ATTACH '{bestand}' AS eerder (READ_ONLY)")
    er_is = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_columns() "
        "WHERE database_name = 'eerder' AND column_name = ?",
        [VLAG],
    ).fetchall()
    toen = {t: con.execute(f"SELECT * FROM eerder.{t} WHERE {VLAG}").pl() for (t,) in sorted(er_is) if t in bladen}
    con.execute("DETACH eerder")
    bruikbaar = {t: df for t, df in toen.items() if t in TABELLEN and set(TABELLEN[t].sleutel) <= set(df.columns)}
    reeksen = pl.read_parquet(pad / REEKSEN).with_columns(klein=pl.lit(value=False), reden=pl.lit("eerder"))
    return Eerder(bruikbaar, reeksen.select(*REEKS))
