"""Which files of a referral somebody may open, and which may join it: the person's own go as their words do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.transitions import Sentence
from referrals.disclosure import disclosed_to_receiver
from referrals.enums import FileKind, Level, ReferralState, Side
from referrals.models import Referral, ReferralFile

# How many a side may join to one referral.
MOST = 10
FORGOTTEN = _("Ce qui a été écrit ici est effacé, comme prévu après un temps : rien ne s’y ajoute plus.")
TOO_LATE = (ReferralState.RECALLED, ReferralState.REFUSED, ReferralState.CLOSED)


@dataclass(frozen=True)
class Shown:
    """A file as one reader sees it. `is_open`: they may open it here; `is_theirs`: they may take it away."""

    file: ReferralFile
    name: str
    is_open: bool
    is_theirs: bool


def may_open(file: ReferralFile, referral: Referral, sides: Iterable[Side]) -> bool:
    """Whether somebody on these sides may open it now; each time anew, by level, consent and state.

    What the person sent is read on their case by the sender, as their words are.
    """
    if referral.shown_state == ReferralState.RECALLED:
        return False
    if Side.SENDER in sides and file.message_id is None:
        return True
    if Side.RECEIVER not in sides:
        return False
    if file.side == Side.RECEIVER:
        return True
    seen = disclosed_to_receiver(referral)
    return seen.words or (file.is_neutral and seen.matter)


def shown_to(referral: Referral, sides: frozenset[Side]) -> list[Shown]:
    """The files that somebody on these sides is told of, oldest first; the sender also of what stays with the case."""
    if not sides or referral.shown_state == ReferralState.RECALLED:
        return []
    found = []
    for file in referral.files.for_a_list():
        is_open = may_open(file, referral, sides)
        if is_open or Side.SENDER in sides:
            found.append(Shown(file, file.unsealed("name") if is_open else "", is_open, file.side in sides))
    return found


def waits_for_acceptance(referral: Referral, sides: frozenset[Side], now: datetime | None = None) -> bool:
    """Whether the person allowed files to the receiver that accepting will open."""
    return (
        sides == {Side.RECEIVER}
        and why_not_persons_file(referral, now) is None
        and not disclosed_to_receiver(referral, now).words
        and referral.files.there().filter(side=Side.SENDER, is_neutral=False).exists()
    )


def why_not_attach(referral: Referral, sides: Iterable[Side]) -> Sentence | None:
    """None when somebody on these sides may join a file now; else why not."""
    if not sides:
        return _("Seuls l’émetteur et le destinataire joignent des fichiers.")
    if referral.case.forgotten_at is not None:
        return FORGOTTEN
    if referral.shown_state in TOO_LATE:
        return _("Aucun fichier ne s’ajoute à un référencement refusé, retiré ou clos.")
    return None


def why_not_persons_file(referral: Referral, now: datetime | None = None) -> Sentence | None:
    """None when what touches the person may go along: level 2, with their consent for their words."""
    consent = referral.consent
    is_allowed = consent is not None and consent.is_valid(now or timezone.now()) and consent.scope_words
    if referral.level == Level.PERSON and is_allowed:
        return None
    return _("Ce fichier demande l’accord de la personne pour ses mots (niveau 2), sauf s’il ne contient rien d’elle.")


def why_not_neutral_file(kind: str) -> Sentence | None:
    """None when a file of this kind can hold nothing of the person; a voice always does."""
    return _("Une voix touche toujours la personne.") if kind == FileKind.VOICE else None
