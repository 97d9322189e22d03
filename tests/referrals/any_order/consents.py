"""What the person allows, for each receiver, refuses, or takes back."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from core.actors import PERSON
from core.transitions import Refused
from feedback import actions as feedback
from feedback.actions.person import add_words
from feedback.actions.short_questions import AT_MOST as QUESTIONS
from feedback.actions.short_questions import say_consent
from feedback.models import Case, CaseMessage
from referrals import actions
from tests.referrals.any_order.acts import NAMES, SCOPES, WAYS, Acts
from tests.referrals.any_order.known import UNDER_WAY, Known, KnownCase, KnownConsent, Way


class Consents(Acts):
    @rule(pk=Acts.referrals, way=st.sampled_from(WAYS), scopes=st.sampled_from(SCOPES))
    def ask_in_words(self, pk: Any, way: Way, scopes: frozenset[str]) -> None:
        """Somebody asked them; what they said holds for this receiver, from now on."""
        if not self.known[pk].case.is_protected:
            self.note(self.known[pk].case, way, scopes)

    @rule(pk=Acts.referrals, way=st.sampled_from(WAYS))
    def object(self, pk: Any, way: Way) -> None:
        """Not even the matter may go there."""
        case = self.known[pk].case
        if not case.is_protected:
            said = actions.refuse_consent(case.pk, self.receiver(way), objects=True, by=self.person("awa"))
            case.consents.append(KnownConsent(said.pk, way, "refused", is_objection=True))

    @rule(pk=Acts.referrals, data=st.data())
    def ask_by_sms(self, pk: Any, data: Any) -> None:
        for name in data.draw(st.permutations(NAMES)):
            self.put_question(pk, name)

    def put_question(self, pk: Any, name: str) -> None:
        known = self.known[pk]
        put = CaseMessage.objects.filter(case=known.case.pk).exclude(asks="")
        is_free = put.count() < QUESTIONS and not put.filter(awaits_reply=True).exists()
        is_new = known.is_live and known.level == "1" and not known.case.objects and known.question is None
        may = "sender" in known.acts(name, self.gone) and is_new and is_free
        question = uuid.uuid4()
        try:
            actions.ask_consent(pk, pk=question, by=self.person(name))
        except Refused:
            assert not may, f"{name} may ask"
            return
        assert may, f"{name} may not ask"
        known.question, known.is_waiting = question, True

    @rule(pk=Acts.referrals, agrees=st.booleans())
    def answer_by_sms(self, pk: Any, agrees: bool) -> None:
        """Their own yes or no, for the receiver they were asked about: of this one's case, wherever it went since."""
        known = self.known[pk]
        question = CaseMessage.objects.filter(pk=known.question).first() if known.is_waiting else None
        if question is None:
            return
        said = "Oui" if agrees else "Non"
        add_words(question.case_id, source_key=str(uuid.uuid4()), words=said, channel="sms")
        say_consent(question.pk, agrees=agrees, at=timezone.now())
        known.is_waiting = False
        asked = self.cases[question.case_id]
        scopes = frozenset({"contact"}) if agrees else frozenset()
        row = Case.objects.get(pk=asked.pk).consents.latest("pk")
        consent = KnownConsent(row.pk, known.way, row.status, scopes)
        assert row.status == ("given" if agrees else "refused")
        asked.consents.append(consent)
        if not agrees:
            known.level, known.consent, known.teller = "1", consent, "sender"
        elif known.is_live and not known.case.objects:
            known.level, known.consent = "2", consent

    @rule(pk=Acts.referrals)
    def take_a_consent_back(self, pk: Any) -> None:
        """What travelled under it is recalled, and each who had it is asked to erase what it noted."""
        known = self.known[pk]
        consent = known.consent
        if consent is None or consent.status != "given" or known.is_withdrawn:
            return
        actions.withdraw_consent(consent.pk, by=self.person("awa"))
        consent.status = "withdrawn"
        under = {one for one, other in self.known.items() if other.consent == consent and other.level == "2"}
        assert set(self.learn()) <= under
        for one in under:
            assert not self.known[one].is_live
            assert self.known[one].is_to_erase

    @rule(pk=Acts.referrals, by_sms=st.booleans())
    def take_all_back(self, pk: Any, by_sms: bool) -> None:
        """Nothing of the case is passed on any more. By SMS, a service under way waits until somebody spoke with them.

        Every receiver is asked to erase what it noted; of what waits, what it was allowed to know.
        """
        case = self.known[pk].case
        may = not case.is_protected and (by_sms or (case.seen_by("awa") and "awa" not in self.gone))
        before = {one: known.state for one, known in self.known.items()}
        try:
            feedback.withdraw(case.pk, by=PERSON if by_sms else self.person("awa"))
        except Refused:
            assert not may
            return
        assert may
        if case.objects:
            assert self.learn() == {}
            return
        case.objects = True
        allowed = [consent for consent in case.consents if consent.status == "given"]
        for consent in allowed:
            consent.status = "withdrawn"
        changes = self.learn()
        spared = {one for one in self.known if by_sms and before[one] in UNDER_WAY}
        for one, known in self._of(case, allowed).items():
            assert not known.is_live or one in spared
            assert known.is_to_erase or (one in spared and known.consent not in allowed)
        assert set(changes) <= set(self._of(case, allowed))

    def _of(self, case: KnownCase, consents: list[KnownConsent]) -> dict[Any, Known]:
        """Its referrals, and what travelled under these consents for the case that it was joined to."""
        return {
            pk: known
            for pk, known in self.known.items()
            if not known.is_withdrawn and (known.case is case or (known.level == "2" and known.consent in consents))
        }

    @rule(pk=Acts.referrals, stops=st.booleans())
    def speak_with_them(self, pk: Any, stops: bool) -> None:
        """Then what waited stops, or goes on as they wish, without their name."""
        case = self.known[pk].case
        waits = Case.objects.filter(pk=case.pk, to_speak_with_at__isnull=False).exists()
        may = waits and case.seen_by("awa") and "awa" not in self.gone
        try:
            feedback.spoken_with(case.pk, stops=stops, by=self.person("awa"))
        except Refused:
            assert not may
            return
        assert may
        self.learn()
        for known in self._of(case, []).values():
            assert not stops or (known.is_to_erase and not known.is_live)

    @rule(pk=Acts.referrals)
    def confirm_erasure(self, pk: Any) -> None:
        known = self.known[pk]
        for name in NAMES:
            may = known.is_to_erase and "receiver" in known.acts(name, self.gone)
            try:
                actions.confirm_erasure(pk, by=self.person(name))
            except Refused:
                assert not may
            else:
                assert may
                known.is_erased = True
