"""Who reads the person's own words and contact. Concerned is not enough: that takes a consent (DESIGN §4, level 2)."""

from __future__ import annotations

from django.db.models import BooleanField, ExpressionWrapper, Q

from directory.enums import RestrictedKind
from directory.models import User
from directory.roles import RESTRICTED_ROLES, WHO_CALL, Role
from feedback.enums import Lane
from feedback.models import Case, CaseMessage, DataRequest
from feedback.querysets import DataRequestQuerySet

WITH_A_FILE = Q(recording__isnull=False) | Q(picture__isnull=False)


def recordings_of(case: Case) -> list[CaseMessage]:
    """What the person said by voice, and their pictures, oldest first; without the files themselves.

    `has_recording` and `has_picture` say which.
    """
    brought = case.messages.filter(WITH_A_FILE).defer("recording", "picture", "body")
    return list(brought.annotate(has_recording=_is_there("recording"), has_picture=_is_there("picture")))


def _is_there(field: str) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(Q(**{f"{field}__isnull": False}), output_field=BooleanField())


def decidable_by(user: User) -> DataRequestQuerySet:
    """What people ask about cases whose own words this person reads."""
    cases = Case.objects.visible_to(user)
    read = Q(lane=Lane.RESTRICTED)
    if user.has_role(Role.OPERATOR):
        read |= Q(lane=Lane.ORDINARY)
    return DataRequest.objects.filter(case__in=cases.filter(read).values("pk"))


def may_read_words(case: Case, user: User) -> bool:
    """Of a case this person sees: the listening team, the named recipients, and the organisation that collected it;
    and, while somebody is in danger, those who must call.

    To others on it the neutral summary is enough; what consent opens is read on the referral's page.
    """
    if case.is_restricted:
        return user.has_role(RESTRICTED_ROLES[RestrictedKind(case.restricted_kind)])
    if case.is_in_danger and user.has_role(*WHO_CALL):
        return True
    collected = case.entered_for_id is not None and case.entered_for_id == user.organisation_id
    return user.has_role(Role.OPERATOR) or (collected and user.has_role(Role.FOCAL_POINT))
