"""What people do with a referral: send, act, pause, send on; and what becomes of its case's lane meanwhile."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule

from core.actors import SYSTEM
from core.transitions import Conflict, Refused
from directory.models import Place, User, UserRole
from feedback.enums import SafeContact
from feedback.models import Case, CaseImplicated
from referrals import actions
from referrals.actions.consent import Receiver, Said
from referrals.actions.sending import Wish
from referrals.enums import ConsentGiver, ConsentMethod
from referrals.late import flag_late
from referrals.models import Referral
from tests.cast import DOMAIN, Cast, found_cast
from tests.feedback.making import sorted_case
from tests.referrals.any_order.known import (
    FROM,
    MORE,
    OF_THE_RECEIVER,
    OF_THE_SENDER,
    PEOPLE,
    UNDER_WAY,
    Known,
    KnownCase,
    KnownConsent,
    Way,
)
from tests.referrals.test_machine import TABLE
from tests.vault_keys import recovery_key

NAMES = sorted(PEOPLE)
WAYS = (Way("nrc", "nrc_gao"), Way("hcr"), Way("nrc", "nrc_bamako"), Way("nrc"), Way("pam"))
LEVEL_2 = tuple(Way(way.receiver, way.office, "2", teller) for way in WAYS for teller in ("sender", "receiver"))
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
# What of the person may go to a receiver, as they said it; nothing: they refused level 2.
SCOPES = tuple(frozenset(scopes) for scopes in ((), ("words",), ("name",), ("contact",), ("words", "name", "contact")))
# So many referrals are enough to get in one another's way.
AT_MOST = 12
DATABASES = ("default", "vault")


def said_of(scopes: frozenset[str]) -> Said:
    """The same as it is noted."""
    if not scopes:
        return Said("refused")
    what = {one: one in scopes for one in ("words", "name", "contact")}
    return Said(
        "given",
        words=what["words"],
        name=what["name"],
        contact=what["contact"],
        method=ConsentMethod.ORAL,
        giver=ConsentGiver.SELF,
    )


class Acts(RuleBasedStateMachine):
    referrals = Bundle("referrals")

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.inside = ExitStack()
        for alias in DATABASES:
            self.inside.enter_context(transaction.atomic(using=alias))
        self.known: dict[Any, Known] = {}
        self.cases: dict[Any, KnownCase] = {}
        # Accounts that are closed, people on leave, and what is open under a name that may not see it.
        self.gone: set[str] = set()
        self.away: set[str] = set()
        self.excused: set[Any] = set()
        self.done, self.numbers = 0, count(1)
        self._more_people()
        self.cast = found_cast()
        recovery_key()

    def teardown(self) -> None:
        for alias in DATABASES:
            transaction.set_rollback(True, using=alias)
        self.inside.close()

    def _more_people(self) -> None:
        cast = found_cast()
        for name, role in MORE.items():
            short, office, _work = PEOPLE[name]
            person = User.objects.create(
                email=f"{name}@{DOMAIN}",
                name=name.title(),
                organisation=cast.organisations[short],
                office=cast.offices[office] if office else None,
            )
            UserRole.objects.create(user=person, role=role)

    def person(self, name: str) -> User:
        found: User = getattr(self.cast, name)
        return found

    def receivers(self, known: Known) -> set[str]:
        """Who acts for the receiver."""
        return {name for name in NAMES if "receiver" in known.acts(name, self.gone)}

    @initialize(target=referrals)
    def begin(self) -> Any:
        """One of each kind: plain, answered, restricted, one that implicates who would receive it, one at level 2."""
        plain = self._send(self._case("hcr"), "awa", WAYS[0])
        answered, restricted, implicating = (self._send(self._case("hcr"), "awa", WAYS[1]) for _ in range(3))
        self.do(answered, "answer", "ibrahim", DETAILS["answer"][0])
        self.classify(restricted, "integrity")
        self.implicate(implicating, "ibrahim")
        case = self._case("nrc")
        self.note(case, WAYS[1], frozenset({"words", "contact"}))
        with_person = self._send(case, "awa", LEVEL_2[2])
        self.do(with_person, "accept", "ibrahim", {})
        return multiple(plain, answered, restricted, implicating, with_person)

    def _case(self, concerned: str) -> KnownCase:
        """A case that Awa has sorted; no two people say the same words, or have the same number."""
        number = next(self.numbers)
        said, apart = f"Le puits n° {number} est en panne.", f"Mon nom manque à la liste n° {number}."
        name, phone = f"Aminata n° {number}.", f"+2237{number:07}"
        about = {
            "place": Place.objects.get(pcode="ML0703"),
            "concerned": self.cast.organisations[concerned],
            "safe_contact": SafeContact.SMS,
        }
        desk = SYSTEM if "awa" in self.gone else self.person("awa")
        row = sorted_case(desk, "INSAT_MAJ", about, words=f"{said} {apart}", name=name, phone=phone)
        self.cases[row.pk] = KnownCase(row.pk, said, apart, row.unsealed("contact"), concerned, name=name)
        return self.cases[row.pk]

    def note(self, case: KnownCase, way: Way, scopes: frozenset[str]) -> KnownConsent:
        """What the person said of a receiver, noted by Awa: what may go there, or a refusal of level 2."""
        said = actions.note_said(case.pk, self.receiver(way), said_of(scopes), by=self.person("awa"))
        case.consents.append(KnownConsent(said.pk, way, "given" if scopes else "refused", scopes))
        return case.consents[-1]

    def receiver(self, way: Way) -> Receiver:
        office = self.cast.offices[way.office].pk if way.office else None
        return Receiver(self.cast.organisations[way.receiver].pk, office)

    @rule(target=referrals, who=st.sampled_from(["awa", "ibrahim"]), way=st.sampled_from(WAYS))
    def send(self, who: str, way: Way) -> Any:
        """A new case, which Ibrahim's organisation answers for."""
        return multiple() if self.is_full() else self.sent(self._case("hcr"), who, way)

    @rule(target=referrals, pk=referrals, who=st.sampled_from(NAMES), way=st.sampled_from([*WAYS, *LEVEL_2]))
    def send_again(self, pk: Any, who: str, way: Way) -> Any:
        """The same case to one more receiver."""
        return multiple() if self.is_full() else self.sent(self.known[pk].case, who, way)

    @rule(target=referrals, pk=referrals, who=st.sampled_from(NAMES), way=st.sampled_from([*WAYS, *LEVEL_2]))
    def forward(self, pk: Any, who: str, way: Way) -> Any:
        """The next hop after what came back: "not us, them"."""
        return multiple() if self.is_full() else self.sent(self.known[pk].case, who, way, previous=pk)

    def is_full(self) -> bool:
        return len(self.known) >= AT_MOST

    def sent(self, case: KnownCase, who: str, way: Way, previous: Any = None) -> Any:
        """The referral, or nothing where it may not be sent."""
        may = self._may_send(case, who, way, previous)
        try:
            pk = self._send(case, who, way, previous)
        except (Refused, Case.DoesNotExist):
            assert not may, f"{who} may send to {way}"
            return multiple()
        assert may, f"{who} may not send to {way}"
        return pk

    def _send(self, case: KnownCase, who: str, way: Way, previous: Any = None) -> Any:
        to = self.receiver(way)
        wish = Wish(to.organisation_id, to.office_id, level=way.level, teller=way.teller)
        by = self.person(who)
        if previous is None:
            row = actions.create_and_send(case.pk, wish, by=by)
        else:
            row = actions.forward(previous, wish, by=by)
        on_paper = not self._can_receive(case, way)
        assert row.is_on_paper == on_paper
        self.known[row.pk] = Known(
            case, who, way, way.level, way.teller, case.standing(way), on_paper, previous, is_opened=on_paper
        )
        return row.pk

    def _may_send(self, case: KnownCase, who: str, way: Way, previous: Any) -> bool:
        if who in self.gone or not self._holds(case, who, previous):
            return False
        is_sorted = Case.objects.filter(pk=case.pk, state__in=["triaged", "referred"]).exists()
        to_oneself = way.receiver == PEOPLE[who][0] and way.office in (None, PEOPLE[who][1])
        if not is_sorted or case.objects or way.is_named_in(case.implicated) or to_oneself:
            return False
        if case.lane != "ordinary" and not self._can_receive(case, way):
            return False
        consent = case.standing(way)
        if consent is not None and consent.is_objection:
            return False
        allowed = consent.scopes if consent is not None and consent.status == "given" else frozenset()
        return (way.level == "1" or bool(allowed)) and (way.teller == "sender" or "contact" in allowed)

    def _holds(self, case: KnownCase, who: str, previous: Any) -> bool:
        """Whether they see the case; or, to send it on, stand where the referral came back to."""
        if previous is None:
            return case.seen_by(who)
        came_back = self.known[previous].state in ("refused", "recalled", "closed")
        return came_back and "sender" in self.known[previous].sees(who, self.gone)

    def _can_receive(self, case: KnownCase, way: Way) -> bool:
        return any(
            organisation == way.receiver
            and work == case.lane
            and (way.office is None or office in (None, way.office))
            and name not in self.gone
            and case.spares(name)
            for name, (organisation, office, work) in PEOPLE.items()
        )

    @rule(pk=referrals, act=st.sampled_from(sorted(OF_THE_RECEIVER | OF_THE_SENDER)), data=st.data())
    def act(self, pk: Any, act: str, data: Any) -> None:
        """Everyone tries it, in any order: the first who may does it, and then nobody may do it again as before."""
        details = data.draw(st.sampled_from(DETAILS.get(act, [{}])))
        for name in data.draw(st.permutations(NAMES)):
            self.do(pk, act, name, details)

    def do(self, pk: Any, act: str, name: str, details: dict[str, Any]) -> None:
        known = self.known[pk]
        may = known.side_of(act) in known.acts(name, self.gone) and known.may(act, details)
        try:
            row = getattr(actions, act)(pk, by=self.person(name), **details)
        except Refused:
            assert not may, f"{name} may {act} from {known.state}"
            return
        assert may, f"{name} may not {act} from {known.state}"
        assert row.state == TABLE[act][1]
        known.done(act, row.state, name)
        if act in ("accept", "reopen"):
            self.excused.discard(pk)
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
        case = self.known[pk].case
        if case.is_over:
            return
        kind = "" if lane == "ordinary" else lane
        Case.objects.filter(pk=case.pk).update(lane="restricted" if kind else "ordinary", restricted_kind=kind)
        case.lane = lane
        self.excuse_who_sees_no_more()

    @rule(pk=referrals, whom=st.sampled_from(["ibrahim", "fanta", "awa", "nrc_gao", "hcr", "nrc"]))
    def implicate(self, pk: Any, whom: str) -> None:
        case = self.known[pk].case
        if case.is_over or whom in case.implicated:
            return
        row = CaseImplicated(case_id=case.pk)
        if whom in PEOPLE:
            row.user = self.person(whom)
        elif whom in self.cast.offices:
            row.office = self.cast.offices[whom]
        else:
            row.organisation = self.cast.organisations[whom]
        row.save()
        case.implicated.add(whom)
        self.excuse_who_sees_no_more()

    def excuse_who_sees_no_more(self) -> None:
        """Who is in charge stays so where the matter itself is kept from them since: somebody gives it on."""
        for pk, known in self.known.items():
            if known.responsible is not None and known.responsible not in self.receivers(known):
                self.excused.add(pk)

    @rule(pk=referrals, data=st.data())
    def pause_or_go_on(self, pk: Any, data: Any) -> None:
        known = self.known[pk]
        can = known.is_paused or (known.state in UNDER_WAY and not known.is_withdrawn)
        for name in data.draw(st.permutations(NAMES)):
            may = can and "receiver" in known.acts(name, self.gone)
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

    def learn(self) -> dict[Any, tuple[str, str]]:
        """What reactions changed of the states: before and after, by referral."""
        changed = {}
        for row in Referral.objects.all():
            known = self.known[row.pk]
            if row.state != known.state:
                assert row.state == "recalled"
                changed[row.pk] = (known.state, row.state)
                known.done("recall", row.state, "")
            known.is_to_erase = row.erasure_asked_at is not None
            known.is_erased = row.erasure_confirmed_at is not None
        return changed
