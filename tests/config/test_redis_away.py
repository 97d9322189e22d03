"""Redis goes away: pages that keep something in it go on; wrong passwords and passphrases are counted still."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core import pulse, steady_cache
from directory.credentials import issue
from psea.session import WRONG_TRIES, count_wrong_try, forget_tries, is_slowed
from tests.cast import Cast
from tests.stack.processes import free_port

SignedIn = Callable[[Any], Client]
LOGIN, PASSWORD = "/compte/login/", "a-long-enough-password"
# Nobody listens at this port.
NOWHERE = "redis://127.0.0.1:9/1"


def as_in_production(address: str, prefix: str = "away") -> dict[str, Any]:
    options = {"socket_connect_timeout": 1, "socket_timeout": 1}
    backend = "core.steady_cache.SteadyRedisCache"
    return {"default": {"BACKEND": backend, "LOCATION": address, "KEY_PREFIX": prefix, "OPTIONS": options}}


@pytest.fixture
def away(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(steady_cache, "_asked_again_at", {})
    settings.CACHES = as_in_production(NOWHERE)
    yield
    cache.clear()


@pytest.mark.usefixtures("away")
def test_whoever_guesses_a_password_is_slowed_and_others_sign_in(settings: Any, cast: Cast) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/300s/key"}
    cast.oumar.set_password(PASSWORD)
    cast.oumar.save()
    cast.fanta.set_password(PASSWORD)
    cast.fanta.save()
    for _try in range(5):
        assert Client().post(LOGIN, {"login": cast.oumar.email, "password": "wrong"}).status_code == 200
    browsers = {person: Client() for person in (cast.oumar, cast.fanta)}
    for person, browser in browsers.items():
        browser.post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert [browser.get("/moi/").status_code for browser in browsers.values()] == [302, 200]


@pytest.mark.usefixtures("away")
def test_wrong_passphrases_are_counted_still(cast: Cast) -> None:
    for _try in range(WRONG_TRIES):
        assert not is_slowed(cast.aminata)
        count_wrong_try(cast.aminata)
    assert is_slowed(cast.aminata)
    assert not is_slowed(cast.rokia)
    forget_tries(cast.aminata)
    assert not is_slowed(cast.aminata)


@pytest.mark.usefixtures("away")
def test_pages_that_keep_figures_go_on(cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.djeneba).get(reverse("workplan:signals")).status_code == 200
    assert pulse.silent_seconds() == float("inf")
    pulse.beat()


@pytest.mark.usefixtures("away")
def test_another_system_is_answered_and_its_requests_are_counted(settings: Any, cast: Cast) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    token = issue(cast.organisations["nrc"], "theirs", ["referrals:read"], by=cast.adama)[1]
    system = Client(headers={"Authorization": f"Bearer {token}"})
    assert [system.get("/api/v1/referrals/").status_code for _one in range(5)] == [200] * 3 + [429] * 2


class Server:
    """A Redis of its own, which goes away and comes back empty."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip("no redis-server on this machine")
        port = free_port()
        self.address = f"redis://127.0.0.1:{port}/0"
        self._command = [program, "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(folder)]
        self.start()

    def start(self) -> None:
        self._running = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        with redis.Redis.from_url(self.address) as asked:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                with contextlib.suppress(redis.ConnectionError):
                    asked.ping()
                    return
                time.sleep(0.05)

    def stop(self) -> None:
        self._running.kill()
        self._running.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    yield made
    made.stop()


def test_a_count_goes_on_without_the_server_and_with_it_once_it_is_back(
    server: Server, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steady_cache, "_asked_again_at", {})
    settings.CACHES = as_in_production(server.address)
    assert cache.add("tries", 0, 300)
    assert [cache.incr("tries"), cache.incr("tries")] == [1, 2]
    server.stop()
    assert [cache.incr("tries"), cache.incr("tries"), cache.get("tries")] == [1, 2, 2]
    assert cache.get_many(["tries", "unknown"]) == {"tries": 2}
    assert cache.get_or_set("worked out", lambda: 5) == 5
    server.start()
    assert cache.get("tries") == 2, "it is not asked at once"
    monkeypatch.setattr(steady_cache, "_asked_again_at", {})
    assert cache.get("tries") is None, "it came back empty"
    cache.set("tries", 7)
    with redis.Redis.from_url(server.address) as asked:
        assert asked.get("away:1:tries") == b"7"
