"""Between what each number of the settings may be. What is outside would hide everything, protect nobody, or stop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# From 2: below, a figure of one person could be told.
FROM_TWO = ("SMALL_CELL", "RELEASE_THRESHOLD")
# From 0, which is "no limit", "does not wait", "at once" or "nobody".
FROM_ZERO = (
    "ALLAUTH_TRUSTED_PROXY_COUNT",
    "API_REQUESTS_PER_MINUTE",
    "CONVERSATION_JOIN_MINUTES",
    "EVEN_ANSWER_MS",
    "EVEN_SMS_MS",
    "PARTS_WAIT_SECONDS",
    "QUARANTINE_PER_HOUR",
    "REFERRAL_NOTE_MINUTES",
    "REPEAT_WINDOW_SECONDS",
    "SMS_DAY_BUDGET",
    "SMS_PER_PERSON_DAY",
    "SMS_PER_PERSON_HOUR",
    "VAULT_BREAK_GLASS_HOURS",
    "WEB_THREADS",
)
FROM_ONE = (
    "ANSWER_STANDS_HOURS",
    "API_IDEMPOTENCY_HOURS",
    "API_TOKEN_MINUTES",
    "BACKUP_DAYS",
    "COHORT_CUTOFF_DAYS",
    "DATA_REQUEST_DAYS",
    "LOOP_GUARD_REPLIES",
    "LOOP_GUARD_REPLY_SECONDS",
    "LOOP_GUARD_SILENCE_MINUTES",
    "ORDER_CONFIRM_MINUTES",
    "OUTBOX_CUT_OFF_SECONDS",
    "QUARANTINE_DAYS",
    "QUESTION_OPEN_HOURS",
    "RELEASE_ROUNDING",
    "REPLICA_LATE_SECONDS",
    "RETENTION_CONTACT_DAYS",
    "RETENTION_DRAFT_DAYS",
    "RETENTION_ENVELOPE_DAYS",
    "RETENTION_ORDINARY_DAYS",
    "RETENTION_RESTRICTED_DAYS",
    "RETENTION_SEALED_STUB_DAYS",
    "RETENTION_SEALED_WORDS_DAYS",
    "SEALED_PHONE_DAYS",
    "SERVICE_VALID_DAYS",
    "SETTLED_ASK_AGAIN_DAYS",
    "SPOOL_MEGABYTES",
    "UNREACHABLE_DAYS",
    "UNREACHABLE_FAILURES",
    "USUAL_DELAY_CASES",
    "USUAL_DELAY_DAYS",
    "VAULT_APPROVAL_DAYS",
    "VAULT_OPEN_MINUTES",
    "VAULT_READS_AN_HOUR",
)
NO_END = float("inf")
RANGES: dict[str, tuple[int, float]] = {
    **dict.fromkeys(FROM_ZERO, (0, NO_END)),
    **dict.fromkeys(FROM_ONE, (1, NO_END)),
    **dict.fromkeys(FROM_TWO, (2, NO_END)),
    "DUTY_HANDOVER_HOUR": (0, 23),
    "SCREENING_FLOOR_PERCENT": (0, 100),
    "SILENT_BELOW_PERCENT": (0, 100),
}
# Where the environment has another name for it.
NAMED = {"ALLAUTH_TRUSTED_PROXY_COUNT": "TRUSTED_PROXIES"}


def outside(settings: Any) -> Iterator[str]:
    """A sentence for each number that is not between its bounds."""
    for name, (least, most) in RANGES.items():
        if not least <= getattr(settings, name) <= most:
            bounds = f"au moins {least}" if most == NO_END else f"entre {least} et {most:.0f}"
            yield f"{NAMED.get(name, name)} doit être {bounds}."
