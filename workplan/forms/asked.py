from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from workplan.actions.asked import LONGEST


class AskedForm(forms.Form):
    """What is asked of the country team, one line a request."""

    words = forms.CharField(
        label=_("Ce qui est demandé à l’EHP"),
        help_text=_("Une demande par ligne. La revue, le rapport du trimestre et la page pour l’EHP la montrent."),
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST,
        required=False,
    )
    about_nobody = forms.BooleanField(label=_("Ce texte ne parle d’aucun cas ni d’aucune personne"), required=False)

    # Set once what was typed may tell of a case: only then is the writer asked.
    asks_about_nobody = False
