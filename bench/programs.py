"""Programs of a measurement: PostgreSQL and Redis of its own, and what runs beside; killed whole, started again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
DEBIAN = Path("/usr/lib/postgresql")
# Not everybody's path leads to what Debian holds to be an administrator's.
PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
MISSING = "{name} is not on this machine: Debian has it in the package {package}."
STARTS_IN = 60.0


class DidNotStart(Exception):
    """A program ended or kept silent before it was ready; the text is the end of its log."""


def found(name: str) -> str:
    """Where a program stands: on the path, or where Debian keeps PostgreSQL's; "" if nowhere."""
    versions = sorted(DEBIAN.glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name, path=PATH) or (str(versions[0]) if versions else "")


def tool(name: str, package: str = "postgresql") -> str:
    """As `found`; ends with a sentence if it is nowhere."""
    return found(name) or sys.exit(MISSING.format(name=name, package=package))


def owner() -> str | None:
    """PostgreSQL refuses to run as root; then it runs as its own user."""
    return "postgres" if os.geteuid() == 0 else None


class Program:
    """One long-running program with a log file, in a process group of its own."""

    def __init__(
        self,
        name: str,
        command: list[str],
        folder: Path,
        ready: Callable[[], bool],
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> None:
        self.name, self.command, self.ready, self.user = name, command, ready, user
        self.environment = dict(environment) if environment is not None else {"PATH": os.environ["PATH"]}
        self.log = folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it is ready; a server that recovers from a kill may need several tries."""
        deadline = time.monotonic() + STARTS_IN
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                self._launch()
            if self.ready():
                return
            time.sleep(0.1)
        raise DidNotStart(f"{self.name}:\n{self.log.read_text(errors='replace')[-4000:]}")

    def _launch(self) -> None:
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                cwd=ROOT if self.user is None else "/",
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self.user,
            )

    def stop(self) -> None:
        """Asks it to end, then makes it."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT if self.name.startswith("postgres") else signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=10)
        self.kill()

    def kill(self) -> None:
        """Ends it and its children at once, as a power cut would."""
        if self._process is None:
            return
        for pid in [*descendants(self._process.pid), self._process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()

    def pause(self, is_held: bool) -> None:
        """Stops it and its children where they stand, as a cut cable does to those who wait; or lets them go."""
        for pid in [self.pid, *descendants(self.pid)]:
            os.kill(pid, signal.SIGSTOP if is_held else signal.SIGCONT)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def processor_seconds(self) -> float:
        """Time that it and its children have spent on a processor, those that ended included."""
        return sum(_ticks(pid) for pid in [self.pid, *descendants(self.pid)])


def descendants(pid: int) -> list[int]:
    """The children of a process, and theirs, as /proc tells."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents.setdefault(int(_fields(stat)[1]), []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def _fields(stat: Path) -> list[str]:
    """What follows the program's name: its state, its parent, …"""
    return stat.read_text().rpartition(")")[2].split()


def _ticks(pid: int) -> float:
    try:
        fields = _fields(Path(f"/proc/{pid}/stat"))
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def postgres(folder: Path, port: int, name: str = "postgres", also_at: str = "") -> Program:
    """A cluster of its own, as PostgreSQL makes it: durable commits. Its roles log in without a password, also from the
    network of another address of this machine where one is given."""
    data = folder / name
    data.mkdir(exist_ok=True)
    user = owner()
    if user:
        shutil.chown(data, user)
        folder.chmod(0o755)
    subprocess.run(
        [tool("initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
        check=True,
        capture_output=True,
        cwd="/",
        user=owner(),
    )
    places = ",".join(filter(None, ["127.0.0.1", also_at]))
    if also_at:
        with (data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {also_at}/16 trust\n")
    told = {"port": port, "listen_addresses": places, "unix_socket_directories": data, "max_connections": 200}
    command = [tool("postgres"), "-D", str(data), *(f"--{name}={value}" for name, value in told.items())]
    return Program(name, command, folder, lambda: _postgres_answers(port), user=owner())


def _postgres_answers(port: int) -> bool:
    try:
        with psycopg.connect(address(port, "postgres"), connect_timeout=3) as connection:
            return connection.execute("select 1").fetchone() is not None
    except psycopg.OperationalError:
        return False


def address(port: int, database: str, user: str = "postgres") -> str:
    return f"postgresql://{user}:invented@127.0.0.1:{port}/{database}"


def redis_server(folder: Path, port: int, also_at: str = "") -> Program:
    """A Redis that keeps nothing on disk: a restart has lost everything, which must not matter."""
    command = [tool("redis-server", "redis-server"), "--port", str(port), "--save", "", "--dir", str(folder)]
    command += ["--bind", "127.0.0.1", *filter(None, [also_at]), "--protected-mode", "no" if also_at else "yes"]
    return Program("redis", command, folder, lambda: _redis_answers(port))


def _redis_answers(port: int) -> bool:
    try:
        with redis.Redis(port=port, socket_timeout=2) as server:
            return bool(server.ping())
    except redis.RedisError:
        return False


@contextlib.contextmanager
def running(*programs: Program) -> Iterator[None]:
    """Started in this order, stopped in the reverse one."""
    with contextlib.ExitStack() as undo:
        for program in programs:
            undo.callback(program.stop)
            program.start()
        yield


def mount(folder: Path, size: str) -> None:
    """A disk in memory, of that size; for root alone."""
    subprocess.run([tool("mount"), "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)


def unmount(folder: Path) -> None:
    subprocess.run([tool("umount"), "--lazy", folder], check=True)


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A disk of its own for this folder, as root can make one in memory."""
    if os.geteuid() != 0:
        sys.exit("A full disk needs root, to mount a small one.")
    folder.mkdir()
    mount(folder, f"{megabytes}m")
    if user := owner():
        shutil.chown(folder, user)
    try:
        yield
    finally:
        unmount(folder)
