"""Who hears what, and by which channel: `seeds/ref_contacten.csv`.

Lives here: the typed row and its loader. An address is of a function, never of a person; a secret (an address that
lets anyone post) is never in a seed: the seed names the environment variable that holds it.
Keep out: what is said (meldingen/).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from pipeline.domain import seedbestand as cel
from pipeline.domain.catalogus import Catalogus, SeedFout
from pipeline.domain.leveringen import REGIO, Bericht

ZONDER_CONTACTEN = "beheer"
_NAAM = re.compile(r"[a-z0-9][a-z0-9-]*")
_ADRES = {
    "mail": re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+"),
    "kanaal": re.compile(r"[A-Z][A-Z0-9_]*"),
    "uitbak": re.compile(r""),
}
_HOE = {
    "mail": "schrijf een mailadres",
    "kanaal": "schrijf de <NAAM> van de instelling REGIOMONITOR_KANAAL_<NAAM>, in hoofdletters",
    "uitbak": "laat het leeg bij kanaal uitbak",
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
    pad = catalogus.pad("contacten")
    if not pad.exists():
        return [Contact(ZONDER_CONTACTEN, REGIO, None, "technisch", "uitbak", "", 0, True, dt.date.min, None)]
    uit = cel.alle(pad, contact)
    namen = [c.contact for c in uit]
    if dubbel := sorted({n for n in namen if namen.count(n) > 1}):
        raise SeedFout(
            f"ref_contacten.csv: contact staat er meer dan eens in: {', '.join(dubbel)}; geef elk een eigen naam."
        )
    for nummer, r in cel.lees(pad):
        if r["gemeente"] not in (REGIO, *catalogus.gemeenten):
            raise SeedFout(
                f"ref_contacten.csv regel {nummer}: gemeente is {r['gemeente']!r}; kies een code uit "
                f"ref_gemeenten.csv, of {REGIO}."
            )
    return uit


def contact(r: cel.Rij) -> Contact:
    """Read one row of ref_contacten.csv."""
    if not _NAAM.fullmatch(r["contact"]):
        raise SeedFout(f"contact is {r['contact']!r}; schrijf een naam van kleine letters, cijfers en streepjes.")
    kanaal = cel.een_van(r, "kanaal", tuple(_ADRES))
    if not _ADRES[kanaal].fullmatch(r["adres"]):
        raise SeedFout(f"adres is {r['adres']!r}; {_HOE[kanaal]}.")
    return Contact(
        contact=r["contact"],
        gemeente=r["gemeente"],
        bericht=Bericht(cel.een_van(r, "bericht", tuple(Bericht))) if r["bericht"] else None,
        tekst=cel.een_van(r, "tekst", ("technisch", "gewoon")),
        kanaal=kanaal,
        adres=r["adres"],
        vanaf_niveau=int(cel.een_van(r, "vanaf_niveau", ("0", "1", "2"))),
        weeklijst=cel.ja(r, "weeklijst"),
        geldig_van=cel.dag_of_leeg(r, "geldig_van") or dt.date.min,
        geldig_tot=cel.dag_of_leeg(r, "geldig_tot"),
    )
