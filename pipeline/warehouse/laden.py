"""Load: accepted rows and receipts into the raw tables, in one transaction that proves its own sums.

Lives here: what is appended, what is replaced, what is made anew, and the invariants at the end. Everything is
set-based: a thousand leveringen cost a few statements. Keep out: meaning; raw.* holds what the door handed over.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.berichten import CONTRACTEN
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.fouten import InvariantFout, SlotFout
from pipeline.domain.kalender import lokale_dag
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs, Sleutel, Status, geldende
from pipeline.domain.publicaties import PublicatieGegevens, als_utc
from pipeline.domain.terugmelding import GEMASKEERD
from pipeline.domain.werkdagen import werkdagen_reeks
from pipeline.settings import Huis, Settings
from pipeline.warehouse.ongewijzigd import DBT_PROJECT, kenmerk, lees_kenmerk
from pipeline.warehouse.tabellen import (
    CLAIMS,
    KLEINE_TABELLEN,
    QUARANTAINE,
    QUARANTAINEKOLOMMEN,
    RIJTABELLEN,
    SCHEMA_VERSIE,
    Kolommen,
    alle_tabellen,
    maak_sql,
)

if TYPE_CHECKING:
    from pipeline.domain.kalender import KalenderRij

KALENDER_VAN = dt.date(2010, 1, 1)
KALENDER_TOT = dt.date(2040, 12, 31)
_SLOT_GEDULD_SECONDEN = 5.0
_EIGEN_SCHEMAS = frozenset({"raw", "main", "information_schema", "pg_catalog"})


@dataclass(frozen=True)
class Laadresultaat:
    """What a load did; rows and cents per bericht are those of all accepted leveringen now in the raw tables."""

    leveringen_toegevoegd: int
    leveringen_verwijderd: int
    leveringen_totaal: int
    rijen: dict[str, int]
    bedrag_cent: dict[str, int]
    is_nieuw_warehouse: bool
    seconden: float


def laad(
    settings: Settings,
    catalogus: Catalogus,
    bewijzen: Sequence[Ontvangstbewijs],
    *,
    peilmoment: dt.datetime,
    publicatie: PublicatieGegevens,
    kalender: Sequence[KalenderRij],
    warehouse: Path | None = None,
) -> Laadresultaat:
    """Bring the raw tables up to `bewijzen`; all of it or nothing.

    Rows of accepted leveringen that are not in yet are appended; those that another door has judged since are
    replaced; those without an accepted receipt leave. The small tables are made anew as of `peilmoment`. A warehouse
    that is absent, damaged or of another schema is rebuilt from validated/.
    Raises InvariantFout when rows or cents differ from the receipts, SlotFout when another process holds the file.
    """
    begin = time.perf_counter()
    pad = warehouse or settings.huis.warehouse
    pad.parent.mkdir(parents=True, exist_ok=True)
    tellend = [b for b in bewijzen if b.status is not Status.ONGEWIJZIGD]
    rijen = kleine_tabellen(catalogus, tellend, peilmoment=peilmoment, publicatie=publicatie, kalender=kalender)
    is_nieuw = not _is_bruikbaar(pad)
    gebouwd_van = kenmerk(DBT_PROJECT, settings.seeds)
    if not is_nieuw:
        try:
            erbij, eraf = _laad_in(pad, settings.huis, tellend, rijen, gebouwd_van)
        except duckdb.Error:
            # damage that only shows while reading; if it is not the warehouse, the second attempt says so
            is_nieuw = True
    if is_nieuw:
        _gooi_weg(pad)
        erbij, eraf = _laad_in(pad, settings.huis, tellend, rijen, gebouwd_van)
    geaccepteerd = [b for b in tellend if b.is_geaccepteerd]
    per_bericht: dict[str, list[Ontvangstbewijs]] = {bericht.value: [] for bericht in RIJTABELLEN}
    for b in geaccepteerd:
        per_bericht[b.sleutel.bericht.value].append(b)
    return Laadresultaat(
        leveringen_toegevoegd=erbij,
        leveringen_verwijderd=eraf,
        leveringen_totaal=len(geaccepteerd),
        rijen={n: sum(b.rijen.geaccepteerd for b in bb) for n, bb in per_bericht.items()},
        bedrag_cent={n: sum(b.bedrag_cent.geaccepteerd for b in bb) for n, bb in per_bericht.items()},
        is_nieuw_warehouse=is_nieuw,
        seconden=time.perf_counter() - begin,
    )


def validated_pad(huis: Huis, bewijs: Ontvangstbewijs) -> Path:
    """Where the door left the accepted rows of a levering (architecture.md, section 3)."""
    s = bewijs.sleutel
    return huis.validated / s.gemeente / s.bericht.value / str(s.maand) / f"{bewijs.levering_id}.parquet"


def quarantainepad(huis: Huis, bewijs: Ontvangstbewijs) -> Path:
    """Where the door left what may be kept of the refused rows of a levering."""
    s = bewijs.sleutel
    return huis.quarantine / s.gemeente / s.bericht.value / str(s.maand) / f"{bewijs.levering_id}.parquet"


def verbind(pad: Path) -> duckdb.DuckDBPyConnection:
    """Open the warehouse for writing; wait a moment for a helper process that is just ending.

    Without config: every connection to one file in one process must have the same, and dbt has none.
    Raises SlotFout when the file stays locked.
    """
    grens = time.monotonic() + _SLOT_GEDULD_SECONDEN
    while True:
        try:
            return duckdb.connect(str(pad))
        except duckdb.IOException as fout:
            if "lock" not in str(fout).lower():
                raise
            if time.monotonic() >= grens:
                raise SlotFout(
                    f"{pad.name} is in gebruik door een ander programma. Sluit dat (alleen de pijplijn opent dit "
                    "bestand; kijken kan in published/) en start opnieuw."
                ) from None
        time.sleep(0.1)


def _is_bruikbaar(pad: Path) -> bool:
    if not pad.exists():
        return False
    try:
        with verbind(pad) as con:
            rij = con.execute("SELECT versie FROM raw.schemaversie").fetchall()
    except duckdb.Error:
        return False
    return rij == [(SCHEMA_VERSIE,)]


def _gooi_weg(pad: Path) -> None:
    for bestand in (pad, pad.with_name(pad.name + ".wal")):
        bestand.unlink(missing_ok=True)


def _laad_in(
    pad: Path,
    huis: Huis,
    bewijzen: Sequence[Ontvangstbewijs],
    klein: dict[str, list[tuple[Any, ...]]],
    gebouwd_van: str,
) -> tuple[int, int]:
    """Do the work in one transaction; return how many leveringen came and went.

    While seeds and dbt project are those of the last build (`gebouwd_van`) its tables stay: every one is made anew.
    """
    with verbind(pad) as con:
        con.execute("BEGIN")
        if lees_kenmerk(con) != gebouwd_van:
            _ruim_bouwsel_op(con)
        if not con.execute("SELECT 1 FROM information_schema.schemata WHERE schema_name = 'raw'").fetchall():
            _maak_schema(con)
        erbij, eraf = _werk_rijen_bij(con, huis, [b for b in bewijzen if b.is_geaccepteerd])
        for naam, kolommen in KLEINE_TABELLEN.items():
            con.execute(f"DELETE FROM raw.{naam}")
            _voeg_toe(con, naam, kolommen, klein[naam])
        controleer_tellingen(con, [b for b in bewijzen if b.is_geaccepteerd])
        con.execute("COMMIT")
    return erbij, eraf


def _ruim_bouwsel_op(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what an earlier build made: a model that no longer exists must not live on in its table."""
    schemas = con.execute("SELECT DISTINCT schema_name FROM duckdb_schemas() WHERE NOT internal").fetchall()
    for (schema,) in schemas:
        if schema not in _EIGEN_SCHEMAS:
            con.execute(f'DROP SCHEMA "{schema}" CASCADE')


def _maak_schema(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE SCHEMA raw")
    for naam, kolommen in alle_tabellen().items():
        con.execute(maak_sql(naam, kolommen))
    con.execute("INSERT INTO raw.schemaversie VALUES (?)", [SCHEMA_VERSIE])


def _werk_rijen_bij(
    con: duckdb.DuckDBPyConnection, huis: Huis, geaccepteerd: Sequence[Ontvangstbewijs]
) -> tuple[int, int]:
    gewenst = {(b.levering_id, b.deurversie): b for b in geaccepteerd}
    geladen = set(con.execute("SELECT levering_id, deurversie FROM raw.geladen").fetchall())
    weg = [levering for levering, _ in sorted(geladen - gewenst.keys())]
    nieuw = [gewenst[s] for s in sorted(gewenst.keys() - geladen)]
    _verwijder(con, weg, alles=bool(weg) and len(weg) == len(geladen))
    for bericht, kolommen in RIJTABELLEN.items():
        paden = [validated_pad(huis, b) for b in nieuw if b.sleutel.bericht is bericht and b.rijen.geaccepteerd]
        _eis_aanwezig(paden, "goedgekeurde")
        if paden:
            namen = ", ".join(kolommen)
            con.execute(
                f"INSERT INTO raw.{bericht.value} ({namen}) SELECT {namen} FROM read_parquet(?)",
                [[str(p) for p in paden]],
            )
    _laad_quarantaine(con, huis, nieuw)
    rijen = [(b.levering_id, b.sleutel.bericht.value, b.deurversie) for b in nieuw]
    _voeg_toe(con, "geladen", alle_tabellen()["geladen"], rijen)
    return len(nieuw), len(weg)


def _eis_aanwezig(paden: Sequence[Path], wat: str) -> None:
    if ontbreekt := [p for p in paden if not p.exists()]:
        raise InvariantFout(
            f"{len(ontbreekt)} bestanden met {wat} rijen ontbreken (eerste: {ontbreekt[0].name}). "
            "Draai `regiomonitor replay`: die maakt ze opnieuw uit het archief."
        )


def _laad_quarantaine(con: duckdb.DuckDBPyConnection, huis: Huis, nieuw: Sequence[Ontvangstbewijs]) -> None:
    """Append what could be read of refused claim lines; a masked or unreadable cell becomes NULL."""
    paden = [quarantainepad(huis, b) for b in nieuw if b.sleutel.bericht in CLAIMS and b.rijen.quarantaine]
    _eis_aanwezig(paden, "geweigerde")
    if not paden:
        return
    con.execute(
        f"""
        INSERT INTO raw.{QUARANTAINE} ({", ".join(QUARANTAINEKOLOMMEN)})
        SELECT
            levering_id, gemeente, leveringsmaand, rij,
            aanbieder_agb_gelezen,
            nullif(referentienummer, ?),
            productcategorie_gelezen, nullif(productcode, ?),
            try_cast(productperiode_begin_gelezen AS DATE), try_cast(productperiode_eind_gelezen AS DATE),
            eenheid_gelezen,
            try_cast(try_cast(ingediend_bedrag_gelezen AS DECIMAL(18, 4)) AS BIGINT),
            upper(debet_credit_gelezen), lower(status_gelezen)
        FROM read_parquet(?, union_by_name = true)
        """,
        [GEMASKEERD, GEMASKEERD, [str(p) for p in paden]],
    )


def _verwijder(con: duckdb.DuckDBPyConnection, leveringen: Sequence[str], *, alles: bool) -> None:
    if not leveringen:
        return
    for tabel in (*(b.value for b in RIJTABELLEN), QUARANTAINE, "geladen"):
        if alles:
            con.execute(f"TRUNCATE raw.{tabel}")
        else:
            con.execute(f"DELETE FROM raw.{tabel} WHERE levering_id IN (SELECT unnest(?))", [list(leveringen)])


def _voeg_toe(con: duckdb.DuckDBPyConnection, naam: str, kolommen: Kolommen, rijen: Sequence[tuple[Any, ...]]) -> None:
    """Insert Python rows in one statement: row by row costs a hundred times as much."""
    if not rijen:
        return
    lijsten = [list(kolom) for kolom in zip(*rijen, strict=True)]
    namen = ", ".join(kolommen)
    waarden = ", ".join(f"unnest(?::{t}[])" for t in kolommen.values())
    con.execute(f"INSERT INTO raw.{naam} ({namen}) SELECT {waarden}", lijsten)


def controleer_tellingen(con: duckdb.DuckDBPyConnection, geaccepteerd: Iterable[Ontvangstbewijs]) -> None:
    """Raise InvariantFout when rows or cents in the raw tables differ from any receipt, either way (SPEC 4)."""
    verwacht: dict[Bericht, dict[str, tuple[int, int]]] = defaultdict(dict)
    for b in geaccepteerd:
        if b.rijen.geaccepteerd or b.bedrag_cent.geaccepteerd:
            verwacht[b.sleutel.bericht][b.levering_id] = (b.rijen.geaccepteerd, b.bedrag_cent.geaccepteerd)
    for bericht in RIJTABELLEN:
        gevonden = {
            levering: (rijen, int(cent))
            for levering, rijen, cent in con.execute(
                f"SELECT levering_id, count(*), coalesce(sum({CONTRACTEN[bericht].geld_bewaard or 0}), 0) "
                f"FROM raw.{bericht.value} GROUP BY levering_id"
            ).fetchall()
        }
        anders = sorted(
            levering
            for levering in verwacht[bericht].keys() | gevonden.keys()
            if verwacht[bericht].get(levering) != gevonden.get(levering)
        )
        if anders:
            eerste = anders[0]
            raise InvariantFout(
                f"raw.{bericht.value}: {len(anders)} leveringen wijken af van hun ontvangstbewijs; eerste: levering "
                f"{eerste}, verwacht {_toon(verwacht[bericht].get(eerste))}, gevonden {_toon(gevonden.get(eerste))}. "
                "Er is niets geladen. Draai `regiomonitor replay`; blijft het, dan zit de fout in de deur of de lader."
            )


def _toon(telling: tuple[int, int] | None) -> str:
    return "niets" if telling is None else f"{telling[0]} rijen en {telling[1]} cent"


def kleine_tabellen(
    catalogus: Catalogus,
    bewijzen: Sequence[Ontvangstbewijs],
    *,
    peilmoment: dt.datetime,
    publicatie: PublicatieGegevens,
    kalender: Sequence[KalenderRij],
) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of the tables made anew at every load, in the order of their columns; nothing after `peilmoment`."""
    bekend = sorted((b for b in bewijzen if b.ontvangen_op <= peilmoment), key=lambda b: (b.sleutel, b.levering_id))
    return {
        "leveringen": _leveringen(catalogus, bekend, peilmoment),
        "bevindingen": [
            (b.levering_id, v.regel_code, v.ernst.value, v.n_rijen, v.n_gecontroleerd)
            for b in bekend
            for v in b.bevindingen
        ],
        "leveringskalender": [
            (
                k.gemeente,
                k.bericht.value,
                k.maand.eerste_dag,
                k.status.value,
                k.uiterste_datum,
                k.respijt_tot,
                k.levering_id,
                k.dagen_te_laat,
                k.is_verplicht,
                k.reden,
            )
            for k in kalender
        ],
        "kalender": list(werkdagen_reeks(KALENDER_VAN, KALENDER_TOT)),
        "publicatie": [
            (
                publicatie.publicatie_id,
                _kaal(publicatie.peilmoment),
                _kaal(publicatie.gemaakt_op),
                publicatie.codeversie,
                publicatie.seedversie,
                publicatie.deurversie,
                publicatie.n_leveringen,
                publicatie.reeks,
            )
        ],
    }


def _kaal(moment: dt.datetime) -> dt.datetime:
    """UTC without zone, as TIMESTAMP columns hold it."""
    return als_utc(moment).replace(tzinfo=None)


def _versies(bewijzen: Iterable[Ontvangstbewijs]) -> dict[str, int]:
    """Rank by arrival, then hash, among all distinct contents of a key, refused ones too."""
    per_sleutel: dict[Sleutel, list[Ontvangstbewijs]] = defaultdict(list)
    for b in bewijzen:
        per_sleutel[b.sleutel].append(b)
    return {
        b.levering_id: nummer
        for bb in per_sleutel.values()
        for nummer, b in enumerate(sorted(bb, key=lambda b: (b.ontvangen_op, b.sha256)), start=1)
    }


def _leveringen(
    catalogus: Catalogus, bekend: Sequence[Ontvangstbewijs], peilmoment: dt.datetime
) -> list[tuple[Any, ...]]:
    staand = {b.levering_id for b in geldende(bekend, peilmoment).values()}
    versies = _versies(bekend)
    uit = []
    for b in bekend:
        s = b.sleutel
        afspraak = catalogus.afspraak(s.gemeente, s.bericht, s.maand)
        uit.append(
            (
                b.levering_id,
                s.gemeente,
                s.bericht.value,
                s.maand.eerste_dag,
                b.sha256,
                b.bytes,
                b.bestandsnaam,
                _kaal(b.ontvangen_op),
                lokale_dag(b.ontvangen_op),
                _kaal(b.verwerkt_op),
                b.status.value,
                b.is_geaccepteerd,
                b.levering_id in staand,
                versies[b.levering_id],
                b.soort,
                b.bedrag_eenheid,
                afspraak.versies if afspraak else "alle",
                b.rijen_in_bestand,
                sum(b.niet_data.values()),
                b.rijen.ontvangen,
                b.rijen.geaccepteerd,
                b.rijen.quarantaine,
                b.bedrag_cent.ontvangen,
                b.bedrag_cent.geaccepteerd,
                b.bedrag_cent.quarantaine,
                b.inhoud_hash,
                b.deurversie,
                b.codeversie,
            )
        )
    return uit
