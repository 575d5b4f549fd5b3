"""Rules on a levering as a whole: L01-L11 and L15 as far as the door can judge (DOMAIN 2.5 nr 1-6, SPEC 4 and 7).

Lives here: the decisions on numbers and dates that the door has counted. Keep out: counting them (intake/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from pipeline.berichten.toets import Regelboek
from pipeline.domain.maanden import Maand

CODES = ("L01", "L02", "L03", "L04", "L05", "L06", "L07", "L08", "L09", "L10", "L11", "L15")
MAANDEN_TERUG = 3
"""Rows of `mutaties` may be dated this many months before the leveringsmaand (SPEC 7, settled readings)."""


def periode_wijkt_af(eerste: dt.date, n_in_venster: int, maand: Maand, soort: str, *, is_eerste: bool = False) -> bool:
    """L04: every dated row lies after the maand, or, for `mutaties`, none lies in it or the three months before.

    `eerste`: earliest date of a row. `n_in_venster`: dated rows in `venster(maand)`. `is_eerste`: the first levering of
    a gemeente, which holds all there is, however old.
    """
    if eerste > maand.laatste_dag:
        return True
    return soort == "mutaties" and n_in_venster == 0 and not is_eerste


def is_eerste_levering(maand: Maand, vanaf: Iterable[dt.date]) -> bool:
    """Tell whether this is the first maand a gemeente owes a bericht, by its agreements (`vanaf`: where each begins).

    By the seeds and not by what was received: a verdict must not depend on the order of arrival.
    """
    begin = min(vanaf, default=dt.date.max)
    return maand.plus(-1).eerste_dag < begin <= maand.eerste_dag


def venster(maand: Maand) -> tuple[dt.date, dt.date]:
    """First and last day on which at least one row of `mutaties` is expected to be dated."""
    return maand.plus(-MAANDEN_TERUG).eerste_dag, maand.laatste_dag


def verwachte_periode(maand: Maand, n_in_venster: int, n_gedateerd: int) -> str:
    """L04: what was expected against what was found, in words; counts, never a date of a row."""
    van = maand.plus(-MAANDEN_TERUG).naam
    return f"Verwacht zijn rijen van {van} tot en met {maand.naam}; dat zijn {n_in_venster} van de {n_gedateerd} rijen."


def controle_klopt_niet(controle: dict[str, Any], *, rijen: int, bedrag_cent: int | None, sha256: str) -> list[str]:
    """L07: which control totals differ from the content, in words; both directions. One that is absent is not compared.

    Of a number both are named; a hash is not, it gives content away (SPEC 8).
    """
    if controle.get("onleesbaar"):
        return ["controlebestand onleesbaar"]
    werkelijk = {"rijen": rijen, "som_bedrag_cent": bedrag_cent, "sha256": sha256}
    fout = []
    for naam, waarde in werkelijk.items():
        opgegeven = controle.get(naam)
        if opgegeven is None or waarde is None:
            continue
        if opgegeven != waarde:
            beide = f" (opgegeven {opgegeven}, in het bestand {waarde})" if naam != "sha256" else ""
            fout.append(f"{naam}{beide}")
    return fout


def nihil_volgens(controle: dict[str, Any] | None) -> bool:
    """L09: whether the sender's control totals say that there is nothing to deliver."""
    return controle is not None and controle.get("rijen") == 0


def eenheid_volgens_tarieven(mediaan: float, boek: Regelboek) -> str | None:
    """L08: `cent`, `euro`, or None when the median of tarief / tarief of the product table is neither."""
    cent_laag, cent_hoog, euro_laag, euro_hoog = boek.drempels("L08")
    if cent_laag <= mediaan <= cent_hoog:
        return "cent"
    if euro_laag <= mediaan <= euro_hoog:
        return "euro"
    return None


def te_veel_afgekeurd(afgekeurd: int, ontvangen: int, boek: Regelboek) -> bool:
    """L10: more than the allowed share and at least the minimum number of rows, or all there are (SPEC 4)."""
    if geen_goedgekeurd(afgekeurd, ontvangen):
        return True
    aandeel = boek.catalogus.getal("quarantaine_max_aandeel")
    return afgekeurd >= boek.catalogus.getal("quarantaine_min_rijen") and afgekeurd > aandeel * ontvangen


def geen_goedgekeurd(afgekeurd: int, ontvangen: int) -> bool:
    """L10: not one row is left: such a levering would replace a good version by nothing, and count as delivered."""
    return 0 < ontvangen == afgekeurd
