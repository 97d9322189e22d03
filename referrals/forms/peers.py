from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.outside import why_not_callable
from directory.enums import RestrictedKind
from directory.models import Organisation
from referrals.exchange.shapes import LARGEST
from referrals.models import Peer, PeerOrganisation


class PeerForm(forms.ModelForm[Peer]):
    """Another installation; without an address, its envelopes go by hand."""

    class Meta:
        model = Peer
        fields = ["name", "url"]
        widgets = {"url": forms.URLInput(attrs={"placeholder": "https://"})}
        help_texts = {
            "url": _("Donnée par l’autre installation. Vide : les enveloppes se portent en fichiers, par courriel.")
        }

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        reason = why_not_callable(url) if url else None
        if reason is not None:
            raise forms.ValidationError(str(reason))
        return url


class SecretForm(forms.Form):
    """What the other installation signs with."""

    secret = forms.CharField(
        label=_("Secret de l’autre installation"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "whsec_"}),
        help_text=_("Son administration le voit une fois, en vous inscrivant. Il signe ce qu’elle envoie."),
    )

    def clean_secret(self) -> str:
        return str(self.cleaned_data["secret"]).strip()


class PeerOrganisationForm(forms.ModelForm[PeerOrganisation]):
    restricted_kinds = forms.MultipleChoiceField(
        label=_("Elle y a un point focal pour"),
        choices=RestrictedKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sans cela, une question confidentielle de ce type ne lui est pas envoyée."),
    )

    class Meta:
        model = PeerOrganisation
        fields = ["organisation", "code", "is_there", "restricted_kinds"]
        labels = {"is_there": _("Elle travaille là-bas (sinon, elle est des nôtres et on peut lui écrire de là-bas)")}
        help_texts = {"code": _("Le même dans les deux installations : le sigle, d’ordinaire.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = Organisation.objects.active().exclude(at_peers__peer=self.instance.peer_id)

    def _get_validation_exclusions(self) -> set[str]:
        """The peer is not on the form, and counts in what must be unique."""
        left_out: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own
        return left_out - {"peer"}


class LoadForm(forms.Form):
    """An envelope that came by hand: a file, or what a telephone read from the square on a sheet."""

    file = forms.FileField(label=_("Fichier reçu"), required=False)
    text = forms.CharField(
        label=_("ou son contenu, collé ici"),
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("Le texte d’un carré lu par un téléphone commence par JX1:"),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        file = said.get("file")
        if file is not None and file.size > 2 * LARGEST:
            raise forms.ValidationError(_("Ce fichier est trop grand pour une enveloppe."))
        said["said"] = file.read().decode(errors="replace") if file is not None else said.get("text", "")
        if not said["said"].strip():
            raise forms.ValidationError(_("Choisissez un fichier, ou collez son contenu."))
        return said
