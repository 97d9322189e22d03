"""How the packages may lean on each other, read from the source with `ast`.

Each rule takes the root of a project and returns one line per violation, so that it can be tried on planted sources.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

LINE = ("core", "directory", "psea", "feedback", "referrals", "workplan", "demo", "config")
RANK = {package: rank for rank, package in enumerate(LINE)}

DOORS = (
    {"enums"},
    {"models", "querysets"},
    {"actions", "intake", "screening", "statistics", "measures"},
    {"forms", "api"},
    {"views", "webhooks", "tasks", "management"},
    {"urls", "public_urls", "webhook_urls"},
)
DOOR = {name: door for door, names in enumerate(DOORS) for name in names}

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "misc"}
BY_NAME = {"get_model", "get_app_config", "is_installed", "import_module", "import_string", "__import__"}


class Source:
    """One Python file of a package of the line."""

    def __init__(self, path: Path, root: Path) -> None:
        self.path = path
        self.name = path.relative_to(root).as_posix()
        parts = path.relative_to(root).with_suffix("").parts
        self.package = parts[0]
        self.is_package = parts[-1] == "__init__"
        self.module = ".".join(parts[:-1] if self.is_package else parts)

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"), filename=self.name)

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 0)}"

    @cached_property
    def imports(self) -> list[tuple[ast.AST, str]]:
        """Every imported module and every name imported from one, inside functions too, in full dotted form."""
        found: list[tuple[ast.AST, str]] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(node, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                module = self._absolute(node)
                found += [(node, f"{module}.{alias.name}") for alias in node.names]
        return found

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.module.split(".")
        kept = parts[: len(parts) - node.level + self.is_package]
        return ".".join([*kept, node.module] if node.module else kept)


def sources(root: Path) -> Iterator[Source]:
    for package in LINE:
        for path in sorted((root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield Source(path, root)


def _points_right(package: str, target: str) -> bool:
    return RANK.get(target.split(".", maxsplit=1)[0], -1) > RANK[package]


def imports_point_left(root: Path) -> list[str]:
    return [
        f"{source.at(node)} imports {target}"
        for source in sources(root)
        for node, target in source.imports
        if _points_right(source.package, target)
    ]


def _docstrings(tree: ast.Module) -> set[int]:
    """Statements that are a bare text: docstrings may name whatever they explain."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _named_texts(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Texts that name something by a dotted path, and app labels handed to the registry or the import system."""
    silent = _docstrings(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            if re.fullmatch(r"[a-z_]+(\.\w+)+", node.value):
                yield node, node.value
        elif isinstance(node, ast.Call) and _called(node) in BY_NAME and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and "." not in first.value:
                yield node, first.value


def texts_point_left(root: Path) -> list[str]:
    return [
        f"{source.at(node)} names {text!r}"
        for source in sources(root)
        if source.package != "config"
        for node, text in _named_texts(source)
        if _points_right(source.package, text)
    ]


class Doors:
    """The door each module of one app stands at; a module with no door of its own stands where its imports do."""

    def __init__(self, app: list[Source]) -> None:
        self.app = {source.module: source for source in app}
        self._known: dict[str, int] = {}

    def of(self, module: str) -> int:
        part = module.split(".")[1] if "." in module else ""
        if part in DOOR:
            return DOOR[part]
        if module not in self._known:
            self._known[module] = -1  # a circle adds nothing of its own
            targets = [self.target(name) for _, name in self.app[module].imports] if part else []
            self._known[module] = max((self.of(target) for target in targets if target), default=-1)
        return self._known[module]

    def target(self, name: str) -> str | None:
        """The module of this app that an imported name belongs to."""
        while name and name not in self.app:
            name = name.rpartition(".")[0]
        return name or None


def doors_in_order(root: Path) -> list[str]:
    wrong = []
    for package in LINE[:-1]:
        app = [source for source in sources(root) if source.package == package]
        doors = Doors(app)
        for source in app:
            door = doors.of(source.module)
            for node, name in source.imports:
                target = doors.target(name)
                if target and door >= 0 and doors.of(target) > door:
                    wrong.append(f"{source.at(node)} imports {name}")
    return wrong


def modules_say_what_they_hold(root: Path) -> list[str]:
    return [
        path.relative_to(root).as_posix()
        for folder in (*LINE, "scripts", "tests")
        for path in sorted((root / folder).rglob("*.py"))
        if EMPTY_NAMES & {path.stem, path.parent.name}
    ]


def no_signals(root: Path) -> list[str]:
    """Django's; what the dashboard calls a signal is told from them by whose module it is."""
    wrong = []
    for source in sources(root):
        wrong += [
            f"{source.at(node)} imports {name}"
            for node, name in source.imports
            if name.startswith("django.dispatch") or ("signals" in name.split(".") and name.split(".")[0] not in RANK)
        ]
        wrong += [
            f"{source.at(node)} registers a receiver"
            for node in ast.walk(source.tree)
            if isinstance(node, ast.FunctionDef)
            for decorator in node.decorator_list
            if "receiver" in ast.unparse(decorator).split("(")[0].split(".")
        ]
    return wrong


INLINE = (
    (re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.I), "an inline script"),
    (re.compile(r"<style\b", re.I), "an inline style sheet"),
    (re.compile(r"<[a-z][^>]*\sstyle\s*=", re.I), "a style attribute"),
    (re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I), "an event attribute"),
)
TEMPLATE_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "x", match[0])


def templates_hold_no_script_or_style(root: Path) -> list[str]:
    wrong = []
    for path in sorted(root.glob("templates/**/*.html")) + sorted(root.glob("*/templates/**/*.html")):
        text = TEMPLATE_CODE.sub(_blank, path.read_text(encoding="utf-8"))
        for pattern, what in INLINE:
            lines = [text.count("\n", 0, match.start()) + 1 for match in pattern.finditer(text)]
            wrong += [f"{path.relative_to(root).as_posix()}:{line} holds {what}" for line in lines]
    return wrong


def _classes(root: Path) -> dict[str, bool]:
    """Each class of the line, and whether its states are held by a state machine."""
    return {
        node.name: "FSMField(" in ast.unparse(node)
        for source in sources(root)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
    }


def _chain_root(node: ast.expr) -> str | None:
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return None
    return node.id


def states_move_only_through_the_mouth(root: Path) -> list[str]:
    """`update(state=…)` and `create(state=…)` go round the state machine; a model without one may be updated."""
    machines = _classes(root)
    wrong = []
    for source in sources(root):
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call) or "state" not in {word.arg for word in node.keywords}:
                continue
            guarded = machines.get(_chain_root(node.func) or "")
            if (_called(node) == "update" and guarded is not False) or (_called(node) == "create" and guarded):
                wrong.append(f"{source.at(node)} sets a state past its machine")
    return wrong


RULES: tuple[Callable[[Path], list[str]], ...] = (
    imports_point_left,
    texts_point_left,
    doors_in_order,
    modules_say_what_they_hold,
    no_signals,
    templates_hold_no_script_or_style,
    states_move_only_through_the_mouth,
)
