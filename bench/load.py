"""Sends prepared requests over kept-alive connections as fast as they are answered: `python -m bench.load`.

    python -m bench.load FILE PORT CLIENTS SECONDS [HOST]   # writes what it saw, as JSON, to its standard output
    python -m bench.load null PORT                     # a server that does nothing, to measure the sender itself

It is a process of its own with one loop, so that a request costs it some tens of microseconds.
"""

from __future__ import annotations

import asyncio
import json
import selectors
import socket
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import PIPE, Popen, run
from typing import Any

from bench.programs import ROOT

HEAD_END = b"\r\n\r\n"
GRACE = 20.0
NOTHING = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 2\r\n\r\nok"


@dataclass(frozen=True)
class Seen:
    """What a run saw: how many were answered well, how many otherwise, in how many seconds, and the waits in ms."""

    good: int
    bad: int
    seconds: float
    p50: float
    p95: float
    p99: float
    processor: float

    @property
    def rate(self) -> float:
        return self.good / self.seconds if self.seconds else 0.0


def written(path: Path, requests: Iterator[bytes]) -> None:
    """Requests as a file: each after its length."""
    with path.open("wb") as file:
        for request in requests:
            file.write(struct.pack("!I", len(request)) + request)


def sent(path: Path, port: int, clients: int, seconds: float, host: str = "127.0.0.1") -> Seen:
    """One run of this module over a file of requests, each sent once; it ends early when they are used up."""
    command = [sys.executable, "-m", "bench.load", str(path), str(port), str(clients), str(seconds), host]
    done = run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return Seen(**json.loads(done.stdout))


@contextmanager
def null_server() -> Iterator[int]:
    """A server that answers everything and does nothing; gives its port."""
    with Popen([sys.executable, "-m", "bench.load", "null", "0"], cwd=ROOT, stdout=PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


class Client:
    """One connection: a request out, its answer in, the next request out."""

    def __init__(self, port: int, host: str) -> None:
        self.socket = socket.create_connection((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began, self.received = 0.0, b""

    def send(self, request: bytes) -> None:
        self.began, self.received = time.perf_counter(), b""
        self.socket.sendall(request)

    def answered(self) -> int | None:
        """The status, once the whole answer is here."""
        self.received += self.socket.recv(65536)
        head, found, body = self.received.partition(HEAD_END)
        if not found:
            return None
        lower = head.lower()
        length = lower.partition(b"content-length:")[2].partition(b"\r\n")[0].strip()
        is_whole = len(body) >= int(length) if length else body.endswith(b"0\r\n\r\n")
        return int(head[9:12]) if is_whole else None


def measure(requests: Iterator[bytes], port: int, clients: int, seconds: float, host: str) -> Seen:
    waits: list[float] = []
    bad, used = 0, time.process_time()
    selector = selectors.DefaultSelector()
    began = time.perf_counter()
    deadline = began + seconds
    for _client in range(clients):
        client = Client(port, host)
        if _sent_next(client, requests):
            selector.register(client.socket, selectors.EVENT_READ, client)
    while selector.get_map():
        for key, _events in selector.select(GRACE):
            client = key.data
            status = client.answered()
            if status is None:
                continue
            waits.append(time.perf_counter() - client.began)
            bad += status != 200
            if time.perf_counter() >= deadline or not _sent_next(client, requests):
                selector.unregister(client.socket)
    took = time.perf_counter() - began
    waits.sort()
    p50, p95, p99 = (1000 * waits[min(len(waits) - 1, int(len(waits) * share))] for share in (0.5, 0.95, 0.99))
    return Seen(len(waits) - bad, bad, took, p50, p95, p99, time.process_time() - used)


def _sent_next(client: Client, requests: Iterator[bytes]) -> bool:
    request = next(requests, None)
    if request is not None:
        client.send(request)
    return request is not None


def _read(path: Path) -> Iterator[bytes]:
    content, at = memoryview(path.read_bytes()), 0
    while at < len(content):
        (length,) = struct.unpack_from("!I", content, at)
        yield bytes(content[at + 4 : at + 4 + length])
        at += 4 + length


class Nothing(asyncio.Protocol):
    """Answers when a whole request has come: they come one by one, in one piece."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(NOTHING)


async def _serve_nothing(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Nothing, "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main(arguments: list[str]) -> None:
    if arguments[0] == "null":
        asyncio.run(_serve_nothing(int(arguments[1])))
        return
    path, port, clients, seconds, host = [*arguments, "127.0.0.1"][:5]
    print(json.dumps(asdict(measure(_read(Path(path)), int(port), int(clients), float(seconds), host))))


if __name__ == "__main__":
    main(sys.argv[1:])
