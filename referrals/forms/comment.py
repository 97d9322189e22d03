from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class CommentForm(forms.Form):
    """What an organisation says of its figures; nothing takes it back."""

    words = forms.CharField(
        label=_("Commentaire"),
        help_text=_("Lu par le groupe de travail à côté de ces chiffres. Ni nom, ni numéro, ni détail d’un dossier."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
