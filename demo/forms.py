from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from core.once import OnceForm

FICTITIOUS = re.compile(r"(?:\+|00)?2230000\d{4}")


class NumberForm(forms.Form):
    """Which invented number the telephone plays."""

    number = forms.CharField(
        label=_("Numéro"),
        max_length=24,
        help_text=_("Un numéro visiblement fictif : +223 00 00 puis quatre chiffres."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        digits = re.sub(r"[\s.\-]", "", self.cleaned_data["number"])
        if not FICTITIOUS.fullmatch(digits):
            raise forms.ValidationError(_("Prenez un numéro visiblement fictif : +223 00 00 puis quatre chiffres."))
        return f"+{digits[-11:]}"


class MessageForm(OnceForm):
    """One SMS."""

    text = forms.CharField(
        label=_("Message"),
        max_length=1600,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
