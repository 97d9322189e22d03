"""Is a message the answer to something we asked? The question asked last is tried first.

While a telephone's latest case is sealed, only what it ordered itself counts: all else it says is sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db.models import F, Q

from core.models import Outbound
from feedback.actions.person import add_words, say_settled
from feedback.actions.phone_questions import close_question
from feedback.actions.short_questions import SAFE_CONTACTS, note_safe_contact, say_consent
from feedback.enums import CaseState, PhoneAsks, Settled, ShortQuestion
from feedback.heard import Heard
from feedback.keywords import Command, evened
from feedback.languages import chosen
from feedback.models import Case, CaseMessage, PhoneQuestion
from feedback.orders import INTAKE, change_language, say_if_settled, take_back_consent
from feedback.outgoing import fixed_sms
from feedback.speaking import CLOCKS_DIFFER
from feedback.telephone import Telephone

Kind = Outbound.Kind
SETTLED_WORDS = {"yes": Settled.YES, "no": Settled.NO, "partly": Settled.PARTLY}
Answered = Callable[[], bool]


def answers_us(heard: Heard, command: Command | None, telephone: Telephone) -> bool:
    """Whether this message answered an open question of ours, and was dealt with as such."""
    said = command.name if command is not None else ""
    asked = sorted(_asked(heard, said, telephone), key=lambda one: one[0], reverse=True)
    return any(answered() for _at, answered in asked)


def _asked(heard: Heard, said: str, telephone: Telephone) -> Iterator[tuple[datetime, Answered]]:
    ordered = telephone.ordered
    if ordered is not None:
        yield ordered.asked_at, lambda: _to_an_order(ordered, heard, said)
    if telephone.is_sealed or not telephone.has_cases:
        return
    short = telephone.short_question
    if short is not None and short.asks:
        yield short.said_at, lambda: _to_a_short_question(short, heard, said)
    case = _asked_if_settled(heard) if said in SETTLED_WORDS else None
    if case is not None and case.settled_asked_at is not None:
        yield case.settled_asked_at, lambda: _say_settled(case, SETTLED_WORDS[said], heard)


def _to_an_order(question: PhoneQuestion, heard: Heard, said: str) -> bool:
    number = question.unsealed("receipt_number")
    if question.asks == PhoneAsks.LANGUAGE:
        understood = bool(chosen(evened(heard.body)))
        if understood:
            close_question(heard.phone_hash)
            change_language(evened(heard.body), heard)
        return understood
    if question.asks == PhoneAsks.SETTLED and said in SETTLED_WORDS:
        close_question(heard.phone_hash)
        say_if_settled(number, SETTLED_WORDS[said], heard)
        return True
    if question.asks == PhoneAsks.SETTLED or said not in ("yes", "no"):
        return False
    close_question(heard.phone_hash)
    if said == "yes":
        take_back_consent(number, heard)
    else:
        fixed_sms(heard.phone, "withdraw_kept", kind=Kind.MENU, number=number)
    return True


def _to_a_short_question(question: CaseMessage, heard: Heard, said: str) -> bool:
    """A choice among ours. Where it is, and anything else, is said in words: those join the case as usual."""
    if question.asks == ShortQuestion.SAFE_CONTACT:
        choice = SAFE_CONTACTS.get(evened(heard.body))
        if choice is None:
            return False
        _join(question, heard)
        note_safe_contact(question.case_id, choice, at=heard.said_at)
    elif question.asks == ShortQuestion.CONTACT and said in ("yes", "no"):
        _join(question, heard)
        say_consent(question.pk, agrees=said == "yes", at=heard.said_at)
    else:
        return False
    fixed_sms(heard.phone, "answer_noted", kind=Kind.MENU, number=question.case.unsealed("receipt_number"))
    return True


def _join(question: CaseMessage, heard: Heard) -> None:
    add_words(
        question.case_id,
        source_key=heard.source_key,
        words=heard.body,
        channel=heard.channel,
        by=INTAKE,
        at=heard.said_at,
    )


def _asked_if_settled(heard: Heard) -> Case | None:
    asked = Case.objects.of_phone(heard.phone_hash).filter(
        Q(settled_at__isnull=True) | Q(settled_at__lt=F("settled_asked_at")),
        state__in=[CaseState.ANSWERED, CaseState.CLOSED],
        settled_asked_at__lte=heard.said_at + CLOCKS_DIFFER,
    )
    return asked.order_by("-settled_asked_at").first()


def _say_settled(case: Case, settled: Settled, heard: Heard) -> bool:
    say_settled(case.pk, settled=settled, at=heard.said_at)
    name = "reopened" if settled is Settled.NO else "settled_thanks"
    fixed_sms(heard.phone, name, kind=Kind.MENU, number=case.unsealed("receipt_number"))
    return True
