"""iJw 3.x messages in XML: 301 (toewijzing) and 323 (declaratie) to rows, 325 (antwoord) onto the lines it rejects.

Lives here: reading one message after the other. Elements are known by their local name, so that prefixes and namespaces
may vary. Keep out: which elements (ijw_elementen.py), answers (ijw_antwoorden.py), hostile XML (xml_keuring.py), what
the values mean (waarden.py), unpacking (readers.py).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
from lxml import etree

from pipeline.intake import ijw_elementen as ijw
from pipeline.intake.ijw_antwoorden import Antwoord, Declaratie, beantwoord, totaal_wijkt_af
from pipeline.intake.lezing import Berichten, Grenzen, Onleesbaar, Tabel, keur_rijen
from pipeline.intake.xml_keuring import keur


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


class _Lezer:
    """Reads messages one after the other and keeps rows, declarations and answers until all are read."""

    def __init__(self) -> None:
        self.plaats = "Het bestand"
        self.soort = ""
        self.rijen: list[ijw.Rij] = []
        self.scheef: set[int] = set()
        self.declaraties: list[Declaratie] = []
        self.antwoorden: list[Antwoord] = []
        self.gemeenten: set[str] = set()
        self.andere: list[str] = []
        self.afwijkend = 0
        self.kaarten = {
            naam: ijw.Kaart(plan)
            for naam, plan in (
                ("kop", ijw.KOP_PLAN), ("t_client", ijw.T_CLIENT), ("t_rij", ijw.T_RIJ), ("d_client", ijw.D_CLIENT),
                ("d_rij", ijw.D_RIJ), ("declaratie", ijw.DECLARATIE_PLAN), ("afkeur", ijw.AFKEUR_PLAN),
                ("a_client", ijw.A_CLIENT),
            )
        }  # fmt: skip
        self.taken: dict[str, Callable[[Any], None]] = {
            "Header": self._kop, "Client": self._client, "Declaratie": self._declaratie,
            "DeclaratieAntwoord": self._declaratieantwoord, "Bericht": self._einde,
        }  # fmt: skip
        self._begin_bericht()

    def _begin_bericht(self) -> None:
        self.type = ""
        self.kop: ijw.Rij = []
        self.eerste = len(self.rijen)
        self.gezien = self.verwerkt = 0
        self.antwoord: Antwoord | None = None

    def lees(self, data: bytes) -> None:
        """Read one XML file; Onleesbaar when anything is wrong with it as XML or as iJw."""
        data, codering = keur(data, self.plaats)
        self._begin_bericht()
        berichten = 0
        try:
            for _, element in etree.iterparse(
                io.BytesIO(data), events=("end",), tag=ijw.TAGS, encoding=codering, resolve_entities=False,
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
        kop: ijw.Rij = [None] * len(ijw.KOP)
        self.kaarten["kop"].vul_eerste(element, kop)
        self.kop = kop
        self.type = ijw.BERICHTCODES.get(kop[0] or "", "")
        if not self.type:
            raise Onleesbaar(f"{self.plaats} is geen iJw-bericht 301, 323 of 325.")
        if self.type not in (ijw.TOEWIJZING, ijw.DECLARATIE, ijw.ANTWOORD):
            self.andere.append(self.type)
            return
        if (kop[1] or "3") != "3":
            raise Onleesbaar(f"{self.plaats} is niet van iJw release 3; lever release 3.x of een CSV.")
        gemeente = kop[3] if self.type == ijw.DECLARATIE else kop[2]
        self.gemeenten.add(_gemeentecode(gemeente or ""))
        if self.type == ijw.ANTWOORD:
            self.antwoord = Antwoord(_agb(kop[3]), kop[6] or "", kop[5] or None, kop[7] or "")
            return
        if self.soort and self.soort != self.type:
            raise Onleesbaar("Toewijzingen (301) en declaraties (323) staan door elkaar; lever ze als twee bestanden.")
        self.soort = self.type

    def _client(self, element: Any) -> None:
        if not self.kop:
            raise Onleesbaar(f"{self.plaats} heeft geen Header voor de gegevens.")
        if self.type == ijw.TOEWIJZING:
            self._rijen(element, len(ijw.T_KOLOMMEN), "t_client", "t_rij", ijw.T_AGB, self.kop[3])
        elif self.type == ijw.DECLARATIE:
            self._rijen(element, len(ijw.D_KOLOMMEN), "d_client", "d_rij", ijw.D_AGB, self.kop[2])
        elif self.antwoord is not None:
            self._beantwoorde_client(element, self.antwoord)
        element.clear()

    def _beantwoorde_client(self, client: Any, antwoord: Antwoord) -> None:
        eigen: ijw.Rij = [None, None]
        self.kaarten["a_client"].vul_eerste(client, eigen)
        gezien = self.verwerkt
        for prestatie in client.iter("{*}Prestatie"):
            afkeur: ijw.Rij = [None, None]
            self.kaarten["afkeur"].vul_eerste(prestatie, afkeur)
            antwoord.regels.append((afkeur[0] or "", afkeur[1] or "", eigen[1] or ""))
            self.verwerkt += 1
        if self.verwerkt == gezien:
            antwoord.clienten.append((eigen[0] or "", eigen[1] or ""))

    def _rijen(self, client: Any, breedte: int, van_client: str, van_rij: str, agb: int, aanbieder: str | None) -> None:
        basis: ijw.Rij = [None] * breedte
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
        if self.type != ijw.DECLARATIE:
            return
        waarden: ijw.Rij = [None] * 8
        goed = self.kaarten["declaratie"].vul(element, waarden)
        eigen = range(self.eerste, len(self.rijen))
        for i in eigen:
            rij = self.rijen[i]
            rij[ijw.D_NUMMER], rij[ijw.D_PERIODE], rij[ijw.D_DAGTEKENING] = waarden[:3]
        if not goed:
            self.scheef.update(eigen)
        self.afwijkend += totaal_wijkt_af(waarden[ijw.TOTAAL], waarden[ijw.TOTAAL_DC], [self.rijen[i] for i in eigen])
        nummer = (waarden[ijw.NUMMER] or "").strip()
        self.declaraties.append(Declaratie(_agb(self.kop[2]), self.kop[4] or "", nummer, eigen))

    def _declaratieantwoord(self, element: Any) -> None:
        if self.antwoord is None:
            return
        waarden: ijw.Rij = [None] * 8
        self.kaarten["declaratie"].vul_eerste(element, waarden)
        self.antwoord.nummer, self.antwoord.code = waarden[ijw.NUMMER] or "", waarden[ijw.CODE] or ""
        self.antwoord.toegekend = waarden[ijw.TOEGEKEND], waarden[ijw.TOEGEKEND_DC]

    def _einde(self, element: Any) -> None:
        if not self.kop:
            raise Onleesbaar(f"{self.plaats} is geen iJw-bericht: er is geen Header.")
        if self.type in (ijw.TOEWIJZING, ijw.DECLARATIE, ijw.ANTWOORD) and self.gezien != self.verwerkt:
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
        los, tegenspraak = beantwoord(self.declaraties, self.antwoorden, self.rijen)
        namen = ijw.T_KOLOMMEN if self.soort == ijw.TOEWIJZING else ijw.D_KOLOMMEN
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
            tegenspraak=tegenspraak,
        )
        scheef = tuple(sorted(i + 1 for i in self.scheef))
        return Tabel(namen, cellen, scheef=scheef, records=len(self.rijen), berichten=berichten)

    def _zonder_rijen(self) -> str:
        if self.antwoorden:
            return "Er zijn alleen antwoorden (325); lever ze samen met de declaraties (323) waarop ze antwoorden."
        soorten = ", ".join(sorted(set(self.andere)))
        return f"Dit is een iJw-bericht {soorten}; gelezen worden 301 (toewijzing) en 323 (declaratie)."


def _lokaal(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _agb(tekst: str | None) -> str:
    return (tekst or "").strip().zfill(8)


def _gemeentecode(tekst: str) -> str:
    """Four digits of a gemeente; "" when it is none (the text itself is not kept)."""
    kaal = tekst.strip().upper().removeprefix("GM")
    return kaal.zfill(4) if re.fullmatch(r"[0-9]{1,4}", kaal) else ""


def _te_lang(cellen: pl.DataFrame, maximum: int) -> bool:
    lengte = pl.sum_horizontal(pl.exclude("rij").str.len_bytes().fill_null(0))
    return bool(cellen.height) and bool(cellen.select((lengte.max() > maximum).fill_null(value=False)).item())
