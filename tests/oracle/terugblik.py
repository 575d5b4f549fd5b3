"""What would have been said then, and what it became: naijling.py on the region as it was (SPEC 6).

Lives here: which months and moments. Keep out: the estimate, and the region as of then (naijling.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pipeline.domain.maanden import Maand
from tests.oracle.indicatoren import Rekenaar
from tests.oracle.invoer import SEGMENTEN, TOTAAL
from tests.oracle.kosten import euro
from tests.oracle.naijling import ONZEKERST, Naijling

PEILMAANDEN = (3, 10)
"""Months of the year after which is looked back here: all of them would take a minute."""


def naijling_terugblik(r: Rekenaar, peilmaanden: Collection[int] = PEILMAANDEN) -> Iterator[dict[str, object]]:
    """Months of care that are known by now, as estimated after each leveringsmaand of `peilmaanden`."""
    nu, regio = r.naijling, r.regio
    bekend_na, terug = regio.getal("terugblik_bekend_maanden"), regio.getal("terugblik_maanden")

    def is_bekend(g: str, m: Maand) -> bool:
        gezien = nu.gezien(g, m.volgnummer)
        return len(gezien) > bekend_na and gezien == list(range(len(gezien)))

    for peil in regio.maanden:
        if peil.maand not in peilmaanden or peil.volgnummer >= nu.laatste:
            continue
        toen = nu.toen(peil.volgnummer)
        for m in (x for x in (peil.plus(-i) for i in range(terug)) if x in regio.maanden):
            for code, gemeenten in regio.gebieden.items():
                mee = [g for g in gemeenten if is_bekend(g, m)]
                for s in (*SEGMENTEN, TOTAAL) if mee else ():
                    yield {
                        "zorgmaand": m.eerste_dag,
                        "gebied_code": code,
                        "segment": s,
                        "vertraging_maanden": peil.volgnummer - m.volgnummer,
                        "n_maanden_geschiedenis": peil.volgnummer - regio.maanden[0].volgnummer + 1,
                        **_rij(nu, toen, mee, m.volgnummer, s),
                    }


def _rij(nu: Naijling, toen: Naijling, gemeenten: list[str], m: int, segment: str) -> dict[str, object]:
    cent, laag, hoog, delen = toen.schat(gemeenten, [segment], [m], zonder=False)
    werkelijk = sum(nu.bekend((g, m, segment, False)) for g in gemeenten)
    ontvangen = sum(toen.bekend((g, m, segment, False)) for g in gemeenten)
    return {
        "ontvangen_eur": euro(ontvangen),
        "geschat_eur": euro(cent),
        "ondergrens_eur": euro(laag),
        "bovengrens_eur": euro(hoog),
        "werkelijk_eur": euro(werkelijk),
        "fout_eur": euro(cent - werkelijk),
        "fout_aandeel": (cent - werkelijk) / werkelijk if werkelijk > 0 else None,
        "fout_ontvangen_aandeel": (ontvangen - werkelijk) / werkelijk if werkelijk > 0 else None,
        "is_binnen_grenzen": laag <= werkelijk <= hoog,
        "methode": next(x for x in ONZEKERST if any(d.methode == x for d in delen)),
        "is_geschat": any(d.vanaf is not None and d.methode != "ontvangen" for d in delen),
        "n_gemeenten": len(gemeenten),
    }
