"""A figure from its register: the entries of a quarter, what they add up to, their share and their parts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from core.periods import Quarter
from directory.models import Place, Scope
from workplan.enums import Kind
from workplan.models import Indicator, Plan, RegisterEntry
from workplan.registers.rules import FOCUS, Rule
from workplan.values import Value

# A change of what counting means is another version: verified readings keep the one they were counted by.
VERSION = "1"


@dataclass(frozen=True)
class Counted:
    """`lacking`: the counted entries that do not say the number that is added up."""

    value: Value
    entries: Sequence[RegisterEntry]
    lacking: int = 0

    @property
    def digest(self) -> str:
        """SHA-256 over what was counted, so that the figure can be compared with a recount; "" for nothing."""
        lines = sorted(
            f"{entry.pk} {entry.day} {entry.place_id} {entry.about_focus} {sorted(entry.facts.items())}"
            for entry in self.entries
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else ""


class Counting:
    """The registers of one plan: their living entries and its geographic focus, read once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def entries(self) -> list[RegisterEntry]:
        rows = RegisterEntry.objects.living().filter(plan=self.plan).defer("words")
        return list(rows.select_related("place").order_by("day", "entered_at"))

    @cached_property
    def focus(self) -> frozenset[str]:
        """The P-codes of the plan's geographic focus: its cercles, and the regions that lie wholly within it."""
        scope = Scope.objects.filter(is_focus=True).first()
        cercles = scope.pcodes() if scope else frozenset()
        within: dict[str, bool] = {}
        for region, cercle in Place.objects.cercles().values_list("parent__pcode", "pcode"):
            within[region] = within.get(region, True) and cercle in cercles
        return cercles | {region for region, is_whole in within.items() if is_whole}

    def counted(self, indicator: Indicator, quarter: Quarter) -> Counted | None:
        """What the register makes of one quarter; None where the indicator has none."""
        rule = indicator.rule
        if rule is None:
            return None
        entries = [entry for entry in self.entries if self._counts(entry, rule, quarter)]
        lacking = sum(entry.facts.get(rule.adds) is None for entry in entries) if rule.adds else 0
        return Counted(self._value(Kind(indicator.kind), rule, entries), entries, lacking)

    def is_in_focus(self, entry: RegisterEntry) -> bool:
        """As it says itself; else by its place."""
        if entry.about_focus is not None:
            return entry.about_focus
        return entry.place is not None and entry.place.pcode in self.focus

    def _counts(self, entry: RegisterEntry, rule: Rule, quarter: Quarter) -> bool:
        if entry.kind != rule.register.code or not all(self._has(entry, *each) for each in rule.where.items()):
            return False
        if not rule.running:
            return quarter.first_day <= entry.day <= quarter.last_day
        return entry.day <= quarter.last_day and (entry.until is None or entry.until >= quarter.last_day)

    def _has(self, entry: RegisterEntry, name: str, value: str) -> bool:
        if name == FOCUS:
            return self.is_in_focus(entry) == (value in ("", "true"))
        return _spelt(entry.facts.get(name)) == value

    def _value(self, kind: Kind, rule: Rule, entries: Sequence[RegisterEntry]) -> Value:
        number = _amount(entries, rule.adds)
        part = None
        if rule.share:
            name, _equals, value = rule.share.partition("=")
            part = _amount([entry for entry in entries if self._has(entry, name, value)], rule.adds)
        if kind == Kind.PERCENT:
            return Value(numerator=part, denominator=number)
        breakdown = {name: self._parts(parts, rule, entries) for name, parts in rule.by.items()}
        whole = number if part is not None else None
        return Value(number, part, whole, breakdown={name: parts for name, parts in breakdown.items() if parts})

    def _parts(self, parts: Any, rule: Rule, entries: Sequence[RegisterEntry]) -> dict[str, int]:
        """A part that no entry says is left blank."""
        found: dict[str, int] = {}
        for label, meant in parts.items():
            name, equals, value = meant.partition("=")
            if equals:
                amount = _amount([entry for entry in entries if self._has(entry, name, value)], rule.adds)
            else:
                amount = _amount(entries, name) if any(entry.facts.get(name) is not None for entry in entries) else None
            if amount is not None:
                found[label] = amount
        return found


def in_words(rule: Rule) -> str:
    """The rule as people read it: "Notes à l’EHP, où Nature : thématique ; la part : …"."""
    said = [str(rule.register.title)]
    said += [_fact_in_words(rule, *each) for each in rule.where.items()]
    if rule.adds:
        said.append(_("en additionnant %(what)s") % {"what": _label(rule, rule.adds)})
    if rule.running:
        said.append(_("en cours au dernier jour du trimestre"))
    text = ", ".join(said)
    if rule.share:
        name, _equals, value = rule.share.partition("=")
        text += " ; " + _("la part : %(what)s") % {"what": _fact_in_words(rule, name, value)}
    return text


def _fact_in_words(rule: Rule, name: str, value: str) -> str:
    if name == FOCUS:
        return _("sur l’axe géographique (dit par l’entrée, sinon par son lieu)")
    field: Any = rule.register.field(name)
    known = {"true": True, "false": False}.get(value, value)
    return f"{field.label} : {field.shown(known)}"


def _label(rule: Rule, name: str) -> str:
    field: Any = rule.register.field(name)
    return str(field.label)


def _amount(entries: Iterable[RegisterEntry], adds: str) -> int | None:
    """How many; or what a number adds up to, None where entries are there and none says it."""
    rows = list(entries)
    if not adds:
        return len(rows)
    known = [entry.facts[adds] for entry in rows if entry.facts.get(adds) is not None]
    return sum(known) if known or not rows else None


def _spelt(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
