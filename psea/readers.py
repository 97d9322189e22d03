"""A handler with their private key open: what unseals a case, part by part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.index import Mark
from core.sealing import signing_key, unwrap
from core.transitions import Refused
from directory.models import User
from psea.databases import VAULT
from psea.enums import Part
from psea.models import Wrap
from psea.tags import by_form, reader_tag
from psea.wraps import wrap_context


class NotAReader(Refused):
    """This person's key opens nothing of that part of the case."""

    def __init__(self) -> None:
        super().__init__(_("Votre clé n'ouvre pas cette partie du dossier."))


@dataclass(frozen=True)
class Reader:
    """One person's living key, and its private half while it is open. Never stored, never printed."""

    user_id: int
    key_id: UUID
    private: bytes = field(repr=False)

    def check_is(self, by: User) -> None:
        """Raises NotAReader unless the open key is the actor's own."""
        if by.pk != self.user_id:
            raise NotAReader

    def data_key(self, case_id: UUID, part: Part) -> bytes:
        """The data key of one part of a case. Raises NotAReader."""
        return self.data_keys(case_id, (part,))[part]

    def data_keys(self, case_id: UUID, parts: Iterable[Part]) -> dict[Part, bytes]:
        """The data keys of the case that this key opens, these parts among them, or NotAReader."""
        found = self.open_parts(case_id)
        if not set(parts) <= found.keys():
            raise NotAReader
        return found

    def open_parts(self, case_id: UUID) -> dict[Part, bytes]:
        """The data key of every part of the case that this key opens."""
        tags = {self.tag(case_id, part): part for part in Part}
        wraps, parts = Wrap.objects.using(VAULT).filter(tag__in=list(tags)), by_form(tags)
        return {parts[row.tag]: self.unwrapped(row) for row in wraps}

    def tag(self, case_id: UUID, part: Part) -> Mark:
        """What marks this reader's wrap of a part of a case."""
        return reader_tag(self.key_id, case_id, part)

    def unwrapped(self, row: Wrap) -> bytes:
        """The data key in one of this reader's wraps. Raises SealBroken, also once its ring key has left."""
        return unwrap(row.out_of_ring(), self.private, wrap_context(row.case_id, row.part, self.key_id))

    def sign(self, said: bytes) -> bytes:
        """This person's signature (Ed25519, 64 bytes)."""
        return signing_key(self.private).sign(said)

    @property
    def signing_key(self) -> bytes:
        """The public half with which it is verified (32 bytes)."""
        return signing_key(self.private).public_key().public_bytes_raw()
