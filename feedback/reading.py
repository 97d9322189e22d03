"""Who reads the person's own words and contact. Concerned is not enough: that takes a consent (DESIGN §4, level 2)."""

from __future__ import annotations

from directory.enums import RestrictedKind
from directory.models import User
from directory.roles import RESTRICTED_ROLES, WHO_CALL, Role
from feedback.models import Case, CaseMessage


def recordings_of(case: Case) -> list[CaseMessage]:
    """What the person said by voice, oldest first; without the recordings themselves."""
    return list(case.messages.filter(recording__isnull=False).defer("recording", "body"))


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
