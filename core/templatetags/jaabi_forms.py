"""Forms that keep what was typed and say what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms, template
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField, BoundWidget
from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

DASHES = BLANK_CHOICE_DASH[0][1]
_PLAIN = (forms.HiddenInput, forms.MultipleHiddenInput)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, hint: str = "", hide_label: bool = False, optional_mark: bool = True) -> dict[str, Any]:
    """One field with its label, help and error, tied together for screen readers."""
    widget, html_id = bound.field.widget, bound.id_for_label or bound.auto_id
    help_text = hint or bound.help_text
    is_group = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    ids = [f"{html_id}_help"] * bool(help_text) + [f"{html_id}_error"] * bool(bound.errors)
    described_by = " ".join(ids)
    return {
        "field": bound,
        "id": html_id,
        "kind": "group" if is_group else "check" if isinstance(widget, forms.CheckboxInput) else "input",
        "control": "" if is_group else _control(bound, described_by),
        "groups": _groups(bound) if is_group else [],
        "help_text": help_text,
        "described_by": described_by,
        "hide_label": hide_label,
        "optional": optional_mark and not bound.field.required and not isinstance(widget, forms.CheckboxInput),
    }


def _control(bound: BoundField, described_by: str) -> SafeString:
    _name_the_blank(bound)
    own = str(bound.field.widget.attrs.get("class", ""))
    attrs: dict[str, Any] = {"class": f"{_css_class(bound.field.widget)} {own}".strip()}
    if described_by:
        attrs["aria-describedby"] = described_by
    if bound.errors:
        attrs["aria-invalid"] = "true"
        attrs["class"] += " is-invalid"
    return bound.as_widget(attrs=attrs)


def _name_the_blank(bound: BoundField) -> None:
    """Dashes say nothing: the empty choice says what leaving it means."""
    widget = bound.field.widget
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.SelectMultiple):
        blank = _("Choisissez") if bound.field.required else _("Non précisé")
        widget.choices = [
            (value, blank if value in ("", None) and label == DASHES else label) for value, label in widget.choices
        ]


def _css_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def _groups(bound: BoundField) -> list[tuple[str, list[dict[str, Any]]]]:
    """The choices under the name of their group; those that have none stand together, without one."""
    widget: Any = bound.field.widget
    ids = {"id": widget.attrs.get("id") or bound.auto_id} if bound.auto_id else {}
    groups: dict[str, list[dict[str, Any]]] = {}
    for name, options, _index in widget.optgroups(bound.html_name, widget.format_value(bound.value()), ids):
        groups.setdefault(name or "", []).extend(_choice(bound, option) for option in options)
    return list(groups.items())


def _choice(bound: BoundField, option: dict[str, Any]) -> dict[str, Any]:
    attrs = option["attrs"]
    attrs["class"] = "form-check-input"
    attrs.pop("aria-describedby", None)
    tag = BoundWidget(bound.field.widget, option, bound.form.renderer).tag(wrap_label=False)
    return {"id": attrs.get("id", ""), "label": option["label"], "tag": tag}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: forms.BaseForm | Iterable[forms.BaseForm]) -> dict[str, Any]:
    """What is wrong, first, each error a link to its field; nothing when all is well."""
    several = [form] if isinstance(form, forms.BaseForm) else list(form)
    return {"errors": [error for one in several for error in _errors(one)]}


def _errors(form: forms.BaseForm) -> list[dict[str, str]]:
    rows = [{"text": str(text), "label": "", "target": ""} for text in form.non_field_errors()]
    for bound in form:
        label = "" if bound.is_hidden else str(bound.label).rstrip(" \u00a0\u202f?:")
        rows += [{"text": str(text), "label": label, "target": _target(bound)} for text in bound.errors]
    return rows


def _target(bound: BoundField) -> str:
    if bound.is_hidden:
        return ""
    return bound.id_for_label or f"{bound.auto_id}_0"


@register.inclusion_tag("components/fields.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """A whole form: error summary, visible fields, hidden ones."""
    return {"form": form}


@register.inclusion_tag("components/filters.html", takes_context=True)
def filters(
    context: template.Context,
    form: forms.BaseForm,
    count: int | None = None,
    counted: str = "",
    cleared: str = "",
) -> dict[str, Any]:
    """Filters kept in the address: a GET form, folded on phones, that says how many results it leaves.

    `counted` says the same in the words of the page ("54 indicateurs"). A hidden field is the page's subject, no
    filter: it is not counted, and is kept when filters are cleared. `cleared`: where that leads, if not there.
    """
    request: HttpRequest | None = context.get("request")
    given = {name: str(value) for name, value in request.GET.items() if value} if request else {}
    shown = [bound for bound in form if not isinstance(bound.field.widget, _PLAIN)]
    kept = {bound.html_name: given[bound.html_name] for bound in form.hidden_fields() if bound.html_name in given}
    return {
        "shown": shown,
        "hidden": form.hidden_fields(),
        "path": request.path if request else "",
        "cleared": cleared or _cleared(request, kept),
        "used": len({bound.html_name for bound in shown} & set(given)),
        "count": count,
        "counted": counted,
    }


def _cleared(request: HttpRequest | None, kept: dict[str, str]) -> str:
    if request is None:
        return ""
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


@register.inclusion_tag("components/confirm.html")
def confirm(
    title: str,
    text: str,
    action_url: str,
    label: str,
    cancel_url: str = "",
    tone: str = "primary",
    hidden: dict[str, str] | None = None,
    id: str = "",
) -> dict[str, Any]:
    """Ask once before an act: what will happen, one button, a way back."""
    return {
        "title": title,
        "text": text,
        "action_url": action_url,
        "label": label,
        "cancel_url": cancel_url,
        "tone": tone,
        "hidden": hidden or {},
        "id": id,
    }
