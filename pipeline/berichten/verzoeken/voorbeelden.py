"""An example of every rule on verzoeken, for senders (see berichten/voorbeelden.py)."""

from __future__ import annotations

from pipeline.berichten.voorbeeld import Voorbeeld, v

VOORBEELDEN: dict[str, Voorbeeld] = {
    "V01": v("Hulpvorm 99 bestaat niet.", hulpvorm="99"),
    "V02": v("Het is ja of nee.", spoed="misschien"),
    "V03": v("Kies een van de uitkomsten uit de lijst.", uitkomst="klaar"),
    "V04": v("Voor het verzoek kan er nog niemand ja zeggen.", verzoekdatum="2025-03-03", matchdatum="2025-03-01"),
    "V05": v("De plaatsing is voor het verzoek.", verzoekdatum="2025-03-03", plaatsingsdatum="2025-03-01"),
    "V06": v("Op welke dag kwam de jeugdige?", uitkomst="geplaatst", plaatsingsdatum=""),
    "V07": v("Er is een dag van plaatsing, en het staat open.", uitkomst="open", plaatsingsdatum="2025-03-20"),
    "V08": v("Welke aanbieder zei ja?", matchdatum="2025-03-10", aanbieder_agb=""),
    "V09": v("Amsterdam hoort niet bij de regio.", woongemeente="GM0363"),
    "V10": v("Niet te zien is welke van de twee geldt.", "V2025-0173 staat er als open en als geplaatst"),
    "V11": v("Tussen verzoek en plaatsing ligt meer dan een jaar.", verzoekdatum="2024-01-15",
             plaatsingsdatum="2025-03-20", uitkomst="geplaatst"),
    "V12": v("Het bestand gaat over maart.", plaatsingsdatum="2025-04-02", uitkomst="geplaatst"),
    "V13": v("Er is een match, dus open is het niet meer.", uitkomst="open", matchdatum="2025-03-10",
             aanbieder_agb="42345678"),
}  # fmt: skip
