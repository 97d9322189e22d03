"""Forms around what other organisations collected: a file of theirs, its columns, what their words mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from core.once import OnceForm
from core.sheet_forms import ColumnsForm, TableField
from directory.models import Organisation, User
from feedback.actions.source_files import LIMITS
from feedback.enums import Channel, DepositKind, SafeContact
from feedback.forms.entry import TYPED_CHANNELS
from feedback.ingest_columns import CaseColumn, FigureColumn
from feedback.models import Category, Deposit
from feedback.querysets import DepositQuerySet, kinds_taken_in_by
from feedback.source_words import hash_of, may_mean

BY_HAND = "-"


class SourceFileForm(OnceForm):
    """A file, whose it is, and what it holds."""

    source = forms.ModelChoiceField(
        Organisation.objects.active(),
        label=_("Organisation qui les a recueillis"),
        empty_label=_("Choisissez"),
        error_messages={"required": _("Dites de qui vient ce fichier.")},
    )
    kind = forms.ChoiceField(label=_("Ce qu’il contient"), widget=forms.RadioSelect)
    file = TableField(
        label=_("Le fichier, CSV ou XLSX"),
        help_text=_("La première ligne nomme les colonnes. 5 000 lignes et 5 Mo au plus."),
        most_bytes=LIMITS.bytes,
        say=_("Choisissez un fichier CSV ou XLSX, de 5 Mo au plus."),
    )
    channel = forms.ChoiceField(
        label=_("Par quel canal, si aucune colonne ne le dit"),
        choices=[(one.value, one.label) for one in TYPED_CHANNELS],
        initial=Channel.HELP_DESK,
        required=False,
    )
    safe_contact = forms.ChoiceField(
        label=_("Si une colonne donne un numéro, est-il sûr ?"),
        choices=[
            (SafeContact.NONE.value, _("on ne sait pas : ne gardez pas les numéros")),
            (SafeContact.CALL.value, _("oui, pour un appel")),
            (SafeContact.SMS.value, _("oui, par SMS : rien ne part de soi-même")),
        ],
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = kinds_taken_in_by(user)
        kind: Any = self.fields["kind"]
        kind.choices = [(one, DepositKind(one).label) for one in kinds]
        kind.initial = kinds[0]
        if DepositKind.CASES not in kinds:
            del self.fields["channel"], self.fields["safe_contact"]

    def asked(self) -> dict[str, Any]:
        """What `upload_source_file` is told beside the file."""
        said = self.cleaned_data
        return {
            "source": said["source"],
            "kind": said["kind"],
            "channel": said.get("channel", ""),
            "safe_contact": said.get("safe_contact") or SafeContact.NONE.value,
        }


class CaseColumnsForm(ColumnsForm):
    kinds = CaseColumn


class FigureColumnsForm(ColumnsForm):
    kinds = FigureColumn


COLUMNS_FORMS: dict[str, type[ColumnsForm]] = {
    DepositKind.CASES: CaseColumnsForm,
    DepositKind.FIGURES: FigureColumnsForm,
}


class WordsForm(forms.Form):
    """For each word of a source: our category, by hand, or undecided. Fields are named so that no word is in a name."""

    SHOWN = 40

    def __init__(self, *args: Any, source: Organisation, words: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = {one.code: one for one in Category.objects.filter(is_active=True)}
        self.words: dict[str, str] = {}
        for word, chosen in list(words.items())[: self.SHOWN]:
            name = f"word-{hash_of(source, word)}"
            self.words[name] = word
            choices = self._choices(word)
            self.fields[name] = forms.ChoiceField(label=word, choices=choices, required=False, initial=chosen)

    def _choices(self, word: str) -> list[tuple[str, StrOrPromise]]:
        """A word that suggests abuse is offered what trained people read, and nothing else."""
        by_hand = [(BY_HAND, _("aucune : à trier à la main"))] if may_mean(word, None) else []
        fitting = [one for one in self.categories.values() if may_mean(word, one)]
        named = [(one.code, f"{one.code} · {one.label}") for one in fitting]
        return [("", _("pas encore décidé")), *by_hand, *named]

    def decisions(self) -> dict[str, Category | None]:
        """By word, what was decided; undecided ones are not in it."""
        said = {word: self.cleaned_data.get(name, "") for name, word in self.words.items()}
        return {word: self.categories.get(choice) for word, choice in said.items() if choice}


class DepositFilter(forms.Form):
    """Whose deposits are shown: everybody's, or one source's."""

    source = forms.ModelChoiceField(
        Organisation.objects.filter(pk__in=Deposit.objects.values("source")),
        label=_("Source"),
        required=False,
        empty_label=_("Toutes"),
    )

    def found(self, rows: DepositQuerySet) -> DepositQuerySet:
        self.is_valid()
        source = self.cleaned_data.get("source")
        return rows.filter(source=source) if source is not None else rows
