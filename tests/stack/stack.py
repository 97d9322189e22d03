"""The whole product on this machine: databases, web server, worker with its schedule, and a carrier."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from tests.stack import filled, traces
from tests.stack.cast import Account, Cast, read_cast
from tests.stack.databases import grant_vault_roles, nobody_reaches, on_services, storage
from tests.stack.pooler import pooled
from tests.stack.processes import Process, answers, free_port, run
from tests.stack.visitor import Visitor
from tests.standin.client import StandInClient, running_standin

Found = TypeVar("Found")

PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PGOPTIONS", "COVERAGE_PROCESS_START")
WEB_SECONDS = WORKER_SECONDS = 60


class Stack:
    """Start with `with Stack() as stack:`; everything is ended and removed on the way out.

    On `make test` it runs on SQLite and Celery's filesystem broker; on `make test-services` on databases of its own
    in PostgreSQL and Redis. `seed` fixes the demonstration's people and cases; `told` are settings beyond the usual;
    `is_pooled`, on services, puts PgBouncer between.
    """

    def __init__(self, *, seed: int = 1, told: dict[str, str] | None = None, is_pooled: bool = False) -> None:
        self.seed = seed
        self.is_pooled = is_pooled
        self.told = told or {}
        self.base_url = ""
        # where the databases stand, whatever is between
        self.environment, self.direct = dict[str, str](), dict[str, str]()
        self._exit = ExitStack()
        self._signed_in: dict[str, Visitor] = {}

    def __enter__(self) -> Stack:
        with ExitStack() as undo:
            self.var = undo.enter_context(_folder())
            self.standin = undo.enter_context(running_standin())
            port = free_port()
            self.base_url = f"http://localhost:{port}"
            self.environment = _environment(self.base_url, self.var, self.standin)
            self.environment |= undo.enter_context(storage(self.var, filled.databases(self.seed))) | self.told
            self.direct = self.environment
            if self.is_pooled:
                self.environment = undo.enter_context(pooled(self.environment, self.var))
            self._take_over()
            self.web = undo.enter_context(self._running("web", _web(port)))
            self.worker = undo.enter_context(self._running("worker", _worker()))
            self._wait_for_web()
            self.worker.wait_for(lambda: "ready." in self.worker.log.read_text(errors="replace"), WORKER_SECONDS)
            self._exit = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exit.close()

    def _take_over(self) -> None:
        """What was filled beforehand, with an address and a carrier of its own."""
        filled.copy_folder(self.seed, self.var)
        if on_services():
            grant_vault_roles(self.environment)
        self.cast: Cast = read_cast(self.var / "demo.json")

    @contextmanager
    def _running(self, name: str, arguments: list[str]) -> Iterator[Process]:
        logs = self.var / "logs"
        logs.mkdir(exist_ok=True)
        process = Process(name, arguments, self.environment, logs / f"{name}.log")
        try:
            yield process
        finally:
            process.stop()

    def _wait_for_web(self) -> None:
        self.web.wait_for(lambda: answers(f"{self.base_url}/healthz"), WEB_SECONDS)

    def restart_web(self) -> None:
        """End the web server and start it again; returns when it answers."""
        self.web.restart()
        self._wait_for_web()

    def manage(self, *arguments: str) -> str:
        """Run a management command in the product's own environment; returns what it wrote."""
        return self.run("manage.py", *arguments)

    def run(self, *arguments: str, told: dict[str, str] | None = None) -> str:
        """As `manage`, for any program in Python; `told` is told besides."""
        return run(list(arguments), self.environment | (told or {}))

    def url(self, path: str) -> str:
        """The whole address of a path."""
        return self.base_url + path

    def visitor(self) -> Visitor:
        """Somebody without an account, in a browser of their own."""
        return Visitor(self.base_url)

    def login(self, who: str | Account, *, fresh: bool = False) -> Visitor:
        """The session of an account, or of the address of one; signed in once and kept unless `fresh`."""
        account = self.cast.by_email(who) if isinstance(who, str) else who
        if fresh or account.email not in self._signed_in:
            visitor = self.visitor()
            visitor.sign_in(account)
            self._signed_in[account.email] = visitor
        return self._signed_in[account.email]

    def login_as(self, role: str, organisation: str | None = None) -> Visitor:
        """The session of the first person of that role."""
        return self.login(self.cast.person(role, organisation))

    def sms_in(self, sender: str, body: str, **options: str) -> None:
        """Somebody sends an SMS; the product must have accepted it."""
        (answer,) = self.standin.receive(self.url("/sms/twilio/"), sender, body, **options)  # type: ignore[arg-type]
        assert answer.status == 200, (answer.status, answer.body[:2000])

    def until(self, look: Callable[[], Found], timeout: float = 20.0) -> Found:
        """What `look` returns, as soon as it is something; raises TimeoutError with the end of the worker's log."""
        deadline = time.monotonic() + timeout
        while not (found := look()):
            if time.monotonic() > deadline:
                raise TimeoutError(self.worker.log.read_text(errors="replace")[-4000:])
            time.sleep(0.15)
        return found

    def without_database(self) -> AbstractContextManager[None]:
        """While it is held, nobody reaches the main database."""
        return nobody_reaches(self.direct, self.var)

    def mails(self) -> list[str]:
        """Every mail that left, in no order."""
        return [path.read_text() for path in sorted((self.var / "mail").iterdir())]

    def traces_of(self, text: str) -> list[str]:
        """Every file, table and key of this stack that holds `text`: databases, logs, queue, mails, spool, cache."""
        found = traces.traces_in_files(text, self.var)
        if on_services():
            for name in ("DATABASE_URL", "VAULT_OWNER_DATABASE_URL"):
                found += traces.traces_in_postgres(text, self.direct[name])
            found += traces.traces_in_redis(text, self.environment["REDIS_URL"])
        return found


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of its own, kept after the end where JAABI_KEEP_STACKS names a place."""
    folder = Path(tempfile.mkdtemp(prefix="jaabi-stack-"))
    try:
        yield folder
    finally:
        kept = os.environ.get("JAABI_KEEP_STACKS")
        if kept:
            shutil.copytree(folder, Path(kept) / folder.name)
        shutil.rmtree(folder, ignore_errors=True)


def _environment(base_url: str, var: Path, standin: StandInClient) -> dict[str, str]:
    """All the product is told; nothing of the tests' own settings leaks in."""
    own = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    told = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEMO": "1",
        "PUBLIC_URL": base_url,
        "VAR_DIR": str(var),
        "EMAIL_URL": f"filemail:///{var}/mail",
        "PYTHONUNBUFFERED": "1",
    }
    return own | told | standin.environment()


def _web(port: int) -> list[str]:
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    return ["-m", "granian", *options, "--blocking-threads", "4", "config.wsgi:application"]


def _worker() -> list[str]:
    pool = ["--pool", "prefork", "--concurrency", "2"] if on_services() else ["--pool", "solo"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return ["-m", "celery", "-A", "config.celery", "worker", "--beat", "--loglevel", "INFO", *pool, *quiet]
