"""What the documentation names exists: links, commands, settings, files, addresses; and its two languages agree."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve

pytestmark = pytest.mark.once
ROOT = Path(settings.BASE_DIR)
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "countries").rglob("*.md")])
ENGLISH = sorted((ROOT / "docs" / "en").rglob("*.md"))
SPAN = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^(?: {4,}|\t)(?![-*\d] ?)(\S.*)$", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BOLD_BEGINNING = re.compile(r"^\*\*", re.MULTILINE)
HEADING = re.compile(r"^(#{1,6}) +(.+?)\s*$", re.MULTILINE)
FOLDERS = sorted(path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "var")))
NAMED_FILE = re.compile(rf"(?<![\w/.-])(?:{'|'.join(FOLDERS)})/[\w./-]*")
# Several parts, or one that ends with a slash: `/healthz` is too short to tell from a folder of the machine.
ADDRESS = re.compile(r"/[\w<>.-]+/[\w/<>.-]*(\?\S*)?")
# What a server has, and no installation's page.
ELSEWHERE = (
    "/etc/",
    "/opt/",
    "/var/",
    "/srv/",
    "/disque",
    "/disk",
    "/dev",
    "/run",
    "/usr",
    "/api/v2/",
)  # the last: of another product
BEGINNINGS = {"/api/", "/sms/"}
# A place in an address, as a page of documentation writes it, stands for one of these.
FILLED = ("1", "00000000-0000-0000-0000-000000000000", "x", "2026-11-30")


def wrong_on(pages: list[Path], look: Callable[[Path], Iterable[Any]]) -> dict[str, list[Any]]:
    """What `look` finds wrong, by page; pages where it finds nothing are left out."""
    return {str(page.relative_to(ROOT)): found for page in pages if (found := list(look(page)))}


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@cache
def prose_of(page: Path) -> str:
    """The page without its blocks of code."""
    return INDENTED.sub("", FENCE.sub("", text_of(page)))


@cache
def code_of(page: Path) -> list[str]:
    """Every line of code of the page, within a sentence or in a block."""
    blocks = [*FENCE.findall(text_of(page)), *INDENTED.findall(FENCE.sub("", text_of(page)))]
    return [*(line.strip() for block in blocks for line in block.splitlines()), *SPAN.findall(prose_of(page))]


@cache
def words_of_the_sources() -> set[str]:
    """Every word of whatever could give a name its meaning."""
    kinds = ("*.py", "*.yml", "*.yaml", "*.sh", "*.service", "*.toml", "*.html", "*.json")
    found = [
        path
        for folder in FOLDERS
        if folder not in ("docs", "staticfiles")
        for kind in kinds
        for path in (ROOT / folder).rglob(kind)
        if path != Path(__file__) and path.stat().st_size < 500_000
    ]
    named = (ROOT / "Makefile", ROOT / "compose.yml", ROOT / "Dockerfile", ROOT / "pyproject.toml")
    return {word for path in [*found, *named] for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}


# -- links -----------------------------------------------------------------------------------------------------------


@cache
def anchors(page: Path) -> set[str]:
    """The anchors of its headings, as code hosts make them."""
    found: set[str] = set()
    for _level, words in HEADING.findall(FENCE.sub("", text_of(page))):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words).replace("`", "").replace("*", "")
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        taken = [slug, *(f"{slug}-{number}" for number in range(1, 20))]
        found.add(next(one for one in taken if one not in found))
    return found


def broken(page: Path, link: str) -> bool:
    path, _hash, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return not target.exists() or bool(anchor and anchor not in anchors(target))


def links_of(page: Path) -> list[str]:
    """Those within the repository."""
    return [link for link in LINK.findall(FENCE.sub("", text_of(page))) if "://" not in link and "mailto:" not in link]


def test_every_link_leads_somewhere() -> None:
    assert wrong_on(PAGES, lambda page: [link for link in links_of(page) if broken(page, link)]) == {}


def test_a_link_to_nothing_is_seen() -> None:
    readme = ROOT / "README.md"
    assert broken(readme, "docs/nothing.md")
    assert broken(readme, "docs/keys.md#nothing")
    assert not broken(readme, "docs/keys.md#keys-and-what-is-computed-with-them")


def test_every_page_is_reached_from_the_readme() -> None:
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        linked = [(page.parent / link.partition("#")[0]).resolve() for link in links_of(page)]
        for target in linked:
            waiting += sorted(target.glob("*.md")) if target.is_dir() else [target] if target.suffix == ".md" else []
    docs = {page for page in PAGES if page.is_relative_to(ROOT / "docs")}
    assert sorted(str(page.relative_to(ROOT)) for page in docs - seen) == []


# -- commands --------------------------------------------------------------------------------------------------------

MANAGED = re.compile(r"manage\.py +([a-z_]+)([^|&;#\n]*)")
OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*)")


@cache
def options_of(name: str) -> set[str]:
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    return {option for action in parser._actions for option in action.option_strings}


def managed(page: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The management commands a page names, each with its options."""
    for line in code_of(page):
        for name, rest in MANAGED.findall(line):
            yield name, tuple(OPTION.findall(rest))


def unknown_commands(page: Path) -> Iterator[str]:
    for name, told in managed(page):
        if name not in get_commands():
            yield name
        else:
            yield from (f"{name} {option}" for option in {*told} - options_of(name))


def test_every_management_command_exists_with_its_options() -> None:
    assert wrong_on(PAGES, unknown_commands) == {}
    assert sum(len(list(managed(page))) for page in PAGES) > 50


def unknown_programs(page: Path) -> Iterator[str]:
    """Targets of make, and modules that one runs."""
    code = "\n".join(code_of(page))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    yield from {*re.findall(r"(?:^|[\s=;&])make (?!-)([a-z][a-z-]+)", code, re.MULTILINE)} - targets
    modules = {
        *re.findall(r"-m ((?:bench|tests|scripts|demo)[\w.]*)", code),
        *re.findall(r"^bench\.[\w.]+", code, re.M),
    }
    yield from (name for name in sorted(modules) if find_spec(name) is None)


def test_every_make_target_and_module_exists() -> None:
    assert wrong_on(PAGES, unknown_programs) == {}


# -- names -----------------------------------------------------------------------------------------------------------


# Roles and databases that a page has its reader make.
MADE = {"jaabi_setup", "jaabi_backup", "jaabi_vault"}


def unknown_names(page: Path) -> set[str]:
    """Settings, codes and gauges."""
    code = "\n".join(code_of(page))
    named = {*re.findall(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9]\b", code), *re.findall(r"\bjaabi_\w+", code)}
    of_an_example = set(re.findall(r"environ\[\"(\w+)\"\]", code))
    return named - MADE - of_an_example - words_of_the_sources()


def test_every_setting_and_gauge_exists() -> None:
    assert wrong_on(PAGES, unknown_names) == {}


def missing_files(page: Path) -> list[str]:
    named = {found.rstrip(".") for span in SPAN.findall(prose_of(page)) for found in NAMED_FILE.findall(span)}
    return [name for name in sorted(named) if not any(map(Path.exists, (ROOT / name, ROOT / f"{name}.py")))]


def test_every_file_of_ours_exists() -> None:
    assert wrong_on(PAGES, missing_files) == {}


def unknown_addresses(page: Path) -> list[str]:
    spans = {span.partition("?")[0] for span in SPAN.findall(prose_of(page)) if ADDRESS.fullmatch(span)}
    return [span for span in sorted(spans - BEGINNINGS) if not span.startswith(ELSEWHERE) and not _resolves(span)]


def test_every_address_of_ours_answers() -> None:
    assert wrong_on(PAGES, unknown_addresses) == {}


def _resolves(address: str) -> bool:
    for one in FILLED:
        try:
            resolve(re.sub(r"<[^>]*>", one, address))
        except Resolver404:
            continue
        return True
    return False


# -- defaults --------------------------------------------------------------------------------------------------------


@cache
def defaults() -> dict[str, int]:
    """The numbers that settings have where the environment says nothing."""
    found = {}
    for node in ast.walk(ast.parse((ROOT / "config" / "settings.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "int":
            given = [word.value for word in node.keywords if word.arg == "default"]
            if given and isinstance(given[0], ast.Constant) and isinstance(node.args[0], ast.Constant):
                found[str(node.args[0].value)] = int(str(given[0].value))
    return found


def other_defaults(page: Path) -> list[str]:
    told = re.findall(r"`([A-Z][A-Z0-9_]+)`(?: \(| \| )(\d+)\b", text_of(page))
    return [f"{name} {value}" for name, value in told if name in defaults() and int(value) != defaults()[name]]


def test_a_default_that_a_page_tells_is_the_one_of_the_settings() -> None:
    assert wrong_on(PAGES, other_defaults) == {}


@pytest.mark.parametrize("name", ["donnees.md", "en/data-protection.md"])
def test_the_table_of_retention_has_every_period(name: str) -> None:
    rows = re.findall(r"^\| [^|]+ \| `(\w+)` \| \d+ \|$", text_of(ROOT / "docs" / name), re.MULTILINE)
    assert {one for one in defaults() if one.startswith("RETENTION_")} <= set(rows)
    assert len(rows) == len(set(rows)) == 11
    assert set(rows) <= defaults().keys()


def test_defaults_are_read_from_the_settings() -> None:
    assert defaults()["RETENTION_ORDINARY_DAYS"] == settings.RETENTION_ORDINARY_DAYS
    assert len(defaults()) > 30


# -- two languages ---------------------------------------------------------------------------------------------------


def french_of(page: Path) -> Path:
    """The page that an English one is the translation of: the first it links outside its own folder of languages."""
    linked = [(page.parent / link).resolve() for link in links_of(page)]
    return next(target for target in linked if not target.is_relative_to(ROOT / "docs" / "en"))


def shape(page: Path) -> dict[str, Any]:
    text = FENCE.sub("", text_of(page))
    return {
        "programs": re.findall(r"^```python\n(.*?)^```", text_of(page), re.MULTILINE | re.DOTALL),
        "headings": [len(level) for level, _words in HEADING.findall(text)],
        "commands": sorted(name for name, _options in managed(page)),
        "rows": len(re.findall(r"^\|", text, re.MULTILINE)),
        "pictures": re.findall(r"!\[[^\]]*\]\((?:\.\./)*([^)]+)\)", text),
    }


@pytest.mark.parametrize("page", ENGLISH, ids=[page.stem for page in ENGLISH])
def test_the_english_page_has_the_parts_of_the_french_one_and_each_links_the_other(page: Path) -> None:
    french = french_of(page)
    assert page in {(french.parent / link).resolve() for link in links_of(french)}
    assert shape(page) == shape(french)


def test_each_decision_is_there_in_both_languages_part_by_part() -> None:
    folder = ROOT / "docs" / "decisions"
    english, french = ({page.name: page for page in where.glob("*.md")} for where in (folder, folder / "fr"))
    assert french.keys() == english.keys()
    for name, page in french.items():
        assert links_of(page)[0] == f"../{name}"
        assert shape(page) == shape(english[name]), name
        assert len(BOLD_BEGINNING.findall(text_of(page))) == len(BOLD_BEGINNING.findall(text_of(english[name]))), name


# -- alarms ----------------------------------------------------------------------------------------------------------


def test_every_alarm_names_its_entry_of_the_runbook_in_both_languages() -> None:
    rules = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    names = [rule["alert"] for rule in rules]
    french, english = ROOT / "docs/que-faire-quand.md", ROOT / "docs/en/what-to-do-when.md"
    for page in (french, english):
        assert re.findall(r"^### (Jaabi\w+)", text_of(page), re.MULTILINE) == names
    for rule in rules:
        assert rule["annotations"]["runbook"].startswith(f"docs/que-faire-quand.md#{rule['alert'].lower()}")
        assert not broken(ROOT / "README.md", rule["annotations"]["runbook"])
