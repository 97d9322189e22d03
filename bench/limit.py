"""What this machine's PostgreSQL can do: pgbench inserts one row with a unique id, and commits it durably."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from bench.load import Seen
from bench.production import Production
from bench.programs import address, tool

TABLE = "create table limit_row (id bigserial primary key, provider_id text not null unique, body text not null)"
# Of the bare view (`bench/bare.py`), which is no project with migrations.
BARE_TABLE = """create table bare_row (id bigserial primary key, provider_id varchar(120) not null unique,
  sender varchar(30) not null, body text not null, received_at timestamptz not null)"""
SCRIPT = r"""\set a random(1, 9000000000000000000)
insert into limit_row (provider_id, body) values ('SM' || :a, repeat('x', 200));
"""


def limit(product: Production, clients: int, seconds: int) -> Seen:
    """One run of pgbench, its waits from its own log."""
    script, prefix = product.folder / "insert.sql", product.folder / "pgbench"
    script.write_text(SCRIPT)
    threads = min(clients, os.cpu_count() or 1)
    options = ["-n", "-M", "prepared", "-c", str(clients), "-j", str(threads), "-T", str(seconds)]
    options += ["-f", str(script), "-l", f"--log-prefix={prefix}"]
    url = address(product.database_port, "bench")
    command = [tool("pgbench", "postgresql-contrib or postgresql"), *options, url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate = re.search(r"tps = ([0-9.]+)", said)
    assert rate is not None
    waits = _waits(product.folder)
    p50, p95, p99 = (waits[int((len(waits) - 1) * share)] for share in (0.5, 0.95, 0.99))
    return Seen(len(waits), 0, len(waits) / float(rate[1]), p50, p95, p99, 0.0)


def _waits(folder: Path) -> list[float]:
    """Milliseconds, sorted; the logs are removed."""
    found = []
    for log in folder.glob("pgbench.*"):
        found += [int(line.split()[2]) / 1000 for line in log.read_text().splitlines()]
        log.unlink()
    return sorted(found)
