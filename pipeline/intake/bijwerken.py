"""A home of before: receipts and archive with plain hashes of content, brought to keyed ones.

Lives here: the one step from receipts of version 1 to version 2 (domain.leveringen.BEWIJS_VERSIE). Killed anywhere, the
next call goes on where it stopped. Keep out: judging; rows whose bytes are in the archive are judged anew by whoever
asked.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.domain.leveringen import BEWIJS_VERSIE, Ontvangstbewijs, Status
from pipeline.domain.sleutels import inhoudsmerk
from pipeline.intake.archief import archiefpad
from pipeline.intake.bewijzen import geldigpad, quarantainepad, schrijf_bewijs
from pipeline.intake.landing import canonieke_naam, identiteit
from pipeline.settings import Huis, Settings


def werk_bij(settings: Settings) -> int:
    """Bring receipts of an older version to this one; return how many. Asked for by whoever holds the home."""
    huis = settings.huis
    oud = [(pad, plat) for pad in sorted(huis.receipts.glob("*/*/*/*.json")) if (plat := _oud(pad)) is not None]
    for pad, plat in oud:
        _zet_over(settings, pad, Ontvangstbewijs.van_dict(plat))
    return len(oud)


def _oud(pad: Path) -> dict[str, Any] | None:
    tekst = pad.read_bytes()
    if f'"bewijs_versie":{BEWIJS_VERSIE}'.encode() in tekst:
        return None
    try:
        plat = json.loads(tekst)
    except ValueError:
        return None  # who reads the receipts says what is wrong with it
    return plat if isinstance(plat, dict) and plat.get("bewijs_versie") == 1 else None


def _zet_over(settings: Settings, pad: Path, oud: Ontvangstbewijs) -> None:
    """First the bytes, then rows that nobody can make again, then the receipt; the old one goes last."""
    huis = settings.huis
    nieuw = _met_merk(oud, settings.inhoudsleutel)
    van, naar = archiefpad(huis, oud.sha256), archiefpad(huis, nieuw.sha256)
    if van.exists():
        naar.parent.mkdir(parents=True, exist_ok=True)
        van.replace(naar)
    if oud.status is not Status.ONGEWIJZIGD:
        for plek in (geldigpad, quarantainepad):
            _zet_rijen_over(
                huis, plek(huis, oud), plek(huis, nieuw), nieuw, settings.eis_sleutel(), behouden=not naar.exists()
            )
    schrijf_bewijs(huis, nieuw)
    pad.unlink()


def _met_merk(oud: Ontvangstbewijs, inhoudsleutel: bytes) -> Ontvangstbewijs:
    zij_map = oud.bestandsnaam.partition("/")[0] if "/" in oud.bestandsnaam else ""
    extensie = Path(oud.bestandsnaam).suffix.lower().removeprefix(".")
    sha256 = inhoudsmerk(inhoudsleutel, oud.sha256)
    controle = dict(oud.controle) if oud.controle is not None else None
    if controle is not None and "sha256" in controle:
        controle["sha256"] = inhoudsmerk(inhoudsleutel, controle["sha256"])
    zonder = oud.levering_id == identiteit(oud.sleutel, oud.sha256, zij_map)
    return replace(
        oud,
        sha256=sha256,
        controle=controle,
        levering_id=identiteit(oud.sleutel, sha256, zij_map, None if zonder else controle),
        bestandsnaam=canonieke_naam(oud.sleutel, extensie, zij_map),
    )


def _zet_rijen_over(
    huis: Huis, van: Path, naar: Path, nieuw: Ontvangstbewijs, sleutel: bytes, *, behouden: bool
) -> None:
    """Drop rows that will be judged anew; of others keep what is kept now: hashes of the numbers of the sender."""
    import polars as pl

    from pipeline.berichten import CONTRACTEN
    from pipeline.intake.pseudoniemen import Pseudonimiseerder
    from pipeline.intake.schrijven import schrijf

    if not van.exists():
        return
    if behouden:
        rijen = pl.read_parquet(van)
        merken = Pseudonimiseerder(sleutel)
        kenmerken = [k for k in CONTRACTEN[nieuw.sleutel.bericht].kolommen if k.kenmerk]
        rijen = rijen.with_columns(
            pl.lit(nieuw.levering_id).alias("levering_id"),
            pl.lit("").alias("eigen_sleutel"),
            *(merken.merk(rijen[k.naam], k.kenmerk).alias(k.naam) for k in kenmerken),
        )
        # in quarantine there were texts beside values; of these only the hash is left
        rijen = rijen.drop([f"{k.naam}_gelezen" for k in kenmerken], strict=False)
        schrijf(huis, naar, lambda klad: rijen.write_parquet(klad, compression="zstd"))
    van.unlink()
