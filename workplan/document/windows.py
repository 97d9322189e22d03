"""Quarters of a year as people write them: "Q3-Q4", "T1, T3–T4"."""

from __future__ import annotations

import re
from collections.abc import Iterable

SPAN = re.compile(r"[QT]?\s*([1-4])(?:\s*[-–—àa]\s*[QT]?\s*([1-4]))?", re.IGNORECASE)

Span = tuple[int, int]


def spans_of(text: str) -> list[Span]:
    """In: the quarters of one year. Out: their spans, in order, those that touch as one. Raises ValueError."""
    numbers: set[int] = set()
    for part in re.split(r"[,;+&]|\bet\b", text):
        said = part.strip()
        if said in ("", "-", "–", "—"):
            continue
        found = SPAN.fullmatch(said)
        if found is None or int(found[2] or found[1]) < int(found[1]):
            raise ValueError(f"not a span of quarters: {text}")
        numbers |= set(range(int(found[1]), int(found[2] or found[1]) + 1))
    return merged(numbers)


def merged(numbers: Iterable[int]) -> list[Span]:
    """Quarters as spans."""
    spans: list[Span] = []
    for number in sorted(set(numbers)):
        if spans and spans[-1][1] == number - 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return spans


def spans_text(spans: Iterable[Span]) -> str:
    """As the plan's file writes them: "Q1, Q3-Q4"."""
    return ", ".join(f"Q{first}" if first == last else f"Q{first}-Q{last}" for first, last in spans)
