"""An indicator bound to a measure: what it is counted over, and what its share is of.

"# de cas référés et % Liptako-Gourma" is one measure twice: over everything, and over a scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.periods import Period
from core.transitions import Sentence
from feedback.statistics import About
from feedback.tallied import Behind
from workplan.asked_of_cases import is_known
from workplan.enums import Aggregate, Kind
from workplan.measures import MEASURES, Measure, Measured, Over, digest_of, share
from workplan.values import Value
from workplan.zones import zone_named

Asked = Mapping[str, str]


@dataclass(frozen=True)
class Binding:
    """`over` and `share_over`: filter → its code ("scope" → "LG"); `share_over` narrows `over` further."""

    measure: Measure
    over: Asked = field(default_factory=dict)
    share_over: Asked = field(default_factory=dict)

    def measured(self, kind: str, period: Period, cutoff: datetime | None = None) -> Measured | None:
        """The value that an indicator of this kind shows, withheld where it is narrow and tells of a few people.

        None where the vault has not published it.
        """
        whole = self.measure.compute(period, over_of(self.over), cutoff)
        if whole is None:
            return None
        found = self._with_share(whole, period, cutoff) if self.share_over else whole
        found = found.published if self.is_narrow else found
        return replace(found, value=_fit(found.value, kind))

    def _with_share(self, whole: Measured, period: Period, cutoff: datetime | None) -> Measured:
        part = self.measure.compute(period, over_of({**self.over, **self.share_over}), cutoff)
        number = whole.value.number or 0
        return share((part.value.number or 0) if part else 0, number, number)

    def behind(self, period: Period) -> Behind | None:
        """The cases behind it; None where nobody may list them."""
        return self.measure.behind(period, over_of(self.over)) if self.measure.behind else None

    def digest(self, period: Period) -> str:
        """Of the ids of the cases behind it, so that it can be compared with a recount; "" without any."""
        behind = self.behind(period)
        return digest_of(map(str, behind.ids())) if behind else ""

    def why_not(self, kind: str, aggregate: str) -> Sentence | None:
        """Why an indicator of this kind cannot be bound so; None when it can."""
        if kind not in self._kinds:
            return _("Cette mesure ne donne pas de valeur de cette forme.")
        if not {*self.over, *self.share_over} <= set(self.measure.filters):
            return _("Cette mesure ne se restreint pas ainsi.")
        if not self.measure.adds_up and aggregate != Aggregate.LATEST:
            return _("Cette mesure ne s’additionne pas d’un trimestre à l’autre : choisissez le dernier connu.")
        if any(not is_known(name, code) for asked in (self.over, self.share_over) for name, code in asked.items()):
            return _("Un des filtres n’existe pas.")
        return None

    @property
    def _kinds(self) -> frozenset[Kind]:
        """A count with a share asked of it makes the kinds that have a fraction too."""
        if not self.share_over:
            return self.measure.kinds
        counts = Kind.COUNT in self.measure.kinds and self.measure.adds_up
        return frozenset({Kind.COUNT_WITH_SHARE, Kind.PERCENT}) if counts else frozenset()

    @property
    def is_narrow(self) -> bool:
        """Whether it says more than the whole country's count."""
        return bool(self.over or self.share_over)

    def kept(self) -> dict[str, Any]:
        """How a reading keeps it, so that the figure can be opened later."""
        return {"measure": self.measure.name, "over": dict(self.over), "share_over": dict(self.share_over)}


def binding_of(indicator: Any) -> Binding | None:
    """Of an `Indicator`; None where it is typed by hand."""
    measure = MEASURES.get(indicator.measure)
    return Binding(measure, indicator.over, indicator.share_over) if measure is not None else None


def over_of(asked: Asked) -> Over:
    """In: filter → code. Out: the cases it means. Raises Place.DoesNotExist, TypeError for what names nothing."""
    about = {name: code for name, code in asked.items() if name != "scope"}
    return Over(zone_named(asked.get("scope", ""))[0], About(**about))


def _fit(value: Value, kind: str) -> Value:
    if kind == Kind.COUNT:
        return Value(number=value.number)
    if kind == Kind.PERCENT:
        return Value(numerator=value.numerator, denominator=value.denominator)
    return value
