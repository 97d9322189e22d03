"""One case to several receivers in one act: each its own referral, level and consent; all of them leave, or none."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.models import Outbound
from core.transitions import Refused
from feedback.models import Case, CaseImplicated
from referrals import actions
from referrals.actions.consent import Said
from referrals.actions.several import Sending, send_to_several
from referrals.models import Consent, Referral
from tests.referrals.conftest import House
from tests.referrals.test_levels import seen

SignIn = Callable[[Any], Client]


@pytest.fixture
def two(house: House) -> tuple[str, str]:
    """How the page names NRC Gao and HCR."""
    gao = house.cast.offices["nrc_gao"]
    return f"{gao.organisation_id}:{gao.pk}", str(house.cast.organisations["hcr"].pk)


def posted(*keys: str, step: str, **more: str) -> dict[str, Any]:
    said = {"once": str(uuid.uuid4()), "request": "Réparer le puits", "priority": "urgent", "service": ""}
    return {**said, "several": list(keys), "to-several": step, **more}


def sent_of(case: Case) -> list[tuple[str, str, str]]:
    rows = Referral.objects.filter(case=case).order_by("created_at")
    return [(row.receiver_name, row.level, row.state) for row in rows]


def test_level_1_goes_to_all_that_are_ticked_and_to_the_one_of_the_list(
    house: House, signed_in: SignIn, two: tuple[str, str]
) -> None:
    case, client = house.case(), signed_in(house.cast.awa)
    said = posted(two[0], two[0], step="1", other=two[1])
    for _twice in range(2):
        answer = client.post(f"/referrals/new/{case.pk}/", said)
        assert answer["Location"] == f"/cases/{case.pk}/"
    assert sent_of(case) == [("NRC Gao", "1", "sent"), ("HCR", "1", "sent")]
    assert {row.unsealed("request") for row in Referral.objects.all()} == {"Réparer le puits"}
    assert "Transmis à NRC Gao et HCR." in client.get(f"/cases/{case.pk}/").content.decode()


def test_level_2_asks_for_each_and_each_gets_what_the_person_allows_it(
    house: House, signed_in: SignIn, two: tuple[str, str]
) -> None:
    case, client, (nrc, hcr) = house.case(), signed_in(house.cast.awa), two
    page = client.post(f"/referrals/new/{case.pk}/", posted(nrc, hcr, step="ask")).content.decode()
    assert page.count("pouvons-nous dire") == 2
    assert "Réparer le puits" in page
    said = posted(nrc, hcr, step="2", method="oral", giver="self", language="bam", teller="sender")
    said |= {f"{nrc}-answer": "given", f"{nrc}-words": "on", f"{hcr}-answer": "refused"}
    wrong = client.post(f"/referrals/new/{case.pk}/", {**said, f"{hcr}-answer": "given"})
    assert (wrong.status_code, sent_of(case), Consent.objects.count()) == (422, [], 0)
    assert "Réparer le puits" in wrong.content.decode()

    client.post(f"/referrals/new/{case.pk}/", said)
    assert sent_of(case) == [("NRC Gao", "2", "sent"), ("HCR", "1", "sent")]
    assert set(Consent.objects.values_list("receiver__acronym", "status")) == {("NRC", "given"), ("HCR", "refused")}
    for row, person in zip(
        Referral.objects.order_by("created_at"), (house.cast.fanta, house.cast.ibrahim), strict=True
    ):
        actions.accept(row.pk, by=person)
    assert [seen(row) for row in Referral.objects.order_by("created_at")] == [(True, True, False), (True, False, False)]


def test_when_one_may_not_have_it_none_leaves_and_it_is_said_which(house: House) -> None:
    case = house.case()
    CaseImplicated.objects.create(case=case, organisation=house.cast.organisations["hcr"])
    given = Said("given", words=True, method="oral", giver="self")
    sendings = [Sending(house.wish(level="2"), given), Sending(house.wish("hcr", None))]
    with pytest.raises(Refused, match="HCR : "):
        send_to_several(case.pk, sendings, by=house.cast.awa)
    assert (sent_of(case), Consent.objects.count(), Outbound.objects.count()) == ([], 0, 0)
    assert Case.objects.get(pk=case.pk).state == "triaged"


def test_what_came_back_goes_on_to_several_and_the_chain_parts(
    house: House, signed_in: SignIn, two: tuple[str, str]
) -> None:
    house.cast.hawa.role_rows.create(role="focal_point")
    first = house.sent(wish=house.wish("pam", None))
    actions.refuse(first.pk, code="HORS_ZONE", by=house.cast.hawa)
    signed_in(house.cast.awa).post(f"/referrals/{first.pk}/plus-loin/", posted(*two, step="1"))
    hops = Referral.objects.filter(previous=first).order_by("created_at")
    assert [hop.receiver_name for hop in hops] == ["NRC Gao", "HCR"]


def test_none_ticked_is_said_and_keeps_what_was_typed(house: House, signed_in: SignIn) -> None:
    case = house.case()
    answer = signed_in(house.cast.awa).post(f"/referrals/new/{case.pk}/", posted(step="1"))
    assert answer.status_code == 422
    assert all(text in answer.content.decode() for text in ("Choisissez un destinataire", "Réparer le puits"))
    assert sent_of(case) == []


def test_nobody_refers_to_themselves_and_an_office_may_refer_to_another(house: House) -> None:
    """Else the share of cases referred could be made by sending each to oneself."""
    case = house.case(concerned=house.cast.organisations["nrc"])
    for office in (None, "nrc_gao"):
        with pytest.raises(Refused, match="soi-même"):
            house.sent(case, house.wish("nrc", office), by=house.cast.fanta)
    assert house.sent(case, house.wish("nrc", "nrc_bamako"), by=house.cast.fanta).state == "sent"
