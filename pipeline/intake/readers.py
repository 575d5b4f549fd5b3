"""From bytes to a table of text: what every kind of file must be turned into before the doors look at it.

Lives here: the choice of reader by kind of file. Add here: a reader, as a function from bytes to `Tabel`s, in LEZERS.
Keep out: what the columns mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pipeline.berichten.ggm import zijn_ggm
from pipeline.berichten.kolom import Contract
from pipeline.intake.lezing import (
    Berichten,
    Grenzen,
    Kopkennis,
    Kopscore,
    Onleesbaar,
    Tabel,
    kennis_van,
    keur_rijen,
    te_groot,
)
from pipeline.intake.uitpakken import herken, pak_uit

Lezer = Callable[[Sequence[bytes], Kopscore, Grenzen], list[Tabel]]
"""Reads all files of one kind that are one levering, in a fixed order; one Tabel or more."""


def _csv(bestanden: Sequence[bytes], kopscore: Kopscore, grenzen: Grenzen) -> list[Tabel]:
    from pipeline.intake.csv_lezer import lees_csv

    return _onder_elkaar(lees_csv, bestanden, kopscore, grenzen)


def _xlsx(bestanden: Sequence[bytes], kopscore: Kopscore, grenzen: Grenzen) -> list[Tabel]:
    from pipeline.intake.excel_lezer import lees_excel

    return _onder_elkaar(lees_excel, bestanden, kopscore, grenzen)


def _parquet(bestanden: Sequence[bytes], kopscore: Kopscore, grenzen: Grenzen) -> list[Tabel]:
    from pipeline.intake.parquet_lezer import lees_parquet

    return _onder_elkaar(lees_parquet, bestanden, kopscore, grenzen)


def _xml(bestanden: Sequence[bytes], kopscore: Kopscore, grenzen: Grenzen) -> list[Tabel]:
    from pipeline.intake.xml_lezer import lees_xml

    return [lees_xml(bestanden, grenzen)]


def _ggm(leden: Mapping[str, bytes], contract: Contract, grenzen: Grenzen) -> Tabel:
    from pipeline.intake.ggm_lezer import lees_ggm

    return lees_ggm(leden, contract, grenzen)


def _onder_elkaar(
    lees_een: Callable[[bytes, Kopscore, Grenzen], Tabel], bestanden: Sequence[bytes], kopscore: Kopscore, maat: Grenzen
) -> list[Tabel]:
    """Read files one by one; together they may not be larger than one may be."""
    uit: list[Tabel] = []
    for data in bestanden:
        uit.append(lees_een(data, kopscore, maat))
        keur_rijen(sum(t.records for t in uit), max(len(t.kop) for t in uit))
    return uit


LEZERS: dict[str, Lezer] = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet, "xml": _xml}
"""Kind of file, as uitpakken.herken names it, to its reader. A zip holds files of one kind."""


def lees(data: bytes, soort: str, kopscore: Kopscore, grenzen: Grenzen) -> list[Tabel]:
    """Read a file that is called `soort` (its extension without dot); what it is, its content says.

    Raises Onleesbaar with a sentence for the sender, whatever the bytes are: one bad file never stops the others.
    """
    if len(data) > grenzen.max_bytes:
        raise Onleesbaar(te_groot(grenzen))
    try:
        soort, bestanden = herken(data, soort), [data]
        if soort == "zip":
            soort, leden = pak_uit(data, grenzen)
            if soort == "parquet" and zijn_ggm(leden) and (contract := kennis_van(kopscore).contract):
                return [_ggm(leden, contract, grenzen)]
            bestanden = list(leden.values())
        return LEZERS[soort](bestanden, kopscore, grenzen)
    except (Onleesbaar, MemoryError):
        raise
    except BaseException as fout:
        # a reader in Rust that panics raises what is no Exception, under this name in each of them
        if isinstance(fout, Exception) or type(fout).__name__ == "PanicException":
            raise Onleesbaar("Het bestand is beschadigd en kan niet als tabel worden gelezen.") from None
        raise


__all__ = [
    "LEZERS",
    "Berichten",
    "Grenzen",
    "Kopkennis",
    "Kopscore",
    "Lezer",
    "Onleesbaar",
    "Tabel",
    "lees",
    "te_groot",
]
