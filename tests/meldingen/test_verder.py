"""A further extract is asked about where it was agreed on and late, of the regio itself too; and nowhere else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.contacten import Contact
from pipeline.domain.kalender import kalender
from pipeline.domain.leveringen import REGIO, Bericht
from pipeline.meldingen.bundel import Bundel, Nieuws, hoort
from pipeline.meldingen.melding import Melding, Soort, Staat, Waarneming
from pipeline.meldingen.teksten import tekst
from pipeline.meldingen.vaststellen import uit_kalender
from tests.kleine_regio import maak_seeds

NU = dt.datetime(2026, 4, 18, 9, tzinfo=dt.UTC)  # three days after the due date, within the grace


def seeds(map_: Path, *afspraken: str) -> Catalogus:
    maak_seeds(map_, ("GM0141", "GM0147"))
    with (map_ / "ref_leveringsafspraken.csv").open("a", encoding="utf-8") as f:
        f.writelines(f"{a},mutaties,cent,maand,2026-02-01,,15,10,alle,\n" for a in afspraken)
    return Catalogus.load(map_)


def laat(catalogus: Catalogus) -> dict[tuple[str, str, str], Waarneming]:
    alle = uit_kalender(kalender(catalogus, [], NU), [], lambda _: ())
    return {
        (w.identiteit.gemeente, w.identiteit.bericht, w.identiteit.periode): w
        for w in alle
        if Bericht(w.identiteit.bericht).is_optioneel
    }


def test_what_was_agreed_and_is_late_is_asked_of_who_agreed(tmp_path: Path) -> None:
    catalogus = seeds(tmp_path / "seeds", "REGIO,capaciteit", "GM0147,dossierfeiten")
    gevonden = laat(catalogus)
    assert {k: w.soort for k, w in gevonden.items()} == {
        (REGIO, "capaciteit", "2026-02"): Soort.ONTBREEKT,
        (REGIO, "capaciteit", "2026-03"): Soort.TE_LAAT,
        ("GM0147", "dossierfeiten", "2026-02"): Soort.ONTBREEKT,
        ("GM0147", "dossierfeiten", "2026-03"): Soort.TE_LAAT,
    }


def test_without_an_agreement_nobody_is_asked(tmp_path: Path) -> None:
    assert laat(seeds(tmp_path / "seeds")) == {}


def test_who_hears_of_the_regio_and_in_which_words(tmp_path: Path) -> None:
    catalogus = seeds(tmp_path / "seeds", "REGIO,capaciteit")
    w = laat(catalogus)[REGIO, "capaciteit", "2026-03"]
    melding = Melding(w.identiteit, 1, w.soort, w.kenmerk, w.feiten, Staat.OPEN, NU, NU)

    def contact(wie: str, bericht: Bericht | None) -> Contact:
        return Contact("x", wie, bericht, "gewoon", "mail", "x@regio.example", 0, True, dt.date(2025, 1, 1), None)

    van_regio = contact(REGIO, Bericht.CAPACITEIT)
    assert hoort(van_regio, melding)
    assert hoort(contact(REGIO, None), melding)
    assert not hoort(contact(REGIO, Bericht.VERZOEKEN), melding)
    assert not hoort(contact("GM0141", None), melding)
    bericht = tekst(van_regio, Bundel(((next(iter(Nieuws)), melding),), None), catalogus, NU)
    assert "Regio: de opgaven capaciteit van maart 2026 zijn te laat" in bericht
    assert "De uiterste dag was 15 april 2026." in bericht
