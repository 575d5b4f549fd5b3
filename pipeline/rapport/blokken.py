"""What a page is made of, as data: a page is sections, a section is blocks, a block is a question and its answer.

`Blok` is the question: a query on the edition's own file, a rule for the headline, a chart, the columns of its table, a
line that says how sure it is, a caveat. Put to a place (`Plek`: which edition, gebied, segment, provider) it becomes a
`Figuur`, which is what a template shows. The other kinds of content (targets, key figures, matrices, lists) are given
as what they show. Lives here: those kinds. Add here: a kind of content, with its macro in sjablonen/macros.j2.
Keep out: which questions are asked (paginas/), words (koppen.py, zekerheid.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from typing import Any

from markupsafe import Markup, escape

from pipeline.rapport.bron import REGIO, Bron, Editie, Rijen
from pipeline.rapport.taal import Vorm, bedrag, euro, geleverd, getal, procent, tekst
from pipeline.rapport.tekenaar import Opdracht

TEKENKORT = {"onvolledig": "onvolledig", "<10": "<10", "te_klein": "te klein"}
TEKENUITLEG = {
    "onvolledig": "nog niet compleet en definitief geleverd, of te veel onder voorbehoud",
    "<10": "minder dan tien",
    "te_klein": "over te weinig jeugdigen of aanbieders om te tonen",
}
"""What `teken` of a public figure says in a cell, and in full."""


@dataclass(frozen=True)
class Plek:
    """Where a question is put: the file of an edition, and what in it."""

    bron: Bron
    editie: Editie
    regio: str
    gebied: str = REGIO
    segment: str = "totaal"
    aanbieder: str = ""
    indicator: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    maten: Sequence[str] = ("breed", "smal")
    """In which sizes large charts are drawn here."""

    @property
    def waarden(self) -> dict[str, Any]:
        """What a query may name with a dollar sign."""
        return {
            "gebied": self.gebied,
            "segment": self.segment,
            "aanbieder": self.aanbieder,
            "indicator": self.indicator,
            "laatste": self.bron.laatste_maand,
            **self.extra,
        }

    @property
    def gebied_naam(self) -> str:
        """Name of the gebied: of a gemeente, or of the region."""
        return f"regio {self.regio}" if self.gebied == REGIO else self.bron.naam(self.gebied)

    def met(self, **velden: Any) -> Plek:
        """Return another place in the same file."""
        return replace(self, **velden)

    def vraag(self, sql: str) -> Rijen:
        """Put a query here."""
        return self.bron.vraag(sql, self.waarden)


@dataclass(frozen=True)
class Kolom:
    """A column of a table: which field, its heading, how its values are written, and the field that marks a cell."""

    veld: str
    kop: str
    vorm: Vorm = tekst
    teken: str = ""
    """Field with the `teken` of a public figure: why a value is not shown."""
    rechts: bool = False
    """A number that was written before; numbers stand right anyway."""

    @property
    def klasse(self) -> str:
        """The class of its cells: numbers stand right."""
        vorm = self.vorm.func if isinstance(self.vorm, partial) else self.vorm
        return "n" if self.rechts or self.teken or vorm in (getal, euro, bedrag, procent, geleverd) else ""


@dataclass(frozen=True)
class Tabel:
    """Rows under headings; the first column names the row."""

    titel: str
    kolommen: Sequence[Kolom]
    rijen: Rijen
    bron: str = ""
    """The mart it was read from."""
    verwijs: Callable[[Mapping[str, Any]], str] | None = None
    """The page of a row, from the root of the edition."""
    nadruk: Callable[[Mapping[str, Any]], bool] | None = None

    def lijf(self, wortel: str) -> Markup:
        """Return the rows as HTML, every text escaped; `wortel` leads to the root of the edition.

        Here and not in a template: nine in ten words of the pages are cells, and this is three times as quick.
        """
        klassen = [f' class="{k.klasse}"' if k.klasse else "" for k in self.kolommen]
        uit: list[str] = []
        for r in self.rijen:
            pad = self.verwijs(r) if self.verwijs else ""
            eerste = _veilig(self.kolommen[0].vorm(r[self.kolommen[0].veld]))
            uit.append('<tr class="nadruk">' if self.nadruk and self.nadruk(r) else "<tr>")
            uit.append(
                f'<th scope="row"><a href="{_veilig(wortel + pad)}">{eerste}</a></th>'
                if pad
                else f'<th scope="row">{eerste}</th>'
            )
            for k, klasse in zip(self.kolommen[1:], klassen[1:], strict=True):
                if k.teken and (waarom := r[k.teken]):
                    uit.append(_niet_getoond(waarom))
                else:
                    uit.append(f"<td{klasse}>{_veilig(k.vorm(r[k.veld]))}</td>")
            uit.append("</tr>")
        return Markup("".join(uit))  # noqa: S704 every value went through _veilig


@lru_cache(maxsize=1 << 16)
def _veilig(tekst_: str) -> str:
    return str(escape(tekst_))


@cache
def _niet_getoond(waarom: str) -> str:
    klasse = "n klein" if waarom == "<10" else "n weg"
    return f'<td class="{klasse}"><abbr title="{_veilig(TEKENUITLEG[waarom])}">{_veilig(TEKENKORT[waarom])}</abbr></td>'


@dataclass(frozen=True)
class Beeld:
    """A chart: its drawing in the sizes it is needed in, its name, and what it says in words and numbers."""

    soort: str
    data: Mapping[str, Sequence[Mapping[str, Any]]]
    titel: str
    beschrijving: str
    vast: Mapping[str, Any] = field(default_factory=dict)
    maten: Sequence[str] = ("breed", "smal")

    def opdrachten(self) -> dict[str, Opdracht]:
        """Return the drawing in each of its sizes."""
        return {m: Opdracht(self.soort, m, self.vast, self.data) for m in self.maten}


@dataclass(frozen=True)
class Duiding:
    """What somebody says about a figure, and how the figure stood then."""

    bij: str
    tekst: Markup
    wie: str
    wanneer: str
    publicatie: str
    gewijzigd: str = ""
    """Empty, or that the figure moved since: then against now."""


Geeft = Callable[[Rijen, Plek], str]


@dataclass(frozen=True)
class Blok:
    """A question and how it is answered."""

    id: str
    vraag: str
    """What is measured, small under the headline; `{waar}`, `{van}`, `{naam}` and `{segment}` are filled in."""
    sql: str
    bron: str
    kop: Geeft
    kolommen: Sequence[Kolom]
    zeker: Geeft
    beeld: Callable[[Rijen, Plek], Beeld | None] = lambda _r, _p: None
    letop: Geeft = lambda _r, _p: ""
    definitie: str = ""
    """The indicator that says what counts."""
    tabelvolgorde: int = -1
    """-1: the newest row first."""


@dataclass(frozen=True)
class Figuur:
    """An answered block: headline, what is measured, chart, how sure, caveat, table, source, interpretation."""

    id: str
    kop: str
    onderkop: str
    beeld: Beeld | None
    zeker: str
    letop: str
    tabel: Tabel
    definitie: str = ""
    duidingen: Sequence[Duiding] = ()
    soort: str = "figuur"
    open: bool = False
    """The table is shown, not folded away: there is no chart."""


@dataclass(frozen=True)
class Teken:
    """A verdict: sign, shape and word. `twijfel`: on course, but a known defect stands beside it."""

    status: str
    woord: str
    twijfel: bool = False


@dataclass(frozen=True)
class Doel:
    """A target with its verdict, what it says, how sure that is, and its path."""

    id: str
    naam: str
    kort: str
    teken: Teken
    zin: Sequence[str]
    zeker: str
    letop: str
    tabel: Tabel
    beeld: Beeld | None
    verwijs: str = ""


@dataclass(frozen=True)
class Doelen:
    """All targets of a gebied."""

    doelen: Sequence[Doel]
    intro: str
    soort: str = "doelen"


@dataclass(frozen=True)
class Kern:
    """A key figure: the last one that is complete and definitive, and its course since."""

    naam: str
    waarde: str
    eenheid: str
    zin: str
    verwijs: str
    beeld: Beeld | None
    tabel: Tabel


@dataclass(frozen=True)
class Kernen:
    """The key figures of a gebied."""

    kernen: Sequence[Kern]
    met_lijn: bool = True
    soort: str = "kernen"


@dataclass(frozen=True)
class Cel:
    """A cell of a matrix: the class that colours it, its sign, and what it says."""

    klasse: str
    teken: str
    woord: str


@dataclass(frozen=True)
class Matrix:
    """A table of signs, one row per gemeente or bericht, one column per month; `oud` columns go on a phone."""

    titel: str
    eerste: str
    koppen: Sequence[Mapping[str, Any]]
    rijen: Sequence[tuple[str, str, Sequence[Cel]]]
    """Name, page (or empty), cells."""
    kop: str = ""
    onderkop: str = ""
    uitleg: bool = True
    klasse: str = ""
    bron: str = ""
    met_tijd: bool = True
    """Whether it says if something came in time."""
    soort: str = "matrix"


@dataclass(frozen=True)
class Tegel:
    """One of many small charts."""

    naam: str
    verwijs: str
    beeld: Beeld


@dataclass(frozen=True)
class Tegels:
    """Small charts on one scale, with one table."""

    kop: str
    onderkop: str
    tegels: Sequence[Tegel]
    zeker: str
    tabel: Tabel
    soort: str = "tegels"


@dataclass(frozen=True)
class Tabelblok:
    """A table that is the content itself."""

    kop: str
    onderkop: str
    tabel: Tabel
    zeker: str = ""
    letop: str = ""
    leeg: str = ""
    """What is said when there are no rows."""
    soort: str = "tabelblok"


@dataclass(frozen=True)
class Punten:
    """Caveats, or facts to know: a bold beginning and a sentence, with a page to read on."""

    punten: Sequence[tuple[str, str, str]]
    """Heading, sentence, page (or empty)."""
    leeg: str = ""
    soort: str = "punten"


@dataclass(frozen=True)
class Bakken:
    """Counts beside each other with what is in them: findings that are new, that stayed, that were solved."""

    bakken: Sequence[tuple[str, int, str, Sequence[str]]]
    """Name, count, sentence, the heaviest."""
    soort: str = "bakken"


@dataclass(frozen=True)
class Gezegd:
    """Interpretations of figures that have no place of their own on a page."""

    duidingen: Sequence[Duiding]
    soort: str = "gezegd"


@dataclass(frozen=True)
class Feiten:
    """Words and what they mean."""

    feiten: Sequence[tuple[str, str]]
    soort: str = "feiten"


@dataclass(frozen=True)
class Breuk:
    """The fraction behind an indicator, with real numbers."""

    teller: str
    teller_naam: str
    noemer: str
    noemer_naam: str
    uitkomst: str
    soort: str = "breuk"


@dataclass(frozen=True)
class Verwijzingen:
    """Pages to go to, each with a few words; or files to download."""

    verwijzingen: Sequence[tuple[str, str, str]]
    """Words, address from the root of the edition, explanation."""
    is_bestand: bool = False
    soort: str = "verwijzingen"


@dataclass(frozen=True)
class Zoekvraag:
    """The query behind a figure, for who wants to repeat it."""

    sql: str
    soort: str = "zoekvraag"


Inhoud = (
    Figuur
    | Doelen
    | Kernen
    | Matrix
    | Tegels
    | Tabelblok
    | Punten
    | Bakken
    | Gezegd
    | Feiten
    | Breuk
    | Verwijzingen
    | Zoekvraag
)


@dataclass(frozen=True)
class Sectie:
    """A heading and what stands under it."""

    id: str
    naam: str
    inhoud: Sequence[Inhoud]
    intro: str = ""

    @property
    def is_paar(self) -> bool:
        """Whether all of it is small enough to stand in two columns."""
        return len(self.inhoud) > 1 and all(_is_smal(x) for x in self.inhoud)


def _is_smal(x: Inhoud) -> bool:
    if isinstance(x, Figuur):
        return not x.duidingen and x.beeld is not None and len(x.beeld.maten) == 1
    return isinstance(x, Matrix)


@dataclass(frozen=True)
class Pagina:
    """A page: where it stands in its edition, what it answers at once, and its sections."""

    pad: str
    titel: str
    kicker: str
    kop: str
    lead: str
    secties: Sequence[Sectie]
    hier: str
    """Which item of the menu it is under."""
    tekens: Sequence[tuple[str, str, Teken]] = ()
    """Beside the answer: short name, anchor, verdict."""
    is_afdruk: bool = False
    """Made to be printed: a report or a pack; `--pdf` makes a file of it."""
    met_inhoud: bool = False
    """Show a list of its sections under the answer."""
    mag: str = ""
    """Whom this page is for, where that is not whom the edition is for."""


def beantwoord(blok: Blok, plek: Plek, duidingen: Sequence[Duiding] = ()) -> Figuur:
    """Put a question to a place."""
    from pipeline.rapport.segmenten import vul

    rijen = plek.vraag(blok.sql)
    kop, onderkop = blok.kop(rijen, plek), vul(blok.vraag, plek)
    beeld = blok.beeld(rijen, plek) if rijen else None
    return Figuur(
        id=blok.id,
        kop=kop,
        onderkop=onderkop,
        beeld=beeld,
        zeker=blok.zeker(rijen, plek),
        letop=blok.letop(rijen, plek),
        tabel=Tabel(kop, blok.kolommen, rijen[:: blok.tabelvolgorde], blok.bron),
        definitie=blok.definitie if blok.definitie in plek.bron.indicatoren else "",
        duidingen=duidingen,
        open=beeld is None,
    )
