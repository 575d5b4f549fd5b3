"""What goes wrong with whole files: which levering gets which defect, and what follows it.

Lives here: the choice of leveringen and the names of the defects; `onleesbaar` makes the bytes that are no table.
Add here: a file-level defect. Keep out: defects in rows (rijgebreken.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht, Sleutel, Status
from pipeline.synth.leveringen import Levering, bestandspad

GEEN_TABEL = frozenset({"L01 rommel", "L01 afgebroken zip"})
NIET_BEOORDEELD = GEEN_TABEL | {
    "L02", "L03", "L04", "L05", "L06", "L07 rijen", "L07 som", "L07 sha256", "L08", "L09"
}  # fmt: skip
"""After a blocking finding of the first door the rows are not judged."""
ZONDER_RIJEN = GEEN_TABEL | {"L02", "L03", "L05", "L06", "L09", "nihil"}
"""Files whose rows are not listed in geleverd/: nothing in them could be read under this key."""
REGEL = {
    "L01 rommel": "L01", "L01 afgebroken zip": "L01", "L02": "L02", "L03": "L03", "L04": "L04", "L05": "L05",
    "L06": "L06", "L07 rijen": "L07", "L07 som": "L07", "L07 sha256": "L07", "L08": "L08", "L09": "L09", "L10": "L10",
    "L11": "L11", "L12": "L12", "L13": "L13", "L14": "L14", "L15": "L15",
}  # fmt: skip
AANVAARD = frozenset({"nihil", "L11", "L12", "L13", "L14", "L15"})
MET_HERLEVERING = (
    "L01 rommel", "L01 afgebroken zip", "L02", "L03", "L04", "L05", "L06", "L07 rijen", "L07 som", "L07 sha256",
    "L08", "L10",
)  # fmt: skip
ALLEEN_DECLARATIES = frozenset({"L08", "L10", "L12", "L13"})
BEKORT = "(zonder herlevering)"


@dataclass
class Bestandsplan:
    """The leveringen as they were really sent. `verschoven`: share of the rows that came a month later."""

    leveringen: list[Levering]
    bijzonder: set[Sleutel] = field(default_factory=set)
    niet_geleverd: dict[Sleutel, str] = field(default_factory=dict)
    verschoven: dict[Sleutel, float] = field(default_factory=dict)


def plan_gebreken(
    plan: list[Levering], rijen: dict[Sleutel, int], catalogus: Catalogus, nu: dt.datetime, rng: np.random.Generator
) -> Bestandsplan:
    """Give file-level defects to leveringen of which `rijen` tells how many rows they hold."""
    bp = Bestandsplan(list(plan))
    if not plan:
        return bp
    _mist_twee_maanden(bp, catalogus)
    _laatste_maand(bp, rijen)
    kiezer = _Kiezer(bp, [plan[i] for i in rng.permutation(len(plan))], rijen)
    for gebrek in MET_HERLEVERING:
        if v := kiezer.neem(lambda v, g=gebrek: kiezer.past(v, g)):  # type: ignore[misc]  # g is bound early
            _herlever(bp, v, gebrek, nu)
    if v := kiezer.neem(lambda _: True):
        _vervang(bp, v, gebrek="L09", status=Status.AFGEKEURD, toelichting=f"alleen een kopregel {BEKORT}")
    _verschuif(bp, kiezer)
    _aanvaarde_gebreken(bp, kiezer)
    return bp


@dataclass
class _Kiezer:
    """Chooses leveringen for a defect: of `mutaties`, not near the edges of the period, each at most once."""

    bp: Bestandsplan
    volgorde: list[Levering]
    rijen: dict[Sleutel, int]

    def __post_init__(self) -> None:
        self.maanden = sorted({v.sleutel.maand for v in self.volgorde})
        self.midden = frozenset(self.maanden[2:-2])
        self.sleutels = frozenset(v.sleutel for v in self.volgorde)

    def neem(self, past: Callable[[Levering], bool]) -> Levering | None:
        """Take the first levering that may be used and fits."""
        for v in self.volgorde:
            k = v.sleutel
            if k not in self.bp.bijzonder and v.soort == "mutaties" and k.maand in self.midden and past(v):
                self.bp.bijzonder.add(k)
                return v
        return None

    def past(self, v: Levering, gebrek: str) -> bool:
        """Tell whether a levering can carry a defect: enough rows, the right bericht, months before it."""
        k = v.sleutel
        if k.bericht is not Bericht.DECLARATIES and (gebrek in ALLEEN_DECLARATIES or gebrek == "L07 som"):
            return False
        if gebrek == "L08" and v.bedrag_eenheid != "cent":
            return False
        if gebrek == "L04" and not self.heeft_gevuld_verleden(k):
            return False
        return self.rijen.get(k, 0) >= (40 if gebrek == "L10" else 8)

    def heeft_gevuld_verleden(self, k: Sleutel) -> bool:
        """Tell whether half a year earlier there is a month with rows to copy."""
        toen = replace(k, maand=k.maand.plus(-6))
        return toen.maand >= self.maanden[1] and self.rijen.get(toen, 0) >= 8

    def volgende_vrij(self, v: Levering) -> bool:
        """Tell whether the month after is there, and nothing is the matter with it."""
        return erna(v.sleutel) not in self.bp.bijzonder and erna(v.sleutel) in self.sleutels


def _verschuif(bp: Bestandsplan, kiezer: _Kiezer) -> None:
    """Leveringen whose rows come a month later: all of them (nil, confirmed), or most (L12)."""
    if v := kiezer.neem(lambda v: kiezer.volgende_vrij(v) and kiezer.rijen.get(v.sleutel, 0) < 60):
        bp.verschoven[v.sleutel] = 1.0
        bp.bijzonder.add(erna(v.sleutel))
        _vervang(bp, v, gebrek="nihil", status=Status.NIHIL_BEVESTIGD, met_controle=True, toelichting="nihil bevestigd")
    later = frozenset(kiezer.maanden[7:])
    if v := kiezer.neem(lambda v: kiezer.past(v, "L12") and kiezer.volgende_vrij(v) and v.sleutel.maand in later):
        bp.verschoven[v.sleutel] = 0.78
        bp.bijzonder.add(erna(v.sleutel))
        _vervang(bp, v, gebrek="L12", toelichting="een klein deel geleverd, de rest een maand later")


def _aanvaarde_gebreken(bp: Bestandsplan, kiezer: _Kiezer) -> None:
    """Files that are taken in with a remark: a copy of another month, an unknown column, an older version."""
    if v := kiezer.neem(lambda v: kiezer.past(v, "L13")):
        vorige = v.sleutel.maand.plus(-1)
        _vervang(bp, v, gebrek="L13", inhoud_van=vorige, toelichting="rijen van de vorige maand")
        bp.bijzonder.add(replace(v.sleutel, maand=vorige))
    for _ in range(3):
        if v := kiezer.neem(lambda _: True):
            _vervang(bp, v, gebrek="L11", dracht=replace(v.dracht, extra_kolom=True), toelichting="onbekende kolom")
    if v := kiezer.neem(lambda v: kiezer.rijen.get(v.sleutel, 0) >= 8):
        bp.leveringen.append(
            replace(
                v,
                bestand=bestandspad(v.sleutel, "_concept"),
                ontvangen_op=v.ontvangen_op - dt.timedelta(hours=26),
                gebrek="L14",
                toelichting="eerdere, onvolledige versie",
            )
        )


def erna(k: Sleutel) -> Sleutel:
    """The same levering a month later."""
    return replace(k, maand=k.maand.plus(1))


def _vervang(bp: Bestandsplan, v: Levering, **anders: object) -> None:
    bp.bijzonder.add(v.sleutel)
    bp.leveringen[bp.leveringen.index(v)] = replace(v, **anders)  # type: ignore[arg-type]  # fields by name


def _herlever(bp: Bestandsplan, v: Levering, gebrek: str, nu: dt.datetime) -> None:
    """Send a bad file first and a good one some days later, when there is still time for it."""
    _vervang(bp, v, **_slecht(v, gebrek))
    later = v.ontvangen_op + dt.timedelta(days=1 + len(gebrek) % 4, hours=2)
    if later <= nu:
        bp.leveringen.append(
            replace(v, bestand=bestandspad(v.sleutel, "_v2"), ontvangen_op=later, toelichting="goede herlevering")
        )


def _slecht(v: Levering, gebrek: str) -> dict[str, object]:
    k = v.sleutel
    uit: dict[str, object] = {"gebrek": gebrek, "status": Status.AFGEKEURD, "toelichting": gebrek}
    if gebrek.startswith("L07"):
        uit["met_controle"] = True
    if gebrek == "L04":
        uit["inhoud_van"] = k.maand.plus(-6)
    if gebrek == "L02":
        ander = "GM0147" if k.gemeente != "GM0147" else "GM0141"
        uit["bestand"] = f"{ander}/{bestandspad(k).split('/')[1]}"
    return uit


def _mist_twee_maanden(bp: Bestandsplan, catalogus: Catalogus) -> None:
    """One gemeente sends nothing for two months, some months back, within the agreement."""
    kandidaten = _maandelijks(bp)
    maanden = sorted({v.sleutel.maand for v in kandidaten})
    if len(maanden) < 6 or not kandidaten:
        return
    weg = {maanden[max(1, len(maanden) - 9)], maanden[max(2, len(maanden) - 8)]}
    gemeenten = sorted({v.sleutel.gemeente for v in kandidaten})
    gemeente = gemeenten[len(gemeenten) // 2]
    for v in [v for v in bp.leveringen if v.sleutel.gemeente == gemeente and v.sleutel.maand in weg]:
        bp.leveringen.remove(v)
        bp.bijzonder.add(v.sleutel)
        bp.niet_geleverd[v.sleutel] = "twee maanden niets geleverd"


def _laatste_maand(bp: Bestandsplan, rijen: dict[Sleutel, int]) -> None:
    """In the last delivered month: three refused without a good one after it, one due levering missing."""
    kandidaten = _maandelijks(bp)
    if not kandidaten:
        return
    laatste = max(v.sleutel.maand for v in kandidaten)
    over = [v for v in kandidaten if v.sleutel.maand == laatste and v.sleutel not in bp.bijzonder]
    t, d = Bericht.TOEWIJZINGEN, Bericht.DECLARATIES
    wensen = (("L05", t), ("L07 rijen", d), ("L01 rommel", t), ("", d))
    gebruikt: set[str] = set()
    for gebrek, bericht in wensen:
        keus = [
            v for v in over
            if v.sleutel.bericht is bericht and v.sleutel.gemeente not in gebruikt and rijen.get(v.sleutel, 0) > 0
        ]  # fmt: skip
        if not keus:
            continue
        v = keus[len(gebruikt) * 2 % len(keus)]
        gebruikt.add(v.sleutel.gemeente)
        if gebrek:
            anders = _slecht(v, gebrek)
            anders["toelichting"] = f"{gebrek} {BEKORT}"
            _vervang(bp, v, **anders)
        else:
            bp.leveringen.remove(v)
            bp.bijzonder.add(v.sleutel)
            bp.niet_geleverd[v.sleutel] = "laatste maand niet geleverd"


def _maandelijks(bp: Bestandsplan) -> list[Levering]:
    """Leveringen of gemeenten that deliver every month, and only what changed."""
    per_kwartaal = {
        v.sleutel.gemeente for v in bp.leveringen if (v.ontvangen_op.year * 12 + v.ontvangen_op.month)
        - (v.sleutel.maand.jaar * 12 + v.sleutel.maand.maand) > 1
    }  # fmt: skip
    return [v for v in bp.leveringen if v.soort == "mutaties" and v.sleutel.gemeente not in per_kwartaal]


def onleesbaar(gebrek: str, rng: np.random.Generator) -> bytes:
    """Bytes that are no table: rubbish, or the beginning of a zip."""
    rommel = rng.integers(0, 256, 4096, dtype=np.uint8).tobytes()
    if gebrek == "L01 afgebroken zip":
        return b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + rommel[:1200]
    return b"\x00\x01\xff\xfe\x00\x00" + rommel
