"""One page for the country team and donors: what people said, what changed, who was answered, who is silent, what is
asked.

Collective figures of the ordinary lane (of the cohort, as DESIGN §5 defines it), none of which is a small number: the
page leaves the platform.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import DASH, format_date, format_fraction, format_number
from core.periods import Quarter
from feedback import statistics as feedback
from feedback.models import Category
from referrals.statistics import Cohort, referred_cohort
from workplan.asked_of_team import asked_of_team
from workplan.dashboard.panel import WITHHELD
from workplan.document.sheet import Part, Sheet
from workplan.measures import DAYS_MEDIAN, EVERYTHING, MEASURES, SAID, cohort_cutoff, silent_groups
from workplan.models import PlaceNote, Plan
from workplan.notes import poster_blocks
from workplan.quarter_report import requests_part
from workplan.suppression import is_small, publishable_list

# What one page has room for.
CATEGORIES, DONE, SILENT, ASKED, LONGEST = 5, 5, 8, 6, 180


def one_page(plan: Plan, quarter: Quarter) -> Sheet:
    """In: a plan and a quarter. Out: the page, as of the cut-off once it has passed."""
    cutoff = cohort_cutoff(quarter.period)
    stop = cutoff if cutoff <= timezone.now() else None
    cohort = referred_cohort(quarter.period, cutoff=stop)
    asked = requests_part(asked_of_team(plan, quarter))
    parts = [
        _said(quarter),
        _changed(quarter, cohort),
        _answered(quarter, cohort, stop),
        _silent(quarter),
        Part(asked.title, lines=[_short(line) for line in asked.lines[:ASKED]], more=_short(asked.more)),
    ]
    until = _("arrêtés au %(day)s") % {"day": format_date(stop)} if stop else _("à ce jour")
    return Sheet(
        name=f"une-page-{plan.pk}-{quarter.code}",
        title=_("Redevabilité : le %(quarter)s en une page") % {"quarter": quarter},
        lead=f"{plan.owner} · {_('Chiffres')} {until}",
        parts=parts,
        foot=_(
            "Toutes organisations ensemble. Ni les matières restreintes ni les matières scellées n’entrent dans ce qui "
            "est dit ; les petits nombres ne sont pas publiés (n. p.)."
        ),
    )


def _said(quarter: Quarter) -> Part:
    now, before = _count_said(quarter), _count_said(quarter.previous)
    counts = {code: n for (code,), n in feedback.said_by("category", period=quarter.period).items() if code}
    shown = publishable_list(counts)
    labels = dict(Category.objects.values_list("code", "label"))
    largest = sorted((code for code in counts if shown[code]), key=lambda code: (-(shown[code] or 0), code))
    lines = [f"{labels.get(code, code)} : {format_number(shown[code])}" for code in largest[:CATEGORIES]]
    figure = _("%(now)s retours (trimestre précédent : %(before)s)") % {"now": now, "before": before}
    return Part(_("Ce que les gens ont dit"), figure, lines)


def _count_said(quarter: Quarter) -> str:
    measured = MEASURES[SAID].compute(quarter.period, EVERYTHING, None)
    return _published(measured.value.number if measured else None)


def _changed(quarter: Quarter, cohort: Cohort) -> Part:
    """What answers changed in programmes, and what was said back to places in approved words."""
    figure = ngettext(
        "%(n)s dossier a fait changer quelque chose dans un programme",
        "%(n)s dossiers ont fait changer quelque chose dans un programme",
        cohort.adjustments,
    ) % {"n": _published(cohort.adjustments)}
    done = [f"{note.place} : {line}" for note in _notes(quarter) for line in _done(note)]
    more = "" if done else _("Aucune note « Vous avez dit, nous avons fait » n’a été approuvée pour ce trimestre.")
    return Part(_("Ce qui a changé"), figure, [_short(line) for line in done[:DONE]], more=more)


def _notes(quarter: Quarter) -> Sequence[PlaceNote]:
    """The approved ones, each in its last words."""
    rows = PlaceNote.objects.filter(year=quarter.year, quarter=quarter.number, approved_at__isnull=False)
    return list(rows.exclude(later__approved_at__isnull=False).select_related("place").order_by("place__pcode"))


def _done(note: PlaceNote) -> Sequence[str]:
    """The lines of the poster's last block: what was done."""
    blocks = poster_blocks(note.poster)
    return blocks[-1][1] if blocks else []


def _answered(quarter: Quarter, cohort: Cohort, stop: datetime | None) -> Part:
    measured = MEASURES[DAYS_MEDIAN].compute(quarter.period, EVERYTHING, stop)
    days = measured.value.number if measured and not any(is_small(n) for n in measured.people) else None
    lines = [
        _("Dans le délai : %(share)s") % {"share": _share(cohort.on_time, cohort.referred)},
        _("Réglé, selon la personne : %(share)s") % {"share": _share(cohort.confirmed, cohort.referred)},
        _("Jours pour répondre (médiane) : %(days)s") % {"days": format_number(days)},
    ]
    figure = _("Cas référés qui ont reçu une réponse, un ajustement ou un service : %(share)s") % {
        "share": _share(cohort.answered, cohort.referred)
    }
    return Part(_("Taux de réponse"), figure, lines)


def _silent(quarter: Quarter) -> Part:
    groups = silent_groups(quarter.period, EVERYTHING)
    count = len(groups)
    figure = ngettext("%(n)s groupe n’a rien dit", "%(n)s groupes n’ont rien dit", count) % {"n": count}
    others = count - SILENT
    more = ngettext("et %(n)s autre", "et %(n)s autres", others) % {"n": others} if others > 0 else ""
    said = " ; ".join(groups[:SILENT])
    return Part(_("Groupes silencieux"), figure, more=f"{said} {more}".strip())


def _published(count: int | None) -> str:
    if count is None:
        return DASH
    return str(WITHHELD) if is_small(count) else format_number(count)


def _share(numerator: int, denominator: int) -> str:
    """The country over, as on the dashboard: that few had no answer names nobody."""
    return str(WITHHELD) if is_small(numerator) or is_small(denominator) else format_fraction(numerator, denominator)


def _short(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rstrip()}…"
