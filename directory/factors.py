"""Second factors are kept sealed: whoever has a copy of the database cannot make the codes of anybody."""

from __future__ import annotations

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from core.keyring import is_newest, unwrap_online, wrap_online
from core.sealing import Context, new_data_key, seal, unseal

CONTEXT = Context("mfa_authenticator", "any", "data")


class SealedFactorsAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """What django-allauth would keep in clear: the secret of an application of codes, the seed of recovery codes."""

    def encrypt(self, text: str) -> str:
        key = new_data_key()
        return f"{_written(wrap_online(key, CONTEXT))}.{_written(seal(key, text.encode(), CONTEXT))}"

    def decrypt(self, encrypted_text: str) -> str:
        """Raises SealBroken."""
        wrapped, sealed = (base64.urlsafe_b64decode(part) for part in encrypted_text.split("."))
        return unseal(unwrap_online(wrapped, CONTEXT), sealed, CONTEXT).decode()


def move_to_newest_key() -> int:
    """Seals under the newest online key what stands under an older one. Out: how many were moved."""
    adapter, moved = SealedFactorsAdapter(), 0
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=pk)
            old = {name: value for name, value in row.data.items() if _is_old(value)}
            row.data |= {name: adapter.encrypt(adapter.decrypt(value)) for name, value in old.items()}
            row.save(update_fields=["data"])
            moved += bool(old)
    return moved


def _is_old(value: object) -> bool:
    """Whether it is something sealed, and not under the newest key."""
    if not isinstance(value, str) or value.count(".") != 1:
        return False
    return not is_newest(base64.urlsafe_b64decode(value.partition(".")[0]))


def _written(blob: bytes) -> str:
    return base64.urlsafe_b64encode(blob).decode()
