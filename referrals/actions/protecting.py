"""Somebody met sexual exploitation or abuse in what a referral shows them, on either side of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.transitions import Refused, Sentence
from directory.models import User
from feedback import actions as feedback
from referrals.disclosure import disclosed
from referrals.models import Referral

# The same words whatever took it away: nobody learns here that it was protected.
NOT_HERE: Sentence = _(
    "Ce référencement a été retiré : rien n’a été envoyé. Si vous y avez lu une exploitation ou un abus sexuel, "
    "dites-le de vive voix à la coordination PEAS."
)


def why_not_protect(referral: Referral, by: User) -> Sentence | None:
    """None while they read the matter and their role lets them protect it."""
    if not disclosed(referral, Referral.objects.sides_of(referral, by)).matter:
        return NOT_HERE
    return referral.case.may("protect", by)


def protect(pk: Any, *, by: User) -> None:
    """Seals its case in the vault, as from the case's own page. Raises Refused."""
    referral = Referral.objects.select_related("case", "consent").get(pk=pk)
    reason = why_not_protect(referral, by)
    if reason is not None:
        raise Refused(reason)
    feedback.protect(referral.case_id, by=by)
