from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models import Place
from feedback.enums import Priority
from referrals.enums import FilteredList, Level
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
        return rows.filter(condition_of(self.said()))

    def said(self) -> dict[str, str]:
        """What is asked for, as it stands in an address; wrong and empty values left out."""
        self.is_valid()
        found: dict[str, Any] = self.cleaned_data
        named = {name: found[name].pcode if name == "region" else found[name] for name in found if found[name]}
        return {name: str(value) for name, value in named.items()}


def condition_of(said: Mapping[str, str]) -> Q:
    """What a filter of "Pour moi" asks of a referral; the database is not asked what a region is."""
    condition = Q(**{name: said[name] for name in ("priority", "level") if said.get(name)})
    if words := said.get("q"):
        condition &= Q(summary__icontains=words) | Q(reference__iexact=words)
    if pcode := said.get("region"):
        condition &= Q(place__pcode=pcode) | Q(place__parent__pcode=pcode)
    return condition


class KeepFilterForm(forms.Form):
    """A name for the filter on screen. `list` and `query` say which it is."""

    name = forms.CharField(
        label=_("Nom de ce filtre"),
        max_length=40,
        help_text=_("Pour vous seul. N’y écrivez le nom de personne."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    list = forms.ChoiceField(choices=FilteredList.choices, widget=forms.HiddenInput)
    query = forms.CharField(max_length=500, widget=forms.HiddenInput)


class RenameFilterForm(forms.Form):
    name = forms.CharField(label=_("Nom"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))
