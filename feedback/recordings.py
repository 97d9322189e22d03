"""Voice notes and recorded calls: fetched from the carrier before the message is made anything of, and kept with it.

What kind of file it is, its bytes say. No list of words screens a voice: whoever listens is the team that sorts, or,
where the message is sealed, an officer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.audio import packed
from core.gateways import GatewayError, HoldsMedia, Media, UnknownGateway, gateway
from feedback.envelopes import ATTEMPTS, with_extras
from feedback.models import Envelope


@dataclass
class Brought:
    """`recording` is the voice, packed, "" if there is none; `notes` say what came; `resources` may be erased there."""

    recording: str = ""
    notes: list[str] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)


def fetched(envelope: Envelope) -> Brought:
    """What a waiting envelope's message brought. Raises GatewayError while trying again can help."""
    brought = Brought()
    if envelope.extras is None:
        return brought
    for media in with_extras(envelope).media:
        _take(media, envelope, brought)
    return brought


def _take(media: Media, envelope: Envelope, brought: Brought) -> None:
    content = b"" if brought.recording else _content(media, envelope)
    try:
        brought.recording = packed(content)
    except ValueError:
        brought.notes.append(_("[Un fichier est arrivé et n’a pas pu être gardé.]"))
    else:
        brought.notes.append(_spoken_for(media.seconds))
    if content:  # what is not kept here, once it was looked at, does not stay there
        brought.resources.append(media.resource)


def _content(media: Media, envelope: Envelope) -> bytes:
    try:
        carrier = gateway(envelope.gateway)
        return carrier.fetch(media) if isinstance(carrier, HoldsMedia) else b""
    except UnknownGateway:
        return b""
    except GatewayError as error:
        # the person's receipt does not wait for ever: at the last try it goes on without, and the carrier keeps it
        if error.permanent or envelope.attempts + 1 >= ATTEMPTS:
            return b""
        raise


def _spoken_for(seconds: int | None) -> str:
    if seconds is None:
        return _("[Message vocal]")
    return _("[Message vocal de %(seconds)s secondes]") % {"seconds": seconds}
