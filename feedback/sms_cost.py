"""What an SMS costs by each line, and how it is written there: as typed, or folded into the letters of GSM-7."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from core.formats import DASH, format_number
from core.gateways import from_environment, kinds, leaving_by
from core.models import Line
from core.reading_once import read_once
from core.sms_encoding import Segments, fold, measure
from feedback.models import LineWriting

# What is written there is not cut into segments, nor billed by them.
NOT_BY_SEGMENT = {"twilio-whatsapp"}


@dataclass(frozen=True)
class LineCost:
    """One line that can write: its price for a segment, None where nobody has said it, and what it folds."""

    name: str
    label: str
    price: Decimal | None
    folded: tuple[str, ...]

    @property
    def price_in_script(self) -> str:
        """The price as a script reads it, in no language."""
        return str(self.price)

    def folds(self, language: str) -> bool:
        return language in self.folded


@dataclass(frozen=True)
class Cost:
    """One text on one line: its segments, and what they cost there. `is_folded`: rewritten on its way out."""

    line: LineCost
    size: Segments
    is_folded: bool

    @property
    def total(self) -> str:
        """In words: "90 FCFA"; a dash where the price is not known."""
        if self.line.price is None:
            return DASH
        return price_in_words(self.line.price * self.size.segments)


def lines() -> list[LineCost]:
    """Every line in use that can write to people, those of the environment last."""
    known = {row.line: row for row in LineWriting.objects.all()}
    own = [(row.name, row.label) for row in Line.objects.filter(is_active=True) if _sends(row.kind)]
    given = [(name, str(kinds()[name].label)) for name in from_environment() if _sends(name)]
    return [_line(name, label, known.get(name)) for name, label in [*own, *given]]


def costs(text: str, language: str) -> list[Cost]:
    """What `text` costs by each line, in a language that some lines may fold."""
    found = []
    for line in lines():
        folds = line.folds(language)
        found.append(Cost(line, measure(folded(text) if folds else text), folds))
    return found


def as_it_leaves(text: str, language: str, line: str) -> str:
    """`text` as the line that would carry it writes it. `line`: the one wanted, "" for the default."""
    return folded(text) if language in _folded_on(leaving_by(line)) else text


def folded(text: str) -> str:
    """The text in GSM-7 letters where all of it can be; else as it was: half a fold would cost as much."""
    rewritten = fold(text)
    return rewritten if measure(rewritten).encoding == "GSM-7" else text


def price_in_words(price: Decimal) -> str:
    """ "22,5 FCFA": as many decimals as the price has."""
    decimals = max(0, -int(price.normalize().as_tuple().exponent))
    return f"{format_number(price, decimals)} {settings.SMS_CURRENCY}"


@read_once
def _folded_on(line: str) -> tuple[str, ...]:
    """The languages that this line folds."""
    row = LineWriting.objects.filter(line=line).first()
    return tuple(row.folded) if row is not None else ()


def _line(name: str, label: str, row: LineWriting | None) -> LineCost:
    return LineCost(name, label, row.segment_price if row else None, tuple(row.folded) if row else ())


def _sends(kind: str) -> bool:
    return kind in kinds() and kinds()[kind].sends and kind not in NOT_BY_SEGMENT
