"""Fields that several forms of the vault share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.formats import alphabetical
from directory.models import Organisation, Place


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def time_field(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def choose(form: forms.Form, name: str, choices: list[Any]) -> None:
    """Fills in the choices of a field from the database, form by form."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  narrows the type of our own field
    field.choices = choices


def organisation_choices() -> list[Any]:
    return [("", _("on ne sait pas")), *((str(row.pk), str(row)) for row in Organisation.objects.active())]


def place_choices() -> list[Any]:
    places = sorted(Place.objects.all(), key=lambda row: alphabetical(row.name))
    return [("", _("on ne sait pas")), *((row.pcode, str(row)) for row in places)]


def check_incident(form: forms.Form, cleaned: dict[str, Any]) -> None:
    """Adds an error for a day in the future, or for an hour without its day."""
    day, hour = cleaned.get("incident_on"), cleaned.get("incident_time")
    if day is not None and day > timezone.localdate():
        form.add_error("incident_on", _("Cette date est dans l'avenir."))
    if hour is not None and day is None:
        form.add_error("incident_on", _("Donnez aussi le jour."))
