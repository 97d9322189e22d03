"""The decision on what a person asked about what they said."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.enums import Decision
from feedback.forms.public import WordsField


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Votre décision"),
        widget=forms.RadioSelect,
        choices=[(Decision.GRANTED, _("Accepter")), (Decision.REFUSED, _("Refuser"))],
        error_messages={"required": _("Choisissez : accepter ou refuser.")},
    )
    reason = WordsField(
        label=_("Ce que vous dites à la personne"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Elle le lit avec son numéro et son code. Sans code, dites-le-lui par son moyen sûr."),
    )
