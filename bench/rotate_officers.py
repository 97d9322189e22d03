"""The officers of `bench.rotate`: one of three leaves while messages come, and another seals anew what she could open.

python -m bench.rotate_officers enrol              # the officers and their keys; prints Aminata's passphrase
python -m bench.rotate_officers mend PASSPHRASE    # Rokia has left; Aminata seals anew until nothing waits
python -m bench.rotate_officers check PASSPHRASE   # a sentence for whatever is not as it should be
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

# ruff: noqa: E402  models need Django set up
from django.conf import settings
from django.utils import timezone

from core.actors import robot
from directory.models import User, UserRole
from directory.roles import Role
from psea.actions import mend, unlock
from psea.actions.mending import TO_MEND
from psea.actions.retiring import retire_closed_accounts
from psea.enums import Part
from psea.models import HandlerKey, SealedCase, Wrap
from psea.readers import NotAReader, Reader
from psea.standing import thin_cases
from psea.tags import by_form, reader_tag
from tests.cast import found_cast, make_cast
from tests.vault_keys import enrolled, pin_signers

# Few at a time, so that it takes long enough to be cut off.
AT_ONCE = 2


def enrol() -> None:
    make_cast()
    pin_signers(Path(settings.VAULT_PINS_FILE).parent)
    cast = found_cast()
    penda = User.objects.create_user("penda@jaabi.example", name="Penda", organisation=cast.organisations["line"])
    UserRole.objects.create(user=penda, role=Role.PSEA_INTAKE_OFFICER)
    made = [enrolled(user)[0] for user in (cast.aminata, cast.rokia, penda)]
    print("passphrase", made[0].passphrase)


def seal_anew(reader: Reader) -> None:
    cast = found_cast()
    User.objects.filter(pk=cast.rokia.pk).update(is_active=False)
    retire_closed_accounts(by=robot("rotate"), at=timezone.now())
    while SealedCase.objects.using("vault").filter(TO_MEND).exists():
        print(mend(reader=reader, by=cast.aminata, most=AT_ONCE), flush=True)


def wrong(reader: Reader) -> list[str]:
    cases = list(SealedCase.objects.using("vault").all())
    rokia = HandlerKey.objects.using("vault").filter(user_id=found_cast().rokia.pk).values_list("pk", flat=True)
    hers = [reader_tag(key, case.pk, part) for key in rokia for case in cases for part in Part]
    counted = (
        (len(thin_cases([case.pk for case in cases])), "cases have fewer than two living handlers and recovery."),
        (
            Wrap.objects.using("vault").filter(tag__in=by_form(dict.fromkeys(hers))).count(),
            "wraps are there for who left.",
        ),
        (sum(not _opens(case, reader) for case in cases), "cases do not open to an officer who stayed."),
        (int(not cases), "run had no sealed case."),
    )
    return [f"{count} {what}" for count, what in counted if count]


def _opens(case: SealedCase, reader: Reader) -> bool:
    try:
        return bool(case.unseal_with(reader.data_key(case.pk, Part.WORDS), "words"))
    except NotAReader:
        return False


if __name__ == "__main__":
    if sys.argv[1] == "enrol":
        enrol()
    else:
        opened = unlock(by=found_cast().aminata, passphrase=sys.argv[2])
        if sys.argv[1] == "mend":
            seal_anew(opened)
        else:
            for sentence in wrong(opened):
                print(sentence)
