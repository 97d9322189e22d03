from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.once import OnceForm
from core.sheet_forms import ColumnsForm, TableField
from feedback.actions.sheets import LIMITS
from feedback.enums import Channel, SafeContact
from feedback.forms.choices import PlaceField, offer_places
from feedback.forms.entry import TYPED_CHANNELS
from feedback.sheet_columns import Column


class UploadForm(OnceForm):
    """The file, and what counts for every row where no column says it."""

    file = TableField(
        label=_("Le fichier, CSV ou XLSX"),
        help_text=_("Une ligne par personne ; la première nomme les colonnes. 5 000 lignes au plus."),
        most_bytes=LIMITS.bytes,
        say=_("Choisissez un fichier CSV ou XLSX, de 5 Mo au plus."),
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

    def usual(self) -> dict[str, str]:
        """What `Sheet.usual` holds."""
        data = self.cleaned_data
        place = data["place"].pcode if data["place"] is not None else ""
        return {"channel": data["channel"], "safe_contact": data["safe_contact"], "place": place}


class SheetColumnsForm(ColumnsForm):
    kinds = Column
