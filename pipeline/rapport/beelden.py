"""From rows of a mart to the data of a chart: which part is full, dashed, hollow, hatched or withheld.

Here the signs of doubt are put on figures: definitive or not (full, dashed), delivered for less than 95 percent
(hollow), under reserve (not drawn as a level), too few to show (hatched stub). Lives here: a function per kind of
chart in grafieken.py, from rows to `Beeld`. Keep out: how it is drawn; which figures (paginas/).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipeline.rapport.beweging import DEFINITIEF, KLEIN, is_heel, is_vast, is_zuiver
from pipeline.rapport.blokken import Beeld
from pipeline.rapport.kleuren import DATA, GRIJS, WIT
from pipeline.rapport.taal import Vorm, bedrag, getal, maand

Punt = dict[str, Any]
Rij = Mapping[str, Any]
_KLEIN_AANDEEL = 0.05
"""Length of the stub for too few, as a share of the longest bar: always the same, so that it tells nothing."""


def _plat(v: Any) -> Any:
    """Return a value as JSON knows it; a date as local time, or months would shift."""
    if isinstance(v, dt.date):
        return f"{v.isoformat()}T00:00:00"
    return float(v) if isinstance(v, Decimal) else v


def _punten(rijen: Sequence[Rij], *velden: str) -> list[Punt]:
    return [{k: _plat(r[k]) for k in velden} for r in rijen]


def delen(rijen: Sequence[Rij]) -> dict[str, list[Punt]]:
    """Split a series (`maand, v, dekking, rijping`) into what is drawn full, dashed and hollow.

    A month without a value, or of which too much is under reserve, is a gap.
    """
    punten = [dict(r) | {"v": r["v"] if is_zuiver(r) else None} for r in rijen]
    vast = [r for r in punten if r["rijping"] == DEFINITIEF]
    los = [r for r in punten if r["rijping"] != DEFINITIEF]
    if los and vast:
        los = [vast[-1], *los]
    open_ = [r for r in punten if r["v"] is not None and not is_heel(r)]
    return {n: _punten(d, "maand", "v") for n, d in (("vast", vast), ("los", los), ("open", open_))}


def _laatste(rijen: Sequence[Rij]) -> Rij | None:
    return next((r for r in reversed(rijen) if r["v"] is not None and is_zuiver(r)), None)


def beschrijf(rijen: Sequence[Rij], vorm: Vorm) -> str:
    """Say a series in words: where it began and where it is."""
    met = [r for r in rijen if r["v"] is not None and is_zuiver(r)]
    if not met:
        return "Er zijn geen gegevens."
    # the newest that is whole: what comes after it is no end of a line
    eerste, laatste = met[0], ([r for r in met if is_vast(r)] or met)[-1]
    return (
        f"Van {vorm(eerste['v'])} in {maand(eerste['maand'])} naar {vorm(laatste['v'])} in {maand(laatste['maand'])}."
    )


def lijn(
    rijen: Sequence[Rij],
    titel: str,
    *,
    vorm: Vorm = getal,
    as_vorm: str = ",.0f",
    nul: bool = False,
    schaal: float = 1.0,
    referenties: Sequence[tuple[float, str]] = (),
    tweede: Sequence[Rij] = (),
    tweede_naam: str = "",
    band: Sequence[Rij] = (),
    maten: Sequence[str] = ("breed", "smal"),
) -> Beeld | None:
    """Draw a series of months; `schaal` is what values are multiplied by for the axis (100 for shares)."""
    laatste = _laatste(rijen)
    if laatste is None:
        return None

    def groot(r: Rij) -> dict[str, Any]:
        return dict(r) | {k: None if r.get(k) is None else float(r[k]) * schaal for k in ("v", "lo", "hi") if k in r}

    op_schaal = [groot(r) for r in rijen]
    eind = {"maand": _plat(laatste["maand"]), "v": float(laatste["v"]) * schaal, "l": vorm(laatste["v"])}
    data: dict[str, list[Punt]] = {**delen(op_schaal), "eind": [] if band else [eind]}
    if referenties:
        data["ref"] = [{"v": v * schaal, "l": naam, "maand": eind["maand"]} for v, naam in referenties]
    if tweede:
        ander = [groot(r) for r in tweede if r["v"] is not None]
        data["tweede"] = _punten(ander, "maand", "v")
        slot_ander = [r | {"l": tweede_naam} for r in _punten(ander[-1:], "maand", "v")]
        data["tweede_eind"] = slot_ander if tweede_naam else []
    if band:
        begin = {"maand": laatste["maand"], "v": laatste["v"], "lo": laatste["v"], "hi": laatste["v"]}
        strook_ = [groot(r) for r in (begin, *band)]
        data["band"] = _punten(strook_, "maand", "v", "lo", "hi")
        slot = strook_[-1]
        data["band_eind"] = [
            {"maand": _plat(slot["maand"]), "v": slot[k], "l": getal(slot[k])} for k in ("hi", "v", "lo")
        ]
    met = sorted({"ref", "tweede", "band"} & data.keys())
    vast = {"vorm": as_vorm, "nul": nul, "met": met, "tijdvak": tijdvak(rijen)}
    return Beeld("lijn", data, titel, beschrijf(rijen, vorm), vast, maten)


def vonk(rijen: Sequence[Rij], titel: str, vorm: Vorm) -> Beeld | None:
    """Draw the small line of a key figure, with its last point full or hollow."""
    laatste = _laatste(rijen)
    if laatste is None:
        return None
    data = delen(rijen)
    slot = _punten([laatste], "maand", "v")
    heel = is_heel(laatste)
    data |= {"open": [] if heel else slot, "dicht": slot if heel else []}
    return Beeld("vonk", data, titel, beschrijf(rijen, vorm), maten=("breed",))


def tegel(
    rijen: Sequence[Rij], tweede: Sequence[Rij], grenzen: tuple[float, float], titel: str, vorm: Vorm, as_vorm: str
) -> Beeld | None:
    """Draw one of many small charts; `grenzen` is the scale of all."""
    laatste = _laatste(rijen)
    if laatste is None:
        return None
    data = delen(rijen)
    data["tweede"] = _punten([r for r in tweede if r["v"] is not None], "maand", "v")
    data["eind"] = [{**_punten([laatste], "maand", "v")[0], "l": vorm(laatste["v"])}]
    vast = {"laag": grenzen[0], "hoog": grenzen[1], "vorm": as_vorm, "tijdvak": tijdvak(rijen)}
    return Beeld("tegel", data, titel, beschrijf(rijen, vorm), vast, maten=("breed",))


def ronde_top(x: float) -> float:
    """Return a round number not below `x`: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten."""
    if x <= 0:
        return 1.0
    macht = 10.0 ** math.floor(math.log10(x))
    return next(f * macht for f in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if f * macht >= x * 0.999999)


def streefpad(d: Rij, pad: Sequence[tuple[int, float]], grenzen: tuple[float, float], titel: str, woord: str) -> Beeld:
    """Draw a target: the path (year, index), and the estimate of one year with its bounds, base = 100."""
    slot = pad[-1]
    data: dict[str, list[Punt]] = {
        "pad": [{"jaar": j, "v": v} for j, v in pad],
        "pad_eind": [{"jaar": slot[0], "v": slot[1], "l": f"doel {getal(slot[1])}"}],
    }
    tekst = f"Streefpad van 100 in {pad[0][0]} naar {getal(slot[1])} in {slot[0]}."
    if d["realisatie_geschat"] is not None and d["basiswaarde"]:
        i = {
            k: float(d[k]) / float(d["basiswaarde"]) * 100
            for k in ("realisatie", "realisatie_geschat", "ondergrens", "bovengrens")
        }
        punt = {"jaar": d["jaar"], "v": i["realisatie_geschat"]}
        data["dicht" if is_heel(d) else "open"] = [punt]
        data["eind"] = [punt | {"l": getal(i["realisatie_geschat"])}]
        if d["is_geschat"]:
            data["grens"] = [{"jaar": d["jaar"], "lo": i["ondergrens"], "hi": i["bovengrens"]}]
            data["ontvangen"] = [{"jaar": d["jaar"], "v": i["realisatie"], "l": "ontvangen"}]
        tekst += f" Schatting {d['jaar']}: {getal(i['realisatie_geschat'])}."
    vast = {"laag": grenzen[0], "hoog": grenzen[1], "van": pad[0][0], "tot": slot[0]}
    return Beeld("streefpad", data, titel, f"{tekst} Oordeel: {woord}.", vast, maten=("breed",))


def maandkosten(rijen: Sequence[Rij], titel: str, maten: Sequence[str] = ("breed", "smal")) -> Beeld | None:
    """Draw cost per month (`maand, v, verwacht, lo, hi, reserve`), as received and as expected.

    A month of which more than 1 percent is under reserve is not drawn as a level: an exclamation mark stands there. What
    is more than twice the median is cut, with its amount.
    """
    met = [r for r in rijen if r["v"] is not None]
    goed = [r for r in met if is_zuiver(r)]
    if not goed:
        return None
    hoogst = {r["maand"]: max(float(r["v"]), float(r["hi"] or r["verwacht"] or 0)) for r in goed}
    mediaan = sorted(hoogst.values())[len(hoogst) // 2]
    gewoon = [h for h in hoogst.values() if h <= 2 * mediaan] or list(hoogst.values())
    top = ronde_top(max(gewoon))
    kap = [r for r in goed if float(r["v"]) > top]
    vol = [dict(r) | {"v": max(0.0, min(float(r["v"]), top))} for r in goed]
    nog = [
        {
            "maand": r["maand"],
            "v": float(r["v"]),
            "tot": float(r["verwacht"]),
            "lo": float(r["lo"]),
            "hi": min(float(r["hi"]), top),
        }
        for r in goed
        if r["verwacht"] is not None and r["lo"] is not None and float(r["verwacht"]) > float(r["v"]) * 1.005
    ]
    data = {
        "vol": _punten(vol, "maand", "v"),
        "verwacht": _punten(nog, "maand", "v", "tot", "lo", "hi"),
        "kap": [{"maand": _plat(r["maand"]), "v": top, "l": bedrag(r["v"])} for r in kap],
        "niet": [{"maand": _plat(r["maand"]), "v": 0, "l": "!"} for r in met if not is_zuiver(r)],
    }
    tekst = beschrijf(goed, bedrag)
    if data["niet"]:
        tekst += " Een uitroepteken: daar staat te veel onder voorbehoud om een niveau te tonen."
    return Beeld("maandkosten", data, titel, tekst, {"top": top, "n": len(rijen), "tijdvak": tijdvak(rijen)}, maten)


def waterval(
    stappen: Sequence[tuple[str, float, str, bool]], titel: str, maten: Sequence[str] = ("breed", "smal")
) -> Beeld:
    """Draw how one total became another: name, amount, label, whether it is a total."""
    rijen: list[Punt] = []
    loop = 0.0
    for n, (naam, v, label, is_stand) in enumerate(stappen):
        van, tot = (0.0, v) if is_stand else (loop, loop + v)
        loop = tot
        kleur = GRIJS if is_stand else DATA if v >= 0 else WIT  # what goes is only an edge: to be seen without colour
        rijen.append(
            {"naam": naam, "n": n, "van": van, "tot": tot, "l": label, "lx": max(van, tot), "kleur": kleur}
            | {"rand": GRIJS if is_stand else DATA}
        )
    top = max(r["lx"] for r in rijen) or 1
    tekst = "; ".join(f"{naam} {label}" for naam, _, label, _ in stappen) + "."
    return Beeld("waterval", {"rijen": rijen, "top": [{"v": top * 1.22}], "nul": [{"v": 0}]}, titel, tekst, {}, maten)


def balken(
    rijen: Sequence[Rij],
    titel: str,
    vorm: Vorm,
    *,
    referenties: Mapping[str, float] | None = None,
    eigen: Callable[[Rij], bool] = lambda _r: True,
    maten: Sequence[str] = ("breed", "smal"),
) -> Beeld | None:
    """Draw horizontal bars (`naam, v, n`, and `dekking, rijping` where they differ); not `eigen` is grey.

    On fewer than ten youths (`n`) a stub and `<10` is shown, never the share. Provisional or incomplete is hatched.
    """
    if not any(r["v"] is not None for r in rijen):
        return None
    hoogste = (
        max(float(r["v"]) for r in rijen if r["v"] is not None and not _te_klein(r))
        if any(r["v"] is not None and not _te_klein(r) for r in rijen)
        else 1.0
    )
    data: dict[str, list[Punt]] = {k: [] for k in ("rijen", "grijs", "klein", "open", "alle")}
    for n, r in enumerate(rijen):
        klein = _te_klein(r)
        if r["v"] is None and not klein:
            continue
        v = hoogste * _KLEIN_AANDEEL if klein else float(r["v"])
        punt = {"naam": r["naam"], "n": n, "v": v, "l": "<10" if klein else vorm(r["v"])}
        soort = "klein" if klein else "grijs" if not eigen(r) else "rijen" if _is_af(r) else "open"
        data[soort].append(punt)
        data["alle"].append(punt)
    data["ref"] = [p | {"v": referenties[p["naam"]]} for p in data["alle"] if referenties and p["naam"] in referenties]
    top = max([hoogste, *(r["v"] for r in data["ref"])])
    data["top"] = [{"v": top * 1.25}]
    return Beeld("balken", data, titel, "; ".join(f"{p['naam']} {p['l']}" for p in data["alle"]) + ".", {}, maten)


def _te_klein(r: Rij) -> bool:
    return r.get("n") is not None and r["n"] < KLEIN


def _is_af(r: Rij) -> bool:
    return r.get("rijping", DEFINITIEF) == DEFINITIEF and (r.get("dekking") is None or is_heel(r))


def strook(
    rijen: Sequence[Rij], anders: Sequence[Rij], titel: str, maten: Sequence[str] = ("breed", "smal")
) -> Beeld | None:
    """Draw a gemeente among the others: `naam, eigen, regio` (values), `l, regio_l` (labels), `dekking, rijping`.

    `anders`: `naam, v` of the other gemeenten as an index of the region.
    """
    goed = [r for r in rijen if r["eigen"] is not None and r["regio"]]
    if not goed:
        return None
    plek = {r["naam"]: n for n, r in enumerate(goed)}
    eigen = [
        {"naam": r["naam"], "n": plek[r["naam"]], "v": float(r["eigen"]) / float(r["regio"]) * 100, "l": r["l"]}
        for r in goed
    ]
    af = {r["naam"]: _is_af(r) for r in goed}
    data: dict[str, list[Punt]] = {
        "regio": [{"naam": r["naam"], "n": plek[r["naam"]], "v": 200, "l": f"regio {r['regio_l']}"} for r in goed],
        "midden": [{"v": 100}],
        "anders": [
            {"naam": r["naam"], "n": plek[r["naam"]], "v": float(r["v"])}
            for r in anders
            if r["naam"] in plek and r["v"] is not None
        ],
        "eigen": [p for p in eigen if af[p["naam"]]],
        "eigen_open": [p for p in eigen if not af[p["naam"]]],
    }
    tekst = "; ".join(f"{r['naam']} {r['l']}, regio {r['regio_l']}" for r in goed) + "."
    return Beeld("strook", data, titel, tekst, {}, maten)


def tijdvak(rijen: Sequence[Rij]) -> str:
    """Return what is written under a series: its years, or its months when it is too short to hold two Januaries."""
    return "jaren" if sum(r["maand"].month == 1 for r in rijen) > 1 else "maanden"
