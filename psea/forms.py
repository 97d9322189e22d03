"""Forms of the vault: few fields, large targets, nothing that identifies a survivor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.formats import alphabetical
from directory.enums import VICTIM_SERVICES, ServiceType
from directory.models import Organisation, Place
from psea.actions.routing import MAX_SURVIVORS
from psea.enums import Known, ReclassifiedAs, ToldAbout
from psea.passphrase import LENGTH, as_typed

SERVICE_CHOICES = [(str(kind), kind.label) for kind in VICTIM_SERVICES]
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


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class FactsForm(forms.Form):
    organisation_id = forms.TypedChoiceField(
        label=_("Entité concernée"), coerce=int, empty_value=None, required=False, choices=()
    )
    place_pcode = forms.ChoiceField(
        label=_("Cercle ou région"),
        required=False,
        choices=(),
        help_text=_("Jamais le site ni le village s'ils permettent de reconnaître la personne."),
    )
    incident_on = _day(_("Date des faits, si elle est connue"), required=False)
    child = forms.ChoiceField(label=_("Un enfant est-il concerné ?"), choices=Known.choices, widget=forms.RadioSelect)
    danger = forms.ChoiceField(label=_("Le danger continue-t-il ?"), choices=Known.choices, widget=forms.RadioSelect)
    survivors = forms.IntegerField(
        label=_("Nombre de personnes survivantes"), min_value=1, max_value=MAX_SURVIVORS, initial=1
    )
    services = forms.MultipleChoiceField(
        label=_("Services à proposer"), required=False, choices=SERVICE_CHOICES, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unknown = ("", _("on ne sait pas"))
        organisations = [(str(row.pk), str(row)) for row in Organisation.objects.active()]
        places = [(row.pcode, str(row)) for row in sorted(Place.objects.all(), key=lambda row: alphabetical(row.name))]
        self._choose("organisation_id", [unknown, *organisations])
        self._choose("place_pcode", [unknown, *places])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  narrows the type of our own field
        field.choices = choices

    def clean_incident_on(self) -> Any:
        day = self.cleaned_data["incident_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(_("Cette date est dans l'avenir."))
        return day

    def changes(self) -> dict[str, Any]:
        """The fields of `psea.facts.Facts` that the form gives."""
        given = dict(self.cleaned_data)
        given.pop("survivors")
        return given | {
            "child": Known(given["child"]),
            "danger": Known(given["danger"]),
            "services": tuple(given["services"]),
        }


class TransmitForm(forms.Form):
    organisation_id = forms.TypedChoiceField(label=_("Entité concernée"), coerce=int, choices=())
    straight_to_investigation = forms.BooleanField(
        label=_("Directement à la fonction d'enquête (la direction du bureau est mise en cause)"), required=False
    )
    # Nobody takes back what an entity has read: it is named once more before it is sent.
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {row.pk: str(row) for row in organisations}
        field = self.fields["organisation_id"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  narrows the type of our own field
        field.choices = [("", _("choisir…")), *((str(pk), name) for pk, name in self.names.items())]

    @property
    def entity(self) -> str:
        """The name of the chosen entity; call after `is_valid`."""
        return self.names[self.cleaned_data["organisation_id"]]


class OutsideForm(forms.Form):
    handed_over = forms.BooleanField(label=_("Je l'ai remis en main propre à la fonction d'enquête de l'entité"))


class InformForm(forms.Form):
    about = forms.ChoiceField(label=_("À propos de"), choices=ToldAbout.choices)
    was_told = forms.TypedChoiceField(
        label=_("La personne a-t-elle été informée ?"),
        choices=[("yes", _("oui")), ("no", _("non, elle n'a pas pu l'être"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    on = _day(_("Date"), initial=timezone.localdate)


class NoteForm(forms.Form):
    words = forms.CharField(
        label=_("Votre note"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        help_text=_("Scellée avec le récit, détruite avec lui. Aucune opinion sur la vérité des faits."),
    )


class AskForm(forms.Form):
    question = forms.CharField(
        label=_("Lui écrire"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("Elle le lit sur le site, avec son numéro et son code. N’écrivez rien qui dise de quoi il s’agit."),
    )


class WishForm(forms.Form):
    decision = forms.TypedChoiceField(
        label=_("Votre décision"),
        choices=[("yes", _("Accepter")), ("no", _("Refuser"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Pourquoi, ou ce qui a été fait"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text=_("Scellé parmi les notes."),
    )


class CopyForm(forms.Form):
    reference = forms.CharField(label=_("Référence de votre copie"), max_length=80)
    statement = forms.BooleanField(
        label=_("La fonction d'enquête de mon entité détient sa propre copie ; celle du coffre peut être détruite")
    )


class ReclassifyForm(forms.Form):
    as_what = forms.ChoiceField(label=_("Ce dossier est en réalité"), choices=ReclassifiedAs.choices)
    no_disclosure = forms.BooleanField(
        label=_("Je confirme que le texte ne contient aucune révélation d'exploitation ou d'abus sexuels"),
        required=False,
    )


class OfferForm(forms.Form):
    service = forms.TypedChoiceField(label=_("Service"), choices=SERVICE_CHOICES, coerce=ServiceType)
