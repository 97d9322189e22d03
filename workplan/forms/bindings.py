"""Which measure an indicator is counted by, over what, and what its share is of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workplan.asked_of_cases import LABELS, choices_of
from workplan.bindings import Asked, Binding
from workplan.forms.plan_words import ReasonForm
from workplan.measures import MEASURES
from workplan.models import Indicator

SHARE = "share_"


class BindingForm(ReasonForm):
    """`share_…` is asked only where the value has a fraction: its part is the same count, narrowed further."""

    def __init__(self, data: Any, *, indicator: Indicator) -> None:
        bound = {"measure": indicator.measure, **indicator.over}
        super().__init__(data, initial=bound | {SHARE + name: code for name, code in indicator.share_over.items()})
        measures = [(measure.name, measure.title) for measure in MEASURES.values()]
        self.fields["measure"] = forms.ChoiceField(
            label=_("Mesure"), choices=[("", _("aucune : saisi par le responsable")), *measures], required=False
        )
        for prefix, everything in (("", _("Tous")), (SHARE, _("sans restriction"))):
            for name, label in LABELS.items():
                choices = [("", everything), *choices_of(name)]
                self.fields[prefix + name] = forms.ChoiceField(label=label, choices=choices, required=False)

    @property
    def over(self) -> list[forms.BoundField]:
        """The fields of what it is counted over."""
        return [self[name] for name in LABELS]

    @property
    def share(self) -> list[forms.BoundField]:
        """The fields of what its share is of."""
        return [self[SHARE + name] for name in LABELS]

    def binding(self) -> Binding | None:
        """What was chosen; None for no measure. The form is valid."""
        measure = MEASURES.get(self.cleaned_data["measure"])
        return Binding(measure, self._asked(""), self._asked(SHARE)) if measure is not None else None

    def _asked(self, prefix: str) -> Asked:
        return {name: code for name in LABELS if (code := self.cleaned_data[prefix + name])}
