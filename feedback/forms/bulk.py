"""A paper register, typed like a sheet: what all rows share on top, then twenty rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.once import OnceForm
from directory.enums import NOT_SAID, AgeGroup, Sex
from directory.languages import Language
from feedback.actions.receive import Spoken
from feedback.enums import Channel
from feedback.forms.choices import PlaceField, has_come, offer_places
from feedback.forms.entry import LONGEST, TYPED_CHANNELS, Consent, checked_number, moment_of

ROWS = 20


class ShareForm(forms.Form):
    """What counts for every row of the register."""

    channel = forms.ChoiceField(
        label=_("Par quel canal"), choices=[(one.value, one.label) for one in TYPED_CHANNELS], initial=Channel.PAPER
    )
    said_on = forms.DateField(
        label=_("Dit le"),
        required=False,
        validators=[has_come],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Vide : aujourd’hui. Une ligne peut dire un autre jour."),
    )
    place = PlaceField()
    language = forms.ChoiceField(label=_("Langue"), choices=Language.choices, initial=NOT_SAID)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self.fields.values())


class RowForm(OnceForm):
    """One line of the register. An untouched one is nothing."""

    words = forms.CharField(
        label=_("Ses mots"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}), required=True
    )
    said_on = forms.DateField(
        label=_("Autre jour"),
        required=False,
        validators=[has_come],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    sex = forms.ChoiceField(label=_("Sexe"), choices=Sex.choices, initial=NOT_SAID)
    age_group = forms.ChoiceField(label=_("Âge"), choices=AgeGroup.choices, initial=NOT_SAID)
    consent = forms.ChoiceField(
        label=_("Accepte que ce soit transmis"), choices=Consent.choices, initial=Consent.NOT_ASKED
    )
    booklet_number = forms.CharField(
        label=_("Numéro du carnet"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    TOUCHED_BY = ("words", "booklet_number", "said_on")

    @property
    def place(self) -> int:
        """Its number in the register, from one."""
        return int(str(self.prefix).rpartition("-")[2]) + 1

    def has_changed(self) -> bool:
        """Whether somebody typed something: a hidden id alone is nothing."""
        return any(name in self.changed_data for name in self.TOUCHED_BY)

    def clean_booklet_number(self) -> str:
        return checked_number(self.cleaned_data["booklet_number"])

    def spoken(self, shared: dict[str, Any]) -> Spoken:
        """What `feedback.actions.enter` takes; `shared`: the valid data of the form on top."""
        data = self.cleaned_data
        return Spoken(
            source_key=f"entry:{data['once']}",
            receipt_number=data["booklet_number"],
            words=data["words"],
            channel=shared["channel"],
            received_at=timezone.now(),
            said_at=moment_of(data["said_on"] or shared["said_on"]),
            place=shared["place"],
            language=shared["language"],
            sex=data["sex"],
            age_group=data["age_group"],
            objects_to_sharing=data["consent"] == Consent.NO,
        )


Register = formset_factory(RowForm, extra=ROWS, max_num=ROWS, absolute_max=ROWS)
