"""*Begrippen*: all indicators by group, and the words that say how sure a figure is.

Add here: a word that stands beside every figure. Keep out: one indicator (definities.py, begrip.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.rapport import taal
from pipeline.rapport.blokken import Pagina, Punten, Sectie, Verwijzingen
from pipeline.rapport.boek import Boek
from pipeline.rapport.bron import Rij, lees_seed
from pipeline.rapport.paginas.definities import GROEPEN


def lijst(boek: Boek, namen: Sequence[Rij]) -> Pagina:
    """Return the page of all indicators by group."""
    secties = []
    for groep in dict.fromkeys(d["groep"] for d in namen):
        mijn = [(d["naam"], f"begrip/{d['indicator_id']}.html", d["definitie"]) for d in namen if d["groep"] == groep]
        secties.append(Sectie(f"groep-{groep}", GROEPEN.get(groep, groep.capitalize()), [Verwijzingen(mijn)]))
    if not boek.editie.is_openbaar:
        secties.insert(0, Sectie("woorden", "Woorden die bij elk cijfer staan", [Punten(_woorden(boek))]))
    return Pagina(
        pad="begrip/index.html",
        titel="Begrippen",
        kicker="Begrippen",
        kop="Wat betekent elk cijfer, en waar komt het vandaan?",
        lead="Van elk cijfer de definitie, de teller en de noemer, de bron, de valkuilen en de gegevens zelf.",
        secties=secties,
        hier="begrip",
    )


def _woorden(boek: Boek) -> list[tuple[str, str, str]]:
    """Return what the words mean that say how sure a figure is."""
    maanden = next(
        (r["waarde"] for r in lees_seed(boek.publicatie, "instellingen") if r["sleutel"] == "rijping_maanden"), ""
    )
    hoelang = f"minder dan {taal.tel(int(maanden))} maanden" if maanden.isdigit() else "kort"
    return [
        (
            "Levering",
            "Het bestand met toewijzingen of declaraties dat een gemeente elke maand stuurt. De maand van een levering is niet de maand "
            "van de zorg: over zorg van juni komt de declaratie vaak met de levering van juli.",
            "",
        ),
        (
            "Geleverd (dekking)",
            "Welk deel van de jeugd tot 18 jaar woont in gemeenten die over die maand hebben geleverd. Van wie niet leverde telt mee wat er al "
            "was (een toewijzing loopt door), en ontbreekt wat er die maand bijkwam of eindigde. Zo'n maand is niet te vergelijken met een "
            "hele. Geleverd gaat over bestanden: ook als alles binnen is, komen er declaraties bij.",
            "",
        ),
        (
            "Stand",
            "Hoeveel jeugdigen er op de laatste dag van een maand in zorg waren. Dat is minder dan wie er ergens in die maand zorg had, en veel "
            "minder dan wie er in een jaar zorg had.",
            "begrip/stand.html" if "stand" in boek.bron.indicatoren else "",
        ),
        (
            "Hoeveel jeugdigen",
            "Vier tellingen, vier getallen: op één dag (stand), ergens in een maand, ergens in een jaar (de meeste), en met een declaratie "
            "(jeugdigen met kosten; daar ontbreekt wie nog niet is gedeclareerd of een budget heeft). Vergelijk alleen gelijk met gelijk.",
            "",
        ),
        (
            "Traject",
            "De zorg van één jeugdige in één segment zonder onderbreking van meer dan een maand, hoeveel toewijzingen het ook zijn.",
            "begrip/instroom.html" if "instroom" in boek.bron.indicatoren else "",
        ),
        (
            "Hulpvorm en segment",
            "Hulpvorm is hoe iemand hulp krijgt (ambulant, dagbehandeling, pleegzorg, verblijf en zo meer). Een segment is een deel van de "
            "inkoop van de regio, met een of meer hulpvormen.",
            "",
        ),
        (
            "Voorlopig en definitief (rijping)",
            f"Declaraties komen nog maanden na de zorg. Een cijfer is voorlopig zolang zijn laatste maand {hoelang} voor de laatste "
            "levering ligt, en daarna definitief. Een kleine nalevering kan ook een definitief cijfer nog veranderen.",
            "",
        ),
        (
            "Onder voorbehoud",
            'Een bedrag of volume dat niet kan kloppen, bijvoorbeeld honderd keer de afgesproken prijs ("factor honderd"). Het staat naast het cijfer en niet erin, '
            "tot de gemeente het herstelt of bevestigt.",
            "",
        ),
        (
            "Geweigerde rijen (quarantaine)",
            "Rijen die niet te lezen zijn of niet mogen. Wat ze zouden kosten staat naast het cijfer, en telt in de onder- en bovengrens mee.",
            "",
        ),
        (
            "Nog verwacht (naijling)",
            "Wat er over een maand zorg nog gedeclareerd wordt, geschat uit hoe het eerder ging; van de nieuwste maanden uit de zorg die is "
            "toegewezen. Toewijzingen die laat komen maken die schatting iets te laag.",
            "",
        ),
        (
            "Onder- en bovengrens (80%)",
            "Acht van de tien keer ligt wat het wordt ertussen. Elke maand wordt nagerekend of dat klopte.",
            "",
        ),
    ]
