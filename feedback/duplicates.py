"""Cases that may say the same thing: same telephone, or same place and close words, in the last weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.index import is_same
from directory.models import Place, User
from feedback.enums import Lane
from feedback.models import Case
from feedback.querysets import CaseQuerySet
from feedback.spelling import folded

WITHIN = timedelta(days=45)
LOOKED_AT = 150
SHOWN = 4
SHORTEST_WORD = 4
CLOSE_ENOUGH = 2


@dataclass(frozen=True)
class Likeness:
    case: Case
    why: str | Promise


def likely_duplicates(case: Case, user: User) -> list[Likeness]:
    """Open cases of the same lane that this person sees, likeliest first; at most four.

    This case's words are compared, in memory, with the others' summaries: nobody's words are searched.
    """
    others = _candidates(case, user)
    by_phone = [Likeness(other, _("même téléphone")) for other in others if _same_phone(case, other)]
    rest = [other for other in others if not _same_phone(case, other)]
    return [*by_phone, *_close_in_words(f"{case.summary} {case.unsealed('words')}", rest)][:SHOWN]


def alike(words: str, place: Place | None, user: User, *, around: datetime | None = None) -> list[Likeness]:
    """As `likely_duplicates`, for words that are no case yet, or not any more: among ordinary cases alone.

    `around`: when it was said, if not now. What it finds depends on what was typed, and not on what became of it.
    """
    moment = around or timezone.now()
    near = _near(Case.objects.visible_to(user), moment).filter(lane=Lane.ORDINARY, place=place)
    return _close_in_words(words, _latest(near))[:SHOWN]


def _candidates(case: Case, user: User) -> list[Case]:
    others = _near(Case.objects.visible_to(user), timezone.now()).filter(
        lane=case.lane, restricted_kind=case.restricted_kind
    )
    near = others.filter(place=case.place)
    if case.phone_hash:
        near = near | others.filter(phone_hash=case.phone_hash)
    return _latest(near.exclude(pk=case.pk))


def _near(cases: CaseQuerySet, moment: datetime) -> CaseQuerySet:
    return cases.live().filter(received_at__gte=moment - WITHIN)


def _latest(cases: CaseQuerySet) -> list[Case]:
    return list(cases.select_related("place__parent").order_by("-received_at")[:LOOKED_AT])


def _close_in_words(words: str, others: list[Case]) -> list[Likeness]:
    mine = _telling_words(words)
    shared = [(len(mine & _telling_words(other.summary)), other) for other in others]
    close = sorted([one for one in shared if one[0] >= CLOSE_ENOUGH], key=lambda one: -one[0])
    return [Likeness(other, _("même lieu, mots proches")) for _count, other in close]


def _same_phone(case: Case, other: Case) -> bool:
    return bool(case.phone_hash) and is_same(case.phone_hash, other.phone_hash)


def _telling_words(text: str) -> set[str]:
    return {word for word in folded(text).split() if len(word) >= SHORTEST_WORD}
