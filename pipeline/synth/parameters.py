"""How big and how mixed the synthetic region is: numbers, nothing else.

Lives here: sizes, shares and weights, calibrated so that 2024 is within 10 percent of what ref_referentiewaarden.csv
says of Twente in that year (tests/synth/test_ijking.py measures it on the truth). Add here: a share that the simulation
uses. Keep out: what is done with them.
"""

from __future__ import annotations

AANLOOP_JAREN = 7.0
"""Years simulated before the first month, so that the stock of youths in care is in balance."""

IJKJAAR = 2024
"""Year of the figures that the numbers here are calibrated on."""

TRAJECTEN_PER_JAAR = 6750
"""First trajecten begun in the calibration year in the whole regio at schaal 1."""

GROEI_INSTROOM = 0.055
"""Growth of the number of trajecten begun, per year."""

GROEI_INTENSITEIT, GROEI_INTENSITEIT_LATER, KENTERJAAR = 0.075, 0.015, 2025
"""Growth per year of the volume that newly begun care asks for, before and from a year on: the tariffs of the example
table rise from that year only, the cost of Twente rose before it as well."""

TWEEDE_TRAJECT = 0.22
"""Share of ended trajecten that are followed by another one of the same youth."""

GEMEENTE_MACHT = 1.08
"""Youths per gemeente = inhabitants 0-17 to this power: larger towns use a little more care."""

N_AANBIEDERS = 120

STAYS = 0.090
"""Share of first trajecten with stay (verblijf, wonen)."""

CRISIS_START = {"verblijf": 0.25, "ambulant": 0.038}
JB = {"verblijf": 0.52, "ambulant": 0.050}
JR = 0.085
"""Share with jeugdreclassering among those of 12 and older at the start."""

VERHUIZING = 0.045
VERVOER = 0.06
MAATWERK = 0.025
LTA = 0.008
VERLENGD = {"verblijf": 0.45, "ambulant": 0.14}

N_AMBULANT = (0.22, 0.37, 0.27, 0.14)
"""Shares of ambulant trajecten with 1, 2, 3, 4 products side by side."""

AMBULANT_GEWICHTEN = {
    "45A04": 18, "45A05": 14, "45A12": 9, "45A48": 10, "45A53": 8, "45A60": 3, "45A61": 0.5, "45A62": 0.25,
    "41A01": 2.2, "41A02": 3, "40A01": 3, "51A01": 2, "51A02": 2, "54001": 15, "54002": 5, "54003": 6, "53A01": 1.5,
}  # fmt: skip
VERBLIJF_GEWICHTEN = {
    "44A09": 16, "44A10": 3, "44A21": 14.5, "44A22": 6.2, "44A31": 17, "44A32": 6, "44A33": 4, "44A06": 4, "44A01": 4,
    "43A01": 8, "43A02": 7.5, "43A03": 4.2, "43A04": 1.6, "43A10": 1.3, "43A20": 1.8, "55A12": 0.6,
}  # fmt: skip
CRISIS_GEWICHTEN = {"46A01": 50, "46A02": 14, "46A03": 12, "46A04": 24}
JB_GEWICHTEN = {"48A01": 68, "48A02": 22, "48A03": 10}
JR_GEWICHTEN = {"47A01": 78, "47A02": 8, "49A01": 14}
VERVOER_GEWICHTEN = {"42A03": 85, "42A04": 15}
MAATWERK_GEWICHTEN = {"50A01": 1}
LTA_GEWICHTEN = {"55A11": 1}

MAANDVOLUME = {"01": 289.0, "04": 7.65, "16": 11.0, "84": 1.0, "82": 1.0, "83": 95000.0}
"""Median volume per full month by unit; unit 14 counts days of presence, unit 82 of vervoer counts rides."""
RITTEN = 22.0
CRISIS_VOLUME = 4.0
"""Crisis care by the hour or minute is this many times as intensive."""
NIEUW_NUMMER = 0.03
"""Chance per 300 days of care that it goes on under another number."""
AANWEZIG = {"44A10": 0.30, "44A06": 0.16, "45A62": 0.6}
"""Share of the days of a month that are claimed, where it is not nearly all of them."""

NAIJLING = (0.928, 0.030, 0.014, 0.011, 0.007, 0.005, 0.004, 0.003, 0.001)
"""Shares of claim lines that are 0, 1, ... 8 months later than the month after the care."""

AFGEKEURD = 0.02
OPNIEUW_NA_AFKEURING = 0.8
GECREDITEERD = 0.013
OPNIEUW_NA_CREDIT = 0.7
VERWIJDERD = 0.008
PGB = 0.007
HALVE_UREN = 0.01

SOORT_BESTAND = {"GM0168": "xlsx", "GM1774": "parquet"}
"""Gemeenten that deliver another kind of file than CSV; the rest of the region wears every dress of CSV."""

XML_GEMEENTE, XML_MAANDEN = "GM0189", 3
"""Gemeente whose declaraties come as a zip of iJw messages, in the first so many months of every year."""
