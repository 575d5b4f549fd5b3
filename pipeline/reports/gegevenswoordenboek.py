"""Generated documentation: tables and columns, rules, indicators, data contracts, parts of the handbook for senders.

`make docs` writes it, a test holds it to its sources.

Lives here: rendering seeds and dbt's yml as Markdown. Keep out: any text that is not in a seed or a yml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht
from pipeline.reports import datacontract, ggm
from pipeline.reports.leverhandleiding import HANDLEIDING, handleiding
from pipeline.settings import PROJECT

SCHEMAS = ("sturing", "kosten", "kwaliteit", "meta", "openbaar")
_KOP = "<!-- Gegenereerd met `make docs`; niet met de hand wijzigen. -->\n"


def genereer(catalogus: Catalogus, dbt_project: Path = PROJECT / "dbt_project") -> dict[str, str]:
    """All generated pages by file name."""
    return {
        "gegevenswoordenboek.md": woordenboek(dbt_project),
        "regels.md": regels(catalogus),
        "indicatoren.md": indicatoren(catalogus),
        "ggm.md": _KOP + ggm.toelichting(),
        **{datacontract.naam(b): datacontract.als_yaml(b, catalogus) for b in Bericht},
    }


def _cel(tekst: object) -> str:
    return " ".join(str(tekst or "").split()).replace("|", "\\|")


def _tabel(kop: Iterable[str], rijen: Iterable[Iterable[object]]) -> str:
    kop = list(kop)
    regels_ = ["| " + " | ".join(kop) + " |", "|" + "---|" * len(kop)]
    regels_ += ["| " + " | ".join(_cel(c) for c in rij) + " |" for rij in rijen]
    return "\n".join(regels_) + "\n"


def marts(dbt_project: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (schema, model as in dbt's yml) of every published table, in order."""
    for schema in SCHEMAS:
        modellen: list[dict[str, Any]] = []
        for pad in sorted((dbt_project / "models" / "marts" / schema).glob("*.yml")):
            # the loader in C: ten times as quick
            modellen += (yaml.load(pad.read_bytes(), Loader=yaml.CSafeLoader) or {}).get("models", [])
        # a model bears another name than its table where the name is taken
        benoemd = [m | {"name": (m.get("config") or {}).get("alias", m["name"])} for m in modellen]
        for model in sorted(benoemd, key=lambda m: str(m["name"])):
            yield schema, model


def woordenboek(dbt_project: Path) -> str:
    """Every published table with its columns."""
    delen = [_KOP, "# Gegevenswoordenboek\n", "Elke gepubliceerde tabel; dezelfde tekst staat in `meta.woordenboek`.\n"]
    for schema, model in marts(dbt_project):
        delen.append(f"## {schema}.{model['name']}\n\n{_cel(model.get('description'))}\n")
        kolommen = [(f"`{k['name']}`", k.get("data_type", ""), k.get("description")) for k in model.get("columns", [])]
        delen.append(_tabel(("kolom", "type", "betekenis"), kolommen))
    return "\n".join(delen)


def regels(catalogus: Catalogus) -> str:
    """Every rule with the sentence the sender reads."""
    delen = [
        _KOP,
        "# Regels\n",
        "BLOKKEREND: het bestand wordt geweigerd. FOUT: de rij telt niet mee. SIGNAAL: de rij telt mee.\n",
    ]
    rijen = [
        (
            r.regel_code,
            r.titel,
            r.zin,
            r.ernst.value,
            r.bericht,
            f"{r.drempel} {r.eenheid}".strip(),
            r.blinde_vlek,
            r.bron,
        )
        for r in catalogus.regels.values()
    ]
    delen.append(_tabel(("regel", "titel", "zin", "ernst", "bericht", "drempel", "ziet niet", "bron"), rijen))
    return "\n".join(delen)


def indicatoren(catalogus: Catalogus) -> str:
    """Every indicator with its definition."""
    delen = [_KOP, "# Indicatoren\n"]
    rijen = [
        (
            r["indicator_id"],
            r["indicator_versie"],
            r["definitie"],
            r["teller"],
            r["noemer"],
            r["eenheid"],
            r["segmenten"].replace("|", ", "),
            r["periodes"].replace("|", ", "),
            r["bron"],
        )
        for r in catalogus.rijen("indicatoren")
    ]
    kop = ("indicator", "versie", "definitie", "teller", "noemer", "eenheid", "segmenten", "periodes", "bron")
    delen.append(_tabel(kop, rijen))
    return "\n".join(delen)


def main() -> None:
    """Write docs/generated, and the generated parts of docs/leverhandleiding.md."""
    map_ = PROJECT / "docs" / "generated"
    map_.mkdir(parents=True, exist_ok=True)
    catalogus = Catalogus.load(PROJECT / "seeds")
    for naam, tekst in genereer(catalogus).items():
        (map_ / naam).write_text(tekst, encoding="utf-8")
    HANDLEIDING.write_text(handleiding(catalogus), encoding="utf-8")


if __name__ == "__main__":
    main()
