"""The elements of iJw 3.x messages that are read, the columns they become, and what a return code says.

Lives here: tables of elements by local name; nothing that is not in them is read (a message also names persons and
addresses). Add here: an element. Keep out: the order of reading (xml_lezer.py), what the values mean (waarden.py).
Source of the structure: iJw 3.2, DOMAIN 1.2-1.7; amounts are in eurocents by that standard.
"""

from __future__ import annotations

from typing import Any

ZONDER_OPMERKING = frozenset({"", "0200", "8001"})
"""Return codes that reject nothing."""
NIET_BEOORDEELD = "0233"
"""Return code of a part that was not looked at: what the level above it says holds for it."""
_AFGEKEURD = 3

TOEWIJZING, DECLARATIE, ANTWOORD = "301", "323", "325"
BERICHTCODES = {
    "436": TOEWIJZING, "437": "302", "438": "305", "439": "306", "440": "307", "441": "308", "446": "315",
    "447": "316", "486": "317", "487": "318", "488": "319", "489": "320", "490": DECLARATIE, "491": ANTWOORD,
}  # fmt: skip

Plan = dict[str, "int | Plan"]
Rij = list["str | None"]

KOP: tuple[str, ...] = (
    "BerichtCode", "BerichtVersie", "Afzender", "Ontvanger", "Identificatie", "Dagtekening", "Beantwoord", "Retourcode",
)  # fmt: skip
KOP_PLAN: Plan = {
    "BerichtCode": 0, "BerichtVersie": 1, "Afzender": 2, "Ontvanger": 3,
    "BerichtIdentificatie": {"Identificatie": 4, "Dagtekening": 5},
    "DeclaratieIdentificatie": {"Identificatie": 6},
    "RetourCodes": {"RetourCode": 7},
}  # fmt: skip

T_KOLOMMEN = (
    "bsn", "geboortedatum", "geslacht", "aanbieder_agb", "toewijzingnummer", "referentie_aanbieder", "productcategorie",
    "productcode", "toewijzingsdatum", "toewijzingstijd", "ingangsdatum", "einddatum", "reden_wijziging", "volume",
    "eenheid", "frequentie", "budget",
)  # fmt: skip
T_CLIENT: Plan = {"Bsn": 0, "Geboortedatum": {"Datum": 1}, "Geslacht": 2}
T_AGB = 3
T_RIJ: Plan = {
    "ToewijzingNummer": 4, "ReferentieAanbieder": 5, "Product": {"Categorie": 6, "Code": 7}, "Toewijzingsdatum": 8,
    "Toewijzingstijd": 9, "Ingangsdatum": 10, "Einddatum": 11, "RedenWijziging": 12,
    "Omvang": {"Volume": 13, "Eenheid": 14, "Frequentie": 15}, "Budget": 16,
}  # fmt: skip

D_KOLOMMEN = (
    "aanbieder_agb", "declaratienummer", "declaratieperiode_begin", "declaratiedagtekening", "bsn", "referentienummer",
    "vorig_referentienummer", "toewijzingnummer", "productcategorie", "productcode", "productperiode_begin",
    "productperiode_eind", "geleverd_volume", "eenheid", "producttarief", "ingediend_bedrag", "debet_credit", "status",
    "retourcode", "datum_antwoord",
)  # fmt: skip
D_AGB, D_NUMMER, D_PERIODE, D_DAGTEKENING, D_BSN, D_REFERENTIE = 0, 1, 2, 3, 4, 5
D_BEDRAG, D_DC, D_STATUS, D_RETOUR, D_ANTWOORD = 15, 16, 17, 18, 19
D_CLIENT: Plan = {"Bsn": 4}
D_RIJ: Plan = {
    "ProductReferentie": {"ReferentieNummer": 5, "VorigReferentieNummer": 6}, "ToewijzingNummer": 7,
    "ProductCategorie": 8, "ProductCode": 9, "ProductPeriode": {"Begindatum": 10, "Einddatum": 11},
    "GeleverdVolume": 12, "Eenheid": 13, "ProductTarief": 14, "IngediendBedrag": {"Bedrag": 15, "DebetCredit": 16},
}  # fmt: skip
NUMMER, PERIODE, DAGTEKENING, TOTAAL, TOTAAL_DC, CODE, TOEGEKEND, TOEGEKEND_DC = range(8)
DECLARATIE_PLAN: Plan = {
    "DeclaratieNummer": NUMMER, "DeclaratiePeriode": {"Begindatum": PERIODE}, "DeclaratieDagtekening": DAGTEKENING,
    "TotaalIngediendBedrag": {"TotaalBedrag": TOTAAL, "DebetCredit": TOTAAL_DC}, "RetourCodes": {"RetourCode": CODE},
    "TotaalToegekendBedrag": {"TotaalBedrag": TOEGEKEND, "DebetCredit": TOEGEKEND_DC},
}  # fmt: skip
AFKEUR_PLAN: Plan = {"ProductReferentie": {"ReferentieNummer": 0}, "RetourCodes": {"RetourCode": 1}}
A_CLIENT: Plan = {"Bsn": 0, "RetourCodes": {"RetourCode": 1}}
_RIJ_TAGS = ("ToegewezenProduct", "Prestatie")
TAGS = tuple("{*}" + t for t in ("Header", "Client", "Declaratie", "DeclaratieAntwoord", "Bericht", *_RIJ_TAGS))


class Kaart(dict[str, "int | Kaart | None"]):
    """A plan by full tag: local names are looked up once per namespace."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan: dict[str, int | Kaart] = {k: Kaart(v) if isinstance(v, dict) else v for k, v in plan.items()}

    def __missing__(self, tag: str) -> int | Kaart | None:
        doel = self.plan.get(tag.rpartition("}")[2])
        self[tag] = doel
        return doel

    def vul(self, element: Any, rij: Rij) -> bool:
        """Put the texts of the element's parts in their places; False when one is there twice or holds elements."""
        goed = True
        for deel in element:
            doel = self[deel.tag]
            if isinstance(doel, int):
                if rij[doel] is not None or len(deel):
                    goed = False
                rij[doel] = deel.text or ""
            elif doel is not None:
                goed = doel.vul(deel, rij) and goed
        return goed

    def vul_eerste(self, element: Any, rij: Rij) -> None:
        """Put the texts in their places, of repeated parts the first that says most (return codes)."""
        for deel in element:
            doel = self[deel.tag]
            if isinstance(doel, int):
                tekst = (deel.text or "").strip()
                if rij[doel] is None or zegt(tekst) > zegt(rij[doel]):
                    rij[doel] = tekst
            elif doel is not None:
                doel.vul_eerste(deel, rij)


def zegt(code: str | None) -> int:
    """How much a return code says: nothing, that there is no remark, that it was not judged, that it is rejected."""
    if not code:
        return 0
    return 1 if code in ZONDER_OPMERKING else 2 if code == NIET_BEOORDEELD else _AFGEKEURD


def afkeur(*codes: str | None) -> str:
    """Return the code of the level that rejects, from the lowest up; "" when none does."""
    return next((c for c in codes if c and zegt(c) == _AFGEKEURD), "")
