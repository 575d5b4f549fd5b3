"""`regiomonitor controleer`: are seeds, settings and data home of this region in order? One list, one sentence each.

Lives here: the checks of settings and home, and the order of all checks; `maak_huis`, which makes a home on purpose.
Add here: a check of a setting or of the home. Keep out: checks between seeds (domain/seedcontrole.py), whether a home
that runs is well (gezondheid.py).
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline import intake, meldingen
from pipeline.beheer import gezondheid
from pipeline.domain import seedcontrole
from pipeline.domain.catalogus import Catalogus, SeedFout
from pipeline.domain.contacten import Contact, lees_contacten
from pipeline.domain.fouten import RunFout
from pipeline.domain.kalender import lokale_dag
from pipeline.domain.leveringen import REGIO
from pipeline.domain.seedcontrole import Ernst, Gebrek
from pipeline.meldingen import kanalen
from pipeline.settings import HUIS_RECHTEN, NAMEN, PROJECT, InstellingFout, Settings, load_settings, seeds_van

VOORVOEGSEL = "REGIOMONITOR_"
WOORDEN = {"ROOSTER": ("", "aan", "uit"), "LOG": ("", "json")}


def controleer(env: Mapping[str, str], *, nu: dt.datetime, maak: bool = False) -> list[Gebrek]:
    """Everything that is not in order, what stops a run first; with `maak` the home is made when settings allow it."""
    settings, uit = None, [*_omgeving(env)]
    try:
        settings = load_settings(env)
        settings.eis_sleutel()
    except InstellingFout as fout:
        uit.append(Gebrek(Ernst.HARD, str(fout)))
    seeds = seeds_van(env)
    catalogus = Catalogus(seeds) if (seeds / "ref_gemeenten.csv").exists() else None  # that it is not there was said
    if catalogus is not None:
        uit += seedcontrole.controleer_seeds(catalogus, Catalogus(PROJECT / "seeds"), lokale_dag(nu))
    if settings is not None and settings.sleutel is not None:
        uit += _huis(settings, catalogus, nu, maak=maak)
    if settings is not None and catalogus is not None:
        uit += _kanalen(settings, catalogus, lokale_dag(nu))
    uniek = dict.fromkeys(uit)  # what two checks see is said once
    return sorted(uniek, key=lambda g: g.ernst is not Ernst.HARD)


def _omgeving(env: Mapping[str, str]) -> Iterator[Gebrek]:
    """Settings that nobody reads, or that hold another word than those that are known."""
    for naam in sorted(n for n in env if n.startswith(VOORVOEGSEL)):
        kort = naam.removeprefix(VOORVOEGSEL)
        if kort in WOORDEN and env[naam].strip().lower() not in WOORDEN[kort]:
            goed = " of ".join(w or "leeg" for w in WOORDEN[kort])
            yield Gebrek(Ernst.ZACHT, f"{naam} is {env[naam]!r}; kies {goed}.")
        if kort not in NAMEN and not kort.startswith("KANAAL_") and kort not in ("WAREHOUSE", "DBT_PLEK"):
            lijkt = difflib.get_close_matches(kort, NAMEN, n=1)
            tip = f"bedoel je {VOORVOEGSEL}{lijkt[0]}?" if lijkt else "haal haar weg."
            yield Gebrek(Ernst.ZACHT, f"{naam} kent deze versie niet; {tip}")
    if (thuis := env.get("DAGSTER_HOME")) and not (Path(thuis) / "dagster.yaml").is_file():
        yield Gebrek(
            Ernst.ZACHT,
            f"DAGSTER_HOME wijst naar {thuis}, en daar ligt geen dagster.yaml; kopieer die van het project.",
        )


def _huis(s: Settings, c: Catalogus | None, nu: dt.datetime, *, maak: bool) -> list[Gebrek]:
    try:
        if maak:
            maak_huis(s, c)
        s.eis_huis()
        s.eis_dit_huis()
    except InstellingFout as fout:
        return [Gebrek(Ernst.HARD, str(fout))]
    uit = [Gebrek(Ernst.ZACHT, zin) for toets in (_landing, _bewijzen) if c is not None for zin in toets(s, c)]
    try:
        meldingen.lees(s.huis)
    except RunFout as fout:
        uit.append(Gebrek(Ernst.HARD, str(fout)))
    if c is not None:
        wel = {k.naam: k for k in gezondheid.controleer(s, c, nu=nu)}
        if not wel["data_home"].is_goed:
            uit.append(
                Gebrek(Ernst.HARD, f"{s.huis.pad} is niet beschrijfbaar voor wie dit draait; verbeter de eigenaar.")
            )
        if not wel["rechten"].is_goed:
            wat = wel["rechten"].toelichting
            uit.append(Gebrek(Ernst.ZACHT, f"{s.huis.pad}: {wat}; doe `chmod 700` (een sleutelbestand: `chmod 600`)."))
        if not wel["schijf"].is_goed:
            uit.append(Gebrek(Ernst.ZACHT, f"{s.huis.pad}: {wel['schijf'].toelichting}; maak ruimte op die schijf."))
    return uit


def maak_huis(s: Settings, c: Catalogus | None) -> None:
    """Make the data home with a folder for each sender; one that is there is only checked. InstellingFout."""
    if not s.huis.pad.parent.is_dir():
        raise InstellingFout(f"{s.huis.pad.parent} bestaat niet; maak die map eerst, of verbeter REGIOMONITOR_HOME.")
    if s.huis.pad.exists() and not s.huis.pad.is_dir():
        raise InstellingFout(f"{s.huis.pad} is een bestand; verbeter REGIOMONITOR_HOME.")
    if s.huis.pad.is_dir() and not s.huis.bestaat and _vreemd(s.huis.pad, s):
        raise InstellingFout(
            f"{s.huis.pad} is niet leeg en is geen data home; kies een andere map, of haal weg wat er ligt."
        )
    s.controleer_huis()
    for afzender in c.afzenders if c is not None and _leesbaar(c) else ():
        (s.huis.landing / afzender).mkdir(exist_ok=True, mode=HUIS_RECHTEN)


def _vreemd(pad: Path, s: Settings) -> bool:
    """Tell whether something lies there that is no landing/, which a drop server may have mounted before us."""
    return any(p.name not in (s.huis.landing.name, "lost+found") for p in pad.iterdir())


def _leesbaar(c: Catalogus) -> bool:
    try:
        return bool(c.gemeenten) and bool(c.afzenders)
    except SeedFout:
        return False


def _landing(s: Settings, c: Catalogus) -> Iterator[str]:
    """Folders in landing/ of nobody: whatever is put there is never taken in."""
    if not (s.huis.landing.is_dir() and _leesbaar(c)):
        return
    for map_ in sorted(s.huis.landing.iterdir()):
        if map_.is_dir() and map_.name not in c.afzenders:
            yield f"landing/{map_.name} is van geen gemeente van ref_gemeenten.csv; hernoem de map, of voeg haar toe."


def _bewijzen(s: Settings, c: Catalogus) -> Iterator[str]:
    """Leveringen of a gemeente that left the seeds: its figures are gone, and nobody said so."""
    if not _leesbaar(c):
        return
    for code in sorted({b.sleutel.gemeente for b in intake.lees_bewijzen(s.huis)} - {*c.gemeenten, REGIO}):
        yield (
            f"receipts/: van {code} staan leveringen, en ref_gemeenten.csv kent haar niet; zet haar terug (met "
            f"geldig_tot), of doe `regiomonitor forget gemeente {code}`."
        )


def _kanalen(s: Settings, c: Catalogus, vandaag: dt.date) -> list[Gebrek]:
    """Addressees that no channel reaches, and channels that are no address."""
    uit = []
    for naam, adres in sorted(s.kanalen.items()):
        if not kanalen.is_adres(adres, is_mail=naam == kanalen.MAIL):
            volle = VOORVOEGSEL + (naam if naam == kanalen.MAIL else f"KANAAL_{naam}")
            voor = "mailto://server:25?from=adres" if naam == kanalen.MAIL else "een adres van Apprise"
            uit.append(Gebrek(Ernst.ZACHT, f"{volle} is geen adres van een kanaal; schrijf {voor}."))
    try:
        wie = [k for k in lees_contacten(c) if k.geldig_op(vandaag)]
    except SeedFout:
        return uit
    uit += [Gebrek(Ernst.ZACHT, zin) for zin in zonder_kanaal(wie, s.kanalen)]
    return uit


def zonder_kanaal(wie: Sequence[Contact], gezet: Mapping[str, str]) -> Iterator[str]:
    """Say of each channel that is not set whose messages go to nobody."""
    groepen: dict[str, list[str]] = {}
    for k in wie:
        if kanalen.adres(k, gezet) is None:
            groepen.setdefault(_waarom(k), []).append(k.contact)
    for waarom, namen in groepen.items():
        yield f"ref_contacten.csv: wat {_opsomming(namen)} moet horen gaat naar niemand: {waarom}"


def _waarom(k: Contact) -> str:
    if k.kanaal == "mail":
        return "REGIOMONITOR_MAIL is leeg; zet er de mailserver."
    if k.kanaal == "kanaal":
        return f"{VOORVOEGSEL}KANAAL_{k.adres} is leeg; zet er het adres van het kanaal."
    return "kanaal is uitbak; kies mail of kanaal als iemand het moet horen."


def _opsomming(namen: Sequence[str]) -> str:
    return ", ".join(namen[:4]) + (f" en {len(namen) - 4} anderen" if len(namen) > 4 else "")
