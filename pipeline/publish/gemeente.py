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

from pipeline.publish.bescherming_tabellen import VLAG
from pipeline.publish.openbaar import OPENBAAR
from pipeline.publish.schrijven import OPSLAGVERSIE, schone_verbinding, schrijf_tabellen, tekst
from pipeline.publish.woordenboek import INTERN, WOORDENBOEK, Editie, Tabel
from pipeline.werkproces import Werkproces, WerkprocesFout

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


def eigen_rijen(tabel: Tabel, gemeente: str) -> str:
    """Return the query for what `gemeente` gets of `tabel`, from the editions attached as `intern` and `openbaar`.

    `tabel` is described as in the public edition. A table that is about no gebied is as the public sees it.
    """
    namen = {k.naam for k in tabel.kolommen}
    gebied = next((k for k in _GEBIED if k in namen), None)
    openbaar = f"SELECT {_kolommen(namen, tabel)} FROM openbaar.{tabel.naam}"
    if gebied is None or tabel.naam == WOORDENBOEK:
        return openbaar
    # the flag says what was left out, and of its own figures nothing is
    eigen = f"SELECT {_kolommen(namen - {VLAG}, tabel)} FROM intern.{tabel.naam}"
    return f"{eigen} WHERE {gebied} = '{gemeente}' UNION ALL {openbaar} WHERE {gebied} = '{_REGIO}'"


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
    with ThreadPoolExecutor(2) as tegelijk:
        for klaar in [tegelijk.submit(_schrijf_gemeente, pad, tabellen, code) for code in codes]:
            klaar.result()


def _schrijf_gemeente(pad: Path, tabellen: Sequence[Tabel], gemeente: str) -> None:
    """Write the marts.duckdb of one gemeente, in memory of its own: nothing of another may be left in its file.

    Its rows come from the two editions that are there, and stand in their order.
    """
    map_ = pad / gemeente_editie(gemeente).naam
    map_.mkdir(parents=True)
    with schone_verbinding() as con:
        for soort in (INTERN.naam, OPENBAAR.naam):
            con.execute(f"ATTACH '{tekst(pad / soort / 'marts.duckdb')}' AS {soort} (READ_ONLY)")
        uit = f"STORAGE_VERSION '{OPSLAGVERSIE}', BLOCK_SIZE {_BLOK_BYTES}"
        con.execute(f"ATTACH '{tekst(map_ / 'marts.duckdb')}' AS uit ({uit})")
        schrijf_tabellen(con, [(t, eigen_rijen(t, gemeente)) for t in tabellen])
        con.execute("CHECKPOINT uit")
        con.execute("DETACH uit")
    sluit_af(map_)
