"""Work goes to a colleague: given to them, or because its holder leaves, is away, or is back."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from core.transitions import Refused
from directory.actions.turnover import come_back, go_away, leave
from directory.models import User
from referrals import actions
from tests.cast import found_cast
from tests.referrals.any_order.acts import Acts
from tests.referrals.any_order.known import PEOPLE, UNDER_WAY, Known

WORKERS = sorted(name for name, (_organisation, _office, work) in PEOPLE.items() if work)
# So few may leave that somebody is left to act.
MOST_GONE = 3


class Handovers(Acts):
    @rule(pk=Acts.referrals, who=st.sampled_from(WORKERS), to=st.sampled_from(WORKERS))
    def give_to_a_colleague(self, pk: Any, who: str, to: str) -> None:
        known = self.known[pk]
        is_to_do = known.state in UNDER_WAY or (known.state == "answered" and known.teller == "receiver")
        may = is_to_do and not known.is_withdrawn and "receiver" in known.acts(who, self.gone)
        may = may and to != known.responsible and to in self._takers(known)
        try:
            actions.assign(pk, self.person(to), by=self.person(who))
        except Refused:
            assert not may, f"{who} may give it to {to}"
            return
        assert may, f"{who} may not give it to {to}"
        known.responsible, known.lent_by = to, None
        self.excused.discard(pk)

    def _takers(self, known: Known) -> set[str]:
        """Those who act for the receiver, and are there; on paper, whoever sent it, as long as they may."""
        can = self.receivers(known)
        return (can & {known.sent_by} if known.is_on_paper and known.sent_by in can else can) - self.away

    @rule(who=st.sampled_from(WORKERS), to=st.sampled_from(WORKERS))
    def leave(self, who: str, to: str) -> None:
        """For good: what is open is the successor's, whatever they may see of it."""
        if who in self.gone or len(self.gone) == MOST_GONE:
            return
        try:
            leave(self.person(who), successor=self.person(to), by=self.person(who))
        except Refused:
            assert not self._can_succeed(who, to)
            return
        finally:
            self.cast = found_cast()
        assert self._can_succeed(who, to)
        self.gone.add(who)
        self.away.discard(who)
        self._hand_over(who, to, for_good=True)

    @rule(who=st.sampled_from(WORKERS), to=st.sampled_from(WORKERS))
    def go_away(self, who: str, to: str) -> None:
        """For a while: what is open is the deputy's, until they are back."""
        if who in self.gone or who == to:
            return
        User.objects.filter(pk=self.person(who).pk).update(deputy=self.person(to))
        self.cast = found_cast()
        try:
            go_away(self.person(who), by=self.person(who))
        except Refused:
            assert not self._can_succeed(who, to)
            return
        assert self._can_succeed(who, to)
        self.away.add(who)
        self._hand_over(who, to, for_good=False)

    @rule(who=st.sampled_from(WORKERS))
    def come_back(self, who: str) -> None:
        """What others held for them, and is not finished, is theirs again: but for what is kept from them by now."""
        if who not in self.away:
            return
        come_back(self.person(who), by=self.person(who))
        self.cast = found_cast()
        self.away.discard(who)
        for pk, known in self.known.items():
            if not known.is_open or known.lent_by != who:
                continue
            known.lent_by = None
            if who in self.receivers(known):
                known.responsible = who
                self.excused.discard(pk)

    def _can_succeed(self, who: str, to: str) -> bool:
        alike = PEOPLE[who][0] == PEOPLE[to][0] and PEOPLE[who][2] == PEOPLE[to][2]
        return alike and who != to and to not in self.gone | self.away

    def _hand_over(self, who: str, to: str, *, for_good: bool) -> None:
        """What was lent goes on being so, unless its owner left."""
        for pk, known in self.known.items():
            if for_good and known.lent_by == who:
                known.lent_by = None
            if not known.is_open or known.responsible != who:
                continue
            if to in self.receivers(known):
                known.responsible = to
                known.lent_by = known.lent_by or ("" if for_good else who) or None
                self.excused.discard(pk)
            elif for_good:
                self.excused.add(pk)
