"""Every indicator has a dbt unit test of its own, and one for every edge at which somebody could count it otherwise.

The table says per family of indicators which unit test holds which edge, and why an edge does not apply. A unit test
carries its edges as tags in its yml; it counts for an indicator when its model is one that the indicator is made of.
A new indicator goes into a family here, or gets a family of its own.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache

import pytest
import yaml

from pipeline.settings import PROJECT

MODELLEN = PROJECT / "dbt_project" / "models"
REF = re.compile(r"ref\('(\w+)'\)")
RANDEN = {
    "verhuizing": "moves to another gemeente",
    "achttien": "turns 18",
    "gat_30": "a gap of 30 days",
    "gat_31": "a gap of 31 days",
    "twee_segmenten": "in two segments",
    "verwijderd": "a deleted allocation",
    "credit": "a credit",
    "twee_maanden": "a claim across two months",
    "aanbieder": "another provider",
    "jaargrens": "a year boundary",
}


@dataclass(frozen=True)
class Familie:
    """Indicators that are made in one way: `model` gives the figures, `randen` is edge -> unit test."""

    model: str
    indicatoren: str
    randen: dict[str, str]
    niet: dict[str, str]  # several edges, split by a space -> why they cannot make a difference


GEEN_DECLARATIE = {"credit twee_maanden": "made of allocations, not of claims"}
GEEN_LEEFTIJD = {"achttien": "age is not looked at"}
GEEN_GAT = {"gat_30 gat_31": "no trajecten: every day that is covered counts by itself"}
GEEN_TOEWIJZING = {"verwijderd": "cost is cost: a line on a deleted allocation counts (kwaliteit.aansluiting shows it)"}
GEEN_AANBIEDER = {"aanbieder": "who gives the care is not looked at"}

STUKKEN = "zorgstukken_verhuizing_segmenten_en_aanbieders"
JEUGDMAANDEN = "jeugdmaanden_verhuizing_segmenten_en_jaargrens"
PERIODEN = "jeugdigen_per_periode_verjaardag_en_jaargrens"
IN_ZORG = {
    "verhuizing": JEUGDMAANDEN, "twee_segmenten": JEUGDMAANDEN, "verwijderd": STUKKEN, "aanbieder": STUKKEN,
    "jaargrens": PERIODEN,
}  # fmt: skip
TRAJECT = {
    "verhuizing": "trajecten_ketenen", "gat_30": "trajecten_ketenen", "gat_31": "trajecten_ketenen",
    "twee_segmenten": "trajecten_in_en_uit", "verwijderd": STUKKEN, "aanbieder": STUKKEN,
    "jaargrens": "trajecten_in_en_uit",
}  # fmt: skip
VERBLIJF = {
    "verhuizing": "verblijfstukken_alleen_wat_geldt", "twee_segmenten": "verblijfstukken_alleen_wat_geldt",
    "verwijderd": "verblijfstukken_alleen_wat_geldt",
}  # fmt: skip
KOSTEN = {
    "credit": "kosten_naar_zorgmaand_tot_op_de_cent", "twee_maanden": "kosten_naar_zorgmaand_tot_op_de_cent",
    "jaargrens": "kosten_naar_zorgmaand_tot_op_de_cent",
}  # fmt: skip
TOEGANG = {
    "verhuizing twee_segmenten aanbieder": "counts allocations one by one, each of one gemeente, segment and provider",
}

FAMILIES = [
    Familie(
        "int_ind_tellingen",
        "jeugdigen_in_zorg jeugdigen_ambulant jeugdigen_met_verblijf aandeel_gezinsgericht_smal "
        "aandeel_gezinsgericht_breed jeugdigen_jeugdreclassering jeugdigen_jeugdzorgplus stand",
        IN_ZORG,
        {**GEEN_LEEFTIJD, **GEEN_GAT, **GEEN_DECLARATIE},
    ),
    Familie(
        "int_ind_tellingen",
        "aandeel_jeugdigen_in_zorg jeugdigen_jeugdbescherming aandeel_verlengde_jeugdhulp",
        {**IN_ZORG, "achttien": PERIODEN},
        {**GEEN_GAT, **GEEN_DECLARATIE},
    ),
    Familie(
        "int_ind_stapeling",
        "aandeel_stapeling",
        {**IN_ZORG, "twee_segmenten": "indicatoren_stapeling", "jaargrens": JEUGDMAANDEN},
        {**GEEN_LEEFTIJD, **GEEN_GAT, **GEEN_DECLARATIE},
    ),
    Familie(
        "int_ind_tellingen",
        "instroom uitstroom doorstroom crisis_instroom aandeel_start_crisis aandeel_herhaald_beroep",
        TRAJECT,
        {**GEEN_LEEFTIJD, **GEEN_DECLARATIE},
    ),
    Familie(
        "int_ind_duur",
        "trajectduur_gemiddeld trajectduur_mediaan looptijd_lopend",
        TRAJECT,
        {**GEEN_LEEFTIJD, **GEEN_DECLARATIE},
    ),
    Familie("int_ind_verwijzers", "aandeel_verwijzer", TRAJECT, {**GEEN_LEEFTIJD, **GEEN_DECLARATIE}),
    Familie(
        "int_ind_tellingen",
        "uithuisplaatsingen aandeel_uithuisplaatsing_met_ambulant_alternatief doorplaatsingen",
        {
            **VERBLIJF,
            "verhuizing": "verblijftrajecten_gat_en_verhuizing",
            "twee_segmenten": "verblijftrajecten_over_segmenten",
            "gat_30": "verblijftrajecten_gat_en_verhuizing",
            "gat_31": "verblijftrajecten_gat_en_verhuizing",
            "aanbieder": "verblijf_gebeurtenissen",
            "jaargrens": "verblijf_gebeurtenissen",
        },
        {**GEEN_LEEFTIJD, **GEEN_DECLARATIE},
    ),
    Familie(
        "int_ind_verblijf",
        "aandeel_verblijf_met_parallel_ambulant aandeel_verblijf_na_behandeling",
        {**VERBLIJF, "twee_segmenten": "verblijfsdagen_naast_en_na_hulp", "jaargrens": "indicatoren_verblijf"},
        {**GEEN_LEEFTIJD, **GEEN_GAT, **GEEN_DECLARATIE, **GEEN_AANBIEDER},
    ),
    Familie(
        "int_ind_kosten",
        "kosten kostengroei",
        {**KOSTEN, "verhuizing": "kosten_en_kostengroei", "twee_segmenten": "kosten_en_kostengroei"},
        {**GEEN_LEEFTIJD, **GEEN_GAT, **GEEN_TOEWIJZING, **GEEN_AANBIEDER},
    ),
    Familie(
        "int_ind_kosten_per",
        "kosten_per_jeugdige kosten_per_inwoner_0_17 aandeel_strategische_partners aandeel_niet_gecontracteerd "
        "marktaandeel_top10",
        {
            **KOSTEN,
            "verhuizing": "kosten_per_en_aandelen",
            "twee_segmenten": "kosten_per_en_aandelen",
            "aanbieder": "kosten_per_en_aandelen",
        },
        {**GEEN_LEEFTIJD, **GEEN_GAT, **GEEN_TOEWIJZING},
    ),
    Familie(
        "int_ind_kosten_per",
        "aandeel_duurste_1pct aandeel_duurste_15pct",
        {**KOSTEN, "verhuizing": "kosten_spreiding_afronden"},
        {
            **GEEN_LEEFTIJD,
            **GEEN_GAT,
            **GEEN_TOEWIJZING,
            **GEEN_AANBIEDER,
            "twee_segmenten": "over all segments together, by youth",
        },
    ),
    Familie(
        "int_ind_tarief",
        "gemiddeld_tarief",
        dict.fromkeys(
            ("verhuizing", "twee_segmenten", "credit", "twee_maanden", "jaargrens"), "gemiddeld_tarief_per_eenheid"
        ),
        {**GEEN_LEEFTIJD, **GEEN_GAT, **GEEN_TOEWIJZING, **GEEN_AANBIEDER},
    ),
    Familie(
        "int_ind_kwaliteit",
        "aandeel_te_laat aandeel_terugwerkend",
        {"verwijderd": "eerste_versie_te_laat_en_terugwerkend", "jaargrens": "aandelen_kwaliteit"},
        {**GEEN_LEEFTIJD, **GEEN_GAT, **GEEN_DECLARATIE, **TOEGANG},
    ),
    Familie(
        "int_ind_kwaliteit",
        "aandeel_declaraties_te_laat",
        {
            "credit": "tijdigheid_per_maand",
            "verwijderd": "declaratieregels_wat_meetelt_en_te_laat_is",
            "twee_maanden": "declaratieregels_wat_meetelt_en_te_laat_is",
            "jaargrens": "declaratieregels_wat_meetelt_en_te_laat_is",
        },
        {
            **GEEN_LEEFTIJD,
            **GEEN_GAT,
            "verhuizing twee_segmenten aanbieder": "counts lines one by one, each of one gemeente and segment",
        },
    ),
    Familie(
        "int_ind_toegang",
        "wachttijd_dagen",
        {"verwijderd": "eerste_versie_te_laat_en_terugwerkend", "jaargrens": "wachttijd_naar_maand_van_start"},
        {**GEEN_LEEFTIJD, **GEEN_GAT, **GEEN_DECLARATIE, **TOEGANG},
    ),
    Familie(
        "int_ind_verzilvering",
        "verzilvering",
        {
            "credit": "verzilvering_gewogen_met_het_tarief",
            "verwijderd": "verzilvering_alleen_geldige_toewijzingen",
            **dict.fromkeys(
                ("verhuizing", "twee_segmenten", "twee_maanden", "jaargrens"), "verzilvering_over_maanden_en_jaargrens"
            ),
        },
        {**GEEN_LEEFTIJD, **GEEN_GAT, "aanbieder": "a line counts on its allocation, whoever claims it"},
    ),
    Familie(
        "int_ind_sturing",
        "besparing_gerealiseerd",
        {
            **KOSTEN,
            "verhuizing": "besparing_tegen_ongewijzigd_beleid",
            "twee_segmenten": "kosten_maand_credit_segmenten_en_jaargrens",
            "jaargrens": "doelwaarden_over_de_maanden_tot_nu_toe",
        },
        {**GEEN_LEEFTIJD, **GEEN_GAT, **GEEN_TOEWIJZING, **GEEN_AANBIEDER},
    ),
    Familie(
        "int_ind_dossierfeiten",
        "aandeel_uithuisplaatsing_met_verklarende_analyse aandeel_16plus_met_perspectiefplan",
        {
            **dict.fromkeys(("verhuizing", "achttien", "jaargrens"), "gevallen_met_en_zonder_feit"),
            "verwijderd": "verblijfstukken_alleen_wat_geldt",
        },
        {
            **GEEN_DECLARATIE,
            "gat_30 gat_31": "a placement out of home looks a year back (uithuisplaatsingen)",
            "twee_segmenten": "youths in care, and stays, of whatever segment",
            "aanbieder": "who gives the care is not looked at",
        },
    ),
    Familie(
        "int_ind_verzoeken",
        "dagen_tot_plaatsing",
        {"jaargrens": "dagen_tot_plaatsing_mediaan", "verhuizing": "verzoeken_in_gemeente_en_regio"},
        {
            "achttien gat_30 gat_31 twee_segmenten verwijderd credit twee_maanden": "a request is no allocation and no "
            "claim, and has no segment",
            "aanbieder": "who says yes is not looked at",
        },
    ),
    Familie(
        "int_ind_capaciteit",
        "bezettingsgraad",
        {},
        {
            "verhuizing achttien gat_30 gat_31 twee_segmenten verwijderd credit twee_maanden": "places are counted, on "
            "a day, and nobody by name",
            "aanbieder jaargrens": "all providers together, and a month at a time",
        },
    ),
]


@cache
def unit_tests() -> dict[str, dict]:
    """Every dbt unit test by name."""
    paden = MODELLEN.rglob("_unit_*.yml")
    alle = [u for p in paden for u in yaml.load(p.read_bytes(), Loader=yaml.CSafeLoader)["unit_tests"]]
    return {u["name"]: u for u in alle}


@cache
def gemaakt_van(model: str) -> frozenset[str]:
    """Give the model and everything it is made of, step by step back."""
    directe = {m for pad in MODELLEN.rglob(f"{model}.sql") for m in REF.findall(pad.read_text(encoding="utf-8"))}
    return frozenset({model}).union(*(gemaakt_van(m) for m in directe if m != model))


def catalogus() -> list[str]:
    with (PROJECT / "seeds" / "ref_indicatoren.csv").open(encoding="utf-8", newline="") as f:
        return [r["indicator_id"] for r in csv.DictReader(f)]


def test_every_indicator_is_in_one_family() -> None:
    assert sorted(i for f in FAMILIES for i in f.indicatoren.split()) == sorted(catalogus())


@pytest.mark.parametrize("familie", FAMILIES, ids=lambda f: f.indicatoren.split()[0])
def test_every_edge_has_its_unit_test_or_its_reason(familie: Familie) -> None:
    """No edge is forgotten; the unit test named exists, says so and is about what this is made of."""
    niet = [rand for randen in familie.niet for rand in randen.split()]
    assert sorted([*familie.randen, *niet]) == sorted(RANDEN)
    for rand, naam in familie.randen.items():
        unit = unit_tests()[naam]
        assert rand in unit.get("config", {}).get("tags", []), f"{naam} draagt {rand} niet"
        assert unit["model"] in gemaakt_van(familie.model), f"{familie.model} wordt niet van {unit['model']} gemaakt"


@pytest.mark.parametrize("familie", FAMILIES, ids=lambda f: f.indicatoren.split()[0])
def test_every_indicator_has_a_unit_test_of_its_own_figure(familie: Familie) -> None:
    """A unit test of the model that gives the figure names the indicator and expects something of it."""
    genoemd = {
        str(rij["indicator_id"])
        for unit in unit_tests().values()
        if unit["model"] == familie.model and unit["expect"]["rows"]
        for rijen in [unit["expect"]["rows"], *(g["rows"] for g in unit["given"] if isinstance(g.get("rows"), list))]
        for rij in rijen
        if "indicator_id" in rij
    }
    assert set(familie.indicatoren.split()) - genoemd == set()


def test_no_tag_is_misspelt() -> None:
    """A tag that is no edge would look like a test and be none."""
    tags = {t for u in unit_tests().values() for t in u.get("config", {}).get("tags", [])}
    assert tags == set(RANDEN)
