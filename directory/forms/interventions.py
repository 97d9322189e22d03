from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.once import OnceForm
from core.sheet_forms import ColumnsForm, TableField
from directory.actions.intervention_files import NEW, NOBODY
from directory.enums import Sector
from directory.fivew_columns import Column
from directory.fivew_reading import LIMITS
from directory.models import Intervention, Organisation, Place
from directory.organisation_names import key_of


class InterventionFilter(forms.Form):
    """What is looked for among the interventions: everything optional, from the address."""

    q = forms.CharField(label=_("Organisation"), required=False, widget=forms.TextInput(attrs={"data-search": ""}))
    sector = forms.ChoiceField(label=_("Secteur"), required=False, choices=[("", _("Tous")), *Sector.choices])
    region = forms.ModelChoiceField(
        label=_("Région"),
        queryset=Place.objects.regions(),
        required=False,
        to_field_name="pcode",
        empty_label=_("Toutes"),
    )
    cercle = forms.ModelChoiceField(
        label=_("Cercle"),
        queryset=Place.objects.cercles(),
        required=False,
        to_field_name="pcode",
        empty_label=_("Tous"),
    )
    running = forms.BooleanField(label=_("en cours aujourd’hui"), required=False)

    def found(self, rows: QuerySet[Intervention]) -> QuerySet[Intervention]:
        """Those that answer; a value that the form does not know asks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("q"):
            named = Q(organisation__name__icontains=asked["q"]) | Q(organisation__acronym__icontains=asked["q"])
            rows = rows.filter(named)
        if asked.get("sector"):
            rows = rows.filter(sector=asked["sector"])
        if asked.get("region"):
            rows = rows.filter(place__parent=asked["region"])
        if asked.get("cercle"):
            rows = rows.filter(place=asked["cercle"])
        if asked.get("running"):
            today = timezone.localdate()
            rows = rows.filter(Q(starts_on=None) | Q(starts_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today))
        return rows


class InterventionFileForm(OnceForm):
    """The spreadsheet, and what it is called from one time to the next."""

    file = TableField(
        label=_("Le fichier 5W, XLSX ou CSV"),
        help_text=_("Une ligne par activité et par cercle. 60 000 lignes et 10 Mo au plus."),
        most_bytes=LIMITS.bytes,
        say=_("Choisissez un fichier CSV ou XLSX, de 10 Mo au plus."),
    )
    source_name = forms.CharField(
        label=_("De quel tableau s’agit-il ?"),
        max_length=60,
        initial="5W",
        help_text=_("Le même nom que la fois précédente : ce qu’il avait et que celui-ci n’a plus vous est montré."),
    )


class InterventionColumnsForm(ColumnsForm):
    kinds = Column


class MatchingForm(forms.Form):
    """For each organisation that nobody knows: which one it is, a new one, or none for now."""

    SHOWN = 50

    def __init__(self, *args: Any, unknown: Iterable[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(one.pk), f"{one} – {one.name}") for one in Organisation.objects.all()]
        choices = [(NOBODY, _("laisser de côté")), (NEW, _("créer cette organisation")), *known]
        self.keys: dict[str, str] = {}
        for place, one in enumerate(list(unknown)[: self.SHOWN]):
            self.keys[f"who-{place}"] = key = key_of(one["acronym"], one["name"])
            self.fields[f"who-{place}"] = forms.ChoiceField(
                label=" – ".join(filter(None, [one["acronym"], one["name"]])) or key, choices=choices, required=False
            )
            self.fields[f"key-{place}"] = forms.CharField(widget=forms.HiddenInput, initial=key, required=False)

    def chosen(self) -> dict[str, str]:
        """By key, as it stood on the page that was sent, what was chosen."""
        said = self.cleaned_data
        return {said[name.replace("who-", "key-")] or key: said[name] for name, key in self.keys.items()}
