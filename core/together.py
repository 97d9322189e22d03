"""Group commit: what several threads want written at the same moment, one of them writes for all, in one go.

Nobody waits for company: whoever comes first writes at once, and who comes meanwhile is the next group.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def _held() -> Lock:
    lock = Lock()
    lock.acquire()
    return lock


@dataclass(eq=False)
class _Waiting(Generic[Item, Result]):
    """One that is not written yet. Its thread sleeps on `woken`, until it is done or leads the next group."""

    item: Item
    woken: Lock = field(default_factory=_held)
    results: list[Result] = field(default_factory=list)
    is_done: bool = False


class Together(Generic[Item, Result]):
    """`write` takes items and gives a result for each, in their order; it writes all of them or raises.

    What it raises for several hits none of them: each is then written alone, by its own thread.
    """

    def __init__(self, write: Callable[[list[Item]], list[Result]], *, at_most: int) -> None:
        self._write, self._at_most = write, at_most
        self._lock = Lock()
        self._waiting: list[_Waiting[Item, Result]] = []
        self._is_led = False

    def __call__(self, item: Item) -> Result:
        """Returns once the item is written. Raises what `write` raises for it alone."""
        mine = _Waiting[Item, Result](item)
        with self._lock:
            self._waiting.append(mine)
            leads = not self._is_led
            self._is_led = True
        if not leads:
            mine.woken.acquire()
            leads = not mine.is_done
        if leads:
            self._lead()
        return mine.results[0] if mine.results else self._write([item])[0]

    def _lead(self) -> None:
        """Writes those who wait, oneself first among them; then wakes them, and whoever leads next."""
        with self._lock:
            group, self._waiting = self._waiting[: self._at_most], self._waiting[self._at_most :]
        try:
            self._write_all(group)
        finally:
            with self._lock:
                next_one = self._waiting[:1]
                self._is_led = bool(next_one)
            for one in group:
                one.is_done = True
            for one in (*group, *next_one):
                one.woken.release()

    def _write_all(self, group: list[_Waiting[Item, Result]]) -> None:
        try:
            results = self._write([one.item for one in group])
        except Exception:
            if len(group) == 1:
                raise
            return
        for one, result in zip(group, results, strict=True):
            one.results.append(result)
