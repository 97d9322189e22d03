"""Wraps of a case's data keys: made for readers, found for them, and hidden among others that open nothing.

Each part of a case has `SLOTS` rows or a multiple of it, whoever reads it. A wrap that is added takes the place of a
decoy, and one that is taken away becomes one: neither the rows nor their number say how many read, nor who.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from core.index import Mark, forms_of, random_mark
from core.sealing import Context, decoy_wrap, wrap
from psea.databases import VAULT
from psea.enums import Part
from psea.models import HandlerKey, Wrap
from psea.tags import by_form, reader_tag
from psea.trust import Approved

SLOTS = 12
EVERYTHING = tuple(Part)
ALL_BUT_WORDS = (Part.GUARD, Part.FACTS)
FACTS_ONLY = (Part.FACTS,)

Parts = Mapping[Part, bytes]


def wraps_for(case_id: UUID, keys: Parts, reader: Approved, parts: Iterable[Part] = EVERYTHING) -> list[Wrap]:
    """Unsaved wraps of these parts' data keys for one reader; parts whose key is not held are left out."""
    public = bytes(reader.key.public_key)
    return [
        _row(
            case_id,
            part,
            reader_tag(reader.key.pk, case_id, part),
            wrap(keys[part], public, wrap_context(case_id, part, reader.key.pk)),
        )
        for part in parts
        if part in keys
    ]


def hidden(case_id: UUID, rows: Iterable[Wrap]) -> list[Wrap]:
    """In: the wraps of a fresh case. Out: the same among decoys, in no order, for each part that has any."""
    by_part: dict[Part, list[Wrap]] = {}
    for row in rows:
        by_part.setdefault(Part(row.part), []).append(row)
    found = [row for part, real in by_part.items() for row in [*real, *_decoys(case_id, part, -len(real) % SLOTS)]]
    return secrets.SystemRandom().sample(found, len(found))


def add_wraps(case_id: UUID, keys: Parts, readers: Iterable[tuple[Approved, Iterable[Part]]]) -> int:
    """Stores wraps of these data keys for each reader and part, but for those that they have. Out: how many."""
    wanted = [row for reader, parts in readers for row in wraps_for(case_id, keys, reader, parts)]
    have = set(Wrap.objects.using(VAULT).filter(tag__in=[row.tag for row in wanted]).values_list("tag", flat=True))
    fresh = [row for row in wanted if have.isdisjoint(forms_of(row.tag, vault=True))]
    for part in {Part(row.part) for row in fresh}:
        _into_slots(case_id, part, [row for row in fresh if row.part == part])
    return len(fresh)


def drop_wraps(case_id: UUID, readers: Iterable[HandlerKey], parts: Iterable[Part] = EVERYTHING) -> int:
    """These readers' wraps become decoys. Out: how many there were."""
    tags = [reader_tag(reader.pk, case_id, part) for reader in readers for part in parts]
    rows = list(Wrap.objects.using(VAULT).filter(tag__in=tags))
    for row in rows:
        empty = _decoys(case_id, Part(row.part), 1)[0]
        row.tag, row.blob = empty.tag, empty.blob
    Wrap.objects.using(VAULT).bulk_update(rows, ["tag", "blob"])
    return len(rows)


def readers_among(case_id: UUID, keys: Collection[HandlerKey], part: Part = Part.FACTS) -> list[HandlerKey]:
    """Those of these keys that open this part of the case."""
    tags = {reader_tag(key.pk, case_id, part): key for key in keys}
    held, keys_by_form = (
        Wrap.objects.using(VAULT).filter(tag__in=list(tags)).values_list("tag", flat=True),
        by_form(tags),
    )
    return [keys_by_form[tag] for tag in held]


def wrap_context(case_id: UUID, part: str, key_id: UUID) -> Context:
    """Where a wrap is bound: to its case, its part and its reader."""
    return Context("psea_wrap", str(case_id), f"{part}:{key_id}")


def _into_slots(case_id: UUID, part: Part, fresh: list[Wrap]) -> None:
    rows = Wrap.objects.using(VAULT).filter(case_id=case_id, part=part)
    real = by_form(
        {reader_tag(pk, case_id, part): pk for pk in HandlerKey.objects.using(VAULT).values_list("pk", flat=True)}
    )
    free = [row for row in rows if row.tag not in real]
    secrets.SystemRandom().shuffle(free)
    taken = list(zip(free, fresh, strict=False))
    for slot, row in taken:
        slot.tag, slot.blob = row.tag, row.blob
    Wrap.objects.using(VAULT).bulk_update([slot for slot, _row in taken], ["tag", "blob"])
    more = fresh[len(taken) :]
    Wrap.objects.using(VAULT).bulk_create(hidden(case_id, more))


def _decoys(case_id: UUID, part: Part, number: int) -> list[Wrap]:
    return [_row(case_id, part, random_mark(vault=True), decoy_wrap()) for _number in range(number)]


def _row(case_id: UUID, part: str, tag: Mark, wrapped: bytes) -> Wrap:
    """An unsaved row, of a reader or of nobody: alike under the ring."""
    row = Wrap(case_id=case_id, part=part, tag=tag)
    row.put_under_ring(wrapped)
    return row
