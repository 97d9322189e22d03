"""A file to go along with a referral: from this browser, or what the person sent with their words."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.documents import packed_document
from core.formats import format_date
from core.once import OnceForm
from directory.models import User
from feedback.forms.attached import SealableFile
from feedback.models import Case
from feedback.reading import may_read_words, recordings_of
from referrals.enums import FileKind, Side
from referrals.files import why_not_persons_file
from referrals.models import Referral

MEGABYTES = 8
NOT_READ = _(
    "Ce fichier n’est ni une photo, ni un message vocal, ni un PDF que nous pouvons garder. "
    "Un PDF protégé par un mot de passe, ou qui contient un programme ou d’autres fichiers, n’est pas pris."
)


class FileForm(OnceForm):
    """What a side may join; the sender says whether anything of the person is in it."""

    piece = forms.ChoiceField(label=_("Ce que la personne a envoyé"), required=False)
    file = SealableFile(
        megabytes=MEGABYTES,
        pack=packed_document,
        accept="image/jpeg,image/png,image/webp,application/pdf,audio/*",
        label=_("Un fichier"),
        help_text=_(
            "Photo, PDF ou message vocal, 8 Mo au plus. Le lieu et l’heure notés dans une photo sont ôtés ; "
            "ce qu’un PDF dit de son auteur reste."
        ),
        error_messages={"invalid": NOT_READ},
    )
    is_neutral = forms.BooleanField(
        label=_("Ce fichier ne contient rien de la personne"),
        help_text=_("Un formulaire vierge, un plan : il part alors sans son accord. Ce que vous cochez est noté."),
        required=False,
    )

    def __init__(self, *args: Any, referral: Referral, user: User, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "fileform_%s")
        super().__init__(*args, **kwargs)
        if Side.RECEIVER in Referral.objects.sides_of(referral, user):
            del self.fields["piece"], self.fields["is_neutral"]
            return
        pieces = _pieces(referral, user)
        if pieces:
            field: Any = self.fields["piece"]
            field.choices = [("", _("aucun : un autre fichier")), *pieces]
        else:
            del self.fields["piece"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and bool(said.get("piece")) == bool(said.get("file")):
            self.add_error("file", _("Choisissez un fichier, et un seul."))
        return said

    @property
    def chosen(self) -> tuple[uuid.UUID, str] | None:
        """The message of the case and the kind, when it is what the person sent; call after `is_valid`."""
        kind, _colon, message = self.cleaned_data.get("piece", "").partition(":")
        return (uuid.UUID(message), kind) if message else None

    def details(self) -> dict[str, Any]:
        """What `attach` takes; call after `is_valid`."""
        chosen: Any = self.files["file"]
        return {
            "content": self.cleaned_data["file"],
            "name": chosen.name or "",
            "is_neutral": self.cleaned_data.get("is_neutral", False),
            "pk": self.cleaned_data["once"],
        }


def _pieces(referral: Referral, user: User) -> list[tuple[str, str]]:
    """What the person sent, for whoever reads their words, where their consent lets it go along."""
    case = Case.objects.visible_to(user).filter(pk=referral.case_id).first()
    if case is None or why_not_persons_file(referral) is not None or not may_read_words(case, user):
        return []
    found = []
    for message in recordings_of(case):
        kinds = {FileKind.VOICE: message.has_recording, FileKind.PICTURE: message.has_picture}  # type: ignore[attr-defined]  # annotations
        day = format_date(message.said_at)
        found += [
            (f"{kind.value}:{message.pk}", f"{kind.label} · {day}") for kind, is_there in kinds.items() if is_there
        ]
    return found
