"""An example of every rule on declaraties, for senders (see berichten/voorbeelden.py)."""

from __future__ import annotations

from pipeline.berichten.voorbeeld import Voorbeeld, v

VOORBEELDEN: dict[str, Voorbeeld] = {
    "D01": v("Alleen D of C.", debet_credit="X"),
    "D02": v("Een creditregel heeft een positief bedrag en C.", ingediend_bedrag="-85080"),
    "D03": v("Categorie 99 bestaat niet.", productcategorie="99"),
    "D04": v("Eenheid 77 bestaat niet.", eenheid="77"),
    "D05": v("De periode is omgekeerd.", productperiode_begin="2025-03-01", productperiode_eind="2025-02-01"),
    "D06": v("Maak er een regel per maand van.", productperiode_begin="2025-02-01", productperiode_eind="2025-03-31"),
    "D07": v("12 x 7090 is 85080.", geleverd_volume="12", producttarief="7090", ingediend_bedrag="90000"),
    "D08": v("Bij uren hoort een tarief.", eenheid="04", producttarief=""),
    "D09": v("Het tarief is 7090; dit lijkt honderd keer te veel.", producttarief="709000"),
    "D10": v("Welke regel wordt ingetrokken?", debet_credit="C", vorig_referentienummer=""),
    "D11": v("REF-2025/0 is nooit geleverd.", "credit met vorig_referentienummer REF-2025/0"),
    "D12": v("Een credit trekt de hele regel in.", "debet 85080, credit 80000 op dezelfde regel"),
    "D13": v("De tweede credit trekt iets in dat er niet meer is.", "twee creditregels op REF-2025/1"),
    "D14": v("Niet te zien is welke van de twee geldt.", "REF-2025/1 staat er met 85080 en met 90000"),
    "D15": v("De nieuwste levering telt.", "REF-2025/1 had in maart 85080, nu 90000"),
    "D16": v("Een aanbieder gebruikt een kenmerk eenmaal.", "REF-2025/1 staat ook bij een andere gemeente"),
    "D17": v("Crediteer eerst de oude regel.", "twee debetregels voor maart op dezelfde toewijzing"),
    "D18": v("Lever de toewijzing, of verbeter het nummer.", "toewijzingnummer 1001 komt bij u niet voor"),
    "D19": v("De declaratie hoort bij iemand anders.", "toewijzing 1001 is van een andere aanbieder"),
    "D20": v("Gedeclareerd is iets anders dan toegewezen.", "toegewezen 45A04, gedeclareerd 45A48"),
    "D21": v("Een deel van de periode is niet toegewezen.", "toegewezen tot 15-03-2025, gedeclareerd tot 31-03-2025"),
    "D22": v("De toewijzing is verwijderd met reden 13.", "declaratie op toewijzing 1001"),
    "D23": v("Er is meer geleverd dan toegewezen.", "toegewezen 10 uur per maand, gedeclareerd 12"),
    "D24": v(
        "Uiterlijk 28 februari had gemoeten.", declaratiedagtekening="2025-03-31",
        productperiode_begin="2025-01-01", productperiode_eind="2025-01-31",
    ),
    "D25": v(
        "De zorg is van meer dan vijf jaar terug.", declaratiedagtekening="2025-03-31",
        productperiode_begin="2019-01-01", productperiode_eind="2019-01-31",
    ),
    "D26": v("Een declaratie van na de levering kan niet.", "ontvangen 10-04-2025, dagtekening 2025-05-01"),
    "D27": v("Kan kloppen bij een overstap in de maand.", "twee aanbieders, zelfde jeugdige, product en maand"),
    "D28": v("Anderen rekenen voor dit product rond 7090.", "producttarief 14000"),
    "D29": v("Deze status bestaat niet.", status="kwijt"),
    "D30": v("Deze code staat niet in de productentabel.", productcode="45Z98"),
    "D31": v("45A04 hoort bij categorie 45.", productcode="45A04", productcategorie="54"),
    "D32": v(
        "De zorg tot en met 31 maart was nog niet geleverd.",
        declaratiedagtekening="2025-03-15", productperiode_eind="2025-03-31",
    ),
    "D33": v("Bij u kost dit product in dat jaar rond 7090.", "producttarief 14000"),
    "D34": v("Bij u staan er op een regel gewoonlijk rond 12 uren.", "geleverd_volume 400"),
    "D35": v("Crediteer een regel; laat haar niet weg.", "REF-2025/1 stond wel in maart, niet in april"),
    "D36": v("Het contract zegt 7090 per uur.", "geleverd_volume 12, ingediend_bedrag 850800 (tien keer te veel)"),
    "D37": v("Bij u staan er op een regel rond 12 uren.", "geleverd_volume 1200"),
    "D38": v("Voor dit product staat er rond 85080 op een regel.", "eenheid 83, ingediend_bedrag 8508000"),
}  # fmt: skip
