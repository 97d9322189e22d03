"""Whether a message costs the same when millions are stored: the tables are filled by copying rows of real messages."""

from __future__ import annotations

import itertools

from bench import drain
from bench.load import sent, written
from bench.posts import posts
from bench.production import Production
from bench.programs import running

FEW = 1000
DRAINED = 500
CLIENTS = 8
# By table: what must differ from row to row. The rest is as a real message left it once it was handled.
COPIES = {
    "feedback_envelope": {
        "id": "gen_random_uuid()",
        "provider_id": "'SM' || md5(n::text)",
        "received_at": "now() - n * interval '20 seconds'",
    },
    "feedback_phonepreference": {"phone_hash": "md5(n::text) || md5(n::text || 'b')"},
    "feedback_case": {
        "id": "gen_random_uuid()",
        "reference": "'z' || lpad(to_hex(n), 6, '0')",
        "receipt_hash": "md5(n::text) || md5(n::text || 'a')",
        "phone_hash": "md5(n::text) || md5(n::text || 'b')",
        "received_at": "now() - n * interval '20 seconds'",
    },
    "core_outbound": {
        "id": "gen_random_uuid()",
        "provider_id": "'SM' || md5(n::text)",
        "dedupe_key": "'copy' || n",
        "not_before": "now() - n * interval '20 seconds'",
    },
}


def measure(product: Production, many: int, seconds: int) -> None:
    print(
        "| messages stored | taken in/s | p50 | p99 | processor, web and database | handled/s, one worker | processor |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|")
    drain.taken_in(product, FEW, seed=901)
    drain.drained(product, 1, FEW)
    _row(product, FEW, seconds, seed=902)
    fill(product, many)
    _row(product, many, seconds, seed=903)
    print()


def fill(product: Production, many: int, *, row_id: str = "gen_random_uuid()") -> None:
    """Copies one row of each table until there are so many. `row_id`: the SQL that gives the copy `n` its id.

    A copy is as large as its original and has no key: its texts are bound to the row that they were copied from, so
    that nothing opens them, and nobody tries.
    """
    with product.connect() as connection:
        for table, told in COPIES.items():
            changes = told | ({"id": row_id} if "id" in told else {}) | {"data_key": "null"}
            names = connection.execute(NAMES, [table]).fetchall()
            columns = ", ".join(changes.get(str(name), f"one.{name}") for (name,) in names)
            picked = "where state in ('handled', 'sent', 'delivered')" if table in SETTLED else ""
            connection.execute(
                f"insert into {table} select {columns} "  # noqa: S608  our own names
                f"from (select * from {table} {picked} limit 1) one, generate_series(1, {many}) n".encode()
            )
            # As it is once such a table has stood for a while: else the server cleans it while we measure.
            connection.execute(f"vacuum analyze {table}".encode())
        connection.execute("checkpoint")


NAMES = "select column_name from information_schema.columns where table_name = %s order by ordinal_position"
SETTLED = ("feedback_envelope", "core_outbound")


def _row(product: Production, count: int, seconds: int, *, seed: int) -> None:
    file = product.folder / "requests"
    web = product.web()
    written(file, itertools.islice(posts(seed), 4000 * seconds))
    with running(web):
        sent(file, product.web_port, CLIENTS, 1)
        before = web.processor_seconds() + product.postgres.processor_seconds()
        written(file, itertools.islice(posts(seed + 50), 4000 * seconds))
        seen = sent(file, product.web_port, CLIENTS, seconds)
        work = web.processor_seconds() + product.postgres.processor_seconds() - before
    handled = drain.drained(product, 1, DRAINED)
    print(
        f"| {count:,} | {seen.rate:.0f} | {seen.p50:.1f} ms | {seen.p99:.1f} ms | {1e6 * work / seen.good:.0f} µs "
        f"| {handled.rate:.0f} | {handled.work:.1f} ms |",
        flush=True,
    )
