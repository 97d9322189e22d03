"""Keys of the vault for the invented handlers, enrolled as they themselves would; the passphrases are written down."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from demo.accounts import Register
from demo.casting import Part
from directory.enums import Sex
from directory.models import User
from directory.roles import HOLDS_KEY, Role
from psea.actions import (
    approve_key,
    confirm_enrolment,
    describe_officer,
    enrol_handler,
    make_recovery_key,
    set_week,
)
from psea.readers import Reader
from psea.rota import WEEK, monday_of
from psea.trust import SIGNERS_NEEDED, pin_of

WEEKS, GAP = 7, 5
SPOKEN_TOO = ("ses", "ful", "taq")


def enrol_handlers(parts: list[Part], register: Register) -> dict[int, Reader]:
    """Enrols everyone who holds a key, pins, approves, makes the recovery key. Out: opened keys by the person's id."""
    readers: dict[int, Reader] = {}
    people = {user.email: user for user in User.objects.all()}
    investigators: set[int] = set()
    for part, account in zip(parts, register.accounts, strict=True):
        if part.role not in HOLDS_KEY:
            continue
        person = people[account.email]
        enrolment = enrol_handler(user=person, by=person)
        account.vault_passphrase, account.vault_code = enrolment.passphrase, enrolment.code
        readers[person.pk] = confirm_enrolment(
            key_id=enrolment.key.pk, passphrase=enrolment.passphrase, code=enrolment.code, by=person
        )
        if part.investigates:
            investigators.add(person.pk)
    _approve_all(readers, investigators)
    return readers


def _approve_all(readers: dict[int, Reader], investigators: set[int]) -> None:
    """As the coordination would: the file of pins first, then each key by two of them, recovery last."""
    coordinators = [user for user in User.objects.with_role(Role.PSEA_COORDINATOR).order_by("pk") if user.pk in readers]
    if len(coordinators) < SIGNERS_NEEDED:
        return
    lines = [f"{pin_of(readers[user.pk].signing_key)} {user}, {user.organisation}" for user in coordinators]
    Path(settings.VAULT_PINS_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    for pk, reader in readers.items():
        _approve(reader.key_id, coordinators, readers, investigates=pk in investigators)
    recovery = make_recovery_key(by=coordinators[0])
    _approve(recovery.pk, coordinators, readers)


def _approve(key_id: UUID, by: list[User], readers: dict[int, Reader], *, investigates: bool = False) -> None:
    for user in by[:SIGNERS_NEEDED]:
        approve_key(key_id=key_id, investigates=investigates, reader=readers[user.pk], by=user)


def put_on_duty(now: datetime) -> None:
    """The officers described, and their turns for the coming weeks, with a gap to be filled."""
    coordinator = User.objects.with_role(Role.PSEA_COORDINATOR).first()
    officers = list(User.objects.with_role(Role.PSEA_INTAKE_OFFICER).order_by("pk"))
    if coordinator is None or len({officer.organisation_id for officer in officers}) < 2:
        return
    for number, officer in enumerate(officers):
        officer.phone = f"+2230000898{number}"
        officer.save(update_fields=["phone"])
        describe_officer(
            user=officer,
            trained_on=date(2021, 3, 8),
            confidentiality_signed_on=date(2021, 3, 10),
            sex=Sex.MALE if number % 3 == 2 else Sex.FEMALE,
            languages=("fra", "bam", SPOKEN_TOO[number % len(SPOKEN_TOO)]),
            conflicts=(),
            by=coordinator,
        )
    for number in range(WEEKS):
        if number == GAP:
            continue
        first, second = (officers[(number + step) % len(officers)] for step in (0, 1))
        set_week(monday=monday_of(now) + WEEK * number, first=first, second=second, by=coordinator)
