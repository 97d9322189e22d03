"""What is asked of the country team after a quarter: written by those who close it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.periods import Quarter
from core.transitions import Refused
from directory.models import User
from workplan.models import AskedOfTeam, Plan
from workplan.public_words import check_public
from workplan.querysets import closes

LONGEST = 1_500


@transaction.atomic
def ask_the_team(
    plan: Plan, quarter: Quarter, *, words: str, about_nobody: bool = False, by: User, at: datetime | None = None
) -> AskedOfTeam:
    """Writes it anew; "" takes it back. One line a request. Raises Refused, SaysTooMuch."""
    if not closes(by, plan):
        raise Refused(_("Le secrétariat du plan écrit ce qui est demandé à l’EHP."))
    if quarter.year not in plan.years:
        raise Refused(_("Ce trimestre n’est pas du plan."))
    if len(words) > LONGEST:
        raise Refused(_("C’est trop long pour une page : %(most)s signes au plus.") % {"most": LONGEST})
    check_public(words, about_nobody=about_nobody)
    row = AskedOfTeam.objects.create(
        plan=plan, year=quarter.year, quarter=quarter.number, words=words.strip(), by=by, at=at or timezone.now()
    )
    audit.record("workplan.quarter.ask", by=by, target=row, at=at, quarter=quarter.code)
    return row
