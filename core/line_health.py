"""How each line is doing, in words: what came, what left, what was refused, what its carrier still holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import spool
from core.leaving import OWN_REASONS
from core.models import Erasure, LineTrace, Outbound, Quarantined

State = Outbound.State
OVER = timedelta(hours=24)
NOTED_EVERY = timedelta(seconds=30)
ERASED_WITHIN = timedelta(hours=1)
FEW = 3


@dataclass(frozen=True)
class Health:
    """`tone` is a badge's; `received_at` is None while nothing came; `sentences` say the rest, worst first.

    `is_refusing`: what it refused is kept in quarantine.
    """

    tone: str
    label: str
    received_at: datetime | None
    sentences: list[str]
    is_refusing: bool = False


@dataclass(frozen=True)
class _Waiting:
    """What waits because of a line: on this machine's disk, in quarantine, at its carrier."""

    spooled: int
    quarantined: int
    erasures: int


def note_received(name: str) -> None:
    """Something came by this line."""
    _note(name, "received_at")


def note_refused(name: str) -> None:
    """Something was refused at this line's address."""
    _note(name, "refused_at")


def health_of(names: list[str]) -> dict[str, Health]:
    """How each of these lines is doing; in a number of queries that does not grow with theirs."""
    since = timezone.now() - OVER
    traces = {trace.name: trace for trace in LineTrace.objects.filter(name__in=names)}
    sent, reasons = _outgoing(names, since)
    late = Erasure.objects.filter(gateway__in=names, asked_at__lt=timezone.now() - ERASED_WITHIN)
    waiting = dict(late.values_list("gateway").annotate(Count("pk")))
    refused = dict(Quarantined.objects.filter(gateway__in=names).values_list("gateway").annotate(Count("pk")))
    spooled = spool.counts()
    return {
        name: _health(
            traces.get(name) or LineTrace(name=name),
            sent[name],
            reasons.get(name, ""),
            _Waiting(spooled[name], refused.get(name, 0), waiting.get(name, 0)),
        )
        for name in names
    }


def in_words(reason: str) -> str:
    """A carrier's reason as people say it, its code beside it."""
    code = reason.rpartition(" ")[2]
    said = {
        "silent": _("elle ne répond pas"),
        "401": _("elle refuse notre mot de passe"),
        "403": _("elle refuse notre mot de passe"),
        "20003": _("elle refuse notre mot de passe"),
        "404": _("rien à cette adresse"),
        "line": _("aucune ligne pour écrire"),
        "training": _("retenu : entraînement"),
    }.get(code)
    return f"{said}, {reason}" if said else reason


def _note(name: str, column: str) -> None:
    """At most every half minute: a row that every message would write is a row that all wait for."""
    now = timezone.now()
    stale = Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lt": now - NOTED_EVERY})
    if not LineTrace.objects.filter(stale, name=name).update(**{column: now}):
        LineTrace.objects.get_or_create(name=name, defaults={column: now})


def _outgoing(names: list[str], since: datetime) -> tuple[dict[str, Counter[str]], dict[str, str]]:
    """By line: how many left and failed lately, and the latest reason given for trouble."""
    rows = Outbound.objects.filter(gateway__in=names, not_before__gte=since)
    counted: dict[str, Counter[str]] = {name: Counter() for name in names}
    # What waits for its hour, or was held back by a rule of ours, is no fault of the line.
    tried = rows.exclude(state__in=[State.FAILED, State.QUEUED], reason__in=OWN_REASONS)
    for name, state, count in tried.values_list("gateway", "state").annotate(Count("pk")).order_by():
        counted[name][state] = count
    troubled = tried.filter(state__in=[State.FAILED, State.QUEUED]).exclude(reason="")
    latest = list(troubled.order_by("-not_before").values_list("gateway", "reason")[:500])
    return counted, dict(reversed(latest))


def _health(trace: LineTrace, sent: Counter[str], reason: str, waiting: _Waiting) -> Health:
    left, failed = sent[State.SENT] + sent[State.DELIVERED], sent[State.FAILED]
    retried = sent[State.QUEUED] if reason else 0
    refused = trace.refused_at is not None and trace.refused_at > timezone.now() - OVER
    troubles = [
        _spooled(waiting.spooled),
        _("Des requêtes sont refusées à son adresse : le secret, la signature ou l’adresse ne correspondent pas.")
        if refused
        else "",
        _quarantined(waiting.quarantined),
        _failures(failed + retried, reason),
        _unerased(waiting.erasures),
    ]
    troubles = [one for one in troubles if one]
    facts = [_left(left) if left else "", _kept(trace)]
    failing = failed + retried >= FEW and failed + retried >= left
    alarming = refused or waiting.spooled or waiting.erasures or failing
    tone, label = ("late", _("à regarder")) if alarming else ("done", _("en marche"))
    if not alarming and trace.received_at is None and not left:
        tone, label = "waiting", _("rien encore")
    sentences = [*troubles, *(one for one in facts if one)]
    return Health(tone, label, trace.received_at, sentences, is_refusing=bool(waiting.quarantined))


def _spooled(count: int) -> str:
    if not count:
        return ""
    said = ngettext(
        "%(count)s message attend sur le disque de ce serveur que la base de données revienne.",
        "%(count)s messages attendent sur le disque de ce serveur que la base de données revienne.",
        count,
    )
    return said % {"count": count}


def _quarantined(count: int) -> str:
    if not count:
        return ""
    said = ngettext(
        "%(count)s requête refusée est gardée scellée, en quarantaine.",
        "%(count)s requêtes refusées sont gardées scellées, en quarantaine.",
        count,
    )
    return said % {"count": count}


def _unerased(count: int) -> str:
    if not count:
        return ""
    said = ngettext(
        "%(count)s texte attend d’être effacé chez l’opérateur.",
        "%(count)s textes attendent d’être effacés chez l’opérateur.",
        count,
    )
    return said % {"count": count}


def _failures(count: int, reason: str) -> str:
    if not count:
        return ""
    said = ngettext(
        "%(count)s envoi en échec en 24 h (%(reason)s).", "%(count)s envois en échec en 24 h (%(reason)s).", count
    )
    return said % {"count": count, "reason": in_words(reason) or "?"}


def _left(count: int) -> str:
    return ngettext("%(count)s message parti en 24 h.", "%(count)s messages partis en 24 h.", count) % {"count": count}


def _kept(trace: LineTrace) -> str:
    if trace.kept_count is None:
        return ""
    said = ngettext(
        "L’opérateur garde encore %(count)s texte ou fichier des 30 derniers jours.",
        "L’opérateur garde encore %(count)s textes ou fichiers des 30 derniers jours.",
        trace.kept_count,
    )
    return said % {"count": trace.kept_count}
