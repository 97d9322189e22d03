from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import SYSTEM, Actor
from core.transitions import Refused, locked, react
from directory.enums import NOT_SAID
from directory.models import User
from directory.notices import Notice, notify
from feedback.actions.person_known import note_name
from feedback.models import Case
from referrals.actions.files import forget_files_of_the_person
from referrals.actions.sending import recall
from referrals.enums import LIVE, TO_ANSWER, ConsentStatus, Level, Override, RecallReason, ReferralState, Side
from referrals.models import Consent, Referral
from referrals.people import reviewers_of, tell_receiver

# A consent that nobody renewed ends by itself (a proposal, not a norm).
CONSENT_LASTS = timedelta(days=365)


GIVEN, REFUSED, OVERRIDDEN = "given", "refused", "override"


@dataclass(frozen=True)
class Receiver:
    """To whom something may be said: an organisation, or one of its offices."""

    organisation_id: int
    office_id: int | None = None


@dataclass(frozen=True)
class Said:
    """What was noted when the question of level 2 was put: given, refused, or passed over on a coded ground.

    `given_name`: how the person wishes to be named, where the case does not say it yet, or otherwise.
    """

    answer: str
    words: bool = False
    name: bool = False
    given_name: str = ""
    contact: bool = False
    method: str = ""
    giver: str = ""
    language: str = NOT_SAID
    override: str = ""

    @property
    def level(self) -> str:
        """The level at which the referral then goes."""
        return Level.MATTER if self.answer == REFUSED else Level.PERSON


def note_said(case_id: Any, receiver: Receiver, said: Said, *, by: Actor, at: datetime | None = None) -> Consent:
    """Keeps the answer to the question, for this receiver alone. Raises Refused."""
    if said.answer == REFUSED:
        return refuse_consent(case_id, receiver, objects=False, by=by, at=at)
    if said.name:
        _know_name(case_id, said.given_name.strip(), by=by, at=at or timezone.now())
    what: dict[str, Any] = {"words": said.words, "name": said.name, "contact": said.contact}
    if said.answer == OVERRIDDEN:
        return override_consent(case_id, receiver, code=said.override, by=by, at=at, **what)
    how: dict[str, Any] = {"method": said.method, "giver": said.giver, "language": said.language}
    return grant_consent(case_id, receiver, by=by, at=at, **what, **how)


def _know_name(case_id: Any, given: str, *, by: Actor, at: datetime) -> None:
    if given:
        note_name(case_id, given, by=by, at=at)
    elif Case.objects.filter(pk=case_id, name=None).exists():
        raise Refused(_("Écrivez son nom, tel que la personne veut qu’on le transmette."))


def grant_consent(
    case_id: Any,
    receiver: Receiver,
    *,
    words: bool,
    name: bool = False,
    contact: bool,
    method: str,
    giver: str,
    language: str = NOT_SAID,
    by: Actor,
    at: datetime | None = None,
) -> Consent:
    """The person allowed this receiver to know their words, their name or how to reach them: how, and who said so."""
    if not (words or name or contact):
        raise Refused(_("Dites ce que la personne permet de transmettre."))
    if not (method and giver):
        raise Refused(_("Dites comment l’accord a été donné, et par qui."))
    what = {"scope_words": words, "scope_name": name, "scope_contact": contact}
    how = {"method": method, "giver": giver, "language": language}
    moment = at or timezone.now()
    ends = moment + CONSENT_LASTS
    return _record(case_id, receiver, ConsentStatus.GIVEN, by=by, at=moment, expires_at=ends, **what, **how)


def refuse_consent(
    case_id: Any, receiver: Receiver, *, objects: bool, by: Actor, at: datetime | None = None
) -> Consent:
    """The person refused. `objects`: not even the matter may be passed on to this receiver."""
    return _record(case_id, receiver, ConsentStatus.REFUSED, by=by, at=at, scope_matter=not objects)


def override_consent(
    case_id: Any,
    receiver: Receiver,
    *,
    code: str,
    words: bool,
    name: bool = False,
    contact: bool,
    by: Actor,
    at: datetime | None = None,
) -> Consent:
    """Identity passed on without consent, on one of three coded grounds: rare, listed, reviewed.

    Those who review it are told that something waits for them (`referrals.actions.reviewing`).
    """
    if code not in Override.values:
        raise Refused(_("Choisissez le motif qui permet de se passer de l’accord."))
    kind = Case.objects.values_list("restricted_kind", flat=True).get(pk=case_id)
    what = {"scope_words": words, "scope_name": name, "scope_contact": contact}
    ground = {"override_code": code, "kept_kind": kind}
    consent = _record(case_id, receiver, ConsentStatus.NOT_REQUIRED, by=by, at=at, **what, **ground)
    notify(reviewers_of(consent, by), Notice.ACT)
    return consent


@transaction.atomic
def withdraw_consent(
    consent_id: int, *, by: Actor, at: datetime | None = None, spares_services: bool = False
) -> Consent:
    """The person takes it back: what travelled under it is recalled, its files destroyed, and its erasure asked of the
    receiver.

    `spares_services`: nobody has spoken with them yet; a service under way is not recalled, only its erasure asked.
    """
    consent = locked(Consent, consent_id)
    if consent.status == ConsentStatus.WITHDRAWN:
        return consent
    moment = at or timezone.now()
    consent.status, consent.withdrawn_at = ConsentStatus.WITHDRAWN, moment
    consent.save(update_fields=["status", "withdrawn_at"])
    audit.record("referrals.consent.withdraw", by=by, target=consent, at=moment)
    for referral in consent.referrals.filter(level=Level.PERSON).exclude(state=ReferralState.DRAFT):
        _take_back(referral, by=by, at=moment, spares_services=spares_services)
    react(consent, "withdraw", by=by, at=moment)
    return consent


def _take_back(referral: Referral, *, by: Actor, at: datetime, spares_services: bool) -> None:
    if referral.state in LIVE and not (spares_services and referral.state in TO_ANSWER):
        # The person's wish reaches what another organisation sent under it, which whoever notes it may not see.
        hand = by if Side.SENDER in Referral.objects.sides_of(referral, by) else SYSTEM
        recall(referral.pk, reason=RecallReason.CONSENT_WITHDRAWN, by=hand, at=at)
    forget_files_of_the_person(ask_for_erasure(referral.pk, at=at), by=by, at=at)


def ask_for_erasure(referral_id: Any, *, at: datetime) -> Referral:
    """The receiver is to erase what it noted, and to say so: anew, if it once did so already."""
    row = locked(Referral, referral_id)
    row.erasure_asked_at, row.erasure_confirmed_at = at, None
    row.save(update_fields=["erasure_asked_at", "erasure_confirmed_at"])
    tell_receiver(row, Notice.ACT)
    return row


@transaction.atomic
def _record(
    case_id: Any, receiver: Receiver, status: ConsentStatus, *, by: Actor, at: datetime | None, **said: Any
) -> Consent:
    case = Case.objects.select_for_update().get(pk=case_id)
    consent = Consent.objects.create(
        case=case,
        receiver_id=receiver.organisation_id,
        receiver_office_id=receiver.office_id,
        status=status,
        given_at=at or timezone.now(),
        recorded_by=by if isinstance(by, User) else None,
        **said,
    )
    audit.record(f"referrals.consent.{status}", by=by, target=consent, at=at, case=str(case.pk))
    return consent
