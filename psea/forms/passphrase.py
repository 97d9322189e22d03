"""The seven words that open the vault, and the printed code beside them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psea.passphrase import CODE_GROUPS, GROUP_SIGNS, LENGTH, as_code, as_typed

AS_TYPED = {
    "autocomplete": "off",
    "autocapitalize": "none",
    "autocorrect": "off",
    "spellcheck": "false",
}
WORD_ATTRIBUTES = {**AS_TYPED, "list": "vault-words", "data-vault-word": "", "class": "vault-word"}


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

    @property
    def words(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("word_")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = " ".join(str(cleaned.get(name) or "") for name in self.fields if name.startswith("word_"))
        passphrase = as_typed(typed)
        if len(passphrase.split()) != LENGTH:
            raise forms.ValidationError(_("La phrase de passe compte %(words)s mots."), params={"words": LENGTH})
        return {"code": cleaned.get("code", ""), "passphrase": passphrase}


class CodeField(forms.CharField):
    """A printed code, spelt as it opens."""

    def __init__(self, **kwargs: Any) -> None:
        example = "XXXXX-XXXXX-XXXXX-XXXXX-XXXXX"
        widget = forms.TextInput(attrs={**AS_TYPED, "placeholder": example, "class": "vault-code"})
        super().__init__(label=_("Code imprimé"), max_length=60, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        code = as_code(super().clean(value))
        if len(code) != CODE_GROUPS * GROUP_SIGNS:
            raise forms.ValidationError(
                _("Le code compte %(signs)s lettres et chiffres."), params={"signs": CODE_GROUPS * GROUP_SIGNS}
            )
        return code


class CodeForm(forms.Form):
    """The printed code alone: for whoever lost their passphrase."""

    code = CodeField()


class BothForm(PassphraseForm):
    """Passphrase and code, typed back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField()
