from __future__ import annotations

import uuid

from django.db import models

from core.marks import MarkField


class IdempotentCall(models.Model):
    """That a system sent a request under a key of its own. Neither key, words nor answer are here.

    The answer to a repeat is derived anew from what was made: so what may no longer be read is not told again, and
    what a key makes in the vault leaves the same row here as what it makes anywhere else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_hash = MarkField(max_length=64, unique=True, help_text="keyed, of organisation and key")
    fingerprint = MarkField(max_length=64, help_text="keyed, of the key and the whole request")
    status = models.PositiveSmallIntegerField(null=True, help_text="null while it is being answered")
    made = models.CharField(max_length=40, blank=True, help_text="the id of what was made, if the API shows one")
    claimed_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.id)
