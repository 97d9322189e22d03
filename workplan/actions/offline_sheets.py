"""A reporting sheet that was filled offline, loaded back: what changed meanwhile is shown, and never overwritten."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from core import audit
from core.periods import Quarter
from core.transitions import Conflict, Refused
from directory.models import User
from workplan.actions import readings
from workplan.actions.readings import EDITABLE
from workplan.enums import Loaded
from workplan.models import Indicator, Plan, Reading
from workplan.offline import FilledLine, filled
from workplan.plans import CODE
from workplan.sheets import LineForm, newest_reading

# What nobody has saved yet was seen before anything was.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
BESIDE = {"seen", "about_nobody"}


@dataclass(frozen=True)
class LoadedLine:
    """`given` and `here`: what the workbook says and what stands here, for a line that was left as it is."""

    number: str
    became: Loaded
    indicator: Indicator | None = None
    given: str = ""
    here: str = ""
    why: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class LoadedSheet:
    plan: Plan
    quarter: Quarter
    lines: list[LoadedLine]


def load_sheet(content: bytes, *, submits: bool = False, by: User) -> LoadedSheet:
    """Saves each line that changes something, as a draft; `submits`: and submits it. Each line stands for itself.

    Raises Refused when it is no such workbook, or of a plan or quarter that does not exist.
    """
    said = filled(content)
    plan, code = Plan.objects.filter(code=said.plan).first(), CODE.fullmatch(said.quarter)
    if plan is None or code is None or int(code[1]) not in plan.years:
        raise Refused(_("Ce classeur est d’un plan ou d’un trimestre qui n’est pas ici."))
    quarter = Quarter(int(code[1]), int(code[2]))
    mine = Indicator.objects.reported_by(by).of_plan(plan.pk).select_related("activity")
    known = {indicator.number: indicator for indicator in mine}
    lines = [_loaded(line, known.get(line.number), quarter, submits=submits, by=by) for line in said.lines]
    audit.record(
        "workplan.sheet.load",
        by=by,
        target=plan,
        quarter=quarter.code,
        saved=sum(line.became in (Loaded.SAVED, Loaded.SUBMITTED) for line in lines),
        conflicts=sum(line.became == Loaded.CONFLICT for line in lines),
    )
    return LoadedSheet(plan, quarter, lines)


def _loaded(line: FilledLine, indicator: Indicator | None, quarter: Quarter, *, submits: bool, by: User) -> LoadedLine:
    if indicator is None:
        return LoadedLine(line.number, Loaded.WRONG, why=[_("Cet indicateur n’est pas de ceux que vous rapportez.")])
    reading = newest_reading(indicator, quarter, by)
    form = LineForm(line.data(_prefix(indicator)), indicator=indicator, reading=reading)
    if not form.is_valid():
        why = [f"{form.fields[name].label} : {text}" for name, texts in form.errors.items() for text in texts]
        return LoadedLine(line.number, Loaded.WRONG, indicator, why=why)
    if not set(form.changed_data) - BESIDE:
        return LoadedLine(line.number, Loaded.SAME, indicator)
    if reading is not None and (reading.state not in EDITABLE or reading.updated_at != line.seen):
        return _conflict(line, indicator, form, reading)
    try:
        saved = readings.save(
            indicator.pk,
            quarter,
            form.value(),
            by=by,
            narrative=form.cleaned_data["narrative"],
            evidence=form.cleaned_data["evidence"],
            seen=line.seen or NEVER,
        )
        if submits:
            readings.submit(saved.pk, by=by)
    except Conflict:
        return _conflict(line, indicator, form, newest_reading(indicator, quarter, by))
    except Refused as refused:
        return LoadedLine(line.number, Loaded.WRONG, indicator, given=form.value().text, why=[str(refused.reason)])
    return LoadedLine(line.number, Loaded.SUBMITTED if submits else Loaded.SAVED, indicator, given=form.value().text)


def _conflict(line: FilledLine, indicator: Indicator, form: LineForm, reading: Reading | None) -> LoadedLine:
    here = _("%(value)s (%(who)s)") % {
        "value": reading.value.text if reading else "",
        "who": (reading.submitted_by or reading.drafted_by or "–") if reading else "–",
    }
    return LoadedLine(line.number, Loaded.CONFLICT, indicator, form.value().text, here)


def _prefix(indicator: Indicator) -> str:
    return f"i{indicator.pk}"
