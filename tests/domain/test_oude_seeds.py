"""Seeds that were kept with an older publication are read by today's code."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.oude_seeds import vul_aan
from pipeline.settings import PROJECT

NU = PROJECT / "seeds"


def _zonder(pad: Path, *kolommen: str) -> None:
    with pad.open(encoding="utf-8", newline="") as f:
        kop, *rijen = csv.reader(f)
    blijft = [i for i, k in enumerate(kop) if k not in kolommen]
    with pad.open("w", encoding="utf-8", newline="") as f:
        csv.writer(f, lineterminator="\n").writerows([r[i] for i in blijft] for r in [kop, *rijen])


def test_what_lacks_nothing_is_used_as_it_is(tmp_path: Path) -> None:
    assert vul_aan(NU, NU, tmp_path / "naar") == NU
    assert not (tmp_path / "naar").exists()


def test_files_columns_and_settings_of_later_are_added(tmp_path: Path) -> None:
    toen = tmp_path / "toen"
    shutil.copytree(NU, toen)
    (toen / "ref_aanbieders.csv").unlink()
    _zonder(toen / "ref_regels.csv", "gevolg", "houdt")
    _zonder(toen / "ref_indicatoren.csv", "openbaar", "openbaar_vorm")
    pad = toen / "ref_instellingen.csv"
    regels = pad.read_text(encoding="utf-8").splitlines(keepends=True)
    eigen = [r.replace("rijping_maanden,3", "rijping_maanden,2") for r in regels if "uitschieter_maal" not in r]
    pad.write_text("".join(eigen), encoding="utf-8")

    naar = vul_aan(toen, NU, tmp_path / "naar")

    oud, nu = Catalogus.load(naar), Catalogus.load(NU)
    assert {p.name for p in naar.glob("*.csv")} == {p.name for p in NU.glob("*.csv")}
    assert oud.rijen("aanbieders") == []
    assert {r.gevolg for r in oud.regels.values()} == {""}  # nothing was held back then
    assert [r["openbaar"] for r in oud.rijen("indicatoren")] == [r["openbaar"] for r in nu.rijen("indicatoren")]
    assert oud.getal("uitschieter_maal") == nu.getal("uitschieter_maal")
    assert (oud.getal("rijping_maanden"), nu.getal("rijping_maanden")) == (2, 3)
