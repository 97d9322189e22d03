from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.once import OnceForm
from directory.models import Organisation

MOST = 200


class BookletForm(OnceForm):
    """For whom, and how many numbers."""

    relay = forms.CharField(
        label=_("Nom du relais"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.active(), label=_("Son organisation"), empty_label=_("Choisissez")
    )
    count = forms.IntegerField(label=_("Combien de numéros"), min_value=1, max_value=MOST, initial=24)
