"""A real Apache Superset on what is published: database, dataset, chart, and a new publication under its feet."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.publish import huidige, rol_terug
from pipeline.settings import PROJECT, BsnReeks, Huis, Settings
from tests.afnemers.omgevingen import HIER, python_met
from tests.publish.conftest import Proefmarts

pytestmark = pytest.mark.slow
_GEDULD_SECONDEN = 300


@dataclass
class Superset:
    """A running server; every call is one of its REST API."""

    poort: int
    koppen: dict[str, str] = field(default_factory=dict)

    def vraag(self, methode: str, pad: str, inhoud: Any = None) -> Any:
        verbinding = http.client.HTTPConnection("127.0.0.1", self.poort, timeout=120)
        data = None if inhoud is None else json.dumps(inhoud)
        soort = {"Content-Type": "application/json"} if data else {}
        verbinding.request(methode, pad, data, self.koppen | soort)
        antwoord = verbinding.getresponse()
        tekst = antwoord.read()
        verbinding.close()
        assert antwoord.status < 300, f"{methode} {pad}: {antwoord.status} {tekst[:1000]!r}"
        return json.loads(tekst)

    def meld_aan(self, naam: str, wachtwoord: str) -> None:
        wie = {"username": naam, "password": wachtwoord, "provider": "db", "refresh": False}
        self.koppen["Authorization"] = f"Bearer {self.vraag('POST', '/api/v1/security/login', wie)['access_token']}"

    def is_op(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.poort), timeout=5).close()
        except OSError:
            return False
        return True


@pytest.fixture(scope="module")
def superset(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Superset]:
    bin_ = python_met(HIER / "superset" / "requirements.lock").parent
    thuis = tmp_path_factory.mktemp("superset")
    shutil.copyfile(HIER / "superset" / "superset_config.py", thuis / "superset_config.py")
    env = {**os.environ, "SUPERSET_CONFIG_PATH": str(thuis / "superset_config.py"), "SUPERSET_HOME": str(thuis)}
    env |= {"FLASK_APP": "superset", "SCARF_ANALYTICS": "false"}
    wachtwoord = secrets.token_hex(8)
    wie = ("--username", "analist", "--firstname", "A", "--lastname", "B", "--email", "a@regio.example")
    for opdracht in (("db", "upgrade"), ("fab", "create-admin", *wie, "--password", wachtwoord), ("init",)):
        klaar = subprocess.run([bin_ / "superset", *opdracht], env=env, cwd=thuis, capture_output=True, check=False)
        assert klaar.returncode == 0, (opdracht, klaar.stderr.decode()[-3000:])
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        poort = s.getsockname()[1]
    with (thuis / "server.log").open("w") as log:
        server = subprocess.Popen(
            [bin_ / "superset", "run", "--host", "127.0.0.1", "--port", str(poort)],
            env=env,
            cwd=thuis,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        s_ = Superset(poort)
        grens = time.monotonic() + _GEDULD_SECONDEN
        while not s_.is_op():
            assert server.poll() is None and time.monotonic() < grens, (thuis / "server.log").read_text()[-3000:]
            time.sleep(0.5)
        s_.meld_aan("analist", wachtwoord)
        yield s_
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture
def marts(tmp_path: Path) -> Proefmarts:
    huis = Huis(tmp_path / "huis")
    huis.maak()
    (tmp_path / "voorraad").mkdir()
    settings = Settings(huis=huis, seeds=PROJECT / "seeds", bsn_reeks=BsnReeks.SYNTHETISCH, sleutel_bron="")
    return Proefmarts(settings, Catalogus.load(PROJECT / "seeds"), tmp_path, tmp_path / "voorraad")


def _onze(huis: Huis) -> dict[str, float]:
    with duckdb.connect(str((huis.published / "intern" / "marts.duckdb").resolve()), read_only=True) as con:
        rijen = con.execute(
            "SELECT gebied_code, sum(teller)::DOUBLE FROM sturing.indicatoren "
            "WHERE indicator_id = 'kosten' GROUP BY ALL"
        ).fetchall()
    return dict(rijen)


def test_superset_sees_our_numbers_and_the_next_publication(superset: Superset, marts: Proefmarts) -> None:
    huis = marts.settings.huis
    een = marts.publiceer(1)
    # through the link, read-only; this is all that docs/afnemers.md asks of whoever sets it up
    database = superset.vraag(
        "POST",
        "/api/v1/database/",
        {
            "database_name": "regiomonitor",
            "sqlalchemy_uri": f"duckdb:///{huis.published}/intern/marts.duckdb",
            "extra": json.dumps({"engine_params": {"connect_args": {"read_only": True}}}),
        },
    )["id"]
    schemas = superset.vraag("GET", f"/api/v1/database/{database}/schemas/")["result"]
    assert {f"marts.{s}" for s in ("kosten", "kwaliteit", "meta", "sturing")} <= set(schemas)
    dataset = superset.vraag(
        "POST", "/api/v1/dataset/", {"database": database, "schema": "sturing", "table_name": "indicatoren"}
    )["id"]
    kolommen = superset.vraag("GET", f"/api/v1/dataset/{dataset}")["result"]["columns"]
    assert {"waarde", "dekking", "rijping"} <= {k["column_name"] for k in kolommen}
    vraag = {
        "datasource": {"id": dataset, "type": "table"},
        "queries": [
            {
                "columns": ["gebied_code"],
                "metrics": [{"expressionType": "SQL", "sqlExpression": "SUM(teller)", "label": "kosten"}],
                "filters": [{"col": "indicator_id", "op": "==", "val": "kosten"}],
            }
        ],
        "result_format": "json",
        "result_type": "full",
    }
    grafiek = superset.vraag(
        "POST",
        "/api/v1/chart/",
        {
            "slice_name": "Kosten per gebied",
            "viz_type": "table",
            "datasource_id": dataset,
            "datasource_type": "table",
            "params": json.dumps({"viz_type": "table", "datasource": f"{dataset}__table"}),
            "query_context": json.dumps(vraag),
        },
    )["id"]

    def getoond() -> dict[str, float]:
        [uitkomst] = superset.vraag("GET", f"/api/v1/chart/{grafiek}/data/?force=true")["result"]
        return {r["gebied_code"]: float(r["kosten"]) for r in uitkomst["data"]}

    eerst = getoond()
    assert eerst == _onze(huis)
    assert eerst["REGIO"] > 0

    marts.publiceer(
        2, "UPDATE sturing.indicatoren SET teller = teller * 1.1, waarde = teller * 1.1 WHERE indicator_id = 'kosten'"
    )
    daarna = getoond()
    assert daarna == _onze(huis)
    assert daarna != eerst

    rol_terug(marts.settings, een.publicatie_id)
    assert getoond() == eerst
    nu = huidige(marts.settings)
    assert nu is not None
    assert nu.publicatie_id == een.publicatie_id
    # reading left nothing behind in what is published
    assert not list(huis.publications.rglob("*.wal"))
