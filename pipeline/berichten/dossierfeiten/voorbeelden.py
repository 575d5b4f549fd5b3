"""An example of every rule on dossierfeiten, for senders (see berichten/voorbeelden.py)."""

from __future__ import annotations

from pipeline.berichten.voorbeeld import Voorbeeld, v

VOORBEELDEN: dict[str, Voorbeeld] = {
    "F01": v("Deze soort wordt niet gevraagd.", soort="intake"),
    "F02": v("Het bestand gaat over maart.", datum="2025-04-02"),
    "F03": v("Een feit van meer dan vijf jaar terug zegt niets meer over de hulp van nu.", datum="2019-06-01"),
    "F04": v(
        "Waarschijnlijk is een van de twee de dag van invoer.", "twee perspectiefplannen, op 3 en op 12 maart 2025"
    ),
    "F05": v(
        "Van deze jeugdige is bij u geen hulp bekend.",
        "een verklarende analyse zonder toewijzing van dezelfde jeugdige",
    ),
    "F06": v("Een perspectiefplan is voor jeugdigen vanaf 16 jaar.", "een perspectiefplan van een jeugdige van 9 jaar"),
    "F07": v(
        "De dag ligt voor de geboorte.", "een verklarende analyse van 2009 van een jeugdige die in 2012 is geboren"
    ),
    "F08": v("Een feit van na de levering kan nog niet.", "ontvangen op 10-04-2025, datum 2025-05-01"),
}
