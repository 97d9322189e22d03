"""Reporting and verifying: save, submit, verify, send back, correct."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.periods import Quarter
from core.transitions import Conflict, Refused, move
from directory.models import Place, User
from workplan.enums import Kind, ReadingState
from workplan.models import Indicator, QuarterClosing, Reading
from workplan.public_words import check_public
from workplan.querysets import ReadingQuerySet
from workplan.values import Value

EDITABLE = {ReadingState.DRAFT, ReadingState.RETURNED}


@transaction.atomic
def save(
    indicator_id: int,
    quarter: Quarter,
    value: Value,
    *,
    by: User,
    narrative: str = "",
    evidence: str = "",
    place: Place | None = None,
    about_nobody: bool = False,
    seen: datetime | None = None,
) -> Reading:
    """Writes the line of a reporting sheet, as a draft: of the whole country, or of one place.

    Where several organisations are consolidated, it is the part of the reporter's own.

    `seen`: when the line that the person saw was last saved. `about_nobody`: they say that the narrative tells of no
    case. Raises Refused when it is not theirs to report, or is already submitted or verified; SaysTooMuch; Conflict
    when somebody else saved it in between; Indicator.DoesNotExist.
    """
    indicator = Indicator.objects.select_for_update().get(pk=indicator_id)
    if not Indicator.objects.reported_by(by).filter(pk=indicator_id).exists():
        raise Refused(_("Cet indicateur est rapporté par le responsable de l’activité."))
    whole = _whole(value, indicator)
    if whole.is_impossible:
        raise Refused(_("La part ne peut pas dépasser le total."))
    if whole.on is not None and whole.on > timezone.localdate():
        raise Refused(_("Ce jour est à venir : un jalon se rapporte une fois atteint."))
    check_public(narrative, about_nobody=about_nobody)
    if place is not None and indicator.consolidation:
        raise Refused(_("Cet indicateur se rapporte organisation par organisation, pas par lieu."))
    reporter = by.organisation if indicator.consolidation else None
    reading = _line(Reading(indicator=indicator, place=place, reporter=reporter, drafted_by=by), quarter, seen)
    _refuse_closed(reading)
    reading.value = whole
    reading.narrative, reading.evidence, reading.drafted_by = narrative, evidence, by
    reading.register_version, reading.digest, reading.cutoff = "", "", None
    reading.save()
    audit.record(
        "workplan.reading.save",
        by=by,
        target=reading,
        indicator=indicator.number,
        quarter=quarter.code,
        place=place.pcode if place else "",
    )
    return reading


def submit(reading_id: int, *, by: User, at: datetime | None = None) -> Reading:
    """draft, returned → submitted. Raises Refused while the value is blank, when it is not theirs, or too late."""
    _refuse_closed(Reading.objects.get(pk=reading_id))
    return move(Reading, reading_id, "submit", by=by, at=at)


def verify(reading_id: int, *, by: User, at: datetime | None = None, seen: str | None = None) -> Reading:
    """submitted → verified, for good. Raises Refused for one's own, or another verifier's."""
    return move(Reading, reading_id, "verify", by=by, at=at, seen=seen)


def send_back(
    reading_id: int, *, reason: str, by: User, at: datetime | None = None, seen: str | None = None
) -> Reading:
    """submitted → returned, with a reason. Raises Refused without one."""
    return move(Reading, reading_id, "send_back", by=by, at=at, seen=seen, reason=reason)


@transaction.atomic
def correct(reading_id: int, *, reason: str, by: User) -> Reading:
    """Opens a new version, in draft, of a verified reading. Raises Refused without a reason, or if one is open."""
    if not reason.strip():
        raise Refused(_("Une correction dit pourquoi."))
    verified = Reading.objects.select_for_update().select_related("indicator").get(pk=reading_id)
    _refuse_correction(verified, by)
    fresh = Reading(
        indicator=verified.indicator,
        year=verified.year,
        quarter=verified.quarter,
        place=verified.place,
        reporter=verified.reporter,
        version=verified.version + 1,
        correction_reason=reason.strip(),
        narrative=verified.narrative,
        evidence=verified.evidence,
        drafted_by=by,
    )
    fresh.value = verified.value
    fresh.save()
    audit.record("workplan.reading.correct", by=by, target=fresh, version=fresh.version, corrects=verified.pk)
    return fresh


def _refuse_correction(verified: Reading, by: User) -> None:
    if verified.state != ReadingState.VERIFIED:
        raise Refused(_("Seule une valeur vérifiée se corrige ; celle-ci peut encore être modifiée."))
    if not Indicator.objects.reported_by(by).filter(pk=verified.indicator_id).exists():
        raise Refused(_("Cet indicateur est rapporté par le responsable de l’activité."))
    if verified.reporter_id not in (None, by.organisation_id):
        raise Refused(_("Cette part est rapportée par %(organisation)s.") % {"organisation": verified.reporter})
    if _versions(verified, verified.period).filter(version__gt=verified.version).exists():
        raise Refused(_("Une correction de cette valeur est déjà ouverte."))


def _refuse_closed(reading: Reading) -> None:
    """Once a meeting closed the quarter, what it saw changes by a correction only, or where its verifier returns it."""
    if reading.version > 1 or reading.state != ReadingState.DRAFT:
        return
    closed = QuarterClosing.objects.filter(year=reading.year, quarter=reading.quarter, reopened_at=None)
    if closed.filter(plan__axes__objectives__activities__indicators=reading.indicator_id).exists():
        raise Refused(_("Ce trimestre est clos : ce qui manque se rapporte après sa réouverture par le secrétariat."))


def _line(fresh: Reading, quarter: Quarter, seen: datetime | None) -> Reading:
    """The newest version, if it can still be written; `fresh`, which says of what and by whom, if there is none."""
    newest = _versions(fresh, quarter).order_by("-version").first()
    if newest is None:
        fresh.year, fresh.quarter = quarter.year, quarter.number
        return fresh
    if newest.state not in EDITABLE:
        raise Refused(_("Cette valeur est déjà soumise : elle attend sa vérification, ou se corrige avec un motif."))
    if seen is not None and seen != newest.updated_at:
        raise Conflict(_("Quelqu’un d’autre vient d’enregistrer cette ligne. Voici sa valeur."))
    return newest


def _versions(reading: Reading, quarter: Quarter) -> ReadingQuerySet:
    """Of the same indicator, place and reporter."""
    rows = Reading.objects.filter(indicator=reading.indicator_id, year=quarter.year, quarter=quarter.number)
    return rows.filter(place=reading.place_id, reporter=reading.reporter_id)


def _whole(value: Value, indicator: Indicator) -> Value:
    """The share of a count is a share of that count; what was not reached has no day."""
    if not value.yes:
        value = replace(value, on=None)
    if indicator.kind == Kind.COUNT_WITH_SHARE:
        return replace(value, denominator=value.number if value.numerator is not None else None)
    return value
