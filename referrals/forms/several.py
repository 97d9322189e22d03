"""One case to several receivers: who, what is asked of all; and for level 2, what the person allows each."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from referrals.actions.consent import Receiver, Said
from referrals.actions.sending import Wish
from referrals.actions.several import Sending
from referrals.enums import Level, Teller
from referrals.forms.sending import AllowedForm, HowForm, WhatForm, name_of, receiver_of

AT_MOST = 10


def ticked(data: MultiValueDict[str, str]) -> list[str]:
    """The receivers that were ticked, and the one chosen from the list, each once, in order."""
    keys = [*data.getlist("several"), data.get("other", "")]
    return list(dict.fromkeys(key for key in keys if key and receiver_of(str(key)) is not None))[:AT_MOST]


class SeveralForm(WhatForm):
    """Level 1 to each that is ticked."""

    def __init__(self, data: MultiValueDict[str, str], *args: Any, bound: bool = True, **kwargs: Any) -> None:
        super().__init__(data if bound else None, *args, **kwargs)
        self.keys = ticked(data)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.keys:
            raise forms.ValidationError(_("Cochez à qui vous l’envoyez."))
        return said

    def sendings(self) -> list[Sending]:
        """One for each; call after `is_valid`."""
        return [self._sending(key, None) for key in self.keys]

    def _sending(self, key: str, said: Said | None) -> Sending:
        receiver = receiver_of(key) or Receiver(0)
        what = {name: self.cleaned_data[name] for name in ("request", "priority", "service")}
        wish = Wish(
            receiver.organisation_id,
            receiver.office_id,
            level=said.level if said is not None else Level.MATTER,
            teller=self.cleaned_data.get("teller") or Teller.SENDER,
            **what,
        )
        return Sending(wish, said, uuid.uuid5(self.cleaned_data["once"], str(receiver)))


class SeveralPersonsForm(HowForm, SeveralForm):
    """Level 2: the question for each, one after the other; how, by whom and in which language it was answered."""

    field_order = ("method", "giver", "language", "request", "priority", "service", "teller")

    def __init__(self, data: MultiValueDict[str, str], *args: Any, bound: bool = True, **kwargs: Any) -> None:
        super().__init__(data, *args, bound=bound, **kwargs)
        self.asked = [(key, name_of(key), AllowedForm(data if bound else None, prefix=key)) for key in self.keys]

    def is_valid(self) -> bool:
        answered = [form.is_valid() for _key, _name, form in self.asked]
        return super().is_valid() and all(answered)

    def sendings(self) -> list[Sending]:
        how = self.how()
        return [self._sending(key, Said(**form.allowed(), **how)) for key, _name, form in self.asked]
