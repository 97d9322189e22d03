"""Models whose free text is sealed before it reaches SQL.

`OnlineSealed` is for the ordinary and restricted lanes: its data key is wrapped to the platform's online
key. A vault model uses `SealedModel` alone, and its data key is wrapped once per handler.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from core.keyring import open_shared, shared_key, unwrap_online, wrap_online
from core.sealing import Context, new_data_key, seal, unseal

# Stands for a row's id in the wrap of a key that several rows share. Their texts stay bound to each its own.
SHARED = "shared"


class SealedField(models.BinaryField):  # type: ignore[type-arg]  # BinaryField is generic in the stubs only
    """Ciphertext. Read and written through its record's `seal` and `unsealed`, never directly."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(null=True, default=None, editable=False)
        super().__init__(*args, **kwargs)


class SealedModel(models.Model):
    """A record with sealed fields. Its random id exists before it is saved, and binds them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def sealed_fields(cls) -> list[str]:
        """The names of this model's sealed fields."""
        return [field.attname for field in cls._meta.concrete_fields if isinstance(field, SealedField)]

    def sealing_context(self, field: str) -> Context:
        """Where a field of this record lives; what its ciphertext is bound to."""
        return Context(self._meta.db_table, str(self.pk), field)

    def seal_with(self, key: bytes, **texts: str) -> None:
        """Seals texts into their fields; saving is the caller's. An empty text leaves nothing stored."""
        for field, text in texts.items():
            blob = seal(key, text.encode(), self.sealing_context(field)) if text else None
            setattr(self, field, blob)

    def unseal_with(self, key: bytes, field: str) -> str:
        """One field's text, '' if there is none. Raises SealBroken."""
        blob = getattr(self, field)
        return "" if blob is None else unseal(key, bytes(blob), self.sealing_context(field)).decode()

    def forget(self, *fields: str) -> None:
        """Drops sealed fields; saving is the caller's."""
        for field in fields:
            setattr(self, field, None)


class OnlineSealed(SealedModel):
    """A record that the platform itself can open, for those whom `visible_to` lets see it."""

    data_key = models.BinaryField(null=True, default=None, editable=False)
    # Whether records made by one process within a few minutes share a data key, as those may that live no longer.
    shares_key = False
    _opened: tuple[bytes, bytes] = (b"", b"")

    class Meta:
        abstract = True

    def sealing_context(self, field: str) -> Context:
        if field == "data_key" and self.shares_key:
            return Context(self._meta.db_table, SHARED, field)
        return super().sealing_context(field)

    def seal(self, **texts: str) -> None:
        """Seals texts into their fields, under this record's own data key; saving is the caller's."""
        if any(texts.values()) and self.data_key is None:
            self._take_key()
        self.seal_with(self._key() if self.data_key is not None else b"", **texts)

    def unsealed(self, field: str) -> str:
        """One field's text, '' if there is none or it was forgotten. Raises SealBroken."""
        return "" if getattr(self, field) is None else self.unseal_with(self._key(), field)

    def forget_all(self) -> None:
        """Drops every sealed field and the wrap that opened them; saving is the caller's."""
        self.forget(*self.sealed_fields())
        self.data_key = None
        self._opened = (b"", b"")

    def _take_key(self) -> None:
        context = self.sealing_context("data_key")
        if self.shares_key:
            key, self.data_key = shared_key(context)
        else:
            key = new_data_key()
            self.data_key = wrap_online(key, context)
        self._opened = (self.data_key, key)

    def _key(self) -> bytes:
        """Its data key; kept beside the wrap that it was opened from, so that five fields open it once."""
        wrap = bytes(self.data_key or b"")
        if not wrap or self._opened[0] != wrap:
            opened = open_shared if self.shares_key else unwrap_online
            self._opened = (wrap, opened(wrap, self.sealing_context("data_key")))
        return self._opened[1]
