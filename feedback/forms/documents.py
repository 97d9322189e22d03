from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import Place


class ServicesPlaceForm(forms.Form):
    """Which place a sheet of services is for: a cercle, or a whole region."""

    lieu = forms.ModelChoiceField(
        label=_("Cercle ou région"),
        queryset=Place.objects.select_related("parent"),
        to_field_name="pcode",
        empty_label=_("Choisissez"),
    )
