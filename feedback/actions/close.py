"""Ending a case, with or without an answer, and joining a duplicate to another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.transitions import Refused, move
from directory.models import User
from feedback.actions.triage import duplicates_follow
from feedback.enums import CaseState
from feedback.models import Case


def close(case_id: Any, *, outcome: str, by: Actor, at: datetime | None = None, seen: str | None = None) -> Case:
    """answered → closed. Needs an outcome, and that the answer reached the person (DESIGN §3). Raises Refused."""
    return move(Case, case_id, "close", by=by, at=at, seen=seen, outcome=outcome, facts={"outcome": str(outcome)})


@transaction.atomic
def close_because(
    case_id: Any, *, because: str, by: Actor, at: datetime | None = None, seen: str | None = None
) -> Case:
    """Without an answer: a test, a thank-you, nobody can read it (unsorted); no answer wanted, a test (sorted)."""
    is_new = Case.objects.filter(pk=case_id, state=CaseState.NEW).exists()
    act = "set_aside" if is_new else "end_without_answer"
    case = move(Case, case_id, act, by=by, at=at, seen=seen, because=because, facts={"because": str(because)})
    case.messages.filter(is_unread=True).update(is_unread=False)
    return case


@transaction.atomic
def merge(case_id: Any, *, into_id: Any, by: User, at: datetime | None = None, seen: str | None = None) -> Case:
    """Says that a case repeats another, which the actor sees too. Lanes are never crossed. Raises Refused.

    Nor may what one implicates be lost in the other: whoever it is would read there what is said of them. Whom the
    other implicates does not read this one any more either.
    """
    into = Case.objects.visible_to(by).select_for_update().filter(pk=into_id).first()
    case = Case.objects.get(pk=case_id)
    if into is None or (into.lane, into.restricted_kind) != (case.lane, case.restricted_kind):
        raise Refused(_("Choisissez un autre dossier, encore ouvert, du même circuit."))
    if not case.implicated().is_within(into.implicated()):
        raise Refused(_("Ce dossier met en cause quelqu’un que l’autre ne nomme pas : complétez d’abord l’autre."))
    merged = move(Case, case_id, "merge", by=by, at=at, seen=seen, into=into, facts={"into": str(into.pk)})
    duplicates_follow(into, by=by, at=merged.merged_at or timezone.now())
    return merged
