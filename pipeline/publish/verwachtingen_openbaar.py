"""Would we dare show this to everyone? What the gate asks of the public edition, measured on the file itself.

Lives here: that it holds what was declared and no more, that its numbers are rounded, follow from each other and may be
shown, and that it is not too empty. Written anew from docs/bescherming.md, not with the macros that made the numbers.
Add here: an expectation with a test in which it bites. Keep out: making the edition (dbt_project, openbaar.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.publish.meting import Bron, Eis, Verwachting
from pipeline.publish.oordeel import Zwaarte
from pipeline.publish.openbaar import KERNCIJFERS, TABELLEN

_MAX_LEEG = "openbaar_max_leeg_aandeel"
_VORM = """
    SELECT k.*, d.vorm FROM p.openbaar.kerncijfers AS k
    JOIN (SELECT indicator_id, split_part(openbaar_vorm, ':', 1) AS vorm FROM p.meta.indicatordefinities) AS d
        USING (indicator_id)
"""
# every number that stands in a core figure, with what it counts
_GETALLEN = f"""
    SELECT 'aantal' AS soort, waarde AS getal FROM ({_VORM}) WHERE vorm = 'telling'
    UNION ALL SELECT 'aantal', teller FROM ({_VORM}) WHERE vorm IN ('telling', 'aandeel', 'aandeel_inwoners')
    UNION ALL SELECT 'aantal', noemer FROM ({_VORM}) WHERE vorm IN ('aandeel', 'duur', 'geld_per_jeugdige')
    UNION ALL SELECT 'euro', waarde FROM ({_VORM}) WHERE vorm = 'geld'
    UNION ALL SELECT 'euro', teller FROM ({_VORM})
        WHERE vorm IN ('geld', 'aandeel_geld', 'geld_per_jeugdige', 'geld_per_inwoner', 'groei')
    UNION ALL SELECT 'euro', noemer FROM ({_VORM}) WHERE vorm IN ('aandeel_geld', 'groei')
    UNION ALL SELECT 'dagen', waarde FROM ({_VORM}) WHERE vorm = 'duur'
    UNION ALL SELECT 'procent', 100 * waarde FROM ({_VORM}) WHERE vorm IN ('aandeel_dagen', 'volume')
"""
_RUW = f"""
    SELECT count(*) FROM ({_GETALLEN}) WHERE CASE soort
        WHEN 'aantal' THEN getal < 10 OR getal % 5 <> 0
        WHEN 'euro' THEN getal % 1000 <> 0
        WHEN 'dagen' THEN getal % CASE WHEN getal < 100 THEN 5 ELSE 10 END <> 0
        ELSE abs(getal - round(getal)) > 1e-6 END
"""
_VOLGT_NIET = f"""
    WITH cijfers AS ({_VORM}),
    verwacht AS (
        SELECT *, CASE
            WHEN vorm IN ('aandeel', 'aandeel_inwoners', 'aandeel_geld') THEN [teller / noemer, 0.01, 0.05]
            WHEN vorm = 'groei' THEN [teller / noemer, 0.001, 0.01]
            WHEN vorm = 'geld_per_jeugdige' THEN [teller / noemer, 100]
            WHEN vorm = 'geld_per_inwoner' THEN [teller / noemer, 1]
            WHEN vorm IN ('telling', 'geld') THEN [teller, 1]
        END AS som
        FROM cijfers WHERE waarde IS NOT NULL
    )
    SELECT count(*) FROM verwacht WHERE som IS NOT NULL AND NOT coalesce(
        list_bool_or([abs(floor(som[1] / stap + 0.5) * stap - waarde) < 1e-6 FOR stap IN som[2:]]), false)
"""
# the same number in two rows, and a mark without its reason
_SPREEKT_TEGEN = f"""
    WITH cijfers AS ({_VORM}),
    kosten AS (SELECT * FROM cijfers WHERE indicator_id = 'kosten')
    SELECT count(*) FROM cijfers LEFT JOIN kosten
        ON kosten.periode_soort = cijfers.periode_soort AND kosten.periode = cijfers.periode
        AND kosten.gebied_code = cijfers.gebied_code AND kosten.segment = cijfers.segment
    WHERE (cijfers.waarde IS NULL) <> (cijfers.teken IN ('onvolledig', '<10', 'te_klein'))
        OR (cijfers.teken <> '' AND coalesce(cijfers.teller, cijfers.noemer) IS NOT NULL)
        OR (cijfers.vorm IN ('geld_per_jeugdige', 'geld_per_inwoner') AND cijfers.teller <> kosten.waarde)
        OR (cijfers.vorm = 'aandeel_geld' AND cijfers.noemer <> kosten.waarde)
"""
_TE_KLEIN_BEDRAG = """
    SELECT count(*) FROM p.openbaar.kerncijfers AS k
    LEFT JOIN n.kosten.openbaarheid AS o USING (periode_soort, periode, gebied_code, segment)
    WHERE k.indicator_id = 'kosten' AND k.waarde IS NOT NULL AND NOT coalesce(o.mag_openbaar, false)
"""


def openbare_verwachtingen(b: Bron) -> Iterator[Verwachting]:
    """Measure the public edition; what is asked further is asked only where it holds what was declared."""
    anders = _anders_dan_verklaard(b) if b.heeft_openbaar else ["de hele editie"]
    yield _geen(
        "openbaar_is_zoals_verklaard",
        "De openbare editie is er, met precies de tabellen, kolommen en cijfers die openbaar zijn verklaard.",
        len(anders),
        ", ".join(anders[:5]) or "alles klopt",
    )
    if anders:
        return
    for naam, zin, sql in (
        ("openbaar_is_afgerond", "Elk openbaar getal is afgerond, en geen aantal is kleiner dan tien.", _RUW),
        (
            "openbaar_volgt_uit_zichzelf",
            "Elk openbaar aandeel en gemiddelde volgt uit de getoonde getallen.",
            _VOLGT_NIET,
        ),
        (
            "openbaar_spreekt_zich_niet_tegen",
            "Een openbaar getal is overal hetzelfde, of leeg met een reden.",
            _SPREEKT_TEGEN,
        ),
    ):
        [(aantal,)] = b.vraag(sql)
        yield _geen(naam, zin, aantal, f"{aantal} cijfers")
    if "kosten.openbaarheid" in b.tabellen:
        [(aantal,)] = b.vraag(_TE_KLEIN_BEDRAG)
        yield _geen(
            "openbare_bedragen_mogen",
            "Achter elk openbaar bedrag staan ten minste tien jeugdigen, en geen daarvan bepaalt het.",
            aantal,
            f"{aantal} bedragen",
        )
    yield _leegte(b)


def _geen(naam: str, zin: str, aantal: int, waargenomen: str) -> Verwachting:
    return Verwachting(naam, zin, Zwaarte.KRITIEK, {"aantal": [aantal]}, (Eis("aantal", maximum=0),), waargenomen)


def _leegte(b: Bron) -> Verwachting:
    grens = b.catalogus.getal(_MAX_LEEG)
    [(leeg, alle)] = b.vraag(
        f"SELECT count_if(teken IN ('<10', 'te_klein')), count_if(teken <> 'onvolledig') FROM p.{KERNCIJFERS}"
    )
    aandeel = leeg / alle if alle else 0.0
    return Verwachting(
        "openbaar_niet_te_leeg",
        f"Van de openbare cijfers die volledig zijn is hoogstens {100 * grens:.0f}% leeg omdat ze over te weinig "
        f"jeugdigen gaan ({_MAX_LEEG}).",
        Zwaarte.KRITIEK,
        {"aandeel": [aandeel]},
        (Eis("aandeel", maximum=grens),),
        f"{leeg} van {alle}",
    )


def _anders_dan_verklaard(b: Bron) -> list[str]:
    verklaard = {(tabel, kolom) for tabel, kolommen in TABELLEN.items() for kolom in kolommen}
    aanwezig = set(
        b.vraag(
            "SELECT schema_name || '.' || table_name, column_name FROM duckdb_columns() "
            "WHERE database_name = 'p' AND NOT internal"
        )
    )
    anders = [".".join(k) for k in sorted(verklaard ^ aanwezig)]
    return anders or _vreemde_cijfers(b)


def _vreemde_cijfers(b: Bron) -> list[str]:
    """Return the indicators and grains of the core figures that the catalogue does not call public."""
    verklaard = {
        (r["indicator_id"], grein)
        for r in b.catalogus.rijen("indicatoren")
        for grein in r["openbaar"].split("|")
        if grein
    }
    aanwezig = b.vraag(
        f"""SELECT DISTINCT indicator_id, periode_soort || ':' || if(gebied_code = 'REGIO', 'regio', 'gemeente')
            || ':' || if(split_part(segment, ':', 1) = 'totaal', 'totaal', 'segment')
        FROM p.{KERNCIJFERS} ORDER BY ALL"""
    )
    return [f"{indicator} ({grein})" for indicator, grein in aanwezig if (indicator, grein) not in verklaard]
