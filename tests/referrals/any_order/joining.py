"""Cases are joined, shared in two, and sealed in the vault."""

from __future__ import annotations

import uuid
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import multiple, rule

from core.transitions import Refused
from feedback import actions as feedback
from feedback.actions.split import Part
from feedback.actions.triage import Sorting
from feedback.enums import LIVE as LIVE_CASES
from feedback.models import Case, Category
from referrals import actions
from referrals.models import Referral
from tests.referrals.any_order.acts import NAMES, WAYS, Acts
from tests.referrals.any_order.known import PEOPLE, KnownCase


class Joining(Acts):
    @rule(pk=Acts.referrals, into=Acts.referrals, who=st.sampled_from(NAMES))
    def merge(self, pk: Any, into: Any, who: str) -> None:
        """Never across lanes, nor where it would be lost whom one implicates. What runs goes on for the other case."""
        case, kept = self.known[pk].case, self.known[into].case
        live = {one for one, known in self.known.items() if known.case is case and known.is_live}
        may = case is not kept and PEOPLE[who][2] in ("desk", "integrity", "protection") and who not in self.gone
        may = may and case.seen_by(who) and kept.seen_by(who) and self._are_live(case, kept)
        may = may and case.lane == kept.lane and case.implicated <= kept.implicated
        try:
            feedback.merge(case.pk, into_id=kept.pk, by=self.person(who))
        except Refused:
            assert not may, f"{who} may join them"
            return
        assert may, f"{who} may not join them"
        case.merged_into = kept
        self._follow(kept)
        for row in Referral.objects.filter(pk__in=live, case=kept.pk):
            known = self.known[row.pk]
            assert not known.way.is_named_in(kept.implicated)
            known.case = kept
        changes = self.learn()
        moved = {one for one in live if self.known[one].case is kept}
        assert live - moved <= set(changes) <= live
        assert kept.objects or moved.isdisjoint(changes)
        self.excuse_who_sees_no_more()

    def _follow(self, kept: KnownCase) -> None:
        """What was joined to a case is kept from whom that one implicates, and restricted as that one is."""
        for joined in self.cases.values():
            if joined.merged_into is kept and not joined.is_protected:
                joined.implicated |= kept.implicated
                joined.lane = kept.lane if kept.lane != "ordinary" else joined.lane
                self._follow(joined)

    def _are_live(self, *cases: KnownCase) -> bool:
        return all(Case.objects.filter(pk=case.pk, state__in=LIVE_CASES).exists() for case in cases)

    @rule(target=Acts.referrals, pk=Acts.referrals, who=st.sampled_from(["awa", "salif", "ibrahim"]))
    def split(self, pk: Any, who: str) -> Any:
        """One part goes to a case of its own, sorted anew; who has the first reads of it no more."""
        case = self.known[pk].case
        may = case.apart and case.seen_by(who) and who not in self.gone and self._are_live(case)
        may = may and PEOPLE[who][2] in ("desk", case.lane) and who != "ibrahim"
        try:
            feedback.split(case.pk, Part((case.apart,)), once=uuid.uuid4(), by=self.person(who))
        except (Refused, Case.DoesNotExist):
            assert not may, f"{who} may share it"
            return multiple()
        assert may, f"{who} may not share it"
        row = Case.objects.get(split_from=case.pk)
        second = KnownCase(row.pk, case.apart, "", case.contact, "", case.lane, name=case.name)
        second.implicated, second.objects = set(case.implicated), case.objects
        case.apart = ""
        self.cases[row.pk] = second
        kind = "" if case.lane == "ordinary" else case.lane
        sorting = Sorting(Category.objects.get(pk="INSAT_MAJ"), "Absence de la liste", restricted_kind=kind)
        feedback.triage(row.pk, sorting, by=self.person(who))
        return multiple() if self.is_full() else self.sent(second, who, WAYS[1])

    @rule(pk=Acts.referrals, who=st.sampled_from(NAMES))
    def protect(self, pk: Any, who: str) -> None:
        """Somebody met sexual exploitation or abuse in it: nothing of it stays, nor of what was joined to it."""
        known = self.known[pk]
        sides = known.acts(who, self.gone)
        may = bool(sides) and not known.is_withdrawn and not ("receiver" in sides and known.state == "recalled")
        try:
            actions.protect(pk, by=self.person(who))
        except Refused:
            assert not may, f"{who} may protect it"
            return
        assert may, f"{who} may not protect it"
        root = known.case.root
        for case in self.cases.values():
            if case.root is root:
                case.is_protected = True
        self.learn()
        for other in self.known.values():
            if other.case.is_protected:
                other.is_withdrawn, other.is_waiting = True, False
