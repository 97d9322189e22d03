"""What the page of silence asks, and the reference figures that it needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.periods import Quarter
from feedback.forms.choices import PlaceField
from workplan.dashboard.asked import known_quarters, quarter_of
from workplan.enums import Basis, Part
from workplan.reference_file import LARGEST, Figure
from workplan.reference_shares import ShareFigure, named
from workplan.silence import GROUPS, group_name, key


class SilenceFilters(forms.Form):
    """Kept in the address; a value that the form does not know asks for nothing."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        quarters = [(each.code, str(each)) for each in reversed(known_quarters())]
        self.fields["period"] = forms.ChoiceField(
            label=gettext_lazy("Les douze mois jusqu’à"),
            choices=[("", gettext_lazy("En cours")), *quarters],
            required=False,
        )
        self.fields["basis"] = forms.ChoiceField(
            label=gettext_lazy("Au regard de"), choices=Basis.choices, required=False
        )

    def quarter(self) -> Quarter:
        self.is_valid()
        return quarter_of(self.cleaned_data.get("period", ""))

    def basis(self) -> Basis:
        self.is_valid()
        return Basis(self.cleaned_data.get("basis") or Basis.POPULATION)


class SourceForm(forms.Form):
    """What every reference figure says of itself."""

    basis = forms.ChoiceField(label=gettext_lazy("Ce qui est compté"), choices=Basis.choices)
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200, help_text=gettext_lazy("Par exemple : « HNO 2022, tableau 3 ».")
    )
    as_of = forms.DateField(
        label=gettext_lazy("À la date du"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class PlaceFiguresForm(SourceForm):
    """One place, group by group."""

    place = PlaceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].offer()  # type: ignore[attr-defined]  # of PlaceField
        self.fields["place"].required = True
        for group in GROUPS:
            self.fields[key(group)] = forms.IntegerField(
                label=group_name(group),
                required=False,
                validators=[MinValueValidator(0), MaxValueValidator(999_999_999)],
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(key(group)) is not None for group in GROUPS):
            raise ValidationError(_("Écrivez au moins un nombre. Une case vide veut dire « pas connu »."))
        return cleaned

    def figures(self) -> list[Figure]:
        """What was typed; an empty field says nothing."""
        said = self.cleaned_data
        counts = [(group, said[key(group)]) for group in GROUPS]
        return [Figure(said["place"], sex, age, count) for (sex, age), count in counts if count is not None]


class SharesForm(SourceForm):
    """Every language, or every channel, with its share."""

    def __init__(self, part: Part, data: Any = None) -> None:
        super().__init__(data, prefix=part.value)
        self.part = part
        for each in named(part):
            self.fields[f"share:{each.value}"] = forms.DecimalField(
                label=each.label,
                required=False,
                min_value=0,
                max_value=100,
                max_digits=4,
                decimal_places=1,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.shares():
            raise ValidationError(_("Écrivez au moins un nombre. Une case vide veut dire « pas connu »."))
        return cleaned

    def shares(self) -> list[ShareFigure]:
        """What was typed; an empty field says nothing."""
        typed = [(each.value, self.cleaned_data.get(f"share:{each.value}")) for each in named(self.part)]
        return [ShareFigure(self.part.value, value, percent) for value, percent in typed if percent is not None]


class FileForm(SourceForm):
    """A whole file at once."""

    file = forms.FileField(
        label=gettext_lazy("Fichier CSV"),
        help_text=gettext_lazy(
            "Colonnes : pcode, sex (female, male), age_group (child, adult, older), count. Ou, pour les langues et les "
            "canaux : part (language, channel), value, percent."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def data_read(self) -> bytes:
        """At most one byte more than is taken."""
        return bytes(self.cleaned_data["file"].read(LARGEST + 1))
