"""What a person asks about what they said: noted, decided, told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.enums import DataWish, Decision
from feedback.forms.acts import BY_VOICE
from feedback.forms.public import WishForm, WordsField
from psea.enums import Wish


class NoteWishForm(WishForm):
    """What a person asks by voice about what they said."""

    wish = forms.ChoiceField(
        label=_("La personne demande"),
        widget=forms.RadioSelect,
        choices=[(wish.value, Wish(wish.value).label) for wish in DataWish],
        error_messages={"required": _("Choisissez ce que la personne demande.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wish_words"].label = _("Ce qu’il faut corriger, ou ce qu’elle ajoute")


class ToldForm(forms.Form):
    how = forms.ChoiceField(label=_("Comment"), choices=[(how.value, how.label) for how in BY_VOICE])


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
