"""A change of the screening's word lists."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.languages import FRENCH, language_label
from feedback.enums import WordAct, WordEffect
from feedback.screening import lists_as_written
from feedback.screening_entries import Change, Entry


def languages() -> list[tuple[str, str]]:
    """The languages that have a list, French first."""
    known = {raw["language"]: language_label(raw["language"]) for raw in lists_as_written()}
    return sorted(known.items(), key=lambda one: (one[0] != FRENCH, one[1]))


class WordForm(forms.Form):
    """`reason` is asked for once the preview was looked at; `seen` and `keep` say so."""

    act = forms.ChoiceField(label=_("Que faire"), choices=WordAct.choices, initial=WordAct.ADD)
    language = forms.ChoiceField(label=_("Langue"), choices=languages)
    words = forms.CharField(
        label=_("Mot ou expression"),
        max_length=60,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "« * » : toutes les fins d’un mot. « ~ » : jusqu’à quatre mots entre deux. Les accents et l’orthographe "
            "ne comptent pas. Jamais un nom de personne."
        ),
    )
    effect = forms.ChoiceField(
        label=_("Un message qui le contient"),
        choices=WordEffect.choices,
        initial=WordEffect.RAISES,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Pourquoi"), max_length=300, required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def change(self) -> Change:
        said = self.cleaned_data
        words = " ".join(said["words"].split())
        return Change(Entry(said["language"], said["effect"], words), said["act"])
