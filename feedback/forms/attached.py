"""A voice note and a picture, one of each: what they are their bytes say, and what cannot be read is refused kindly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from core.audio import packed
from core.pictures import packed_picture

MEGABYTE = 1_000_000
VOICE_MEGABYTES, PICTURE_MEGABYTES = 5, 8


def too_heavy(size: int, megabytes: int) -> str:
    """Why a file of so many bytes is not taken where so many megabytes are; "" when it is."""
    if size <= megabytes * MEGABYTE:
        return ""
    refusal = gettext("Ce fichier est trop lourd : %(megabytes)s Mo au plus. Choisissez-en un plus court.")
    return refusal % {"megabytes": megabytes}


class SealableFile(forms.FileField):
    """A file of at most `megabytes`, which `pack` makes into one text to be sealed; "" when there is none."""

    def __init__(self, *, megabytes: int, pack: Callable[[bytes], str], accept: str, **kwargs: Any) -> None:
        self.megabytes, self.pack = megabytes, pack
        super().__init__(required=False, widget=forms.FileInput(attrs={"accept": accept}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> str:
        if not isinstance(data, UploadedFile) or not data.size:
            return ""
        refusal = too_heavy(data.size, self.megabytes)
        if refusal:
            raise ValidationError(refusal)
        try:
            return self.pack(data.read())
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


def voice_field() -> SealableFile:
    return SealableFile(
        megabytes=VOICE_MEGABYTES,
        pack=packed,
        accept="audio/*",
        label=_("Un message vocal"),
        help_text=_("Un seul, 5 Mo au plus : à peu près cinq minutes. Le lieu et l’heure notés dedans sont ôtés."),
        error_messages={
            "invalid": _(
                "Ce fichier n’est pas un enregistrement que nous pouvons écouter. Choisissez-en un autre, ou écrivez."
            )
        },
    )


def picture_field() -> SealableFile:
    return SealableFile(
        megabytes=PICTURE_MEGABYTES,
        pack=packed_picture,
        accept="image/jpeg,image/png,image/webp",
        label=_("Une photo"),
        help_text=_("Une seule, 8 Mo au plus (JPEG, PNG ou WebP). Le lieu et l’heure notés dedans sont ôtés."),
        error_messages={
            "invalid": _("Ce fichier n’est pas une photo que nous pouvons lire. Choisissez-en une autre, ou écrivez.")
        },
    )


class WithFiles(forms.Form):
    """Words, a voice note, a picture: at least one of the three, the words under the field named `WORDS`."""

    WORDS = "words"

    voice = voice_field()
    picture = picture_field()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        said = [cleaned.get(name, "") for name in (self.WORDS, "voice", "picture")]
        if not any(said) and not {self.WORDS, "voice", "picture"} & set(self.errors):
            self.add_error(self.WORDS, self.fields[self.WORDS].error_messages["required"])
        return cleaned

    def ask_again_for_files(self) -> None:
        """A browser does not keep a chosen file when the page comes back: it is asked for again, beside the field."""
        for name in ("voice", "picture"):
            if self.errors and self.cleaned_data.get(name):
                self.add_error(name, gettext("Choisissez ce fichier de nouveau : votre navigateur ne le garde pas."))

    @property
    def has_file(self) -> bool:
        return bool(self.cleaned_data["voice"] or self.cleaned_data["picture"])

    @property
    def said(self) -> str:
        """The words; what came with them stands in their place when there are none."""
        return str(self.cleaned_data[self.WORDS]) or self.marks

    @property
    def marks(self) -> str:
        """What came with the words, as those who listen read it, whatever the language of the page."""
        with override(settings.LANGUAGE_CODE):
            names = {"voice": gettext("[Message vocal]"), "picture": gettext("[Photo]")}
            return " ".join(mark for name, mark in names.items() if self.cleaned_data[name])
