"""The doors in order, over the rows of many leveringen at once; each levering gets its own verdict.

Lives here: file (0), contract (1), rules (2), the verdict. A verdict depends on bytes, key, control totals, seeds and
code; on nothing else (docs/architecture.md section 1). Keep out: files and folders (landing, archief, bewijzen).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipeline import __version__
from pipeline.berichten import bestandsregels, contracten, regels, rijregels
from pipeline.berichten.kolom import GETALVORMEN, Contract, Vorm
from pipeline.berichten.namen import (
    AANGEVULD,
    BESTAND,
    EURO,
    GEMEENTE,
    GOED,
    HASH,
    LEVERING,
    P_EENHEID,
    P_TARIEF,
    RIJ,
    SCHEEF,
    elf,
    hersteld,
    in_euro_of_cent,
    merk,
    tekst,
    vertaald,
)
from pipeline.berichten.toets import Regelboek, Toets
from pipeline.domain.bevindingen import Bevinding, Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht, Ontvangstbewijs, Status, Telling
from pipeline.domain.seedrijen import Afspraak
from pipeline.domain.synoniemen import waardesynoniemen
from pipeline.intake import canoniek, quarantaine
from pipeline.intake.bestandsdeur import Gelezen, Melding, lees_stuk
from pipeline.intake.getallen import MICRO
from pipeline.intake.lezing import MAX_RIJEN
from pipeline.intake.persoonsnummers import Personen, met_personen
from pipeline.intake.producten import met_product
from pipeline.intake.pseudoniemen import Pseudonimiseerder
from pipeline.intake.uitkomst import Rijbevinding, Stuk, Uitspraak
from pipeline.intake.waarden import Woordenboek, lees_waarden, woordenboek

RIJEN_OP_BEWIJS = 20
"""Row numbers per finding that a receipt holds."""
UITEINDELIJK = ("L10",)
_BITS = 60
"""Masks that fit in one whole number of 64 bits."""


@dataclass(frozen=True)
class Deur:
    """Everything a verdict needs besides the files: seeds, key, and how many row numbers to name."""

    catalogus: Catalogus
    boek: Regelboek
    pseudoniemen: Pseudonimiseerder = field(repr=False)
    deurversie: str
    max_rijen: int = RIJEN_OP_BEWIJS

    def beoordeel(self, stukken: Sequence[Stuk]) -> list[Uitspraak]:
        """Judge contents; the answer is in the order asked."""
        return [u for deel in self.in_delen(stukken) for u in deel]

    def in_delen(self, stukken: Iterable[Stuk]) -> Iterator[list[Uitspraak]]:
        """Judge contents, as many at a time as fit in memory whatever their bytes unpack to; the order is as asked."""
        eigen = contracten(self.catalogus)
        deel: list[Gelezen] = []
        for s in stukken:
            g = lees_stuk(s, self.catalogus, eigen)
            if deel and sum(d.n_ontvangen for d in deel) + g.n_ontvangen > MAX_RIJEN:
                yield self._oordeel(deel)
                deel = []
            deel.append(g)
        if deel:
            yield self._oordeel(deel)

    def _oordeel(self, gelezen: Sequence[Gelezen]) -> list[Uitspraak]:
        uit: dict[int, Uitspraak] = {}
        for bericht in Bericht:
            nummers = [i for i, g in enumerate(gelezen) if g.stuk.sleutel.bericht is bericht and g.rijen is not None]
            if nummers:
                uit |= zip(nummers, _Partij(self, [gelezen[i] for i in nummers]).uitspraken(), strict=True)
        for i, g in enumerate(gelezen):
            if i not in uit:
                uit[i] = Uitspraak(_bewijs(self, g, _Stand(), {}))
        return [uit[i] for i in range(len(gelezen))]


@dataclass
class _Stand:
    """Numbers of one levering as they are counted."""

    bedrag: int = 0
    gedateerd: int = 0
    eerste: dt.date | None = None
    in_venster: int = 0
    n_tarief: int = 0
    verhouding: float | None = None
    n_fout: int = 0
    bedrag_fout: int = 0
    reparaties: dict[str, int] = field(default_factory=dict)
    inhoud_hash: str = ""
    door_controle: bool = False


def _identiteit(stuk: Stuk, stand: _Stand) -> str:
    return stuk.controle_id if stand.door_controle and stuk.controle_id else stuk.levering_id


def _afspraak(catalogus: Catalogus, g: Gelezen) -> Afspraak | None:
    s = g.stuk.sleutel
    return catalogus.afspraak(s.gemeente, s.bericht, s.maand)


def _eenheid(g: Gelezen, afspraak: Afspraak | None) -> str:
    """Money unit of a file: fixed by its kind (iJw messages are in cents), else as agreed."""
    return g.bedrag_eenheid or (afspraak.bedrag_eenheid if afspraak else "cent")


def _soort(afspraak: Afspraak | None) -> str:
    return afspraak.soort if afspraak else "mutaties"


class _Partij:
    """The leveringen of one bericht in one batch, and their rows in one frame."""

    def __init__(self, deur: Deur, gelezen: Sequence[Gelezen]) -> None:
        self.deur = deur
        self.gelezen = list(gelezen)
        self.contract: Contract = gelezen[0].contract
        self.bericht = self.contract.bericht
        self.afspraken = [_afspraak(deur.catalogus, g) for g in gelezen]
        self.standen = [_Stand() for _ in gelezen]
        self.bevindingen: list[dict[str, Bevinding]] = [{} for _ in gelezen]
        self.plaatsen: list[list[Rijbevinding]] = [[] for _ in gelezen]

    def uitspraken(self) -> list[Uitspraak]:
        df = self._lees()
        self._tel_bestand(df)
        geweigerd = {i for i in range(len(self.gelezen)) if self._bestandsoordeel(i)}
        open_ = df.filter(~pl.col(LEVERING).is_in(sorted(geweigerd))) if geweigerd else df
        geldig: dict[int, pl.DataFrame] = {}
        quarantaine_: dict[int, pl.DataFrame] = {}
        if open_.height:
            geldig, quarantaine_ = self._beoordeel_rijen(open_)
        for i, g in enumerate(self.gelezen):
            if i not in geweigerd and not self.bevindingen[i]:
                self._niets_te_toetsen(i, g)
        for i in geweigerd:
            quarantaine_[i] = self._zonder_inhoud(df.filter(pl.col(LEVERING) == i), i)
        return [
            Uitspraak(
                _bewijs(self.deur, g, self.standen[i], self.bevindingen[i]),
                geldig.get(i),
                quarantaine_[i] if i in quarantaine_ and quarantaine_[i].height else None,
                tuple(self.plaatsen[i]),
            )
            for i, g in enumerate(self.gelezen)
        ]

    def _niets_te_toetsen(self, i: int, g: Gelezen) -> None:
        """A confirmed empty levering reached the row rules: every one was evaluated, on no row."""
        for code in sorted(regels.codes(self.bericht, self.deur.boek) - set(bestandsregels.CODES)):
            self.bevindingen[i][code] = Bevinding(code, self._ernst(code), 0, 0)
        g.meldingen["L10"] = Melding(raakt=False)

    # --- values ------------------------------------------------------------------------------------------------------

    def _lees(self) -> pl.DataFrame:
        delen: list[pl.DataFrame] = []
        bestanden = 0
        for i, g in enumerate(self.gelezen):
            if g.rijen is None:
                raise AssertionError("een onleesbaar bestand hoort niet in een partij")
            s = g.stuk.sleutel
            delen.append(
                g.rijen.with_columns(
                    pl.lit(i, pl.UInt32).alias(LEVERING),
                    pl.col(BESTAND) + pl.lit(bestanden, pl.UInt32),
                    pl.lit(s.gemeente).alias(GEMEENTE),
                    pl.lit(s.maand.eerste_dag).alias("leveringsmaand"),
                    pl.lit(g.stuk.levering_id).alias("levering_id"),
                    pl.lit(_eenheid(g, self.afspraken[i]) == "euro").alias(EURO),
                )
            )
            bestanden += 1 + int(g.rijen[BESTAND].max() or 0)  # type: ignore[arg-type]  # whole numbers
            g.rijen = None  # the texts as they came are not needed beside the values
        samen = pl.concat(delen)
        delen.clear()
        woorden = woordenboek(waardesynoniemen(self.deur.catalogus))
        if samen[AANGEVULD].any():
            samen = self._keur_aangevuld(samen, woorden)
        df = lees_waarden(samen, self.contract, woorden)
        df = canoniek.met_canonieke_waarden(df, self.contract)
        return met_product(df, self.deur.catalogus, self.contract.productdag)

    def _keur_aangevuld(self, samen: pl.DataFrame, woorden: Woordenboek) -> pl.DataFrame:
        """Take rows that were filled up for crooked where they say anything odd: then they lost another field."""
        proef = lees_waarden(samen.filter(pl.col(AANGEVULD)), self.contract, woorden)
        proef = met_personen(proef, self.contract, Personen(proef, self.contract))
        maskers = _maskers(proef, regels.contracttoetsen(self.bericht, self.deur.boek))
        vreemd = maskers.een_van([c for c in maskers.codes if self._ernst(c) is not Ernst.INFO])
        mis = proef.filter(vreemd).select(LEVERING, RIJ, _mis=pl.lit(value=True))
        samen = samen.join(mis, on=[LEVERING, RIJ], how="left", maintain_order="left")
        scheef = pl.col("_mis").fill_null(value=False)
        return samen.with_columns(
            *(pl.when(~scheef).then(pl.col(k.naam)).alias(k.naam) for k in self.contract.kolommen),
            (pl.col(SCHEEF) | scheef).alias(SCHEEF),
            (pl.col(AANGEVULD) & ~scheef).alias(AANGEVULD),
        ).drop("_mis")

    def _tel_bestand(self, df: pl.DataFrame) -> None:
        """Count what door 0 needs of the values: cents, dates against the maand, tarieven against the product table."""
        vensters = pl.DataFrame(
            [(i, *bestandsregels.venster(g.stuk.sleutel.maand)) for i, g in enumerate(self.gelezen)],
            schema={LEVERING: pl.UInt32, "_van": pl.Date, "_tot": pl.Date},
            orient="row",
        )
        datum = pl.max_horizontal(pl.col(n) for n in self.contract.periodekolommen)
        geld = self._geld()
        tellingen = (
            df.with_columns(_datum=datum)
            .join(vensters, on=LEVERING, how="left")
            .group_by(LEVERING)
            .agg(
                geld.sum().alias("bedrag"),
                pl.col("_datum").count().alias("gedateerd"),
                pl.col("_datum").min().alias("eerste"),
                pl.col("_datum").is_between(pl.col("_van"), pl.col("_tot")).sum().alias("in_venster"),
                *self._tariefverhouding(),
            )
        )
        for rij in tellingen.to_dicts():
            stand = self.standen[rij.pop(LEVERING)]
            for naam, waarde in rij.items():
                setattr(stand, naam, waarde if waarde is not None or naam in ("eerste", "verhouding") else 0)

    def _geld(self) -> pl.Expr:
        """What a sender sums; of a bericht without money nothing."""
        return pl.col(self.contract.geldkolom) if self.contract.geldkolom else pl.col(RIJ).cast(pl.Int64) * 0

    def _tariefverhouding(self) -> list[pl.Expr]:
        if not self.contract.tariefkolom:
            return []
        tarief = pl.col(in_euro_of_cent(self.contract.tariefkolom))
        zelfde = (tarief > 0) & (pl.col(P_TARIEF) > 0) & (pl.col(P_EENHEID) == pl.col("eenheid"))
        # one division of whole numbers: a ratio on the boundary comes out as the boundary
        verhouding = (tarief / (pl.col(P_TARIEF) * MICRO)).filter(zelfde)
        return [verhouding.median().alias("verhouding"), verhouding.count().alias("n_tarief")]

    # --- door 0 ------------------------------------------------------------------------------------------------------

    def _bestandsoordeel(self, i: int) -> bool:
        """Finish door 0 for one levering; True when it is refused there."""
        g, stand = self.gelezen[i], self.standen[i]
        leeg = g.n_ontvangen == 0
        g.meldingen["L09"] = Melding(raakt=leeg and not self._nihil_bevestigd(i))
        stand.door_controle = leeg and self._controle_zegt_niets(i)
        for code in ("L04", "L07", "L08"):
            g.meldingen[code] = Melding(raakt=False, getoetst=False)
        if g.stuk.controle is not None:
            g.meldingen["L07"] = self._controle(g, stand)
            stand.door_controle = stand.door_controle or g.meldingen["L07"].raakt
        if g.afwijkend_totaal and not g.meldingen["L07"].raakt:
            zin = f"In {g.afwijkend_totaal} berichten is TotaalIngediendBedrag niet de som van de regels."
            g.meldingen["L07"] = Melding(raakt=True, kolommen=(self.contract.geldkolom,), zin=zin)
        if stand.gedateerd and stand.eerste is not None:
            soort = _soort(self.afspraken[i])
            maand, eerste = g.stuk.sleutel.maand, self._is_eerste(i)
            anders = bestandsregels.periode_wijkt_af(stand.eerste, stand.in_venster, maand, soort, is_eerste=eerste)
            zin = bestandsregels.verwachte_periode(maand, stand.in_venster, stand.gedateerd) if anders else ""
            g.meldingen["L04"] = Melding(raakt=anders, kolommen=self.contract.periodekolommen, zin=zin)
        if stand.n_tarief and stand.verhouding is not None and not g.meldingen["L02"].raakt:
            g.meldingen["L08"] = self._geldeenheid(i, stand.verhouding)
        return any(m.raakt and self._ernst(code) is Ernst.BLOKKEREND for code, m in g.meldingen.items())

    def _is_eerste(self, i: int) -> bool:
        s = self.gelezen[i].stuk.sleutel
        eigen = (a for a in self.deur.catalogus.afspraken if (a.gemeente, a.bericht) == (s.gemeente, s.bericht))
        return bestandsregels.is_eerste_levering(s.maand, (a.vanaf for a in eigen))

    def _ernst(self, code: str) -> Ernst:
        return self.deur.catalogus.regels[code].ernst

    def _nihil_bevestigd(self, i: int) -> bool:
        if self._controle_zegt_niets(i):
            return True
        s = self.gelezen[i].stuk.sleutel
        return any((n.gemeente, n.bericht, n.maand) == (s.gemeente, s.bericht, s.maand) for n in self._nihil_opgaven())

    def _controle_zegt_niets(self, i: int) -> bool:
        return bestandsregels.nihil_volgens(self.gelezen[i].stuk.controle)

    def _nihil_opgaven(self) -> Iterable[Any]:
        return self.deur.catalogus.nihil_opgaven

    def _controle(self, g: Gelezen, stand: _Stand) -> Melding:
        fout = bestandsregels.controle_klopt_niet(
            g.stuk.controle or {}, rijen=g.n_ontvangen, bedrag_cent=stand.bedrag, sha256=g.stuk.sha256
        )
        zin = f"Het controlebestand en het bestand verschillen: {', '.join(fout)}." if fout else ""
        return Melding(raakt=bool(fout), zin=zin)

    def _geldeenheid(self, i: int, verhouding: float) -> Melding:
        afgesproken = _eenheid(self.gelezen[i], self.afspraken[i])
        gevonden = bestandsregels.eenheid_volgens_tarieven(verhouding, self.deur.boek)
        if gevonden == afgesproken:
            return Melding(raakt=False)
        wat = f"lijken in {gevonden} te staan" if gevonden else "passen niet bij de productentabel"
        return Melding(raakt=True, kolommen=("producttarief",), zin=f"De bedragen {wat}; afgesproken is {afgesproken}.")

    def _zonder_inhoud(self, df: pl.DataFrame, i: int) -> pl.DataFrame:
        """Rows of a levering refused at door 0: numbered, with the reason, and nothing of what was in them."""
        codes = [c for c, m in self.gelezen[i].meldingen.items() if m.raakt and self._ernst(c) is Ernst.BLOKKEREND]
        self.standen[i].n_fout = df.height
        self.standen[i].bedrag_fout = self.standen[i].bedrag
        leeg = [pl.lit(None, pl.String).alias(tekst(k.naam)) for k in self.contract.kolommen]
        identiteit = pl.lit(_identiteit(self.gelezen[i].stuk, self.standen[i])).alias("levering_id")
        df = df.select(identiteit, GEMEENTE, "leveringsmaand", RIJ, *leeg).with_columns(
            pl.lit("|".join(sorted(codes))).alias("redenen"),
            pl.lit("").alias("plaatsen"),
            pl.lit(None, pl.String).alias("pseudoniem"),
            pl.lit(None, pl.String).alias("eigen_sleutel"),
            *(pl.lit(None, pl.String).alias(merk(k.naam)) for k in self.contract.kolommen if k.kenmerk),
        )
        return quarantaine.maskeer(df, self.contract, pl.Series("t", [], dtype=pl.String))

    # --- doors 1 and 2 -----------------------------------------------------------------------------------------------

    def _beoordeel_rijen(self, df: pl.DataFrame) -> tuple[dict[int, pl.DataFrame], dict[int, pl.DataFrame]]:
        boek = self.deur.boek
        eerste = regels.contracttoetsen(self.bericht, boek)
        pseudoniemen = self.deur.pseudoniemen
        personen = Personen(df, self.contract)
        df = met_personen(df, self.contract, personen)
        df = df.with_columns(
            pseudoniemen.voor(df["bsn"].zip_with(df[elf("bsn")], _niets(df.height))),
            *(
                pseudoniemen.merk(df[k.naam], k.kenmerk).alias(merk(k.naam))
                for k in self.contract.kolommen
                if k.kenmerk
            ),
        )
        maskers = _maskers(df, eerste)
        fouten = [c for c in maskers.codes if self._ernst(c) in (Ernst.FOUT, Ernst.BLOKKEREND)]
        df = df.with_columns((~maskers.een_van(fouten)).alias(GOED))
        df = df.with_columns(canoniek.rij_hash(df, self.contract))
        tweede = _maskers(df, regels.regeltoetsen(self.bericht, boek))
        alle = maskers.met(tweede)
        fouten = [c for c in alle.codes if self._ernst(c) in (Ernst.FOUT, Ernst.BLOKKEREND)]
        overig = [c for c in alle.codes if c not in fouten]
        df = df.with_columns(
            alle.als_tekst(fouten).alias("redenen"),
            alle.plaatsen(fouten).alias("plaatsen"),
            alle.als_tekst(overig).alias("signalen"),
            alle.een_van(fouten).alias("_uit"),
        )
        self._tel_rijen(df, alle)
        return self._splits(df, personen)

    def _tel_rijen(self, df: pl.DataFrame, maskers: _Maskers) -> None:
        geld = self._geld()
        reparaties = _reparaties(self.contract)
        for rij in (
            df.group_by(LEVERING)
            .agg(
                pl.col("_uit").sum().alias("n_fout"),
                geld.filter(pl.col("_uit")).sum().alias("bedrag_fout"),
                *(pl.col(kolom).sum().alias(naam) for naam, kolom in reparaties.items()),
            )
            .to_dicts()
        ):
            stand = self.standen[rij[LEVERING]]
            stand.n_fout, stand.bedrag_fout = rij["n_fout"], rij["bedrag_fout"] or 0
            stand.reparaties = {n: rij[n] for n in reparaties if rij[n]}
        tellingen = maskers.per_levering(df)
        for code in maskers.codes:
            voorbeelden = self._voorbeelden(df, maskers, code) if tellingen.raakt(code) else {}
            for i in tellingen.leveringen:
                n, van = tellingen.van(code, i)
                nummers = voorbeelden.get(i, ())
                kolommen = tellingen.kolommen(code, i)
                self.bevindingen[i][code] = Bevinding(
                    code, self._ernst(code), n, van, kolommen if n else (), nummers[:RIJEN_OP_BEWIJS]
                )
                if n:
                    self.plaatsen[i].append(Rijbevinding(code, nummers, kolommen))

    def _voorbeelden(self, df: pl.DataFrame, maskers: _Maskers, code: str) -> dict[int, tuple[int, ...]]:
        geraakt = df.select(LEVERING, RIJ).filter(maskers.masker(code))
        lijsten = geraakt.group_by(LEVERING).agg(pl.col(RIJ).sort().head(self.deur.max_rijen))
        return {i: tuple(nummers) for i, nummers in lijsten.rows()}

    def _splits(self, df: pl.DataFrame, personen: Personen) -> tuple[dict[int, pl.DataFrame], dict[int, pl.DataFrame]]:
        """Split accepted from refused rows, levering by levering; a levering with too many refused rows is refused."""
        afgekeurd = {i for i in df[LEVERING].unique().to_list() if self._te_veel(i)}
        weg = pl.col("_uit")
        if afgekeurd:
            geheel = pl.col(LEVERING).is_in(sorted(afgekeurd))
            df = df.with_columns(
                pl.when(geheel & (pl.col("redenen") == ""))
                .then(pl.lit("L10"))
                .otherwise(pl.col("redenen"))
                .alias("redenen")
            )
            weg = weg | geheel
        goed = df.filter(~weg)
        slecht = df.filter(weg)
        geldig = canoniek.uitvoer(goed, self.contract)
        self._bevestig(geldig)
        gemaskeerd = quarantaine.maskeer(
            slecht,
            self.contract,
            quarantaine.gevoelige_teksten(df, self.contract),
            quarantaine.verdacht(df, self.contract, personen, df.select(weg).to_series()),
        )
        per_goed = _verdeel(geldig, goed[LEVERING])
        for i, deel in per_goed.items():
            self.standen[i].inhoud_hash = canoniek.inhoud_hash(deel[HASH])
        return per_goed, _verdeel(gemaskeerd, slecht[LEVERING])

    def _bevestig(self, geldig: pl.DataFrame) -> None:
        from pipeline.berichten.schema import bevestig

        if geldig.height:
            bevestig(geldig, self.bericht, self.deur.catalogus)

    def _te_veel(self, i: int) -> bool:
        """Decide L10, and on row rules that the seed made BLOKKEREND."""
        g, stand = self.gelezen[i], self.standen[i]
        te_veel = bestandsregels.te_veel_afgekeurd(stand.n_fout, g.n_ontvangen, self.deur.boek)
        niets = bestandsregels.geen_goedgekeurd(stand.n_fout, g.n_ontvangen)
        hoogstens = 100 * self.deur.catalogus.getal("quarantaine_max_aandeel")
        zin = f"{stand.n_fout} van de {g.n_ontvangen} rijen zijn afgekeurd; hoogstens {hoogstens:.0f} procent mag."
        zin = "Geen van de rijen is goedgekeurd." if niets else zin if te_veel else ""
        g.meldingen["L10"] = Melding(raakt=te_veel, zin=zin)
        blokkeert = any(b.n_rijen and b.ernst is Ernst.BLOKKEREND for b in self.bevindingen[i].values())
        if te_veel or blokkeert:
            stand.n_fout, stand.bedrag_fout = g.n_ontvangen, stand.bedrag
        return te_veel or blokkeert


def _reparaties(contract: Contract) -> dict[str, str]:
    """Names under which repairs stand on the receipt, with the working column that says where one was made."""
    nullen = {k.naam: hersteld(k.naam) for k in rijregels.herstelbaar(contract)}
    datums = {f"{k.naam}:datumvorm": hersteld(k.naam) for k in contract.met_vorm(Vorm.DATUM)}
    getallen = {f"{k.naam}:getalvorm": hersteld(k.naam) for k in contract.met_vorm(*GETALVORMEN)}
    woorden = {f"{k.naam}:woord": vertaald(k.naam) for k in contract.met_vorm(Vorm.CODE, Vorm.WOORD)}
    return nullen | datums | getallen | woorden | {"rij:aangevuld": AANGEVULD}


def _niets(n: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, n)


def _verdeel(df: pl.DataFrame, levering: pl.Series) -> dict[int, pl.DataFrame]:
    delen = df.with_columns(levering.alias(LEVERING)).partition_by(LEVERING, as_dict=True, include_key=False)
    return {int(sleutel[0]): deel for sleutel, deel in delen.items()}


# --- masks -------------------------------------------------------------------------------------------------------


@dataclass
class _Tellingen:
    """Per levering and code: rows hit and rows judged; per column of a rule: rows hit."""

    leveringen: list[int]
    rijen: dict[int, dict[str, int]]
    toetsen: dict[str, list[Toets]]

    def raakt(self, code: str) -> bool:
        return any(self.rijen[i][f"n|{code}"] for i in self.leveringen)

    def van(self, code: str, i: int) -> tuple[int, int]:
        return self.rijen[i][f"n|{code}"], self.rijen[i][f"g|{code}"]

    def kolommen(self, code: str, i: int) -> tuple[str, ...]:
        toetsen = self.toetsen[code]
        if len(toetsen) == 1:
            return toetsen[0].kolommen
        gevonden = [k for j, t in enumerate(toetsen) if self.rijen[i][f"k|{code}|{j}"] for k in t.kolommen]
        return tuple(dict.fromkeys(gevonden))


@dataclass
class _Maskers:
    """Which rows each rule hits (`n|code`) and judged (`g|code`), as columns of booleans; `k|code|j` per column."""

    frame: pl.DataFrame
    toetsen: dict[str, list[Toets]]

    @property
    def codes(self) -> list[str]:
        return list(self.toetsen)

    def masker(self, code: str) -> pl.Series:
        return self.frame[f"n|{code}"]

    def met(self, ander: _Maskers) -> _Maskers:
        return _Maskers(pl.concat([self.frame, ander.frame], how="horizontal"), self.toetsen | ander.toetsen)

    def een_van(self, codes: Sequence[str]) -> pl.Series:
        return self.frame.select(pl.any_horizontal(f"n|{c}" for c in codes)).to_series()

    def als_tekst(self, codes: Sequence[str]) -> pl.Series:
        """Return the codes that hit each row, sorted and joined by `|`; an empty text when none did."""
        return self._tekst([(f"n|{c}", c) for c in sorted(codes)])

    def plaatsen(self, codes: Sequence[str]) -> pl.Series:
        """Return, of rules that look at one column after the other, where they hit: `R05:bsn|R06:einddatum`."""
        return self._tekst(
            [
                (f"k|{c}|{j}", f"{c}:{'+'.join(t.kolommen)}")
                for c in sorted(codes)
                for j, t in enumerate(self.toetsen[c])
                if len(self.toetsen[c]) > 1
            ]
        )

    def _tekst(self, maskers: Sequence[tuple[str, str]]) -> pl.Series:
        """Join by `|` the texts of the masks that hit each row, in the order given, 60 masks to one whole number."""
        delen = [self._bitstekst(maskers[i : i + _BITS]) for i in range(0, len(maskers), _BITS)]
        if len(delen) == 1:
            return delen[0]
        samen = pl.concat_str([pl.lit(""), *delen], separator="|")
        return self.frame.select(samen.str.replace_all(r"\|+", "|").str.strip_chars("|").alias("t")).to_series()

    def _bitstekst(self, maskers: Sequence[tuple[str, str]]) -> pl.Series:
        bits = self.frame.select(
            pl.sum_horizontal(pl.col(m).cast(pl.UInt64) * (1 << j) for j, (m, _) in enumerate(maskers))
        ).to_series()
        uniek = bits.unique().to_list()
        teksten = ["|".join(t for j, (_, t) in enumerate(maskers) if b >> j & 1) for b in uniek]
        return bits.replace_strict(uniek, teksten, return_dtype=pl.String)

    def per_levering(self, df: pl.DataFrame) -> _Tellingen:
        """Sum all masks per levering."""
        sommen = (
            self.frame.with_columns(df[LEVERING]).group_by(LEVERING, maintain_order=True).agg(pl.all().sum()).to_dicts()
        )
        per = {rij[LEVERING]: rij for rij in sommen}
        return _Tellingen(list(per), per, self.toetsen)


def _maskers(df: pl.DataFrame, toetsen: Sequence[Toets]) -> _Maskers:
    """Evaluate rules on all rows. A rule that cannot be evaluated raises: it must never look like a clean file."""
    per_code: dict[str, list[Toets]] = {}
    for t in toetsen:
        per_code.setdefault(t.code, []).append(t)
    recht = ~pl.col(SCHEEF)
    kolommen = []
    for code, eigen in per_code.items():
        leesbaar = pl.lit(value=True) if code == "R01" else recht
        getoetst = [t.getoetst.fill_null(value=False) & leesbaar for t in eigen]
        geraakt = [t.raakt.fill_null(value=False) & g for t, g in zip(eigen, getoetst, strict=True)]
        kolommen.append(pl.any_horizontal(geraakt).alias(f"n|{code}"))
        kolommen.append(pl.any_horizontal(getoetst).alias(f"g|{code}"))
        if len(eigen) > 1:
            kolommen += [e.alias(f"k|{code}|{j}") for j, e in enumerate(geraakt)]
    # one row-wide column keeps literal masks at the height of the frame
    frame = df.select(pl.col(SCHEEF).alias("_hoogte"), *kolommen).drop("_hoogte")
    return _Maskers(frame, per_code)


# --- receipts ----------------------------------------------------------------------------------------------------


def _bewijs(deur: Deur, g: Gelezen, stand: _Stand, rijbevindingen: dict[str, Bevinding]) -> Ontvangstbewijs:
    """Put the verdict on a receipt; its counts close, or the run fails."""
    regels = deur.catalogus.regels
    alle = {c: _bestandsbevinding(c, m, regels[c].ernst) for c, m in g.meldingen.items()} | rijbevindingen
    bevindingen = tuple(alle[c] for c in regels if c in alle)
    afspraak = _afspraak(deur.catalogus, g)
    s = g.stuk
    bewijs = Ontvangstbewijs(
        levering_id=_identiteit(s, stand),
        sleutel=s.sleutel,
        sha256=s.sha256,
        bytes=s.n_bytes,
        bestandsnaam=s.bestandsnaam,
        ontvangen_op=s.ontvangen_op,
        verwerkt_op=s.verwerkt_op,
        status=_status(bevindingen, g.n_ontvangen),
        soort=_soort(afspraak),
        bedrag_eenheid=_eenheid(g, afspraak),
        rijen_in_bestand=g.rijen_in_bestand,
        niet_data=dict(g.niet_data),
        rijen=Telling(g.n_ontvangen, g.n_ontvangen - stand.n_fout, stand.n_fout),
        bedrag_cent=Telling(stand.bedrag, stand.bedrag - stand.bedrag_fout, stand.bedrag_fout),
        reparaties=stand.reparaties,
        bevindingen=bevindingen,
        deurversie=deur.deurversie,
        codeversie=__version__,
        inhoud_hash=stand.inhoud_hash,
        controle=s.controle,
    )
    bewijs.controleer()
    return bewijs


def _bestandsbevinding(code: str, melding: Melding, ernst: Ernst) -> Bevinding:
    return Bevinding(
        code,
        ernst,
        int(melding.raakt),
        int(melding.getoetst),
        melding.kolommen if melding.raakt else (),
        (),
        melding.zin if melding.raakt else "",
    )


def _status(bevindingen: Sequence[Bevinding], ontvangen: int) -> Status:
    ernsten = {b.ernst for b in bevindingen if b.n_rijen}
    if Ernst.BLOKKEREND in ernsten:
        return Status.AFGEKEURD
    if ontvangen == 0:
        return Status.NIHIL_BEVESTIGD
    # of signals the warehouse knows what they weigh (kwaliteit.leveringsstatus); a receipt does not
    if Ernst.FOUT in ernsten:
        return Status.GEACCEPTEERD_MET_OPMERKINGEN
    return Status.GEACCEPTEERD
