"""The public quality page of a publication: what the gate asked, who delivered, what not to trust, and what there is.

Lives here: what the page says, read from poort.json and the marts of a candidate; how it looks is in kwaliteit.html.j2.
The page is one file that asks nothing of any other host and runs nothing. It names no count under ten and no share that
rests on one: neither of what was hit nor of what was not. Keep out: judging (poort.py), the data docs of engineers.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import GEACCEPTEERDE_STATUSSEN, Status
from pipeline.domain.maanden import MAANDNAMEN, Maand
from pipeline.publish.kandidaat import Kandidaat
from pipeline.publish.oordeel import Poortresultaat, Verwachtingsresultaat, Zwaarte
from pipeline.publish.vergelijk import marts_bestand

PAGINA = "kwaliteit.html"
SJABLOON = Path(__file__).with_name("kwaliteit.html.j2")
MINSTENS = 10
"""Counts under this, and shares that rest on one, are not named (SPEC 6, small cells)."""
LAATSTE_MAANDEN = 12
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_OPEN = {Status.TE_LAAT: "te laat", Status.ONTBREEKT: "ontbreekt", Status.AFGEKEURD: "afgekeurd"}
# the letter in the calendar, the class that colours it, what it means; the worst of the berichten of a month is shown
_CELLEN: dict[Status, tuple[str, str]] = {
    Status.AFGEKEURD: ("✗", "mis"),
    Status.ONTBREEKT: ("!", "mis"),
    Status.TE_LAAT: ("L", "let"),
    Status.VERWACHT: ("·", "nog"),
    Status.NOG_NIET_AANGESLOTEN: ("–", "nog"),
    Status.NIHIL_BEVESTIGD: ("0", "goed"),
    Status.GEACCEPTEERD_MET_OPMERKINGEN: ("✓", "goed"),
    Status.GEACCEPTEERD: ("✓", "goed"),
}
_UITLEG = {
    Status.AFGEKEURD: "afgekeurd",
    Status.ONTBREEKT: "ontbreekt",
    Status.TE_LAAT: "te laat, nog binnen respijt",
    Status.VERWACHT: "nog niet verschuldigd",
    Status.NOG_NIET_AANGESLOTEN: "niet aangesloten of vrijgesteld",
    Status.NIHIL_BEVESTIGD: "niets te leveren, bevestigd",
    Status.GEACCEPTEERD: "geaccepteerd",
    Status.GEACCEPTEERD_MET_OPMERKINGEN: "geaccepteerd, met opmerkingen",
}


@dataclass(frozen=True)
class Cel:
    """One month of one gemeente in the calendar: a sign, the class of its colour, and what it says in words."""

    teken: str
    klasse: str
    woorden: str


@dataclass(frozen=True)
class Leverancier:
    """One gemeente over the last twelve months; counts are of leveringen."""

    naam: str
    cellen: tuple[Cel, ...]
    verschuldigd: int
    binnen: int
    op_tijd: int
    open: tuple[str, ...]


@dataclass(frozen=True)
class Voorbehoud:
    """One reason not to trust figures, for the regio as a whole, and where it weighs most."""

    reden: str
    bericht: str
    tabellen: str
    aandeel: str
    opvallend: str


def schrijf_kwaliteitspagina(kandidaat: Kandidaat, catalogus: Catalogus, poort: Poortresultaat) -> Path:
    """Write kwaliteit.html in the folder of a judged candidate and return it."""
    pad = kandidaat.pad / PAGINA
    pad.write_text(kwaliteitspagina(kandidaat, catalogus, poort), encoding="utf-8")
    return pad


def kwaliteitspagina(kandidaat: Kandidaat, catalogus: Catalogus, poort: Poortresultaat) -> str:
    """Return the page of a judged candidate. A table that is not there gives an empty part; the gate objects to it."""
    from jinja2 import Environment, StrictUndefined

    with duckdb.connect(str(marts_bestand(kandidaat.pad)), read_only=True, config={"threads": 1}) as con:
        maanden, leveranciers = _leveringen(con, catalogus)
        maand, voorbehouden = _voorbehouden(con, catalogus)
        feiten = {"voorlopig_vanaf": _voorlopig_vanaf(con), "score": _score(con)}
    omgeving = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    omgeving.filters["dag"] = _dag
    return omgeving.from_string(SJABLOON.read_text(encoding="utf-8")).render(
        p=kandidaat.publicatie,
        regio=_regionaam(catalogus),
        poort=poort,
        toetsen=[_toets(v) for v in poort.verwachtingen],
        maanden=maanden,
        leveranciers=leveranciers,
        legenda=_legenda(leveranciers),
        voorbehoud_maand=maand,
        voorbehouden=voorbehouden,
        minstens=MINSTENS,
        bestanden=_bestanden(kandidaat.pad),
        **feiten,
    )


def _dag(moment: Any) -> str:
    lokaal = moment.astimezone(AMSTERDAM)
    return f"{lokaal.day} {MAANDNAMEN[lokaal.month - 1]} {lokaal.year}, {lokaal:%H:%M} uur"


def _regionaam(catalogus: Catalogus) -> str:
    namen = {r["jeugdregio"] for r in catalogus.rijen("gemeenten")}
    return namen.pop() if len(namen) == 1 else "de regio"


def _toets(v: Verwachtingsresultaat) -> dict[str, str]:
    uitslag = "voldaan" if v.geslaagd else "houdt tegen" if v.zwaarte is Zwaarte.KRITIEK else "waarschuwing"
    klasse = "goed" if v.geslaagd else "mis" if v.zwaarte is Zwaarte.KRITIEK else "let"
    # the names of settings are of use to an engineer only; they are in poort.json
    zin, _, _ = v.zin.partition(" (")
    return {
        "naam": v.naam.replace("_", " "),
        "zin": zin if zin.endswith(".") else f"{zin}.",
        "uitslag": uitslag,
        "klasse": klasse,
        "gemeten": v.waargenomen,
        "afstand": v.afstand,
    }


def _rijen(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    try:
        return con.execute(sql).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return []


def _leveringen(con: duckdb.DuckDBPyConnection, catalogus: Catalogus) -> tuple[list[Maand], list[Leverancier]]:
    rijen = _rijen(
        con,
        f"""SELECT gemeente, bericht, maand, status, coalesce(is_verplicht, false), dagen_te_laat
        FROM kwaliteit.leveringsstatus,
            (SELECT max(maand) AS laatste FROM kwaliteit.leveringsstatus WHERE status <> 'VERWACHT')
        WHERE maand > laatste - to_months({LAATSTE_MAANDEN}) AND maand <= laatste
        ORDER BY gemeente, maand, bericht DESC""",
    )
    maanden = sorted({Maand.van(r[2]) for r in rijen})
    per_gemeente: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for r in rijen:
        per_gemeente[r[0]].append(r)
    namen = {g: catalogus.gemeenten[g].naam if g in catalogus.gemeenten else g for g in per_gemeente}
    return maanden, [_leverancier(namen[g], per_gemeente[g], maanden) for g in sorted(namen, key=namen.__getitem__)]


def _leverancier(naam: str, rijen: Sequence[tuple[Any, ...]], maanden: Sequence[Maand]) -> Leverancier:
    per_maand: dict[Maand, list[tuple[str, Status]]] = defaultdict(list)
    for _, bericht, maand, status, _, _ in rijen:
        per_maand[Maand.van(maand)].append((bericht, Status(status)))
    geteld = [r for r in rijen if r[4] and Status(r[3]) not in (Status.VERWACHT, Status.NOG_NIET_AANGESLOTEN)]
    binnen = [r for r in geteld if Status(r[3]) in GEACCEPTEERDE_STATUSSEN]
    return Leverancier(
        naam=naam,
        cellen=tuple(_cel(per_maand.get(m, [])) for m in maanden),
        verschuldigd=len(geteld),
        binnen=len(binnen),
        op_tijd=sum(not r[5] for r in binnen),
        open=_open([r for r in geteld if r not in binnen]),
    )


def _open(rijen: Sequence[tuple[Any, ...]]) -> tuple[str, ...]:
    """Return what is not there, the berichten of a month in one phrase."""
    samen: dict[tuple[Maand, Status], list[str]] = defaultdict(list)
    for _, bericht, maand, status, _, _ in rijen:
        samen[Maand.van(maand), Status(status)].append(bericht)
    return tuple(f"{maand.naam} {_OPEN[status]}: {' en '.join(b)}" for (maand, status), b in samen.items())


def _cel(stand: Sequence[tuple[str, Status]]) -> Cel:
    if not stand:
        return Cel("", "leeg", "niets afgesproken")
    ergste = min((status for _, status in stand), key=list(_CELLEN).index)
    return Cel(*_CELLEN[ergste], ", ".join(f"{bericht} {_UITLEG[status]}" for bericht, status in stand))


def _legenda(leveranciers: Sequence[Leverancier]) -> list[tuple[str, str, str]]:
    gebruikt = {c.teken for lv in leveranciers for c in lv.cellen}
    uitleg = {teken: (klasse, _UITLEG[status]) for status, (teken, klasse) in _CELLEN.items()}
    return [(teken, *rest) for teken, rest in uitleg.items() if teken in gebruikt]


def _voorbehouden(con: duckdb.DuckDBPyConnection, catalogus: Catalogus) -> tuple[Maand | None, list[Voorbehoud]]:
    """Return the reservations of the last month that has any, those of the regio with where they weigh most."""
    rijen = _rijen(
        con,
        """SELECT reden, bericht, gebied_code, list(DISTINCT tabel ORDER BY tabel),
            max(n_geraakt), max(n_gecontroleerd), any_value(geteld_in), max(maand)
        FROM kwaliteit.voorbehouden
        WHERE maand = (SELECT max(maand) FROM kwaliteit.voorbehouden WHERE gebied_code = 'REGIO')
        GROUP BY reden, bericht, gebied_code
        ORDER BY max(n_geraakt) / max(n_gecontroleerd) DESC, reden, bericht, gebied_code""",
    )
    gemeenten = catalogus.gemeenten
    zwaar: dict[tuple[str, str], list[str]] = defaultdict(list)
    for reden, bericht, gebied, _, n, _, soort, _ in rijen:
        if gebied in gemeenten and (n >= MINSTENS or soort == "leveringen"):
            zwaar[reden, bericht].append(gemeenten[gebied].naam)
    uit = [
        Voorbehoud(
            reden, bericht, ", ".join(tabellen), _aandeel(n, van, soort), _waar(zwaar[reden, bericht], len(gemeenten))
        )
        for reden, bericht, gebied, tabellen, n, van, soort, _ in rijen
        if gebied == "REGIO"
    ]
    return (Maand.van(rijen[0][-1]) if rijen else None), uit


def _waar(namen: list[str], van: int) -> str:
    """Return the gemeenten by name, unless it is most of them."""
    return f"de meeste gemeenten ({len(namen)} van {van})" if 2 * len(namen) > van > 3 else ", ".join(sorted(namen))


def _aandeel(n: int, van: int, soort: str) -> str:
    """Return the share in words; leveringen are no youths and may be counted."""
    if soort == "leveringen":
        return f"{n} van {van} leveringen"
    if n < MINSTENS:
        return f"minder dan {MINSTENS} rijen"
    return "bijna alle rijen" if van - n < MINSTENS else f"{100 * n / van:.0f}% van de rijen"


def _voorlopig_vanaf(con: duckdb.DuckDBPyConnection) -> Maand | None:
    rijen = _rijen(
        con,
        "SELECT min(periode) FROM sturing.indicatoren "
        "WHERE periode_soort = 'maand' AND gebied_code = 'REGIO' AND rijping = 'voorlopig'",
    )
    return Maand.van(rijen[0][0]) if rijen and rijen[0][0] else None


def _score(con: duckdb.DuckDBPyConnection) -> dict[str, Any] | None:
    """Return the scores of the regio (0-100) in the last month that has a total."""
    namen = ("tijdigheid", "volledigheid", "geldigheid", "consistentie", "totaal")
    rijen = _rijen(
        con,
        f"SELECT maand, {', '.join(f'score_{n}' for n in namen)} FROM kwaliteit.datakwaliteit "
        "WHERE gebied_code = 'REGIO' AND score_totaal IS NOT NULL ORDER BY maand DESC LIMIT 1",
    )
    if not rijen:
        return None
    waarden = {n: f"{w:.0f}" for n, w in zip(namen, rijen[0][1:], strict=True) if w is not None}
    return {"maand": Maand.van(rijen[0][0]), "waarden": waarden}


def _bestanden(pad: Path) -> dict[str, Any]:
    """Return what there is to open: of the public edition when there is one."""
    edities = [e for e in ("openbaar", "intern") if (pad / e / "datapackage.json").is_file()]
    if not edities:
        return {"editie": "", "tabellen": []}
    editie = edities[0]
    pakket = json.loads((pad / editie / "datapackage.json").read_text(encoding="utf-8"))
    vormen: dict[str, dict[str, str]] = defaultdict(dict)
    zinnen: dict[str, str] = {}
    for bron in pakket["resources"]:
        naam = Path(bron["path"]).stem
        vormen[naam][Path(bron["path"]).suffix[1:]] = f"{editie}/{bron['path'].removeprefix(f'{editie}/')}"
        zinnen.setdefault(naam, bron["description"])
    tabellen = [{"naam": n, "zin": zinnen[n], "vormen": sorted(v.items())} for n, v in sorted(vormen.items())]
    return {"editie": editie, "tabellen": tabellen}
