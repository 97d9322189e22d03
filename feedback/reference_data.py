"""Categories and deadlines as shipped. Loading adds what is missing and leaves what staff edited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from feedback.enums import Clock
from feedback.models import Category, DeadlineRule

DATA = Path(__file__).parent / "data"
Row = dict[str, Any]


def load_categories() -> int:
    """Adds the categories of `data/categories.yaml` and their answer clocks. Out: how many were missing."""
    rows: list[Row] = _read("categories.yaml")
    added = [_add_category(row, position) for position, row in enumerate(rows)]
    return sum(added)


def load_deadlines() -> int:
    """Adds the other clocks, of `data/deadlines.yaml`. Out: how many were missing."""
    return sum(_add_rule(row) for row in _read("deadlines.yaml"))


def _read(name: str) -> list[Row]:
    rows: list[Row] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return rows


def _add_category(row: Row, position: int) -> bool:
    code: str = row["code"]
    _category, created = Category.objects.get_or_create(
        code=code,
        defaults={
            "label": row["label"],
            "parent_id": code.rpartition(".")[0] or None,
            "level": row["level"],
            "sensitivity": row["sensitivity"],
            "restricted_kind": row.get("kind", ""),
            "is_vault": row.get("vault", False),
            "is_counted": row.get("counted", True),
            "routing": row.get("routing", ""),
            "position": position,
        },
    )
    if created and "answer" in row:
        _add_rule(_answer_rule(row))
    return created


def _answer_rule(row: Row) -> Row:
    count, unit = int(row["answer"][:-1]), row["answer"][-1]
    return {
        "clock": Clock.ANSWER,
        "category": row["code"],
        "hours" if unit == "h" else "days": count,
        "round": row.get("round", False),
        "basis": "Liste proposée des catégories, à confirmer",
    }


def _add_rule(row: Row) -> bool:
    _rule, created = DeadlineRule.objects.get_or_create(
        clock=row["clock"],
        category_id=row.get("category"),
        priority=row.get("priority", ""),
        defaults={
            "hours": row.get("hours"),
            "days": row.get("days"),
            "around_the_clock": row.get("round", False),
            "basis": row["basis"],
            "is_sourced": row.get("sourced", False),
        },
    )
    return created
