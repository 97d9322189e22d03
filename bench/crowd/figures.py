"""Times the figures of the plan and the dashboards in the product's settings; `bench.indicators` runs it.

python -m bench.crowd.figures TIMES    # prints {what: {figure: milliseconds}} as JSON
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

# ruff: noqa: E402  models need Django set up
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from core.actors import SYSTEM
from core.periods import Period, Quarter
from core.reading_once import reading_once
from directory.models import User
from feedback.models import CaseFacts
from referrals.tallying import differences, take_in, take_in_anew, tidy
from tests.cast import found_cast
from workplan.actions.closing import close_quarters
from workplan.bindings import Binding
from workplan.dashboard import answers, figures, panels, places
from workplan.dashboard.asked import Asked, DashboardFilters
from workplan.dashboard.months import year_to
from workplan.enums import Kind
from workplan.loading import follow_on_plan
from workplan.measures import MEASURES, REFERRED, cohort_cutoff
from workplan.signals import find_signals
from workplan.silence import silence

Once = Callable[[], object]
WARM = 2
OPEN = 300  # cases that were acted on since the job last took cases in: twenty seconds of a busy day
ASKED = {"": {}, "zone": {"scope": "LG"}, "one filter": {"sex": "female"}}
ASKED |= {"zone and two filters": {"scope": "LG", "sex": "female", "channel": "sms"}}
TOP_LINE = sorted({name for name, _title in figures.TOP_LINE.values()})
COVERING = (
    "create index bench_cases on feedback_case (received_at) "
    "include (lane, is_test, merged_into_id, state, category_id)",
    "create index bench_referrals on referrals_referral (first_sent_at) "
    "include (case_id, state, received_at, cycle, withdrawn_at, answer_kind, answered_at)",
    "create index bench_of_case on referrals_referral (case_id) "
    "include (first_sent_at, state, received_at, cycle, withdrawn_at, answer_kind, answered_at)",
)
BY_CATEGORY = """
    select category_id, count(*) from feedback_case
    where lane = 'ordinary' and not is_test and merged_into_id is null and state <> 'merged'
      and received_at >= %s and received_at < %s group by 1"""
BY_MONTH = """
    select date_trunc('month', first_sent), count(*), count(*) filter (where answered) from (
        select case_id, min(first_sent_at) as first_sent,
               bool_or(answer_kind in ('response', 'adjustment', 'service_provided')) as answered
        from referrals_referral
        where first_sent_at is not null
          and not (state = 'recalled' and received_at is null and cycle = 1 and withdrawn_at is null)
        group by case_id
        having min(first_sent_at) >= %s and min(first_sent_at) < %s) one
    join feedback_case c on c.id = one.case_id and not c.is_test and c.merged_into_id is null group by 1"""


def main(times: int) -> None:
    user, quarter = found_cast().ibrahim, Quarter.current()
    plan = follow_on_plan()
    found = {} if "--ours" in sys.argv else _beside(quarter, min(times, 5))
    began = time.monotonic()
    take_in_anew(_say)
    tidy(_say)
    print(f"sums made anew in {time.monotonic() - began:.0f} s", file=sys.stderr)
    for name, filters in ASKED.items():
        found[f"ours{name and ', '}{name}"] = _measured(_dashboard(filters, user), times)
    found["ours, plan and silence"] = _measured(_of_the_plan(quarter), times)
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0], "x-forwarded-proto": "https"})
    client.force_login(user)
    found["whole pages"] = _measured(_pages(client, plan.code), times)
    CaseFacts.objects.filter(pk__in=list(CaseFacts.objects.values_list("pk", flat=True)[:OPEN])).update(is_stale=True)
    found[f"ours, with {OPEN} cases open"] = _measured(_dashboard({}, user), times)
    jobs: dict[str, Once] = {
        f"take in {OPEN} cases": lambda: take_in(OPEN),
        "freeze a figure of a quarter": lambda: _freeze(quarter.previous),
        "close the quarters of the year that have ended": _close,
    }
    found["work of jobs"] = _measured(jobs, 1, warm=0)
    print(json.dumps(found))
    if "--check" in sys.argv:
        wrong = differences()
        assert not wrong, wrong[:5]


def _say(done: str) -> None:
    print(f"{timezone.now():%H:%M:%S} {done}", file=sys.stderr)


def _beside(quarter: Quarter, times: int) -> dict[str, dict[str, list[float]]]:
    found = {"GROUP BY over the tables": _measured(_plain(quarter), times)}
    for statement in COVERING:
        _run(statement)
    _run("vacuum analyze")
    found["the same, with covering indexes"] = _measured(_plain(quarter), times)
    for name in ("bench_cases", "bench_referrals", "bench_of_case"):
        _run(f"drop index {name}")
    return found


def _plain(quarter: Quarter) -> dict[str, Once]:
    period, year = quarter.previous.period, year_to(quarter)
    return {
        "by category, a quarter": lambda: _run(BY_CATEGORY, period),
        "referred and answered by month, a year": lambda: _run(BY_MONTH, year),
    }


def _dashboard(filters: dict[str, str], user: User) -> dict[str, Once]:
    """Each figure of the dashboard, of the quarter before this one: a whole quarter of cases."""
    now = DashboardFilters(filters).asked()
    asked = DashboardFilters({"period": Quarter.current().previous.code, **filters}).asked()
    return {
        **{f"top line: {name}, of a quarter": _of_top_line(name, asked) for name in TOP_LINE},
        **{
            f"top line: {name}, of the quarter before, at the same day": _of_top_line(name, now.before)
            for name in TOP_LINE
        },
        "volume by month and channel": lambda: panels.volume(asked),
        "from said to settled": lambda: panels.to_settled(asked),
        "referred and answered by month": lambda: answers.by_month(asked),
        "median days by quarter": lambda: answers.time_taken(asked),
        "by place": lambda: places.by_place(asked),
        "by category": lambda: panels.by_category(asked),
        "by channel": lambda: panels.by_channel(asked),
        "refusals by reason": lambda: panels.refusals(asked),
        "own agency and the median": lambda: panels.agency(asked, user),
        "categories by region": lambda: places.category_by_region(asked),
    }


def _of_top_line(name: str, asked: Asked) -> Once:
    return lambda: MEASURES[name].compute(asked.period, asked.over, asked.cutoff)


def _of_the_plan(quarter: Quarter) -> dict[str, Once]:
    over = {"": {}, ", % LG": {"scope": "LG"}}
    bound = {f"{REFERRED}{name}": Binding(MEASURES[REFERRED], {}, share) for name, share in over.items()}
    bound |= {name: Binding(measure) for name, measure in MEASURES.items() if not measure.in_vault and name != REFERRED}
    found: dict[str, Once] = {
        f"measure {name}": lambda one=each: one.measured(Kind.COUNT_WITH_SHARE, quarter.previous.period)  # type: ignore[misc]
        for name, each in bound.items()
    }
    found["signals, over a year"] = lambda: find_signals(quarter.previous)
    return found | {"silence, over a year": lambda: silence(quarter, "population")}


def _pages(client: Client, plan: str) -> dict[str, Once]:
    def look(address: str) -> Once:
        def once() -> None:
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)

        return once

    dashboards = ("", "?scope=LG", "?sex=female", "?step=week", "?scope=LG&sex=female&channel=sms")
    addresses = [*(f"/dashboard/{query}" for query in dashboards), "/dashboard/lineage/?figure=referred"]
    addresses += [f"/workplan/?plan={plan}", "/dashboard/silence/"]
    return {f"`{address}`": look(address) for address in addresses}


def _freeze(quarter: Quarter) -> None:
    """What closing does for one indicator: its value at the cut-off, and the digest of the counted cases."""
    binding = Binding(MEASURES[REFERRED])
    binding.measured(Kind.COUNT_WITH_SHARE, quarter.period, min(cohort_cutoff(quarter.period), timezone.now()))
    binding.digest(quarter.period)


def _close() -> None:
    """What the job does the day a quarter can be closed: every computed indicator of the plan is frozen."""
    print(f"{close_quarters(by=SYSTEM)} figures frozen", file=sys.stderr)


def _run(sql: str, period: Period | None = None) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [period.start, period.end] if period else None)
        return list(cursor.fetchall()) if cursor.description else []


def _measured(each: dict[str, Once], times: int, warm: int = WARM) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for name, once in each.items():
        seen = []
        for _n in range(times + warm):
            began = time.perf_counter()
            with reading_once():  # as within a page
                once()
            seen.append(1000 * (time.perf_counter() - began))
        found[name] = seen[warm:]
        print(f"{name}: {min(seen):.1f} ms at best", file=sys.stderr)
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]))
