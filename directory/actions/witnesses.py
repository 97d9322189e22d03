"""Organisations name the addresses that keep the signed checkpoints of the audit, and each morning these get them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import audit
from core.actors import Actor
from core.audit_keys import public_keys
from core.checkpoints import as_lines, latest
from core.formats import format_date
from core.models import Checkpoint
from core.outbox import queue_mail
from directory.models import Organisation, Witness

# With a single organisation, whoever rewrites the audit has one mailbox to empty.
ENOUGH_ORGANISATIONS = 2
SILENT_AFTER = timedelta(hours=3)


@transaction.atomic
def name_witness(witness: Witness, *, by: Actor) -> Witness:
    """Checkpoints go there from now on; the first mail brings the newest, which binds all before it."""
    newest = latest()
    witness.told_until = newest.number - 1 if newest else 0
    witness.save()
    audit.record("directory.witness.name", by=by, target=witness, organisation=witness.organisation_id)
    return witness


@transaction.atomic
def remove_witness(witness: Witness, *, by: Actor) -> None:
    """Nothing goes there any more; the address is told so, for its silence must not pass unseen."""
    audit.record("directory.witness.remove", by=by, target=witness, organisation=witness.organisation_id)
    with override(settings.LANGUAGE_CODE):
        body = _(
            "Cette adresse ne reçoit plus les points de contrôle du journal de Jaabi pour %(organisation)s.\n\n"
            "Si personne chez vous ne l’a demandé, dites-le aux autres organisations : gardez ce que vous avez reçu."
        ) % {"organisation": witness.organisation}
        queue_mail(witness.email, _("Jaabi : vous n’êtes plus témoin du journal"), body)
    witness.delete()


def faults(now: datetime) -> list[str]:
    """Why the audit could be rewritten unseen, in sentences for who keeps the settings; empty when it could not."""
    found = []
    if bearing_witness() < ENOUGH_ORGANISATIONS:
        found.append(_("Moins de deux organisations gardent les points de contrôle : nommez des témoins."))
    newest = latest()
    if newest is None or newest.made_at < now - SILENT_AFTER:
        found.append(_("Aucun point de contrôle n’a été signé depuis plus de trois heures."))
    return found


def bearing_witness() -> int:
    """How many organisations keep checkpoints."""
    return Organisation.objects.active().filter(witnesses__isnull=False).distinct().count()


def mail_checkpoints(now: datetime) -> int:
    """To each address, what was signed since its last mail. Out: how many were written to. Harmless to repeat."""
    waiting = Witness.objects.filter(organisation__is_active=True).values_list("pk", flat=True)
    return sum(_mail(pk, now) for pk in list(waiting))


@transaction.atomic
def _mail(pk: int, now: datetime) -> bool:
    witness = Witness.objects.select_for_update().filter(pk=pk).first()
    if witness is None:
        return False
    points = Checkpoint.objects.filter(number__gt=witness.told_until).order_by("number")
    newest = points.last()
    if newest is None:
        return False
    with override(settings.LANGUAGE_CODE):
        subject = _("Jaabi : points de contrôle du %(day)s") % {"day": format_date(timezone.localdate(now))}
        queue_mail(witness.email, subject, _body(points), dedupe_key=f"witness:{pk}:{newest.number}")
    witness.told_until = newest.number
    witness.save(update_fields=["told_until"])
    return True


def _body(points: QuerySet[Checkpoint]) -> str:
    return _(
        "Gardez ce message, sans rien en faire d’autre. Si quelqu’un réécrivait un jour le journal des actes de "
        "Jaabi, votre copie le prouverait. Il ne nomme personne et ne dit ni ce qui a été fait, ni combien.\n\n"
        "Comment vérifier : %(url)s\n"
        "Clé publique : %(key)s\n\n"
        "%(lines)s"
    ) % {
        "url": settings.PUBLIC_URL + reverse("directory:proofs"),
        "key": public_keys()[0],
        "lines": as_lines(points),
    }
