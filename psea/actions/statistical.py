"""The statistical fields of a case, noted by whoever handles it; and exact tables of them, inside the vault only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.transitions import Refused
from directory.models import User
from directory.roles import HANDLERS
from psea.actions.listing import facts_by_case
from psea.actions.opening import case_for
from psea.actions.routing import change_facts
from psea.databases import VAULT
from psea.facts import Facts
from psea.models import SealedCase
from psea.readers import Reader
from psea.statistical import Statistical


@dataclass(frozen=True)
class Tables:
    """Exact counts of the cases that one reader may open. `cases`: how many these are; `told`: with any such field."""

    cases: int
    told: int
    by: Mapping[str, Mapping[str, int]]


def note_statistics(
    *, case_id: UUID, statistical: Statistical, reader: Reader, by: User, at: datetime | None = None
) -> None:
    """Seals them with the facts. Raises SealedCase.DoesNotExist, Refused, NotAReader."""
    with transaction.atomic(using=VAULT):
        case = case_for(case_id, by)
        if not by.has_role(*HANDLERS):
            raise Refused(_("Seules les personnes habilitées relèvent les faits."))
        change_facts(case, reader, {"statistical": statistical})
        audit.record("psea.sealedcase.note_statistics", by=by, target=case, using=VAULT, at=at)


def tables(*, reader: Reader, by: User, at: datetime) -> Tables:
    """What this reader's cases add up to, tests out. One row of audit."""
    reader.check_is(by)
    cases = list(SealedCase.objects.visible_to(by).counted())
    found = list(facts_by_case(cases, reader).values())
    audit.record("psea.sealedcase.count", by=by, using=VAULT, at=at, cases=len(found))
    told = sum(not facts.statistical.is_empty for facts in found)
    return Tables(cases=len(found), told=told, by=_counted(found))


def _counted(found: Iterable[Facts]) -> Mapping[str, Mapping[str, int]]:
    by: dict[str, Counter[str]] = {
        name: Counter() for name in ("allegation", "author_kind", "measure", "channel", "year")
    }
    people: dict[str, Counter[str]] = {"victims": Counter(), "authors": Counter()}
    for facts in found:
        said = facts.statistical
        for name in ("allegation", "author_kind", "measure"):
            by[name][getattr(said, name)] += 1
        by["channel"][facts.channel] += 1
        by["year"][str(facts.incident_on.year) if facts.incident_on is not None else ""] += 1
        people["victims"].update(said.victims)
        people["authors"].update(said.authors)
    return {**by, **people}
