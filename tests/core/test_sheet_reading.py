"""Files are read line by line, within limits that a small file cannot get round."""

from __future__ import annotations

import io
from zipfile import ZipFile

import openpyxl
import pytest

from core.sheet_cells import day_of
from core.sheet_reading import BLANK_LINES_END, Limits, pages_of
from core.transitions import Refused

SMALL = Limits(bytes=1_000_000, rows=3, columns=4, unpacked=200_000)


def book(*pages: list[list[object]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for lines in pages:
        page = made.create_sheet()
        for line in lines:
            page.append(line)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def read(content: bytes, limits: Limits = SMALL) -> list[list[tuple[int, list[str]]]]:
    return [list(page) for page in pages_of(content, limits)]


def test_every_page_is_read_with_the_numbers_that_a_spreadsheet_shows() -> None:
    content = book([["Lisez-moi"]], [["a", "b"], [], ["1 ", 2.0], [None, "#N/A"]])
    assert read(content) == [[(1, ["Lisez-moi"])], [(1, ["a", "b"]), (3, ["1", "2"]), (4, ["", "#N/A"])]]
    assert read(b"a;b\n\n1;2\n") == [[(1, ["a", "b"]), (3, ["1", "2"])]]


@pytest.mark.parametrize(
    "content", [book([["a"]] * 5), book([["a"] * 5]), b"a\n" * 5, b"a,a,a,a,a\n", b"x" * 1_000_001, b"PK\x03\x04rien"]
)
def test_what_is_larger_than_the_limits_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        read(content)


def test_a_small_file_that_holds_a_huge_one_is_refused_before_it_is_unpacked() -> None:
    content = book([["a" * 30_000 + str(number)] for number in range(20)])
    assert len(content) < SMALL.bytes
    with pytest.raises(Refused):
        read(content, Limits(bytes=1_000_000, rows=100, unpacked=200_000))
    assert len(read(content, Limits(bytes=1_000_000, rows=100))[0]) == 20


def test_a_page_that_says_to_be_smaller_than_it_is_is_read_to_its_end() -> None:
    """As some tools write it: `A1`, whatever the page holds."""
    content, changed = book([["a", "b"], [1, 2]]), io.BytesIO()
    with ZipFile(io.BytesIO(content)) as packed, ZipFile(changed, "w") as written:
        for name in packed.namelist():
            written.writestr(name, packed.read(name).replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1"'))
    assert read(changed.getvalue()) == [[(1, ["a", "b"]), (2, ["1", "2"])]]


def test_a_million_formatted_lines_are_not_walked_through() -> None:
    page = "a\n" + "\n" * (BLANK_LINES_END + 5) + "b\n"
    assert read(page.encode()) == [[(1, ["a"])]]


def test_a_day_is_read_as_people_write_it() -> None:
    found = [str(day_of(text)) for text in ("2022-03-12", "12/03/2022", "12.3.2022 08:00", "31/02/2022", "hier", "")]
    assert found == ["2022-03-12", "2022-03-12", "2022-03-12", "None", "None", "None"]
