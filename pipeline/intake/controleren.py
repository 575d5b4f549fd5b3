"""Checking one file, wherever it lies: judged as a run would, nothing written.

Lives here: what a run would make of the file by its name and its folder. Keep out: verdicts (deuren.py), what is told
about them (reports).
"""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import REGIO, Bericht, Sleutel
from pipeline.domain.maanden import Maand
from pipeline.intake.landing import EXTENSIES, Aanbod, NietStabiel, lees_gemeentemap, lees_naam, lees_stabiel
from pipeline.intake.stukken import maak_stuk
from pipeline.intake.uitkomst import Oordeel
from pipeline.intake.verwerken import maak_deur
from pipeline.settings import Huis, Settings

MAX_RIJEN_BIJ_CONTROLE = 100_000


def controleer_bestand(
    pad: Path,
    settings: Settings,
    catalogus: Catalogus,
    *,
    bericht: Bericht | None = None,
    gemeente: str | None = None,
    maand: Maand | None = None,
    nu: dt.datetime,
) -> Oordeel:
    """Judge one file; see pipeline.intake.controleer_bestand."""
    from pipeline.intake.bestandsdeur import grenzen
    from pipeline.intake.terugblik import kijk_terug

    aanbod = _aanbod_voor_controle(pad, settings.huis, catalogus, bericht, gemeente, maand)
    try:
        inhoud = lees_stabiel(pad.resolve(), grenzen(catalogus).max_bytes)
    except NietStabiel as fout:
        raise ValueError(fout.reden) from None
    wegwerpsleutel = secrets.token_bytes(32)
    # whoever has the key sees the names that a run would give; a sender, who has none, does not need them
    stuk = maak_stuk(aanbod, inhoud, nu, settings.inhoudsleutel if settings.sleutel else wegwerpsleutel)
    deur = maak_deur(settings, catalogus, wegwerpsleutel, max_rijen=MAX_RIJEN_BIJ_CONTROLE)
    (uitspraak,) = deur.beoordeel([stuk])
    bewijs = uitspraak.bewijs
    geldig = uitspraak.geldig if bewijs.is_geaccepteerd else None
    max_rijen = int(catalogus.getal("terugmelding_max_rijen"))
    return Oordeel(bewijs, uitspraak.rijbevindingen, kijk_terug(bewijs, geldig, uitspraak.quarantaine, max_rijen))


def _aanbod_voor_controle(
    pad: Path, huis: Huis, catalogus: Catalogus, bericht: Bericht | None, gemeente: str | None, maand: Maand | None
) -> Aanbod:
    """Return what `run` would make of the file: its name says what it is, its folder whose folder it lies in.

    An explicit `gemeente` says whose it is where the name does not; against the name it counts as the folder.
    """
    gelezen = lees_naam(pad.name)
    extensie = pad.suffix.lower().removeprefix(".")
    opgegeven = _gemeentecode(gemeente)
    zij_map = ""
    if gelezen is not None:
        uit_naam, extensie = gelezen
        bericht = bericht or uit_naam.bericht
        maand = maand or uit_naam.maand
        zij_map = next(
            (g for g in (opgegeven, _map_van_gemeente(pad, huis, catalogus)) if g and g != uit_naam.gemeente), ""
        )
        opgegeven = uit_naam.gemeente
    if bericht is None or opgegeven is None or maand is None:
        raise ValueError(
            "De bestandsnaam is niet van de vorm bericht_gemeente_JJJJ-MM.csv; geef bericht, gemeente en maand erbij."
        )
    if extensie not in EXTENSIES:
        raise ValueError(f"Bestanden met extensie '{extensie}' worden niet gelezen; kies uit {', '.join(EXTENSIES)}.")
    return Aanbod(pad, Sleutel(opgegeven, bericht, maand), extensie, zij_map)


def _gemeentecode(gemeente: str | None) -> str | None:
    if gemeente is None:
        return None
    code = gemeente.upper().removeprefix("GM")
    if code == REGIO:
        return REGIO
    if not (code.isascii() and code.isdigit() and len(code) == 4):
        raise ValueError(f"Een gemeente is een CBS-code zoals GM0153; de regio zelf is {REGIO}.")
    return f"GM{code}"


def _map_van_gemeente(pad: Path, huis: Huis, catalogus: Catalogus) -> str | None:
    """Return whose folder the file lies in; outside landing/ four bare digits may as well be a year."""
    map_ = pad.parent.resolve()
    code = lees_gemeentemap(map_.name)
    zeker = map_.name.upper().startswith("GM") or map_.parent == huis.landing.resolve()
    return code if zeker or code in catalogus.afzenders else None
