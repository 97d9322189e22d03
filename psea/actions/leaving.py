"""Out of the vault, knowingly: a case that turns out to be no SEA, released to whoever handles it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.audit import Fact
from core.transitions import Refused, move
from directory.implicated import Implicated
from directory.models import User
from directory.roles import Role
from psea.actions.copy_held import check_may_be_destroyed, destroy_words
from psea.actions.opening import OpenedCase, Said, case_for, messages_of, open_case
from psea.actions.routing import change_facts
from psea.databases import VAULT
from psea.enums import CaseState, ReclassifiedAs
from psea.mailboxes import traces_of
from psea.models import SealedCase
from psea.readers import Reader


@dataclass(frozen=True)
class ReleasedText:
    """What the other lanes need to take a released case up, under the number and code that the person has."""

    case_id: UUID
    reclassified_as: ReclassifiedAs
    words: str
    additions: list[Said]
    asked: list[Said]
    contact: str
    phone: str
    code: str
    receipt_number: str
    channel: str
    language: str
    place_pcode: str
    concerned_organisation_id: int | None
    implicated: Implicated
    said_on: date | None
    received_at: datetime
    is_test: bool


def reclassify(
    *,
    case_id: UUID,
    as_what: ReclassifiedAs,
    no_disclosure: bool,
    reader: Reader,
    by: User,
    at: datetime | None = None,
    seen: str | None = None,
) -> SealedCase:
    """Marks that this is no SEA. For `ordinary`, the officer confirms that the text holds no disclosure."""
    if as_what == ReclassifiedAs.ORDINARY and not no_disclosure:
        raise Refused(_("Confirmez que le texte ne contient aucune révélation."))
    with transaction.atomic(using=VAULT):
        case = case_for(case_id, by)
        reader.check_is(by)
        change_facts(case, reader, {"reclassified_as": str(as_what)})
        facts: dict[str, Fact] = {"as_what": str(as_what), "no_disclosure": no_disclosure}
        return move(SealedCase, case_id, "reclassify", by=by, at=at, using=VAULT, seen=seen, facts=facts)


def release_text(*, case_id: UUID, reader: Reader, by: User, at: datetime | None = None) -> ReleasedText:
    """The text of a reclassified case, for the lane on the right that takes it up. Audited; changes nothing.

    The caller stores it under an id drawn from `case_id` (so that running again is harmless), then calls
    `mark_released`.
    """
    case = case_for(case_id, by)
    _check_may_leave(case, by)
    check_may_be_destroyed(case, at or timezone.now())
    opened = open_case(case_id=case_id, reader=reader, by=by, at=at)
    audit.record("psea.sealedcase.release_text", by=by, target=opened.case, using=VAULT, at=at)
    return _released(opened)


def mark_released(*, case_id: UUID, taken: Collection[UUID | None] = (), by: User, at: datetime | None = None) -> None:
    """The other lane holds it: the words go from here, and so do the traces that sealed what came next.

    `taken`: the additions that it holds. Raises Refused when the person added one since: none is lost.
    """
    with transaction.atomic(using=VAULT):
        case = case_for(case_id, by)
        _check_may_leave(case, by)
        if not {message.pk for message in messages_of(case)} <= set(taken):
            raise Refused(_("La personne vient d'ajouter quelque chose : lisez-le, puis recommencez."))
        for rows in traces_of(case):
            rows.delete()
        destroy_words(case_id=case_id, by=by, at=at or timezone.now())


def may_leave(case: SealedCase, by: User) -> bool:
    """Whether this person may let the case go: an officer, once it is reclassified."""
    return case.state == CaseState.RECLASSIFIED and by.has_role(Role.PSEA_INTAKE_OFFICER)


def _check_may_leave(case: SealedCase, by: User) -> None:
    if not may_leave(case, by):
        raise Refused(_("Seul un dossier reclassé par une personne de garde sort du coffre."))


def _released(opened: OpenedCase) -> ReleasedText:
    if opened.narrative is None:
        raise Refused(_("Le récit n'est plus dans le coffre."))
    contact, facts = opened.narrative.contact, opened.facts
    return ReleasedText(
        case_id=opened.case.pk,
        reclassified_as=ReclassifiedAs(facts.reclassified_as),
        words="\n\n".join(filter(None, [opened.narrative.words, contact.noted])),
        additions=opened.narrative.messages,
        asked=opened.narrative.asked,
        contact=contact.way,
        phone=contact.phone,
        code=contact.code,
        receipt_number=contact.receipt_number,
        channel=facts.channel,
        language=facts.language,
        place_pcode=facts.place_pcode,
        concerned_organisation_id=facts.organisation_id,
        implicated=opened.narrative.guard.implicated,
        said_on=facts.said_on,
        received_at=opened.case.received_at,
        is_test=opened.case.is_test,
    )
