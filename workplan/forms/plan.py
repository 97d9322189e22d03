"""What the tracker's pages ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from directory.models import Organisation
from workplan.enums import ActorRole
from workplan.focus import focus_area
from workplan.models import ActivityActor, Axis, Plan
from workplan.tables import Chosen


def _choice(label: StrOrPromise, choices: Sequence[tuple[str, StrOrPromise]]) -> forms.ChoiceField:
    """One of these, or all."""
    return forms.ChoiceField(label=label, choices=[("", _("Tous")), *choices], required=False)


class PlanFilters(forms.Form):
    """The filters of the plan page, kept in the address."""

    late = forms.BooleanField(label=_("En retard seulement"), required=False)
    focus = forms.BooleanField(required=False)
    computed = forms.BooleanField(label=_("Calculés par la plateforme"), required=False)
    plan = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, plan: Plan) -> None:
        super().__init__(data)
        axes = Axis.objects.filter(plan=plan).order_by("number").values_list("number", flat=True)
        leads = ActivityActor.objects.filter(role=ActorRole.LEAD, activity__objective__axis__plan=plan)
        organisations = Organisation.objects.filter(pk__in=leads.values("organisation"))
        self.fields["axis"] = _choice(_("Axe"), [(str(n), _("Axe %(number)s") % {"number": n}) for n in axes])
        self.fields["lead"] = _choice(_("Responsable"), [(str(each.pk), str(each)) for each in organisations])
        self.fields["focus"].label = _("%(area)s seulement") % {"area": focus_area()}
        self.order_fields(["axis", "lead", "late", "focus", "computed"])

    def chosen(self) -> Chosen:
        """What was asked; a value that the form does not know asks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        return Chosen(
            axis=int(asked["axis"]) if asked.get("axis") else None,
            lead=int(asked["lead"]) if asked.get("lead") else None,
            late=asked.get("late", False),
            focus=asked.get("focus", False),
            computed=asked.get("computed", False),
        )
