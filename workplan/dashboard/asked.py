"""What the dashboard is asked to show: the filters, kept in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from core.periods import Period, Quarter, quarters
from feedback.statistics import About
from workplan.asked_of_cases import LABELS, Choices, choices_of
from workplan.measures import Over
from workplan.models import Plan
from workplan.zones import zone_named

ANY = gettext_lazy("Tous")
BY_WEEK = "week"
FILTERS = ("scope", "category", "channel", "sex", "age_group", "population_status")


@dataclass(frozen=True)
class Asked:
    """A quarter, the places (None: the whole country), and what was said of the cases."""

    quarter: Quarter
    scope: frozenset[str] | None
    about: About
    scope_name: str = ""
    age: timedelta | None = None
    by_week: bool = False

    @property
    def period(self) -> Period:
        """The quarter, or as much of it as `age` says."""
        whole = self.quarter.period
        return whole if self.age is None else Period(whole.start, min(whole.end, whole.start + self.age))

    @property
    def cutoff(self) -> datetime | None:
        """What came later is left out; None: to this day."""
        return None if self.age is None else self.quarter.period.start + self.age

    @property
    def over(self) -> Over:
        """The cases it is of."""
        return Over(self.scope, self.about)

    @property
    def is_open(self) -> bool:
        """Whether the quarter is still running."""
        return self.quarter == Quarter.current()

    @property
    def before(self) -> Asked:
        """The same, a quarter earlier; at the same age while this one is open, or it would always seem to fall."""
        days = (timezone.localdate() - self.quarter.first_day).days + 1
        age = timedelta(days=days) if self.is_open else None
        return replace(self, quarter=self.quarter.previous, age=age)

    @property
    def before_label(self) -> str:
        """What the figures are compared with."""
        return _("trimestre précédent, au même jour") if self.is_open else _("trimestre précédent")

    @property
    def filters(self) -> list[str]:
        """The names of what is asked beyond the period."""
        return [*([] if self.scope is None else ["scope"]), *self.about.asked]

    @property
    def is_narrow(self) -> bool:
        """Whether a count could be of a few people: anything beyond the period is asked."""
        return self.over.is_narrow


class DashboardFilters(forms.Form):
    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self._choice("period", _("Trimestre"), [(q.code, str(q)) for q in reversed(known_quarters())], _("En cours"))
        for name in FILTERS:
            self._choice(name, LABELS[name], choices_of(name), _("Tout le pays") if name == "scope" else ANY)
        self._choice("step", _("Pas du temps"), [(BY_WEEK, _("semaine, dans le trimestre"))], _("mois, sur un an"))

    def _choice(self, name: str, label: StrOrPromise, choices: Choices, any_label: StrOrPromise = ANY) -> None:
        self.fields[name] = forms.ChoiceField(label=label, choices=[("", any_label), *choices], required=False)

    def asked(self) -> Asked:
        """What was asked; a value that the form does not know asks for nothing."""
        self.is_valid()
        given = self.cleaned_data
        scope, name = zone_named(given.get("scope", ""))
        return Asked(
            quarter=quarter_of(given.get("period", "")),
            scope=scope,
            about=About(**{each: given.get(each, "") for each in FILTERS if each != "scope"}),
            scope_name=name,
            by_week=given.get("step") == BY_WEEK,
        )

    def query(self) -> str:
        """The same filters as an address keeps them: only values that the form knows, never what else was typed."""
        self.is_valid()
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})


def quarter_of(code: str) -> Quarter:
    """The quarter of a code ("2022-T3"), the current one for ""."""
    year, _t, number = code.partition("-T")
    return Quarter(int(year), int(number)) if number else Quarter.current()


def known_quarters() -> list[Quarter]:
    """From the first year of any plan to now."""
    years = [year for known in Plan.objects.values_list("years", flat=True) for year in known]
    now = Quarter.current()
    return list(quarters(Quarter(min([*years, now.year]), 1), now))
