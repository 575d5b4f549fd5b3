"""Typed settings; the only reader of the environment.

Lives here: where things are (`Huis`), which key, which range of person numbers. Add here: a setting by environment
(and in docs/settings.md). Keep out: thresholds; those are reviewed rows in seeds/ref_instellingen.csv.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pipeline.domain import sleutels
from pipeline.domain.maanden import Maand

PROJECT = Path(__file__).resolve().parent.parent
UMASK = 0o077
"""What a process of ours writes is nobody else's; editions for gemeenten are opened to their group one by one."""
HUIS_RECHTEN = 0o700
SLEUTEL_DICHT = 0o027
"""Of a key file: its group may read it, nobody else may do anything."""


RAPPORT = "aan"
"""Whether a run makes the report pages when REGIOMONITOR_RAPPORT does not say."""


class InstellingFout(Exception):
    """A setting is absent or wrong; the message says what to do next."""


class BsnReeks(StrEnum):
    """Which person numbers are accepted (SPEC 8)."""

    PRODUCTIE = "productie"
    SYNTHETISCH = "synthetisch"


@dataclass(frozen=True)
class Huis:
    """The data home and the paths in it (SPEC 2)."""

    pad: Path

    @property
    def landing(self) -> Path:
        """Drop zone; senders may overwrite."""
        return self.pad / "landing"

    @property
    def archive(self) -> Path:
        """Bytes as received, content-addressed, write-once; the only place with person numbers."""
        return self.pad / "archive"

    @property
    def receipts(self) -> Path:
        """One JSON per processed levering."""
        return self.pad / "receipts"

    @property
    def validated(self) -> Path:
        """Accepted rows, pseudonymised."""
        return self.pad / "validated"

    @property
    def quarantine(self) -> Path:
        """Refused rows with reasons."""
        return self.pad / "quarantine"

    @property
    def feedback(self) -> Path:
        """What goes back to the sender."""
        return self.pad / "feedback"

    @property
    def warehouse(self) -> Path:
        """The build; only the pipeline opens it."""
        return self.pad / "warehouse.duckdb"

    @property
    def publications(self) -> Path:
        """Every publication, each a folder."""
        return self.pad / "publications"

    @property
    def published(self) -> Path:
        """Symbolic link to the current publication."""
        return self.pad / "published"

    @property
    def rapport(self) -> Path:
        """Symbolic link to the report pages of the current publication."""
        return self.pad / "rapport"

    @property
    def vergelijking(self) -> Path:
        """The region beside the others, of what all of them shared."""
        return self.pad / "vergelijking.duckdb"

    @property
    def work(self) -> Path:
        """Scratch space on the same disk; may be deleted at any time between runs."""
        return self.pad / "work"

    @property
    def dbt_manifest(self) -> Path:
        """What dbt wrote about its last build."""
        return self.work / "dbt" / "target" / "manifest.json"

    @property
    def lock(self) -> Path:
        """Lock file of the one writer."""
        return self.pad / ".lock"

    @property
    def merk(self) -> Path:
        """What kind of home this is: range of person numbers, fingerprint of the key, demo or not."""
        return self.pad / "huis.json"

    @property
    def bestaat(self) -> bool:
        """Tell whether this is a data home: somebody made it on purpose and bound it to a key and a range."""
        return self.merk.is_file()

    @property
    def demo_vanaf(self) -> Maand | None:
        """First month of the synthetic region in it: of what lies before that nothing is missing; None: no demo."""
        vanaf = _lees_merk(self).get("demo_vanaf")
        return Maand.lees(vanaf) if vanaf else None

    def maak(self) -> None:
        """Create the folders that are written to; the home is its owner's alone, also when it was there already."""
        self.pad.mkdir(parents=True, exist_ok=True, mode=HUIS_RECHTEN)
        if stat.S_IMODE(self.pad.stat().st_mode) & UMASK:
            self.pad.chmod(HUIS_RECHTEN)
        for map_ in (self.landing, self.archive, self.receipts, self.validated, self.quarantine, self.publications):
            map_.mkdir(parents=True, exist_ok=True, mode=HUIS_RECHTEN)


@dataclass(frozen=True)
class Winkelplek:
    """Where many regions share their publications (SPEC 11), and what this region does there.

    `catalogus`: `postgres:` and a connection string of PostgreSQL, or the path of a file; it may hold a password and is
    never shown. `gegevens`: the folder of the Parquet files. `editie`: the widest edition that is shared. `bewaren`:
    how many publications of a region stay there.
    """

    catalogus: str
    gegevens: str
    editie: str
    bewaren: int

    def __repr__(self) -> str:
        return f"Winkelplek(gegevens={self.gegevens}, editie={self.editie}, bewaren={self.bewaren})"


@dataclass(frozen=True)
class Settings:
    """Everything a run needs from its surroundings. `sleutel` and `kanalen` are never shown.

    `maakt_rapport`: a run makes the report pages. `winkel`: the store of many regions; None: there is none.
    `kanalen`: addresses of alerts that are secrets, by name: `MAIL` and the <NAAM> of every REGIOMONITOR_KANAAL_<NAAM>.
    """

    huis: Huis
    seeds: Path
    bsn_reeks: BsnReeks
    sleutel_bron: str
    sleutel: bytes | None = None
    sleutel_pad: Path | None = None
    kanalen: Mapping[str, str] = field(default_factory=dict)
    maakt_rapport: bool = False
    winkel: Winkelplek | None = None

    def __repr__(self) -> str:
        return f"Settings(huis={self.huis.pad}, seeds={self.seeds}, bsn_reeks={self.bsn_reeks.value})"

    def eis_sleutel(self) -> bytes:
        """Return the pseudonym key; InstellingFout when there is none: no key, no run (SPEC 8)."""
        if self.sleutel is None:
            raise InstellingFout(
                "Geen pseudonimiseringssleutel. Zet REGIOMONITOR_SLEUTELBESTAND op een bestand buiten het data home "
                f"met minstens {sleutels.MINIMUM_TEKENS} tekens (of REGIOMONITOR_SLEUTEL op de sleutel zelf)."
            )
        return self.sleutel

    def eis_huis(self) -> None:
        """Refuse a place that is no data home: on a mistyped path everything would be missing, and many be told so.

        Raises InstellingFout. `demo`, `nieuw`, `restore` and `controleer --maak` make a home; nothing else does.
        """
        if not self.huis.bestaat:
            waarom = "huis.json ontbreekt" if self.huis.pad.is_dir() else "die map bestaat niet"
            raise InstellingFout(
                f"REGIOMONITOR_HOME wijst naar {self.huis.pad}, en dat is geen data home: {waarom}. Zet het goede pad, "
                "of maak er een: `regiomonitor controleer --maak` (echte gegevens) of `regiomonitor demo` (proefregio)."
            )

    @property
    def inhoudsleutel(self) -> bytes:
        """Key of the hashes of contents: derived from the first key of the home, and kept when that changes."""
        sleutel = self.eis_sleutel()
        verpakt = _lees_merk(self.huis).get("inhoudsleutel")
        return sleutels.pak_uit(sleutel, verpakt) if verpakt else sleutels.afgeleid(sleutel, "inhoud")

    def controleer_huis(self, *, demo_vanaf: Maand | None = None) -> None:
        """Bind the home to its key and range at first use; refuse another key or range later.

        A demo (`demo_vanaf`: the first month of its region) says so each time: another demo can begin elsewhere.
        Raises InstellingFout: two ranges never mix in one home (SPEC 8), and another key would cut every youth in two.
        """
        merk = _lees_merk(self.huis)
        self.eis_sleutel()
        if not merk:
            self.huis.maak()
            schrijf_merk(self, demo_vanaf=demo_vanaf)
            return
        self.eis_dit_huis()
        if sleutels.is_oud(merk["sleutel_vingerafdruk"]):
            schrijf_merk(self)
        self.huis.maak()
        if demo_vanaf is not None:
            schrijf_merk(self, demo_vanaf=demo_vanaf)

    def eis_dit_huis(self) -> None:
        """Refuse another key or range than those the home was made with; InstellingFout, and nothing is written."""
        merk = _lees_merk(self.huis)
        if merk["bsn_reeks"] != self.bsn_reeks.value:
            raise InstellingFout(
                f"Dit data home is van de reeks '{merk['bsn_reeks']}' en kan niet met '{self.bsn_reeks.value}' worden "
                "gebruikt. Kies een ander REGIOMONITOR_HOME of dezelfde REGIOMONITOR_BSN_REEKS."
            )
        if not sleutels.is_van(self.eis_sleutel(), merk["sleutel_vingerafdruk"]):
            raise InstellingFout(
                "De sleutel is een andere dan waarmee dit data home is gevuld; dezelfde jeugdige zou twee keer "
                "tellen. Gebruik de eerste sleutel, of begin een nieuw REGIOMONITOR_HOME."
            )


def schrijf_merk(settings: Settings, *, demo_vanaf: Maand | None = None, inhoudsleutel: bytes | None = None) -> None:
    """Bind a home to the key and range of `settings`; what is None stays as it was.

    `inhoudsleutel`: the key of contents that the home keeps while its own key changes.
    """
    was = _lees_merk(settings.huis)
    sleutel = settings.eis_sleutel()
    nieuw = {
        "bsn_reeks": settings.bsn_reeks.value,
        "sleutel_vingerafdruk": sleutels.vingerafdruk(sleutel),
        "demo": bool(was.get("demo")) if demo_vanaf is None else True,
        "demo_vanaf": was.get("demo_vanaf", "") if demo_vanaf is None else str(demo_vanaf),
    }
    if inhoudsleutel is not None:
        nieuw["inhoudsleutel"] = sleutels.verpak(sleutel, inhoudsleutel)
    elif verpakt := was.get("inhoudsleutel"):
        nieuw["inhoudsleutel"] = verpakt
    tijdelijk = settings.huis.merk.with_suffix(".tmp")
    tijdelijk.write_text(json.dumps(nieuw, indent=1) + "\n", encoding="utf-8")
    os.replace(tijdelijk, settings.huis.merk)


def lees_sleutelbestand(huis: Huis, pad: Path, reeks: BsnReeks) -> bytes:
    """Return the key in a file outside the data home; InstellingFout with what is wrong."""
    return _sleutel_uit_bestand(huis, pad, reeks)


def _lees_merk(huis: Huis) -> dict[str, str]:
    try:
        gelezen: dict[str, str] = json.loads(huis.merk.read_text(encoding="utf-8"))
        if not {"bsn_reeks", "sleutel_vingerafdruk"} <= set(gelezen):
            raise ValueError
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, TypeError):
        raise InstellingFout(
            f"{huis.merk} kan niet worden gelezen; zet het terug uit de laatste back-up: het bindt het huis aan zijn "
            "sleutel en zijn reeks."
        ) from None
    return gelezen


def _demo_sleutelbestand(huis: Huis, env: Mapping[str, str]) -> Path:
    """Where the demo keeps its own key: outside data home and repository, one per home."""
    basis = Path(env.get("XDG_STATE_HOME") or Path(env.get("HOME", "~")).expanduser() / ".local" / "state")
    naam = hashlib.sha256(str(huis.pad.resolve()).encode()).hexdigest()[:12]
    return basis / "regiomonitor" / f"demo-{naam}.sleutel"


def _sleutel(huis: Huis, env: Mapping[str, str], reeks: BsnReeks, *, is_demo: bool) -> tuple[bytes | None, str]:
    if tekst := env.get("REGIOMONITOR_SLEUTEL"):
        return _geldige_sleutel(tekst, "REGIOMONITOR_SLEUTEL"), "REGIOMONITOR_SLEUTEL"
    if naam := env.get("REGIOMONITOR_SLEUTELBESTAND"):
        return _sleutel_uit_bestand(huis, Path(naam), reeks), "REGIOMONITOR_SLEUTELBESTAND"
    if is_demo:
        pad = _demo_sleutelbestand(huis, env)
        if pad.exists():
            return _geldige_sleutel(pad.read_text(encoding="utf-8").strip(), str(pad)), str(pad)
    return None, ""


def _sleutel_uit_bestand(huis: Huis, pad: Path, reeks: BsnReeks) -> bytes:
    if pad.resolve().is_relative_to(huis.pad.resolve()):
        raise InstellingFout("De sleutel ligt in het data home; leg REGIOMONITOR_SLEUTELBESTAND daarbuiten.")
    try:
        rechten = stat.S_IMODE(pad.stat().st_mode)
        tekst = pad.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise InstellingFout(f"REGIOMONITOR_SLEUTELBESTAND kan niet worden gelezen: {pad}") from None
    if reeks is BsnReeks.PRODUCTIE and rechten & SLEUTEL_DICHT:
        raise InstellingFout(f"De sleutel in {pad} is voor anderen leesbaar; doe `chmod 600 {pad}`.")
    return _geldige_sleutel(tekst, "REGIOMONITOR_SLEUTELBESTAND")


def _geldige_sleutel(tekst: str, bron: str) -> bytes:
    if wat := sleutels.bezwaar(tekst):
        raise InstellingFout(f"De sleutel in {bron} {wat}. Maak er een met `openssl rand -hex 32`.")
    return tekst.encode("utf-8")


NAMEN = (
    *("HOME", "SEEDS", "SLEUTEL", "SLEUTELBESTAND", "BSN_REEKS", "MAIL", "RAPPORT", "ROOSTER", "LOG"),
    *("WINKEL", "WINKEL_GEGEVENS", "WINKEL_EDITIE", "WINKEL_BEWAREN", "REGIOS"),
)
"""Settings by environment, after REGIOMONITOR_; beside them any KANAAL_<NAAM>. docs/settings.md says what they mean."""


def seeds_van(env: Mapping[str, str]) -> Path:
    """Return where the seeds are, there or not."""
    return Path(env.get("REGIOMONITOR_SEEDS") or PROJECT / "seeds").expanduser().absolute()


def load_settings(env: Mapping[str, str] | None = None, *, demo: bool = False) -> Settings:
    """Read the settings from `env` (default: the process environment).

    A home that was made by the demo brings its own key and range, so that `run`, `status` and dagster work on it
    without further setting. With `demo=True` a key is made for it when there is none.
    Raises InstellingFout with what to do next.
    """
    env = os.environ if env is None else env
    huis = Huis(Path(env.get("REGIOMONITOR_HOME") or "data").expanduser().absolute())
    seeds = seeds_van(env)
    if not (seeds / "ref_gemeenten.csv").exists():
        raise InstellingFout(f"REGIOMONITOR_SEEDS wijst niet naar een map met ref_gemeenten.csv: {seeds}")
    merk = _lees_merk(huis)
    is_demo = demo or bool(merk.get("demo"))
    if demo:
        _maak_demo_sleutel(huis, env)
    standaard = BsnReeks.SYNTHETISCH if is_demo else BsnReeks.PRODUCTIE
    try:
        reeks = BsnReeks(env.get("REGIOMONITOR_BSN_REEKS") or standaard)
    except ValueError:
        raise InstellingFout("REGIOMONITOR_BSN_REEKS is 'productie' of 'synthetisch'.") from None
    sleutel, bron = _sleutel(huis, env, reeks, is_demo=is_demo)
    pad = Path(env["REGIOMONITOR_SLEUTELBESTAND"]) if bron == "REGIOMONITOR_SLEUTELBESTAND" else None
    return Settings(
        *(huis, seeds, reeks, bron, sleutel, pad),
        kanalen=_kanalen(env),
        maakt_rapport=_maakt_rapport(env),
        winkel=_winkel(env),
    )


def _maakt_rapport(env: Mapping[str, str]) -> bool:
    waarde = (env.get("REGIOMONITOR_RAPPORT") or RAPPORT).strip().lower()
    if waarde not in ("aan", "uit"):
        raise InstellingFout("REGIOMONITOR_RAPPORT is 'aan' of 'uit'.")
    return waarde == "aan"


def _winkel(env: Mapping[str, str]) -> Winkelplek | None:
    if not (catalogus := env.get("REGIOMONITOR_WINKEL", "").strip()):
        return None
    if catalogus.startswith(("postgres://", "postgresql://")):
        catalogus = f"postgres:{catalogus}"
    is_bestand = not catalogus.startswith("postgres:")
    if is_bestand:
        catalogus = str(Path(catalogus).expanduser().absolute())
    gegevens = env.get("REGIOMONITOR_WINKEL_GEGEVENS") or (f"{catalogus}.gegevens" if is_bestand else "")
    if not gegevens:
        raise InstellingFout(
            "REGIOMONITOR_WINKEL_GEGEVENS ontbreekt: zet het op de map waarin de regio's hun Parquet delen, een "
            "schijf die zij allemaal zien."
        )
    if (editie := env.get("REGIOMONITOR_WINKEL_EDITIE") or "openbaar") not in ("openbaar", "intern"):
        raise InstellingFout("REGIOMONITOR_WINKEL_EDITIE is 'openbaar' of, waar de regio's dat afspraken, 'intern'.")
    if not (bewaren := env.get("REGIOMONITOR_WINKEL_BEWAREN") or "12").isdecimal() or int(bewaren) < 1:
        raise InstellingFout("REGIOMONITOR_WINKEL_BEWAREN is een aantal publicaties, minstens 1.")
    return Winkelplek(catalogus, str(Path(gegevens).expanduser().absolute()), editie, int(bewaren))


def _kanalen(env: Mapping[str, str]) -> dict[str, str]:
    """Addresses for alerts, in the form of Apprise: mail server and channels that let anyone post who knows them."""
    kop = "REGIOMONITOR_KANAAL_"
    uit = {naam.removeprefix(kop): waarde for naam, waarde in env.items() if naam.startswith(kop) and waarde}
    if mail := env.get("REGIOMONITOR_MAIL"):
        uit["MAIL"] = mail
    return uit


def _maak_demo_sleutel(huis: Huis, env: Mapping[str, str]) -> None:
    if env.get("REGIOMONITOR_SLEUTEL") or env.get("REGIOMONITOR_SLEUTELBESTAND"):
        return
    pad = _demo_sleutelbestand(huis, env)
    if not pad.exists():
        pad.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pad.touch(mode=0o600)
        pad.write_text(secrets.token_hex(32) + "\n", encoding="utf-8")
