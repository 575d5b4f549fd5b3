"""Door 0 on one file: can it be read, is it what its name says, which columns does it have.

Lives here: what one file shows by itself, before its cells are read. Keep out: periods, totals and money units (they
need the values; leveringsdeur.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from pipeline.berichten import CONTRACTEN
from pipeline.berichten.kolom import Contract
from pipeline.berichten.koppen import Kop, herkenning, lees_kop, past_beter
from pipeline.berichten.namen import AANGEVULD, BESTAND, RIJ, SCHEEF
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import REGIO, Bericht, Sleutel
from pipeline.domain.seedrijen import Gemeente
from pipeline.intake.readers import Berichten, Grenzen, Kopkennis, Onleesbaar, Tabel, lees, te_groot
from pipeline.intake.uitkomst import Stuk


@dataclass
class Melding:
    """A finding on a levering as a whole: fires or not, columns, its own sentence, whether it could be judged."""

    raakt: bool
    kolommen: tuple[str, ...] = ()
    zin: str = ""
    getoetst: bool = True


@dataclass
class Gelezen:
    """What came of reading one file: rows of text under the contract's names, and counts of what is no data."""

    stuk: Stuk
    contract: Contract
    meldingen: dict[str, Melding] = field(default_factory=dict)
    rijen: pl.DataFrame | None = None
    n_ontvangen: int = 0
    niet_data: dict[str, int] = field(default_factory=dict)
    bedrag_eenheid: str = ""
    """Money unit that the kind of file fixes, whatever was agreed: iJw messages and tables of the GGM are in cents."""
    afwijkend_totaal: int = 0
    """Messages in the file whose own total is not the sum of their lines."""

    @property
    def rijen_in_bestand(self) -> int:
        """All rows but the header."""
        return self.n_ontvangen + sum(self.niet_data.values())


def grenzen(catalogus: Catalogus) -> Grenzen:
    """Limits of reading, from the seeds."""
    return Grenzen(
        max_bytes=int(catalogus.getal("bestand_max_mb") * 2**20),
        rij_max_tekens=int(catalogus.getal("rij_max_tekens")),
        kolommen_max=int(catalogus.getal("kolommen_max")),
    )


def lees_stuk(stuk: Stuk, catalogus: Catalogus, contracten: Mapping[Bericht, Contract] = CONTRACTEN) -> Gelezen:
    """Read one file and say what is wrong with it as a file; never raises for what is in the file.

    `contracten`: with the header names of the region (`berichten.contracten`).
    """
    contract = contracten[stuk.sleutel.bericht]
    gelezen = Gelezen(stuk, contract)
    gelezen.meldingen["L02"] = _gemeente(stuk, catalogus)
    maat = grenzen(catalogus)
    try:
        if stuk.te_groot:
            raise Onleesbaar(te_groot(maat))
        tabellen = lees(stuk.data, stuk.extensie, _kopkennis(contract, list(contracten.values())), maat)
    except Onleesbaar as fout:
        gelezen.meldingen["L01"] = Melding(raakt=True, zin=fout.zin)
        return gelezen
    except (pl.exceptions.PolarsError, MemoryError, RecursionError):
        gelezen.meldingen["L01"] = Melding(raakt=True, zin="Het bestand kan niet als tabel worden gelezen.")
        return gelezen
    gelezen.meldingen["L01"] = Melding(raakt=False)
    _verwerk_koppen(gelezen, tabellen, list(contracten.values()))
    _verwerk_berichten(gelezen, [t.berichten for t in tabellen if t.berichten is not None])
    return gelezen


def _verwerk_berichten(gelezen: Gelezen, berichten: Sequence[Berichten]) -> None:
    """Take over what iJw messages say besides their rows: gemeente, money unit, totals, messages without rows."""
    los = sum(b.losse_antwoorden for b in berichten)
    gelezen.meldingen["L15"] = Melding(raakt=los > 0, getoetst=bool(berichten))
    if tegen := sum(b.tegenspraak for b in berichten):
        zin = f"In {tegen} antwoorden (325) is TotaalToegekendBedrag niet wat is ingediend min wat is afgekeurd."
        zin += f" {los} afkeuringen horen bij geen regel in het bestand." if los else ""
        gelezen.meldingen["L15"] = Melding(raakt=True, zin=zin)
    if not berichten:
        return
    gelezen.bedrag_eenheid = "cent"
    gelezen.afwijkend_totaal = sum(b.afwijkend_totaal for b in berichten)
    for naam, n in (
        ("antwoord", sum(b.antwoorden for b in berichten)),
        ("ander_bericht", sum(b.andere for b in berichten)),
    ):
        if n:
            gelezen.niet_data[naam] = n
    eigen = gelezen.stuk.sleutel.gemeente.removeprefix("GM")
    vreemd = frozenset.union(*(b.gemeenten for b in berichten)) - {eigen}
    if vreemd and not gelezen.meldingen["L02"].raakt:
        zin = f"In de Header van een bericht staat een andere gemeente dan GM{eigen}, of geen."
        gelezen.meldingen["L02"] = Melding(raakt=True, zin=zin)


def _kopkennis(contract: Contract, alle: Sequence[Contract]) -> Kopkennis:
    """What a reader must know to choose between sheets, and to read the bare numbers of a spreadsheet."""

    def plaatsen(kop: Sequence[str], vorm: str) -> frozenset[int]:
        gevonden = lees_kop(kop, contract).plaatsen
        return frozenset(i for naam, i in gevonden.items() if contract.per_naam[naam].vorm == vorm)

    return Kopkennis(
        lambda cellen: herkenning(cellen, alle),
        lambda kop: not lees_kop(kop, contract).ontbrekend(contract),
        plaatsen,
        contract,
    )


def _gemeente(stuk: Stuk, catalogus: Catalogus) -> Melding:
    """L02: the folder and the name agree, and the gemeente is in the regio in this maand.

    The regio itself may deliver what was agreed with it (ADR 0011).
    """
    code = stuk.sleutel.gemeente
    gemeente = catalogus.gemeenten.get(code)
    if stuk.zij_map:
        zin = f"Het bestand ligt in de map {stuk.zij_map}, maar volgens de naam is het van {code}."
    elif code == REGIO and catalogus.levert_regio(stuk.sleutel.bericht):
        return Melding(raakt=False)
    elif code == REGIO:
        zin = f"Met de regio is geen levering van {stuk.sleutel.bericht.value} afgesproken; een gemeente levert die."
    elif gemeente is None:
        zin = f"De gemeente {code} hoort niet bij de regio."
    elif not gemeente.geldig_in(stuk.sleutel.maand) and not _loopt_uit(stuk.sleutel, gemeente, catalogus):
        zin = f"De gemeente {code} hoort in {stuk.sleutel.maand} niet bij de regio."
    else:
        return Melding(raakt=False)
    return Melding(raakt=True, zin=zin)


def _loopt_uit(sleutel: Sleutel, gemeente: Gemeente, catalogus: Catalogus) -> bool:
    """Tell whether a gemeente that is no more may still deliver: its agreement holds on.

    After a merger the old code stays valid for claims on the allocations that began under it (TR378).
    """
    eigen = (a for a in catalogus.afspraken if (a.gemeente, a.bericht) == (sleutel.gemeente, sleutel.bericht))
    is_voorbij = gemeente.geldig_tot is not None and gemeente.geldig_tot < sleutel.maand.eerste_dag
    return is_voorbij and any(a.geldig_in(sleutel.maand) for a in eigen)


def _verwerk_koppen(gelezen: Gelezen, tabellen: Sequence[Tabel], alle: Sequence[Contract]) -> None:
    contract = gelezen.contract
    ontbrekend: list[str] = []
    dubbel: dict[str, str] = {}
    onbekend: list[int] = []
    ander: Contract | None = None
    delen = []
    verschoven = 0
    for nr, tabel in enumerate(tabellen):
        kop = lees_kop(tabel.kop, contract)
        ontbrekend += [n for n in kop.ontbrekend(contract) if n not in ontbrekend]
        dubbel = {n: kop.waar(n) for n in kop.dubbel} | dubbel
        onbekend += [i + 1 for i in kop.onbekend if i + 1 not in onbekend]
        ander = ander or past_beter(tabel.kop, contract, alle)
        delen.append(_onder_eigen_namen(tabel, kop, contract, verschoven, nr))
        verschoven += tabel.records
    gelezen.bedrag_eenheid = next((t.bedrag_eenheid for t in tabellen if t.bedrag_eenheid), "")
    gelezen.rijen = pl.concat(delen)
    gelezen.n_ontvangen = gelezen.rijen.height
    for soort in ("titel", "leeg", "totaal"):
        gelezen.niet_data[soort] = sum(getattr(t, soort) for t in tabellen)
    gelezen.meldingen |= _kopmeldingen(gelezen, tabellen, ontbrekend, dubbel, onbekend, ander)


def _kopmeldingen(
    gelezen: Gelezen,
    tabellen: Sequence[Tabel],
    ontbrekend: Sequence[str],
    dubbel: Mapping[str, str],
    onbekend: Sequence[int],
    ander: Contract | None,
) -> dict[str, Melding]:
    zonder_kop = any(not t.kop for t in tabellen)
    zin = "Er is geen kopregel met bekende kolomnamen gevonden." if zonder_kop else ""
    if ontbrekend and not zin:
        zin = f"In de kopregel ontbreekt: {', '.join(ontbrekend)}."
    eigen = gelezen.stuk.sleutel.bericht.value
    plaatsen = ", ".join(map(str, onbekend))
    return {
        "L03": Melding(
            raakt=ander is not None,
            zin=f"De kolommen zijn die van {ander.bericht.value}, maar het bestand heet {eigen}." if ander else "",
        ),
        "L05": Melding(
            raakt=bool(ontbrekend) and ander is None, kolommen=() if zonder_kop else tuple(ontbrekend), zin=zin
        ),
        "L06": Melding(
            raakt=bool(dubbel),
            kolommen=tuple(dubbel),
            zin=" ".join(f"In de kopregel staat {kolom} meer dan eens: {waar}." for kolom, waar in dubbel.items()),
        ),
        "L11": Melding(
            raakt=bool(onbekend) and ander is None,
            zin=f"Onbekend en niet gelezen: kolom {plaatsen} van links." if onbekend else "",
        ),
    }


def _onder_eigen_namen(tabel: Tabel, kop: Kop, contract: Contract, verschoven: int, nr: int) -> pl.DataFrame:
    """Rows of table `nr` under the contract's column names; crooked rows follow, with nothing but their number."""
    kolommen = [
        pl.col(f"k{kop.plaatsen[k.naam]}").alias(k.naam)
        if k.naam in kop.plaatsen
        else pl.lit(None, pl.String).alias(k.naam)
        for k in contract.kolommen
    ]
    recht = tabel.cellen.select(
        *kolommen,
        (pl.col(RIJ) + verschoven).cast(pl.UInt32),
        pl.lit(value=False).alias(SCHEEF),
        (pl.col(RIJ).is_in(tabel.aangevuld) if tabel.aangevuld else pl.lit(value=False)).alias(AANGEVULD),
        pl.lit(nr, pl.UInt32).alias(BESTAND),
    )
    if not tabel.scheef:
        return recht
    scheef = pl.DataFrame({RIJ: [r + verschoven for r in tabel.scheef]}, schema={RIJ: pl.UInt32}).select(
        *(pl.lit(None, pl.String).alias(k.naam) for k in contract.kolommen),
        RIJ,
        pl.lit(value=True).alias(SCHEEF),
        pl.lit(value=False).alias(AANGEVULD),
        pl.lit(nr, pl.UInt32).alias(BESTAND),
    )
    return pl.concat([recht, scheef]).sort(RIJ)
