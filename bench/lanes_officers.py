"""Enrols the officers on duty of the invented cast; `bench.lanes` runs it in the product's settings."""

from __future__ import annotations

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

# ruff: noqa: E402  models need Django set up
from django.conf import settings

from tests.cast import found_cast, make_cast
from tests.vault_keys import enrolled, pin_signers

OFFICERS = ("aminata", "rokia")


def main() -> None:
    make_cast()
    pin_signers(Path(settings.VAULT_PINS_FILE).parent)
    for name in OFFICERS:
        enrolled(found_cast().people[name])


if __name__ == "__main__":
    main()
