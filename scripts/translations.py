"""French texts of code and templates against their English translation, without the gettext programs.

`check`   ends with status 1 and one line per problem: a text missing, without its English, fuzzy or no longer used,
          placeholders that differ, a compiled catalogue that does not match.
`collect` brings locale/en into step with the code, keeps every translation, and compiles it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("core", "directory", "psea", "feedback", "referrals", "workplan", "demo", "config")
CATALOGUE = Path("locale/en/LC_MESSAGES/django.po")

# Where each function holds its context, singular and plural among its positional arguments.
SHAPES = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
STRING = r"""[uU]?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"(?<!\w)(_|n?p?gettext)\(((?:{STRING})(?:\s*,\s*(?:{STRING}))*)", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


class Message(NamedTuple):
    """One text to translate: context, singular, plural (None where there is none)."""

    context: str | None
    text: str
    plural: str | None


class NotLiteralError(Exception):
    """A translation function is called with a text put together on the spot, which no catalogue can hold."""


def shape_of(function: str) -> str | None:
    """`gettext_lazy`, `gettext_noop` and `_` have the shape of `gettext`, and so on."""
    name = "gettext" if function == "_" else re.sub(r"_(lazy|noop)$", "", function)
    return name if name in SHAPES else None


def message_of(shape: str, arguments: list[str]) -> Message:
    context, text, plural = SHAPES[shape]
    return Message(
        None if context is None else arguments[context],
        arguments[text],
        None if plural is None else arguments[plural],
    )


def called_name(call: ast.Call, aliases: dict[str, str]) -> str | None:
    if isinstance(call.func, ast.Name):
        return shape_of(aliases.get(call.func.id, call.func.id))
    if isinstance(call.func, ast.Attribute):
        return shape_of(call.func.attr)
    return None


def translation_aliases(tree: ast.AST) -> dict[str, str]:
    return {
        alias.asname: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname
    }


def literal_arguments(call: ast.Call, shape: str) -> list[str] | None:
    """The texts, or None where a variable stands for a text that is collected elsewhere."""
    needed = [call.args[position] for position in SHAPES[shape] if position is not None and position < len(call.args)]
    if any(isinstance(argument, ast.JoinedStr | ast.BinOp | ast.Call) for argument in needed):
        raise NotLiteralError(f"line {call.lineno}: {ast.unparse(call)[:80]}")
    texts = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    literals = [text for text in texts if isinstance(text, str)]
    return literals if len(literals) >= len(needed) > 0 else None


def messages_in_python(source: str) -> Iterator[Message]:
    """Raises NotLiteralError for a call whose text cannot be collected."""
    tree = ast.parse(source)
    aliases = translation_aliases(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not (shape := called_name(node, aliases)):
            continue
        if literals := literal_arguments(node, shape):
            yield message_of(shape, literals)


def messages_in_template(source: str) -> Iterator[Message]:
    """Django turns a template into what xgettext would read; the calls it leaves are read here."""
    for function, arguments in TEMPLATE_CALL.findall(templatize(source)):
        shape = shape_of(function)
        if shape:
            yield message_of(shape, [ast.literal_eval(text) for text in re.findall(STRING, arguments, re.DOTALL)])


def sources(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in sorted((root / package).rglob("*.py")) if "migrations" not in path.parts)
    for folder in ("templates", *PACKAGES):
        for suffix in ("html", "txt"):
            yield from (path for path in sorted((root / folder).rglob(f"*.{suffix}")) if "templates" in path.parts)


def collected(root: Path) -> tuple[dict[Message, str], list[str]]:
    """Every text with the file it was first met in, and what could not be read."""
    found: dict[Message, str] = {}
    problems: list[str] = []
    for path in sources(root):
        read = messages_in_python if path.suffix == ".py" else messages_in_template
        name = str(path.relative_to(root))
        try:
            for message in read(path.read_text(encoding="utf-8")):
                found.setdefault(message, name)
        except NotLiteralError as error:
            problems.append(f"{name}: a text to translate must be written out, {error}")
    return found, problems


def key(entry: polib.POEntry | polib.MOEntry) -> Message:
    return Message(entry.msgctxt, entry.msgid, entry.msgid_plural or None)


def translations(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def entry_problem(entry: polib.POEntry) -> str | None:
    texts = translations(entry)
    if "fuzzy" in entry.flags:
        return "fuzzy"
    if not texts or not all(texts):
        return "not translated"
    allowed = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
    if set(PLACEHOLDER.findall(texts[-1])) != allowed or not set(PLACEHOLDER.findall(texts[0])) <= allowed:
        return "its placeholders differ"
    return None


def compiled_problems(catalogue: polib.POFile, path: Path) -> list[str]:
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        return [f"{compiled.name} is missing: run make messages"]
    expected = {key(entry): translations(entry) for entry in catalogue.translated_entries()}
    actual = {key(entry): translations(entry) for entry in polib.mofile(str(compiled))}
    return [] if actual == expected else [f"{compiled.name} does not match {path.name}: run make messages"]


def check(root: Path) -> list[str]:
    found, problems = collected(root)
    path = root / CATALOGUE
    catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
    entries = {key(entry): entry for entry in catalogue if not entry.obsolete}
    problems += [
        f"{where}: not in the catalogue: {message.text!r}" for message, where in found.items() if message not in entries
    ]
    problems += [f"{path.name}: no longer used: {message.text!r}" for message in entries if message not in found]
    problems += [
        f"{path.name}: {problem}: {entry.msgid!r}" for entry in entries.values() if (problem := entry_problem(entry))
    ]
    for other in others(root):
        translated = polib.pofile(str(other))
        problems += [
            f"{other.parent.parent.name}: {problem}: {entry.msgid!r}"
            for entry in translated
            if (problem := entry_problem(entry))
        ]
        problems += compiled_problems(translated, other)
    return problems + compiled_problems(catalogue, path)


def others(root: Path) -> list[Path]:
    """Of the public pages in further languages, and what countries call things: written by hand, compiled here."""
    paths = [*root.glob("locale/*/LC_MESSAGES/django.po"), *root.glob("countries/*/locale/*/LC_MESSAGES/django.po")]
    return [path for path in sorted(paths) if path != root / CATALOGUE]


def new_entry(message: Message) -> polib.POEntry:
    blank = {0: "", 1: ""} if message.plural else {}
    return polib.POEntry(
        msgctxt=message.context, msgid=message.text, msgid_plural=message.plural or "", msgstr_plural=blank
    )


def new_catalogue() -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=120)
    catalogue.metadata = {
        "Project-Id-Version": "jaabi",
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return catalogue


def in_order(messages: Iterable[Message]) -> list[Message]:
    return sorted(messages, key=lambda message: (message.text, message.context or "", message.plural or ""))


def collect(root: Path) -> list[str]:
    """Writes catalogue and compiled catalogue; returns what still needs a translator."""
    found, problems = collected(root)
    path = root / CATALOGUE
    kept = {key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    catalogue = new_catalogue()
    for message in in_order(found):
        entry = kept.get(message) or new_entry(message)
        entry.obsolete = False
        entry.occurrences = []
        catalogue.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))
    for other in others(root):
        polib.pofile(str(other)).save_as_mofile(str(other.with_suffix(".mo")))
    return problems + [f"{problem}: {entry.msgid!r}" for entry in catalogue if (problem := entry_problem(entry))]


def main(arguments: list[str]) -> int:
    if arguments not in (["check"], ["collect"]):
        print("usage: translations.py check|collect", file=sys.stderr)
        return 2
    if arguments == ["collect"]:
        print(f"{len(collect(ROOT))} text(s) need a translator.")
        return 0
    problems = check(ROOT)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(problems)} problem(s).")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
