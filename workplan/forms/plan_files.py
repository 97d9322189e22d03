"""Forms around a plan that comes from a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.once import OnceForm
from core.sheet_forms import ColumnsForm, TableField
from workplan.document.columns import labels
from workplan.document.fields import Areas, Lines
from workplan.document.kinds import KINDS, PLAN
from workplan.document.tables import LIMITS
from workplan.forms.plan_words import HELP

ACCEPTED = ".docx,.xlsx,.csv,.yaml,.yml"
FACT = "plan_"


class PlanUploadForm(OnceForm):
    file = TableField(
        label=_("Fichier du plan : Word, Excel, CSV ou YAML"),
        most_bytes=LIMITS.bytes,
        say=_("Joignez un fichier DOCX, XLSX, CSV ou YAML de 5 Mo au plus."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ACCEPTED


class FactsForm(ColumnsForm):
    """What is said of the plan itself, then which column says what. `kinds` is empty for a file without columns."""

    def __init__(self, *args: Any, facts: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in KINDS[PLAN].fields:
            self.fields[FACT + field.name] = forms.CharField(
                label=field.label,
                required=False,
                max_length=2_000,
                initial=facts.get(field.name, ""),
                help_text=HELP.get(field.name, ""),
                widget=forms.Textarea({"rows": 2}) if isinstance(field, Lines | Areas) else forms.TextInput,
            )

    def facts(self) -> dict[str, str]:
        """In the writing of a cell, once the form is valid."""
        return {field.name: self.cleaned_data[FACT + field.name] for field in KINDS[PLAN].fields}

    def columns(self) -> dict[str, int]:
        return {
            name: int(place) for name, place in self.cleaned_data.items() if place != "" and not name.startswith(FACT)
        }

    @property
    def of_plan(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name.startswith(FACT)]

    @property
    def of_columns(self) -> list[forms.BoundField]:
        return [bound for bound in self if not bound.name.startswith(FACT)]


def reading_form(headers: list[str], columns: dict[str, int]) -> type[FactsForm]:
    """The form that fits one file: no column is asked of one that has none."""
    years = [(name, name[-4:]) for name in columns if name.startswith("year_")]
    members = [(name.upper(), (name, label)) for name, label in [*labels(), *years]] if headers else []
    made: Any = TextChoices
    return type("PlanReadingForm", (FactsForm,), {"kinds": made("PlanColumn", members)})
