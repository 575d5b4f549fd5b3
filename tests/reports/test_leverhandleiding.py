"""The handbook for senders says what the door does: its generated parts are up to date, its examples really fire."""

from __future__ import annotations

import dataclasses
import re
import shutil

import pytest

from pipeline.berichten import CONTRACTEN, contracten
from pipeline.berichten.beschrijving import beschrijf
from pipeline.berichten.koppen import lees_kop
from pipeline.berichten.voorbeelden import VOORBEELDEN
from pipeline.domain.bevindingen import Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht, Status
from pipeline.reports.leverhandleiding import HANDLEIDING, handleiding, werk_bij
from pipeline.settings import PROJECT
from tests.intake.hulp import CATALOGUS, T, als_csv, beoordeel, deur, geraakt, goede_rijen, rij, stuk

TEKST = HANDLEIDING.read_text(encoding="utf-8")
OP_EEN_RIJ = sorted(c for c, v in VOORBEELDEN.items() if v.cellen)


def test_de_gegenereerde_delen_zijn_bij() -> None:
    assert handleiding(CATALOGUS) == TEKST, "draai `make docs`"
    assert werk_bij(werk_bij(TEKST, CATALOGUS), CATALOGUS) == TEKST


def test_een_andere_seed_geeft_een_andere_handleiding(tmp_path) -> None:
    seeds = shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    pad = seeds / "ref_regels.csv"
    pad.write_text(pad.read_text(encoding="utf-8").replace("Een datum kan niet worden gelezen", "Iets anders"), "utf-8")
    assert "Iets anders" in handleiding(Catalogus.load(seeds))


def test_elke_regel_staat_erin_met_zin_ernst_en_voorbeeld() -> None:
    assert set(VOORBEELDEN) == set(CATALOGUS.regels), (
        "elke regel heeft een voorbeeld in voorbeelden.py (pipeline/berichten, of in de kamer van het bericht)"
    )
    for regel in CATALOGUS.regels.values():
        (gevonden,) = re.findall(rf"^\| \*\*{regel.regel_code}\*\* .*$", TEKST, re.MULTILINE)
        assert regel.zin.replace("|", "\\|") in gevonden
        assert f"| {regel.ernst.value} |" in gevonden
    for v in VOORBEELDEN.values():
        assert v.waarom.endswith((".", "?"))
        assert bool(v.cellen) != bool(v.situatie)


def test_het_voorbeeld_van_een_regel_op_een_rij_raakt_die_regel() -> None:
    stukken = []
    for code in OP_EEN_RIJ:
        v = VOORBEELDEN[code]
        over = CATALOGUS.regels[code].bericht
        bericht = T if over == "alle" else Bericht(over)
        assert set(v.cellen) <= set(CONTRACTEN[bericht].per_naam)
        stukken.append(stuk(bericht, als_csv(bericht, [rij(bericht, **v.cellen), *goede_rijen(bericht, 12)])))
    uitspraken = dict(zip(OP_EEN_RIJ, deur().beoordeel(stukken), strict=True))
    assert {code: geraakt(u, code) for code, u in uitspraken.items()} == {code: [2] for code in OP_EEN_RIJ}


def test_voorbeelden_op_een_rij_zijn_er_voor_alle_regels_op_een_cel() -> None:
    cel = {r.regel_code for r in CATALOGUS.regels.values() if r.deur == "contract"}
    assert cel - set(OP_EEN_RIJ) == {"R01"}  # a matter of lines


def test_elke_kolom_heeft_betekenis_en_een_voorbeeld_dat_door_de_deur_komt() -> None:
    for bericht in Bericht:
        kolommen = beschrijf(bericht, CATALOGUS)
        assert [k.naam for k in kolommen] == list(CONTRACTEN[bericht].per_naam)
        voor = {k.naam: k.voorbeeld for k in kolommen if k.naam not in ("budget", "vorig_referentienummer")}
        bewijs = beoordeel(bericht, als_csv(bericht, [rij(bericht, **voor)])).bewijs
        assert bewijs.is_geaccepteerd, [b for b in bewijs.bevindingen if b.n_rijen]
        assert not [b for b in bewijs.bevindingen if b.n_rijen and b.ernst is not Ernst.INFO]


def test_elke_kopnaam_in_de_tabel_wordt_gelezen() -> None:
    for bericht, contract in contracten(CATALOGUS).items():
        for k in beschrijf(bericht, CATALOGUS):
            for synoniem in k.synoniemen:
                kop = lees_kop([synoniem if n == k.naam else n for n in contract.per_naam], contract)
                assert (kop.onbekend, kop.dubbel) == ((), ()), (bericht, k.naam, synoniem)
                assert kop.plaatsen[k.naam] == list(contract.per_naam).index(k.naam)


def test_de_woorden_van_het_oordeel_staan_erin() -> None:
    for status in (Status.GEACCEPTEERD, Status.GEACCEPTEERD_MET_OPMERKINGEN, Status.NIHIL_BEVESTIGD, Status.AFGEKEURD):
        assert f"| {status.value} |" in TEKST
    for ernst in Ernst:
        assert f"| {ernst.value} |" in TEKST


def test_er_staat_geen_echt_bsn_in() -> None:
    for nummer in re.findall(r"(?<!\d)\d{9}(?!\d)", TEKST):
        assert nummer >= "900000000" or nummer in ("000000000", "000000012")


def test_voorbeelden_zijn_onveranderlijk() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        VOORBEELDEN["R05"].waarom = "x"  # type: ignore[misc]
