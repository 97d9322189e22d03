"""Two processes that stand and fall together."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from demo.static_files import collect_static
from demo.supervisor import HOST, Child, ChildDied, Supervisor, is_taken
from tests.stack.processes import free_port


@pytest.fixture(autouse=True)
def _own_signals() -> Iterator[None]:
    """A supervisor takes the signals of its process; this one's are given back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with override_settings(VAR_DIR=tmp_path):
        made = Supervisor(free_port())
        yield made
        made.stop()


def _child(tmp_path: Path, name: str, code: str) -> Child:
    return Child(name, ["-c", code], tmp_path / f"{name}.log")


def test_a_child_that_dies_is_named_with_its_log(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.children = [
        _child(tmp_path, "web", "import time; time.sleep(60)"),
        _child(tmp_path, "worker", "print('no room'); raise SystemExit(3)"),
    ]
    with pytest.raises(ChildDied) as died:
        supervisor.start()
    assert died.value.name == "worker"
    assert died.value.log.read_text() == "no room\n"


def test_a_child_that_worked_and_ends_is_started_again_and_one_that_cannot_ends_all(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demo.supervisor.HAS_WORKED", 0.5)
    before = tmp_path / "before"
    # works for a second the first time, and not at all the second
    code = f"import pathlib, time; p = pathlib.Path({str(before)!r}); time.sleep(0 if p.exists() else 1); p.touch()"
    child = _child(tmp_path, "worker", code)
    supervisor.children = [child]
    child.start({})
    first = child.process
    assert first is not None
    first.wait(timeout=30)
    supervisor._check()
    assert child.process is not first
    monkeypatch.setattr("demo.supervisor.HAS_WORKED", 60.0)
    with pytest.raises(ChildDied):
        supervisor.watch()


def test_stopping_ends_even_a_child_that_will_not(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demo.supervisor.GRACE", 0.5)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(60)"
    child = _child(tmp_path, "deaf", deaf)
    supervisor.children = [child]
    child.start({})
    while "on" not in child.log.read_text():
        continue
    supervisor.stop()
    assert child.process is not None
    assert child.process.wait(timeout=5) == -signal.SIGKILL


def test_a_taken_port_is_seen_before_anything_starts() -> None:
    with socket.socket() as busy:
        busy.bind((HOST, 0))
        busy.listen()
        assert is_taken(busy.getsockname()[1])
    assert not is_taken(free_port())


def test_styles_are_collected_compressed(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=tmp_path / "static"):
        collect_static()
        sheet = tmp_path / "static" / "theme.css"
        packed = sheet.with_name("theme.css.gz")
        assert packed.stat().st_size < sheet.stat().st_size / 2
        written = packed.stat().st_mtime_ns
        collect_static()
        assert packed.stat().st_mtime_ns == written


def test_a_demonstration_of_another_country_is_refused_in_a_sentence(settings: Any) -> None:
    settings.COUNTRY = replace(settings.COUNTRY, code="NE", folder=Path("niger"))
    with pytest.raises(CommandError, match="se passe au Mali : retirez COUNTRY=niger"):
        call_command("demo")
