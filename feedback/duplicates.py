"""Cases that may say the same thing: same telephone, or same place and close words, in the last weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import User
from feedback.models import Case
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
    mine = _telling_words(f"{case.summary} {case.unsealed('words')}")
    shared = [(len(mine & _telling_words(other.summary)), other) for other in others if not _same_phone(case, other)]
    close = sorted([one for one in shared if one[0] >= CLOSE_ENOUGH], key=lambda one: -one[0])
    return [*by_phone, *(Likeness(other, _("même lieu, mots proches")) for _count, other in close)][:SHOWN]


def _candidates(case: Case, user: User) -> list[Case]:
    others = (
        Case.objects.visible_to(user)
        .live()
        .filter(lane=case.lane, restricted_kind=case.restricted_kind, received_at__gte=timezone.now() - WITHIN)
    )
    near = others.filter(place=case.place)
    if case.phone_hash:
        near = near | others.filter(phone_hash=case.phone_hash)
    return list(near.exclude(pk=case.pk).select_related("place__parent").order_by("-received_at")[:LOOKED_AT])


def _same_phone(case: Case, other: Case) -> bool:
    return bool(case.phone_hash) and case.phone_hash == other.phone_hash


def _telling_words(text: str) -> set[str]:
    return {word for word in folded(text).split() if len(word) >= SHORTEST_WORD}
