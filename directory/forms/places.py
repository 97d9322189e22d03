"""Places to tick, under the name of their region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import Place


class _ByRegion(forms.models.ModelChoiceIterator[Place]):
    def __iter__(self) -> Iterator[Any]:
        groups: dict[str, list[Any]] = {}
        for place in self.queryset.select_related("parent"):
            groups.setdefault(place.region.name, []).append(self.choice(place))
        yield from groups.items()


class PlacesField(forms.ModelMultipleChoiceField[Place]):
    """Regions or cercles, as ticks grouped by region; a region itself is named as the whole of it."""

    iterator = _ByRegion
    widget = forms.CheckboxSelectMultiple
    WHOLE = _("toute la région")

    def label_from_instance(self, obj: Any) -> str:
        return str(self.WHOLE) if obj.level == Place.Level.REGION else str(obj.name)
