"""The candidate: everything a publication will hold, made in a folder that nobody looks at yet.

Lives here: the copies of the marts (allow-list: tables of the four mart schemas, nothing else) for each audience, their
descriptions, Parquet and CSV, the seeds and publicatie.json. Keep out: whether it may be published (poort.py) and how
it becomes current (vrijgave.py).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Ontvangstbewijs, geldende
from pipeline.domain.publicaties import PublicatieGegevens, als_utc
from pipeline.publish.datapakket import schrijf_datapakket
from pipeline.publish.dcat import schrijf_dcat
from pipeline.publish.gemeente import eigen_rijen, gemeente_editie, gemeenten, sluit_af
from pipeline.publish.openbaar import OPENBAAR, bescherm_marts, beschreven, schrijf_verslag
from pipeline.publish.woordenboek import (
    INTERN,
    MARTSCHEMAS,
    TIJDVORM,
    WOORDENBOEK,
    Editie,
    KandidaatFout,
    Tabel,
    beschrijf,
    rijen,
)
from pipeline.settings import Settings

OPSLAGVERSIE = "v1.2.0"
VOORVOEGSEL = ".kandidaat-"
SOORT = INTERN.naam
_OPTIES = {
    "parquet": "FORMAT parquet, COMPRESSION zstd",
    "csv": f"FORMAT csv, HEADER, TIMESTAMPFORMAT '{TIJDVORM}'",
}


@dataclass(frozen=True)
class Kandidaat:
    """A complete publication that is not one yet."""

    pad: Path
    publicatie: PublicatieGegevens

    @property
    def marts(self) -> Path:
        """The DuckDB file for the region's own analysts."""
        return self.pad / SOORT / "marts.duckdb"


def maak_kandidaat(
    settings: Settings,
    *,
    publicatie: PublicatieGegevens,
    bewijzen: Sequence[Ontvangstbewijs],
    manifest: Path | Mapping[str, Any],
    warehouse: Path | None = None,
    seeds: Path | None = None,
) -> Kandidaat:
    """Copy the marts of `warehouse` into publications/.kandidaat-<id>/, with all that goes with them.

    Rows stand in a fixed order, so that equal marts give equal files. Remains of candidates of killed runs are cleared
    first. Raises KandidaatFout when the marts are not fit to be published (woordenboek.beschrijf says when), or were
    built for another publication.
    """
    ruim_kandidaten_op(settings)
    kandidaat = Kandidaat(settings.huis.publications / f"{VOORVOEGSEL}{publicatie.publicatie_id}", publicatie)
    catalogus = Catalogus(seeds or settings.seeds)
    with schone_verbinding(warehouse or settings.huis.warehouse) as con, ThreadPoolExecutor(2) as tegelijk:
        tabellen = beschrijf(con, "bron", manifest)
        _eis_deze_publicatie(con, tabellen, publicatie.publicatie_id)
        intern = tegelijk.submit(_schrijf_intern, kandidaat, warehouse or settings.huis.warehouse, tabellen)
        bescherming = bescherm_marts(con, tabellen, catalogus, settings.huis.publications)
        openbaar = beschreven(tabellen, bescherming)
        schrijf_editie(con, kandidaat.pad / OPENBAAR.naam, openbaar, publicatie.publicatie_id, bescherming.tabellen)
        intern.result()
        eigen = [
            tegelijk.submit(_schrijf_gemeente, kandidaat.pad, openbaar, gemeente)
            for gemeente in gemeenten(con, tabellen)
        ]
        for uitgave in eigen:
            uitgave.result()
    schrijf_verslag(kandidaat.pad, bescherming, catalogus)
    beschrijf_editie(kandidaat.pad / SOORT, INTERN, tabellen, publicatie, catalogus)
    beschrijf_editie(kandidaat.pad / OPENBAAR.naam, OPENBAAR, openbaar, publicatie, catalogus)
    _kopieer_seeds(catalogus, kandidaat.pad / "seeds")
    _schrijf_json(kandidaat.pad / "publicatie.json", _publicatie_json(publicatie, bewijzen))
    return kandidaat


def _schrijf_intern(kandidaat: Kandidaat, bron: Path, tabellen: Sequence[Tabel]) -> None:
    with schone_verbinding(bron) as con:
        schrijf_editie(con, kandidaat.pad / SOORT, tabellen, kandidaat.publicatie.publicatie_id)


def _schrijf_gemeente(pad: Path, tabellen: Sequence[Tabel], gemeente: str) -> None:
    """Write the marts.duckdb of one gemeente, in memory of its own: nothing of another may be left in its file.

    Its rows come from the two editions that are there, and stand in their order.
    """
    map_ = pad / gemeente_editie(gemeente).naam
    map_.mkdir(parents=True)
    with schone_verbinding() as con:
        con.execute("SET threads = 1")
        for soort in (SOORT, OPENBAAR.naam):
            con.execute(f"ATTACH '{_tekst(pad / soort / 'marts.duckdb')}' AS {soort} (READ_ONLY)")
        con.execute(f"ATTACH '{_tekst(map_ / 'marts.duckdb')}' AS uit (STORAGE_VERSION '{OPSLAGVERSIE}')")
        _schrijf_tabellen(con, [(t, eigen_rijen(t, gemeente)) for t in tabellen])
        con.execute("CHECKPOINT uit")
        con.execute("DETACH uit")
    sluit_af(map_)


def schone_verbinding(bron: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB in memory to write files with that others get to see; with `bron` attached for reading, if given.

    Into the unused ends of blocks DuckDB writes what that memory held before, rows it sorted for one (duckdb issue
    23382). Memory that is given back to the system at once comes back empty.
    """
    con = duckdb.connect()
    con.execute("SET threads = 2")
    con.execute("SET allocator_flush_threshold = '1B'")
    con.execute("SET allocator_bulk_deallocation_flush_threshold = '1B'")
    if bron is not None:
        con.execute(f"ATTACH '{_tekst(bron)}' AS bron (READ_ONLY)")
    return con


def ruim_kandidaten_op(settings: Settings) -> None:
    """Remove what a killed run left; only for the holder of the lock."""
    settings.huis.publications.mkdir(parents=True, exist_ok=True)
    for pad in settings.huis.publications.glob(f"{VOORVOEGSEL}*"):
        shutil.rmtree(pad)


def _tekst(waarde: Path | str) -> str:
    return str(waarde).replace("'", "''")


def _eis_deze_publicatie(con: duckdb.DuckDBPyConnection, tabellen: Sequence[Tabel], publicatie_id: str) -> None:
    vragen = [
        f"SELECT '{t.naam}' AS tabel, count(*) AS n FROM bron.{t.naam} "
        f"WHERE publicatie_id IS DISTINCT FROM '{publicatie_id}'"
        for t in tabellen
        if t.naam != WOORDENBOEK
    ]
    vreemd = (
        con.execute(f"SELECT tabel FROM ({' UNION ALL '.join(vragen)}) WHERE n > 0 ORDER BY tabel").fetchall()
        if vragen
        else []
    )
    if vreemd:
        raise KandidaatFout(
            f"Deze marts zijn niet gebouwd voor {publicatie_id}: {', '.join(t for (t,) in vreemd)}. Bouw ze opnieuw."
        )


def schrijf_editie(
    con: duckdb.DuckDBPyConnection,
    map_: Path,
    tabellen: Sequence[Tabel],
    publicatie_id: str,
    anders: Mapping[str, pl.DataFrame] | None = None,
) -> None:
    """Write marts.duckdb, parquet/ and csv/ of an edition into `map_`, of the marts attached to `con` as `bron`.

    `anders`: tables that are not as in the build, by name.
    """
    map_.mkdir(parents=True)
    con.execute(f"ATTACH '{_tekst(map_ / 'marts.duckdb')}' AS uit (STORAGE_VERSION '{OPSLAGVERSIE}')")
    _kopieer(con, tabellen, publicatie_id, anders or {})
    _schrijf_bestanden(con, map_, tabellen)
    con.execute("CHECKPOINT uit")
    con.execute("DETACH uit")


def _kopieer(
    con: duckdb.DuckDBPyConnection, tabellen: Sequence[Tabel], publicatie_id: str, anders: Mapping[str, pl.DataFrame]
) -> None:
    bronnen = []
    for t in tabellen:
        kolommen = ", ".join(f'CAST("{k.naam}" AS {k.type}) AS "{k.naam}"' for k in t.kolommen)
        if t.naam == WOORDENBOEK:
            lijsten = rijen(tabellen, publicatie_id)
            con.register("anders_woordenboek", pl.DataFrame(lijsten, [k.naam for k in t.kolommen], orient="row"))
            bronnen.append((t, f"SELECT {kolommen} FROM anders_woordenboek ORDER BY ALL"))
        elif t.naam in anders:
            con.register(f"anders_{t.naam}", anders[t.naam])
            bronnen.append((t, f'SELECT {kolommen} FROM "anders_{t.naam}" ORDER BY ALL'))
        else:
            bronnen.append((t, f"FROM bron.{t.naam} ORDER BY ALL"))
    _schrijf_tabellen(con, bronnen)


def _schrijf_tabellen(con: duckdb.DuckDBPyConnection, bronnen: Sequence[tuple[Tabel, str]]) -> None:
    """Make each table of the database attached as `uit` by its query, with what it means in COMMENTs."""
    con.execute("BEGIN")
    for schema in MARTSCHEMAS:
        con.execute(f"CREATE SCHEMA uit.{schema}")
    for t, query in bronnen:
        con.execute(f"CREATE TABLE uit.{t.naam} AS {query}")
        uitleg = [f"COMMENT ON TABLE uit.{t.naam} IS '{_tekst(t.omschrijving)}'"]
        uitleg += [f"COMMENT ON COLUMN uit.{t.naam}.\"{k.naam}\" IS '{_tekst(k.omschrijving)}'" for k in t.kolommen]
        con.execute("; ".join(uitleg))
    con.execute("COMMIT")


def _schrijf_bestanden(con: duckdb.DuckDBPyConnection, map_: Path, tabellen: Sequence[Tabel]) -> None:
    for vorm, opties in _OPTIES.items():
        (map_ / vorm).mkdir()
        for t in tabellen:
            con.execute(f"COPY uit.{t.naam} TO '{_tekst(map_ / vorm / f'{t.naam}.{vorm}')}' ({opties})")


def beschrijf_editie(
    map_: Path, editie: Editie, tabellen: Sequence[Tabel], publicatie: PublicatieGegevens, catalogus: Catalogus
) -> None:
    """Write beside the files of an edition (marts.duckdb, csv/, parquet/) what they are, for tools and catalogues."""
    schrijf_datapakket(map_, editie, tabellen, publicatie)
    schrijf_dcat(map_, editie, publicatie, catalogus)


def _kopieer_seeds(van: Catalogus, naar: Path) -> None:
    naar.mkdir()
    for pad in van.cijferseeds:
        shutil.copyfile(pad, naar / pad.name)


def _publicatie_json(publicatie: PublicatieGegevens, bewijzen: Sequence[Ontvangstbewijs]) -> dict[str, Any]:
    bekend = [b for b in bewijzen if b.ontvangen_op <= publicatie.peilmoment]
    staand = {b.levering_id for b in geldende(bekend, publicatie.peilmoment).values()}
    return publicatie.als_dict() | {
        "leveringen": [
            {
                "levering_id": b.levering_id,
                "gemeente": b.sleutel.gemeente,
                "bericht": b.sleutel.bericht.value,
                "maand": str(b.sleutel.maand),
                "sha256": b.sha256,
                "ontvangen_op": als_utc(b.ontvangen_op).isoformat(),
                "status": b.status.value,
                "is_geldend": b.levering_id in staand,
                "rijen_geaccepteerd": b.rijen.geaccepteerd,
                "bedrag_geaccepteerd_cent": b.bedrag_cent.geaccepteerd,
                "deurversie": b.deurversie,
            }
            for b in sorted(bekend, key=lambda b: (b.sleutel, b.levering_id))
        ]
    }


def _schrijf_json(pad: Path, inhoud: Mapping[str, Any]) -> None:
    pad.write_text(json.dumps(inhoud, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
