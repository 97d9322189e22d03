"""What another organisation's own system or register brings: its words for our categories, what it deposited when, and
the marks by which nothing of it is taken in twice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.marks import MarkField
from core.sealed_models import OnlineSealed, SealedField
from core.sheet_files import CheckedFile
from directory.models import Organisation, User
from feedback.enums import Channel, DepositKind, DepositWay, SafeContact
from feedback.models.category import Category
from feedback.querysets import DepositQuerySet, SourceFileQuerySet, SourceWordQuerySet


class SourceFile(CheckedFile):
    """Another organisation's file: checked, its words for categories decided, taken in; sealed until then.

    `noted` pairs the number of a line with the code of what is wrong or was changed, and `counts` says how many: the
    same for every lane, and nothing of what a line says. `unknown`: words for categories that nobody decided yet.
    """

    journal = "feedback.source_file"
    task = "feedback.tasks.take_source_file"

    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    source = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("source"))
    kind = models.CharField(max_length=10, choices=DepositKind.choices)
    channel = models.CharField(max_length=12, choices=Channel.choices, blank=True)
    safe_contact = models.CharField(max_length=10, choices=SafeContact.choices, default=SafeContact.NONE)
    content = SealedField()
    unknown = SealedField()
    noted = models.JSONField(default=list)

    objects = SourceFileQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(checked_at__isnull=False),
                name="source_file_checked_before_confirmed",
                violation_error_message=_("Un fichier est vérifié avant d’être repris."),
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(content=None, unknown=None, data_key=None),
                name="source_file_finished_keeps_nothing",
                violation_error_message=_("Un fichier repris ne garde rien de son contenu."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.uploaded_at:%Y-%m-%d}"


class SourceWord(OnlineSealed):
    """What a source calls a matter, and our category for it once somebody decided. Decided without one: the listening
    team sorts each by hand. Sealed, for nobody knows what stands in another's column.
    """

    source = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    word_hash = MarkField(max_length=64, unique=True, help_text="keyed, of the source and the word")
    word = SealedField()
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("catégorie")
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = SourceWordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(category=None) | Q(decided_at__isnull=False),
                name="source_word_category_was_decided",
                violation_error_message=_("Une catégorie est décidée par quelqu’un."),
            )
        ]

    def __str__(self) -> str:
        return self.word_hash[:8]


class SourceRecord(models.Model):
    """That something of a source is here, in whatever lane: it points at no case, and the lanes look alike.

    `key_hash` names it, by their id or, without one, by what it says; `content_hash` tells whether it changed since.
    """

    key_hash = MarkField(primary_key=True, max_length=64)
    content_hash = MarkField(max_length=64)

    def __str__(self) -> str:
        return self.key_hash[:8]


class Deposit(models.Model):
    """One file or one call of a source, and how much of it was what; `outcomes`: of a call, one by one."""

    id = models.UUIDField(primary_key=True, editable=False)
    source = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=DepositKind.choices)
    way = models.CharField(max_length=10, choices=DepositWay.choices)
    deposited_at = models.DateTimeField(db_index=True)
    new_count = models.PositiveIntegerField(default=0)
    known_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    outcomes = models.JSONField(default=list)

    objects = DepositQuerySet.as_manager()

    class Meta:
        ordering = ["-deposited_at"]

    def __str__(self) -> str:
        return f"{self.source} {self.deposited_at:%Y-%m-%d}"
