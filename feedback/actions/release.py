"""A sealed case that turned out to be no SEA comes over from the vault, knowingly, under the number its person has.

Here first, then out of the vault; each step is harmless to repeat, so that nothing is lost between the two. What is
written here does not say where it came from: the vault's own audit does.
"""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.index import keyed_hash
from core.transitions import Refused
from directory.enums import NOT_SAID, RestrictedKind
from directory.models import Organisation, Place, User
from feedback.actions.data_request import ask_about_data
from feedback.actions.person import add_words
from feedback.actions.receive import Spoken, open_case
from feedback.enums import MessageDirection
from feedback.models import Case, CaseMessage
from feedback.recipients import check_somebody_reads, tell_named_recipients
from feedback.source_keys import row_id
from psea.actions import ReleasedText, mark_released, release_text
from psea.actions.opening import Said
from psea.enums import ReclassifiedAs
from psea.readers import Reader

NAMED_RECIPIENTS: dict[ReclassifiedAs, str] = {
    ReclassifiedAs.GBV_OR_CHILD: RestrictedKind.PROTECTION,
    ReclassifiedAs.WORKPLACE: RestrictedKind.INTEGRITY,
    ReclassifiedAs.CODE_OF_CONDUCT: RestrictedKind.INTEGRITY,
    ReclassifiedAs.ORDINARY: "",
}


def take_released(case_id: UUID, *, no_disclosure: bool, reader: Reader, by: User, at: datetime | None = None) -> Case:
    """The text of a reclassified sealed case becomes a case here, unsorted, for whom the handler said it is.

    `no_disclosure`: whoever lets it go has read it, and confirms that it holds none; needed for the ordinary lane.
    Raises Refused; and when the person added something meanwhile, which the next try takes along.
    """
    text = release_text(case_id=case_id, reader=reader, by=by, at=at)
    if text.reclassified_as == ReclassifiedAs.ORDINARY and not no_disclosure:
        raise Refused(_("Confirmez que le texte ne contient aucune révélation."))
    case = _taken_up(text, by=by)
    mark_released(case_id=case_id, taken={said.message_id for said in text.additions}, by=by, at=at)
    return case


@transaction.atomic
def _taken_up(text: ReleasedText, *, by: User) -> Case:
    kind = NAMED_RECIPIENTS[text.reclassified_as]
    source_key = f"released:{text.case_id}"
    other = _other_case_of_the_number(text, row_id(source_key, "case"))
    if other is not None and kind in ("", other.restricted_kind):
        case = other
        add_words(case.pk, source_key=source_key, words=text.words, channel=text.channel, at=text.received_at)
    else:
        # Where the number leads to a case that others read, this one stands apart, for its own recipients.
        number = text.receipt_number if other is None else ""
        case = open_case(_spoken(text, source_key, number, kind), by=by)
    for said in text.additions:
        key = f"{source_key}:{said.message_id}"
        if said.wish:
            _ask_again(case, said, key)
            continue
        add_words(
            case.pk,
            source_key=key,
            words=said.words,
            channel=text.channel,
            recording=said.recording,
            picture=said.picture,
            at=said.at,
        )
    for said in text.asked:
        _keep_question(case, said, by=by)
    check_somebody_reads(case)
    tell_named_recipients(case, but=by)
    return case


def _keep_question(case: Case, said: Said, *, by: User) -> None:
    """What was asked in writing stays in the thread, which the same number and code open."""
    pk = row_id(f"released-question:{case.pk}:{said.at.isoformat()}", "message")
    if not CaseMessage.objects.filter(pk=pk).exists():
        question = CaseMessage(pk=pk, case=case, direction=MessageDirection.OUT, author=by, said_at=said.at)
        question.seal(body=said.words)
        question.save(force_insert=True)


def _ask_again(case: Case, said: Said, source_key: str) -> None:
    """What the person asked about what they said, and nobody decided, is decided here."""
    if said.decided_at is None:
        ask_about_data(case.pk, source_key=source_key, wish=said.wish, words=said.words, had_code=False, at=said.at)


def _other_case_of_the_number(text: ReleasedText, own: UUID) -> Case | None:
    """The case that the number led to before part of what was said under it was sealed."""
    if not text.receipt_number:
        return None
    cases = Case.objects.unprotected().filter(receipt_hash=keyed_hash(text.receipt_number, "receipt"))
    return cases.exclude(pk=own).first()


def _spoken(text: ReleasedText, source_key: str, number: str, kind: str) -> Spoken:
    received_on = timezone.localdate(text.received_at)
    is_earlier = text.said_on is not None and text.said_on < received_on
    return Spoken(
        source_key=source_key,
        receipt_number=number,
        words=text.words,
        channel=text.channel,
        received_at=text.received_at,
        said_at=timezone.make_aware(datetime.combine(text.said_on, time())) if text.said_on and is_earlier else None,
        phone=text.phone,
        contact=text.contact,
        code=text.code if number else "",
        language=text.language or NOT_SAID,
        place=Place.objects.filter(pcode=text.place_pcode).first(),
        concerned=Organisation.objects.filter(pk=text.concerned_organisation_id or 0).first(),
        implicated=text.implicated,
        restricted_kind=kind,
        was_training=text.is_test,
    )
