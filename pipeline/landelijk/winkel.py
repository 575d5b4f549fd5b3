"""The shared store: a DuckLake with its catalogue in PostgreSQL, or in a file for one machine.

Lives here: opening it to read or to write, one writer at a time, and what is said when that fails. Nothing is
downloaded: the extensions of DuckDB are loaded from the packages of the extra `landelijk`. Keep out: what is in it
(delen.py).
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import duckdb

from pipeline.domain.fouten import RunFout
from pipeline.proces.slot import slot_op
from pipeline.publish.schrijven import tekst
from pipeline.publish.vrijgave import fsync
from pipeline.settings import InstellingFout, Settings, Winkelplek

WINKEL = "winkel"
"""What the store is called in a connection; in PostgreSQL also the schema of its catalogue."""
WACHT_SECONDEN = 120
"""How long a region waits for its turn to write; sharing takes a second."""
MERK = "winkel.txt"
"""File in the folder of the store that says of which catalogue it is."""
_POSTGRES = "postgres:"
_BEURT = 5_417_264
"""Number of the advisory lock: everybody who writes in this store takes the same."""
_OPNIEUW = 100
"""How often DuckLake tries a commit again that collided with somebody who does not take turns."""
_TERUGKIJKEN = "1 day"
"""How long a reader that began may go on reading what was withdrawn or cleared away since."""
_UMASK = 0o007


class WinkelFout(RunFout):
    """The shared store cannot be read or written; what was in it is in it still, whole."""


def eis_winkel(settings: Settings) -> Winkelplek:
    """Return where the store is; InstellingFout when none is configured."""
    if settings.winkel is None:
        raise InstellingFout(
            "Er is geen gedeelde winkel. Zet REGIOMONITOR_WINKEL op de catalogus (docs/landelijk.md zegt hoe)."
        )
    return settings.winkel


@contextmanager
def schrijf(plek: Winkelplek) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the store as `winkel` when it is our turn, in a transaction that is committed at the end; make it if needed.

    The turn comes first: DuckLake numbers its snapshots from what a transaction saw when it began, and in PostgreSQL
    two that began together collide, or miss that they conflict (ducklake issues 1094, 1283). Raises WinkelFout.
    """
    gegevens = Path(plek.gegevens)
    with _verbinding(plek) as con, _ook_van_anderen(), _om_beurten(plek, con):
        _maak_vast(plek, con, f"{_pad(plek)}, DATA_INLINING_ROW_LIMIT 0")
        _eis_eigen_map(plek, con, maak=True)
        con.execute(f"SET ducklake_max_retry_count = {_OPNIEUW}")
        was = set(gegevens.rglob("*"))
        with _transactie(con):
            yield con
            # a power cut would leave names of nothing: on disk before the catalogue says that it is there
            for pad in {p for nieuw in set(gegevens.rglob("*")) - was for p in (nieuw, nieuw.parent)}:
                fsync(pad)
        _houd_schoon(con)


@contextmanager
def lees(plek: Winkelplek, bestand: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the store as `winkel` for reading, at one snapshot: every query sees the same whole publications.

    Readers take no turns and are in nobody's way. `bestand`: the file that the connection is of; without it memory.
    """
    with _verbinding(plek, bestand) as con:
        _maak_vast(plek, con, f"READ_ONLY, {_pad(plek)}")
        _eis_eigen_map(plek, con)
        (nu,) = con.execute(f"SELECT max(snapshot_id) FROM ducklake_snapshots('{WINKEL}')").fetchall()[0]
        con.execute(f"DETACH {WINKEL}")
        _maak_vast(plek, con, f"READ_ONLY, SNAPSHOT_VERSION {nu}, {_pad(plek)}")
        yield con


@contextmanager
def _verbinding(plek: Winkelplek, bestand: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB with the extensions in it, and turn what goes wrong with the store into one sentence."""
    con = duckdb.connect(str(bestand or ":memory:"))
    try:
        for instelling in ("autoinstall_known_extensions", "autoload_known_extensions"):
            con.execute(f"SET GLOBAL {instelling} = false")
        for naam in ("ducklake", "postgres_scanner" if _is_postgres(plek) else "sqlite_scanner"):
            con.execute(f"LOAD '{tekst(_uitbreiding(naam))}'")
        yield con
    except (duckdb.Error, OSError) as fout:
        raise WinkelFout(_zin(plek, fout)) from None
    finally:
        con.close()


def _uitbreiding(naam: str) -> Path:
    """Return the file of an extension as its package brought it."""
    pakket = find_spec(f"duckdb_extension_{naam}")
    bestand = f"extensions/v{duckdb.__version__}/{naam}.duckdb_extension"
    mappen = (pakket and pakket.submodule_search_locations) or ()
    pad = next((p for m in mappen if (p := Path(m, bestand)).is_file()), None)
    if pad is None:
        raise InstellingFout(
            f"De uitbreiding {naam} van DuckDB {duckdb.__version__} ontbreekt; installeer "
            "`regiomonitor[landelijk]` uit requirements.lock."
        )
    return pad


def _pad(plek: Winkelplek) -> str:
    """Return the options that say where the Parquet is here: another region may have mounted the disk elsewhere."""
    return f"DATA_PATH '{tekst(plek.gegevens)}', OVERRIDE_DATA_PATH true"


def _is_postgres(plek: Winkelplek) -> bool:
    return plek.catalogus.startswith(_POSTGRES)


def _maak_vast(plek: Winkelplek, con: duckdb.DuckDBPyConnection, opties: str) -> None:
    if _is_postgres(plek):
        catalogus, eigen = plek.catalogus, f"METADATA_SCHEMA '{WINKEL}'"
    else:
        # write-ahead log: readers go on reading while somebody writes
        catalogus, eigen = f"sqlite:{plek.catalogus}", "META_JOURNAL_MODE 'WAL', META_BUSY_TIMEOUT 30000"
    con.execute(f"ATTACH 'ducklake:{tekst(catalogus)}' AS {WINKEL} ({opties}, {eigen})")


def _eis_eigen_map(plek: Winkelplek, con: duckdb.DuckDBPyConnection, *, maak: bool = False) -> None:
    """Refuse a folder that is not of this catalogue, by the mark in it; `maak`: a new catalogue marks an empty one.

    In a wrong folder (a mistyped path, a disk that is not mounted) nobody else finds what we write, and DuckLake clears
    away every Parquet file that its catalogue does not know.
    """
    gegevens = f"__ducklake_metadata_{WINKEL}.{WINKEL if _is_postgres(plek) else 'main'}"
    vraag = f"SELECT CAST(schema_uuid AS VARCHAR) FROM {gegevens}.ducklake_schema WHERE schema_name = 'main'"
    ((wie,),) = con.execute(vraag).fetchall()
    map_ = Path(plek.gegevens)
    if maak and not con.execute(f"SELECT 1 FROM duckdb_tables() WHERE database_name = '{WINKEL}'").fetchall():
        map_.mkdir(exist_ok=True, mode=0o777)
        if not any(map_.iterdir()):
            (map_ / MERK).write_text(f"{wie}\n", encoding="utf-8")
    if not (map_ / MERK).is_file() or (map_ / MERK).read_text(encoding="utf-8").strip() != wie:
        raise WinkelFout(
            f"{map_} is niet de map van deze winkel ({MERK} ontbreekt of is van een andere). Koppel de schijf aan of "
            "zet REGIOMONITOR_WINKEL_GEGEVENS goed; een nieuwe winkel begint met een lege map. Er is niets veranderd."
        )


@contextmanager
def _om_beurten(plek: Winkelplek, con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Wait for our turn to write, and keep it to the end. It ends with the process, also when that is killed."""
    if not _is_postgres(plek):
        pad = Path(plek.catalogus)
        with slot_op(pad.with_name(f"{pad.name}.slot"), WACHT_SECONDEN, waar="de winkel", rechten=0o660):
            yield
        return
    with con.cursor() as beurt:
        beurt.execute(f"ATTACH '{tekst(plek.catalogus.removeprefix(_POSTGRES))}' AS beurt (TYPE postgres)")
        with _transactie(beurt):
            for vraag in (
                f"select set_config('lock_timeout', '{WACHT_SECONDEN}s', true)",
                f"select pg_advisory_xact_lock({_BEURT})::text",
            ):
                beurt.execute(f"SELECT * FROM postgres_query('beurt', '{tekst(vraag)}')").fetchall()
            yield


@contextmanager
def _transactie(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit at the end, or roll back here: closing a connection to a PostgreSQL that is gone would end the process."""
    con.execute("BEGIN")
    try:
        yield
        con.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):
            con.execute("ROLLBACK")
        raise


def _houd_schoon(con: duckdb.DuckDBPyConnection) -> None:
    """Let DuckLake forget old snapshots and delete the files that only those needed, or that a killed process left."""
    con.execute(f"CALL ducklake_merge_adjacent_files('{WINKEL}', 'publicaties', schema => 'landelijk')")
    for wat in ("expire_snapshots", "cleanup_old_files", "delete_orphaned_files"):
        con.execute(f"CALL ducklake_{wat}('{WINKEL}', older_than => now() - INTERVAL '{_TERUGKIJKEN}')")


@contextmanager
def _ook_van_anderen() -> Iterator[None]:
    """Leave what is written to the group too: every region reads it, and clears away what nobody needs any more."""
    was = os.umask(_UMASK)
    try:
        yield
    finally:
        os.umask(was)


_VOL = (
    os.strerror(errno.ENOSPC),
    os.strerror(errno.EDQUOT),
    os.strerror(errno.EFBIG),
    "disk is full",
    "disk I/O error",
)
_ZINNEN = (
    ("lock timeout", "Andere regio's zijn al te lang aan het delen; probeer het straks opnieuw."),
    (
        "explicitly disabled|unable to open database file",
        "De winkel is er nog niet: geen regio heeft gedeeld, of REGIOMONITOR_WINKEL wijst naar een verkeerde plek. "
        "Begin met `regiomonitor deel`.",
    ),
    (
        "DuckLake versions? .* supported|catalog version mismatch",
        "De catalogus van de winkel is van een andere versie van DuckLake dan deze installatie leest; breng het "
        "project op de versie die de andere regio's gebruiken.",
    ),
    (
        "|".join(map(re.escape, _VOL)),
        "Er is geen ruimte meer op de schijf van de winkel of haar catalogus. Maak ruimte en geef de opdracht opnieuw.",
    ),
    (
        "onnect|terminat|shutting down|starting up",
        "PostgreSQL met de catalogus van de winkel antwoordt niet. Kijk of het draait en of REGIOMONITOR_WINKEL klopt, "
        "en geef de opdracht opnieuw.",
    ),
    (
        "ermission denied|ead-?only",
        "In de winkel mag niet worden geschreven: geef deze regio rechten op de map en op de catalogus.",
    ),
    (
        re.escape(os.strerror(errno.ENOENT)),
        "Een map of bestand van de winkel is er niet. Maak de map, of zet REGIOMONITOR_WINKEL en "
        "REGIOMONITOR_WINKEL_GEGEVENS op de goede plek.",
    ),
)
HEEL = "In de winkel staat niets half."


def _zin(plek: Winkelplek, fout: Exception) -> str:
    """Say in one sentence what is wrong and what to do; never the connection string, which may hold a password."""
    melding = " ".join(str(fout).split())
    for patroon, zin in _ZINNEN:
        if re.search(patroon, melding):
            return f"{zin} {HEEL}"
    zonder = re.sub(r"password\s*=\s*\S+|//[^@\s]+@", "...", melding.replace(plek.catalogus, "..."))
    return f"De winkel gaf een onverwachte fout. {HEEL} Geef dit door aan wie het project onderhoudt: {zonder[:300]}"
