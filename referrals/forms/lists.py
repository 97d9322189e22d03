from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models import Place
from feedback.enums import Priority
from referrals.enums import Level
from referrals.querysets import ReferralQuerySet


class MineFilter(forms.Form):
    """Filters of "Pour moi", kept in the address. What staff search is the summary."""

    q = forms.CharField(
        label=_("Dans le résumé"), required=False, widget=forms.TextInput(attrs={"type": "search", "data-search": ""})
    )
    priority = forms.ChoiceField(label=_("Priorité"), choices=[("", _("toutes")), *Priority.choices], required=False)
    level = forms.ChoiceField(label=_("Niveau"), choices=[("", _("tous")), *Level.choices], required=False)
    region = forms.ModelChoiceField(
        Place.objects.regions(), label=_("Région"), required=False, empty_label=_("toutes"), to_field_name="pcode"
    )

    def apply(self, rows: ReferralQuerySet) -> ReferralQuerySet:
        """The rows that the filters leave; a wrong value filters nothing."""
        said: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        if said.get("q"):
            rows = rows.filter(Q(summary__icontains=said["q"]) | Q(reference__iexact=said["q"]))
        if said.get("region"):
            rows = rows.filter(Q(place=said["region"]) | Q(place__parent=said["region"]))
        plain = {name: said[name] for name in ("priority", "level") if said.get(name)}
        return rows.filter(**plain)
