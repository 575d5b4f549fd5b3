"""`regiomonitor nieuw`: the folder of another region, with nothing of the example region in it.

Lives here: which seeds a region fills in, what each is for and an example of a row, the settings file and the key. Add
here: a seed that a region fills in (and its name in domain/seedcontrole.py). Keep out: whether what was filled in is
right (domain/seedcontrole.py), the data home (beheer/controle.py makes it, on purpose).
"""

from __future__ import annotations

import csv
import io
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.domain import seedbestand
from pipeline.domain.seedcontrole import EIGEN_INSTELLINGEN, REGIOBESTANDEN
from pipeline.settings import PROJECT, InstellingFout

VOORBEELD = PROJECT / "seeds"
"""The example region: what comes with the project is copied from it, what is the region's own is not."""
SLEUTEL, INSTELLINGEN, SEEDS, HUIS = "sleutel", "regiomonitor.env", "seeds", "data"

WAARTOE: dict[str, tuple[str, str]] = {
    "gemeenten": (
        "Welke gemeenten bij de regio horen, van en tot wanneer; jeugdregio is de naam van de regio. Nodig.",
        "GM0001,0001,Voorbeeldstad,Voorbeeldstad,Voorbeeldprovincie,Voorbeeldregio,2015-01-01,,CBS-indeling",
    ),
    "leveringsafspraken": (
        "Wat elke gemeente levert: per bericht (toewijzingen en declaraties) een rij. soort is stand of mutaties; "
        "bedrag_eenheid cent of euro; cadans maand of kwartaal; versies alle of laatste. Nodig.",
        "GM0001,declaraties,mutaties,cent,maand,2026-01-01,,15,10,alle,",
    ),
    "inwoners": (
        "Inwoners op 1 januari per gemeente en jaar, van alle jaren waarover cijfers komen (CBS). Nodig.",
        "GM0001,2026,50000,10000,13000,CBS StatLine",
    ),
    "contacten": (
        "Wie hoort dat iets te laat, afgekeurd of stil is: functies, geen personen; gemeente is een code of REGIO. "
        "kanaal is mail, kanaal (adres is dan de NAAM van REGIOMONITOR_KANAAL_NAAM) of uitbak (niemand).",
        "levering-voorbeeldstad,GM0001,,gewoon,mail,jeugddata@voorbeeldstad.example,0,ja,2026-01-01,",
    ),
    "productcodes": (
        "De productenlijst met segment en tarief in eurocenten, een rij per tijdvak; gemeente leeg is de hele regio. "
        "Zonder deze lijst zijn er geen prijzen om bedragen aan te toetsen.",
        "45A04,45,Begeleiding individueel,ambulant,02,nee,nee,nee,nee,04,7359,2026-01-01,,,productenlijst van de regio",
    ),
    "aanbieders": (
        "Aanbieders met een contract, en wie strategisch partner is. Zonder deze lijst blijven twee indicatoren leeg.",
        "12345678,Voorbeeldaanbieder,contract,ambulant,2026-01-01,,contractregister",
    ),
    "indexatie": ("Hoeveel de tarieven dat jaar stegen, als aandeel.", "2026,0.038,besluit van de regio"),
    "streefwaarden": (
        "De doelen van het sturingsplan: verandering per jaar sinds het basisjaar. Zonder doelen is er geen "
        "doelrealisatie.",
        "verblijf_uitgaven,Uitgaven verblijf,kosten,verblijf,,-0.10,2025,2026,2032,,sturingsplan",
    ),
    "maatregelen": (
        "Maatregelen met investering en verwachte besparing per jaar; gebied_code REGIO of een gemeente.",
        "meer_ambulant,Meer ambulant,Voorbeeldregio,REGIO,kosten,verblijf,,2026-01,2032,100000,250000,,sturingsplan",
    ),
    "bijdragen": (
        "Vaste bedragen die de gemeenten naar inwoners delen.",
        "uitvoering,Uitvoering van het sturingsplan,1500000,2026,1000,begroting",
    ),
    "referentiewaarden": (
        "Bekende cijfers van elders of uit een andere telling, als lijn naast het eigen cijfer.",
        "jeugdigen_in_zorg,Nederland,totaal,,2024,480000,CBS,andere telling",
    ),
    "historie": (
        "Cijfers van voor de regio zelf telde, zoals toen gedrukt; wat in de druk niet optelt staat in de afwijkingen.",
        "2011,kosten,REGIO,regio,totaal,130000,,,,,notitie van toen",
    ),
    "historie_maten": (
        "Wat er toen is geteld, en wat anders is dan nu; indicator_id is het cijfer waar het als context naast mag.",
        "kosten,Kosten,duizend euro,2011,voor de Jeugdwet van 2015,kosten,notitie van toen",
    ),
    "vrijstellingen": (
        "Maanden waarover een gemeente niet hoeft te leveren, met de reden.",
        "GM0001,,2026-01,2026-03,overgang naar een ander systeem,2026-01-10",
    ),
    "nihil_opgaven": (
        "Maanden waarover een gemeente bevestigde dat er niets was.",
        "GM0001,declaraties,2026-01,administratie,2026-02-10",
    ),
    "verklaringen": (
        "Waarom een bevinding of een beweging klopt; dan vraagt niemand het nog eens. Geen nummers van jeugdigen.",
        "GM0001,declaraties,2026-01,D24,,,,,kwartaalfactuur,beheer,2026-02-12",
    ),
    "duiding": (
        "Wat mensen bij een cijfer zeggen, op de rapportpagina's ernaast; door is een rol, geen persoon.",
        "verblijf_2026,kosten,REGIO,verblijf,,2026,Er sloot een groep.,beleidsadviseur,2026-03-02,intern,,,",
    ),
}


@dataclass(frozen=True)
class NieuweRegio:
    """What was made: the folder, and in it the file with settings and the seeds that the region fills in."""

    map: Path
    instellingen: Path
    in_te_vullen: tuple[Path, ...]


def maak_regio_map(map_: Path) -> NieuweRegio:
    """Make the folder of a region; InstellingFout when there is something in it already."""
    map_ = map_.expanduser().absolute()
    if map_.exists() and (not map_.is_dir() or any(map_.iterdir())):
        raise InstellingFout(f"{map_} bestaat al en is niet leeg; kies een andere map.")
    if not map_.parent.is_dir():
        raise InstellingFout(f"{map_.parent} bestaat niet; maak die map eerst, of verbeter het pad.")
    seeds = map_ / SEEDS
    seeds.mkdir(parents=True)
    for pad in sorted(VOORBEELD.glob("ref_*.csv")):
        naam = pad.stem.removeprefix("ref_")
        if naam in REGIOBESTANDEN:
            (seeds / pad.name).write_text(_leeg(pad, *WAARTOE[naam]), encoding="utf-8")
        else:
            shutil.copyfile(pad, seeds / pad.name)
    _zonder_afzender(seeds / "ref_instellingen.csv")
    sleutel = map_ / SLEUTEL
    sleutel.touch(mode=0o600)
    sleutel.write_text(secrets.token_hex(32) + "\n", encoding="utf-8")
    instellingen = map_ / INSTELLINGEN
    instellingen.touch(mode=0o600)
    instellingen.write_text(_instellingen(map_), encoding="utf-8")
    vul_in = tuple(seeds / f"ref_{naam}.csv" for naam in (*REGIOBESTANDEN, "instellingen"))
    return NieuweRegio(map_, instellingen, vul_in)


def _leeg(pad: Path, waartoe: str, voorbeeld: str) -> str:
    """Header, what the file is for and an example row, both as lines for people."""
    kop = ",".join(seedbestand.kopregel(pad))
    return kop + "\n" + _regels([[f"# {waartoe}"], [f"# Bijvoorbeeld: {voorbeeld}"]])


def _zonder_afzender(pad: Path) -> None:
    """Empty what says whose figures these are; everything else is a default of the project."""
    kop = list(seedbestand.kopregel(pad))
    rijen = [r | ({"waarde": ""} if r["sleutel"] in EIGEN_INSTELLINGEN else {}) for _, r in seedbestand.lees(pad)]
    pad.write_text(_regels([kop, *([r[k] for k in kop] for r in rijen)]), encoding="utf-8")


def _regels(rijen: Sequence[Sequence[str]]) -> str:
    uit = io.StringIO()
    csv.writer(uit, lineterminator="\n").writerows(rijen)
    return uit.getvalue()


def _instellingen(map_: Path) -> str:
    return f"""# Instellingen van deze regio; in de shell: set -a; . "{map_ / INSTELLINGEN}"; set +a
# Wat elke instelling betekent staat in docs/settings.md; `regiomonitor controleer` zegt wat er nog niet klopt.
REGIOMONITOR_HOME="{map_ / HUIS}"
REGIOMONITOR_SEEDS="{map_ / SEEDS}"
# de sleutel van de pseudoniemen: bewaar een kopie op een veilige plek, apart van de back-ups
REGIOMONITOR_SLEUTELBESTAND="{map_ / SLEUTEL}"
REGIOMONITOR_BSN_REEKS=productie
# aan: Dagster neemt zelf in wat binnenkomt
REGIOMONITOR_ROOSTER=uit
# json: logregels voor een server
REGIOMONITOR_LOG=
# mailserver, met de aanhalingstekens: "mailto://mail.example:25?from=regiomonitor@regio.example&mode=insecure"
# leeg: niemand krijgt mail
REGIOMONITOR_MAIL=
"""
