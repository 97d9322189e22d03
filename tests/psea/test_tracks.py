from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.models import AuditEntry, Outbound
from core.transitions import Conflict, Refused
from directory.enums import ServiceType
from directory.implicated import Implicated
from directory.models import UserRole
from directory.roles import Role
from psea import actions
from psea.databases import VAULT
from psea.enums import Part, ReclassifiedAs, ToldAbout
from psea.lookups import sealed_phone, stage_of
from psea.models import AssistanceOffer, SealedCase, Wrap
from psea.readers import NotAReader
from psea.trust import INVESTIGATION
from tests.psea.conftest import INTAKE, NUMBER, PHONE, WORDS, Vault

Receive = Callable[..., UUID]
# What an investigation function states of its own copy.
STATED: dict[str, Any] = {
    "reference": "OIG-17",
    "held_on": date(2022, 3, 1),
    "statement": "Nous détenons notre copie.",
}


def transmitted(vault: Vault, receive: Receive, to: str = "pam", **changes: object) -> UUID:
    case_id = receive(**changes)
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    entity = vault.cast.organisations[to].pk
    actions.transmit(case_id=case_id, organisation_id=entity, **vault.as_("aminata"))
    return case_id


def in_stage(number: str) -> str:
    found = stage_of(number)
    assert found is not None
    return found.stage


def test_opening_is_audited_and_the_receipt_then_says_in_progress(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    assert in_stage(NUMBER) == "received"

    actions.open_case(case_id=case_id, **vault.as_("aminata"))

    assert in_stage(NUMBER) == "in_progress"
    entries = AuditEntry.objects.using(VAULT).filter(target_id=str(case_id), actor_id=str(vault.cast.aminata.pk))
    assert set(entries.values_list("act", flat=True)) == {"psea.sealedcase.read", "psea.sealedcase.open"}


def test_the_coordination_reads_facts_and_never_the_narrative(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    actions.extract_facts(case_id=case_id, place_pcode="ML0703", survivors=1, **vault.as_("aminata"))

    with pytest.raises(Refused, match="jamais le récit"):
        actions.open_case(case_id=case_id, **vault.as_("coumba"))
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    seen = actions.read_case(case_id=case_id, **vault.as_("coumba"))
    assert seen.facts.place_pcode == "ML0703"
    assert seen.narrative is None
    for part in (Part.WORDS, Part.GUARD):
        with pytest.raises(NotAReader):
            vault.readers["coumba"].data_key(case_id, part)


def test_the_coordination_cannot_act_on_either_track(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    entity = vault.cast.organisations["pam"].pk
    with pytest.raises(Refused):
        actions.transmit(case_id=case_id, organisation_id=entity, **vault.as_("coumba"))
    with pytest.raises(Refused):
        actions.extract_facts(case_id=case_id, **vault.as_("coumba"))


def test_an_open_key_serves_its_owner_only(vault: Vault, receive: Receive) -> None:
    case_id = receive()

    with pytest.raises(NotAReader):
        actions.open_case(case_id=case_id, reader=vault.readers["rokia"], by=vault.cast.aminata)


def test_a_transmission_lets_the_entitys_focal_point_read_and_nobody_elses(vault: Vault, receive: Receive) -> None:
    case_id = transmitted(vault, receive)

    opened = actions.open_case(case_id=case_id, **vault.as_("hawa"))
    assert opened.narrative is not None
    assert opened.narrative.words == WORDS
    assert set(SealedCase.objects.visible_to(vault.cast.hawa)) == {opened.case}
    assert not SealedCase.objects.visible_to(vault.cast.nana).exists()
    assert not SealedCase.objects.visible_to(vault.cast.adama).exists()
    told = Outbound.objects.count()
    assert told == 4  # two officers at reception; then the entity's focal point, and the coordination


def test_the_tag_of_an_entity_does_not_say_which(vault: Vault, receive: Receive) -> None:
    case = SealedCase.objects.using(VAULT).get(pk=transmitted(vault, receive))

    assert len(case.entity_tag) == 64
    assert str(vault.cast.organisations["pam"].pk) != case.entity_tag


def test_an_implicated_focal_point_never_receives(vault: Vault, receive: Receive) -> None:
    accused = Implicated(users=frozenset({vault.cast.hawa.pk}))
    case_id = receive(implicated=accused)
    entity = vault.cast.organisations["pam"].pk

    with pytest.raises(Refused, match="main propre"):
        actions.transmit(case_id=case_id, organisation_id=entity, **vault.as_("aminata"))
    case = SealedCase.objects.using(VAULT).get(pk=case_id)
    assert case.state == "received"
    assert vault.readers["hawa"].open_parts(case.pk) == {}


def test_when_a_focal_point_is_implicated_the_investigation_function_receives_alone(
    vault: Vault, receive: Receive
) -> None:
    fanta = vault.cast.fanta
    pam = vault.cast.organisations["pam"]
    fanta.organisation = pam
    fanta.save()
    UserRole.objects.create(user=fanta, role=Role.PSEA_FOCAL_POINT)
    vault.enrol("fanta")
    vault.approve("fanta", INVESTIGATION)

    case_id = receive(implicated=Implicated(users=frozenset({vault.cast.hawa.pk})))
    actions.transmit(case_id=case_id, organisation_id=pam.pk, **vault.as_("aminata"))

    assert actions.open_case(case_id=case_id, **vault.as_("fanta")).narrative is not None
    assert not SealedCase.objects.visible_to(vault.cast.hawa).exists()


def test_the_entity_moves_its_track_step_by_step_and_the_officer_cannot(vault: Vault, receive: Receive) -> None:
    case_id = transmitted(vault, receive)
    with pytest.raises(Refused):
        actions.acknowledge(case_id=case_id, by=vault.cast.aminata)

    when = datetime.now(UTC) - timedelta(days=40)
    for days, act in enumerate(("acknowledge", "assess", "investigate", "substantiate")):
        actions.advance(case_id=case_id, act=act, by=vault.cast.hawa, at=when + timedelta(days=days))

    case = SealedCase.objects.using(VAULT).get(pk=case_id)
    assert case.state == "substantiated"
    assert case.decided_at == when + timedelta(days=3)


def test_two_people_acting_at_once_the_second_is_told(vault: Vault, receive: Receive) -> None:
    case_id = transmitted(vault, receive)
    actions.acknowledge(case_id=case_id, by=vault.cast.hawa, seen="transmitted")

    with pytest.raises(Conflict):
        actions.advance(case_id=case_id, act="assess", by=vault.cast.hawa, seen="transmitted")
    with pytest.raises(Refused):
        actions.acknowledge(case_id=case_id, by=vault.cast.hawa)


def test_not_ours_gives_the_case_back_and_it_goes_to_another_entity(vault: Vault, receive: Receive) -> None:
    case_id = transmitted(vault, receive)
    actions.not_ours(case_id=case_id, by=vault.cast.hawa)

    assert not SealedCase.objects.visible_to(vault.cast.hawa).exists()
    hcr = vault.cast.organisations["hcr"].pk
    actions.transmit(case_id=case_id, organisation_id=hcr, **vault.as_("rokia"))
    assert actions.open_case(case_id=case_id, **vault.as_("nana")).narrative is not None


def test_an_officer_of_the_entity_keeps_what_they_had_when_it_says_not_ours(vault: Vault, receive: Receive) -> None:
    case_id = transmitted(vault, receive, to="hcr")
    actions.not_ours(case_id=case_id, by=vault.cast.nana)
    assert not SealedCase.objects.visible_to(vault.cast.nana).exists()
    for officer in ("aminata", "rokia"):
        assert actions.open_case(case_id=case_id, **vault.as_(officer)).narrative is not None


def test_for_an_entity_act_its_own_focal_points_alone(vault: Vault, receive: Receive) -> None:
    theirs = transmitted(vault, receive, to="hcr")
    with pytest.raises(Refused, match="personnes habilitées de l'entité"):
        actions.acknowledge(case_id=theirs, by=vault.cast.aminata)  # of the entity, on duty
    of_another = transmitted(vault, receive, source="SM2", receipt_number="123456789023")
    UserRole.objects.create(user=vault.cast.rokia, role=Role.PSEA_FOCAL_POINT)
    with pytest.raises(Refused, match="personnes habilitées de l'entité"):
        actions.acknowledge(case_id=of_another, by=vault.cast.rokia)  # of another entity, and on duty


def test_an_entity_outside_moves_by_the_hand_of_the_officer(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    actions.reach_outside(case_id=case_id, **vault.as_("aminata"))
    actions.acknowledge(case_id=case_id, by=vault.cast.aminata)

    assert SealedCase.objects.using(VAULT).get(pk=case_id).state == "acknowledged"


def test_assistance_never_waits_for_accountability(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    health, safety = ServiceType.CLINICAL_CARE, ServiceType.SAFETY
    actions.extract_facts(case_id=case_id, survivors=2, services=(health, safety), **vault.as_("aminata"))
    actions.extract_facts(case_id=case_id, survivors=2, services=(health, safety), **vault.as_("aminata"))
    offers = AssistanceOffer.objects.using(VAULT).filter(survivor__case_id=case_id)
    assert offers.count() == 4

    first = offers.filter(service=health)[0]
    for act in ("offer", "decline", "offer", "accept", "refer", "confirm_service"):
        moved = actions.move_offer(offer_id=first.pk, act=act, **vault.as_("aminata"))
    assert moved.state == "service_confirmed"
    assert SealedCase.objects.using(VAULT).get(pk=case_id).state == "received"


def test_whoever_cannot_see_the_case_finds_no_offer(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    actions.extract_facts(case_id=case_id, services=(ServiceType.LEGAL,), **vault.as_("aminata"))
    offer = AssistanceOffer.objects.using(VAULT).get()

    with pytest.raises(SealedCase.DoesNotExist):
        actions.move_offer(offer_id=offer.pk, act="offer", **vault.as_("hawa"))
    with pytest.raises(Refused):
        actions.move_offer(offer_id=offer.pk, act="offer", **vault.as_("coumba"))


def test_told_of_the_outcome_the_receipt_says_answered(vault: Vault, receive: Receive) -> None:
    case_id = receive()
    told = {"case_id": case_id, "on": date(2022, 3, 12)}
    actions.open_case(case_id=case_id, **vault.as_("aminata"))
    actions.inform_person(about=ToldAbout.RECEPTION, was_told=True, **told, **vault.as_("aminata"))  # type: ignore[arg-type]
    actions.inform_person(about=ToldAbout.OUTCOME, was_told=False, **told, **vault.as_("aminata"))  # type: ignore[arg-type]
    assert in_stage(NUMBER) == "in_progress"

    actions.inform_person(about=ToldAbout.OUTCOME, was_told=True, **told, **vault.as_("aminata"))  # type: ignore[arg-type]
    assert in_stage(NUMBER) == "answered"


def held(vault: Vault, receive: Receive, at: datetime) -> UUID:
    vault.approve("hawa", INVESTIGATION)
    case_id = transmitted(vault, receive)
    actions.add_note(case_id=case_id, words="Rappeler par la tante.", **vault.as_("aminata"))
    actions.acknowledge(case_id=case_id, by=vault.cast.hawa)
    actions.confirm_copy_held(case_id=case_id, at=at, **STATED, **vault.as_("hawa"))
    return case_id


def test_an_acknowledgement_alone_destroys_nothing(vault: Vault, receive: Receive) -> None:
    case_id = transmitted(vault, receive)
    actions.acknowledge(case_id=case_id, by=vault.cast.hawa)

    with pytest.raises(Refused, match="fonction d'enquête"):
        actions.confirm_copy_held(case_id=case_id, **STATED, **vault.as_("hawa"))
    assert actions.open_case(case_id=case_id, **vault.as_("aminata")).narrative is not None


def test_once_the_entity_holds_its_copy_the_officers_read_the_words_no_more(vault: Vault, receive: Receive) -> None:
    case_id = held(vault, receive, datetime.now(UTC))

    assert actions.open_case(case_id=case_id, **vault.as_("aminata")).narrative is None
    assert actions.read_case(case_id=case_id, **vault.as_("aminata")).facts.copy_reference == "OIG-17"
    assert actions.open_case(case_id=case_id, **vault.as_("hawa")).narrative is not None


def test_thirty_days_later_the_words_are_gone_for_everyone(vault: Vault, receive: Receive) -> None:
    case_id = held(vault, receive, datetime.now(UTC) - timedelta(days=29))
    assert actions.destroy_due(by=INTAKE) == 0
    SealedCase.objects.using(VAULT).update(copy_held_at=datetime.now(UTC) - timedelta(days=31))
    assert actions.destroy_due(by=INTAKE) == 1
    assert actions.destroy_due(by=INTAKE) == 0

    case = SealedCase.objects.using(VAULT).get(pk=case_id)
    assert (case.words, case.contact, case.mailbox_private) == (None, None, None)
    assert not Wrap.objects.using(VAULT).filter(case=case, part=Part.WORDS).exists()
    assert case.notes.using(VAULT).count() == 0
    assert actions.open_case(case_id=case_id, **vault.as_("hawa")).narrative is None
    later: dict[str, Any] = {
        "source_id": "SM9",
        "receipt_number": NUMBER,
        "phone": PHONE,
        "words": "…",
        "channel": "sms",
    }
    assert not actions.add_to_sealed(said_at=datetime.now(UTC), by=INTAKE, **later)
    assert sealed_phone(PHONE)


def test_a_case_that_is_no_sea_leaves_knowingly(vault: Vault, receive: Receive) -> None:
    case_id = receive(place_pcode="ML0703")
    ordinary = {"case_id": case_id, "as_what": ReclassifiedAs.ORDINARY}
    with pytest.raises(Refused, match="aucune révélation"):
        actions.reclassify(no_disclosure=False, **ordinary, **vault.as_("aminata"))  # type: ignore[arg-type]
    with pytest.raises(Refused, match="reclassé"):
        actions.release_text(case_id=case_id, **vault.as_("aminata"))

    actions.reclassify(no_disclosure=True, **ordinary, **vault.as_("aminata"))  # type: ignore[arg-type]
    text = actions.release_text(case_id=case_id, **vault.as_("aminata"))
    assert (text.words, text.phone, text.place_pcode) == (WORDS, PHONE, "ML0703")
    actions.mark_released(case_id=case_id, by=vault.cast.aminata)

    assert not sealed_phone(PHONE)
    assert stage_of(NUMBER) is None
    with pytest.raises(Refused):
        actions.release_text(case_id=case_id, **vault.as_("aminata"))


def test_a_person_who_lost_the_role_sees_nothing_whatever_wraps_remain(vault: Vault, receive: Receive) -> None:
    receive()
    assert SealedCase.objects.visible_to(vault.cast.aminata).exists()
    UserRole.objects.filter(user=vault.cast.aminata).delete()

    assert not SealedCase.objects.visible_to(type(vault.cast.aminata).objects.get(pk=vault.cast.aminata.pk)).exists()


def test_a_fresh_key_retires_the_former_one(vault: Vault, receive: Receive) -> None:
    receive()
    former = vault.readers["aminata"]
    vault.enrol("aminata")

    assert not SealedCase.objects.visible_to(vault.cast.aminata).exists()
    assert vault.readers["aminata"].key_id != former.key_id
