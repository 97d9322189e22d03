"""Somebody else looks again at what was passed on without consent: it stands, or it is taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import SYSTEM
from core.transitions import Refused, Sentence, locked
from directory.models import User
from referrals.actions.consent import withdraw_consent
from referrals.enums import ConsentStatus, OverrideReview
from referrals.models import Consent


def why_not_review(consent: Consent, by: User) -> Sentence | None:
    """None when this person, who may read it, may review it now; else why not."""
    if consent.reviewed_at is not None:
        return _("C’est déjà relu.")
    return _("Vous l’avez noté vous-même : quelqu’un d’autre le relit.") if consent.recorded_by_id == by.pk else None


@transaction.atomic
def review_override(consent_id: Any, *, finding: str, by: User, at: datetime | None = None) -> Consent:
    """Marks who looked at it again, when, and what they found. Unfounded, it is taken back from the receiver at once.

    Raises Consent.DoesNotExist for what is not theirs to read; Refused.
    """
    consent = locked(Consent, Consent.objects.overrides_read_by(by).get(pk=consent_id).pk)
    if finding not in OverrideReview.values:
        raise Refused(_("Dites si le motif est fondé."))
    reason = why_not_review(consent, by)
    if reason is not None:
        raise Refused(reason)
    moment = at or timezone.now()
    consent.review, consent.reviewed_by, consent.reviewed_at = finding, by, moment
    consent.save(update_fields=["review", "reviewed_by", "reviewed_at"])
    audit.record("referrals.consent.review", by=by, target=consent, at=moment, finding=finding)
    if finding == OverrideReview.UNFOUNDED and consent.status != ConsentStatus.WITHDRAWN:
        withdraw_consent(consent.pk, by=SYSTEM, at=moment)
    return consent
