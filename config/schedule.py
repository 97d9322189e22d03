"""Everything that happens by itself, and how often. Each job holds a lease, or a lock on this machine's disk,
so running twice is harmless."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR

SCHEDULE: dict[str, dict[str, Any]] = {
    "pulse": {"task": "core.tasks.beat", "schedule": 30.0},
    "republish-envelopes": {"task": "feedback.tasks.sweep_envelopes", "schedule": 20.0},
    "republish-sheets": {"task": "feedback.tasks.sweep_sheets", "schedule": MINUTE},
    "republish-5w-files": {"task": "directory.tasks.sweep_interventions", "schedule": MINUTE},
    "forget-5w-files": {"task": "directory.tasks.forget_5w_files", "schedule": DAY},
    "ask-about-stale-services": {"task": "directory.tasks.ask_about_services", "schedule": crontab(hour=7, minute=30)},
    "drain-spool": {"task": "feedback.tasks.drain_spool", "schedule": 20.0},
    "verify-quarantined": {"task": "feedback.tasks.verify_quarantined", "schedule": MINUTE},
    "republish-outbox": {"task": "core.tasks.sweep_outbox", "schedule": 20.0},
    "ask-erasures-again": {"task": "core.tasks.sweep_erasures", "schedule": MINUTE},
    "count-what-carriers-keep": {"task": "core.tasks.count_kept", "schedule": crontab(hour=3, minute=10)},
    "chain-audit": {"task": "core.tasks.chain_audit", "schedule": 10.0},
    "sign-audit-checkpoint": {"task": "core.tasks.make_checkpoint", "schedule": crontab(minute=0)},
    "mail-checkpoints": {"task": "directory.tasks.mail_checkpoints", "schedule": crontab(hour=6, minute=15)},
    "late-referrals": {"task": "referrals.tasks.flag_late", "schedule": 10 * MINUTE},
    "take-cases-into-sums": {"task": "referrals.tasks.take_into_sums", "schedule": 20.0},
    "notice-summaries": {"task": "directory.tasks.send_summaries", "schedule": 10 * MINUTE},
    "republish-events": {"task": "referrals.tasks.sweep_events", "schedule": 20.0},
    "republish-exchange": {"task": "referrals.tasks.sweep_envelopes", "schedule": 20.0},
    "forget-events": {"task": "referrals.tasks.forget_events", "schedule": DAY},
    "vault-clocks": {"task": "psea.tasks.remind_handlers", "schedule": 10 * MINUTE},
    "forget-phone-questions": {"task": "feedback.tasks.forget_phone_questions", "schedule": 5 * MINUTE},
    "danger-clocks": {"task": "feedback.tasks.remind_of_danger", "schedule": 5 * MINUTE},
    "late-cases": {"task": "feedback.tasks.flag_late", "schedule": 5 * MINUTE},
    "late-data-requests": {"task": "feedback.tasks.remind_of_data_requests", "schedule": DAY},
    "retention": {"task": "feedback.tasks.forget_what_is_over", "schedule": DAY},
    "forget-sent-texts": {"task": "core.tasks.forget_sent_texts", "schedule": DAY},
    "forget-api-calls": {"task": "directory.tasks.forget_calls", "schedule": HOUR},
    "forget-paces": {"task": "core.tasks.forget_paces", "schedule": HOUR},
    "warn-of-budget": {"task": "feedback.tasks.warn_of_budget", "schedule": MINUTE},
    "ask-again": {"task": "feedback.tasks.ask_again", "schedule": HOUR},
    "bring-again": {"task": "feedback.tasks.bring_again", "schedule": HOUR},
    "usual-delay": {"task": "feedback.tasks.measure_usual_delay", "schedule": crontab(hour=2, minute=20)},
    "signals": {"task": "workplan.tasks.count_signals", "schedule": HOUR},
    "plan-digests": {"task": "workplan.tasks.send_digests", "schedule": crontab(hour=7, minute=15)},
    "republish-register-files": {"task": "workplan.tasks.sweep_register_files", "schedule": MINUTE},
    "forget-register-files": {"task": "workplan.tasks.forget_register_files", "schedule": DAY},
    "close-quarter": {"task": "workplan.tasks.close_quarters", "schedule": 6 * HOUR},
}
