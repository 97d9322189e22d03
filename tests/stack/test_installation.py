"""A machine that has nothing becomes an installation by the commands of docs/installation.md, and answers an SMS.

The commands are read from the page. Those of blocks marked `machine` set the machine itself (packages, users, systemd),
and are read for their syntax alone; the units are started as systemd would start them.
"""

from __future__ import annotations

import os
import re
import secrets
import shlex
import shutil
import stat
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from psycopg import sql

from tests.stack.databases import at_path, on_services
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
UNITS = ("web", "worker", "worker-notices", "worker-slow", "beat")


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
    port: int = field(default_factory=free_port)

    def here(self, text: str) -> str:
        for path in ("/opt/jaabi", "/etc/jaabi", "/var/lib/jaabi"):
            text = text.replace(path, f"{self.root}{path}")
        return text.replace("8000", str(self.port))

    def run(self, commands: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.here(commands)],
            env=self.environment, cwd=self.root, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    @contextmanager
    def unit(self, name: str) -> Iterator[Process]:
        """A service, as its unit says: its environment and no other, its folder, its command."""
        said = (self.root / "opt/jaabi/deploy/systemd" / f"jaabi-{name}.service").read_text(encoding="utf-8")
        values = re.findall(r"^(Environment|ExecStart|WorkingDirectory)=(.*)$", self.here(said), re.MULTILINE)
        program, *arguments = shlex.split(dict(values)["ExecStart"].replace("%%", "%"))
        environment = dict(value.split("=", 1) for key, value in values if key == "Environment")
        passed_on = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        process = Process(
            name, [program, *arguments], passed_on | environment, self.root / f"{name}.log",
            where=Path(dict(values)["WorkingDirectory"]),
        )  # fmt: skip
        try:
            yield process
        finally:
            process.stop()


def fresh_machine(root: Path, carrier: StandInClient, name: str) -> Machine:
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
    maker = at_path(os.environ["DATABASE_URL"], "/postgres")
    given = {
        "SETUP_DATABASE_URL": maker, "SETUP_NAME": name, "REDIS_URL": os.environ["REDIS_URL"],
        "EMAIL_URL": f"filemail:///{root}/mail", **carrier.environment(),
    }  # fmt: skip
    return Machine(root, {"PATH": os.environ["PATH"], "HOME": str(root), "LANG": "C.UTF-8"} | given)


@contextmanager
def name_of_its_own() -> Iterator[str]:
    """What the databases and roles are called; they go at the end."""
    name = f"jaabi_inst_{secrets.token_hex(3)}"
    try:
        yield name
    finally:
        with psycopg.connect(at_path(os.environ["DATABASE_URL"], "/postgres"), autocommit=True) as server:
            for database in (name, f"{name}_vault"):
                server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))
            for (role,) in server.execute(
                "select rolname from pg_roles where rolname like %s", [f"{name}%"]
            ).fetchall():
                server.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))


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
def test_the_documented_commands_alone_make_an_installation_that_answers_an_sms(tmp_path: Path) -> None:
    with ExitStack() as undo:
        carrier = undo.enter_context(running_standin())
        machine = fresh_machine(tmp_path, carrier, undo.enter_context(name_of_its_own()))
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as queue:
            undo.callback(queue.flushdb)
        running: list[Process] = []
        for block in blocks(PAGES["fr"]):
            if "systemctl enable" in block.commands:
                running += [undo.enter_context(machine.unit(name)) for name in UNITS]
                _are_ready(*running, port=machine.port)
            if block.sets_machine:
                continue
            done = machine.run(block.commands)
            if "check --deploy" in block.commands:
                assert set(re.findall(r"\(([\w.]+[EWC]\d+)\)", done.stderr)) == STILL_TO_DO, done.stderr
                continue
            assert done.returncode == 0, f"{block.commands}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
            if "manage.py setup" in block.commands:
                _is_set_up(machine, done.stdout, block.commands)
        assert len(running) == len(UNITS)
        _answers_an_sms(machine, carrier)


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
    for name in ("SEALING_KEYS", "AUDIT_SIGNING_KEYS", "INDEX_KEY", "VAULT_INDEX_KEY"):
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
    (token,) = re.findall(r"^METRICS_TOKEN=(.*)$", (machine.root / "etc/jaabi/jaabi.env").read_text(), re.MULTILINE)
    assert get(f"{web}/metrics")[0] == 404
    said = get(f"{web}/metrics", Authorization=f"Bearer {token}")[1]
    assert "jaabi_database_up 1.0" in said
    assert 'jaabi_database_connections{database="vault"}' in said
