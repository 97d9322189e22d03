"""Asking carriers several things at once: what each takes is mostly the wait for an answer.

Only the asking runs beside others. Rows are read before it and written after it by the thread that called.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any, TypeAlias

from core.gateways import GatewayError
from core.publishing import AT_ONCE

logger = logging.getLogger(__name__)

Answer: TypeAlias = str | GatewayError


@dataclass(frozen=True)
class Call:
    """`ask` touches no row, and may raise GatewayError; `hear` writes what came of it."""

    ask: Callable[[], str]
    hear: Callable[[Answer], None]


def make_calls(call_of: Callable[[Any], Call | None], pks: Sequence[Any]) -> None:
    """In: ids, and what gives the call to make for one of them; None where nothing is to be asked.

    What else goes wrong with one holds up no other: its row stays, and a sweep brings it again.
    """
    calls = [call for pk in pks if (call := _tried(call_of, pk)) is not None]
    if len(calls) == 1:
        _hear(calls[0], _tried(_answer, calls[0]))
    elif calls:
        with ThreadPoolExecutor(min(len(calls), AT_ONCE)) as threads:
            asked = {threads.submit(_tried, _answer, call): call for call in calls}
            for answered in as_completed(asked):
                _hear(asked[answered], answered.result())


def _answer(call: Call) -> Answer:
    try:
        return call.ask()
    except GatewayError as error:
        return error


def _hear(call: Call, answer: Answer | None) -> None:
    if answer is not None:
        _tried(call.hear, answer)


def _tried(act: Callable[[Any], Any], about: Any) -> Any:
    """What the act gives; None when it went wrong."""
    try:
        return act(about)
    except Exception as error:
        logger.exception("left to the sweep", extra={"error": type(error).__name__})
        return None
