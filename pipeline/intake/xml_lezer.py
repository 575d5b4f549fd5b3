"""iJw 3.x messages in XML: 301 (toewijzing) and 323 (declaratie) to rows, 325 (antwoord) onto the lines it rejects.

Lives here: what of a message is read, hostile XML refused before it is parsed. Elements are known by their local name,
so that prefixes and namespaces may vary; nothing but the elements of the tables below is read (a message also names
persons and addresses). Add here: an element. Keep out: what the values mean (waarden.py), unpacking (readers.py).
Source of the structure: iJw 3.2, DOMAIN 1.2-1.7; amounts are in eurocents by that standard.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from lxml import etree

from pipeline.berichten.declaraties.kolommen import STATUS_AFGEKEURD
from pipeline.intake.lezing import Berichten, Grenzen, Onleesbaar, Tabel, keur_rijen
from pipeline.intake.uitpakken import zonder_merk

MAX_XML_BYTES = 64 * 2**20
"""Size of one XML file; a message is at most 25 MB (OP179)."""
MAX_MERKTEKENS = 5_000_000
"""Signs `<` and `=` in one XML file: bounds the elements and attributes, and so the memory, of any file."""
STATUS_TOEGEKEND = "goedgekeurd"
"""Status of a line in an answered declaration that the 325 does not name (OP303: it names only what is rejected)."""
ZONDER_OPMERKING = frozenset({"", "0200", "8001"})
"""Return codes that reject nothing."""
NIET_BEOORDEELD = "0233"
"""Return code of a part that was not looked at: what the level above it says holds for it."""

_TOEWIJZING, _DECLARATIE, _ANTWOORD = "301", "323", "325"
_BERICHTCODES = {
    "436": _TOEWIJZING, "437": "302", "438": "305", "439": "306", "440": "307", "441": "308", "446": "315",
    "447": "316", "486": "317", "487": "318", "488": "319", "489": "320", "490": _DECLARATIE, "491": _ANTWOORD,
}  # fmt: skip
_CODERINGEN = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "latin-1", "iso-8859-15", "windows-1252", "cp1252"}
)
"""Encodings in which ASCII is ASCII: only then does a search for `<!DOCTYPE` prove anything."""
_GENOEMDE_CODERING = re.compile(rb"""^\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_HEEL_GETAL = re.compile(r"\s*[0-9]{1,15}\s*")

Plan = dict[str, "int | Plan"]

_KOP: tuple[str, ...] = (
    "BerichtCode", "BerichtVersie", "Afzender", "Ontvanger", "Identificatie", "Dagtekening", "Beantwoord", "Retourcode",
)  # fmt: skip
_KOP_PLAN: Plan = {
    "BerichtCode": 0, "BerichtVersie": 1, "Afzender": 2, "Ontvanger": 3,
    "BerichtIdentificatie": {"Identificatie": 4, "Dagtekening": 5},
    "DeclaratieIdentificatie": {"Identificatie": 6},
    "RetourCodes": {"RetourCode": 7},
}  # fmt: skip

_T_KOLOMMEN = (
    "bsn", "geboortedatum", "geslacht", "aanbieder_agb", "toewijzingnummer", "referentie_aanbieder", "productcategorie",
    "productcode", "toewijzingsdatum", "toewijzingstijd", "ingangsdatum", "einddatum", "reden_wijziging", "volume",
    "eenheid", "frequentie", "budget",
)  # fmt: skip
_T_CLIENT: Plan = {"Bsn": 0, "Geboortedatum": {"Datum": 1}, "Geslacht": 2}
_T_AGB = 3
_T_RIJ: Plan = {
    "ToewijzingNummer": 4, "ReferentieAanbieder": 5, "Product": {"Categorie": 6, "Code": 7}, "Toewijzingsdatum": 8,
    "Toewijzingstijd": 9, "Ingangsdatum": 10, "Einddatum": 11, "RedenWijziging": 12,
    "Omvang": {"Volume": 13, "Eenheid": 14, "Frequentie": 15}, "Budget": 16,
}  # fmt: skip

_D_KOLOMMEN = (
    "aanbieder_agb", "declaratienummer", "declaratieperiode_begin", "declaratiedagtekening", "bsn", "referentienummer",
    "vorig_referentienummer", "toewijzingnummer", "productcategorie", "productcode", "productperiode_begin",
    "productperiode_eind", "geleverd_volume", "eenheid", "producttarief", "ingediend_bedrag", "debet_credit", "status",
    "retourcode", "datum_antwoord",
)  # fmt: skip
_D_AGB, _D_NUMMER, _D_PERIODE, _D_DAGTEKENING, _D_BSN, _D_REFERENTIE = 0, 1, 2, 3, 4, 5
_D_BEDRAG, _D_DC, _D_STATUS, _D_RETOUR, _D_ANTWOORD = 15, 16, 17, 18, 19
_D_CLIENT: Plan = {"Bsn": 4}
_D_RIJ: Plan = {
    "ProductReferentie": {"ReferentieNummer": 5, "VorigReferentieNummer": 6}, "ToewijzingNummer": 7,
    "ProductCategorie": 8, "ProductCode": 9, "ProductPeriode": {"Begindatum": 10, "Einddatum": 11},
    "GeleverdVolume": 12, "Eenheid": 13, "ProductTarief": 14, "IngediendBedrag": {"Bedrag": 15, "DebetCredit": 16},
}  # fmt: skip
_NUMMER, _PERIODE, _DAGTEKENING, _TOTAAL, _TOTAAL_DC, _CODE, _TOEGEKEND, _TOEGEKEND_DC = range(8)
_DECLARATIE_PLAN: Plan = {
    "DeclaratieNummer": _NUMMER, "DeclaratiePeriode": {"Begindatum": _PERIODE}, "DeclaratieDagtekening": _DAGTEKENING,
    "TotaalIngediendBedrag": {"TotaalBedrag": _TOTAAL, "DebetCredit": _TOTAAL_DC}, "RetourCodes": {"RetourCode": _CODE},
    "TotaalToegekendBedrag": {"TotaalBedrag": _TOEGEKEND, "DebetCredit": _TOEGEKEND_DC},
}  # fmt: skip
_AFKEUR_PLAN: Plan = {"ProductReferentie": {"ReferentieNummer": 0}, "RetourCodes": {"RetourCode": 1}}
_A_CLIENT: Plan = {"Bsn": 0, "RetourCodes": {"RetourCode": 1}}
_RIJ_TAGS = ("ToegewezenProduct", "Prestatie")
_TAGS = tuple("{*}" + t for t in ("Header", "Client", "Declaratie", "DeclaratieAntwoord", "Bericht", *_RIJ_TAGS))

Rij = list["str | None"]


def lees_xml(bestanden: Sequence[bytes], grenzen: Grenzen) -> Tabel:
    """Read XML files that are one levering (a zip of messages in the order of their names, or one) as one table.

    `rij` is the running number of the ToegewezenProduct or Prestatie over all messages, the first is 1. A file may
    hold more messages under a root of its own. A 325 puts status, return code and date on the lines of the 323 it
    answers; other iJw messages are counted, not read. Raises Onleesbaar, with a sentence for the sender, for what is
    no XML, no iJw 3.x, hostile, or both 301 and 323.
    """
    lezer = _Lezer()
    for i, data in enumerate(bestanden, start=1):
        lezer.plaats = f"Bericht {i} in het zip-bestand" if len(bestanden) > 1 else "Het bestand"
        lezer.lees(data)
    return lezer.tabel(grenzen)


# --- before parsing --------------------------------------------------------------------------------------------------


def _keur(data: bytes, plaats: str) -> tuple[bytes, str | None]:
    """Return the bytes to parse and the encoding to force, if any; Onleesbaar for what must not be parsed."""
    data = zonder_merk(data)
    if not data.strip():
        raise Onleesbaar(f"{plaats} is leeg.")
    if len(data) > MAX_XML_BYTES:
        raise Onleesbaar(f"{plaats} is groter dan {MAX_XML_BYTES // 2**20} MB; lever elk bericht als eigen bestand.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            data, codering = data.decode("utf-16").encode(), "utf-8"
        except UnicodeDecodeError:
            raise Onleesbaar(f"{plaats} noemt UTF-16, maar de tekens zijn dat niet.") from None
        return _zonder_dtd(data, plaats), codering
    genoemd = _GENOEMDE_CODERING.match(data[:300])
    naam = genoemd[1].decode("ascii").lower() if genoemd else "utf-8"
    if naam not in _CODERINGEN or b"\x00" in data:
        raise Onleesbaar(f"{plaats} heeft een tekencodering die niet wordt gelezen; lever UTF-8.")
    return _zonder_dtd(data, plaats), _codering(data, naam)


def _codering(data: bytes, genoemd: str) -> str | None:
    """Encoding to force: files that say UTF-8 (or nothing) and hold Windows-1252 exist."""
    if genoemd not in ("utf-8", "utf8", "us-ascii", "ascii"):
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _zonder_dtd(data: bytes, plaats: str) -> bytes:
    """Refuse a DTD or entity, wherever it stands: no message has one, and every known attack needs one."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Onleesbaar(f"{plaats} bevat een DTD of entiteiten; dat hoort niet in een bericht en is niet gelezen.")
    if data.count(b"<") + data.count(b"=") > MAX_MERKTEKENS:
        raise Onleesbaar(f"{plaats} bevat te veel elementen; lever elk bericht als eigen bestand.")
    return data


# --- elements to values ----------------------------------------------------------------------------------------------


class _Kaart(dict[str, "int | _Kaart | None"]):
    """A plan by full tag: local names are looked up once per namespace."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan: dict[str, int | _Kaart] = {k: _Kaart(v) if isinstance(v, dict) else v for k, v in plan.items()}

    def __missing__(self, tag: str) -> int | _Kaart | None:
        doel = self.plan.get(tag.rpartition("}")[2])
        self[tag] = doel
        return doel

    def vul(self, element: Any, rij: Rij) -> bool:
        """Put the texts of the element's parts in their places; False when one is there twice or holds elements."""
        goed = True
        for deel in element:
            doel = self[deel.tag]
            if doel.__class__ is int:
                if rij[doel] is not None or len(deel):  # type: ignore[index]  # an int by the line above, said fast
                    goed = False
                rij[doel] = deel.text or ""  # type: ignore[index]
            elif doel is not None:
                goed = doel.vul(deel, rij) and goed  # type: ignore[union-attr]
        return goed

    def vul_eerste(self, element: Any, rij: Rij) -> None:
        """Put the texts in their places, of repeated parts the first that says most (return codes)."""
        for deel in element:
            doel = self[deel.tag]
            if isinstance(doel, int):
                tekst = (deel.text or "").strip()
                if rij[doel] is None or _zegt(tekst) > _zegt(rij[doel]):
                    rij[doel] = tekst
            elif doel is not None:
                doel.vul_eerste(deel, rij)


def _zegt(code: str | None) -> int:
    """How much a return code says: nothing, that there is no remark, that it was not judged, that it is rejected."""
    if not code:
        return 0
    return 1 if code in ZONDER_OPMERKING else 2 if code == NIET_BEOORDEELD else _AFGEKEURD


_AFGEKEURD = 3


def _afkeur(*codes: str | None) -> str:
    """Return the code of the level that rejects, from the lowest up; "" when none does."""
    return next((c for c in codes if c and _zegt(c) == _AFGEKEURD), "")


def _lokaal(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


@dataclass
class _Declaratie:
    """One 323: whose it is, by what names a 325 calls it, and where its rows are."""

    agb: str
    identificatie: str
    nummer: str
    rijen: range


@dataclass
class _Antwoord:
    """One 325. `kop`, `code`: return codes of the message and of the declaration.

    `regels`: (reference, its code, code of its client); `clienten`: (person number, code) of which no line is named.
    `toegekend`: what it says is awarded, with D or C.
    """

    agb: str
    beantwoord: str
    dagtekening: str | None
    kop: str = ""
    nummer: str = ""
    code: str = ""
    regels: list[tuple[str, str, str]] = field(default_factory=list)
    clienten: list[tuple[str, str]] = field(default_factory=list)
    toegekend: tuple[str | None, str | None] = (None, None)

    @property
    def geheel(self) -> str:
        """Code that rejects the whole declaration; "" when none does."""
        return _afkeur(self.code, self.kop)

    @property
    def niet_beoordeeld(self) -> bool:
        """Whether it says of the whole that it was not judged, and so decides nothing about what it does not name."""
        return self.kop == NIET_BEOORDEELD and _zegt(self.code) in (0, 2)


class _Lezer:
    """Reads messages one after the other and keeps rows, declarations and answers until all are read."""

    def __init__(self) -> None:
        self.plaats = "Het bestand"
        self.soort = ""
        self.rijen: list[Rij] = []
        self.scheef: set[int] = set()
        self.declaraties: list[_Declaratie] = []
        self.antwoorden: list[_Antwoord] = []
        self.gemeenten: set[str] = set()
        self.andere: list[str] = []
        self.afwijkend = self.tegenspraak = 0
        self.kaarten = {
            naam: _Kaart(plan)
            for naam, plan in (
                ("kop", _KOP_PLAN), ("t_client", _T_CLIENT), ("t_rij", _T_RIJ), ("d_client", _D_CLIENT),
                ("d_rij", _D_RIJ), ("declaratie", _DECLARATIE_PLAN), ("afkeur", _AFKEUR_PLAN), ("a_client", _A_CLIENT),
            )
        }  # fmt: skip
        self.taken: dict[str, Callable[[Any], None]] = {
            "Header": self._kop, "Client": self._client, "Declaratie": self._declaratie,
            "DeclaratieAntwoord": self._declaratieantwoord, "Bericht": self._einde,
        }  # fmt: skip
        self._begin_bericht()

    def _begin_bericht(self) -> None:
        self.type = ""
        self.kop: Rij = []
        self.eerste = len(self.rijen)
        self.gezien = self.verwerkt = 0
        self.antwoord: _Antwoord | None = None

    def lees(self, data: bytes) -> None:
        """Read one XML file; Onleesbaar when anything is wrong with it as XML or as iJw."""
        data, codering = _keur(data, self.plaats)
        self._begin_bericht()
        berichten = 0
        try:
            for _, element in etree.iterparse(
                io.BytesIO(data), events=("end",), tag=_TAGS, encoding=codering, resolve_entities=False,
                load_dtd=False, dtd_validation=False, attribute_defaults=False, no_network=True, huge_tree=False,
                remove_comments=True, remove_pis=True, recover=False,
            ):  # fmt: skip
                naam = _lokaal(element)
                taak = self.taken.get(naam)
                if taak is None:
                    self.gezien += 1
                    continue
                taak(element)
                berichten += naam == "Bericht"
        except etree.XMLSyntaxError:
            raise Onleesbaar(
                f"{self.plaats} is geen geldige XML: het is afgebroken, of de opbouw klopt niet."
            ) from None
        if not berichten:
            raise Onleesbaar(f"{self.plaats} is geen iJw-bericht.")
        keur_rijen(len(self.rijen))

    # --- one message -----------------------------------------------------------------------------------------------

    def _kop(self, element: Any) -> None:
        kop: Rij = [None] * len(_KOP)
        self.kaarten["kop"].vul_eerste(element, kop)
        self.kop = kop
        self.type = _BERICHTCODES.get(kop[0] or "", "")
        if not self.type:
            raise Onleesbaar(f"{self.plaats} is geen iJw-bericht 301, 323 of 325.")
        if self.type not in (_TOEWIJZING, _DECLARATIE, _ANTWOORD):
            self.andere.append(self.type)
            return
        if (kop[1] or "3") != "3":
            raise Onleesbaar(f"{self.plaats} is niet van iJw release 3; lever release 3.x of een CSV.")
        gemeente = kop[3] if self.type == _DECLARATIE else kop[2]
        self.gemeenten.add(_gemeentecode(gemeente or ""))
        if self.type == _ANTWOORD:
            self.antwoord = _Antwoord(_agb(kop[3]), kop[6] or "", kop[5] or None, kop[7] or "")
            return
        if self.soort and self.soort != self.type:
            raise Onleesbaar("Toewijzingen (301) en declaraties (323) staan door elkaar; lever ze als twee bestanden.")
        self.soort = self.type

    def _client(self, element: Any) -> None:
        if not self.kop:
            raise Onleesbaar(f"{self.plaats} heeft geen Header voor de gegevens.")
        if self.type == _TOEWIJZING:
            self._rijen(element, len(_T_KOLOMMEN), "t_client", "t_rij", _T_AGB, self.kop[3])
        elif self.type == _DECLARATIE:
            self._rijen(element, len(_D_KOLOMMEN), "d_client", "d_rij", _D_AGB, self.kop[2])
        elif self.antwoord is not None:
            self._beantwoorde_client(element, self.antwoord)
        element.clear()

    def _beantwoorde_client(self, client: Any, antwoord: _Antwoord) -> None:
        eigen: Rij = [None, None]
        self.kaarten["a_client"].vul_eerste(client, eigen)
        gezien = self.verwerkt
        for prestatie in client.iter("{*}Prestatie"):
            afkeur: Rij = [None, None]
            self.kaarten["afkeur"].vul_eerste(prestatie, afkeur)
            antwoord.regels.append((afkeur[0] or "", afkeur[1] or "", eigen[1] or ""))
            self.verwerkt += 1
        if self.verwerkt == gezien:
            antwoord.clienten.append((eigen[0] or "", eigen[1] or ""))

    def _rijen(self, client: Any, breedte: int, van_client: str, van_rij: str, agb: int, aanbieder: str | None) -> None:
        basis: Rij = [None] * breedte
        basis[agb] = aanbieder
        goed = self.kaarten[van_client].vul(client, basis)
        kaart, rijen = self.kaarten[van_rij], self.rijen
        for groep in client:
            if _lokaal(groep) not in ("ToegewezenProducten", "Prestaties"):
                continue
            for element in groep:
                rij = basis.copy()
                if not kaart.vul(element, rij) or not goed:
                    self.scheef.add(len(rijen))
                rijen.append(rij)
                self.verwerkt += 1

    def _declaratie(self, element: Any) -> None:
        if self.type != _DECLARATIE:
            return
        waarden: Rij = [None] * 8
        goed = self.kaarten["declaratie"].vul(element, waarden)
        eigen = range(self.eerste, len(self.rijen))
        for i in eigen:
            rij = self.rijen[i]
            rij[_D_NUMMER], rij[_D_PERIODE], rij[_D_DAGTEKENING] = waarden[:3]
        if not goed:
            self.scheef.update(eigen)
        self.afwijkend += _totaal_wijkt_af(waarden[_TOTAAL], waarden[_TOTAAL_DC], [self.rijen[i] for i in eigen])
        nummer = (waarden[_NUMMER] or "").strip()
        self.declaraties.append(_Declaratie(_agb(self.kop[2]), self.kop[4] or "", nummer, eigen))

    def _declaratieantwoord(self, element: Any) -> None:
        if self.antwoord is None:
            return
        waarden: Rij = [None] * 8
        self.kaarten["declaratie"].vul_eerste(element, waarden)
        self.antwoord.nummer, self.antwoord.code = waarden[_NUMMER] or "", waarden[_CODE] or ""
        self.antwoord.toegekend = waarden[_TOEGEKEND], waarden[_TOEGEKEND_DC]

    def _einde(self, element: Any) -> None:
        if not self.kop:
            raise Onleesbaar(f"{self.plaats} is geen iJw-bericht: er is geen Header.")
        if self.type in (_TOEWIJZING, _DECLARATIE, _ANTWOORD) and self.gezien != self.verwerkt:
            raise Onleesbaar(f"{self.plaats} heeft gegevens op een plaats die een {self.type} niet kent.")
        if self.antwoord is not None:
            self.antwoorden.append(self.antwoord)
        element.clear()
        self._begin_bericht()

    # --- all messages ----------------------------------------------------------------------------------------------

    def tabel(self, grenzen: Grenzen) -> Tabel:
        """Put the answers on their lines and return all rows as one table."""
        if not self.soort:
            raise Onleesbaar(self._zonder_rijen())
        los = self._beantwoord()
        namen = _T_KOLOMMEN if self.soort == _TOEWIJZING else _D_KOLOMMEN
        recht = [i for i in range(len(self.rijen)) if i not in self.scheef] if self.scheef else range(len(self.rijen))
        kolommen = list(zip(*(self.rijen[i] for i in recht), strict=True)) or [()] * len(namen)
        cellen = pl.DataFrame(
            [pl.Series(f"k{j}", waarden, dtype=pl.String) for j, waarden in enumerate(kolommen)]
        ).with_columns(pl.Series("rij", [i + 1 for i in recht], dtype=pl.UInt32))
        if _te_lang(cellen, grenzen.rij_max_tekens):
            raise Onleesbaar(f"Een rij in het bestand is langer dan {grenzen.rij_max_tekens} tekens.")
        berichten = Berichten(
            gemeenten=frozenset(self.gemeenten),
            antwoorden=len(self.antwoorden),
            andere=len(self.andere),
            losse_antwoorden=los,
            afwijkend_totaal=self.afwijkend,
            tegenspraak=self.tegenspraak,
        )
        scheef = tuple(sorted(i + 1 for i in self.scheef))
        return Tabel(namen, cellen, scheef=scheef, records=len(self.rijen), berichten=berichten)

    def _zonder_rijen(self) -> str:
        if self.antwoorden:
            return "Er zijn alleen antwoorden (325); lever ze samen met de declaraties (323) waarop ze antwoorden."
        soorten = ", ".join(sorted(set(self.andere)))
        return f"Dit is een iJw-bericht {soorten}; gelezen worden 301 (toewijzing) en 323 (declaratie)."

    def _beantwoord(self) -> int:
        """Put every answer on its declaration, the newest last; return how many rejections found no line."""
        los = 0
        op_naam: dict[tuple[str, str, str], list[_Declaratie]] = {}
        for d in self.declaraties:
            for soort, naam in (("bericht", d.identificatie), ("nummer", d.nummer)):
                op_naam.setdefault((soort, d.agb, naam), []).append(d)
        for a in sorted(self.antwoorden, key=lambda a: a.dagtekening or ""):
            gevonden = op_naam.get(("bericht", a.agb, a.beantwoord), []) if a.beantwoord else []
            if not gevonden and a.nummer:
                gevonden = op_naam.get(("nummer", a.agb, a.nummer), [])
            los += self._zet_antwoord(a, [i for d in gevonden for i in d.rijen])
        return los

    def _zet_antwoord(self, a: _Antwoord, eigen: Sequence[int]) -> int:
        """Put an answer on the lines it is about; return how many rejections in it found none."""
        if not a.niet_beoordeeld:
            status, code = STATUS_AFGEKEURD if a.geheel else STATUS_TOEGEKEND, a.geheel or None
            for i in eigen:
                rij = self.rijen[i]
                rij[_D_STATUS], rij[_D_RETOUR], rij[_D_ANTWOORD] = status, code, a.dagtekening
        los = int(bool(a.geheel) and not eigen)
        plaatsen: dict[tuple[int, str], list[int]] = {}
        for kolom in ((_D_REFERENTIE,) if a.regels else ()) + ((_D_BSN,) if a.clienten else ()):
            for i in eigen:
                plaatsen.setdefault((kolom, (self.rijen[i][kolom] or "").strip()), []).append(i)
        for sleutel, kolom, code, boven in self._afkeuringen(a):
            gevonden = plaatsen.get((kolom, sleutel), [])
            los += not gevonden
            for i in gevonden:
                rij = self.rijen[i]
                rij[_D_STATUS], rij[_D_RETOUR] = STATUS_AFGEKEURD, _afkeur(code, boven, a.geheel) or None
                rij[_D_ANTWOORD] = a.dagtekening
        self.tegenspraak += self._spreekt_zich_tegen(a, eigen)
        return los

    @staticmethod
    def _afkeuringen(a: _Antwoord) -> Iterator[tuple[str, int, str, str]]:
        """What an answer rejects below the whole: (key, its column, own code, code above).

        A line is named to reject it, with or without a code (OP303), unless all that is said of it is that there is no
        remark or that it was not judged.
        """
        for referentie, code, van_client in a.regels:
            if not code or _afkeur(code, van_client):
                yield referentie, _D_REFERENTIE, code, van_client
        for bsn, code in a.clienten:
            if _afkeur(code):
                yield bsn, _D_BSN, code, ""

    def _spreekt_zich_tegen(self, a: _Antwoord, eigen: Sequence[int]) -> int:
        """1 when the amount awarded is not what was submitted less what is rejected; else 0."""
        if not eigen or a.toegekend[0] is None:
            return 0
        blijft = [self.rijen[i] for i in eigen if self.rijen[i][_D_STATUS] != STATUS_AFGEKEURD]
        return _totaal_wijkt_af(*a.toegekend, blijft)


def _agb(tekst: str | None) -> str:
    return (tekst or "").strip().zfill(8)


def _gemeentecode(tekst: str) -> str:
    """Four digits of a gemeente; "" when it is none (the text itself is not kept)."""
    kaal = tekst.strip().upper().removeprefix("GM")
    return kaal.zfill(4) if re.fullmatch(r"[0-9]{1,4}", kaal) else ""


def _totaal_wijkt_af(totaal: str | None, dc: str | None, rijen: Sequence[Rij]) -> int:
    """1 when a message names a total that is not the sum of its lines, debits minus credits (IV086); else 0.

    Not judged when an amount cannot be read: then the row rules say so.
    """
    bedragen = [totaal or "", *(r[_D_BEDRAG] or "" for r in rijen)]
    if not all(_HEEL_GETAL.fullmatch(b) for b in bedragen):
        return 0
    tekens = [_teken(dc), *(_teken(r[_D_DC]) for r in rijen)]
    genoemd, *eigen = (int(b) * t for b, t in zip(bedragen, tekens, strict=True))
    return int(genoemd != sum(eigen))


def _teken(dc: str | None) -> int:
    return -1 if (dc or "").strip().upper() == "C" else 1


def _te_lang(cellen: pl.DataFrame, maximum: int) -> bool:
    lengte = pl.sum_horizontal(pl.exclude("rij").str.len_bytes().fill_null(0))
    return bool(cellen.height) and bool(cellen.select((lengte.max() > maximum).fill_null(value=False)).item())


__all__ = ["MAX_MERKTEKENS", "MAX_XML_BYTES", "lees_xml"]
