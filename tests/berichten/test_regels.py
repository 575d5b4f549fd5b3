"""Every row rule of the door: rows where it fires, rows where it does not, the boundary; seeds = code, both ways."""

# one case on one line reads as a table
# ruff: noqa: E501

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pytest

from pipeline.berichten import regels
from pipeline.berichten.toets import Regelboek
from pipeline.domain.leveringen import Bericht
from pipeline.intake.uitkomst import Uitspraak
from pipeline.settings import BsnReeks
from tests.intake.hulp import (
    CATALOGUS,
    GEMEENTE,
    D,
    T,
    als_csv,
    beoordeel,
    deur,
    eigen,
    elfproef,
    geraakt,
    goede_rijen,
    rij,
    stuk,
)

VULLING = 12
LAATSTE_ECHTE = str(next(n for n in range(899_999_999, 0, -1) if elfproef(n)))
EERSTE_SYNTHETISCHE = str(next(n for n in range(900_000_000, 999_999_999) if elfproef(n)))
NOOIT_UITGEGEVEN = "000000012"
ZONDER_NUL = str(next(n for n in range(10_000_000, 99_999_999) if elfproef(n)))


@dataclass(frozen=True)
class Geval:
    """Rows that differ from a good row, and which of them the rule hits."""

    code: str
    soort: str
    bericht: Bericht
    rijen: tuple[dict[str, str], ...]
    raakt: tuple[int, ...]
    gemeente: str = GEMEENTE

    def __str__(self) -> str:
        return f"{self.code}-{self.soort}-{self.bericht.value[:1]}-{'+'.join(k for r in self.rijen for k in r)}"


def ja(
    code: str, bericht: Bericht, *rijen: dict[str, str], welke: tuple[int, ...] = (0,), soort: str = "raakt"
) -> Geval:
    return Geval(code, soort, bericht, rijen, welke)


def nee(code: str, bericht: Bericht, *rijen: dict[str, str]) -> Geval:
    return Geval(code, "niet", bericht, rijen or ({},), ())


def grens(code: str, bericht: Bericht, *rijen: dict[str, str], welke: tuple[int, ...] = ()) -> Geval:
    return Geval(code, "grens", bericht, rijen, welke)


K, V, F = Bericht.CAPACITEIT, Bericht.VERZOEKEN, Bericht.DOSSIERFEITEN
SAMEN = ("R13", "T09", "D14", "K10", "V10", "F04")
"""Rules on rows with the same key."""
MINUUT = {"eenheid": "01", "productcode": "45A48", "producttarief": "192"}

GEVALLEN = [
    # R01 is a matter of lines: tests/intake/test_csv_lezer.py
    ja("R02", T, {"bsn": "999900007"}),
    ja("R02", D, {"bsn": "9999000067"}),
    ja("R02", T, {"bsn": "99990000a"}),
    nee("R02", T),
    grens("R02", T, {"bsn": "123456"}, {"bsn": ZONDER_NUL}, welke=(0,)),
    ja("R03", T, {"bsn": "999999999"}),
    ja("R03", D, {"bsn": "000000000"}),
    nee("R03", T),
    grens("R03", T, {"bsn": "0"}, {"bsn": "999999998"}, welke=(0,)),
    ja("R04", T, {"bsn": NOOIT_UITGEGEVEN}),
    nee("R04", T),
    grens("R04", D, {"bsn": LAATSTE_ECHTE}, {"bsn": EERSTE_SYNTHETISCHE}, welke=(0,)),
    ja("R05", T, {"toewijzingsdatum": ""}),
    ja("R05", D, {"debet_credit": " "}),
    nee("R05", T, {"einddatum": "", "verwijzer_type": ""}),
    grens("R05", T, {"ingangsdatum": "01-01-1900"}, {"geboortedatum": "01-01-1900"}, welke=(0,)),
    ja("R06", T, {"einddatum": "31-02-2025"}),
    ja("R06", D, {"datum_antwoord": "morgen"}),
    nee("R06", T, {"einddatum": "1-8-2025"}, {"einddatum": "2025-08-31T00:00:00"}, {"einddatum": "31/08/2025"}),
    grens("R06", T, {"einddatum": "29-02-2024"}, {"einddatum": "29-02-2025"}, welke=(1,)),
    ja("R07", T, {"einddatum": "31-08-25"}),
    nee("R07", T),
    grens("R07", D, {"datum_antwoord": "1-4-25"}, {"datum_antwoord": "1-4-2025"}, welke=(0,)),
    ja("R08", T, {"volume": "tien"}),
    ja("R08", D, {"ingediend_bedrag": "12..5"}),
    ja("R08", T, {"volume": "-1"}),
    nee("R08", T, {"volume": "7,5"}),
    grens("R08", T, {"budget": "100,00"}, {"budget": "100,5"}, welke=(1,)),
    grens("R08", T, {"budget": "99999999", "volume": ""}, {"budget": "100000000", "volume": ""}, {"volume": "99999999"}, {"volume": "100000000"}, welke=(1, 3)),
    ja("R09", T, {"toewijzingstijd": "kwart over"}),
    nee("R09", T, {"toewijzingstijd": ""}),
    nee("R09", D),
    grens("R09", T, {"toewijzingstijd": "23:59:59"}, {"toewijzingstijd": "24:00:00"}, welke=(1,)),
    ja("R10", T, {"aanbieder_agb": "4234567A"}),
    nee("R10", D),
    grens("R10", T, {"aanbieder_agb": "345678"}, {"aanbieder_agb": "34567"}, {"aanbieder_agb": "423456789"}, welke=(1, 2)),
    ja("R11", T, {"eenheid": "4"}),
    nee("R11", T),
    grens("R11", T, {"aanbieder_agb": "2345678"}, {"aanbieder_agb": "02345678"}, welke=(0,)),
    ja("R16", T, {"geslacht": "Man"}),
    ja("R16", D, {"debet_credit": "DEBET"}, {"eenheid": "Uren"}, {"status": "Afgewezen"}, welke=(0, 1, 2)),
    nee("R16", T, {"geslacht": "2", "leveringsvorm": "zin"}),
    nee("R16", D, {"debet_credit": "d", "status": "Toegewezen"}),
    grens("R16", T, {"frequentie": "PER_MAAND"}, {"frequentie": "per maand "}, {"frequentie": "per kwartaal"}, welke=(0, 1)),
    ja("R17", T, {"volume": "1.500"}),
    ja("R17", T, {"volume": "", "eenheid": "", "frequentie": "", "productcode": "", "budget": "150.000"}),
    nee("R17", T, {"volume": "1.500,00"}, {"volume": "1500"}),
    nee("R17", D, {"geleverd_volume": "1.500", "ingediend_bedrag": "10635"}),
    grens("R17", T, {"volume": "1,500"}, {"volume": "1.500.000"}),
    grens("R17", T, {"volume": "999.000"}, {"volume": "0.500"}),
    grens("R16", T, {"eenheid": "Dagdeel (4 uur)"}, {"eenheid": "stuks"}, {"verwijzer_type": "LEEG"}, welke=(0, 2)),
    ja("R12", T, {"einddatum": "31-12-9999"}),
    nee("R12", T),
    grens("R12", T, {"einddatum": "2999-12-31"}, {"einddatum": "2099-12-31"}, {"geboortedatum": "02-01-1900"}, welke=(0,)),
    ja("R13", T, {}, {}, welke=(1,)),
    nee("R13", T, {}, {"toewijzingnummer": "7"}),
    grens("R13", D, {}, {"geleverd_volume": "12,00"}, {"status": "afgekeurd"}, welke=(1,)),
    ja("R14", T, {"einddatum": "2205-01-31"}),
    nee("R14", T),
    grens("R14", T, {"einddatum": "2100-12-31"}, {"einddatum": "2101-01-01"}, {"ingangsdatum": "1989-12-31"}, welke=(1, 2)),
    grens("R14", T, {"geboortedatum": "1900-01-02"}, {"geboortedatum": "1899-12-31"}, welke=(1,)),
    ja("R15", T, {"toewijzingnummer": "A12"}),
    ja("R15", D, {"referentienummer": "R999900006"}),
    nee("R15", D, {"referentienummer": "REF-2025/1.a"}),
    grens("R15", T, {"toewijzingnummer": "999999999"}, {"toewijzingnummer": "1000000000"}, welke=(1,)),
    ja("R18", D, {"referentienummer": "R9999.000-06"}, {"declaratienummer": "F9999X00006"}, {"vorig_referentienummer": "9 9 9 9 0 0 0 0 6", "debet_credit": "C"}, welke=(0, 1, 2)),
    ja("R18", D, {"toewijzingnummer": "999900018"}, {"bsn": "999900018"}, welke=(0,)),
    ja("R18", T, {"toewijzingnummer": "999900018"}, {"bsn": "999900018"}, welke=(0,)),
    nee("R18", D, {"referentienummer": "R999900018"}, {"referentienummer": "REF-2025-1234567"}),
    grens("R18", D, {"referentienummer": "R1-999900006-7"}, {"referentienummer": "R1-99990006-7"}, {"bsn": ZONDER_NUL, "referentienummer": f"R{ZONDER_NUL}1"}, welke=(0, 2)),
    ja("R19", D, {"geleverd_volume": "999900006"}, {"ingediend_bedrag": "999900006"}, {"producttarief": "999.900.006"}, welke=(0, 1, 2)),
    ja("R19", D, {"geleverd_volume": "999900018"}, {"bsn": "999900018"}, welke=(0,)),
    nee("R19", D, {"geleverd_volume": "99990000"}, {"ingediend_bedrag": "999900018"}),
    nee("R19", T, {"volume": "10"}),
    grens("R19", D, {"bsn": ZONDER_NUL, "aanbieder_agb": ZONDER_NUL}, {"aanbieder_agb": ZONDER_NUL[::-1]}, welke=(0,)),
    grens("R15", D, {"referentienummer": "7" + "R" * 19}, {"referentienummer": "7" + "R" * 20}, {"referentienummer": "Jan Jansen"}, welke=(1, 2)),
    ja("T01", T, {"einddatum": "2025-02-01"}),
    nee("T01", T, {"einddatum": ""}),
    grens("T01", T, {"einddatum": "2025-03-01"}, {"einddatum": "2025-02-28"}, welke=(1,)),
    ja("T02", T, {"productcategorie": "99"}),
    nee("T02", T, {"productcategorie": ""}),
    grens("T02", T, {"productcategorie": "39"}, {"productcategorie": "40"}, {"productcategorie": "55"}, {"productcategorie": "56"}, welke=(0, 3)),
    ja("T03", T, {"eenheid": "77"}),
    nee("T03", T, {"eenheid": ""}),
    grens("T03", T, {"eenheid": "84"}, {"eenheid": "85"}, welke=(1,)),
    ja("T04", T, {"frequentie": "9"}),
    nee("T04", T),
    grens("T04", T, {"frequentie": "6"}, {"frequentie": "7"}, welke=(1,)),
    ja("T05", T, {"reden_wijziging": "77"}),
    nee("T05", T, {"reden_wijziging": ""}),
    grens("T05", T, {"reden_wijziging": "14"}, {"reden_wijziging": "15"}, welke=(1,)),
    ja("T06", T, {"reden_beeindiging": "99"}),
    nee("T06", T, {"reden_beeindiging": "31"}),
    grens("T06", T, {"reden_beeindiging": "39"}, {"reden_beeindiging": "40"}, welke=(1,)),
    ja("T07", T, {"verwijzer_type": "99"}),
    nee("T07", T),
    grens("T07", T, {"verwijzer_type": "8"}, {"verwijzer_type": "9"}, welke=(1,)),
    ja("T08", T, {"geslacht": "X"}),
    ja("T08", T, {"leveringsvorm": "LOT"}),
    nee("T08", T, {"leveringsvorm": "pgb"}),
    grens("T08", T, {"geslacht": "2"}, {"geslacht": "3"}, welke=(1,)),
    ja("T09", T, {"volume": "10"}, {"volume": "11"}, welke=(0, 1)),
    nee("T09", T, {}, {}),
    grens("T09", T, {"toewijzingstijd": ""}, {"toewijzingstijd": "00:00:00", "volume": "9"}, {"toewijzingstijd": "00:00:01"}, welke=(0, 1)),
    ja("T13", T, {"budget": "1000"}),
    nee("T13", T),
    grens("T13", T, {"volume": "", "budget": "1000"}, {"volume": "0", "budget": "0"}, welke=(1,)),
    ja("T14", T, {"volume": ""}),
    nee("T14", T, {"productcode": "", "volume": ""}),
    grens("T14", T, {"frequentie": ""}, {"eenheid": ""}, {}, welke=(0, 1)),
    ja("T15", T, {"frequentie": "2", "einddatum": ""}),
    nee("T15", T, {"frequentie": "4", "einddatum": ""}),
    grens("T15", T, {"budget": "1", "einddatum": ""}, {"budget": "", "einddatum": ""}, {"frequentie": "2", "einddatum": "31-12-9999"}, welke=(0, 2)),
    ja("T16", T, {"eenheid": "14", "frequentie": "1"}),
    nee("T16", T, {"eenheid": "01", "frequentie": "1"}),
    grens("T16", T, {"eenheid": "16", "frequentie": "2"}, {"eenheid": "16", "frequentie": "1"}, {"eenheid": "16", "frequentie": "3"}, welke=(1,)),
    ja("T17", T, {"reden_wijziging": "01"}),
    nee("T17", T, {"reden_wijziging": "14"}),
    grens("T17", T, {"reden_wijziging": "01", "toewijzingsdatum": "2022-03-31"}, {"reden_wijziging": "01", "toewijzingsdatum": "2022-04-01"}, welke=(1,)),
    ja("T18", T, {"reden_wijziging": "13"}),
    nee("T18", T, {"reden_wijziging": "14"}),
    grens("T18", T, {"reden_wijziging": "13", "einddatum": "2025-03-01"}, {"reden_wijziging": "13", "einddatum": "2025-03-02"}, {"reden_wijziging": "13", "einddatum": ""}, welke=(1, 2)),
    ja("T20", T, {"geboortedatum": "1990-01-01"}),
    nee("T20", T, {"geboortedatum": "01-01-1900"}),
    grens("T20", T, {"geboortedatum": "2002-03-02"}, {"geboortedatum": "2002-03-01"}, welke=(1,)),
    grens("T20", T, {"geboortedatum": "2025-03-01"}, {"geboortedatum": "2025-03-02"}, welke=(1,)),
    grens("T20", T, {"geboortedatum": "2024-12-31"}, {"geboortedatum": "2002-12-31"}),
    ja("T21", T, {"productcode": "45Z99"}),
    nee("T21", T, {"productcode": ""}),
    grens("T21", T, {"productcode": "45a04"}, {"productcode": "45A0"}, welke=(1,)),
    # the table begins on 2023-01-01: it cannot know what was valid before; without a readable day nothing is said either
    grens("T21", T, {"ingangsdatum": "2022-12-31"}, {"ingangsdatum": "2023-01-01"}, {"ingangsdatum": ""}, {"ingangsdatum": "", "productcode": "45Z99"}, {"ingangsdatum": "2022-12-31", "productcode": "45Z99"}, welke=(3, 4)),
    ja("T22", T, {"productcategorie": "54"}),
    nee("T22", T, {"productcode": "45Z99", "productcategorie": "54"}),
    grens("T22", T, {"productcategorie": ""}, {"productcategorie": "45"}),
    ja("T28", T, {"stopdatum_levering": "2025-02-01"}),
    nee("T28", T, {"stopdatum_levering": "2025-04-01"}),
    grens("T28", T, {"stopdatum_levering": "2025-03-01"}, {"stopdatum_levering": "2025-02-28"}, welke=(1,)),
    ja("T29", T, {"startdatum_levering": "2025-03-20", "stopdatum_levering": "2025-03-10"}),
    nee("T29", T, {"startdatum_levering": "2025-03-20"}),
    grens("T29", T, {"startdatum_levering": "2025-03-20", "stopdatum_levering": "2025-03-20"}, {"startdatum_levering": "2025-03-20", "stopdatum_levering": "2025-03-19"}, welke=(1,)),
    ja("T30", T, {"besluitdatum": "2025-03-10"}),
    nee("T30", T, {"besluitdatum": "2025-02-10", "datum_ontvangst_verzoek": "2025-02-10"}),
    grens("T30", T, {"datum_ontvangst_verzoek": "2025-03-03"}, {"datum_ontvangst_verzoek": "2025-03-04"}, welke=(1,)),
    ja("D01", D, {"debet_credit": "X"}),
    nee("D01", D, {"debet_credit": "C", "vorig_referentienummer": "REF0"}),
    grens("D01", D, {"debet_credit": "d"}, {"debet_credit": "DC"}, welke=(1,)),
    ja("D02", D, {"ingediend_bedrag": "-1"}),
    nee("D02", D),
    grens("D02", D, {"ingediend_bedrag": "0"}, {"ingediend_bedrag": "85080,00"}, {"ingediend_bedrag": "85080,5"}, welke=(2,)),
    ja("D03", D, {"productcategorie": "99"}),
    nee("D03", D),
    grens("D03", D, {"productcategorie": "31"}, {"productcategorie": "30"}, welke=(1,)),
    ja("D04", D, {"eenheid": "77"}),
    nee("D04", D),
    grens("D04", D, {"eenheid": "81"}, {"eenheid": "80"}, welke=(1,)),
    ja("D05", D, {"productperiode_eind": "2025-02-01"}),
    nee("D05", D),
    grens("D05", D, {"productperiode_eind": "2025-03-01"}, {"productperiode_eind": "2025-02-28"}, welke=(1,)),
    ja("D06", D, {"productperiode_begin": "2025-02-01"}),
    nee("D06", D),
    grens("D06", D, {"productperiode_begin": "2025-02-28"}, {"productperiode_begin": "2025-03-31"}, {"productperiode_eind": "2025-02-28"}, welke=(0,)),
    ja("D07", D, {"ingediend_bedrag": "90000"}),
    nee("D07", D, {"producttarief": ""}),
    grens("D07", D, {"ingediend_bedrag": "85081"}, {"ingediend_bedrag": "85079"}, {"ingediend_bedrag": "85082"}, {"ingediend_bedrag": "85078"}, welke=(2, 3)),
    # 100 minutes at 192 cents: 19200, tolerance 100 / 2 + 1 = 51
    grens("D07", D, {**MINUUT, "geleverd_volume": "100", "ingediend_bedrag": "19251"}, {**MINUUT, "geleverd_volume": "100", "ingediend_bedrag": "19252"}, {**MINUUT, "geleverd_volume": "100", "ingediend_bedrag": "19149"}, {**MINUUT, "geleverd_volume": "100", "ingediend_bedrag": "19148"}, welke=(1, 3)),
    # 3 minutes: tolerance 2,5: whole cents up to 2
    grens("D07", D, {**MINUUT, "geleverd_volume": "3", "ingediend_bedrag": "578"}, {**MINUUT, "geleverd_volume": "3", "ingediend_bedrag": "579"}, welke=(1,)),
    # amounts far beyond 32 bits are still exact
    grens("D07", D, {"geleverd_volume": "1", "producttarief": "984500", "ingediend_bedrag": "984500"}, {"geleverd_volume": "99999999", "producttarief": "7090", "ingediend_bedrag": "708999992910"}),
    ja("D08", D, {"producttarief": ""}),
    ja("D08", D, {"eenheid": "83", "geleverd_volume": "85080"}),
    nee("D08", D, {"eenheid": "83", "geleverd_volume": "85080", "producttarief": ""}),
    grens("D08", D, {"eenheid": "83", "geleverd_volume": "85081", "producttarief": ""}, {"eenheid": "83", "geleverd_volume": "85080,00", "producttarief": ""}, welke=(0,)),
    ja("D09", D, {"producttarief": "709000"}),
    nee("D09", D),
    grens("D09", D, {"producttarief": "354500"}, {"producttarief": "354499"}, {"producttarief": "141,8"}, {"producttarief": "141,9"}, welke=(0, 2)),
    grens("D09", D, {"eenheid": "01", "producttarief": "118"}),
    # without a tarief: amount / volume against 7090; the boundaries 50 and 1/50 are 354500 and 141,8 per unit
    ja("D09", D, {"producttarief": "", "ingediend_bedrag": "8508000"}),
    nee("D09", D, {"producttarief": ""}, {"producttarief": "", "eenheid": "83", "ingediend_bedrag": "8508000"}),
    grens("D09", D, {"producttarief": "", "ingediend_bedrag": "4254000"}, {"producttarief": "", "ingediend_bedrag": "4253999"}, {"producttarief": "", "geleverd_volume": "10", "ingediend_bedrag": "1418"}, {"producttarief": "", "geleverd_volume": "10", "ingediend_bedrag": "1419"}, welke=(0, 2)),
    grens("D09", D, {"producttarief": "", "geleverd_volume": "0", "ingediend_bedrag": "8508000"}, {"producttarief": "", "geleverd_volume": "0,01", "ingediend_bedrag": "3545"}, {"producttarief": "", "ingediend_bedrag": "0"}, welke=(1,)),
    grens("D09", D, {"producttarief": "", "eenheid": "01", "ingediend_bedrag": "8508000"}),
    ja("D10", D, {"debet_credit": "C"}),
    nee("D10", D, {"debet_credit": "C", "vorig_referentienummer": "REF0"}),
    grens("D10", D, {"vorig_referentienummer": "REF0"}, {"vorig_referentienummer": ""}, welke=(0,)),
    ja("D14", D, {"status": "goedgekeurd"}, {"status": "afgekeurd"}, welke=(0, 1)),
    nee("D14", D, {}, {}),
    grens("D14", D, {}, {"aanbieder_agb": "42345679", "status": "afgekeurd"}),
    ja("D24", D, {"productperiode_begin": "2025-01-01", "productperiode_eind": "2025-01-31"}),
    nee("D24", D),
    grens("D24", D, {"productperiode_begin": "2025-02-01", "productperiode_eind": "2025-02-28"}, {"productperiode_begin": "2025-01-01", "productperiode_eind": "2025-01-01", "declaratiedagtekening": "2025-02-28"}, {"productperiode_begin": "2025-01-01", "productperiode_eind": "2025-01-01", "declaratiedagtekening": "2025-03-01"}, welke=(2,)),
    ja("D25", D, {"productperiode_begin": "2019-01-01", "productperiode_eind": "2019-01-31"}),
    nee("D25", D),
    grens("D25", D, {"productperiode_begin": "2020-03-01", "productperiode_eind": "2020-03-31"}, {"productperiode_begin": "2020-03-01", "productperiode_eind": "2020-03-30"}, welke=(1,)),
    ja("D29", D, {"status": "kwijt"}),
    ja("D29", D, {"retourcode": "9998"}),
    nee("D29", D, {"status": "Afgekeurd", "retourcode": "8001"}),
    grens("D29", D, {"retourcode": "200"}, {"retourcode": "201"}, welke=(1,)),
    ja("D30", D, {"productcode": "45Z98"}),
    nee("D30", D),
    grens("D30", D, {"productcode": "45a04"}, {"productcode": "45A4"}, welke=(1,)),
    grens("D30", D, {"productperiode_begin": "2022-12-31"}, {"productperiode_begin": "2023-01-01"}, {"productperiode_begin": ""}, {"productperiode_begin": "2022-12-31", "productcode": "45Z98"}, welke=(3,)),
    ja("D31", D, {"productcategorie": "54"}),
    nee("D31", D, {"productcode": "45Z98", "productcategorie": "54"}),
    grens("D31", D, {"productcategorie": "45"}, {"productcategorie": "44"}, welke=(1,)),
    ja("D32", D, {"declaratiedagtekening": "2025-03-15"}),
    nee("D32", D),
    grens("D32", D, {"declaratiedagtekening": "2025-03-31"}, {"declaratiedagtekening": "2025-03-30"}, welke=(1,)),
    ja("K01", K, {"hulpvorm": "99"}),
    nee("K01", K, {"hulpvorm": "12"}),
    grens("K01", K, {"hulpvorm": "11"}, {"hulpvorm": "10"}, {"hulpvorm": "1"}, welke=(1,)),
    ja("K02", K, {"reden_dicht": "drukte"}),
    nee("K02", K),
    grens("K02", K, {"reden_dicht": "PERSONEEL"}, {"reden_dicht": "personeels"}, welke=(1,)),
    ja("K03", K, {"plekken": "8000", "vrij": "7994"}),
    nee("K03", K),
    grens("K03", K, {"plekken": "500", "vrij": "494"}, {"plekken": "501", "vrij": "495"}, welke=(1,)),
    ja("K04", K, {"bezet": "0", "vrij": "12"}),
    nee("K04", K),
    grens("K04", K, {"bezet": "0", "vrij": "8"}, {"bezet": "0", "vrij": "9"}, welke=(1,)),
    ja("K05", K, {"bezet": "12", "vrij": "0"}),
    nee("K05", K),
    grens("K05", K, {"bezet": "8", "vrij": "0"}, {"bezet": "9", "vrij": "0"}, welke=(1,)),
    ja("K06", K, {"bezet": "6", "vrij": "5"}),
    nee("K06", K, {"bezet": "9", "vrij": "0"}, {"bezet": "0", "vrij": "9"}),
    grens("K06", K, {"bezet": "6", "vrij": "2"}, {"bezet": "6", "vrij": "3"}, welke=(1,)),
    ja("K07", K, {"vrij": "0"}),
    nee("K07", K, {"vrij": "0", "reden_dicht": "personeel"}),
    grens("K07", K, {"vrij": "2"}, {"vrij": "1"}, welke=(1,)),
    ja("K08", K, {"reden_dicht": "personeel"}),
    nee("K08", K, {"vrij": "0", "reden_dicht": "personeel"}),
    grens("K08", K, {"vrij": "1", "reden_dicht": "overig"}, {"vrij": "2", "reden_dicht": "overig"}, welke=(1,)),
    ja("K09", K, {"peildatum": "2025-01-31"}),
    nee("K09", K, {"peildatum": "2025-03-15"}),
    grens("K09", K, *({"peildatum": d} for d in ("2025-02-28", "2025-03-01", "2025-03-31", "2025-04-01")), welke=(0, 3)),
    ja("K10", K, {}, {"plekken": "9", "vrij": "3"}, welke=(0, 1)),
    nee("K10", K, {}, {"locatie_code": "L7"}),
    grens("K10", K, {}, {"peildatum": "2025-03-30", "vrij": "2"}, {"productcode": "43A01"}, {"plekken": "08"}),
    ja("K11", K, {"hulpvorm": "02"}),
    nee("K11", K, {"hulpvorm": "11"}, {"hulpvorm": "03"}, {"hulpvorm": "99"}),
    grens("K11", K, {"hulpvorm": "04"}, {"hulpvorm": "04", "plekken": "0", "bezet": "0", "vrij": "0"}, welke=(0,)),
    ja("K12", K, {"productcode": "43Z99"}),
    nee("K12", K, {"productcode": "43A01"}, {"productcode": ""}),
    grens("K12", K, {"productcode": "43a01"}, {"productcode": "43A0"}, welke=(1,)),
    ja("V01", V, {"hulpvorm": "99"}),
    nee("V01", V, {"hulpvorm": "11"}),
    grens("V01", V, {"hulpvorm": "4"}, {"hulpvorm": "05"}, welke=(1,)),
    ja("V02", V, {"spoed": "misschien"}),
    nee("V02", V, {"spoed": "ja"}),
    grens("V02", V, {"spoed": "JA"}, {"spoed": "j"}, welke=(1,)),
    ja("V03", V, {"uitkomst": "klaar"}),
    nee("V03", V, {"uitkomst": "open"}),
    grens("V03", V, {"uitkomst": "Geen_Plek"}, {"uitkomst": "geen plek"}, welke=(1,)),
    ja("V04", V, {"matchdatum": "2025-03-01", "aanbieder_agb": "42345678"}),
    nee("V04", V, {"matchdatum": "2025-03-20", "aanbieder_agb": "42345678"}),
    grens("V04", V, *({"matchdatum": d, "aanbieder_agb": "42345678"} for d in ("2025-03-03", "2025-03-02")), welke=(1,)),
    ja("V05", V, {"plaatsingsdatum": "2025-03-01"}, {"matchdatum": "2025-03-20", "plaatsingsdatum": "2025-03-10"}, welke=(0, 1)),
    nee("V05", V, {"plaatsingsdatum": "2025-03-20"}),
    grens("V05", V, {"plaatsingsdatum": "2025-03-03"}, {"matchdatum": "2025-03-20", "plaatsingsdatum": "2025-03-20"},
          {"matchdatum": "2025-03-20", "plaatsingsdatum": "2025-03-19"}, welke=(2,)),
    ja("V06", V, {"uitkomst": "geplaatst"}),
    nee("V06", V, {"uitkomst": "geplaatst", "plaatsingsdatum": "2025-03-20"}),
    grens("V06", V, {"uitkomst": "gematcht"}, {"uitkomst": "GEPLAATST"}, welke=(1,)),
    ja("V07", V, {"uitkomst": "open", "plaatsingsdatum": "2025-03-20"}),
    nee("V07", V, {"uitkomst": "geplaatst", "plaatsingsdatum": "2025-03-20"}),
    grens("V07", V, {"uitkomst": "gematcht", "plaatsingsdatum": "2025-03-20"}, {"uitkomst": "gematcht"}, welke=(0,)),
    ja("V08", V, {"matchdatum": "2025-03-10"}),
    nee("V08", V, {"matchdatum": "2025-03-10", "aanbieder_agb": "42345678"}),
    grens("V08", V, {"matchdatum": "2025-03-10", "aanbieder_agb": " "}, {"aanbieder_agb": "42345678"}, welke=(0,)),
    ja("V09", V, {"woongemeente": "GM0363"}),
    nee("V09", V, {"woongemeente": "GM0153"}),
    grens("V09", V, {"woongemeente": "0153"}, {"woongemeente": "153"}, {"woongemeente": "363"}, welke=(2,)),
    ja("V10", V, {}, {"spoed": "ja"}, welke=(0, 1)),
    nee("V10", V, {}, {"verzoek_id": "V7", "spoed": "ja"}),
    grens("V10", V, {}, {"uitkomst": "OPEN"}, {"hulpvorm": "14 "}),
    ja("V11", V, {"verzoekdatum": "2023-03-03", "plaatsingsdatum": "2025-03-20"}),
    nee("V11", V, {"plaatsingsdatum": "2025-03-20"}),
    grens("V11", V, *({"verzoekdatum": d, "plaatsingsdatum": "2025-03-20"} for d in ("2024-03-20", "2024-03-19")), welke=(1,)),
    ja("V12", V, {"plaatsingsdatum": "2025-04-20"}),
    nee("V12", V),
    grens("V12", V, {"plaatsingsdatum": "2025-03-31"}, {"plaatsingsdatum": "2025-04-01"}, welke=(1,)),
    ja("V13", V, {"uitkomst": "open", "matchdatum": "2025-03-10"}),
    nee("V13", V, {"uitkomst": "gematcht", "matchdatum": "2025-03-10"}),
    grens("V13", V, {"uitkomst": "open"}, {"uitkomst": "open", "matchdatum": "2025-03-03"}, welke=(1,)),
    ja("F01", F, {"soort": "intake"}),
    nee("F01", F, {"soort": "perspectiefplan"}),
    grens("F01", F, {"soort": "Verklarende_Analyse"}, {"soort": "verklarende analyse"}, welke=(1,)),
    ja("F02", F, {"datum": "2025-05-02"}),
    nee("F02", F),
    grens("F02", F, {"datum": "2025-03-31"}, {"datum": "2025-04-01"}, welke=(1,)),
    ja("F03", F, {"datum": "2018-05-02"}),
    nee("F03", F, {"datum": "2024-01-01"}),
    grens("F03", F, {"datum": "2020-03-01"}, {"datum": "2020-02-29"}, welke=(1,)),
    ja("F04", F, {}, {"datum": "2025-03-20"}, welke=(0, 1)),
    nee("F04", F, {}, {"datum": "2025-03-20", "soort": "perspectiefplan"}),
    grens("F04", F, {"datum": "2025-01-01"}, {"datum": "2025-01-31"}, {"datum": "2025-03-12"}, {"datum": "2025-03-12"}, welke=(0, 1)),
    grens("F04", F, {"datum": "2025-01-01"}, {"datum": "2025-02-01"}, {"datum": "2025-02-01", "soort": "perspectiefplan"}),
]  # fmt: skip


def _bestand(geval: Geval) -> bytes:
    samen = geval.code in SAMEN
    rijen = [
        rij(geval.bericht, **(({} if samen else eigen(geval.bericht, 100 + i)) | r)) for i, r in enumerate(geval.rijen)
    ]
    return als_csv(geval.bericht, [*rijen, *goede_rijen(geval.bericht, VULLING)])


@pytest.fixture(scope="module")
def uitspraken() -> dict[bytes, Uitspraak]:
    """Verdicts on the files of all cases, given in one pass: each is a levering of its own."""
    bestanden = {_bestand(g): g.bericht for g in GEVALLEN}
    return dict(zip(bestanden, deur().beoordeel([stuk(b, data) for data, b in bestanden.items()]), strict=True))


@pytest.mark.parametrize("geval", GEVALLEN, ids=str)
def test_regel(geval: Geval, uitspraken: dict[bytes, Uitspraak]) -> None:
    uitspraak = uitspraken[_bestand(geval)]
    assert geraakt(uitspraak, geval.code) == [i + 2 for i in geval.raakt]
    bevinding = next(b for b in uitspraak.bewijs.bevindingen if b.regel_code == geval.code)
    assert bevinding.n_rijen == len(geval.raakt) <= bevinding.n_gecontroleerd


def test_goede_rijen_raken_niets() -> None:
    for bericht in Bericht:
        uitspraak = beoordeel(bericht, als_csv(bericht, goede_rijen(bericht, 5)))
        assert [b.regel_code for b in uitspraak.bewijs.bevindingen if b.n_rijen] == []


def test_elke_rijregel_heeft_een_geval_dat_raakt_dat_niet_raakt_en_op_de_grens() -> None:
    soorten = defaultdict(set)
    for g in GEVALLEN:
        soorten[g.code].add(g.soort)
    rijregels = {c for c, r in CATALOGUS.regels.items() if r.deur in ("contract", "regels")} - {"L10", "R01"}
    assert {c: s for c, s in soorten.items() if s != {"raakt", "niet", "grens"}} == {}
    assert set(soorten) == rijregels


@pytest.mark.parametrize("bericht", list(Bericht))
def test_code_en_seed_hebben_dezelfde_regels(bericht: Bericht) -> None:
    in_seed = {c for c, r in CATALOGUS.regels.items() if r.deur != "bouw" and r.geldt_voor(bericht)}
    assert regels.codes(bericht, Regelboek(CATALOGUS, BsnReeks.SYNTHETISCH)) == in_seed


@pytest.mark.parametrize("bericht", list(Bericht))
def test_elke_regel_staat_op_het_bewijs_ook_als_hij_niets_vond(bericht: Bericht) -> None:
    bewijs = beoordeel(bericht, als_csv(bericht, goede_rijen(bericht, 3))).bewijs
    op_bewijs = {b.regel_code for b in bewijs.bevindingen}
    assert op_bewijs == {c for c, r in CATALOGUS.regels.items() if r.deur != "bouw" and r.geldt_voor(bericht)}


def test_testnummers_worden_in_productie_geweigerd() -> None:
    data = als_csv(T, [rij(T, bsn=NOOIT_UITGEGEVEN), rij(T, bsn=EERSTE_SYNTHETISCHE), rij(T, bsn="999900006")])
    uitspraak = beoordeel(T, data, reeks=BsnReeks.PRODUCTIE)
    assert geraakt(uitspraak, "R04") == [3, 4]
