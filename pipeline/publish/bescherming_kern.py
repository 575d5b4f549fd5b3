"""Which cells must be hidden so that no small one can be computed: suppression over sums that everybody knows.

Lives here: the method, and nothing about youth care. A *cel* is what is hidden or shown as one; a *relatie* says that
some cells add up to another one, or to something public. Add here: another way to choose or to audit. Keep out:
tables, columns and which sums there are (bescherming_reeksen.py, bescherming_tabellen.py). Pure: arrays in, arrays out.

Method (docs/bescherming.md): cells on too few youths first; then, sum by sum, the cheapest other cell until enough are
hidden and the hidden parts of a shown total rest on none or on enough youths themselves; to a fixpoint. What turns out
not to be needed for that is shown again, the dearest first. Then an audit by linear algebra: what the shown cells still
determine, for the public or for a gemeente that knows its own, gets another hidden companion, until nothing is
determined.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.linalg import splu

Getallen = NDArray[np.int64]
Vlaggen = NDArray[np.bool_]
Maten = NDArray[np.float64]

NUL = 1e-6
"""A component of a vector in the null space that is smaller than this is zero."""
_DEMPING = 1e-9
"""Makes dependent sums solvable; what it spoils is taken out by projecting again."""
_RONDEN = 1000
"""Rounds of choosing and of auditing; each hides at least one cell more, and fewer than ten are usual."""


@dataclass(frozen=True)
class Opgave:
    """What the method needs to know of `n` cells.

    `jeugdigen`: n x k, the youths behind each figure in the cell, zero for none. `relaties`: r x n, +1 for parts, -1
    for the total (a relation without total adds up to something public). `minstens`: how many cells of a relation
    must be hidden if any is. `verplicht`: hidden whatever the counts say. `prijs`: how much it hurts to hide a cell.
    `eigenaar`: who knows the cell anyway, -1 for nobody.
    `vol`: whether there is anything in it; that a cell is empty is easily known, so an empty one hides nothing.
    """

    jeugdigen: Maten
    relaties: sp.csr_matrix
    minstens: Getallen
    verplicht: Vlaggen
    prijs: Maten
    eigenaar: Getallen
    vol: Vlaggen


def is_klein(jeugdigen: Maten, drempel: float) -> Vlaggen:
    """Tell where there are youths, but fewer than the threshold."""
    uit: Vlaggen = (jeugdigen > 0) & (jeugdigen < drempel)
    return uit


def verberg(opgave: Opgave, drempel: float) -> Vlaggen:
    """Tell which cells must be hidden. What nothing more can protect stays as it is: everything around it is hidden."""
    nodig = opgave.verplicht | is_klein(opgave.jeugdigen, drempel).any(axis=1)
    dicht, per_cel = nodig.copy(), opgave.relaties.tocsc()
    for _ in range(_RONDEN):
        _sluit(opgave, dicht, drempel)
        _toon_weer(opgave, dicht, nodig, per_cel, drempel)
        gezelschap = _gezelschap(opgave, dicht, per_cel, np.flatnonzero(bepaald(opgave, dicht)))
        if not len(gezelschap):
            return dicht
        dicht[gezelschap] = nodig[gezelschap] = True
    raise AssertionError("een ronde die niets verbergt is de laatste")  # pragma: no cover


def _sluit(opgave: Opgave, dicht: Vlaggen, drempel: float) -> None:
    """Hide cells until every relation that holds hidden ones holds enough of them."""
    for _ in range(_RONDEN):
        gekozen = False
        for relatie in _te_krap(opgave, dicht, drempel):
            gekozen |= _vul_aan(opgave, dicht, relatie, drempel)
        if not gekozen:
            return


def _te_krap(opgave: Opgave, dicht: Vlaggen, drempel: float) -> Getallen:
    """Find the relations in which too little is hidden."""
    a = opgave.relaties
    aantal = abs(a) @ (dicht & opgave.vol)
    totaal_dicht = (a < 0) @ dicht > 0
    som = a.maximum(0) @ (opgave.jeugdigen * dicht[:, None])
    krap = (aantal < opgave.minstens) | (~totaal_dicht & is_klein(som, drempel).any(axis=1))
    iets_te_kiezen = abs(a) @ (~dicht & opgave.vol) > 0
    return np.flatnonzero((aantal > 0) & krap & iets_te_kiezen)


def _vul_aan(opgave: Opgave, dicht: Vlaggen, relatie: int, drempel: float) -> bool:
    """Hide the cheapest cells of one relation until it holds enough; tells whether any was hidden."""
    a = opgave.relaties
    plek = slice(a.indptr[relatie], a.indptr[relatie + 1])
    cellen, teken = a.indices[plek], a.data[plek]
    is_dicht = dicht[cellen]
    aantal, totaal = int((is_dicht & opgave.vol[cellen]).sum()), bool((is_dicht & (teken < 0)).any())
    som = opgave.jeugdigen[cellen[is_dicht & (teken > 0)]].sum(axis=0)
    gekozen = False
    keuze = np.flatnonzero(~is_dicht & opgave.vol[cellen])
    for i in keuze[np.lexsort((cellen[keuze], opgave.prijs[cellen[keuze]]))]:
        genoeg = totaal or not is_klein(som, drempel).any()
        if aantal >= opgave.minstens[relatie] and genoeg:
            break
        # a third hidden cell keeps a gemeente from computing another's; it is no reason to hide the total
        if teken[i] < 0 and aantal > 1 and genoeg:
            continue
        dicht[cellen[i]] = gekozen = True
        aantal += 1
        if teken[i] < 0:
            totaal = True
        else:
            som = som + opgave.jeugdigen[cellen[i]]
    return gekozen


def _toon_weer(opgave: Opgave, dicht: Vlaggen, nodig: Vlaggen, per_cel: sp.csc_matrix, drempel: float) -> None:
    """Show the cells again that no sum needs to be hidden, the dearest first.

    Each was needed when it was chosen; what was hidden after it can make it superfluous.
    """
    kandidaten = np.flatnonzero(dicht & ~nodig)
    for cel in kandidaten[np.lexsort((kandidaten, -opgave.prijs[kandidaten]))]:
        dicht[cel] = False
        relaties = per_cel.indices[per_cel.indptr[cel] : per_cel.indptr[cel + 1]]
        dicht[cel] = any(_is_krap(opgave, dicht, relatie, drempel) for relatie in relaties)


def _is_krap(opgave: Opgave, dicht: Vlaggen, relatie: int, drempel: float) -> bool:
    """Tell whether too little is hidden in one relation."""
    a = opgave.relaties
    plek = slice(a.indptr[relatie], a.indptr[relatie + 1])
    weg = dicht[a.indices[plek]]
    cellen, teken = a.indices[plek][weg], a.data[plek][weg]
    aantal = int(opgave.vol[cellen].sum())
    if aantal == 0 or aantal < opgave.minstens[relatie]:
        return aantal > 0
    return bool((teken > 0).all() and is_klein(opgave.jeugdigen[cellen].sum(axis=0), drempel).any())


def bepaald(opgave: Opgave, dicht: Vlaggen) -> Vlaggen:
    """Tell which hidden cells follow from the shown ones, for the public or for an owner of other cells.

    A hidden cell is free when the hidden cells can move in some way that no sum shows and that moves it: a random
    vector, projected on all such ways, then is not zero there.
    """
    uit = np.zeros(len(dicht), bool)
    hier = np.flatnonzero(dicht & opgave.vol)
    if not len(hier):
        return uit
    # side by side: one system of as many parts as there are who know something else
    wie = np.unique(np.append(opgave.eigenaar[hier], -1))
    plek, cel = np.nonzero((opgave.eigenaar[hier] != wie[:, None]) | (wie[:, None] < 0))
    nummer = np.full((len(wie), len(hier)), -1, np.int64)
    nummer[plek, cel] = np.arange(len(cel))
    a = opgave.relaties[:, hier].tocoo()
    kolom = nummer[:, a.col]
    deel, getal = np.nonzero(kolom >= 0)
    rij = deel * a.shape[0] + a.row[getal]
    _, rij = np.unique(rij, return_inverse=True)
    if not len(rij):
        return uit
    stelsel = sp.csr_matrix((a.data[getal], (rij, kolom[deel, getal])), shape=(rij.max() + 1, len(cel)))
    los_op = splu((stelsel @ stelsel.T + _DEMPING * sp.identity(stelsel.shape[0])).tocsc())
    beweging = np.random.default_rng(1).standard_normal((len(cel), 2))
    for _ in range(3):
        beweging = beweging - stelsel.T @ los_op.solve(stelsel @ beweging)
    uit[hier[cel[np.abs(beweging).max(axis=1) < NUL]]] = True
    return uit


def _gezelschap(opgave: Opgave, dicht: Vlaggen, per_cel: sp.csc_matrix, open_: Getallen) -> Getallen:
    """Choose, for each cell that can be computed, the cheapest shown cell it shares a sum with."""
    a, vrij, gekozen = opgave.relaties, ~dicht & opgave.vol, []
    for cel in open_:
        relaties = per_cel.indices[per_cel.indptr[cel] : per_cel.indptr[cel + 1]]
        buren = np.concatenate([open_[:0], *(a.indices[a.indptr[r] : a.indptr[r + 1]] for r in relaties)])
        buren = np.unique(buren[vrij[buren]])
        if len(buren):
            gekozen.append(buren[np.lexsort((buren, opgave.prijs[buren]))[0]])
            vrij[gekozen[-1]] = False
    return np.array(gekozen, np.int64)
