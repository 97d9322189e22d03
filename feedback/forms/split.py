from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.once import OnceForm
from feedback.actions.split import Part
from feedback.enums import SafetyAnswer
from feedback.forms.triage import Danger


class SplitForm(OnceForm):
    """Which of a person's words go to a case of their own, and by what way."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    passages = forms.CharField(
        label=_("Ce qui part dans le second dossier"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "data-quotes": ""}),
        help_text=_("Ses mots, recopiés tels quels ; un passage par ligne. Ils quittent le premier dossier."),
    )
    context = forms.CharField(
        label=_("Ce qu’il faut savoir d’autre pour le comprendre"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Vos mots, s’il en faut. Rien du premier sujet."),
    )
    safety = forms.ChoiceField(
        label=_("EAS, VBG ou enfant en danger dans cette partie ?"),
        choices=SafetyAnswer.choices,
        widget=forms.RadioSelect,
        help_text=_("« Oui » et « Je ne sais pas » partent chez des personnes formées. N’en demandez pas plus."),
    )
    danger = forms.ChoiceField(
        label=_("Si oui, de quoi s’agit-il ?"), choices=Danger.choices, widget=forms.RadioSelect, required=False
    )
    tells_by_sms = forms.BooleanField(
        label=_("Envoyer le second numéro par SMS"),
        required=False,
        help_text=_("Seulement si le SMS est sans danger pour elle. Sinon, dites-le vous-même."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("safety") == SafetyAnswer.YES and not cleaned.get("danger"):
            self.add_error("danger", _("Choisissez : le chemin n’est pas le même."))
        return cleaned

    def part(self) -> Part:
        """What `feedback.actions.split` takes."""
        data = self.cleaned_data
        lines = (line.strip() for line in data["passages"].splitlines())
        return Part(
            passages=tuple(line for line in lines if line),
            context=data["context"],
            way=_way(data["safety"], data["danger"]),
            tells_by_sms=data["tells_by_sms"],
        )


def _way(safety: str, danger: str) -> str:
    if safety == SafetyAnswer.NO:
        return "none"
    return "vault" if safety == SafetyAnswer.UNSURE or danger == Danger.SEA else danger
