"""Small forms of the acts on one case. `seen` is the state that the page showed."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.once import OnceForm
from directory.enums import RestrictedKind
from feedback.actions.short_questions import questions_to_ask
from feedback.enums import (
    AnswerKind,
    CaseState,
    ClosedBecause,
    MessageDirection,
    Outcome,
    ReopenReason,
    SafeContact,
    Settled,
    SpeakerMode,
    ToldHow,
)
from feedback.forms.choices import CategoryField, has_come
from feedback.models import Case, ReadyAnswer

OPERATOR_KINDS = [AnswerKind.RESPONSE, AnswerKind.ADJUSTMENT, AnswerKind.SERVICE_PROVIDED]
BY_VOICE = [ToldHow.CALL, ToldHow.IN_PERSON, ToldHow.RELAY, ToldHow.GROUP]
# What a ready answer leaves to be filled in by hand.
BLANK = re.compile(r"\{[^{}\n]{1,40}\}")
USUAL_WAY = {SafeContact.CALL: ToldHow.CALL, SafeContact.RELAY: ToldHow.RELAY}


class SeenForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.fields["seen"].initial = case.state


class ReadyAnswerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, obj: ReadyAnswer) -> str:
        about = [str(obj.place)] if obj.place is not None else []
        return f"{obj.title} ({', '.join([obj.get_language_display(), *about])})"


def still_blank(words: str) -> str | None:
    """What a ready answer leaves to be filled in by hand, said to whoever forgot; None when nothing is left."""
    blanks = sorted(set(BLANK.findall(words)))
    return str(_("Complétez d’abord : %(blanks)s.")) % {"blanks": ", ".join(blanks)} if blanks else None


class AnswerForm(SeenForm):
    """An answer from the library, in its words or amended, or one's own."""

    ready_answer = ReadyAnswerField(
        ReadyAnswer.objects.none(), label=_("Réponse toute prête"), required=False, empty_label=_("Aucune")
    )
    kind = forms.ChoiceField(
        label=_("Type de réponse"),
        choices=[(kind.value, kind.label) for kind in OPERATOR_KINDS],
        initial=AnswerKind.RESPONSE,
    )
    words = forms.CharField(
        label=_("Ce qui sera dit à la personne"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": "#answer-segments"}),
        help_text=_("Vide avec une réponse toute prête : son texte part tel quel."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ready_answer"].queryset = ReadyAnswer.objects.fitting(self.case).select_related("place")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        ready = cleaned.get("ready_answer")
        cleaned["words"] = cleaned.get("words") or (ready.words if ready is not None else "")
        if not cleaned["words"].strip() and "words" not in self.errors:
            self.add_error("words", _("Écrivez la réponse, ou choisissez-en une toute prête."))
        fault = still_blank(cleaned.get("words", ""))
        if fault is not None:
            self.data = {**self.data.dict(), "words": cleaned["words"]}  # type: ignore[attr-defined]  # what a page sends
            self.add_error("words", fault)
        return cleaned


class TellForm(SeenForm):
    """Somebody told the person the answer, by voice."""

    how = forms.ChoiceField(label=_("Comment"), choices=[(how.value, how.label) for how in BY_VOICE])
    at = forms.DateTimeField(
        label=_("Quand"),
        required=False,
        validators=[has_come],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Vide : maintenant."),
    )
    settled = forms.ChoiceField(
        label=_("Est-ce réglé pour elle ?"),
        choices=[("", _("elle ne l’a pas dit")), *Settled.choices],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = USUAL_WAY.get(SafeContact(self.case.safe_contact), ToldHow.IN_PERSON)
        self.fields["how"].initial = ToldHow.GROUP if self.case.mode == SpeakerMode.GROUP else usual

    def moment(self) -> datetime:
        moment: datetime = self.cleaned_data["at"] or timezone.now()
        return moment


class CloseForm(SeenForm):
    outcome = forms.ChoiceField(label=_("Issue"), choices=[("", _("Choisissez")), *Outcome.choices])


class CloseBecauseForm(SeenForm):
    """Ending without an answer; which reasons exist depends on whether it was sorted."""

    because = forms.ChoiceField(label=_("Pourquoi"))

    UNSORTED = (ClosedBecause.TEST, ClosedBecause.THANKS, ClosedBecause.UNINTELLIGIBLE)
    SORTED = (ClosedBecause.NO_ANSWER_WANTED, ClosedBecause.TEST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.UNSORTED if self.case.state == CaseState.NEW else self.SORTED
        choices = [("", _("Choisissez")), *((one.value, one.label) for one in offered)]
        self.fields["because"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class ReopenForm(SeenForm):
    reason_code = forms.ChoiceField(label=_("Pourquoi"), choices=[("", _("Choisissez")), *ReopenReason.choices])


class MergeForm(SeenForm):
    into = forms.CharField(
        label=_("Référence de l’autre dossier"),
        max_length=7,
        widget=forms.TextInput(attrs={"placeholder": "K7Q-4MD", "autocomplete": "off"}),
    )

    def clean_into(self) -> str:
        return str(self.cleaned_data["into"]).strip().upper()


class ReclassifyForm(SeenForm):
    category = CategoryField()
    restricted_kind = forms.ChoiceField(
        label=_("Restreindre à"),
        choices=[("", _("ce que prévoit la catégorie")), *RestrictedKind.choices],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].initial = self.case.category_id


class WriteDownForm(OnceForm):
    direction = forms.ChoiceField(
        label=_("C’est"),
        choices=[
            (MessageDirection.IN.value, _("ce que la personne ajoute")),
            (MessageDirection.NOTE.value, _("une note pour l’équipe")),
        ],
        widget=forms.RadioSelect,
        initial=MessageDirection.IN,
    )
    words = forms.CharField(label=_("Texte"), max_length=10000, widget=forms.Textarea(attrs={"rows": 3}))


class WithdrawForm(SeenForm):
    confirmed = forms.BooleanField(
        label=_("La personne, ou qui parle pour elle, l’a dit"),
        help_text=_("Ce qui est chez d’autres organisations est retiré aussitôt, et l’effacement leur est demandé."),
    )


class SpokenForm(SeenForm):
    """Somebody spoke with the person who had taken their consent back while a service ran."""

    stops = forms.ChoiceField(
        label=_("Ce que la personne veut"),
        choices=[
            ("yes", _("tout arrêter : ce qui est en cours est retiré maintenant")),
            ("no", _("que ce qui est en cours continue, sans son nom ni son contact")),
        ],
        widget=forms.RadioSelect,
    )


class DangerOverForm(SeenForm):
    """One button; the state that the page showed."""


class AskShortForm(OnceForm):
    """One short question in fixed words: only those whose answer is not known."""

    asks = forms.ChoiceField(label=_("Question"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put = questions_to_ask(case)
        self.fields["asks"].choices = [(one.value, one.label) for one in put]  # type: ignore[attr-defined]
        self.fields["asks"].initial = put[0] if put else None
        self.fields["asks"].help_text = _("Par SMS, en mots convenus. Deux au plus pour une personne.")


class ProtectForm(SeenForm):
    """One button; the state that the page showed."""


class AskForm(OnceForm):
    words = forms.CharField(
        label=_("Votre question"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Elle lui parvient telle quelle : rien qui la mette en danger si quelqu’un d’autre la lit."),
    )
