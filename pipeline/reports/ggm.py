"""What the tables of the Gemeentelijk Gegevensmodel hold, column by column: docs/generated/ggm.md, and with an export.

Lives here: the words around it, and what is lost. Keep out: which column stands where (berichten/ggm.py).
"""

from __future__ import annotations

from pipeline.berichten import ggm

_KOP = f"""# Tabellen van het Gemeentelijk Gegevensmodel {ggm.VERSIE}

Kolommen die met `{ggm.BUITEN}` beginnen staan niet in het model: zij dragen wat het model niet kan houden. Bedragen
zijn euro's. In een uitvoer is `BURGERSERVICENUMMER` een vervangend nummer dat niemand heeft, en `DATUMGEBOORTE` de
eerste dag van de maand waarin een leeftijd wordt bereikt. Wat de tabellen zijn, hoe u ze levert en wat er niet in
staat: docs/ggm.md van de Regiomonitor.
"""


def toelichting() -> str:
    """Return what every table and column holds, as Markdown."""
    plaatsen = {(p.tabel, p.kolom): k.betekenis for p, k in ggm.alle_plaatsen().items()}
    uit = [_KOP]
    for tabel, kolommen in ggm.tabellen().items():
        uit.append(f"## {tabel}\n\n| kolom | soort | wat er staat |\n|---|---|---|")
        for kolom, soort in kolommen.items():
            wat = plaatsen.get((tabel, kolom)) or _eigen(tabel, kolom, soort)
            uit.append(f"| `{kolom}` | {_soort(soort)} | {wat} |")
        uit.append("")
    return "\n".join(uit)


def _soort(soort: str) -> str:
    return "INTEGER" if soort in ggm.TABELLEN or soort in ggm.ENUMERATIES else soort


def _eigen(tabel: str, kolom: str, soort: str) -> str:
    """Say what a column is that holds no value of ours."""
    if kolom == ggm.MAAND:
        return "Eerste dag van de maand van de levering waarin de rij het eerst stond."
    naar = f" naar `{soort}`." if soort in ggm.TABELLEN else "."
    return ("Sleutel" if kolom == ggm.sleutel(tabel) else "Verwijst") + naar
