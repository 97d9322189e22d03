"""A form posted twice is one record: the form carries the id that the record will have."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms


class OnceForm(forms.Form):
    """A form whose hidden `once` becomes the new record's id: a second post finds what the first one made."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = uuid.uuid4

    def clean_once(self) -> uuid.UUID:
        """The id given with the form; a fresh one if a client sent none."""
        return self.cleaned_data["once"] or uuid.uuid4()
