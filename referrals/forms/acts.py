"""One small form for each act. `seen` is the state the page showed: whoever comes second is told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.once import OnceForm
from directory.models import Organisation, User
from feedback.enums import AnswerKind, Settled, ToldHow
from feedback.forms.acts import still_blank
from feedback.forms.choices import neutral
from referrals.actions.handover import takers_of
from referrals.enums import RECALLED_BY_PEOPLE, CloseOutcome, NonSuccess, PauseReason, Refusal, ReopenReason
from referrals.models import Referral
from referrals.people import receivers_of

WORDS = forms.Textarea(attrs={"rows": 3, "maxlength": 4000})
UNSAID = [("", _("non demandé"))]


class ActForm(forms.Form):
    """What every act carries."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.__class__.__name__.lower()}_%s")
        super().__init__(*args, **kwargs)
        self.referral = referral
        self.fields["seen"].initial = referral.state

    def details(self) -> dict[str, Any]:
        """What the action takes; call after `is_valid`."""
        return {**self.cleaned_data, "seen": self.cleaned_data["seen"] or None}


class PlainForm(ActForm):
    """An act that needs nothing more."""


class AcceptForm(ActForm):
    responsible = forms.ModelChoiceField(
        User.objects.none(), label=_("Responsable"), required=False, empty_label=_("moi")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = [person.pk for person in receivers_of(self.referral)]
        self.fields["responsible"].queryset = User.objects.filter(pk__in=colleagues)  # type: ignore[attr-defined]


class AssignForm(ActForm):
    to = forms.ModelChoiceField(User.objects.none(), label=_("À qui"))
    held_by = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_by"].initial = self.referral.responsible_id
        takers = [person.pk for person in takers_of(self.referral)]
        self.fields["to"].queryset = User.objects.filter(pk__in=takers).order_by("name")  # type: ignore[attr-defined]


class WordsForm(ActForm):
    words = forms.CharField(
        label=_("Votre message"),
        widget=WORDS,
        validators=[neutral],
        help_text=_("Sans nom, numéro ni détail qui désigne la personne."),
    )


class AskForm(WordsForm):
    """A question to the sender."""


class ReplyForm(WordsForm):
    """The answer to it."""


class SayForm(WordsForm, OnceForm):
    """A further message of the thread."""

    def details(self) -> dict[str, Any]:
        return {"words": self.cleaned_data["words"], "pk": self.cleaned_data["once"]}


class NoteForm(ActForm, OnceForm):
    """A note for one's own organisation."""

    words = forms.CharField(
        label=_("Note interne"),
        widget=WORDS,
        validators=[neutral],
        help_text=_("Lue par votre organisation seulement. Sans nom, numéro ni détail qui désigne la personne."),
    )

    def details(self) -> dict[str, Any]:
        return {"words": self.cleaned_data["words"], "pk": self.cleaned_data["once"]}


class AskConsentForm(ActForm, OnceForm):
    """One button: the person is asked by SMS whether the receiver may have their number."""

    def details(self) -> dict[str, Any]:
        return {"pk": self.cleaned_data["once"]}


class AnswerForm(ActForm):
    kind = forms.ChoiceField(label=_("Type de réponse"), choices=AnswerKind.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Ce qui sera dit à la personne"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 4000, "data-count": "#answer_segments"}),
        required=False,
        help_text=_("Des mots simples, sans nom d’agence ni détail qui pourrait la mettre en danger."),
    )
    reason = forms.ChoiceField(
        label=_("Si cela n’a pas abouti, pourquoi"), choices=[("", "–"), *NonSuccess.choices], required=False
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") == AnswerKind.UNSUCCESSFUL and not said.get("reason"):
            self.add_error("reason", _("Dites pourquoi cela n’a pas abouti."))
        if said.get("kind") in AnswerKind.values and said["kind"] != AnswerKind.UNSUCCESSFUL and not said.get("words"):
            self.add_error("words", _("Écrivez ce qui sera dit à la personne."))
        fault = still_blank(said.get("words", ""))
        if fault is not None:
            self.add_error("words", fault)
        return said


class RefuseForm(ActForm):
    code = forms.ChoiceField(
        label=_("Pourquoi ce n’est pas pour vous"), choices=Refusal.choices, widget=forms.RadioSelect
    )
    competent = forms.ModelChoiceField(
        Organisation.objects.active(),
        label=_("Qui est compétent ?"),
        required=False,
        empty_label=_("nous ne savons pas"),
    )
    note = forms.CharField(
        label=_("Précision pour l’émetteur"),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 1000}),
        validators=[neutral],
        required=False,
    )


class PauseForm(ActForm):
    reason = forms.ChoiceField(
        label=_("Pourquoi le mettre en pause"),
        choices=PauseReason.choices,
        widget=forms.RadioSelect,
        help_text=_("Le délai de réponse ne court plus, jusqu’à la reprise. L’émetteur le voit."),
    )


class RecallForm(ActForm):
    reason = forms.ChoiceField(label=_("Pourquoi le retirer"), choices=RECALLED_BY_PEOPLE, widget=forms.RadioSelect)


class FeedBackForm(ActForm):
    how = forms.ChoiceField(
        label=_("Comment la personne a été informée"),
        choices=[choice for choice in ToldHow.choices if choice[0] != ToldHow.NOT_YET],
    )
    satisfaction = forms.ChoiceField(
        label=_("Dit-elle que c’est réglé ?"), choices=[*UNSAID, *Settled.choices], required=False
    )


class CloseForm(ActForm):
    outcome = forms.ChoiceField(label=_("Issue"), choices=CloseOutcome.choices)


class ReopenForm(ActForm):
    reason = forms.ChoiceField(label=_("Pourquoi le rouvrir"), choices=ReopenReason.choices)
