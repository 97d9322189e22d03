"""A quarter closed by a meeting: checked, kept as it stands with its minutes, and reopened with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.periods import Quarter
from core.transitions import Conflict, Refused
from directory.models import User
from workplan.checks import checked, closing_of
from workplan.models import Plan, QuarterClosing
from workplan.public_words import check_public
from workplan.querysets import closes


@transaction.atomic
def close_quarter(
    plan: Plan,
    quarter: Quarter,
    *,
    words: str,
    link: str = "",
    seen: int,
    about_nobody: bool = False,
    by: User,
    at: datetime | None = None,
) -> QuarterClosing:
    """Closes a quarter that is over. `seen`: how many things to look at the page showed.

    What is found does not forbid it, but then the minutes must say something. Raises Refused; Conflict when something
    changed since the page was shown; SaysTooMuch.
    """
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if not closes(by, plan):
        raise Refused(_("Le secrétariat du plan clôt les trimestres."))
    if quarter >= Quarter.of(at or timezone.now()) or quarter.year not in plan.years:
        raise Refused(_("Ce trimestre n’est pas terminé."))
    if closing_of(plan.pk, quarter) is not None:
        raise Refused(_("Ce trimestre est déjà clos."))
    check_public(words, about_nobody=about_nobody)
    found = checked(plan, quarter)
    if len(found.found) != seen:
        raise Conflict(_("Quelque chose a changé entre-temps : relisez ce qui est à regarder."))
    if found.found and not words.strip():
        raise Refused(_("Dites dans le procès-verbal ce que la réunion décide de ce qui manque."))
    closing = QuarterClosing.objects.create(
        plan=plan,
        year=quarter.year,
        quarter=quarter.number,
        words=words.strip(),
        link=link,
        checks=[one.kept() for one in found.found],
        values=list(found.values),
        closed_by=by,
        closed_at=at or timezone.now(),
    )
    audit.record("workplan.quarter.close", by=by, target=closing, at=at, quarter=quarter.code, found=seen)
    return closing


@transaction.atomic
def reopen_quarter(closing_id: int, *, reason: str, by: User, at: datetime | None = None) -> QuarterClosing:
    """Values may be written again; the minutes stay as they were. Raises Refused, QuarterClosing.DoesNotExist."""
    closing = QuarterClosing.objects.select_for_update().select_related("plan").get(pk=closing_id)
    if not closes(by, closing.plan):
        raise Refused(_("Le secrétariat du plan clôt les trimestres."))
    if closing.reopened_at is not None:
        raise Refused(_("Ce trimestre est déjà rouvert."))
    if not reason.strip():
        raise Refused(_("Dites pourquoi ce trimestre se rouvre."))
    check_public(reason)
    closing.reopened_by, closing.reopened_at = by, at or timezone.now()
    closing.reopened_reason = reason.strip()[:500]
    closing.save(update_fields=["reopened_by", "reopened_at", "reopened_reason"])
    audit.record("workplan.quarter.reopen", by=by, target=closing, at=at, quarter=closing.period.code)
    return closing
