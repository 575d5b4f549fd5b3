"""kwaliteit.datakwaliteit and .voorbehouden a second time (docs/adr/0007): row by row, from files and findings.

Lives here: scores of delivered rows and the reservations that follow from findings. Keep out: whether a finding is
right (grootboek.py and deur3.py say which rows have one).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import polars as pl

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand
from tests.oracle.invoer import REGIO, D, Regio, T

Rij = dict[str, object]
Plek = tuple[str, int]
"""File and row."""
KERNVELDEN = {
    T: (
        ("geboortedatum",),
        ("productcode", "budget"),
        ("volume", "budget"),
        ("verwijzer_type",),
        ("datum_ontvangst_verzoek", "besluitdatum", "startdatum_levering"),
    ),
    D: (("geleverd_volume",), ("producttarief",), ("status",)),
}
"""Per core field the columns of which one must be filled."""
BINNEN = ("GEACCEPTEERD", "GEACCEPTEERD_MET_OPMERKINGEN", "NIHIL_BEVESTIGD")


@dataclass(frozen=True)
class Soorten:
    """Which rules of severity SIGNAAL make a row invalid, and which inconsistent."""

    geldigheid: frozenset[str]
    consistentie: frozenset[str]

    @classmethod
    def van(cls, catalogus: Catalogus) -> Soorten:
        """A value in no list; a row that contradicts itself or another. Lateness alone is neither."""
        rijen = [r for r in _regels(catalogus) if r["ernst"] == "SIGNAAL"]
        return cls(
            frozenset(r["regel_code"] for r in rijen if r["deur"] == "contract"),
            frozenset(
                r["regel_code"]
                for r in rijen
                if r["deur"] in ("regels", "bouw") and r["bericht"] != "alle" and r["marts"] != "kwaliteit.tijdigheid"
            ),
        )


def _regels(catalogus: Catalogus) -> list[dict[str, str]]:
    return [dict(r) for r in catalogus.rijen("regels")]


@dataclass
class Tellingen:
    """Counts of one gebied and month; a share of nothing is unknown."""

    verschuldigd: int = 0
    op_tijd: int = 0
    verwacht: int = 0
    binnen: int = 0
    velden: int = 0
    gevuld: int = 0
    ontvangen: int = 0
    geldig: int = 0
    geaccepteerd: int = 0
    consistent: int = 0

    def tel_op(self, ander: Tellingen) -> None:
        """Add another one to this."""
        for naam, waarde in vars(ander).items():
            setattr(self, naam, getattr(self, naam) + waarde)

    def scores(self) -> Rij:
        """The four sub-scores and the total: coverage x the average of complete, valid and consistent."""
        delen = {
            "score_tijdigheid": (self.op_tijd, self.verschuldigd),
            "score_volledigheid": (self.gevuld, self.velden),
            "score_geldigheid": (self.geldig, self.ontvangen),
            "score_consistentie": (self.consistent, self.geaccepteerd),
        }
        aandelen = {k: Fraction(n, van) if van else None for k, (n, van) in delen.items()}
        return {k: _score(a) for k, a in aandelen.items()} | {"score_totaal": self._totaal([*aandelen.values()][1:])}

    def _totaal(self, aandelen: list[Fraction | None]) -> float | None:
        if not self.binnen:
            # what never came cannot be judged; its dekking says that it is missing
            return None
        dekking = Fraction(self.binnen, self.verwacht)
        if not self.ontvangen:
            # only nils: nothing to find fault with
            return _score(dekking)
        return _score(dekking * sum((a or Fraction(0) for a in aandelen), Fraction(0)) / 3)


def _score(aandeel: Fraction | None) -> float | None:
    return None if aandeel is None else round(float(100 * aandeel), 4)


@dataclass
class Kwaliteit:
    """Everything the scores are made of: rows that stand, findings per row, and the calendar."""

    regio: Regio
    geleverd: dict[str, pl.DataFrame]
    vondsten: dict[Plek, set[str]]
    kalender: list[Rij]
    _per: dict[tuple[str, object], Tellingen] = field(default_factory=lambda: defaultdict(Tellingen))

    def tellingen(self) -> dict[tuple[str, object], Tellingen]:
        """Per (gebied, first of the month)."""
        if not self._per:
            soorten = Soorten.van(self.regio.catalogus)
            per_sleutel = {
                (sleutel[0], bericht, sleutel[1]): rijen
                for bericht, df in self.geleverd.items()
                for sleutel, rijen in df.filter(pl.col("is_geldend") & pl.col("levering_geaccepteerd"))
                .with_columns(pl.col("leveringsmaand").cast(pl.String).str.slice(0, 7))
                .group_by("gemeente", "leveringsmaand")
            }
            for k in self.kalender:
                maand = str(k["maand"])[:7]
                telling = self._levering(k, per_sleutel.get((k["gemeente"], k["bericht"], maand)), soorten)
                for gebied in (str(k["gemeente"]), REGIO):
                    self._per[gebied, k["maand"]].tel_op(telling)
        return self._per

    def _levering(self, kalender: Rij, rijen: pl.DataFrame | None, soorten: Soorten) -> Tellingen:
        # before the agreement begins nothing is owed: then there are no days late either
        is_verschuldigd = kalender["dagen_te_laat"] is not None and kalender["status"] != "VERWACHT"
        maand = Maand.van(dt.date.fromisoformat(str(kalender["maand"])[:10]))
        is_twijfel = (kalender["gemeente"], kalender["bericht"], maand) in self.regio.twijfel
        is_binnen = kalender["status"] in BINNEN and not is_twijfel
        uit = Tellingen(
            verschuldigd=is_verschuldigd,
            op_tijd=is_verschuldigd and is_binnen and kalender["dagen_te_laat"] == 0,
            verwacht=is_verschuldigd or is_binnen,
            binnen=is_binnen,
        )
        if rijen is None:
            return uit
        for r in rijen.iter_rows(named=True):
            uit.ontvangen += 1
            if r["in_quarantaine"]:
                continue
            codes = self.vondsten.get((r["bestand"], r["rij"]), set())
            velden = KERNVELDEN[str(kalender["bericht"])]
            uit.geaccepteerd += 1
            uit.velden += len(velden)
            uit.gevuld += sum(_is_gevuld(r, kolommen) for kolommen in velden)
            uit.geldig += not codes & soorten.geldigheid
            uit.consistent += not codes & soorten.consistentie
        return uit


def _is_gevuld(rij: Rij, kolommen: Iterable[str]) -> bool:
    if "producttarief" in kolommen and rij["eenheid"] == "83":
        return True  # an amount has no tariff
    return any(rij[k] is not None for k in kolommen)


def datakwaliteit(k: Kwaliteit) -> Iterator[Rij]:
    """kwaliteit.datakwaliteit for every gebied and published month."""
    tellingen = k.tellingen()
    for gebied in k.regio.gebieden:
        for maand in k.regio.maanden:
            t = tellingen.get((gebied, maand.eerste_dag), Tellingen())
            yield {
                "gebied_code": gebied,
                "maand": maand.eerste_dag,
                **t.scores(),
                "n_leveringen_verschuldigd": t.verschuldigd,
                "n_leveringen_op_tijd": t.op_tijd,
                "n_leveringen_verwacht": t.verwacht,
                "n_leveringen_binnen": t.binnen,
                "n_kernvelden": t.velden,
                "n_kernvelden_gevuld": t.gevuld,
                "n_rijen_ontvangen": t.ontvangen,
                "n_rijen_geldig": t.geldig,
                "n_rijen_geaccepteerd": t.geaccepteerd,
                "n_rijen_consistent": t.consistent,
            }


ONTBREEKT = {T: ("sturing", "kwaliteit"), D: ("sturing.indicatoren", "sturing.doelrealisatie", "kosten", "kwaliteit")}
"""What suffers from a levering that is missing."""


def voorbehouden(regio: Regio, bevindingen: Iterable[Rij], kalender: Iterable[Rij]) -> Iterator[Rij]:
    """kwaliteit.voorbehouden: "a rule that hits at least voorbehoud_aandeel of the rows it checked", or nothing came.

    `bevindingen` are the rows of kwaliteit.bevindingen: their counts are proved elsewhere.
    """
    drempel = Fraction(str(regio.catalogus.instellingen["voorbehoud_aandeel"]))
    schade = {
        r["regel_code"]: r["marts"].split("|")
        for r in _regels(regio.catalogus)
        if r["ernst"] in ("FOUT", "SIGNAAL") and r["marts"]
    }
    geraakt: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
    for b in bevindingen:
        for gebied in (b["gemeente"], REGIO):
            paar = geraakt[gebied, b["maand"], b["bericht"], b["regel_code"]]
            paar[0] += int(str(b["n_rijen"]))
            paar[1] += int(str(b["n_gecontroleerd"]))
    for k in kalender:
        if k["dagen_te_laat"] is not None and k["status"] != "VERWACHT":
            for gebied in (k["gemeente"], REGIO):
                paar = geraakt[gebied, k["maand"], k["bericht"], "ONTBREEKT"]
                paar[0] += k["status"] not in BINNEN
                paar[1] += 1
    published = {m.eerste_dag for m in regio.maanden}
    for (gebied, maand, bericht, code), (n, van) in geraakt.items():
        is_weg = code == "ONTBREEKT"
        if n and maand in published and (is_weg or n >= drempel * van):
            for tabel in ONTBREEKT[str(bericht)] if is_weg else schade.get(str(code), ()):
                yield {
                    "gebied_code": gebied,
                    "maand": maand,
                    "bericht": bericht,
                    "regel_code": code,
                    "tabel": tabel,
                    "geteld_in": "leveringen" if is_weg else "rijen",
                    "n_geraakt": n,
                    "n_gecontroleerd": van,
                    "aandeel": n / van if van else None,
                }
