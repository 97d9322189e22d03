"""What must hold after each step, whatever came before; and what a page shows then."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from core.models import AuditEntry
from feedback.models import Case
from feedback.timeline import joined_to
from referrals.case_life import hops_of
from referrals.disclosure import disclosed_to_receiver, person_of
from referrals.models import Referral, ReferralCycle, ReferralFile, ReferralMessage, ReferralNote
from referrals.timeline import chain_of, hops_in
from tests.referrals.any_order.acts import NAMES, Acts
from tests.referrals.any_order.known import Known
from tests.referrals.test_machine import TABLE


class Holds(Acts):
    @rule(pk=Acts.referrals, name=st.sampled_from(NAMES))
    def look(self, pk: Any, name: str) -> None:
        """The page itself: a 404 to who may not know of it; to others, no more of the person than is theirs."""
        if name in self.gone:
            return
        known, client = self.known[pk], Client()
        person = self.person(name)
        if person.needs_second_factor and not Authenticator.objects.filter(user=person).exists():
            TOTP.activate(person, generate_totp_secret())
        client.force_login(person)
        response = client.get(f"/referrals/{pk}/")
        sides = known.sees(name, self.gone)
        assert response.status_code == (200 if sides else 404)
        page = response.content.decode().replace("&#x27;", "'").replace("\u00a0", " ")
        shown = self._texts(known) if "receiver" in known.acts(name, self.gone) else set()
        for case in self.cases.values():
            for text in filter(None, (case.said, case.apart, case.name, case.contact)):
                assert (text in page) <= any(text in one for one in shown), (name, text)
        for text in shown:
            assert text in page, (name, text)

    def _texts(self, known: Known) -> set[str]:
        return {text for text in self._opened(known).values() if text}

    def _opened(self, known: Known) -> dict[str, str]:
        """What a receiver reads of whoever consented, also once their case was joined to another."""
        scopes, consent = known.opens(), known.consent
        of = next((case for case in self.cases.values() if consent in case.consents), known.case)
        said = {"words": of.words, "name": of.name, "contact": of.contact}
        return {name: text if name in scopes else "" for name, text in said.items()}

    @invariant()
    def only_acts_change_states(self) -> None:
        rows = {row.pk: (row.state, row.cycle, row.case_id) for row in Referral.objects.all()}
        assert rows == {pk: (known.state, known.cycle, known.case.pk) for pk, known in self.known.items()}
        kept = sum(known.cycle - 1 for known in self.known.values())
        assert ReferralCycle.objects.count() == kept

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
        for name in NAMES:
            person = self.person(name)
            for side, rows in (
                ("sender", Referral.objects.sent_side_of(person)),
                ("receiver", Referral.objects.received_side_of(person)),
            ):
                theirs = {pk for pk, known in self.known.items() if side in known.sees(name, self.gone)}
                assert set(rows.values_list("pk", flat=True)) == theirs, (name, side)
            visible = set(Referral.objects.visible_to(person).values_list("pk", flat=True))
            assert visible == {pk for pk, known in self.known.items() if known.sees(name, self.gone)}

    @invariant()
    def a_receiver_reads_of_the_person_what_they_allowed(self) -> None:
        for row in Referral.objects.select_related("case", "consent__case"):
            known = self.known[row.pk]
            assert row.level == known.level
            seen = disclosed_to_receiver(row)
            assert person_of(row, seen) == self._opened(known)

    @invariant()
    def who_took_something_back_is_asked_for_nowhere(self) -> None:
        for known in self.known.values():
            if known.consent is not None and known.consent.status == "withdrawn" and known.level == "2":
                assert known.opens() == frozenset()
                assert known.is_to_erase or known.is_withdrawn
            assert known.is_to_erase or not known.is_erased

    @invariant()
    def work_is_in_the_hands_of_somebody_who_is_there_and_sees_it(self) -> None:
        names = {self.person(name).pk: name for name in NAMES} | {None: None}
        for row in Referral.objects.all():
            known = self.known[row.pk]
            assert (names[row.responsible_id], names[row.stands_in_for_id]) == (known.responsible, known.lent_by)
            if known.is_open and known.responsible is not None and row.pk not in self.excused:
                assert known.responsible in self.receivers(known)

    @invariant()
    def a_chain_is_a_line_with_an_end(self) -> None:
        for row in Referral.objects.select_related("case"):
            known = self.known[row.pk]
            assert row.previous_id == known.previous
            assert known.previous is None or self.known[known.previous].case.root is known.case.root
            hops = [hop.pk for hop in hops_in(chain_of(row))]
            assert row.pk in hops
            assert len(hops) == len(set(hops))

    @invariant()
    def a_case_that_stays_tells_what_was_joined_to_it(self) -> None:
        if "awa" in self.gone:
            return
        for case in self.cases.values():
            if case.merged_into is None or case.is_protected or not case.root.seen_by("awa"):
                continue
            kept = Case.objects.get(pk=case.root.pk)
            joined = joined_to(kept, self.person("awa"))
            hops = {hop.referral.pk for hop in hops_of(kept, self.person("awa"), joined)}
            assert case.pk in {one.pk for one in joined}
            assert {pk for pk, known in self.known.items() if known.case is case} <= hops

    @invariant()
    def of_what_was_protected_nothing_is_left(self) -> None:
        over = [pk for pk, known in self.known.items() if known.case.is_protected]
        for row in Referral.objects.filter(pk__in=over):
            assert (row.shown_state, row.summary, row.data_key) == ("recalled", "", None)
            assert not disclosed_to_receiver(row).matter
        for model in (ReferralMessage, ReferralNote, ReferralFile):
            assert not model.objects.filter(referral__in=over).exists()
        sealed = Case.objects.filter(pk__in=[case.pk for case in self.cases.values() if case.is_protected])
        assert set(sealed.values_list("state", "summary", "data_key")) <= {("protected", "", None)}

    @invariant()
    def every_act_is_in_the_journal(self) -> None:
        written = AuditEntry.objects.filter(act__in=[f"referrals.referral.{act}" for act in TABLE if act != "send"])
        # asking from afresh is two acts: it arrived, and the question
        assert written.count() >= self.done
