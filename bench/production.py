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
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.programs import ROOT, Program, address, postgres, redis_server, running
from tests.stack.processes import answers, free_port
from tests.standin.client import StandInClient, running_standin

PUBLIC_URL = "https://jaabi.example"
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


class Production:
    """Made by `production()`: databases hold what a fresh installation has, and nothing runs but the services."""

    def __init__(self, folder: Path, standin: StandInClient, ports: tuple[int, int, int]) -> None:
        self.folder, self.standin = folder, standin
        self.database_port, self.redis_port, self.web_port = ports
        self.postgres = postgres(folder, self.database_port)
        self.redis = redis_server(folder, self.redis_port)
        self.environment = self._environment()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    def web(self, workers: int = 2, threads: int = 8) -> Program:
        """The web server, as the README starts it."""
        return self.granian("web", "config.wsgi:application", self.web_port, workers, threads)

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

    def manage(self, *arguments: str) -> None:
        """A management command, in the product's own environment. Raises CalledProcessError."""
        self._run("manage.py", *arguments)

    def output(self, *arguments: str) -> bytes:
        """As `manage`; what it wrote."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True).stdout

    def _run(self, *arguments: str) -> None:
        command = [sys.executable, *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def connect(self, database: str = "jaabi") -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(address(self.database_port, database), autocommit=True)

    def fill(self) -> None:
        """What the README says to do before the first message."""
        with self.connect("postgres") as server:
            server.execute("create database jaabi")
            server.execute("create database jaabi_vault")
        self.manage("migrate", "--verbosity=0")
        self.manage("migrate", "--database=vault_owner", "--verbosity=0")
        self.manage("vault_roles")
        self.manage("collectstatic", "--no-input")
        self.manage("load_categories")
        self._run("-m", "bench.vault_key")

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
                "EMAIL_URL": f"filemail:///{self.folder}/mail",
                "VAR_DIR": str(self.folder / "var"),
                "LOG_LEVEL": "WARNING",
                "BENCH_DATABASE_URL": address(self.database_port, "bench"),
            }
            | vault
            | self.standin.environment()
        )

    def _vault_as(self, user: str) -> str:
        return address(self.database_port, "jaabi_vault", user)


ROLES = {"": "jaabi_handlers", "_INTAKE": "jaabi_intake", "_OWNER": "postgres"}


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


@contextmanager
def production() -> Iterator[Production]:
    """Services that run and databases that are filled, in a folder of their own that is removed at the end."""
    with (
        tempfile.TemporaryDirectory(prefix="jaabi-bench-", ignore_cleanup_errors=True) as name,
        running_standin() as carrier,
    ):
        folder = Path(name)
        for part in ("mail", "var"):
            (folder / part).mkdir()
        made = Production(folder, carrier, (free_port(), free_port(), free_port()))
        with running(made.postgres, made.redis):
            made.fill()
            yield made
