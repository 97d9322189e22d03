"""How an indicator is counted from a register: which entries, what is added up, its share, its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workplan.registers.fields import Number
from workplan.registers.kinds import REGISTERS, Register

FOCUS = "focus"
KEYS = {"kind", "where", "adds", "share", "by", "running"}
Parts = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Rule:
    """`where`: the facts that a counted entry has; "focus" is one that every entry can have.

    `adds`: the number that is added up; "" counts entries. `share`: what the part has, "focus" or "field=value". `by`:
    disaggregation → its value → "field=value", or a field whose number is added. `running`: a stock, those running on
    the quarter's last day.
    """

    register: Register
    where: Mapping[str, str] = field(default_factory=dict)
    adds: str = ""
    share: str = ""
    by: Parts = field(default_factory=dict)
    running: bool = False


def rule_of(entry: Mapping[str, Any]) -> Rule | None:
    """In: what a plan says of an indicator under `register`. Out: the rule; None where it says nothing.

    Raises ValueError for a register, field or key that does not exist.
    """
    if not entry:
        return None
    register = REGISTERS.get(entry.get("kind", ""))
    if register is None or not set(entry) <= KEYS:
        raise ValueError(f"no such register: {dict(entry)}")
    rule = Rule(
        register,
        {name: _spelt(value) for name, value in entry.get("where", {}).items()},
        entry.get("adds", ""),
        _spelt(entry.get("share", "")),
        entry.get("by", {}),
        entry.get("running", False),
    )
    for name in _fields_named(rule):
        if name != FOCUS and register.field(name) is None:
            raise ValueError(f"{register.code} has no field {name}")
    if rule.adds and not isinstance(register.field(rule.adds), Number):
        raise ValueError(f"{rule.adds} is no number")
    return rule


def _spelt(value: Any) -> str:
    """YAML reads yes and no as truth: facts are compared as texts."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fields_named(rule: Rule) -> set[str]:
    parts = {part for values in rule.by.values() for part in values.values()}
    shares = {rule.share} if rule.share else set()
    return set(rule.where) | {part.partition("=")[0] for part in parts | shares} | ({rule.adds} if rule.adds else set())
