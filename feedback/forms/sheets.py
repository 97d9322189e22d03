from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.once import OnceForm
from feedback.actions.sheets import LIMITS
from feedback.enums import Channel, SafeContact
from feedback.forms.choices import PlaceField, offer_places
from feedback.forms.entry import TYPED_CHANNELS
from feedback.sheet_columns import Column


class UploadForm(OnceForm):
    """The file, and what counts for every row where no column says it."""

    file = forms.FileField(
        label=_("Le fichier, CSV ou XLSX"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        help_text=_("Une ligne par personne ; la première nomme les colonnes. 5 000 lignes au plus."),
        error_messages={"required": _("Choisissez un fichier CSV ou XLSX, de 5 Mo au plus.")},
    )
    channel = forms.ChoiceField(
        label=_("Par quel canal"), choices=[(one.value, one.label) for one in TYPED_CHANNELS], initial=Channel.HELP_DESK
    )
    place = PlaceField()
    safe_contact = forms.ChoiceField(
        label=_("Si une colonne donne un numéro, est-il sûr ?"),
        choices=[
            (SafeContact.NONE.value, _("on ne sait pas : ne gardez pas les numéros")),
            (SafeContact.CALL.value, _("oui, pour un appel")),
            (SafeContact.SMS.value, _("oui, par SMS : l’accusé de réception part aussitôt")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self.fields.values())

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LIMITS.bytes:
            raise forms.ValidationError(_("Choisissez un fichier CSV ou XLSX, de 5 Mo au plus."))
        return bytes(file.read())

    def usual(self) -> dict[str, str]:
        """What `Sheet.usual` holds."""
        data = self.cleaned_data
        place = data["place"].pcode if data["place"] is not None else ""
        return {"channel": data["channel"], "safe_contact": data["safe_contact"], "place": place}


class ColumnsForm(forms.Form):
    """Which column of the file holds each thing."""

    def __init__(self, *args: Any, headers: list[str], columns: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("aucune colonne")), *((str(place), name or "?") for place, name in enumerate(headers))]
        for column in Column:
            self.fields[column.value] = forms.ChoiceField(
                label=column.label, choices=choices, required=False, initial=str(columns.get(column.value, ""))
            )

    def columns(self) -> dict[str, int]:
        """By field, the place of its column."""
        return {name: int(place) for name, place in self.cleaned_data.items() if place != ""}
