"""An example of every rule on capaciteit, for senders (see berichten/voorbeelden.py)."""

from __future__ import annotations

from pipeline.berichten.voorbeeld import Voorbeeld, v

VOORBEELDEN: dict[str, Voorbeeld] = {
    "K01": v("Hulpvorm 99 bestaat niet.", hulpvorm="99"),
    "K02": v("Kies een van de redenen uit de lijst.", reden_dicht="drukte"),
    "K03": v("Zoveel plekken heeft geen locatie.", plekken="80000", bezet="6", vrij="1", reden_dicht="overig"),
    "K04": v("Er is meer vrij dan er is.", plekken="8", bezet="0", vrij="9"),
    "K05": v("Er wonen er negen waar acht plekken zijn.", plekken="8", bezet="9", vrij="0"),
    "K06": v("Zes bezet en drie vrij is negen.", plekken="8", bezet="6", vrij="3"),
    "K07": v("Twee plekken zijn bezet noch vrij.", plekken="8", bezet="5", vrij="1", reden_dicht=""),
    "K08": v("Er is niets dicht.", plekken="8", bezet="7", vrij="1", reden_dicht="personeel"),
    "K09": v("Het bestand gaat over maart.", peildatum="2025-02-28"),
    "K10": v("Niet te zien is welke van de twee geldt.", "L0012 staat er op 2025-03-31 met 8 en met 9 plekken"),
    "K11": v("Ambulante hulp heeft geen plekken.", hulpvorm="02"),
    "K12": v("Dit product staat niet in de tabel.", productcode="43Z99"),
}
