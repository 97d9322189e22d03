"""Who may do what to a case, by role. Which cases they see at all is `Case.objects.visible_to`."""

from __future__ import annotations

from directory.roles import RESTRICTED_ROLES, Role

RESTRICTED_FOCAL_POINTS = frozenset(RESTRICTED_ROLES.values())
LISTENERS = frozenset({Role.OPERATOR}) | RESTRICTED_FOCAL_POINTS
REFERRERS = LISTENERS | {Role.FOCAL_POINT}

ROLES_OF_ACT: dict[str, frozenset[Role]] = {
    "triage": LISTENERS,
    "set_aside": LISTENERS,
    "end_without_answer": LISTENERS,
    "refer": REFERRERS,
    "back_to_triage": REFERRERS,
    "answer": REFERRERS,
    "close": REFERRERS,
    "reopen": REFERRERS,
    "merge": LISTENERS,
    "withdraw": LISTENERS,
    "protect": REFERRERS | {Role.AGENCY_MANAGER},
}

# The right-hand side decides these with its own rows: whoever holds a referral need not see the case.
HELD_THROUGH_A_REFERRAL = frozenset({"refer", "back_to_triage", "answer", "protect", "reopen", "close"})
# The person, known by their receipt, does these by what they say: whether the answer settled it, and ANNULER.
OF_THE_PERSON = frozenset({"close", "reopen", "withdraw"})
