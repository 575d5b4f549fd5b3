"""The proxy that is shipped, in a real nginx before Dagster's real web server: who may see and who may command.

Slow: it starts both. nginx is that of Debian (`make browser` installs it where it may).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from pipeline.settings import PROJECT
from tests.kleine_regio import maak_seeds
from tests.orchestration.hulp import Webserver, gestart, maak_dagster_home, vrije_poort, wacht

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not here; `make browser` installs it"),
]
NAAM = "regiomonitor.example.nl"
EIGEN = {"Origin": f"https://{NAAM}"}
LOGIN = ("analist", "een-lang-wachtwoord")
GEEN: Mapping[str, str] = {}
VRAAG = {"query": "{ version }"}
BEVEL = {"query": 'mutation { terminateRun(runId: "x") { __typename } }'}


@dataclass(frozen=True)
class Proxy:
    """Where nginx listens, and the certificate it shows."""

    poort: int
    certificaat: Path

    def vraag(
        self,
        hoe: str,
        pad: str,
        *,
        login: bool = True,
        naam: str = NAAM,
        headers: Mapping[str, str] = GEEN,
        **anders: Any,
    ) -> requests.Response:
        """Ask as a browser would that was led to `naam`."""
        return requests.request(
            hoe,
            f"https://127.0.0.1:{self.poort}{pad}",
            headers={"Host": naam, **headers},
            auth=LOGIN if login else None,
            verify=str(self.certificaat),
            timeout=30,
            allow_redirects=False,
            **anders,
        )

    def luistert(self) -> bool:
        try:
            return self.vraag("GET", "/").status_code > 0
        except requests.ConnectionError:
            return False


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """nginx with the shipped file, before a web server that only shows."""
    pad = tmp_path_factory.mktemp("proxy")
    env = {
        "REGIOMONITOR_HOME": str(pad / "data"),
        "REGIOMONITOR_SEEDS": str(maak_seeds(pad / "seeds", ("GM0141",))),
        "DAGSTER_HOME": str(maak_dagster_home(pad / "dagster")),
    }
    web = Webserver(["dagster_webserver", "--read-only", "--module-name", "pipeline.definitions"], env, pad / "web.log")
    with gestart(web):
        https = vrije_poort()
        conf = _instellingen(pad, https, web.poort)
        nginx = subprocess.Popen(["nginx", "-p", str(pad), "-e", str(pad / "fout.log"), "-c", str(conf)])
        try:
            proxy = Proxy(https, pad / "tls" / "certificaat.pem")
            wacht("nginx", proxy.luistert, geduld=30)
            yield proxy
        finally:
            nginx.terminate()
            nginx.wait(timeout=30)


def _instellingen(pad: Path, https: int, dagster: int) -> Path:
    """The shipped file as it is, but for where certificate, passwords and ports are."""
    tls = pad / "tls"
    tls.mkdir()
    wie = ("-subj", f"/CN={NAAM}", "-addext", "subjectAltName=IP:127.0.0.1")
    waar = ("-keyout", str(tls / "sleutel.pem"), "-out", str(tls / "certificaat.pem"))
    opdracht = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *wie, *waar]
    subprocess.run(opdracht, check=True, capture_output=True)
    hasj = subprocess.run(["openssl", "passwd", "-apr1", LOGIN[1]], check=True, capture_output=True, text=True).stdout
    (pad / "htpasswd").write_text(f"{LOGIN[0]}:{hasj}", encoding="utf-8")
    tekst = (PROJECT / "deploy" / "proxy" / "nginx.conf").read_text(encoding="utf-8")
    for van, naar in (
        ("/etc/regiomonitor/tls", str(tls)),
        ("/etc/nginx/regiomonitor.htpasswd", str(pad / "htpasswd")),
        ("127.0.0.1:3000", f"127.0.0.1:{dagster}"),
    ):
        assert van in tekst
        tekst = tekst.replace(van, naar)
    tekst, n = re.subn(r"listen 443 ", f"listen 127.0.0.1:{https} ", tekst)
    assert n == 2
    (pad / "site.conf").write_text(tekst, encoding="utf-8")
    tijdelijk = "".join(
        f"{soort}_temp_path {pad / soort};\n" for soort in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = pad / "nginx.conf"
    wie_ben_ik = "user root;\n" if os.geteuid() == 0 else ""  # else its worker may not read in the folder of a test
    http = f"access_log off;\n{tijdelijk}include {pad / 'site.conf'};\n"
    conf.write_text(
        f"{wie_ben_ik}daemon off;\npid {pad / 'nginx.pid'};\nevents {{}}\nhttp {{\n{http}}}\n", encoding="utf-8"
    )
    return conf


def test_who_has_no_login_sees_nothing(proxy: Proxy) -> None:
    for pad in ("/", "/graphql", "/server_info"):
        assert proxy.vraag("GET", pad, login=False).status_code in (401, 405), pad
    assert proxy.vraag("POST", "/graphql", login=False, json=VRAAG, headers=EIGEN).status_code == 401


def test_another_name_gets_no_answer(proxy: Proxy) -> None:
    with pytest.raises(requests.ConnectionError):
        proxy.vraag("GET", "/", naam="kwaad.example.com")


def test_the_page_is_there_with_its_headers(proxy: Proxy) -> None:
    antwoord = proxy.vraag("GET", "/")
    assert antwoord.status_code in (200, 302, 307)
    assert antwoord.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in antwoord.headers["Content-Security-Policy"]
    assert antwoord.headers["X-Content-Type-Options"] == "nosniff"
    assert antwoord.headers["Referrer-Policy"] == "no-referrer"
    assert antwoord.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "max-age" in antwoord.headers["Strict-Transport-Security"]


def test_a_question_from_our_own_page_is_answered(proxy: Proxy) -> None:
    antwoord = proxy.vraag("POST", "/graphql", json=VRAAG, headers=EIGEN)
    assert antwoord.status_code == 200
    assert antwoord.json()["data"]["version"]


@pytest.mark.parametrize(
    "van", [{}, {"Origin": "https://kwaad.example.com"}, {"Origin": "null"}, {"Origin": f"https://{NAAM}.kwaad.nl"}]
)
def test_a_post_from_another_page_is_refused(proxy: Proxy, van: dict[str, str]) -> None:
    for inhoud in (VRAAG, BEVEL):
        assert proxy.vraag("POST", "/graphql", json=inhoud, headers=van).status_code == 403


def test_a_command_by_get_is_refused_also_from_our_own_page(proxy: Proxy) -> None:
    for koppen in ({}, EIGEN, {"Origin": "https://kwaad.example.com"}):
        assert proxy.vraag("GET", "/graphql", params=BEVEL, headers=koppen).status_code in (403, 405)
    assert proxy.vraag("GET", "/graphql", params=BEVEL, headers={"Upgrade": "websocket"}).status_code in (403, 405)


@pytest.mark.parametrize("hoe", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_but_reading_and_asking(proxy: Proxy, hoe: str) -> None:
    assert proxy.vraag(hoe, "/", headers=EIGEN).status_code == 405


def test_behind_it_nothing_can_be_started_or_stopped(proxy: Proxy) -> None:
    antwoord = proxy.vraag("POST", "/graphql", json=BEVEL, headers=EIGEN).json()
    assert antwoord["data"]["terminateRun"]["__typename"] == "UnauthorizedError", antwoord
