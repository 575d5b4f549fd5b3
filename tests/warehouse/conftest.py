"""A data home with a few handmade leveringen: receipts and the rows that the door would have left."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.domain.bevindingen import Bevinding, Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs, Sleutel, Status, Telling, levering_id
from pipeline.domain.maanden import Maand
from pipeline.domain.publicaties import PublicatieGegevens, maak_publicatie_id, vingerafdruk
from pipeline.settings import PROJECT, BsnReeks, Huis, Settings
from pipeline.warehouse.laden import validated_pad

NU = dt.datetime(2025, 7, 20, 12, 0, tzinfo=dt.UTC)

_TYPES = {
    "rij": pl.Int32,
    "volume": pl.Decimal(14, 2),
    "budget_cent": pl.Int64,
    "geleverd_volume": pl.Decimal(14, 2),
    "producttarief_cent": pl.Decimal(14, 4),
    "ingediend_bedrag_cent": pl.Int64,
    "toewijzingstijd": pl.Time,
}
_DATUMS = {
    "leveringsmaand",
    "leeftijdsmaand",
    "toewijzingsdatum",
    "ingangsdatum",
    "einddatum",
    "besluitdatum",
    "datum_ontvangst_verzoek",
    "startdatum_levering",
    "stopdatum_levering",
    "declaratieperiode_begin",
    "declaratiedagtekening",
    "productperiode_begin",
    "productperiode_eind",
    "datum_antwoord",
}


def schrijf_rijen(huis: Huis, bewijs: Ontvangstbewijs, rijen: list[dict[str, Any]]) -> Path:
    from pipeline.warehouse.tabellen import RIJTABELLEN

    kolommen = RIJTABELLEN[bewijs.sleutel.bericht]
    schema = {k: _TYPES.get(k, pl.Date if k in _DATUMS else pl.String) for k in kolommen}
    vast = {
        "levering_id": bewijs.levering_id,
        "gemeente": bewijs.sleutel.gemeente,
        "leveringsmaand": bewijs.sleutel.maand.eerste_dag,
        "signalen": "",
    }
    teksten = [{k: str(v) if k == "toewijzingnummer" else v for k, v in r.items()} for r in rijen]
    compleet = [{k: (vast | {"rij": i} | r).get(k) for k in kolommen} for i, r in enumerate(teksten, start=2)]
    pad = validated_pad(huis, bewijs)
    pad.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(compleet, schema=schema, orient="row").write_parquet(pad)
    return pad


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    huis = Huis(tmp_path / "huis")
    huis.maak()
    return Settings(huis=huis, seeds=PROJECT / "seeds", bsn_reeks=BsnReeks.SYNTHETISCH, sleutel_bron="", sleutel=None)


@pytest.fixture(scope="session")
def catalogus() -> Catalogus:
    return Catalogus.load(PROJECT / "seeds")


def gegevens(bewijzen: list[Ontvangstbewijs], peilmoment: dt.datetime = NU) -> PublicatieGegevens:
    merk = vingerafdruk(bewijzen, seedversie="s1", codeversie="c1", peildatum=peilmoment.date())
    return PublicatieGegevens(
        publicatie_id=maak_publicatie_id(peilmoment, merk),
        peilmoment=peilmoment,
        gemaakt_op=NU,
        codeversie="c1",
        seedversie="s1",
        deurversie="d1",
        n_leveringen=len(bewijzen),
        reeks="synthetisch",
    )


Lever = Callable[..., Ontvangstbewijs]


@pytest.fixture
def lever(settings: Settings) -> Lever:
    """Make a levering: receipt and, when accepted, its rows. Amounts in cents, one row each."""

    def _lever(
        gemeente: str = "GM0153",
        bericht: Bericht = Bericht.DECLARATIES,
        maand: str = "2025-05",
        *,
        centen: tuple[int, ...] = (100, 250),
        inhoud: str = "v1",
        ontvangen_op: dt.datetime = dt.datetime(2025, 6, 12, 22, 30, tzinfo=dt.UTC),
        status: Status = Status.GEACCEPTEERD,
        deurversie: str = "d1",
    ) -> Ontvangstbewijs:
        sleutel = Sleutel(gemeente, bericht, Maand.lees(maand))
        sha = hashlib.sha256(inhoud.encode()).hexdigest()
        goed = status in (Status.GEACCEPTEERD, Status.GEACCEPTEERD_MET_OPMERKINGEN, Status.NIHIL_BEVESTIGD)
        n, cent = len(centen), sum(centen)
        bewijs = Ontvangstbewijs(
            levering_id=levering_id(sleutel, sha),
            sleutel=sleutel,
            sha256=sha,
            bytes=1234,
            bestandsnaam=f"{bericht.value}_{gemeente}_{maand}.csv",
            ontvangen_op=ontvangen_op,
            verwerkt_op=NU,
            status=status,
            rijen_in_bestand=n + 1,
            niet_data={"leeg": 1},
            rijen=Telling(n, n, 0) if goed else Telling(n, 0, n),
            bedrag_cent=Telling(cent, cent, 0) if goed else Telling(cent, 0, cent),
            bevindingen=(Bevinding("D01", Ernst.SIGNAAL, 1, n), Bevinding("D02", Ernst.FOUT, 0, n)),
            deurversie=deurversie,
            codeversie="c1",
            inhoud_hash="i",
        )
        if goed and centen:
            kolom = "ingediend_bedrag_cent" if bericht is Bericht.DECLARATIES else "budget_cent"
            extra = (
                {"producttarief_cent": Decimal("12.3456")}
                if bericht is Bericht.DECLARATIES
                else {"toewijzingstijd": dt.time(9, 30, 1)}
            )
            schrijf_rijen(settings.huis, bewijs, [{kolom: c} | extra for c in centen])
        return bewijs

    return _lever
