from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.marks import MarkField
from directory.models import Organisation, User


class Booklet(models.Model):
    """Receipt numbers printed in advance for a relay without network."""

    relay = models.CharField(_("relais"), max_length=80)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation du relais")
    )
    count = models.PositiveSmallIntegerField(_("numéros"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    id = models.UUIDField(primary_key=True, editable=False)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.relay


class BookletNumber(models.Model):
    """One number of a booklet, as a keyed hash of its own that no case, here or in the vault, is found by.

    `claim` marks the entry that took it, so that the same form sent twice is no second taker, in any lane.
    """

    number_hash = MarkField(primary_key=True, max_length=64)
    booklet = models.ForeignKey(Booklet, models.CASCADE, related_name="numbers")
    claim = MarkField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.number_hash[:8]
