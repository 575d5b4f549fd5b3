"""Taking in: what in landing/ is new, and in which order it is read.

Lives here: what is offered, what waits, what is left alone and why. Keep out: whether a content is known (stukken.py),
judging and writing (verwerken.py), judging anew (herbeoordelen.py), checking one file (controleren.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import lokale_dag
from pipeline.domain.leveringen import Ontvangstbewijs, Status
from pipeline.domain.maanden import Maand
from pipeline.intake import archief
from pipeline.intake.bewijzen import GEZUIVERD, lees_bewijzen, schrijf_bewijs
from pipeline.intake.bijwerken import werk_bij
from pipeline.intake.herbeoordelen import herbeoordeel
from pipeline.intake.landing import Aanbod, Inhoud, NietStabiel, lees_stabiel, overgeslagen, verken
from pipeline.intake.schrijven import ruim_klad_op
from pipeline.intake.stukken import Bekend, maak_stuk
from pipeline.intake.uitkomst import Inname, Overgeslagen, Stuk
from pipeline.intake.verwerken import (
    Voortgang,
    eis_van_bestand,
    maak_deur,
    mislukt_door,
    partijen_van,
    stil,
    verwerk,
    volgorde,
)
from pipeline.settings import Huis, Settings

if TYPE_CHECKING:
    from pipeline.intake.deuren import Deur

_TE_VROEG = "Deze maand is nog niet begonnen; het bestand wordt ingenomen zodra dat zo is."
GETOOND_PER_MAP = 50
"""Files left alone that are named one by one, per folder; the rest is a number."""


def neem_in(
    settings: Settings,
    catalogus: Catalogus,
    *,
    nu: dt.datetime,
    maanden: Sequence[Maand] | None = None,
    voortgang: Voortgang | None = None,
) -> Inname:
    """Take in everything new in landing/; see pipeline.intake.neem_in."""
    meld = voortgang or stil
    sleutel = settings.eis_sleutel()
    settings.huis.maak()
    ruim_klad_op(settings.huis)
    werk_bij(settings)
    aanbod, over = _aanbod(settings.huis, nu, maanden)
    eerder = lees_bewijzen(settings.huis)
    herbeoordeeld = herbeoordeel(settings, catalogus, eerder, alles=False, meld=stil, over=over)
    bekend = Bekend({b.levering_id: b for b in (*eerder, *herbeoordeeld)}, over=over)
    deur: Deur | None = None
    te_doen = _vroegste_eerst(aanbod)
    while te_doen:
        for partij in partijen_van(_nieuwe_stukken(settings, catalogus, te_doen, bekend, nu, meld)):
            deur = deur or maak_deur(settings, catalogus, sleutel)
            for bewijs in verwerk(settings.huis, deur, partij, over):
                bekend.nieuw[bewijs.levering_id] = bekend.bewijzen[bewijs.levering_id] = bewijs
        te_doen = bekend.neem_uitgesteld()
    ruim_klad_op(settings.huis)
    return Inname(
        nieuw=tuple(sorted(bekend.nieuw.values(), key=volgorde)),
        ongewijzigd=bekend.ongewijzigd,
        overgeslagen=_ingekort([*over, *_te_veel(bekend, catalogus)]),
        herbeoordeeld=herbeoordeeld,
    )


def _aanbod(huis: Huis, nu: dt.datetime, maanden: Sequence[Maand] | None) -> tuple[list[Aanbod], list[Overgeslagen]]:
    """List what may be taken in now. A maand that has not begun waits: it would stretch every figure of the region."""
    aanbod, over = verken(huis)
    if maanden is not None:
        aanbod = [a for a in aanbod if a.sleutel.maand in maanden]
    laatste = Maand.van(lokale_dag(nu))
    over += [overgeslagen(huis, a.pad, _TE_VROEG) for a in aanbod if a.sleutel.maand > laatste]
    return [a for a in aanbod if a.sleutel.maand <= laatste], over


def _te_veel(bekend: Bekend, catalogus: Catalogus) -> list[Overgeslagen]:
    hoogstens = int(catalogus.getal("landing_max_nieuw"))
    zin = f"Meer dan {hoogstens} nieuwe bestanden in een keer; de volgende run neemt er weer zo veel."
    return [Overgeslagen(f"{map_}/ ({n} bestanden)", zin) for map_, n in sorted(bekend.te_veel.items())]


def _ingekort(over: Sequence[Overgeslagen]) -> tuple[Overgeslagen, ...]:
    """Name so many per folder, our own mistakes first, and count the rest."""
    per_map: dict[str, list[Overgeslagen]] = {}
    for o in sorted(over, key=lambda o: not o.is_fout):
        per_map.setdefault(o.bestand.partition("/")[0], []).append(o)
    uit: list[Overgeslagen] = []
    for map_, eigen in sorted(per_map.items()):
        uit += eigen[:GETOOND_PER_MAP]
        if rest := eigen[GETOOND_PER_MAP:]:
            zin = "Ook deze zijn overgeslagen; ruim de map op."
            uit.append(Overgeslagen(f"{map_}/ (nog {len(rest)} bestanden)", zin, any(o.is_fout for o in rest)))
    return tuple(uit)


def _nieuwe_stukken(
    settings: Settings,
    catalogus: Catalogus,
    aanbod: Sequence[Aanbod],
    bekend: Bekend,
    nu: dt.datetime,
    meld: Voortgang,
) -> Iterator[Stuk]:
    """Read every offered file and pass on what is new; of known bytes only an earlier moment of arrival is noted.

    Equal bytes in one run wait for the verdict on the first of them.
    """
    from pipeline.intake.bestandsdeur import grenzen

    huis, inhoudsleutel = settings.huis, settings.inhoudsleutel
    max_bytes = grenzen(catalogus).max_bytes
    hoogstens = int(catalogus.getal("landing_max_nieuw"))
    for i, a in enumerate(aanbod):
        meld(i, len(aanbod), f"{a.sleutel}")
        map_ = a.zij_map or a.sleutel.gemeente
        try:
            inhoud = lees_stabiel(a.pad, max_bytes, basis=huis.landing)
            stuk = maak_stuk(a, inhoud, nu, inhoudsleutel, huis.landing)
        except NietStabiel as fout:
            bekend.over.append(overgeslagen(huis, a.pad, fout.reden))
            continue
        except Exception as fout:
            eis_van_bestand(fout)
            bekend.over.append(overgeslagen(huis, a.pad, mislukt_door(fout), is_fout=True))
            continue
        if (oud := bekend.zelfde(stuk)) and not _was_te_groot(huis, oud, inhoud):
            _bekend_aanbod(huis, bekend, oud, stuk)
        elif bekend.per_map[map_] >= hoogstens:
            bekend.te_veel[map_] += 1
        elif stuk.levering_id in bekend.onderweg:
            bekend.uitgesteld.append(a)
        else:
            bekend.onderweg.add(stuk.levering_id)
            bekend.per_map[map_] += 1
            yield stuk
    meld(len(aanbod), len(aanbod), "")


def _was_te_groot(huis: Huis, oud: Ontvangstbewijs, inhoud: Inhoud) -> bool:
    """Tell whether a content that was only hashed when it came can be read now, because the limit was raised."""
    nooit_gelezen = oud.status is Status.AFGEKEURD and not oud.rijen_in_bestand and GEZUIVERD not in oud.deurversie
    return nooit_gelezen and not inhoud.te_groot and not archief.archiefpad(huis, oud.sha256).exists()


def _vroegste_eerst(aanbod: Sequence[Aanbod]) -> list[Aanbod]:
    """Order by time of change, so that of equal files in one run the earliest is the first to be seen."""

    def moment(a: Aanbod) -> tuple[int, str]:
        try:
            return a.pad.stat(follow_symlinks=False).st_mtime_ns, a.pad.as_posix()
        except OSError:
            return 0, a.pad.as_posix()

    return sorted(aanbod, key=moment)


def _bekend_aanbod(huis: Huis, bekend: Bekend, oud: Ontvangstbewijs, stuk: Stuk) -> None:
    """Count an offer of what is known, and note its moment when that is the earliest so far."""
    bekend.ongewijzigd += 1
    if stuk.ontvangen_op >= oud.ontvangen_op:
        return
    aanbod = replace(
        oud,
        status=Status.ONGEWIJZIGD,
        ontvangen_op=stuk.ontvangen_op,
        verwerkt_op=stuk.verwerkt_op,
        bestandsnaam=stuk.bestandsnaam,
        bevindingen=(),
        reparaties={},
    )
    schrijf_bewijs(huis, aanbod)
    bekend.bewijzen[oud.levering_id] = oud.eerder_aangeboden(stuk.ontvangen_op)
