"""Is it alive, and is it ready: what a supervisor asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from celery import current_app
from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from core.access import public
from core.audit_keys import sign
from core.keyring import unwrap_online, wrap_online
from core.replica import REPLICA
from core.sealing import Context, new_data_key


@public
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@public
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when databases, broker and keys are in order; else 503 with what is not, by name only."""
    faults = [name for name, works in _checks().items() if not _holds(works)]
    return JsonResponse({"ready": not faults, "faults": faults}, status=503 if faults else 200)


def _checks() -> dict[str, Callable[[], object]]:
    # without its replica all of it can be done
    checks: dict[str, Callable[[], object]] = {
        f"database:{alias}": partial(_database_answers, alias) for alias in settings.DATABASES if alias != REPLICA
    }
    checks |= {name: import_string(path) for name, path in settings.READY_CHECKS.items()}
    return checks | {"keys": _keys_open, "broker": _broker_answers}


def _holds(works: Callable[[], object]) -> bool:
    try:
        works()
    except Exception:  # noqa: BLE001  whatever is wrong, the answer is the same: not ready
        return False
    return True


def _database_answers(alias: str) -> None:
    """A connection that was kept may be dead: only an answer says that the database is there."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")


def _keys_open() -> None:
    context = Context("health", "0", "key")
    key = new_data_key()
    if unwrap_online(wrap_online(key, context), context) != key or not sign(b"health"):
        raise ValueError


def _broker_answers() -> None:
    with current_app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=2)
