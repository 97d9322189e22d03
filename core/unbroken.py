"""Text out of JSON as it can be stored: JSON can hold half a sign, as a program makes that cuts an emoji in two."""

from __future__ import annotations

from typing import Any


def unbroken(value: Any) -> Any:
    """In: what was read from JSON. Out: the same; two halves of a sign joined, a lone half replaced by U+FFFD."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {unbroken(name): unbroken(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [unbroken(inner) for inner in value]
    return value
