"""An uploaded table on its way in: what every kind of one keeps.

Its columns are guessed, then confirmed by a person; a worker goes through its lines (`core.sheet_passes`): to check
them, for a kind that is checked first, and to take them in. What it holds stays sealed, and no longer than that.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

from core.sealed_models import OnlineSealed

File = TypeVar("File", bound="SheetFile")


class SheetFileQuerySet(models.QuerySet[File]):
    def at_work(self) -> Self:
        """Those that a worker has something to do with."""
        return self.filter(confirmed_at__isnull=False, finished_at=None, fault="")


class CheckedFileQuerySet(SheetFileQuerySet[File]):
    def at_work(self) -> Self:
        checking = Q(asked_at__isnull=False, checked_at=None)
        return self.filter(checking | Q(confirmed_at__isnull=False, finished_at=None), fault="")


class SheetFile(OnlineSealed):
    """`columns` says by field which column holds it. `done_count` lines of `row_count` are behind the worker.

    `fault`: why it cannot be read to its end. A kind names `owner`, its acts in the journal, and its worker's task.
    """

    columns = models.JSONField(default=dict)
    row_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)
    uploaded_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    owner: Any
    journal: ClassVar[str]
    task: ClassVar[str]

    class Meta:
        abstract = True

    @property
    def is_being_taken_in(self) -> bool:
        return self.confirmed_at is not None and self.finished_at is None and not self.fault

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has something to do with it."""
        return self.is_being_taken_in

    @property
    def started_for(self) -> datetime | None:
        """What the worker was last asked: another moment, another way through the file."""
        return self.confirmed_at


class CheckedFile(SheetFile):
    """One whose lines are all checked before anybody confirms; `counts` says what the last way through it found."""

    counts = models.JSONField(default=dict)
    asked_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_at_work(self) -> bool:
        is_checking = self.asked_at is not None and self.checked_at is None
        return (is_checking and not self.fault) or self.is_being_taken_in

    @property
    def started_for(self) -> datetime | None:
        return self.confirmed_at or self.asked_at
