"""Other installations: registered, given their secrets, told which organisations they know, stopped."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from core.outside import why_not_callable
from core.publishing import publish
from core.transitions import Refused
from referrals.enums import DeliveryState
from referrals.exchange.queueing import TASK
from referrals.models import EnvelopeOut, Peer, PeerOrganisation, Referral
from referrals.patience import key_of, new_secret, queue_again

SHORTEST_KEY = 24


@transaction.atomic
def add_peer(name: str, url: str, *, by: Actor) -> tuple[Peer, str]:
    """Out: the peer, and the secret that signs what it is sent, which cannot be shown again. Raises Refused."""
    _check_address(url)
    peer, secret = Peer(name=name, url=url), new_secret()
    peer.seal(secret_out=secret)
    peer.save(force_insert=True)
    audit.record("referrals.peer.add", by=by, target=peer)
    return peer, secret


@transaction.atomic
def change_peer(peer: Peer, name: str, url: str, *, by: Actor) -> None:
    """Raises Refused."""
    _check_address(url)
    peer.name, peer.url = name, url
    peer.save(update_fields=["name", "url"])
    audit.record("referrals.peer.change", by=by, target=peer)


@transaction.atomic
def renew_secret(peer: Peer, *, by: Actor) -> str:
    """Another secret for what the peer is sent; the former is over at once. Out: the secret, shown this once."""
    secret = new_secret()
    _seal(peer, secret_out=secret)
    audit.record("referrals.peer.renew", by=by, target=peer)
    return secret


@transaction.atomic
def keep_secret(peer: Peer, secret: str, *, by: Actor) -> None:
    """The secret with which the peer signs what it sends. Raises Refused."""
    try:
        is_sound = len(key_of(secret)) >= SHORTEST_KEY
    except ValueError:
        is_sound = False
    if not is_sound:
        raise Refused(_("Ce n’est pas un secret : il commence par whsec_ et se copie en entier."))
    _seal(peer, secret_in=secret)
    audit.record("referrals.peer.keep_secret", by=by, target=peer)


@transaction.atomic
def stop_peer(peer: Peer, *, by: Actor) -> None:
    """Nothing goes there or comes from there any more; both secrets are destroyed, its organisations are here again."""
    peer.stopped_at = timezone.now()
    peer.forget_all()
    peer.save()
    peer.organisations.all().delete()
    audit.record("referrals.peer.stop", by=by, target=peer)


@transaction.atomic
def name_organisation(row: PeerOrganisation, *, by: Actor) -> None:
    """An organisation under the code by which both know it. The caller validated the row."""
    row.save(force_insert=True)
    named, is_there = row.organisation_id, row.is_there
    audit.record("referrals.peer.name_organisation", by=by, target=row.peer, organisation=named, is_there=is_there)


@transaction.atomic
def unname_organisation(row: PeerOrganisation, *, by: Actor) -> None:
    """Raises Refused while something is under way."""
    of_theirs = Q(sender=row.organisation) | Q(receiver=row.organisation)
    if Referral.objects.live().filter(of_theirs, peer=row.peer).exists():
        raise Refused(_("Des référencements de cette organisation sont en cours : retirez-la quand ils seront finis."))
    organisation = row.organisation_id
    row.delete()
    audit.record("referrals.peer.unname_organisation", by=by, target=row.peer, organisation=organisation)


@transaction.atomic
def send_envelope_again(envelope_id: Any, *, by: Actor) -> EnvelopeOut:
    """Sends one envelope again, under the id it had. Raises Refused while it is on its way."""
    row = EnvelopeOut.objects.select_for_update(of=("self",)).select_related("peer").get(pk=envelope_id)
    if row.peer.stopped_at is not None:
        raise Refused(_("Cette installation est arrêtée : rien n’y part plus."))
    if row.state == DeliveryState.SENDING:
        raise Refused(_("Cet envoi est en cours."))
    queue_again(row)
    audit.record("referrals.envelope.again", by=by, target=row)
    if row.peer.url:
        publish(TASK, str(row.pk))
    return row


def _check_address(url: str) -> None:
    reason = why_not_callable(url) if url else None
    if reason is not None:
        raise Refused(reason)


def _seal(peer: Peer, **secrets: str) -> None:
    peer.seal(**secrets)
    peer.save(update_fields=[*secrets, "data_key"])
