"""What a cell says."""

from __future__ import annotations

import re
from datetime import date

from django.utils.dateparse import parse_date

FRENCH_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:\s.*)?")


def day_of(text: str) -> date | None:
    """A day written as 2022-03-12 or 12/03/2022; None for anything else."""
    try:
        return parse_date(text) or _french_date(text)
    except ValueError:
        return None


def _french_date(text: str) -> date | None:
    found = FRENCH_DATE.fullmatch(text)
    return None if found is None else date(int(found[3]), int(found[2]), int(found[1]))
