"""Run by a Python that has nothing but some version of duckdb: say what a published file holds, as JSON."""

import json
import sys

import duckdb

con = duckdb.connect(sys.argv[1], read_only=True)
tabellen, omschrijvingen = {}, {}
for tabel, uitleg in con.execute(
    "SELECT schema_name || '.' || table_name, comment FROM duckdb_tables() ORDER BY 1"
).fetchall():
    omschrijvingen[tabel] = uitleg
    kolommen = con.execute(
        "SELECT column_name, data_type, comment FROM duckdb_columns() "
        "WHERE schema_name || '.' || table_name = ? ORDER BY column_index",
        [tabel],
    ).fetchall()
    omschrijvingen.update({f"{tabel}.{kolom}": uitleg for kolom, _, uitleg in kolommen})
    getallen = [
        k for k, soort, _ in kolommen if soort.startswith("DECIMAL") or soort in ("INTEGER", "BIGINT", "DOUBLE")
    ]
    sommen = ", ".join(f'sum("{k}")::VARCHAR' for k in getallen)
    [(n, *waarden)] = con.execute(f"SELECT count(*){', ' if getallen else ''}{sommen} FROM {tabel}").fetchall()
    tabellen[tabel] = {"n": n, "sommen": dict(zip(getallen, waarden, strict=True))}
print(json.dumps({"versie": duckdb.__version__, "tabellen": tabellen, "omschrijvingen": omschrijvingen}))
