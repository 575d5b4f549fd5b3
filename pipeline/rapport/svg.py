"""What a drawing of Vega becomes before it stands on a page: small, without English roles, with a Dutch name.

Lives here: the text of an SVG. Vega's own roles and labels go (they are English, and beside `role="img"` an error for a
screen reader), coordinates are rounded, and a page gives it a title and a description of its own. Keep out: what is
drawn (grafieken.py), colours in the dark (stijl.css replaces them by the values of fill and stroke).
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from pipeline.rapport.kleuren import ARCERING, DATA_LICHT, WIT

_ENGELS = re.compile(r' (?:aria-[a-z]+|role|pointer-events|class|xmlns:xlink|version|font-family)="[^"]*"')
_ATTRIBUUT = re.compile(r'="[^"]*"')
_LANG_GETAL = re.compile(r"-?\d+\.\d{2,}")
_LEEG = re.compile(r'<path d="M0,0h-?[\d.]+v0h-?[\d.]+Z"/>|<path d="M0.5,0.5h0v0h0Z"/>|<g></g>')
_MAAT = re.compile(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"')


def maak_klein(ruw: str) -> str:
    """Return the inside of Vega's SVG, with `breedte hoogte` on the line above it."""
    s = _ENGELS.sub("", ruw)
    # in attributes only: in text 1.045 is one thousand and forty-five
    s = _ATTRIBUUT.sub(lambda a: _LANG_GETAL.sub(_kort, a[0]), s)
    s = _LEEG.sub("", s)
    maat = _MAAT.search(s)
    assert maat is not None  # noqa: S101 Vega writes both
    binnen = s[s.index(">") + 1 : s.rindex("</svg>")]
    return f"{maat[1]} {maat[2]}\n{binnen}"


def _kort(m: re.Match[str]) -> str:
    x = round(float(m[0]), 1) + 0.0  # no minus zero
    return f"{x:.1f}".removesuffix(".0")


def met_naam(klein: str, merk: str, titel: str, beschrijving: str) -> Markup:
    """Return the SVG with its title and description; `merk` makes the ids in it unique on the page."""
    maat, _, binnen = klein.partition("\n")
    b, h = maat.split()
    kop = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{m}t {m}d" width="{b}" height="{h}" '
        'viewBox="0 0 {b} {h}"><title id="{m}t">{t}</title><desc id="{m}d">{d}</desc>'
    ).format(m=merk, b=b, h=h, t=titel, d=beschrijving)
    if ARCERING in binnen:
        kop += Markup(
            '<defs><pattern id="{m}a" width="5" height="5" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect width="5" height="5" fill="{wit}"/>'
            '<rect width="2" height="5" fill="{licht}"/></pattern></defs>'
        ).format(m=merk, wit=WIT, licht=DATA_LICHT)
        binnen = binnen.replace(ARCERING, f"url(#{escape(merk)}a)")
    return kop + Markup(binnen) + Markup("</svg>")  # noqa: S704 drawn by Vega, which escapes what is text
