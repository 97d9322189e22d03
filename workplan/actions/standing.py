"""What people decide of an activity and an indicator: where it stands, and how several reporters make one value."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.transitions import Refused
from directory.models import User
from workplan.actions.plans import rewrite
from workplan.document.elements import plan_of
from workplan.enums import Progress
from workplan.models import Activity, ActivityStatus, Indicator
from workplan.public_words import check_public


@transaction.atomic
def say_status(activity_id: int, *, status: str, reason: str, by: User, at: datetime | None = None) -> ActivityStatus:
    """Says where an activity stands, and how that was decided; "" takes it back, and the values speak again.

    For those who report it or verify one of its indicators. Raises Refused, SaysTooMuch, Activity.DoesNotExist.
    """
    activity = Activity.objects.select_for_update().get(pk=activity_id)
    if not may_say(activity, by):
        raise Refused(_("Ceux qui rapportent ou vérifient cette activité disent où elle en est."))
    if status and status not in Progress.values:
        raise Refused(_("Choisissez où en est l’activité."))
    if not reason.strip():
        raise Refused(_("Dites comment cela a été décidé : par qui, à quelle réunion, pour quelle raison."))
    check_public(reason)
    row = ActivityStatus.objects.create(
        activity=activity, status=status, reason=reason.strip()[:500], said_by=by, said_at=at or timezone.now()
    )
    audit.record("workplan.activity.say_status", by=by, target=activity, at=at, status=status)
    return row


def may_say(activity: Activity, by: User) -> bool:
    """Whether this person says where it stands."""
    reports = Activity.objects.reported_by(by).filter(pk=activity.pk).exists()
    return reports or Indicator.objects.verified_by(by).filter(activity=activity).exists()


@transaction.atomic
def set_consolidation(indicator_id: int, *, rule: str, by: User) -> Indicator:
    """How what several organisations report becomes one value; "" where they report it together. For its verifier.

    Raises Refused, Indicator.DoesNotExist.
    """
    indicator = Indicator.objects.select_for_update().get(pk=indicator_id)
    if not Indicator.objects.verified_by(by).filter(pk=indicator_id).exists():
        raise Refused(_("Qui vérifie cet indicateur dit comment réunir ce que plusieurs rapportent."))
    if indicator.is_computed or (rule and rule not in indicator.consolidations):
        raise Refused(_("Cette règle ne convient pas à cet indicateur."))
    if indicator.keeps_register and rule:
        raise Refused(_("Cet indicateur se compte d’un registre, où chacun écrit : il n’a pas de parts."))
    why = _("Règle choisie par qui vérifie l’indicateur.")
    rewrite(plan_of(indicator), indicator, {"consolidation": rule}, reason=why, by=by)
    audit.record("workplan.indicator.consolidate", by=by, target=indicator, rule=rule)
    return indicator
