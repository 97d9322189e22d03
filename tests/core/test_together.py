"""What comes while another writes is written in one go; what spoils a group spoils nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from time import monotonic, sleep

import pytest

from core.together import Together


class Pen:
    """Writes what it is given, in groups that it remembers; the first waits until it may."""

    def __init__(self, refuse: Callable[[list[int]], bool] = lambda items: False) -> None:
        self.groups: list[list[int]] = []
        self.may_write, self.refuse = Event(), refuse

    def __call__(self, items: list[int]) -> list[int]:
        self.groups.append(items)
        assert self.may_write.wait(10)
        if self.refuse(items):
            raise ValueError(items)
        return [10 * item for item in items]


def write_at_once(pen: Pen, count: int, *, at_most: int) -> list[Future[int]]:
    """All wait while the first is being written; then it may."""
    together = Together(pen, at_most=at_most)
    with ThreadPoolExecutor(count) as threads:
        futures = [threads.submit(together, 0)]
        until(lambda: bool(pen.groups))
        futures += [threads.submit(together, item) for item in range(1, count)]
        until(lambda: len(together._waiting) == count - 1)
        pen.may_write.set()
    return futures


def until(is_true: Callable[[], bool]) -> None:
    deadline = monotonic() + 10
    while not is_true():
        assert monotonic() < deadline
        sleep(0.001)


def test_each_hears_its_own_result_and_no_group_is_larger_than_it_may_be() -> None:
    pen = Pen()
    futures = write_at_once(pen, 6, at_most=3)
    assert [future.result() for future in futures] == [0, 10, 20, 30, 40, 50]
    assert [len(group) for group in pen.groups] == [1, 3, 2]


def test_one_that_cannot_be_written_fails_alone() -> None:
    pen = Pen(refuse=lambda items: 2 in items)
    futures = write_at_once(pen, 5, at_most=9)
    assert [future.exception() is None for future in futures] == [True, True, False, True, True]
    assert [future.result() for future in futures if not future.exception()] == [0, 10, 30, 40]
    assert sorted(map(sorted, pen.groups[:2])) == [[0], [1, 2, 3, 4]]


def test_after_a_failure_the_next_is_written() -> None:
    pen = Pen(refuse=lambda items: 0 in items)
    pen.may_write.set()
    together = Together(pen, at_most=3)
    with pytest.raises(ValueError, match="0"):
        together(0)
    assert together(1) == 10
