"""What a note asks: a place and a quarter, then its three texts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.periods import Quarter
from feedback.forms.choices import PlaceField
from workplan.dashboard.asked import known_quarters, quarter_of
from workplan.models import PlaceNote


class NewNoteForm(forms.Form):
    place = PlaceField(help_text=_("Une région, ou un de ses cercles."))
    period = forms.ChoiceField(label=_("Trimestre"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quarters = list(reversed(known_quarters()))
        self.fields["place"].offer()  # type: ignore[attr-defined]  # of PlaceField
        self.fields["place"].required = True
        self.fields["period"].choices = [(each.code, str(each)) for each in quarters]  # type: ignore[attr-defined]
        self.initial.setdefault("period", Quarter.current().previous.code)

    def clean_period(self) -> Quarter:
        return quarter_of(self.cleaned_data["period"])


class NoteForm(forms.ModelForm[PlaceNote]):
    class Meta:
        model = PlaceNote
        fields = ["sms", "radio", "poster"]
        widgets = {
            "sms": forms.Textarea(attrs={"rows": 4, "data-count": "#note-segments"}),
            "radio": forms.Textarea(attrs={"rows": 9}),
            "poster": forms.Textarea(attrs={"rows": 10}),
        }
        help_texts = {
            "sms": _("À copier : d’ici, rien n’est envoyé, il n’existe aucune liste de numéros."),
            "radio": _("À lire au micro, dans chaque langue par une personne qui la parle."),
            "poster": _("Une ligne par idée ; « Vous avez dit » et « Nous avons fait » deviennent des titres."),
        }
