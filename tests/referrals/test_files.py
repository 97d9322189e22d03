"""Files of a referral: the sender's go as the person's words do, the receiver's as its messages; sealed, and opened
in a sandbox, each time with a line in the audit."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.actors import SYSTEM
from core.audio import packed
from core.documents import packed_document
from core.models import AuditEntry
from core.transitions import Refused
from feedback.actions import erase_recording, protect, tell_person
from feedback.actions.forget import forget_case
from feedback.actions.person import add_words
from feedback.models import Case, CaseMessage
from referrals import actions
from referrals.enums import Level
from referrals.models import Consent, Referral, ReferralFile
from tests.core.test_attached import PLACE, a_photo
from tests.core.test_documents import a_pdf
from tests.feedback.conftest import recovery_key
from tests.referrals.conftest import House
from tests.referrals.test_levels import allow
from tests.voices import OGG

__all__ = ["recovery_key"]
SignIn = Callable[[Any], Client]
NAME = "Fatou Dicko.pdf"


def with_words(house: House) -> Referral:
    """Level 2: the person allowed their words to NRC, which has not accepted yet."""
    case = house.case()
    allow(house, case.pk)
    return house.sent(case, house.wish(level=Level.PERSON))


def joined(referral: Referral, by: Any, content: bytes | None = None, **more: Any) -> ReferralFile:
    text = packed_document(a_pdf() if content is None else content)
    return actions.attach(referral.pk, content=text, name=NAME, by=by, **more)


def upload(content: bytes, name: str = NAME, **fields: str) -> dict[str, Any]:
    return {"once": str(uuid.uuid4()), "file": SimpleUploadedFile(name, content), **fields}


def opens(client: Client, file: ReferralFile) -> bool:
    """Whether this person gets the file, by its address; the page offers it to them, or not, alike."""
    path = f"/referrals/{file.referral_id}/fichiers/{file.pk}/"
    answer = client.get(path)
    assert answer.status_code in (200, 404)
    page = client.get(f"/referrals/{file.referral_id}/").content.decode()
    assert (path in page) == (answer.status_code == 200)
    assert (NAME in page) == (answer.status_code == 200)
    return answer.status_code == 200


def a_case_with_a_voice_and_a_photo(house: House) -> tuple[Case, CaseMessage]:
    case, photo = house.case(), packed_document(a_photo())
    add_words(case.pk, source_key="f", words="[Photo]", channel="web", recording=packed(OGG), picture=photo)
    allow(house, case.pk)
    return case, CaseMessage.objects.get(case=case)


# -- the sender's ----------------------------------------------------------------------------------------------------


def test_a_file_of_the_person_opens_with_their_words_once_accepted_and_is_in_the_audit(
    house: House, signed_in: SignIn
) -> None:
    referral = with_words(house)
    awa, fanta = signed_in(house.cast.awa), signed_in(house.cast.fanta)
    answer = awa.post(f"/referrals/{referral.pk}/fichiers/", upload(a_photo(), "Fatou Dicko.pdf"), follow=True)
    assert "Fichier joint, scellé." in answer.content.decode()
    file = ReferralFile.objects.get()
    assert (opens(awa, file), opens(fanta, file)) == (True, False)
    assert "visibles une fois le référencement accepté" in fanta.get(f"/referrals/{referral.pk}/").content.decode()
    actions.accept(referral.pk, by=house.cast.fanta)
    assert opens(fanta, file)
    read = AuditEntry.objects.filter(act="referrals.referralfile.read", actor_id=str(house.cast.fanta.pk))
    assert [one.target_id for one in read] == [str(file.pk)]
    shown = fanta.get(f"/referrals/{referral.pk}/fichiers/{file.pk}/")
    assert shown["Content-Security-Policy"].endswith("sandbox")
    assert PLACE not in shown.content


def test_name_and_content_are_sealed_and_posting_twice_is_once(house: House, signed_in: SignIn) -> None:
    referral = with_words(house)
    content = a_pdf(b"/Type /Catalog /Zq (kanari)")
    once = str(uuid.uuid4())
    for _twice in range(2):
        fields = upload(content, "Fatou 70 11 12 13 IMG_20220312.pdf") | {"once": once}
        assert signed_in(house.cast.awa).post(f"/referrals/{referral.pk}/fichiers/", fields).status_code == 302
    file = ReferralFile.objects.get()
    stored = bytes(file.name or b"") + bytes(file.content or b"")
    assert not any(trace in stored for trace in (b"Fatou", b"kanari", b"a2FuYXJp"))
    assert file.unsealed("name") == "Fatou … IMG_….pdf"
    assert file.size == len(content)


@pytest.mark.parametrize("scopes", [{}, {"words": False, "contact": True}])
def test_without_the_persons_words_allowed_only_what_holds_nothing_of_them_goes(
    house: House, signed_in: SignIn, scopes: dict[str, Any]
) -> None:
    if scopes:
        case = house.case()
        allow(house, case.pk, **scopes)
        referral = house.sent(case, house.wish(level=Level.PERSON))
    else:
        referral = house.sent()
    awa, fanta = signed_in(house.cast.awa), signed_in(house.cast.fanta)
    path = f"/referrals/{referral.pk}/fichiers/"
    refused = awa.post(path, upload(a_pdf()))
    assert refused.status_code == 422
    assert "demande l’accord de la personne" in refused.content.decode()
    assert awa.post(path, upload(a_pdf(), is_neutral="on")).status_code == 302
    assert opens(fanta, ReferralFile.objects.get())
    added = AuditEntry.objects.get(act="referrals.file.add")
    assert (added.facts["neutral"], added.facts["kind"]) == (True, "pdf")


def test_a_voice_is_never_without_anything_of_the_person(house: House) -> None:
    referral = house.sent()
    with pytest.raises(Refused, match="voix"):
        joined(referral, house.cast.awa, OGG, is_neutral=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferralFile.objects.create(
            referral=referral, side="sender", kind="voice", is_neutral=True, added_at=timezone.now()
        )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (lambda: upload(b"MZ" + bytes(60)), "n’est ni une photo"),
        (lambda: upload(a_pdf(b"/OpenAction << /S /JavaScript >>")), "n’est ni une photo"),
        (lambda: upload(a_photo() + bytes(8_000_001)), "trop lourd : 8 Mo"),
        (lambda: {"once": str(uuid.uuid4())}, "Choisissez un fichier, et un seul."),
        (lambda: upload(a_pdf(), "faveurs sexuelles contre la carte.pdf"), "EAS"),
    ],
)
def test_what_cannot_be_taken_says_why_and_leaves_nothing(
    house: House, signed_in: SignIn, fields: Callable[[], dict[str, Any]], sentence: str
) -> None:
    referral = with_words(house)
    answer = signed_in(house.cast.awa).post(f"/referrals/{referral.pk}/fichiers/", fields())
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ReferralFile.objects.exists()


def test_what_the_person_sent_goes_along_without_a_copy(house: House, signed_in: SignIn) -> None:
    case, message = a_case_with_a_voice_and_a_photo(house)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    awa, fanta = signed_in(house.cast.awa), signed_in(house.cast.fanta)
    assert "Ce que la personne a envoyé" in awa.get(f"/referrals/{referral.pk}/").content.decode()
    for _twice in range(2):
        chosen = {"once": str(uuid.uuid4()), "piece": f"voice:{message.pk}"}
        assert awa.post(f"/referrals/{referral.pk}/fichiers/", chosen).status_code == 302
    file = ReferralFile.objects.get()
    assert (file.content, file.message) == (None, message)
    path = f"/referrals/{referral.pk}/fichiers/{file.pk}/"
    # the sender hears it on the case, where their looks are noted as any
    assert awa.get(path).status_code == 404
    assert fanta.get(path).status_code == 404
    actions.accept(referral.pk, by=house.cast.fanta)
    assert fanta.get(path).content == OGG
    erase_recording(case.pk, message.pk, by=house.cast.awa)
    assert fanta.get(path).status_code == 404


def test_only_who_reads_the_persons_words_can_choose_what_they_sent(house: House, signed_in: SignIn) -> None:
    hcr = house.cast.organisations["hcr"]
    case, message = a_case_with_a_voice_and_a_photo(house)
    Case.objects.filter(pk=case.pk).update(concerned=hcr)
    referral = house.sent(case, house.wish(level=Level.PERSON), by=house.cast.ibrahim)
    assert "Ce que la personne a envoyé" not in (
        signed_in(house.cast.ibrahim).get(f"/referrals/{referral.pk}/").content.decode()
    )
    with pytest.raises(Case.DoesNotExist):
        actions.attach_of_case(referral.pk, message.pk, "voice", by=house.cast.ibrahim)
    other = with_words(house)
    with pytest.raises(CaseMessage.DoesNotExist):
        actions.attach_of_case(other.pk, message.pk, "voice", by=house.cast.awa)


# -- what ends it ----------------------------------------------------------------------------------------------------


def test_a_withdrawn_consent_destroys_what_went_under_it_and_nothing_else(house: House, signed_in: SignIn) -> None:
    case, message = a_case_with_a_voice_and_a_photo(house)
    referral = house.sent(case, house.wish(level=Level.PERSON))
    joined(referral, house.cast.awa)
    actions.attach_of_case(referral.pk, message.pk, "picture", by=house.cast.awa)
    map_of_it = joined(referral, house.cast.awa, is_neutral=True)
    actions.answer(referral.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    proof = joined(referral, house.cast.fanta)
    consent = Referral.objects.get(pk=referral.pk).consent
    assert consent is not None
    actions.withdraw_consent(consent.pk, by=house.cast.awa)
    assert set(ReferralFile.objects.all()) == {map_of_it, proof}
    assert opens(signed_in(house.cast.fanta), map_of_it)
    assert CaseMessage.objects.get().recording is not None
    assert AuditEntry.objects.filter(act="referrals.file.forget").count() == 2
    with pytest.raises(Refused, match="accord"):
        joined(referral, house.cast.awa)


def test_it_closes_as_words_do_when_consent_expires_or_the_receiver_refuses(house: House, signed_in: SignIn) -> None:
    referral, fanta = with_words(house), signed_in(house.cast.fanta)
    file = joined(referral, house.cast.awa)
    actions.accept(referral.pk, by=house.cast.fanta)
    assert opens(fanta, file)
    Consent.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert not opens(fanta, file)
    Consent.objects.update(expires_at=None)
    assert opens(fanta, file)
    actions.refuse(referral.pk, code="HORS_ZONE", by=house.cast.fanta)
    assert not opens(fanta, file)


def test_nothing_is_opened_once_the_referral_was_taken_back(house: House, signed_in: SignIn) -> None:
    referral = house.sent()
    plan, proof = joined(referral, house.cast.awa, is_neutral=True), joined(referral, house.cast.fanta)
    clients = [signed_in(house.cast.awa), signed_in(house.cast.fanta)]
    assert [opens(client, file) for client in clients for file in (plan, proof)] == [True] * 4
    actions.recall(referral.pk, reason="sent_in_error", by=house.cast.awa)
    assert [opens(client, file) for client in clients for file in (plan, proof)] == [False] * 4
    with pytest.raises(Refused, match="retiré"):
        joined(referral, house.cast.awa, is_neutral=True)


def test_protecting_and_forgetting_destroy_files_of_both_sides(house: House, recovery_key: bytes) -> None:
    protected, forgotten = with_words(house), with_words(house)
    for referral in (protected, forgotten):
        joined(referral, house.cast.awa)
        joined(referral, house.cast.fanta)
    protect(protected.case_id, by=house.cast.awa)
    assert set(ReferralFile.objects.values_list("referral", flat=True)) == {forgotten.pk}
    actions.answer(forgotten.pk, kind="response", words="Lundi.", by=house.cast.fanta)
    tell_person(forgotten.case_id, how="call", settled="yes", by=house.cast.awa)
    forget_case(forgotten.case_id, by=SYSTEM)
    assert not ReferralFile.objects.exists()


# -- the receiver's --------------------------------------------------------------------------------------------------


def test_the_receivers_file_is_read_by_both_sides_and_taken_away_by_its_own(house: House, signed_in: SignIn) -> None:
    referral = house.sent()
    awa, fanta = signed_in(house.cast.awa), signed_in(house.cast.fanta)
    assert fanta.post(f"/referrals/{referral.pk}/fichiers/", upload(a_photo())).status_code == 302
    file = ReferralFile.objects.get()
    assert (file.side, opens(awa, file), opens(fanta, file)) == ("receiver", True, True)
    stranger = signed_in(house.cast.ibrahim).get(f"/referrals/{referral.pk}/fichiers/{file.pk}/")
    assert stranger.status_code == 404
    away = f"/referrals/{referral.pk}/fichiers/{file.pk}/retirer/"
    assert "C’est à qui l’a joint de le retirer." in awa.post(away, follow=True).content.decode()
    assert "il n’en reste rien ici" in fanta.post(away, follow=True).content.decode()
    assert not ReferralFile.objects.exists()


def test_each_side_joins_so_many_and_whoever_stands_on_none_joins_nothing(house: House) -> None:
    referral = house.sent()
    for _one in range(10):
        joined(referral, house.cast.fanta)
    with pytest.raises(Refused, match="dix"):
        joined(referral, house.cast.fanta)
    assert joined(referral, house.cast.awa, is_neutral=True).side == "sender"
    with pytest.raises(Refused):
        joined(referral, house.cast.ibrahim)


def test_the_page_asks_as_much_for_three_files_as_for_one(house: House, signed_in: SignIn) -> None:
    referral, fanta = house.sent(), signed_in(house.cast.fanta)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert fanta.get(f"/referrals/{referral.pk}/").status_code == 200
        return len(queries)

    joined(referral, house.cast.fanta)
    actions.write_note(referral.pk, words="Une note.", by=house.cast.fanta)
    count()
    one = count()
    for _more in range(2):
        joined(referral, house.cast.fanta)
        actions.write_note(referral.pk, words="Une note.", by=house.cast.fanta)
    assert count() == one
