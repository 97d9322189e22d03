from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.once import OnceForm
from core.phones import normalise
from core.receipt_number import digits_of, is_well_formed
from directory.enums import NOT_SAID, AgeGroup, Disability, PopulationStatus, Sex
from directory.languages import Language
from directory.models import Organisation
from feedback.actions.person_known import LONGEST_NAME
from feedback.actions.receive import Spoken
from feedback.enums import Channel, SafeContact, SpeakerMode
from feedback.forms.choices import PlaceField, has_come, offer_places
from psea.forms.fields import check_incident, day_field, time_field

TYPED_CHANNELS = (Channel.HELP_DESK, Channel.VOICE, Channel.PAPER, Channel.RELAY, Channel.RADIO, Channel.WHATSAPP)
BY_PHONE = (SafeContact.SMS, SafeContact.CALL)
# What stays for the next paper form of the same pile.
KEPT_FOR_THE_NEXT = ("channel", "said_on", "place", "language", "mode")
LONGEST = 20_000
NOON = time(12)


class Consent(TextChoices):
    YES = "yes", _("Oui, sans son nom")
    NO = "no", _("Non")
    NOT_ASKED = "not_asked", _("La question n’a pas été posée")


class Listener(TextChoices):
    """With whom the person would rather speak."""

    WOMAN = "woman", _("une femme")
    MAN = "man", _("un homme")
    ANY = "any", _("peu importe")


class HeardForm(OnceForm):
    """What both entry forms ask: by what way it came, when, where, and how the person can be reached safely."""

    channel = forms.ChoiceField(
        label=_("Par quel canal"), choices=[(one.value, one.label) for one in TYPED_CHANNELS], initial=Channel.HELP_DESK
    )
    said_on = forms.DateField(
        label=_("Dit le"),
        required=False,
        validators=[has_come],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Vide : aujourd’hui. Pour un formulaire papier, le jour où la personne a parlé."),
    )
    words = forms.CharField(label=_("Ses mots"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}))
    place = PlaceField()
    safe_contact = forms.ChoiceField(
        label=_("Comment la joindre sans danger ?"),
        choices=SafeContact.choices,
        widget=forms.RadioSelect,
        initial=SafeContact.NONE,
    )
    contact = forms.CharField(
        label=_("Numéro, ou personne de confiance"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self.fields.values())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        way, contact = cleaned.get("safe_contact"), cleaned.get("contact", "")
        if way in BY_PHONE and normalise(contact) is None:
            self.add_error("contact", _("Donnez un numéro de téléphone, par exemple 76 12 34 56."))
        if way == SafeContact.RELAY and not contact:
            self.add_error("contact", _("Dites par qui passer."))
        return cleaned

    def heard(self) -> dict[str, Any]:
        """The fields of `Spoken` that both forms fill. Nothing of a contact is kept if none is safe."""
        data = self.cleaned_data
        way, contact = data["safe_contact"], data["contact"]
        return {
            "source_key": f"entry:{data['once']}",
            "words": data["words"],
            "channel": data["channel"],
            "received_at": timezone.now(),
            "said_at": moment_of(data["said_on"]),
            "place": data["place"],
            "safe_contact": way,
            "phone": (normalise(contact) or "") if way in BY_PHONE else "",
            "contact": contact if way == SafeContact.RELAY else "",
        }


class EntryForm(HeardForm):
    """What somebody said, for oneself, for someone else or for a group. Each trait can be "not communicated"."""

    name = forms.CharField(
        label=_("Son nom"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Seulement si la personne veut être nommée. Rien n’en est dit à personne sans son accord."),
    )

    mode = forms.ChoiceField(
        label=_("Qui parle"), choices=SpeakerMode.choices, widget=forms.RadioSelect, initial=SpeakerMode.SELF
    )
    group_women = forms.IntegerField(label=_("Femmes du groupe"), required=False, min_value=0, max_value=5000)
    group_men = forms.IntegerField(label=_("Hommes du groupe"), required=False, min_value=0, max_value=5000)
    place_said = forms.CharField(label=_("Lieu, dans ses mots"), required=False, max_length=200)
    concerned = forms.ModelChoiceField(
        Organisation.objects.active(), label=_("Qui est concerné"), required=False, empty_label=_("On ne sait pas")
    )
    sex = forms.ChoiceField(label=_("Sexe"), choices=Sex.choices, initial=NOT_SAID)
    age_group = forms.ChoiceField(label=_("Âge"), choices=AgeGroup.choices, initial=NOT_SAID)
    disability = forms.ChoiceField(label=_("Handicap"), choices=Disability.choices, initial=NOT_SAID)
    population_status = forms.ChoiceField(label=_("Statut"), choices=PopulationStatus.choices, initial=NOT_SAID)
    language = forms.ChoiceField(label=_("Langue"), choices=Language.choices, initial=NOT_SAID)
    consent = forms.ChoiceField(
        label=_("Accepte-t-elle que sa demande soit transmise à l’organisation qui peut répondre ?"),
        choices=Consent.choices,
        widget=forms.RadioSelect,
    )
    sms_may_be_read = forms.BooleanField(label=_("Un SMS peut être lu par d’autres sans danger"), required=False)
    booklet_number = forms.CharField(
        label=_("Numéro du carnet, s’il a déjà été remis"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_booklet_number(self) -> str:
        return checked_number(self.cleaned_data["booklet_number"])

    def spoken(self) -> Spoken:
        """What `feedback.actions.enter` takes."""
        data = self.cleaned_data
        same = (
            "mode",
            "name",
            "place_said",
            "concerned",
            "sex",
            "age_group",
            "disability",
            "population_status",
            "language",
        )
        is_group = data["mode"] == SpeakerMode.GROUP
        return Spoken(
            **self.heard(),
            **{name: data[name] for name in same},
            group_women=data["group_women"] if is_group else None,
            group_men=data["group_men"] if is_group else None,
            sms_may_be_read=data["sms_may_be_read"] and data["safe_contact"] == SafeContact.SMS,
            objects_to_sharing=data["consent"] == Consent.NO,
            receipt_number=data["booklet_number"],
        )

    def kept(self) -> dict[str, Any]:
        """What the next form of the pile begins with."""
        return {name: self.cleaned_data[name] for name in KEPT_FOR_THE_NEXT}


class DelicateForm(HeardForm):
    """As little as possible: what was said, and how a trained person can reach whoever said it."""

    words = forms.CharField(
        label=_("Ce que la personne a dit, dans ses mots"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Sans question de votre part. Quelques mots suffisent."),
    )
    listener = forms.ChoiceField(
        label=_("Elle préfère parler avec"), choices=Listener.choices, widget=forms.RadioSelect, initial=Listener.ANY
    )
    in_danger = forms.BooleanField(label=_("Elle est en danger maintenant"), required=False)
    is_child = forms.BooleanField(label=_("Il s’agit d’un enfant"), required=False)
    fears_retaliation = forms.BooleanField(label=_("Elle craint des représailles"), required=False)
    incident_on = day_field(_("Quand c’est arrivé, si elle l’a dit d’elle-même"), required=False)
    incident_time = time_field(_("À quelle heure, si elle l’a dit"))
    wants_service = forms.BooleanField(
        label=_("Elle accepte qu’on lui propose un service (soins, écoute, mise à l’abri)"), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_incident(self, cleaned)
        return cleaned

    def spoken(self) -> Spoken:
        """What `feedback.actions.enter` takes: for the trained people, whatever the words."""
        said = self.cleaned_data
        lines = [] if said["listener"] == Listener.ANY else [f"{self.fields['listener'].label} : {_named(said)}"]
        lines += [str(self.fields["wants_service"].label)] if said["wants_service"] else []
        return Spoken(
            **self.heard(),
            receipt_number="",
            note="\n".join(lines),
            is_delicate=True,
            is_child=said["is_child"],
            in_danger=said["in_danger"],
            fears_retaliation=said["fears_retaliation"],
            incident_on=said["incident_on"],
            incident_time=said["incident_time"],
        )


def _named(said: dict[str, Any]) -> str:
    return str(Listener(said["listener"]).label)


def checked_number(text: str) -> str:
    """The digits of a booklet's number, "" for none. Raises ValidationError when one is mistyped."""
    number = digits_of(text)
    if number and not is_well_formed(number):
        raise ValidationError(_("Il y a une erreur dans ce numéro de carnet : relisez ses 12 chiffres."))
    return number


def moment_of(day: date | None) -> datetime | None:
    """A day gone by as a moment of it; None for today: then it is said when it is received."""
    if day is None or day >= timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(day, NOON))
