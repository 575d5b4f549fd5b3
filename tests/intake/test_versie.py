"""The fingerprint of the door knows all that a verdict can depend on, and nothing can be forgotten in silence."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import KERN, Bericht
from pipeline.intake import deurversie, versie
from pipeline.intake.deuren import Deur
from pipeline.settings import PROJECT
from tests.intake.hulp import CATALOGUS, als_csv, deur, goede_rijen, stuk

GELEZEN = {
    *(f"ref_codes_{lijst}.csv" for lijst in ("cbs_hulpvorm", "eenheid", "frequentie", "productcategorie")),
    *(f"ref_codes_{lijst}.csv" for lijst in ("reden_beeindiging", "reden_wijziging", "retour", "verwijzer")),
    *(f"ref_{naam}.csv" for naam in ("gemeenten", "leveringsafspraken", "nihil_opgaven", "productcodes", "regels")),
    *(f"ref_{naam}.csv" for naam in ("kolomsynoniemen", "waardesynoniemen")),
}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROJECT / "seeds", tmp_path / "seeds"))


@pytest.mark.parametrize("seed", sorted(p.name for p in (PROJECT / "seeds").glob("ref_*.csv")))
def test_a_seed_counts_when_the_door_reads_it_and_only_then(seeds: Path, seed: str) -> None:
    with (seeds / seed).open("a", encoding="utf-8") as f:
        f.write("\n")
    leest = seed in versie.deurcatalogus(CATALOGUS).gelezen
    assert leest is (seed in GELEZEN)
    assert (deurversie(Catalogus.load(seeds)) != deurversie(CATALOGUS)) is leest


@pytest.mark.parametrize(("sleutel", "telt"), [("quarantaine_min_rijen", True), ("traject_gat_dagen", False)])
def test_a_setting_counts_when_the_door_reads_it_and_only_then(seeds: Path, sleutel: str, telt: bool) -> None:
    pad = seeds / "ref_instellingen.csv"
    regels = pad.read_text(encoding="utf-8").splitlines(keepends=True)
    anders = [r.replace(",", ",1", 1) if r.startswith(f"{sleutel},") else r for r in regels]
    assert anders != regels
    pad.write_text("".join(anders), encoding="utf-8")
    assert (deurversie(Catalogus.load(seeds)) != deurversie(CATALOGUS)) is telt


@pytest.mark.parametrize(
    ("bericht", "vergeten"),
    [*((b, "ref_waardesynoniemen.csv") for b in Bericht), *((b, "ref_productcodes.csv") for b in KERN)],
)
def test_a_forgotten_seed_stops_the_door(monkeypatch: pytest.MonkeyPatch, bericht: Bericht, vergeten: str) -> None:
    """As when somebody lets the door read a seed and does not think of its fingerprint."""
    echt = versie._raadpleeg

    def vergeet(c: versie.Deurcatalogus) -> None:
        echt(c)
        c.gelezen.remove(vergeten)

    monkeypatch.setattr(versie, "_raadpleeg", vergeet)
    goed = deur()
    eigen = Deur(versie.deurcatalogus(CATALOGUS), goed.boek, goed.pseudoniemen, "proefdeur")
    with pytest.raises(AssertionError, match=f"{vergeten} en haar vingerafdruk"):
        eigen.beoordeel([stuk(bericht, als_csv(bericht, goede_rijen(bericht, 3)))])


def test_every_module_that_judging_imports_is_in_it() -> None:
    """Judged in a fresh process: what was imported then is what the door is made of."""
    code = (
        "import sys\n"
        "from tests.intake.hulp import als_csv, deur, goede_rijen, stuk\n"
        "from pipeline.domain.leveringen import Bericht\n"
        "deur().beoordeel([stuk(b, als_csv(b, goede_rijen(b, 3))) for b in Bericht])\n"
        "print(*(m for m in sys.modules if m.split('.')[0] == 'pipeline'))\n"
    )
    uit = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    geladen = set(uit.stdout.split())
    assert {"pipeline.berichten.schema", "pipeline.intake.csv_lezer"} <= geladen
    assert geladen <= versie.deurmodules()
    assert not [m for m in versie.deurmodules() if m.startswith(("pipeline.publish", "pipeline.warehouse"))]


def test_a_changed_module_is_another_door(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    eerst = versie._codemerk()
    kopie = shutil.copytree(PROJECT / "pipeline", tmp_path / "pipeline")
    monkeypatch.setattr(versie, "PROJECT", tmp_path)
    for module, anders in (("berichten/toewijzingen/regels.py", True), ("publish/poort.py", False)):
        (kopie / module).write_text((kopie / module).read_text(encoding="utf-8") + "# anders\n", encoding="utf-8")
        assert (versie._codemerk.__wrapped__() != eerst) is anders, module
        shutil.copy2(PROJECT / "pipeline" / module, kopie / module)
