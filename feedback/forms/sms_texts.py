"""Forms of the fixed texts: their words, who approved them, what each line costs and folds."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from directory.languages import ARABIC, named_languages
from feedback.sms_cost import LineCost
from feedback.sms_texts import sample_values

FOLDABLE = [(code, label) for code, label in named_languages() if code != ARABIC]


class TextForm(forms.Form):
    words = forms.CharField(
        label=_("Texte"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": "#text-segments", "dir": "auto"}),
        help_text=_("Les mots entre accolades sont remplis à l’envoi : gardez-les tels quels."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].widget.attrs["data-fill"] = json.dumps(sample_values())


class ApprovalForm(forms.Form):
    """Whoever signs in says who read the text; the two need not be one person."""

    seen = forms.CharField(widget=forms.HiddenInput)
    speaker = forms.CharField(
        label=_("Qui parle cette langue et a lu ce texte ?"),
        max_length=120,
        help_text=_("Un nom ou une fonction, par exemple « comité de Gao, séance du 3 mars »."),
    )


class LineWritingForm(forms.Form):
    """One line; its name is the form's prefix."""

    price = forms.DecimalField(
        label=_("Prix d’un SMS"),
        required=False,
        max_digits=9,
        decimal_places=3,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Vide : pas connu. Rien n’est supposé."),
    )
    folded = forms.MultipleChoiceField(
        label=_("Langues repliées"),
        required=False,
        choices=FOLDABLE,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Sur cette ligne, ces langues s’écrivent sans les lettres qui doublent le prix : ɛ devient è, ɔ devient ò, "
            "ɲ devient ny. Demandez d’abord à qui la parle si cela se lit bien."
        ),
    )

    def __init__(self, *args: Any, line: LineCost, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"price": line.price, "folded": list(line.folded)})
        kwargs["prefix"] = line.name
        super().__init__(*args, **kwargs)
        self.line = line
