"""A strict house: no address outside this machine, commits run, warnings are errors, order is shuffled.

On services only what asks for a database, a page or a running product is run again; of a whole run, only what asks of
the database what nothing else asks (`tests.stack.statements`).
"""

from __future__ import annotations

import gc
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
import redis
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import Atomic, get_connection
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as properties

from core import sealing
from tests.cast import Cast, found_cast, make_cast
from tests.stack import statements, tables
from tests.stack.databases import on_services
from tests.vault_keys import pin_signers

pytest_plugins = ["tests.stack.fixtures", "tests.access.fixtures"]

# How quick a machine is, is no test's business.
properties.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("ours")

LOOPBACK = ("127.", "::1", "localhost")
VAULT_ALIASES = ("vault", "vault_intake")
STACKS = frozenset({"stack", "two_stacks"})


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        tables.begin_early()


def pytest_collection_finish() -> None:
    """What was loaded by now stays to the end: looking through it for garbage again and again takes a twentieth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Both test databases begin with the tables of this run, so that there is nothing left to migrate.

    The three vault aliases are one of them; what each role may do is tested with real roles.
    """
    for alias in VAULT_ALIASES:
        connections[alias].settings_dict["TEST"]["MIRROR"] = "vault_owner"
    with ExitStack() as undo:
        for alias in tables.FILES:
            test = connections[alias].settings_dict["TEST"]
            if on_services():
                test["TEMPLATE"] = tables.databases()[alias]
            else:
                test["NAME"] = f"file:{alias}?mode=memory&cache=shared"
                tables.copy_file(alias, undo.enter_context(closing(sqlite3.connect(test["NAME"], uri=True))))
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Reference data and the cast stand in the test databases, and the pins beside them, before the first test."""
    pin_signers(tmp_path_factory.mktemp("pins"))
    for alias in VAULT_ALIASES:
        connections[alias] = connections["vault_owner"]
    with django_db_blocker.unblock():
        make_cast()


@pytest.fixture
def cast(db: None) -> Cast:
    """The fixed cast of people, across agencies and roles."""
    return found_cast()


@pytest.fixture
def signed_in(cast: Cast) -> Callable[[Any], Client]:
    """A browser in which this person has signed in, second factor included."""

    def sign_in(user: Any) -> Client:
        if user.needs_second_factor and not Authenticator.objects.filter(user=user).exists():
            TOTP.activate(user, generate_totp_secret())
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "db" in _fixtures(item) or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db(databases="__all__"))
    if on_services():
        again = {item.nodeid for item in items if _touches_services(item)}
        if statements.is_whole_run():
            again -= statements.needless({item.nodeid for item in items if _may_be_left_out(item)} & again)
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in again])
        items[:] = [item for item in items if item.nodeid in again]
    items[:] = _spread(items, getattr(config, "workerinput", {}).get("workercount", 1))


def _spread(items: list[pytest.Item], processes: int) -> list[pytest.Item]:
    """Each process is handed one part of even size (`--dist worksteal`) and takes from the others once it is done.

    The first begins with those that share a running product, which it starts once for them all; the others each with
    modules that start their own or take a minute, so that nobody waits for one of them at the end.
    """
    heads: list[list[pytest.Item]] = [[] for _process in range(processes)]
    heads[0] = [item for item in items if _shares_a_product(item)]
    modules: dict[str, list[pytest.Item]] = {}
    for item in items:
        if _begins_early(item) and not _shares_a_product(item):
            modules.setdefault(item.nodeid.partition("::")[0], []).append(item)
    for number, module in enumerate(modules.values()):
        heads[1 + number % (processes - 1) if processes > 1 else 0] += module
    rest = [item for item in items if not _begins_early(item)]
    spread: list[pytest.Item] = []
    for number, head in enumerate(heads):
        size = (len(items) - len(spread)) // (processes - number)
        filled = max(0, size - len(head))
        spread += [*head, *rest[:filled]]
        del rest[:filled]
    return spread


def _begins_early(item: pytest.Item) -> bool:
    return _shares_a_product(item) or any(item.get_closest_marker(name) for name in ("services", "long"))


def _shares_a_product(item: pytest.Item) -> bool:
    return not STACKS.isdisjoint(_fixtures(item))


def _fixtures(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


def _touches_services(item: pytest.Item) -> bool:
    """Whether PostgreSQL or Redis may change what it finds; the rest has passed on `make test`."""
    if item.get_closest_marker("once") is not None:
        return False
    marks = (item.get_closest_marker(name) for name in ("django_db", "services"))
    return any(marks) or not {"db", "django_db_setup", *STACKS}.isdisjoint(_fixtures(item))


def _may_be_left_out(item: pytest.Item) -> bool:
    return item.get_closest_marker("again") is None and not _begins_early(item)


@pytest.fixture(autouse=True)
def _statements(request: pytest.FixtureRequest, _commits_run: None) -> Iterator[None]:
    if on_services() or not statements.is_whole_run() or request.node.get_closest_marker("django_db") is None:
        yield
        return
    with statements.noted(request.node.nodeid):
        yield


def pytest_sessionfinish() -> None:
    if statements.is_whole_run() and not on_services():
        statements.keep_notes()


@pytest.fixture(autouse=True)
def _in_french() -> None:
    """Whatever language the test before left this thread in."""
    translation.activate("fr")


@pytest.fixture(autouse=True)
def _fresh_cache(settings: Any) -> None:
    """Ours only: the keys of this worker in Redis, or the files of its folder."""
    if not settings.REDIS_URL:
        cache.clear()
        return
    with redis.Redis.from_url(settings.REDIS_URL) as connection:
        for key in connection.scan_iter(f"{settings.CACHE_PREFIX}:*"):
            connection.delete(key)


@pytest.fixture(autouse=True)
def _quick_argon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same derivation at a small cost: what it costs is tested once, with the real figures (core/test_sealing)."""
    monkeypatch.setattr(sealing, "ARGON_MEMORY_KIB", 64)
    monkeypatch.setattr(sealing, "ARGON_PASSES", 1)


@pytest.fixture(autouse=True)
def _no_far_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    near = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else address
        if self.family != socket.AF_UNIX and not str(host).startswith(LOOPBACK):
            raise OSError(f"a test reached for {host}")
        near(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _commits_run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Inside a test's own transaction, what waits for a commit runs when the product's outermost block ends."""
    if request.node.get_closest_marker("django_db") is None:
        yield
        return
    request.getfixturevalue("db")
    depths = {id(connection): _depth(connection) for connection in connections.all()}
    leave, postpone = Atomic.__exit__, BaseDatabaseWrapper.on_commit

    def run_due(connection: BaseDatabaseWrapper) -> None:
        while connection.run_on_commit and _depth(connection) == depths[id(connection)]:
            call: Any = connection.run_on_commit.pop(0)[1]
            call()

    def leave_and_run(self: Atomic, *problem: Any) -> None:
        leave(self, *problem)
        if problem[0] is None:
            run_due(get_connection(self.using))

    def postpone_and_run(self: BaseDatabaseWrapper, func: Any, robust: bool = False) -> None:
        postpone(self, func, robust)
        run_due(self)

    monkeypatch.setattr(Atomic, "__exit__", leave_and_run)
    monkeypatch.setattr(BaseDatabaseWrapper, "on_commit", postpone_and_run)
    yield
    for connection in connections.all():
        connection.run_on_commit = []


def _depth(connection: BaseDatabaseWrapper) -> int:
    return len(connection.savepoint_ids) + int(connection.in_atomic_block)
