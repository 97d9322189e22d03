"""The report of a quarter, as the country team reads it: verified values, what is late, what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import DASH, format_date, format_number
from core.periods import Quarter
from directory.models import User
from workplan.asked_of_team import Requests, asked_of_team
from workplan.checks import closing_of
from workplan.document.sheet import Part, Sheet, Table
from workplan.enums import ReadingState
from workplan.measures import MEASURES
from workplan.models import Axis, Indicator, Plan, QuarterClosing, Reading
from workplan.progress import standing
from workplan.releases import lines_of
from workplan.reviews import Late, Review, review
from workplan.tables import indicators_in, tree_of

LONGEST_NARRATIVE = 400


def quarter_report(plan: Plan, quarter: Quarter, user: User) -> Sheet:
    """In: a plan, a quarter, the reader. Out: the report. Values that are not verified are named and not given.

    Of a quarter that a meeting closed, values are those of its minutes, beside what a correction made of them since.
    """
    axes, found, closing = tree_of(plan), review(plan, quarter, user), closing_of(plan.pk, quarter)
    values = _Values(plan, quarter, list(indicators_in(axes)), closing)
    parts = [
        Part(_("En bref"), lines=_in_short(found, closing)),
        *(_axis(axis, values, quarter) for axis in axes),
        _late(found.late),
        *([Part(_("Ce que la réunion a constaté et décidé"), more=closing.words)] if closing and closing.words else []),
        requests_part(asked_of_team(plan, quarter)),
    ]
    return Sheet(
        name=f"rapport-{plan.pk}-{quarter.code}",
        title=_("Rapport du %(quarter)s") % {"quarter": quarter},
        lead=f"{plan.title} · {plan.owner}",
        parts=parts,
        foot=_(
            "Seules les valeurs vérifiées sont données. Celles qui viennent de faits scellés ne paraissent qu’à la "
            "clôture, et jamais quand le nombre est petit."
        ),
    )


def requests_part(asked: Requests) -> Part:
    """What is asked of the team, then what is blocked and why."""
    blocked = [f"{each.activity.number} {each.activity.title} : {each.reason}" for each in asked.blocked]
    more = _("Activités bloquées : %(list)s") % {"list": " ; ".join(blocked)} if blocked else ""
    nothing = "" if asked.lines or blocked else _("Rien n’est demandé pour ce trimestre.")
    return Part(_("Ce qui est demandé à l’EHP"), lines=asked.lines, more=more or nothing)


class _Values:
    """What is verified of a quarter, indicator by indicator."""

    def __init__(
        self, plan: Plan, quarter: Quarter, indicators: Sequence[Indicator], closing: QuarterClosing | None
    ) -> None:
        self.plan, self.quarter = plan, quarter
        self.readings: dict[int, list[Reading]] = {}
        for row in _verified(indicators):
            self.readings.setdefault(row.indicator_id, []).append(row)
        minutes = closing.values if closing else []
        self.frozen: Mapping[str, str] = {each["number"]: each["text"] for each in minutes if each["text"]}

    def row(self, indicator: Indicator) -> tuple[str, ...]:
        stands = standing(indicator, self.readings.get(indicator.pk, []))
        reading = stands.get(self.quarter)
        earlier = [each for each in stands if each < self.quarter]
        before = stands[max(earlier)].value.text if earlier else DASH
        narrative = reading.narrative if reading else ""
        return (
            f"{indicator.number} {indicator.title}",
            format_number(indicator.target),
            before,
            self._value(indicator, reading),
            narrative if len(narrative) <= LONGEST_NARRATIVE else f"{narrative[:LONGEST_NARRATIVE].rstrip()}…",
        )

    def _value(self, indicator: Indicator, reading: Reading | None) -> str:
        measure = MEASURES.get(indicator.measure)
        if measure is not None and measure.in_vault:
            return self._released(measure.name)
        now = reading.value.text if reading else ""
        then = self.frozen.get(indicator.number, "")
        if then and now and then != now:
            return _("%(then)s, corrigé depuis : %(now)s") % {"then": then, "now": now}
        return then or now or DASH

    def _released(self, measure: str) -> str:
        """What was published that covers the quarter, the narrowest period first."""
        lines = [line for line in lines_of(measure, self.plan.years) if line.covers(self.quarter)]
        line = next((line for line in lines if line.value is not None), None)
        if line is not None and line.value is not None:
            return f"{line.value.text} · {line.label}"
        return _("non publié") if lines else DASH


def _verified(indicators: Iterable[Indicator]) -> Iterable[Reading]:
    return Reading.objects.filter(indicator__in=list(indicators), place=None, state=ReadingState.VERIFIED)


def _in_short(found: Review, closing: QuarterClosing | None) -> list[str]:
    said = [
        ngettext("%(n)s valeur rapportée", "%(n)s valeurs rapportées", found.reported) % {"n": found.reported},
        ngettext("%(n)s vérifiée", "%(n)s vérifiées", found.verified) % {"n": found.verified},
        ngettext("%(n)s en attente de vérification", "%(n)s en attente de vérification", found.waiting)
        % {"n": found.waiting},
        ngettext("%(n)s indicateur en retard", "%(n)s indicateurs en retard", len(found.late)) % {"n": len(found.late)},
    ]
    if closing is not None:
        said.append(_("Trimestre clos le %(day)s.") % {"day": format_date(closing.closed_at)})
    return said


def _axis(axis: Axis, values: _Values, quarter: Quarter) -> Part:
    rows = [
        values.row(indicator)
        for objective in axis.objectives.all()
        for activity in objective.activities.all()
        for indicator in activity.indicators.all()
    ]
    headings = (_("Indicateur"), _("Cible"), _("Avant"), str(quarter), _("Ce qu’en dit le responsable"))
    title = _("Axe %(number)s : %(title)s") % {"number": axis.number, "title": axis.title}
    return Part(title, table=Table(headings, rows, frozenset({1, 2, 3})))


def _late(late: Sequence[Late]) -> Part:
    if not late:
        return Part(_("Ce qui est en retard"), more=_("Rien n’est en retard"))
    rows = [
        (
            f"{each.indicator.number} {each.indicator.title}",
            " ; ".join(each.leads) or DASH,
            ", ".join(str(quarter) for quarter in each.quarters),
        )
        for each in late
    ]
    headings = (_("Indicateur"), _("Responsables"), _("Trimestres attendus"))
    return Part(_("Ce qui est en retard"), table=Table(headings, rows))
