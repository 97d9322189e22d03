"""Between the web server and the product: two things that the server does are kept from it.

It gives each request the whole environment of its process, keys included; and of what nobody caught it prints the text,
which may be what somebody said.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

logger = logging.getLogger(__name__)
# As the settings that hold a secret are named: keys, passwords, and addresses or headers with one in them.
SECRET = re.compile(r"(KEYS?|FALLBACKS|HEADERS|TOKEN|SECRET|PASSWORD|URL|DSN)$")
SAID = "Une erreur est survenue. Réessayez dans un moment.".encode()
HEADERS = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]


class Cut(Exception):
    """An answer that had begun was cut off."""


class Guarded:
    """A WSGI application around another: its requests hold no secret of the environment, and what it raises is logged
    by type and place, and answered with a 500.

    Of an answer that has begun nothing else can be said: it is cut off, with an exception that says nothing.
    """

    def __init__(self, application: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]) -> None:
        self.application = application
        self.secrets = [name for name in os.environ if SECRET.search(name)]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        for name in self.secrets:
            environ.pop(name, None)
        try:
            return _Answer(self.application(environ, start_response))
        except Exception:
            logger.exception("nobody caught an exception")
            start_response("500 Internal Server Error", HEADERS)
            return [SAID]


class _Answer:
    """The parts of an answer, as they are made, and what is done once it has left."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self.parts = parts

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self.parts
        except Exception:
            logger.exception("an answer was cut off")
            raise Cut from None

    def close(self) -> None:
        close: Any = getattr(self.parts, "close", None)
        if close is None:
            return
        try:
            close()
        except Exception:
            logger.exception("nobody caught an exception")
