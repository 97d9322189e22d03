"""Reference data is read once for many messages: within a block, a function marked `read_once` is asked once.

What staff change meanwhile holds from the next block on: a worker's task, so a second or so, or one page.
Nothing is kept longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """Within it, what is marked is read once for each thing asked."""
    outside = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(outside)


def read_once(function: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """For a function that only reads, what few write and no message changes. Its arguments must be hashable."""

    @wraps(function)
    def asked(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        known = _answers.get()
        if known is None:
            return function(*args, **kwargs)
        key = (function, args, tuple(sorted(kwargs.items())))
        if key not in known:
            known[key] = function(*args, **kwargs)
        answer: Answer = known[key]
        return answer

    return asked
