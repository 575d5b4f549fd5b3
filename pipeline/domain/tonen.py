"""The one gate for text that others wrote (names of files and folders) on its way to a screen, a log or a page.

Lives here: what of such a text may be shown. Our own sentences and the seeds need no gate. Keep out: deciding what is
said.
"""

from __future__ import annotations

import re
import unicodedata

MAX_TEKENS = 120
_LANGE_REEKS = re.compile(r"\d(?:(?:[^\w/]|_)?\d){7,}")
_EIGEN_DEEL = re.compile(r"((?<=[A-Za-z]_)(?:(?:GM)?\d{4}|REGIO)_\d{4}-\d\d(?!\d))")
"""gemeente and maand of a name as we ask for it: ten digits that say nothing of a person."""
_GEWOON = frozenset(" ._-/+,()=&")


def toonbaar(tekst: str) -> str:
    r"""Return `tekst` as it may be shown anywhere: no control characters, no markup, no long runs of digits.

    What is no letter, digit or plain sign becomes `?`: escape sequences, newlines, bytes that are no text, brackets of
    rich and of HTML. Eight or more digits, also with a sign between them, become `#`: they could be a person.

    >>> toonbaar("declaraties_GM0141_2025-03_[/bold]\x1b[31m_123456782.csv")
    'declaraties_GM0141_2025-03_?/bold???31m_#########.csv'
    """
    # each character by itself: signs that belong to the one before (accents loose, direction, joiners) are not plain
    schoon = "".join(c if _is_gewoon(c) else "?" for c in unicodedata.normalize("NFC", tekst))
    # split around what is ours: every second piece
    delen = [d if i % 2 else _LANGE_REEKS.sub(_masker, d) for i, d in enumerate(_EIGEN_DEEL.split(schoon))]
    gemaskeerd = "".join(delen)
    return gemaskeerd if len(gemaskeerd) <= MAX_TEKENS else gemaskeerd[: MAX_TEKENS - 3] + "..."


def _is_gewoon(teken: str) -> bool:
    return teken in _GEWOON or unicodedata.category(teken)[0] in "LN"


def _masker(gevonden: re.Match[str]) -> str:
    return re.sub(r"\d", "#", gevonden[0])
