"""The floor plan holds; and each rule that says so is tried on a planted violation and on its innocent neighbour."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import architecture_rules as rules

ROOT = Path(__file__).resolve().parent.parent
FSM = "class Case:\n    state = FSMField(protected=True)\n"

Rule = Callable[[Path], list[str]]


def plant(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: str(rule.__name__))
def test_the_project_keeps_the_rule(rule: Rule) -> None:
    assert rule(ROOT) == []


def test_the_rules_read_every_package_of_the_line() -> None:
    assert {source.package for source in rules.sources(ROOT)} == set(rules.LINE)


@pytest.mark.parametrize(
    ("package", "code", "target"),
    [
        ("feedback", "import referrals.models", "referrals.models"),
        ("feedback", "from referrals.models import Referral", "referrals.models.Referral"),
        ("psea", "def later():\n    from feedback import actions", "feedback.actions"),
        ("core", "from config import settings", "config.settings"),
        ("workplan", "if TYPE_CHECKING:\n    import demo", "demo"),
        ("feedback", "from ..referrals import models", "referrals.models"),
    ],
)
def test_an_import_that_points_right_is_found(tmp_path: Path, package: str, code: str, target: str) -> None:
    plant(tmp_path, {f"{package}/plain.py": code})
    line = 1 + code.count("\n")
    assert rules.imports_point_left(tmp_path) == [f"{package}/plain.py:{line} imports {target}"]


def test_an_import_that_points_left_is_allowed(tmp_path: Path) -> None:
    plant(tmp_path, {"referrals/plain.py": "from feedback.models import Case\nfrom . import enums\nimport core"})
    assert rules.imports_point_left(tmp_path) == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("models.ForeignKey('referrals.Referral')", "referrals.Referral"),
        ("apps.get_model('workplan', 'Reading')", "workplan"),
        ("import_module('demo')", "demo"),
        ("PATH = 'referrals.tasks.remind'", "referrals.tasks.remind"),
    ],
)
def test_a_text_that_points_right_is_found(tmp_path: Path, code: str, text: str) -> None:
    plant(tmp_path, {"feedback/plain.py": code})
    assert rules.texts_point_left(tmp_path) == [f"feedback/plain.py:1 names {text!r}"]


def test_a_text_that_points_left_a_docstring_or_the_table_of_config_is_allowed(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "feedback/plain.py": "'''referrals.Referral'''\nmodels.ForeignKey('directory.User')\nNAME = 'referrals'",
            "config/reactions.py": "REACTIONS = {'feedback.case.protect': 'referrals.reactions.case_protected'}",
        },
    )
    assert rules.texts_point_left(tmp_path) == []


@pytest.mark.parametrize(
    ("module", "target"),
    [
        ("enums", "models"),
        ("models/case", "actions"),
        ("querysets", "statistics"),
        ("actions/triage", "views"),
        ("forms", "tasks"),
        ("management/commands/sweep", "urls"),
    ],
)
def test_a_door_opened_from_below_is_found(tmp_path: Path, module: str, target: str) -> None:
    plant(tmp_path, {f"feedback/{module}.py": f"from feedback.{target} import thing", f"feedback/{target}.py": ""})
    expected = [f"feedback/{module}.py:1 imports feedback.{target}.thing"]
    assert rules.doors_in_order(tmp_path) == expected


def test_a_door_opened_by_way_of_a_module_without_one_is_found(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "feedback/models.py": "from feedback import receipts",
            "feedback/receipts.py": "from feedback.actions import close",
            "feedback/actions.py": "",
        },
    )
    assert rules.doors_in_order(tmp_path) == ["feedback/models.py:1 imports feedback.receipts"]


def test_doors_in_their_order_are_allowed(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "feedback/enums.py": "",
            "feedback/models/__init__.py": "from feedback.models.case import Case",
            "feedback/models/case.py": "from feedback.enums import State\nfrom feedback.querysets import CaseQuerySet",
            "feedback/querysets.py": "from . import enums",
            "feedback/actions.py": "from feedback.models import Case",
            "feedback/views.py": "from feedback import actions\nfrom feedback.tasks import sweep",
            "feedback/tasks.py": "from feedback.actions import close",
            "feedback/urls.py": "from feedback import views",
            "referrals/models.py": "from feedback.actions import close",
        },
    )
    assert rules.doors_in_order(tmp_path) == []


@pytest.mark.parametrize("name", ["core/utils.py", "feedback/views/base.py", "tests/helpers/people.py"])
def test_a_module_whose_name_says_nothing_is_found(tmp_path: Path, name: str) -> None:
    plant(tmp_path, {name: "", "core/sealing.py": ""})
    assert rules.modules_say_what_they_hold(tmp_path) == [name]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("from django.dispatch import Signal", "1 imports django.dispatch.Signal"),
        ("from django.db.models.signals import post_save", "1 imports django.db.models.signals.post_save"),
        ("@receiver(saved)\ndef tell(sender): ...", "2 registers a receiver"),
        ("@dispatch.receiver(saved)\ndef tell(sender): ...", "2 registers a receiver"),
    ],
)
def test_a_signal_is_found(tmp_path: Path, code: str, found: str) -> None:
    plant(tmp_path, {"core/plain.py": code, "core/calm.py": "@atomic\ndef receive(receiver): ..."})
    assert rules.no_signals(tmp_path) == [f"core/plain.py:{found}"]


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ("<script>go()</script>", "an inline script"),
        ('<script nonce="{{ csp }}">go()</script>', "an inline script"),
        ("<style>p {}</style>", "an inline style sheet"),
        ('<p\n  style="color: red">', "a style attribute"),
        ('<a href="{% if a > b %}x{% endif %}" onclick="go()">', "an event attribute"),
    ],
)
def test_an_inline_script_or_style_is_found(tmp_path: Path, html: str, what: str) -> None:
    plant(tmp_path, {"feedback/templates/page.html": html})
    assert rules.templates_hold_no_script_or_style(tmp_path) == [f"feedback/templates/page.html:1 holds {what}"]


def test_scripts_with_a_source_and_other_attributes_are_allowed(tmp_path: Path) -> None:
    html = (
        "<script defer src=\"{% static 'x.js' %}\"></script><p data-style='x'>{% include 'a.html' with style='b' %}</p>"
    )
    plant(tmp_path, {"templates/page.html": html})
    assert rules.templates_hold_no_script_or_style(tmp_path) == []


@pytest.mark.parametrize(
    "code",
    [
        "Case.objects.filter(pk=1).update(state='closed')",
        "rows.update(priority=1, state='closed')",
        "Case.objects.create(state='closed')",
    ],
)
def test_a_state_set_past_its_machine_is_found(tmp_path: Path, code: str) -> None:
    plant(tmp_path, {"feedback/models.py": FSM, "feedback/actions.py": code})
    assert rules.states_move_only_through_the_mouth(tmp_path) == ["feedback/actions.py:1 sets a state past its machine"]


def test_other_updates_and_models_without_a_machine_are_allowed(tmp_path: Path) -> None:
    plain = "class Outbound:\n    state = CharField()\n"
    code = "Case.objects.update(summary='x')\nOutbound.objects.filter(pk=1).update(state='sent')\nlog(state='new')"
    plant(tmp_path, {"feedback/models.py": FSM + plain, "feedback/actions.py": code})
    assert rules.states_move_only_through_the_mouth(tmp_path) == []
