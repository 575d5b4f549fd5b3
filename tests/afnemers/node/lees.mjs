// Run by node beside its node_modules: say what a published file holds, as JSON, as lees.py does.
import { DuckDBInstance } from "@duckdb/node-api";

const instance = await DuckDBInstance.create(process.argv[2], { access_mode: "READ_ONLY" });
const con = await instance.connect();
const rows = async (sql) => (await con.runAndReadAll(sql)).getRowsJson();

const tabellen = {};
const omschrijvingen = {};
for (const [tabel, uitleg] of await rows(
  "SELECT schema_name || '.' || table_name, comment FROM duckdb_tables() ORDER BY 1",
)) {
  omschrijvingen[tabel] = uitleg;
  const kolommen = await rows(
    `SELECT column_name, data_type, comment FROM duckdb_columns() WHERE schema_name || '.' || table_name = '${tabel}'`,
  );
  for (const [kolom, , over] of kolommen) omschrijvingen[`${tabel}.${kolom}`] = over;
  const getallen = kolommen.filter(([, soort]) => /^(DECIMAL.*|INTEGER|BIGINT|DOUBLE)$/.test(soort)).map(([k]) => k);
  const velden = ["count(*)", ...getallen.map((k) => `sum("${k}")::VARCHAR`)];
  const [[n, ...waarden]] = await rows(`SELECT ${velden.join(", ")} FROM ${tabel}`);
  tabellen[tabel] = { n: Number(n), sommen: Object.fromEntries(getallen.map((k, i) => [k, waarden[i]])) };
}
const [[versie]] = await rows("SELECT version()");
console.log(JSON.stringify({ versie, tabellen, omschrijvingen }));
