"""What it takes to be rid of a month of messages: rows deleted, by the index that finds them, or a partition dropped.

    .venv/bin/python -m bench.months                 # three million messages over four months; some minutes
    .venv/bin/python -m bench.months --rows 200000   # to see that it works

Each table is the product's own of messages (`feedback_envelope`), filled with copies of a handled one. While the month
goes, messages come, one each ten milliseconds, and the longest that one waited is told. The last column is what the
table was partitioned for, or against: whether the same message, come again in another month, is known.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.drain import taken_in
from bench.intake import machine
from bench.production import Production, production
from bench.programs import running

MONTHS = 4
BATCH = 5000
OLD = "received_at < date_trunc('month', timestamptz '2026-01-01') + interval '1 month'"
OF_A_MONTH = "timestamptz '2026-01-01' + (n * interval '1 month' * {months} / {rows})"
Work = Callable[["Table"], None]


@dataclass
class Table:
    """One way of keeping messages."""

    product: Production
    name: str
    what: str
    make: tuple[str, ...]
    drop: Work

    def run(self, statement: str) -> object:
        with self.product.connect() as connection:
            done = connection.execute(statement.format(t=self.name).encode())
            row = done.fetchone() if done.description else None
            return row[0] if row else done.rowcount


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=3_000_000)
    options = parser.parse_args()
    with production() as product:
        print(machine(product))
        _one_handled(product)
        print(
            "| kept as | rows/s filled | table | indexes | a month goes in | WAL | longest insert meanwhile "
            "| left, after vacuum | vacuum | a repeat in another month |"
        )
        print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---|")
        for table in _tables(product):
            print(_measured(table, options.rows), flush=True)
            table.run("drop table {t}")


def _tables(product: Production) -> Iterator[Table]:
    """Each with the product's key and its promise that a provider's id comes once, as far as it can be kept."""
    columns = "create table {t} (like feedback_envelope including defaults including constraints)"
    whole = (columns, "alter table {t} add primary key (id)", "alter table {t} add unique (gateway, provider_id)")
    yield Table(product, "seq", "one table, no index of age", whole, _delete_at_once)
    brin = "create index on {t} using brin (received_at) with (autosummarize = on)"
    yield Table(product, "brin", "one table, BRIN of age", (*whole, brin), _delete_at_once)
    tree = "create index on {t} (received_at)"
    yield Table(product, "tree", "one table, B-tree of age", (*whole, tree), _delete_in_batches)
    parted = (
        f"{columns} partition by range (received_at)",
        "alter table {t} add primary key (id, received_at)",
        "alter table {t} add unique (gateway, provider_id, received_at)",
        *(
            f"create table {{t}}_{month} partition of {{t}} for values from ('2026-{month:02}-01') to "
            f"('2026-{month + 1:02}-01')"
            for month in range(1, MONTHS + 2)
        ),
    )
    yield Table(product, "parted", "a partition for each month", parted, _drop_partition)


def _one_handled(product: Production) -> None:
    taken_in(product, 1, seed=77)
    with running(product.worker()):
        deadline = time.monotonic() + 60
        with product.connect() as connection:
            while time.monotonic() < deadline:
                row = connection.execute("select count(*) from feedback_envelope where state = 'handled'").fetchone()
                if row and row[0]:
                    return
                time.sleep(0.2)
    raise TimeoutError


def _measured(table: Table, rows: int) -> str:
    for statement in table.make:
        table.run(statement)
    began = time.monotonic()
    table.run(_copies(rows))
    filled = rows / (time.monotonic() - began)
    table.run("vacuum analyze {t}")
    table.run("checkpoint")
    size, indexes = _sizes(table)
    before = str(table.run("select pg_current_wal_lsn()"))
    with _messages(table) as waits:
        time.sleep(0.5)
        began = time.monotonic()
        table.drop(table)
        took = time.monotonic() - began
    wal = int(str(table.run(f"select pg_wal_lsn_diff(pg_current_wal_lsn(), '{before}')::bigint")))
    began = time.monotonic()
    table.run("vacuum {t}")
    vacuum = time.monotonic() - began
    left = sum(_sizes(table))
    cells = (
        table.what,
        f"{filled:,.0f}",
        _mb(size),
        _mb(indexes),
        f"{took:.1f} s",
        _mb(wal),
        f"{1e3 * max(waits):.0f} ms",
        _mb(left),
        f"{vacuum:.1f} s",
        "taken in again" if _takes_a_repeat(table) else "known",
    )
    return f"| {' | '.join(cells)} |"


def _copies(rows: int) -> str:
    return _insert("md5(n::text)", OF_A_MONTH.format(months=MONTHS, rows=rows), f"generate_series(0, {rows - 1}) n")


def _insert(provider: str, received: str, source: str) -> str:
    return (
        "insert into {t} (id, gateway, provider_id, joint, part, parts, state, attempts, reason, "  # noqa: S608
        f"received_at, recorded_at) select gen_random_uuid(), 'twilio', 'SM' || {provider}, '', 0, 0, 'handled', 1, "
        f"'', {received}, now() from {source} on conflict do nothing"
    )


def _sizes(table: Table) -> tuple[int, int]:
    """Bytes of the table, and of its indexes, partitions summed."""
    told = []
    for measure in ("pg_table_size", "pg_indexes_size"):
        tree = f"select sum({measure}(relid))::bigint from pg_partition_tree('{table.name}') where isleaf"  # noqa: S608
        one = f"select {measure}('{table.name}')"
        told.append(int(str(table.run(tree if table.name == "parted" else one))))
    return told[0], told[1]


@contextmanager
def _messages(table: Table) -> Iterator[list[float]]:
    """Messages come, one by one, as long as the block lasts; gives how long each waited, in seconds."""
    over, waits = threading.Event(), [0.0]

    def come() -> None:
        with table.product.connect() as connection:
            number = 0
            while not over.wait(0.01):
                number += 1
                told = _insert(f"'live{number}'", "timestamptz '2026-05-02'", "generate_series(1, 1) n")
                began = time.monotonic()
                connection.execute(told.format(t=table.name).encode())
                waits.append(time.monotonic() - began)

    thread = threading.Thread(target=come)
    thread.start()
    try:
        yield waits
    finally:
        over.set()
        thread.join()


def _delete_at_once(table: Table) -> None:
    table.run(f"delete from {{t}} where state = 'handled' and {OLD}")  # noqa: S608  our own words


def _delete_in_batches(table: Table) -> None:
    """As the product does."""
    some = f"select id from {{t}} where state = 'handled' and {OLD} order by received_at limit {BATCH}"  # noqa: S608
    while table.run(f"delete from {{t}} where id = any(array({some}))"):  # noqa: S608
        continue


def _drop_partition(table: Table) -> None:
    table.run("drop table {t}_1")


def _takes_a_repeat(table: Table) -> bool:
    """A message of the second month comes again in the fourth."""
    told = "select substr(provider_id, 3) from {t} where received_at between '2026-02-10' and '2026-02-20' limit 1"
    provider = table.run(told)
    return bool(table.run(_insert(f"'{provider}'", "timestamptz '2026-04-10'", "generate_series(1, 1) n")))


def _mb(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


if __name__ == "__main__":
    main()
