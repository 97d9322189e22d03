"""Another organisation's files, taken through the pages as an operator does."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from directory.models import Organisation
from feedback.models import Category, SourceFile
from feedback.reference_data import load_categories

SOURCES = "/cases/sources/"
HEADINGS = "id;date;cercle;categorie;message"


def table(*lines: str, headings: str = HEADINGS) -> bytes:
    return "\n".join([headings, *lines]).encode()


def uploaded(client: Client, source: Organisation, content: bytes, kind: str = "cases", **changes: Any) -> SourceFile:
    load_categories()
    file = SimpleUploadedFile("Plaintes de mars.csv", content)
    asked = {"once": str(uuid.uuid4()), "source": source.pk, "kind": kind, "file": file}
    response = client.post(SOURCES, asked | {"channel": "help_desk", "safe_contact": "none"} | changes)
    assert response.status_code == 302, response.content.decode()
    return SourceFile.objects.latest("uploaded_at")


def checked(client: Client, source: Organisation, content: bytes, kind: str = "cases", **changes: Any) -> SourceFile:
    """Uploaded, its guessed columns confirmed, checked by the task."""
    file = uploaded(client, source, content, kind, **changes)
    form = client.get(path_of(file)).context["form"]
    columns = {name: field.initial for name, field in form.fields.items()}
    return posted(client, file, "check", **columns)


def decided(client: Client, file: SourceFile, **meanings: str) -> SourceFile:
    """In: by word, a code, or "-" for by hand."""
    form = client.get(path_of(file)).context["words"]
    names = {word: name for name, word in form.words.items()}
    return posted(client, file, "decide", **{names[word]: code for word, code in meanings.items()})


def taken(client: Client, source: Organisation, content: bytes, kind: str = "cases", **changes: Any) -> SourceFile:
    """Checked and taken in; a word that nobody decided is left to be sorted by hand."""
    meanings = changes.pop("meanings", {})
    file = checked(client, source, content, kind, **changes)
    if file.counts.get("undecided"):
        form = client.get(path_of(file)).context["words"]
        file = decided(client, file, **{word: meanings.get(word, "-") for word in form.words.values()})
    file = posted(client, file, "take")
    assert file.finished_at is not None
    return file


def posted(client: Client, file: SourceFile, then: str, **fields: Any) -> SourceFile:
    response = client.post(path_of(file), fields | {"then": then})
    assert response.status_code == 302, response.content.decode()
    return SourceFile.objects.get(pk=file.pk)


def path_of(file: SourceFile) -> str:
    return f"{SOURCES}files/{file.pk}/"


def came(file: SourceFile) -> tuple[int, int, int, int]:
    """New, known, changed, refused."""
    new, known, changed, refused = (file.counts.get(one, 0) for one in ("new", "known", "changed", "refused"))
    return new, known, changed, refused


def category(code: str) -> Category:
    return Category.objects.get(pk=code)
