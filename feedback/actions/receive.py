"""Taking in what someone says. Every door (SMS, web, desk, API) comes here, and screening comes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from core.index import keyed_hash
from core.inserting import insert_once
from core.models import Outbound
from directory.enums import NOT_SAID
from directory.implicated import NOBODY, Implicated
from directory.models import Organisation, Place, User
from feedback.actions.danger import raise_danger
from feedback.danger import call_by, suggests_danger
from feedback.enums import Lane, LanguageFrom, SafeContact, SpeakerMode
from feedback.models import Case, CaseImplicated, Category, PhonePreference
from feedback.outgoing import remember_language, sms_to_person
from feedback.preferences import phone_index, preference_of
from feedback.references import new_reference
from feedback.screening import suggests_sea
from feedback.sealed_door import receive_sealed
from feedback.sms_texts import receipt_for, text_and_language
from feedback.source_keys import receipt_mark, row_id, sealed_source
from feedback.usual_delay import usual_delay
from feedback.ways import urgent_numbers_in_sms
from psea.enums import Known


@dataclass(frozen=True)
class Spoken:
    """What a door took in. `source_key` names it for that door, so that a repeat makes nothing new.

    `phone` is E.164 or "". `is_delicate`: for the intake officers, whatever the words. `implicated`: as far as known.
    `restricted_kind`: whose matter it is, when a trained person has said so before it is sorted. `was_training`: said
    while practising, whatever we do now. `known`: what the telephone asked of us, where the door has it, noted already.
    `source`: whose system or register had it first, under `source_reference`; `category`: as that source sorted it.
    """

    source_key: str
    receipt_number: str
    words: str
    channel: str
    received_at: datetime
    said_at: datetime | None = None
    phone: str = ""
    name: str = ""
    contact: str = ""
    code: str = ""
    language: str = NOT_SAID
    place: Place | None = None
    place_said: str = ""
    concerned: Organisation | None = None
    implicated: Implicated = NOBODY
    mode: str = SpeakerMode.SELF.value
    group_women: int | None = None
    group_men: int | None = None
    sex: str = NOT_SAID
    age_group: str = NOT_SAID
    disability: str = NOT_SAID
    population_status: str = NOT_SAID
    safe_contact: str = SafeContact.NONE.value
    sms_may_be_read: bool = False
    objects_to_sharing: bool = False
    note: str = ""
    entered_by: User | None = None
    entered_for: Organisation | None = None
    is_delicate: bool = False
    is_child: bool = False
    in_danger: bool = False
    fears_retaliation: bool = False
    incident_on: date | None = None
    incident_time: time | None = None
    restricted_kind: str = ""
    was_training: bool = False
    known: PhonePreference | None = None
    source: Organisation | None = None
    source_reference: str = ""
    category: Category | None = None

    @property
    def texts(self) -> str:
        """Everything free that was typed: what screening reads."""
        return "\n".join(filter(None, [self.words, self.place_said, self.name, self.contact, self.note]))


def receive(spoken: Spoken, *, by: Actor) -> Case | None:
    """Opens a case, or seals what was said: then None, and nothing of it is on this side.

    Twice for one `source_key` is once. The caller tells the receipt number, the same way in both.
    """
    known_from = LanguageFrom.HEARD if spoken.entered_by is None else LanguageFrom.STAFF
    if spoken.phone and spoken.known is None:
        remember_language(phone_index(spoken.phone), spoken.language, known_from=known_from)
    if spoken.is_delicate or suggests_sea(spoken.texts):
        _seal(spoken, by=by)
        return None
    return open_case(spoken, by=by)


def send_receipt(spoken: Spoken) -> Outbound | None:
    """The receipt by SMS, once, in the person's language, the same in every lane; with a number to ring in danger."""
    if not spoken.phone:
        return None
    urgent = urgent_numbers_in_sms() if suggests_danger(spoken.texts) else ""
    known, number = spoken.known or preference_of(spoken.phone), spoken.receipt_number
    if urgent:
        text, language = text_and_language("receipt_urgent", known.language, number=number, urgent=urgent)
    else:
        delay = usual_delay()
        text, language = receipt_for(known.language, number=number, delay=delay.value if delay else "")
    key = f"receipt:{receipt_mark(spoken.source_key)}"
    return sms_to_person(spoken.phone, text, kind=Outbound.Kind.RECEIPT, dedupe_key=key, language=language, known=known)


@transaction.atomic(savepoint=False)
def open_case(spoken: Spoken, *, by: Actor) -> Case:
    """A new ordinary case, unsorted. For what has been screened: doors call `receive`."""
    case = _case_of(spoken, row_id(spoken.source_key, "case"))
    while not insert_once(case):
        known = Case.objects.filter(pk=case.pk).first()
        if known is not None:
            return known
        _take_another_reference(case)
    _keep_implicated(case, spoken.implicated)
    if suggests_danger(spoken.texts):
        raise_danger(case, at=spoken.said_at or spoken.received_at)
    if spoken.entered_by is not None:
        audit.record("feedback.case.enter", by=by, target=case, at=spoken.received_at, channel=spoken.channel)
    return case


def _take_another_reference(case: Case) -> None:
    """References are short, and one in some thousands is taken once there are a million. Raises ValueError if that
    was not it: the receipt number is another case's."""
    if not Case.objects.filter(reference=case.reference).exists():
        raise ValueError("receipt number")
    case.reference = new_reference()


def _case_of(spoken: Spoken, pk: UUID) -> Case:
    in_training = spoken.was_training or settings.TRAINING
    case = Case(
        pk=pk,
        in_training=in_training,
        is_test=in_training,
        channel=spoken.channel,
        mode=spoken.mode,
        group_women=spoken.group_women,
        group_men=spoken.group_men,
        received_at=spoken.received_at,
        said_at=spoken.said_at,
        recorded_at=timezone.now(),
        last_spoke_at=spoken.said_at or spoken.received_at,
        entered_by=spoken.entered_by,
        entered_for=spoken.entered_for,
        source=spoken.source,
        category=spoken.category,
        place=spoken.place,
        concerned=spoken.concerned,
        sex=spoken.sex,
        age_group=spoken.age_group,
        disability=spoken.disability,
        population_status=spoken.population_status,
        language=spoken.language,
        safe_contact=spoken.safe_contact,
        sms_may_be_read=spoken.sms_may_be_read,
        objects_to_sharing=spoken.objects_to_sharing,
        lane=Lane.RESTRICTED if spoken.restricted_kind else Lane.ORDINARY,
        restricted_kind=spoken.restricted_kind,
        receipt_hash=keyed_hash(spoken.receipt_number, "receipt") if spoken.receipt_number else None,
        code_hash=keyed_hash(spoken.receipt_number + spoken.code, "thread-code") if spoken.code else "",
        phone_hash=phone_index(spoken.phone) if spoken.phone else "",
    )
    case.seal(
        words=spoken.words,
        place_said=spoken.place_said,
        name=spoken.name,
        contact=spoken.phone or spoken.contact,
        note=spoken.note,
        receipt_number=spoken.receipt_number,
        code=spoken.code,
        source_reference=spoken.source_reference,
    )
    return case


def _keep_implicated(case: Case, implicated: Implicated) -> None:
    rows = [CaseImplicated(case=case, organisation_id=pk) for pk in implicated.organisations]
    rows += [CaseImplicated(case=case, office_id=pk) for pk in implicated.offices]
    rows += [CaseImplicated(case=case, user_id=pk) for pk in implicated.users]
    if rows:
        CaseImplicated.objects.bulk_create(rows)


def _seal(spoken: Spoken, *, by: Actor) -> None:
    receive_sealed(
        source_id=sealed_source(spoken.source_key),
        receipt_number=spoken.receipt_number,
        words=spoken.words,
        contact=spoken.contact,
        noted=_noted(spoken),
        phone=spoken.phone,
        channel=spoken.channel,
        language=spoken.language,
        child=Known.YES if spoken.is_child else Known.UNKNOWN,
        danger=Known.YES if spoken.in_danger else Known.UNKNOWN,
        retaliation=Known.YES if spoken.fears_retaliation else Known.UNKNOWN,
        incident_on=spoken.incident_on,
        incident_time=spoken.incident_time,
        received_at=spoken.received_at,
        said_at=spoken.said_at,
        concerned_organisation_id=spoken.concerned.pk if spoken.concerned is not None else None,
        implicated=spoken.implicated,
        place_pcode=spoken.place.pcode if spoken.place is not None else "",
        code=spoken.code,
        call_by=call_by(timezone.now()) if spoken.in_danger or suggests_danger(spoken.texts) else None,
        is_test=spoken.was_training,
        by=by,
    )


def _noted(spoken: Spoken) -> str:
    """What else was written of it, one remark a line, apart from the person's own words."""
    way, mode = SafeContact(spoken.safe_contact), SpeakerMode(spoken.mode)
    apart = {
        _("Son nom"): spoken.name,
        _("Lieu dit"): spoken.place_said,
        _("Qui parle"): "" if mode is SpeakerMode.SELF else mode.label,
        _("Moyen sûr"): "" if way is SafeContact.NONE else way.label,
        _("Source"): f"{spoken.source} {spoken.source_reference}".strip() if spoken.source is not None else "",
        _("Accord"): _("ne veut pas que sa demande soit transmise") if spoken.objects_to_sharing else "",
    }
    lines = [f"{label} : {text}" for label, text in apart.items() if text]
    return "\n".join([*([spoken.note] if spoken.note else []), *lines])
