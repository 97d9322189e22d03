"""The registry of figures that the platform computes: name, version, definition, numerator, denominator.

A change of meaning is a new version: verified readings keep the version they were counted by (DESIGN §5).
"""

from __future__ import annotations

from workplan.measures import referred, vault, voices
from workplan.measures.measure import (
    EVERYTHING,
    Beside,
    Measure,
    Measured,
    Over,
    cohort_cutoff,
    digest_of,
    share,
)
from workplan.measures.referred import ANSWERED_ON_TIME, CONFIRMED_REFERRED, DAYS_MEDIAN, DAYS_P90, REFERRED, REFUSALS
from workplan.measures.vault import PSEA_AMONG_SERVICES, PSEA_CONTEXT, PSEA_SERVICES, of_vault_beside
from workplan.measures.voices import LOOPS_CLOSED, SAID, SATISFACTION, SILENT_GROUPS, SMS_DELIVERED, silent_groups

MEASURES: dict[str, Measure] = {
    measure.name: measure for measure in (*voices.MEASURES, *referred.MEASURES, *vault.MEASURES)
}

__all__ = [
    "ANSWERED_ON_TIME",
    "CONFIRMED_REFERRED",
    "DAYS_MEDIAN",
    "DAYS_P90",
    "EVERYTHING",
    "LOOPS_CLOSED",
    "MEASURES",
    "PSEA_AMONG_SERVICES",
    "PSEA_CONTEXT",
    "PSEA_SERVICES",
    "REFERRED",
    "REFUSALS",
    "SAID",
    "SATISFACTION",
    "SILENT_GROUPS",
    "SMS_DELIVERED",
    "Beside",
    "Measure",
    "Measured",
    "Over",
    "cohort_cutoff",
    "digest_of",
    "of_vault_beside",
    "share",
    "silent_groups",
]
