"""The order of the month stands once: every step can do its work with what those before it give."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pipeline.domain.catalogus import Catalogus
from pipeline.maand import STAP, STAPPEN, Klok, Loop, Meting
from pipeline.settings import PROJECT, BsnReeks, Huis, Settings


@pytest.fixture
def loop(tmp_path: Any) -> Loop:
    settings = Settings(Huis(tmp_path), PROJECT / "seeds", BsnReeks.SYNTHETISCH, sleutel_bron="")
    return Loop(settings, Catalogus.load(settings.seeds), dt.datetime(2025, 5, 1, tzinfo=dt.UTC))


def test_every_step_needs_only_what_was_given_before_it() -> None:
    gegeven: set[str] = set()
    for stap in STAPPEN:
        assert set(stap.nodig) <= gegeven, stap.naam
        gegeven.add(stap.geeft)
    assert len(gegeven) == len(STAP) == len(STAPPEN)


def test_a_step_is_measured_and_handed_what_it_needs(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    gemeten: list[tuple[str, int | None]] = []

    @contextmanager
    def meet(naam: str) -> Iterator[Meting]:
        meting = Meting()
        yield meting
        gemeten.append((naam, meting.rijen))

    class Geladen:
        rijen = {"toewijzingen": 3, "declaraties": 4}  # noqa: RUF012

    monkeypatch.setattr("pipeline.maand.laad", lambda opdracht, voortgang: {"o": Geladen()}[opdracht])
    loop.gegeven["opdracht"] = "o"
    assert loop.doe("laden", meet).rijen == Geladen.rijen
    assert (gemeten, "geladen" in loop.gegeven) == ([("laden", 7)], True)


def test_a_step_out_of_turn_is_not_done(loop: Loop) -> None:
    with pytest.raises(KeyError, match="opdracht"):
        loop.doe("poort en publicatie", Klok().meet)


def test_dagster_and_the_replay_do_these_steps_and_in_this_order() -> None:
    """By their source: what they call `doe` with."""
    volgorde = [s.naam for s in STAPPEN]
    for pad, alles in (("orchestration/assets.py", True), ("naspelen.py", False)):
        boom = ast.parse((PROJECT / "pipeline" / pad).read_text(encoding="utf-8"))
        genoemd = [n.value for n in ast.walk(boom) if isinstance(n, ast.Constant) and n.value in STAP]
        gedaan = sorted(set(genoemd), key=volgorde.index)
        assert gedaan, pad
        if alles:  # Dagster prepares in every step anew
            assert gedaan == [n for n in volgorde if n != "voorbereiding"]
