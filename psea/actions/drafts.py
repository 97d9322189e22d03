"""What was being typed when the vault closed: kept for its author alone, and given back once they have opened it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from core.sealing import SealBroken, new_data_key, unwrap, wrap
from directory.models import User
from psea.databases import VAULT
from psea.models import HandlerKey, VaultDraft
from psea.readers import Reader

MOST = 5
# Never kept, not even sealed: secrets, and what a form carries for the server.
LEFT_OUT = frozenset({"csrfmiddlewaretoken", "draft_path", "passphrase", "own_passphrase", "again", "code"})
LEFT_OUT_PREFIX = "word_"

Fields = Mapping[str, list[str]]


@dataclass(frozen=True)
class Draft:
    """`path`: where it was going; `fields`: name → values, as a form sends them."""

    id: UUID
    path: str
    fields: Fields
    kept_at: datetime


def keep_draft(*, path: str, fields: Fields, by: User, at: datetime | None = None) -> bool:
    """Seals what was typed to its author's key, which need not be open. False where there is nothing, or no key."""
    typed = {name: values for name, values in fields.items() if _is_kept(name) and any(values)}
    key = HandlerKey.objects.using(VAULT).of(by).first()
    if not typed or key is None:
        return False
    draft = VaultDraft(user_id=by.pk, kept_at=at or timezone.now())
    data_key = new_data_key()
    draft.put_under_ring(wrap(data_key, bytes(key.public_key), draft.sealing_context("wrapped_key")))
    draft.seal_with(data_key, typed=json.dumps({"path": path, "fields": typed}))
    draft.save(using=VAULT, force_insert=True)
    too_many = VaultDraft.objects.using(VAULT).filter(user_id=by.pk).values_list("pk", flat=True)[MOST:]
    VaultDraft.objects.using(VAULT).filter(pk__in=list(too_many)).delete()
    return True


def drafts_of(*, reader: Reader, by: User) -> list[Draft]:
    """One's own drafts, newest first; those of a former key are left out, for nobody opens them."""
    reader.check_is(by)
    return [draft for row in VaultDraft.objects.using(VAULT).filter(user_id=by.pk) if (draft := _opened(row, reader))]


def drop_draft(*, draft_id: UUID, by: User) -> None:
    """Raises VaultDraft.DoesNotExist where it is not theirs."""
    VaultDraft.objects.using(VAULT).get(pk=draft_id, user_id=by.pk).delete()


def drop_old_drafts(*, at: datetime) -> None:
    old = at - timedelta(days=settings.RETENTION_DRAFT_DAYS)
    VaultDraft.objects.using(VAULT).filter(kept_at__lt=old).delete()


def _is_kept(name: str) -> bool:
    return name not in LEFT_OUT and not name.startswith(LEFT_OUT_PREFIX)


def _opened(row: VaultDraft, reader: Reader) -> Draft | None:
    try:
        data_key = unwrap(row.out_of_ring(), reader.private, row.sealing_context("wrapped_key"))
    except SealBroken:
        return None
    typed = json.loads(row.unseal_with(data_key, "typed"))
    return Draft(row.pk, typed["path"], typed["fields"], row.kept_at)
