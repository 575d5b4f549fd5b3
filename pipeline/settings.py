"""Typed settings; the only reader of the environment.

Lives here: where things are (`Huis`), which key, which range of person numbers. Add here: a setting by environment
(and in the table of README.md). Keep out: thresholds; those are reviewed rows in seeds/ref_instellingen.csv.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pipeline.domain.maanden import Maand

PROJECT = Path(__file__).resolve().parent.parent
SLEUTEL_MINIMUM_TEKENS = 32


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
    def demo_vanaf(self) -> Maand | None:
        """First month of the synthetic region in it: of what lies before that nothing is missing; None: no demo."""
        vanaf = _lees_merk(self).get("demo_vanaf")
        return Maand.lees(vanaf) if vanaf else None

    def maak(self) -> None:
        """Create the folders that are written to."""
        for map_ in (self.landing, self.archive, self.receipts, self.validated, self.quarantine, self.publications):
            map_.mkdir(parents=True, exist_ok=True)


@dataclass(frozen=True)
class Settings:
    """Everything a run needs from its surroundings. `sleutel` and `kanalen` are never shown.

    `kanalen`: addresses of alerts that are secrets, by name: `MAIL` and the <NAAM> of every REGIOMONITOR_KANAAL_<NAAM>.
    """

    huis: Huis
    seeds: Path
    bsn_reeks: BsnReeks
    sleutel_bron: str
    sleutel: bytes | None = None
    kanalen: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Settings(huis={self.huis.pad}, seeds={self.seeds}, bsn_reeks={self.bsn_reeks.value})"

    def eis_sleutel(self) -> bytes:
        """Return the pseudonym key; InstellingFout when there is none: no key, no run (SPEC 8)."""
        if self.sleutel is None:
            raise InstellingFout(
                "Geen pseudonimiseringssleutel. Zet REGIOMONITOR_SLEUTELBESTAND op een bestand buiten het data home "
                f"met minstens {SLEUTEL_MINIMUM_TEKENS} tekens (of REGIOMONITOR_SLEUTEL op de sleutel zelf)."
            )
        return self.sleutel

    def controleer_huis(self, *, demo_vanaf: Maand | None = None) -> None:
        """Bind the home to its key and range at first use; refuse another key or range later.

        A demo (`demo_vanaf`: the first month of its region) says so each time: another demo can begin elsewhere.
        Raises InstellingFout: two ranges never mix in one home (SPEC 8), and another key would cut every youth in two.
        """
        merk = _lees_merk(self.huis)
        vingerafdruk = _vingerafdruk(self.eis_sleutel())
        if not merk:
            self.huis.maak()
            schrijf_merk(self, demo_vanaf=demo_vanaf)
            return
        if merk["bsn_reeks"] != self.bsn_reeks.value:
            raise InstellingFout(
                f"Dit data home is van de reeks '{merk['bsn_reeks']}' en kan niet met '{self.bsn_reeks.value}' worden "
                "gebruikt. Kies een ander REGIOMONITOR_HOME of dezelfde REGIOMONITOR_BSN_REEKS."
            )
        if merk["sleutel_vingerafdruk"] != vingerafdruk:
            raise InstellingFout(
                "De sleutel is een andere dan waarmee dit data home is gevuld; dezelfde jeugdige zou twee keer "
                "tellen. Gebruik de eerste sleutel, of begin een nieuw REGIOMONITOR_HOME."
            )
        self.huis.maak()
        if demo_vanaf is not None:
            schrijf_merk(self, demo_vanaf=demo_vanaf)


def schrijf_merk(settings: Settings, *, demo_vanaf: Maand | None = None) -> None:
    """Bind a home to the key and range of `settings`; `demo_vanaf` None: a demo or not, as it was."""
    was = _lees_merk(settings.huis)
    nieuw = {
        "bsn_reeks": settings.bsn_reeks.value,
        "sleutel_vingerafdruk": _vingerafdruk(settings.eis_sleutel()),
        "demo": bool(was.get("demo")) if demo_vanaf is None else True,
        "demo_vanaf": was.get("demo_vanaf", "") if demo_vanaf is None else str(demo_vanaf),
    }
    tijdelijk = settings.huis.merk.with_suffix(".tmp")
    tijdelijk.write_text(json.dumps(nieuw, indent=1) + "\n", encoding="utf-8")
    os.replace(tijdelijk, settings.huis.merk)


def _vingerafdruk(sleutel: bytes) -> str:
    return hashlib.sha256(b"regiomonitor" + sleutel).hexdigest()[:16]


def lees_sleutelbestand(huis: Huis, pad: Path) -> bytes:
    """Return the key in a file outside the data home; InstellingFout with what is wrong."""
    return _sleutel_uit_bestand(huis, pad)


def _lees_merk(huis: Huis) -> dict[str, str]:
    try:
        gelezen: dict[str, str] = json.loads(huis.merk.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return gelezen


def _demo_sleutelbestand(huis: Huis, env: Mapping[str, str]) -> Path:
    """Where the demo keeps its own key: outside data home and repository, one per home."""
    basis = Path(env.get("XDG_STATE_HOME") or Path(env.get("HOME", "~")).expanduser() / ".local" / "state")
    naam = hashlib.sha256(str(huis.pad.resolve()).encode()).hexdigest()[:12]
    return basis / "regiomonitor" / f"demo-{naam}.sleutel"


def _sleutel(huis: Huis, env: Mapping[str, str], *, is_demo: bool) -> tuple[bytes | None, str]:
    if tekst := env.get("REGIOMONITOR_SLEUTEL"):
        return _geldige_sleutel(tekst, "REGIOMONITOR_SLEUTEL"), "REGIOMONITOR_SLEUTEL"
    if naam := env.get("REGIOMONITOR_SLEUTELBESTAND"):
        return _sleutel_uit_bestand(huis, Path(naam)), "REGIOMONITOR_SLEUTELBESTAND"
    if is_demo:
        pad = _demo_sleutelbestand(huis, env)
        if pad.exists():
            return _geldige_sleutel(pad.read_text(encoding="utf-8").strip(), str(pad)), str(pad)
    return None, ""


def _sleutel_uit_bestand(huis: Huis, pad: Path) -> bytes:
    if pad.resolve().is_relative_to(huis.pad.resolve()):
        raise InstellingFout("De sleutel ligt in het data home; leg REGIOMONITOR_SLEUTELBESTAND daarbuiten.")
    try:
        tekst = pad.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise InstellingFout(f"REGIOMONITOR_SLEUTELBESTAND kan niet worden gelezen: {pad}") from None
    return _geldige_sleutel(tekst, "REGIOMONITOR_SLEUTELBESTAND")


def _geldige_sleutel(tekst: str, bron: str) -> bytes:
    if len(tekst) < SLEUTEL_MINIMUM_TEKENS:
        raise InstellingFout(f"De sleutel in {bron} is te kort: minstens {SLEUTEL_MINIMUM_TEKENS} tekens.")
    return tekst.encode("utf-8")


def load_settings(env: Mapping[str, str] | None = None, *, demo: bool = False) -> Settings:
    """Read the settings from `env` (default: the process environment).

    A home that was made by the demo brings its own key and range, so that `run`, `status` and dagster work on it
    without further setting. With `demo=True` a key is made for it when there is none.
    Raises InstellingFout with what to do next.
    """
    env = os.environ if env is None else env
    huis = Huis(Path(env.get("REGIOMONITOR_HOME") or "data").expanduser().absolute())
    seeds = Path(env.get("REGIOMONITOR_SEEDS") or PROJECT / "seeds").expanduser().absolute()
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
    sleutel, bron = _sleutel(huis, env, is_demo=is_demo)
    return Settings(huis=huis, seeds=seeds, bsn_reeks=reeks, sleutel=sleutel, sleutel_bron=bron, kanalen=_kanalen(env))


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
