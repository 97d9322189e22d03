"""The licence of every package of a lock, as the package itself declares it: one line each, to standard output.

`python scripts/licences.py requirements/base.txt`. Ends with 1 and the names when a package of the lock that this
machine needs is not installed, or declares none.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

PINNED = re.compile(r"^(\S+==[^\s\\]+(?:\s*;[^\\]+)?)", re.MULTILINE)
OSI = "License :: OSI Approved :: "


def locked(path: Path) -> list[str]:
    """The names of a lock that this Python needs, in order."""
    found = [Requirement(line) for line in PINNED.findall(path.read_text(encoding="utf-8"))]
    return [one.name for one in found if one.marker is None or one.marker.evaluate()]


def licence_of(package: Distribution) -> str:
    """An SPDX expression where it gives one, else its classifiers, what it says, or its licence's first line."""
    about = package.metadata
    expressions = about.get_all("License-Expression") or []
    classifiers = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or () if one.startswith(OSI)]
    said = [line for text in about.get_all("License") or () for line in text.strip().splitlines()[:1]]
    texts = [file for file in package.files or () if file.name.upper().startswith(("LICENSE", "LICENCE"))]
    said += [line.strip() for file in texts[:1] for line in file.read_text().splitlines()[:1]]
    return next((one[:80] for one in (*expressions, ", ".join(classifiers), *said) if one), "")


def main() -> int:
    missing = []
    for name in locked(Path(sys.argv[1])):
        try:
            package = distribution(name)
        except PackageNotFoundError:
            missing.append(name)
            continue
        licence = licence_of(package)
        if not licence:
            missing.append(name)
        print(f"{name}\t{package.version}\t{licence or '?'}")
    if missing:
        print(f"Not installed, or no licence declared: {', '.join(missing)}", file=sys.stderr)
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main())
