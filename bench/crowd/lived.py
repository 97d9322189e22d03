"""One case and one referral in each state, made by the product's own acts: what the many are copies of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from feedback import actions as of_cases
from feedback.models import Answer, Case, CaseMessage
from referrals import actions
from referrals.models import Referral
from tests.cast import Cast
from tests.referrals.conftest import House

Act = Callable[[UUID, Cast], Any]
ENDED = "closed"
# After it was sent by Awa (the common hotline) to HCR.
LIVES: dict[str, tuple[Act, ...]] = {
    "sent": (),
    "received": (lambda pk, cast: actions.receive(pk, by=cast.ibrahim),),
    "info_requested": (lambda pk, cast: actions.ask(pk, words="Quel quartier ?", by=cast.ibrahim),),
    "accepted": (lambda pk, cast: actions.accept(pk, by=cast.ibrahim),),
    "in_progress": (
        lambda pk, cast: actions.accept(pk, by=cast.ibrahim),
        lambda pk, cast: actions.start(pk, by=cast.ibrahim),
    ),
    "answered": (lambda pk, cast: actions.answer(pk, kind="response", words="Oui.", by=cast.ibrahim),),
    "refused": (lambda pk, cast: actions.refuse(pk, code="HORS_ZONE", by=cast.ibrahim),),
    "recalled": (lambda pk, cast: actions.recall(pk, reason="solved", by=cast.awa),),
    ENDED: (
        lambda pk, cast: actions.answer(pk, kind="adjustment", words="Oui.", by=cast.ibrahim),
        lambda pk, cast: actions.feed_back(pk, how="in_person", by=cast.awa),
        lambda pk, cast: actions.close(pk, outcome="successful", by=cast.awa),
    ),
}


@dataclass(frozen=True)
class Lived:
    """By state; and a message and an answer of the case that has ended."""

    cases: dict[str, Case]
    referrals: dict[str, Referral]
    message: CaseMessage
    answer: Answer


def lived(cast: Cast) -> Lived:
    house = House(cast, at=timezone.now() - timedelta(minutes=30))
    sent = {state: house.sent(house.case(), house.wish("hcr", None)).pk for state in LIVES}
    for state, acts in LIVES.items():
        for act in acts:
            act(sent[state], cast)
    referrals = {state: Referral.objects.select_related("case").get(pk=pk) for state, pk in sent.items()}
    ended = referrals[ENDED].case
    of_cases.tell_person(ended.pk, how="in_person", by=cast.awa)
    of_cases.close(ended.pk, outcome="settled", by=cast.awa)
    cases = {"new": house.unsorted(), "triaged": house.case(), "referred": referrals["accepted"].case}
    cases |= {"answered": referrals["answered"].case, ENDED: ended}
    message = CaseMessage(case=ended, direction="in", channel="sms", said_at=house.at)
    message.seal(body="Merci.")
    message.save(force_insert=True)
    found = {state: Case.objects.get(pk=case.pk) for state, case in cases.items()}
    assert all(case.state == state for state, case in found.items()), found
    return Lived(found, referrals, message, Answer.objects.get(case=ended))
