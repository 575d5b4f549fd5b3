"""Columns that more than one bericht has; the room of a bericht says where they stand in its own message.

Add here: a column that a second bericht has too. Keep out: what is of one bericht.
"""

from __future__ import annotations

from pipeline.berichten.kolom import Kolom, Vorm

BSN = Kolom(
    "bsn",
    Vorm.BSN,
    "Burgerservicenummer van de jeugdige; wordt bij binnenkomst vervangen door een pseudoniem.",
    "999900006",
    verplicht=True,
    breedte=9,
    minimum=7,
    ggm=(
        "NATUURLIJKPERSOON/BURGERSERVICENUMMER",
        "INGESCHREVENPERSOON/BURGERSERVICENUMMER",
        "CLIENT/BURGERSERVICENUMMER",
    ),
    bewaard="pseudoniem",
    is_persoonlijk=True,
)
AANBIEDER_AGB = Kolom(
    "aanbieder_agb",
    Vorm.AGB,
    "AGB-code van de aanbieder.",
    "42345678",
    verplicht=True,
    breedte=8,
    minimum=6,
    ggm=("LEVERANCIER/AGBCODE",),
    bewaard="aanbieder_agb",
)
TOEWIJZINGNUMMER = Kolom(
    "toewijzingnummer",
    Vorm.NUMMER,
    "Nummer van de toewijzing in uw administratie; gelijk in alle versies ervan.",
    "1001",
    kenmerk="toewijzing",
    verplicht=True,
    ggm=("TOEWIJZING/TOEWIJZINGNUMMER",),
    bewaard="toewijzingnummer",
)
PRODUCTCATEGORIE = Kolom(
    "productcategorie",
    Vorm.CODE,
    "Productcategorie volgens de landelijke lijst JZ020.",
    "45",
    breedte=2,
    codelijst="productcategorie",
    weigert="codelijst productcategorie",
    ggm=("VOORZIENINGSOORT/PRODUCTCATEGORIECODE",),
    bewaard="productcategorie",
)
PRODUCTCODE = Kolom(
    "productcode",
    Vorm.KENMERK,
    "Productcode uit de productentabel van de regio.",
    "45A04",
    breedte=5,
    tekens="[0-9A-Z]",
    ggm=("VOORZIENINGSOORT/PRODUCTCODE",),
    bewaard="productcode",
)
HULPVORM = Kolom(
    "hulpvorm",
    Vorm.CODE,
    "Hulpvorm van de plekken volgens de indeling van CBS, zoals 11 pleegzorg, 12 gezinsgericht, 14 verblijf.",
    "14",
    verplicht=True,
    breedte=2,
    codelijst="cbs_hulpvorm",
    ggm=("VOORZIENING/HULPVORM",),
    bewaard="hulpvorm",
)
EENHEID = Kolom(
    "eenheid",
    Vorm.CODE,
    "Eenheid van het volume (WJ756), zoals 01 minuut, 04 uur, 14 etmaal, 82 stuks, 83 euro.",
    "04",
    breedte=2,
    codelijst="eenheid",
    weigert="codelijst eenheid",
    bewaard="eenheid",
)
