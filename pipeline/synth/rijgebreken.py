"""The defects that are planted in rows: each kind with the rule that must find it.

Lives here: one line per kind where a change of values is enough, a function where more rows are involved.
Add here: a kind for every new rule on rows. Keep out: file-level defects (bestandsgebreken.py).
"""

from __future__ import annotations

import polars as pl

from pipeline.synth.planter import RID, Planter
from pipeline.synth.toewijzingen import Assortiment

c = pl.col
DAG = pl.duration(days=1)
NOOIT_UITGEGEVEN = "000000012"
"""Passes the eleven-test, lies in the range of real numbers, and was never anyone's."""
MAAL_VOLUME = 20
"""How many times the volume of a line is multiplied to stand out (D34)."""
WIJD_VOLUME = 20
"""How many times the usual volume cannot be right (D37)."""
VRIJ_NUMMER = 900_000_000
"""From here on no allocation has a number."""


def _niet_elfproef() -> pl.Expr:
    """The same number with its last digit one higher: never passes the eleven-test."""
    laatste = (c("bsn").str.slice(8).cast(pl.Int64) + 1) % 10
    return pl.concat_str(c("bsn").str.slice(0, 8), laatste.cast(pl.String))


def _met_letter(bsn: pl.Expr) -> pl.Expr:
    """Return a number of at most twelve characters in which a person number stands, not in one piece."""
    return pl.concat_str(pl.lit("F"), bsn.str.slice(0, 4), pl.lit("X"), bsn.str.slice(4))


def _voor_beide(p: Planter, kolommen: list[str], dagtekening: str, volume: str) -> None:
    """Defects that every bericht can have."""
    goed = p.schoon
    p.extra_veld("R01 veld te veel", "R01", goed, kolommen)
    p.wijzig("R02 elfproef", "R02", goed, {"bsn": _niet_elfproef()})
    p.schrijf("R02 tien cijfers", "R02", goed, "bsn", c("bsn") + "7")
    p.wijzig("R03 onbekend", "R03", goed, {"bsn": "999999999"})
    p.wijzig("R03 ongeboren", "R03", goed, {"bsn": "000000000"})
    p.wijzig("R04 buiten reeks", "R04", goed, {"bsn": NOOIT_UITGEGEVEN})
    p.wijzig("R05 aanbieder leeg", "R05", goed, {"aanbieder_agb": None})
    p.schrijf("R06 dag bestaat niet", "R06", goed, dagtekening, "31-02-2025")
    p.schrijf("R06 woord", "R06", goed, dagtekening, "onbekend")
    p.schrijf("R07 jaar kort", "R07", goed, dagtekening, c(dagtekening).dt.to_string("%d-%m-%y"))
    p.schrijf("R08 woord", "R08", goed & c(volume).is_not_null(), volume, "n.v.t.")
    p.schrijf("R10 negen cijfers", "R10", goed, "aanbieder_agb", c("aanbieder_agb") + "1")
    p.schrijf("R10 letters", "R10", goed, "aanbieder_agb", "AGB" + c("aanbieder_agb").str.slice(3))
    p.voeg_toe("R13 dubbel", "R13", p.kies(goed), {})
    p.schrijf("R15 nummer te lang", "R15", goed, "toewijzingnummer", "1234567890123")


def plant_toewijzingen(p: Planter, kolommen: list[str]) -> None:
    """All kinds in toewijzingen. Deleted allocations are left alone, but for the kinds that are about them."""
    wis = (c("reden_wijziging") == "13").fill_null(value=False)
    _plant_t18(p, wis)
    p.voorraad = p.voorraad.filter(~wis)
    _plant_samenhang(p)
    _voor_beide(p, kolommen, "toewijzingsdatum", "volume")
    _plant_twijfel(p)
    met_eind, met_code = c("einddatum").is_not_null(), c("productcode").is_not_null()
    p.wijzig("R05 ingangsdatum leeg", "R05", p.schoon, {"ingangsdatum": None})
    p.schrijf("R06 einddatum nvt", "R06", met_eind, "einddatum", "nvt")
    p.schrijf("R09 kwart over", "R09", True, "toewijzingstijd", "25:61:00")
    p.schrijf("R12 open als 9999", "R12", c("einddatum").is_null(), "einddatum", "31-12-9999")
    p.schrijf("R12 open als 2999", "R12", c("einddatum").is_null(), "einddatum", "2999-12-31")
    p.schrijf("R12 geboren 1900", "R12", True, "geboortedatum", "01-01-1900")
    p.schrijf("R14 jaar 2205", "R14", met_eind, "einddatum", "2205-01-31")
    p.wijzig("T01", "T01", met_eind, {"einddatum": c("ingangsdatum") - 30 * DAG})
    leeg = dict.fromkeys(("productcode", "volume", "eenheid", "frequentie"))
    p.wijzig("T02", "T02", met_eind & c("budget").is_null(), {"productcategorie": "99", **leeg})
    p.wijzig("T03", "T03", met_code & (c("frequentie") != "1"), {"eenheid": "77"})
    p.wijzig("T04", "T04", c("eenheid").is_in(["01", "04"]), {"frequentie": "9"})
    p.wijzig("T05", "T05", c("reden_wijziging").is_in(["04", "05", "09", "12", "14"]), {"reden_wijziging": "77"})
    stop = c("reden_beeindiging").is_not_null() & (c("reden_beeindiging") != "20")
    p.wijzig("T06", "T06", stop, {"reden_beeindiging": "99"})
    p.wijzig("T07", "T07", True, {"verwijzer_type": "99"})
    p.wijzig("T08 geslacht", "T08", True, {"geslacht": "9"})
    p.wijzig("T08 leveringsvorm", "T08", True, {"leveringsvorm": "LOT"})
    man = c("geslacht") == "1"
    p.schrijf("R16 geslacht in een woord", "R16", man, "geslacht", "Man", waarde=c("geslacht"))
    p.wijzig("T11", "T11", True, {"toewijzingsdatum": c("aankomst") + 20 * DAG})
    p.wijzig("T13", "T13", c("volume").is_not_null() & met_eind, {"budget": 100_000})
    p.wijzig("T14", "T14", met_code, {"volume": None})
    p.wijzig("T15", "T15", (c("frequentie") == "2") & met_eind, {"einddatum": None})
    p.wijzig("T16", "T16", c("eenheid").is_in(["14", "16", "84"]), {"frequentie": "1"})
    p.wijzig("T17", "T17", c("reden_wijziging").is_in(["05", "14"]) & (c("einddatum") != c("ingangsdatum")),
             {"reden_wijziging": "01"})  # fmt: skip
    p.wijzig("T20 te oud", "T20", True, {"geboortedatum": c("ingangsdatum").dt.offset_by("-25y")})
    p.wijzig("T20 ongeboren", "T20", True, {"geboortedatum": c("ingangsdatum") + 60 * DAG})
    p.wijzig("T21", "T21", met_code, {"productcode": "45Z99"})
    andere = pl.when(c("productcategorie") == "45").then(pl.lit("54")).otherwise(pl.lit("45"))
    p.wijzig("T22", "T22", met_code, {"productcategorie": andere})
    p.wijzig("T28", "T28", True, {
        "stopdatum_levering": c("ingangsdatum") - 5 * DAG, "startdatum_levering": None, "reden_beeindiging": "31",
    })  # fmt: skip
    p.wijzig("T29", "T29", True, {
        "stopdatum_levering": c("ingangsdatum") + DAG, "startdatum_levering": c("ingangsdatum") + 10 * DAG,
        "reden_beeindiging": "31",
    })  # fmt: skip
    p.wijzig("T30 verzoek", "T30", True, {"datum_ontvangst_verzoek": c("toewijzingsdatum") + 10 * DAG})
    p.wijzig("T30 besluit", "T30", True, {"besluitdatum": c("toewijzingsdatum") + 10 * DAG})


def _plant_twijfel(p: Planter) -> None:
    """A budget as 150.000, one in a file with more budgets in which no number shows what a point means."""
    levering = ["gemeente", "leveringsmaand"]
    zonder_breuk = p.rijen.group_by(levering).agg(
        heel=(c("volume") == c("volume").round(0)).all(), n_budgetten=c("budget").count()
    )
    past = (c("bedrag_eenheid") == "cent") & c("budget").is_between(1_000, 999_000)
    kandidaten = (
        p.voorraad.filter(past)
        .join(zonder_breuk.filter(c("heel") & (c("n_budgetten") > 1)), on=levering, how="semi", maintain_order="left")
        .unique(levering, keep="first", maintain_order=True)
    )
    tekst = (c("budget") // 1_000).cast(pl.String) + ".000"
    p.schrijf("R17 duizendpunt", "R17", c(RID).is_in(kandidaten[RID].implode()), "budget", tekst, waarde=c("budget"))


def _plant_t18(p: Planter, wis: pl.Expr) -> None:
    p.wijzig("T18", "T18", wis, {"einddatum": c("ingangsdatum") + 30 * DAG})


def _plant_samenhang(p: Planter) -> None:
    """Kinds that concern more than one version or allocation."""
    enige = (c("volg") == 0) & (c("n_versies") == 1) & c("reden_wijziging").is_null()
    geboren = c("geboortedatum") + 60 * DAG < c("ingangsdatum")
    op_tijd = enige & geboren & (c("toewijzingsdatum") <= c("ingangsdatum"))
    p.wijzig("T12", "T12", geboren & (c("volg") > 0) & c("reden_wijziging").is_in(["04", "05"]),
             {"ingangsdatum": c("ingangsdatum") - DAG})  # fmt: skip
    p.wijzig("T23", "T23", op_tijd, {"ingangsdatum": c("toewijzingsdatum") - 20 * DAG})
    p.wijzig("T24", "T24", op_tijd, {"datum_ontvangst_verzoek": c("toewijzingsdatum") - 40 * DAG})
    bron = p.kies(
        enige
        & c("productcode").is_not_null()
        & (c("einddatum").is_null() | (c("einddatum") > c("ingangsdatum") + 20 * DAG))
    )
    p.voeg_toe("T19", "T19", bron, {
        "toewijzingnummer": VRIJ_NUMMER + c(RID), "ingangsdatum": c("ingangsdatum") + 5 * DAG,
        "startdatum_levering": None, "referentie_aanbieder": None, "stopdatum_levering": None,
        "reden_beeindiging": None,
    })  # fmt: skip
    tweemaal = p.kies(p.schoon & c("volume").is_not_null())
    p.boek("T09", "T09", tweemaal)
    p.voeg_toe("T09", "T09", tweemaal, {"volume": c("volume") + 1})
    later = p.kies(c("volume").is_not_null() & c("volgende_goed") & (c("n_versies") == 1))
    p.voeg_toe(
        "T10", "T10", later, {"volume": c("volume") + 2, "leveringsmaand": c("leveringsmaand").dt.offset_by("1mo")}
    )


def plant_declaraties(p: Planter, kolommen: list[str], a: Assortiment, verwijderd: pl.DataFrame) -> None:
    """All kinds in declaraties; `verwijderd`: deleted allocations (gemeente, nummer and what a line needs)."""
    credit, debet = c("debet_credit") == "C", c("debet_credit") == "D"
    _plant_credits(p, credit & ~c("heeft_opvolger"))
    p.voorraad = p.voorraad.filter(debet & ~c("is_gecrediteerd"))
    _plant_83(p)
    p.voorraad = p.voorraad.filter(c("eenheid") != "83")
    _plant_lijnen(p, a, verwijderd)
    _plant_periodes(p)
    _voor_beide(p, kolommen, "declaratiedagtekening", "geleverd_volume")
    goed = p.schoon
    p.wijzig("R05 productcode leeg", "R05", goed, {"productcode": None})
    p.schrijf("R06 periode", "R06", goed, "productperiode_begin", "2025-13-01")
    p.schrijf("R08 bedrag", "R08", goed, "ingediend_bedrag", "12..5")
    p.schrijf("R14 jaar 1905", "R14", goed, "datum_antwoord", "1905-03-01")
    p.schrijf("R15 referentie te lang", "R15", goed, "referentienummer", c("referentienummer") + "-0123456789012345")
    p.wijzig("D01", "D01", goed, {"debet_credit": "X"})
    cent = goed & (c("bedrag_eenheid") == "cent")
    # a negative amount can be read, and is not volume times tariff either
    p.wijzig("D02 negatief", "D02|D07", goed & c("bedrag_klopt"), {"ingediend_bedrag": -c("ingediend_bedrag")})
    p.schrijf(
        "D02 halve cent", "D02", cent, "ingediend_bedrag", c("ingediend_bedrag").cast(pl.String) + c("decimaal") + "5"
    )
    p.wijzig("D03", "D03|D31", goed, {"productcategorie": "99"})
    p.wijzig("D04", "D04", goed & c("bedrag_klopt"), {"eenheid": "77"})
    p.wijzig("D07", "D07", c("bedrag_klopt"), {"ingediend_bedrag": c("ingediend_bedrag") + 123_456})
    p.wijzig("D08 geen tarief", "D08", True, {"producttarief": None})
    _plant_uitschieters(p)
    p.wijzig("D10 debet met verwijzing", "D10", True, {"vorig_referentienummer": "P000-0000000"})
    p.wijzig("D18", "D18", True, {"toewijzingnummer": VRIJ_NUMMER + c(RID)})
    p.wijzig("D29 status", "D29", c("status") == "goedgekeurd", {"status": "kwijt"})
    debet_woord = c("debet_credit") == "D"
    p.schrijf("R16 debet in een woord", "R16", debet_woord, "debet_credit", "Debet", waarde=c("debet_credit"))
    p.wijzig("D29 retourcode", "D29", True, {"retourcode": "9998"})
    p.wijzig("D30", "D30", True, {"productcode": "45Z98"})
    andere = pl.when(c("productcategorie") == "45").then(pl.lit("54")).otherwise(pl.lit("45"))
    p.wijzig("D31", "D31", True, {"productcategorie": andere})
    p.wijzig("R18 BSN met een letter erin", "R18", goed, {"declaratienummer": _met_letter(c("bsn"))})
    met_decimalen = c("bsn") + c("decimaal") + "00"
    p.schrijf("R19 BSN als volume", "R19|D07", goed & c("bedrag_klopt"), "geleverd_volume", met_decimalen)


def _plant_uitschieters(p: Planter) -> None:
    """Prices and volumes far from what is usual: for the product, and for the gemeente where it has enough lines."""
    # of a rejected line nothing is judged
    gangbaar = c("bedrag_klopt") & c("tarief_van_tabel") & (c("status") != "afgekeurd")
    gekend = gangbaar & c("product_gangbaar") & c("eigen_prijs_bekend")
    onbekend = gangbaar & c("product_gangbaar") & c("eigen_prijs_onbekend")
    for maal, regels in ((100, "D09|D28"), (1000, "D09|D28"), (10, "D28|D36")):
        hoger = {k: c(k) * maal for k in ("producttarief", "ingediend_bedrag")}
        p.wijzig(f"{regels}|D33 maal {maal}", f"{regels}|D33", gekend, hoger)
        p.wijzig(f"{regels} maal {maal}", regels, onbekend, hoger)
        # a tariff is whole cents, so the amount is made of the tariff that is left
        lager = pl.max_horizontal(c("producttarief") // maal, pl.lit(1, dtype=pl.Int64))
        p.wijzig(
            f"{regels}|D33 gedeeld door {maal}", f"{regels}|D33", gekend & _HEEL & (c("producttarief") >= 100),
            {"producttarief": lager, "ingediend_bedrag": (c("geleverd_volume").cast(pl.Int64) * lager)},
        )  # fmt: skip
    _plant_volumes(p, gekend)
    meer = {k: c(k) * MAAL_VOLUME for k in ("geleverd_volume", "ingediend_bedrag")}
    p.wijzig("D34", "D34", gangbaar & c("eigen_volume_bekend"), meer)


_HEEL = c("geleverd_volume") % 1 == 0


def _plant_volumes(p: Planter, gekend: pl.Expr) -> None:
    """Volumes a factor too high, alone and with the price; and one as many times too low as its price is too high."""

    def ver(maal: int) -> pl.Expr:
        """How many times the spread a volume then lies from the median; D34 asks for five."""
        return (c("volume_van_mediaan") * maal).log() / c("volume_spreiding")

    for maal in (100, 1000):
        # 1.5 and 6: planting moves the median that the rules look at a little
        genoeg = (c("volume_van_mediaan") * maal > 1.5 * WIJD_VOLUME) & (ver(maal) > 6)
        meer = {k: c(k) * maal for k in ("geleverd_volume", "ingediend_bedrag")}
        p.wijzig(f"D37 volume maal {maal}", "D34|D37", gekend & genoeg, meer)
    p.wijzig("D36 prijs en volume maal 10", "D28|D33|D36", gekend & (ver(10) < 4), {
        "producttarief": c("producttarief") * 10, "geleverd_volume": c("geleverd_volume") * 10,
        "ingediend_bedrag": c("ingediend_bedrag") * 100,
    })  # fmt: skip
    rond = (c("geleverd_volume") >= 100) & (c("geleverd_volume") % 100 == 0)
    p.wijzig(
        "D37 prijs maal 100, volume gedeeld door 100",
        "D09|D28|D33|D37",
        gekend & rond & c("volume_van_mediaan").is_between(0.5, 2),
        {"producttarief": c("producttarief") * 100, "geleverd_volume": c("geleverd_volume") / 100},
    )


def _plant_credits(p: Planter, waar: pl.Expr) -> None:
    """Kinds of credit lines; credits that were followed by a new debit are left alone (they would open a double)."""
    minder = (
        waar & c("debet_aangekomen") & c("bedrag_klopt") & (c("geleverd_volume") >= 2) & (c("geleverd_volume") % 1 == 0)
    )
    p.voeg_toe("D13", "D13", p.kies(waar), {"referentienummer": c("referentienummer") + "B"})
    p.wijzig("D12", "D12", minder, {
        "geleverd_volume": c("geleverd_volume") - 1,
        "ingediend_bedrag": c("ingediend_bedrag") - c("producttarief"),
    })  # fmt: skip
    p.wijzig("D10 credit zonder verwijzing", "D10", waar, {"vorig_referentienummer": None})
    # no nine of its digits in a row are a person number, as those of 9999999999 are of the unknown person of R03
    p.wijzig("D11", "D11", waar, {"vorig_referentienummer": "P999-0000001"})


def _plant_83(p: Planter) -> None:
    """Kinds of lines in euros."""
    euro = c("eenheid") == "83"
    p.wijzig("D08 tarief bij 83", "D08", euro, {"producttarief": 1})
    p.wijzig("D08 volume is geen bedrag", "D08", euro, {"ingediend_bedrag": c("ingediend_bedrag") + 500})


def _plant_lijnen(p: Planter, a: Assortiment, verwijderd: pl.DataFrame) -> None:
    """Kinds that concern other lines or the allocation."""
    meer = {"geleverd_volume": c("geleverd_volume") + 1, "ingediend_bedrag": c("ingediend_bedrag") + c("producttarief")}
    heel = c("bedrag_klopt") & (c("geleverd_volume") % 1 == 0)
    tweemaal = p.kies(p.schoon & heel)
    p.boek("D14", "D14", tweemaal)
    p.voeg_toe("D14", "D14", tweemaal, meer)
    p.voeg_toe("D15", "D15", p.kies(heel & c("volgende_goed")),
               {**meer, "leveringsmaand": c("leveringsmaand").dt.offset_by("1mo")})  # fmt: skip
    p.voeg_toe("D17", "D17", p.kies(c("status") == "goedgekeurd"), {"referentienummer": c("referentienummer") + "N"})
    _plant_d16(p)
    anderen = p.kies(True, p.aantal * 2)
    helft = anderen.height // 2
    p.wijzig("D19", "D19", True, {"bsn": pl.lit(anderen["bsn"][helft : 2 * helft])}, ook=anderen.head(helft))
    _plant_d20(p, a)
    _plant_d22(p, verwijderd)


def _plant_d16(p: Planter) -> None:
    """The reference number of a line at another gemeente, of the same provider."""
    per_aanbieder = p.voorraad.filter(p.schoon).select("aanbieder_agb", "gemeente", "referentienummer", RID)
    eerste = per_aanbieder.unique(subset=["aanbieder_agb"], keep="first", maintain_order=True)
    tweede = per_aanbieder.join(eerste, on="aanbieder_agb", suffix="_een", maintain_order="left").filter(
        c("gemeente") != c("gemeente_een")
    ).unique(subset=["aanbieder_agb"], keep="first", maintain_order=True).head(p.aantal)  # fmt: skip
    een = p.kies(c(RID).is_in(tweede[f"{RID}_een"].implode()))
    twee = p.kies(c(RID).is_in(tweede[RID].implode()))
    twee = twee.join(tweede.select(RID, nieuw="referentienummer_een"), on=RID, maintain_order="left")
    p.boek("D16", "D16", een)
    p.wijzig("D16", "D16", True, {"referentienummer": c("nieuw")}, ook=twee)


def _plant_d20(p: Planter, a: Assortiment) -> None:
    """Another product of the same category and unit, at its own price."""
    broers: dict[str, tuple[str, int]] = {}
    for i, code in enumerate(a.codes):
        zelfde = [
            k
            for k in range(len(a.codes))
            if k != i and (a.categorie[k], a.eenheid[k]) == (a.categorie[i], a.eenheid[i])
        ]
        if zelfde:
            broers[str(code)] = (str(a.codes[zelfde[0]]), zelfde[0])
    heel = c("bedrag_klopt") & c("tarief_van_tabel") & (c("geleverd_volume") % 1 == 0) & c("met_toegewezen_product")
    rijen = p.kies(heel & c("productcode").is_in(list(broers)))
    if not rijen.height:
        return
    broer = rijen.select(c("productcode").replace_strict({k: v for k, (_, v) in broers.items()}, return_dtype=pl.Int64))
    dagen = rijen["productperiode_begin"].cast(pl.Int32).cast(pl.Int64).to_numpy()
    tarief = pl.Series("tarief", a.tarief_op(broer.to_series().to_numpy(), dagen))
    p.wijzig("D20", "D20", True, {
        "productcode": c("productcode").replace_strict({k: v for k, (v, _) in broers.items()}),
        "producttarief": pl.lit(tarief), "ingediend_bedrag": (c("geleverd_volume").cast(pl.Int64) * pl.lit(tarief)),
    }, ook=rijen)  # fmt: skip


def _plant_d22(p: Planter, verwijderd: pl.DataFrame) -> None:
    """A line on an allocation that was deleted: same youth, provider and product, its one day."""
    vorige = c("declaratiedagtekening").dt.month_start().dt.offset_by("-1mo")
    samen = (
        p.voorraad.filter(p.schoon & c("bedrag_klopt") & c("tarief_van_tabel"))
        .join(verwijderd, on=["gemeente", "productcode"], suffix="_w", maintain_order="left")
        .filter(c("ingangsdatum").is_between(vorige, vorige.dt.month_end()))
        .unique(subset=[RID], keep="first", maintain_order=True)
        .unique(subset=["gemeente", "toewijzingnummer_w"], keep="first", maintain_order=True)
        .head(p.aantal)
    )
    p.kies(c(RID).is_in(samen[RID].implode()))
    p.voeg_toe("D22", "D22", samen, {
        "toewijzingnummer": c("toewijzingnummer_w"), "bsn": c("bsn_w"), "aanbieder_agb": c("aanbieder_agb_w"),
        "productperiode_begin": c("ingangsdatum"), "productperiode_eind": c("ingangsdatum"),
        "referentienummer": c("referentienummer") + "W",
    })  # fmt: skip


def _plant_periodes(p: Planter) -> None:
    """Kinds about the period and the date of a claim."""
    goed, maand = p.schoon, c("productperiode_begin").dt.month_start()
    een_maand = c("productperiode_eind").dt.month_start() == maand
    vol = (c("productperiode_begin") == maand) & een_maand
    p.wijzig("D21", "D21", c("productperiode_begin") > maand, {"productperiode_begin": maand})
    p.wijzig("D05", "D05", goed & een_maand,
             {"productperiode_begin": maand + 19 * DAG, "productperiode_eind": maand + 9 * DAG})  # fmt: skip
    p.wijzig("D06", "D06", vol, {"productperiode_begin": maand.dt.offset_by("-1mo")})
    p.wijzig("D25", "D25", vol, {
        "productperiode_begin": maand.dt.offset_by("-72mo"),
        "productperiode_eind": maand.dt.offset_by("-72mo").dt.month_end(),
    })  # fmt: skip
    p.wijzig("D26", "D26", True, {"declaratiedagtekening": c("aankomst") + 20 * DAG})
    p.wijzig("D32", "D32", vol & goed, {"declaratiedagtekening": c("productperiode_eind") - 5 * DAG})
