"""The invented providers of the synthetic region: their codes, their names and what the region has agreed with them.

Lives here: the same list for every seed, so that ref_aanbieders.csv can be shipped with it (a test holds the two
together). Add here: another agreement. Keep out: who gets which care (bevolking.py).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.synth import parameters as p
from pipeline.synth.bevolking import AMBULANT, CRISIS, JB, LTA, MAATWERK, POOLS, VERBLIJF, VERVOER

KOLOMMEN = ("aanbieder_agb", "naam", "soort", "segment", "geldig_van", "geldig_tot", "bron")
BRON = "voorbeeldlijst: verzonnen aanbieders van de synthetische regio; de regio vervangt deze door haar eigen lijst"
SEGMENTEN = {
    AMBULANT: ("ambulant",), VERBLIJF: ("verblijf", "wonen"), JB: ("jb", "jr"), VERVOER: ("overig",),
    MAATWERK: ("overig",), LTA: ("overig",), CRISIS: ("crisis",),
}  # fmt: skip
"""Segments in which the providers of a pool work."""
PARTNERS = {AMBULANT: 3, VERBLIJF: 2, JB: 1, CRISIS: 1}
"""How many of a pool are strategic partners: its first, which are its largest."""
ZONDER_CONTRACT = 9
"""One of so many providers of a pool works without a contract, its largest never."""
CONTRACT_VAN, PARTNER_VAN = "2020-01-01", "2023-01-01"
_SOORTEN = ("Zorggroep", "Jeugdpraktijk", "Stichting", "Gezinswerk", "Kinderhuis", "Behandelcentrum")
_NAMEN = (
    "Bergeend", "Citroenvlinder", "Duinroos", "Egelskop", "Fluitenkruid", "Goudhaan", "Hermelijn", "IJsvogel",
    "Juttepeer", "Koekoeksbloem", "Lijsterbes", "Meidoorn", "Nachtegaal", "Otterspoor", "Parelgras", "Ratelpopulier",
    "Sleedoorn", "Torenvalk", "Vlierstruik", "Zonnedauw",
)  # fmt: skip


def agb_codes() -> npt.NDArray[np.str_]:
    """Return invented provider codes: eight digits, some with a zero in front."""
    rng = np.random.default_rng(120)
    voor = rng.choice(np.array([42, 73, 94, 6, 3, 22]), p.N_AANBIEDERS, p=[0.45, 0.1, 0.15, 0.15, 0.05, 0.1])
    achter = rng.choice(900_000, p.N_AANBIEDERS, replace=False) + 100_000
    return np.array([f"{v:02d}{a:06d}" for v, a in zip(voor, achter, strict=True)])


def naam(nr: int) -> str:
    """Name of a provider; nobody bears it."""
    return f"{_SOORTEN[nr % len(_SOORTEN)]} {_NAMEN[nr // len(_SOORTEN)]} (verzonnen)"


def lijst() -> list[tuple[str, ...]]:
    """Return the rows of ref_aanbieders.csv: a contract per segment, partners for all they do."""
    codes = agb_codes()
    rijen: list[tuple[str, ...]] = []
    for soort, segmenten in SEGMENTEN.items():
        begin, einde = POOLS[soort]
        for plaats, nr in enumerate(range(begin, einde)):
            wie = (str(codes[nr]), naam(nr))
            if plaats < PARTNERS.get(soort, 0):
                rijen.append((*wie, "strategisch_partner", "", PARTNER_VAN, "", BRON))
            if plaats % ZONDER_CONTRACT < ZONDER_CONTRACT - 1:
                rijen += [(*wie, "contract", segment, CONTRACT_VAN, "", BRON) for segment in segmenten]
    return rijen
