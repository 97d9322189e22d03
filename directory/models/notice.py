from __future__ import annotations

from django.db import models

from core.models import Outbound
from directory.enums import Notice
from directory.models.person import User


class StaffNotice(models.Model):
    """That somebody is to know that something waits, never what. `told_at` is empty while it waits for a summary.

    `outbound`: the message that told it, where it went to a telephone; should that fail, it goes another way.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="notices")
    sentence = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Notice])
    key = models.CharField(max_length=120, unique=True, null=True)  # noqa: DJ001  unique among those that have one
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    outbound = models.ForeignKey(Outbound, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["person", "told_at"], name="notice_told")]

    def __str__(self) -> str:
        return self.sentence
