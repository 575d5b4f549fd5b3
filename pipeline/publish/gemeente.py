"""The edition of one gemeente: its own figures in full, the region's as the public sees them, and nobody else's.

Lives here: which rows a gemeente gets, in which file. Add here: a table whose rows belong to a gemeente by another
column. Keep out: how a file is written (schrijven.py), what of the region is hidden (bescherming*.py). How it is handed
out: docs/bescherming.md.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import duckdb

from pipeline.proces.werkproces import Werkproces, WerkprocesFout
from pipeline.publish.bescherming_tabellen import VLAG
from pipeline.publish.openbaar import OPENBAAR
from pipeline.publish.schrijven import OPSLAGVERSIE, schone_verbinding, schrijf_tabellen, tekst
from pipeline.publish.woordenboek import INTERN, WOORDENBOEK, Editie, Tabel

MAP = "gemeente"
BESTAND_RECHTEN = stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP
MAP_RECHTEN = stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP
"""0640 and 0750: the owner and who was put in its group."""
_BLOK_BYTES = 16_384
"""Smaller than usual: of many small tables the file is a third of the size, and written sooner."""
_GEBIED = ("gebied_code", "gemeente")
_REGIO = "REGIO"


def gemeente_editie(gemeente: str) -> Editie:
    """Describe the edition of `gemeente`, a code (GM....)."""
    return Editie(
        f"{MAP}/{gemeente}",
        f"Regiomonitor jeugdzorg: cijfers van {gemeente}",
        "De eigen cijfers van de gemeente onverkort, ook over kleine aantallen jeugdigen, naast die van de regio zoals "
        "ze openbaar zijn. Alleen voor deze gemeente.",
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


def publieke_rijen(tabel: Tabel) -> str:
    """Return the query for what every gemeente gets of `tabel`, from the edition attached as `openbaar`.

    The rows of the regio; all rows of a table that is about no gebied. `tabel` is described as in the public edition.
    """
    gebied = _gebied(tabel)
    waar = f" WHERE {gebied} = '{_REGIO}'" if gebied else ""
    return f"SELECT {_kolommen({k.naam for k in tabel.kolommen}, tabel)} FROM openbaar.{tabel.naam}{waar}"


def eigen_rijen(tabel: Tabel, gemeente: str) -> str | None:
    """Return the query for the own rows of `gemeente`, from the edition attached as `intern`; None: it has none."""
    gebied = _gebied(tabel)
    if gebied is None:
        return None
    # the flag says what was left out, and of its own figures nothing is
    er_zijn = {k.naam for k in tabel.kolommen} - {VLAG}
    return f"SELECT {_kolommen(er_zijn, tabel)} FROM intern.{tabel.naam} WHERE {gebied} = '{gemeente}'"


def _gebied(tabel: Tabel) -> str | None:
    namen = {k.naam for k in tabel.kolommen} if tabel.naam != WOORDENBOEK else set()
    return next((k for k in _GEBIED if k in namen), None)


def _kolommen(er_zijn: Collection[str], tabel: Tabel) -> str:
    return ", ".join(
        f'CAST("{k.naam}" AS {k.type}) AS "{k.naam}"' if k.naam in er_zijn else f'FALSE AS "{k.naam}"'
        for k in tabel.kolommen
    )


def sluit_af(map_: Path) -> None:
    """Leave the files of an edition to its owner and its group."""
    map_.chmod(MAP_RECHTEN)
    for pad in map_.rglob("*"):
        pad.chmod(MAP_RECHTEN if pad.is_dir() else BESTAND_RECHTEN)


def schrijf_gemeenten(
    pad: Path, tabellen: Sequence[Tabel], codes: Sequence[str], werker: Werkproces | None = None
) -> None:
    """Write the edition of every gemeente in `codes` into candidate `pad`, beside the two editions that are there.

    With a `werker` (werker.py) the work happens there; if that fails to answer, here.
    """
    if werker is not None:
        try:
            werker.vraag({"gemeenten": list(codes), "pad": str(pad), "tabellen": [asdict(t) for t in tabellen]})
        except WerkprocesFout:
            shutil.rmtree(pad / MAP, ignore_errors=True)
        else:
            return
    if not codes:
        return
    regio = pad / MAP / ".regio.duckdb"
    _schrijf_regio(pad, tabellen, regio)
    with ThreadPoolExecutor(2) as tegelijk:
        for klaar in [tegelijk.submit(_schrijf_gemeente, pad, tabellen, code, regio) for code in codes]:
            klaar.result()
    regio.unlink()


def _schrijf_regio(pad: Path, tabellen: Sequence[Tabel], doel: Path) -> None:
    """Write what the file of every gemeente begins with: the public rows, and what everything means."""
    doel.parent.mkdir(parents=True)
    with schone_verbinding() as con:
        con.execute(f"ATTACH '{tekst(pad / OPENBAAR.naam / 'marts.duckdb')}' AS openbaar (READ_ONLY)")
        uit = f"STORAGE_VERSION '{OPSLAGVERSIE}', BLOCK_SIZE {_BLOK_BYTES}"
        con.execute(f"ATTACH '{tekst(doel)}' AS uit ({uit})")
        schrijf_tabellen(con, [(t, publieke_rijen(t)) for t in tabellen])
        con.execute("CHECKPOINT uit")
        con.execute("DETACH uit")


def _schrijf_gemeente(pad: Path, tabellen: Sequence[Tabel], gemeente: str, regio: Path) -> None:
    """Write the marts.duckdb of one gemeente, in memory of its own: nothing of another may be left in its file.

    A copy of `regio`, and after its rows those of the gemeente in the order of the internal edition.
    """
    map_ = pad / gemeente_editie(gemeente).naam
    map_.mkdir()
    shutil.copyfile(regio, map_ / "marts.duckdb")
    with schone_verbinding() as con:
        con.execute(f"ATTACH '{tekst(pad / INTERN.naam / 'marts.duckdb')}' AS intern (READ_ONLY)")
        con.execute(f"ATTACH '{tekst(map_ / 'marts.duckdb')}' AS uit")
        con.execute("BEGIN")
        for tabel in tabellen:
            if (eigen := eigen_rijen(tabel, gemeente)) is not None:
                con.execute(f"INSERT INTO uit.{tabel.naam} {eigen}")
        con.execute("COMMIT")
        con.execute("CHECKPOINT uit")
        con.execute("DETACH uit")
    sluit_af(map_)
