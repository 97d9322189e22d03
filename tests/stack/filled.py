"""A demonstration of each seed, filled once a day and kept beside the tables: a product of the tests begins as a copy.

It is filled anew where anything changed that may change it. Products begin with a small one; one of full size, as
`make demo` makes it, is there to be read (some 55 s of processor, against 15).
"""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests.stack import tables
from tests.stack.databases import on_services
from tests.stack.processes import run
from tests.standin.client import ROOT

FILLED_BY = (
    "config", "core", "countries", "demo", "directory", "feedback", "psea", "referrals", "workplan", "requirements",
)  # fmt: skip


SMALL, FULL = "small", "full"
SECONDS = {SMALL: 300, FULL: 1_200}


def databases(seed: int) -> dict[str, str]:
    """The names of the databases that hold it, by alias; none where they are files."""
    return tables.names(_filled(seed)) if on_services() else {}


def full_size(seed: int) -> Path:
    """The folder of one of full size, which whoever asks only reads. Raises DidNotStart."""
    return _filled(seed, FULL)


def copy_folder(seed: int, folder: Path) -> None:
    """Puts what else an installation keeps into its folder: keys, who can sign in, the vault's pins."""
    shutil.copytree(_filled(seed), folder, dirs_exist_ok=True)


def _filled(seed: int, size: str = SMALL) -> Path:
    """The folder of the installation; whoever comes first fills it, the others wait. Raises DidNotStart."""
    beside = tables.made()
    name = f"{seed}" if size == SMALL else f"{size}{seed}"
    folder = beside / f"{beside.name}_{name}_{_key()}"
    with tables.held(beside / f"lock-{name}"):
        if not tables.stand(folder):
            for old in beside.glob(f"{beside.name}_{name}_*"):
                tables.drop_databases(old)
                shutil.rmtree(old)
            _fill(folder, seed, size)
    return folder


@cache
def _key() -> str:
    """Changes with the day, and with every file of the product."""
    made_of = hashlib.sha256(f"{datetime.now(UTC).date()}".encode())
    for path in sorted(path for name in FILLED_BY for path in (ROOT / name).rglob("*") if _counts(path)):
        made_of.update(f"\n{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return made_of.hexdigest()[:8]


def _counts(path: Path) -> bool:
    return path.is_file() and path.suffix != ".pyc"


def _fill(folder: Path, seed: int, size: str) -> None:
    folder.mkdir()
    if on_services():
        tables.create_databases(folder, like=tables.databases())
    else:
        tables.copy_files(folder)
    asked = ["--small"] if size == SMALL else []
    run(["manage.py", "demo_data", *asked, f"--seed={seed}"], tables.told(folder), timeout=SECONDS[size])
    (folder / "made").touch()
