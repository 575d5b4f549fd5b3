"""A second region, made as an engineer of another region makes one: `nieuw`, then the rows that are its own.

Lives here: three gemeenten of the Achterhoek with one target, invented figures. For tests of what
must hold for any region. Keep out: the example region (kleine_regio.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.beheer.nieuw import maak_regio_map
from pipeline.domain.catalogus import Catalogus
from pipeline.settings import PROJECT

SEEDS = PROJECT / "seeds"
GEMEENTEN = {"GM0197": ("Aalten", 27_000), "GM0222": ("Doetinchem", 58_000), "GM0294": ("Winterswijk", 29_000)}


def maak_tweede_regio(map_: Path, *, vanaf: str = "2025-01-01", gemeenten: Sequence[str] = tuple(GEMEENTEN)) -> Path:
    """Return the folder of a region that is filled in; agreements begin on `vanaf`."""
    maak_regio_map(map_)
    jaren = range(2023, 2027)
    namen = {g: GEMEENTEN[g][0] for g in gemeenten}
    vul(map_, "gemeenten", [f"{g},{g[2:]},{n},{n},Gelderland,Achterhoek,2015-01-01,,CBS" for g, n in namen.items()])
    vul(
        map_,
        "leveringsafspraken",
        [
            f"{g},{b},mutaties,cent,maand,{vanaf},,15,10,alle,"
            for g in gemeenten
            for b in ("toewijzingen", "declaraties")
        ],
    )
    vul(
        map_,
        "inwoners",
        [f"{g},{j},{n},{n // 5},{n // 4},CBS" for g in gemeenten for j in jaren for n in (GEMEENTEN[g][1],)],
    )
    vul(
        map_,
        "contacten",
        [f"levering-{n.lower()},{g},,gewoon,mail,jeugd@{n.lower()}.nl,0,ja,2024-01-01," for g, n in namen.items()]
        + ["beheer,REGIO,,technisch,mail,beheer@achterhoek.nl,0,ja,2024-01-01,"],
    )
    # the codes that the synthetic care is delivered in; prices, segments and names are the region's own to change
    vul(
        map_,
        "productcodes",
        [",".join([*list(r.values())[:-1], "inkoop"]) for r in Catalogus(SEEDS).rijen("productcodes")],
    )
    vul(map_, "streefwaarden", ["verblijf,Uitgaven verblijf,kosten,verblijf,,-0.05,2025,2026,2028,,plan Achterhoek"])
    pad = map_ / "seeds" / "ref_instellingen.csv"
    tekst = pad.read_text(encoding="utf-8")
    for sleutel, waarde in (
        ("uitgever_naam", "Jeugdregio Achterhoek"),
        ("uitgever_email", "cijfers@achterhoek.nl"),
        ("catalogus_adres", "https://cijfers.achterhoek.nl/"),
        ("openbaar_max_leeg_aandeel", "1"),  # of a small region most public figures are about few
    ):
        regel = next(r for r in tekst.splitlines() if r.startswith(f"{sleutel},"))
        tekst = tekst.replace(regel, ",".join([sleutel, waarde, *regel.split(",")[2:]]))
    pad.write_text(tekst, encoding="utf-8")
    return map_


def vul(map_: Path, naam: str, rijen: Sequence[str]) -> None:
    """Put rows under the lines for people, as somebody with an editor does."""
    with (map_ / "seeds" / f"ref_{naam}.csv").open("a", encoding="utf-8") as f:
        f.write("".join(f"{rij}\n" for rij in rijen))


def env_van(map_: Path, **anders: str) -> dict[str, str]:
    """Return the settings in the file of the region, with synthetic person numbers."""
    regels = (map_ / "regiomonitor.env").read_text(encoding="utf-8").splitlines()
    paren = (r.split("=", 1) for r in regels if r and not r.startswith("#"))
    return {k: v.strip('"') for k, v in paren} | {"REGIOMONITOR_BSN_REEKS": "synthetisch"} | anders
