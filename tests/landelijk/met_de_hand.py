"""The comparison a second time: from the public files of the regions, from the definition and not from the SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

Rij = dict[str, Any]
_SAMEN = ("indicator_id", "indicator_versie", "periode_soort", "periode", "segment")


def _lees(pad: Path, vraag: str) -> list[Rij]:
    with duckdb.connect(str(pad), read_only=True) as con:
        antwoord = con.execute(vraag)
        namen = [k[0] for k in antwoord.description]
        return [dict(zip(namen, rij, strict=True)) for rij in antwoord.fetchall()]


def _kwantiel(waarden: Sequence[float], deel: float) -> float | None:
    """Return the value at `deel` of the way from the lowest to the highest, straight between two neighbours."""
    if not waarden:
        return None
    op_rij = sorted(waarden)
    plek = (len(op_rij) - 1) * deel
    onder = int(plek)
    boven = min(onder + 1, len(op_rij) - 1)
    return op_rij[onder] + (op_rij[boven] - op_rij[onder]) * (plek - onder)


def _kwart(waarde: float | None, grenzen: Sequence[float | None], n: int) -> int | None:
    if waarde is None or n < 4:
        return None
    return 1 + sum(waarde > g for g in grenzen if g is not None)


def vergelijking_met_de_hand(bestanden: Mapping[str, Path]) -> list[Rij]:
    """Return the rows of landelijk.vergelijking of the regions by name, in its order."""
    groepen: dict[tuple[Any, ...], list[Rij]] = defaultdict(list)
    inwoners: dict[str, int] = {}
    for naam, pad in bestanden.items():
        versies = {r["indicator_id"]: r["indicator_versie"] for r in _lees(pad, "FROM meta.indicatordefinities")}
        per_jaar = {r["jaar"]: r["inwoners_0_17"] for r in _lees(pad, "FROM meta.gebieden WHERE gebied_code = 'REGIO'")}
        inwoners[naam] = per_jaar[max(per_jaar)]
        for rij in _lees(pad, "FROM openbaar.kerncijfers WHERE gebied_code = 'REGIO'"):
            rij |= {"indicator_versie": versies[rij["indicator_id"]], "regio_naam": naam}
            groepen[tuple(rij[k] for k in _SAMEN)].append(rij)
    uit = [_rij(rij, groep, inwoners) for groep in groepen.values() for rij in groep]
    return sorted(uit, key=lambda r: tuple(r[k] for k in (*_SAMEN, "regio_code")))


def _rij(rij: Rij, groep: Sequence[Rij], inwoners: Mapping[str, int]) -> Rij:
    waarden = [r["waarde"] for r in groep if r["waarde"] is not None]
    in_som = [r for r in groep if r["teller"] is not None and r["noemer"] is None]
    grenzen = [_kwantiel(waarden, d) for d in (0.25, 0.5, 0.75)]
    eigen = {k: rij[k] for k in ("publicatie_id", "waarde", "teller", "noemer", "eenheid", "teken", "dekking")}
    return {
        **{k: rij[k] for k in _SAMEN},
        "regio_code": rij["regio_naam"].lower().replace(" ", "-"),
        "regio_naam": rij["regio_naam"],
        **eigen,
        "rang": None if rij["waarde"] is None else 1 + sum(w > rij["waarde"] for w in waarden),
        "n_regios": len(waarden),
        "n_regios_totaal": len(inwoners),
        **dict(zip(("kwartiel_1", "mediaan", "kwartiel_3"), grenzen, strict=True)),
        "kwartiel": _kwart(rij["waarde"], grenzen, len(waarden)),
        "landelijke_som": sum((r["teller"] for r in in_som), Decimal(0)) if in_som else None,
        "dekking_som": sum(inwoners[r["regio_naam"]] for r in in_som) / sum(inwoners.values()) if in_som else None,
    }
