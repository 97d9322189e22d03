from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.once import OnceForm
from feedback.enums import AnswerKind
from referrals.actions.sheet import Reply
from referrals.enums import Refusal, SheetSays

KINDS = [choice for choice in AnswerKind.choices if choice[0] != AnswerKind.UNSUCCESSFUL]


class SheetForm(OnceForm):
    """What whoever holds the sheet answers for the agency."""

    name = forms.CharField(label=_("Votre nom et votre fonction"), max_length=120)
    says = forms.ChoiceField(label=_("Votre réponse"), choices=SheetSays.choices, widget=forms.RadioSelect)
    refusal_code = forms.ChoiceField(
        label=_("Si ce n’est pas pour vous : pourquoi ?"), choices=[("", "–"), *Refusal.choices], required=False
    )
    answer_kind = forms.ChoiceField(
        label=_("Si vous avez une réponse : laquelle ?"), choices=[("", "–"), *KINDS], required=False
    )
    words = forms.CharField(
        label=_("Vos mots"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("D’une réponse : ce qui sera dit à la personne. N’écrivez ni son nom ni son numéro."),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("says") == SheetSays.REFUSE and not said.get("refusal_code"):
            self.add_error("refusal_code", _("Dites pourquoi ce n’est pas pour vous."))
        if said.get("says") == SheetSays.ANSWER:
            if not said.get("answer_kind"):
                self.add_error("answer_kind", _("Choisissez le type de réponse."))
            if not said.get("words"):
                self.add_error("words", _("Écrivez ce qui sera dit à la personne."))
        return said

    def reply(self) -> Reply:
        """What was said; call after `is_valid`. What does not go with it is left out."""
        said = self.cleaned_data
        refuses, answers = said["says"] == SheetSays.REFUSE, said["says"] == SheetSays.ANSWER
        return Reply(
            says=said["says"],
            name=said["name"],
            refusal_code=said["refusal_code"] if refuses else "",
            answer_kind=said["answer_kind"] if answers else "",
            words=said["words"] if refuses or answers else "",
        )
