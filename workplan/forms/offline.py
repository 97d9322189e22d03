from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.sheet_forms import TableField
from workplan.offline import LIMITS


class OfflineForm(forms.Form):
    """A workbook that was filled without a network."""

    file = TableField(
        label=_("Le classeur rempli"), most_bytes=LIMITS.bytes, say=_("Joignez le classeur XLSX, de 2 Mo au plus.")
    )
    submits = forms.BooleanField(label=_("Soumettre aussi les lignes enregistrées"), required=False)
