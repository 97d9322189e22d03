"""Mutations of the guarded modules: Cosmic Ray's operators, and for each the tests that run the line it changes.

Which tests run a line, the coverage run of `guarded.py` has noted. Each mutation is made in a copy of the source; a
test process of its own says whether it is noticed. Tables are made once, not for each.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from coverage import CoverageData

ROOT = Path(__file__).resolve().parents[1]
# `X | None` of an annotation, which is never run; and methods that an address takes, which tests/test_access.py holds.
LEFT_OUT = ("BinaryOperator_BitOr", "RemoveDecorator")
MOST_TESTS = 25
SECONDS = 240


@dataclass(frozen=True)
class Mutation:
    """The `occurrence`-th place of a module that an operator changes."""

    module: str
    operator: str
    occurrence: int
    line: int
    column: int

    def changed(self) -> str:
        """The module's source with it."""
        from cosmic_ray import plugins  # noqa: PLC0415
        from cosmic_ray.mutating import mutate_code  # noqa: PLC0415

        return str(mutate_code(_source(self.module), plugins.get_operator(self.operator)(), self.occurrence))


def run(modules: list[str], sample: int, seed: int) -> None:
    """Tries so many, drawn over all modules, and prints the score and each survivor."""
    known = tests_by_line()
    everything = [one for module in modules for one in mutations(module)]
    drawn = _drawn(everything, sample, Random(seed))  # noqa: S311  not a secret
    noticed, unseen, survived = 0, [], []
    with tempfile.TemporaryDirectory(prefix="jaabi-mutants-") as folder:
        copy = _copied(Path(folder))
        for one in drawn:
            tests = known.get((one.module, one.line), [])
            if not tests:
                unseen.append(one)
            elif _is_noticed(one, tests, copy):
                noticed += 1
                print(f"noticed: {one.module}:{one.line}", flush=True)
            else:
                survived.append(one)
                print(f"survived: {_named(one)}", flush=True)
    tried = noticed + len(survived)
    print(f"{len(everything)} mutations in {len(modules)} modules; {len(drawn)} drawn (seed {seed}).")
    print(f"{noticed} of {tried} noticed ({100 * noticed / max(tried, 1):.0f} %); no test runs {len(unseen)}:")
    for one in unseen:
        print(f"not run: {_named(one)}")


def mutations(module: str) -> Iterator[Mutation]:
    """Every change that there is to make in a module."""
    from cosmic_ray import plugins  # noqa: PLC0415  not in the lock: see the Makefile
    from cosmic_ray.ast import ast_nodes, get_ast  # noqa: PLC0415

    nodes = list(ast_nodes(get_ast(_source(module))))
    for name in sorted(plugins.operator_names()):
        kind = plugins.get_operator(name)
        if kind.arguments() or any(left in name for left in LEFT_OUT):
            continue
        places = [start for node in nodes for start, _end in kind().mutation_positions(node)]
        yield from (Mutation(module, name, number, *start) for number, start in enumerate(places))


def _drawn(everything: list[Mutation], sample: int, rng: Random) -> list[Mutation]:
    """One change for each of so many places, of those that Python can read."""
    places: dict[tuple[str, int, int], list[Mutation]] = defaultdict(list)
    for one in everything:
        places[one.module, one.line, one.column].append(one)
    drawn = []
    for place in rng.sample(sorted(places), len(places)):
        choices = rng.sample(places[place], len(places[place]))
        drawn += next(([one] for one in choices if _can_be_read(one)), [])
        if len(drawn) == sample:
            break
    return drawn


def _can_be_read(one: Mutation) -> bool:
    try:
        compile(one.changed(), one.module, "exec")
    except SyntaxError:
        return False
    return True


def tests_by_line() -> dict[tuple[str, int], list[str]]:
    """In: what the coverage run noted. Out: by module and line the tests that run it."""
    data = CoverageData(str(ROOT / ".coverage"))
    data.read()
    found: dict[tuple[str, int], list[str]] = {}
    for file in data.measured_files():
        module = str(Path(file).relative_to(ROOT))
        for line, contexts in data.contexts_by_lineno(file).items():
            found[module, line] = sorted({context.partition("|")[0] for context in contexts if "::" in context})
    return found


def _is_noticed(one: Mutation, tests: list[str], copy: Path) -> bool:
    path = copy / one.module
    kept = path.read_text(encoding="utf-8")
    path.write_text(one.changed(), encoding="utf-8")
    step = max(1, len(tests) // MOST_TESTS)
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    command += tests[::step][:MOST_TESTS]
    told = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    told |= {"PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=copy, env=told, capture_output=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_text(kept, encoding="utf-8")
    return done.returncode != 0


def _copied(folder: Path) -> Path:
    """The tracked files, where nothing else is changed by what is tried."""
    copy = folder / "copy"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    return copy


def _named(one: Mutation) -> str:
    before, after = _source(one.module).splitlines(), one.changed().splitlines()
    now = after[one.line - 1].strip() if one.line <= len(after) else ""
    return (
        f"{one.module}:{one.line}, {one.operator.rpartition('/')[2]}\n    - {before[one.line - 1].strip()}\n    + {now}"
    )


@cache
def _source(module: str) -> str:
    return (ROOT / module).read_text(encoding="utf-8")
