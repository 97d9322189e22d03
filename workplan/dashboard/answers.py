"""How many of the referred had an answer, and how long it took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import DASH, format_fraction
from core.periods import Period, Quarter
from referrals import statistics as referrals
from referrals.statistics import Cohort
from workplan.charts import Bar, Series, bars, lines
from workplan.dashboard.asked import Asked
from workplan.dashboard.months import month_name, months_to, weeks_of, year_to
from workplan.dashboard.panel import WITHHELD, Panel, words
from workplan.suppression import is_small, publishable_list

QUARTERS_SHOWN = 6


def by_month(asked: Asked) -> Panel:
    """Cases by the month of their first referral, and how many of the same had an answer by now; or by week."""
    if asked.by_week:
        return _by_week(asked)
    found = referrals.cohorts_by_month(year_to(asked.quarter), asked.scope, about=asked.about)
    cohorts = {f"{month:%Y-%m}": cohort for month, cohort in found.items()}
    months = months_to(asked.quarter)
    title, first = _("Cas référés et répondus, par mois"), _("Mois")
    description = _("Cas par mois de premier référencement, et parmi eux ceux qui ont une réponse à ce jour.")
    return _answered(title, description, first, cohorts, months, [month_name(month) for month in months])


def _by_week(asked: Asked) -> Panel:
    weeks = weeks_of(asked.quarter)
    found = referrals.cohorts_by_day(asked.quarter.period, asked.scope, asked.about)
    cohorts = {
        week.name: Cohort(
            sum(cohort.referred for day, cohort in found.items() if day in week),
            sum(cohort.answered for day, cohort in found.items() if day in week),
        )
        for week in weeks
    }
    title, first = _("Cas référés et répondus, par semaine"), _("Semaine")
    description = _("Cas par semaine de premier référencement, et parmi eux ceux qui ont une réponse à ce jour.")
    return _answered(title, description, first, cohorts, list(cohorts), [week.label for week in weeks], list(cohorts))


def _answered(
    title: str,
    description: str,
    first: str,
    cohorts: Mapping[str, Cohort],
    months: Sequence[str],
    names: Sequence[str],
    in_full: Sequence[str] = (),
) -> Panel:
    """`months`: keys of the cohorts, oldest first, those without any included; `names`: how each is drawn; `in_full`:
    how the table names them, where it has more room.
    """
    referred = publishable_list({month: cohorts.get(month, Cohort()).referred for month in months})
    answered = {month: cohorts.get(month, Cohort()).answered for month in months}
    published = [referred[month] is not None and not is_small(answered[month]) for month in months]
    answers = [answered[month] if shown else None for month, shown in zip(months, published, strict=True)]
    chart = lines(
        "answers",
        title,
        description,
        names,
        [
            Series(_("Référés"), tuple(referred[m] for m in months), tuple(words(referred[m]) for m in months)),
            Series(_("Répondus"), tuple(answers), tuple(words(count) for count in answers)),
        ],
    )
    shares = [
        format_fraction(answered[month], referred[month]) if shown else str(WITHHELD)
        for month, shown in zip(months, published, strict=True)
    ]
    rows = [(name, words(referred[m]), share) for name, m, share in zip(in_full or names, months, shares, strict=True)]
    headings = (first, _("Référés"), _("Avec réponse"))
    return Panel("answers", title, headings, rows, chart, is_wide=True, figure="answered")


def time_taken(asked: Asked) -> Panel:
    """The median of the last quarters."""
    quarters = [asked.quarter]
    while len(quarters) < QUARTERS_SHOWN:
        quarters.insert(0, quarters[0].previous)
    found = referrals.medians_by_quarter(
        Period.between(quarters[0].first_day, asked.quarter.last_day), asked.scope, asked.about
    )
    items = [_median(asked, quarter, *found.get(quarter, (None, 0))) for quarter in quarters]
    title = _("Temps pour répondre (médiane)")
    chart = bars("time", title, _("Du premier référencement à la première réponse, par trimestre."), items)
    rows = [(item.label, item.shown) for item in items]
    return Panel("time", title, (_("Trimestre"), _("Jours")), rows, chart, figure="days")


def _median(asked: Asked, quarter: Quarter, days: int | None, answered: int) -> Bar:
    if asked.is_narrow and is_small(answered):
        return Bar(str(quarter), None, str(WITHHELD))
    shown = DASH if days is None else ngettext("%(n)s jour", "%(n)s jours", days) % {"n": days}
    return Bar(str(quarter), days, shown)
