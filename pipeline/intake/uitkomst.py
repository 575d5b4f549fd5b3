"""What the intake hands back: plain values without heavy imports, so that commands that only look start at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.domain.leveringen import Ontvangstbewijs, Sleutel
from pipeline.domain.terugmelding import Terugblik

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Overgeslagen:
    """A file that was left where it is, without a receipt; `reden` is one Dutch sentence.

    `bestand`: its name as it may be shown. `is_fout`: our own mistake, so that the run was not whole (exit 1).
    """

    bestand: str
    reden: str
    is_fout: bool = False


@dataclass(frozen=True)
class Inname:
    """What one run of the intake did: new receipts, offers that were known, files left alone, verdicts given anew."""

    nieuw: tuple[Ontvangstbewijs, ...] = ()
    ongewijzigd: int = 0
    overgeslagen: tuple[Overgeslagen, ...] = ()
    herbeoordeeld: tuple[Ontvangstbewijs, ...] = ()

    @property
    def fouten(self) -> tuple[Overgeslagen, ...]:
        """Files on which we went wrong: the run did the others, and is not a success."""
        return tuple(o for o in self.overgeslagen if o.is_fout)


@dataclass(frozen=True)
class Rijbevinding:
    """Where one row rule fired: rows as the sender sees them, and columns."""

    regel_code: str
    rijen: tuple[int, ...]
    kolommen: tuple[str, ...]


@dataclass(frozen=True)
class Oordeel:
    """The verdict on one file, with where each row rule fired, and what its rows have to say to the sender."""

    bewijs: Ontvangstbewijs
    rijbevindingen: tuple[Rijbevinding, ...] = ()
    terugblik: Terugblik = field(default_factory=Terugblik)


@dataclass(frozen=True)
class Stuk:
    """One content to be judged: its key, where it came from, its bytes.

    `sha256`: its keyed hash. `bestandsnaam` as it goes on the receipt (landing.canonieke_naam). `extensie` in lower
    case without dot. `te_groot`: over the size limit, `data` is then empty. `zij_map`: the folder of another gemeente
    in which it lay, empty when it lay well.
    `controle_id`: its identity when the control totals that came with it decide the verdict (they differ from the
    content, or confirm that there is nothing); the same bytes without them are another offer.
    """

    sleutel: Sleutel
    levering_id: str
    sha256: str
    n_bytes: int
    bestandsnaam: str
    extensie: str
    ontvangen_op: dt.datetime
    verwerkt_op: dt.datetime
    data: bytes = field(repr=False, default=b"")
    te_groot: bool = False
    zij_map: str = ""
    controle: dict[str, Any] | None = None
    controle_id: str = ""


@dataclass(frozen=True)
class Uitspraak:
    """A verdict with the rows that belong to it; frames are None where there is nothing to keep."""

    bewijs: Ontvangstbewijs
    geldig: pl.DataFrame | None = None
    quarantaine: pl.DataFrame | None = None
    rijbevindingen: tuple[Rijbevinding, ...] = ()
