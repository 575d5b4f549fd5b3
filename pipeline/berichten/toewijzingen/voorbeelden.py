"""An example of every rule on toewijzingen, for senders (see berichten/voorbeelden.py)."""

from __future__ import annotations

from pipeline.berichten.voorbeeld import Voorbeeld, v

VOORBEELDEN: dict[str, Voorbeeld] = {
    "T01": v("De toewijzing eindigt voor zij begint.", ingangsdatum="2025-03-01", einddatum="2025-02-01"),
    "T02": v("Categorie 99 bestaat niet.", productcategorie="99"),
    "T03": v("Eenheid 77 bestaat niet.", eenheid="77"),
    "T04": v("Frequentie 9 bestaat niet.", frequentie="9"),
    "T05": v("Reden 77 bestaat niet.", reden_wijziging="77"),
    "T06": v("Reden 99 bestaat niet.", reden_beeindiging="99"),
    "T07": v("Verwijzer 99 bestaat niet.", verwijzer_type="99"),
    "T08": v("Geslacht is 0, 1 of 2.", geslacht="X"),
    "T09": v(
        "Niet te zien is welke van de twee geldt.", "toewijzing 1001 van 2025-03-03 10:00 met volume 10 en met 11"
    ),
    "T10": v("De nieuwste levering telt.", "toewijzing 1001 had in maart volume 10, dezelfde versie nu 11"),
    "T11": v("Een toewijzing van na de levering kan niet.", "ontvangen 10-04-2025, toewijzingsdatum 2025-05-01"),
    "T12": v("Een nummer hoort bij een jeugdige en een aanbieder.", "toewijzing 1001 heeft nu een andere aanbieder"),
    "T13": v("Kies een van beide.", volume="10", budget="1000"),
    "T14": v("Met een productcode hoort er een volume te zijn.", productcode="45A04", volume=""),
    "T15": v("Per week heeft een einddatum nodig.", frequentie="2", einddatum=""),
    "T16": v("Etmalen worden niet per dag toegewezen.", eenheid="14", frequentie="1"),
    "T17": v("Gebruik 13 (verwijderd) of 14.", reden_wijziging="01"),
    "T18": v("Zet de einddatum gelijk aan de ingangsdatum.", reden_wijziging="13", einddatum="2025-08-31"),
    "T19": v(
        "Hetzelfde product is dubbel toegewezen.", "twee toewijzingen 45A04 bij dezelfde aanbieder, beide in maart"
    ),
    "T20": v("De jeugdige is 35 op de ingangsdatum.", geboortedatum="1990-01-01", ingangsdatum="2025-03-01"),
    "T21": v("Deze code staat niet in de productentabel.", productcode="45Z99"),
    "T22": v("45A04 hoort bij categorie 45.", productcode="45A04", productcategorie="54"),
    "T23": v("Afgegeven 14 dagen na de ingangsdatum.", "toewijzingsdatum 2025-03-15, ingangsdatum 2025-03-01"),
    "T24": v("Er zitten meer dan vijf werkdagen tussen.", "verzoek 2025-03-03, toewijzing 2025-03-20"),
    "T25": v("Later dan de regio heeft afgesproken.", "besluit 2025-02-01, toewijzing 2025-03-20"),
    "T26": v(
        "Sluit een toewijzing af of verwijder haar met reden 13.", "1001 stond in de stand van maart"
    ),
    "T27": v("Klopt de toewijzing nog?", "laatste versie van 2023-06-01, geen einddatum"),
    "T28": v("De zorg stopte voor zij begon.", ingangsdatum="2025-03-01", stopdatum_levering="2025-02-01"),
    "T29": v(
        "De zorg stopte voor zij begon.", startdatum_levering="2025-03-20", stopdatum_levering="2025-03-10"
    ),
    "T30": v("Het besluit is van na de toewijzing.", toewijzingsdatum="2025-03-03", besluitdatum="2025-03-10"),
    "T33": v("Voor dit product wordt rond 12 uur per maand toegewezen.", "volume 1200, eenheid 04, frequentie 4"),
}  # fmt: skip
