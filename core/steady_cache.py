"""The cache in Redis, without which pages go on: while it cannot be reached, each process remembers for itself.

What is kept there can be worked out again, but for counts of wrong passwords and passphrases. These must not begin
anew with each try while Redis is away: then every process counts its own.
"""

from __future__ import annotations

import logging
from time import monotonic
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# It is asked again so long after it did not answer: not every page waits for it to be missing.
AWAY_SECONDS = 5.0
ENTRIES = 10_000
# By address, for all threads of this process: when it may be asked again.
_asked_again_at: dict[str, float] = {}


class _Memory(LocMemCache):
    def validate_key(self, key: str) -> None:
        """Any, as Redis."""


class SteadyRedisCache(RedisCache):
    """Django's own, or this process's memory; what Redis raises is never seen."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        beside = {name: value for name, value in params.items() if name.upper() != "OPTIONS"}
        self._beside = _Memory(f"beside {server}", beside | {"OPTIONS": {"MAX_ENTRIES": ENTRIES}})
        self._server = server

    def add(self, *args: Any, **options: Any) -> Any:
        return self._either("add", *args, **options)

    def get(self, *args: Any, **options: Any) -> Any:
        return self._either("get", *args, **options)

    def set(self, *args: Any, **options: Any) -> Any:
        return self._either("set", *args, **options)

    def touch(self, *args: Any, **options: Any) -> Any:
        return self._either("touch", *args, **options)

    def delete(self, *args: Any, **options: Any) -> Any:
        return self._either("delete", *args, **options)

    def get_many(self, *args: Any, **options: Any) -> Any:
        return self._either("get_many", *args, **options)

    def set_many(self, *args: Any, **options: Any) -> Any:
        return self._either("set_many", *args, **options)

    def delete_many(self, *args: Any, **options: Any) -> Any:
        return self._either("delete_many", *args, **options)

    def has_key(self, *args: Any, **options: Any) -> Any:
        return self._either("has_key", *args, **options)

    def clear(self) -> Any:
        return self._either("clear")

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> Any:
        """A count that Redis held when it went away begins anew here, rather than being none."""
        if not self._is_away():
            try:
                return super().incr(key, delta, version)
            except (RedisError, OSError) as error:
                self._note_away(error)
        self._beside.add(key, 0, version=version)
        return self._beside.incr(key, delta, version=version)

    def _either(self, name: str, *args: Any, **options: Any) -> Any:
        if not self._is_away():
            try:
                return getattr(super(), name)(*args, **options)
            except (RedisError, OSError) as error:
                self._note_away(error)
        return getattr(self._beside, name)(*args, **options)

    def _is_away(self) -> bool:
        return monotonic() < _asked_again_at.get(self._server, 0.0)

    def _note_away(self, error: Exception) -> None:
        _asked_again_at[self._server] = monotonic() + AWAY_SECONDS
        logger.warning("cache unreachable", extra={"error": type(error).__name__})
