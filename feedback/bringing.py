"""By which way an answer goes to the person: the one they chose, and never more words than they allowed (DESIGN §4)."""

from __future__ import annotations

from datetime import datetime

from core.models import Outbound
from core.phones import normalise
from feedback import sealed_door
from feedback.enums import CaseState, Channel, Delivery, Lane, SafeContact, SpeakerMode, ToldHow
from feedback.models import Answer, Case
from feedback.outgoing import fixed_sms, has_stopped, sms_to_person

Kind = Outbound.Kind
WRITTEN_ON_A_PHONE = (Channel.SMS, Channel.WHATSAPP)
READ_ALONE = (SafeContact.NONE, SafeContact.WEB)


def phone_of(case: Case) -> str:
    """The person's telephone (E.164), "" if none is known."""
    return normalise(case.unsealed("contact")) or ""


def words_may_go_by_sms(case: Case) -> bool:
    """The person chose SMS as safe, and whoever sorted ticked that others may read it."""
    return case.safe_contact == SafeContact.SMS and case.sms_may_be_read


def sms_is_welcome(case: Case) -> bool:
    """SMS was chosen; or they wrote by SMS and asked for no other way, and nothing about it is confidential."""
    if case.safe_contact == SafeContact.SMS:
        return True
    return case.safe_contact == SafeContact.NONE and case.channel in WRITTEN_ON_A_PHONE and case.lane == Lane.ORDINARY


def may_be_read_with_number(case: Case) -> bool:
    """Whether the site may show it: a confidential answer needs the code of a thread as well."""
    return case.lane == Lane.ORDINARY or bool(case.code_hash)


def bring(case: Case, answer: Answer, *, at: datetime) -> None:
    """Sends the answer on its way, or leaves it among those that somebody must tell."""
    answer.readable_here = may_be_read_with_number(case)
    outbound = _sms(case, answer)
    if outbound is not None:
        answer.told_how = ToldHow.SMS if words_may_go_by_sms(case) else ToldHow.SMS_NOTICE
        answer.told_at, answer.outbound_id = at, outbound.pk
    elif _waits_on_the_site(case, answer):
        answer.told_how, answer.told_at = ToldHow.WEB, at
        answer.delivery, answer.delivery_at = Delivery.READABLE, at
    answer.save()
    _tell_those_joined(case, answer)


def bring_once_more(case: Case, answer: Answer) -> bool:
    """Sends again by SMS what could not be delivered; False where that is not welcome any more."""
    outbound = _sms(case, answer, attempt=case.failed_deliveries)
    if outbound is None:
        return False
    answer.outbound_id = outbound.pk
    answer.save(update_fields=["outbound_id"])
    return True


def ask_if_settled(case: Case, answer: Answer, *, at: datetime) -> None:
    """After an answer went by SMS in its own words: settled, or not? Asked anew for each answer."""
    if _ask(case, key=f"settled:{answer.pk}") is not None:
        _note_asked(case, at)


def was_asked_in_words(case: Case) -> bool:
    """Whether the latest answer went by SMS in its own words, and the question whether it settled with it."""
    answer = case.latest_answer
    return answer is not None and answer.told_how == ToldHow.SMS


def note_asked_if_settled(case: Case, phone_hash: str, *, at: datetime) -> None:
    """Whoever had the notice, and asked where it is, was asked whether it is settled: they may be asked once more.

    Nobody else is: a telephone that was sent no notice is sent nothing that it did not ask for.
    """
    answer = case.latest_answer
    if answer is not None and answer.told_how == ToldHow.SMS_NOTICE and case.phone_hash == phone_hash:
        _note_asked(case, at)


def ask_once_more(case: Case, answer: Answer) -> bool:
    """The same question about the same answer, a second and last time; False if the person is not to be written to."""
    return _ask(case, key=f"settled:{answer.pk}:again") is not None


def can_be_asked(case: Case) -> bool:
    """Whether a question in words can reach the person in writing, without others reading it."""
    by_sms = bool(phone_of(case)) and words_may_go_by_sms(case) and not has_stopped(phone_of(case))
    return by_sms or bool(case.code_hash)


def bring_question(case: Case, words: str, *, key: str) -> None:
    """By SMS if that is safe; else it waits in the thread that number and code open.

    Nothing is asked of a telephone whose latest case is sealed, and nothing shows that it was not.
    """
    if words_may_go_by_sms(case) and not sealed_door.sealed_phone(phone_of(case)):
        sms_to_person(phone_of(case), words, kind=Kind.QUESTION, dedupe_key=f"question:{key}")


def _note_asked(case: Case, at: datetime) -> None:
    case.settled_asked_at, case.settled_asked_again_at = at, None
    case.save(update_fields=["settled_asked_at", "settled_asked_again_at"])


def _ask(case: Case, *, key: str) -> Outbound | None:
    number = case.unsealed("receipt_number")
    return fixed_sms(phone_of(case), "settled_question", kind=Kind.QUESTION, number=number, dedupe_key=key)


def _sms(case: Case, answer: Answer, *, attempt: int = 0) -> Outbound | None:
    """`attempt`: how many deliveries failed before; each is a message of its own."""
    phone = phone_of(case)
    if not phone or not sms_is_welcome(case):
        return None
    again = f":{attempt}" if attempt else ""
    words = answer.unsealed("words")
    if words_may_go_by_sms(case) and words:
        return sms_to_person(phone, words, kind=Kind.ANSWER, dedupe_key=f"answer:{answer.pk}{again}")
    return _notice(case, answer, again)


def _notice(case: Case, answer: Answer, again: str = "") -> Outbound | None:
    """« Il y a du nouveau » and the number, nothing else."""
    return fixed_sms(
        phone_of(case),
        "answer_waiting",
        kind=Kind.ANSWER,
        number=case.unsealed("receipt_number"),
        dedupe_key=f"answer:{answer.pk}:{case.pk}{again}",
    )


def _waits_on_the_site(case: Case, answer: Answer) -> bool:
    return answer.readable_here and case.safe_contact in READ_ALONE and case.mode != SpeakerMode.GROUP


def _tell_those_joined(case: Case, answer: Answer) -> None:
    """Whoever said the same thing hears back too, each under their own number."""
    for duplicate in case.duplicates.filter(state=CaseState.MERGED).exclude(phone_hash__in=["", case.phone_hash]):
        if sms_is_welcome(duplicate):
            _notice(duplicate, answer)
