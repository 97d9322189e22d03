"""A day that staff know better than the calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.models import DayCorrection

WORKED = [("no", _("non travaillé")), ("yes", _("travaillé"))]


class DayForm(forms.Form):
    """A day of the years that are shown, whether it is worked, and why."""

    day = forms.DateField(label=_("Jour"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    worked = forms.ChoiceField(label=_("Ce jour est"), choices=WORKED, widget=forms.RadioSelect, initial="no")
    reason = forms.CharField(
        label=_("Raison"),
        max_length=DayCorrection._meta.get_field("reason").max_length,
        help_text=_("Par exemple : fête vue un jour plus tard, pont, grève."),
    )

    def __init__(self, *args: Any, years: tuple[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = years
        bounds = {"min": f"{years[0]}-01-01", "max": f"{years[1]}-12-31"}
        self.fields["day"].widget.attrs.update(bounds)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day.year not in self.years:
            raise forms.ValidationError(
                _("Choisissez un jour de %(first)s ou de %(second)s.")
                % {"first": self.years[0], "second": self.years[1]}
            )
        return day
