"""Columns of the bericht `declaraties` (iJw 323, with the answer of the 325): SPEC 3, DOMAIN 1.4 and 1.8."""

from __future__ import annotations

from dataclasses import replace

from pipeline.berichten.gedeeld import AANBIEDER_AGB, BSN, EENHEID, PRODUCTCATEGORIE, PRODUCTCODE, TOEWIJZINGNUMMER
from pipeline.berichten.kolom import Contract, Kolom, Vorm
from pipeline.domain.leveringen import Bericht

DEBET_CREDIT = frozenset({"D", "C"})
STATUSSEN = frozenset(
    {"ingediend", "in behandeling", "in_behandeling", "goedgekeurd", "toegekend", "toegewezen", "afgekeurd", "betaald"}
)
STATUS_AFGEKEURD = "afgekeurd"

_REGEL = "Bericht/Declaratie/Clienten/Client/Prestaties/Prestatie/"

CONTRACT = Contract(
    bericht=Bericht.DECLARATIES,
    ggm="DECLARATIEREGEL",
    korrel="een rij per declaratieregel (prestatie)",
    geldkolom="ingediend_bedrag",
    tariefkolom="producttarief",
    volumekolom="geleverd_volume",
    productdag="productperiode_begin",
    eigen_sleutel="referentienummer",
    orde=(("productperiode_begin", "productperiode_eind", "D05"),),
    periodekolommen=("declaratiedagtekening",),
    kolommen=(
        replace(AANBIEDER_AGB, ijw=("Bericht/Header/Afzender",)),
        Kolom(
            "declaratienummer",
            Vorm.KENMERK,
            "Nummer van de declaratie van de aanbieder.",
            "D2025-031",
            verplicht=True,
            kenmerk="declaratie",
            breedte=12,
            ijw=("Bericht/Declaratie/DeclaratieNummer",),
            ggm=("DECLARATIE/CODE",),
            bewaard="declaratienummer",
        ),
        Kolom(
            "declaratieperiode_begin",
            Vorm.DATUM,
            "Eerste dag van de periode waarover de aanbieder declareert.",
            "2025-03-01",
            ijw=("Bericht/Declaratie/DeclaratiePeriode/Begindatum",),
            bewaard="declaratieperiode_begin",
        ),
        Kolom(
            "declaratiedagtekening",
            Vorm.DATUM,
            "Dag waarop de declaratie is opgesteld; bepaalt in welke maand zij hoort.",
            "2025-03-31",
            verplicht=True,
            ijw=("Bericht/Declaratie/DeclaratieDagtekening",),
            ggm=("DECLARATIE/DATUMDECLARATIE",),
            bewaard="declaratiedagtekening",
        ),
        replace(BSN, ijw=("Bericht/Declaratie/Clienten/Client/Bsn",)),
        Kolom(
            "referentienummer",
            Vorm.KENMERK,
            "Kenmerk van de declaratieregel bij de aanbieder; uniek per aanbieder.",
            "REF-2025/1",
            verplicht=True,
            kenmerk="regel",
            breedte=20,
            ijw=(_REGEL + "ProductReferentie/ReferentieNummer",),
            ggm=("DECLARATIEREGEL/CODE",),
            bewaard="referentienummer",
        ),
        Kolom(
            "vorig_referentienummer",
            Vorm.KENMERK,
            "Bij een creditregel: het referentienummer van de ingetrokken regel.",
            "REF-2025/0",
            kenmerk="regel",
            breedte=20,
            ijw=(_REGEL + "ProductReferentie/VorigReferentieNummer",),
            bewaard="vorig_referentienummer",
        ),
        replace(TOEWIJZINGNUMMER, ijw=(_REGEL + "ToewijzingNummer",)),
        replace(PRODUCTCATEGORIE, verplicht=True, ijw=(_REGEL + "ProductCategorie", "Product/Categorie")),
        replace(PRODUCTCODE, verplicht=True, ijw=(_REGEL + "ProductCode",)),
        Kolom(
            "productperiode_begin",
            Vorm.DATUM,
            "Eerste dag van de geleverde zorg.",
            "2025-03-01",
            verplicht=True,
            ijw=(_REGEL + "ProductPeriode/Begindatum",),
            ggm=("DECLARATIEREGEL/DATUMSTART",),
            bewaard="productperiode_begin",
        ),
        Kolom(
            "productperiode_eind",
            Vorm.DATUM,
            "Laatste dag van de geleverde zorg, in dezelfde kalendermaand.",
            "2025-03-31",
            verplicht=True,
            ijw=(_REGEL + "ProductPeriode/Einddatum",),
            ggm=("DECLARATIEREGEL/DATUMEINDE",),
            bewaard="productperiode_eind",
        ),
        Kolom(
            "geleverd_volume",
            Vorm.GETAL,
            "Hoeveel er is geleverd, in de eenheid hiernaast.",
            "12",
            verplicht=True,
            ijw=(_REGEL + "GeleverdVolume",),
            bewaard="geleverd_volume",
        ),
        replace(EENHEID, verplicht=True, ijw=(_REGEL + "Eenheid",)),
        Kolom(
            "producttarief",
            Vorm.TARIEF,
            "Prijs per eenheid; leeg bij eenheid 83.",
            "7090",
            ijw=(_REGEL + "ProductTarief",),
            bewaard="producttarief_cent",
        ),
        Kolom(
            "ingediend_bedrag",
            Vorm.GELD,
            "Bedrag van de regel, altijd positief; debet_credit zegt of het erbij of eraf gaat.",
            "85080",
            verplicht=True,
            ijw=(_REGEL + "IngediendBedrag/Bedrag",),
            ggm=("DECLARATIEREGEL/BEDRAG",),
            bewaard="ingediend_bedrag_cent",
        ),
        Kolom(
            "debet_credit",
            Vorm.WOORD,
            "D telt erbij, C trekt af.",
            "D",
            verplicht=True,
            waarden=DEBET_CREDIT,
            weigert="D01",
            ijw=(_REGEL + "IngediendBedrag/DebetCredit",),
            bewaard="debet_credit",
        ),
        Kolom(
            "status",
            Vorm.WOORD,
            "Wat u met de regel deed; alleen `afgekeurd` verandert cijfers.",
            "goedgekeurd",
            waarden=STATUSSEN,
            ggm=("DECLARATIE/DECLARATIESTATUS", "DECLARATIEREGEL/STATUS"),
            bewaard="status",
        ),
        Kolom(
            "retourcode",
            Vorm.CODE,
            "Waarom een regel is afgekeurd (WJ001).",
            "8001",
            breedte=4,
            codelijst="retour",
            ijw=(_REGEL + "RetourCodes/RetourCode",),
            bewaard="retourcode",
        ),
        Kolom(
            "datum_antwoord",
            Vorm.DATUM,
            "Dag waarop de aanbieder antwoord kreeg (iJw 325).",
            "2025-04-10",
            bewaard="datum_antwoord",
        ),
    ),
)
