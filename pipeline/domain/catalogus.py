"""The reference data of the region: one typed loader for `seeds/ref_*.csv`.

Lives here: one dataclass per seed that Python needs, and `Catalogus` that holds them. dbt reads the same files as
seeds; tests/domain/test_seeds.py proves that both see the same.
Add here: a seed that Python reads. Keep out: what is done with it.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path

from pipeline.domain.bevindingen import Ernst
from pipeline.domain.leveringen import Bericht
from pipeline.domain.maanden import Maand

VOORBEHOUD = "voorbehoud"
"""`gevolg` of a rule that keeps what it finds out of the figures."""
_NUMMER = re.compile(r"\d{8}")


class SeedFout(Exception):
    """A seed file is absent or holds a row that cannot be read; names file and row."""


@dataclass(frozen=True)
class Gemeente:
    """A gemeente of the regio, from `geldig_van` up to and including `geldig_tot` (None: still)."""

    gemeente: str
    cijfercode: str
    naam: str
    geldig_van: dt.date
    geldig_tot: dt.date | None

    def geldig_in(self, maand: Maand) -> bool:
        """Tell whether the gemeente belongs to the regio on any day of `maand`."""
        return self.geldig_van <= maand.laatste_dag and (self.geldig_tot is None or self.geldig_tot >= maand.eerste_dag)


@dataclass(frozen=True)
class Afspraak:
    """What a gemeente agreed to deliver, and in what form (SPEC 2)."""

    gemeente: str
    bericht: Bericht
    soort: str
    bedrag_eenheid: str
    cadans: str
    vanaf: dt.date
    tot: dt.date | None
    uiterste_dag: int
    respijt_dagen: int
    versies: str
    reden: str

    def geldig_in(self, maand: Maand) -> bool:
        """Tell whether the agreement obliges to deliver `maand`."""
        return self.vanaf <= maand.eerste_dag and (self.tot is None or self.tot >= maand.eerste_dag)


@dataclass(frozen=True)
class NihilOpgave:
    """A confirmation that there was nothing to deliver."""

    gemeente: str
    bericht: Bericht
    maand: Maand
    bevestigd_door: str
    bevestigd_op: dt.date


@dataclass(frozen=True)
class Verklaring:
    """Why a finding or a movement is as it should be, so that nobody is asked again.

    Of a finding: `gemeente`, `bericht` and `maand` name the levering, `regel` the SIGNAAL or INFO. Of a movement that
    the gate held: `bericht` is None, `gemeente` the gebied (also `REGIO`), `maand` a month that the figure spans,
    `regel` one of `domain.verklaringen.POORTREGELS`, `indicator_id` the figure (empty: all). `door`: who answers for
    it, as a role. `op`: the day; it speaks about what had arrived by then. Of a rule that holds back what it finds
    (`Regel.gevolg`): it speaks about `n_rijen` rows of `bedrag_cent` together (of that provider, where one is named),
    and about nothing else.
    """

    gemeente: str
    bericht: Bericht | None
    maand: Maand
    regel: str
    indicator_id: str
    verklaring: str
    door: str
    op: dt.date
    aanbieder_agb: str = ""
    n_rijen: int | None = None
    bedrag_cent: int | None = None


@dataclass(frozen=True)
class Regel:
    """A rule of the catalogue; its code is permanent.

    `gevolg` VOORBEHOUD: what it finds stays out of the figures (`houdt`: the amount, the volume, or both) until it is
    corrected or explained.
    """

    regel_code: str
    titel: str
    zin: str
    ernst: Ernst
    bericht: str
    deur: str
    drempel: str
    eenheid: str
    geldig_vanaf: dt.date
    bron: str
    blinde_vlek: str
    marts: tuple[str, ...]
    gevolg: str = ""
    houdt: tuple[str, ...] = ()

    def geldt_voor(self, bericht: Bericht) -> bool:
        """Tell whether the rule is evaluated on leveringen of `bericht`."""
        return self.bericht in ("alle", bericht.value)


@dataclass(frozen=True)
class Product:
    """One dated line of the product table; `gemeente` empty is the whole regio."""

    productcode: str
    productcategorie: str
    segment: str
    cbs_hulpvorm: str
    met_verblijf: bool
    behandeling: bool
    crisis: bool
    ambulant_alternatief: bool
    eenheid: str
    tarief_cent: int | None
    geldig_van: dt.date
    geldig_tot: dt.date | None
    gemeente: str


@dataclass(frozen=True)
class Inwoners:
    """Inhabitants of a gemeente on 1 January of `jaar`."""

    gemeente: str
    jaar: int
    inwoners: int
    inwoners_0_17: int
    inwoners_0_22: int


@dataclass(frozen=True)
class Streefwaarde:
    """A target: `jaarlijkse_verandering` (-0.10 is ten percent less each year) of an indicator since `basisjaar`."""

    doel_id: str
    indicator_id: str
    segmenten: tuple[str, ...]
    jaarlijkse_verandering: float
    basisjaar: int
    eerste_jaar: int
    laatste_jaar: int


@dataclass(frozen=True)
class Bijdrage:
    """A fixed amount in euros that the gemeenten share by inhabitants; every part is a multiple of `afronding_eur`."""

    bijdrage_id: str
    omschrijving: str
    bedrag_eur: Decimal
    inwoners_jaar: int
    afronding_eur: Decimal


@dataclass(frozen=True)
class Maatregel:
    """A measure and what is expected of it, in euros a year; empty `gebied_code`: taken outside this regio."""

    maatregel_id: str
    naam: str
    gebied_code: str
    indicator_id: str
    segmenten: tuple[str, ...]
    startmaand: Maand
    laatste_jaar: int
    investering_eur: Decimal | None
    verwachte_besparing_eur: Decimal | None


# indicators for which sturing.doelrealisatie can say what was realised; a target on another would be judged on nothing
DOELINDICATOREN = ("kosten", "crisis_instroom")
VERREKENSLEUTELS = ("inwoners_0_17", "inwoners_0_22", "inwoners")


ZONDER_CIJFERS = frozenset({"ref_contacten.csv"})
"""Seeds that no figure depends on: who is told what is no part of what a publication was made of."""


@dataclass(frozen=True)
class Catalogus:
    """All reference data of one seeds folder, read once, never changed."""

    map: Path

    @classmethod
    def load(cls, map_: Path) -> Catalogus:
        """Open the seeds folder; SeedFout when it is not one. Each file is read when first asked for."""
        if not (map_ / "ref_gemeenten.csv").exists():
            raise SeedFout(f"geen seeds-map (ref_gemeenten.csv ontbreekt): {map_}")
        return cls(map_)

    @cached_property
    def vingerafdruk(self) -> str:
        """Hash over all seed files that a figure can depend on: which reference data a result was made with."""
        h = hashlib.sha256()
        for pad in self.cijferseeds:
            h.update(pad.name.encode() + b"\0" + hashlib.sha256(pad.read_bytes()).digest())
        return h.hexdigest()[:16]

    @property
    def cijferseeds(self) -> list[Path]:
        """The seed files that a figure can depend on, and that a publication keeps a copy of; addresses are none."""
        return sorted(p for p in self.map.glob("ref_*.csv") if p.name not in ZONDER_CIJFERS)

    def rijen(self, naam: str) -> list[dict[str, str]]:
        """All rows of `ref_<naam>.csv` as text; SeedFout when it is absent."""
        pad = self.map / f"ref_{naam}.csv"
        try:
            with pad.open(encoding="utf-8", newline="") as f:
                return list(csv.DictReader(f))
        except FileNotFoundError:
            raise SeedFout(f"seed ontbreekt: {pad}") from None

    def codes(self, naam: str) -> frozenset[str]:
        """Return the codes of a code list, e.g. `codes('productcategorie')`."""
        return frozenset(r["code"] for r in self.rijen(f"codes_{naam}"))

    @cached_property
    def gemeenten(self) -> dict[str, Gemeente]:
        """Gemeenten by CBS code with prefix."""
        return {
            r["gemeente"]: Gemeente(
                r["gemeente"], r["cijfercode"], r["naam"], _dag(r["geldig_van"]), _dag_of_leeg(r["geldig_tot"])
            )
            for r in self.rijen("gemeenten")
        }

    @cached_property
    def afspraken(self) -> list[Afspraak]:
        """All delivery agreements, in file order."""
        return [
            Afspraak(
                gemeente=r["gemeente"],
                bericht=Bericht(r["bericht"]),
                soort=_een_van(r, "soort", ("stand", "mutaties")),
                bedrag_eenheid=_een_van(r, "bedrag_eenheid", ("cent", "euro")),
                cadans=_een_van(r, "cadans", ("maand", "kwartaal")),
                vanaf=_dag(r["vanaf"]),
                tot=_dag_of_leeg(r["tot"]),
                uiterste_dag=int(r["uiterste_dag"]),
                respijt_dagen=int(r["respijt_dagen"]),
                versies=_een_van(r, "versies", ("alle", "laatste")),
                reden=r["reden"],
            )
            for r in self.rijen("leveringsafspraken")
        ]

    def afspraak(self, gemeente: str, bericht: Bericht, maand: Maand) -> Afspraak | None:
        """Return the agreement for a month; None when the gemeente has none for this bericht.

        Before the first agreement the first holds (accepted and shown), after the end of one the last before it.
        """
        eigen = sorted(
            (a for a in self.afspraken if (a.gemeente, a.bericht) == (gemeente, bericht)), key=lambda a: a.vanaf
        )
        geldig = [a for a in eigen if a.geldig_in(maand)]
        if geldig:
            return geldig[-1]
        eerder = [a for a in eigen if a.vanaf <= maand.eerste_dag]
        return eerder[-1] if eerder else (eigen[0] if eigen else None)

    @cached_property
    def nihil_opgaven(self) -> list[NihilOpgave]:
        """All confirmations of nothing to deliver."""
        return [
            NihilOpgave(
                r["gemeente"],
                Bericht(r["bericht"]),
                Maand.lees(r["maand"]),
                r["bevestigd_door"],
                _dag(r["bevestigd_op"]),
            )
            for r in self.rijen("nihil_opgaven")
        ]

    @cached_property
    def verklaringen(self) -> list[Verklaring]:
        """All explanations; SeedFout for one without a text or an author, or with what may be a person's number."""
        return [
            Verklaring(
                gemeente=r["gemeente"],
                bericht=Bericht(_een_van(r, "bericht", tuple(Bericht))) if r["bericht"] else None,
                maand=Maand.lees(r["maand"]),
                regel=r["regel"],
                indicator_id=r["indicator_id"],
                verklaring=_zin_zonder_nummers(r, "verklaring"),
                door=_zin_zonder_nummers(r, "door"),
                op=_dag(r["op"]),
                aanbieder_agb=r["aanbieder_agb"],
                n_rijen=_geheel_of_leeg(r["n_rijen"]),
                bedrag_cent=_geheel_of_leeg(r["bedrag_cent"]),
            )
            for r in self.rijen("verklaringen")
        ]

    @cached_property
    def regels(self) -> dict[str, Regel]:
        """Rules by code, in catalogue order."""
        return {
            r["regel_code"]: Regel(
                regel_code=r["regel_code"],
                titel=r["titel"],
                zin=r["zin"],
                ernst=Ernst(r["ernst"]),
                bericht=r["bericht"],
                deur=_een_van(r, "deur", ("bestand", "contract", "regels", "bouw")),
                drempel=r["drempel"],
                eenheid=r["eenheid"],
                geldig_vanaf=_dag(r["geldig_vanaf"]),
                bron=r["bron"],
                blinde_vlek=r["blinde_vlek"],
                marts=tuple(m for m in r["marts"].split("|") if m),
                gevolg=_een_van(r, "gevolg", ("", VOORBEHOUD)),
                houdt=_houdt(r),
            )
            for r in self.rijen("regels")
        }

    @cached_property
    def producten(self) -> list[Product]:
        """The product table, all dated lines."""
        return [
            Product(
                productcode=r["productcode"],
                productcategorie=r["productcategorie"],
                segment=r["segment"],
                cbs_hulpvorm=r["cbs_hulpvorm"],
                met_verblijf=r["met_verblijf"] == "ja",
                behandeling=r["behandeling"] == "ja",
                crisis=r["crisis"] == "ja",
                ambulant_alternatief=r["ambulant_alternatief"] == "ja",
                eenheid=r["eenheid"],
                tarief_cent=int(r["tarief_cent"]) if r["tarief_cent"] else None,
                geldig_van=_dag(r["geldig_van"]),
                geldig_tot=_dag_of_leeg(r["geldig_tot"]),
                gemeente=r["gemeente"],
            )
            for r in self.rijen("productcodes")
        ]

    @cached_property
    def inwoners(self) -> list[Inwoners]:
        """Inhabitants per gemeente and year."""
        return [
            Inwoners(
                r["gemeente"], int(r["jaar"]), int(r["inwoners"]), int(r["inwoners_0_17"]), int(r["inwoners_0_22"])
            )
            for r in self.rijen("inwoners")
        ]

    @cached_property
    def streefwaarden(self) -> list[Streefwaarde]:
        """Return the targets; SeedFout for one on an indicator that doelrealisatie does not follow yet."""
        return [
            Streefwaarde(
                doel_id=r["doel_id"],
                indicator_id=_een_van(r, "indicator_id", DOELINDICATOREN),
                segmenten=tuple(r["segment"].split("+")),
                jaarlijkse_verandering=float(r["jaarlijkse_verandering"]),
                basisjaar=int(r["basisjaar"]),
                eerste_jaar=int(r["eerste_jaar"]),
                laatste_jaar=int(r["laatste_jaar"]),
            )
            for r in self.rijen("streefwaarden")
        ]

    @cached_property
    def bijdragen(self) -> list[Bijdrage]:
        """Amounts to share; SeedFout for one that is no multiple of its rounding, of which no parts can add up."""
        uit = [
            Bijdrage(
                bijdrage_id=r["bijdrage_id"],
                omschrijving=r["omschrijving"],
                bedrag_eur=_bedrag(r["bedrag_eur"]),
                inwoners_jaar=int(r["inwoners_jaar"]),
                afronding_eur=_bedrag(r["afronding_eur"]),
            )
            for r in self.rijen("bijdragen")
        ]
        for b in uit:
            if b.afronding_eur <= 0 or b.bedrag_eur % b.afronding_eur:
                raise SeedFout(f"ref_bijdragen.csv: {b.bijdrage_id}: bedrag_eur is geen veelvoud van afronding_eur")
        return uit

    @cached_property
    def maatregelen(self) -> list[Maatregel]:
        """Return the measures; SeedFout for one on an indicator that cannot be followed month by month."""
        return [
            Maatregel(
                maatregel_id=r["maatregel_id"],
                naam=r["naam"],
                gebied_code=r["gebied_code"],
                indicator_id=_een_van(r, "indicator_id", ("", *DOELINDICATOREN)),
                segmenten=tuple(r["segment"].split("+")) if r["segment"] else (),
                startmaand=Maand.lees(r["startmaand"]),
                laatste_jaar=int(r["laatste_jaar"]),
                investering_eur=_bedrag(r["investering_eur"]) if r["investering_eur"] else None,
                verwachte_besparing_eur=_bedrag(r["verwachte_besparing_eur"]) if r["verwachte_besparing_eur"] else None,
            )
            for r in self.rijen("maatregelen")
        ]

    @cached_property
    def verrekensleutel(self) -> str:
        """Which inhabitants are the key of kosten.verrekening under `solidariteit`."""
        return _een_van(
            {"waarde": self.instellingen.get("verrekening_sleutel", VERREKENSLEUTELS[0])}, "waarde", VERREKENSLEUTELS
        )

    def controleer(self) -> None:
        """Read every seed that has a type; SeedFout names what is wrong before a run spends time on it."""
        for naam in (
            "gemeenten",
            "afspraken",
            "nihil_opgaven",
            "verklaringen",
            "regels",
            "producten",
            "inwoners",
            "streefwaarden",
            "bijdragen",
            "maatregelen",
            "verrekensleutel",
        ):
            getattr(self, naam)
        from pipeline.domain.duidingen import lees_duidingen

        lees_duidingen(self)

    @cached_property
    def instellingen(self) -> dict[str, str]:
        """Settings of the region by key, as text; empty is off."""
        return {r["sleutel"]: r["waarde"] for r in self.rijen("instellingen")}

    def getal(self, sleutel: str) -> float:
        """Return a setting as a number; SeedFout when it is absent, empty or no number."""
        try:
            return float(self.instellingen[sleutel])
        except (KeyError, ValueError):
            raise SeedFout(f"ref_instellingen.csv: '{sleutel}' ontbreekt of is geen getal") from None


def _dag(tekst: str) -> dt.date:
    try:
        return dt.date.fromisoformat(tekst)
    except ValueError:
        raise SeedFout(f"geen datum in de vorm JJJJ-MM-DD: {tekst!r}") from None


def _dag_of_leeg(tekst: str) -> dt.date | None:
    return _dag(tekst) if tekst else None


def _bedrag(tekst: str) -> Decimal:
    try:
        return Decimal(tekst)
    except InvalidOperation:
        raise SeedFout(f"geen bedrag met een decimale punt: {tekst!r}") from None


def _geheel_of_leeg(tekst: str) -> int | None:
    try:
        return int(tekst) if tekst else None
    except ValueError:
        raise SeedFout(f"geen geheel getal: {tekst!r}") from None


def _houdt(rij: dict[str, str]) -> tuple[str, ...]:
    """What a rule holds back: something when it has `gevolg`, nothing when it has not."""
    delen = tuple(d for d in rij["houdt"].split("|") if d)
    if not set(delen) <= {"bedrag", "volume"} or bool(delen) != bool(rij["gevolg"]):
        raise SeedFout(f"ref_regels.csv: houdt van {rij['regel_code']} past niet: {rij['houdt']!r}")
    return delen


def _zin_zonder_nummers(rij: dict[str, str], kolom: str) -> str:
    """Return a text that is published; never one with a run of eight digits, which may be a person."""
    if not rij[kolom].strip() or _NUMMER.search(rij[kolom]):
        raise SeedFout(f"seed: {kolom} is leeg of bevat een nummer van acht of meer cijfers")
    return rij[kolom]


def _een_van(rij: dict[str, str], kolom: str, waarden: tuple[str, ...]) -> str:
    if rij[kolom] not in waarden:
        raise SeedFout(f"seed: {kolom} is {rij[kolom]!r}; kies uit {', '.join(waarden)}")
    return rij[kolom]
