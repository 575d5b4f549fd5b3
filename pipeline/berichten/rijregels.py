"""Rules that hold for a row of any bericht: R01-R19 (DOMAIN 2.5, nr 9-12 and 16)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from pipeline.berichten import CONTRACTEN
from pipeline.berichten.kolom import GETALVORMEN, Contract, Kolom, Vorm
from pipeline.berichten.namen import (
    GOED,
    HASH,
    LEVERING,
    SCHEEF,
    Celfout,
    elf,
    fout,
    hersteld,
    persoon,
    tekst,
    vertaald,
)
from pipeline.berichten.toets import Regelboek, Toets
from pipeline.domain.leveringen import Bericht
from pipeline.settings import BsnReeks

BSN_ONBEKEND, BSN_ONGEBOREN = "999999999", "000000000"
EERSTE_SYNTHETISCHE_BSN = "900000000"
"""No person has a number from here on; the demo and the tests use them, real deliveries never hold them."""


def beide(a: str, b: str) -> pl.Expr:
    """Rows in which both columns have a value."""
    return pl.col(a).is_not_null() & pl.col(b).is_not_null()


def gevuld(naam: str) -> pl.Expr:
    """Rows in which the column holds text."""
    return pl.col(tekst(naam)).is_not_null()


def heeft_fout(naam: str, *fouten: Celfout) -> pl.Expr:
    """Rows in which the cell has one of these faults."""
    return pl.any_horizontal(pl.col(fout(naam)) == f.value for f in fouten)


def contract(bericht: Bericht, boek: Regelboek) -> list[Toets]:
    """Door 1 for any row."""
    c = CONTRACTEN[bericht]
    eigen = [
        Toets("R01", pl.col(SCHEEF), pl.lit(value=True), ()),
        *(_bsn(boek.reeks) if c.over_personen else ()),
        *_verplicht(c),
        *_per_kolom("R06", c, {Vorm.DATUM}, Celfout.ONLEESBAAR),
        *_per_kolom("R07", c, {Vorm.DATUM}, Celfout.TWEECIJFERIG_JAAR),
        *_getallen(c),
        *_per_kolom("R09", c, {Vorm.TIJD}, Celfout.ONLEESBAAR),
        *_per_kolom("R10", c, {Vorm.AGB}, Celfout.ONLEESBAAR),
        *_hersteld(c),
        *_bijzondere_datums(c),
        *_per_kolom("R14", c, {Vorm.DATUM}, Celfout.BUITEN_BEREIK),
        *_per_kolom("R15", c, {Vorm.KENMERK, Vorm.NUMMER, Vorm.GEMEENTE}, Celfout.ONLEESBAAR),
        *_vertaald(c),
        *_onzeker(c),
        *_persoonsnummers(c),
    ]
    gevonden = {t.code for t in eigen}
    van_elke_rij = (r.regel_code for r in boek.catalogus.regels.values() if (r.bericht, r.deur) == ("alle", "contract"))
    return [*eigen, *(_nergens(code) for code in van_elke_rij if code not in gevonden)]


def _nergens(code: str) -> Toets:
    """A rule on a kind of column that the bericht has not: evaluated, on no row."""
    return Toets(code, pl.lit(value=False), pl.lit(value=False), ())


def regels() -> list[Toets]:
    """Door 2 for any row: a row that is literally there before (only among rows that passed door 1)."""
    eerder = ~pl.struct(LEVERING, pl.when(GOED).then(pl.col(HASH))).is_first_distinct()
    return [Toets("R13", pl.col(GOED) & eerder, pl.col(GOED), ())]


def _bsn(reeks: BsnReeks) -> Iterator[Toets]:
    bsn = pl.col("bsn")
    bijzonder = bsn.is_in([BSN_ONBEKEND, BSN_ONGEBOREN]).fill_null(value=False)
    goed = pl.col(elf("bsn")) & ~bijzonder
    hoog = bsn >= EERSTE_SYNTHETISCHE_BSN
    buiten = hoog if reeks is BsnReeks.PRODUCTIE else ~hoog
    yield Toets("R02", gevuld("bsn") & ~pl.col(elf("bsn")) & ~bijzonder, gevuld("bsn"), ("bsn",))
    yield Toets("R03", bijzonder, gevuld("bsn"), ("bsn",))
    yield Toets("R04", goed & buiten, goed, ("bsn",))


def _verplicht(c: Contract) -> Iterator[Toets]:
    """Empty, or filled with a date that means `unknown`; a birth date may be unknown (the age then is)."""
    for k in c.kolommen:
        if k.verplicht:
            leeg = ~gevuld(k.naam)
            if k.vorm is Vorm.DATUM and k.naam != "geboortedatum":
                leeg = leeg | heeft_fout(k.naam, Celfout.ONBEKEND, Celfout.OPEN)
            yield Toets("R05", leeg, pl.lit(value=True), (k.naam,))


def _per_kolom(code: str, c: Contract, vormen: set[Vorm], *fouten: Celfout) -> Iterator[Toets]:
    for k in c.met_vorm(*vormen):
        yield Toets(code, heeft_fout(k.naam, *fouten), gevuld(k.naam), (k.naam,))


def _getallen(c: Contract) -> Iterator[Toets]:
    """Numbers that cannot be read, or lie below zero; what D02 says about the claimed amount is said there."""
    for k in c.kolommen:
        if k.vorm in GETALVORMEN:
            fouten = [Celfout.ONLEESBAAR]
            if k.naam != "ingediend_bedrag":
                fouten += [Celfout.NEGATIEF, Celfout.GEEN_HELE_CENTEN]
            yield Toets("R08", heeft_fout(k.naam, *fouten), gevuld(k.naam), (k.naam,))


def _onzeker(c: Contract) -> Iterator[Toets]:
    for k in c.kolommen:
        if k.vorm in GETALVORMEN:
            yield Toets("R17", heeft_fout(k.naam, Celfout.TWIJFEL), gevuld(k.naam), (k.naam,))


def _hersteld(c: Contract) -> Iterator[Toets]:
    for k in herstelbaar(c):
        yield Toets("R11", pl.col(hersteld(k.naam)), gevuld(k.naam), (k.naam,))


def _persoonsnummers(c: Contract) -> Iterator[Toets]:
    """A person of the levering in another column: of a sender's own number a hash is kept, a quantity is none."""
    for k in bewaakte_kolommen(c):
        code = "R18" if k.kenmerk else "R19"
        yield Toets(code, pl.col(persoon(k.naam)), gevuld(k.naam), (k.naam,))


def bewaakte_kolommen(c: Contract) -> list[Kolom]:
    """Columns whose value is kept and wide enough for a person's number; a day or a code of five characters is not."""
    return [k for k in c.kolommen if k.bewaard and (k.kenmerk or k.vorm in GETALVORMEN | {Vorm.AGB})]


def _vertaald(c: Contract) -> Iterator[Toets]:
    for k in c.met_vorm(Vorm.CODE, Vorm.WOORD):
        yield Toets("R16", pl.col(vertaald(k.naam)), gevuld(k.naam) | pl.col(vertaald(k.naam)), (k.naam,))


def herstelbaar(c: Contract) -> list[Kolom]:
    """Columns in which eaten zeros are put back."""
    return c.met_vorm(Vorm.BSN, Vorm.AGB, Vorm.CODE)


def _bijzondere_datums(c: Contract) -> Iterator[Toets]:
    yield from _per_kolom("R12", c, {Vorm.DATUM}, Celfout.OPEN, Celfout.ONBEKEND)


def codetoets(code: str, naam: str, toegestaan: list[str]) -> Toets:
    """Rule that a code is in its list; an empty cell is not judged."""
    return Toets(code, gevuld(naam) & ~pl.col(naam).is_in(toegestaan), gevuld(naam), (naam,))


def andere_inhoud(code: str, sleutel: list[str], kolommen: tuple[str, ...], vul: Callable[[str], pl.Expr]) -> Toets:
    """Rule that a key stands in the file once, or with the same content; all rows of the key are refused.

    Only rows that passed door 1 are compared: of the others the content is not known.
    """
    groep = [pl.col(LEVERING), pl.col(GOED), *(vul(k).alias(f"_{code}_{k}") for k in sleutel)]
    inhoud = pl.col(HASH).hash()
    anders = inhoud.min().over(groep) != inhoud.max().over(groep)
    return Toets(code, pl.col(GOED) & anders, pl.col(GOED), kolommen)
