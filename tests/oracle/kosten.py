"""Cost: lines that count, spread over care months; kosten_zorgmaand, naijling and the cost indicators (SPEC 7)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from pipeline.domain.maanden import Maand
from tests.oracle.gebruik import groepeer, is_verwijderd, nieuwste_versies
from tests.oracle.invoer import SEGMENTEN, TOTAAL, D, Regel, Regio, Soort
from tests.oracle.voorbehoud import onder_voorbehoud


@dataclass(frozen=True)
class Deel:
    """The part of a line that falls in one care month; cents, credits negative. `is_eerste`: counts as the line.

    `cent` is what counts: nothing while the amount is under reserve (`houdt_bedrag`). Then `voorbehoud` is what was
    claimed, and `hersteld` and `eigen` are its other readings.
    """

    regel: Regel
    zorgmaand: Maand
    cent: int
    is_eerste: bool
    soort: Soort
    verwijzergroep: str
    eerste_leveringsmaand: Maand
    houdt_bedrag: bool = False
    houdt_volume: bool = False
    voorbehoud: int = 0
    hersteld: int = 0
    eigen: int = 0


def euro(cent: int) -> Decimal:
    """Cents as euros."""
    return Decimal(cent) / 100


def nieuwste_regels(rijen: Iterable[Regel]) -> list[Regel]:
    """SPEC 7: "newest version of (gemeente, aanbieder_agb, referentienummer)": latest leveringsmaand, ontvangen_op."""
    return [
        max(v, key=lambda r: (r.leveringsmaand, r.ontvangen_op)) for v in groepeer(rijen, lambda r: r.nummer).values()
    ]


def tellende_regels(regio: Regio) -> list[Regel]:
    """SPEC 7: "status is not afgekeurd"; "a credit whose debit is rejected does not count either"."""
    alle = nieuwste_regels(regio.regels)
    afgekeurd = {r.nummer for r in alle if r.is_afgekeurd}

    def telt(r: Regel) -> bool:
        debet = (r.gemeente, r.aanbieder_agb, r.vorig_referentienummer or "")
        return not r.is_afgekeurd and not (r.debet_credit == "C" and debet in afgekeurd)

    return [r for r in alle if telt(r)]


def verdeel(cent: int, begin: dt.date, eind: dt.date) -> list[tuple[Maand, int]]:
    """SPEC 7: over months "by days, to the cent": "largest remainder over days, ties to the earlier month"."""
    maanden = [Maand.van(begin)]
    while maanden[-1] < Maand.van(eind):
        maanden.append(maanden[-1].plus(1))
    dagen = [(min(m.laatste_dag, eind) - max(m.eerste_dag, begin)).days + 1 for m in maanden]
    totaal = sum(dagen)
    delen = [cent * d // totaal for d in dagen]
    op_rest = sorted(range(len(dagen)), key=lambda i: (-(cent * dagen[i] % totaal), i))
    for i in op_rest[: cent - sum(delen)]:
        delen[i] += 1
    return list(zip(maanden, delen, strict=True))


def kostendelen(regio: Regio) -> list[Deel]:
    """Every counting line, spread over its care months."""
    ref = regio.referentie
    eerste: dict[tuple[str, str, str], Maand] = {}
    for r in regio.regels:
        eerste[r.nummer] = min(eerste.get(r.nummer, r.leveringsmaand), r.leveringsmaand)
    verwijzer = {
        t.nummer: ref.verwijzergroep(t.verwijzer_type)
        for t in nieuwste_versies(regio.toewijzingen)
        if not is_verwijderd(t)
    }
    tellend = tellende_regels(regio)
    voorbehouden = onder_voorbehoud(regio, nieuwste_regels(regio.regels), tellend)
    uit: list[Deel] = []
    for r in tellend:
        v = voorbehouden.get(r.nummer)
        periode = (r.productperiode_begin, r.productperiode_eind)
        houdt = v is not None and v.bedrag
        hersteld = dict(verdeel_lopend(v.hersteld if v and houdt else 0, *periode))
        for i, (m, cent) in enumerate(verdeel(r.ingediend_bedrag, *periode)):
            uit.append(
                Deel(
                    regel=r,
                    zorgmaand=m,
                    cent=0 if houdt else r.teken * cent,
                    is_eerste=i == 0,
                    soort=ref.soort(r.gemeente, r.productcode, r.productcategorie, r.productperiode_begin),
                    verwijzergroep=verwijzer.get((r.gemeente, r.toewijzingnummer), "onbekend"),
                    eerste_leveringsmaand=eerste[r.nummer],
                    houdt_bedrag=houdt,
                    houdt_volume=v is not None and v.volume,
                    voorbehoud=r.teken * cent if houdt else 0,
                    hersteld=r.teken * hersteld[m],
                    eigen=r.teken * (cent if v and v.telt_eigen else hersteld[m]) if houdt else 0,
                )
            )
    return uit


def verdeel_lopend(cent: int, begin: dt.date, eind: dt.date) -> list[tuple[Maand, int]]:
    """The same for a mended amount, which nobody claimed: up to and including a month, less up to the month before."""
    dagen = (eind - begin).days + 1
    uit, af, maand = [], 0, Maand.van(begin)
    while maand <= Maand.van(eind):
        tot = cent * ((min(maand.laatste_dag, eind) - begin).days + 1) // dagen
        uit.append((maand, tot - af))
        af, maand = tot, maand.plus(1)
    return uit


def _per_gebied(regio: Regio, delen: Iterable[Deel]) -> Iterator[tuple[str, Deel]]:
    for d in delen:
        for code, gemeenten in regio.gebieden.items():
            if d.regel.gemeente in gemeenten:
                yield code, d


def kosten_zorgmaand(
    regio: Regio, delen: Iterable[Deel], quarantaine: Mapping[tuple[str, int, str, bool], int]
) -> list[dict[str, object]]:
    """kosten.kosten_zorgmaand: "leaves only, no totals, except gebied REGIO"."""
    cellen = groepeer(
        _per_gebied(regio, delen),
        lambda p: (p[1].zorgmaand.eerste_dag, p[0], p[1].soort.segment, p[1].soort.hulpvorm, p[1].verwijzergroep),
    )
    twijfel: dict[tuple[object, ...], int] = defaultdict(int)
    for (g, m, s, zonder), cent in quarantaine.items():
        if s != TOTAAL and not zonder:
            for code, gemeenten in regio.gebieden.items():
                if g in gemeenten:
                    twijfel[Maand(m // 12, m % 12 + 1).eerste_dag, code, s, "geen", "onbekend"] += cent
    for sleutel, cent in twijfel.items():
        if cent:
            cellen.setdefault(sleutel, [])
    uit: list[dict[str, object]] = []
    for sleutel, paren in cellen.items():
        assert isinstance(sleutel, tuple)
        lijst = [d for _, d in paren]
        uit.append(
            dict(zip(("zorgmaand", "gebied_code", "segment", "hulpvorm", "verwijzer_groep"), sleutel, strict=True))
            | {
                "gedeclareerd_eur": euro(sum(d.cent for d in lijst if d.regel.debet_credit == "D")),
                "gecrediteerd_eur": euro(-sum(d.cent for d in lijst if d.regel.debet_credit == "C")),
                "netto_eur": euro(sum(d.cent for d in lijst)),
                "n_jeugdigen": len({d.regel.bsn for d in lijst}),
                "n_regels": sum(d.is_eerste for d in lijst),
                "voorbehoud_eur": euro(sum(d.voorbehoud for d in lijst)),
                "n_voorbehoud": sum(d.is_eerste and d.houdt_bedrag for d in lijst),
                "quarantaine_eur": euro(twijfel.get(sleutel, 0)),
            }
        )
    return uit


def naijling(regio: Regio, delen: Iterable[Deel]) -> list[dict[str, object]]:
    """kosten.naijling as received; delay: up to "the leveringsmaand in which the line first arrived"."""
    erbij: dict[tuple[str, str, Maand, int], int] = defaultdict(int)
    ernaast: dict[tuple[str, str, Maand, int], int] = defaultdict(int)
    for code, d in _per_gebied(regio, delen):
        vertraging = max(0, d.eerste_leveringsmaand.volgnummer - d.zorgmaand.volgnummer)
        for segment in (d.soort.segment, TOTAAL):
            erbij[code, segment, d.zorgmaand, vertraging] += d.cent
            ernaast[code, segment, d.zorgmaand, vertraging] += d.voorbehoud
    uit: list[dict[str, object]] = []
    eerste, laatste = regio.maanden[0], regio.laatste_leveringsmaand(D)
    gevuld = {(g, s, m) for g, s, m, _ in erbij}
    for code, segment, m in sorted({*product(regio.gebieden, (*SEGMENTEN, TOTAAL), regio.maanden), *gevuld}):
        som = 0
        # a month before the first leveringsmaand is seen from that on; one after the last has delay 0 only
        van = max(0, eerste.volgnummer - m.volgnummer)
        for vertraging in range(van, max(van, laatste.volgnummer - m.volgnummer) + 1):
            nieuw = erbij.get((code, segment, m, vertraging), 0)
            som += nieuw
            uit.append(
                {
                    "zorgmaand": m.eerste_dag,
                    "gebied_code": code,
                    "segment": segment,
                    "vertraging_maanden": vertraging,
                    "netto_eur": euro(nieuw),
                    "cumulatief_eur": euro(som),
                    "voorbehoud_eur": euro(ernaast.get((code, segment, m, vertraging), 0)),
                }
            )
    return uit


def som_per_maand(regio: Regio, delen: Iterable[Deel]) -> dict[tuple[str, str, Maand], int]:
    """Net cents per (gemeente, segment or totaal, zorgmaand)."""
    uit: dict[tuple[str, str, Maand], int] = defaultdict(int)
    for d in delen:
        for segment in (d.soort.segment, TOTAAL):
            uit[d.regel.gemeente, segment, d.zorgmaand] += d.cent
    return uit
