"""How many segments may leave in a day, over all lines and by each. Receipts always leave; the rest waits a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from core.leaving import ALWAYS, BUDGET, Turn, Verdict
from core.models import DaySpend
from core.sms_encoding import measure

OVERALL = ""
ALARMS = (80, 100)


@dataclass(frozen=True)
class Budget:
    """The segments of one day. `line` is "" for all lines together; `limit` 0 where there is no budget."""

    line: str
    limit: int
    spent: int

    @property
    def alarm(self) -> int:
        """The highest alarm reached, in percent; 0 when none is."""
        if not self.limit:
            return 0
        return max((level for level in ALARMS if self.spent * 100 >= self.limit * level), default=0)

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return {0: "done", 80: "waiting"}.get(self.alarm, "late")


def limits() -> dict[str, int]:
    """The budgets that are set, by line; "" is the one over all."""
    said = {OVERALL: settings.SMS_DAY_BUDGET, **settings.SMS_DAY_BUDGET_BY_LINE}
    return {line: int(limit) for line, limit in said.items() if int(limit) > 0}


def budget_of(line: str, day: date | None = None) -> Budget:
    """What one line, or all ("") , spent on a day (today), and of how much."""
    rows = DaySpend.objects.filter(day=day or timezone.localdate())
    if line != OVERALL:
        rows = rows.filter(line=line)
    return Budget(line, limits().get(line, 0), sum(rows.values_list("segments", flat=True)))


def budgets(day: date | None = None) -> list[Budget]:
    """Every budget that is set, the one over all first."""
    return [budget_of(line, day) for line in sorted(limits())]


def within_budget(turn: Turn, /) -> Verdict | None:
    """Past midnight the count begins anew."""
    if turn.kind in ALWAYS or not limits():
        return None
    cost = measure(turn.body).segments
    asked = [budget_of(line) for line in limits() if line in (OVERALL, turn.line)]
    is_over = any(budget.spent + cost > budget.limit for budget in asked)
    return Verdict(BUDGET, _next_midnight()) if is_over else None


def note_spent(line: str, body: str) -> None:
    """Adds what this text cost to its line's day."""
    today, cost = timezone.localdate(), measure(body).segments
    if not DaySpend.objects.filter(day=today, line=line).update(segments=F("segments") + cost):
        DaySpend.objects.get_or_create(day=today, line=line)
        DaySpend.objects.filter(day=today, line=line).update(segments=F("segments") + cost)


def _next_midnight() -> datetime:
    here = timezone.localtime()
    return datetime.combine(here.date() + timedelta(days=1), datetime.min.time(), tzinfo=here.tzinfo)
