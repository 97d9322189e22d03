"""Forms of the settings: categories, deadlines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.enums import CLOCKS_OF_THE_VAULT, CLOCKS_SET_HERE
from feedback.models import Category, DeadlineRule


class CategoryForm(forms.ModelForm[Category]):
    """Codes never change; what they mean, where they go and who may read them can."""

    class Meta:
        model = Category
        fields = ["label", "level", "sensitivity", "restricted_kind", "routing", "is_active"]

    def _post_clean(self) -> None:
        """The constraints that name a column this form leaves alone hold too."""
        super()._post_clean()  # type: ignore[misc]  # not in the stubs
        if not self.errors:
            try:
                self.instance.validate_constraints()
            except ValidationError as error:
                self.add_error(None, ValidationError(error.messages))


class DeadlineForm(forms.ModelForm[DeadlineRule]):
    class Meta:
        model = DeadlineRule
        fields = ["clock", "category", "priority", "hours", "days", "around_the_clock", "basis", "is_sourced"]
        help_texts = {
            "hours": _("Des heures ouvrées, sauf si le délai court jour et nuit."),
            "days": _("Des jours ouvrés, sauf si le délai court jour et nuit."),
            "basis": _("D’où vient ce délai. Seul un délai tiré d’une source publiée s’appelle une norme."),
        }

    clock = forms.ChoiceField(label=_("Délai"), choices=[(clock.value, clock.label) for clock in CLOCKS_SET_HERE])

    def clean(self) -> dict[str, Any]:
        """The vault's promises are read for every matter alike, and run day and night."""
        data = super().clean() or {}
        narrow = data.get("category") or data.get("priority") or not data.get("around_the_clock")
        if data.get("clock") in CLOCKS_OF_THE_VAULT and narrow:
            self.add_error(
                None, _("Un délai des EAS court jour et nuit, pour toutes les catégories et toutes les priorités.")
            )
        return data
