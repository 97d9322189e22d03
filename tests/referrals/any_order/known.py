"""What the test itself remembers of cases, consents and referrals, and who may then do and see what (DESIGN §3, §4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from directory.roles import Role
from tests.referrals.test_machine import LIVE as STILL_LIVE
from tests.referrals.test_machine import TABLE

# Organisation, office (None: all of it) and what each may work on; all of their zones hold Gao, where the cases are.
PEOPLE: dict[str, tuple[str, str | None, str]] = {
    "awa": ("line", None, "desk"),
    "moctar": ("line", None, "desk"),
    "ibrahim": ("hcr", None, "ordinary"),
    "binta": ("hcr", None, "ordinary"),
    "fanta": ("nrc", "nrc_gao", "ordinary"),
    "issa": ("nrc", "nrc_gao", "ordinary"),
    "oumar": ("nrc", "nrc_bamako", "ordinary"),
    "salif": ("hcr", None, "integrity"),
    "kadia": ("hcr", None, "protection"),
    "mariam": ("hcr", None, ""),
    "djeneba": ("ocha", None, ""),
    "adama": ("ocha", None, ""),
}
# Beside the fixed cast: colleagues who can take over.
MORE = {"moctar": Role.OPERATOR, "binta": Role.FOCAL_POINT, "issa": Role.FOCAL_POINT}
LIVE = STILL_LIVE | {"reopened"}
UNDER_WAY = {"accepted", "in_progress"}
OF_THE_RECEIVER = {"receive", "accept", "ask", "refuse", "start", "answer"}
OF_THE_SENDER = {"reply", "recall", "close", "reopen", "feed_back"}
# Asking says that it arrived
FROM = {act: sources for act, (sources, _target) in TABLE.items()} | {"ask": {"sent", "reopened", "received"}}
NOBODY_TO_TELL = {"unreachable", "no_answer_wanted"}


@dataclass(frozen=True)
class Way:
    """To whom: an organisation, or one of its offices; at which level, and who will tell the person."""

    receiver: str
    office: str | None = None
    level: str = "1"
    teller: str = "sender"

    def is_named_in(self, implicated: set[str]) -> bool:
        return not implicated.isdisjoint({self.receiver, self.office})


@dataclass
class KnownConsent:
    """What a person said of one receiver, latest last. `scopes`: of their words, name and contact, what may go."""

    pk: Any
    way: Way
    status: str
    scopes: frozenset[str] = frozenset()
    is_objection: bool = False


@dataclass
class KnownCase:
    """`said` and `apart`: the person's words, in two parts, until they are split; `name`, `contact`: their own."""

    pk: Any
    said: str
    apart: str
    contact: str
    concerned: str
    lane: str = "ordinary"
    implicated: set[str] = field(default_factory=set)
    objects: bool = False
    merged_into: KnownCase | None = None
    is_protected: bool = False
    consents: list[KnownConsent] = field(default_factory=list)
    name: str = ""

    @property
    def words(self) -> str:
        return f"{self.said} {self.apart}".strip()

    @property
    def is_over(self) -> bool:
        return self.is_protected or self.merged_into is not None

    @property
    def root(self) -> KnownCase:
        return self if self.merged_into is None else self.merged_into.root

    def spares(self, name: str) -> bool:
        organisation, office, _work = PEOPLE[name]
        return self.implicated.isdisjoint({name, organisation, office})

    def is_of(self, name: str) -> bool:
        """Whether somebody may work on matters of its lane."""
        return PEOPLE[name][2] == self.lane

    def seen_by(self, name: str) -> bool:
        """Whether they may open the case itself."""
        organisation, _office, work = PEOPLE[name]
        if self.is_protected or not self.spares(name):
            return False
        if self.lane != "ordinary":
            return work == self.lane
        return work == "desk" or (work == "ordinary" and organisation == self.concerned)

    def standing(self, way: Way) -> KnownConsent | None:
        """What the person last said of this receiver, unless they took it back."""
        said = [
            one for one in self.consents if one.way.receiver == way.receiver and one.way.office in (None, way.office)
        ]
        return said[-1] if said and said[-1].status != "withdrawn" else None


@dataclass
class Known:
    """A referral. `is_opened`: what opens level 2 was done in this round. `question`: put by SMS; it `is_waiting`."""

    case: KnownCase
    sent_by: str
    way: Way
    level: str
    teller: str
    consent: KnownConsent | None
    is_on_paper: bool
    previous: Any = None
    state: str = "sent"
    is_paused: bool = False
    cycle: int = 1
    is_opened: bool = False
    is_withdrawn: bool = False
    responsible: str | None = None
    lent_by: str | None = None
    question: Any = None
    is_waiting: bool = False
    is_to_erase: bool = False
    is_erased: bool = False

    @property
    def sender(self) -> str:
        return PEOPLE[self.sent_by][0]

    @property
    def is_live(self) -> bool:
        return self.state in LIVE and not self.is_withdrawn

    @property
    def is_open(self) -> bool:
        """Whether whoever is in charge still has something to do."""
        return self.state in LIVE or (self.state == "answered" and self.teller == "receiver")

    def sees(self, name: str, gone: set[str]) -> set[str]:
        """On which sides somebody sees it, as DESIGN §4 says it."""
        organisation, office, work = PEOPLE[name]
        if name in gone or not self.case.spares(name) or (self.case.is_protected and self.case.implicated):
            return set()
        found = set()
        if organisation == self.sender and (self.case.is_of(name) or (work, self.case.lane) == ("desk", "ordinary")):
            found.add("sender")
        if (
            organisation == self.way.receiver
            and self.case.is_of(name)
            and (self.way.office is None or office in (None, self.way.office))
        ):
            found.add("receiver")
        return found

    def acts(self, name: str, gone: set[str]) -> set[str]:
        """On which sides somebody acts: on paper, the sender's people note what the receiver says."""
        found = self.sees(name, gone)
        return {"sender", "receiver"} if self.is_on_paper and "sender" in found else found

    def may(self, act: str, details: dict[str, Any]) -> bool:
        """Whether the act can be done now, by whoever may."""
        if self.is_withdrawn or self.state not in FROM[act]:
            return False
        if act == "reopen":
            return not (self.case.objects or self.case.is_over)
        if act == "close" and self.state == "answered":
            return details["outcome"] in NOBODY_TO_TELL
        return not (act == "close" and self.state == "refused" and details["outcome"] == "successful")

    def side_of(self, act: str) -> str:
        if act == "feed_back":
            return self.teller
        return "receiver" if act in OF_THE_RECEIVER else "sender"

    def opens(self) -> frozenset[str]:
        """What the receiver reads of the person, beside the matter."""
        is_allowed = self.consent is not None and self.consent.status == "given"
        is_there = self.is_opened and not self.is_withdrawn and self.state not in ("refused", "recalled")
        if self.level == "1" or not is_allowed or not is_there or self.consent is None:
            return frozenset()
        return self.consent.scopes

    def done(self, act: str, state: str, by: str) -> None:
        """Remembers an act."""
        self.state = state
        if act == "accept":
            self.responsible = by
        if act in ("accept", "answer"):
            self.is_opened = True
        if act in ("answer", "refuse", "recall"):
            self.is_paused = False
        if act == "refuse":
            self.is_opened = False
        if act == "reopen":
            self.cycle, self.is_opened = self.cycle + 1, self.is_on_paper
            self.responsible = self.lent_by = None
