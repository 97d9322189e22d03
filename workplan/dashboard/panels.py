"""What was said and what became of it: by month, category, reason, step; and one's own agency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import DASH, format_fraction, format_percent
from directory.models import User
from directory.roles import Role
from feedback.enums import Channel
from referrals import agency_statistics
from referrals.enums import Refusal
from workplan.charts import Bar, Series, bars, funnel, lines
from workplan.dashboard.asked import Asked
from workplan.dashboard.months import by_quarter, month_name, months_of, months_to, weeks_of, year_to
from workplan.dashboard.panel import Panel, list_panel, words
from workplan.dashboard.places import categories_by_region, category_labels
from workplan.dashboard.referred import NOTE, referred_by
from workplan.dashboard.slices import published_steps, table_of, totals_of, voices
from workplan.suppression import TOTAL, Place, Table

# An agency sees itself and the median; observers see collective figures (DESIGN §5).
SEES_OWN_AGENCY = (
    Role.FOCAL_POINT,
    Role.AGENCY_MANAGER,
    Role.OPERATOR,
    Role.WORKPLAN_LEAD,
    Role.WORKING_GROUP,
)
STEPS = ("said", "triaged", "referred", "answered", "told", "settled")
# Lines that a reader can tell apart on one picture; the table has every channel.
DRAWN = 3


def volume(asked: Asked) -> Panel:
    """By month and channel, over the twelve months that end with the quarter; or by week of the quarter."""
    if asked.by_week:
        return _by_week(asked)
    found = voices(asked, year_to(asked.quarter), ["said"], "month", "channel")
    months = months_to(asked.quarter)
    tables = [(each.own, each.tables(lambda key, counts: [((key[0], key[1]), counts[0])])) for each in found]
    quarters = [_table_of_quarter(tables, names) for names in by_quarter(months)]
    said = tables[0][1][tables[0][0]]
    totals = {channel: sum(n for (_month, each), n in said.items() if each == channel) for _month, channel in said}
    channels = sorted((each for each in totals if totals[each]), key=lambda each: (-totals[each], each))
    values = {
        (month, channel): of.values.get((month, channel), 0)
        for of in quarters
        for month in of.rows
        for channel in (*channels, TOTAL)
    }
    for channel in (*channels, TOTAL):
        parts = [of.values.get((TOTAL, channel), 0) for of in quarters]
        values[TOTAL, channel] = None if None in parts else sum(part or 0 for part in parts)
    table = Table(months, channels, values)
    labels = {each: str(Channel(each).label) for each in channels}
    drawn = [_line(_("Ensemble"), table, months, TOTAL)]
    drawn += [_line(labels[each], table, months, each) for each in channels[:DRAWN]]
    title = _("Ce qui a été dit, par mois et par canal")
    names = [month_name(month) for month in months]
    chart = lines("volume", title, _("L’ensemble, puis les canaux les plus utilisés."), names, drawn)
    rows = [(name, *map(words, table.row(month))) for name, month in zip(names, months, strict=True)]
    headings = (_("Mois"), *(labels[each] for each in channels), _("Ensemble"))
    return Panel(
        "volume",
        title,
        headings,
        [*rows, (_("Ensemble"), *map(words, table.total_row))],
        chart,
        is_wide=True,
        figure="said",
    )


def _table_of_quarter(tables: Sequence[tuple[str, Mapping[str, Mapping[Place, int]]]], months: Sequence[str]) -> Table:
    """Each quarter by itself, so that a month is withheld in the same way whichever quarter a page ends with."""
    here = [
        (own, {name: {at: n for at, n in counts.items() if at[0] in months} for name, counts in of.items()})
        for own, of in tables
    ]
    channels = sorted({channel for _own, of in here for counts in of.values() for _month, channel in counts})
    return table_of(here, months, channels)


def _by_week(asked: Asked) -> Panel:
    """All channels together: cut into weeks and channels, most of what is said would be small numbers."""
    weeks = weeks_of(asked.quarter)
    found = voices(asked, asked.quarter.period, ["said"], "day")
    named = {day: week.name for week in weeks for day in week.days}
    tables = [
        (each.own, each.tables(lambda key, counts: [((named[key[0]], "n"), counts[0])] if key[0] in named else []))
        for each in found
    ]
    table = table_of(tables, [week.name for week in weeks], ["n"])
    shown = {name: table.values[name, "n"] for name in (*table.rows, TOTAL)}
    title = _("Ce qui a été dit, par semaine")
    values = tuple(shown[week.name] for week in weeks)
    drawn = [Series(_("Ensemble"), values, tuple(words(count) for count in values))]
    description = _("Tous canaux ensemble. La première et la dernière semaine peuvent être coupées par le trimestre.")
    chart = lines("volume", title, description, [week.label for week in weeks], drawn)
    rows = [(week.name, words(shown[week.name])) for week in weeks] + [(_("Ensemble"), words(shown[TOTAL]))]
    return Panel("volume", title, (_("Semaine"), _("Ensemble")), rows, chart, is_wide=True, figure="said")


def by_category(asked: Asked) -> Panel:
    """Restricted and sealed matters are not in it."""
    table, own = categories_by_region(asked)
    referred = referred_by(asked, "category")
    labels = category_labels() | {"": _("pas encore trié")}
    counts = {code: own[code, TOTAL] for code in table.rows if own[code, TOTAL]} | dict.fromkeys(referred.own, 0)
    counts |= {code: own[code, TOTAL] for code in counts}
    shown = {code: table.values.get((code, TOTAL), 0) for code in (*counts, TOTAL)}
    title = _("Par catégorie")
    return list_panel("category", title, counts, labels, str(NOTE), shown=shown, beside=referred, figure="said")


def by_channel(asked: Asked) -> Panel:
    """Of the quarter: what the months of its table by channel add up to."""
    found = voices(asked, asked.quarter.period, ["said"], "month", "channel")
    tables = [(each.own, each.tables(lambda key, counts: [((key[0], key[1]), counts[0])])) for each in found]
    table = _table_of_quarter(tables, months_of(asked.quarter))
    referred = referred_by(asked, "channel")
    own: Counter[str] = Counter(dict.fromkeys(referred.own, 0))
    for (_month, channel), count in tables[0][1][tables[0][0]].items():
        own[channel] += count
    shown = {channel: table.values.get((TOTAL, channel), 0) for channel in (*own, TOTAL)}
    labels = {each.value: str(each.label) for each in Channel}
    return list_panel("channel", _("Par canal"), own, labels, str(NOTE), shown=shown, beside=referred, figure="said")


def refusals(asked: Asked) -> Panel:
    """Why receivers said "not us", over all agencies."""
    counts = agency_statistics.refusals_by_reason(None, asked.quarter.period)
    labels = {each.value: str(each.label) for each in Refusal}
    note = _("Toutes organisations, tout le pays : seul le trimestre filtre ce tableau.")
    return list_panel("refusals", _("Motifs de refus"), counts, labels, note, figure="refused")


def to_settled(asked: Asked) -> Panel:
    """From said to settled, of what was received in the quarter."""
    found = voices(asked, asked.quarter.period, STEPS)
    counts = dict(totals_of(found[0], len(STEPS)))[found[0].own]
    named = [
        _("dit"),
        _("trié"),
        _("référé"),
        _("répondu"),
        _("réponse dite à la personne"),
        _("réglé, selon la personne"),
    ]
    kept = set.intersection(*(published_steps(each.own, dict(totals_of(each, len(STEPS)))) for each in found))
    shown = [(label, counts[at] if at in kept else None) for at, label in enumerate(named)]
    items = [Bar(label, count, words(count)) for label, count in shown]
    title = _("De ce qui est dit à ce qui est réglé")
    chart = funnel("funnel", title, _("Chaque étape au regard de la première, à ce jour."), items)
    rows = [(item.label, item.shown) for item in items]
    return Panel("funnel", title, (_("Étape"), _("Dossiers")), rows, chart, figure="said")


def agency(asked: Asked, user: User) -> Panel | None:
    """One's own agency against the collective median: no league table. None for who sees collective figures only."""
    if not user.has_role(*SEES_OWN_AGENCY):
        return None
    period = asked.quarter.period
    own = agency_statistics.agency_shares(user.organisation_id, period)
    median = agency_statistics.collective_medians(period)
    shown = {key: format_fraction(getattr(own, key), own.received) for key in own.shares}
    named = {
        "decided_on_time": _("décidés dans le délai"),
        "answered": _("répondus"),
        "answered_on_time": _("répondus dans le délai"),
        "refused": _("refusés"),
    }
    n = median.organisations
    us = str(user.organisation)
    them = ngettext("Médiane de %(n)s organisation", "Médiane de %(n)s organisations", n) % {"n": n}
    items = [
        bar
        for key, label in named.items()
        for bar in (
            Bar(f"{label} · {us}", own.shares[key], shown[key], strong=True),
            Bar(f"{label} · {_('médiane')}", median.shares[key], _percent(median.shares[key])),
        )
    ]
    title = _("Votre organisation et la médiane")
    chart = bars("agency", title, _("Parts des référencements reçus dans le trimestre."), items)
    rows = [(label, shown[key], _percent(median.shares[key])) for key, label in named.items()]
    note = f"{_('Parts des référencements reçus dans le trimestre, circuit ordinaire.')} {them}."
    return Panel("agency", title, (_("Part"), us, them), rows, chart, note=note)


def _line(label: str, table: Table, months: Sequence[str], column: str) -> Series:
    counts = [table.values[month, column] for month in months]
    return Series(label, tuple(counts), tuple(words(count) for count in counts))


def _percent(share: int | None) -> str:
    return DASH if share is None else format_percent(share)
