"""Languages and channels that are hardly heard: their share of voices set against their share of people.

A language is silent far under the share of those who speak it first, of the voices whose language is known. People can
use several channels, so those whose reach is known are set against each other. Without a reference share nothing is
said, nor where so few voices would be expected that chance could make them none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from core.formats import format_fraction, format_number, format_percent
from core.periods import Quarter
from directory.enums import NOT_SAID
from feedback import statistics as feedback
from workplan.dashboard.months import year_to
from workplan.dashboard.panel import WITHHELD
from workplan.enums import Part
from workplan.models import ReferenceShare
from workplan.reference_shares import VALUES, WHOLE, named
from workplan.suppression import TOTAL, publishable_list


@dataclass(frozen=True)
class Share:
    """Voices (None: withheld) of all voices (None: withheld), and the share of people (None: no reference)."""

    label: str
    voices: int | None
    of: int | None
    people: Decimal | None
    is_silent: bool = False

    @property
    def shown(self) -> str:
        """ "12 % (36/300)"."""
        if self.voices is None:
            return str(WITHHELD)
        return format_fraction(self.voices, self.of) if self.of else format_number(self.voices)

    @property
    def people_shown(self) -> str:
        return _("pas de référence") if self.people is None else format_percent(self.people)


@dataclass(frozen=True)
class Shares:
    """Every language or channel, the most heard first, the unsaid last."""

    rows: list[Share]

    @property
    def has_reference(self) -> bool:
        return any(row.people is not None for row in self.rows)


def shares(quarter: Quarter, part: Part, basis: str) -> Shares:
    """Over the twelve months that end with the quarter. Two queries."""
    said = {value: count for (value,), count in feedback.said_by(part.value, period=year_to(quarter)).items()}
    shown = publishable_list({each.value: said.get(each.value, 0) for each in VALUES[part]})
    people = known_shares(part, basis)
    silent = _silent(part, shown, people)
    ordered = sorted(named(part), key=lambda each: -(shown[each.value] or 0))
    ordered += [each for each in VALUES[part] if each.value == NOT_SAID]
    return Shares(
        [
            Share(str(each.label), shown[each.value], shown[TOTAL], people.get(each.value), each.value in silent)
            for each in ordered
        ]
    )


def known_shares(part: Part, basis: str) -> dict[str, Decimal]:
    """Per cent of the people, each at its latest date."""
    rows = ReferenceShare.objects.filter(part=part, basis=basis).order_by("as_of")
    return dict(rows.values_list("value", "percent"))


def _silent(part: Part, shown: Mapping[str, int | None], people: Mapping[str, Decimal]) -> set[str]:
    """Only of what is published, so that no mark gives a number back."""
    voices = {each.value: count for each in named(part) if (count := shown[each.value]) is not None}
    known = {value: share for value, share in people.items() if value in voices}
    if part == Part.LANGUAGE:
        heard, whole = sum(voices.values()), WHOLE
    else:
        heard, whole = sum(voices[value] for value in known), sum(known.values(), Decimal())
    expected = {value: heard * share / whole for value, share in known.items() if whole}
    return {
        value
        for value, many in expected.items()
        if many >= settings.SMALL_CELL and voices[value] * 100 < many * settings.SILENT_BELOW_PERCENT
    }
