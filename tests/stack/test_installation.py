"""A machine that has nothing becomes an installation by the commands of docs/installation.md, and answers an SMS.

The commands are read from the page. Those of blocks marked `machine` set the machine itself (packages, users, systemd),
and are read for their syntax alone; the units are started as systemd would start them.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pyrage
import pytest
import redis

from bench.programs import address, found, postgres, running
from config.setup import environment_file
from config.setup.renewal import PASSWORDS
from tests.stack.databases import on_services
from tests.stack.processes import Process, free_port
from tests.standin.client import ROOT, StandInClient, running_standin
from tests.standin.webhooks import OPENER

PAGES = {language: ROOT / "docs" / path for language, path in
         {"fr": "installation.md", "en": "en/installation.md"}.items()}  # fmt: skip
FENCE = re.compile(r"^```sh( machine)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PUBLIC_URL = "https://jaabi.example.org"
PHONE = "+22309700001"
# What only people can do is all that the check may complain of.
STILL_TO_DO = {"psea.E003", "psea.E004"}
UNITS = ("web", "worker", "worker-notices", "worker-slow", "beat", "backup-wal")
SQL = re.compile(r"psql <<'FIN'\n(.*?)^FIN$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """Commands of the page. `sets_machine`: packages, users, systemd."""

    commands: str
    sets_machine: bool


def blocks(page: Path) -> list[Block]:
    return [Block(found[2], bool(found[1])) for found in FENCE.finditer(page.read_text(encoding="utf-8"))]


@dataclass
class Machine:
    """A folder that stands for a machine: the page's paths and port, put elsewhere."""

    root: Path
    environment: dict[str, str]
    server: int
    recipient: str = field(default_factory=lambda: str(pyrage.x25519.Identity.generate().to_public()))
    port: int = field(default_factory=free_port)

    def here(self, text: str) -> str:
        for path in ("/opt/jaabi", "/etc/jaabi", "/var/lib/jaabi"):
            text = text.replace(path, f"{self.root}{path}")
        text = text.replace("@127.0.0.1/postgres", f"@127.0.0.1:{self.server}/postgres")
        return text.replace("8000", str(self.port)).replace("age1…", self.recipient)

    def run(self, commands: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.here(commands)],
            env=self.environment, cwd=self.root, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    def administer(self, commands: str) -> None:
        """What the page has PostgreSQL's own account say."""
        with psycopg.connect(address(self.server, "postgres"), autocommit=True) as connection:
            for statement in SQL.findall(commands)[0].splitlines():
                connection.execute(statement.encode())

    def said(self, name: str) -> tuple[list[list[str]], dict[str, str], Path]:
        """The commands of a unit, its environment and no other, and its folder."""
        unit = (self.root / "opt/jaabi/deploy/systemd" / f"jaabi-{name}.service").read_text(encoding="utf-8")
        values = re.findall(r"^(Environment|ExecStart|WorkingDirectory)=(.*)$", self.here(unit), re.MULTILINE)
        environment = dict(value.split("=", 1) for key, value in values if key == "Environment")
        passed_on = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        commands = [shlex.split(value.replace("%%", "%")) for key, value in values if key == "ExecStart"]
        return commands, passed_on | environment, Path(dict(values)["WorkingDirectory"])

    def once(self, name: str) -> None:
        """A unit that does something and ends."""
        commands, environment, folder = self.said(name)
        for command in commands:
            subprocess.run(command, env=environment, cwd=folder, timeout=300, check=True)

    @contextmanager
    def unit(self, name: str) -> Iterator[Process]:
        """A service, as its unit says."""
        ((program, *arguments),), environment, folder = self.said(name)
        # `Process` starts Python itself
        command = arguments if Path(program).name == "python" else [program, *arguments]
        process = Process(name, command, environment, self.root / f"{name}.log", where=folder)
        try:
            yield process
        finally:
            process.stop()


def fresh_machine(root: Path, carrier: StandInClient, server: int) -> Machine:
    """The program as it is in the repository, and nothing else."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    program = root / "opt/jaabi"
    for line in listed.stdout.splitlines():
        if not line.startswith(("tests/", "docs/pictures/", "bench/")) and (ROOT / line).is_file():
            (program / line).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / line, program / line)
    (program / ".venv").symlink_to((ROOT / ".venv").resolve())
    (root / "etc").mkdir()
    (root / "var/lib").mkdir(parents=True)
    given = {
        "SETUP_DATABASE_URL": address(server, "postgres"), "REDIS_URL": os.environ["REDIS_URL"],
        "EMAIL_URL": f"filemail:///{root}/mail", **carrier.environment(),
    }  # fmt: skip
    return Machine(root, {"PATH": os.environ["PATH"], "HOME": str(root), "LANG": "C.UTF-8"} | given, server)


@contextmanager
def server_of_its_own() -> Iterator[int]:
    """A PostgreSQL server that has nothing; its port."""
    port = free_port()
    # it runs as its own account, which pytest's folders do not let in
    with tempfile.TemporaryDirectory(prefix="jaabi-server-") as folder, running(postgres(Path(folder), port)):
        yield port


def get(url: str, **more: str) -> tuple[int, str]:
    request = urllib.request.Request(
        url, headers={"Host": urlsplit(PUBLIC_URL).netloc, "X-Forwarded-Proto": "https"} | more
    )
    try:
        with OPENER.open(request, timeout=10) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


@pytest.mark.once
def test_both_pages_hold_the_same_commands_and_bash_can_read_them() -> None:
    french, english = blocks(PAGES["fr"]), blocks(PAGES["en"])
    assert french == english
    assert len([block for block in french if not block.sets_machine]) >= 4
    for block in french:
        subprocess.run(["bash", "-n", "-c", block.commands], check=True)


@pytest.mark.services
@pytest.mark.skipif(not on_services(), reason="make test-services runs it")
@pytest.mark.skipif(not found("initdb"), reason="no server programs on this machine")
def test_the_documented_commands_alone_make_an_installation_that_answers_an_sms(tmp_path: Path) -> None:
    with ExitStack() as undo:
        carrier = undo.enter_context(running_standin())
        machine = fresh_machine(tmp_path, carrier, undo.enter_context(server_of_its_own()))
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as queue:
            undo.callback(queue.flushdb)
        started: list[Process] = []
        for block in blocks(PAGES["fr"]):
            if SQL.search(block.commands):
                machine.administer(block.commands)
            if "systemctl enable" in block.commands:
                assert [name for name in UNITS if f" jaabi-{name} " not in block.commands.replace("\n", " ")] == []
                started += [undo.enter_context(machine.unit(name)) for name in UNITS]
                _are_ready(*started[:-1], port=machine.port)
                machine.once("backup")
            if block.sets_machine:
                continue
            done = machine.run(block.commands)
            if "check --deploy" in block.commands:
                assert set(re.findall(r"\(([\w.]+[EWC]\d+)\)", done.stderr)) == STILL_TO_DO, done.stderr
                continue
            assert done.returncode == 0, f"{block.commands}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
            if "manage.py setup" in block.commands:
                _is_set_up(machine, done.stdout, block.commands)
        assert len(started) == len(UNITS)
        _answers_an_sms(machine, carrier)
        _is_backed_up(machine, started[-1])
        _changes_the_passwords_of_its_databases(machine)


def _are_ready(web: Process, *others: Process, port: int) -> None:
    *workers, beat = others
    web.wait_for(lambda: get(f"http://127.0.0.1:{port}/healthz")[0] == 200, 60)
    for worker in workers:
        worker.wait_for(lambda one=worker: "ready." in one.log.read_text(errors="replace"), 60)  # type: ignore[misc]
    beat.wait_for(lambda: "beat: Starting" in beat.log.read_text(errors="replace"), 60)


def _is_set_up(machine: Machine, said: str, commands: str) -> None:
    """Files are for their owner alone, no key is in what was said, and once more changes nothing."""
    folder = machine.root / "etc/jaabi"
    for name in ("jaabi.env", "keys-to-print.txt", "first-sign-in.txt"):
        assert stat.S_IMODE((folder / name).stat().st_mode) & 0o007 == 0, name
    settings = dict(line.split("=", 1) for line in (folder / "jaabi.env").read_text().splitlines() if "=" in line)
    printed = (folder / "keys-to-print.txt").read_text()
    for name in ("SEALING_KEYS", "VAULT_SEALING_KEYS", "AUDIT_SIGNING_KEYS", "INDEX_KEY", "VAULT_INDEX_KEY"):
        assert settings[name] not in said
        assert settings[name].strip("'") in re.sub(r"\s", "", printed)
    assert "SETUP_" not in (folder / "jaabi.env").read_text()
    assert "passerelle twilio : répond" in said
    assert "[ ] protocoles signés" in said
    before = {path: path.read_bytes() for path in folder.iterdir() if path.name != "first-sign-in.txt"}
    again = machine.run(commands)
    assert again.returncode == 0, again.stderr
    for sentence in (
        "déjà complet, inchangé",
        "tables : à jour",
        "lieux : déjà là",
        "plan : déjà là",
        "catégories et délais : déjà là",
    ):
        assert sentence in again.stdout
    assert {path: path.read_bytes() for path in folder.iterdir() if path.name != "first-sign-in.txt"} == before
    _link_opens_for(machine)


def _link_opens_for(machine: Machine) -> None:
    link = (machine.root / "etc/jaabi/first-sign-in.txt").read_text().splitlines()[-1]
    assert link.startswith(f"{PUBLIC_URL}/compte/")
    machine.environment["LINK"] = link


def _answers_an_sms(machine: Machine, carrier: StandInClient) -> None:
    web = f"http://127.0.0.1:{machine.port}"
    assert get(web + urlsplit(machine.environment["LINK"]).path)[0] == 200
    carrier.reset()
    (answer,) = carrier.receive(
        f"{web}/sms/twilio/", PHONE, "Le forage du quartier est en panne", public_url=PUBLIC_URL
    )
    assert answer.status == 200
    (receipt,) = carrier.wait_sent(PHONE, timeout=30)
    assert sum(sign.isdigit() for sign in receipt["body"]) >= 12
    assert get(f"{web}/metrics")[0] == 404
    said = metrics(machine)
    assert "jaabi_database_up 1.0" in said
    assert 'jaabi_database_connections{database="vault"}' in said


def _is_backed_up(machine: Machine, receives: Process) -> None:
    """The unit of each night made a set; the other receives what changes, and a monitor is told."""
    (made,) = (machine.root / "var/lib/jaabi/backups/sets").iterdir()
    assert (made / "manifest.json").exists()

    def ages() -> list[float]:
        said = re.findall(r"^jaabi_(?:backup|wal)_age_seconds (\S+)$", metrics(machine), re.MULTILINE)
        return [float(one) for one in said]

    receives.wait_for(lambda: len(ages()) == 2 and max(ages()) < 600, 60)
    assert list((machine.root / "var/lib/jaabi/backups/wal-all").glob("*.age")) != []


def _changes_the_passwords_of_its_databases(machine: Machine) -> None:
    """By a command for each; whoever knows a former one is not let in any more, and what the file says is."""
    with psycopg.connect(address(machine.server, "postgres"), autocommit=True) as server:
        (rules,) = server.execute("show hba_file").fetchone() or ("",)
        others = "host all all 127.0.0.1/32 scram-sha-256\n"
        Path(rules).write_text(f"host all postgres 127.0.0.1/32 trust\n{others}", encoding="utf-8")
        server.execute("select pg_reload_conf()")
    file = machine.root / "etc/jaabi/jaabi.env"
    before = environment_file.read(file)
    for name in PASSWORDS:
        psycopg.connect(environment_file.read(file)[name]).close()
        done = machine.run(
            f"ENV_FILE=/etc/jaabi/jaabi.env /opt/jaabi/.venv/bin/python /opt/jaabi/manage.py new_key {name}"
        )
        assert done.returncode == 0, done.stderr
        password = urlsplit(environment_file.read(file)[name]).password
        assert password
        assert password not in done.stdout
    after = environment_file.read(file)
    assert {name for name in after if after[name] != before[name]} == set(PASSWORDS)
    for name in PASSWORDS:
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(before[name])
        psycopg.connect(after[name]).close()


def metrics(machine: Machine) -> str:
    """As a monitor reads them."""
    (token,) = re.findall(r"^METRICS_TOKEN=(.*)$", (machine.root / "etc/jaabi/jaabi.env").read_text(), re.MULTILINE)
    return get(f"http://127.0.0.1:{machine.port}/metrics", Authorization=f"Bearer {token}")[1]
