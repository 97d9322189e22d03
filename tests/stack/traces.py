"""Where a string has left a trace: every file, table and key that a stack writes, in every usual disguise."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import psycopg
import redis
from psycopg import sql

from tests.stack.databases import own_database

# Where something that zlib or gzip compressed may begin.
COMPRESSED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
EITHER_HEADER = zlib.MAX_WBITS | 32
MOST_UNPACKED = 1_000_000


def disguises(text: str) -> set[bytes]:
    """`text` as bytes: plain, UTF-16, JSON-escaped, percent-encoded, hexadecimal and base64 at each alignment."""
    raw = text.encode()
    spelled = {raw, text.encode("utf-16-le"), json.dumps(text)[1:-1].encode(), quote(text).encode()}
    spelled |= {quote_plus(text).encode(), raw.hex().encode(), raw.hex().upper().encode()}
    return spelled | {_base64_at(raw, offset) for offset in range(3)}


def _base64_at(raw: bytes, offset: int) -> bytes:
    """What base64 makes of `raw` after `offset` other bytes, without the signs that its neighbours share."""
    encoded = base64.b64encode(b"\0" * offset + raw)
    whole = (offset + len(raw)) // 3 * 4
    return encoded[(0, 2, 3)[offset] : whole]


def traces_in_files(text: str, folder: Path) -> list[str]:
    """The files under `folder` whose name or content holds `text`."""
    wanted = disguises(text)
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = str(path.relative_to(folder))
        if holds(name.encode(), wanted) or holds(_content(path), wanted):
            found.append(name)
    return found


def traces_in_postgres(text: str, url: str) -> list[str]:
    """The tables of the database at `url` that hold `text`."""
    wanted = disguises(text)
    with psycopg.connect(own_database(url)) as connection:
        tables = connection.execute(
            "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        return sorted(
            f"{schema}.{table}"
            for schema, table in tables
            if any(holds(row, wanted) for row in _rows(connection, schema, table))
        )


def _rows(connection: psycopg.Connection[tuple[str, ...]], schema: str, table: str) -> Iterator[bytes]:
    query = sql.SQL("select whole_row::text from {} whole_row").format(sql.Identifier(schema, table))
    for (row,) in connection.execute(query):
        yield row.encode()


def traces_in_redis(text: str, url: str) -> list[str]:
    """The keys of the Redis database at `url` whose name or value holds `text`."""
    wanted = disguises(text)
    with redis.Redis.from_url(url) as server:
        keys: list[bytes] = list(server.scan_iter())
        return sorted(key.decode() for key in keys if holds(key + (server.dump(key) or b""), wanted))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def holds(content: bytes, wanted: set[bytes]) -> bool:
    """Whether any of these stands in the content, or in what was compressed into it."""
    return any(spelled in part for part in (content, *unpacked(content)) for spelled in wanted)


def unpacked(content: bytes) -> Iterator[bytes]:
    """What zlib makes of each place where something compressed may begin; of an archive (XLSX, DOCX), its files."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    for place in COMPRESSED.finditer(content):
        stream = zlib.decompressobj(EITHER_HEADER)
        try:
            found = stream.decompress(content[place.start() : place.start() + MOST_UNPACKED], MOST_UNPACKED)
        except zlib.error:
            continue
        if found:
            yield found
