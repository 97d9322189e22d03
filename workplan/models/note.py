from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.periods import Quarter
from directory.models import Place, User
from workplan.querysets import PlaceNoteQuerySet


class PlaceNote(models.Model):
    """ "You said, we did": what is said back to a place of a quarter, by SMS, radio and poster.

    An approved one is never changed: it is taken up again as a new draft, which `replaces` it.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    sms = models.TextField(_("par SMS"))
    radio = models.TextField(_("à la radio"))
    poster = models.TextField(_("sur une affiche"))
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")

    objects = PlaceNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-quarter", "-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_at__isnull=True, approved_by__isnull=True)
                | models.Q(approved_at__isnull=False, approved_by__isnull=False),
                name="note_approved_by_somebody",
                violation_error_message=_("Une approbation a une date et un nom."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.period}"

    @property
    def period(self) -> Quarter:
        return Quarter(self.year, self.quarter)

    @property
    def stamp(self) -> str:
        """What the page shows to say which words were read."""
        return self.written_at.isoformat()
