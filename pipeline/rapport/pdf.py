"""Reports and packs as PDF, printed by Chromium where it is at hand: a page prints on A4 as it is.

Lives here: finding the browser and printing. Keep out: what a page looks like on paper (stijl.css).
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.rapport.blokken import Pagina
from pipeline.rapport.bron import RapportFout

MAP = "pdf"
_NAMEN = ("chromium", "chromium-browser", "google-chrome")
_GEDULD_SECONDEN = 120
_VLAGGEN = (
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
)


def zoek_chromium() -> str:
    """Return the browser; RapportFout when there is none."""
    gevonden = next((p for n in _NAMEN if (p := shutil.which(n))), None)
    if gevonden is None:
        raise RapportFout(
            "--pdf heeft Chromium nodig: installeer het pakket chromium, of druk de pagina's af in een browser."
        )
    return gevonden


def maak_pdfs(klad: Path, paginas: Mapping[str, Sequence[Pagina]], chromium: str) -> int:
    """Print every page that is made to be printed to `pdf/` of its edition; return how many."""
    n = 0
    for editie, lijst in paginas.items():
        for pagina in lijst:
            if pagina.is_afdruk:
                naar = klad / editie / MAP / pagina.pad.replace("/", "-").replace(".html", ".pdf")
                naar.parent.mkdir(exist_ok=True)
                druk_af(chromium, klad / editie / pagina.pad, naar)
                n += 1
    return n


def druk_af(chromium: str, pagina: Path, naar: Path) -> None:
    """Print one page; RapportFout when nothing came of it."""
    # pages are our own and run nothing; the sandbox of the browser needs rights that a container lacks
    with tempfile.TemporaryDirectory() as profiel:
        vlaggen = [*_VLAGGEN, "--no-sandbox", f"--user-data-dir={profiel}", f"--print-to-pdf={naar}"]
        try:
            subprocess.run(  # noqa: S603 the browser of this machine, our own page
                [chromium, *vlaggen, pagina.resolve().as_uri()],
                check=False,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_GEDULD_SECONDEN,
            )
        except subprocess.TimeoutExpired:
            raise RapportFout(f"Chromium drukte {pagina.name} niet af binnen {_GEDULD_SECONDEN} seconden.") from None
    if not naar.is_file():
        raise RapportFout(f"Chromium drukte {pagina.name} niet af; probeer de pagina in een browser.")
