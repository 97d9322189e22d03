"""PgBouncer, as the file that is shipped tells it, in front of the databases of one stack."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.programs import Program, found, owner, running
from tests.stack.databases import own_database
from tests.stack.processes import free_port
from tests.standin.client import ROOT

SHIPPED = ROOT / "deploy" / "pgbouncer" / "pgbouncer.ini"
THROUGH = ("DATABASE_URL", "VAULT_DATABASE_URL", "VAULT_INTAKE_DATABASE_URL")
# So few that they are shared, and each transaction on another than the one before: what a connection would have had to
# remember is not there.
SCARCE = {"default_pool_size": "3", "reserve_pool_size": "0", "server_round_robin": "1"}


def missing() -> str:
    """Why there is no PgBouncer, in a sentence; "" where there is."""
    return "" if found("pgbouncer") else "no PgBouncer: scripts/find_pooler.sh says how to have it"


@contextmanager
def pooled(told: dict[str, str], var: Path) -> Iterator[dict[str, str]]:
    """In: settings that name databases. Gives the same, through a pooler that ends with the block."""
    port, folder = free_port(), var / "pooler"
    folder.mkdir()
    where = urlsplit(told["DATABASE_URL"])
    users = {name: urlsplit(told[name]) for name in THROUGH}
    (folder / "users").write_text(
        "".join(f'"{one.username}" "{one.password or ""}"\n' for one in set(users.values())), "utf-8"
    )
    changed = SCARCE | {"listen_port": str(port), "auth_type": "trust", "auth_file": str(folder / "users")}
    text = SHIPPED.read_text("utf-8").replace("host=127.0.0.1 port=5432", f"host={where.hostname} port={where.port}")
    for name, value in changed.items():
        text, count = re.subn(rf"^{name} = .*$", f"{name} = {value}", text, flags=re.MULTILINE)
        text += "" if count else f"{name} = {value}\n"
    (folder / "pgbouncer.ini").write_text(text, "utf-8")
    through = {name: urlunsplit(one._replace(netloc=_netloc(one.netloc, port))) for name, one in users.items()}
    with running(_program(folder, var / "logs", through["DATABASE_URL"])):
        # words for the server, from the environment or from us, are what a pooler refuses
        kept = {name: value for name, value in told.items() if name != "PGOPTIONS"}
        yield kept | through | {"DATABASE_POOLED": "1"}


def _program(folder: Path, logs: Path, url: str) -> Program:
    logs.mkdir(exist_ok=True)
    if user := owner():
        for path in (folder.parent, folder, *folder.iterdir()):
            shutil.chown(path, user) if path != folder.parent else path.chmod(0o755)
    environment = {"PATH": f"{os.environ['PATH']}:/usr/sbin"}
    command = [found("pgbouncer"), str(folder / "pgbouncer.ini")]
    return Program("pgbouncer", command, logs, lambda: _answers(url), environment, user)


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(own_database(url), connect_timeout=3, options=""):
            return True
    except psycopg.OperationalError:
        return False


def _netloc(netloc: str, port: int) -> str:
    return f"{netloc.rpartition('@')[0]}@127.0.0.1:{port}"
