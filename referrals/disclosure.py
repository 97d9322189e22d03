"""What one reader of a referral may see of the person, and why not the rest (DESIGN §4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.transitions import Sentence
from referrals.enums import OF_THE_PERSON, Level, ReferralState, Side
from referrals.models import Referral


@dataclass(frozen=True)
class Disclosure:
    """What may be seen. `matter`: category, summary, place, profile, request. `words`, `name`, `contact`: level 2.

    `why`: said to the reader.
    """

    matter: bool
    words: bool = False
    name: bool = False
    contact: bool = False
    why: Sentence = ""

    @property
    def person(self) -> bool:
        return self.words or self.name or self.contact


def disclosed_to_receiver(referral: Referral, now: datetime | None = None) -> Disclosure:
    """What the receiver may see at this moment: level, consent and state decide, each time anew."""
    if referral.shown_state == ReferralState.RECALLED:
        return Disclosure(matter=False, why=_("Retiré par l’émetteur."))
    if referral.level == Level.MATTER:
        return Disclosure(matter=True, why=_("Niveau 1 : ni les mots de la personne, ni son nom, ni son contact."))
    if referral.refused_at is not None:  # also once the sender closed it
        return Disclosure(matter=True, why=_("Vous avez refusé : ce qui touche la personne n’est plus visible."))
    consent = referral.consent
    if consent is None or not consent.is_valid(now or timezone.now()):
        return Disclosure(matter=True, why=_("L’accord de la personne n’est plus valable."))
    if not _opened(referral):
        return Disclosure(matter=True, why=_("Visible une fois le référencement accepté."))
    return Disclosure(matter=True, words=consent.scope_words, name=consent.allows_name, contact=consent.scope_contact)


def disclosed(referral: Referral, sides: frozenset[Side]) -> Disclosure:
    """What someone on these sides sees here. The sender reads the person's words on the case, not here."""
    if Side.RECEIVER in sides:
        return disclosed_to_receiver(referral)
    if Side.SENDER in sides and referral.withdrawn_at is None:
        return Disclosure(matter=True)
    return Disclosure(matter=False, why=_("Retiré par l’émetteur."))


def person_of(referral: Referral, seen: Disclosure) -> dict[str, str]:
    """What level 2 opens, and no more: of whoever consented, also once their case was joined to another's."""
    said = referral.consent
    case = referral.case if said is None or said.case_id == referral.case_id else said.case
    return {name: case.unsealed(name) if getattr(seen, name) else "" for name in OF_THE_PERSON}


def _opened(referral: Referral) -> bool:
    """Whether the receiver did what opens level 2: accepting, or receiving where a deployment says so.

    A sheet of paper cannot wait for that: it says at once what the person allowed.
    """
    if referral.is_on_paper:
        return True
    if settings.REFERRAL_PERSON_VISIBLE_FROM == "received":
        return referral.received_at is not None
    return referral.accepted_at is not None
