from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.sealed_models import OnlineSealed, SealedField
from feedback.models import CaseMessage
from referrals.enums import FileKind, Side
from referrals.models.referral import Referral

# Where a case keeps what the person sent, by kind.
FIELDS = {FileKind.VOICE: "recording", FileKind.PICTURE: "picture"}


class ReferralFileQuerySet(models.QuerySet["ReferralFile"]):
    def there(self) -> Self:
        """Those that can be opened still: what the person sent may have been erased in the case since."""
        kept = Q(message=None)
        for kind, field in FIELDS.items():
            kept |= Q(kind=kind, **{f"message__{field}__isnull": False})
        return self.filter(kept)

    def for_a_list(self) -> Self:
        """Those, with their names and without what is in them."""
        return self.there().defer("content").select_related("author")


class ReferralFile(OnlineSealed):
    """A file that goes along with a referral: the sender's is as the person's words, the receiver's as its messages.

    `message`: the person sent it, and it stays with their case; then nothing of it is copied here.
    """

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="files")
    side = models.CharField(max_length=10, choices=Side.choices)
    kind = models.CharField(_("type de fichier"), max_length=10, choices=FileKind.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(_("joint le"))
    size = models.PositiveIntegerField(default=0, help_text="bytes; 0 for what stays with the case")
    is_neutral = models.BooleanField(_("ne contient rien de la personne"), default=False)
    message = models.ForeignKey(CaseMessage, models.CASCADE, null=True, related_name="+")
    name = SealedField()
    content = SealedField()

    objects: ClassVar[ReferralFileQuerySet] = ReferralFileQuerySet.as_manager()  # type: ignore[assignment]  # queryset's methods

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_neutral=False) | Q(side=Side.SENDER, message=None) & ~Q(kind=FileKind.VOICE),
                name="file_neutral_is_no_voice",
                violation_error_message=_("Une voix touche toujours la personne."),
            ),
            models.CheckConstraint(
                condition=Q(message=None) | Q(side=Side.SENDER, content=None),
                name="file_of_the_case_is_no_copy",
                violation_error_message=_("Ce que la personne a envoyé reste dans son dossier."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.kind}"

    def opened(self) -> str:
        """The file as one text (`core.documents`). Raises SealBroken."""
        if self.message is None:
            return self.unsealed("content")
        return self.message.unsealed(FIELDS[FileKind(self.kind)])
