"""What follows an act elsewhere: act → functions, in order, in one transaction; and who may hold a message back."""

from __future__ import annotations

from collections.abc import Callable

from core.day_budget import within_budget
from core.leaving import MayLeave
from core.pace import within_pace
from core.quiet_hours import outside_quiet_hours
from directory.notices import told_otherwise
from feedback.actions.answer import carried_delivered, carried_failed, carried_sent
from feedback.actions.protect import ReadElsewhere
from feedback.actions.reach import note_failed_delivery, note_reached, tell_listeners
from feedback.actions.stop import opted_out_at_carrier
from feedback.outgoing import still_wanted
from feedback.repeats import written_back
from feedback.tallied import answer_counts_again, counts_again
from referrals import events
from referrals import reactions as referrals
from referrals.actions import asking
from referrals.actions.pausing import pause_is_over
from referrals.exchange import reactions as exchange

# After these, an organisation's own system finds the referral otherwise than it was.
CHANGES = (
    "ask",
    "reply",
    "start",
    "feed_back",
    "close",
    "reopen",
    "say",
    "attach",
    "detach",
    "confirm_erasure",
    "pause",
    "resume",
    "assign",
)
# After these too, and the receiver may now know of the person what they permitted.
OPENS = ("receive", "accept")
# After these too, and the time to answer is over, paused or not.
ENDS = ("refuse", "answer")


def _of_referral(act: str, *reactions: Callable[..., None]) -> tuple[Callable[..., None], ...]:
    """With what the other installation is told of the act, where there is one."""
    told = (exchange.OF_ACT[act],) if act in exchange.OF_ACT else ()
    return (*reactions, *told)


# After these, figures count the case anew (feedback.tallied): what they are made of has changed.
COUNTS_AGAIN: dict[str, Callable[..., None]] = {
    **{
        f"feedback.case.{act}": counts_again
        for act in (
            "triage", "reclassify", "refer", "back_to_triage", "answer", "tell", "settle", "place", "close", "reopen",
            "set_aside", "end_without_answer", "merge", "protect", "forget",
        )
    },
    **{
        f"referrals.referral.{act}": referrals.its_case_counts_again
        for act in ("send", "receive", "accept", "ask", "start", "refuse", "answer", "recall", "reopen", "resume")
    },
    "feedback.answer.carried": answer_counts_again,
}  # fmt: skip

OF_ACTS: dict[str, tuple[Callable[..., None], ...]] = {
    "referrals.referral.send": (events.referral_sent, exchange.sent),
    **{f"referrals.referral.{act}": _of_referral(act, events.referral_changed) for act in CHANGES},
    **{
        f"referrals.referral.{act}": _of_referral(act, events.referral_changed, exchange.person_may_be_known)
        for act in OPENS
    },
    **{
        f"referrals.referral.{act}": _of_referral(act, pause_is_over, referrals.referral_over, events.referral_changed)
        for act in ENDS
    },
    "referrals.referral.recall": (pause_is_over, referrals.referral_over, events.referral_changed, exchange.recalled),
    "referrals.referralmessage.add": (exchange.message_added,),
    "referrals.consent.withdraw": (events.consent_changed, exchange.consent_withdrawn),
    "directory.user.leave": (referrals.person_left,),
    "directory.user.away": (referrals.person_away,),
    "directory.user.change": (referrals.person_changed,),
    "directory.user.back": (referrals.person_back,),
    "core.outbound.sent": (written_back, carried_sent),
    "core.outbound.delivered": (carried_delivered, note_reached, referrals.answer_delivered),
    "core.outbound.failed": (carried_failed, note_failed_delivery, told_otherwise),
    "core.outbound.opted_out": (opted_out_at_carrier,),
    "feedback.case.triage": (referrals.case_sorted, exchange.lane_changed),
    "feedback.case.reclassify": (referrals.case_reclassified, exchange.lane_changed),
    "feedback.case.tell": (referrals.person_told,),
    "feedback.case.unreachable": (tell_listeners, referrals.person_unreachable),
    "feedback.case.close": (referrals.case_closed,),
    "feedback.case.reopen": (referrals.case_reopened,),
    "feedback.case.withdraw": (referrals.sharing_withdrawn,),
    "feedback.case.stop_services": (referrals.services_stopped,),
    "feedback.case.merge": (referrals.case_merged,),
    "feedback.case.seal": (referrals.case_is_sealed,),
    "feedback.case.protect": (referrals.case_protected, events.case_taken_back, exchange.case_taken_back),
    "feedback.case.forget": (referrals.case_forgotten, exchange.case_taken_back),
    "feedback.case.end_without_answer": (referrals.person_withdrew,),
    "feedback.casemessage.agree": (asking.person_agreed, events.question_answered, exchange.question_answered),
    "feedback.casemessage.decline": (asking.person_declined, events.question_answered),
}

REACTIONS: dict[str, tuple[Callable[..., None], ...]] = OF_ACTS | {
    act: (*OF_ACTS.get(act, ()), counts) for act, counts in COUNTS_AGAIN.items()
}

# Asked of each SMS when its turn to leave comes, in order: all must agree, and the last counts what leaves.
MAY_LEAVE: tuple[MayLeave, ...] = (still_wanted, outside_quiet_hours, within_budget, within_pace)

# Asked of a case that goes to the vault: who could read of it elsewhere, in words for the officers.
READ_ELSEWHERE: tuple[ReadElsewhere, ...] = (referrals.readers_of_case,)
