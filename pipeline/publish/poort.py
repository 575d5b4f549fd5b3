"""The gate: judge a candidate before every publication, with Great Expectations on the measurements.

Lives here: calling the expectations, here or in a helper that imported great_expectations in time (it takes seconds),
and writing what they said. Only aggregates go in, and only yes or no comes out. Keep out: the expectations themselves.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.fouten import RunFout
from pipeline.proces.werkproces import Werkproces, WerkprocesFout
from pipeline.publish.bewegingen import VERDWENEN
from pipeline.publish.kandidaat import Kandidaat
from pipeline.publish.meting import Bron, Eis, Verwachting
from pipeline.publish.oordeel import Poortresultaat, Verwachtingsresultaat, schrijf_poort
from pipeline.publish.openbaar import OPENBAAR
from pipeline.publish.schrijven import LEEG_GEHEUGEN
from pipeline.publish.vergelijk import VERSCHIL_BESTAND, marts_bestand, schrijf_verschil
from pipeline.publish.verwachtingen import verzamel
from pipeline.publish.woordenboek import MARTSCHEMAS

if TYPE_CHECKING:
    import pandas as pd

WERKER_MODULE = "pipeline.publish.werker"


class PoortFout(RunFout):
    """An expectation could not be evaluated: our bug, and no verdict."""


def start_werker() -> Werkproces:
    """Start a helper that imports great_expectations meanwhile; for `maak_kandidaat` and `beoordeel_kandidaat`."""
    return Werkproces(WERKER_MODULE, LEEG_GEHEUGEN)


def beoordeel_kandidaat(
    kandidaat: Kandidaat, catalogus: Catalogus, vorige: Path | None, *, werker: Werkproces | None = None
) -> Poortresultaat:
    """Judge a candidate against the publication folder `vorige` (None: there is none).

    Leaves poort.json and, with a `vorige`, verschil.csv in the folder of the candidate. PoortFout
    when an expectation cannot be evaluated: then there is no verdict and nothing may go out.
    """
    resultaat = _vraag_werker(werker, kandidaat, catalogus, vorige) if werker is not None else None
    if resultaat is None:
        resultaat = beoordeel_hier(kandidaat, catalogus, vorige)
    schrijf_poort(kandidaat.pad, resultaat)
    if vorige is not None:
        schrijf_verschil(vorige, kandidaat.pad, kandidaat.pad / VERSCHIL_BESTAND)
    return resultaat


def beoordeel_hier(kandidaat: Kandidaat, catalogus: Catalogus, vorige: Path | None) -> Poortresultaat:
    """Judge in this process, without leaving anything behind."""
    return Poortresultaat(
        publicatie_id=kandidaat.publicatie.publicatie_id,
        vorige=vorige.resolve().name if vorige is not None else "",
        verwachtingen=tuple(_toets(verwachtingen(kandidaat.pad, catalogus, vorige))),
    )


def verwachtingen(pad: Path, catalogus: Catalogus, vorige: Path | None) -> list[Verwachting]:
    """Measure the marts in folder `pad` against those in `vorige`: every expectation with its measurement."""
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        openbaar = pad / OPENBAAR.naam / "marts.duckdb"
        bestanden = {
            "n": marts_bestand(pad),
            "o": marts_bestand(vorige) if vorige is not None else None,
            "p": openbaar if openbaar.is_file() else None,
        }
        for naam, bestand in bestanden.items():
            if bestand is not None:
                con.execute(f"ATTACH '{str(bestand).replace(chr(39), chr(39) * 2)}' AS {naam} (READ_ONLY)")
        bron = Bron(
            con=con,
            catalogus=catalogus,
            tabellen=_tabellen(con),
            heeft_vorige=vorige is not None,
            heeft_openbaar=bestanden["p"] is not None,
            heeft_declaraties=_heeft_declaraties(pad),
        )
        return verzamel(bron)


def _vraag_werker(
    werker: Werkproces, kandidaat: Kandidaat, catalogus: Catalogus, vorige: Path | None
) -> Poortresultaat | None:
    try:
        antwoord = werker.vraag(
            {
                "kandidaat": str(kandidaat.pad),
                "publicatie": kandidaat.publicatie.als_dict(),
                "seeds": str(catalogus.map),
                "vorige": str(vorige) if vorige is not None else None,
            }
        )
    except WerkprocesFout:
        return None
    return Poortresultaat.van_dict(antwoord)


def _tabellen(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    rijen = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() "
        "WHERE database_name = 'n' AND schema_name IN (SELECT unnest(?))",
        [list(MARTSCHEMAS)],
    ).fetchall()
    return frozenset(naam for (naam,) in rijen)


def _heeft_declaraties(pad: Path) -> bool:
    leveringen = json.loads((pad / "publicatie.json").read_text(encoding="utf-8"))["leveringen"]
    return any(v["bericht"] == "declaraties" and v["is_geldend"] and v["rijen_geaccepteerd"] for v in leveringen)


def laad_bibliotheek() -> Any:
    """Import great_expectations, with its telemetry off."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations

    return great_expectations


def _toets(metingen: list[Verwachting]) -> list[Verwachtingsresultaat]:
    """Let Great Expectations judge every measurement; it only sees aggregates and only says yes or no."""
    import pandas as pd

    gx = laad_bibliotheek()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    # one place for all measurements: whenever one is added the library writes out its whole configuration
    asset = context.data_sources.add_pandas("kandidaat").add_dataframe_asset("meting")
    batch = asset.add_batch_definition_whole_dataframe("alles")
    uit = []
    for v in metingen:
        suite = gx.ExpectationSuite(name=v.naam, expectations=[als_gx(gx, e, v) for e in v.eisen])
        geslaagd = _oordeel(batch.get_batch(batch_parameters={"dataframe": als_frame(pd, v)}), suite)
        afstand = "" if geslaagd else _afstand(v)
        uit.append(Verwachtingsresultaat(v.naam, v.zin, v.zwaarte, geslaagd, v.waargenomen, afstand))
    return uit


def _afstand(v: Verwachting) -> str:
    """Return the value that is furthest beyond its bound, and the bound."""
    zinnen = []
    for e in v.eisen:
        waarden = [float(w) for w in v.meting[e.kolom] if w is not None]
        if e.minimum is not None and waarden and min(waarden) < e.minimum + (1e-12 if e.strikt_minimum else 0):
            zinnen.append(
                f"{_getal(min(waarden))}, {'meer dan' if e.strikt_minimum else 'minstens'} {_getal(e.minimum)} gevraagd"
            )
        if e.maximum is not None and waarden and e.maximum < max(waarden) < VERDWENEN:
            zinnen.append(f"{_getal(max(waarden))}, hoogstens {_getal(e.maximum)} toegestaan")
    return "; ".join(zinnen)


def _getal(waarde: float) -> str:
    return f"{waarde:.4g}".replace(".", ",") if abs(waarde) < 10_000 else f"{waarde:.0f}"


def als_frame(pd: Any, v: Verwachting) -> pd.DataFrame:
    """Return a measurement as the table that the library looks at."""
    return pd.DataFrame(v.meting, dtype="float64")


def als_gx(gx: Any, eis: Eis, v: Verwachting) -> Any:
    """Return a demand as an expectation of the library `gx`."""
    return gx.expectations.ExpectColumnValuesToBeBetween(
        column=eis.kolom,
        min_value=eis.minimum,
        max_value=eis.maximum,
        strict_min=eis.strikt_minimum,
        severity=v.zwaarte.value,
        meta={"zin": v.zin, "notes": {"format": "string", "content": [v.zin, v.waargenomen]}},
    )


def _oordeel(batch: Any, suite: Any) -> bool:
    resultaat = batch.validate(suite, result_format="BOOLEAN_ONLY")
    for r in resultaat.results:
        if _brak_af(r.exception_info):
            raise PoortFout(f"Verwachting {suite.name} kon niet worden beoordeeld; er is niets gepubliceerd.")
    return bool(resultaat.success)


def _brak_af(info: dict[str, Any]) -> bool:
    """Great Expectations reports a crash flat, or per metric."""
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(v.get("raised_exception") for v in info.values())
