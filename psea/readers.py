"""A handler with their private key open: what unseals a case, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.sealing import Context, unwrap, wrap
from core.transitions import Refused
from directory.models import User
from psea.databases import VAULT
from psea.enums import Part
from psea.models import HandlerKey, Wrap

EVERYTHING = tuple(Part)
FACTS_ONLY = (Part.FACTS,)


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
        """The data keys of these parts, all of them or NotAReader."""
        found = self.open_parts(case_id)
        if not set(parts) <= found.keys():
            raise NotAReader
        return found

    def open_parts(self, case_id: UUID) -> dict[Part, bytes]:
        """The data key of every part of the case that this key opens."""
        return self.unwrap_all(Wrap.objects.using(VAULT).filter(case_id=case_id, handler_key_id=self.key_id))

    def unwrap_all(self, wraps: Iterable[Wrap]) -> dict[Part, bytes]:
        """In: this reader's wraps for one case. Out: the data keys by part."""
        return {Part(row.part): unwrap(bytes(row.blob), self.private, _context_of(row)) for row in wraps}


def wraps_for(
    case_id: UUID, keys: Mapping[Part, bytes], reader: HandlerKey, parts: Iterable[Part] = EVERYTHING
) -> list[Wrap]:
    """Unsaved wraps of these parts' data keys for one reader; parts whose key is not held are left out."""
    rows = [Wrap(case_id=case_id, handler_key=reader, part=part) for part in parts if part in keys]
    for row in rows:
        row.blob = wrap(keys[Part(row.part)], bytes(reader.public_key), _context_of(row))
    return rows


def add_wraps(case_id: UUID, keys: Mapping[Part, bytes], readers: Iterable[HandlerKey]) -> None:
    """Stores wraps of these data keys for each reader, but for those that they have."""
    have = set(Wrap.objects.using(VAULT).filter(case_id=case_id).values_list("handler_key_id", "part"))
    fresh = [row for reader in readers for row in wraps_for(case_id, keys, reader)]
    Wrap.objects.using(VAULT).bulk_create(row for row in fresh if (row.handler_key_id, row.part) not in have)


def _context_of(row: Wrap) -> Context:
    return Context("psea_wrap", str(row.case_id), f"{row.part}:{row.handler_key_id}")
