"""What goes back to the sender of a levering: one workbook and the same as JSON, per levering.

`feedback/<gemeente>/<bestandsnaam zonder extensie>__<eerste acht tekens levering_id>.xlsx` and `.json`. A pure function
of receipts, rows in quarantine/ and validated/, and seeds: deleted, it is made again to the same bytes. Lives here:
what is said and when it is written. Add here: a sentence for senders. Keep out: how a sheet looks (werkboek.py), values
of rows (never; the sender's own key is the one exception, and only where it cannot be a person number).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.berichten import CONTRACTEN
from pipeline.domain.bevindingen import Bevinding, Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.kalender import AMSTERDAM, lokale_dag, uiterste_datum
from pipeline.domain.leveringen import REGIO, Bericht, Ontvangstbewijs, Sleutel, Status, geldende
from pipeline.domain.maanden import Maand
from pipeline.domain.terugmelding import Terugblik
from pipeline.reports.bezorgen import Melding, Ronde, Terugmeldingen, is_signalen
from pipeline.reports.werkboek import Blad, Euro, Tekstblad, maak_werkboek, schone_tekst
from pipeline.settings import Huis

VERSIE = 1
"""Version of the JSON; raise it when a field changes its meaning or goes."""
GEVOLG = {
    Ernst.BLOKKEREND: "het hele bestand is geweigerd",
    Ernst.FOUT: "de rij telt niet mee",
    Ernst.SIGNAAL: "de rij telt mee; kijk of het klopt",
    Ernst.INFO: "ter informatie; u hoeft niets te doen",
}
REPARATIES = {
    "": "voorloopnullen terug",
    "datumvorm": "datumvorm gelezen",
    "getalvorm": "getalvorm gelezen",
    "woord": "woord vertaald",
    "aangevuld": "lege velden aan het eind aangevuld",
}
_GEMEENTE = re.compile(rf"GM\d{{4}}|{REGIO}")
_MAX_STAM = 80

Terugkijker = Callable[[Ontvangstbewijs], Terugblik]


# --- what is said ----------------------------------------------------------------------------------------------------


def maak_melding(
    bewijs: Ontvangstbewijs,
    terugblik: Terugblik,
    catalogus: Catalogus,
    *,
    geldend: Ontvangstbewijs | None = None,
    is_proef: bool = False,
) -> Melding:
    """Return all there is to say about a levering, as plain data; the workbook shows the same.

    `geldend`: what stands now for its gemeente, bericht and maand. `is_proef`: judged by `check`, not received.
    """
    s = bewijs.sleutel
    regels = catalogus.regels
    gevonden = sorted((b for b in bewijs.bevindingen if b.n_rijen > 0), key=lambda b: list(Ernst).index(b.ernst))
    zinnen = {b.regel_code: _zin(b, catalogus) for b in gevonden}
    kolommen = {b.regel_code: b.kolommen for b in gevonden}
    n_op_rij = sum(b.n_rijen for b in gevonden if b.rijen)
    return {
        "terugmelding_versie": VERSIE,
        "is_proef": is_proef,
        "levering_id": bewijs.levering_id,
        "bestand": schone_tekst(bewijs.bestandsnaam),
        "gemeente": s.gemeente,
        "gemeente_naam": catalogus.afzenders.get(s.gemeente, ""),
        "bericht": s.bericht.value,
        "maand": str(s.maand),
        "ontvangen_op": bewijs.ontvangen_op.astimezone(AMSTERDAM).isoformat(timespec="seconds"),
        "status": bewijs.status.value,
        "is_geaccepteerd": bewijs.is_geaccepteerd,
        "oordeel": oordeelzin(bewijs),
        "waarom": [zinnen[b.regel_code] for b in gevonden if b.ernst is Ernst.BLOKKEREND],
        "vervolg": _proefvervolg(bewijs) if is_proef else _vervolg(bewijs, geldend, catalogus),
        "termijn": _termijn(s, catalogus),
        "rijen_in_bestand": bewijs.rijen_in_bestand,
        "rijen": bewijs.rijen.als_dict(),
        "bedrag_cent": bewijs.bedrag_cent.als_dict(),
        "niet_data": dict(bewijs.niet_data),
        "reparaties": dict(sorted(bewijs.reparaties.items())),
        "controle": totalen(bewijs),
        "bevindingen": [
            {
                "regel_code": b.regel_code,
                "ernst": b.ernst.value,
                "titel": regels[b.regel_code].titel if b.regel_code in regels else "",
                "zin": zinnen[b.regel_code],
                "gevolg": GEVOLG[b.ernst],
                "n": b.n_rijen,
                "kolommen": list(b.kolommen),
            }
            for b in gevonden
        ],
        "plaatsen": [
            {
                "rij": p.rij,
                "sleutel": p.sleutel,
                "regel_code": p.regel_code,
                "kolommen": list(p.kolommen or kolommen[p.regel_code]),
            }
            for p in terugblik.plaatsen
        ],
        "n_plaatsen_niet_genoemd": max(0, n_op_rij - len(terugblik.plaatsen)),
        "sleutelkolom": CONTRACTEN[s.bericht].eigen_sleutel,
        "geweigerde_rijen": [
            {"rij": r.rij, "sleutel": r.sleutel, "regels": list(r.regels)} for r in terugblik.geweigerd
        ],
        "n_geweigerd_niet_genoemd": terugblik.n_geweigerd - len(terugblik.geweigerd),
        "n_geweigerd_met_het_bestand": bewijs.rijen.quarantaine - terugblik.n_geweigerd,
    }


def _zin(bevinding: Bevinding, catalogus: Catalogus) -> str:
    regel = catalogus.regels.get(bevinding.regel_code)
    return bevinding.zin or (regel.zin if regel else bevinding.regel_code)


def oordeelzin(bewijs: Ontvangstbewijs) -> str:
    """Return the verdict in one plain sentence."""
    n, weg = bewijs.rijen.ontvangen, bewijs.rijen.quarantaine
    if bewijs.status is Status.AFGEKEURD:
        return "Het bestand is afgekeurd: geen enkele rij telt mee."
    if bewijs.status is Status.NIHIL_BEVESTIGD:
        return "Het bestand is goed: er was deze maand niets te leveren, en dat is bevestigd."
    rest = "alle rijen tellen mee" if not weg else f"{getal(n - weg)} van de {getal(n)} rijen tellen mee"
    met = " met opmerkingen" if bewijs.status is Status.GEACCEPTEERD_MET_OPMERKINGEN else ""
    return f"Het bestand is goedgekeurd{met}: {rest}."


def getal(n: int) -> str:
    """Write a whole number as Dutch readers do."""
    return f"{n:,}".replace(",", ".")


def maandnaam(maand: Maand) -> str:
    """Write a month in words."""
    return maand.naam


def _dag(dag: dt.date) -> str:
    return f"{dag:%d-%m-%Y}"


def _proefvervolg(bewijs: Ontvangstbewijs) -> list[str]:
    eerst = "Dit is een controle vooraf: er is niets geleverd en niets bewaard."
    if not bewijs.is_geaccepteerd:
        return [eerst, "Verbeter het bestand en controleer het opnieuw voordat u het levert."]
    if bewijs.rijen.quarantaine:
        return [eerst, "U kunt het zo leveren; beter is eerst de geweigerde rijen te verbeteren."]
    return [eerst, "U kunt het bestand zo leveren."]


def _vervolg(bewijs: Ontvangstbewijs, geldend: Ontvangstbewijs | None, catalogus: Catalogus) -> list[str]:
    """Say what happens next: what stands, what the sender can do, until when."""
    wat = f"{bewijs.sleutel.bericht.value} {maandnaam(bewijs.sleutel.maand)}"
    if zij_map(bewijs):
        return ["Leg het bestand in de map van de eigen gemeente, of geef het de naam die bij deze map hoort."]
    if bewijs.is_geaccepteerd:
        return _vervolg_goed(bewijs, geldend, wat, catalogus)
    if geldend is None:
        eerst = f"Voor {wat} geldt nu geen enkele levering."
    elif geldend.ontvangen_op >= bewijs.ontvangen_op:
        return [f"Voor {wat} geldt {_welke(geldend)}; u hoeft niets meer te doen."]
    else:
        eerst = f"Voor {wat} blijft de vorige versie gelden: {_welke(geldend)}."
    return [eerst, "Verbeter het bestand en lever het opnieuw.", _uiterlijk(bewijs, catalogus)]


def _vervolg_goed(
    bewijs: Ontvangstbewijs, geldend: Ontvangstbewijs | None, wat: str, catalogus: Catalogus
) -> list[str]:
    if geldend is not None and geldend.levering_id != bewijs.levering_id:
        return [f"Voor {wat} geldt een andere versie: {_welke(geldend)}. Deze versie telt niet mee."]
    zinnen = [f"Deze levering geldt voor {wat}; een eerdere versie telt niet meer mee."]
    if bewijs.rijen.quarantaine:
        zinnen.append("Verbeter de geweigerde rijen en lever het hele bestand opnieuw, ook de rijen die al goed waren.")
        zinnen.append(_uiterlijk(bewijs, catalogus))
    elif any(b.n_rijen and b.ernst is Ernst.SIGNAAL for b in bewijs.bevindingen):
        zinnen.append("Kijk de signalen na; wat klopt hoeft u niet te veranderen.")
    return zinnen


def _welke(bewijs: Ontvangstbewijs) -> str:
    moment = bewijs.ontvangen_op.astimezone(AMSTERDAM)
    return f"{schone_tekst(bewijs.bestandsnaam)}, ontvangen op {moment:%d-%m-%Y om %H:%M} uur"


def _termijn(s: Sleutel, catalogus: Catalogus) -> dict[str, str] | None:
    afspraak = catalogus.afspraak(s.gemeente, s.bericht, s.maand)
    if afspraak is None:
        return None
    uiterst = uiterste_datum(afspraak, s.maand)
    respijt = uiterst + dt.timedelta(days=afspraak.respijt_dagen)
    return {"uiterste_datum": uiterst.isoformat(), "respijt_tot": respijt.isoformat()}


def _uiterlijk(bewijs: Ontvangstbewijs, catalogus: Catalogus) -> str:
    """Say until when; measured from the day of arrival, so that the sentence never changes with the clock."""
    termijn = _termijn(bewijs.sleutel, catalogus)
    if termijn is None:
        return "Er is geen uiterste dag afgesproken."
    uiterst, respijt = (dt.date.fromisoformat(termijn[n]) for n in ("uiterste_datum", "respijt_tot"))
    dag = lokale_dag(bewijs.ontvangen_op)
    if dag <= uiterst:
        return f"Op tijd is uiterlijk {_dag(uiterst)}; na {_dag(respijt)} staat de levering als ontbrekend."
    if dag <= respijt:
        return f"De uiterste dag ({_dag(uiterst)}) was voorbij; na {_dag(respijt)} staat de levering als ontbrekend."
    return f"De uiterste dag ({_dag(uiterst)}) was al voorbij; lever zo snel mogelijk opnieuw."


def totalen(bewijs: Ontvangstbewijs) -> list[dict[str, Any]] | None:
    """Compare the control totals in both directions; None when the sender gave none."""
    if bewijs.controle is None:
        return None
    if bewijs.controle.get("onleesbaar"):
        return [{"wat": "controlebestand", "opgegeven": "onleesbaar", "gevonden": None, "klopt": False}]
    gevonden = {
        "rijen": bewijs.rijen.ontvangen,
        "som_bedrag_cent": bewijs.bedrag_cent.ontvangen,
        "sha256": bewijs.sha256,
    }
    return [
        # a hash is told to be right or not: ours is keyed and says nothing to a sender, and theirs is not kept
        {"wat": naam, "opgegeven": None, "gevonden": None, "klopt": opgegeven == gevonden[naam]}
        if naam == "sha256"
        else {"wat": naam, "opgegeven": opgegeven, "gevonden": gevonden[naam], "klopt": opgegeven == gevonden[naam]}
        for naam, opgegeven in sorted(bewijs.controle.items())
        if naam in gevonden
    ]


# --- the workbook ----------------------------------------------------------------------------------------------------


def maak_boek(m: Melding) -> bytes:
    """Return the workbook of a melding."""
    titel = "Controle vooraf" if m["is_proef"] else "Terugmelding op uw levering"
    zinnen = {b["regel_code"]: b["zin"] for b in m["bevindingen"]}
    ernsten = {b["regel_code"]: b["ernst"] for b in m["bevindingen"]}
    sleutel = m["sleutelkolom"] or "eigen sleutel"
    return maak_werkboek(
        [
            Tekstblad("Samenvatting", titel, _samenvatting(m), is_goed=m["is_geaccepteerd"]),
            Blad(
                "Bevindingen",
                ("regel", "ernst", "titel", "wat is er aan de hand", "aantal", "kolommen", "gevolg"),
                (8, 14, 32, 70, 10, 36, 36),
                [
                    (b["regel_code"], b["ernst"], b["titel"], b["zin"], b["n"], ", ".join(b["kolommen"]), b["gevolg"])
                    for b in m["bevindingen"]
                ],
                naschrift="" if m["bevindingen"] else "Er zijn geen bevindingen.",
            ),
            Blad(
                "Per rij",
                ("bestand", "rij", sleutel, "kolommen", "regel", "ernst", "wat is er aan de hand"),
                (44, 9, 22, 36, 8, 14, 70),
                [
                    (
                        m["bestand"], p["rij"], p["sleutel"], ", ".join(p["kolommen"]), p["regel_code"],
                        ernsten[p["regel_code"]], zinnen[p["regel_code"]],
                    )
                    for p in m["plaatsen"]
                ],
                naschrift=_meer(m["n_plaatsen_niet_genoemd"], "bevinding op een rij", "bevindingen op rijen"),
            ),
            Blad(
                "Geweigerde rijen",
                ("rij", sleutel, "regels", "wat is er aan de hand"),
                (9, 24, 20, 110),
                [
                    (r["rij"], r["sleutel"], ", ".join(r["regels"]), " ".join(zinnen[c] for c in r["regels"]))
                    for r in m["geweigerde_rijen"]
                ],
                naschrift=_naschrift_geweigerd(m),
            ),
            Tekstblad("Uitleg", "Uitleg", UITLEG),
        ]
    )  # fmt: skip


def _meer(n: int, enkel: str, meer: str) -> str:
    return f"En nog {getal(n)} {enkel if n == 1 else meer} die hier niet meer {'past' if n == 1 else 'passen'}." * bool(
        n
    )


def _naschrift_geweigerd(m: Melding) -> str:
    zinnen = [_meer(m["n_geweigerd_niet_genoemd"], "geweigerde rij", "geweigerde rijen")]
    if n := m["n_geweigerd_met_het_bestand"]:
        zinnen.append(
            f"{getal(n)} {'rij is' if n == 1 else 'rijen zijn'} geweigerd omdat het hele bestand geweigerd is."
        )
    if not m["rijen"]["quarantaine"]:
        zinnen.append("Er zijn geen rijen geweigerd.")
    return " ".join(z for z in zinnen if z)


def _samenvatting(m: Melding) -> list[tuple[str, Any]]:
    r, c = m["rijen"], m["bedrag_cent"]
    geld = CONTRACTEN[Bericht(m["bericht"])].geldkolom
    uit: list[tuple[str, Any]] = [
        ("Bestand", m["bestand"]),
        ("Gemeente", f"{m['gemeente_naam']} ({m['gemeente']})".strip() if m["gemeente_naam"] else m["gemeente"]),
        ("Bericht", m["bericht"]),
        ("Maand", maandnaam(Maand.lees(m["maand"]))),
        ("Datum van het bestand" if m["is_proef"] else "Ontvangen op", dt.datetime.fromisoformat(m["ontvangen_op"])),
        ("Oordeel", m["oordeel"]),
        ("Status", m["status"]),
        *[("Waarom" if not i else "", zin) for i, zin in enumerate(m["waarom"])],
        *[("Wat nu" if not i else "", zin) for i, zin in enumerate(m["vervolg"])],
    ]
    if m["termijn"]:
        uit.append(("Uiterste dag", dt.date.fromisoformat(m["termijn"]["uiterste_datum"])))
        uit.append(("Respijt tot en met", dt.date.fromisoformat(m["termijn"]["respijt_tot"])))
    uit += [
        ("Rijen", None),
        ("In het bestand", m["rijen_in_bestand"]),
        ("Geen gegevens (titel, leeg, totaal)", sum(m["niet_data"].values())),
        ("Ontvangen", r["ontvangen"]),
        ("Geaccepteerd", r["geaccepteerd"]),
        ("Geweigerd", r["quarantaine"]),
    ]
    if geld:
        uit += [
            (f"Som van {geld}", None),
            ("Ontvangen", Euro(c["ontvangen"])),
            ("Geaccepteerd", Euro(c["geaccepteerd"])),
            ("Geweigerd", Euro(c["quarantaine"])),
        ]
    if m["reparaties"]:
        uit.append(("Hersteld bij het lezen", None))
        uit += [(_reparatie(naam), n) for naam, n in m["reparaties"].items()]
    return uit + controleregels(m["controle"])


def _reparatie(naam: str) -> str:
    """Word a repair as the receipt counts it: `kolom` or `kolom:soort`."""
    kolom, _, soort = naam.partition(":")
    return f"{kolom}: {REPARATIES.get(soort, soort)}"


def controleregels(controle: Sequence[Mapping[str, Any]] | None) -> list[tuple[str, Any]]:
    """Word the comparison of `totalen`: a heading, then what was given against what was found."""
    if controle is None:
        return [("Controletotalen", None), ("Controlebestand", "niet meegeleverd; dat hoeft ook niet")]
    uit: list[tuple[str, Any]] = [("Controletotalen", None)]
    for c in controle:
        anders = "klopt niet"
        if c["opgegeven"] is not None:
            anders += f": opgegeven {c['opgegeven']}, in het bestand {c['gevonden']}"
        klopt = "klopt" if c["klopt"] else anders
        uit.append(
            (c["wat"], klopt if c["opgegeven"] != "onleesbaar" else "het controlebestand kan niet worden gelezen")
        )
    return uit


UITLEG: tuple[tuple[str, str | None], ...] = (
    ("Wat de status betekent", None),
    ("GEACCEPTEERD", "Alles is goed en telt mee."),
    (
        "GEACCEPTEERD_MET_OPMERKINGEN",
        "Het bestand telt mee, maar er is iets te doen. Geweigerde rijen tellen niet mee; rijen met een signaal wel.",
    ),
    ("NIHIL_BEVESTIGD", "Er was niets te leveren, en dat is bevestigd."),
    ("AFGEKEURD", "Niets uit dit bestand telt mee. Wat eerder goed is geleverd, blijft gelden."),
    ("Wat de ernst betekent", None),
    *[(ernst.value, gevolg[0].upper() + gevolg[1:] + ".") for ernst, gevolg in GEVOLG.items()],
    ("Hoe u een rij terugvindt", None),
    ("Rij", "Het rijnummer in uw eigen bestand; de eerste regel is 1, de kopregel telt dus mee."),
    ("Eigen sleutel", "Uw toewijzingnummer of referentienummer. Leeg als dat niet leesbaar was of op een BSN lijkt."),
    ("Kolommen", "Waar u naar kunt kijken; staan er meer, dan is het er minstens een. Namen: zie de leverhandleiding."),
    ("Opnieuw leveren", None),
    ("Hele bestand", "Een nieuwe levering vervangt de vorige van die maand helemaal; lever nooit alleen de fouten."),
    ("Vooraf controleren", "Met `regiomonitor check BESTAND` krijgt u hetzelfde oordeel zonder te leveren."),
    ("Privacy", None),
    ("Geen persoonsgegevens", "Van uw rijen staat hier alleen uw eigen nummer: geen BSN, naam of geboortedatum."),
)  # fmt: skip


# --- writing ---------------------------------------------------------------------------------------------------------


def zij_map(bewijs: Ontvangstbewijs) -> str:
    """Return the folder in which the file lay when that is not of its own gemeente; else empty."""
    map_, streep, _ = bewijs.bestandsnaam.partition("/")
    return map_ if streep and _GEMEENTE.fullmatch(map_) else ""


def plek(bewijs: Ontvangstbewijs) -> str:
    """Return folder and name without extension, below feedback/.

    Who put the file there is who hears about it: a file in the folder of another gemeente is answered in that folder.
    """
    naam = bewijs.bestandsnaam.rpartition("/")[2].rpartition(".")[0]
    stam = re.sub(r"[^A-Za-z0-9._-]+", "_", naam)[:_MAX_STAM].strip("._") or "levering"
    return f"{zij_map(bewijs) or bewijs.sleutel.gemeente}/{stam}__{bewijs.levering_id[:8]}"


def schrijf_terugmeldingen(
    huis: Huis, catalogus: Catalogus, bewijzen: Iterable[Ontvangstbewijs], lees: Terugkijker, *, alles: bool = False
) -> Terugmeldingen:
    """Write what is new or changed, remove what belongs to no receipt any more; `alles`: write everything.

    What is new is decided by a fingerprint of all that is said, and by whether both files are there, whole. A folder
    that cannot be written is reported and stops nobody else's.
    """
    bewijzen = list(bewijzen)
    staand = geldende(bewijzen, max((b.ontvangen_op for b in bewijzen), default=dt.datetime.min.replace(tzinfo=dt.UTC)))
    basis = _basis(catalogus)
    ronde = Ronde(huis.feedback, alles=alles)
    for bewijs in bewijzen:
        geldend = staand.get(bewijs.sleutel)
        merk = _merk(basis, bewijs, geldend)

        def maak(bewijs: Ontvangstbewijs = bewijs, geldend: Ontvangstbewijs | None = geldend) -> Melding:
            return maak_melding(bewijs, lees(bewijs), catalogus, geldend=geldend)

        ronde.houd_bij(plek(bewijs), merk, maak, maak_boek)
    return ronde.sluit(len(bewijzen), behoud=is_signalen)


def _basis(catalogus: Catalogus) -> str:
    """Fingerprint of what is the same for all: wording, and the seeds it reads."""
    seeds = ("ref_regels.csv", "ref_gemeenten.csv", "ref_leveringsafspraken.csv")
    hashes = [hashlib.sha256((catalogus.map / naam).read_bytes()).hexdigest() for naam in seeds]
    return "|".join([_eigen_code(), str(catalogus.getal("terugmelding_max_rijen")), *hashes])


@cache
def _eigen_code() -> str:
    bronnen = [Path(__file__), Path(__file__).with_name("werkboek.py")]
    return hashlib.sha256(b"".join(p.read_bytes() for p in bronnen)).hexdigest()


def _merk(basis: str, b: Ontvangstbewijs, geldend: Ontvangstbewijs | None) -> str:
    """Fingerprint of one melding; a verdict is a function of content and door, so their names stand for it."""
    staat = (geldend.levering_id, geldend.ontvangen_op.isoformat()) if geldend else ()
    delen = (basis, b.levering_id, b.bestandsnaam, b.deurversie, b.status.value, b.ontvangen_op.isoformat(), *staat)
    return hashlib.sha256("|".join(delen).encode("utf-8", "replace")).hexdigest()[:16]
