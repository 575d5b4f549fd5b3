"""The synthetic region: fourteen gemeenten with known truth and known defects (architecture.md section 5).

Lives here: who is in care (bevolking) and who cares (aanbieders), what was allocated (toewijzingen) and claimed
(declaraties), which files were sent (leveringen), what is wrong with them (rijgebreken, in rows
of the voorraad; bestandsgebreken), how they look (dracht) and are written (bestanden), what is told about them
(boekhouding), the extracts a region has by agreement (verder, and a module by the name of each), the whole (regio).
Same arguments, same bytes: no clock, no global randomness.
Add here: a kind of history, a kind of defect, a kind of dress. Keep out: anything the pipeline needs to run; it must
never learn from the generator what it should find.
"""

from pipeline.synth.boekhouding import Samenvatting
from pipeline.synth.regio import NATUURLIJK, maak_regio

__all__ = ["NATUURLIJK", "Samenvatting", "maak_regio"]
