"""The voice note and the picture that came with the first words, kept beside them, in their lane.

No list of words screens a voice or a picture: whoever listens is the team that sorts, or an officer where it is sealed.
"""

from __future__ import annotations

from core.actors import Actor
from feedback import sealed_door
from feedback.actions.person import add_words
from feedback.actions.receive import Spoken
from feedback.models import Case


def keep_beside(spoken: Spoken, case: Case | None, *, marks: str, recording: str, picture: str, by: Actor) -> None:
    """In: what `receive` took in, and what it made of it (None: sealed). Once per `source_key` of the first words."""
    key, said_at = f"{spoken.source_key}:attached", spoken.said_at or spoken.received_at
    if case is not None:
        add_words(
            case.pk,
            source_key=key,
            words=marks,
            channel=spoken.channel,
            recording=recording,
            picture=picture,
            by=by,
            at=said_at,
        )
        return
    sealed_door.add(
        key,
        words=marks,
        channel=spoken.channel,
        said_at=said_at,
        by=by,
        receipt_number=spoken.receipt_number,
        recording=recording,
        picture=picture,
    )
