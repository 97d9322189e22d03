"""The reporting sheet: everything that a person owes for one quarter, a line for each indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from core.periods import Quarter
from directory.models import Organisation, Place, User
from workplan.actions.readings import EDITABLE
from workplan.deadlines import Clock, Clocks
from workplan.enums import Kind, Recurrence
from workplan.models import Indicator, Plan, Reading, ReadingFile
from workplan.progress import Reported, expected_by, reported_by_indicator
from workplan.registers.counting import Counted, Counting
from workplan.values import Value

YES, NO = "yes", "no"


class LineForm(forms.Form):
    """One line. Only the fields of the indicator's kind are asked; blank is "not said", never zero."""

    number = forms.IntegerField(label=_("Nombre"), min_value=0, required=False)
    numerator = forms.IntegerField(label=_("Numérateur"), min_value=0, required=False)
    denominator = forms.IntegerField(label=_("Dénominateur"), min_value=0, required=False)
    yes = forms.ChoiceField(label=_("Réponse"), choices=[("", "–"), (YES, _("oui")), (NO, _("non"))], required=False)
    on = forms.DateField(
        label=_("Atteint le"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), required=False
    )
    narrative = forms.CharField(
        label=_("Commentaire"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=4000
    )
    evidence = forms.URLField(label=_("Lien vers la preuve"), required=False, max_length=500, assume_scheme="https")
    about_nobody = forms.BooleanField(label=_("Ce texte ne parle d’aucun cas ni d’aucune personne"), required=False)
    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    # Set once what was typed may tell of a case: only then is the writer asked.
    asks_about_nobody = False
    BESIDE = frozenset({"narrative", "evidence", "about_nobody"})
    ASKED = {
        Kind.YES_NO: {"yes"},
        Kind.COUNT: {"number"},
        Kind.PERCENT: {"numerator", "denominator"},
        Kind.COUNT_WITH_SHARE: {"number", "numerator"},
        Kind.COUNT_DISAGGREGATED: {"number"},
    }

    def __init__(
        self, data: Any = None, *, indicator: Indicator, reading: Reading | None, place: Place | None = None
    ) -> None:
        where = f"p{place.pk}" if place else ""
        super().__init__(data, prefix=f"i{indicator.pk}{where}", initial=_initial(reading))
        if indicator.kind != Kind.YES_NO or indicator.recurrence != Recurrence.ONCE:
            del self.fields["on"]
        for name in {"number", "numerator", "denominator", "yes"} - self.ASKED[Kind(indicator.kind)]:
            del self.fields[name]
        if indicator.kind == Kind.COUNT_WITH_SHARE:
            self.fields["numerator"].label = _("dont %(share)s") % {"share": indicator.share}
        if indicator.kind == Kind.PERCENT and indicator.unit:
            self.fields["denominator"].label = _("Sur (%(unit)s)") % {"unit": indicator.unit}
        self.parts = [
            (group["name"], label, f"part_{row}_{column}")
            for row, group in enumerate(indicator.disaggregations)
            for column, label in enumerate(group["values"])
        ]
        for group, label, name in self.parts:
            given = (reading.breakdown if reading else {}).get(group, {}).get(label)
            self.fields[name] = forms.IntegerField(
                label=f"{group} : {label}", min_value=0, required=False, initial=given
            )

    def value(self) -> Value:
        """What was typed, once the form is valid."""
        typed = self.cleaned_data
        breakdown: dict[str, dict[str, int]] = {}
        for group, label, name in self.parts:
            if typed.get(name) is not None:
                breakdown.setdefault(group, {})[label] = typed[name]
        yes = {YES: True, NO: False}.get(typed.get("yes", ""))
        return Value(
            typed.get("number"), typed.get("numerator"), typed.get("denominator"), yes, breakdown, typed.get("on")
        )

    @property
    def value_fields(self) -> list[forms.BoundField]:
        """The fields of the value itself, in order."""
        return [bound for bound in self.visible_fields() if bound.name not in self.BESIDE]


@dataclass(frozen=True)
class Line:
    """An indicator on the sheet, with what is known of the quarter."""

    indicator: Indicator
    reading: Reading | None
    form: LineForm
    clock: Clock | None
    place: Place | None = None
    place_count: int = 0
    counted: Counted | None = None

    @property
    def is_due(self) -> bool:
        return self.clock is not None

    @property
    def left(self) -> Clock | None:
        """The clock; None once it is reported, or when nothing is owed."""
        return self.clock if self.is_editable else None

    @property
    def is_editable(self) -> bool:
        return self.reading is None or self.reading.state in EDITABLE

    @property
    def warnings(self) -> list[str]:
        """The disaggregations that do not add up."""
        return self.reading.does_not_add_up if self.reading else []


def sheet(plan: Plan, quarter: Quarter, user: User) -> list[Line]:
    """Every indicator that this person reports, those that are due first, in the order of the plan."""
    indicators = list(
        Indicator.objects.reported_by(user)
        .of_plan(plan.pk)
        .select_related("activity")
        .prefetch_related("windows", "activity__windows")
        .order_by("number")
    )
    known = reported_by_indicator(indicator.pk for indicator in indicators)
    clocks, counting = Clocks(), Counting(plan)
    newest, places = _newest(indicators, quarter, None, user.organisation), _place_counts(indicators, quarter)
    lines = [
        line_of(
            each,
            quarter,
            newest.get(each.pk),
            own_part(each, known.get(each.pk, Reported()), user),
            clocks=clocks,
            place_count=places.get(each.pk, 0),
            counting=counting,
        )
        for each in indicators
    ]
    return sorted(lines, key=lambda line: (not line.is_due, line.indicator.number))


def line_of(
    indicator: Indicator,
    quarter: Quarter,
    reading: Reading | None,
    known: Reported,
    data: Any = None,
    *,
    clocks: Clocks | None = None,
    place: Place | None = None,
    place_count: int = 0,
    counting: Counting | None = None,
) -> Line:
    """One line, of the whole country or of one place; bound to `data` when it is posted."""
    form = LineForm(data, indicator=indicator, reading=reading, place=place)
    owed = None if place else expected_by(indicator, quarter, known)
    clock = (clocks or Clocks()).of(owed) if owed else None
    counted = counting.counted(indicator, quarter) if counting and indicator.keeps_register else None
    return Line(indicator, reading, form, clock, place, place_count, counted)


def own_part(indicator: Indicator, known: Reported, user: User) -> Reported:
    """How far the indicator is for this person: where several organisations are consolidated, their own one's part."""
    return known.of(user.organisation_id) if indicator.consolidation else known


def newest_reading(indicator: Indicator, quarter: Quarter, user: User, place: Place | None = None) -> Reading | None:
    """The last version of this quarter's value, or of this person's part of it, whatever its state."""
    return _newest([indicator], quarter, place, user.organisation).get(indicator.pk)


def _newest(
    indicators: list[Indicator], quarter: Quarter, place: Place | None, organisation: Organisation
) -> dict[int, Reading]:
    theirs = Q(indicator__consolidation="", reporter=None) | ~Q(indicator__consolidation="") & Q(reporter=organisation)
    readings = (
        Reading.objects.filter(theirs, indicator__in=indicators, year=quarter.year, quarter=quarter.number, place=place)
        .order_by("version")
        .prefetch_related(Prefetch("files", ReadingFile.objects.for_a_list()))
    )
    return {reading.indicator_id: reading for reading in readings}


def _place_counts(indicators: list[Indicator], quarter: Quarter) -> dict[int, int]:
    """For how many places each has a value of this quarter."""
    rows = Reading.objects.filter(indicator__in=indicators, year=quarter.year, quarter=quarter.number)
    counted = rows.exclude(place=None).order_by().values("indicator").annotate(n=Count("place", distinct=True))
    return {row["indicator"]: row["n"] for row in counted}


def _initial(reading: Reading | None) -> dict[str, Any]:
    if reading is None:
        return {}
    return {
        "number": reading.number,
        "numerator": reading.numerator,
        "denominator": reading.denominator,
        "yes": {True: YES, False: NO}.get(reading.yes, "") if reading.yes is not None else "",
        "on": reading.reached_on,
        "narrative": reading.narrative,
        "evidence": reading.evidence,
        "seen": reading.updated_at.isoformat(),
    }
