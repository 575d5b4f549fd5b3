"""Who hears what, and by which channel: `seeds/ref_contacten.csv`.

Lives here: the typed row and its loader. An address is of a function, never of a person; a secret (an address that
lets anyone post) is never in a seed: the seed names the environment variable that holds it.
Keep out: what is said (meldingen/).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.domain.catalogus import Catalogus, SeedFout
from pipeline.domain.leveringen import Bericht

REGIO = "REGIO"
ZONDER_CONTACTEN = "beheer"
_NAAM = re.compile(r"[a-z0-9][a-z0-9-]*")
_ADRES = {
    "mail": re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+"),
    "kanaal": re.compile(r"[A-Z][A-Z0-9_]*"),
    "uitbak": re.compile(r""),
}


@dataclass(frozen=True)
class Contact:
    """One addressee with one channel.

    `gemeente`: whose leveringen it hears about, REGIO for all, and for the pipeline itself. `bericht` None: every kind.
    `tekst`: `technisch` (codes, who runs the pipeline) or `gewoon` (plain Dutch). `kanaal`: `mail` (`adres` is the mail
    address), `kanaal` (`adres` is the <NAAM> of the variable REGIOMONITOR_KANAAL_<NAAM>) or `uitbak` (only a file).
    `vanaf_niveau`: 0 hears everything at once, 1 and 2 only what stayed open that long (ref_instellingen).
    """

    contact: str
    gemeente: str
    bericht: Bericht | None
    tekst: str
    kanaal: str
    adres: str
    vanaf_niveau: int
    weeklijst: bool
    geldig_van: dt.date
    geldig_tot: dt.date | None

    def geldig_op(self, dag: dt.date) -> bool:
        """Tell whether it is an addressee on `dag`."""
        return self.geldig_van <= dag and (self.geldig_tot is None or self.geldig_tot >= dag)


def lees_contacten(catalogus: Catalogus) -> list[Contact]:
    """All addressees, in file order; SeedFout names the row that cannot be used.

    A region without the seed has one: `beheer`, whose messages only go to the outbox.
    """
    try:
        rijen = catalogus.rijen("contacten")
    except SeedFout:
        return [Contact(ZONDER_CONTACTEN, REGIO, None, "technisch", "uitbak", "", 0, True, dt.date.min, None)]
    uit = [_contact(i, r, catalogus) for i, r in enumerate(rijen, start=2)]
    namen = [c.contact for c in uit]
    if dubbel := sorted({n for n in namen if namen.count(n) > 1}):
        raise SeedFout(f"ref_contacten.csv: contact staat er meer dan eens in: {', '.join(dubbel)}")
    return uit


def _contact(nummer: int, r: dict[str, str], catalogus: Catalogus) -> Contact:
    eisen: Sequence[tuple[str, bool]] = (
        ("contact", bool(_NAAM.fullmatch(r["contact"]))),
        ("gemeente", r["gemeente"] == REGIO or r["gemeente"] in catalogus.gemeenten),
        ("bericht", r["bericht"] in ("", *Bericht)),
        ("tekst", r["tekst"] in ("technisch", "gewoon")),
        ("kanaal", r["kanaal"] in _ADRES),
        ("adres", r["kanaal"] in _ADRES and bool(_ADRES[r["kanaal"]].fullmatch(r["adres"]))),
        ("vanaf_niveau", r["vanaf_niveau"] in ("0", "1", "2")),
        ("weeklijst", r["weeklijst"] in ("ja", "nee")),
    )
    if fout := [kolom for kolom, goed in eisen if not goed]:
        raise SeedFout(f"ref_contacten.csv regel {nummer}: kan niet worden gelezen: {', '.join(fout)}")
    try:
        van, tot = (dt.date.fromisoformat(r[k]) if r[k] else None for k in ("geldig_van", "geldig_tot"))
    except ValueError:
        raise SeedFout(f"ref_contacten.csv regel {nummer}: geen datum in de vorm JJJJ-MM-DD") from None
    return Contact(
        contact=r["contact"],
        gemeente=r["gemeente"],
        bericht=Bericht(r["bericht"]) if r["bericht"] else None,
        tekst=r["tekst"],
        kanaal=r["kanaal"],
        adres=r["adres"],
        vanaf_niveau=int(r["vanaf_niveau"]),
        weeklijst=r["weeklijst"] == "ja",
        geldig_van=van or dt.date.min,
        geldig_tot=tot,
    )
