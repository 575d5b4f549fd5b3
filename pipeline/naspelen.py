"""Rebuild everything right of archive/ and compare it with what is published.

Lives here: the replay. Add here: another way to look back over the whole archive. Keep out: the steps themselves
(maand.py).
"""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass, replace

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.oude_seeds import vul_aan
from pipeline.maand import (
    Klok,
    Loop,
    Voortgang,
    bereid_voor,
    draai,
    meld_signalen,
    meld_terug,
    stil,
    zijhuis,
)
from pipeline.settings import Huis, Settings


@dataclass(frozen=True)
class Replay:
    """Whether a rebuild from archive, receipts, seeds and code gave the marts that are published."""

    is_identiek: bool
    verschillen: tuple[str, ...]
    n_leveringen: int
    seconden: dict[str, float]


def speel_na(settings: Settings, catalogus: Catalogus, *, nu: dt.datetime, voortgang: Voortgang = stil) -> Replay:
    """Rebuild everything right of archive/ and compare the marts with those that are published.

    The rebuild happens aside, as of the current publication and with its seeds; the published files are not touched.
    When the marts are identical the rebuilt rows and warehouse take the place of the old ones. When nothing is
    published yet (or published/ was deleted) the rebuild is in place and is published. Raises as `draai` does.
    """
    from pipeline import intake, publish
    from pipeline.proces.slot import enige_schrijver

    settings.controleer_huis()
    staand = publish.huidige(settings)
    if staand is None:
        return _herstel(settings, catalogus, nu=nu, voortgang=voortgang)
    klok = Klok()
    with enige_schrijver(settings.huis):
        shutil.rmtree(settings.huis.work / "replay", ignore_errors=True)
        intake.werk_bij(settings)
        zij = zijhuis(settings.huis, "replay")
        oud = Catalogus.load(vul_aan(staand.pad / "seeds", catalogus.map, settings.huis.work / "seeds-van-toen"))
        terzijde = replace(settings, huis=zij, seeds=oud.map)
        with klok.meet("inname"):
            intake.beoordeel_opnieuw(
                terzijde, oud, nu=nu, alles=True, voortgang=lambda g, t, _w: voortgang("inname", g, t)
            )
        opdracht = bereid_voor(terzijde, oud, nu=nu, peilmoment=staand.peilmoment, huidige_seeds=True)
        opdracht = replace(opdracht, gegevens=replace(opdracht.gegevens, publicatie_id=staand.publicatie_id))
        loop = Loop(terzijde, oud, nu, voortgang=voortgang, gegeven={"opdracht": opdracht})
        for naam in ("laden", "bouwen", "uitgaven"):
            loop.doe(naam, klok.meet)
        with klok.meet("vergelijken"):
            anders = publish.zelfde_inhoud(staand.pad, loop.gegeven["kandidaat"].pad)
        if not anders:
            _neem_over(settings.huis, zij)
            with klok.meet("terugmelding"):
                meld_terug(settings, catalogus, alles=True)
                meld_signalen(settings, catalogus, alles=True)
        shutil.rmtree(zij.pad, ignore_errors=True)
    return Replay(not anders, tuple(anders), len(opdracht.bewijzen), klok.seconden)


def _herstel(settings: Settings, catalogus: Catalogus, *, nu: dt.datetime, voortgang: Voortgang) -> Replay:
    """Judge all of the archive anew in place and publish: there is nothing to compare with."""
    from pipeline import intake
    from pipeline.proces.slot import enige_schrijver

    with enige_schrijver(settings.huis):
        settings.huis.warehouse.unlink(missing_ok=True)
        intake.beoordeel_opnieuw(settings, catalogus, nu=nu, alles=True)
    uitkomst = draai(settings, catalogus, nu=nu, maanden=(), voortgang=voortgang)
    return Replay(uitkomst.is_gepubliceerd, (), len(uitkomst.opdracht.bewijzen), uitkomst.seconden)


def _neem_over(huis: Huis, zij: Huis) -> None:
    """Put the rebuilt rows and warehouse in the place of the old ones; each can be rebuilt again, so order is free."""
    for oud, nieuw in ((huis.validated, zij.validated), (huis.quarantine, zij.quarantine)):
        shutil.rmtree(oud, ignore_errors=True)
        if nieuw.exists():  # a region without a refused row has no quarantine
            nieuw.rename(oud)
    zij.warehouse.replace(huis.warehouse)
