"""Hosts on one machine: network namespaces, each with a network of its own to this one. For root alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.production import Production
from bench.programs import Program, tool
from tests.stack.processes import answers

# Of networks that nobody routes (RFC 1918). The services answer at the first.
SERVICES = "10.99.0.1"
NEAR, FAR = "10.99.{number}.1", "10.99.{number}.2"


@dataclass(frozen=True)
class Host:
    """What runs there knows this machine by `SERVICES`, and is known here by its address."""

    name: str
    address: str

    def runs(self, program: Program) -> Program:
        """The same program, there."""
        program.command = [tool("ip", "iproute2"), "netns", "exec", self.name, *program.command]
        program.environment = seen_from_there(program.environment)
        return program

    def web(self, product: Production, threads: int) -> Program:
        """One process of the web server."""
        made = self.runs(product.granian(f"web-{self.name}", "config.wsgi:application", WEB_PORT, 1, threads))
        made.command[made.command.index("--host") + 1] = self.address
        made.ready = lambda: answers(f"http://{self.address}:{WEB_PORT}/healthz")
        hosts = made.environment["ALLOWED_HOSTS"]
        made.environment |= {
            "ALLOWED_HOSTS": f"{hosts},{self.address}",
            "SPOOL_DIR": str(product.folder / "var" / f"spool-{self.name}"),
        }
        return made

    def worker(self, product: Production) -> Program:
        """One worker process."""
        return self.runs(product.worker(name=f"worker-{self.name}"))


WEB_PORT = 8000


def seen_from_there(environment: Mapping[str, str]) -> dict[str, str]:
    """What names a service of this machine's loopback names it as the hosts reach it."""
    return {
        name: value.replace("@127.0.0.1:", f"@{SERVICES}:").replace("//127.0.0.1:", f"//{SERVICES}:")
        for name, value in environment.items()
    }


@contextmanager
def services_address() -> Iterator[str]:
    """The address at which services answer to hosts; it is this machine's own as long as the block lasts."""
    if os.geteuid() != 0:
        sys.exit("Hosts of its own need root, to make network namespaces.")
    _ip("addr", "replace", f"{SERVICES}/32", "dev", "lo")
    try:
        yield SERVICES
    finally:
        _ip("addr", "del", f"{SERVICES}/32", "dev", "lo")


@contextmanager
def hosts(count: int) -> Iterator[list[Host]]:
    """So many, which are gone at the end with all that they were made of."""
    with ExitStack() as undo:
        yield [undo.enter_context(_host(number)) for number in range(1, count + 1)]


@contextmanager
def _host(number: int) -> Iterator[Host]:
    host, near = Host(f"jaabi-{number}", FAR.format(number=number)), NEAR.format(number=number)
    cable = f"jaabi-near-{number}"
    _ip("netns", "add", host.name)
    try:
        _ip("link", "add", cable, "type", "veth", "peer", "name", "far", "netns", host.name)
        _ip("addr", "add", f"{near}/30", "dev", cable)
        _ip("link", "set", cable, "up")
        _ip("-n", host.name, "addr", "add", f"{host.address}/30", "dev", "far")
        _ip("-n", host.name, "link", "set", "lo", "up")
        _ip("-n", host.name, "link", "set", "far", "up")
        _ip("-n", host.name, "route", "add", "default", "via", near)
        yield host
    finally:
        _ip("netns", "del", host.name)  # its end of the cable goes with it, and ours with that


def _ip(*words: str) -> None:
    subprocess.run([tool("ip", "iproute2"), *words], check=True)


def cores() -> int:
    return os.cpu_count() or 1


def idle_seconds() -> float:
    """What this machine's processors have idled, all together."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    return (int(fields[4]) + int(fields[5])) / os.sysconf("SC_CLK_TCK")
