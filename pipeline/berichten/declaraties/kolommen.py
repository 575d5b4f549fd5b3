"""Columns of the bericht `declaraties` (iJw 323, with the answer of the 325): SPEC 3, DOMAIN 1.4 and 1.8."""

from __future__ import annotations

from pipeline.berichten.kolom import Contract, Kolom, Vorm
from pipeline.domain.leveringen import Bericht

DEBET_CREDIT = frozenset({"D", "C"})
STATUSSEN = frozenset(
    {"ingediend", "in behandeling", "in_behandeling", "goedgekeurd", "toegekend", "toegewezen", "afgekeurd", "betaald"}
)
STATUS_AFGEKEURD = "afgekeurd"

_REGEL = "Bericht/Declaratie/Clienten/Client/Prestaties/Prestatie/"

DECLARATIES = Contract(
    bericht=Bericht.DECLARATIES,
    geldkolom="ingediend_bedrag",
    periodekolommen=("declaratiedagtekening",),
    kolommen=(
        Kolom(
            "aanbieder_agb",
            Vorm.AGB,
            verplicht=True,
            breedte=8,
            minimum=6,
            ijw=("Bericht/Header/Afzender",),
            ggm=("LEVERANCIER/AGBCODE",),
            bewaard="aanbieder_agb",
        ),
        Kolom(
            "declaratienummer",
            Vorm.KENMERK,
            verplicht=True,
            breedte=12,
            ijw=("Bericht/Declaratie/DeclaratieNummer",),
            ggm=("DECLARATIE/CODE",),
            bewaard="declaratienummer",
        ),
        Kolom(
            "declaratieperiode_begin",
            Vorm.DATUM,
            ijw=("Bericht/Declaratie/DeclaratiePeriode/Begindatum",),
            bewaard="declaratieperiode_begin",
        ),
        Kolom(
            "declaratiedagtekening",
            Vorm.DATUM,
            verplicht=True,
            ijw=("Bericht/Declaratie/DeclaratieDagtekening",),
            ggm=("DECLARATIE/DATUMDECLARATIE",),
            bewaard="declaratiedagtekening",
        ),
        Kolom(
            "bsn",
            Vorm.BSN,
            verplicht=True,
            breedte=9,
            minimum=7,
            ijw=("Bericht/Declaratie/Clienten/Client/Bsn",),
            ggm=("INGESCHREVENPERSOON/BURGERSERVICENUMMER", "CLIENT/BURGERSERVICENUMMER"),
            bewaard="pseudoniem",
        ),
        Kolom(
            "referentienummer",
            Vorm.KENMERK,
            verplicht=True,
            breedte=20,
            ijw=(_REGEL + "ProductReferentie/ReferentieNummer",),
            ggm=("DECLARATIEREGEL/CODE",),
            bewaard="referentienummer",
        ),
        Kolom(
            "vorig_referentienummer",
            Vorm.KENMERK,
            breedte=20,
            ijw=(_REGEL + "ProductReferentie/VorigReferentieNummer",),
            bewaard="vorig_referentienummer",
        ),
        Kolom(
            "toewijzingnummer",
            Vorm.NUMMER,
            verplicht=True,
            ijw=(_REGEL + "ToewijzingNummer",),
            ggm=("TOEWIJZING/TOEWIJZINGNUMMER",),
            bewaard="toewijzingnummer",
        ),
        Kolom(
            "productcategorie",
            Vorm.CODE,
            verplicht=True,
            breedte=2,
            codelijst="productcategorie",
            ijw=(_REGEL + "ProductCategorie", "Product/Categorie"),
            ggm=("VOORZIENINGSOORT/PRODUCTCATEGORIECODE",),
            bewaard="productcategorie",
        ),
        Kolom(
            "productcode",
            Vorm.KENMERK,
            verplicht=True,
            breedte=5,
            ijw=(_REGEL + "ProductCode",),
            ggm=("VOORZIENINGSOORT/PRODUCTCODE",),
            bewaard="productcode",
        ),
        Kolom(
            "productperiode_begin",
            Vorm.DATUM,
            verplicht=True,
            ijw=(_REGEL + "ProductPeriode/Begindatum",),
            ggm=("DECLARATIEREGEL/DATUMSTART",),
            bewaard="productperiode_begin",
        ),
        Kolom(
            "productperiode_eind",
            Vorm.DATUM,
            verplicht=True,
            ijw=(_REGEL + "ProductPeriode/Einddatum",),
            ggm=("DECLARATIEREGEL/DATUMEINDE",),
            bewaard="productperiode_eind",
        ),
        Kolom(
            "geleverd_volume",
            Vorm.GETAL,
            verplicht=True,
            ijw=(_REGEL + "GeleverdVolume",),
            bewaard="geleverd_volume",
        ),
        Kolom(
            "eenheid",
            Vorm.CODE,
            verplicht=True,
            breedte=2,
            codelijst="eenheid",
            ijw=(_REGEL + "Eenheid",),
            bewaard="eenheid",
        ),
        Kolom("producttarief", Vorm.TARIEF, ijw=(_REGEL + "ProductTarief",), bewaard="producttarief_cent"),
        Kolom(
            "ingediend_bedrag",
            Vorm.GELD,
            verplicht=True,
            ijw=(_REGEL + "IngediendBedrag/Bedrag",),
            ggm=("DECLARATIEREGEL/BEDRAG",),
            bewaard="ingediend_bedrag_cent",
        ),
        Kolom(
            "debet_credit",
            Vorm.WOORD,
            verplicht=True,
            waarden=DEBET_CREDIT,
            ijw=(_REGEL + "IngediendBedrag/DebetCredit",),
            bewaard="debet_credit",
        ),
        Kolom("status", Vorm.WOORD, waarden=STATUSSEN, ggm=("DECLARATIE/DECLARATIESTATUS",), bewaard="status"),
        Kolom(
            "retourcode",
            Vorm.CODE,
            breedte=4,
            codelijst="retour",
            ijw=(_REGEL + "RetourCodes/RetourCode",),
            bewaard="retourcode",
        ),
        Kolom("datum_antwoord", Vorm.DATUM, bewaard="datum_antwoord"),
    ),
)
