"""The product as in production, on this machine alone: PostgreSQL, Redis, web server, workers, and a carrier.

It differs from production in this: everything is on the loopback, without TLS in front, and databases ask no password.
"""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg

from bench.programs import ROOT, Program, address, postgres, redis_server, running, small_disk
from tests.stack.processes import answers, free_port
from tests.standin.client import StandInClient, running_standin

PUBLIC_URL = "https://jaabi.example"
# What the TLS front says of a request that it hands on.
AS_THE_FRONT = {"Host": PUBLIC_URL.removeprefix("https://"), "X-Forwarded-Proto": "https"}
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


class Production:
    """Made by `production()`: databases hold what a fresh installation has, and nothing runs but the services.

    `taken`: the telephone of each message that was taken in so far, by the message's id.
    """

    def __init__(self, folder: Path, standin: StandInClient, *, is_apart: bool, also_at: str = "") -> None:
        self.folder, self.standin, self.taken = folder, standin, dict[str, int]()
        self.database_port, self.redis_port, self.web_port = free_port(), free_port(), free_port()
        self.postgres = postgres(folder, self.database_port, also_at=also_at)
        self.servers = [self.postgres]
        self.vault_port = self.database_port
        if is_apart:
            self.vault_port = free_port()
            self.servers.append(postgres(folder, self.vault_port, "postgres-vault"))
        self.redis = redis_server(folder, self.redis_port, also_at=also_at)
        self.environment = self._environment()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    def web(self, workers: int = 2, threads: int = 8) -> Program:
        """The web server, as the README starts it."""
        return self.granian("web", "config.wsgi:application", self.web_port, workers, threads)

    def second_web(self, port: int) -> Program:
        """As on another machine: nothing in common with the first but the databases and the queue."""
        made = self.granian("web-2", "config.wsgi:application", port, 1, 4)
        made.environment = self.environment | {"SPOOL_DIR": str(self.folder / "var" / "spool-2")}
        return made

    def granian(self, name: str, application: str, port: int, workers: int, threads: int) -> Program:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads), "--no-ws"]
        url = f"http://127.0.0.1:{port}/healthz"
        return Program(name, [*command, application], self.folder, lambda: answers(url), self.environment)

    def worker(self, name: str = "worker", concurrency: int = 1, application: str = "config.celery") -> Program:
        """One Celery worker process, or several under one name."""
        command = [sys.executable, "-m", "celery", "-A", application, "worker", "--pool", "prefork", *QUIET]
        command += ["--concurrency", str(concurrency), "--hostname", f"{name}@bench", "--loglevel", "WARNING"]
        return Program(name, command, self.folder, lambda: True, self.environment)

    def beat(self) -> Program:
        command = [sys.executable, "-m", "celery", "-A", "config.celery", "beat", "--loglevel", "WARNING"]
        return Program("beat", command, self.folder, lambda: True, self.environment)

    def manage(self, *arguments: str) -> str:
        """A management command, in the product's own environment; what it said. Raises CalledProcessError."""
        return self.run("manage.py", *arguments)

    def run(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def connect(self, database: str = "jaabi") -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(address(self._port(database), database), autocommit=True)

    def _port(self, database: str) -> int:
        return self.vault_port if database == VAULT else self.database_port

    def fill(self) -> None:
        """What the README says to do before the first message."""
        for database in ("jaabi", VAULT):
            with psycopg.connect(address(self._port(database), "postgres"), autocommit=True) as server:
                server.execute(f"create database {database}".encode())
        self.manage("migrate", "--verbosity=0")
        self.manage("migrate", "--database=vault_owner", "--verbosity=0")
        self.manage("vault_roles")
        self.manage("collectstatic", "--no-input")
        self.manage("load_categories")
        self.run("-m", "bench.vault_key")

    def _environment(self) -> dict[str, str]:
        vault = {f"VAULT{part}_DATABASE_URL": self._vault_as(user) for part, user in ROLES.items()}
        return (
            {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
            | {
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "SECRET_KEY": secrets.token_hex(40),
                "PUBLIC_URL": PUBLIC_URL,
                "ALLOWED_HOSTS": f"{PUBLIC_URL.removeprefix('https://')},127.0.0.1",
                "DATABASE_URL": address(self.database_port, "jaabi"),
                "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
                "SEALING_KEYS": _key(),
                "AUDIT_SIGNING_KEYS": _key(),
                "INDEX_KEY": _key(),
                "VAULT_INDEX_KEY": _key(),
                "VAULT_SEALING_KEYS": _key(),
                "EMAIL_URL": f"filemail:///{self.folder}/mail",
                "VAR_DIR": str(self.folder / "var"),
                "LOG_LEVEL": "WARNING",
                "WEB_THREADS": "0",  # all clients of a run share one address
                "BENCH_DATABASE_URL": address(self.database_port, "bench"),
            }
            | vault
            | self.standin.environment()
        )

    def _vault_as(self, user: str) -> str:
        return address(self.vault_port, VAULT, user)


VAULT = "jaabi_vault"
ROLES = {"": "jaabi_handlers", "_INTAKE": "jaabi_intake", "_OWNER": "postgres"}


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


@contextmanager
def production(*, is_apart: bool = False, disk_megabytes: int = 0, also_at: str = "") -> Iterator[Production]:
    """Services that run and databases that are filled, in a folder of their own that is removed at the end.

    `is_apart`: the vault has a PostgreSQL server of its own. `disk_megabytes`: PostgreSQL's disk has no more than that.
    `also_at`: another address of this machine at which the services answer, for hosts of its own making.
    """
    with (
        tempfile.TemporaryDirectory(prefix="jaabi-bench-", ignore_cleanup_errors=True) as name,
        running_standin(host=also_at or "127.0.0.1") as carrier,
        small_disk(Path(name) / "postgres", disk_megabytes) if disk_megabytes else nullcontext(),
    ):
        folder = Path(name)
        for part in ("mail", "var"):
            (folder / part).mkdir()
        made = Production(folder, carrier, is_apart=is_apart, also_at=also_at)
        with running(*made.servers, made.redis):
            made.fill()
            yield made
