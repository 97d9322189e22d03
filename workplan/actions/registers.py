"""Keeping registers: an entry written, changed, struck out; a figure counted from its register."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, documents
from core.actors import Actor
from core.periods import Quarter
from core.transitions import Refused
from directory.models import Organisation, User
from workplan.actions import readings
from workplan.enums import Came
from workplan.models import EntryFile, Indicator, Plan, Reading, RegisterEntry
from workplan.public_words import check_public, says_too_much
from workplan.registers.counting import VERSION, Counting
from workplan.registers.given import Given
from workplan.registers.keepers import keeps
from workplan.registers.kinds import Register

LONGEST_LINE = 300


@dataclass(frozen=True)
class Kept:
    """The entry as it stands, and whether it is new, changed, or was the same."""

    entry: RegisterEntry
    came: Came


@transaction.atomic
def keep_entry(
    plan: Plan,
    register: Register,
    given: Given,
    *,
    keeper: Organisation,
    by: Actor,
    follows: uuid.UUID | None = None,
    about_nobody: bool = False,
    at: datetime | None = None,
    pk: uuid.UUID | None = None,
) -> Kept:
    """Writes an entry for `keeper`; given again (`Given.key`), it is the same one, changed if it says something else.

    Raises Refused: not theirs to keep, or something that cannot be; SaysTooMuch.
    """
    _refuse(plan, register, given, keeper=keeper, by=by)
    check_public(*given.texts, about_nobody=about_nobody)
    known = RegisterEntry.objects.living().select_for_update(of=("self",))
    known = known.filter(plan=plan, kind=register.code, keeper=keeper)
    entry = known.filter(key=given.key).first() or (known.filter(pk=pk).first() if pk else None)
    if entry is not None:
        return _changed(entry, given, follows, by=by, at=at)
    moment = at or timezone.now()
    entry = RegisterEntry(plan=plan, kind=register.code, keeper=keeper, entered_at=moment)
    entry.id = pk or entry.id
    entry.entered_by = by if isinstance(by, User) else None
    _write(entry, given, follows, moment)
    entry.save(force_insert=True)
    audit.record("workplan.register_entry.keep", by=by, target=entry, at=at, kind=entry.kind, said_plain=about_nobody)
    return Kept(entry, Came.NEW)


@transaction.atomic
def change_entry(
    entry_id: uuid.UUID,
    given: Given,
    *,
    by: User,
    follows: uuid.UUID | None = None,
    about_nobody: bool = False,
    at: datetime | None = None,
) -> RegisterEntry:
    """Corrects an entry. Raises Refused, SaysTooMuch, RegisterEntry.DoesNotExist."""
    entry = _theirs(entry_id, by)
    _refuse(entry.plan, entry.register, given, keeper=entry.keeper, by=by)
    check_public(*given.texts, about_nobody=about_nobody)
    twin = RegisterEntry.objects.living().filter(plan=entry.plan, kind=entry.kind, keeper=entry.keeper, key=given.key)
    if twin.exclude(pk=entry.pk).exists():
        raise Refused(_("Une autre entrée dit déjà la même chose."))
    return _changed(entry, given, follows, by=by, at=at).entry


@transaction.atomic
def strike_entry(entry_id: uuid.UUID, *, reason: str, by: User, at: datetime | None = None) -> RegisterEntry:
    """It counts no more, and stays with who says so and why. Raises Refused, RegisterEntry.DoesNotExist."""
    entry = _theirs(entry_id, by)
    if not reason.strip():
        raise Refused(_("Dites pourquoi vous rayez cette entrée."))
    check_public(reason)
    entry.struck_at, entry.struck_by, entry.struck_reason = at or timezone.now(), by, reason.strip()[:300]
    entry.save(update_fields=["struck_at", "struck_by", "struck_reason"])
    audit.record("workplan.register_entry.strike", by=by, target=entry, at=at, kind=entry.kind)
    return entry


@transaction.atomic
def join_to_entry(
    entry_id: uuid.UUID, *, content: str, name: str, by: User, at: datetime | None = None
) -> RegisterEntry:
    """Its one file (`core.documents`), in the place of an earlier one. Raises Refused, RegisterEntry.DoesNotExist."""
    entry = _theirs(entry_id, by)
    shown = "".join(sign for sign in name if sign.isprintable()).strip()[:120]
    if says_too_much(shown):
        raise Refused(_("Le nom de ce fichier peut désigner un cas ou une personne : renommez-le."))
    EntryFile.objects.filter(entry=entry).delete()
    file = EntryFile(entry=entry, size=documents.size_of(content), added_by=by, added_at=at or timezone.now())
    file.seal(name=shown, content=content)
    file.save(force_insert=True)
    audit.record("workplan.register_entry.join", by=by, target=entry, at=at)
    return entry


@transaction.atomic
def use_register(indicator_id: int, *, on: bool, by: User) -> Indicator:
    """Counts an indicator from its register from now on, or no more. Raises Refused."""
    indicator = Indicator.objects.select_for_update().get(pk=indicator_id)
    if not Indicator.objects.reported_by(by).filter(pk=indicator_id).exists():
        raise Refused(_("Cet indicateur est rapporté par le responsable de l’activité."))
    if indicator.rule is None:
        raise Refused(_("Aucun registre ne convient à cet indicateur."))
    if on and indicator.consolidation:
        raise Refused(_("Cet indicateur réunit les parts de plusieurs organisations, pas les lignes d’un registre."))
    indicator.keeps_register = on
    indicator.save(update_fields=["keeps_register"])
    audit.record("workplan.indicator.use_register", by=by, target=indicator, on=on)
    return indicator


@transaction.atomic
def report_from_register(
    indicator_id: int,
    quarter: Quarter,
    *,
    by: User,
    narrative: str = "",
    evidence: str = "",
    at: datetime | None = None,
) -> Reading:
    """Submits what the register counts of a quarter, with what is needed to open the figure later. Raises Refused."""
    indicator = Indicator.objects.select_related("activity__objective__axis__plan").get(pk=indicator_id)
    counted = Counting(indicator.activity.objective.axis.plan).counted(indicator, quarter)
    if counted is None or not indicator.keeps_register:
        raise Refused(_("Cet indicateur n’est pas compté d’un registre."))
    reading = readings.save(indicator_id, quarter, counted.value, by=by, narrative=narrative, evidence=evidence)
    reading.register_version, reading.digest = VERSION, counted.digest
    reading.cutoff = timezone.now()
    reading.save(update_fields=["register_version", "digest", "cutoff"])
    return readings.submit(reading.pk, by=by, at=at)


def _refuse(plan: Plan, register: Register, given: Given, *, keeper: Organisation, by: Actor) -> None:
    if not keeps(plan, register, keeper, by):
        raise Refused(_("Ce registre est tenu par les responsables des activités qu’il sert."))
    if not given.line.strip() or len(given.line) > LONGEST_LINE:
        raise Refused(_("Dites en une ligne ce que c’est."))
    if given.day.year not in plan.years and not register.until_label:
        raise Refused(_("Cette date n’est pas du plan."))
    if given.day > timezone.localdate() and not (register.is_ahead or register.until_label):
        raise Refused(_("Cette date est à venir."))
    if given.until is not None and given.until < given.day:
        raise Refused(_("La fin ne peut pas précéder le début."))


def _theirs(entry_id: uuid.UUID, by: User) -> RegisterEntry:
    entries = RegisterEntry.objects.visible_to(by).select_for_update(of=("self",))
    entry: RegisterEntry = entries.select_related("plan", "keeper").get(pk=entry_id)
    if not RegisterEntry.objects.kept_by(by).filter(pk=entry.pk).exists():
        raise Refused(_("Cette entrée est tenue par %(keeper)s.") % {"keeper": entry.keeper})
    if entry.struck_at is not None:
        raise Refused(_("Cette entrée est rayée."))
    return entry


def _changed(entry: RegisterEntry, given: Given, follows: uuid.UUID | None, *, by: Actor, at: datetime | None) -> Kept:
    before = _as_given(entry)
    _write(entry, given, follows, at or timezone.now())
    if _as_given(entry) == before:
        return Kept(entry, Came.SAME)
    entry.save()
    audit.record("workplan.register_entry.change", by=by, target=entry, at=at, kind=entry.kind)
    return Kept(entry, Came.CHANGED)


def _as_given(entry: RegisterEntry) -> tuple[Any, ...]:
    said = (entry.day, entry.until, entry.line, entry.place_id, entry.about_focus, entry.organisation_id)
    return (*said, entry.link, entry.facts, entry.told, entry.follows_id, entry.key)


def _write(entry: RegisterEntry, given: Given, follows: uuid.UUID | None, moment: datetime) -> None:
    entry.day, entry.until, entry.line = given.day, given.until, given.line.strip()
    entry.place, entry.about_focus, entry.organisation = given.place, given.about_focus, given.organisation
    entry.link, entry.facts, entry.key = given.link, dict(given.facts), given.key
    if given.words != entry.told:
        entry.tell(dict(given.words))
    entry.follows = _followed(entry, follows) if follows else None
    entry.changed_at = moment


def _followed(entry: RegisterEntry, follows: uuid.UUID) -> RegisterEntry:
    found = RegisterEntry.objects.filter(plan=entry.plan, kind__in=entry.register.follows, pk=follows).first()
    if found is None:
        raise Refused(_("L’entrée dont celle-ci découle n’est plus là."))
    return found
