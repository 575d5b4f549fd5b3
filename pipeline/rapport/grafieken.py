"""The chart grammar: every kind of drawing as an Altair chart, without its data.

A drawing is a kind (`GRAFIEKEN`), a size (`breed` beside text, `smal` on a phone and in small multiples), a few fixed
options, and named rows of data. Altair and Vega-Lite work out a kind, size and options once; the data are filled in
afterwards (tekenaar.py), because building a chart costs more than drawing it. So nothing here looks at data: what
depends on it is a column (`l` is always a label), an order (`n`) or an empty set of rows.
Add here: a kind of chart. Keep out: which figures, in what words (paginas/, zekerheid.py); drawing (tekenaar.py).
The grammar: full is definitive, dashed provisional, hollow delivered for less than 95 percent, hatched expected or too
few to show, ink what was agreed, grey what is compared with. No legends, no second axis, no rotated text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt

from pipeline.rapport.kleuren import (
    ARCERING,
    AS,
    BAND,
    DATA,
    GRIJS,
    GRIJS_LICHT,
    INKT,
    LIJN,
    OKER,
    STEEN,
    TEKST2,
    WIT,
)

LETTER = "Source Sans 3"
CONFIG: dict[str, Any] = {
    "background": None,
    "font": LETTER,
    "padding": {"left": 2, "right": 4, "top": 4, "bottom": 2},
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "ticks": False,
        "gridColor": LIJN,
        "labelColor": TEKST2,
        "labelFontSize": 12,
        "labelPadding": 6,
        "title": None,
        "labelFont": LETTER,
        "labelLimit": 260,
    },
    "axisX": {"grid": False, "domain": True, "domainColor": AS},
    "text": {"font": LETTER, "fontSize": 12, "color": TEKST2},
}
_AFGEBROKEN = [4, 3]
Grafiek = alt.LayerChart | alt.FacetChart
Laag = alt.Chart | alt.LayerChart


def _van(naam: str) -> alt.Chart:
    return alt.Chart(alt.Data(name=naam))  # type: ignore[no-untyped-call]  # altair types no Data


def _tijd(tijdvak: str, *, klein: bool = False) -> alt.Axis:
    """Years under their January; of a short series (`maanden`) the months. The table has them all."""
    if tijdvak == "maanden":
        return alt.Axis(format="%b %y", tickCount=3, labelFlush=True, labelFontSize=11, labelPadding=5)
    return alt.Axis(
        format="%y" if klein else "%Y",
        tickCount={"interval": "year", "step": 1},
        labelFlush=False,
        labelAlign="left",
        labelPadding=5,
        labelOffset=-2,
        labelFontSize=11 if klein else 12,
    )


def _halo(basis: alt.Chart, *, kleur: str, **vorm: Any) -> list[alt.Chart]:
    """Text with an edge in the colour of the paper: readable on top of a line."""
    rand = basis.mark_text(stroke=WIT, strokeWidth=4, strokeJoin="round", **vorm)
    return [rand, basis.mark_text(color=kleur, **vorm)]


def _namen(data: str, breed: bool, *, raster: bool = False) -> tuple[alt.Y, list[alt.Chart], int]:
    """Names of horizontal bars: beside them, or above them where it is narrow; rows in the order of `n`."""
    volgorde = alt.EncodingSortField("n", op="min")
    if breed:
        as_y = alt.Axis(
            labelFontSize=13, labelColor=INKT, domain=False, labelLimit=300, grid=raster, gridColor=LIJN, title=None
        )
        return alt.Y("naam:N", sort=volgorde, axis=as_y), [], 30
    y = alt.Y("naam:N", sort=volgorde, axis=alt.Axis(labels=False, domain=False, grid=raster, labelPadding=0))
    boven = _van(data).encode(y=y, text="naam:N", x=alt.value(0))
    lagen = _halo(boven, kleur=INKT, align="left", fontSize=13, dy=-22 if raster else -19, limit=280)
    return y, lagen, 56 if raster else 46


def _punten(naam: str, x: alt.X, y: alt.Y, maat: int, dik: float) -> alt.Chart:
    punt = _van(naam).mark_point(filled=True, fill=WIT, stroke=DATA, strokeWidth=dik, size=maat, opacity=1)
    gezet: alt.Chart = punt.encode(x=x, y=y)
    return gezet


def lijn(
    maat: str, *, vorm: str = ",.0f", nul: bool = False, met: Sequence[str] = (), tijdvak: str = "jaren"
) -> Grafiek:
    """Draw a series of months.

    Data: `vast` (definitive), `los` (from the last definitive point on), `open` (coverage below 95), all `maand, v`;
    `eind` (`maand, v, l`). Where `met` names them: `tweede` and `tweede_eind` (what it is compared with); `ref` (`v, l,
    maand`); `band` (`maand, v, lo, hi`) and `band_eind` (`maand, v, l`), a forecast.
    """
    breed = maat == "breed"
    x = alt.X("maand:T", axis=_tijd(tijdvak), title=None)
    schaal = alt.Scale(zero=nul, nice=True)
    y = alt.Y("v:Q", title=None, scale=schaal, axis=alt.Axis(format=vorm, tickCount=4))
    lagen: list[Laag] = []
    if "band" in met:
        band = _van("band").encode(x=x)
        lagen += [
            band.mark_area(color=BAND, line={"color": DATA, "strokeWidth": 0.7}).encode(
                y=alt.Y("lo:Q", scale=schaal, title=None), y2="hi:Q"
            ),
            band.mark_line(color=DATA, strokeWidth=1.5, strokeDash=[2, 3]).encode(y=y),
            _van("band_eind").mark_text(align="left", dx=7, color=DATA, baseline="middle").encode(x=x, y=y, text="l:N"),
        ]
    if "ref" in met:
        ref = _van("ref")
        lagen += [
            ref.mark_rule(color=GRIJS, strokeDash=[1, 3], strokeWidth=1.2).encode(y=y),
            ref.mark_text(align="right", color=GRIJS, dy=-7).encode(x="maand:T", y=y, text="l:N"),
        ]
    if "tweede" in met:
        lagen += [
            _van("tweede").mark_line(color=GRIJS, strokeWidth=1.5).encode(x=x, y=y),
            _van("tweede_eind").mark_text(align="left", dx=7, color=GRIJS).encode(x=x, y=y, text="l:N"),
        ]
    lagen += [
        _van("vast").mark_line(color=DATA, strokeWidth=2.4).encode(x=x, y=y),
        _van("los").mark_line(color=DATA, strokeWidth=2.4, strokeDash=_AFGEBROKEN).encode(x=x, y=y),
        _punten("open", x, y, 46, 1.8),
        *_halo(_van("eind").encode(x=x, y=y, text="l:N"), kleur=DATA, align="left", dx=8, fontWeight=600, fontSize=14),
    ]
    return alt.layer(*lagen).properties(width=590 if breed else 215, height=230 if breed else 170)


def vonk(_maat: str) -> Grafiek:
    """Draw the small line beside a key figure: the same signs, no axes. Data: `vast`, `los`, `dicht`, `open`."""
    x, y = alt.X("maand:T", axis=None), alt.Y("v:Q", axis=None, scale=alt.Scale(zero=False, nice=False))
    return alt.layer(
        _van("vast").mark_line(color=DATA, strokeWidth=1.8).encode(x=x, y=y),
        _van("los").mark_line(color=DATA, strokeWidth=1.8, strokeDash=[3, 2]).encode(x=x, y=y),
        _van("dicht").mark_point(filled=True, color=DATA, size=36, opacity=1).encode(x=x, y=y),
        _punten("open", x, y, 36, 1.6),
    ).properties(width=170, height=38)


def tegel(_maat: str, *, laag: float, hoog: float, vorm: str = ",.0f", tijdvak: str = "jaren") -> Grafiek:
    """Draw one of many small charts on one scale. Data: `tweede` (the region), `vast`, `los`, `open`, `eind`."""
    x = alt.X("maand:T", axis=_tijd(tijdvak, klein=True), title=None)
    schaal = alt.Scale(domain=[laag, hoog], clamp=True)
    y = alt.Y("v:Q", scale=schaal, title=None, axis=alt.Axis(tickCount=3, labelFontSize=11, format=vorm))
    return alt.layer(
        _van("tweede").mark_line(color=AS, strokeWidth=1.4).encode(x=x, y=y),
        _van("vast").mark_line(color=DATA, strokeWidth=2).encode(x=x, y=y),
        _van("los").mark_line(color=DATA, strokeWidth=2, strokeDash=[3, 2]).encode(x=x, y=y),
        _punten("open", x, y, 20, 1.4),
        _van("eind")
        .mark_text(align="left", dx=5, fontWeight=600, fontSize=13, color=DATA)
        .encode(x=x, y=y, text="l:N"),
    ).properties(width=130, height=80)


def streefpad(_maat: str, *, laag: float, hoog: float, van: int, tot: int) -> Grafiek:
    """Draw a target: index, base year = 100, one scale for all targets of a page.

    Data: `pad` and `pad_eind` (`jaar, v, l`), `grens` (`jaar, lo, hi`), `ontvangen` (`jaar, v`), `dicht` and `open`
    (`jaar, v`: the estimate), `eind` (`jaar, v, l`).
    """
    jaren = sorted({van, (van + tot) // 2, tot})
    x = alt.X(
        "jaar:Q", axis=alt.Axis(values=jaren, format="d"), scale=alt.Scale(domain=[van - 0.4, tot + 2.2]), title=None
    )
    schaal = alt.Scale(domain=[laag, hoog], clamp=True)
    y = alt.Y("v:Q", scale=schaal, title=None, axis=alt.Axis(tickCount=4, format="d", minExtent=30, maxExtent=30))
    grens = _van("grens").encode(x=x, y=alt.Y("lo:Q", scale=schaal, title=None), y2="hi:Q")
    punt = _van("dicht").mark_point(filled=True, fill=DATA, stroke=DATA, strokeWidth=2, size=70, opacity=1)
    return alt.layer(
        _van("pad").mark_line(color=INKT, strokeWidth=1.2).encode(x=x, y=y),
        _van("pad").mark_point(color=INKT, filled=True, size=10, opacity=1).encode(x=x, y=y),
        _van("pad_eind").mark_text(align="left", dx=6, fontSize=13, color=INKT).encode(x=x, y=y, text="l:N"),
        grens.mark_bar(fill=BAND, stroke=DATA, strokeWidth=0.7, size=12),
        _van("ontvangen").mark_tick(color=DATA, size=14, thickness=1.6, orient="horizontal").encode(x=x, y=y),
        _van("ontvangen").mark_text(align="left", dx=10, baseline="middle", color=TEKST2).encode(x=x, y=y, text="l:N"),
        punt.encode(x=x, y=y),
        _punten("open", x, y, 70, 2),
        *_halo(
            _van("eind").encode(x=x, y=y, text="l:N"),
            kleur=DATA,
            dx=10,
            dy=-8,
            align="left",
            fontWeight=600,
            fontSize=15,
        ),
    ).properties(width=250, height=140)


def maandkosten(maat: str, *, n: int, tijdvak: str = "jaren") -> Grafiek:
    """Draw cost per month as bars from zero, in euros.

    Data: `vol` (received: `maand, v`), `verwacht` (`maand, v, tot, lo, hi`: still to come, with its bounds), `kap`
    (`maand, v, l`: higher than the axis, cut with a gap), `niet` (`maand, v, l`: under reserve, not drawn as a level).
    Parameter `top`: the highest amount on the axis.
    """
    breed = maat == "breed"
    balk = max(2, min(14, round((600 if breed else 230) / max(n, 1) * 0.68)))
    x = alt.X("maand:T", axis=_tijd(tijdvak), title=None)
    schaal = alt.Scale(domain=[0, alt.ExprRef("top * 1.1")])
    mln = alt.Axis(labelExpr="format(datum.value/1e6, ',.2~f') + ' mln'", tickCount=4)
    y = alt.Y("v:Q", scale=schaal, axis=mln, title=None)
    nog = _van("verwacht").encode(x=x)
    kap = _van("kap").encode(x=x)
    return (
        alt.layer(
            _van("vol").mark_bar(color=DATA, size=balk).encode(x=x, y=y),
            nog.mark_bar(fill=ARCERING, stroke=DATA, strokeWidth=1, size=balk).encode(y=y, y2="tot:Q"),
            nog.mark_rule(color=INKT, strokeWidth=1).encode(y=alt.Y("lo:Q", scale=schaal, title=None), y2="hi:Q"),
            kap.mark_rect(color=WIT, width=balk + 8, height=4).encode(
                y=alt.YDatum(alt.ExprRef("top * 0.86"), type="quantitative")
            ),
            kap.mark_text(dy=-7, color=STEEN, fontWeight=600).encode(y=y, text="l:N"),
            _van("niet").mark_text(dy=-8, color=OKER, fontWeight=600, fontSize=14).encode(x=x, y=y, text="l:N"),
        )
        .add_params(alt.param(name="top", value=1))
        .properties(width=610 if breed else 235, height=230 if breed else 190)
    )


def waterval(maat: str) -> Grafiek:
    """Draw how one total became another. Data: `rijen` (`naam, n, van, tot, l, lx, kleur, rand`), `top` (`v`)."""
    breed = maat == "breed"
    y, boven, hoog = _namen("rijen", breed)
    x = alt.X("van:Q", scale=alt.Scale(zero=True, nice=False), axis=None)
    rijen = _van("rijen")
    return alt.layer(
        _van("nul").mark_rule(color=AS).encode(x=alt.X("v:Q", axis=None)),
        _van("top").mark_point(opacity=0, size=1).encode(x=alt.X("v:Q", axis=None)),  # room for the labels
        rijen.mark_bar(size=18, strokeWidth=1.5).encode(
            y=y, x=x, x2="tot:Q", fill=alt.Fill("kleur:N", scale=None), stroke=alt.Stroke("rand:N", scale=None)
        ),
        rijen.mark_text(align="left", dx=6, fontSize=13, color=INKT, fontWeight=600).encode(y=y, x="lx:Q", text="l:N"),
        *boven,
    ).properties(width=440 if breed else 275, height=alt.Step(hoog))


def balken(maat: str) -> Grafiek:
    """Draw horizontal bars from zero.

    Data: `rijen` (`naam, n, v, l`), `grijs` (the same, compared with), `klein` (hatched stub of fixed length: it does not
    tell the number), `open` (coverage below 95 or provisional: hatched with edge), `ref` (`naam, n, v`), `top` (`v`).
    """
    breed = maat == "breed"
    y, boven, hoog = _namen("alle", breed)
    x = alt.X("v:Q", axis=None, scale=alt.Scale(zero=True, nice=False))
    vormen: tuple[tuple[str, dict[str, Any]], ...] = (
        ("rijen", {"fill": DATA, "stroke": DATA}),
        ("grijs", {"fill": GRIJS_LICHT, "stroke": GRIJS}),
        ("klein", {"fill": ARCERING, "stroke": AS}),
        ("open", {"fill": ARCERING, "stroke": DATA}),
    )
    lagen: list[Laag] = [_van(d).mark_bar(size=17, strokeWidth=1, **v).encode(y=y, x=x) for d, v in vormen]
    tekst = _van("alle").mark_text(align="left", dx=6, fontSize=13, fontWeight=600, color=INKT)
    return alt.layer(
        _van("top").mark_point(opacity=0, size=1).encode(x=alt.X("v:Q", axis=None)),
        *lagen,
        tekst.encode(y=y, x=x, text="l:N"),
        _van("ref").mark_tick(color=INKT, thickness=2, size=25).encode(y=y, x=x),
        *boven,
    ).properties(width=430 if breed else 275, height=alt.Step(hoog))


def strook(maat: str) -> Grafiek:
    """Draw one gemeente among the others: index, region = 100, the same scale on every row.

    Data: `anders` (`naam, n, v`), `eigen` and `eigen_open` (`naam, n, v, l`), `regio` (`naam, n, v, l`), `alle`.
    """
    breed = maat == "breed"
    y, boven, hoog = _namen("regio", breed, raster=True)
    as_x = alt.Axis(values=[0, 50, 100, 150, 200], domain=False, labelExpr="datum.value==100 ? 'regio' : datum.value")
    x = alt.X("v:Q", scale=alt.Scale(domain=[0, 200], clamp=True), axis=as_x, title=None)
    eigen = _van("eigen").encode(y=y, x=x)
    lagen: list[Laag] = [
        _van("midden").mark_rule(color=INKT, strokeWidth=1).encode(x=x),
        _van("anders")
        .mark_point(filled=True, color=GRIJS_LICHT, stroke=GRIJS, strokeWidth=0.6, size=48, opacity=0.9)
        .encode(y=y, x=x),
        eigen.mark_point(filled=True, color=DATA, size=120, opacity=1),
        _van("eigen_open")
        .mark_point(filled=True, fill=WIT, stroke=DATA, strokeWidth=2, size=110, opacity=1)
        .encode(y=y, x=x),
        *_halo(eigen.encode(text="l:N"), kleur=DATA, dy=-13 if breed else 15, fontWeight=600, fontSize=13),
        *_halo(
            _van("eigen_open").encode(y=y, x=x, text="l:N"),
            kleur=DATA,
            dy=-13 if breed else 15,
            fontWeight=600,
            fontSize=13,
        ),
    ]
    if breed:
        rechts = _van("regio").mark_text(align="left", dx=14, color=GRIJS)
        lagen.append(rechts.encode(y=y, x=x, text="l:N"))
    return alt.layer(*lagen, *boven).properties(width=380 if breed else 270, height=alt.Step(max(hoog, 46)))


GRAFIEKEN: dict[str, Callable[..., Grafiek]] = {
    f.__name__: f for f in (lijn, vonk, tegel, streefpad, maandkosten, waterval, balken, strook)
}
"""The kinds of chart there are, by name."""
PARAMETERS = ("top",)
"""Options that differ from drawing to drawing: filled in afterwards as data are, so that a kind is worked out once."""
