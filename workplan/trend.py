"""Which way an indicator goes, and how far its target is: in words and a shape, by the direction that is wanted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import format_number, format_percent
from workplan.enums import Direction, Kind
from workplan.models import Indicator
from workplan.values import Value, height


@dataclass(frozen=True)
class Move:
    """From one value to the next: `shape` is an icon; `tone` "toward", "away", or "" where no way is wanted."""

    shape: str
    words: str
    tone: str = ""


@dataclass(frozen=True)
class Goal:
    """Where a value stands to its target; `tone` is a badge's."""

    words: str
    tone: str


def move(indicator: Indicator, before: Value | None, now: Value) -> Move | None:
    """None where one of them is not known, or for a question of yes or no."""
    first, last = (height(value) if value is not None else None for value in (before, now))
    if first is None or last is None or indicator.kind == Kind.YES_NO:
        return None
    if first == last:
        return _of_shares(before, now)
    shape, words = ("arrow-up", _("en hausse")) if last > first else ("arrow-down", _("en baisse"))
    if indicator.direction == Direction.NONE:
        return Move(shape, words)
    is_toward = (last > first) == (indicator.direction == Direction.UP)
    sense = _("dans le bon sens") if is_toward else _("à contresens")
    return Move(shape, f"{words}, {sense}", "toward" if is_toward else "away")


def _of_shares(before: Value | None, now: Value) -> Move:
    """Of one number twice: its share may have gone somewhere, which no direction is wanted of."""
    first, last = (height(replace(value, number=None)) if value is not None else None for value in (before, now))
    if first is None or last is None or first == last:
        return Move("arrow-right", _("stable"))
    return Move("arrow-up", _("part en hausse")) if last > first else Move("arrow-down", _("part en baisse"))


def goal(indicator: Indicator, value: Value) -> Goal | None:
    """None without a target or a value, or where no way is wanted."""
    stands = height(value)
    if indicator.target is None or stands is None or indicator.direction == Direction.NONE:
        return None
    is_up = indicator.direction == Direction.UP
    short = indicator.target - stands if is_up else stands - indicator.target
    if short <= 0:
        return Goal(_("cible atteinte"), "done")
    left = max(1, round(short))
    number = format_number(left)
    if indicator.kind == Kind.PERCENT:
        number = ngettext("%(n)s point", "%(n)s points", left) % {"n": number}
    away = _("il manque %(n)s") if is_up else _("%(n)s au-dessus")
    return Goal(away % {"n": number}, "waiting")


def target_in_words(indicator: Indicator) -> str:
    """ "40 ou plus", "5 % ou moins", or "40" where no way is wanted; "" without a target."""
    if indicator.target is None:
        return ""
    number = format_number(indicator.target)
    if indicator.kind == Kind.PERCENT:
        number = format_percent(indicator.target)
    wanted = {Direction.UP: _("%(n)s ou plus"), Direction.DOWN: _("%(n)s ou moins"), Direction.NONE: "%(n)s"}
    return wanted[Direction(indicator.direction)] % {"n": number}
