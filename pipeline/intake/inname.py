"""Taking in, judging anew, checking one file: the order in which things are read and written.

Lives here: what is new, in which order files become archive, rows and receipt, batches. Keep out: verdicts (deuren.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.berichten import bestandsregels
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs, Sleutel, Status, levering_id
from pipeline.domain.maanden import Maand
from pipeline.intake import archief
from pipeline.intake.bewijzen import geldigpad, lees_bewijzen, quarantainepad, schrijf_bewijs
from pipeline.intake.landing import (
    EXTENSIES,
    Aanbod,
    Inhoud,
    NietStabiel,
    lees_controle,
    lees_gemeentemap,
    lees_naam,
    lees_stabiel,
    maskeer_naam,
    verken,
)
from pipeline.intake.schrijven import ruim_klad_op, schrijf
from pipeline.intake.uitkomst import Inname, Oordeel, Overgeslagen, Stuk, Uitspraak
from pipeline.intake.versie import deurcatalogus, deurversie
from pipeline.settings import Huis, Settings

if TYPE_CHECKING:
    from pipeline.intake.deuren import Deur

Voortgang = Callable[[int, int, str], None]

PARTIJ_BYTES = 64 * 2**20
"""Files are judged together up to this size: large enough to be fast, small enough to fit in memory."""
_INGEPAKT = (b"PK\x03\x04", b"PAR1")
INGEPAKT_KEER = 10
"""What is packed (zip, xlsx, Parquet) holds about this many times its size in text."""
SCHRIJVERS = 4
MAX_RIJEN_BIJ_CONTROLE = 100_000
_WEG = "Het bestand verdween terwijl het werd gelezen; de volgende run probeert het opnieuw."


def _stil(_gedaan: int, _totaal: int, _wat: str) -> None:
    """Show no progress."""


def _maak_deur(settings: Settings, catalogus: Catalogus, sleutel: bytes, **anders: Any) -> Deur:
    from pipeline.berichten.toets import Regelboek
    from pipeline.intake.deuren import Deur
    from pipeline.intake.pseudoniemen import Pseudonimiseerder

    eigen = deurcatalogus(catalogus)
    boek = Regelboek(eigen, settings.bsn_reeks)
    return Deur(eigen, boek, Pseudonimiseerder(sleutel), deurversie(catalogus), **anders)


# --- taking in -------------------------------------------------------------------------------------------------------


@dataclass
class _Bekend:
    """What was received before, by levering, and what this run adds."""

    bewijzen: dict[str, Ontvangstbewijs]
    ongewijzigd: int = 0
    onderweg: set[str] = field(default_factory=set)
    uitgesteld: list[Aanbod] = field(default_factory=list)
    over: list[Overgeslagen] = field(default_factory=list)
    nieuw: dict[str, Ontvangstbewijs] = field(default_factory=dict)

    def neem_uitgesteld(self) -> list[Aanbod]:
        """Hand over what waited for a verdict in this run."""
        self.onderweg.clear()
        uitgesteld, self.uitgesteld = self.uitgesteld, []
        return uitgesteld

    def zelfde(self, stuk: Stuk) -> Ontvangstbewijs | None:
        """Return the receipt of the same offer: the same bytes, with control totals that say the same about them."""
        if oud := self.bewijzen.get(stuk.controle_id):
            return oud
        oud = self.bewijzen.get(stuk.levering_id)
        if oud is None or stuk.controle is None:
            return oud
        nihil = bestandsregels.nihil_volgens(stuk.controle) and not oud.rijen.ontvangen
        fout = bestandsregels.controle_klopt_niet(
            stuk.controle, rijen=oud.rijen.ontvangen, bedrag_cent=oud.bedrag_cent.ontvangen, sha256=oud.sha256
        )
        return None if nihil or fout else oud


def neem_in(
    settings: Settings,
    catalogus: Catalogus,
    *,
    nu: dt.datetime,
    maanden: Sequence[Maand] | None = None,
    voortgang: Voortgang | None = None,
) -> Inname:
    """Take in everything new in landing/; see pipeline.intake.neem_in."""
    meld = voortgang or _stil
    sleutel = settings.eis_sleutel()
    settings.huis.maak()
    ruim_klad_op(settings.huis)
    aanbod, over = verken(settings.huis)
    if maanden is not None:
        aanbod = [a for a in aanbod if a.sleutel.maand in maanden]
    eerder = lees_bewijzen(settings.huis)
    herbeoordeeld = _beoordeel_opnieuw(settings, catalogus, eerder, alles=False, meld=_stil)
    bekend = _Bekend({b.levering_id: b for b in (*eerder, *herbeoordeeld)}, over=over)
    deur: Deur | None = None
    te_doen = _vroegste_eerst(aanbod)
    while te_doen:
        for partij in _partijen(_nieuwe_stukken(settings.huis, catalogus, te_doen, bekend, nu, meld)):
            deur = deur or _maak_deur(settings, catalogus, sleutel)
            for bewijs in _verwerk(settings.huis, deur, partij):
                bekend.nieuw[bewijs.levering_id] = bekend.bewijzen[bewijs.levering_id] = bewijs
        te_doen = bekend.neem_uitgesteld()
    ruim_klad_op(settings.huis)
    return Inname(
        nieuw=tuple(sorted(bekend.nieuw.values(), key=_volgorde)),
        ongewijzigd=bekend.ongewijzigd,
        overgeslagen=tuple(bekend.over),
        herbeoordeeld=herbeoordeeld,
    )


def _volgorde(b: Ontvangstbewijs) -> tuple[Sleutel, dt.datetime, str]:
    return b.sleutel, b.ontvangen_op, b.sha256


def _nieuwe_stukken(
    huis: Huis, catalogus: Catalogus, aanbod: Sequence[Aanbod], bekend: _Bekend, nu: dt.datetime, meld: Voortgang
) -> Iterator[Stuk]:
    """Read every offered file and pass on what is new; of known bytes only an earlier moment of arrival is noted.

    Equal bytes in one run wait for the verdict on the first of them.
    """
    from pipeline.intake.bestandsdeur import grenzen

    max_bytes = grenzen(catalogus).max_bytes
    for i, a in enumerate(aanbod):
        meld(i, len(aanbod), f"{a.sleutel}")
        try:
            inhoud = lees_stabiel(a.pad, max_bytes)
        except NietStabiel as fout:
            bekend.over.append(Overgeslagen(maskeer_naam(a.pad.relative_to(huis.landing).as_posix()), fout.reden))
            continue
        stuk = _stuk(a, inhoud, nu)
        if oud := bekend.zelfde(stuk):
            _bekend_aanbod(huis, bekend, oud, stuk)
            continue
        if stuk.levering_id in bekend.onderweg:
            bekend.uitgesteld.append(a)
            continue
        if inhoud.te_groot:
            try:
                archief.bewaar_bestand(huis, inhoud.sha256, a.pad)
            except (FileNotFoundError, PermissionError):
                bekend.over.append(Overgeslagen(maskeer_naam(a.pad.relative_to(huis.landing).as_posix()), _WEG))
                continue
        bekend.onderweg.add(stuk.levering_id)
        yield stuk
    meld(len(aanbod), len(aanbod), "")


def _vroegste_eerst(aanbod: Sequence[Aanbod]) -> list[Aanbod]:
    """Order by time of change, so that of equal files in one run the earliest is the first to be seen."""

    def moment(a: Aanbod) -> tuple[int, str]:
        try:
            return a.pad.stat(follow_symlinks=False).st_mtime_ns, a.pad.as_posix()
        except OSError:
            return 0, a.pad.as_posix()

    return sorted(aanbod, key=moment)


def _stuk(a: Aanbod, inhoud: Inhoud, nu: dt.datetime) -> Stuk:
    naam = f"{a.zij_map}/{a.pad.name}" if a.zij_map else a.pad.name
    nu = nu.astimezone(dt.UTC)
    controle = lees_controle(a.pad)
    return Stuk(
        sleutel=a.sleutel,
        levering_id=_id(a.sleutel, inhoud.sha256, a.zij_map),
        controle_id=_id(a.sleutel, inhoud.sha256, a.zij_map, controle),
        sha256=inhoud.sha256,
        n_bytes=inhoud.n_bytes,
        bestandsnaam=maskeer_naam(naam),
        extensie=a.extensie,
        ontvangen_op=min(inhoud.gewijzigd_op, nu),
        verwerkt_op=nu,
        data=inhoud.data,
        te_groot=inhoud.te_groot,
        zij_map=a.zij_map,
        controle=controle,
    )


def _id(sleutel: Sleutel, sha256: str, zij_map: str, controle: dict[str, Any] | None = None) -> str:
    """Identity of a levering: its key and bytes, and what came with them where that decides the verdict.

    The same bytes in the wrong folder, or with control totals that differ from them, are another offer, which can never
    stand; so the verdict on the good offer does not depend on which came first.
    """
    delen = [sha256]
    if zij_map:
        delen.append(f"map {zij_map}")
    if controle is not None:
        delen.append("controle " + json.dumps(controle, sort_keys=True))
    return levering_id(sleutel, "|".join(delen))


def _bekend_aanbod(huis: Huis, bekend: _Bekend, oud: Ontvangstbewijs, stuk: Stuk) -> None:
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


def _partijen(stukken: Iterable[Stuk]) -> Iterator[list[Stuk]]:
    """Group contents into batches of bounded size."""
    partij: list[Stuk] = []
    grootte = 0
    for stuk in stukken:
        gewicht = len(stuk.data) * (INGEPAKT_KEER if stuk.data.startswith(_INGEPAKT) else 1)
        if partij and grootte + gewicht > PARTIJ_BYTES:
            yield partij
            partij, grootte = [], 0
        partij.append(stuk)
        grootte += gewicht
    if partij:
        yield partij


def _verwerk(huis: Huis, deur: Deur, partij: Sequence[Stuk]) -> list[Ontvangstbewijs]:
    """Judge a batch and write what came of it."""
    with ThreadPoolExecutor(SCHRIJVERS) as schrijvers:
        bewaard = [schrijvers.submit(archief.bewaar, huis, s.sha256, s.data) for s in partij if not s.te_groot]
        uit: list[Ontvangstbewijs] = []
        for uitspraken in deur.in_delen(partij):
            for bytes_ in bewaard:
                bytes_.result()
            uit += schrijvers.map(lambda u: _leg_vast(huis, u), uitspraken)
        return uit


def _leg_vast(huis: Huis, u: Uitspraak) -> Ontvangstbewijs:
    """Write rows, then the receipt: what has a receipt is complete, and its bytes are in the archive."""
    _leg_rijen_vast(huis, geldigpad(huis, u.bewijs), u.geldig if u.bewijs.is_geaccepteerd else None)
    _leg_rijen_vast(huis, quarantainepad(huis, u.bewijs), u.quarantaine)
    schrijf_bewijs(huis, u.bewijs)
    return u.bewijs


def _leg_rijen_vast(huis: Huis, pad: Path, rijen: Any) -> None:
    if rijen is None or not rijen.height:
        pad.unlink(missing_ok=True)
        return
    schrijf(huis, pad, lambda klad: rijen.write_parquet(klad, compression="zstd", compression_level=1))


# --- judging anew ----------------------------------------------------------------------------------------------------


def beoordeel_opnieuw(
    settings: Settings,
    catalogus: Catalogus,
    *,
    nu: dt.datetime,
    alles: bool = False,
    voortgang: Voortgang | None = None,
) -> tuple[Ontvangstbewijs, ...]:
    """Judge anew from the archive; see pipeline.intake. A verdict knows no clock: `nu` is not used."""
    bewijzen = lees_bewijzen(settings.huis)
    return _beoordeel_opnieuw(settings, catalogus, bewijzen, alles=alles, meld=voortgang or _stil)


def _beoordeel_opnieuw(
    settings: Settings, catalogus: Catalogus, bewijzen: Sequence[Ontvangstbewijs], *, alles: bool, meld: Voortgang
) -> tuple[Ontvangstbewijs, ...]:
    versie = deurversie(catalogus)
    toe_aan = [b for b in bewijzen if alles or b.deurversie != versie or _rijen_weg(settings.huis, b)]
    if not toe_aan:
        return ()
    deur = _maak_deur(settings, catalogus, settings.eis_sleutel())
    uit: list[Ontvangstbewijs] = []
    for partij in _partijen(_uit_archief(settings.huis, catalogus, toe_aan, meld)):
        uit += _verwerk(settings.huis, deur, partij)
    return tuple(sorted(uit, key=_volgorde))


def _rijen_weg(huis: Huis, b: Ontvangstbewijs) -> bool:
    """Tell whether the rows of a levering are no longer there (deleted, or never finished)."""
    if b.is_geaccepteerd and b.rijen.geaccepteerd and not geldigpad(huis, b).exists():
        return True
    return bool(b.rijen.quarantaine) and not quarantainepad(huis, b).exists()


def _uit_archief(
    huis: Huis, catalogus: Catalogus, bewijzen: Sequence[Ontvangstbewijs], meld: Voortgang
) -> Iterator[Stuk]:
    from pipeline.intake.bestandsdeur import grenzen

    max_bytes = grenzen(catalogus).max_bytes
    for i, b in enumerate(bewijzen):
        meld(i, len(bewijzen), f"{b.sleutel}")
        te_groot = b.bytes > max_bytes
        data = b"" if te_groot else archief.haal(huis, b.sha256)
        if data is None:
            continue
        yield Stuk(
            sleutel=b.sleutel,
            levering_id=b.levering_id,
            controle_id=b.levering_id,
            sha256=b.sha256,
            n_bytes=b.bytes,
            bestandsnaam=b.bestandsnaam,
            extensie=Path(b.bestandsnaam).suffix.lower().removeprefix("."),
            ontvangen_op=b.ontvangen_op,
            verwerkt_op=b.verwerkt_op,
            data=data,
            te_groot=te_groot,
            zij_map=b.bestandsnaam.partition("/")[0] if "/" in b.bestandsnaam else "",
            controle=b.controle,
        )
    meld(len(bewijzen), len(bewijzen), "")


# --- checking one file -----------------------------------------------------------------------------------------------


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
    stuk = _stuk(aanbod, inhoud, nu)
    wegwerpsleutel = hashlib.sha256(secrets.token_bytes(32)).digest()
    deur = _maak_deur(settings, catalogus, wegwerpsleutel, max_rijen=MAX_RIJEN_BIJ_CONTROLE)
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
    if not (code.isascii() and code.isdigit() and len(code) == 4):
        raise ValueError("Een gemeente is een CBS-code zoals GM0153.")
    return f"GM{code}"


def _map_van_gemeente(pad: Path, huis: Huis, catalogus: Catalogus) -> str | None:
    """Return whose folder the file lies in; outside landing/ four bare digits may as well be a year."""
    map_ = pad.parent.resolve()
    code = lees_gemeentemap(map_.name)
    zeker = map_.name.upper().startswith("GM") or map_.parent == huis.landing.resolve()
    return code if zeker or code in catalogus.gemeenten else None
