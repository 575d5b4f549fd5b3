"""What holds for every further extract: found what was planted and nothing else, and the rest is as it was."""

from __future__ import annotations

import pytest

from pipeline.domain.leveringen import REGIO, Bericht
from tests.verder.conftest import Huis

pytestmark = pytest.mark.slow

VERDER = [b for b in Bericht if b.is_optioneel]
NATUURLIJK = {"L12", "L13", "L14", "L16"}
"""On a levering as a whole: how many rows came is a matter of chance here, and a refused file was sent again."""


@pytest.mark.parametrize("bericht", VERDER)
def test_what_was_planted_is_found_and_nothing_else(met: Huis, bericht: Bericht) -> None:
    gepland = {
        (r["bestand"], int(r["rij"]) if r["rij"] else None, r["regel_code"])
        for r in met.grootboek
        if r["bericht"] == bericht.value
    }
    gevonden = {v for v in met.gevonden(bericht) if v[2] not in NATUURLIJK}
    assert len({code for _, _, code in gepland}) >= 8
    assert gepland - gevonden == set(), "gepland en niet gevonden"
    assert gevonden - gepland == set(), "gevonden en niet gepland"


@pytest.mark.parametrize("bericht", VERDER)
def test_every_levering_has_the_state_it_should_have(met: Huis, bericht: Bericht) -> None:
    verwacht = {}
    for r in met.leveringen:  # a refused version does not change what stands
        if r["bericht"] == bericht.value and r["verwachte_status"] != "AFGEKEURD":
            verwacht[r["gemeente"], r["maand"]] = r["verwachte_status"]
    rijen = met.vraag(
        "select gemeente, strftime(maand, '%Y-%m') as maand, status, is_verplicht from kwaliteit.leveringsstatus "
        "where bericht = ? and status <> 'VERWACHT'", bericht.value,
    )  # fmt: skip
    # what weighs is remarked on at the build too
    gelijk = {"GEACCEPTEERD_MET_OPMERKINGEN": "GEACCEPTEERD"}
    staat = {(r["gemeente"], r["maand"]): gelijk.get(r["status"], r["status"]) for r in rijen}
    assert staat == {k: gelijk.get(s, s) for k, s in verwacht.items()}
    assert "ONTBREEKT" in staat.values()


TABELLEN = """
select schema_name || '.' || table_name as tabel from duckdb_tables()
where schema_name in ('sturing', 'kosten', 'kwaliteit', 'meta') order by 1
"""
ZELF = {
    "sturing.plekken": "false",
    "sturing.plaatsing": "false",
    "sturing.prognose_plekken": "segment not like 'totaal:%'",
    "sturing.indicatoren": "dekking_bericht in ('toewijzingen', 'declaraties', 'beide', 'declaraties_twee_perioden')",
    "kwaliteit.leveringsstatus": "bericht in ('toewijzingen', 'declaraties')",
    "kwaliteit.bevindingen": "bericht in ('toewijzingen', 'declaraties')",
    "kwaliteit.voorbehouden": "bericht in ('toewijzingen', 'declaraties')",
    "kwaliteit.werklijst": "bericht in ('toewijzingen', 'declaraties')",
    "meta.herkomst": "bericht in ('toewijzingen', 'declaraties')",
    "meta.indicatordefinities": f"groep not in ({', '.join(repr(b.value) for b in VERDER)})",
}
"""Tables in which a further extract stands itself, and which of their rows are about the rest."""
ANDERS = {
    "publicatie_id",
    "gemaakt_op",
    "seedversie",
    "deurversie",
    "n_leveringen",
    "volgorde",
    "peilmoment",
    "inhoud_hash",
}
"""Which publication it is and what it was made with; the place on the worklist, on which others stand too."""


def test_every_other_mart_is_the_same_without_them(met: Huis, zonder: Huis) -> None:
    assert {r["bericht"] for r in met.vraag("select distinct bericht from meta.herkomst")} == set(Bericht)
    tabellen = [r["tabel"] for r in met.vraag(TABELLEN)]
    assert tabellen == [r["tabel"] for r in zonder.vraag(TABELLEN)]
    assert set(ZELF) <= set(tabellen) | {"sturing.plaatsing"}
    for tabel in tabellen:
        rijen = []
        for huis in (met, zonder):
            gevonden = huis.vraag(f"select * from {tabel} where {ZELF.get(tabel, 'true')}")
            rijen.append(sorted(repr({k: v for k, v in r.items() if k not in ANDERS}) for r in gevonden))
        assert rijen[0] == rijen[1], tabel
        assert rijen[0] or tabel in ZELF or tabel in LEEG, tabel


LEEG = {"kwaliteit.uitschieters"}
"""Tables that may well be empty in a region this small."""


@pytest.mark.parametrize("tabel", [t for t, waar in ZELF.items() if waar == "false"])
def test_without_an_agreement_nothing_is_there_and_nothing_is_owed(zonder: Huis, tabel: str) -> None:
    if tabel in {r["tabel"] for r in zonder.vraag(TABELLEN)}:
        assert zonder.vraag(f"select count(*) as n from {tabel}") == [{"n": 0}]
    agenda = zonder.vraag("select distinct bericht, gemeente = 'REGIO' as van_regio from kwaliteit.leveringsstatus")
    assert {r["bericht"] for r in agenda} == {"toewijzingen", "declaraties"}
    assert not any(r["van_regio"] for r in agenda)
    bekend = {r["dekking_bericht"] for r in zonder.vraag("select distinct dekking_bericht from sturing.indicatoren")}
    assert not {b for b in bekend if b.startswith(tuple(v.value for v in VERDER))}


def test_the_regio_is_in_no_edition_of_a_gemeente_and_not_in_public(met: Huis) -> None:
    huis = met.settings.huis.published
    for pad in [*sorted((huis / "gemeente").glob("*/marts.duckdb")), huis / "openbaar" / "marts.duckdb"]:
        import duckdb

        with duckdb.connect(str(pad), read_only=True) as con:
            tabellen = con.execute(
                "select schema_name || '.' || table_name, column_name from duckdb_columns() "
                "where column_name in ('gemeente', 'bericht') and schema_name <> 'meta'"
            ).fetchall()
            for tabel, kolom in tabellen:
                gevonden = {w for (w,) in con.execute(f"select distinct {kolom} from {tabel}").fetchall()}
                assert REGIO not in gevonden, (pad, tabel)
                if pad.parent.name == "openbaar":
                    assert not gevonden & {b.value for b in VERDER}, tabel
