"""The seven words that open the vault."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psea.passphrase import LENGTH, as_typed

WORD_ATTRIBUTES = {
    "autocomplete": "off",
    "autocapitalize": "none",
    "autocorrect": "off",
    "spellcheck": "false",
    "list": "vault-words",
    "data-vault-word": "",
    "class": "vault-word",
}


class PassphraseForm(forms.Form):
    """Seven words, one field each; the whole phrase may also be pasted into the first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, LENGTH + 1):
            self.fields[f"word_{number}"] = forms.CharField(
                label=_("Mot %(number)s") % {"number": number},
                required=False,
                max_length=120,
                widget=forms.TextInput(attrs=WORD_ATTRIBUTES),
            )

    def clean(self) -> dict[str, Any]:
        typed = " ".join(str(self.cleaned_data.get(name) or "") for name in self.fields)
        passphrase = as_typed(typed)
        if len(passphrase.split()) != LENGTH:
            raise forms.ValidationError(_("La phrase de passe compte %(words)s mots."), params={"words": LENGTH})
        return {"passphrase": passphrase}
