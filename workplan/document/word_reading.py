"""The tables of a Word file, row by row. `python-docx` is loaded where such a file comes in, and only there."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from core.sheet_reading import Limits
from core.transitions import Refused

Line = tuple[int, list[str]]


def is_word(content: bytes) -> bool:
    """Whether these bytes are a Word file rather than a workbook."""
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            return "word/document.xml" in packed.namelist()
    except BadZipFile:
        return False


def word_pages(content: bytes, limits: Limits) -> Iterator[list[Line]]:
    """Each table as its rows. A cell that spans the row is one cell; one that spans rows says the same in each.

    A paragraph just before a table that names an axis is its first row: `workplan.document.tables` knows it. Raises
    Refused for a file that does not open, or a larger one than `limits`.
    """
    import docx  # noqa: PLC0415  lazily, see above
    from docx.table import Table  # noqa: PLC0415  the same

    try:
        with ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > limits.unpacked:
            raise Refused(_("Ce fichier est trop lourd : partagez-le en plusieurs."))
        blocks = list(docx.Document(io.BytesIO(content)).iter_inner_content())
    except Refused:
        raise
    except Exception as error:
        raise _unreadable() from error
    before = ""
    count = 0
    for block in blocks:
        if not isinstance(block, Table):
            before = block.text.strip() or before
            continue
        try:
            lines: list[Line] = [(0, [before])] if before else []
            for number, row in enumerate(block.rows, start=1):
                lines.append((number, _cells(row)))
        except Exception as error:
            raise _unreadable() from error
        count += len(lines)
        if count > limits.rows or any(len(cells) > limits.columns for _number, cells in lines):
            raise Refused(
                _("Ce fichier a plus de %(rows)s lignes ou de %(columns)s colonnes : partagez-le.")
                % {"rows": limits.rows, "columns": limits.columns}
            )
        before = ""
        yield lines


def _cells(row: Any) -> list[str]:
    said: list[str] = []
    last = None
    for cell in row.cells:
        said.append("" if cell._tc is last else cell.text.strip())
        last = cell._tc
    return said


def _unreadable() -> Refused:
    return Refused(_("Ce fichier Word ne s’ouvre pas : enregistrez-le de nouveau en DOCX."))
