"""Reference shares: what part of the people speak a language first, or can use a channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from directory.enums import NOT_SAID
from directory.languages import Language
from feedback.enums import Channel
from workplan.enums import Part
from workplan.reference_file import rows_of, taken_whole

COLUMNS = ("part", "value", "percent")
WHOLE = Decimal(100)
VALUES: dict[str, type[TextChoices]] = {Part.LANGUAGE: Language, Part.CHANNEL: Channel}
_PART = {
    **dict.fromkeys(["language", "langue"], Part.LANGUAGE),
    **dict.fromkeys(["channel", "canal"], Part.CHANNEL),
}


@dataclass(frozen=True)
class ShareFigure:
    """One share, as read or typed: `value` is a language or a channel, `percent` from 0 to 100."""

    part: str
    value: str
    percent: Decimal


def named(part: str) -> list[TextChoices]:
    """The languages, or the channels, of which a share can be known."""
    return [each for each in VALUES[part] if each.value != NOT_SAID]


def holds_shares(data: bytes) -> bool:
    """Whether the heading of this file is that of shares, not of counts."""
    return b"percent" in data.partition(b"\n")[0]


def shares_in(data: bytes) -> list[ShareFigure]:
    """As `figures_in`, for a file of shares. Raises Unreadable."""
    lines = ((number, row) for number, row in enumerate(rows_of(data, COLUMNS), start=2) if row["percent"])
    return taken_whole(lines, _figure, lambda one: (one.part, one.value))


def _figure(row: Mapping[str, str]) -> ShareFigure:
    """Raises ValueError with what is wrong, in words."""
    part = _PART.get(row["part"].lower())
    if part is None:
        raise ValueError(_("partie inconnue (language ou channel)"))
    said = row["value"].lower()
    value = next((each.value for each in named(part) if said in (each.value.lower(), str(each.label).lower())), None)
    if value is None:
        raise ValueError(_("langue ou canal inconnu"))
    return ShareFigure(part, value, _percent(row["percent"]))


def _percent(text: str) -> Decimal:
    try:
        percent = Decimal("".join(text.removesuffix("%").replace(",", ".").split()))
    except InvalidOperation:
        percent = Decimal(-1)
    if not (percent.is_finite() and 0 <= percent <= WHOLE):
        raise ValueError(_("ce n’est pas une part de 0 à 100"))
    return percent.quantize(Decimal("0.1"))
