"""Fields that several staff forms share: places by region, categories by family, a day that has come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.formats import alphabetical
from directory.models import Place
from feedback.level_one import why_not_neutral
from feedback.models import Category


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A cercle or a region, grouped by region; empty when it is not known."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Lieu"))
        super().__init__(Place.objects.all(), required=False, **kwargs)

    def offer(self) -> None:
        """Fills in the choices, in one query."""
        places = list(Place.objects.select_related("parent"))
        regions = [place for place in places if place.parent_id is None]
        cercles: dict[int, list[tuple[int, str]]] = {region.pk: [] for region in regions}
        for place in places:
            if place.parent_id is not None:
                cercles[place.parent_id].append((place.pk, place.name))
        for named in cercles.values():
            named.sort(key=lambda one: alphabetical(one[1]))
        groups = [
            (region.name, [(region.pk, _whole(region)), *cercles[region.pk]])
            for region in sorted(regions, key=lambda region: alphabetical(region.name))
        ]
        self.widget.choices = [("", _("Lieu non précisé")), *groups]


class CategoryField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """The codes with their labels, each family together. The vault's code is not offered: one protects instead."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Catégorie"))
        kwargs.setdefault("empty_label", _("Choisissez"))
        super().__init__(Category.objects.filter(is_active=True, is_vault=False), **kwargs)

    def label_from_instance(self, obj: Category) -> str:
        """`INSAT_MAJ.ciblage · Ciblage, exclusion ou liste`."""
        return f"{obj.code} · {obj.label}"


def offer_places(fields: Iterable[forms.Field]) -> None:
    """Fills in the choices of every place field of a form."""
    for field in fields:
        if isinstance(field, PlaceField):
            field.offer()


def has_come(value: Any) -> None:
    """Validator: a day or a moment not after now."""
    now: Any = timezone.now() if hasattr(value, "hour") else timezone.localdate()
    if value > now:
        raise ValidationError(_("Cette date n’est pas encore venue."), code="future")


def _whole(region: Place) -> str:
    return str(_("%(region)s (toute la région)") % {"region": region.name})


def neutral(text: str) -> None:
    """A validator of what travels without consent. Raises ValidationError."""
    fault = why_not_neutral(text)
    if fault is not None:
        raise ValidationError(str(fault))
