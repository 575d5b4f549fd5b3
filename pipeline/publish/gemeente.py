"""The edition of one gemeente: its own rows of the internal tables in full, and the public tables.

Lives here: which rows a gemeente gets, in which file. Add here: a table whose rows belong to a gemeente by another
column; what of an internal table is about the regio as a whole. Keep out: how a file is written (schrijven.py), what is
public (openbaar.py). How it is handed out: docs/bescherming.md.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import duckdb

from pipeline.proces.werkproces import Werkproces, WerkprocesFout
from pipeline.publish.openbaar import OPENBAAR
from pipeline.publish.schrijven import OPSLAGVERSIE, rijen_van, schone_verbinding, schrijf_tabellen, tekst
from pipeline.publish.woordenboek import INTERN, Editie, Tabel

MAP = "gemeente"
BESTAND_RECHTEN = stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP
MAP_RECHTEN = stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP
"""0640 and 0750: the owner and who was put in its group."""
_BLOK_BYTES = 16_384
"""Smaller than usual: of many small tables the file is a third of the size, and written sooner."""
_GEBIED = ("gebied_code", "gemeente")
_VAN_DE_REGIO = frozenset({"regiokosten_eur"})
"""Columns that say the same of the regio in the row of every gemeente."""
_ALLEEN_INTERN = frozenset({"kosten.aanbieders"})


def gemeente_editie(gemeente: str) -> Editie:
    """Describe the edition of `gemeente`, a code (GM....)."""
    return Editie(
        f"{MAP}/{gemeente}",
        f"Regiomonitor jeugdzorg: cijfers van {gemeente}",
        "De eigen cijfers van de gemeente onverkort, ook over kleine aantallen jeugdigen, naast wat iedereen ziet. "
        "Alleen voor deze gemeente.",
        "RESTRICTED",
        gemeente,
    )


def gemeenten(con: duckdb.DuckDBPyConnection, tabellen: Sequence[Tabel]) -> list[str]:
    """Return the codes of the gemeenten that have figures in the marts attached to `con` as `bron`."""
    if "sturing.indicatoren" not in {t.naam for t in tabellen}:
        return []
    rijen = con.execute(
        "SELECT DISTINCT gebied_code FROM bron.sturing.indicatoren WHERE gebied_soort = 'gemeente' ORDER BY gebied_code"
    ).fetchall()
    return [code for (code,) in rijen]


def eigen_tabellen(intern: Sequence[Tabel], openbaar: Sequence[Tabel]) -> list[Tabel]:
    """Return the internal tables of which a gemeente has rows of its own, without what is of the regio as a whole.

    A table that everybody gets whole is not among them.
    """
    publiek = {t.naam for t in openbaar}
    return [
        replace(t, kolommen=tuple(k for k in t.kolommen if k.naam not in _VAN_DE_REGIO))
        for t in intern
        if t.naam not in publiek and t.naam not in _ALLEEN_INTERN and _gebied(t) is not None
    ]


def eigen_rijen(tabel: Tabel, gemeente: str) -> str:
    """Return the query for the own rows of `gemeente`, from the edition attached as `intern`."""
    kolommen = ", ".join(f'"{k.naam}"' for k in tabel.kolommen)
    return f"SELECT {kolommen} FROM intern.{tabel.naam} WHERE {_gebied(tabel)} = '{gemeente}'"


def _gebied(tabel: Tabel) -> str | None:
    namen = {k.naam for k in tabel.kolommen}
    return next((k for k in _GEBIED if k in namen), None)


def sluit_af(map_: Path) -> None:
    """Leave the files of an edition to its owner and its group."""
    map_.chmod(MAP_RECHTEN)
    for pad in map_.rglob("*"):
        pad.chmod(MAP_RECHTEN if pad.is_dir() else BESTAND_RECHTEN)


def schrijf_gemeenten(
    pad: Path,
    openbaar: Sequence[Tabel],
    intern: Sequence[Tabel],
    codes: Sequence[str],
    publicatie_id: str,
    werker: Werkproces | None = None,
) -> None:
    """Write the edition of every gemeente in `codes` into candidate `pad`, beside the two editions that are there.

    With a `werker` (werker.py) the work happens there; if that fails to answer, here.
    """
    if werker is not None:
        vraag = {"gemeenten": list(codes), "pad": str(pad), "publicatie_id": publicatie_id}
        lijsten = {"openbaar": [asdict(t) for t in openbaar], "intern": [asdict(t) for t in intern]}
        try:
            werker.vraag(vraag | lijsten)
        except WerkprocesFout:
            shutil.rmtree(pad / MAP, ignore_errors=True)
        else:
            return
    if not codes:
        return
    eigen = eigen_tabellen(intern, openbaar)
    basis = pad / MAP / ".basis.duckdb"
    _schrijf_basis(pad, openbaar, eigen, publicatie_id, basis)
    with ThreadPoolExecutor(2) as tegelijk:
        for klaar in [tegelijk.submit(_schrijf_gemeente, pad, eigen, code, basis) for code in codes]:
            klaar.result()
    basis.unlink()


def _schrijf_basis(
    pad: Path, openbaar: Sequence[Tabel], eigen: Sequence[Tabel], publicatie_id: str, doel: Path
) -> None:
    """Write what the file of every gemeente begins with: the public tables, its own empty, and what all of it means."""
    doel.parent.mkdir(parents=True)
    with schone_verbinding(pad / OPENBAAR.naam / "marts.duckdb") as con:
        con.execute(f"ATTACH '{tekst(pad / INTERN.naam / 'marts.duckdb')}' AS intern (READ_ONLY)")
        uit = f"STORAGE_VERSION '{OPSLAGVERSIE}', BLOCK_SIZE {_BLOK_BYTES}"
        con.execute(f"ATTACH '{tekst(doel)}' AS uit ({uit})")
        alles = sorted([*openbaar, *eigen], key=lambda t: t.naam)
        schrijf_tabellen(
            con,
            [(t, eigen_rijen(t, "") if t in eigen else rijen_van(con, t, alles, publicatie_id)) for t in alles],
        )
        con.execute("CHECKPOINT uit")
        con.execute("DETACH uit")


def _schrijf_gemeente(pad: Path, eigen: Sequence[Tabel], gemeente: str, basis: Path) -> None:
    """Write the marts.duckdb of one gemeente, in memory of its own: nothing of another may be left in its file.

    A copy of `basis`, with the rows of the gemeente in the order of the internal edition.
    """
    map_ = pad / gemeente_editie(gemeente).naam
    map_.mkdir()
    shutil.copyfile(basis, map_ / "marts.duckdb")
    with schone_verbinding() as con:
        con.execute(f"ATTACH '{tekst(pad / INTERN.naam / 'marts.duckdb')}' AS intern (READ_ONLY)")
        con.execute(f"ATTACH '{tekst(map_ / 'marts.duckdb')}' AS uit")
        con.execute("BEGIN")
        for tabel in eigen:
            con.execute(f"INSERT INTO uit.{tabel.naam} {eigen_rijen(tabel, gemeente)}")
        con.execute("COMMIT")
        con.execute("CHECKPOINT uit")
        con.execute("DETACH uit")
    sluit_af(map_)
