"""What each person may see of the vault: what a wrap opens for them, and their role of today allows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q

from directory.models import User
from directory.roles import IN_VAULT
from psea.databases import VAULT
from psea.enums import OUTCOMES, CaseState, KeyKind, OfferState, Part
from psea.tags import reader_tag

if TYPE_CHECKING:
    from psea.models import HandlerKey, LegalHold, SealedCase, Survivor  # noqa: F401  they name the bases below

# How long a hold that one person asked for stands until a second confirms it: nothing is destroyed in between.
HOLD_WAITS = timedelta(days=3)
LIVING = Q(confirmed_at__isnull=False, retired_at__isnull=True)
# Reclassified, and still here: nobody else can take it up.
TO_RELEASE = Q(state=CaseState.RECLASSIFIED, words_destroyed_at=None)


class HandlerKeyQuerySet(models.QuerySet["HandlerKey"]):
    def living(self) -> Self:
        """Keys that open something today: confirmed by their owner, not retired."""
        return self.filter(LIVING)

    def recovery(self) -> Self:
        return self.living().filter(kind=KeyKind.RECOVERY)

    def of_people(self) -> Self:
        return self.living().exclude(kind=KeyKind.RECOVERY)

    def of(self, user: User) -> Self:
        """The person's living key, if they have one."""
        return self.of_people().filter(user_id=user.pk)


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def standing(self, at: datetime) -> Self:
        """Those that keep a case from being destroyed: confirmed, or asked so lately that a second still may."""
        asked_lately = Q(confirmed_at__isnull=True, asked_at__gt=at - HOLD_WAITS)
        return self.filter(Q(confirmed_at__isnull=False) | asked_lately, lifted_at=None)


class SealedCaseQuerySet(models.QuerySet["SealedCase"]):
    def counted(self) -> Self:
        """What figures are made of: neither what left the vault nor what was said while practising."""
        return self.using(VAULT).filter(is_test=False).exclude(state=CaseState.RECLASSIFIED)

    def is_over(self, *, done: bool) -> Self:
        """Those whose track has ended; with `done` False all others, with those that are still to be released."""
        over = Q(state__in=sorted(OUTCOMES)) | Q(state=CaseState.RECLASSIFIED, words_destroyed_at__isnull=False)
        return self.filter(over) if done else self.exclude(over)

    def visible_to(self, user: User, *only: UUID) -> Self:
        """Cases that the person's living key opens, as long as they have a role in the vault; of `only`, if given."""
        keys = apps.get_model("psea", "HandlerKey").objects.using(VAULT).of(user)
        key_id = keys.values_list("pk", flat=True).first() if user.has_role(*IN_VAULT) else None
        return self.using(VAULT).none() if key_id is None else self.opened_by(key_id, *only)

    def opened_by(self, key_id: UUID, *only: UUID) -> Self:
        """Cases that a key opens, living or not; of `only`, if given.

        Each case must be looked at by itself: nothing in its rows says whose they are.
        """
        cases = self.using(VAULT)
        among = only or list(cases.values_list("pk", flat=True))
        return cases.filter(wraps__tag__in=[reader_tag(key_id, pk, Part.FACTS) for pk in among])


class SurvivorQuerySet(models.QuerySet["Survivor"]):
    def counted(self) -> Self:
        """Those of the cases that are counted."""
        return self.using(VAULT).filter(case__is_test=False).exclude(case__state=CaseState.RECLASSIFIED)

    def who_accepted(self) -> Self:
        """Those who accepted at least one service and did not take it back before being referred."""
        standing = [state for state in OfferState if state != OfferState.WITHDRAWN]
        still = Q(offers__state__in=standing) | Q(offers__referred_at__isnull=False)
        return self.filter(still, offers__accepted_at__isnull=False).distinct()
