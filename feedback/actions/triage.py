"""Sorting: what a case is about, who may read it, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actors import Actor
from core.transitions import Conflict, Refused, move, react
from directory.enums import RestrictedKind
from directory.implicated import NOBODY, Implicated
from directory.models import User
from directory.roles import RESTRICTED_ROLES
from feedback.deadlines import due_at
from feedback.enums import CaseState, Clock, Lane, LanguageFrom, Priority
from feedback.models import Case, CaseImplicated, Category
from feedback.outgoing import remember_language
from feedback.recipients import check_somebody_reads, named_recipients, tell_named_recipients

SORTED = (CaseState.TRIAGED, CaseState.REFERRED, CaseState.ANSWERED)
PROTECTION_CATEGORIES = {"gbv": "PROT.vbg", "child": "PROT.pe"}


@dataclass(frozen=True)
class Sorting:
    """What the triager decided. `about`: other fields of the case by name (place, concerned, sector, profile …)."""

    category: Category
    summary: str
    restricted_kind: str = ""
    implicated: Implicated = NOBODY
    about: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def triage(case_id: Any, sorting: Sorting, *, by: Actor, at: datetime | None = None, seen: str | None = None) -> Case:
    """new, reopened → triaged. A restricted matter goes to its named recipients alone, who are told.

    Raises Refused, also when there is none whom it spares: it stays with the listening team rather than with nobody.
    """
    case = Case.objects.get(pk=case_id)
    priority = sorting.about.get("priority", case.priority)
    due = due_at(Clock.ANSWER, case.received_at, category=sorting.category, priority=priority)
    case = move(
        Case,
        case_id,
        "triage",
        by=by,
        at=at,
        seen=seen,
        category=sorting.category,
        summary=sorting.summary,
        restricted_kind=sorting.restricted_kind,
        about={**sorting.about, "due_at": due, "late_told_for": None},
    )
    case.messages.filter(is_unread=True).update(is_unread=False)  # whoever sorted has them all before them
    _note_implicated(case, sorting.implicated)
    check_somebody_reads(case)
    duplicates_follow(case, by=by, at=at or timezone.now())
    if "language" in sorting.about:
        remember_language(case.phone_hash, case.language, known_from=LanguageFrom.STAFF)
    tell_named_recipients(case, but=by)
    case.refresh_from_db()  # a reaction may have moved it on
    return case


def hand_to_protection(
    case_id: Any, what: Literal["gbv", "child"], *, by: Actor, at: datetime | None = None, seen: str | None = None
) -> Case:
    """GBV or a child in danger, no aid worker involved: refer, do not collect. Sorted without one more word."""
    sorting = Sorting(
        category=Category.objects.get(pk=PROTECTION_CATEGORIES[what]),
        summary=_("Orientation vers un service de protection"),
        about={"priority": Priority.EMERGENCY},
    )
    return triage(case_id, sorting, by=by, at=at, seen=seen)


@transaction.atomic
def reclassify(
    case_id: Any,
    *,
    category: Category,
    restricted_kind: str = "",
    by: User,
    at: datetime | None = None,
    seen: str | None = None,
) -> Case:
    """Another category, and the lane that follows. Up: whoever may read it. Down or across: its named recipients.

    Raises Refused, or Conflict when `seen` is not the state any more.
    """
    case = _locked(case_id, by=by, seen=seen)
    if category.is_vault:
        raise Refused(_("L'exploitation et les abus sexuels ne se trient pas ici : protégez ce dossier."))
    kind_before = case.restricted_kind
    case.classify(category, restricted_kind)
    if kind_before and case.restricted_kind != kind_before and not _answers_for(by, kind_before):
        raise Refused(_("Seuls les destinataires désignés peuvent changer le circuit de ce dossier."))
    check_somebody_reads(case)
    case.due_at = due_at(Clock.ANSWER, case.received_at, category=category, priority=case.priority)
    case.late_told_for = None
    case.save()
    moment = at or timezone.now()
    react(case, "reclassify", by=by, at=moment)
    audit.record("feedback.case.reclassify", by=by, target=case, at=moment)
    duplicates_follow(case, by=by, at=moment)
    if case.restricted_kind != kind_before:
        tell_named_recipients(case, but=by)
    return case


def mark_referred(case_id: Any, *, by: Actor, at: datetime | None = None) -> Case:
    """triaged → referred, at its first referral. Raises Refused."""
    return move(Case, case_id, "refer", by=by, at=at)


@transaction.atomic
def restrict(case_id: Any, kind: str, *, by: Actor, at: datetime | None = None) -> Case:
    """Raises an ordinary case to these named recipients, who are told, in whatever state; a restricted one stays, and
    so does one that nobody could read there."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.is_restricted:
        return case
    case.lane, case.restricted_kind, case.late_told_for = Lane.RESTRICTED, kind, None
    if not named_recipients(case):
        return Case.objects.get(pk=case_id)
    case.save(update_fields=["lane", "restricted_kind", "late_told_for"])
    moment = at or timezone.now()
    react(case, "reclassify", by=by, at=moment)
    audit.record("feedback.case.reclassify", by=by, target=case, at=moment)
    duplicates_follow(case, by=by, at=moment)
    tell_named_recipients(case, but=by)
    return case


def back_to_triage(case_id: Any, *, by: Actor, at: datetime | None = None) -> Case:
    """referred → triaged: every referral was refused, recalled or unsuccessful. Raises Refused."""
    return move(Case, case_id, "back_to_triage", by=by, at=at)


def duplicates_follow(case: Case, *, by: Actor, at: datetime) -> None:
    """What was joined to a case is the same matter: whom it implicates does not read it either, and of a restricted
    one the named recipients alone do; so with what was joined to it in turn. What is ordinary again leaves them where
    they are: nothing is lowered by itself."""
    for joined in case.duplicates.select_for_update().filter(state=CaseState.MERGED):
        _note_implicated(joined, case.implicated())
        if case.is_restricted and joined.restricted_kind != case.restricted_kind:
            joined.lane, joined.restricted_kind = case.lane, case.restricted_kind
            joined.save(update_fields=["lane", "restricted_kind"])
            react(joined, "reclassify", by=by, at=at)
            audit.record("feedback.case.reclassify", by=by, target=joined, at=at, joined_to=str(case.pk))
        duplicates_follow(joined, by=by, at=at)


def _locked(case_id: Any, *, by: User, seen: str | None) -> Case:
    case = Case.objects.select_for_update().get(pk=case_id)
    if seen is not None and case.state != seen:
        raise Conflict(_("Quelqu'un d'autre vient d'agir sur ce dossier. Voici où il en est maintenant."))
    if case.state not in SORTED:
        raise Refused(_("Ce n'est pas possible dans l'état actuel."))
    if not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise Refused(_("Ce dossier n'est pas dans votre zone."))
    return case


def _answers_for(user: User, kind: str) -> bool:
    return user.has_role(RESTRICTED_ROLES[RestrictedKind(kind)])


def _note_implicated(case: Case, implicated: Implicated) -> None:
    """Adds those of them that are not noted yet."""
    known = case.implicated()
    fresh = [{"organisation_id": pk} for pk in implicated.organisations - known.organisations]
    fresh += [{"office_id": pk} for pk in implicated.offices - known.offices]
    fresh += [{"user_id": pk} for pk in implicated.users - known.users]
    CaseImplicated.objects.bulk_create([CaseImplicated(case=case, **one) for one in fresh])
