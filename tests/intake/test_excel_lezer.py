"""Workbooks: every cell comes out as the text that a CSV of it would have, on the row where the sender sees it."""

from __future__ import annotations

import datetime as dt
import io
import logging
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.domain.leveringen import Status
from pipeline.intake import excel_blad
from pipeline.intake.lezing import Onleesbaar
from tests.intake.hulp import D, T, beoordeel, codes, geraakt, goede_rijen, kolommen, rij
from tests.intake.werkmappen import als_xlsx, bewaard, cellen, ingepakt, lees_tabel, met_gedeelde_teksten, vervang_deel

BLAD1 = "xl/worksheets/sheet1.xml"
DATUM, TIJD, VOLUME = "einddatum", "toewijzingstijd", "volume"


def een_cel(
    naam: str, waarde: Any, *, soort: str = "", opmaak: str = "", epoch: dt.datetime | None = None
) -> str | None:
    """Text that comes out of one cell of a workbook."""

    def bewerk(werkmap: openpyxl.Workbook, blad: Worksheet) -> None:
        if epoch is not None:
            werkmap.epoch = epoch
        cel = blad.cell(2, kolommen(T).index(naam) + 1, waarde)
        if soort:
            cel.data_type = soort
        if opmaak:
            cel.number_format = opmaak

    return cellen(lees_tabel(T, als_xlsx(T, goede_rijen(T, 1), bewerk=bewerk), "xlsx"), naam)[0]


@pytest.mark.parametrize(
    ("naam", "waarde", "opmaak", "tekst"),
    [
        (DATUM, dt.date(2025, 8, 31), "dd-mm-yyyy", "2025-08-31"),
        (DATUM, dt.date(2025, 8, 31), "[$-413]d mmmm yyyy;@", "2025-08-31"),
        (DATUM, dt.datetime.fromisoformat("2025-08-31T10:30"), "dd-mm-yyyy hh:mm", "2025-08-31 10:30:00"),
        (DATUM, dt.date(9999, 12, 31), "dd-mm-yyyy", "9999-12-31"),
        (DATUM, 45900, "General", "2025-08-31"),
        (DATUM, 45900.75, "0.00", "2025-08-31"),
        (DATUM, "31-8-2025", "General", "31-8-2025"),
        (DATUM, 2025, "General", "2025"),
        (TIJD, dt.time(10, 30), "hh:mm", "10:30:00"),
        (TIJD, dt.time(0, 0), "hh:mm:ss", "00:00:00"),
        (TIJD, 0.4375, "General", "10:30:00"),
        (TIJD, dt.datetime.fromisoformat("2025-03-01T10:30"), "dd-mm-yyyy hh:mm", "2025-03-01 10:30:00"),
        (VOLUME, 0.1 + 0.2, "General", "0.3"),
        (VOLUME, 12345678.0, "0.00E+00", "12345678"),
        (VOLUME, 123456789.01, "General", "123456789.01"),
        (VOLUME, 1e14, "General", "100000000000000"),
        (VOLUME, 1e15, "General", "#GETAL"),  # a spreadsheet no longer knows which number it was
        (VOLUME, 0.0000001, "General", "0.0000001"),
        (VOLUME, 1.125, "General", "1.1250"),  # as text it could be 1125
        (VOLUME, 0.125, "General", "0.125"),
        (VOLUME, 1.5, "[$€-413] #,##0.00", "1.5"),
        (VOLUME, "1.125", "@", "1.125"),
        (VOLUME, True, "General", "true"),
        ("eenheid", "04", "@", "04"),
        ("eenheid", 4, "00", "4"),
        ("aanbieder_agb", 6123456.0, "00000000", "6123456"),
        ("referentie_aanbieder", " A & B\n<c> é€ ", "@", " A & B\n<c> é€ "),
    ],
)
def test_een_cel_wordt_de_tekst_van_een_csv(naam: str, waarde: Any, opmaak: str, tekst: str) -> None:
    assert een_cel(naam, waarde, opmaak=opmaak) == tekst


def test_dagnummers_tellen_vanaf_1904_waar_de_werkmap_dat_zegt() -> None:
    assert een_cel(DATUM, 44438, epoch=CALENDAR_MAC_1904) == "2025-08-31"
    assert een_cel(DATUM, dt.date(2025, 8, 31), opmaak="dd-mm-yyyy", epoch=CALENDAR_MAC_1904) == "2025-08-31"


@pytest.mark.parametrize("fout", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!"])
def test_een_fout_in_een_cel_is_geen_lege_cel(fout: str) -> None:
    assert een_cel(DATUM, fout, soort="e") == "#FOUT"


def test_een_fout_in_een_cel_gaat_met_reden_naar_de_quarantaine() -> None:
    def bewerk(_: openpyxl.Workbook, blad: Worksheet) -> None:
        cel = blad.cell(3, kolommen(T).index(DATUM) + 1, "#N/A")
        cel.data_type = "e"

    uitspraak = beoordeel(T, als_xlsx(T, goede_rijen(T, 3), bewerk=bewerk), extensie="xlsx")
    assert geraakt(uitspraak, "R06") == [3]
    assert uitspraak.bewijs.rijen.geaccepteerd == 2


def _formule(waarde: str, *, soort: str = "") -> bytes:
    """A workbook in which the volume of the first row is a formula with this outcome in its cell."""

    def bewerk(_: openpyxl.Workbook, blad: Worksheet) -> None:
        blad.cell(2, kolommen(T).index(VOLUME) + 1, "=2+8")

    cel = f'<c r="N2"{soort}><f>2+8</f>{waarde}</c>'.encode()
    data = als_xlsx(T, goede_rijen(T, 2), bewerk=bewerk)
    return vervang_deel(
        data,
        BLAD1,
        lambda x: x.replace(b'<c r="N2"><f>2+8</f><v></v></c>', cel).replace(b'<c r="N2"><f>2+8</f><v /></c>', cel),
    )


def test_een_formule_telt_met_haar_uitkomst() -> None:
    assert cellen(lees_tabel(T, _formule("<v>10</v>"), "xlsx"), VOLUME) == ["10", "10"]
    assert cellen(lees_tabel(T, _formule("<v>tien</v>", soort=' t="str"'), "xlsx"), VOLUME)[0] == "tien"
    # an empty text is an outcome; a formula that was never computed has none
    assert cellen(lees_tabel(T, _formule("<v></v>", soort=' t="str"'), "xlsx"), VOLUME)[0] == ""
    for nooit in ("", "<v></v>", "<v/>"):
        assert cellen(lees_tabel(T, _formule(nooit), "xlsx"), VOLUME) == ["#FOUT", "10"]


def test_tekst_die_op_duizenden_lijkt_en_een_getal_dat_er_zo_uitziet() -> None:
    """A number is never doubtful, also where a text in the same workbook is."""
    rijen = [*goede_rijen(T, 2), rij(T, toewijzingnummer="1", volume="1.5")]
    rijen[0]["volume"] = "1.125"

    def bewerk(_: openpyxl.Workbook, blad: Worksheet) -> None:
        blad.cell(3, kolommen(T).index(VOLUME) + 1, "1.418").number_format = "@"

    def opgeschoven(werkmap: openpyxl.Workbook, blad: Worksheet) -> None:
        bewerk(werkmap, blad)
        blad.insert_cols(1, 2)

    for hoe in (bewerk, opgeschoven):
        tabel = lees_tabel(T, als_xlsx(T, rijen, bewerk=hoe), "xlsx")
        assert cellen(tabel, VOLUME) == ["1.1250", "1.418", "1.5"]


def test_gedeelde_teksten_die_op_duizenden_lijken() -> None:
    rijen = [rij(T, volume="1.418"), rij(T, volume="1.418", toewijzingnummer="2")]
    assert cellen(lees_tabel(T, met_gedeelde_teksten(T, rijen), "xlsx"), VOLUME) == ["1.418", "1.418"]


def test_rijnummers_zijn_die_van_excel() -> None:
    def bewerk(_: openpyxl.Workbook, blad: Worksheet) -> None:
        blad.insert_rows(1, 4)
        blad.row_dimensions[7].hidden = True
        blad.column_dimensions["B"].hidden = True
        blad.cell(12, 1, "  ")

    tabel = lees_tabel(T, als_xlsx(T, goede_rijen(T, 4), titels=1, bewerk=bewerk), "xlsx")
    assert tabel.cellen["rij"].to_list() == [7, 8, 9, 10]
    assert (tabel.titel, tabel.leeg, tabel.totaal, tabel.records) == (1, 6, 0, 12)
    assert cellen(tabel, "toewijzingnummer") == ["5000", "5001", "5002", "5003"]


def test_totalen_en_lege_rijen_zijn_geen_rijen() -> None:
    def bewerk(_: openpyxl.Workbook, blad: Worksheet) -> None:
        blad.cell(5, kolommen(T).index(VOLUME) + 1, 20)
        blad.cell(6, 1, "Totaal")
        blad.cell(6, kolommen(T).index(VOLUME) + 1, 20)
        blad.merge_cells("A6:C6")
        blad.merge_cells("A1:A1")

    tabel = lees_tabel(T, als_xlsx(T, goede_rijen(T, 2), bewerk=bewerk), "xlsx")
    assert (tabel.cellen.height, tabel.leeg, tabel.totaal) == (2, 1, 2)


def test_samengevoegde_cellen_gelden_voor_elke_rij() -> None:
    def bewerk(_: openpyxl.Workbook, blad: Worksheet) -> None:
        blad.merge_cells("A1:F1")
        blad.merge_cells("A3:A5")  # bsn of three rows, under the header in row 2

    tabel = lees_tabel(T, als_xlsx(T, goede_rijen(T, 4), titels=1, bewerk=bewerk), "xlsx")
    assert cellen(tabel, "bsn") == ["999900006"] * 4


def test_het_blad_waarvan_de_kop_past() -> None:
    def bewerk(werkmap: openpyxl.Workbook, blad: Worksheet) -> None:
        blad.title = "Toewijzingen"
        uitleg = werkmap.create_sheet("Uitleg", 0)
        uitleg.append(["productcode", "tarief", "eenheid", "status"])
        ander = werkmap.create_sheet("Declaraties")
        ander.append(kolommen(D))
        ander.append([goede_rijen(D, 1)[0][n] for n in kolommen(D)])
        werkmap.create_chartsheet("Grafiek")
        werkmap.create_sheet("Leeg", 0)

    data = als_xlsx(T, goede_rijen(T, 3), bewerk=bewerk)
    assert lees_tabel(T, data, "xlsx").cellen.height == 3
    assert cellen(lees_tabel(D, data, "xlsx"), "referentienummer") == ["5000"]


@pytest.mark.parametrize("staat", ["visible", "hidden", "veryHidden"])
def test_twee_bladen_die_passen(staat: str) -> None:
    def bewerk(werkmap: openpyxl.Workbook, blad: Worksheet) -> None:
        werkmap.copy_worksheet(blad).sheet_state = staat

    bewijs = beoordeel(T, als_xlsx(T, goede_rijen(T, 3), bewerk=bewerk), extensie="xlsx").bewijs
    assert codes(bewijs) == {"L01"}
    assert "Meer dan een werkblad" in bewijs.bevindingen[0].zin


def test_een_werkmap_zonder_kop_of_met_te_weinig_kolommen() -> None:
    leeg = bewaard(openpyxl.Workbook())
    assert codes(beoordeel(T, leeg, extensie="xlsx").bewijs) == {"L01"}
    zonder = als_xlsx(T, goede_rijen(T, 2), bewerk=lambda _, blad: blad.delete_rows(1))
    bewijs = beoordeel(T, zonder, extensie="xlsx").bewijs
    assert (codes(bewijs), bewijs.rijen.ontvangen) == ({"L05"}, 2)
    minder = als_xlsx(T, goede_rijen(T, 2), bewerk=lambda _, blad: blad.delete_cols(1))
    zin = next(b.zin for b in beoordeel(T, minder, extensie="xlsx").bewijs.bevindingen if b.regel_code == "L05")
    assert "bsn" in zin


# --- hostile and damaged ----------------------------------------------------------------------------------------------

GOED = als_xlsx(T, goede_rijen(T, 3))
GEDEELD = met_gedeelde_teksten(T, goede_rijen(T, 3))


def _zin(data: bytes, **anders: Any) -> str:
    with pytest.raises(Onleesbaar) as fout:
        lees_tabel(T, data, "xlsx", **anders)
    assert fout.value.zin.endswith(".")
    return fout.value.zin


def test_een_cel_in_de_verste_hoek() -> None:
    """The rectangle between A1 and XFD1048576 would take half a terabyte."""
    ver = als_xlsx(T, goede_rijen(T, 2), bewerk=lambda _, blad: blad.cell(1_048_576, 16_384, "x"))
    assert "60 kolommen" in _zin(ver)
    diep = als_xlsx(T, goede_rijen(T, 2), bewerk=lambda _, blad: blad.cell(1_048_576, 24, "x"))
    assert "te groot" in _zin(diep)
    # without a name a cell follows the one before it; names may be written in other ways
    for van, naar in (
        (b'<c r="A1"', b"<c r = 'XFD1'"),
        (b'<c r="A1"', b'<c  r="xfd1048576"'),
        (b'<c r="A1"', b'<c s="0" r="XFD1"'),
        (b'<c r="A1"', b'<c x=">" r="XFD1"'),
    ):
        assert _zin(vervang_deel(GOED, BLAD1, lambda x, a=van, b=naar: x.replace(a, b)))  # type: ignore[misc]
    breed = b'<row r="4">' + b'<c t="n"><v>1</v></c>' * 70 + b"</row></sheetData>"
    assert "60 kolommen" in _zin(vervang_deel(GOED, BLAD1, lambda x: x.replace(b"</sheetData>", breed)))


def test_de_omvang_van_een_blad_in_blokken(monkeypatch: pytest.MonkeyPatch) -> None:
    """No cell falls between two blocks, wherever they are cut."""
    with zipfile.ZipFile(io.BytesIO(GEDEELD)) as zip_:
        xml = zip_.read(BLAD1)
    for blok in (17, 64, 255, 10**6):
        monkeypatch.setattr(excel_blad, "_BLOK", blok)
        assert excel_blad._omvang(xml) == (4, len(kolommen(T)))
        for vreemd in (
            b"<c r='A1'",
            b'<c s="1" r="A1"',
            b'<x:c r="A1"',
            b'<c r="a1"',
            b'<c r="A"',
            b'<c r="1"',
            b"<c>",
        ):
            assert excel_blad._omvang(xml.replace(b'<c r="A1"', vreemd)) == (0, 0), vreemd


def test_opmaak_zonder_inhoud_ver_weg_doet_niets() -> None:
    verre = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    data = vervang_deel(GOED, BLAD1, lambda x: x.replace(b"</sheetData>", verre))
    assert lees_tabel(T, data, "xlsx").cellen.height == 3


def test_een_omvang_die_niet_klopt_wordt_niet_geloofd() -> None:
    import re

    data = vervang_deel(GOED, BLAD1, lambda x: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', x))
    assert lees_tabel(T, data, "xlsx").cellen.height == 3
    for tel in (b"4000000000", b"x", b"99999999999999999999"):
        data = vervang_deel(
            GEDEELD, "xl/sharedStrings.xml", lambda x, n=tel: re.sub(rb'ount="\d+"', b'ount="' + n + b'"', x)
        )
        assert "beschadigd" in _zin(data) if tel != b"x" else lees_tabel(T, data, "xlsx").cellen.height == 3


def test_tienduizend_kolommen_en_een_reusachtige_cel() -> None:
    def breed(_: openpyxl.Workbook, blad: Worksheet) -> None:
        for j in range(10_000):
            blad.cell(1, 30 + j, f"x{j}")

    assert "60 kolommen" in _zin(als_xlsx(T, goede_rijen(T, 1), bewerk=breed))
    assert "tekens" in _zin(als_xlsx(T, [rij(T, referentie_aanbieder="9" * 6000)]))


def test_entiteiten_worden_niet_uitgeschreven() -> None:
    bom = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    for deel in (BLAD1, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"):
        data = vervang_deel(GEDEELD, deel, lambda x: bom + x)
        assert "XML" in _zin(data)


def test_wat_er_naast_de_cellen_in_zit_telt_niet() -> None:
    extra = {
        "xl/externalLinks/externalLink1.xml": b"<!DOCTYPE x>",
        "xl/media/image1.png": b"\x89PNG",
        "xl/drawings/d.xml": b"<x",
    }
    data = vervang_deel(GOED, "docProps/app.xml", None, **extra)
    assert lees_tabel(T, data, "xlsx").cellen.height == 3


def test_bom_en_beschadiging() -> None:
    from pipeline.intake.lezing import Grenzen

    groot = vervang_deel(GOED, "docProps/app.xml", lambda _: b"0" * 2**21)
    assert "te groot" in _zin(groot)
    assert "te groot" in _zin(GOED, grenzen=Grenzen(6000, 5000, 60))
    for plek in (40, 400, len(GOED) // 2, len(GOED) - 30):
        kapot = GOED[:plek] + b"\x00\xff\x00\xff" + GOED[plek + 4 :]
        try:
            assert lees_tabel(T, kapot, "xlsx").records >= 0
        except Onleesbaar as fout:
            assert fout.zin.endswith(".")
    assert "beschadigd" in _zin(GOED[: len(GOED) // 2])
    for deel in ("xl/workbook.xml", BLAD1, "xl/sharedStrings.xml"):
        assert "beschadigd" in _zin(vervang_deel(GEDEELD, deel, lambda x: x[: len(x) // 2]))
    assert _zin(vervang_deel(GOED, BLAD1, None))
    assert "UTF-8" in _zin(vervang_deel(GOED, BLAD1, lambda x: x.replace(b"999900006", b"\xff\xfe")))
    assert "UTF-8" in _zin(
        vervang_deel(GEDEELD, "xl/sharedStrings.xml", lambda x: x.replace(b"999900006", b"\xff\xfe"))
    )


def test_de_lezer_logt_niets_van_wat_in_een_werkmap_staat(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        assert _zin(vervang_deel(GOED, BLAD1, lambda x: x[: x.index(b"<sheetData")] + b"</worksheet>"))
        assert logging.getLogger("calamine.xlsx").getEffectiveLevel() > logging.CRITICAL
    assert caplog.records == []


def test_versleuteld_en_oud() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
    assert "wachtwoord" in _zin(ole + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 99)
    assert ".xls" in _zin(ole)
    assert ".xlsb" in _zin(ingepakt(("xl/workbook.bin", b"x")))
    assert "OpenDocument" in _zin(ingepakt(("mimetype", b"x"), ("content.xml", b"x")))
    assert "Word" in _zin(ingepakt(("word/document.xml", b"x")))
    assert "webpagina" in _zin(b"\xef\xbb\xbf <html><table><tr><td>bsn</td></tr></table></html>")
    assert "Excelbestand" in _zin(bytes(range(256)))


def test_elk_stuk_van_een_werkmap_geeft_een_oordeel() -> None:
    """Cut or bent anywhere, a workbook gives a table or a sentence, through the doors too."""
    bewijs = beoordeel(T, GOED[: len(GOED) - 100], extensie="xlsx").bewijs
    assert bewijs.status is Status.AFGEKEURD
    import random

    dobbel = random.Random(7)
    for _ in range(60):
        data = bytearray(GOED)
        for _ in range(dobbel.randint(1, 6)):
            data[dobbel.randrange(len(data))] = dobbel.randrange(256)
        try:
            lees_tabel(T, bytes(data), "xlsx")
        except Onleesbaar as fout:
            assert fout.zin.endswith(".")


def test_dezelfde_werkmap_uit_een_ander_pakket() -> None:
    """XML with prefixes, no cell names, and strings in the cells: written by hand, read the same."""
    namen = "".join(f'<x:c t="inlineStr"><x:is><x:t>{n}</x:t></x:is></x:c>' for n in kolommen(T))
    waarden = "".join(
        f'<x:c t="inlineStr"><x:is><x:r><x:t>{w[:2]}</x:t></x:r><x:r><x:t>{w[2:]}</x:t></x:r></x:is></x:c>'
        if w
        else "<x:c/>"
        for w in goede_rijen(T, 1)[0].values()
    )
    blad = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        f"<x:row>{namen}</x:row><x:row>{waarden}</x:row></x:sheetData></x:worksheet>"
    )
    tabel = lees_tabel(T, vervang_deel(GOED, BLAD1, lambda _: blad.encode()), "xlsx")
    assert tabel.cellen.height == 1
    assert cellen(tabel, "bsn") == ["999900006"]
    assert io.BytesIO(GOED).read(2) == b"PK"
