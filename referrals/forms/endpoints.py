from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.outside import why_not_callable
from directory.models import Organisation
from referrals.enums import DeliveryState


class EndpointForm(forms.Form):
    """Where a system wants to be told of events, for an organisation that whoever adds it keeps."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    name = forms.CharField(label=_("Nom du système"), max_length=80)
    url = forms.CharField(
        label=_("Adresse"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("Elle reçoit un identifiant, un état et une date ; jamais de contenu."),
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = organisations
        if len(organisations) == 1:
            field.initial = organisations[0]

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        reason = why_not_callable(url)
        if reason is not None:
            raise forms.ValidationError(str(reason))
        return url


class DeliveryFilter(forms.Form):
    state = forms.ChoiceField(label=_("État"), choices=[("", _("tous")), *DeliveryState.choices], required=False)
