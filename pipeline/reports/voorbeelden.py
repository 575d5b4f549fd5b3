"""An example of every rule, for senders: what is in the row, and what is wrong with it.

Lives here: one example per code of `seeds/ref_regels.csv`. A test puts those on one row through the door.
Add here: the example of a new rule. Keep out: the sentence of the rule (the seed has it). No persons: numbers from the
official test range, invented dates.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Voorbeeld:
    """Cells that differ from a good row (of toewijzingen, unless the rule is about declaraties), and what is wrong."""

    waarom: str
    cellen: dict[str, str] = field(default_factory=dict)
    situatie: str = ""
    """What it is about when one row does not show it."""


def _v(waarom: str, situatie: str = "", /, **cellen: str) -> Voorbeeld:
    return Voorbeeld(waarom, cellen, situatie)


VOORBEELDEN: dict[str, Voorbeeld] = {
    "L01": _v("Het bestand heeft een wachtwoord en kan niet worden geopend.", "een beveiligd Excelbestand"),
    "L02": _v(
        "De map is van Enschede, de naam zegt Almelo.", "toewijzingen_GM0141_2025-03.csv in de map GM0153"
    ),
    "L03": _v("In het bestand staan toewijzingen.", "declaraties_GM0141_2025-03.csv met kolom toewijzingsdatum"),
    "L04": _v(
        "Alle declaraties zijn van april of later.", "declaraties_GM0141_2025-03.csv, elke dagtekening na 31-03-2025"
    ),
    "L05": _v("Zonder ingangsdatum is een toewijzing niet te plaatsen.", "een kopregel zonder ingangsdatum"),
    "L06": _v("Twee kolommen zijn allebei het BSN.", "een kopregel met bsn en Burgerservicenummer"),
    "L07": _v("Er zijn twee rijen onderweg kwijtgeraakt.", "controlebestand: 120 rijen; bestand: 118 rijen"),
    "L08": _v("Afgesproken zijn eurocenten; 70,90 is een bedrag in euro.", "producttarief 70,90 in elke rij"),
    "L09": _v("Niet te zien is of er niets was of dat het mis ging.", "alleen een kopregel, geen controlebestand"),
    "L10": _v("Meer dan een kwart van de rijen is fout.", "40 van de 100 rijen met een onleesbaar BSN"),
    "L11": _v("De kolom wordt niet gelezen; de rest wel.", "een kolom opmerking"),
    "L12": _v("Waarschijnlijk is het bestand niet compleet.", "100 rijen, gewoonlijk 400"),
    "L13": _v("Waarschijnlijk is het bestand van vorige maand nog eens geleverd.", "april is gelijk aan maart"),
    "L14": _v("Wat later kwam blijft gelden.", "een bestand dat ouder is dan wat er al is"),
    "L15": _v("De afkeuring hoort bij een declaratie in een ander bestand.", "een 325 zonder de 323 erbij"),
    "L16": _v("Waarschijnlijk is er iets dubbel geleverd.", "1.200 rijen, gewoonlijk 400"),
    "L17": _v("Een van de twee heeft het bestand van de ander geleverd.", "dezelfde declaraties in Almelo en in Borne"),
    "R01": _v("Er staat een scheidingsteken te veel of te weinig.", "een rij met 23 velden onder 24 kolommen"),
    "R02": _v("Het laatste cijfer klopt niet met de elfproef.", bsn="999900007"),
    "R03": _v("Dit is de code voor een onbekend BSN.", bsn="999999999"),
    "R04": _v("Dit nummer is nooit uitgegeven.", bsn="000000012"),
    "R05": _v("De ingangsdatum is verplicht.", ingangsdatum=""),
    "R06": _v("Februari heeft geen 31 dagen.", einddatum="31-02-2025"),
    "R07": _v("25 kan 1925 of 2025 zijn.", einddatum="31-08-25"),
    "R08": _v("Een volume is een getal.", volume="tien"),
    "R09": _v("Een tijdstip is uu:mm:ss.", toewijzingstijd="kwart over"),
    "R10": _v("Een AGB-code heeft alleen cijfers.", aanbieder_agb="4234567A"),
    "R11": _v("Gelezen als 04.", eenheid="4"),
    "R12": _v("Gelezen als: geen einddatum.", einddatum="31-12-9999"),
    "R13": _v("Telt eenmaal mee.", "twee rijen met in elke cel hetzelfde"),
    "R14": _v("Bedoeld was waarschijnlijk 2025.", einddatum="2205-01-31"),
    "R15": _v("Een toewijzingnummer heeft alleen cijfers.", toewijzingnummer="A12"),
    "R16": _v("Gelezen als 2.", geslacht="Vrouw"),
    "T01": _v("De toewijzing eindigt voor zij begint.", ingangsdatum="2025-03-01", einddatum="2025-02-01"),
    "T02": _v("Categorie 99 bestaat niet.", productcategorie="99"),
    "T03": _v("Eenheid 77 bestaat niet.", eenheid="77"),
    "T04": _v("Frequentie 9 bestaat niet.", frequentie="9"),
    "T05": _v("Reden 77 bestaat niet.", reden_wijziging="77"),
    "T06": _v("Reden 99 bestaat niet.", reden_beeindiging="99"),
    "T07": _v("Verwijzer 99 bestaat niet.", verwijzer_type="99"),
    "T08": _v("Geslacht is 0, 1 of 2.", geslacht="X"),
    "T09": _v(
        "Niet te zien is welke van de twee geldt.", "toewijzing 1001 van 2025-03-03 10:00 met volume 10 en met 11"
    ),
    "T10": _v("De nieuwste levering telt.", "toewijzing 1001 had in maart volume 10, dezelfde versie nu 11"),
    "T11": _v("Een toewijzing van na de levering kan niet.", "ontvangen 10-04-2025, toewijzingsdatum 2025-05-01"),
    "T12": _v("Een nummer hoort bij een jeugdige en een aanbieder.", "toewijzing 1001 heeft nu een andere aanbieder"),
    "T13": _v("Kies een van beide.", volume="10", budget="1000"),
    "T14": _v("Met een productcode hoort er een volume te zijn.", productcode="45A04", volume=""),
    "T15": _v("Per week heeft een einddatum nodig.", frequentie="2", einddatum=""),
    "T16": _v("Etmalen worden niet per dag toegewezen.", eenheid="14", frequentie="1"),
    "T17": _v("Gebruik 13 (verwijderd) of 14.", reden_wijziging="01"),
    "T18": _v("Zet de einddatum gelijk aan de ingangsdatum.", reden_wijziging="13", einddatum="2025-08-31"),
    "T19": _v(
        "Hetzelfde product is dubbel toegewezen.", "twee toewijzingen 45A04 bij dezelfde aanbieder, beide in maart"
    ),
    "T20": _v("De jeugdige is 35 op de ingangsdatum.", geboortedatum="1990-01-01", ingangsdatum="2025-03-01"),
    "T21": _v("Deze code staat niet in de productentabel.", productcode="45Z99"),
    "T22": _v("45A04 hoort bij categorie 45.", productcode="45A04", productcategorie="54"),
    "T23": _v("Afgegeven 14 dagen na de ingangsdatum.", "toewijzingsdatum 2025-03-15, ingangsdatum 2025-03-01"),
    "T24": _v("Er zitten meer dan vijf werkdagen tussen.", "verzoek 2025-03-03, toewijzing 2025-03-20"),
    "T25": _v("Later dan de regio heeft afgesproken.", "besluit 2025-02-01, toewijzing 2025-03-20"),
    "T26": _v(
        "Sluit een toewijzing af of verwijder haar met reden 13.", "1001 stond in de stand van maart"
    ),
    "T27": _v("Klopt de toewijzing nog?", "laatste versie van 2023-06-01, geen einddatum"),
    "T28": _v("De zorg stopte voor zij begon.", ingangsdatum="2025-03-01", stopdatum_levering="2025-02-01"),
    "T29": _v(
        "De zorg stopte voor zij begon.", startdatum_levering="2025-03-20", stopdatum_levering="2025-03-10"
    ),
    "T30": _v("Het besluit is van na de toewijzing.", toewijzingsdatum="2025-03-03", besluitdatum="2025-03-10"),
    "T33": _v("Voor dit product wordt rond 12 uur per maand toegewezen.", "volume 1200, eenheid 04, frequentie 4"),
    "D01": _v("Alleen D of C.", debet_credit="X"),
    "D02": _v("Een creditregel heeft een positief bedrag en C.", ingediend_bedrag="-85080"),
    "D03": _v("Categorie 99 bestaat niet.", productcategorie="99"),
    "D04": _v("Eenheid 77 bestaat niet.", eenheid="77"),
    "D05": _v("De periode is omgekeerd.", productperiode_begin="2025-03-01", productperiode_eind="2025-02-01"),
    "D06": _v("Maak er een regel per maand van.", productperiode_begin="2025-02-01", productperiode_eind="2025-03-31"),
    "D07": _v("12 x 7090 is 85080.", geleverd_volume="12", producttarief="7090", ingediend_bedrag="90000"),
    "D08": _v("Bij uren hoort een tarief.", eenheid="04", producttarief=""),
    "D09": _v("Het tarief is 7090; dit lijkt honderd keer te veel.", producttarief="709000"),
    "D10": _v("Welke regel wordt ingetrokken?", debet_credit="C", vorig_referentienummer=""),
    "D11": _v("REF-2025/0 is nooit geleverd.", "credit met vorig_referentienummer REF-2025/0"),
    "D12": _v("Een credit trekt de hele regel in.", "debet 85080, credit 80000 op dezelfde regel"),
    "D13": _v("De tweede credit trekt iets in dat er niet meer is.", "twee creditregels op REF-2025/1"),
    "D14": _v("Niet te zien is welke van de twee geldt.", "REF-2025/1 staat er met 85080 en met 90000"),
    "D15": _v("De nieuwste levering telt.", "REF-2025/1 had in maart 85080, nu 90000"),
    "D16": _v("Een aanbieder gebruikt een kenmerk eenmaal.", "REF-2025/1 staat ook bij een andere gemeente"),
    "D17": _v("Crediteer eerst de oude regel.", "twee debetregels voor maart op dezelfde toewijzing"),
    "D18": _v("Lever de toewijzing, of verbeter het nummer.", "toewijzingnummer 1001 komt bij u niet voor"),
    "D19": _v("De declaratie hoort bij iemand anders.", "toewijzing 1001 is van een andere aanbieder"),
    "D20": _v("Gedeclareerd is iets anders dan toegewezen.", "toegewezen 45A04, gedeclareerd 45A48"),
    "D21": _v("Een deel van de periode is niet toegewezen.", "toegewezen tot 15-03-2025, gedeclareerd tot 31-03-2025"),
    "D22": _v("De toewijzing is verwijderd met reden 13.", "declaratie op toewijzing 1001"),
    "D23": _v("Er is meer geleverd dan toegewezen.", "toegewezen 10 uur per maand, gedeclareerd 12"),
    "D24": _v(
        "Uiterlijk 28 februari had gemoeten.", declaratiedagtekening="2025-03-31",
        productperiode_begin="2025-01-01", productperiode_eind="2025-01-31",
    ),
    "D25": _v(
        "De zorg is van meer dan vijf jaar terug.", declaratiedagtekening="2025-03-31",
        productperiode_begin="2019-01-01", productperiode_eind="2019-01-31",
    ),
    "D26": _v("Een declaratie van na de levering kan niet.", "ontvangen 10-04-2025, dagtekening 2025-05-01"),
    "D27": _v("Kan kloppen bij een overstap in de maand.", "twee aanbieders, zelfde jeugdige, product en maand"),
    "D28": _v("Anderen rekenen voor dit product rond 7090.", "producttarief 14000"),
    "D29": _v("Deze status bestaat niet.", status="kwijt"),
    "D30": _v("Deze code staat niet in de productentabel.", productcode="45Z98"),
    "D31": _v("45A04 hoort bij categorie 45.", productcode="45A04", productcategorie="54"),
    "D32": _v(
        "De zorg tot en met 31 maart was nog niet geleverd.",
        declaratiedagtekening="2025-03-15", productperiode_eind="2025-03-31",
    ),
    "D33": _v("Bij u kost dit product in dat jaar rond 7090.", "producttarief 14000"),
    "D34": _v("Bij u staan er op een regel gewoonlijk rond 12 uren.", "geleverd_volume 400"),
    "D35": _v("Crediteer een regel; laat haar niet weg.", "REF-2025/1 stond wel in maart, niet in april"),
    "D36": _v("Het contract zegt 7090 per uur.", "geleverd_volume 12, ingediend_bedrag 850800 (tien keer te veel)"),
    "D37": _v("Bij u staan er op een regel rond 12 uren.", "geleverd_volume 1200"),
    "D38": _v("Voor dit product staat er rond 85080 op een regel.", "eenheid 83, ingediend_bedrag 8508000"),
}  # fmt: skip
