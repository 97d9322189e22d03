"""Forms of the second factor, where the library's have no French."""

from __future__ import annotations

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    name = forms.CharField(label=_("Nom de la clé"), required=False, help_text=_("Par exemple : mon téléphone."))


class EditKeyForm(EditWebAuthnForm):  # type: ignore[misc]  # the same
    name = forms.CharField(label=_("Nom de la clé"))
