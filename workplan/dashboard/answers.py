"""How many of the referred had an answer, and how long it took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import DASH, format_fraction
from core.periods import Period, Quarter
from referrals import statistics as referrals
from workplan.charts import Bar, Series, bars, lines
from workplan.dashboard.asked import Asked
from workplan.dashboard.months import by_quarter, month_name, months_to, weeks_of, year_to
from workplan.dashboard.panel import WITHHELD, Panel, words
from workplan.dashboard.referred import referred_table
from workplan.dashboard.slices import Slices, cohorts
from workplan.suppression import TOTAL, is_small

Shown = tuple[int | None, int | None]
QUARTERS_SHOWN = 6


def by_month(asked: Asked) -> Panel:
    """Cases by the month of their first referral, and how many of the same had an answer by now; or by week."""
    if asked.by_week:
        return _by_week(asked)
    referrals.read_whole_months(year_to(asked.quarter))  # each quarter's, which its months are held against
    found = cohorts(asked, year_to(asked.quarter), "month")
    months = months_to(asked.quarter)
    shown: dict[str, Shown] = {}
    for names in by_quarter(months):
        quarter = Quarter(int(names[0][:4]), (int(names[0][5:]) + 2) // 3)
        shown |= _of_quarter(asked, found, quarter, {f"{name}-01": name for name in names})
    title, first = _("Cas référés et répondus, par mois"), _("Mois")
    description = _("Cas par mois de premier référencement, et parmi eux ceux qui ont une réponse à ce jour.")
    return _answered(title, description, first, shown, [month_name(month) for month in months])


def _by_week(asked: Asked) -> Panel:
    weeks = weeks_of(asked.quarter)
    found = cohorts(asked, asked.quarter.period, "day")
    shown = _of_quarter(asked, found, asked.quarter, {day: week.name for week in weeks for day in week.days})
    title, first = _("Cas référés et répondus, par semaine"), _("Semaine")
    description = _("Cas par semaine de premier référencement, et parmi eux ceux qui ont une réponse à ce jour.")
    return _answered(title, description, first, shown, [week.label for week in weeks], list(shown))


def _of_quarter(asked: Asked, found: Sequence[Slices], quarter: Quarter, rows: Mapping[str, str]) -> dict[str, Shown]:
    """In: what was found, the days of a quarter → the row each is counted in. Out: by row, how many were referred and
    had an answer, None where it is withheld. What the country's figure counts beyond them is a row too, and not shown.
    """
    here = [each.within(rows) for each in found]
    names = list(dict.fromkeys(rows.values()))
    table = referred_table(asked, here, quarter.period, names, rows.__getitem__)
    return {name: (table.values[name, TOTAL], table.values[name, "answered"]) for name in names}


def _answered(
    title: str,
    description: str,
    first: str,
    shown: Mapping[str, Shown],
    names: Sequence[str],
    in_full: Sequence[str] = (),
) -> Panel:
    """`shown`: oldest first; `names`: how each is drawn; `in_full`: how the table names them, where it has room."""
    referred = tuple(each for each, _answers in shown.values())
    answers = tuple(each for _referred, each in shown.values())
    chart = lines(
        "answers",
        title,
        description,
        names,
        [
            Series(_("Référés"), referred, tuple(map(words, referred))),
            Series(_("Répondus"), answers, tuple(map(words, answers))),
        ],
    )
    rows = [
        (name, words(whole), str(WITHHELD) if whole is None or part is None else format_fraction(part, whole))
        for name, whole, part in zip(in_full or names, referred, answers, strict=True)
    ]
    headings = (first, _("Référés"), _("Avec réponse"))
    note = _("Circuit ordinaire : les matières restreintes ne comptent que dans le chiffre du pays entier.")
    return Panel("answers", title, headings, rows, chart, is_wide=True, note=note, figure="answered")


def time_taken(asked: Asked) -> Panel:
    """The median of the last quarters."""
    items = [_median(asked, quarter, days, answered) for quarter, (days, answered) in medians(asked).items()]
    title = _("Temps pour répondre (médiane)")
    chart = bars("time", title, _("Du premier référencement à la première réponse, par trimestre."), items)
    rows = [(item.label, item.shown) for item in items]
    return Panel("time", title, (_("Trimestre"), _("Jours")), rows, chart, figure="days")


def medians(asked: Asked) -> dict[Quarter, tuple[int | None, int]]:
    """Of the last quarters, oldest first: the median days, and how many were answered."""
    shown = [asked.quarter]
    while len(shown) < QUARTERS_SHOWN:
        shown.insert(0, shown[0].previous)
    period = Period.between(shown[0].first_day, asked.quarter.last_day)
    found = referrals.medians_by_quarter(period, asked.scope, asked.about)
    return {quarter: found.get(quarter, (None, 0)) for quarter in shown}


def _median(asked: Asked, quarter: Quarter, days: int | None, answered: int) -> Bar:
    if asked.is_narrow and is_small(answered):
        return Bar(str(quarter), None, str(WITHHELD))
    shown = DASH if days is None else ngettext("%(n)s jour", "%(n)s jours", days) % {"n": days}
    return Bar(str(quarter), days, shown)
