"""Cases as people open them, for tests that begin where a case stands."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.utils import timezone

from core.actors import Actor, robot
from core.receipt_number import new_number
from directory.models import Place
from feedback import actions
from feedback.actions.receive import Spoken, open_case
from feedback.actions.triage import Sorting
from feedback.models import Case, Category

WORDS = "Le forage du quartier est en panne depuis dix jours"
SUMMARY = "Forage en panne depuis dix jours"
PHONE = "+22300000021"
_serial = count()


def spoken(**changes: Any) -> Spoken:
    known: dict[str, Any] = {
        "source_key": f"test:{next(_serial)}",
        "receipt_number": new_number(),
        "words": WORDS,
        "channel": "sms",
        "phone": PHONE,
        "received_at": timezone.now(),
    }
    return Spoken(**(known | changes))


def made_case(**changes: Any) -> Case:
    """A case that nobody has sorted."""
    return open_case(spoken(**changes), by=robot("test"))


def sorting(code: str = "INSAT_MIN", summary: str = SUMMARY, **changes: Any) -> Sorting:
    return Sorting(category=Category.objects.get(pk=code), summary=summary, **changes)


def sorted_case(by: Actor, code: str = "INSAT_MIN", about: dict[str, Any] | None = None, **changes: Any) -> Case:
    """A sorted case, of that category."""
    summary = changes.pop("summary", SUMMARY)
    case = made_case(**changes)
    return actions.triage(case.pk, sorting(code, summary, about=about or {}), by=by)


def place(pcode: str) -> Place:
    return Place.objects.get(pcode=pcode)
