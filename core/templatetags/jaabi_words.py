"""States, times, and people's own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats

register = template.Library()

# Each tone has its own shape, so that nobody needs the colour to tell two states apart.
SHAPES = {
    "waiting": "hourglass",
    "active": "circle-half",
    "done": "check-circle",
    "late": "triangle",
    "stopped": "dash-circle",
    "sealed": "lock",
    "draft": "pencil",
    "neutral": "circle",
}
TIMELINE_ICONS = SHAPES | {"neutral": "circle", "active": "arrow-right"}


ICON = '<svg class="icon" {} focusable="false"><use href="{}#{}"/></svg>'


# These two are on a page a hundred times: they have no template of their own.
@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One shape of the sprite; decorative unless it has a label."""
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(ICON, said, static("icons.svg"), name)


@register.simple_tag
def badge(label: object, tone: str = "neutral", title: str = "") -> SafeString:
    """A state: word, shape and colour. Raises ValueError for an unknown tone."""
    hover = format_html(' title="{}"', title) if title else ""
    return format_html('<span class="state state-{}"{}>{}{}</span>', tone, hover, icon(_shape(tone)), label)


@register.filter
def day(value: date | None) -> str:
    """A date in full, "1er mars 2022"; "–" where there is none."""
    return formats.format_date(value) if value else formats.DASH


@register.inclusion_tag("components/when.html")
def when(value: date | None, short: bool = False, time: bool = False) -> dict[str, Any]:
    """A moment as "il y a 3 jours · 12 mars 2022"; `short` keeps the date for hover, `time` adds the hour."""
    if value is None:
        return {"value": None}
    full = formats.format_date(value)
    if time and isinstance(value, datetime):
        full = _("%(date)s à %(time)s") % {"date": full, "time": formats.format_time(value)}
    return {"value": value, "iso": value.isoformat(), "full": full, "relative": formats.relative(value), "short": short}


@register.inclusion_tag("components/clock.html")
def clock(
    deadline: Any, rule: str = "", done_at: datetime | None = None, working_days: int | None = None
) -> dict[str, Any]:
    """What is left of a deadline, with its rule on hover or tap.

    `deadline` is an aware datetime, or has `left` (timedelta or text), `late` and `rule`; None shows nothing.
    `working_days` is the caller's own count of days left, for "reste 2 jours ouvrés".
    """
    if not deadline:
        return {"text": ""}
    if isinstance(deadline, datetime):
        return _clock_of(deadline, rule, done_at, working_days)
    left, late = _read(deadline, "left"), bool(_read(deadline, "late"))
    text = formats.format_left_of(left) if isinstance(left, timedelta) else str(left or "")
    return _face(text, "late" if late else "active", str(_read(deadline, "rule") or rule), None)


def _clock_of(deadline: datetime, rule: str, done_at: datetime | None, working_days: int | None) -> dict[str, Any]:
    if done_at is not None:
        late = done_at > deadline
        span = formats.format_duration(done_at - deadline) if late else ""
        text = _("avec %(span)s de retard") % {"span": span} if late else _("dans les délais")
        return _face(text, "stopped" if late else "done", rule, deadline)
    left = deadline - timezone.now()
    text = formats.format_left_of(left)
    if working_days and left > timedelta(0):
        text = ngettext("reste %(n)s jour ouvré", "reste %(n)s jours ouvrés", working_days) % {"n": working_days}
    return _face(text, _urgency(left), rule, deadline)


def _urgency(left: timedelta) -> str:
    if left < timedelta(0):
        return "late"
    return "waiting" if left < timedelta(hours=24) else "active"


def _face(text: str, tone: str, rule: str, deadline: datetime | None) -> dict[str, Any]:
    due = ""
    if deadline is not None:
        moment = {"date": formats.format_date(deadline), "time": formats.format_time(deadline)}
        due = _("Échéance : %(date)s à %(time)s") % moment
    shape = {"late": "triangle", "done": "check-circle"}.get(tone, "clock")
    return {"text": text, "tone": tone, "rule": rule, "due": due, "shape": shape}


@register.inclusion_tag("components/words.html")
def words(text: str, label: str = "", lang: str = "") -> dict[str, Any]:
    """A person's own words, set apart and never mixed with staff notes."""
    return {"text": text, "label": label, "lang": lang}


@dataclass(frozen=True)
class Event:
    """One line of a timeline, with everything optional but its moment and its title.

    `is_struck`: its text no longer holds. `act_url`, `act_label`: the one thing that can be done about it.
    """

    when: date
    title: str
    actor: str = ""
    text: str = ""
    words: str = ""
    tone: str = "neutral"
    icon: str = ""
    badge: str = ""
    href: str = ""
    is_struck: bool = False
    act_url: str = ""
    act_label: str = ""

    @property
    def shape(self) -> str:
        """Its own icon, or the one of its tone."""
        return self.icon or TIMELINE_ICONS[self.tone]


@register.inclusion_tag("components/timeline.html")
def timeline(events: Iterable[Any]) -> dict[str, Any]:
    """One readable timeline, in the order given. Raises ValueError when an event has no moment or no title."""
    return {"events": [_event(event) for event in events]}


def _event(raw: Any) -> Event:
    known = {name: value for name in Event.__dataclass_fields__ if (value := _read(raw, name))}
    if "when" not in known or "title" not in known:
        raise ValueError("an event of a timeline needs `when` and `title`")
    _shape(known.get("tone", "neutral"))
    return Event(**known)


@register.inclusion_tag("components/three_words.html")
def three_words(current: int, at: date | Sequence[date | None] | None = None) -> dict[str, Any]:
    """What people see of their message: reçu, en cours, répondu. `current` is 1 to 3, `at` the date(s) reached."""
    if current not in (1, 2, 3):
        raise ValueError(f"no such stage: {current}")
    dates: list[date | None] = [None, None, None]
    if isinstance(at, date):
        dates[current - 1] = at
    elif at is not None:
        dates[: len(at)] = list(at)[:3]
    names = [_("reçu"), _("en cours"), _("répondu")]
    rows = zip(range(1, 4), names, dates, strict=False)
    return {"stages": [{"name": n, "at": d, "past": i < current, "now": i == current} for i, n, d in rows]}


@register.inclusion_tag("components/receipt_number.html")
def receipt_number(number: str) -> dict[str, Any]:
    """A receipt number in three groups, large, selectable and readable aloud."""
    digits = "".join(c for c in str(number) if c.isdigit())
    return {"groups": [digits[i : i + 4] for i in range(0, len(digits), 4)]}


def _shape(tone: str) -> str:
    if tone not in SHAPES:
        raise ValueError(f"unknown tone: {tone}")
    return SHAPES[tone]


def _read(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
