from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayCorrection(models.Model):
    """A day that staff know better than the calendar: a moon seen late, a bridge, a strike."""

    day = models.DateField(_("jour"), unique=True)
    is_worked = models.BooleanField(_("jour travaillé"))
    reason = models.CharField(_("raison"), max_length=120, blank=True)

    def __str__(self) -> str:
        return str(self.day)
