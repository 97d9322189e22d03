"""Obeying what a telephone orders. For a number of any lane the same words come back, and the same is done first."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import PERSON, robot
from core.index import keyed_hash
from core.models import Outbound
from core.receipt_number import is_well_formed
from core.transitions import Refused
from feedback import languages, sealed_door
from feedback.actions.person import add_words, take_up_again
from feedback.actions.phone_questions import ask_phone
from feedback.actions.stop import restart, stop
from feedback.actions.withdraw import withdraw
from feedback.bringing import note_asked_if_settled, was_asked_in_words
from feedback.enums import LanguageFrom, PhoneAsks, Settled
from feedback.following import settle, settled_in_words
from feedback.heard import Heard
from feedback.keywords import Command
from feedback.outgoing import fixed_sms, remember_language
from feedback.sms_texts import is_approved
from feedback.whereabouts import Whereabouts, own_case_of, where_is
from psea.enums import Stage

Kind = Outbound.Kind
INTAKE = robot("intake")


def obey(command: Command, heard: Heard) -> None:
    """Does what was ordered. A number that leads nowhere is said, in the same words for whoever asks."""
    if command.name == "stop":
        stop(heard.phone)
    elif command.name == "start":
        restart(heard.phone)
    elif command.name == "language":
        change_language(command.choice, heard)
    elif command.number:
        _about_a_number(command, heard)
    else:
        _say(heard, "help")


def change_language(choice: str, heard: Heard) -> bool:
    """The language chosen, by name or place in the menu; without one the menu is sent. Out: whether one was chosen."""
    language = languages.chosen(choice) or (choice if choice in languages.menu() else "")
    if not language:
        ask_phone(heard.phone_hash, PhoneAsks.LANGUAGE)
        _say(heard, "language_question", languages=languages.menu_line())
        return False
    remember_language(heard.phone_hash, language, known_from=LanguageFrom.CHOSEN)
    name = "language_set" if is_approved(language) else "language_noted"
    _say(heard, name, chosen=languages.name_of(language))
    return True


def take_back_consent(number: str, heard: Heard) -> None:
    """ANNULER, then OUI: nothing is passed on any more. Of a sealed case the officers on duty are told to speak."""
    case = own_case_of(number)
    if case is not None:
        withdraw(case.pk, by=PERSON, at=heard.said_at)
    else:
        sealed_door.add(
            heard.source_key,
            words=_("La personne retire son accord : parlez-lui avant toute suite."),
            channel=heard.channel,
            said_at=heard.said_at,
            by=INTAKE,
            receipt_number=number,
        )
    _say(heard, "withdrawn", number=number)


def say_if_settled(number: str, settled: Settled, heard: Heard) -> None:
    """The answer to what we asked after SUIVI. Where nobody has told them the answer yet, it is kept as their words."""
    how: dict[str, Any] = {"source_key": heard.source_key, "channel": heard.channel, "by": INTAKE, "at": heard.said_at}
    case = where_is(number).case
    try:
        settle(number, settled, **how)
    except Refused:
        if case is not None:
            add_words(case.pk, words=settled_in_words(settled), **how)
    if settled is Settled.NO:
        _say(heard, "reopened", number=number)
    else:
        _say(heard, "settled_thanks")


def _about_a_number(command: Command, heard: Heard) -> None:
    number = command.number or ""
    if not is_well_formed(number):
        _say(heard, "number_mistyped")
        return
    where = where_is(number)
    if where.stage is None:
        _say(heard, "status_unknown", number=number)
    elif command.name == "reopen":
        _take_up_again(number, where, heard)
        _say(heard, "reopened", number=number)
    elif command.name == "withdraw":
        ask_phone(heard.phone_hash, PhoneAsks.WITHDRAW, number=number)
        _say(heard, "withdraw_question", number=number)
    else:
        _say(heard, f"status_{where.stage.value}", number=number)
        if where.stage is Stage.ANSWERED:
            _ask_if_settled(number, where, heard)


def _ask_if_settled(number: str, where: Whereabouts, heard: Heard) -> None:
    """Once for each telephone and each answer, in every lane: it answers their order, as the state does.

    Who was sent an answer in its own words was asked with it.
    """
    if where.case is not None and was_asked_in_words(where.case):
        return
    key = "settled:" + keyed_hash(f"{number}:{where.since}:{heard.phone_hash}", "settled-after-status")
    if Outbound.objects.filter(dedupe_key=key).exists():
        return
    if where.case is not None:
        note_asked_if_settled(where.case, heard.phone_hash, at=timezone.now())
    ask_phone(heard.phone_hash, PhoneAsks.SETTLED, number=number)
    fixed_sms(heard.phone, "settled_question", kind=Kind.MENU, number=number, dedupe_key=key)


def _take_up_again(number: str, where: Whereabouts, heard: Heard) -> None:
    """What they wrote joins the case, in its lane; one that had ended is taken up again."""
    if where.case is None:
        sealed_door.add(
            heard.source_key,
            words=heard.body,
            channel=heard.channel,
            said_at=heard.said_at,
            by=INTAKE,
            receipt_number=number,
        )
        return
    add_words(
        where.case.pk,
        source_key=heard.source_key,
        words=heard.body,
        channel=heard.channel,
        by=INTAKE,
        at=heard.said_at,
    )
    take_up_again(where.case.pk, at=heard.said_at)


def _say(heard: Heard, name: str, **values: str) -> None:
    fixed_sms(heard.phone, name, kind=Kind.MENU, **values)
