"""Data Docs of a publication for engineers: every expectation with its bounds and what was measured.

Lives here: having the library write its own site, and taking out what it would fetch from other hosts (styles, scripts,
fonts, images). Made when somebody asks, and with every publication that is kept: it costs seconds, most of them the
import. What it shows are the measurements, aggregates all. Keep out: the page for readers (rapport/).
"""

from __future__ import annotations

import shutil
import tempfile
from html import escape
from pathlib import Path
from typing import Any

from lxml import html

from pipeline.domain.catalogus import Catalogus
from pipeline.publish.meting import Verwachting
from pipeline.publish.oordeel import lees_poort
from pipeline.publish.poort import als_frame, als_gx, laad_bibliotheek, verwachtingen
from pipeline.publish.vrijgave import Publicatie, publicaties, tegengehouden
from pipeline.settings import Settings

MAP = "kwaliteitsdocs"
_HALEN_OP = "//script | //link | //img | //iframe | //form | //*[contains(@class, 'modal')] | //footer"
_STIJL = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 75rem; padding: 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8886; padding: .35rem .6rem; text-align: left; vertical-align: top; }
ul { list-style: none; padding-left: 0; }
.card { border: 1px solid #8886; border-radius: .3rem; margin: .6rem 0; padding: .6rem 1rem; }
.badge { border: 1px solid #8886; border-radius: 1rem; padding: 0 .6rem; }
.btn, .navbar, .cooltip { display: none; }
"""


def maak_kwaliteitsdocs(settings: Settings, publicatie_id: str) -> Path:
    """Write the Data Docs of a publication, or of a candidate that was held, into its folder; return their first page.

    Judged against the publication that it was judged against, with the seeds it was made with. KeyError when there is
    no such publication. Replaces those that are there.
    """
    p = next((p for p in (*publicaties(settings), *tegengehouden(settings)) if p.publicatie_id == publicatie_id), None)
    if p is None:
        raise KeyError(publicatie_id)
    with tempfile.TemporaryDirectory(dir=p.pad, prefix=f".{MAP}-") as tijdelijk:
        klad = Path(tijdelijk) / MAP
        uitslagen = _schrijf(klad, p, _vorige(settings, p))
        shutil.rmtree(klad / "static")  # fonts and pictures of the library; what is needed stands in the page
        (klad / "index.html").write_text(_inhoud(klad, p, uitslagen), encoding="utf-8")
        for pagina in klad.rglob("*.html"):
            zonder_anderen(pagina)
        shutil.rmtree(p.pad / MAP, ignore_errors=True)
        klad.rename(p.pad / MAP)
    return p.pad / MAP / "index.html"


def _vorige(settings: Settings, p: Publicatie) -> Path | None:
    poort = lees_poort(p.pad)
    pad = settings.huis.publications / poort.vorige if poort is not None and poort.vorige else None
    return pad if pad is not None and pad.is_dir() else None


def _schrijf(map_: Path, p: Publicatie, vorige: Path | None) -> list[tuple[Verwachting, bool]]:
    import pandas as pd

    metingen = verwachtingen(p.pad, Catalogus.load(p.pad / "seeds"), vorige)
    gx = laad_bibliotheek()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    context.add_data_docs_site(site_name=MAP, site_config=_site(map_))
    bron = context.data_sources.add_pandas(p.publicatie_id)
    uitslagen = []
    for v in metingen:
        batch = bron.add_dataframe_asset(v.naam).add_batch_definition_whole_dataframe("metingen")
        suite = context.suites.add(
            gx.ExpectationSuite(name=v.naam, expectations=[als_gx(gx, e, v) for e in v.eisen], notes=v.zin)
        )
        definitie = context.validation_definitions.add(gx.ValidationDefinition(name=v.naam, data=batch, suite=suite))
        toets = context.checkpoints.add(
            gx.Checkpoint(name=v.naam, validation_definitions=[definitie], result_format="SUMMARY")
        )
        uitslagen.append((v, bool(toets.run(batch_parameters={"dataframe": als_frame(pd, v)}).success)))
    context.build_data_docs(site_names=[MAP])
    return uitslagen


def _inhoud(map_: Path, p: Publicatie, uitslagen: list[tuple[Verwachting, bool]]) -> str:
    """Return the first page; the library's own is empty without the scripts it fetches."""
    rijen = []
    for v, gehaald in uitslagen:
        (pagina,) = (map_ / "validations" / v.naam).rglob("*.html")
        schakel = f'<a href="{pagina.relative_to(map_).as_posix()}">{escape(v.naam)}</a>'
        uitslag = "voldaan" if gehaald else v.zwaarte.value
        rijen.append(
            f"<tr><td>{schakel}</td><td>{uitslag}</td><td>{escape(v.zin)}</td><td>{escape(v.waargenomen)}</td></tr>"
        )
    kop = "<tr><th>verwachting</th><th>uitslag</th><th>wat is gevraagd</th><th>gemeten</th></tr>"
    return (
        f'<html lang="nl"><head><meta charset="utf-8"><title>{p.publicatie_id}</title></head><body>'
        f"<h1>{p.publicatie_id}</h1><table><thead>{kop}</thead><tbody>{''.join(rijen)}</tbody></table></body></html>"
    )


def _site(map_: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(map_)},
    }


def zonder_anderen(pagina: Path) -> None:
    """Rewrite a page so that it fetches nothing and leads nowhere else; what it says stays."""
    boom: Any = html.fromstring(pagina.read_text(encoding="utf-8"))
    for deel in boom.xpath(_HALEN_OP):
        deel.drop_tree()
    for schakel in boom.xpath("//a[starts-with(@href, 'http') or starts-with(@href, '//')]"):
        schakel.drop_tag()
    for deel in boom.xpath("//*[@style and contains(@style, 'url(')]"):
        del deel.attrib["style"]
    kop = boom.find("head")
    beleid = {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"}
    kop.insert(0, html.Element("meta", beleid))
    for oud in boom.xpath("//style"):
        oud.drop_tree()
    stijl = html.Element("style")
    stijl.text = _STIJL
    kop.append(stijl)
    pagina.write_text("<!doctype html>\n" + html.tostring(boom, encoding="unicode"), encoding="utf-8")
