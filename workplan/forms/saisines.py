from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.enums import Level
from feedback.models import Category
from workplan.models import TriggerFactor


class FactorForm(forms.ModelForm[TriggerFactor]):
    """A trigger factor. Only categories whose matters are in no restricted lane: others are never counted here."""

    class Meta:
        model = TriggerFactor
        fields = ("title", "category", "level", "breadth", "threshold", "days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["category"]
        field.queryset = Category.objects.filter(restricted_kind="", is_vault=False, is_counted=True, is_active=True)
        field.label, field.empty_label = _("Catégorie"), _("toutes celles du circuit ordinaire")
        known = set(field.queryset.values_list("level", flat=True))
        level: Any = self.fields["level"]
        level.choices = [("", _("quelle qu’elle soit")), *((one.value, one.label) for one in Level if one in known)]
