"""Interventions in the columns of the 5W spreadsheet, P-codes included, so that another team's tools read them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import override

from core.sheet_writing import Cell
from directory.fivew_columns import GROUPS, HEADINGS
from directory.models import Intervention

HEADERS = list(HEADINGS.values())
# As the spreadsheet writes them; the language of a screen changes nothing.
YES_OR_NO = {True: "Oui", False: "Non", None: ""}


def exported(rows: QuerySet[Intervention]) -> Iterator[list[Cell]]:
    """One line for each, in the order of `HEADINGS`, a few thousand in memory at a time."""
    with override("fr"):
        for row in rows.select_related("organisation", "place__parent").iterator(chunk_size=2000):
            yield _cells(row)


def _cells(row: Intervention) -> list[Cell]:
    organisation, region = row.organisation, row.place.region
    return [
        organisation.acronym,
        organisation.name,
        organisation.get_kind_display(),
        row.programme_organisation,
        row.donor,
        region.pcode,
        region.name,
        row.place.pcode,
        row.place.name,
        row.commune_pcode,
        row.commune,
        row.village,
        row.get_sector_display(),
        YES_OR_NO[row.in_hrp],
        row.project,
        row.starts_on,
        row.ends_on,
        row.activity,
        row.cash_amount,
        *(row.targeted.get(group) for group in GROUPS),
        *(row.reached.get(group) for group in GROUPS),
        row.remarks,
    ]
