"""An example of every rule, for senders: what is in the row, and what is wrong with it.

Lives here: one example per code of `seeds/ref_regels.csv` that holds for files and rows of any bericht, and all of them
together. A test puts those on one row through the door. Add here: the example of such a rule; that of a rule on one
bericht is in its room. Keep out: the sentence of the rule (the seed has it). No persons: numbers from the official test
range, invented dates.
"""

from __future__ import annotations

from pipeline.berichten import kamer
from pipeline.berichten.voorbeeld import Voorbeeld, v
from pipeline.domain.leveringen import Bericht

_ALGEMEEN: dict[str, Voorbeeld] = {
    "L01": v("Het bestand heeft een wachtwoord en kan niet worden geopend.", "een beveiligd Excelbestand"),
    "L02": v(
        "De map is van de ene gemeente, de naam zegt een andere.", "toewijzingen_GM0141_2025-03.csv in de map GM0153"
    ),
    "L03": v("In het bestand staan toewijzingen.", "declaraties_GM0141_2025-03.csv met kolom toewijzingsdatum"),
    "L04": v(
        "Alle declaraties zijn van april of later.", "declaraties_GM0141_2025-03.csv, elke dagtekening na 31-03-2025"
    ),
    "L05": v("Zonder ingangsdatum is een toewijzing niet te plaatsen.", "een kopregel zonder ingangsdatum"),
    "L06": v("Twee kolommen zijn allebei het BSN.", "een kopregel met bsn en Burgerservicenummer"),
    "L07": v("Er zijn twee rijen onderweg kwijtgeraakt.", "controlebestand: 120 rijen; bestand: 118 rijen"),
    "L08": v("Afgesproken zijn eurocenten; 70,90 is een bedrag in euro.", "producttarief 70,90 in elke rij"),
    "L09": v("Niet te zien is of er niets was of dat het mis ging.", "alleen een kopregel, geen controlebestand"),
    "L10": v("Meer dan een kwart van de rijen is fout.", "40 van de 100 rijen met een onleesbaar BSN"),
    "L11": v("De kolom wordt niet gelezen; de rest wel.", "een kolom opmerking"),
    "L12": v("Waarschijnlijk is het bestand niet compleet.", "100 rijen, gewoonlijk 400"),
    "L13": v("Waarschijnlijk is het bestand van vorige maand nog eens geleverd.", "april is gelijk aan maart"),
    "L14": v("Wat later kwam blijft gelden.", "een bestand dat ouder is dan wat er al is"),
    "L15": v("De afkeuring hoort bij een declaratie in een ander bestand.", "een 325 zonder de 323 erbij"),
    "L16": v("Waarschijnlijk is er iets dubbel geleverd.", "1.200 rijen, gewoonlijk 400"),
    "L17": v("Een van de twee heeft het bestand van de ander geleverd.", "dezelfde declaraties in twee mappen"),
    "L18": v("De rijen staan weer onder voorbehoud.", "verklaard voor 2 rijen, inmiddels 3"),
    "R01": v("Er staat een scheidingsteken te veel of te weinig.", "een rij met 23 velden onder 24 kolommen"),
    "R02": v("Het laatste cijfer klopt niet met de elfproef.", bsn="999900007"),
    "R03": v("Dit is de code voor een onbekend BSN.", bsn="999999999"),
    "R04": v("Dit nummer is nooit uitgegeven.", bsn="000000012"),
    "R05": v("De ingangsdatum is verplicht.", ingangsdatum=""),
    "R06": v("Februari heeft geen 31 dagen.", einddatum="31-02-2025"),
    "R07": v("25 kan 1925 of 2025 zijn.", einddatum="31-08-25"),
    "R08": v("Een volume is een getal.", volume="tien"),
    "R09": v("Een tijdstip is uu:mm:ss.", toewijzingstijd="kwart over"),
    "R10": v("Een AGB-code heeft alleen cijfers.", aanbieder_agb="4234567A"),
    "R11": v("Gelezen als 04.", eenheid="4"),
    "R12": v("Gelezen als: geen einddatum.", einddatum="31-12-9999"),
    "R13": v("Telt eenmaal mee.", "twee rijen met in elke cel hetzelfde"),
    "R14": v("Bedoeld was waarschijnlijk 2025.", einddatum="2205-01-31"),
    "R15": v("Een toewijzingnummer heeft alleen cijfers.", toewijzingnummer="A12"),
    "R16": v("Gelezen als 2.", geslacht="Vrouw"),
    "R17": v("Dit kan anderhalf zijn of vijftienhonderd; schrijf 1,5 of 1500.", volume="1.500"),
    "R18": v("Geef de toewijzing een nummer van uzelf.", toewijzingnummer="999900006"),
    "R19": v("In de kolom volume staat een BSN.", volume="999900006"),
}  # fmt: skip

VOORBEELDEN: dict[str, Voorbeeld] = _ALGEMEEN | {
    code: voorbeeld for b in Bericht for code, voorbeeld in kamer(b, "voorbeelden").VOORBEELDEN.items()
}
