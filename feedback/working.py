"""Is it working? What staff are told, in words: whether messages come in, answers leave, and work goes on by itself.

Nothing here counts cases, nor tells one lane from another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import pulse, spool
from core.backups import traces
from core.gateways import config_of, from_environment, kinds
from core.line_health import health_of
from core.metrics import oldest_waiting
from core.models import Line, Outbound
from feedback.gauges import oldest_envelope

PATIENCE = timedelta(minutes=3)
LATELY = timedelta(hours=24)
# A set is made each night, and the WAL closed every five minutes.
BACKUP_PATIENCE, WAL_PATIENCE = timedelta(hours=26), timedelta(minutes=15)


@dataclass(frozen=True)
class Part:
    """One thing that works or does not. `tone` is a badge's; `since`: when the trouble began."""

    name: str
    tone: str
    label: str
    sentence: str
    since: datetime | None = None

    @property
    def is_well(self) -> bool:
        return self.tone != "late"


def parts(now: datetime) -> list[Part]:
    """What everybody depends on, then each channel."""
    return [_incoming(now), _receipts(now), _work(now), _mail(now), *_backups(now), *_channels()]


def _incoming(now: datetime) -> Part:
    name, oldest = _("Messages reçus"), oldest_envelope()
    if spool.counts():
        return _ill(name, _("Des messages attendent sur le disque d’un serveur : la base de données ne répondait pas."))
    if oldest is not None and oldest < now - PATIENCE:
        return _ill(name, _("Un message reçu n’est pas encore traité. Il n’est pas perdu."), oldest)
    return _well(name, _("Ce qui arrive est traité aussitôt."))


def _receipts(now: datetime) -> Part:
    name, oldest = _("Accusés de réception"), oldest_waiting(Outbound.Kind.RECEIPT)
    if oldest is not None and oldest < now - PATIENCE:
        return _ill(name, _("Un accusé n’est pas encore parti. Il part dès que la passerelle le prend."), oldest)
    return _well(name, _("Chacun part aussitôt."))


def _work(now: datetime) -> Part:
    name, silent = _("Travail de fond"), pulse.silent_seconds()
    if silent < PATIENCE.total_seconds():
        return _well(name, _("Délais, rappels, avis et purges se font d’eux-mêmes."))
    if silent == float("inf"):
        return _ill(name, _("Rien ne s’est fait de soi-même depuis le démarrage, ou depuis une journée."))
    said = _("Rien ne se fait plus de soi-même : délais, rappels et avis attendent.")
    return _ill(name, said, now - timedelta(seconds=silent))


def _mail(now: datetime) -> Part:
    name = _("Courriels")
    mails = Outbound.objects.filter(way=Outbound.Way.EMAIL)
    stuck = mails.filter(
        Q(state=Outbound.State.FAILED, settled_at__gte=now - LATELY)
        | Q(state=Outbound.State.QUEUED, attempts__gt=0, created_at__lt=now - PATIENCE)
    )
    oldest = stuck.order_by("created_at").values_list("created_at", flat=True).first()
    if oldest is not None:
        return _ill(name, _("Des courriels ne partent pas : invitations et avis peuvent manquer."), oldest)
    return _well(name, _("Ils partent."))


def _backups(now: datetime) -> list[Part]:
    """What is entered can be lost by a broken disk alone. Nothing is said where nobody wants any: a demonstration."""
    name, made = _("Sauvegardes"), traces.set_until()
    if not traces.is_wanted():
        return (
            [_ill(name, _("Aucune n’est réglée : un disque perdu serait tout perdu."))] if settings.PRODUCTION else []
        )
    if made is None or made < now - BACKUP_PATIENCE:
        return [_ill(name, _("La dernière nuit n’a pas été sauvegardée."), made)]
    kept = traces.wal_until() if traces.has_wal() else now
    if kept is None or kept < now - WAL_PATIENCE:
        return [_ill(name, _("Ce qui a changé depuis la nuit n’est pas encore en sûreté."), kept)]
    return [_well(name, _("La nuit dernière est sauvegardée, et ce qui a changé depuis."))]


def _channels() -> list[Part]:
    """Each line in use, without what only administrators are told."""
    rows = [row for row in Line.objects.filter(is_active=True) if row.kind in kinds()]
    named = {config.name: str(kinds()[config.name].label) for config in from_environment().values()}
    quiet = {name for name, config in from_environment().items() if config["stays_here"]}
    named |= {config_of(row).name: row.label for row in rows}
    health = health_of([*named])
    said = {
        "done": _("Les messages passent."),
        "waiting": _("Rien n’y est encore passé."),
        "late": _("Des messages n’y passent pas, ou y sont refusés."),
    }
    return [
        Part(label, "neutral", _("rien n’en sort ici"), _("Une démonstration n’envoie rien."))
        if name in quiet
        else Part(label, health[name].tone, health[name].label, said[health[name].tone])
        for name, label in named.items()
    ]


def _well(name: str, sentence: str) -> Part:
    return Part(name, "done", _("en marche"), sentence)


def _ill(name: str, sentence: str, since: datetime | None = None) -> Part:
    return Part(name, "late", _("à regarder"), sentence, since)


def now_working() -> list[Part]:
    """The parts as they are now."""
    return parts(timezone.now())
