"""How long the figures of the plan and the dashboards take, with few cases and with many, as Markdown tables.

    .venv/bin/python -m bench.indicators                            # a hundred thousand cases, then five million
    .venv/bin/python -m bench.indicators --cases 2000 --times 5 --check   # to see that it works, and recounts

Twice as many referrals as cases, over twelve quarters, on a PostgreSQL of its own, which is removed afterwards. Beside
ours, in the same run: a plain GROUP BY over the tables, and the same with indexes that cover it. Five million take
some 25 GB of disk under TMPDIR while it runs; `--check` reads every case into memory, and is for small runs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from statistics import median

from bench.intake import machine
from bench.production import Production, production
from bench.programs import ROOT

Found = dict[str, dict[str, list[float]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, nargs="+", default=[100_000, 5_000_000], help="each with two referrals")
    parser.add_argument("--times", type=int, default=40, help="readings of each figure")
    parser.add_argument("--check", action="store_true", help="recount every sum at the end")
    parser.add_argument("--ours", action="store_true", help="leave out what is measured beside ours")
    options = parser.parse_args()
    more = [f"--{name}" for name in ("check", "ours") if getattr(options, name)]
    sizes = sorted(options.cases)
    with production() as product:
        print(machine(product))
        seen = [_measured(product, cases, options.times, more) for cases in sizes]
    print(f"| read | figure | {' | '.join(f'{cases:,}: p50, p95' for cases in sizes)} | p95 grew |")
    print(f"|---|---|{'---:|' * (len(seen) + 1)}")
    for what, figures in seen[0].items():
        for figure in figures:
            told = [(median(of[what][figure]), _p95(of[what][figure])) for of in seen]
            grew = f"× {told[-1][1] / told[0][1]:.2f}" if len(told) > 1 else ""
            cells = " | ".join(f"{p50:.1f}, {p95:.1f} ms" for p50, p95 in told)
            print(f"| {what} | {figure} | {cells} | {grew} |")


def _measured(product: Production, cases: int, times: int, more: list[str]) -> Found:
    began = time.monotonic()
    _run(product, "bench.crowd", "spread", str(cases))
    print(f"{cases:,} cases and {2 * cases:,} referrals made in {time.monotonic() - began:.0f} s", file=sys.stderr)
    found: Found = json.loads(_run(product, "bench.crowd.figures", str(times), *more))
    return found


def _run(product: Production, *arguments: str) -> str:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=product.environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def _p95(times: list[float]) -> float:
    return sorted(times)[-(-95 * len(times) // 100) - 1]


if __name__ == "__main__":
    main()
