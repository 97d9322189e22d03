"""Keys of the vault for the invented handlers, enrolled as they themselves would; the passphrases are written down."""

from __future__ import annotations

from core.actors import SYSTEM
from demo.accounts import Register
from demo.casting import Part
from directory.models import User
from directory.roles import IN_VAULT, Role
from psea.actions import confirm_enrolment, enrol_handler, enrol_recovery, name_investigation
from psea.readers import Reader


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


def _name_investigators(parts: list[Part], register: Register, readers: dict[int, Reader]) -> None:
    coordinator = User.objects.with_role(Role.PSEA_COORDINATOR).first()
    if coordinator is None:
        return
    for part, account in zip(parts, register.accounts, strict=True):
        if part.investigates:
            person = User.objects.get(email=account.email)
            name_investigation(key_id=readers[person.pk].key_id, is_investigation=True, by=coordinator)
