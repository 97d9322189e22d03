"""What is asked of whoever changes what a plan says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.periods import Quarter
from workplan.document.elements import Element
from workplan.document.fields import Areas, Choice, Field, Groups, Line, Lines, Number, Windows, Years
from workplan.document.kinds import KINDS, PLAN
from workplan.document.windows import merged, spans_of, spans_text
from workplan.models import Plan
from workplan.plans import quarters_of

HELP = {
    "leads": _("Un par ligne. L’annuaire en reconnaît le nom ou le sigle ; sinon ajoutez « = sigle »."),
    "others": _("Un par ligne."),
    "expertise": _("Une par ligne."),
    "secretariat": _("Une organisation de l’annuaire par ligne, par son nom ou son sigle."),
    "disaggregations": _("Une par ligne : « sexe : femmes | hommes »."),
    "focus_areas": _("Un par ligne, son code et son nom : « NORD = Régions du Nord »."),
    "target": _("Un nombre, ou un pourcentage sans son signe."),
}
ABOUT_NOBODY = _("Ce texte ne parle d’aucun cas ni d’aucune personne")


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Pourquoi ?"),
        help_text=_("Par exemple : décidé par l’EHP le 12 mars, faute de frappe de la source."),
        widget=forms.Textarea({"rows": 2}),
        max_length=500,
    )
    about_nobody = forms.BooleanField(label=ABOUT_NOBODY, required=False)

    # Set once what was typed may tell of a case: only then is the writer asked.
    asks_about_nobody = False


class ElementForm(ReasonForm):
    """The fields of one element, as they stand."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, element: Element, plan: Plan, seen: int) -> None:
        super().__init__(data, initial={"seen": seen})
        self.kind, self.plan = KINDS[element.kind], plan
        declared = {field.name: field for field in self.kind.fields}
        self.edited = [declared[name] for name in self.kind.edited]
        for field in self.edited:
            self.fields[field.name] = self._asked(field, element.values.get(field.name, field.empty))
            if isinstance(field, Windows) and field.inherits:
                self.fields["inherits"] = forms.BooleanField(
                    label=_("Les trimestres de l’activité"),
                    required=False,
                    initial=element.values["windows"] is None,
                )
        if element.values.get("doubt"):
            self.fields["settles"] = forms.BooleanField(label=_("Ce changement tranche le doute"), required=False)
        names = [field.name for field in self.edited]
        if "inherits" in self.fields:
            names.insert(names.index("windows"), "inherits")
        self.order_fields([*names, "settles", "reason", "about_nobody"])

    def values(self) -> dict[str, Any]:
        """What was typed, once the form is valid."""
        said = {field.name: self.cleaned_data[field.name] for field in self.edited}
        if self.cleaned_data.get("inherits"):
            said["windows"] = None
        return said

    @property
    def settles(self) -> list[str]:
        return ["doubt"] if self.cleaned_data.get("settles") else []

    def _asked(self, field: Field, value: Any) -> forms.Field:
        about: dict[str, Any] = {
            "label": field.label,
            "required": field.required,
            "help_text": HELP.get(field.name, ""),
        }
        if isinstance(field, Windows):
            return _QuartersField(quarters_of(self.plan), value, **about)
        if isinstance(field, Choice):
            blank = [] if field.default or field.required else [("", "–")]
            return forms.ChoiceField(choices=[*blank, *field.choices.choices], initial=value, **about)
        if isinstance(field, Number):
            return forms.IntegerField(min_value=0, max_value=field.most, initial=value, **about)
        if isinstance(field, Line) or (isinstance(field, Years) and self.kind.code == PLAN):
            return _WrittenField(field, initial=field.shown(value), **about)
        rows = max(2, field.shown(value).count("\n") + 2) if isinstance(field, Lines | Groups | Areas) else 3
        return _WrittenField(field, initial=field.shown(value), widget=forms.Textarea({"rows": rows}), **about)


class _WrittenField(forms.CharField):
    """A value in the writing of its field."""

    def __init__(self, field: Field, **kwargs: Any) -> None:
        self.field = field
        super().__init__(max_length=8_000, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return self.field.read(text)
        except ValueError as error:
            raise forms.ValidationError(str(error).capitalize() + ".") from error


class _QuartersField(forms.MultipleChoiceField):
    """The quarters of the plan, to be ticked."""

    def __init__(self, every: Iterable[Quarter], windows: Any, **kwargs: Any) -> None:
        ticked = [
            f"{year}-T{number}"
            for year, spans in (windows or {}).items()
            for first, last in spans_of(spans)
            for number in range(first, last + 1)
        ]
        choices = [(quarter.code, str(quarter)) for quarter in every]
        super().__init__(choices=choices, initial=ticked, widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value: Any) -> dict[str, str]:
        by_year: dict[str, list[int]] = {}
        for code in super().clean(value):
            year, _sign, number = code.partition("-T")
            by_year.setdefault(year, []).append(int(number))
        return {year: spans_text(merged(numbers)) for year, numbers in sorted(by_year.items())}
