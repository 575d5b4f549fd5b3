"""Places with the providers of the synthetic region, as the regio gathers them every month (extract `capaciteit`).

Lives here: which locations there are, who lives there and what is closed, month by month, and the defects of rows. A
location has as many places as it ever needed and a few more; who lives there is who has an allocation for it, and
sometimes a youth of another region. Keep out: files and accounting (verder.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from pipeline.domain.leveringen import REGIO
from pipeline.domain.maanden import Maand
from pipeline.synth.verder import Gebrek, Rij, Wereld

SCHEMA: dict[str, pl.DataType] = {
    "aanbieder_agb": pl.String(), "locatie_code": pl.String(), "hulpvorm": pl.String(), "productcode": pl.String(),
    "peildatum": pl.Date(), "plekken": pl.Int64(), "bezet": pl.Int64(), "vrij": pl.Int64(), "reden_dicht": pl.String(),
}  # fmt: skip
SLEUTEL = ("aanbieder_agb", "locatie_code", "hulpvorm", "productcode", "peildatum")
MAX_LOCATIES = 3
REDENEN = ("personeel", "verbouwing", "incident", "afbouw", "overig")


def maak(wereld: Wereld, afspraken: Mapping[str, Sequence[Maand]], rng: np.random.Generator) -> pl.DataFrame:
    """Every sender tells of the providers that work for it: the regio of all, a gemeente of who helps its youths."""
    verblijf = _verblijf(wereld)
    delen = []
    for afzender, maanden in afspraken.items():
        eigen = verblijf if afzender == REGIO else verblijf.filter(pl.col("gemeente") == afzender)
        delen += [_van_groep(g, afzender, maanden, rng) for g in eigen.partition_by("aanbieder_agb", "hulpvorm")]
    kolommen = {**SCHEMA, "gemeente": pl.String(), "leveringsmaand": pl.Date()}
    return pl.concat(delen) if delen else pl.DataFrame(schema=kolommen)


def _verblijf(wereld: Wereld) -> pl.DataFrame:
    """All allocations with stay: whose, at which provider, of which hulpvorm, from when to when."""
    producten = {p.productcode: p for p in wereld.catalogus.producten if p.met_verblijf and p.cbs_hulpvorm}
    tabel = pl.DataFrame(
        [(c, p.cbs_hulpvorm) for c, p in sorted(producten.items())], schema=["productcode", "hulpvorm"], orient="row"
    )
    nieuwste = wereld.nieuwste_toewijzingen().join(tabel, on="productcode", maintain_order="left")
    return nieuwste.select("gemeente", "bsn", "aanbieder_agb", "hulpvorm", "productcode", "ingangsdatum", "tot").sort(
        "aanbieder_agb", "hulpvorm", "ingangsdatum", "bsn", "productcode"
    )


def _van_groep(groep: pl.DataFrame, afzender: str, maanden: Sequence[Maand], rng: np.random.Generator) -> pl.DataFrame:
    """The locations of one provider for one hulpvorm, month by month."""
    agb, hulpvorm = groep["aanbieder_agb"][0], groep["hulpvorm"][0]
    aanwezig = [_aanwezig(groep, m.laatste_dag) for m in maanden]
    n_locaties = int(min(MAX_LOCATIES, 1 + max(aanwezig, default=0) // 8))
    product = groep["productcode"].mode().sort()[0] if rng.random() < 0.5 else None
    rijen = []
    for i in range(n_locaties):
        hier = [n // n_locaties + (i < n % n_locaties) for n in aanwezig]
        plekken = max([*hier, 1]) + int(rng.integers(1, 4))
        for maand, bezet_eigen in zip(maanden, hier, strict=True):
            van_elders = int(bezet_eigen + 1 < plekken and rng.random() < 0.2)
            dicht = int(bezet_eigen + van_elders < plekken and rng.random() < 0.15)
            bezet = bezet_eigen + van_elders
            reden = REDENEN[int(rng.integers(len(REDENEN)))] if dicht else None
            rijen.append((agb, f"L{agb[-4:]}-{hulpvorm}-{i + 1}", hulpvorm, product, maand.laatste_dag, plekken, bezet,
                          plekken - bezet - dicht, reden, afzender, maand.eerste_dag))  # fmt: skip
    schema = {**SCHEMA, "gemeente": pl.String(), "leveringsmaand": pl.Date()}
    return pl.DataFrame(rijen, schema=schema, orient="row")


def _aanwezig(groep: pl.DataFrame, dag: dt.date) -> int:
    """How many youths have an allocation of the group on a day."""
    return groep.filter((pl.col("ingangsdatum") <= dag) & (pl.col("tot") >= dag))["bsn"].n_unique()


def _heel_open(r: Rij) -> bool:
    return bool(r["plekken"] == r["bezet"] + r["vrij"] and r["plekken"] > 1)


def _een_meer(r: Rij) -> Rij:
    return {"plekken": r["plekken"] + 1, "vrij": r["vrij"] + 1}


GEBREKEN = (
    Gebrek("K01", verander=lambda _: {"hulpvorm": "19"}),
    Gebrek("K02", tekst={"reden_dicht": "drukte"}, waar=lambda r: not _heel_open(r)),
    Gebrek("K03", verander=lambda r: {"plekken": 9000, "vrij": 9000 - r["bezet"]}, waar=_heel_open),
    Gebrek("K04", verander=lambda r: {"vrij": r["plekken"] + 1, "bezet": 0}, waar=_heel_open),
    Gebrek("K05", verander=lambda r: {"bezet": r["plekken"] + 1, "vrij": 0}, waar=_heel_open),
    Gebrek("K06", verander=lambda r: {"bezet": r["plekken"] - r["vrij"] + 1},
           waar=lambda r: _heel_open(r) and r["vrij"] >= 1),
    Gebrek("K07", verander=lambda r: {"vrij": r["vrij"] - 1}, waar=lambda r: _heel_open(r) and r["vrij"] >= 1),
    Gebrek("K08", verander=lambda _: {"reden_dicht": "overig"}, waar=_heel_open),
    Gebrek("K09", verander=lambda r: {"peildatum": r["peildatum"].replace(day=1) - dt.timedelta(days=1)}),
    Gebrek("K10", kopie=_een_meer),
    Gebrek("K11", verander=lambda _: {"hulpvorm": "02"}),
    Gebrek("K12", verander=lambda _: {"productcode": "43Z99"}),
    Gebrek("R05", tekst={"locatie_code": ""}),
    Gebrek("R06", tekst={"peildatum": "31-02-2025"}),
    Gebrek("R10", tekst={"aanbieder_agb": "4234567A"}),
    Gebrek("R13", kopie=lambda _: {}, alleen_kopie=True),
    Gebrek("R15", tekst={"plekken": "acht"}),
)  # fmt: skip
