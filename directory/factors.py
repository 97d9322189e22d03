"""Second factors are kept sealed: whoever has a copy of the database cannot make the codes of anybody."""

from __future__ import annotations

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from core.keyring import is_newest, label_of, unwrap_online, wrap_online
from core.rings import Round
from core.sealing import Context, SealBroken, new_data_key, seal, unseal

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


def rotate() -> Round:
    """Seals under the newest online key what stands under an older one; what no key of the ring opens stays."""
    done = Round()
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            done += _rotated(row) if row is not None else Round()
    return done


def labels_in_use() -> set[str]:
    """The online keys under which some second factor stands, as `core.keyring.labels` names them."""
    found = (_wraps_of(data) for data in Authenticator.objects.values_list("data", flat=True))
    return {label_of(wrap) for wraps in found for wrap in wraps.values()}


def _rotated(row: Authenticator) -> Round:
    adapter = SealedFactorsAdapter()
    old = [name for name, wrap in _wraps_of(row.data).items() if not is_newest(wrap)]
    try:
        row.data |= {name: adapter.encrypt(adapter.decrypt(row.data[name])) for name in old}
    except SealBroken:
        return Round(1, lost=1)
    row.save(update_fields=["data"])
    return Round(1, moved=bool(old))


def _wraps_of(data: dict[str, object]) -> dict[str, bytes]:
    """Of what a factor keeps, the wraps of what is sealed."""
    sealed = {name: value for name, value in data.items() if isinstance(value, str) and value.count(".") == 1}
    return {name: base64.urlsafe_b64decode(value.partition(".")[0]) for name, value in sealed.items()}


def _written(blob: bytes) -> str:
    return base64.urlsafe_b64encode(blob).decode()
