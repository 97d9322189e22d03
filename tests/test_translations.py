"""Every French text is collected, translated, and compiled; and the check that says so notices each way to fail."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext, ngettext, npgettext, override, pgettext

from scripts.translations import (
    CATALOGUE,
    ROOT,
    Message,
    NotLiteralError,
    check,
    collect,
    collected,
    messages_in_python,
    messages_in_template,
)

VIEW = "from django.utils.translation import gettext as _\nTITLE = _('Suivre un retour')\n"
PAGE = "{% load i18n %}<h1>{% translate 'Bonjour' %}</h1>"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project whose two texts are translated and compiled."""
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "views.py").write_text(VIEW)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "home.html").write_text(PAGE)
    collect(tmp_path)
    catalogue = polib.pofile(str(tmp_path / CATALOGUE))
    for entry, text in zip(catalogue, ["Hello", "Follow up"], strict=True):
        entry.msgstr = text
    catalogue.save()
    collect(tmp_path)
    return tmp_path


def change(project: Path, index: int, **values: object) -> None:
    catalogue = polib.pofile(str(project / CATALOGUE))
    for name, value in values.items():
        setattr(catalogue[index], name, value)
    catalogue.save()


def test_the_catalogue_of_the_project_is_in_step_with_its_texts() -> None:
    assert check(ROOT) == []


def shown(message: Message) -> list[str]:
    """The text as a French page shows it; both forms of a plural."""
    context, text, plural = message
    if plural is None:
        return [pgettext(context, text) if context else gettext(text)]
    return [npgettext(context, text, plural, n) if context else ngettext(text, plural, n) for n in (1, 2)]


def test_no_library_changes_our_french_texts() -> None:
    """A short text that Django or a library also has, in English or in French, needs a context of its own."""
    with override("fr"):
        found, _problems = collected(ROOT)
        changed = {message: shown(message) for message in found}
    assert {
        one: said for one, said in changed.items() if said != [one.text, *([one.plural] if one.plural else [])]
    } == {}


def test_a_text_without_its_english_is_a_problem(project: Path) -> None:
    change(project, 0, msgstr="")
    assert "django.po: not translated: 'Bonjour'" in check(project)


def test_a_translated_project_has_no_problem(project: Path) -> None:
    assert check(project) == []


def test_a_new_text_is_noticed(project: Path) -> None:
    (project / "core" / "views.py").write_text(VIEW + "OTHER = _('Nouveau')\n")
    assert check(project) == ["core/views.py: not in the catalogue: 'Nouveau'"]


def test_a_text_no_longer_used_is_noticed(project: Path) -> None:
    (project / "templates" / "home.html").unlink()
    assert check(project) == ["django.po: no longer used: 'Bonjour'"]


def test_an_empty_translation_is_noticed(project: Path) -> None:
    change(project, 0, msgstr="")
    assert "django.po: not translated: 'Bonjour'" in check(project)


def test_a_fuzzy_translation_is_noticed(project: Path) -> None:
    change(project, 0, flags=["fuzzy"])
    assert "django.po: fuzzy: 'Bonjour'" in check(project)


def test_a_placeholder_lost_in_translation_is_noticed(project: Path) -> None:
    (project / "core" / "views.py").write_text(VIEW + "OTHER = _('%(n)s cas')\n")
    collect(project)
    change(project, 0, msgstr="cases")
    assert "django.po: its placeholders differ: '%(n)s cas'" in check(project)


def test_a_stale_compiled_catalogue_is_noticed(project: Path) -> None:
    change(project, 0, msgstr="Good morning")
    assert check(project) == ["django.mo does not match django.po: run make messages"]


def test_collecting_again_keeps_every_translation(project: Path) -> None:
    (project / "core" / "views.py").write_text(VIEW + "OTHER = _('Nouveau')\n")
    collect(project)
    texts = {entry.msgid: entry.msgstr for entry in polib.pofile(str(project / CATALOGUE))}
    assert texts == {"Bonjour": "Hello", "Suivre un retour": "Follow up", "Nouveau": ""}


def test_python_shapes_are_read() -> None:
    source = (
        "from django.utils.translation import gettext_lazy as tr, ngettext, pgettext_lazy\n"
        "tr('un')\nngettext('%(n)s cas', '%(n)s cas ', n)\npgettext_lazy('état', 'reçu')\n_(label)\n"
    )
    assert set(messages_in_python(source)) == {
        Message(None, "un", None),
        Message(None, "%(n)s cas", "%(n)s cas "),
        Message("état", "reçu", None),
    }


def test_a_text_put_together_on_the_spot_is_refused() -> None:
    with pytest.raises(NotLiteralError):
        list(messages_in_python("_(f'Bonjour {name}')"))


def test_template_shapes_are_read() -> None:
    source = (
        "{% load i18n %}{% translate 'reçu' context 'état' %}{{ _('oui') }}"
        "{% blocktranslate trimmed count n=n %}\n  {{ n }} l’agence\n"
        "{% plural %}\n  {{ n }} agences\n{% endblocktranslate %}"
    )
    assert set(messages_in_template(source)) == {
        Message("état", "reçu", None),
        Message(None, "oui", None),
        Message(None, "%(n)s l’agence", "%(n)s agences"),
    }
