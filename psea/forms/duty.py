"""Forms of the rota: what makes an officer fit, the two of a week, a turn to swap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.formats import alphabetical, format_date
from directory.enums import Sex
from directory.languages import named_languages
from directory.models import DutyOfficer, DutyWeek, Organisation, User
from psea.forms.fields import choose, day_field


class OfficerForm(forms.Form):
    trained_on = day_field(_("Formation suivie le"), required=False)
    confidentiality_signed_on = day_field(_("Engagement de confidentialité signé le"), required=False)
    sex = forms.TypedChoiceField(label=_("Sexe"), choices=Sex.choices, coerce=Sex, widget=forms.RadioSelect)
    languages = forms.MultipleChoiceField(
        label=_("Langues parlées"),
        choices=named_languages,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    conflicts = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Conflits d’intérêts déclarés"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Aucun signalement qui concerne ces organisations ne lui sera ouvert."),
    )

    def __init__(self, data: Any = None, *, profile: DutyOfficer | None = None) -> None:
        super().__init__(data, initial=_known(profile))
        conflicts = self.fields["conflicts"]
        assert isinstance(conflicts, forms.ModelMultipleChoiceField)  # noqa: S101  narrows the type of our own field
        conflicts.queryset = Organisation.objects.active()


class WeekForm(forms.Form):
    first = forms.TypedChoiceField(label=_("Première personne"), coerce=int, choices=())
    second = forms.TypedChoiceField(label=_("Seconde personne"), coerce=int, choices=())

    def __init__(
        self, data: Any = None, *, people: Sequence[User], turn: DutyWeek | None = None, prefix: str = ""
    ) -> None:
        known = {"first": turn.first_id, "second": turn.second_id} if turn is not None else {}
        super().__init__(data, initial=known, prefix=prefix)
        self.people = {user.pk: user for user in people}
        for name in ("first", "second"):
            choose(self, name, people_choices(people))

    @property
    def pair(self) -> tuple[User, User]:
        """The two who were chosen; call after `is_valid`."""
        return self.people[self.cleaned_data["first"]], self.people[self.cleaned_data["second"]]


class SwapForm(forms.Form):
    colleague = forms.TypedChoiceField(label=_("Qui prendrait votre tour ?"), coerce=int, choices=())
    in_exchange = forms.TypedChoiceField(
        label=_("En échange de sa semaine"), coerce=int, empty_value=None, required=False, choices=()
    )

    def __init__(self, *args: Any, people: Sequence[User], weeks: Iterable[DutyWeek], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {user.pk: user for user in people}
        self.weeks = {week.pk: week for week in weeks}
        choose(self, "colleague", people_choices(people))
        choose(self, "in_exchange", [("", _("sans échange")), *((pk, _said(row)) for pk, row in self.weeks.items())])


def people_choices(people: Iterable[User]) -> list[Any]:
    by_name = sorted(people, key=lambda user: alphabetical(user.name))
    return [("", _("choisir…")), *((user.pk, f"{user} ({user.organisation})") for user in by_name)]


def _said(week: DutyWeek) -> str:
    return f"{_day(week.monday)} : {week.first}, {week.second}"


def _day(day: date) -> str:
    return format_date(day)


def _known(profile: DutyOfficer | None) -> dict[str, Any]:
    if profile is None:
        return {"sex": Sex.NOT_SAID}
    return {
        "trained_on": profile.trained_on,
        "confidentiality_signed_on": profile.confidentiality_signed_on,
        "sex": profile.sex,
        "languages": profile.languages,
        "conflicts": list(profile.conflicts.all()),
    }
