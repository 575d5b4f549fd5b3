"""A handmade set of marts, small and sound, that tests spoil one thing at a time."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import KERN, Bericht, Ontvangstbewijs, Sleutel, Status, Telling, levering_id
from pipeline.domain.maanden import Maand
from pipeline.domain.publicaties import PublicatieGegevens, maak_publicatie_id
from pipeline.proces.werkproces import Werkproces
from pipeline.publish import Kandidaat, Publicatie, beoordeel_kandidaat, geef_vrij, maak_kandidaat
from pipeline.publish.kandidaat import VOORVOEGSEL, ruim_kandidaten_op
from pipeline.publish.vergelijk import marts_bestand
from pipeline.settings import PROJECT, BsnReeks, Huis, Settings

PEILMOMENT = dt.datetime(2025, 7, 20, 10, tzinfo=dt.UTC)

_TABELLEN = {
    "sturing.indicatoren": "indicator_id VARCHAR, indicator_versie INTEGER, periode_soort VARCHAR, periode DATE, "
    "gebied_soort VARCHAR, gebied_code VARCHAR, segment VARCHAR, teller DECIMAL(18,2), noemer DECIMAL(18,2), "
    "waarde DOUBLE, eenheid VARCHAR, n_jeugdigen BIGINT, is_onderdrukt BOOLEAN, dekking DOUBLE, rijping VARCHAR",
    "sturing.doelrealisatie": "doel_id VARCHAR, jaar INTEGER, gebied_code VARCHAR, status VARCHAR",
    "sturing.stromen": "maand DATE, gebied_code VARCHAR, segment VARCHAR, stand_begin BIGINT, instroom BIGINT, "
    "doorstroom_in BIGINT, doorstroom_uit BIGINT, uitstroom BIGINT, stand_eind BIGINT",
    "kosten.kosten_zorgmaand": "zorgmaand DATE, gebied_code VARCHAR, segment VARCHAR, netto_eur DECIMAL(18,2)",
    "kosten.naijling": "zorgmaand DATE, netto_eur DECIMAL(18,2)",
    "kosten.concentratie": "jaar INTEGER, kosten_eur DECIMAL(18,2)",
    "kosten.verrekening": "jaar INTEGER, methode VARCHAR, gebied_code VARCHAR, bedrag_eur DECIMAL(18,2), "
    "regiokosten_eur DECIMAL(18,2)",
    "kosten.bijdragen": "bijdrage_id VARCHAR, gemeente VARCHAR, totaal_eur DECIMAL(18,2), "
    "bedrag_sluitend_eur DECIMAL(18,2)",
    "kosten.groei_ontleding": "jaar INTEGER, verandering_eur DECIMAL(18,2), effect_jeugdigen_eur DECIMAL(18,2), "
    "effect_duur_eur DECIMAL(18,2), effect_intensiteit_eur DECIMAL(18,2), effect_tarief_eur DECIMAL(18,2), "
    "effect_mix_eur DECIMAL(18,2)",
    "kwaliteit.leveringsstatus": "gemeente VARCHAR, status VARCHAR",
    "kwaliteit.tijdigheid": "gebied_code VARCHAR, n_toewijzingen BIGINT",
    "kwaliteit.bevindingen": "gemeente VARCHAR, n_rijen BIGINT",
    "kwaliteit.aansluiting": "gemeente VARCHAR, met_regels BIGINT",
    "kosten.openbaarheid": "periode_soort VARCHAR, periode DATE, gebied_code VARCHAR, segment VARCHAR, "
    "n_jeugdigen BIGINT, mag_openbaar BOOLEAN",
    "meta.publicatie": "peilmoment TIMESTAMP, gemaakt_op TIMESTAMP, codeversie VARCHAR, seedversie VARCHAR, "
    "deurversie VARCHAR, n_leveringen INTEGER, reeks VARCHAR, eerste_maand DATE, laatste_maand DATE",
    "meta.herkomst": "levering_id VARCHAR, gemeente VARCHAR",
    "meta.gebieden": "gebied_code VARCHAR, jaar INTEGER, naam VARCHAR, inwoners BIGINT, inwoners_0_17 BIGINT, "
    "is_geschat BOOLEAN",
    "meta.regels": "regel_code VARCHAR, titel VARCHAR, zin VARCHAR, ernst VARCHAR, bericht VARCHAR, deur VARCHAR, "
    "drempel VARCHAR, eenheid VARCHAR, geldig_vanaf DATE, bron VARCHAR, blinde_vlek VARCHAR, marts VARCHAR",
    "meta.indicatordefinities": "indicator_id VARCHAR, indicator_versie INTEGER, naam VARCHAR, groep VARCHAR, "
    "definitie VARCHAR, teller VARCHAR, noemer VARCHAR, eenheid VARCHAR, richting VARCHAR, segmenten VARCHAR, "
    "periodes VARCHAR, bron VARCHAR, openbaar VARCHAR, openbaar_vorm VARCHAR, is_berekend BOOLEAN, "
    "reden_niet_berekend VARCHAR",
    "openbaar.kerncijfers": "indicator_id VARCHAR, periode_soort VARCHAR, periode DATE, gebied_code VARCHAR, "
    "segment VARCHAR, waarde DOUBLE, teller DECIMAL(18,2), noemer DECIMAL(18,2), eenheid VARCHAR, teken VARCHAR, "
    "dekking DOUBLE",
    "openbaar.doelen": "doel_id VARCHAR, jaar INTEGER, naam VARCHAR, basiswaarde DECIMAL(18,2), "
    "streefwaarde DECIMAL(18,2), realisatie DECIMAL(18,2), status VARCHAR, t_m_maand DATE",
    "openbaar.leveringen": "gemeente VARCHAR, bericht VARCHAR, maand DATE, status VARCHAR",
    "openbaar.bijdragen": "bijdrage_id VARCHAR, gemeente VARCHAR, omschrijving VARCHAR, totaal_eur DECIMAL(18,2), "
    "inwoners_jaar INTEGER, inwoners BIGINT, sleutel_aandeel DOUBLE, afronding_eur DECIMAL(18,2), "
    "bedrag_eur DECIMAL(18,2), bedrag_sluitend_eur DECIMAL(18,2)",
    "openbaar.referentiewaarden": "indicator_id VARCHAR, gebied VARCHAR, segment VARCHAR, uitsplitsing VARCHAR, "
    "jaar INTEGER, waarde DOUBLE, eenheid VARCHAR, bron VARCHAR, opmerking VARCHAR",
}
# indicator, periode_soort, gebied_code, segment, waarde, teller, noemer, eenheid, teken
_KERNCIJFERS = (
    ("jeugdigen_in_zorg", "jaar", "REGIO", "totaal", 1000, 1000, None, "aantal", ""),
    ("jeugdigen_in_zorg", "jaar", "GM0141", "jr", None, None, None, "aantal", "<10"),
    ("stand", "kwartaal", "GM0141", "totaal", None, None, None, "aantal", "onvolledig"),
    ("kosten", "jaar", "REGIO", "totaal", 15_400_000, 15_400_000, None, "euro", ""),
    ("kosten", "jaar", "REGIO", "verblijf", 4_000_000, 4_000_000, None, "euro", ""),
    ("kosten_per_jeugdige", "jaar", "REGIO", "totaal", 15_600, 15_400_000, 990, "euro", ""),
    ("kosten_per_inwoner_0_17", "jaar", "REGIO", "totaal", 2_057, 15_400_000, 7_487, "euro", ""),
    ("aandeel_te_laat", "jaar", "REGIO", "totaal", 0.23, 115, 510, "aandeel", ""),
    ("aandeel_te_laat", "jaar", "REGIO", "jr", 0.30, 20, 65, "aandeel", ""),
    ("aandeel_jeugdigen_in_zorg", "jaar", "GM0141", "totaal", 0.13, 965, 7_487, "aandeel", ""),
    ("kostengroei", "jaar", "REGIO", "totaal", 0.078, 1_114_000, 14_286_000, "aandeel", ""),
    ("trajectduur_gemiddeld", "jaar", "REGIO", "totaal", 410, None, 300, "dagen", ""),
    ("aandeel_duurste_15pct", "jaar", "REGIO", "totaal", 0.75, 11_550_000, 15_400_000, "aandeel", ""),
    ("verzilvering", "jaar", "REGIO", "totaal", 0.87, None, None, "aandeel", ""),
)
_SLEUTELS = {
    "sturing.indicatoren": ["indicator_id", "periode_soort", "periode", "gebied_code", "segment"],
    "meta.publicatie": ["publicatie_id"],
    "meta.indicatordefinities": ["indicator_id"],
}
_OORDEEL = ("poort.json",)
"""What the gate leaves with a candidate when nothing was published before it."""


def _vul(con: duckdb.DuckDBPyConnection, publicatie_id: str, catalogus: Catalogus) -> None:
    for tabel, kolommen in _TABELLEN.items():
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {tabel.split('.')[0]}")
        con.execute(f"CREATE TABLE {tabel} (publicatie_id VARCHAR, {kolommen})")
    gebieden = (("gemeente", "GM0141", 1), ("gemeente", "GM0153", 1), ("regio", "REGIO", 2))
    periodes = (("maand", "2025-03"), ("maand", "2025-05"), ("12m", "2024-03"), ("12m", "2025-03"), ("12m", "2025-05"))
    indicatoren = (
        ("jeugdigen_in_zorg", 500, None, "aantal"),
        ("kosten", 1000, None, "euro"),
        ("aandeel_te_laat", 100, 1000, "aandeel"),
        ("kostengroei", 30, 10, "aandeel"),
    )
    for indicator, per_gebied, noemer, eenheid in indicatoren:
        for gebied_soort, gebied, k in gebieden:
            for soort, maand in periodes:
                teller = per_gebied * k
                rijping = "definitief" if maand < "2025-04" else "voorlopig"
                waarde = teller if noemer is None else teller / (noemer * k)
                con.execute(
                    "INSERT INTO sturing.indicatoren "
                    "VALUES (?, ?, 1, ?, ?, ?, ?, 'totaal', ?, ?, ?, ?, ?, false, 1.0, ?)",
                    [
                        publicatie_id, indicator, soort, f"{maand}-01", gebied_soort, gebied, teller,
                        noemer and noemer * k, waarde, eenheid, 500 * k, rijping,
                    ],
                )  # fmt: skip
    for doel in catalogus.rijen("streefwaarden"):
        for jaar in range(int(doel["eerste_jaar"]), int(doel["laatste_jaar"]) + 1):
            con.execute(
                "INSERT INTO sturing.doelrealisatie VALUES (?, ?, ?, 'REGIO', 'op_koers')",
                [publicatie_id, doel["doel_id"], jaar],
            )
    p = publicatie_id
    con.execute(
        f"INSERT INTO sturing.stromen VALUES ('{p}', '2025-02-01', 'REGIO', 'totaal', 100, 10, 0, 0, 4, 106), "
        f"('{p}', '2025-03-01', 'REGIO', 'totaal', 106, 0, 2, 3, 5, 100)"
    )
    con.execute(
        f"INSERT INTO kosten.kosten_zorgmaand VALUES ('{p}', '2025-03-01', 'GM0141', 'wonen', 10.01), "
        f"('{p}', '2025-03-01', 'GM0153', 'wonen', -2.00), ('{p}', '2025-03-01', 'REGIO', 'wonen', 8.01)"
    )
    con.execute(f"INSERT INTO kosten.naijling VALUES ('{p}', '2025-03-01', 8.01)")
    con.execute(f"INSERT INTO kosten.concentratie VALUES ('{p}', 2025, 8.01)")
    con.execute(
        f"INSERT INTO kosten.verrekening VALUES ('{p}', 2025, 'inwoners', 'GM0141', 4.01, 8.01), "
        f"('{p}', 2025, 'inwoners', 'GM0153', 4.00, 8.01), ('{p}', 2025, 'vast_t2', 'GM0141', NULL, 8.01)"
    )
    con.execute(f"INSERT INTO kosten.bijdragen VALUES ('{p}', 'x', 'GM0141', 3, 1), ('{p}', 'x', 'GM0153', 3, 2)")
    con.execute(f"INSERT INTO kosten.groei_ontleding VALUES ('{p}', 2025, 15, 1, 2, 3, 4, 5)")
    con.execute(f"INSERT INTO kosten.groei_ontleding (publicatie_id, jaar) VALUES ('{p}', 2024)")
    con.execute(f"INSERT INTO kwaliteit.leveringsstatus VALUES ('{p}', 'GM0141', 'GEACCEPTEERD')")
    con.execute(f"INSERT INTO kwaliteit.tijdigheid VALUES ('{p}', 'REGIO', 12)")
    con.execute(f"INSERT INTO kwaliteit.bevindingen VALUES ('{p}', 'GM0141', 0)")
    con.execute(f"INSERT INTO kwaliteit.aansluiting VALUES ('{p}', 'GM0141', 3)")
    con.execute(
        f"INSERT INTO meta.publicatie (publicatie_id, peilmoment, gemaakt_op, n_leveringen, eerste_maand, "
        f"laatste_maand) VALUES ('{p}', '2025-07-20 10:00:00', '2025-07-20 10:00:01', 2, '2025-03-01', '2025-05-01')"
    )
    con.execute(f"INSERT INTO meta.herkomst VALUES ('{p}', 'abc', 'GM0141')")
    con.execute(f"INSERT INTO meta.gebieden VALUES ('{p}', 'REGIO', 2024, 'Regio', 20000, 7487, false)")
    con.execute(f"INSERT INTO meta.regels (publicatie_id, regel_code) VALUES ('{p}', 'T10')")
    for r in catalogus.rijen("indicatoren"):
        con.execute(
            "INSERT INTO meta.indicatordefinities (publicatie_id, indicator_id, eenheid, openbaar, openbaar_vorm) "
            "VALUES (?, ?, ?, ?, ?)",
            [p, r["indicator_id"], r["eenheid"], r["openbaar"], r["openbaar_vorm"]],
        )
    for indicator_id, soort, gebied, segment, *getallen in _KERNCIJFERS:
        con.execute(
            "INSERT INTO openbaar.kerncijfers VALUES (?, ?, ?, '2024-01-01', ?, ?, ?, ?, ?, ?, ?, 1.0)",
            [p, indicator_id, soort, gebied, segment, *getallen],
        )
    con.execute(
        f"INSERT INTO kosten.openbaarheid VALUES ('{p}', 'jaar', '2024-01-01', 'REGIO', 'totaal', 990, true), "
        f"('{p}', 'jaar', '2024-01-01', 'REGIO', 'verblijf', 60, true), "
        f"('{p}', 'jaar', '2024-01-01', 'REGIO', 'crisis', 60, false)"
    )
    con.execute(f"INSERT INTO openbaar.leveringen VALUES ('{p}', 'GM0141', 'declaraties', '2025-03-01', 'TE_LAAT')")


def maak_manifest() -> dict[str, Any]:
    """A manifest as dbt writes it, as far as publishing reads it; a quote in every sentence."""
    nodes: dict[str, Any] = {
        "test.x.y": {"resource_type": "test", "schema": "sturing", "name": "y"},
        "model.r.stg_x": {"resource_type": "model", "schema": "staging", "name": "stg_x", "columns": {}},
    }
    for tabel, sleutel in _SLEUTELS.items():
        nodes[f"test.r.unique_combination_{tabel}"] = {
            "resource_type": "test",
            "schema": "test",
            "name": "unique_combination",
            "attached_node": f"model.r.{tabel}",
            "test_metadata": {"name": "unique_combination", "kwargs": {"kolommen": sleutel}},
        }
    for tabel, kolommen in _TABELLEN.items():
        schema, naam = tabel.split(".")
        namen = ["publicatie_id", *(k.split()[0] for k in kolommen.replace("(18,2)", "").split(", "))]
        nodes[f"model.r.{tabel}"] = {
            "resource_type": "model",
            "schema": schema,
            "name": naam,
            "alias": naam,
            "description": f"Wat er in '{tabel}' staat.\n",
            "columns": {
                k: {"name": k, "description": f"Wat '{k}' is.", "meta": {}, "config": {"meta": _eenheid(k)}}
                for k in namen
            },
        }
    return {"nodes": nodes}


def _eenheid(kolom: str) -> dict[str, str]:
    return {"eenheid": "euro"} if kolom.endswith("_eur") else {}


@dataclass
class Proefmarts:
    """Makes candidates and publications of the handmade marts; `bederf` is SQL that spoils them first."""

    settings: Settings
    catalogus: Catalogus
    map: Path
    voorraad: Path
    manifest: dict[str, Any] = field(default_factory=maak_manifest)
    bewijzen: list[Ontvangstbewijs] = field(default_factory=list)
    is_gaaf: bool = True
    """Nothing was spoiled yet."""

    def gegevens(self, nummer: int = 1) -> PublicatieGegevens:
        moment = PEILMOMENT + dt.timedelta(days=nummer)
        return PublicatieGegevens(
            publicatie_id=maak_publicatie_id(moment, f"{nummer:08x}"),
            peilmoment=moment,
            gemaakt_op=moment + dt.timedelta(minutes=nummer),
            codeversie="c1",
            seedversie="s1",
            deurversie="d1",
            n_leveringen=len(self.bewijzen),
            reeks="synthetisch",
        )

    def warehouse(self, nummer: int = 1, *bederf: str) -> Path:
        gaaf = self.voorraad / f"warehouse-{nummer}.duckdb"
        if not gaaf.exists():
            with duckdb.connect(str(gaaf)) as con:
                con.execute("BEGIN")
                _vul(con, self.gegevens(nummer).publicatie_id, self.catalogus)
                con.execute("CREATE SCHEMA raw")
                con.execute("CREATE TABLE raw.toewijzingen AS SELECT 'mag er niet in' AS pseudoniem")
                con.execute("COMMIT")
        pad = self.map / f"warehouse-{nummer}.duckdb"
        shutil.copyfile(gaaf, pad)
        with duckdb.connect(str(pad)) as con:
            for sql in bederf:
                con.execute(sql)
        return pad

    def maak(self, nummer: int = 1, *bederf: str, werker: Werkproces | None = None) -> Kandidaat:
        """Make a candidate, now: for tests of the making."""
        return maak_kandidaat(
            self.settings,
            publicatie=self.gegevens(nummer),
            bewijzen=self.bewijzen,
            manifest=self.manifest,
            warehouse=self.warehouse(nummer, *bederf),
            werker=werker,
        )

    def kandidaat(self, nummer: int = 1, *bederf: str) -> Kandidaat:
        """A candidate; a sound one is made and judged once per session, and copied for whoever asks."""
        self.is_gaaf &= not bederf
        if not self.is_gaaf or (self.manifest, self.bewijzen) != (maak_manifest(), maak_bewijzen()):
            return self.maak(nummer, *bederf)
        ruim_kandidaten_op(self.settings)
        kandidaat = Kandidaat(
            self.settings.huis.publications / f"{VOORVOEGSEL}{self.gegevens(nummer).publicatie_id}",
            self.gegevens(nummer),
        )
        klaar = self._klaar(nummer)
        if not klaar.exists():
            # where nothing was published yet, whatever was here: what another one was before it is in nothing of it
            elders = replace(self.settings, huis=Huis(self.voorraad / f"huis-{nummer}"))
            elders.huis.maak()
            gaaf = replace(self, settings=elders).maak(nummer)
            assert beoordeel_kandidaat(gaaf, self.catalogus, None).is_doorgelaten
            gaaf.pad.rename(klaar)
        shutil.copytree(klaar, kandidaat.pad, ignore=shutil.ignore_patterns(*_OORDEEL))
        return kandidaat

    def bedorven(self, nummer: int, *bederf: str) -> Kandidaat:
        """A candidate of which the marts were spoiled after it was made: a copy of the sound one where that can be."""
        if (self.manifest, self.bewijzen) != (maak_manifest(), maak_bewijzen()):
            return self.kandidaat(nummer, *bederf)
        kandidaat = self.kandidaat(nummer)
        with duckdb.connect(str(marts_bestand(kandidaat.pad))) as con:
            for sql in bederf:
                con.execute(sql)
        return kandidaat

    def _klaar(self, nummer: int) -> Path:
        return self.voorraad / f"kandidaat-{nummer}"

    def publiceer(self, nummer: int = 1, *bederf: str) -> Publicatie:
        """Make, judge and release; the verdict on sound marts is that of the stock."""
        kandidaat = self.kandidaat(nummer, *bederf)
        if self.is_gaaf and self._klaar(nummer).exists():
            for naam in _OORDEEL:
                shutil.copy2(self._klaar(nummer) / naam, kandidaat.pad)
        else:
            assert beoordeel_kandidaat(kandidaat, self.catalogus, None).is_doorgelaten
        return geef_vrij(kandidaat, self.settings)


@pytest.fixture(scope="session")
def catalogus() -> Catalogus:
    return Catalogus.load(PROJECT / "seeds")


def bewijs(bericht: Bericht, maand: str = "2025-05", inhoud: str = "a" * 64) -> Ontvangstbewijs:
    sleutel = Sleutel("GM0153", bericht, Maand.lees(maand))
    return Ontvangstbewijs(
        levering_id=levering_id(sleutel, inhoud),
        sleutel=sleutel,
        sha256=inhoud,
        bytes=1,
        bestandsnaam="x.csv",
        ontvangen_op=PEILMOMENT - dt.timedelta(days=30),
        verwerkt_op=PEILMOMENT,
        status=Status.GEACCEPTEERD,
        rijen_in_bestand=3,
        rijen=Telling(3, 3, 0),
        bedrag_cent=Telling(10, 10, 0),
        deurversie="d1",
    )


def maak_bewijzen() -> list[Ontvangstbewijs]:
    return [bewijs(b) for b in KERN]


@pytest.fixture(scope="session")
def voorraad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sound warehouses and candidates, made once and copied for every test."""
    return tmp_path_factory.mktemp("voorraad")


@pytest.fixture(autouse=True)
def _zonder_schijf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the disk proves nothing here and takes most of the time."""
    monkeypatch.setattr("os.fsync", lambda _fd: None)


def maak_proefmarts(map_: Path, catalogus: Catalogus, voorraad: Path) -> Proefmarts:
    """Handmade marts in a data home in `map_`."""
    huis = Huis(map_ / "huis")
    huis.maak()
    settings = Settings(huis=huis, seeds=PROJECT / "seeds", bsn_reeks=BsnReeks.SYNTHETISCH, sleutel_bron="")
    return Proefmarts(settings, catalogus, map_, voorraad, bewijzen=maak_bewijzen())


@pytest.fixture
def marts(tmp_path: Path, catalogus: Catalogus, voorraad: Path) -> Proefmarts:
    return maak_proefmarts(tmp_path, catalogus, voorraad)
