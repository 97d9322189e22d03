"""What several tests share, in transactions around them all: made once, and nothing of it stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from django.db import connections, transaction

WRITTEN = ("default", "vault_owner")
Made = TypeVar("Made")


@contextmanager
def shared(make: Callable[[], Made]) -> Iterator[Made]:
    """What `make` makes stands in both databases until the end; what would have followed its commit does not follow."""
    with ExitStack() as undo:
        for alias in WRITTEN:
            undo.enter_context(rolled_back(alias))
        made = make()
        for connection in connections.all():
            connection.run_on_commit = []
        yield made


@contextmanager
def rolled_back(alias: str) -> Iterator[None]:
    """What is written inside leaves nothing."""
    with transaction.atomic(using=alias):
        yield
        transaction.set_rollback(True, using=alias)
