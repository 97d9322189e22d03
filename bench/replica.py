"""Dashboards on a replica that streams: read there, late there, gone; and what whoever has just acted sees.

    .venv/bin/python -m bench.replica [--cases 20000] [--times 20]

Exit code 1 and a sentence for whatever is not as it must be.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import time
from dataclasses import dataclass
from statistics import median

import psycopg

from bench.fault_kinds import streaming_replica
from bench.intake import machine
from bench.pages import crowd
from bench.production import AS_THE_FRONT, Production, production
from bench.programs import address, running
from tests.stack.processes import free_port

PAGE = "/dashboard/"
LATE = "Chiffres d’il y a"
# Later than what a page says nothing of.
WAITS = 12


@dataclass
class Reader:
    """Somebody's browser, over a connection that stays open."""

    product: Production
    cookie: str

    def asks(self, method: str = "GET", path: str = PAGE) -> tuple[int, str, float]:
        """Status, page, milliseconds. A cookie that is set is kept."""
        line = http.client.HTTPConnection("127.0.0.1", self.product.web_port, timeout=60)
        headers = {"Cookie": self.cookie, **AS_THE_FRONT}
        began = time.perf_counter()
        line.request(method, path, headers=headers)
        answer = line.getresponse()
        body = answer.read().decode(errors="replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("acted="):
                self.cookie += f"; {value.partition(';')[0]}"
        return answer.status, body, 1000 * (time.perf_counter() - began)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--times", type=int, default=20, help="looks at the page")
    options = parser.parse_args()
    with production() as product:
        print(machine(product))
        wrong = run(product, options.cases, options.times)
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


def run(product: Production, cases: int, times: int) -> list[str]:
    """What was wrong, in sentences."""
    crowd(product, "grow", str(cases))
    known = json.loads(crowd(product, "sign-in"))
    port, wrong = free_port(), list[str]()
    replica = streaming_replica(product, port)
    product.environment["REPLICA_DATABASE_URL"] = address(port, "jaabi")
    other, reader = (Reader(product, known["cookies"][who]) for who in ("awa", "ibrahim"))

    def expects(holds: bool, sentence: str) -> None:
        if not holds:
            wrong.append(sentence)

    with (
        running(replica, product.web(workers=1)),
        psycopg.connect(address(port, "postgres"), autocommit=True) as server,
    ):
        reader.asks()
        before = _read_there(server)
        seen = [reader.asks() for _time in range(times)]
        time.sleep(2)  # statistics are written down once a second
        expects(all(status == 200 and LATE not in page for status, page, _ms in seen), "a page was not whole, or late.")
        expects(_read_there(server) > before, "nothing was read from the replica.")
        print(f"read from the replica: {median(ms for _status, _page, ms in seen):.0f} ms")

        server.execute("select pg_wal_replay_pause()")
        with product.connect() as connection:
            connection.execute("update core_lease set until = until")
            connection.execute("create table of_the_bench (a int)")
        time.sleep(WAITS)
        status, page, _ms = reader.asks()
        expects(status == 200 and LATE in page, "a late replica did not say so.")
        other.asks("POST", "/i18n/setlang/")
        expects("acted=" in other.cookie, "whoever acted got no mark.")
        status, page, _ms = other.asks()
        expects(status == 200 and LATE not in page, "whoever acted was shown the replica's figures.")
        server.execute("select pg_wal_replay_resume()")
        time.sleep(1)
        status, page, _ms = other.asks()
        expects(status == 200 and LATE not in page, "a replica that caught up is still late.")
        print(f"late by {WAITS} s: said to a reader, and not shown to whoever acted")

        replica.kill()
        seen = [reader.asks() for _time in range(times)]
        expects(
            all(status == 200 and LATE not in page for status, page, _ms in seen), "without it a page was not whole."
        )
        waits = [ms for _status, _page, ms in seen]
        print(f"without it: {median(waits):.0f} ms, the first {waits[0]:.0f} ms")
    return wrong


def _read_there(server: psycopg.Connection[tuple[object, ...]]) -> int:
    row = server.execute("select tup_returned from pg_stat_database where datname = 'jaabi'").fetchone()
    return int(str(row[0])) if row else 0


if __name__ == "__main__":
    sys.exit(main())
