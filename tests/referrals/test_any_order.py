"""Whatever people do, in whatever order: no illegal state, no clock lost, nothing shown to who may not see it.

A long run: `JAABI_EXAMPLES=300 JAABI_STEPS=80 pytest tests/referrals/test_any_order.py`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from core.models import AuditEntry
from core.transitions import Conflict, Refused
from directory.models import User
from feedback.models import Case, CaseImplicated
from referrals import actions
from referrals.late import flag_late
from referrals.models import Referral, ReferralCycle
from tests.referrals.conftest import House
from tests.referrals.test_machine import TABLE

EXAMPLES, STEPS = int(os.environ.get("JAABI_EXAMPLES", "5")), int(os.environ.get("JAABI_STEPS", "20"))
# Organisation, office (None: all of it) and what each may work on; all of their zones hold Gao, where the cases are.
PEOPLE: dict[str, tuple[str, str | None, str]] = {
    "awa": ("line", None, "desk"),
    "ibrahim": ("hcr", None, "ordinary"),
    "fanta": ("nrc", "nrc_gao", "ordinary"),
    "oumar": ("nrc", "nrc_bamako", "ordinary"),
    "salif": ("hcr", None, "integrity"),
    "kadia": ("hcr", None, "protection"),
    "mariam": ("hcr", None, ""),
    "djeneba": ("ocha", None, ""),
    "adama": ("ocha", None, ""),
}
WAYS = (("awa", "nrc", "nrc_gao"), ("awa", "hcr", None), ("ibrahim", "nrc", "nrc_bamako"), ("ibrahim", "nrc", None))
OF_THE_RECEIVER = {"receive", "accept", "ask", "refuse", "start", "answer"}
OF_THE_SENDER = {"reply", "recall", "close", "reopen", "feed_back"}
# Nothing but the state and the side decides of these
UNCONDITIONAL = (OF_THE_RECEIVER - {"answer"}) | {"reply", "recall"}
# Asking says that it arrived
FROM = {act: sources for act, (sources, _target) in TABLE.items()} | {"ask": {"sent", "reopened", "received"}}
DETAILS: dict[str, list[dict[str, Any]]] = {
    "ask": [{"words": "Depuis quand ?"}],
    "reply": [{"words": "Depuis mardi."}],
    "refuse": [{"code": "HORS_ZONE"}],
    "answer": [{"kind": "response", "words": "Réparé."}, {"kind": "unsuccessful", "reason": "MANQUE_CAPACITE"}],
    "recall": [{"reason": "sent_in_error"}],
    "feed_back": [{"how": "call", "satisfaction": "yes"}],
    "close": [{"outcome": "successful"}, {"outcome": "unreachable"}],
    "reopen": [{"reason": "not_settled"}],
}


@dataclass
class Known:
    """What the test itself remembers of a referral."""

    sender: str
    receiver: str
    office: str | None
    lane: str = "ordinary"
    implicated: set[str] = field(default_factory=set)
    state: str = "sent"
    is_paused: bool = False
    cycle: int = 1

    def sides(self, name: str) -> set[str]:
        """On which sides somebody stands, as DESIGN §4 says it."""
        organisation, office, work = PEOPLE[name]
        if self.implicated & {name, organisation}:
            return set()
        is_mine = work == self.lane
        found = (
            {"sender"}
            if organisation == self.sender and (is_mine or (work, self.lane) == ("desk", "ordinary"))
            else set()
        )
        if organisation == self.receiver and is_mine and (self.office is None or office in (None, self.office)):
            found.add("receiver")
        return found


class AnyOrder(RuleBasedStateMachine):
    house: House
    referrals = Bundle("referrals")

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[Any, Known] = {}
        self.done = 0
        self.inside = transaction.atomic()
        self.inside.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.inside.__exit__(None, None, None)

    def person(self, name: str) -> User:
        found: User = getattr(self.house.cast, name)
        return found

    @initialize(target=referrals)
    def begin(self) -> Any:
        """One of each kind: plain, answered, restricted, and one that implicates who would receive it."""
        plain, answered, restricted, implicating = (self._sent(way) for way in (*WAYS[:2], WAYS[1], WAYS[1]))
        self._do(answered, "answer", "ibrahim", DETAILS["answer"][0])
        self.classify(restricted, "integrity")
        self.implicate(implicating, "ibrahim")
        return multiple(plain, answered, restricted, implicating)

    @rule(target=referrals, way=st.sampled_from(WAYS))
    def send(self, way: tuple[str, str, str | None]) -> Any:
        return self._sent(way)

    def _sent(self, way: tuple[str, str, str | None]) -> Any:
        who, receiver, office = way
        referral = self.house.sent(self.house.case(), self.house.wish(receiver, office), by=self.person("awa"))
        if who != "awa":  # on behalf of an agency: the case is one it answers for
            Referral.objects.filter(pk=referral.pk).update(
                created_by=self.person(who), sender=self.person(who).organisation
            )
        self.known[referral.pk] = Known(PEOPLE[who][0], receiver, office)
        return referral.pk

    @rule(pk=referrals, act=st.sampled_from(sorted(OF_THE_RECEIVER | OF_THE_SENDER)), data=st.data())
    def act(self, pk: Any, act: str, data: Any) -> None:
        """Everyone tries it, in any order: the first who may does it, and then nobody may do it again as before."""
        details = data.draw(st.sampled_from(DETAILS.get(act, [{}])))
        for name in data.draw(st.permutations(sorted(PEOPLE))):
            self._do(pk, act, name, details)

    def _do(self, pk: Any, act: str, name: str, details: dict[str, Any]) -> None:
        known = self.known[pk]
        side = "receiver" if act in OF_THE_RECEIVER else "sender"
        may = side in known.sides(name) and known.state in FROM[act]
        try:
            row = getattr(actions, act)(pk, by=self.person(name), **details)
        except Refused:
            assert not (may and act in UNCONDITIONAL), f"{name} may {act} from {known.state}"
            return
        assert may, f"{name} may not {act} from {known.state}"
        assert row.state == TABLE[act][1]
        known.state = row.state
        known.cycle += act == "reopen"
        known.is_paused &= act not in ("answer", "refuse", "recall")
        self.done += 1

    @rule(
        pk=referrals, act=st.sampled_from(["accept", "refuse", "recall"]), seen=st.sampled_from(sorted(FROM["recall"]))
    )
    def act_on_what_was_shown_before(self, pk: Any, act: str, seen: str) -> None:
        known = self.known[pk]
        if seen == known.state:
            return
        for name in PEOPLE:
            try:
                getattr(actions, act)(pk, by=self.person(name), seen=seen, **DETAILS.get(act, [{}])[0])
            except Conflict:
                continue
            raise AssertionError(f"{name} overwrote {known.state}, having seen {seen}")

    @rule(pk=referrals, lane=st.sampled_from(["ordinary", "integrity", "protection"]))
    def classify(self, pk: Any, lane: str) -> None:
        kind = "" if lane == "ordinary" else lane
        cases = Case.objects.filter(referrals=pk)
        cases.update(lane="restricted" if kind else "ordinary", restricted_kind=kind)
        self.known[pk].lane = lane

    @rule(pk=referrals, whom=st.sampled_from(["ibrahim", "fanta", "awa", "hcr", "nrc"]))
    def implicate(self, pk: Any, whom: str) -> None:
        case = Case.objects.get(referrals=pk)
        if whom in self.known[pk].implicated:
            return
        if whom in PEOPLE:
            CaseImplicated.objects.create(case=case, user=self.person(whom))
        else:
            CaseImplicated.objects.create(case=case, organisation=self.house.cast.organisations[whom])
        self.known[pk].implicated.add(whom)

    @rule(pk=referrals, data=st.data())
    def pause_or_go_on(self, pk: Any, data: Any) -> None:
        known = self.known[pk]
        for name in data.draw(st.permutations(sorted(PEOPLE))):
            may = "receiver" in known.sides(name) and (known.is_paused or known.state in ("accepted", "in_progress"))
            try:
                if known.is_paused:
                    actions.resume(pk, by=self.person(name))
                else:
                    actions.pause(pk, reason="access", by=self.person(name))
            except Refused:
                assert not may
                continue
            assert may
            known.is_paused = not known.is_paused
            return

    @rule(days=st.integers(0, 60))
    def time_passes(self, days: int) -> None:
        flag_late(timezone.now() + timedelta(days=days))

    @invariant()
    def only_acts_change_states(self) -> None:
        rows = {row.pk: (row.state, row.cycle) for row in Referral.objects.all()}
        assert rows == {pk: (known.state, known.cycle) for pk, known in self.known.items()}
        assert ReferralCycle.objects.count() == sum(known.cycle - 1 for known in self.known.values())

    @invariant()
    def no_clock_is_lost(self) -> None:
        for row in Referral.objects.all():
            has_clock = row.state in TABLE["recall"][0]
            is_paused = self.known[row.pk].is_paused
            assert (row.running_clock is not None, row.due_at is not None) == (has_clock, has_clock and not is_paused)
            assert row.sent_at is not None
            assert row.accept_by is not None
            assert row.answer_by is not None
            assert row.sent_at < row.accept_by <= row.answer_by

    @invariant()
    def each_sees_what_is_theirs_and_nothing_else(self) -> None:
        for name in PEOPLE:
            person = self.person(name)
            for side, rows in (
                ("sender", Referral.objects.sent_side_of(person)),
                ("receiver", Referral.objects.received_side_of(person)),
            ):
                theirs = {pk for pk, known in self.known.items() if side in known.sides(name)}
                assert set(rows.values_list("pk", flat=True)) == theirs, (name, side)
            visible = set(Referral.objects.visible_to(person).values_list("pk", flat=True))
            assert visible == {pk for pk, known in self.known.items() if known.sides(name)}

    @invariant()
    def every_act_is_in_the_journal(self) -> None:
        written = AuditEntry.objects.filter(act__in=[f"referrals.referral.{act}" for act in TABLE if act != "send"])
        # asking from afresh is two acts: it arrived, and the question
        assert written.count() >= self.done


def test_in_any_order_of_acts_the_rules_hold(house: House) -> None:
    AnyOrder.house = house
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
