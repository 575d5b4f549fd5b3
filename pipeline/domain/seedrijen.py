"""What a row of each seed is: a dataclass per seed that Python reads, and how it is made of text.

Lives here: the types, their checks, and `GETYPEERD`, which seed is of which. Add here: a seed that Python reads. Keep
out: the folder that holds them (catalogus.py), how a cell is read (seedbestand.py).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from pipeline.domain import seedbestand as cel
from pipeline.domain.bevindingen import Ernst
from pipeline.domain.leveringen import Bericht
from pipeline.domain.maanden import Maand
from pipeline.domain.seedbestand import Rij, SeedFout

VOORBEHOUD = "voorbehoud"
"""`gevolg` of a rule that keeps what it finds out of the figures."""

GEEN_LEVERING = "geen_levering"
"""`gevolg` of a rule after which a levering does not count as delivered."""
_CODE = re.compile(r"GM\d{4}")


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
    corrected or explained. GEEN_LEVERING: until then the levering does not count as delivered.
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

    @property
    def houdt_vast(self) -> bool:
        """Tell whether what it finds stays out of the figures."""
        return self.gevolg == VOORBEHOUD

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
SEGMENTEN = ("verblijf", "wonen", "ambulant", "crisis", "jb", "jr", "overig", "onbekend")
VERREKENSLEUTELS = ("inwoners_0_17", "inwoners_0_22", "inwoners")


def maak_gemeente(r: Rij) -> Gemeente:
    """Read a gemeente. SeedFout names what is wrong."""
    cel.volgorde(r, "geldig_van", "geldig_tot")
    if not _CODE.fullmatch(r["gemeente"]):
        raise SeedFout(f"gemeente is {r['gemeente']!r}; schrijf de CBS-code als GM0153.")
    if r["cijfercode"] != r["gemeente"][2:]:
        raise SeedFout(f"cijfercode is {r['cijfercode']!r}; van {r['gemeente']} is zij {r['gemeente'][2:]}.")
    van, tot = cel.dag(r, "geldig_van"), cel.dag_of_leeg(r, "geldig_tot")
    return Gemeente(r["gemeente"], r["cijfercode"], cel.gevuld(r, "naam"), van, tot)


def maak_afspraak(r: Rij) -> Afspraak:
    """Read a delivery agreement. SeedFout names what is wrong."""
    cel.volgorde(r, "vanaf", "tot")
    return Afspraak(
        gemeente=cel.gevuld(r, "gemeente"),
        bericht=_bericht(r),
        soort=cel.een_van(r, "soort", ("stand", "mutaties")),
        bedrag_eenheid=cel.een_van(r, "bedrag_eenheid", ("cent", "euro")),
        cadans=cel.een_van(r, "cadans", ("maand", "kwartaal")),
        vanaf=cel.dag(r, "vanaf"),
        tot=cel.dag_of_leeg(r, "tot"),
        uiterste_dag=cel.geheel(r, "uiterste_dag", minimum=1),
        respijt_dagen=cel.geheel(r, "respijt_dagen", minimum=0),
        versies=cel.een_van(r, "versies", ("alle", "laatste")),
        reden=r["reden"],
    )


def _bericht(r: Rij) -> Bericht:
    return Bericht(cel.een_van(r, "bericht", tuple(Bericht)))


def maak_nihil_opgave(r: Rij) -> NihilOpgave:
    """Read a confirmation of nothing to deliver. SeedFout names what is wrong."""
    wie, op = r["bevestigd_door"], cel.dag(r, "bevestigd_op")
    return NihilOpgave(r["gemeente"], _bericht(r), cel.maand(r, "maand"), wie, op)


def maak_verklaring(r: Rij) -> Verklaring:
    """Read an explanation. SeedFout also for one without text or author, or with what may be a number of a person."""
    return Verklaring(
        gemeente=r["gemeente"],
        bericht=_bericht(r) if r["bericht"] else None,
        maand=cel.maand(r, "maand"),
        regel=r["regel"],
        indicator_id=r["indicator_id"],
        verklaring=cel.zin_zonder_nummers(r, "verklaring"),
        door=cel.zin_zonder_nummers(r, "door"),
        op=cel.dag(r, "op"),
        aanbieder_agb=r["aanbieder_agb"],
        n_rijen=cel.geheel_of_leeg(r, "n_rijen"),
        bedrag_cent=cel.geheel_of_leeg(r, "bedrag_cent"),
    )


def maak_regel(r: Rij) -> Regel:
    """Read a rule. SeedFout names what is wrong."""
    return Regel(
        regel_code=r["regel_code"],
        titel=r["titel"],
        zin=r["zin"],
        ernst=Ernst(cel.een_van(r, "ernst", tuple(Ernst))),
        bericht=r["bericht"],
        deur=cel.een_van(r, "deur", ("bestand", "contract", "regels", "bouw")),
        drempel=r["drempel"],
        eenheid=r["eenheid"],
        geldig_vanaf=cel.dag(r, "geldig_vanaf"),
        bron=r["bron"],
        blinde_vlek=r["blinde_vlek"],
        marts=tuple(m for m in r["marts"].split("|") if m),
        gevolg=cel.een_van(r, "gevolg", ("", VOORBEHOUD, GEEN_LEVERING)),
        houdt=_houdt(r),
    )


def maak_product(r: Rij) -> Product:
    """Read a line of the product table. SeedFout names what is wrong."""
    cel.volgorde(r, "geldig_van", "geldig_tot")
    return Product(
        productcode=cel.gevuld(r, "productcode"),
        productcategorie=r["productcategorie"],
        segment=cel.een_van(r, "segment", SEGMENTEN),
        cbs_hulpvorm=r["cbs_hulpvorm"],
        met_verblijf=cel.ja(r, "met_verblijf"),
        behandeling=cel.ja(r, "behandeling"),
        crisis=cel.ja(r, "crisis"),
        ambulant_alternatief=cel.ja(r, "ambulant_alternatief"),
        eenheid=r["eenheid"],
        tarief_cent=cel.geheel(r, "tarief_cent", minimum=1) if r["tarief_cent"] else None,
        geldig_van=cel.dag(r, "geldig_van"),
        geldig_tot=cel.dag_of_leeg(r, "geldig_tot"),
        gemeente=r["gemeente"],
    )


def maak_inwoners(r: Rij) -> Inwoners:
    """Read inhabitants of a gemeente and year. SeedFout names what is wrong."""
    aantallen = [cel.geheel(r, k, minimum=0) for k in ("inwoners", "inwoners_0_17", "inwoners_0_22")]
    if not aantallen[1] <= aantallen[2] <= aantallen[0]:
        raise SeedFout(
            "inwoners_0_17 is hoogstens inwoners_0_22, en dat hoogstens inwoners; kijk of ze verwisseld zijn."
        )
    return Inwoners(r["gemeente"], cel.geheel(r, "jaar", minimum=1900), *aantallen)


def maak_streefwaarde(r: Rij) -> Streefwaarde:
    """Read a target; one on an indicator that doelrealisatie does not follow is none. SeedFout names what is wrong."""
    doel = Streefwaarde(
        doel_id=cel.gevuld(r, "doel_id"),
        indicator_id=cel.een_van(r, "indicator_id", DOELINDICATOREN),
        segmenten=_segmenten(r),
        jaarlijkse_verandering=cel.getal(r, "jaarlijkse_verandering"),
        basisjaar=cel.geheel(r, "basisjaar"),
        eerste_jaar=cel.geheel(r, "eerste_jaar"),
        laatste_jaar=cel.geheel(r, "laatste_jaar"),
    )
    if not -1 < doel.jaarlijkse_verandering < 1:
        raise SeedFout(f"jaarlijkse_verandering is {r['jaarlijkse_verandering']}; tien procent minder is -0.10.")
    if not doel.basisjaar < doel.eerste_jaar <= doel.laatste_jaar:
        raise SeedFout("basisjaar ligt voor eerste_jaar, en dat niet na laatste_jaar; zet de jaren goed.")
    return doel


def maak_bijdrage(r: Rij) -> Bijdrage:
    """Read an amount to share; one that is no multiple of its rounding is none. SeedFout names what is wrong."""
    bijdrage = Bijdrage(
        bijdrage_id=r["bijdrage_id"],
        omschrijving=r["omschrijving"],
        bedrag_eur=cel.bedrag(r, "bedrag_eur"),
        inwoners_jaar=cel.geheel(r, "inwoners_jaar"),
        afronding_eur=cel.bedrag(r, "afronding_eur"),
    )
    if bijdrage.afronding_eur <= 0 or bijdrage.bedrag_eur % bijdrage.afronding_eur:
        raise SeedFout(
            f"{bijdrage.bijdrage_id}: bedrag_eur is geen veelvoud van afronding_eur; kies een andere afronding."
        )
    return bijdrage


def maak_maatregel(r: Rij) -> Maatregel:
    """Read a measure. SeedFout also for one on an indicator that cannot be followed month by month."""
    maatregel = Maatregel(
        maatregel_id=r["maatregel_id"],
        naam=r["naam"],
        gebied_code=r["gebied_code"],
        indicator_id=cel.een_van(r, "indicator_id", ("", *DOELINDICATOREN)),
        segmenten=_segmenten(r) if r["segment"] else (),
        startmaand=cel.maand(r, "startmaand"),
        laatste_jaar=cel.geheel(r, "laatste_jaar"),
        investering_eur=cel.bedrag_of_leeg(r, "investering_eur"),
        verwachte_besparing_eur=cel.bedrag_of_leeg(r, "verwachte_besparing_eur"),
    )
    if maatregel.laatste_jaar < maatregel.startmaand.jaar:
        raise SeedFout(
            f"laatste_jaar ({maatregel.laatste_jaar}) ligt voor startmaand ({maatregel.startmaand}); zet een goed."
        )
    return maatregel


def _segmenten(r: Rij) -> tuple[str, ...]:
    delen = tuple(r["segment"].split("+"))
    for deel in delen:
        cel.een_van({"segment": deel}, "segment", ("totaal", *SEGMENTEN))
    return delen


def _houdt(r: Rij) -> tuple[str, ...]:
    """What a rule holds back: something when its `gevolg` is VOORBEHOUD, else nothing."""
    delen = tuple(d for d in r["houdt"].split("|") if d)
    if not set(delen) <= {"bedrag", "volume"} or bool(delen) != (r["gevolg"] == VOORBEHOUD):
        raise SeedFout(
            f"houdt van {r['regel_code']} past niet: {r['houdt']!r}; bij gevolg voorbehoud is het bedrag, volume of "
            "beide, anders leeg."
        )
    return delen


def _instelling(r: Rij) -> str:
    return cel.gevuld(r, "sleutel")


GETYPEERD: dict[str, Callable[[Rij], object]] = {
    "gemeenten": maak_gemeente,
    "leveringsafspraken": maak_afspraak,
    "nihil_opgaven": maak_nihil_opgave,
    "verklaringen": maak_verklaring,
    "regels": maak_regel,
    "productcodes": maak_product,
    "inwoners": maak_inwoners,
    "streefwaarden": maak_streefwaarde,
    "bijdragen": maak_bijdrage,
    "maatregelen": maak_maatregel,
    "instellingen": _instelling,
}
"""How a row of each typed seed is read; a row that cannot be read stops a run."""
