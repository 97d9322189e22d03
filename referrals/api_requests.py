"""What the API is sent about referrals: the same fields as the forms of the pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from directory.api_door import Flag, Id, Number, Text
from directory.enums import NOT_SAID, ServiceType
from directory.languages import Language
from directory.models import Office, Organisation
from feedback.actions.person_known import LONGEST_NAME
from feedback.enums import AnswerKind, Priority, Settled, ToldHow
from feedback.models import Case
from referrals.actions.consent import GIVEN, OVERRIDDEN, REFUSED, Receiver, Said
from referrals.actions.sending import Wish
from referrals.enums import (
    RECALLED_BY_PEOPLE,
    CloseOutcome,
    ConsentGiver,
    ConsentMethod,
    Level,
    NonSuccess,
    Override,
    PauseReason,
    Refusal,
    ReopenReason,
    Teller,
)

SEEN = "L’état que vous aviez sous les yeux."
# By SMS it is the person who answers, and only they.
TAKEN_BY_STAFF = [(method.value, method.label) for method in ConsentMethod if method != ConsentMethod.SMS]
TOLD = [choice for choice in ToldHow.choices if choice[0] != ToldHow.NOT_YET]


class SeenShape(serializers.Serializer[Any]):
    seen = Text(max_length=16, required=False, help_text=SEEN)


class AcceptShape(SeenShape):
    responsible = serializers.EmailField(help_text="Adresse d’une personne de votre organisation.")


class RefuseShape(SeenShape):
    code = serializers.ChoiceField(Refusal.choices)
    competent = Text(required=False, allow_blank=True, max_length=160)
    note = Text(required=False, allow_blank=True, max_length=1000)


class WordsShape(SeenShape):
    words = Text(max_length=4000, help_text="Sans nom, numéro ni détail qui désigne la personne.")


class MessageToSend(serializers.Serializer[Any]):
    words = Text(max_length=4000, help_text="Sans nom, numéro ni détail qui désigne la personne.")


class AnswerShape(SeenShape):
    kind = serializers.ChoiceField(AnswerKind.choices)
    words = Text(required=False, allow_blank=True, max_length=4000)
    reason = serializers.ChoiceField(NonSuccess.choices, required=False, allow_blank=True)


class RecallShape(SeenShape):
    reason = serializers.ChoiceField(RECALLED_BY_PEOPLE)


class FeedBackShape(SeenShape):
    how = serializers.ChoiceField(TOLD)
    satisfaction = serializers.ChoiceField(Settled.choices, required=False, allow_blank=True)


class CloseShape(SeenShape):
    outcome = serializers.ChoiceField(CloseOutcome.choices)


class PauseShape(SeenShape):
    reason = serializers.ChoiceField(PauseReason.choices)


class ReopenShape(SeenShape):
    reason = serializers.ChoiceField(ReopenReason.choices)


class SaidShape(serializers.Serializer[Any]):
    """The question of level 2, and what the person said to it, for this receiver alone."""

    answer = serializers.ChoiceField([GIVEN, REFUSED, OVERRIDDEN])
    words = Flag(default=False, help_text="Ses mots.")
    name = Flag(default=False, help_text="Son nom.")
    given_name = Text(
        max_length=LONGEST_NAME, default="", allow_blank=True, help_text="Son nom, si le dossier ne le garde pas déjà."
    )
    contact = Flag(default=False, help_text="Comment la joindre.")
    method = serializers.ChoiceField(TAKEN_BY_STAFF, required=False, allow_blank=True)
    giver = serializers.ChoiceField(ConsentGiver.choices, required=False, allow_blank=True)
    language = serializers.ChoiceField(Language.choices, default=NOT_SAID)
    override = serializers.ChoiceField(Override.choices, required=False, allow_blank=True)


class ToSend(serializers.Serializer[Any]):
    """To whom, and what is asked. Without `said` it goes at level 1: the matter only."""

    receiver = Number(help_text="Voir `/organisations/`.")
    office = Number(required=False, allow_null=True)
    request = Text(max_length=2000, required=False, allow_blank=True)
    priority = serializers.ChoiceField(Priority.choices, required=False, allow_blank=True)
    service = serializers.ChoiceField(ServiceType.choices, required=False, allow_blank=True)
    teller = serializers.ChoiceField(Teller.choices, default=Teller.SENDER)
    said = SaidShape(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        receiver = Organisation.objects.active().filter(pk=attrs["receiver"]).first()
        if receiver is None:
            raise serializers.ValidationError({"receiver": [_("Choisissez un destinataire.")]})
        office = attrs.get("office")
        offices = Office.objects.filter(organisation=receiver, is_active=True)
        if office is not None and not offices.filter(pk=office).exists():
            raise serializers.ValidationError({"office": [_("Ce bureau n’est pas de cette organisation.")]})
        return attrs

    @property
    def to(self) -> Receiver:
        return Receiver(self.validated_data["receiver"], self.validated_data.get("office"))

    @property
    def noted(self) -> Said | None:
        """What the person said, for level 2; None at level 1 without the question."""
        found = self.validated_data.get("said")
        return Said(**found) if found else None

    def wish(self) -> Wish:
        """What is to be sent; call after `is_valid`."""
        names = ("request", "priority", "service", "teller")
        asked = {name: self.validated_data[name] for name in names if name in self.validated_data}
        level = self.noted.level if self.noted is not None else Level.MATTER
        return Wish(self.to.organisation_id, self.to.office_id, level=level, **asked)


class CaseToSend(ToSend):
    """A case of `/cases/`, and to whom."""

    case = Id()

    def validate_case(self, value: Any) -> Case:
        found = Case.objects.open_to_system_of(self.context["organisation"]).filter(pk=value).first()
        if found is None:
            raise serializers.ValidationError(_("Ce dossier n’existe pas."))
        return found
