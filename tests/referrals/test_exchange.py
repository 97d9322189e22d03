"""Referrals exchanged with another installation: two of them in one database, envelopes carried between."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from core.actors import SYSTEM
from core.transitions import Refused
from directory.models import StaffNotice
from feedback.actions import protect
from feedback.actions.close import merge
from feedback.actions.person_known import note_name
from feedback.actions.triage import reclassify
from feedback.models import Case, Category
from referrals import actions
from referrals.actions.consent import Receiver, Said, note_said
from referrals.actions.peers import stop_peer, unname_organisation
from referrals.enums import Level, Taken
from referrals.exchange.refusals import Fault, Unacceptable
from referrals.exchange.sealed_part import opened, sealed
from referrals.exchange.shapes import ProfileShape
from referrals.exchange.taking import take
from referrals.models import Consent, EnvelopeIn, EnvelopeOut, Peer, PeerOrganisation, Referral
from tests.feedback.conftest import recovery_key
from tests.referrals.conftest import House, house
from tests.referrals.pairing import Pair, paired

__all__ = ["house", "recovery_key"]
ROOT = Path(__file__).parents[2]
SCHEMA = Draft202012Validator(json.loads((ROOT / "conformance/envelope.schema.json").read_text()))
WORDS, NAME, PHONE = "Mon puits est sec depuis un mois.", "Aminata Cissé", "+22370000001"
SEA = "Un agent demande des faveurs sexuelles contre la carte."
Fresh = Callable[[Referral], Referral]


@pytest.fixture
def pair(house: House) -> Pair:
    return paired(house.cast)


def to_nrc(house: House, case: Case | None = None, **wish: Any) -> Referral:
    return house.sent(case or house.case(words=WORDS), house.wish("nrc", None, **wish))


def with_consent(
    house: House, case: Case | None = None, *, words: bool = True, name: bool = False, contact: bool = True
) -> Referral:
    """Level 2, for NRC."""
    case = case or house.case(words=WORDS)
    receiver, what = Receiver(house.cast.organisations["nrc"].pk), Said("given", words, name, contact=contact)
    note_said(case.pk, receiver, replace(what, method="oral", giver="self"), by=house.cast.awa)
    return to_nrc(house, case, level=Level.PERSON)


def ends(pair: Pair, referral: Referral) -> tuple[str, str]:
    """Where it stands at the origin, and there."""
    return Referral.objects.get(pk=referral.pk).shown_state.value, pair.at_nrc(referral).shown_state.value


def refused(pair: Pair, envelope: dict[str, Any]) -> Fault:
    with pytest.raises(Unacceptable) as error:
        take(pair.here, json.dumps(envelope).encode())
    return error.value.fault


# -- a whole way -----------------------------------------------------------------------------------------------------


def test_a_referral_goes_is_answered_and_the_person_hears(house: House, pair: Pair, fresh: Fresh) -> None:
    referral = to_nrc(house, request="Réparer la pompe")
    assert pair.carry() == ["referral", "receipt"]
    theirs = pair.at_nrc(referral)
    assert (theirs.summary, theirs.unsealed("request"), theirs.category_code) == (
        "Point d’eau en panne", "Réparer la pompe", "INSAT_MAJ"
    )  # fmt: skip
    line, nrc = house.cast.organisations["line"], house.cast.organisations["nrc"]
    assert (theirs.sender, theirs.receiver, theirs.case.entered_for) == (line, nrc, line)
    assert fresh(referral).peer_ref == str(theirs.pk)
    assert ends(pair, referral) == ("sent", "sent"), "that a system holds it is not that somebody received it"

    actions.accept(theirs.pk, by=house.cast.fanta)
    assert pair.carry() == ["decision accepted"]
    assert ends(pair, referral) == ("accepted", "accepted")
    assert fresh(referral).responsible is None

    actions.answer(theirs.pk, kind="adjustment", words="La pompe est réparée.", by=house.cast.fanta)
    assert pair.carry() == ["answer"]
    assert ends(pair, referral) == ("answered", "answered")
    told = Case.objects.get(pk=referral.case_id).latest_answer
    assert told is not None
    assert (told.unsealed("words"), told.source) == ("La pompe est réparée.", "referral")

    actions.feed_back(referral.pk, how="call", satisfaction="yes", by=house.cast.awa)
    actions.close(referral.pk, outcome="successful", by=house.cast.awa)
    assert pair.carry() == ["outcome told", "outcome closed"]
    assert ends(pair, referral) == ("closed", "closed")
    closed = Case.objects.get(pk=theirs.case_id)
    assert (closed.state, closed.outcome) == ("closed", "settled")
    assert all(SCHEMA.is_valid(one) for one in pair.carried)


def test_nothing_of_the_person_goes_before_it_is_accepted_and_then_sealed(house: House, pair: Pair) -> None:
    referral = with_consent(house)
    pair.carry()
    theirs = pair.at_nrc(referral)
    assert (theirs.level, theirs.case.words, theirs.case.contact) == ("1", None, None)
    actions.accept(theirs.pk, by=house.cast.fanta)
    assert pair.carry() == ["decision accepted", "person"]
    everything = json.dumps(pair.carried, ensure_ascii=False)
    assert not any(word in everything for word in (WORDS, "puits est sec", PHONE, PHONE.removeprefix("+223")))
    theirs = pair.at_nrc(referral)
    assert (theirs.level, theirs.case.unsealed("words"), theirs.case.unsealed("contact")) == ("2", WORDS, PHONE)
    consent, ours = theirs.consent, Referral.objects.get(pk=referral.pk).consent
    assert consent is not None
    assert ours is not None
    assert (consent.method, consent.given_at, consent.expires_at) == (ours.method, ours.given_at, ours.expires_at)
    assert all(SCHEMA.is_valid(one) for one in pair.carried)


def test_what_the_consent_does_not_name_stays(house: House, pair: Pair) -> None:
    case = house.case(words=WORDS)
    note_name(case.pk, NAME, by=house.cast.awa, at=house.at)
    for allowed in ("contact", "name"):
        referral = with_consent(house, case, **{one: one == allowed for one in ("words", "name", "contact")})
        pair.carry()
        actions.accept(pair.at_nrc(referral).pk, by=house.cast.fanta)
        assert "person" in pair.carry()
        theirs = pair.at_nrc(referral)
        known = (theirs.case.words, theirs.case.unsealed("name"), theirs.case.unsealed("contact"))
        assert known == (None, NAME if allowed == "name" else "", PHONE if allowed == "contact" else "")


def test_a_refusal_comes_back_with_its_reason_and_the_case_to_its_desk(house: House, pair: Pair, fresh: Fresh) -> None:
    referral = with_consent(house)
    pair.carry()
    actions.refuse(pair.at_nrc(referral).pk, code="HORS_ZONE", note="Voir Gao", by=house.cast.fanta)
    assert pair.carry() == ["decision refused"]
    ours = fresh(referral)
    assert (ours.state, ours.refusal_code, ours.unsealed("note")) == ("refused", "HORS_ZONE", "Voir Gao")
    assert Case.objects.get(pk=referral.case_id).state == "triaged"
    assert pair.at_nrc(referral).case.contact is None


def test_questions_and_messages_pass_both_ways(house: House, pair: Pair) -> None:
    referral = to_nrc(house)
    pair.carry()
    theirs = pair.at_nrc(referral)
    actions.ask(theirs.pk, words="Quel quartier ?", by=house.cast.fanta)
    assert pair.carry() == ["receipt received", "message question"]
    assert ends(pair, referral) == ("info_requested", "info_requested")
    actions.reply(referral.pk, words="Le quatrième.", by=house.cast.awa)
    actions.say(referral.pk, words="Merci.", by=house.cast.awa)
    assert pair.carry() == ["message reply", "message message"]
    assert ends(pair, referral) == ("received", "received")
    said = [(one.kind, one.side, one.unsealed("words")) for one in theirs.messages.all()]
    assert said == [(one.kind, one.side, one.unsealed("words")) for one in referral.messages.all()]
    assert [words for _kind, _side, words in said] == ["Quel quartier ?", "Le quatrième.", "Merci."]


def test_not_settled_is_taken_up_again_there(house: House, pair: Pair) -> None:
    referral = to_nrc(house)
    pair.carry()
    actions.answer(pair.at_nrc(referral).pk, kind="response", words="C’est fait.", by=house.cast.fanta)
    pair.carry()
    actions.reopen(referral.pk, by=house.cast.awa)
    assert pair.carry() == ["reopening"]
    assert ends(pair, referral) == ("reopened", "reopened")
    assert pair.at_nrc(referral).cycle == 2
    actions.answer(pair.at_nrc(referral).pk, kind="response", words="Cette fois oui.", by=house.cast.fanta)
    pair.carry()
    assert ends(pair, referral) == ("answered", "answered")


# -- withdrawn -------------------------------------------------------------------------------------------------------


def test_a_withdrawal_erases_there_and_its_proof_comes_back(house: House, pair: Pair, fresh: Fresh) -> None:
    referral = to_nrc(house, request="Réparer la pompe")
    pair.carry()
    actions.recall(referral.pk, reason="solved", by=house.cast.awa)
    assert pair.carry() == ["withdrawal all", "erasure"]
    theirs = pair.at_nrc(referral)
    assert ends(pair, referral) == ("recalled", "recalled")
    assert (theirs.summary, theirs.request, theirs.case.summary) == ("", None, "")
    assert theirs.case.forgotten_at is not None
    assert fresh(referral).erasure_confirmed_at is not None


def test_of_who_knew_the_person_somebody_confirms(house: House, pair: Pair, fresh: Fresh) -> None:
    referral = with_consent(house)
    pair.carry()
    actions.accept(pair.at_nrc(referral).pk, by=house.cast.fanta)
    pair.carry()
    consent = fresh(referral).consent
    assert consent is not None
    StaffNotice.objects.all().delete()
    actions.withdraw_consent(consent.pk, by=house.cast.awa)
    assert pair.carry() == ["withdrawal all"]
    theirs = pair.at_nrc(referral)
    assert (theirs.case.words, theirs.case.contact, fresh(referral).erasure_confirmed_at) == (None, None, None)
    assert StaffNotice.objects.filter(person=house.cast.fanta, sentence="act").exists()
    actions.confirm_erasure(theirs.pk, by=house.cast.fanta)
    assert pair.carry() == ["erasure"]
    assert fresh(referral).erasure_confirmed_at is not None


def test_a_service_under_way_goes_on_without_the_person(house: House, pair: Pair, fresh: Fresh) -> None:
    referral = with_consent(house)
    pair.carry()
    actions.accept(pair.at_nrc(referral).pk, by=house.cast.fanta)
    pair.carry()
    consent = fresh(referral).consent
    assert consent is not None
    actions.withdraw_consent(consent.pk, by=SYSTEM, spares_services=True)
    assert pair.carry() == ["withdrawal person"]
    theirs = pair.at_nrc(referral)
    assert ends(pair, referral) == ("accepted", "accepted")
    assert (theirs.case.words, theirs.case.contact, theirs.summary) == (None, None, "Point d’eau en panne")


def test_what_was_protected_reads_as_any_other_withdrawal(house: House, pair: Pair, recovery_key: bytes) -> None:
    ways: list[Callable[[Referral], Any]] = [
        lambda row: actions.recall(row.pk, reason="other", by=house.cast.awa),
        lambda row: protect(row.case_id, by=house.cast.awa),
    ]
    said = []
    for take_back in ways:
        referral = to_nrc(house)
        pair.carry()
        take_back(referral)
        assert pair.carry() == ["withdrawal all", "erasure"]
        withdrawal = pair.carried[-2]
        said.append((withdrawal["content"], withdrawal["sequence"], set(withdrawal)))
        assert pair.at_nrc(referral).case.forgotten_at is not None
    assert said[0] == said[1]


def test_what_was_protected_after_its_answer_is_erased_there_too(house: House, pair: Pair, recovery_key: bytes) -> None:
    referral = to_nrc(house)
    pair.carry()
    actions.answer(pair.at_nrc(referral).pk, kind="response", words="C’est fait.", by=house.cast.fanta)
    pair.carry()
    protect(referral.case_id, by=house.cast.awa)
    assert pair.carry() == ["withdrawal all", "erasure"]
    assert ends(pair, referral) == ("recalled", "recalled")


def test_a_case_protected_where_it_was_received_says_nothing_back(
    house: House, pair: Pair, recovery_key: bytes
) -> None:
    referral = to_nrc(house)
    pair.carry()
    protect(pair.at_nrc(referral).case_id, by=house.cast.fanta)
    assert pair.carry() == []
    actions.recall(referral.pk, reason="solved", by=house.cast.awa)
    assert pair.carry() == ["withdrawal all", "erasure"]


def test_only_its_own_case_is_erased_never_one_it_was_joined_to(house: House, pair: Pair) -> None:
    referral = to_nrc(house)
    pair.carry()
    theirs = pair.at_nrc(referral)
    another = house.case(words="Autre chose.")
    merge(theirs.case_id, into_id=another.pk, by=house.cast.awa)
    assert pair.at_nrc(referral).case_id == another.pk
    actions.recall(referral.pk, reason="solved", by=house.cast.awa)
    pair.carry()
    another.refresh_from_db()
    assert (another.forgotten_at, another.unsealed("words"), another.state) == (None, "Autre chose.", "triaged")
    assert Case.objects.get(pk=theirs.case_id).forgotten_at is not None


# -- sealed and restricted -------------------------------------------------------------------------------------------


def test_a_restricted_matter_goes_only_where_somebody_is_declared_for_it(house: House) -> None:
    pair = paired(house.cast)
    case = house.case("FRAUDE")
    with pytest.raises(Refused, match="point focal"):
        house.sent(case, house.wish("nrc", None), by=house.cast.salif)
    assert pair.carry() == []
    there = PeerOrganisation.objects.get(peer=pair.there, organisation=house.cast.organisations["nrc"])
    there.restricted_kinds = ["integrity"]
    there.save()
    referral = house.sent(case, house.wish("nrc", None), by=house.cast.salif)
    row = pair.last("referral")
    with pytest.raises(Unacceptable) as error:
        pair.bring(row)
    assert error.value.fault == Fault.NO_FOCAL_POINT
    give_role(house, "oumar", "integrity_focal_point")
    pair.carry()
    theirs = pair.at_nrc(referral)
    assert (theirs.case.lane, theirs.case.restricted_kind) == ("restricted", "integrity")
    visible = {name for name, person in house.cast.people.items() if theirs in Referral.objects.visible_to(person)}
    assert visible == {"oumar"}


def give_role(house: House, name: str, role: str) -> None:
    person = house.cast.people[name]
    person.role_rows.create(role=role)
    person.__dict__.pop("roles", None)


def test_what_becomes_restricted_after_it_went_is_taken_back(house: House, pair: Pair) -> None:
    referral = to_nrc(house)
    pair.carry()
    case = Case.objects.get(pk=referral.case_id)
    reclassify(case.pk, category=Category.objects.get(pk="FRAUDE"), by=house.cast.awa)
    assert pair.carry() == ["withdrawal all", "erasure"]


def test_what_became_restricted_before_it_left_does_not_leave(house: House, pair: Pair) -> None:
    referral = to_nrc(house)
    Case.objects.filter(pk=referral.case_id).update(lane="restricted", restricted_kind="integrity")
    assert pair.carry() == []


@pytest.mark.parametrize(("said", "kept"), [("ses", "ses"), ("hau", "other"), ("not_said", "not_said")])
def test_a_language_that_is_spoken_in_another_country_alone_is_other_here(said: str, kept: str) -> None:
    profile = ProfileShape(data={"language": said})
    assert profile.is_valid()
    assert profile.validated_data["language"] == kept
    assert not ProfileShape(data={"language": "mon voisin"}).is_valid()


def test_what_suggests_abuse_is_refused_and_nothing_of_it_is_kept(house: House, pair: Pair) -> None:
    referral = with_consent(house)
    pair.carry()
    actions.accept(pair.at_nrc(referral).pk, by=house.cast.fanta)
    sound = pair.carried[0]
    for name in ("summary", "request"):
        envelope = json.loads(json.dumps(sound)) | {"id": str(uuid.uuid4())}
        envelope["sender"]["id"] = str(uuid.uuid4())
        envelope["content"][name] = SEA[:200]
        before = Case.objects.count()
        assert refused(pair, envelope) == Fault.SEALED_MATTER
        assert (Case.objects.count(), EnvelopeIn.objects.filter(envelope=envelope["id"]).exists()) == (before, False)
    person = envelope_to_nrc(pair, referral, "person", sealed_part(pair, words=SEA))
    assert refused(pair, person) == Fault.SEALED_MATTER
    assert pair.at_nrc(referral).case.words is None


def envelope_to_nrc(pair: Pair, referral: Referral, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """One more envelope of the origin's, about a referral that NRC's installation holds."""
    sound = next(one for one in pair.carried if one["kind"] == "referral" and one["sender"]["id"] == str(referral.pk))
    made = {**sound, "id": str(uuid.UUID(int=7)), "kind": kind, "sequence": 50, "content": content}
    return json.loads(json.dumps(made))  # type: ignore[no-any-return]  # JSON


def sealed_part(pair: Pair, **said: Any) -> dict[str, Any]:
    consent = {"status": "given", "method": "oral", "giver": "self", "given_at": timezone.now().isoformat()}
    secret = pair.there.unsealed("secret_out")
    return {"sealed": sealed({"consent": consent, **said}, secret, str(uuid.UUID(int=7)))}


def test_a_sealed_part_opens_in_its_own_envelope_alone(pair: Pair) -> None:
    secret = pair.there.unsealed("secret_out")
    part = sealed({"words": WORDS}, secret, "one")
    assert opened(part, secret, "one") == {"words": WORDS}
    blob = bytearray(base64.b64decode(part))
    blob[-1] ^= 1
    for wrong in ((part, secret, "another"), (part, pair.here.unsealed("secret_out"), "one"), ("é", secret, "one"),
                  (base64.b64encode(bytes(blob)).decode(), secret, "one"), ("", secret, "one")):  # fmt: skip
        with pytest.raises(Unacceptable):
            opened(*wrong)


# -- in any order, and more than once --------------------------------------------------------------------------------


def test_what_comes_in_the_wrong_order_ends_where_it_should(house: House, pair: Pair) -> None:
    referral = to_nrc(house)
    pair.bring(pair.last("referral"))
    theirs = pair.at_nrc(referral)
    actions.ask(theirs.pk, words="Quel quartier ?", by=house.cast.fanta)
    actions.accept(theirs.pk, by=house.cast.fanta)
    actions.answer(theirs.pk, kind="response", words="C’est fait.", by=house.cast.fanta)
    back = [row for row in pair.waiting() if row.peer == pair.here]
    assert [row.kind for row in back] == ["receipt", "receipt", "message", "decision", "answer"]
    took = [pair.bring(row) for row in reversed(back)]
    assert [one.taken_as for one in took if one] == [
        Taken.TAKEN, Taken.OVERTAKEN, Taken.TAKEN, Taken.OVERTAKEN, Taken.TAKEN
    ]  # fmt: skip
    assert ends(pair, referral) == ("answered", "answered")
    assert [one.unsealed("words") for one in referral.messages.all()] == ["Quel quartier ?"]


def test_an_envelope_is_taken_once_however_often_it_comes(house: House, pair: Pair) -> None:
    referral = to_nrc(house)
    pair.carry()
    actions.answer(pair.at_nrc(referral).pk, kind="response", words="C’est fait.", by=house.cast.fanta)
    answer = pair.last("answer")
    took = [pair.bring(answer) for _ in range(3)]
    assert [one.taken_as for one in took if one] == [Taken.TAKEN, Taken.KNOWN, Taken.KNOWN]
    assert Case.objects.get(pk=referral.case_id).answers.count() == 1
    assert [pair.bring(pair.last("referral")) is not None, Referral.objects.count()] == [True, 2]


def test_an_answer_that_crosses_a_withdrawal_changes_nothing(house: House, pair: Pair) -> None:
    referral = to_nrc(house)
    pair.carry()
    actions.answer(pair.at_nrc(referral).pk, kind="response", words="C’est fait.", by=house.cast.fanta)
    actions.recall(referral.pk, reason="solved", by=house.cast.awa)
    took = pair.bring(pair.last("answer"))
    assert took is not None
    assert took.taken_as == Taken.OVERTAKEN
    pair.carry()
    assert ends(pair, referral) == ("recalled", "recalled")


def test_what_cannot_be_is_refused_and_said(house: House, pair: Pair) -> None:
    referral = to_nrc(house)
    pair.carry()
    early = envelope_to_nrc(pair, referral, "person", sealed_part(pair, words=WORDS))
    assert refused(pair, early) == Fault.NOT_POSSIBLE
    unknown = envelope_to_nrc(pair, referral, "outcome", {"told_how": "call"})
    unknown["sender"]["id"] = "elsewhere"
    assert refused(pair, unknown) == Fault.UNKNOWN_REFERRAL
    closing = envelope_to_nrc(pair, referral, "outcome", {"outcome": "successful"})
    assert refused(pair, closing) == Fault.NOT_POSSIBLE


def test_a_peer_acts_on_its_own_referrals_and_on_its_own_side(house: House, pair: Pair) -> None:
    referral = to_nrc(house)
    pair.carry()
    decision = {
        **envelope_to_nrc(pair, referral, "decision", {"decision": "accepted"}),
        "by": "receiver",
    }
    stranger = Peer.objects.create(name="Une autre")
    for peer, fault in ((stranger, Fault.UNKNOWN_REFERRAL), (pair.here, Fault.UNKNOWN_REFERRAL)):
        with pytest.raises(Unacceptable) as error:
            take(peer, json.dumps(decision).encode())
        assert error.value.fault == fault
    assert ends(pair, referral) == ("sent", "sent")
    assert take(pair.there, json.dumps(decision).encode()).taken_as == Taken.TAKEN


def test_who_works_elsewhere_acts_there_and_not_here(house: House, pair: Pair) -> None:
    referral = to_nrc(house)
    assert not Referral.objects.visible_to(house.cast.fanta).filter(pk=referral.pk).exists()
    with pytest.raises(Refused):
        actions.accept(referral.pk, by=house.cast.fanta)
    with pytest.raises(Refused, match="autre installation"):
        to_nrc(house, teller="receiver")


def test_an_organisation_stays_listed_while_something_is_under_way(house: House, pair: Pair) -> None:
    referral = to_nrc(house)
    row = PeerOrganisation.objects.get(peer=pair.there, code="nrc")
    with pytest.raises(Refused):
        unname_organisation(row, by=house.cast.adama)
    actions.recall(referral.pk, reason="solved", by=house.cast.awa)
    unname_organisation(row, by=house.cast.adama)


def test_a_stopped_peer_keeps_no_secret_and_is_sent_nothing(house: House, pair: Pair) -> None:
    to_nrc(house)
    stop_peer(pair.there, by=house.cast.adama)
    row = Peer.objects.get(pk=pair.there.pk)
    assert (row.secret_in, row.secret_out, row.data_key) == (None, None, None)
    assert pair.carry() == []


def test_while_practising_nothing_leaves(house: House, pair: Pair, settings: Any) -> None:
    settings.TRAINING = True
    to_nrc(house)
    assert pair.carry() == []


def test_rows_hold_no_word(house: House, pair: Pair) -> None:
    referral = with_consent(house)
    pair.carry()
    actions.accept(pair.at_nrc(referral).pk, by=house.cast.fanta)
    actions.say(referral.pk, words="Voici du nouveau.", by=house.cast.awa)
    pair.carry()
    rows = str([list(model.objects.values()) for model in (EnvelopeOut, EnvelopeIn, Peer, Consent)])
    secrets = [peer.unsealed(name) for peer in Peer.objects.all() for name in ("secret_in", "secret_out")]
    assert not any(text in rows for text in (WORDS, "Point d’eau", "nouveau", PHONE, *secrets))


def test_the_page_says_what_passed_and_refuses_a_file_of_the_confidential(
    house: House, pair: Pair, signed_in: Callable[[Any], Client]
) -> None:
    referral = to_nrc(house)
    client = signed_in(house.cast.awa)
    page = client.get(f"/referrals/{referral.pk}/").content.decode()
    path = f"/referrals/{referral.pk}/echange/{pair.last('referral').pk}/"
    assert path in page
    assert "Le système de NRC" in page
    assert client.get(path).status_code == 200
    Case.objects.filter(pk=referral.case_id).update(lane="restricted", restricted_kind="integrity")
    give_role(house, "awa", "integrity_focal_point")
    client = signed_in(house.cast.awa)
    assert (client.get(f"/referrals/{referral.pk}/").status_code, client.get(path).status_code) == (200, 404)
