"""A file that somebody joins to what they report."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.documents import packed_document
from core.once import OnceForm
from feedback.forms.attached import SealableFile

MEGABYTES = 8


class DocumentField(SealableFile):
    """A picture, a PDF or a recording, as `core.documents` takes them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            megabytes=MEGABYTES,
            pack=packed_document,
            accept="image/jpeg,image/png,image/webp,application/pdf,audio/*",
            error_messages={
                "invalid": _(
                    "Ce fichier n’est ni une photo, ni un PDF simple, ni un enregistrement. Un tableau ou un texte "
                    "s’exporte en PDF, ou se met en lien."
                )
            },
            **kwargs,
        )


class EvidenceForm(OnceForm):
    file = DocumentField(label=_("Un fichier : photo ou PDF, 8 Mo au plus"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not said.get("file"):
            self.add_error("file", _("Choisissez un fichier."))
        return said

    def details(self) -> dict[str, Any]:
        """What `join_file` takes; call after `is_valid`."""
        chosen: Any = self.files["file"]
        return {"content": self.cleaned_data["file"], "name": chosen.name or "", "pk": self.cleaned_data["once"]}
