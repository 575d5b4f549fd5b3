"""What the build found on what a gemeente delivered, for its contact person: a standing list, renewed at every build.

`feedback/<gemeente>/signalen.xlsx` and `.json`: all counts per rule and month, and of the newest months the rows. These
findings need other leveringen to be seen (a credit without its debit, an allocation that vanished), so they are not
part of the answer on one levering. They never refuse a row. Lives here: what is said. Keep out: finding them (dbt).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.berichten import CONTRACTEN
from pipeline.domain.bevindingen import Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.maanden import Maand
from pipeline.domain.terugmelding import Signaal, Signaaltelling
from pipeline.reports.bezorgen import SIGNALEN, Melding, Ronde, Terugmeldingen, als_json, is_signalen
from pipeline.reports.terugmelding import GEVOLG, getal, maandnaam
from pipeline.reports.werkboek import Blad, Euro, Tekstblad, maak_werkboek, schone_tekst
from pipeline.reports.werklijst import Werk
from pipeline.settings import Huis

VERSIE = 1
UITLEG: tuple[tuple[str, str | None], ...] = (
    ("Wat dit is", None),
    ("Te doen", "Wat in uw cijfers het meest weegt, het zwaarste eerst. De andere bladen hebben alles."),
    ("Signalen", "Wat pas te zien is naast andere leveringen. Alle rijen tellen mee; er is niets geweigerd."),
    ("Bijgewerkt", "Bij elke verwerking; wat u herstelt, verdwijnt hier bij de volgende verwerking."),
    ("Wat u kunt doen", None),
    ("Klopt het niet", "Verbeter het in de eigen administratie; de volgende levering neemt het mee."),
    ("Klopt het wel", "Meld het de regio; zij legt de verklaring vast en vraagt er niet meer naar."),
    ("Hoe u een rij terugvindt", None),
    ("Rij", "Het rijnummer in het genoemde bestand; de eerste regel is 1. Leeg als het om het hele bestand gaat."),
    ("Eigen sleutel", "Uw toewijzingnummer of referentienummer. Leeg als het op een BSN lijkt."),
    ("Verdwenen uit de stand", "De eigen sleutel is het toewijzingnummer dat nu ontbreekt."),
)  # fmt: skip


def maak_signalen(
    gemeente: str,
    tellingen: Sequence[Signaaltelling],
    rijen: Sequence[Signaal],
    catalogus: Catalogus,
    *,
    maanden: int,
    werk: Sequence[Werk] = (),
) -> Melding:
    """Return the standing list of one gemeente as plain data; the workbook shows the same.

    `werk`: of the worklist what this gemeente is asked to do, heaviest first.
    """
    per_regel: dict[str, int] = defaultdict(int)
    verklaard: dict[str, int] = defaultdict(int)
    for t in tellingen:
        per_regel[t.regel_code] += t.n_rijen
        verklaard[t.regel_code] += t.n_rijen * t.is_verklaard
    regels = catalogus.regels
    orde = sorted(per_regel, key=lambda c: (list(Ernst).index(regels[c].ernst), c))
    naam = catalogus.afzenders.get(gemeente, "")
    return {
        "signalen_versie": VERSIE,
        "gemeente": gemeente,
        "gemeente_naam": naam,
        "tot_en_met": str(max(t.maand for t in tellingen)) if tellingen else None,
        "maanden_met_rijen": maanden,
        "te_doen": [
            {
                "bericht": w.bericht,
                "maand": w.maand,
                "regel_code": w.regel_code,
                "titel": w.titel,
                "n_rijen": w.n_rijen,
                "bedrag_eur": float(w.bedrag_eur),
                "raakt": w.raakt,
                "effect_aandeel": w.effect,
                "toestand": w.toestand,
                "doen": w.doen,
            }
            for w in werk
        ],
        "regels": [
            {
                "regel_code": code,
                "ernst": regels[code].ernst.value,
                "titel": regels[code].titel,
                "zin": regels[code].zin,
                "gevolg": GEVOLG[regels[code].ernst],
                "n": per_regel[code],
                "n_verklaard": verklaard[code],
                "n_rijen_genoemd": sum(r.regel_code == code for r in rijen),
            }
            for code in orde
        ],
        "tellingen": [
            {
                "regel_code": t.regel_code,
                "bericht": t.bericht.value,
                "maand": str(t.maand),
                "bestand": schone_tekst(t.bestandsnaam),
                "n": t.n_rijen,
                "is_verklaard": t.is_verklaard,
            }
            for t in sorted(tellingen, key=lambda t: (-t.maand.volgnummer, t.bericht, t.regel_code))
        ],
        "rijen": [
            {
                "regel_code": r.regel_code,
                "bericht": r.bericht.value,
                "maand": str(r.maand),
                "bestand": schone_tekst(r.bestandsnaam),
                "rij": r.rij,
                "sleutelkolom": "toewijzingnummer" if r.regel_code == "T26" else CONTRACTEN[r.bericht].eigen_sleutel,
                "sleutel": r.sleutel,
            }
            for r in rijen
        ],
    }


def maak_signalenboek(m: Melding) -> bytes:
    """Return the workbook of a standing list."""
    zinnen = {r["regel_code"]: r["zin"] for r in m["regels"]}
    return maak_werkboek(
        [
            Blad(
                "Te doen",
                ("bericht", "maand", "regel", "titel", "rijen", "bedrag", "deel", "van welk cijfer", "wat te doen"),
                (14, 10, 8, 44, 10, 16, 18, 20, 28),
                [
                    (
                        w["bericht"], w["maand"], w["regel_code"], w["titel"], w["n_rijen"],
                        Euro(round(100 * w["bedrag_eur"])), f"{100 * w['effect_aandeel']:.1f}%".replace(".", ","),
                        w["raakt"].replace("_", " "), w["doen"],
                    )
                    for w in m["te_doen"]
                ],
                "Wat in uw cijfers het meest weegt staat bovenaan."
                if m["te_doen"]
                else "Er is niets dat in uw cijfers zo zwaar weegt dat u er iets aan moet doen.",
            ),
            Tekstblad("Samenvatting", "Signalen op uw leveringen", _samenvatting(m)),
            Blad(
                "Per regel",
                ("regel", "ernst", "titel", "wat is er aan de hand", "aantal", "verklaard", "op blad Rijen", "gevolg"),
                (8, 12, 36, 80, 10, 10, 12, 36),
                [
                    (
                        r["regel_code"], r["ernst"], r["titel"], r["zin"], r["n"], r["n_verklaard"],
                        r["n_rijen_genoemd"], r["gevolg"],
                    )
                    for r in m["regels"]
                ],
            ),
            Blad(
                "Per maand",
                ("maand", "bericht", "regel", "aantal", "verklaard", "bestand"),
                (10, 14, 8, 10, 10, 50),
                [
                    (
                        t["maand"], t["bericht"], t["regel_code"], t["n"], "ja" if t["is_verklaard"] else "",
                        t["bestand"],
                    )
                    for t in m["tellingen"]
                ],
            ),
            Blad(
                "Rijen",
                ("regel", "maand", "bestand", "rij", "eigen sleutel", "sleutelkolom", "wat is er aan de hand"),
                (8, 10, 46, 9, 22, 18, 90),
                [
                    (
                        r["regel_code"], r["maand"], r["bestand"], r["rij"], r["sleutel"], r["sleutelkolom"],
                        zinnen.get(r["regel_code"], ""),
                    )
                    for r in m["rijen"]
                ],
            ),
            Tekstblad("Uitleg", "Uitleg", UITLEG),
        ]
    )  # fmt: skip


def _samenvatting(m: Melding) -> list[tuple[str, Any]]:
    n = sum(r["n"] for r in m["regels"])
    genoemd = len(m["rijen"])
    return [
        ("Gemeente", f"{m['gemeente_naam']} ({m['gemeente']})" if m["gemeente_naam"] else m["gemeente"]),
        ("Leveringen tot en met", maandnaam(Maand.lees(m["tot_en_met"])) if m["tot_en_met"] else None),
        ("Signalen", n),
        ("Oordeel", "Alle rijen tellen mee; kijk na of het klopt." if n else "Er zijn geen signalen."),
        (
            "Rijen",
            f"Van de laatste {m['maanden_met_rijen']} maanden staan {getal(genoemd)} rijen op het blad Rijen, "
            "van elke regel de nieuwste; van eerdere maanden alleen de aantallen.",
        ),
    ]


def schrijf_signalen(
    huis: Huis,
    catalogus: Catalogus,
    tellingen: Iterable[Signaaltelling],
    rijen: Iterable[Signaal],
    *,
    werk: Iterable[Werk] = (),
    alles: bool = False,
) -> Terugmeldingen:
    """Write the standing list of every gemeente of which it changed; a gemeente that never delivered has none."""
    per_gemeente: dict[str, tuple[list[Signaaltelling], list[Signaal]]] = defaultdict(lambda: ([], []))
    for t in tellingen:
        per_gemeente[t.gemeente][0].append(t)
    for r in rijen:
        per_gemeente[r.gemeente][1].append(r)
    werk, ronde = list(werk), Ronde(huis.feedback, alles=alles)
    maanden = int(catalogus.getal("terugmelding_signaal_maanden"))
    for gemeente, (eigen_tellingen, eigen_rijen) in sorted(per_gemeente.items()):
        eigen_werk = [w for w in werk if w.gemeente == gemeente]
        melding = maak_signalen(gemeente, eigen_tellingen, eigen_rijen, catalogus, maanden=maanden, werk=eigen_werk)
        merk = hashlib.sha256(_eigen_code().encode() + als_json(melding)).hexdigest()[:16]
        ronde.houd_bij(f"{gemeente}/{SIGNALEN}", merk, lambda m=melding: m, maak_signalenboek)  # type: ignore[misc]  # bound per turn
    return ronde.sluit(len(per_gemeente), behoud=lambda naam: not is_signalen(naam))


@cache
def _eigen_code() -> str:
    bronnen = [Path(__file__), Path(__file__).with_name("werkboek.py")]
    return hashlib.sha256(b"".join(p.read_bytes() for p in bronnen)).hexdigest()
