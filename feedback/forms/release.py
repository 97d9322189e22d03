from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psea.enums import ReclassifiedAs


class ReleaseForm(forms.Form):
    """What the handler states in letting a text go; for the ordinary lane, that it holds no disclosure."""

    was_read = forms.BooleanField(label=_("J’ai relu ce texte, et je le remets à ceux qui sont nommés ci-dessus"))
    no_disclosure = forms.BooleanField(
        label=_("Je confirme que le texte ne contient aucune révélation d’exploitation ou d’abus sexuels")
    )

    def __init__(self, *args: Any, as_what: ReclassifiedAs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if as_what != ReclassifiedAs.ORDINARY:
            del self.fields["no_disclosure"]
