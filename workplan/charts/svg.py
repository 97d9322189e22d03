"""Elements of SVG as text, escaped; coordinates rounded so that pages stay light."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe

Attribute = str | float | int

SHADES = 5
# Spacing of the hatching of each shade, darkest last: the shades differ in print and without colour.
_HATCHING = (None, 8, 6, 4, 3)


def tag(name: str, *children: str, **attributes: Attribute | None) -> str:
    """One element. `class_` is class, `_` becomes `-` (but in viewBox and the like), None leaves the attribute out."""
    pairs = "".join(f' {_name(key)}="{_value(value)}"' for key, value in attributes.items() if value is not None)
    return f"<{name}{pairs}>{''.join(children)}</{name}>" if children else f"<{name}{pairs}/>"


def text(words: str, x: float, y: float, *, class_: str = "", size: float = 13, anchor: str = "start") -> str:
    """Words at a point, escaped."""
    return tag("text", escape(words), x=x, y=y, font_size=size, text_anchor=anchor, class_=class_ or None)


def hint(words: str) -> str:
    """What a browser says on hover, and a screen reader on demand."""
    return tag("title", escape(words))


def drawing(
    name: str, title: str, description: str, *, width: float, height: float, parts: Iterable[str], kind: str
) -> SafeString:
    """The whole picture. `name` must be unique on the page (letters, digits, hyphens): it makes the identifiers."""
    head = (
        tag("title", escape(title), id=f"{name}-title"),
        tag("desc", escape(description), id=f"{name}-desc"),
    )
    return mark_safe(  # every text and attribute above and below went through escape()  # noqa: S308
        tag(
            "svg",
            *head,
            *parts,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {number(width)} {number(height)}",
            role="img",
            aria_labelledby=f"{name}-title {name}-desc",
            class_=f"chart chart-{kind}",
        )
    )


def hatchings(name: str) -> str:
    """The patterns of the shades of a map, identified by the picture's name."""
    return tag("defs", *(_hatching(name, level, step) for level, step in enumerate(_HATCHING, 1) if step))


def shade(level: int, name: str) -> str:
    """The fill that hatches shade `level` (1 lightest … 5); 0 and 1 are plain."""
    return f"url(#{name}-shade-{level})" if level > 1 else "none"


def number(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _hatching(name: str, level: int, step: int) -> str:
    line = tag("path", d=f"M0 0V{step}", class_="hatching", stroke_width=1.4)
    return tag(
        "pattern",
        line,
        id=f"{name}-shade-{level}",
        width=step,
        height=step,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: Attribute) -> str:
    return escape(value) if isinstance(value, str) else number(value)
