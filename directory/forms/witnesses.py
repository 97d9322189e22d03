from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation, Witness


class WitnessForm(forms.ModelForm[Witness]):
    """An address that will keep the checkpoints, of one of the organisations that the reader keeps."""

    class Meta:
        model = Witness
        fields = ["organisation", "email"]
        help_texts = {
            "email": _("Une boîte que nous ne tenons pas : audit, archives, siège. Elle reçoit un courriel par jour."),
        }

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = organisations
        if organisations.count() == 1:
            field.initial = organisations.get()
