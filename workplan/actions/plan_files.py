"""A plan from a file: read, its columns and its own facts confirmed, looked at, taken in whole."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.sheet_acts import unconfirmed
from core.transitions import Refused
from directory.models import User
from workplan.actions.plans import make_plan, update_plan
from workplan.document.actors import Links
from workplan.document.columns import COLUMNS, guessed
from workplan.document.comparing import Comparison, compared
from workplan.document.elements import Element, Elements, elements_of
from workplan.document.kinds import INDICATOR, KINDS, PLAN
from workplan.document.rows import tree_of
from workplan.document.tables import PlanTable, read_plan_table
from workplan.document.tree import Unreadable, from_entry, walked
from workplan.document.writing import yaml_entry
from workplan.models import Plan, PlanFile
from workplan.querysets import imports_plans


@dataclass(frozen=True)
class Looked:
    """What a file would do. `root` None: it is no plan yet. `plan`: the one that has its code. `problems`: where, why;
    while there is one, nothing is taken in. `unknown`: names of its secretariat that the directory does not know.
    """

    root: Element | None
    plan: Plan | None
    problems: list[tuple[str, str]]
    comparison: Comparison
    unknown: list[str]
    is_invented: bool = False

    @property
    def may_be_taken(self) -> bool:
        return self.root is not None and not self.problems and bool(self.comparison.new or self.comparison.changed)


@transaction.atomic
def upload_plan(content: bytes, *, once: uuid.UUID, by: User, at: datetime | None = None) -> PlanFile:
    """Reads the file and keeps it sealed until it is taken in. Raises Refused: not theirs, or no plan's file."""
    known = PlanFile.objects.visible_to(by).filter(pk=once).first()
    if known is not None:
        return known
    if not imports_plans(by, Plan.objects.all()):
        raise Refused(_("Le secrétariat d’un plan ou le groupe de travail fait entrer un plan."))
    file = PlanFile(pk=once, owner=by, uploaded_at=at or timezone.now())
    if _is_yaml(content):
        entry = yaml_entry(content)
        file.is_yaml, kept = True, content.decode("utf-8-sig")
        said: Mapping[str, Any] = {field.name: entry.get(field.name) for field in KINDS[PLAN].fields}
    else:
        table = read_plan_table(content)
        file.columns, file.row_count, kept = guessed(table.headers), len(table.rows), table.to_json()
        said = _facts_of(table, file.columns)
    file.seal(content=kept, facts=json.dumps(_as_typed(said), ensure_ascii=False))
    file.save(force_insert=True)
    audit.record(f"{file.journal}.upload", by=by, target=file, at=at, rows=file.row_count)
    return file


@transaction.atomic
def confirm_reading(file_id: Any, columns: Mapping[str, int], facts: Mapping[str, str], *, by: User) -> PlanFile:
    """Notes which column says what, and what is said of the plan itself. Raises Refused."""
    file = unconfirmed(PlanFile.objects.visible_to(by), file_id)
    if not file.is_yaml:
        file.columns = dict(columns)
        lacking = [name for name in ("activity_title", "indicator_title") if name not in columns]
        if lacking:
            words = ", ".join(str(COLUMNS[name][1].column) for name in lacking)
            raise Refused(_("Dites quelle colonne contient : %(columns)s.") % {"columns": words})
    file.seal(facts=json.dumps(dict(facts), ensure_ascii=False))
    file.save()
    return file


@transaction.atomic
def take_plan(
    file_id: Any, *, reason: str, about_nobody: bool = False, by: User, at: datetime | None = None
) -> PlanFile:
    """Makes the plan, or brings the one with its code to what the file says. Raises Refused, SaysTooMuch."""
    file = unconfirmed(PlanFile.objects.visible_to(by), file_id)
    found = looked_at(file)
    if found.root is None or not found.may_be_taken:
        raise Refused(_("Corrigez d’abord ce qui ne va pas : un plan entre en entier ou pas du tout."))
    if found.plan is None:
        file.plan = make_plan(
            found.root, reason=reason, is_invented=found.is_invented, about_nobody=about_nobody, by=by, at=at
        )
    else:
        update_plan(found.plan, found.root, reason=reason, about_nobody=about_nobody, by=by, at=at)
        file.plan = found.plan
    file.confirmed_at = file.finished_at = at or timezone.now()
    file.done_count = sum(element.kind == INDICATOR for element in walked(found.root))
    file.forget("content", "facts")
    file.save()
    audit.record(f"{file.journal}.take", by=by, target=file, at=at, plan=file.plan.code)
    return file


def table_of(file: PlanFile) -> PlanTable:
    """What a table holds, until it is taken in."""
    return PlanTable.from_json(file.unsealed("content"))


def facts_of(file: PlanFile) -> dict[str, str]:
    """What is said of the plan itself, in the writing of a cell."""
    text = file.unsealed("facts")
    return dict(json.loads(text)) if text else {}


def looked_at(file: PlanFile) -> Looked:
    """Reads the file as it would be taken in; nothing is written."""
    problems: list[tuple[str, str]] = []
    said: dict[str, Any] = {}
    texts = facts_of(file)
    for field in KINDS[PLAN].fields:
        try:
            said[field.name] = field.read(texts.get(field.name, ""))
        except ValueError as error:
            problems.append((_("Fiche du plan"), f"{field.label} : {error}"))
            said[field.name] = field.empty
    links = Links()
    unknown, said["secretariat"] = links.unknown(said["secretariat"]), links.spelt(said["secretariat"])
    plan = Plan.objects.filter(code=said["code"]).first() if said["code"] else None
    elements = elements_of(plan) if plan else {}
    root, more, is_invented = _read(file, said, elements)
    comparison = compared(elements, root) if root else Comparison()
    return Looked(root, plan, [*problems, *more], comparison, unknown, is_invented)


def _read(file: PlanFile, said: dict[str, Any], here: Elements) -> tuple[Element | None, list[tuple[str, str]], bool]:
    if not file.is_yaml:
        return *tree_of(table_of(file), file.columns, said, here), False
    entry = yaml_entry(file.unsealed("content").encode())
    try:
        return from_entry({**entry, **said}), [], entry.get("is_invented") is True
    except Unreadable as error:
        return None, error.problems, False


def _is_yaml(content: bytes) -> bool:
    """A table of a spreadsheet, as text, does not begin with its `plan:`."""
    start = content[:20_000].decode("utf-8", "replace").lstrip("\ufeff")
    lines = (line for line in start.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    return next(lines, "").rstrip() in ("plan:", "---")


def _as_typed(said: Mapping[str, Any]) -> dict[str, str]:
    """Values, or texts already, in the writing of a cell."""
    typed = {}
    for field in KINDS[PLAN].fields:
        value = said.get(field.name)
        try:
            typed[field.name] = value if isinstance(value, str) else field.shown(field.checked(value))
        except ValueError:
            typed[field.name] = ""
    return typed


def _facts_of(table: PlanTable, columns: Mapping[str, int]) -> dict[str, Any]:
    years = [int(name[-4:]) for name in columns if name.startswith("year_")]
    return {"country": settings.COUNTRY.code, "years": ", ".join(map(str, sorted(years)))} | table.facts
