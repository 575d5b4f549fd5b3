"""What every published table and column means: read from dbt's manifest, written into the files themselves.

Lives here: names, types, descriptions and units of what is published, and which types may be. Add here: a form in which
descriptions are handed out. Keep out: the descriptions; those stand beside the models in dbt_project/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.domain.fouten import RunFout

MARTSCHEMAS = ("sturing", "kosten", "kwaliteit", "meta", "openbaar")
WOORDENBOEK = "meta.woordenboek"
TABELRIJ = "*"
"""In meta.woordenboek the row with this `kolom` describes the table itself."""

TIJDVORM = "%Y-%m-%d %H:%M:%S.%f"
"""How an instant (UTC) stands in CSV; all six digits, or a reader of the first rows guesses another format."""

# a DECIMAL of up to 18 digits is a whole number of 8 bytes to every client, a wider one a float to many
_EENVOUDIG = re.compile(
    r"VARCHAR|BOOLEAN|SMALLINT|INTEGER|BIGINT|DOUBLE|DATE|TIMESTAMP|DECIMAL\((\d|1[0-8]),\d+\)",
)
_NAAM = re.compile(r"[a-z][a-z0-9_]*")
_FRICTIONLESS = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}


class KandidaatFout(RunFout):
    """What was built cannot be published as it is; the message names the tables and columns."""


@dataclass(frozen=True)
class Kolom:
    """One published column; `eenheid` may be empty. `verwijst`: its values are in the table whose key it bears."""

    naam: str
    type: str
    omschrijving: str
    eenheid: str
    verwijst: bool = True

    def als_frictionless(self) -> dict[str, Any]:
        """Field descriptor of a Frictionless table schema."""
        soort = _FRICTIONLESS.get(self.type, "number")
        veld: dict[str, Any] = {"name": self.naam, "type": soort, "description": self.omschrijving}
        if soort == "datetime":
            veld["format"] = TIJDVORM
        if self.eenheid:
            veld["unit"] = self.eenheid
        return veld


@dataclass(frozen=True)
class Tabel:
    """One published table; `naam` is `<schema>.<table>`, `sleutel` the columns of its grain."""

    naam: str
    omschrijving: str
    kolommen: tuple[Kolom, ...]
    sleutel: tuple[str, ...] = ()

    @classmethod
    def van_dict(cls, d: Mapping[str, Any]) -> Tabel:
        """Read what `asdict` gave, from JSON."""
        kolommen = tuple(Kolom(**k) for k in d["kolommen"])
        return cls(d["naam"], d["omschrijving"], kolommen, tuple(d["sleutel"]))


@dataclass(frozen=True)
class Editie:
    """A set of tables for one audience. `naam` is its folder (`intern`, `gemeente/GM0153`).

    `toegang`: PUBLIC, RESTRICTED or NON_PUBLIC, from the EU list of access rights. `gebied`: the one gemeente it is of.
    """

    naam: str
    titel: str
    omschrijving: str
    toegang: str
    gebied: str | None = None


INTERN = Editie(
    "intern",
    "Regiomonitor jeugdzorg: cijfers voor de eigen analisten van de regio",
    "Alle cijfers onverkort, ook over kleine aantallen jeugdigen; alleen voor analisten van de regio.",
    "NON_PUBLIC",
)


_EIGEN = Tabel(
    WOORDENBOEK,
    "Wat elke gepubliceerde tabel en kolom betekent; een rij per kolom, en per tabel een rij met kolom '*'.",
    (
        Kolom("publicatie_id", "VARCHAR", "Publicatie waartoe deze rij behoort.", ""),
        Kolom("tabel", "VARCHAR", "Schema en naam van de tabel.", ""),
        Kolom("kolom", "VARCHAR", "Naam van de kolom; '*' is de tabel zelf.", ""),
        Kolom("volgnummer", "INTEGER", "Plaats van de kolom in de tabel; 0 is de tabel zelf.", ""),
        Kolom("type", "VARCHAR", "Gegevenstype in DuckDB.", ""),
        Kolom("omschrijving", "VARCHAR", "Wat er in de kolom staat.", ""),
        Kolom("eenheid", "VARCHAR", "Eenheid van de waarde; leeg waar die er niet is.", ""),
    ),
    ("tabel", "kolom"),
)


def lees_manifest(manifest: Path | Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the models of the mart schemas by `<schema>.<table>`, each with its grain as `sleutel`."""
    inhoud = json.loads(manifest.read_text(encoding="utf-8")) if isinstance(manifest, Path) else manifest
    sleutels = _sleutels(inhoud)
    return {
        f"{n['schema']}.{n.get('alias') or n['name']}": n | {"sleutel": sleutels.get(node, ())}
        for node, n in inhoud["nodes"].items()
        if n["resource_type"] == "model" and n["schema"] in MARTSCHEMAS
    }


def _sleutels(manifest: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The grain by the id of the model: what its test `unique_combination` says occurs once."""
    return {
        n["attached_node"]: tuple(n["test_metadata"]["kwargs"]["kolommen"])
        for n in manifest["nodes"].values()
        if n["resource_type"] == "test" and (n.get("test_metadata") or {}).get("name") == "unique_combination"
    }


def beschrijf(con: duckdb.DuckDBPyConnection, database: str, manifest: Path | Mapping[str, Any]) -> list[Tabel]:
    """Describe every mart of the attached `database`, with the dictionary itself, ordered by name.

    Raises KandidaatFout, all complaints in one message: a mart of the manifest that was not built, a table nobody
    described, a column without description, without publicatie_id or of a type that not every client reads.
    """
    modellen = lees_manifest(manifest)
    gebouwd: dict[str, list[tuple[str, str]]] = {}
    for schema, tabel, kolom, soort in con.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = ? AND schema_name IN (SELECT unnest(?)) ORDER BY schema_name, table_name, column_index",
        [database, list(MARTSCHEMAS)],
    ).fetchall():
        gebouwd.setdefault(f"{schema}.{tabel}", []).append((kolom, soort))
    klachten = [f"{t} staat in het dbt-project maar is niet gebouwd" for t in sorted(modellen.keys() - gebouwd.keys())]
    klachten += [
        f"{t} is gebouwd maar geen model van het dbt-project" for t in sorted(gebouwd.keys() - modellen.keys())
    ]
    tabellen = [_tabel(t, gebouwd[t], modellen[t]) for t in sorted(gebouwd.keys() & modellen.keys())] + [_EIGEN]
    klachten += [k for t in tabellen for k in _klachten(t)]
    if klachten:
        raise KandidaatFout("De marts kunnen zo niet worden gepubliceerd:\n  - " + "\n  - ".join(klachten))
    return sorted(tabellen, key=lambda t: t.naam)


def _tabel(naam: str, kolommen: Iterable[tuple[str, str]], model: Mapping[str, Any]) -> Tabel:
    bekend = {k.lower(): v for k, v in model.get("columns", {}).items()}
    return Tabel(
        naam,
        _netjes(model.get("description")),
        tuple(
            Kolom(
                k,
                t,
                _netjes(bekend.get(k.lower(), {}).get("description")),
                str(_meta(bekend.get(k.lower(), {})).get("eenheid") or ""),
                verwijst=_meta(bekend.get(k.lower(), {})).get("verwijst") is not False,
            )
            for k, t in kolommen
        ),
        model["sleutel"],
    )


def _netjes(tekst: str | None) -> str:
    return " ".join((tekst or "").split())


def _meta(kolom: Mapping[str, Any]) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = kolom.get("meta") or (kolom.get("config") or {}).get("meta") or {}
    return meta


def _klachten(tabel: Tabel) -> list[str]:
    uit = [] if tabel.omschrijving else [f"{tabel.naam} heeft geen omschrijving"]
    if "publicatie_id" not in {k.naam for k in tabel.kolommen}:
        uit.append(f"{tabel.naam} heeft geen kolom publicatie_id")
    uit += [
        f"{tabel.naam}: de naam {n} past niet in elke client; kleine letters, cijfers en _"
        for n in (*tabel.naam.split("."), *(k.naam for k in tabel.kolommen))
        if not _NAAM.fullmatch(n)
    ]
    for k in tabel.kolommen:
        if not k.omschrijving:
            uit.append(f"{tabel.naam}.{k.naam} heeft geen omschrijving")
        if not _EENVOUDIG.fullmatch(k.type):
            uit.append(f"{tabel.naam}.{k.naam} is van type {k.type}, dat niet elke client leest: zet het om")
    return uit


def rijen(tabellen: Iterable[Tabel], publicatie_id: str) -> list[tuple[str, str, str, int, str, str, str | None]]:
    """Rows of meta.woordenboek."""
    uit: list[tuple[str, str, str, int, str, str, str | None]] = []
    for t in tabellen:
        uit.append((publicatie_id, t.naam, TABELRIJ, 0, "TABLE", t.omschrijving, None))
        uit += [
            (publicatie_id, t.naam, k.naam, i, k.type, k.omschrijving, k.eenheid or None)
            for i, k in enumerate(t.kolommen, start=1)
        ]
    return uit
