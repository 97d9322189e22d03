"""Keys of the vault for the invented handlers, enrolled as they themselves would; the passphrases are written down."""

from __future__ import annotations

from datetime import date, datetime

from core.actors import SYSTEM
from demo.accounts import Register
from demo.casting import Part
from directory.enums import Language, Sex
from directory.models import User
from directory.roles import IN_VAULT, Role
from psea.actions import (
    confirm_enrolment,
    describe_officer,
    enrol_handler,
    enrol_recovery,
    name_investigation,
    set_week,
)
from psea.readers import Reader
from psea.rota import WEEK, monday_of

WEEKS, GAP = 7, 5
SPOKEN_TOO = (Language.SONGHAY, Language.FULFULDE, Language.TAMASHEQ)


def enrol_handlers(parts: list[Part], register: Register) -> dict[int, Reader]:
    """Enrols everyone of the vault and a recovery key. Out: their opened keys by the person's id."""
    register.recovery_passphrase = enrol_recovery(by=SYSTEM).passphrase
    readers: dict[int, Reader] = {}
    people = {user.email: user for user in User.objects.all()}
    for part, account in zip(parts, register.accounts, strict=True):
        if part.role not in IN_VAULT:
            continue
        person = people[account.email]
        enrolment = enrol_handler(user=person, by=person)
        account.vault_passphrase = enrolment.passphrase
        readers[person.pk] = confirm_enrolment(key_id=enrolment.key.pk, passphrase=enrolment.passphrase, by=person)
    _name_investigators(parts, register, readers)
    return readers


def put_on_duty(now: datetime) -> None:
    """The officers described, and their turns for the coming weeks, with a gap to be filled."""
    coordinator = User.objects.with_role(Role.PSEA_COORDINATOR).first()
    officers = list(User.objects.with_role(Role.PSEA_INTAKE_OFFICER).order_by("pk"))
    if coordinator is None or len({officer.organisation_id for officer in officers}) < 2:
        return
    for number, officer in enumerate(officers):
        describe_officer(
            user=officer,
            trained_on=date(2021, 3, 8),
            confidentiality_signed_on=date(2021, 3, 10),
            sex=Sex.MALE if number % 3 == 2 else Sex.FEMALE,
            languages=(Language.FRENCH, Language.BAMBARA, SPOKEN_TOO[number % len(SPOKEN_TOO)]),
            conflicts=(),
            by=coordinator,
        )
    for number in range(WEEKS):
        if number == GAP:
            continue
        first, second = (officers[(number + step) % len(officers)] for step in (0, 1))
        set_week(monday=monday_of(now) + WEEK * number, first=first, second=second, by=coordinator)


def _name_investigators(parts: list[Part], register: Register, readers: dict[int, Reader]) -> None:
    coordinator = User.objects.with_role(Role.PSEA_COORDINATOR).first()
    if coordinator is None:
        return
    for part, account in zip(parts, register.accounts, strict=True):
        if part.investigates:
            person = User.objects.get(email=account.email)
            name_investigation(key_id=readers[person.pk].key_id, is_investigation=True, by=coordinator)
