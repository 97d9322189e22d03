"""What follows an act elsewhere: act → functions, in order, in one transaction; and who may hold a message back."""

from __future__ import annotations

from collections.abc import Callable

from core.day_budget import within_budget
from core.leaving import MayLeave
from core.pace import within_pace
from core.quiet_hours import outside_quiet_hours
from directory.notices import told_otherwise
from feedback.actions.answer import carried_delivered, carried_failed, carried_sent
from feedback.actions.reach import note_failed_delivery, note_reached, tell_listeners
from feedback.actions.stop import opted_out_at_carrier
from feedback.outgoing import still_wanted
from feedback.repeats import written_back
from referrals import events
from referrals import reactions as referrals
from referrals.actions import asking
from referrals.actions.pausing import pause_is_over

# After these, an organisation's own system finds the referral otherwise than it was.
CHANGES = (
    "receive",
    "accept",
    "ask",
    "reply",
    "start",
    "feed_back",
    "close",
    "reopen",
    "say",
    "confirm_erasure",
    "pause",
    "resume",
)
# After these too, and the time to answer is over, paused or not.
ENDS = ("refuse", "answer", "recall")

REACTIONS: dict[str, tuple[Callable[..., None], ...]] = {
    "referrals.referral.send": (events.referral_sent,),
    **{f"referrals.referral.{act}": (events.referral_changed,) for act in CHANGES},
    **{f"referrals.referral.{act}": (pause_is_over, events.referral_changed) for act in ENDS},
    "referrals.consent.withdraw": (events.consent_changed,),
    "directory.user.leave": (referrals.person_left,),
    "directory.user.away": (referrals.person_away,),
    "directory.user.back": (referrals.person_back,),
    "core.outbound.sent": (written_back, carried_sent),
    "core.outbound.delivered": (carried_delivered, note_reached, referrals.answer_delivered),
    "core.outbound.failed": (carried_failed, note_failed_delivery, told_otherwise),
    "core.outbound.opted_out": (opted_out_at_carrier,),
    "feedback.case.triage": (referrals.case_sorted,),
    "feedback.case.reclassify": (referrals.case_reclassified,),
    "feedback.case.tell": (referrals.person_told,),
    "feedback.case.unreachable": (tell_listeners, referrals.person_unreachable),
    "feedback.case.close": (referrals.case_closed,),
    "feedback.case.reopen": (referrals.case_reopened,),
    "feedback.case.withdraw": (referrals.sharing_withdrawn,),
    "feedback.case.stop_services": (referrals.services_stopped,),
    "feedback.case.merge": (referrals.case_merged,),
    "feedback.case.protect": (referrals.case_protected, events.case_taken_back),
    "feedback.case.forget": (referrals.case_forgotten,),
    "feedback.case.end_without_answer": (referrals.person_withdrew,),
    "feedback.casemessage.agree": (asking.person_agreed, events.question_answered),
    "feedback.casemessage.decline": (asking.person_declined, events.question_answered),
}

# Asked of each SMS when its turn to leave comes, in order: all must agree, and the last counts what leaves.
MAY_LEAVE: tuple[MayLeave, ...] = (still_wanted, outside_quiet_hours, within_budget, within_pace)
