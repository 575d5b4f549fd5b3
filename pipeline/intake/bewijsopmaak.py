"""From the numbers of one levering to its receipt.

Lives here: what is counted of a levering, what was agreed about it, and its status. Keep out: the counting and the
findings (leveringsdeur.py, deuren.py), where receipts lie (bewijzen.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline import __version__
from pipeline.domain.bevindingen import Bevinding, Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Ontvangstbewijs, Status, Telling
from pipeline.domain.seedrijen import Afspraak
from pipeline.intake.bestandsdeur import Gelezen, Melding
from pipeline.intake.uitkomst import Stuk


@dataclass
class Stand:
    """Numbers of one levering as they are counted."""

    bedrag: int = 0
    gedateerd: int = 0
    eerste: dt.date | None = None
    in_venster: int = 0
    n_tarief: int = 0
    verhouding: float | None = None
    n_fout: int = 0
    bedrag_fout: int = 0
    reparaties: dict[str, int] = field(default_factory=dict)
    inhoud_hash: str = ""
    door_controle: bool = False


def levering_id(stuk: Stuk, stand: Stand) -> str:
    """Identity under which a verdict stands: with the control totals when they decided it."""
    return stuk.controle_id if stand.door_controle and stuk.controle_id else stuk.levering_id


def afspraak_van(catalogus: Catalogus, g: Gelezen) -> Afspraak | None:
    """What was agreed with the gemeente about this bericht in this maand."""
    s = g.stuk.sleutel
    return catalogus.afspraak(s.gemeente, s.bericht, s.maand)


def eenheid_van(g: Gelezen, afspraak: Afspraak | None) -> str:
    """Money unit of a file: fixed by its kind (iJw messages are in cents), else as agreed."""
    return g.bedrag_eenheid or (afspraak.bedrag_eenheid if afspraak else "cent")


def soort_van(afspraak: Afspraak | None) -> str:
    """How a gemeente delivers: changes, or everything that stands."""
    return afspraak.soort if afspraak else "mutaties"


def maak_bewijs(
    g: Gelezen, stand: Stand, rijbevindingen: dict[str, Bevinding], catalogus: Catalogus, deurversie: str
) -> Ontvangstbewijs:
    """Put the verdict on a receipt; its counts close, or the run fails."""
    regels = catalogus.regels
    alle = {c: _bestandsbevinding(c, m, regels[c].ernst) for c, m in g.meldingen.items()} | rijbevindingen
    bevindingen = tuple(alle[c] for c in regels if c in alle)
    afspraak = afspraak_van(catalogus, g)
    s = g.stuk
    bewijs = Ontvangstbewijs(
        levering_id=levering_id(s, stand),
        sleutel=s.sleutel,
        sha256=s.sha256,
        bytes=s.n_bytes,
        bestandsnaam=s.bestandsnaam,
        ontvangen_op=s.ontvangen_op,
        verwerkt_op=s.verwerkt_op,
        status=_status(bevindingen, g.n_ontvangen),
        soort=soort_van(afspraak),
        bedrag_eenheid=eenheid_van(g, afspraak),
        rijen_in_bestand=g.rijen_in_bestand,
        niet_data=dict(g.niet_data),
        rijen=Telling(g.n_ontvangen, g.n_ontvangen - stand.n_fout, stand.n_fout),
        bedrag_cent=Telling(stand.bedrag, stand.bedrag - stand.bedrag_fout, stand.bedrag_fout),
        reparaties=stand.reparaties,
        bevindingen=bevindingen,
        deurversie=deurversie,
        codeversie=__version__,
        inhoud_hash=stand.inhoud_hash,
        controle=s.controle,
    )
    bewijs.controleer()
    return bewijs


def _bestandsbevinding(code: str, melding: Melding, ernst: Ernst) -> Bevinding:
    return Bevinding(
        code,
        ernst,
        int(melding.raakt),
        int(melding.getoetst),
        melding.kolommen if melding.raakt else (),
        (),
        melding.zin if melding.raakt else "",
    )


def _status(bevindingen: Sequence[Bevinding], ontvangen: int) -> Status:
    ernsten = {b.ernst for b in bevindingen if b.n_rijen}
    if Ernst.BLOKKEREND in ernsten:
        return Status.AFGEKEURD
    if ontvangen == 0:
        return Status.NIHIL_BEVESTIGD
    # of signals the warehouse knows what they weigh (kwaliteit.leveringsstatus); a receipt does not
    if Ernst.FOUT in ernsten:
        return Status.GEACCEPTEERD_MET_OPMERKINGEN
    return Status.GEACCEPTEERD
