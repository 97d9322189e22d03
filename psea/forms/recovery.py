"""What is asked of the custodians."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import User


class RecoveryForm(forms.Form):
    """To whom, which case (all of theirs if none), and why."""

    colleague = forms.ModelChoiceField(label=_("À qui ouvrir"), queryset=User.objects.none())
    case_id = forms.UUIDField(
        label=_("Quel dossier"),
        required=False,
        help_text=_("Sa référence, en bas de sa page. Vide : tous ceux auxquels son rôle donne droit."),
    )
    reason = forms.CharField(
        label=_("Pourquoi"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lu par les dépositaires et la coordination. Ni récit, ni nom d’une personne concernée."),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = people  # type: ignore[attr-defined]
