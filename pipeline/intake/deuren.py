"""The doors in order, over the rows of many leveringen at once; each levering gets its own verdict.

Lives here: the order of file (0), contract (1), rules (2) and verdict, and which rows pass. A verdict depends on bytes,
key, control totals, seeds and code; on nothing else (docs/architecture.md section 1). Keep out: door 0 itself
(bestandsdeur, leveringsdeur), what rules hit (maskers), receipts (bewijsopmaak, bewijzen), folders (landing, archief).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

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
    RIJ,
    SCHEEF,
    elf,
    hersteld,
    merk,
    vertaald,
)
from pipeline.berichten.toets import Regelboek
from pipeline.domain.bevindingen import Bevinding, Ernst
from pipeline.domain.catalogus import Catalogus
from pipeline.domain.leveringen import Bericht
from pipeline.domain.synoniemen import waardesynoniemen
from pipeline.intake import canoniek, quarantaine
from pipeline.intake.bestandsdeur import Gelezen, Melding, lees_stuk
from pipeline.intake.bewijsopmaak import Stand, afspraak_van, eenheid_van, maak_bewijs
from pipeline.intake.leveringsdeur import geld, is_geweigerd, tel_waarden, zonder_inhoud
from pipeline.intake.lezing import MAX_RIJEN
from pipeline.intake.maskers import Maskers, bepaal_maskers
from pipeline.intake.persoonsnummers import Personen, met_personen
from pipeline.intake.producten import met_product
from pipeline.intake.pseudoniemen import Pseudonimiseerder
from pipeline.intake.uitkomst import Rijbevinding, Stuk, Uitspraak
from pipeline.intake.waarden import Woordenboek, lees_waarden, woordenboek

RIJEN_OP_BEWIJS = 20
"""Row numbers per finding that a receipt holds."""


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
                uit[i] = Uitspraak(maak_bewijs(g, Stand(), {}, self.catalogus, self.deurversie))
        return [uit[i] for i in range(len(gelezen))]


class _Partij:
    """The leveringen of one bericht in one batch, and their rows in one frame."""

    def __init__(self, deur: Deur, gelezen: Sequence[Gelezen]) -> None:
        self.deur = deur
        self.gelezen = list(gelezen)
        self.contract: Contract = gelezen[0].contract
        self.bericht = self.contract.bericht
        self.afspraken = [afspraak_van(deur.catalogus, g) for g in gelezen]
        self.standen = [Stand() for _ in gelezen]
        self.bevindingen: list[dict[str, Bevinding]] = [{} for _ in gelezen]
        self.plaatsen: list[list[Rijbevinding]] = [[] for _ in gelezen]

    def uitspraken(self) -> list[Uitspraak]:
        df = self._lees()
        tel_waarden(df, self.gelezen, self.standen, self.contract)
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
            eigen = df.filter(pl.col(LEVERING) == i)
            quarantaine_[i] = zonder_inhoud(eigen, self.gelezen[i], self.standen[i], self.deur.catalogus)
        return [
            Uitspraak(
                maak_bewijs(g, self.standen[i], self.bevindingen[i], self.deur.catalogus, self.deur.deurversie),
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
                    pl.lit(eenheid_van(g, self.afspraken[i]) == "euro").alias(EURO),
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
        maskers = bepaal_maskers(proef, regels.contracttoetsen(self.bericht, self.deur.boek))
        vreemd = maskers.een_van([c for c in maskers.codes if self._ernst(c) is not Ernst.INFO])
        mis = proef.filter(vreemd).select(LEVERING, RIJ, _mis=pl.lit(value=True))
        samen = samen.join(mis, on=[LEVERING, RIJ], how="left", maintain_order="left")
        scheef = pl.col("_mis").fill_null(value=False)
        return samen.with_columns(
            *(pl.when(~scheef).then(pl.col(k.naam)).alias(k.naam) for k in self.contract.kolommen),
            (pl.col(SCHEEF) | scheef).alias(SCHEEF),
            (pl.col(AANGEVULD) & ~scheef).alias(AANGEVULD),
        ).drop("_mis")

    def _bestandsoordeel(self, i: int) -> bool:
        deur = self.deur
        return is_geweigerd(self.gelezen[i], self.standen[i], self.afspraken[i], deur.catalogus, deur.boek)

    def _ernst(self, code: str) -> Ernst:
        return self.deur.catalogus.regels[code].ernst

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
        maskers = bepaal_maskers(df, eerste)
        fouten = [c for c in maskers.codes if self._ernst(c) in (Ernst.FOUT, Ernst.BLOKKEREND)]
        df = df.with_columns((~maskers.een_van(fouten)).alias(GOED))
        df = df.with_columns(canoniek.rij_hash(df, self.contract))
        tweede = bepaal_maskers(df, regels.regeltoetsen(self.bericht, boek))
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

    def _tel_rijen(self, df: pl.DataFrame, maskers: Maskers) -> None:
        reparaties = _reparaties(self.contract)
        for rij in (
            df.group_by(LEVERING)
            .agg(
                pl.col("_uit").sum().alias("n_fout"),
                geld(self.contract).filter(pl.col("_uit")).sum().alias("bedrag_fout"),
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

    def _voorbeelden(self, df: pl.DataFrame, maskers: Maskers, code: str) -> dict[int, tuple[int, ...]]:
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
