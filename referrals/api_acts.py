"""API: the acts on one referral, each a POST to its own address, as the buttons of its page."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.transitions import Refused
from directory.api_door import once
from directory.models import Organisation, User
from referrals import actions
from referrals import api_requests as shapes
from referrals.api import WRITE, ReferralsView
from referrals.api_shapes import ReferralShape, has_consent_to_withdraw
from referrals.enums import Side
from referrals.models import Referral
from referrals.people import receivers_of

Details = dict[str, Any]


class ActView(ReferralsView):
    """One act. 412 or 409 when somebody acted since `If-Match` or `seen`; 422 when it cannot be done, and why."""

    required_scopes: ClassVar[tuple[str, ...]] = WRITE
    problems = (409, 412, 422)
    shape: ClassVar[type[serializers.Serializer[Any]] | None] = None
    status: ClassVar[int] = status.HTTP_200_OK

    def act(self, request: Request, pk: uuid.UUID) -> Response:
        referral = self.locked(request, pk)
        said: Details = {}
        if self.shape is not None:
            shape = self.shape(data=request.data)
            shape.is_valid(raise_exception=True)
            said = dict(shape.validated_data)
        self.do(referral, said)
        response = self.whole(self.one(pk))
        response.status_code = self.status
        return response

    def again(self, made: str, **arguments: Any) -> Response:
        return self.whole(self.one(arguments["pk"]))

    def do(self, referral: Referral, said: Details) -> None:
        raise NotImplementedError


Do = Callable[[ActView, Referral, Details], Any]


def an_act(name: str, do: Do, shape: type[serializers.Serializer[Any]] | None = None, code: int = 200) -> type[ActView]:
    """The view of one act. `name` is its operation in the description."""

    class One(ActView):
        @extend_schema(operation_id=name, request=shape, responses={code: ReferralShape})
        @once
        def post(self, request: Request, pk: uuid.UUID) -> Response:
            return self.act(request, pk)

        def do(self, referral: Referral, said: Details) -> None:
            do(self, referral, said)

    One.__name__ = One.__qualname__ = name.title().replace("_", "")
    One.shape, One.status = shape, code
    return One


def plainly(action: Callable[..., Any]) -> Do:
    """An act whose fields are what the action takes."""
    return lambda view, referral, said: action(referral.pk, by=view.credential, **said)


def _named(referral: Referral, said: Details) -> User:
    """Whom `responsible` names among the receiver's people. Raises ValidationError."""
    colleagues = User.objects.filter(pk__in=[person.pk for person in receivers_of(referral)])
    person: User | None = colleagues.filter(email__iexact=said["responsible"]).first()
    if person is None:
        raise ValidationError({"responsible": [_("Cette personne ne peut pas recevoir ce référencement.")]})
    return person


def _accept(view: ActView, referral: Referral, said: Details) -> None:
    actions.accept(referral.pk, by=view.credential, **(said | {"responsible": _named(referral, said)}))


def _assign(view: ActView, referral: Referral, said: Details) -> None:
    actions.assign(referral.pk, _named(referral, said), by=view.credential, seen=said.get("seen"))


def _refuse(view: ActView, referral: Referral, said: Details) -> None:
    name = said.pop("competent", "")
    competent = Organisation.objects.active().filter(acronym__iexact=name).first() if name else None
    if name and competent is None:
        raise ValidationError({"competent": [_("Organisation inconnue.")]})
    actions.refuse(referral.pk, by=view.credential, competent=competent, **said)


def _ask_consent(view: ActView, referral: Referral, said: Details) -> None:
    actions.ask_consent(referral.pk, pk=uuid.uuid4(), by=view.credential)


def _withdraw_consent(view: ActView, referral: Referral, said: Details) -> None:
    if Side.SENDER not in Referral.objects.sides_of(referral, view.credential):
        raise Refused(_("C’est à l’émetteur de le faire."))
    if not has_consent_to_withdraw(referral) or referral.consent_id is None:
        raise Refused(_("Aucun accord en cours pour ce destinataire."))
    actions.withdraw_consent(referral.consent_id, by=view.credential)


# By the last part of the address.
ACTS: dict[str, type[ActView]] = {
    "receive": an_act("receive_referral", plainly(actions.receive), shapes.SeenShape),
    "accept": an_act("accept_referral", _accept, shapes.AcceptShape),
    "refuse": an_act("refuse_referral", _refuse, shapes.RefuseShape),
    "ask": an_act("ask_about_referral", plainly(actions.ask), shapes.WordsShape),
    "answer": an_act("answer_referral", plainly(actions.answer), shapes.AnswerShape),
    "start": an_act("start_referral", plainly(actions.start), shapes.SeenShape),
    "pause": an_act("pause_referral", plainly(actions.pause), shapes.PauseShape),
    "resume": an_act("resume_referral", plainly(actions.resume), shapes.SeenShape),
    "assign": an_act("assign_referral", _assign, shapes.AcceptShape),
    "reply": an_act("reply_about_referral", plainly(actions.reply), shapes.WordsShape),
    "feed-back": an_act("feed_back_referral", plainly(actions.feed_back), shapes.FeedBackShape),
    "recall": an_act("recall_referral", plainly(actions.recall), shapes.RecallShape),
    "close": an_act("close_referral", plainly(actions.close), shapes.CloseShape),
    "reopen": an_act("reopen_referral", plainly(actions.reopen), shapes.ReopenShape),
    "say": an_act("say_about_referral", plainly(actions.say), shapes.MessageToSend, 201),
    "ask-consent": an_act("ask_consent", _ask_consent),
    "withdraw-consent": an_act("withdraw_consent", _withdraw_consent),
    "confirm-erasure": an_act("confirm_erasure", plainly(actions.confirm_erasure)),
}
