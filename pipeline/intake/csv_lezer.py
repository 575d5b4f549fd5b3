"""CSV in every dress of SPEC 3: encoding, separator, quoting, title rows, empty rows, total rows, crooked rows.

Lives here: byte-level and line-level work per file; the cells themselves are read by polars, as text. Keep out: what
the cells mean (waarden.py), which columns there must be (deuren.py).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from pipeline.berichten.kolom import BYTEMERK
from pipeline.intake.lezing import Grenzen, Kopscore, Onleesbaar, Tabel, keur_rijen
from pipeline.intake.tabelrijen import (
    BEVAT_TOTAALWOORD,
    KOP_MINIMUM,
    KOP_ZEKER,
    ZOEK_KOP_TOT,
    is_som,
    is_totaal,
    lijkt_som,
)
from pipeline.intake.uitpakken import zonder_merk

SCHEIDINGSTEKENS = (";", ",", "\t", "|")
_MEERREGELIG_MAX = 100
_KOPREGELS_MAX = 40
"""Lines that one header row may take: a few for each of its cells."""
_STUURTEKENS = re.compile(r"[\x00-\x08\x0e-\x1f]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_TEKSTMERK = r"""^\s*(?:="([^"]*)"|'([^']*)'?)\s*$"""
_GEEN_REGELEINDE = "\x0b\x0c\x85\u2028\u2029…"
"""What other systems end a line with: as text it is one long line. In Windows-1252 NEL is three dots."""


@dataclass
class _Regels:
    """Body of a file in lines, sorted out: numbers of data rows and everything that is none."""

    goed: list[str]
    nummers: list[int] | range
    scheef: list[int] = field(default_factory=list)
    aangevuld: list[int] = field(default_factory=list)
    titel: int = 0
    leeg: int = 0
    totaal: int = 0
    records: int = 0


def lees_csv(data: bytes, kopscore: Kopscore, grenzen: Grenzen) -> Tabel:
    """Read CSV bytes as a table of text. Raises Onleesbaar when it is no text, or over a limit.

    A file without a recognisable header row gives a Tabel with an empty `kop`: all its rows are counted, none read.
    """
    tekst = _ontcijfer(data)
    keur_rijen(tekst.count("\n"))
    regels = tekst.split("\n")
    if regels and not regels[-1]:
        regels.pop()
    if regels and max(map(len, regels)) > grenzen.rij_max_tekens:
        _keur_regeleinden(tekst, kopscore)
        raise Onleesbaar(f"Een regel in het bestand is langer dan {grenzen.rij_max_tekens} tekens.")
    plaats, teken, kop = _zoek_kop(regels, kopscore)
    if plaats < 0 or plaats == len(regels) - 1:
        _keur_regeleinden(tekst, kopscore)
    if plaats < 0:
        leeg = sum(not r.strip() for r in regels)
        scheef = tuple(i + 1 for i, r in enumerate(regels) if r.strip())
        return Tabel((), pl.DataFrame(schema={"rij": pl.UInt32}), scheef=scheef, leeg=leeg, records=len(regels))
    if len(kop) > grenzen.kolommen_max:
        raise Onleesbaar(f"Het bestand heeft meer dan {grenzen.kolommen_max} kolommen.")
    keur_rijen(len(regels), len(kop))
    als_tekst_gemerkt = '="' in tekst or "'" in tekst
    del tekst
    voor = regels[:plaats]
    leeg_voor = sum(not r.strip(teken + ' \t"') for r in voor)
    tabel = _zonder_backslash(regels, plaats, teken, kop)
    return Tabel(
        kop=tabel.kop,
        cellen=_zonder_tekstmerk(tabel.cellen) if als_tekst_gemerkt else tabel.cellen,
        scheef=tabel.scheef,
        aangevuld=tabel.aangevuld,
        titel=tabel.titel + len(voor) - leeg_voor,
        leeg=tabel.leeg + leeg_voor,
        totaal=tabel.totaal,
        records=tabel.records + plaats + 1,
    )


def _ontcijfer(data: bytes) -> str:
    """Decode UTF-8, UTF-16 with BOM, or else cp1252; one line end for all; Onleesbaar when it is no text."""
    if not data.strip():
        raise Onleesbaar("Het bestand is leeg: er staat ook geen kopregel in.")
    # a mark says nothing certain about the bytes behind it: programs put it before anything, and more than once
    data = zonder_merk(data)
    tekst = _als_utf16(data) if data.startswith(_UTF16) else _als_utf8(data)
    if "\ufeff" in tekst:
        tekst = tekst.replace("\ufeff", "")
    if merk := BYTEMERK.match(tekst):
        tekst = tekst[merk.end() :]
    if "\x00" in tekst:
        raise Onleesbaar("Het bestand bevat tekens die niet in een tekstbestand horen (NUL); sla het op als CSV UTF-8.")
    if tekst[-99:].rstrip().endswith("\x1a") and not _STUURTEKENS.search(tekst.rstrip().rstrip("\x1a")):
        raise Onleesbaar("Het bestand eindigt op een stuurteken (Ctrl-Z) van een oud programma; haal dat weg.")
    if _STUURTEKENS.search(tekst):
        raise Onleesbaar("Het bestand is geen tekst maar een ander soort bestand; sla het op als CSV UTF-8.")
    if "\r" in tekst:
        tekst = tekst.replace("\r\n", "\n").replace("\r", "\n")
    return tekst


def _als_utf16(data: bytes) -> str:
    """What Excel calls Unicode text: the byte order mark says which of the two it is."""
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError:
        raise Onleesbaar("De tekens in het bestand zijn geen geldig UTF-16; sla het op als CSV UTF-8.") from None


def _als_utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        if b"\x00" in data:
            zin = "Het bestand bevat tekens die niet in een tekstbestand horen (NUL); sla het op als CSV UTF-8."
        else:
            zin = "De tekens in het bestand zijn geen UTF-8 en geen Windows-1252."
        raise Onleesbaar(zin) from None


def _zoek_kop(regels: list[str], kopscore: Kopscore) -> tuple[int, str, tuple[str, ...]]:
    """Find the row and the separator that name most known columns; (-1, '', ()) when no row names enough.

    A header row over several lines, as cells with a line break make it, becomes one line of `regels`.
    """
    beste: tuple[int, int, str, tuple[str, ...]] = (KOP_MINIMUM - 1, -1, "", ())
    lengte = 1
    for i, regel in enumerate(regels[:ZOEK_KOP_TOT]):
        n, geheel = _met_vervolg(regels, i) if regel.count('"') % 2 else (1, regel)
        for teken in SCHEIDINGSTEKENS:
            for aantal, tekst in {1: regel, n: geheel}.items():
                if teken in tekst:
                    cellen = _splits(tekst, teken)
                    score = kopscore(cellen)
                    if score > beste[0]:
                        beste, lengte = (score, i, teken, tuple(c.strip() for c in cellen)), aantal
        if beste[0] >= KOP_ZEKER:
            break
    if lengte > 1:
        regels[beste[1] : beste[1] + lengte] = [_met_vervolg(regels, beste[1])[1]]
    return beste[1], beste[2], beste[3]


def _met_vervolg(regels: Sequence[str], i: int) -> tuple[int, str]:
    """Number of lines up to where the quotes of line `i` close, and those lines as one; itself where they do not."""
    open_ = False
    for j in range(i, min(len(regels), i + _KOPREGELS_MAX)):
        open_ = open_ != bool(regels[j].count('"') % 2)
        if not open_:
            return j - i + 1, " ".join(regels[i : j + 1])
    return 1, regels[i]


def _keur_regeleinden(tekst: str, kopscore: Kopscore) -> None:
    """Refuse a file that would be a table if its lines ended as lines do."""
    for teken in _GEEN_REGELEINDE:
        if teken in tekst and _zoek_kop(tekst.replace(teken, "\n").split("\n"), kopscore)[0] >= 0:
            raise Onleesbaar(
                "De regels in het bestand eindigen op een teken dat geen regeleinde is (zoals NEL); sla het op met "
                "gewone regeleinden."
            )


def _splits(regel: str, teken: str) -> list[str]:
    if '"' not in regel:
        return regel.split(teken)
    try:
        return next(csv.reader([regel], delimiter=teken))
    except (csv.Error, StopIteration):
        return regel.split(teken)


def _zonder_backslash(regels: list[str], plaats: int, teken: str, kop: tuple[str, ...]) -> Tabel:
    """Read the body; where quotes in cells are marked by a backslash, as databases do, take those for doubled ones."""
    tabel = _lees_lichaam(regels, plaats, teken, kop)
    if not (tabel.scheef or tabel.aangevuld) or not any('\\"' in r for r in regels):
        return tabel
    anders = _lees_lichaam([r.replace('\\"', '""') for r in regels], plaats, teken, kop)
    beter = len(anders.scheef) + len(anders.aangevuld) < len(tabel.scheef) + len(tabel.aangevuld)
    return anders if beter else tabel


def _zonder_tekstmerk(cellen: pl.DataFrame) -> pl.DataFrame:
    """Take off what programs put around a number so that a spreadsheet leaves it alone: ="0123", '0123 and '0123'."""
    kolommen = [k for k in cellen.get_columns() if k.dtype == pl.String and k.str.contains(_TEKSTMERK).any()]
    return cellen.with_columns(k.str.replace(_TEKSTMERK, "$1$2") for k in kolommen)


def _lees_lichaam(regels: list[str], plaats: int, teken: str, kop: tuple[str, ...]) -> Tabel:
    lichaam = regels[plaats + 1 :]
    aanhaling = any('"' in r for r in lichaam)
    if aanhaling:
        ontdaan = _zonder_aanhaling(lichaam, teken)
        if ontdaan is None:
            return _lees_per_record(lichaam, plaats, teken, kop, regels[plaats])
        lichaam = ontdaan
    kopregel = regels[plaats].replace('"', "") if aanhaling else regels[plaats]
    deel = _sorteer_regels(lichaam, plaats, teken, kop, kopregel)
    cellen = _lees_cellen(deel.goed, teken, len(kop)).with_columns(
        pl.Series("rij", deel.nummers, dtype=pl.UInt32)
        if isinstance(deel.nummers, list)
        else pl.int_range(deel.nummers.start, deel.nummers.stop, dtype=pl.UInt32, eager=True).alias("rij")
    )
    return Tabel(
        kop, cellen, tuple(deel.scheef), deel.titel, deel.leeg, deel.totaal, deel.records,
        aangevuld=tuple(deel.aangevuld),
    )  # fmt: skip


def _zonder_aanhaling(lichaam: list[str], teken: str) -> list[str] | None:
    """Take plain quotes off when they do nothing but surround whole cells; None when they do more than that.

    Then no cell holds a separator, a line end or a quote, so that lines are rows and cells need no unquoting.
    """
    tekst = "\n" + "\n".join(lichaam) + "\n"
    randen = tekst.count("\n" + '"') + tekst.count(teken + '"') + tekst.count('"' + teken) + tekst.count('"\n')
    if randen != tekst.count('"') or tekst.count(teken + '"' + teken) or tekst.count('\n"\n'):
        return None
    # a cell that opens with a quote and reaches a separator or the end of the line before the next one holds it; not
    # where every separator stands between quotes
    t = re.escape(teken)
    los = tekst.count(teken) != tekst.count(f'"{teken}"')
    if los and pl.Series([tekst]).str.contains(rf'[{t}\n]"[^"\n{t}]*[{t}\n]').item():
        return None
    if any(r.count('"') % 2 for r in lichaam):
        return None
    return tekst[1:-1].replace('"', "").split("\n")


def _sorteer_regels(lichaam: list[str], plaats: int, teken: str, kop: tuple[str, ...], kopregel: str) -> _Regels:
    """Sort lines that are rows: data, empty, total, repeated header, crooked. Numbers count from the first line."""
    eerste = plaats + 2
    n = len(kop) - 1
    tellingen = [r.count(teken) for r in lichaam]
    opvulling = teken + " \t\xa0"
    verdacht = {"", teken, " ", "\t", "\xa0"}
    leeg = {i for i, r in enumerate(lichaam) if r[:1] in verdacht and not r.strip(opvulling)}
    totaal = _totaalregels(lichaam, teken, len(kop), leeg)
    herhaald = {i for i, r in enumerate(lichaam) if r == kopregel} if kopregel in lichaam else set()
    anders = leeg | totaal | herhaald
    scheef = [i for i, c in enumerate(tellingen) if c != n and i not in anders]
    if scheef and _alle_staarten_leeg(lichaam, tellingen, anders, teken, n):
        lichaam = [r[:-1] if c == n + 1 else r for r, c in zip(lichaam, tellingen, strict=True)]
        scheef = []
    kort = [i for i in scheef if tellingen[i] < n and lichaam[i]]
    for i in kort:
        lichaam[i] += teken * (n - tellingen[i])
    scheef = [i for i in scheef if tellingen[i] > n]
    uit = _Regels(
        [], range(0), [i + eerste for i in scheef], [i + eerste for i in kort], len(herhaald), len(leeg), len(totaal),
        len(lichaam),
    )  # fmt: skip
    if anders or scheef:
        weg = anders.union(scheef)
        uit.nummers = [i + eerste for i in range(len(lichaam)) if i not in weg]
        uit.goed = [lichaam[i - eerste] for i in uit.nummers]
    else:
        uit.nummers = range(eerste, eerste + len(lichaam))
        uit.goed = lichaam
    return uit


def _alle_staarten_leeg(lichaam: list[str], tellingen: list[int], anders: set[int], teken: str, n: int) -> bool:
    """Tell whether every data row just ends with one separator too many: a habit of some exports, not a fault."""
    rijen = [i for i in range(len(lichaam)) if i not in anders]
    return all(tellingen[i] == n + 1 and lichaam[i].endswith(teken) for i in rijen)


def _totaalregels(lichaam: list[str], teken: str, breedte: int, leeg: set[int]) -> set[int]:
    """Rows that hold a total: a cell says so and little else is filled, or the last rows hold nothing but sums."""
    gevonden = {
        i
        for i, r in enumerate(lichaam)
        if ("ota" in r or "OTA" in r or "antal" in r or "ANTAL" in r or "om" in r or "OM" in r)
        and BEVAT_TOTAALWOORD.search(r)
        and is_totaal(r.split(teken), breedte)
    }
    laatste = next((i for i in range(len(lichaam) - 1, -1, -1) if i not in leeg and i not in gevonden), None)
    if laatste is None:
        return gevonden
    cellen = lichaam[laatste].split(teken)
    if lijkt_som(cellen, breedte) and is_som([r.split(teken) for r in lichaam[:laatste]], cellen):
        gevonden.add(laatste)
    return gevonden


def _lees_cellen(regels: Sequence[str], teken: str, breedte: int) -> pl.DataFrame:
    schema = {f"k{i}": pl.String for i in range(breedte)}
    if not regels:
        return pl.DataFrame(schema=schema)
    cellen = pl.read_csv(
        "\n".join(regels).encode(),
        has_header=False,
        separator=teken,
        quote_char=None,
        schema=schema,
        infer_schema=False,
    )
    if cellen.height != len(regels):
        rijen = [r.split(teken) for r in regels]
        return pl.DataFrame(dict(zip(schema, zip(*rijen, strict=True), strict=True)), schema=schema)
    return cellen


def _lees_per_record(lichaam: list[str], plaats: int, teken: str, kop: tuple[str, ...], kopregel: str) -> Tabel:
    """Read quoted cells that hold separators, quotes or line ends: slower, record by record."""
    rijen: list[list[str]] = []
    nummers: list[int] = []
    scheef: list[int] = []
    aangevuld: list[int] = []
    titel = leeg = totaal = 0
    records = _records(lichaam, teken, len(kop))
    kopcellen = _splits(kopregel, teken)
    for i, cellen in enumerate(records):
        nummer = plaats + 2 + i
        if not any(c.strip() for c in cellen):
            leeg += 1
        elif cellen[0].replace("\n", " ") == kopcellen[0] and [c.replace("\n", " ") for c in cellen] == kopcellen:
            titel += 1
        elif is_totaal(cellen, len(kop)):
            totaal += 1
        elif len(cellen) <= len(kop):
            if len(cellen) < len(kop):
                aangevuld.append(nummer)
                cellen += [""] * (len(kop) - len(cellen))  # noqa: PLW2901  # the row as it is read on
            rijen.append(cellen)
            nummers.append(nummer)
        else:
            scheef.append(nummer)
    if rijen and lijkt_som(rijen[-1], len(kop)) and is_som(rijen[:-1], rijen[-1]):
        rijen.pop()
        nummers.pop()
        totaal += 1
    schema = {f"k{i}": pl.String for i in range(len(kop))}
    kolommen = zip(*rijen, strict=True) if rijen else ([] for _ in schema)
    cellen_ = pl.DataFrame(dict(zip(schema, map(list, kolommen), strict=True)), schema=schema)
    cellen_ = cellen_.with_columns(pl.Series("rij", nummers, dtype=pl.UInt32))
    return Tabel(kop, cellen_, tuple(scheef), titel, leeg, totaal, len(records), aangevuld=tuple(aangevuld))


def _records(regels: Sequence[str], teken: str, breedte: int) -> list[list[str]]:
    """Split lines into records. A quoted cell may run over lines; a lone stray quote never swallows the rest."""
    uit: list[list[str]] = []
    i = 0
    while i < len(regels):
        regel = regels[i]
        if regel.count('"') % 2:
            samen, tot = _voeg_samen(regels, i, teken, breedte)
            if samen is not None:
                uit.append(samen)
                i = tot
                continue
        uit.append(_splits(regel, teken))
        i += 1
    return uit


def _voeg_samen(regels: Sequence[str], i: int, teken: str, breedte: int) -> tuple[list[str] | None, int]:
    open_ = True
    for j in range(i + 1, min(len(regels), i + _MEERREGELIG_MAX)):
        open_ = open_ != bool(regels[j].count('"') % 2)
        if not open_:
            try:
                cellen = next(csv.reader(["\n".join(regels[i : j + 1])], delimiter=teken, strict=True))
            except (csv.Error, StopIteration):
                return None, i
            # with another number of cells it is one crooked row, unless a whole row would be swallowed by it
            past = len(cellen) == breedte or not any(_is_rij(r, teken, breedte) for r in regels[i : j + 1])
            return (cellen, j + 1) if past else (None, i)
    return None, i


def _is_rij(regel: str, teken: str, breedte: int) -> bool:
    """Tell whether a line is a whole row by itself: a cell for every column, each quoted as a whole or not at all."""
    cellen = regel.split(teken)
    return len(cellen) == breedte and all('"' not in c or (len(c) > 1 and c[0] == c[-1] == '"') for c in cellen)
