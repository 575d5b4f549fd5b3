"""A made-up region as marts: few gemeenten and segments, with counts on both sides of a low threshold, that add up."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import polars as pl

EERSTE, LAATSTE = 2023 * 12, 2025 * 12 + 4  # a whole year, another, and five months
DREMPEL = 6
ZONDER_LEVERING = ("GM0002", EERSTE + 20)
"""A gemeente, and a month of which it delivered nothing."""
ZONDER_DOORSTROOM = ("ambulant", EERSTE + 19)
"""A segment, and a month in which nobody went there from another one, or from there."""
GEMEENTEN = ("GM0001", "GM0002", "GM0003", "GM0004", "GM0005", "GM0006")
SEGMENTEN = ("ambulant", "verblijf", "jr")
_PUBLICATIE = "P20250601T000000-00000000"


def dag(maand: int) -> dt.date:
    """First day of a numbered month."""
    return dt.date(maand // 12, maand % 12 + 1, 1)


def _perioden(laatste: int) -> list[tuple[str, dt.date, range]]:
    uit = [("maand", dag(m), range(m, m + 1)) for m in range(EERSTE, laatste + 1)]
    uit += [("12m", dag(m), range(m - 11, m + 1)) for m in range(EERSTE + 11, laatste + 1)]
    for jaar in range(EERSTE // 12, laatste // 12 + 1):
        uit.append(("jaar", dag(jaar * 12), range(max(jaar * 12, EERSTE), min(jaar * 12 + 11, laatste) + 1)))
    return uit


def maak_bladen(
    seed: int, erbij: dict[tuple[str, str, str, int], int] | None = None, laatste: int = LAATSTE
) -> dict[str, pl.DataFrame]:
    """Make the marts of a region; every youth here has one allocation, so things are youths.

    `erbij`: what a correction adds, by (maat, gemeente, segment, month). `laatste`: the newest month published, of
    which no claims are there yet.
    """
    rng = np.random.default_rng(seed)
    maanden = range(EERSTE, LAATSTE + 1)
    omvang = dict(zip(GEMEENTEN, (30, 12, 8, 5, 3, 1), strict=True))
    per = dict(zip(SEGMENTEN, (1.0, 0.4, 0.1), strict=True))
    stroom: dict[tuple[str, str, str, int], int] = {}
    for g, s, m in itertools.product(GEMEENTEN, SEGMENTEN, maanden):
        erin = rng.poisson(omvang[g] * per[s])
        door = rng.poisson(omvang[g] * per[s] * 0.5)
        stroom["instroom", g, s, m] = int(erin)
        stroom["doorstroom_in", g, s, m] = int(door)
        stroom["uitstroom", g, s, m] = int(rng.binomial(erin, 0.8))
        stroom["doorstroom_uit", g, s, m] = int(rng.binomial(door, 0.8))
        stroom["meetbaar", g, s, m] = int(erin)
        stroom["te_laat", g, s, m] = int(rng.binomial(erin, 0.3))
        stroom["herhaald", g, s, m] = int(rng.binomial(erin, 0.3))
        stroom["kosten", g, s, m] = int(erin * rng.integers(100, 900))
        stroom["betaald", g, s, m] = int(erin)
    for maat, g, s, m in stroom:
        leeg = maat in ("kosten", "betaald", "meetbaar", "te_laat") and (g, m) == ZONDER_LEVERING
        leeg |= maat in ("doorstroom_in", "doorstroom_uit") and (s, m) == ZONDER_DOORSTROOM
        leeg |= maat in ("kosten", "betaald") and m == laatste
        stroom[maat, g, s, m] *= not leeg
    for g, s, m in itertools.product(GEMEENTEN, SEGMENTEN, maanden):
        deel = s == "ambulant"  # paid for in two units; the others in one
        stroom["uren", g, s, m] = stroom["kosten", g, s, m] // 3 * deel
        stroom["dagen", g, s, m] = stroom["kosten", g, s, m] - stroom["uren", g, s, m]
        stroom["met_uren", g, s, m] = stroom["betaald", g, s, m] * deel
        stroom["met_dagen", g, s, m] = stroom["betaald", g, s, m]
    for plek, n in (erbij or {}).items():
        stroom[plek] += n
    return _tabellen(stroom, laatste)


def _tabellen(stroom: dict[tuple[str, str, str, int], int], laatste: int) -> dict[str, pl.DataFrame]:
    gebieden, segmenten = (*GEMEENTEN, "REGIO"), (*SEGMENTEN, "totaal")

    def som(maat: str, g: str, s: str, maanden: range) -> int:
        wie = GEMEENTEN if g == "REGIO" else (g,)
        waar = SEGMENTEN if s == "totaal" else (s,)
        return sum(stroom[maat, w, x, m] for w in wie for x in waar for m in maanden)

    stand = {(g, s): 3 * som("instroom", g, s, range(EERSTE, EERSTE + 6)) + 200 for g in GEMEENTEN for s in SEGMENTEN}
    indicatoren, stromen, tijdigheid, bladen = [], [], [], []
    for (soort, periode, maanden), g, s in itertools.product(_perioden(laatste), gebieden, segmenten):
        plek = (soort, periode, g, s)
        erin, door, uit = (som(m, g, s, maanden) for m in ("instroom", "doorstroom_in", "uitstroom"))
        erin += door * (s == "totaal")  # of all segments together it is all entry
        uit += som("doorstroom_uit", g, s, maanden) * (s == "totaal")
        begonnen = som("instroom", g, s, maanden) + door
        n, k = som("meetbaar", g, s, maanden), som("kosten", g, s, maanden)
        betaald = som("betaald", g, s, maanden)
        rijen: list[tuple[str, int, int | None, int]]
        rijen = [("instroom", erin, None, erin), ("uitstroom", uit, None, uit), ("kosten", k, None, betaald)]
        rijen += [("doorstroom", door, None, door)] * (s != "totaal")
        te_laat, herhaald = som("te_laat", g, s, maanden), som("herhaald", g, s, maanden)
        rijen.append(("aandeel_te_laat", te_laat, n, te_laat))
        rijen += [("aandeel_herhaald_beroep", herhaald, begonnen, herhaald)] * (soort != "maand")
        indicatoren += [(_PUBLICATIE, i, *plek, t, noemer, t, nj) for i, t, noemer, nj in rijen]
        for eenheid in ("uren", "dagen") if soort != "maand" else ():
            bedrag, nj = som(eenheid, g, s, maanden), som(f"met_{eenheid}", g, s, maanden)
            cel = (_PUBLICATIE, "gemiddeld_tarief", soort, periode, g, f"{s}:{eenheid}")
            indicatoren.append((*cel, bedrag, bedrag // 50, 50 * (bedrag > 0), nj))
    for m, g, s in itertools.product(range(EERSTE, laatste + 1), gebieden, segmenten):
        wie, waar = GEMEENTEN if g == "REGIO" else (g,), SEGMENTEN if s == "totaal" else (s,)
        delen = [som(x, g, s, range(m, m + 1)) for x in ("instroom", "doorstroom_in", "doorstroom_uit", "uitstroom")]
        netto = [som(x, g, s, range(EERSTE, m)) for x in ("instroom", "doorstroom_in", "doorstroom_uit", "uitstroom")]
        begin = sum(stand[w, x] for w in wie for x in waar) + netto[0] + netto[1] - netto[2] - netto[3]
        if s == "totaal":
            delen = [delen[0] + delen[1], 0, 0, delen[2] + delen[3]]
        eind = begin + delen[0] + delen[1] - delen[2] - delen[3]
        stromen.append((_PUBLICATIE, dag(m), g, s, begin, *delen, eind))
        een = range(m, m + 1)
        n, te_laat = som("meetbaar", g, s, een), som("te_laat", g, s, een)
        tijdigheid.append((_PUBLICATIE, g, dag(m), s, n, n, te_laat, 0, 0, 0.0, 0.0, 0, 0))
        betaald = som("betaald", g, s, een)
        if s != "totaal" and betaald:
            bladen.append((_PUBLICATIE, dag(m), g, s, "geen", "huisarts", som("kosten", g, s, een), betaald, betaald))
    frame = pl.DataFrame
    kosten = frame(
        [(*b[:6], float(b[6]), 0.0, float(b[6]), *b[7:]) for b in bladen],
        schema=[
            "publicatie_id", "zorgmaand", "gebied_code", "segment", "hulpvorm", "verwijzer_groep", "gedeclareerd_eur",
            "gecrediteerd_eur", "netto_eur", "n_jeugdigen", "n_regels",
        ],
        orient="row",
    )  # fmt: skip
    return {
        "sturing.indicatoren": frame(
            indicatoren,
            schema={
                "publicatie_id": pl.String, "indicator_id": pl.String, "periode_soort": pl.String, "periode": pl.Date,
                "gebied_code": pl.String, "segment": pl.String, "teller": pl.Float64, "noemer": pl.Float64,
                "waarde": pl.Float64, "n_jeugdigen": pl.Int64,
            },
            orient="row",
        ),
        "sturing.stromen": frame(
            stromen,
            schema=[
                "publicatie_id", "maand", "gebied_code", "segment", "stand_begin", "instroom", "doorstroom_in",
                "doorstroom_uit", "uitstroom", "stand_eind",
            ],
            orient="row",
        ),
        "kwaliteit.tijdigheid": frame(
            tijdigheid,
            schema=[
                "publicatie_id", "gebied_code", "maand", "segment", "n_toewijzingen", "n_meetbaar", "n_te_laat",
                "n_terugwerkend", "n_terugwerkend_onverwacht", "mediaan_dagen_terugwerkend",
                "p90_dagen_terugwerkend", "n_declaraties", "n_declaraties_te_laat",
            ],
            orient="row",
        ),
        "kosten.kosten_zorgmaand": kosten,
        "kwaliteit.leveringsstatus": frame(
            [
                (g, b, dag(m), *(("ONTBREEKT", 0) if (g, m) == ZONDER_LEVERING else ("GEACCEPTEERD", 100)))
                for g, b, m in itertools.product(GEMEENTEN, ("toewijzingen", "declaraties"), range(EERSTE, laatste + 1))
            ],
            schema=["gemeente", "bericht", "maand", "status", "rijen_geaccepteerd"],
            orient="row",
        ),
    }  # fmt: skip
