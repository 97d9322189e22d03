"""What is asked of whoever uploads a table: the file, and which of its columns says what."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise


class TableField(forms.FileField):
    """A CSV or XLSX file, read into its bytes. `say`: what to do about none, or one that is too heavy."""

    def __init__(self, *, most_bytes: int, say: StrOrPromise, **kwargs: Any) -> None:
        self.most_bytes, self.say = most_bytes, say
        kwargs["widget"] = forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,text/csv"})
        super().__init__(error_messages={"required": say}, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file.size > self.most_bytes:
            raise forms.ValidationError(self.say)
        return bytes(file.read())


class ColumnsForm(forms.Form):
    """Which column of the table holds each thing that `kinds` names."""

    kinds: ClassVar[type[TextChoices]]

    def __init__(self, *args: Any, headers: list[str], columns: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("aucune colonne")), *((str(place), name or "?") for place, name in enumerate(headers))]
        for kind in self.kinds:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label, choices=choices, required=False, initial=str(columns.get(kind.value, ""))
            )

    def columns(self) -> dict[str, int]:
        """By field, the place of its column."""
        return {name: int(place) for name, place in self.cleaned_data.items() if place != ""}
