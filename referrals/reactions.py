"""What acts elsewhere mean for referrals. Listed in `config/reactions.py`; called in the act's own transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from core.actors import SYSTEM, Actor
from core.transitions import locked
from directory.models import User
from feedback.actions import must_speak_with
from feedback.actions.triage import mark_referred
from feedback.enums import CaseState, Outcome, ToldHow
from feedback.models import Answer, Case
from feedback.tallied import counts_again
from referrals.actions.consent import ask_for_erasure, withdraw_consent
from referrals.actions.handover import hand_over, hand_over_unseen, take_back
from referrals.actions.sending import close, feed_back, recall, reopen
from referrals.enums import (
    LIVE,
    NOBODY,
    TO_ANSWER,
    CloseOutcome,
    ConsentStatus,
    Override,
    RecallReason,
    ReferralState,
    ReopenReason,
    Teller,
)
from referrals.models import Consent, Referral, ReferralCycle, SavedFilter
from referrals.models.machine import NOBODY_TO_TELL
from referrals.people import tell_receiver, tell_sender
from referrals.querysets import NOTHING

# A report that the law asks for, and that nobody has answered yet.
OWED = Q(consent__override_code=Override.MANDATORY_REPORT, consent__status=ConsentStatus.NOT_REQUIRED, state__in=LIVE)
CAN_REOPEN = (ReferralState.ANSWERED, ReferralState.FED_BACK, ReferralState.CLOSED)
OUTCOMES = {
    Outcome.SETTLED: CloseOutcome.SUCCESSFUL,
    Outcome.PARTLY: CloseOutcome.SUCCESSFUL,
    Outcome.NOT_SETTLED: CloseOutcome.UNSUCCESSFUL,
    Outcome.UNREACHABLE: CloseOutcome.UNREACHABLE,
    Outcome.NO_WAY: CloseOutcome.UNREACHABLE,
    Outcome.NO_ANSWER_WANTED: CloseOutcome.NO_ANSWER_WANTED,
}


def its_case_counts_again(referral_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """What happens to a referral changes what figures say of its case."""
    counts_again(Referral.objects.values_list("case", flat=True).get(pk=referral_pk), by=by, at=at)


def person_left(user_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """What they had taken on is their successor's, for good; the filters that they kept are nobody's."""
    SavedFilter.objects.filter(owner=user_pk).delete()
    hand_over(User.objects.get(pk=user_pk), by=by, at=at, for_good=True)


def person_away(user_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """What they had taken on is their deputy's, until they are back."""
    hand_over(User.objects.get(pk=user_pk), by=by, at=at, for_good=False)


def person_changed(user_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """What their roles, office or zone no longer let them see is their deputy's, for good."""
    hand_over_unseen(User.objects.get(pk=user_pk), by=by, at=at)


def person_back(user_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """What their deputy held for them is theirs again."""
    take_back(User.objects.get(pk=user_pk), by=by, at=at)


def case_is_sealed(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """Its lane and whom it implicates are about to be forgotten: those who had a referral of it still find it, alone.

    Where somebody is named, nobody does: else whoever it is would find it from now on.
    """
    case = Case.objects.get(pk=case_pk)
    kept_for = NOBODY if case.implicated_rows.exists() else case.restricted_kind
    Referral.objects.filter(case=case).update(kept_for=kept_for)


def case_protected(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """To those who had it: withdrawn by the sender, other reason. Its texts are forgotten."""
    for referral in Referral.objects.filter(case=case_pk).exclude(withdrawn_at__isnull=False):
        if referral.state in LIVE:
            recall(referral.pk, reason=RecallReason.OTHER, by=SYSTEM, at=at)
        forget_referral(referral.pk, at)


def readers_of_case(case_pk: Any, /) -> Iterator[str]:
    """Of a case: to whom it was sent, and how much of it they could read."""
    for row in Referral.objects.filter(case=case_pk).exclude(state=ReferralState.DRAFT).with_names():
        yield f"{row.receiver_name} ({row.get_level_display()})"


def case_reopened(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """The person says that it is not settled: whoever answered last acts again."""
    if Case.objects.filter(pk=case_pk, objects_to_sharing=True).exists():
        return
    latest = Referral.objects.filter(case=case_pk, state__in=CAN_REOPEN).order_by("-answered_at").first()
    if latest is not None and latest.answered_at is not None:
        reopen(latest.pk, reason=ReopenReason.NOT_SETTLED, by=SYSTEM, at=at)


def case_sorted(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """Sorted again while a referral is under way: it is a referred case at once, unless the person objects now."""
    case = Case.objects.get(pk=case_pk)
    if case.objects_to_sharing:
        sharing_withdrawn(case_pk, by=by, at=at)
    elif case.state == CaseState.TRIAGED and Referral.objects.filter(case=case).live().exists():
        mark_referred(case.pk, by=SYSTEM, at=at)


def case_reclassified(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """Another category, and perhaps another lane: whoever now answers for it at the receiver's is told."""
    case = Case.objects.select_related("category").get(pk=case_pk)
    for referral in Referral.objects.filter(case=case).live():
        if case.category is not None:
            referral.category_code, referral.category_label = case.category.code, case.category.label
            referral.save(update_fields=["category_code", "category_label"])
        tell_receiver(referral)


def answer_delivered(outbound_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """The carrier says that the answer is on the person's telephone: that is the feedback."""
    answer = Answer.objects.filter(outbound_id=outbound_pk).first()
    if answer is not None:
        _feed_back(answer.case, answer, at)


def person_told(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """Somebody told the person the answer by voice: that is the feedback, of every answered referral."""
    case = Case.objects.get(pk=case_pk)
    if case.latest_answer is not None:
        _feed_back(case, case.latest_answer, at)


def person_unreachable(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """The answer cannot be delivered: whoever was named to tell the person is told to try otherwise."""
    for referral in Referral.objects.filter(case=case_pk, state=ReferralState.ANSWERED):
        tell = tell_receiver if referral.teller == Teller.RECEIVER else tell_sender
        tell(referral)


def case_closed(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """The person was told, or there is nobody to tell: its answered referrals end with the case."""
    case = Case.objects.get(pk=case_pk)
    outcome = OUTCOMES.get(Outcome(case.outcome)) if case.outcome else None
    if case.latest_answer is not None:
        _feed_back(case, case.latest_answer, at)
    for referral in Referral.objects.filter(case=case, state__in=_may_end(outcome)):
        close(referral.pk, outcome=outcome or "", by=SYSTEM, at=at)


def case_merged(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """A duplicate's referrals go on for the other case, unless the same receiver already has that one, or may not."""
    target = Case.objects.get(pk=case_pk).merged_into
    for referral in Referral.objects.filter(case=case_pk).live():
        if target is not None and _can_take_over(target, referral):
            referral.case = target
            referral.save(update_fields=["case"])
            counts_again(target.pk, by=by, at=at)
            case_sorted(target.pk, by=by, at=at)
        else:
            recall(referral.pk, reason=RecallReason.SOLVED, by=SYSTEM, at=at)


def person_withdrew(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """The person wants nothing more done."""
    _recall_live(case_pk, RecallReason.PERSON_WITHDREW, at)


def sharing_withdrawn(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """The person no longer wants it passed on: every consent ends, with its erasure, and what runs is recalled.

    Said by SMS, a service under way goes on, without their name, until somebody has spoken with them.
    Every receiver is asked to erase what it noted, and to say so.

    What was passed on without consent rests on its ground, not on the person's word. A danger holds as long as the
    service goes on; the duty to report, until the report is answered, so that one that runs is not recalled. Then it
    is taken back as all else (`referral_over`).
    """
    waits = by.actor_kind == "person" or Case.objects.filter(pk=case_pk, to_speak_with_at__isnull=False).exists()
    for pk in Consent.objects.filter(case=case_pk, status=ConsentStatus.GIVEN).values_list("pk", flat=True):
        withdraw_consent(pk, by=SYSTEM, at=at, spares_services=waits)
    going_on = Q(state__in=TO_ANSWER) | OWED if waits else OWED
    _recall_live(case_pk, RecallReason.PERSON_WITHDREW, at, but=going_on)
    _end_overrides(case_pk, at)
    _ask_for_erasure(case_pk, at, but=going_on)
    under_way = list(Referral.objects.filter(case=case_pk, state__in=TO_ANSWER)) if waits else []
    if under_way:
        must_speak_with(case_pk, at=at)
    for referral in under_way:
        tell_sender(referral)


def services_stopped(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """Somebody spoke with the person who had taken their consent back: what still runs stops."""
    _recall_live(case_pk, RecallReason.PERSON_WITHDREW, at, but=OWED)
    _end_overrides(case_pk, at)
    _ask_for_erasure(case_pk, at, but=OWED)


def referral_over(referral_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """What still went on after the person had taken their consent back is over: nothing holds an override any more."""
    consent = Referral.objects.select_related("consent__case").get(pk=referral_pk).consent
    if consent is not None and consent.case.objects_to_sharing:
        _end_overrides(consent.case_id, at)


def case_forgotten(case_pk: Any, /, *, by: Actor, at: datetime) -> None:
    """What was kept of the case is destroyed, and so is what was written in its referrals; states and dates stay."""
    _recall_live(case_pk, RecallReason.OTHER, at)
    for row in Referral.objects.select_for_update().filter(case=case_pk):
        _forget_texts(row)


def _feed_back(case: Case, answer: Answer, at: datetime) -> None:
    if answer.told_how == ToldHow.NOT_YET:
        return
    for referral in Referral.objects.filter(case=case, state=ReferralState.ANSWERED):
        feed_back(referral.pk, how=answer.told_how, satisfaction=case.settled, by=SYSTEM, at=at)


def _can_take_over(target: Case, referral: Referral) -> bool:
    has_it = Referral.objects.filter(case=target, receiver=referral.receiver_id).live().exists()
    implicated = target.implicated()
    may_have_it = (
        referral.receiver_id not in implicated.organisations and referral.receiver_office_id not in implicated.offices
    )
    return target.state in (CaseState.TRIAGED, CaseState.REFERRED) and may_have_it and not has_it


def _may_end(outcome: CloseOutcome | None) -> list[ReferralState]:
    if outcome is None:
        return []
    return [ReferralState.FED_BACK, *([ReferralState.ANSWERED] if outcome in NOBODY_TO_TELL else [])]


def _recall_live(case_pk: Any, reason: RecallReason, at: datetime, *, but: Q = NOTHING) -> None:
    for referral in Referral.objects.filter(case=case_pk).live().exclude(but):
        recall(referral.pk, reason=reason, by=SYSTEM, at=at)


def _end_overrides(case_pk: Any, at: datetime) -> None:
    """Those under which nothing goes on: taken back as what the person had allowed."""
    running = Referral.objects.filter(consent=OuterRef("pk")).live()
    rows = Consent.objects.filter(~Exists(running), case=case_pk, status=ConsentStatus.NOT_REQUIRED)
    for pk in rows.values_list("pk", flat=True):
        withdraw_consent(pk, by=SYSTEM, at=at)


def _ask_for_erasure(case_pk: Any, at: datetime, *, but: Q = NOTHING) -> None:
    """Of every receiver that was not asked yet: at level 1 too, it may have noted something."""
    left = Referral.objects.filter(case=case_pk, erasure_asked_at=None, withdrawn_at=None)
    for pk in left.exclude(state=ReferralState.DRAFT).exclude(but).values_list("pk", flat=True):
        ask_for_erasure(pk, at=at)


def forget_referral(referral_pk: Any, at: datetime) -> None:
    """Withdrawn whatever its state: it reads as recalled, and holds no text."""
    row = locked(Referral, referral_pk)
    row.withdrawn_at = at
    _forget_texts(row)


def _forget_texts(row: Referral) -> None:
    row.forget_texts()
    row.save()
    for rows in (row.messages, row.notes, row.files, row.sheet_replies):
        rows.all().delete()
    for past in ReferralCycle.objects.filter(referral=row):
        past.forget_all()
        past.save()
