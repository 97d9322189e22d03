"""How much of invented disclosures the screening's word lists find, and how many everyday messages they raise in vain.

    .venv/bin/python -m bench.screening [--missed] [--raised]

By language, with 95 % intervals (Wilson): on the part that the lists may be tuned on, and on the part kept apart. It
says how the lists do on these messages and no more: they were invented, and but for French and English nobody who
speaks the language reviewed them. A trained person's question at triage is the second net.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path

from bench.intervals import wilson

HELD_OUT = Path(__file__).parent / "screening_held_out"
NAMES = {
    "fra": "French", "bam": "Bambara *", "ful": "Fulfulde *", "ses": "Songhay *", "taq": "Tamasheq *",
    "ara": "Arabic *", "eng": "English",
}  # fmt: skip
COLUMNS = (("explicit", "oblique"), ("explicit",), ("oblique",), ("ordinary", "alike"), ("alike",))


def rows(folder: Path, found_in: Callable[[str], bool]) -> dict[str, list[tuple[int, int]]]:
    """By language, and over all: how many of how many were found, column by column."""
    from feedback.screening_set import messages  # noqa: PLC0415

    every = messages(folder)
    found = {one for one in every if found_in(one.text)}
    languages = sorted({one.language for one in every}, key=list(NAMES).index)

    def counted(language: str, kinds: Iterable[str]) -> tuple[int, int]:
        ours = [one for one in every if language in ("", one.language) and one.kind in kinds]
        return sum(one in found for one in ours), len(ours)

    return {language: [counted(language, kinds) for kinds in COLUMNS] for language in [*languages, ""]}


def cell(found: int, of: int) -> str:
    """`62 % (31/50; 48–74)`"""
    low, high = wilson(found, of)
    return f"{100 * found / of:.0f} % ({found}/{of}; {100 * low:.0f}–{100 * high:.0f})" if of else "–"


def table(title: str, folder: Path, found_in: Callable[[str], bool]) -> str:
    lines = [f"\n{title}\n"]
    lines += [
        "| language | disclosures found | explicit | oblique | others raised in vain | of those that look close |"
    ]
    lines += ["|---|---:|---:|---:|---:|---:|"]
    for language, counts in rows(folder, found_in).items():
        name = NAMES.get(language, "all")
        lines.append(f"| {name} | {' | '.join(cell(*count) for count in counts)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--missed", action="store_true", help="print the disclosures of the first part that were missed"
    )
    parser.add_argument("--raised", action="store_true", help="print the others of it that were raised")
    asked = parser.parse_args()
    _set_up()
    from feedback.screening import built_in  # noqa: PLC0415
    from feedback.screening_set import LABELLED, messages  # noqa: PLC0415

    found_in = built_in().found_in
    print(table("The part that the lists were tuned on:", LABELLED, found_in))
    print(table("The part kept apart:", HELD_OUT, found_in))
    print("\n* Invented by somebody who does not speak the language, and reviewed by nobody who does.")
    print("Only that: these messages were invented. Triage by a trained person is the second net.")
    for one in messages(LABELLED):
        if asked.missed and one.discloses and not found_in(one.text):
            print(f"missed ({one.language}, {one.kind}): {one.text}")
        if asked.raised and not one.discloses and found_in(one.text):
            print(f"raised ({one.language}, {one.kind}): {one.text}")


def _set_up() -> None:
    """The product's code; the lists as written need no database."""
    import os  # noqa: PLC0415

    os.environ.update({"DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1", "LOG_LEVEL": "CRITICAL"})
    import django  # noqa: PLC0415

    django.setup()


if __name__ == "__main__":
    main()
