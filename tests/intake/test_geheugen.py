"""What the largest file that is taken in costs in memory, and that a larger one costs none; each in its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.settings import PROJECT
from tests.intake.hulp import CATALOGUS, D, T, als_csv, beoordeel, codes, goede_rijen, rij
from tests.intake.werkmappen import als_parquet, ingepakt

GIB = 2**30
RUIMTE = GIB
"""Resident memory beyond the interpreter with everything imported (issue 3)."""
GRENS = int(CATALOGUS.getal("bestand_max_mb")) * 2**20

_PROCES = """
import json, resource, sys
from pathlib import Path
from pipeline.domain.maanden import Maand
from pipeline.intake import neem_in
from tests.intake.hulp import CATALOGUS, NU, D, als_csv, goede_rijen, instellingen, lever

def piek():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

map_, groot = Path(sys.argv[1]), Path(sys.argv[2])
map_.mkdir()
settings = instellingen(map_)
lever(settings, D, als_csv(D, goede_rijen(D, 5)), maand=Maand(2025, 2))
neem_in(settings, CATALOGUS, nu=NU)
eerst = piek()
doel = settings.huis.landing / "GM0141" / ("declaraties_GM0141_2025-03" + groot.suffix)
groot.rename(doel)
(b,) = neem_in(settings, CATALOGUS, nu=NU).nieuw
zinnen = [x.zin for x in b.bevindingen if x.n_rijen]
print(json.dumps({"erbij": piek() - eerst, "status": b.status.value, "rijen": b.rijen.ontvangen, "zinnen": zinnen}))
"""


def _neem_in(map_: Path, groot: Path) -> dict[str, object]:
    klaar = subprocess.run(
        [sys.executable, "-c", _PROCES, str(map_ / "thuis"), str(groot)],
        cwd=PROJECT, env={**os.environ, "POLARS_MAX_THREADS": "2"}, capture_output=True, text=True, timeout=900,
        check=True,
    )  # fmt: skip
    uit: dict[str, object] = json.loads(klaar.stdout.splitlines()[-1])
    return uit


def _schrijf(pad: Path, aantal: int, hoogstens: int, **anders: str) -> int:
    """Write good claims up to a number of rows or bytes; return how many."""
    regel = als_csv(D, [rij(D, referentienummer="@", **anders)]).decode().splitlines()[1].replace("%", '"\n"') + "\n"
    with pad.open("w", encoding="utf-8") as f:
        f.write(als_csv(D, []).decode())
        for n in range(aantal):
            f.write(regel.replace("@", f"R{n}"))
            if n % 1000 == 0 and f.tell() > hoogstens - 200_000:
                return n + 1
    return aantal


@pytest.mark.slow
@pytest.mark.parametrize("vorm", ["gewoon", "slecht", "regels in cellen"])
def test_een_bestand_net_onder_de_grens_past_in_een_gib(vorm: str, tmp_path: Path) -> None:
    groot = tmp_path / "groot.csv"
    anders = {"slecht": {"bsn": "123456789"}, "regels in cellen": {"retourcode": "%"}}.get(vorm, {})
    # a cell that runs over two lines makes two of the lines that are counted beforehand
    n = _schrijf(groot, 249_000 if "cellen" in vorm else 498_000, GRENS, **anders)
    assert groot.stat().st_size > GRENS * 0.4
    uit = _neem_in(tmp_path, groot)
    print(vorm, uit)
    assert uit["rijen"] == n
    assert uit["status"] == ("AFGEKEURD" if vorm == "slecht" else "GEACCEPTEERD")
    assert int(str(uit["erbij"])) < RUIMTE


@pytest.mark.slow
@pytest.mark.parametrize("extensie", ["csv", "xlsx", "parquet", "zip", "xml"])
def test_twee_gigabyte_wordt_geweigerd_zonder_te_worden_gelezen(extensie: str, tmp_path: Path) -> None:
    groot = tmp_path / f"groot.{extensie}"
    groot.write_bytes(als_csv(D, goede_rijen(D, 3)))
    with groot.open("r+b") as f:
        f.truncate(2 * GIB)
    uit = _neem_in(tmp_path, groot)
    print(extensie, uit)
    assert (uit["status"], uit["rijen"]) == ("AFGEKEURD", 0)
    assert "groter dan 64 MB" in str(uit["zinnen"])
    assert int(str(uit["erbij"])) < 64 * 2**20


# --- few bytes, many rows ---------------------------------------------------------------------------------------------


def _zin(bericht: object, data: bytes, soort: str) -> str:
    bewijs = beoordeel(bericht, data, extensie=soort).bewijs  # type: ignore[arg-type]
    assert codes(bewijs) == {"L01"}
    return next(b.zin for b in bewijs.bevindingen if b.n_rijen)


def test_meer_rijen_dan_er_passen_worden_geweigerd_in_elk_soort(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.intake import excel_blad, lezing
    from tests.fixtures.maak import drie, leden
    from tests.intake.werkmappen import als_xlsx

    for mod in (lezing, excel_blad):
        monkeypatch.setattr(mod, "MAX_CELLEN", 500)
    rijen = goede_rijen(D, 25)
    bestanden = {
        "csv": als_csv(D, rijen),
        "xlsx": als_xlsx(D, rijen),
        "parquet": als_parquet(D, rijen),
        "zip": ingepakt(*((f"{i}.csv", als_csv(D, rijen[i * 7 : i * 7 + 7])) for i in range(4))),
        "xml": next(iter(leden(D, [r | {"status": ""} for r in rijen]).values())),
    }
    for soort, data in bestanden.items():
        zin = _zin(D, data, soort)
        assert "rijen" in zin, soort
    assert beoordeel(T, als_csv(T, drie(T))).bewijs.rijen.geaccepteerd == 3


def test_alleen_regeleinden_kosten_geen_geheugen() -> None:
    assert "500000 rijen" in _zin(D, b"x" + b"\n" * 2_000_000, "csv")


def test_wat_samen_niet_past_wordt_in_delen_beoordeeld(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.intake import deuren
    from tests.intake.hulp import deur, stuk

    stukken = [stuk(b, als_csv(b, goede_rijen(b, 4 + i, vanaf=1000 * i))) for i in range(1, 4) for b in (T, D)]
    heel = deur().beoordeel(stukken)
    assert len(list(deur().in_delen(stukken))) == 1
    monkeypatch.setattr(deuren, "MAX_RIJEN", 12)
    delen = list(deur().in_delen(stukken))
    assert len(delen) > 3
    assert [u.bewijs for deel in delen for u in deel] == [u.bewijs for u in heel]
