from __future__ import annotations

import uuid
from collections.abc import Container, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.once import OnceForm
from directory.enums import ServiceType
from directory.implicated import Implicated
from directory.languages import Language
from directory.models import Office, Organisation
from feedback.actions.person_known import LONGEST_NAME
from feedback.enums import Priority
from feedback.forms.choices import neutral
from referrals.actions.consent import GIVEN, OVERRIDDEN, REFUSED, Receiver, Said
from referrals.actions.sending import Wish
from referrals.enums import OF_THE_PERSON, ConsentGiver, ConsentMethod, Level, Override, Teller
from referrals.peers import living_elsewhere

OTHER = "other"
ANSWERS = [
    (GIVEN, _("Oui, elle est d’accord")),
    (REFUSED, _("Non : envoyer l’objet seulement (niveau 1)")),
    (OVERRIDDEN, _("Sans accord, pour un motif prévu (rare, relu)")),
]

# By SMS it is the person who answers, and only they.
TAKEN_BY_STAFF = [(method.value, method.label) for method in ConsentMethod if method != ConsentMethod.SMS]


def receiver_of(key: str) -> Receiver | None:
    """`"12"` or `"12:34"` as an organisation and its office; None when it is neither."""
    organisation, _colon, office = key.partition(":")
    if not organisation.isdigit() or (office and not office.isdigit()):
        return None
    return Receiver(int(organisation), int(office) if office else None)


def chosen_key(data: Any) -> str:
    """The receiver that posted or addressed values name, `""` if none."""
    key = str(data.get("person") or data.get("receiver") or "")
    return str(data.get("other") or "") if key == OTHER else key


def _is_spared(key: str, implicated: Implicated) -> bool:
    receiver = receiver_of(key)
    if receiver is None:
        return True
    return receiver.organisation_id not in implicated.organisations and receiver.office_id not in implicated.offices


def receiver_choices() -> Iterable[tuple[str, str]]:
    """Every organisation, each followed by its offices; those with nobody here yet are said to be on paper."""
    yield "", _("choisir…")  # type: ignore[misc]  # a lazy text is a text
    offices: dict[int, list[Office]] = {}
    for office in Office.objects.filter(is_active=True).select_related("organisation"):
        offices.setdefault(office.organisation_id, []).append(office)
    here = set(Organisation.objects.receivers().values_list("pk", flat=True))
    elsewhere = set(living_elsewhere())
    for organisation in Organisation.objects.active():
        yield str(organisation.pk), _called(organisation, here, elsewhere)
        for office in offices.get(organisation.pk, ()):
            yield f"{organisation.pk}:{office.pk}", f"– {office}"


def name_of(key: str) -> str:
    """Who `"12"` or `"12:34"` is; "" when nobody."""
    receiver = receiver_of(key)
    if receiver is None:
        return ""
    offices = Office.objects.select_related("organisation").filter(organisation=receiver.organisation_id)
    office = offices.filter(pk=receiver.office_id).first() if receiver.office_id else None
    return str(office or Organisation.objects.filter(pk=receiver.organisation_id).first() or "")


def _called(organisation: Organisation, here: Container[int], elsewhere: Container[int]) -> str:
    if organisation.pk in elsewhere:
        return f"{organisation} ({_('dans son propre système')})"
    return str(organisation) if organisation.pk in here else f"{organisation} ({_('par papier ou téléphone')})"


class WhatForm(OnceForm):
    """What is asked of whoever receives it."""

    request = forms.CharField(
        label=_("Ce que vous demandez"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
        required=False,
        validators=[neutral],
        help_text=_("Sans nom, numéro ni détail qui désigne la personne."),
    )
    priority = forms.ChoiceField(label=_("Priorité"), choices=Priority.choices)
    service = forms.ChoiceField(
        label=_("Service demandé"), choices=[("", _("aucun en particulier")), *ServiceType.choices], required=False
    )


class SendForm(WhatForm):
    """A referral of level 1: to whom, and what is asked."""

    receiver = forms.CharField(widget=forms.HiddenInput, required=False)
    other = forms.ChoiceField(label=_("Autre destinataire"), choices=receiver_choices, required=False)

    field_order: tuple[str, ...] = ("receiver", "other", "request", "priority", "service")

    def leave_out(self, implicated: Implicated) -> None:
        """Takes those whom the matter implicates from the list of receivers."""
        field = self.fields.get("other")
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, label) for key, label in receiver_choices() if _is_spared(key, implicated)]

    def clean_receiver(self) -> Receiver:
        """The button names a proposed receiver, or says "other", which the list names."""
        found = receiver_of(chosen_key(self.data))
        if found is None:
            raise forms.ValidationError(_("Choisissez un destinataire."))
        return found

    def record_id(self) -> uuid.UUID:
        """One record for one form and receiver, however often it is posted."""
        return uuid.uuid5(self.cleaned_data["once"], str(self.cleaned_data["receiver"]))

    def wish(self) -> Wish:
        """What is to be sent; call after `is_valid`."""
        said, receiver = self.cleaned_data, self.cleaned_data["receiver"]
        return Wish(
            receiver_id=receiver.organisation_id,
            office_id=receiver.office_id,
            request=said["request"],
            priority=said["priority"],
            service=said["service"],
            level=self.level(),
            teller=said.get("teller") or Teller.SENDER,
        )

    def level(self) -> str:
        return Level.MATTER


class AllowedForm(forms.Form):
    """What the person allows one receiver, as it was read aloud to them."""

    answer = forms.ChoiceField(label=_("La personne est-elle d’accord ?"), choices=ANSWERS, widget=forms.RadioSelect)
    words = forms.BooleanField(label=_("Ses mots"), required=False)
    name = forms.BooleanField(label=_("Son nom"), required=False)
    given_name = forms.CharField(
        label=_("Le nom à transmettre"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Tel que la personne veut être nommée. Vide : celui que le dossier garde déjà."),
    )
    contact = forms.BooleanField(label=_("Comment la joindre"), required=False)
    override = forms.ChoiceField(
        label=_("Motif, si c’est sans accord"), choices=[("", "–"), *Override.choices], required=False
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("answer") != REFUSED and not any(said.get(one) for one in OF_THE_PERSON):
            self.add_error("words", _("Dites ce que la personne permet de transmettre."))
        if said.get("answer") == OVERRIDDEN and not said.get("override"):
            self.add_error("override", _("Choisissez le motif qui permet de se passer de l’accord."))
        return said

    def allowed(self) -> dict[str, Any]:
        """Of it, what a consent keeps; call after `is_valid`."""
        return {name: self.cleaned_data[name] for name in ("answer", *OF_THE_PERSON, "given_name", "override")}


class HowForm(forms.Form):
    """How it was said, by whom and in which language; and who will tell the person the answer."""

    method = forms.ChoiceField(
        label=_("Comment l’a-t-elle dit ?"), choices=TAKEN_BY_STAFF, initial=ConsentMethod.ORAL, required=False
    )
    giver = forms.ChoiceField(
        label=_("Qui l’a dit ?"), choices=ConsentGiver.choices, initial=ConsentGiver.SELF, required=False
    )
    language = forms.ChoiceField(label=_("Dans quelle langue ?"), choices=Language.choices, required=False)
    teller = forms.ChoiceField(label=_("Qui dira la réponse à la personne ?"), choices=Teller.choices)

    def how(self) -> dict[str, Any]:
        """Of it, what a consent keeps; call after `is_valid`."""
        return {name: self.cleaned_data[name] for name in ("method", "giver", "language")}


class PersonForm(AllowedForm, HowForm, SendForm):
    """Level 2: the question read aloud, for one receiver, and who says what."""

    other = None  # type: ignore[assignment]  # the receiver was chosen before
    field_order = (
        "receiver", "answer", "words", "name", "given_name", "contact", "method", "giver", "language", "override",
        "request", "priority", "service", "teller",
    )  # fmt: skip

    def said(self) -> Said:
        """What was noted; call after `is_valid`."""
        return Said(**self.allowed(), **self.how())

    def level(self) -> str:
        return self.said().level
