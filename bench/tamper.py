"""Alters everything that is sealed in the vault, byte by byte, and moves each thing to every other place.

    .venv/bin/python -m bench.tamper --cases 20 [--masks 8]

It runs on SQLite databases of its own, in a folder that is removed. Each altered or moved thing is opened as the
product opens it, and must be refused. Exit code 1 and a sentence for whatever was not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bench.fuzz import set_up

if TYPE_CHECKING:
    from bench.tampered_places import Blob

# Opening these stretches a passphrase: by the real figures a flip would take a tenth of a second.
QUICK_ARGON = {"ARGON_MEMORY_KIB": 64, "ARGON_PASSES": 1}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=3)
    parser.add_argument("--masks", type=int, default=8, help="how many ways each byte is altered, bit by bit")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jaabi-tamper-") as folder:
        set_up(folder)
        from bench.tampered_places import House  # noqa: PLC0415
        from core import sealing  # noqa: PLC0415
        from tests.cast import found_cast, make_cast  # noqa: PLC0415

        for name, figure in QUICK_ARGON.items():
            setattr(sealing, name, figure)
        make_cast()
        house = House(found_cast())
        for number in range(asked.cases):
            house.fill(number)
        blobs = list(house.blobs())
        wrong, tried = run(blobs, [1 << bit for bit in range(asked.masks)])
    print("| what | tried | opened |\n|---|---:|---:|")
    for what in ("unaltered", "byte altered", "cut or lengthened", "moved"):
        print(f"| {what} | {tried[what]:,} | {tried[f'{what}, opened']:,} |")
    kinds = sorted({f"{blob.table}.{blob.field.partition(' ')[0]}" for blob in blobs})
    print(f"\n{len(blobs)} things of {len(kinds)} kinds: {', '.join(kinds)}.")
    for sentence, count in Counter(wrong).most_common(40):
        print(f"{count} times: {sentence}")
    return 1 if wrong else 0


def run(blobs: Sequence[Blob], masks: Sequence[int]) -> tuple[list[str], Counter[str]]:
    """Out: a sentence for each thing that was not as it must be, and how often each was tried, and opened."""
    wrong: list[str] = []
    tried: Counter[str] = Counter()
    for blob in blobs:
        is_open, why = _opens(blob, blob.content)
        tried["unaltered"] += 1
        tried["unaltered, opened"] += is_open
        wrong += [] if is_open else [f"{_named(blob)} does not open as it stands. {why}"]
        for what, content in _altered(blob, blobs, masks):
            is_open, why = _opens(blob, content)
            tried[what] += 1
            tried[f"{what}, opened"] += is_open
            wrong += [f"{_named(blob)}, {what}: {why or 'it opened.'}"] if is_open or why else []
    return wrong, tried


def _altered(blob: Blob, blobs: Sequence[Blob], masks: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    content = blob.content
    for place in range(len(content)):
        for mask in masks:
            yield "byte altered", content[:place] + bytes([content[place] ^ mask]) + content[place + 1 :]
    for length in range(len(content)):
        yield "cut or lengthened", content[:length]
    yield "cut or lengthened", content + b"\0"
    for other in blobs:
        if other.content != content:
            yield "moved", other.content


def _opens(blob: Blob, content: bytes) -> tuple[bool, str]:
    """Whether it gave something; and what was raised, if it was anything but a refusal."""
    from bench.tampered_places import REFUSED  # noqa: PLC0415

    try:
        blob.opens(content)
    except REFUSED:
        return False, ""
    except Exception as error:  # noqa: BLE001  that is what is looked for
        return False, f"it raised {type(error).__name__}."
    return True, ""


def _named(blob: Blob) -> str:
    return f"{blob.table}.{blob.field} of {blob.row}"


if __name__ == "__main__":
    sys.exit(main())
