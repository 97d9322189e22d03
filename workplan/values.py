"""A value of an indicator: how it is written, checked, and added up. Fractions are added, never averaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import format_date, format_fraction, format_number
from core.transitions import Sentence
from workplan.enums import Aggregate, Kind

Breakdown = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Value:
    """What is known of one period. None is "not said", which is not zero.

    `number`: the count. `numerator`/`denominator`: of a percentage, or of the share of the count.
    `breakdown`: disaggregation → its value → count. `on`: the day a milestone was reached, if it was and is known.
    """

    number: int | None = None
    numerator: int | None = None
    denominator: int | None = None
    yes: bool | None = None
    breakdown: Breakdown = field(default_factory=dict)
    on: date | None = None

    @property
    def is_blank(self) -> bool:
        return self.number is None and self.numerator is None and self.yes is None

    @property
    def text(self) -> str:
        """ "31", "62 % (31/50)", "50 · 62 % (31/50)", "oui (12 mars 2021)", or "–" when nothing is known."""
        if self.yes is not None:
            day = f" ({format_date(self.on)})" if self.on else ""
            return (_("oui") if self.yes else _("non")) + day
        share = format_fraction(self.numerator, self.denominator)
        if self.number is None:
            return share
        return format_number(self.number) if self.numerator is None else f"{format_number(self.number)} · {share}"

    def missing(self, kind: str) -> Sentence | None:
        """The first thing that a value of this kind still lacks, in words; None when it is whole."""
        if kind == Kind.YES_NO:
            return None if self.yes is not None else gettext_lazy("Répondez par oui ou par non.")
        if kind == Kind.PERCENT:
            return self._missing_fraction()
        if self.number is None:
            return gettext_lazy("Indiquez le nombre : un blanc n’est pas un zéro.")
        if kind == Kind.COUNT_WITH_SHARE:
            return self._missing_share()
        return None

    @property
    def is_impossible(self) -> bool:
        """Whether a part is larger than its whole."""
        return self.numerator is not None and self.denominator is not None and self.numerator > self.denominator

    def does_not_add_up(self) -> list[str]:
        """The disaggregations whose parts do not make the number. A flag, not a refusal."""
        return [
            name
            for name, parts in self.breakdown.items()
            if parts and self.number is not None and sum(parts.values()) != self.number
        ]

    def _missing_fraction(self) -> Sentence | None:
        if self.numerator is None or self.denominator is None:
            return gettext_lazy("Indiquez le numérateur et le dénominateur : un pourcentage a toujours sa fraction.")
        return None

    def _missing_share(self) -> Sentence | None:
        if self.numerator is None:
            return gettext_lazy("Indiquez aussi la part, même nulle.")
        return None


def height(value: Value) -> float | None:
    """What is compared, and drawn: the count, else the percentage, else 1 or 0; None where nothing is known."""
    if value.number is not None:
        return value.number
    if value.yes is not None:
        return int(value.yes)
    return 100 * (value.numerator or 0) / value.denominator if value.denominator else None


def combined(values: Sequence[Value], aggregate: str) -> Value:
    """Quarters, oldest first, as one period: flows are added, stocks keep the latest known; milestones stay reached."""
    known = [value for value in values if not value.is_blank]
    if not known:
        return Value()
    if known[-1].yes is not None:
        days = [value.on for value in known if value.on]
        return Value(yes=any(value.yes for value in known), on=min(days, default=None))
    if aggregate == Aggregate.LATEST:
        return known[-1]
    return Value(
        number=_total([value.number for value in known]),
        numerator=_total([value.numerator for value in known]),
        denominator=_total([value.denominator for value in known]),
        breakdown=_merged([value.breakdown for value in known]),
    )


def _total(parts: Sequence[int | None]) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def _merged(breakdowns: Sequence[Breakdown]) -> dict[str, dict[str, int]]:
    merged: dict[str, dict[str, int]] = {}
    for breakdown in breakdowns:
        for name, parts in breakdown.items():
            into = merged.setdefault(name, {})
            for label, count in parts.items():
                into[label] = into.get(label, 0) + count
    return merged
