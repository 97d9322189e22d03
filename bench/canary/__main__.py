"""Looks for what was said wherever it must not be, after exceptions were forced at many points of what becomes of it.

    .venv/bin/python -m bench.canary --points 50 [--seed 7] [--minutes 2]

PostgreSQL, Redis, web server, worker and schedule in production settings, at their most talkative: every statement
logged, all that passes through Redis kept, log level DEBUG. Each act (by SMS, on the web, at the desk, in the vault) is
done undisturbed, then with an exception forced at functions drawn from those that it enters; its text holds their
arguments. Then every word and number is looked for, in any disguise. Exit code 1 for whatever is found.

What is in the memory of the web server and of workers is counted apart: while they handle words, they hold them.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import redis

from bench.canary.acts import ACTS, Act, House
from bench.canary.forcing import Forcing
from bench.canary.places import KEYS, Sweep, in_memory, keys_of
from bench.intake import machine
from bench.production import Production, production
from bench.programs import ROOT, Program, descendants, running
from config.setup import environment_file

# What PostgreSQL is made to log: every statement with its values.
TALKATIVE = {"log_statement": "all", "log_parameter_max_length": "-1", "log_parameter_max_length_on_error": "-1"}
DONE, REFUSED = (200, 201, 302), (200, 422)
DUMPING = 'ulimit -c unlimited; cd "$0"; exec "$@"'


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--points", type=int, default=50, help="at how many points an exception is forced")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=2, help="how long memory is watched at the end")
    parser.add_argument("--only", nargs="+", default=[act.name for act in ACTS], help="names of acts")
    asked = parser.parse_args()
    with production() as product:
        print(machine(product))
        wrong = _run(product, asked)
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


def _run(product: Production, asked: argparse.Namespace) -> list[str]:
    folders = {name: product.folder / name for name in ("faults", "kept", "tmp", "cores", "probe")}
    for folder in folders.values():
        folder.mkdir()
    _be_talkative(product)
    dumps = _machine_dumps(folders["probe"])
    product.environment |= {"CANARY_FAULTS": str(folders["faults"]), "TMPDIR": str(folders["tmp"])}
    people = json.loads(_output(product, "-m", "bench.canary.people"))
    keys = keys_of(product.environment)
    _put_keys_in_a_file(product)
    product.environment |= {"LOG_LEVEL": "DEBUG", "PYTHONPATH": str(ROOT), "EVEN_ANSWER_MS": "0"}
    web = product.granian("web", "bench.canary.web:application", product.web_port, 1, 4)
    worker, beat = product.worker(application="bench.canary.worker"), product.beat()
    for program in (web, worker, beat):
        program.command = ["/bin/sh", "-c", DUMPING, str(folders["cores"]), *program.command]
    with running(web, worker, beat):
        house = House(product, people, folders["kept"])
        acts = [act for act in ACTS if act.name in asked.only]
        wrong = _force(Forcing(house, folders["faults"], Random(asked.seed)), acts, asked.points)
        _watch_memory(house, {"web server": web, "worker": worker}, asked.minutes)
        strict = {"PostgreSQL": product.postgres, "Redis": product.redis, "schedule": beat}
        held = {name: in_memory(program) for name, program in strict.items()}
        _crash(web, worker)
        web.start()
        return wrong + _sweep(Sweep(house, [web, worker, beat, product.redis], keys), held, dumps=dumps)


def _force(forcing: Forcing, acts: list[Act], points: int) -> list[str]:
    print("| act | answered | functions it enters | exceptions forced |\n|---|---:|---:|---:|")
    forced, wrong = 0, []
    for place, act in enumerate(acts):
        share = (points - forced) // (len(acts) - place)
        done = forcing.go_through(act, share)
        forced += len(done.raised)
        print(f"| {act.name} | {done.status} | {done.entered} | {len(done.raised)} |", flush=True)
        if done.status not in (REFUSED if act.is_refused else DONE):
            wrong.append(f"{act.name} was answered {done.status} undisturbed: it tries nothing.")
    print(f"| all | | | {forced} |\n")
    return wrong if forced >= points else [*wrong, f"only {forced} of {points} exceptions could be forced."]


def _sweep(sweep: Sweep, held: dict[str, int], *, dumps: bool) -> list[str]:
    print("| place | looked at | with a canary |\n|---|---:|---:|")
    wrong = []
    for name, looked, hits in sweep.counts():
        print(f"| {name} | {looked} | {len(hits)} |", flush=True)
        wrong += [f"{name}: {hit}" for hit in hits[:10]]
    for name, count in held.items():
        print(f"| memory of {name} | its processes | {count} |")
        wrong += [f"the memory of {name} holds {count}."] if count else []
    if not dumps:
        print("\nThis machine writes no core file where a process stands: that place says nothing here.")
    return wrong


def _watch_memory(house: House, programs: dict[str, Program], minutes: float) -> None:
    """What is left in the memory of those that handle words, at once, and after a while of other requests."""
    print("| memory of | canaries at once | after other requests | later |\n|---|---:|---:|---:|")
    at_once = {name: in_memory(program) for name, program in programs.items()}
    for _time in range(200):
        house.ask("", "GET", "/parler/")
    busy = {name: in_memory(program) for name, program in programs.items()}
    time.sleep(60 * minutes)
    for name, program in programs.items():
        print(f"| {name} | {at_once[name]} | {busy[name]} | {in_memory(program)} |", flush=True)
    print()


def _crash(*programs: Program) -> None:
    """As a fault in a library would: the process that holds the words aborts."""
    for program in programs:
        for pid in (*descendants(program.pid), program.pid):
            os.kill(pid, signal.SIGABRT)
    time.sleep(2)


def _machine_dumps(folder: Path) -> bool:
    """Whether a process that aborts leaves a core file where it stands, on this machine."""
    aborting = ["/bin/sh", "-c", DUMPING, str(folder), "/bin/sh", "-c", "kill -ABRT $$"]
    subprocess.run(aborting, check=False, capture_output=True)
    return any(folder.iterdir())


def _put_keys_in_a_file(product: Production) -> None:
    """As units and containers have them: what starts a web server's processes holds none."""
    file = product.folder / "jaabi.env"
    file.write_text("".join(environment_file.line(name, product.environment.pop(name)) for name in KEYS))
    product.environment["ENV_FILE"] = str(file)


def _be_talkative(product: Production) -> None:
    with product.connect("postgres") as server:
        for name, value in TALKATIVE.items():
            server.execute(f"alter system set {name} = '{value}'".encode())
        server.execute("select pg_reload_conf()")
    with redis.Redis(port=product.redis_port) as broker:
        broker.config_set("appendonly", "yes")


def _output(product: Production, *arguments: str) -> bytes:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=product.environment, check=True, stdout=subprocess.PIPE).stdout


if __name__ == "__main__":
    sys.exit(main())
