"""Forms of one case: few fields, large targets, nothing that identifies a survivor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.enums import VICTIM_SERVICES, ServiceType
from directory.models import Organisation
from psea.actions.routing import MAX_SURVIVORS
from psea.enums import Consent, Known, ReclassifiedAs, ToldAbout
from psea.forms.fields import check_incident, choose, day_field, organisation_choices, place_choices, time_field

SERVICE_CHOICES = [(str(kind), kind.label) for kind in VICTIM_SERVICES]


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
    incident_on = day_field(_("Date des faits, si elle est connue"), required=False)
    incident_time = time_field(_("Heure des faits, si elle est connue"))
    child = forms.ChoiceField(label=_("Un enfant est-il concerné ?"), choices=Known.choices, widget=forms.RadioSelect)
    caregiver_implicated = forms.ChoiceField(
        label=_("Si oui : la personne qui s’occupe de l’enfant est-elle mise en cause ?"),
        choices=Known.choices,
        widget=forms.RadioSelect,
        required=False,
        initial=Known.UNKNOWN,
    )
    danger = forms.ChoiceField(label=_("Le danger continue-t-il ?"), choices=Known.choices, widget=forms.RadioSelect)
    retaliation = forms.ChoiceField(
        label=_("Des représailles sont-elles à craindre ?"),
        choices=Known.choices,
        widget=forms.RadioSelect,
        required=False,
        initial=Known.UNKNOWN,
    )
    survivors = forms.IntegerField(
        label=_("Nombre de personnes survivantes"), min_value=1, max_value=MAX_SURVIVORS, initial=1
    )
    services = forms.MultipleChoiceField(
        label=_("Services à proposer"), required=False, choices=SERVICE_CHOICES, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "organisation_id", organisation_choices())
        choose(self, "place_pcode", place_choices())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_incident(self, cleaned)
        return cleaned

    def changes(self) -> dict[str, Any]:
        """The fields of `psea.facts.Facts` that the form gives."""
        given = dict(self.cleaned_data)
        given.pop("survivors")
        return given | {
            "child": Known(given["child"]),
            "danger": Known(given["danger"]),
            "retaliation": Known(given["retaliation"] or Known.UNKNOWN),
            "caregiver_implicated": Known(given["caregiver_implicated"] or Known.UNKNOWN),
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
    on = day_field(_("Date"), initial=timezone.localdate)


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
    held_on = day_field(_("Détenue depuis le"), initial=timezone.localdate)
    statement = forms.CharField(
        label=_("Au nom de la fonction d’enquête, tapez : « nous détenons notre copie »"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Celle du coffre sera alors détruite."),
    )


class PaperCopyForm(CopyForm):
    """The same, as the entity's signed paper says it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reference"].label = _("Référence de sa copie, sur le papier")
        self.fields["held_on"].label = _("Date de ce papier")
        self.fields["statement"].label = _("La phrase que le papier porte : « nous détenons notre copie »")
        self.fields["statement"].help_text = _(
            "Une seconde personne la confirme ; le récit du coffre est alors détruit."
        )


class ReclassifyForm(forms.Form):
    as_what = forms.ChoiceField(label=_("Ce dossier est en réalité"), choices=ReclassifiedAs.choices)
    no_disclosure = forms.BooleanField(
        label=_("Je confirme que le texte ne contient aucune révélation d'exploitation ou d'abus sexuels"),
        required=False,
    )
    # Whoever will read it is said once more before it is reclassified.
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("as_what") == ReclassifiedAs.ORDINARY and not cleaned.get("no_disclosure"):
            self.add_error("no_disclosure", _("Confirmez que le texte ne contient aucune révélation."))
        return cleaned

    @property
    def what(self) -> ReclassifiedAs:
        """What it turns out to be; call after `is_valid`."""
        return ReclassifiedAs(self.cleaned_data["as_what"])


class AcceptForm(forms.Form):
    """Who agreed to the service; asked for a child only."""

    consent_by = forms.TypedChoiceField(label=_("Qui a donné l’accord ?"), coerce=Consent, choices=Consent.choices)


class OfferForm(forms.Form):
    service = forms.TypedChoiceField(label=_("Service"), choices=SERVICE_CHOICES, coerce=ServiceType)
