"""The candidate: everything a publication will hold, made in a folder that nobody looks at yet.

Lives here: the copies of the marts (allow-list: tables of the four mart schemas, nothing else) for each audience, their
descriptions, Parquet and CSV, the seeds and publicatie.json. Keep out: how a file is written (schrijven.py), whether it
may be published (poort.py) and how it becomes current (vrijgave.py).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Ontvangstbewijs, geldende
from pipeline.domain.publicaties import PublicatieGegevens, als_utc
from pipeline.proces.werkproces import Werkproces
from pipeline.publish.datapakket import schrijf_datapakket
from pipeline.publish.dcat import schrijf_dcat
from pipeline.publish.gemeente import gemeenten, schrijf_gemeenten
from pipeline.publish.openbaar import OPENBAAR, openbare_tabellen
from pipeline.publish.schrijven import (
    OPSLAGVERSIE,
    rijen_van,
    schone_verbinding,
    schrijf_bestanden,
    schrijf_tabellen,
    tekst,
)
from pipeline.publish.woordenboek import (
    INTERN,
    WOORDENBOEK,
    Editie,
    KandidaatFout,
    Tabel,
    beschrijf,
)
from pipeline.settings import Settings

VOORVOEGSEL = ".kandidaat-"
SOORT = INTERN.naam


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
    werker: Werkproces | None = None,
    intussen: Callable[[], None] | None = None,
) -> Kandidaat:
    """Copy the marts of `warehouse` into publications/.kandidaat-<id>/, with all that goes with them.

    With a `werker` (werker.py) the editions of gemeenten are written there; same result either way. `intussen` starts
    work of the caller that need not wait: it is called when what is left to do here is writing files. Rows stand in a
    fixed order, so that equal marts give equal files. Remains of candidates of killed runs are cleared first. Raises
    KandidaatFout when the marts are not fit to be published (woordenboek.beschrijf says when), or were built for
    another publication.
    """
    ruim_kandidaten_op(settings)
    kandidaat = Kandidaat(settings.huis.publications / f"{VOORVOEGSEL}{publicatie.publicatie_id}", publicatie)
    catalogus = Catalogus(seeds or settings.seeds)
    bron = warehouse or settings.huis.warehouse
    with schone_verbinding(bron) as con, ThreadPoolExecutor(2) as tegelijk:
        tabellen = beschrijf(con, "bron", manifest)
        _eis_deze_publicatie(con, tabellen, publicatie.publicatie_id)
        openbaar = openbare_tabellen(tabellen)
        eigen = [t for t in tabellen if not t.naam.startswith(f"{OPENBAAR.naam}.")]
        intern = tegelijk.submit(_schrijf_intern, kandidaat, bron, eigen)
        if intussen is not None:
            intussen()
        map_ = kandidaat.pad / OPENBAAR.naam
        _schrijf_marts(con, map_, openbaar, publicatie.publicatie_id)
        intern.result()
        per_gemeente = tegelijk.submit(
            schrijf_gemeenten,
            kandidaat.pad,
            openbaar,
            eigen,
            gemeenten(con, tabellen),
            publicatie.publicatie_id,
            werker,
        )
        schrijf_bestanden(map_, openbaar)
        beschrijf_editie(kandidaat.pad / SOORT, INTERN, eigen, publicatie, catalogus)
        beschrijf_editie(map_, OPENBAAR, openbaar, publicatie, catalogus)
        per_gemeente.result()
    _kopieer_seeds(catalogus, kandidaat.pad / "seeds")
    _schrijf_json(kandidaat.pad / "publicatie.json", _publicatie_json(publicatie, bewijzen))
    return kandidaat


def _schrijf_intern(kandidaat: Kandidaat, bron: Path, tabellen: Sequence[Tabel]) -> None:
    map_ = kandidaat.pad / SOORT
    with schone_verbinding(bron) as con:
        _schrijf_marts(con, map_, tabellen, kandidaat.publicatie.publicatie_id)
    schrijf_bestanden(map_, tabellen)


def ruim_kandidaten_op(settings: Settings) -> None:
    """Remove what a killed run left; only for the holder of the lock."""
    settings.huis.publications.mkdir(parents=True, exist_ok=True)
    for pad in settings.huis.publications.glob(f"{VOORVOEGSEL}*"):
        shutil.rmtree(pad)


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


def _schrijf_marts(
    con: duckdb.DuckDBPyConnection,
    map_: Path,
    tabellen: Sequence[Tabel],
    publicatie_id: str,
) -> None:
    """Write marts.duckdb of an edition into `map_`, of the marts attached to `con` as `bron`."""
    map_.mkdir(parents=True)
    con.execute(f"ATTACH '{tekst(map_ / 'marts.duckdb')}' AS uit (STORAGE_VERSION '{OPSLAGVERSIE}')")
    schrijf_tabellen(con, [(t, rijen_van(con, t, tabellen, publicatie_id)) for t in tabellen])
    con.execute("CHECKPOINT uit")
    con.execute("DETACH uit")


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
