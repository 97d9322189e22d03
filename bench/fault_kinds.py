"""The faults: each is entered once it is over and what was taken away is back, and gives what is to be said of it."""

from __future__ import annotations

import shutil
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from bench.production import Production
from bench.programs import ROOT, Program, address, mount, owner, tool, unmount
from tests.stack.processes import free_port

if TYPE_CHECKING:
    from bench.faults import Trial

MAIL_PORT = free_port()
TOLD = {"EMAIL_URL": f"smtp://127.0.0.1:{MAIL_PORT}"}
MAILS = 5
# What the outbox waits between two tries (`core/outbox.py`): here each round stands for one of them.
ROUNDS = 16
WAITS = [min(3600, 5 * 3 ** min(attempt, 8)) for attempt in range(1, ROUNDS + 1)]


@contextmanager
def redis_lost(trial: Trial, seconds: float) -> Iterator[str]:
    """Gone, and back with nothing in it."""
    trial.product.redis.kill()
    time.sleep(seconds)
    trial.product.redis.start()
    yield "back empty"


@contextmanager
def postgres_restarted(trial: Trial, seconds: float) -> Iterator[str]:
    trial.product.postgres.stop()
    time.sleep(seconds)
    trial.product.postgres.start()
    yield "what came meanwhile stood on the web servers' disks"


@contextmanager
def worker_killed(trial: Trial, seconds: float) -> Iterator[str]:
    """Five times, in the middle of what it does."""
    for _time in range(5):
        time.sleep(seconds / 5)
        trial.worker.kill()
        trial.worker.start()
    yield "five times, with -9"


@contextmanager
def carrier_down(trial: Trial, seconds: float) -> Iterator[str]:
    """It answers 503. The waits between two tries are cut short, so that hours pass in seconds."""
    trial.product.standin.fail(1_000_000)
    for _round in range(ROUNDS):
        time.sleep(seconds / ROUNDS)
        _make_due(trial.product)
    trial.product.standin.fail(0)
    _make_due(trial.product)
    with _hurried(trial.product):
        yield f"{sum(WAITS) / 3600:.0f} hours of tries"


@contextmanager
def _hurried(product: Production) -> Iterator[None]:
    """Whoever waits for the next try need not."""
    over = threading.Event()

    def hurry() -> None:
        while not over.wait(1):
            _make_due(product)

    thread = threading.Thread(target=hurry)
    thread.start()
    yield
    over.set()
    thread.join()


def _make_due(product: Production) -> None:
    with suppress(psycopg.OperationalError), product.connect() as connection:
        connection.execute("update core_outbound set not_before = now() - interval '20 s' where state = 'queued'")


@contextmanager
def mail_server_down(trial: Trial, seconds: float) -> Iterator[str]:
    """Nobody answers at its address; then it takes what waited."""
    mails = range(MAILS)
    trial.product.run("-c", QUEUE_MAILS.format(count=MAILS))
    time.sleep(seconds)
    with _mail_server() as received, _hurried(trial.product):
        yield f"{MAILS} mails waited"
        found = sorted(received)
        if found != [f"Subject: avis {number}" for number in mails]:
            sys.exit(f"Of {MAILS} mails the server received: {found}")


QUEUE_MAILS = """
import django; django.setup()
from core.outbox import queue_mail
for number in range({count}):
    queue_mail("quelquun@jaabi.example", f"avis {{number}}", "Quelque chose attend.", dedupe_key=f"mail{{number}}")
"""


@contextmanager
def _mail_server() -> Iterator[list[str]]:
    """As much of SMTP (RFC 5321) as a client needs to hand over mails; gives their subjects."""
    received: list[str] = []

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 mail.example\r\n")
            for line in iter(self.rfile.readline, b""):
                verb = line[:4].upper()
                if verb == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    text = iter(self.rfile.readline, b".\r\n")
                    received.extend(one.decode().strip() for one in text if one.startswith(b"Subject:"))
                self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", MAIL_PORT), Session) as server:
        threading.Thread(target=server.serve_forever).start()
        yield received
        server.shutdown()


@contextmanager
def web_cut_off(trial: Trial, seconds: float) -> Iterator[str]:
    """One of two machines stands still in the middle of requests, is given up, and goes on with them later."""
    trial.web.pause(True)
    time.sleep(seconds)
    trial.web.pause(False)
    yield "carriers tried the other; it finished what it had begun"


@contextmanager
def clock_steps(trial: Trial, seconds: float) -> Iterator[str]:
    """The clocks of one web machine, the worker and the schedule are set three hours ahead, two back, then right."""
    file = trial.product.folder / "clock"
    file.write_text(STEPS[-1])
    machines = (trial.web, trial.worker, trial.beat)
    _told_again(machines, {"PYTHONPATH": str(ROOT / "bench" / "stepped"), "BENCH_CLOCK": str(file)})
    for step in STEPS:
        file.write_text(step)
        time.sleep(seconds)
    yield "three hours ahead, two back, then right; the database's clock stayed"
    _told_again(machines, {"PYTHONPATH": ""})


STEPS = ("10800", "-7200", "0")


def _told_again(programs: Sequence[Program], environment: Mapping[str, str]) -> None:
    for program in programs:
        program.stop()
        program.environment |= environment
        program.start()


@contextmanager
def spool_disk_full(trial: Trial, seconds: float) -> Iterator[str]:
    """The database is away and the web machines' disks are full: carriers are told no, and come back."""
    folders = [trial.product.folder / "var" / name for name in ("spool", "spool-2")]
    for folder in folders:
        folder.mkdir(exist_ok=True)
        mount(folder, "64k")
        _fill(folder)
    trial.product.postgres.stop()
    time.sleep(seconds)
    trial.product.postgres.start()
    try:
        yield "refused while there was no room"
    finally:
        for folder in folders:
            (folder / "ballast").unlink()
            left = list(folder.glob("*.sealed"))
            unmount(folder)
            assert not left, left


@contextmanager
def database_disk_full(trial: Trial, seconds: float) -> Iterator[str]:
    """PostgreSQL's disk has no byte left, until somebody makes room; a supervisor starts it again if it ended."""
    folder = trial.product.folder / "postgres"
    _fill(folder)
    time.sleep(seconds)
    (folder / "ballast").unlink()
    trial.product.postgres.start()
    yield "room was made, and the server started again if it had ended"


def _fill(folder: Path) -> None:
    """Leaves no room on its disk."""
    with suppress(OSError), (folder / "ballast").open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)


def follow(trial: Trial) -> None:
    """Gives the primary a streaming replica that confirms every commit, and the product both addresses."""
    port = free_port()
    trial.replica, trial.replica_port = streaming_replica(trial.product, port), port
    with trial.product.connect("postgres") as server:
        server.execute("alter system set synchronous_standby_names = '*'")
        server.execute("select pg_reload_conf()")
    trial.also.callback(trial.replica.stop)
    _restart_with_two_hosts(trial, port)


@contextmanager
def failover(trial: Trial, seconds: float) -> Iterator[str]:
    """The primary dies with -9; its replica is promoted by hand."""
    assert trial.replica is not None
    product = trial.product
    product.postgres.kill()
    time.sleep(seconds)
    began = time.monotonic()
    with psycopg.connect(address(trial.replica_port, "postgres"), autocommit=True) as server:
        server.execute("select pg_promote()")
    promoted = time.monotonic() - began
    product.postgres, product.database_port, product.vault_port = trial.replica, trial.replica_port, trial.replica_port
    yield f"synchronous replica, promoted within {promoted:.1f} s; nothing was restarted"


def streaming_replica(product: Production, port: int) -> Program:
    """A second server that runs, and has what the first has."""
    data = product.folder / "replica"
    command = [tool("pg_basebackup"), "-d", address(product.database_port, "postgres"), "-D", str(data)]
    command += ["-R", "-C", "-S", "replica", "--checkpoint=fast"]
    data.mkdir()
    data.chmod(0o700)
    if user := owner():
        shutil.chown(data, user)
    subprocess.run(command, check=True, capture_output=True, cwd="/", user=owner())
    started = [str(data) if one == str(product.folder / "postgres") else one for one in product.postgres.command]
    told = [f"--port={port}" if one.startswith("--port=") else one for one in started]
    told = [f"--unix_socket_directories={data}" if one.startswith("--unix_socket") else one for one in told]
    replica = Program("postgres-replica", told, product.folder, lambda: _answers(port), user=owner())
    replica.start()
    return replica


def _answers(port: int) -> bool:
    try:
        with psycopg.connect(address(port, "postgres"), connect_timeout=3):
            return True
    except psycopg.OperationalError:
        return False


def _restart_with_two_hosts(trial: Trial, port: int) -> None:
    """As documented: both servers in the address, the one that may be written to is taken."""
    product = trial.product
    one, both = f"127.0.0.1:{product.database_port}", f"127.0.0.1:{product.database_port},127.0.0.1:{port}"
    for name, url in product.environment.items():
        if name.endswith("DATABASE_URL"):
            product.environment[name] = f"{url.replace(one, both)}?target_session_attrs=read-write"
    for program in (trial.web, trial.second_web, trial.worker, trial.beat):
        program.stop()
        program.environment |= {name: url for name, url in product.environment.items() if name.endswith("DATABASE_URL")}
        program.start()
