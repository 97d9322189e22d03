"""Enrols the officers on duty of the invented cast; `bench.lanes` runs it in the product's settings."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

# ruff: noqa: E402  models need Django set up
from psea.actions import confirm_enrolment, enrol_handler
from tests.cast import found_cast, make_cast

OFFICERS = ("aminata", "rokia")


def main() -> None:
    make_cast()
    cast = found_cast()
    for name in OFFICERS:
        user = cast.people[name]
        enrolment = enrol_handler(user=user, by=user)
        confirm_enrolment(key_id=enrolment.key.pk, passphrase=enrolment.passphrase, by=user)


if __name__ == "__main__":
    main()
