"""What the source of a plan left open, settled with a reason."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from core.transitions import Refused
from directory.models import User
from workplan.actions.plans import change_element
from workplan.document.showing import to_settle
from workplan.models import Plan


@transaction.atomic
def settle(plan: Plan, codes: Iterable[str], *, reason: str, about_nobody: bool = False, by: User) -> int:
    """Settles what these codes name (`ToSettle.code`): the doubt goes, what was deduced stands. All of it or nothing.

    Out: how many. Raises Refused, SaysTooMuch.
    """
    doubts, inferences = to_settle(plan)
    known = {each.code: each for each in (*doubts, *(row for inference in inferences for row in inference.rows))}
    asked = list(dict.fromkeys(codes))
    if not asked or not set(asked) <= set(known):
        raise Refused(_("Choisissez ce que vous tranchez ; c’est peut-être déjà fait."))
    for each in (known[code] for code in asked):
        change_element(each.kind, each.pk, {}, settles=[each.what], reason=reason, about_nobody=about_nobody, by=by)
    return len(asked)
