"""The cases that one person sees, unsealed as far as their list needs, by what is most pressing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import audit
from core.index import lifted
from core.reading_once import reading_once
from directory.models import User
from psea.clocks import Due, Waits, next_due
from psea.databases import VAULT
from psea.enums import CaseState, Known, Part
from psea.facts import Facts
from psea.health import is_cared_for
from psea.models import AssistanceOffer, HandedCopy, SealedCase, SealedMessage, Wrap
from psea.readers import Reader
from psea.tags import by_form


@dataclass(frozen=True)
class Card:
    """One case in the list: its clock, its state, and four flags. Nothing says who or where."""

    case: SealedCase
    due: Due | None
    state: CaseState
    has_child: bool
    has_danger: bool
    fears_retaliation: bool
    has_news: bool

    @property
    def order(self) -> tuple[int, float]:
        """The health window first, then the clocks of transmission and after; what has none comes last."""
        if self.due is None:
            return 9, -self.case.received_at.timestamp()
        return self.due.rank, self.due.deadline.timestamp()


def list_cases(*, reader: Reader, by: User, at: datetime, done: bool = False) -> list[Card]:
    """The cases of this person, pressing ones first; those that are over with `done`. One row of audit."""
    reader.check_is(by)
    cases = list(SealedCase.objects.visible_to(by).is_over(done=done))
    facts = facts_by_case(cases, reader)
    offers, copies, news = offers_of(cases), copies_outside(cases), _with_news(cases)
    audit.record("psea.sealedcase.list", by=by, using=VAULT, at=at, cases=len(cases), done=done)
    with reading_once():  # the promises, for each line
        cards = [
            Card(
                case=case,
                due=next_due(case, facts[case.pk], at, what_waits(offers[case.pk], copies[case.pk])),
                state=CaseState(case.state),
                has_child=facts[case.pk].child == Known.YES,
                has_danger=facts[case.pk].danger == Known.YES,
                fears_retaliation=facts[case.pk].retaliation == Known.YES,
                has_news=lifted(case.thread_tag, vault=True) in news,
            )
            for case in cases
            if case.pk in facts
        ]
    return sorted(cards, key=lambda card: card.order)


def facts_by_case(cases: Iterable[SealedCase], reader: Reader) -> dict[UUID, Facts]:
    """The facts of those of them that this reader has, unsealed; no row of audit is written."""
    by_tag = {reader.tag(case.pk, Part.FACTS): case for case in cases}
    wraps, cases_by_form = Wrap.objects.using(VAULT).filter(tag__in=list(by_tag)), by_form(by_tag)
    return {
        row.case_id: Facts.from_json(cases_by_form[row.tag].unseal_with(reader.unwrapped(row), "facts"))
        for row in wraps
    }


def offers_of(cases: Iterable[SealedCase]) -> Mapping[UUID, list[AssistanceOffer]]:
    """Every offer of these cases, by case."""
    found: dict[UUID, list[AssistanceOffer]] = defaultdict(list)
    rows = AssistanceOffer.objects.using(VAULT).filter(survivor__case__in=[case.pk for case in cases])
    for offer in rows.select_related("survivor"):
        found[offer.survivor.case_id].append(offer)
    return found


def copies_outside(cases: Iterable[SealedCase]) -> Mapping[UUID, list[HandedCopy]]:
    """The copies of these cases that an investigator outside still has, by case."""
    found: dict[UUID, list[HandedCopy]] = defaultdict(list)
    for copy in HandedCopy.objects.using(VAULT).filter(case__in=[case.pk for case in cases], destroyed_on=None):
        found[copy.case_id].append(copy)
    return found


def what_waits(offers: Sequence[AssistanceOffer], copies: Sequence[HandedCopy] = ()) -> Waits:
    """The assistance track of one case, and its copies outside, as its clocks take them."""
    return Waits(is_cared_for((offer.service, offer.state) for offer in offers), offers, copies)


def _with_news(cases: Iterable[SealedCase]) -> set[str]:
    """Threads in which the person has written since the case was last opened."""
    tags = [case.thread_tag for case in cases]
    unread = SealedMessage.objects.using(VAULT).filter(thread_tag__in=tags, read_at=None)
    return {lifted(tag, vault=True) for tag in unread.values_list("thread_tag", flat=True)}
