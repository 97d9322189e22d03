from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ClosingForm(forms.Form):
    """The minutes of a closing."""

    words = forms.CharField(
        label=_("Procès-verbal : ce que la réunion constate et décide"),
        widget=forms.Textarea({"rows": 5}),
        max_length=8_000,
        required=False,
    )
    link = forms.URLField(label=_("Lien vers le compte rendu"), required=False, max_length=500, assume_scheme="https")
    about_nobody = forms.BooleanField(label=_("Ce texte ne parle d’aucun cas ni d’aucune personne"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    # Set once what was typed may tell of a case: only then is the writer asked.
    asks_about_nobody = False
