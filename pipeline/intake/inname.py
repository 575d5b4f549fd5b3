"""Taking in, judging anew, checking one file: the order in which things are read and written.

Lives here: what is new, in which order files become archive, rows and receipt, batches. Keep out: verdicts (deuren.py).
"""

from __future__ import annotations

import datetime as dt
import errno
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.berichten import bestandsregels
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.fouten import InvariantFout
from pipeline.domain.kalender import lokale_dag
from pipeline.domain.leveringen import REGIO, Bericht, Ontvangstbewijs, Sleutel, Status
from pipeline.domain.maanden import Maand
from pipeline.domain.sleutels import inhoudsmerk
from pipeline.intake import archief
from pipeline.intake.bewijzen import GEZUIVERD, geldigpad, lees_bewijzen, quarantainepad, schrijf_bewijs
from pipeline.intake.bijwerken import werk_bij
from pipeline.intake.landing import (
    EXTENSIES,
    Aanbod,
    Inhoud,
    NietStabiel,
    canonieke_naam,
    identiteit,
    lees_controle,
    lees_gemeentemap,
    lees_naam,
    lees_stabiel,
    overgeslagen,
    verken,
)
from pipeline.intake.schrijven import ruim_klad_op, schrijf
from pipeline.intake.uitkomst import Inname, Oordeel, Overgeslagen, Stuk, Uitspraak
from pipeline.intake.versie import deurcatalogus, deurversie
from pipeline.proces.runboek import veilige_fout
from pipeline.settings import Huis, InstellingFout, Settings

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
_SCHIJF = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EMFILE, errno.ENFILE)
_TE_VROEG = "Deze maand is nog niet begonnen; het bestand wordt ingenomen zodra dat zo is."
GETOOND_PER_MAP = 50
"""Files left alone that are named one by one, per folder; the rest is a number."""


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
    per_map: Counter[str] = field(default_factory=Counter)
    te_veel: Counter[str] = field(default_factory=Counter)
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
    werk_bij(settings)
    aanbod, over = _aanbod(settings.huis, nu, maanden)
    eerder = lees_bewijzen(settings.huis)
    herbeoordeeld = _beoordeel_opnieuw(settings, catalogus, eerder, alles=False, meld=_stil, over=over)
    bekend = _Bekend({b.levering_id: b for b in (*eerder, *herbeoordeeld)}, over=over)
    deur: Deur | None = None
    te_doen = _vroegste_eerst(aanbod)
    while te_doen:
        for partij in _partijen(_nieuwe_stukken(settings, catalogus, te_doen, bekend, nu, meld)):
            deur = deur or _maak_deur(settings, catalogus, sleutel)
            for bewijs in _verwerk(settings.huis, deur, partij, over):
                bekend.nieuw[bewijs.levering_id] = bekend.bewijzen[bewijs.levering_id] = bewijs
        te_doen = bekend.neem_uitgesteld()
    ruim_klad_op(settings.huis)
    return Inname(
        nieuw=tuple(sorted(bekend.nieuw.values(), key=_volgorde)),
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


def _te_veel(bekend: _Bekend, catalogus: Catalogus) -> list[Overgeslagen]:
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


def _volgorde(b: Ontvangstbewijs) -> tuple[Sleutel, dt.datetime, str]:
    return b.sleutel, b.ontvangen_op, b.sha256


def _nieuwe_stukken(
    settings: Settings,
    catalogus: Catalogus,
    aanbod: Sequence[Aanbod],
    bekend: _Bekend,
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
            stuk = _stuk(a, inhoud, nu, inhoudsleutel, huis.landing)
        except NietStabiel as fout:
            bekend.over.append(overgeslagen(huis, a.pad, fout.reden))
            continue
        except Exception as fout:
            _eis_van_bestand(fout)
            bekend.over.append(overgeslagen(huis, a.pad, _mislukt(fout), is_fout=True))
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


def _eis_van_bestand(fout: BaseException) -> None:
    """Raise again what is no fault of one file: the disk, the settings, somebody who stops the run."""
    van_machine = isinstance(fout, OSError) and fout.errno in _SCHIJF
    panic = type(fout).__name__ == "PanicException"  # a reader in Rust: no Exception, and still only this file
    if van_machine or isinstance(fout, InstellingFout) or not (isinstance(fout, Exception) or panic):
        raise fout


def _mislukt(fout: BaseException) -> str:
    return f"Door een fout van ons ({veilige_fout(fout).rstrip('.')}) is dit bestand niet verwerkt; meld dit."


def _vroegste_eerst(aanbod: Sequence[Aanbod]) -> list[Aanbod]:
    """Order by time of change, so that of equal files in one run the earliest is the first to be seen."""

    def moment(a: Aanbod) -> tuple[int, str]:
        try:
            return a.pad.stat(follow_symlinks=False).st_mtime_ns, a.pad.as_posix()
        except OSError:
            return 0, a.pad.as_posix()

    return sorted(aanbod, key=moment)


def _stuk(a: Aanbod, inhoud: Inhoud, nu: dt.datetime, inhoudsleutel: bytes, basis: Path | None = None) -> Stuk:
    """Return what is to be judged. From here on a content is known by its keyed hash, also where a sender names it."""
    nu = nu.astimezone(dt.UTC)
    sha256 = inhoudsmerk(inhoudsleutel, inhoud.sha256)
    controle = lees_controle(a.pad, basis=basis)
    if controle is not None and "sha256" in controle:
        controle["sha256"] = inhoudsmerk(inhoudsleutel, controle["sha256"])
    return Stuk(
        sleutel=a.sleutel,
        levering_id=identiteit(a.sleutel, sha256, a.zij_map),
        controle_id=identiteit(a.sleutel, sha256, a.zij_map, controle),
        sha256=sha256,
        n_bytes=inhoud.n_bytes,
        bestandsnaam=canonieke_naam(a.sleutel, a.extensie, a.zij_map),
        extensie=a.extensie,
        ontvangen_op=min(inhoud.gewijzigd_op, nu),
        verwerkt_op=nu,
        data=inhoud.data,
        te_groot=inhoud.te_groot,
        zij_map=a.zij_map,
        controle=controle,
    )


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


def _verwerk(huis: Huis, deur: Deur, partij: Sequence[Stuk], over: list[Overgeslagen]) -> list[Ontvangstbewijs]:
    """Judge a batch and write what came of it; a content on which we fail alone is told in `over` and left."""
    try:
        return _verwerk_samen(huis, deur, partij)
    except BaseException as fout:
        _eis_van_bestand(fout)
        if len(partij) == 1:
            (s,) = partij
            map_ = s.zij_map or s.sleutel.gemeente
            over.append(Overgeslagen(f"{map_}/{s.bestandsnaam.rpartition('/')[2]}", _mislukt(fout), is_fout=True))
            return []
    # which of them it is shows when each is judged by itself; what was written already is written again, the same
    return [b for s in partij for b in _verwerk(huis, deur, [s], over)]


def _verwerk_samen(huis: Huis, deur: Deur, partij: Sequence[Stuk]) -> list[Ontvangstbewijs]:
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
    werk_bij(settings)
    bewijzen = lees_bewijzen(settings.huis)
    over: list[Overgeslagen] = []
    uit = _beoordeel_opnieuw(settings, catalogus, bewijzen, alles=alles, meld=voortgang or _stil, over=over)
    if over:  # who asks for this wants all of it (a proof, another key): there is nothing to go on with
        raise InvariantFout(f"{over[0].bestand}: {over[0].reden}")
    return uit


def _beoordeel_opnieuw(
    settings: Settings,
    catalogus: Catalogus,
    bewijzen: Sequence[Ontvangstbewijs],
    *,
    alles: bool,
    meld: Voortgang,
    over: list[Overgeslagen],
) -> tuple[Ontvangstbewijs, ...]:
    versie = deurversie(catalogus)
    toe_aan = [b for b in bewijzen if alles or b.deurversie != versie or _rijen_weg(settings.huis, b)]
    if not toe_aan:
        return ()
    deur = _maak_deur(settings, catalogus, settings.eis_sleutel())
    uit: list[Ontvangstbewijs] = []
    for partij in _partijen(_uit_archief(settings, catalogus, toe_aan, meld)):
        uit += _verwerk(settings.huis, deur, partij, over)
    return tuple(sorted(uit, key=_volgorde))


def _rijen_weg(huis: Huis, b: Ontvangstbewijs) -> bool:
    """Tell whether the rows of a levering are no longer there (deleted, or never finished)."""
    if b.is_geaccepteerd and b.rijen.geaccepteerd and not geldigpad(huis, b).exists():
        return True
    return bool(b.rijen.quarantaine) and not quarantainepad(huis, b).exists()


def _uit_archief(
    settings: Settings, catalogus: Catalogus, bewijzen: Sequence[Ontvangstbewijs], meld: Voortgang
) -> Iterator[Stuk]:
    from pipeline.intake.bestandsdeur import grenzen

    huis, inhoudsleutel = settings.huis, settings.inhoudsleutel
    max_bytes = grenzen(catalogus).max_bytes
    for i, b in enumerate(bewijzen):
        meld(i, len(bewijzen), f"{b.sleutel}")
        te_groot = b.bytes > max_bytes
        data = b"" if te_groot else archief.haal(huis, b.sha256, inhoudsleutel)
        if data is None:
            continue
        extensie = Path(b.bestandsnaam).suffix.lower().removeprefix(".")
        zij_map = b.bestandsnaam.partition("/")[0] if "/" in b.bestandsnaam else ""
        yield Stuk(
            sleutel=b.sleutel,
            levering_id=b.levering_id,
            controle_id=b.levering_id,
            sha256=b.sha256,
            n_bytes=b.bytes,
            bestandsnaam=canonieke_naam(b.sleutel, extensie, zij_map),
            extensie=extensie,
            ontvangen_op=b.ontvangen_op,
            verwerkt_op=b.verwerkt_op,
            data=data,
            te_groot=te_groot,
            zij_map=zij_map,
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
    wegwerpsleutel = secrets.token_bytes(32)
    # whoever has the key sees the names that a run would give; a sender, who has none, does not need them
    stuk = _stuk(aanbod, inhoud, nu, settings.inhoudsleutel if settings.sleutel else wegwerpsleutel)
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
