import datetime as dt
import itertools
from dataclasses import replace

import pytest

from pipeline.domain.bevindingen import Bevinding, Ernst
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs, Sleutel, Status, Telling, geldende, levering_id
from pipeline.domain.maanden import Maand

SLEUTEL = Sleutel("GM0141", Bericht.TOEWIJZINGEN, Maand(2026, 3))


def bewijs(uur: int, sha: str = "a", status: Status = Status.GEACCEPTEERD) -> Ontvangstbewijs:
    moment = dt.datetime(2026, 4, 10, uur, tzinfo=dt.UTC)
    return Ontvangstbewijs(
        levering_id=levering_id(SLEUTEL, sha),
        sleutel=SLEUTEL,
        sha256=sha,
        bytes=10,
        bestandsnaam="toewijzingen_GM0141_2026-03.csv",
        ontvangen_op=moment,
        verwerkt_op=moment,
        status=status,
        rijen_in_bestand=4,
        niet_data={"titel": 1},
        rijen=Telling(3, 2, 1),
        bedrag_cent=Telling(30, 20, 10),
        bevindingen=(Bevinding("R02", Ernst.FOUT, 1, 3, ("bsn",), (4,)),),
    )


def test_a_receipt_survives_its_json():
    assert Ontvangstbewijs.van_dict(bewijs(9).als_dict()) == bewijs(9)


@pytest.mark.parametrize(
    "fout",
    [{"rijen": Telling(3, 3, 1)}, {"bedrag_cent": Telling(30, 20, 9)}, {"rijen_in_bestand": 5}, {"niet_data": {}}],
)
def test_counts_that_do_not_close_are_an_error(fout):
    bewijs(9).controleer()
    with pytest.raises(ValueError, match="sluiten niet"):
        replace(bewijs(9), **fout).controleer()


def test_geldend_is_the_latest_accepted_whatever_the_order():
    alle = [bewijs(9), bewijs(11, "b"), bewijs(12, "c", Status.AFGEKEURD)]
    for volgorde in itertools.permutations(alle):
        assert geldende(volgorde, dt.datetime(2026, 5, 1, tzinfo=dt.UTC))[SLEUTEL].sha256 == "b"


def test_geldend_as_of_before_the_correction():
    assert geldende([bewijs(9), bewijs(11, "b")], dt.datetime(2026, 4, 10, 10, tzinfo=dt.UTC))[SLEUTEL].sha256 == "a"


def test_ties_are_broken_by_hash():
    assert geldende([bewijs(9, "b"), bewijs(9, "a")], dt.datetime(2026, 5, 1, tzinfo=dt.UTC))[SLEUTEL].sha256 == "b"


def test_identity_depends_on_key_and_bytes_only():
    ander = Sleutel("GM0147", Bericht.TOEWIJZINGEN, Maand(2026, 3))
    assert levering_id(SLEUTEL, "a") == levering_id(SLEUTEL, "a")
    assert len({levering_id(SLEUTEL, "a"), levering_id(SLEUTEL, "b"), levering_id(ander, "a")}) == 3
