"""What each person may see of the vault: what a wrap opens for them, and their role of today allows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from directory.models import User
from directory.roles import IN_VAULT
from psea.databases import VAULT
from psea.enums import CaseState, KeyKind, OfferState, Part

if TYPE_CHECKING:
    from psea.models import HandlerKey, LegalHold, SealedCase, Survivor, Wrap  # noqa: F401  they name the bases below

# How long a hold that one person asked for stands until a second confirms it: nothing is destroyed in between.
HOLD_WAITS = timedelta(days=3)
LIVING = Q(confirmed_at__isnull=False, retired_at__isnull=True)


class HandlerKeyQuerySet(models.QuerySet["HandlerKey"]):
    def living(self) -> Self:
        """Keys that open something today: confirmed by their owner, not retired."""
        return self.filter(LIVING)

    def recovery(self) -> Self:
        return self.living().filter(kind=KeyKind.RECOVERY)

    def of_people(self) -> Self:
        return self.living().exclude(kind=KeyKind.RECOVERY)


class WrapQuerySet(models.QuerySet["Wrap"]):
    def living(self) -> Self:
        """Wraps for keys that are not retired."""
        return self.filter(handler_key__confirmed_at__isnull=False, handler_key__retired_at__isnull=True)


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def standing(self, at: datetime) -> Self:
        """Those that keep a case from being destroyed: confirmed, or asked so lately that a second still may."""
        asked_lately = Q(confirmed_at__isnull=True, asked_at__gt=at - HOLD_WAITS)
        return self.filter(Q(confirmed_at__isnull=False) | asked_lately, lifted_at=None)


class SealedCaseQuerySet(models.QuerySet["SealedCase"]):
    def counted(self) -> Self:
        """What figures are made of: neither what left the vault nor what was said while practising."""
        return self.using(VAULT).filter(is_test=False).exclude(state=CaseState.RECLASSIFIED)

    def visible_to(self, user: User) -> Self:
        """Cases that one of the person's living keys opens, as long as they have a role in the vault."""
        mine = self.using(VAULT)
        if not user.has_role(*IN_VAULT):
            return mine.none()
        return mine.filter(
            wraps__part=Part.FACTS,
            wraps__handler_key__user_id=user.pk,
            wraps__handler_key__confirmed_at__isnull=False,
            wraps__handler_key__retired_at__isnull=True,
        )


class SurvivorQuerySet(models.QuerySet["Survivor"]):
    def counted(self) -> Self:
        """Those of the cases that are counted."""
        return self.using(VAULT).filter(case__is_test=False).exclude(case__state=CaseState.RECLASSIFIED)

    def who_accepted(self) -> Self:
        """Those who accepted at least one service and did not take it back before being referred."""
        standing = [state for state in OfferState if state != OfferState.WITHDRAWN]
        still = Q(offers__state__in=standing) | Q(offers__referred_at__isnull=False)
        return self.filter(still, offers__accepted_at__isnull=False).distinct()
