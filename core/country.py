"""The country this installation serves: a folder of files, so that another one is a folder and not a fork.

`country.yaml` says what is short; the rest are files beside it, which the packages that need them read. What a folder
holds: docs/countries.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from django.core.exceptions import ImproperlyConfigured

FILE = "country.yaml"
NEEDED = ("code", "name", "time_zone", "currency")
FILES = ("places.csv", "plan.yaml", "languages.yaml", "public_languages.yaml", "sms/approval.yaml")


@dataclass(frozen=True)
class Country:
    """`code` is ISO 3166-1. `also` and `worked`: holidays beside its calendar, and days of it that are none.

    `said`: the rest of `country.yaml`, for whom it concerns.
    """

    folder: Path
    code: str
    name: str
    time_zone: str
    currency: str
    also: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    said: Mapping[str, Any] = field(default_factory=dict)

    def path(self, name: str) -> Path:
        """One of its files or folders, there or not."""
        return self.folder / name


def read_country(folder: Path) -> Country:
    """In: the folder of a country. Raises ImproperlyConfigured, with a sentence, when something in it is missing."""
    path = folder / FILE
    if not path.is_file():
        raise ImproperlyConfigured(f"COUNTRY ne nomme pas un pays : {path} n'existe pas (voir docs/countries.md).")
    said: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    missing = [name for name in NEEDED if not said.get(name)]
    missing += [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise ImproperlyConfigured(f"Le pays {folder} est incomplet : il manque {', '.join(missing)}.")
    if unknown := _unknown_languages(folder):
        raise ImproperlyConfigured(f"{folder / 'languages.yaml'} ne nomme pas toutes les langues : {unknown}.")
    try:
        ZoneInfo(said["time_zone"])
    except (ZoneInfoNotFoundError, ValueError):
        raise ImproperlyConfigured(f"{path} : time_zone {said['time_zone']!r} n'existe pas.") from None
    days = said.get("holidays", {})
    return Country(
        folder,
        **{name: str(said[name]) for name in NEEDED},
        also=_days(days.get("also", ())),
        worked=_days(days.get("worked", ())),
        said=said,
    )


def _unknown_languages(folder: Path) -> str:
    """Those of which the folder has texts or pages, and that its list does not name."""
    named, sent, shown = (
        yaml.safe_load((folder / name).read_text(encoding="utf-8"))
        for name in ("languages.yaml", "sms/approval.yaml", "public_languages.yaml")
    )
    used = {sent["fallback"], *sent["approved"], *(one["iso"] for one in shown.values())}
    return ", ".join(sorted(used - set(named)))


def _days(said: Iterable[object]) -> frozenset[date]:
    return frozenset(date.fromisoformat(str(day)) for day in said)
