"""Where a canary is looked for: all that a running product, its databases and its broker write, keep or show."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import redis

from bench.canary.acts import FIRST_PHONE, WORD_STEM, House
from bench.canary.memory import occurrences
from bench.programs import Program, address, descendants, tool
from tests.stack.traces import disguises, holds

Found = Callable[[], Iterator[tuple[str, bytes]]]
# Read by those who may: the operator and the officers, and whoever is handed a case in the course of the run.
READERS = {"awa", "aminata", "rokia", "kadia", "yaya", "nana", "coumba"}
ANYONE = ("/", "/parler/", "/suivi/", "/travailleurs/", "/metrics", "/readyz", "/preuves/", "/preuves/points.jsonl")
BROKEN = (
    ("GET", "/rien-du-tout/"), ("GET", "/parler/recu/"), ("PUT", "/parler/"), ("GET", "/cases/"),
    ("POST", "/sms/autre/"),
)  # fmt: skip
PAGES_EACH = 30
BESIDE = 400  # bytes shown on each side of what is found
KEYS = ("SEALING_KEYS", "VAULT_SEALING_KEYS", "AUDIT_SIGNING_KEYS", "INDEX_KEY", "VAULT_INDEX_KEY")
API = ("cases/", "referrals/", "services/", "organisations/", "checkpoints/", "schema/")


def wanted() -> set[bytes]:
    """Every spelling and disguise of what all canaries have in common: a word, and the beginning of a number."""
    phone = f"7{FIRST_PHONE:07}"[:6]
    pairs = [phone[at : at + 2] for at in range(0, 6, 2)]
    words = {WORD_STEM, WORD_STEM.upper(), WORD_STEM.capitalize(), f"223{phone}"}
    words |= {sign.join(("223", *pairs)) for sign in " -."}
    return {sign for word in words for sign in disguises(word)}


def keys_of(environment: Mapping[str, str]) -> set[bytes]:
    """The keys of an installation, which stand in its environment alone: as text, raw, and in hexadecimal."""
    keys = {key for name in KEYS for key in environment[name].split(",")}
    raw = {base64.urlsafe_b64decode(key) for key in keys}
    return {key.encode() for key in keys} | raw | {one.hex().encode() for one in raw}


@dataclass
class Sweep:
    """All places of one run; `programs` are those that run."""

    house: House
    programs: list[Program]
    keys: set[bytes]

    def counts(self) -> Iterator[tuple[str, int, list[str]]]:
        """Place by place: how many things were looked at, and which of them hold a canary, or a key, and where."""
        signs = wanted() | self.keys
        for name, things in self.all().items():
            looked, hits = 0, []
            for label, content in things():
                looked += 1
                named = label.encode() + b"\n" + content
                hits += [f"{label}: {_around(named, signs)}"] if holds(named, signs) else []
            yield name, looked, hits

    def all(self) -> dict[str, Found]:
        product = self.house.product
        data, var, redis_data = product.folder / "postgres", product.folder / "var", product.folder
        return {
            "dump of the main database": lambda: self._dump("jaabi"),
            "dump of the vault": lambda: self._dump("jaabi_vault"),
            "data files of the databases": lambda: files(data / "base", data / "global"),
            "write-ahead log": lambda: files(data / "pg_wal"),
            "backup of the databases": self._backup,
            "log of the databases, every statement": lambda: files(product.postgres.log),
            "Redis: cache and locks": self._redis,
            "Redis: all that ever passed, the queue": lambda: files(redis_data / "appendonlydir"),
            **{f"log of {one.name}": (lambda one=one: files(one.log)) for one in self.programs},  # type: ignore[misc]
            "mail": lambda: files(product.folder / "mail"),
            "spool and files of the product": lambda: files(var, but="static"),
            "temporary files": lambda: files(product.folder / "tmp"),
            "core files": lambda: files(product.folder / "cores"),
            "exports of the audit": self._exports,
            "error pages, and answers to what failed": lambda: files(self.house.kept),
            "pages of everyone": lambda: self._pages("", ANYONE),
            "settings pages": lambda: self._pages("adama", self.house.people["settings"]),
            "pages of other roles": self._of_others,
            "API": self._api,
            "texts that left by SMS": self._sent,
        }

    def _dump(self, database: str) -> Iterator[tuple[str, bytes]]:
        command = [tool("pg_dump"), "--inserts", address(self.house.product.database_port, database)]
        yield database, subprocess.run(command, check=True, capture_output=True).stdout

    def _backup(self) -> Iterator[tuple[str, bytes]]:
        folder = self.house.product.folder / "backup"
        shutil.rmtree(folder, ignore_errors=True)
        port = str(self.house.product.database_port)
        server = ["-h", "127.0.0.1", "-p", port, "-U", "postgres"]
        command = [tool("pg_basebackup"), *server, "--checkpoint=fast", "-D", str(folder)]
        subprocess.run(command, check=True, capture_output=True)
        yield from files(folder)

    def _redis(self) -> Iterator[tuple[str, bytes]]:
        with redis.Redis(port=self.house.product.redis_port) as server:
            for key in server.scan_iter():
                yield key.decode(errors="replace"), server.dump(key) or b""

    def _exports(self) -> Iterator[tuple[str, bytes]]:
        for chain in ("ordinary", "vault", "points"):
            yield chain, self.house.product.manage("export_audit", chain).encode()

    def _pages(self, who: str, paths: object) -> Iterator[tuple[str, bytes]]:
        for path in paths:  # type: ignore[attr-defined]
            yield f"{who} {path}", self.house.ask(who, "GET", path)[1]

    def _of_others(self) -> Iterator[tuple[str, bytes]]:
        """Everyone but those who may read, each on pages drawn of all there are, and on the canaries' own cases."""
        cases = [f"/cases/{pk}/" for pk in self._ids("select id from feedback_case", "jaabi")]
        sealed = [f"/vault/cases/{pk}/" for pk in self._ids("select id from psea_sealedcase", "jaabi_vault")]
        for who in sorted(set(self.house.people["cookies"]) - READERS):
            drawn = Random(who).sample(self.house.people["pages"], PAGES_EACH)
            yield from self._pages(who, [*drawn, "/cases/", "/referrals/", *cases[-5:], *sealed[-5:]])
        for method, path in BROKEN:
            yield f"{method} {path}", self.house.ask("", method, path, {} if method != "GET" else None)[1]

    def _ids(self, query: str, database: str) -> list[object]:
        with self.house.product.connect(database) as connection:
            return [row[0] for row in connection.execute(query.encode()).fetchall()]

    def _api(self) -> Iterator[tuple[str, bytes]]:
        for name in ("hcr", "nrc"):
            headers = {"Authorization": f"Bearer {self.house.people['tokens'][name]}"}
            for path in API:
                yield f"{name} {path}", self.house.send("GET", f"/api/v1/{path}", b"", headers)[1]

    def _sent(self) -> Iterator[tuple[str, bytes]]:
        """What they say, not whom they went to."""
        for message in self.house.product.standin.sent():
            yield str(message.get("sid", "")), str(message["body"]).encode()


def files(*places: Path, but: str = "") -> Iterator[tuple[str, bytes]]:
    """Name and content of each file in these folders, or of these files."""
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and (not but or but not in path.relative_to(place).parts):
                yield path.name, path.read_bytes()


def in_memory(program: Program) -> int:
    """How often the word of a canary is found in the memory of a program and its children."""
    signs = disguises(WORD_STEM)
    of_children = sum(occurrences(pid, signs, shared=False) for pid in descendants(program.pid))
    return of_children + occurrences(program.pid, signs, shared=True)


def _around(content: bytes, signs: set[bytes]) -> str:
    """The first of these signs that stands in it, with what stands beside; all of it is invented for one run."""
    at = min((place for sign in signs if (place := content.find(sign)) >= 0), default=None)
    return "in what is compressed" if at is None else repr(content[max(0, at - BESIDE) : at + BESIDE])
