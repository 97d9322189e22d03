"""How the answer comes back to an invented person, and what they say of it."""

from __future__ import annotations

from random import Random

from core import outbox
from demo.history.hours import Hours
from demo.history.plots import Ending, Plot
from directory.models import User
from feedback.actions import close, tell_person
from feedback.actions.person import say_settled
from feedback.enums import CaseState, Delivery, Outcome, SafeContact, Settled, ToldHow
from feedback.models import Case

VOICE = {SafeContact.CALL: ToldHow.CALL, SafeContact.RELAY: ToldHow.RELAY, SafeContact.NONE: ToldHow.IN_PERSON}
# Who was told and never said whether it settled the matter.
SILENT = 0.35
# Endings at which the answer must still be on its way, or be brought by voice.
BY_VOICE = (Ending.ANSWERED, Ending.FED_BACK, Ending.TOLD_HERE)


def safe_contact_for(plot: Plot) -> str:
    """The way to reach them that the person chose."""
    if plot.ending in BY_VOICE:
        return SafeContact.CALL.value if plot.channel in ("sms", "voice") else SafeContact.RELAY.value
    ways = {
        "sms": [SafeContact.SMS],
        "web": [SafeContact.WEB, SafeContact.NONE],
        "voice": [SafeContact.CALL, SafeContact.SMS],
    }
    return plot.rng.choice(ways.get(plot.channel, [SafeContact.RELAY, SafeContact.CALL])).value


def bring_back(case: Case, teller: User, hours: Hours) -> None:
    """The answer reaches the person: by the outbox, at the site, or by the voice of somebody who calls."""
    answer = case.latest_answer
    if answer is None or answer.delivery == Delivery.READABLE:
        return
    if answer.outbound_id is not None and hours.rng.random() < 0.7:
        outbox.deliver(answer.outbound_id)
        return
    how = VOICE.get(SafeContact(case.safe_contact), ToldHow.CALL)
    tell_person(case.pk, how=how, by=teller, at=hours.after(3, 60))


def conclude(case: Case, teller: User, hours: Hours) -> None:
    """The person says whether it settled the matter; or the team closes once the answer has reached them."""
    case.refresh_from_db()
    if case.state != CaseState.ANSWERED:
        return
    answer = case.latest_answer
    by_sms = answer is not None and answer.delivery == Delivery.SENT
    if not by_sms and hours.rng.random() < SILENT:
        close(case.pk, outcome=_outcome(hours.rng), by=teller, at=hours.after(72, 240))
        return
    said = hours.rng.choices([Settled.YES, Settled.PARTLY], weights=[72, 28])[0]
    say_settled(case.pk, settled=said, at=hours.after(4, 90))


def contradict(case: Case, hours: Hours) -> None:
    """The person says that it is not settled: it is taken up again."""
    say_settled(case.pk, settled=Settled.NO, at=hours.after(6, 60))


def _outcome(rng: Random) -> str:
    outcomes = {Outcome.SETTLED: 60, Outcome.PARTLY: 25, Outcome.NOT_SETTLED: 15}
    return rng.choices(list(outcomes), weights=list(outcomes.values()))[0].value
