"""Registers: dated entries behind a count, and the tables that they are taken in from."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.periods import Quarter
from core.sealed_models import OnlineSealed, SealedField
from core.sheet_files import CheckedFile
from directory.models import Organisation, Place, User
from workplan.models.plan import Plan
from workplan.querysets import RegisterEntryQuerySet, RegisterFileQuerySet
from workplan.registers.kinds import REGISTERS, Register


class RegisterEntry(OnlineSealed):
    """One entry of a register. `facts` are what its kind counts; `words`, sealed, what it only tells.

    `about_focus`: whether it is about the plan's geographic focus, where its place does not say. `keeper`: the
    organisation that keeps it. `key`: what makes it the same entry when a table or a system gives it again. One that
    is struck out counts no more, and stays legible with its reason.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=30)
    day = models.DateField()
    until = models.DateField(null=True)
    line = models.CharField(max_length=300)
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    about_focus = models.BooleanField(null=True)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    link = models.URLField(max_length=500, blank=True)
    facts = models.JSONField(default=dict)
    words = SealedField()
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    keeper = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    entered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    struck_reason = models.CharField(max_length=300, blank=True)

    objects = RegisterEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-entered_at", "id"]
        indexes = [models.Index(fields=["plan", "kind", "day"], name="register_entry_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "kind", "keeper", "key"],
                condition=Q(struck_at=None),
                name="register_entry_once",
                violation_error_message=_("Cette entrée est déjà dans le registre."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("day")),
                name="register_entry_ends_after_it_begins",
                violation_error_message=_("La fin ne peut pas précéder le début."),
            ),
            models.CheckConstraint(
                condition=Q(struck_at=None, struck_by=None, struck_reason="")
                | Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_reason=""),
                name="struck_entry_says_by_whom_and_why",
                violation_error_message=_("Une entrée rayée dit par qui et pourquoi."),
            ),
        ]

    def __str__(self) -> str:
        return self.line

    @property
    def register(self) -> Register:
        return REGISTERS[self.kind]

    @property
    def quarter(self) -> Quarter:
        return Quarter.of(self.day)

    @property
    def told(self) -> dict[str, str]:
        """What it only tells, by field; for whoever may read it."""
        text = self.unsealed("words")
        found: dict[str, str] = json.loads(text) if text else {}
        return found

    def tell(self, words: dict[str, str]) -> None:
        """Seals what it only tells; saving is the caller's."""
        self.seal(words=json.dumps(words, ensure_ascii=False) if words else "")

    def shown_facts(self) -> list[tuple[Any, str]]:
        """Each fact that is known: its label, and its value in words."""
        pairs = ((field.label, field.shown(self.facts.get(field.name))) for field in self.register.facts)
        return [(label, words) for label, words in pairs if words]

    def shown_words(self) -> list[tuple[Any, str]]:
        """The same of what it only tells."""
        told = self.told
        return [(field.label, told[field.name]) for field in self.register.texts if told.get(field.name)]


class EntryFile(OnlineSealed):
    """The one file of an entry, sealed with its name."""

    entry = models.OneToOneField(RegisterEntry, on_delete=models.CASCADE, related_name="file")
    name = SealedField()
    content = SealedField()
    size = models.PositiveIntegerField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.entry_id)

    @property
    def title(self) -> str:
        """Its name, for whoever may open it."""
        return self.unsealed("name")


class RegisterFile(CheckedFile):
    """A table on its way into a register, uploaded or pasted. `problems`, sealed: what was wrong, line by line."""

    journal = "workplan.register_file"
    task = "workplan.tasks.take_register_file"

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    content = SealedField()
    problems = SealedField()

    objects = RegisterFileQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(content=None),
                name="register_file_finished_keeps_nothing",
                violation_error_message=_("Un fichier repris ne garde rien de son contenu."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uploaded_at:%Y-%m-%d}"

    @property
    def register(self) -> Register:
        return REGISTERS[self.kind]
