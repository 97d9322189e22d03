"""Everything that happens by itself, and how often. Each job holds a lease, so running twice is harmless."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR

SCHEDULE: dict[str, dict[str, Any]] = {
    "republish-envelopes": {"task": "feedback.tasks.sweep_envelopes", "schedule": 20.0},
    "republish-outbox": {"task": "core.tasks.sweep_outbox", "schedule": 20.0},
    "ask-erasures-again": {"task": "core.tasks.sweep_erasures", "schedule": MINUTE},
    "count-what-carriers-keep": {"task": "core.tasks.count_kept", "schedule": crontab(hour=3, minute=10)},
    "chain-audit": {"task": "core.tasks.chain_audit", "schedule": 10.0},
    "late-referrals": {"task": "referrals.tasks.flag_late", "schedule": 10 * MINUTE},
    "vault-clocks": {"task": "psea.tasks.remind_handlers", "schedule": HOUR},
    "late-data-requests": {"task": "feedback.tasks.remind_of_data_requests", "schedule": DAY},
    "retention": {"task": "feedback.tasks.forget_what_is_over", "schedule": DAY},
    "forget-sent-texts": {"task": "core.tasks.forget_sent_texts", "schedule": DAY},
    "close-quarter": {"task": "workplan.tasks.close_quarters", "schedule": 6 * HOUR},
}
