"""Someone leaves, or is away: all that waited for them waits for somebody else, in one act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from core.models import AuditEntry
from core.transitions import Refused
from directory.actions.people import change_person
from directory.actions.turnover import come_back, go_away, leave
from directory.models import Place, StaffNotice, User, UserRole
from directory.roles import Role
from referrals.actions import accept, answer, assign
from referrals.actions.handover import takers_of
from referrals.models import Referral
from tests.cast import Cast
from tests.referrals.conftest import House
from tests.referrals.conftest import house as house  # noqa: PLC0414  a fixture, by its own name

Fresh = Callable[[User], User]


@pytest.fixture
def issa(cast: Cast) -> User:
    """A second focal point of NRC in Gao."""
    person = User.objects.create_user(
        email="issa@jaabi.example", name="Issa", organisation=cast.fanta.organisation, office=cast.fanta.office
    )
    UserRole.objects.create(user=person, role=Role.FOCAL_POINT)
    return person


def accepted(house: House) -> Referral:
    referral = house.sent()
    return accept(referral.pk, by=house.cast.fanta)


def test_who_leaves_hands_over_everything_and_is_out_at_once(
    house: House, cast: Cast, issa: User, signed_in: Callable[[Any], Client]
) -> None:
    open_one, done = accepted(house), accepted(house)
    answer(done.pk, kind="response", words="C’est réparé.", by=cast.fanta)
    browser, others = signed_in(cast.fanta), cast.oumar
    others.deputy = cast.fanta
    others.save()

    mail.outbox.clear()
    StaffNotice.objects.all().delete()
    page = browser.post("/moi/depart/", {"successor": issa.pk}, follow=True)

    assert "Votre compte est fermé." in page.content.decode()
    assert browser.get("/moi/").status_code == 302
    assert not User.objects.get(pk=cast.fanta.pk).is_active
    assert User.objects.get(pk=others.pk).deputy == issa
    assert {row.pk: row.responsible for row in Referral.objects.all()} == {open_one.pk: issa, done.pk: cast.fanta}
    assert [message.to for message in mail.outbox].count(["issa@jaabi.example"]) == 1
    acts = list(AuditEntry.objects.values_list("act", flat=True))
    assert acts.count("referrals.referral.hand_over") == 1
    assert "directory.user.leave" in acts


def test_who_is_away_finds_again_on_return_what_is_not_finished(house: House, cast: Cast, issa: User) -> None:
    kept, finished = accepted(house), accepted(house)
    cast.fanta.deputy = issa
    cast.fanta.save()
    go_away(cast.fanta, by=cast.fanta)
    assert set(Referral.objects.values_list("responsible", "stands_in_for")) == {(issa.pk, cast.fanta.pk)}

    answer(finished.pk, kind="response", words="C’est réparé.", by=issa)
    come_back(cast.fanta, by=cast.fanta)

    assert {row.pk: row.responsible for row in Referral.objects.all()} == {kept.pk: cast.fanta, finished.pk: issa}
    assert not Referral.objects.filter(pk=kept.pk, stands_in_for__isnull=False).exists()


def test_what_is_kept_from_them_by_now_does_not_come_back(house: House, cast: Cast, issa: User) -> None:
    kept, named = accepted(house), accepted(house)
    cast.fanta.deputy = issa
    cast.fanta.save()
    go_away(cast.fanta, by=cast.fanta)
    named.case.implicated_rows.create(user=cast.fanta)
    come_back(cast.fanta, by=cast.fanta)
    rows = Referral.objects.in_bulk()
    assert [(row.responsible, row.stands_in_for) for row in (rows[kept.pk], rows[named.pk])] == [
        (cast.fanta, None),
        (issa, None),
    ]


def test_what_was_held_for_a_third_is_theirs_again_although_its_holder_left(
    house: House, cast: Cast, issa: User
) -> None:
    referral = accept(house.sent(None, house.wish("nrc", None)).pk, by=cast.fanta)
    cast.fanta.deputy = issa
    cast.fanta.save()
    go_away(cast.fanta, by=cast.fanta)
    leave(issa, successor=cast.oumar, by=issa)
    assert Referral.objects.get(pk=referral.pk).responsible == cast.oumar
    come_back(User.objects.get(pk=cast.fanta.pk), by=cast.fanta)
    assert Referral.objects.get(pk=referral.pk).responsible == cast.fanta


def test_work_is_not_given_to_who_is_away(house: House, cast: Cast, issa: User) -> None:
    referral = accepted(house)
    User.objects.filter(pk=issa.pk).update(is_away=True)
    assert takers_of(Referral.objects.get(pk=referral.pk)) == []
    with pytest.raises(Refused):
        assign(referral.pk, issa, by=cast.fanta)


def test_what_the_deputy_may_not_see_keeps_its_name(house: House, cast: Cast, issa: User) -> None:
    """An implicated deputy does not inherit the case in which they are implicated."""
    referral = accepted(house)
    referral.case.implicated_rows.create(user=issa)
    leave(cast.fanta, successor=issa, by=cast.fanta)
    assert Referral.objects.get(pk=referral.pk).responsible == cast.fanta


def test_a_changed_role_or_zone_hands_over_what_is_seen_no_more(house: House, cast: Cast, issa: User) -> None:
    manager = User.objects.create_user(email="manager@jaabi.example", name="M", organisation=issa.organisation)
    UserRole.objects.create(user=manager, role=Role.AGENCY_MANAGER)
    seen_by_both, implicating = accepted(house), accepted(house)
    implicating.case.implicated_rows.create(user=issa)
    paper = house.sent(None, house.wish("pam", None))
    accept(paper.pk, by=cast.awa)
    StaffNotice.objects.all().delete()

    def change(person: User, role: Role, *places: str) -> None:
        zone = Place.objects.filter(pcode__in=places)
        change_person(person, by=cast.adama, roles=[role], office=person.office, deputy=person.deputy, places=zone)

    def held() -> list[User | None]:
        rows = Referral.objects.in_bulk()
        return [rows[row.pk].responsible for row in (seen_by_both, implicating, paper)]

    cast.fanta.deputy = issa
    change(cast.awa, Role.OPERATOR)
    change(cast.fanta, Role.FOCAL_POINT, "ML07")
    assert (held(), StaffNotice.objects.count()) == ([cast.fanta, cast.fanta, cast.awa], 0), "they still see it"
    change(cast.fanta, Role.FOCAL_POINT, "ML01")
    assert held() == [issa, cast.fanta, cast.awa]
    assert set(StaffNotice.objects.values_list("person", flat=True)) == {issa.pk, manager.pk}

    issa.deputy = cast.fanta
    change(issa, Role.AGENCY_MANAGER)
    assert held()[0] == issa, "nobody who may: it keeps its name"


def test_somebody_who_can_must_take_over(house: House, cast: Cast) -> None:
    with pytest.raises(Refused, match="Nommez la personne qui prend la suite"):
        leave(cast.fanta, successor=None, by=cast.fanta)
    for stranger in (cast.rokia, cast.ibrahim):
        with pytest.raises(Refused, match="n’a pas les mêmes rôles"):
            leave(cast.fanta, successor=stranger, by=cast.fanta)
    with pytest.raises(Refused, match="personne qui vous supplée"):
        go_away(cast.fanta, by=cast.fanta)
    assert User.objects.get(pk=cast.fanta.pk).is_active


def test_a_stolen_account_is_closed_without_waiting_for_a_successor(
    cast: Cast, signed_in: Callable[[Any], Client]
) -> None:
    administrator = signed_in(cast.adama)
    administrator.post(f"/settings/people/{cast.ibrahim.pk}/close/", {"successor": ""})
    assert not User.objects.get(pk=cast.ibrahim.pk).is_active


def test_an_agency_closes_and_reopens_an_account_of_its_own(
    cast: Cast, issa: User, signed_in: Callable[[Any], Client]
) -> None:
    manager, ibrahim = signed_in(cast.mariam), signed_in(cast.ibrahim)
    issa.organisation, issa.office = cast.ibrahim.organisation, None
    issa.save()
    page = f"/settings/people/{cast.ibrahim.pk}/"
    refused = manager.post(page + "close/", {"successor": ""})
    assert "Nommez la personne qui prend la suite" in refused.content.decode()

    closed = manager.post(page + "close/", {"successor": issa.pk}, follow=True)
    assert "Le compte de Ibrahim est fermé. Ce qui l’attendait attend désormais Issa." in closed.content.decode()
    assert ibrahim.get("/moi/").status_code == 302
    manager.post(page + "reopen/")
    assert User.objects.get(pk=cast.ibrahim.pk).is_active


def test_only_who_can_take_over_is_offered_as_a_deputy_and_others_are_refused_with_a_sentence(
    cast: Cast, issa: User, signed_in: Callable[[Any], Client]
) -> None:
    """Rokia is of NRC too, and no focal point; Issa is away for a while."""
    User.objects.filter(pk=issa.pk).update(is_away=True)
    browser, profile = signed_in(cast.fanta), {"language": "fr", "notices_by": "email", "notices_pace": "daily"}
    offered = {value for value, _label in browser.get("/moi/").context["form"].fields["deputy"].choices}
    assert {str(one) for one in offered} == {"", str(cast.oumar.pk)}
    for nobody in (cast.rokia, issa, cast.ibrahim):
        refused = browser.post("/moi/", profile | {"deputy": nobody.pk})
        assert "qui a les mêmes rôles" in refused.content.decode()
    browser.post("/moi/", profile | {"deputy": cast.oumar.pk})
    assert User.objects.get(pk=cast.fanta.pk).deputy == cast.oumar


def test_a_deputy_who_was_named_before_stays_and_is_said_to_be_unable(
    cast: Cast, signed_in: Callable[[Any], Client]
) -> None:
    User.objects.filter(pk=cast.fanta.pk).update(deputy=cast.rokia)
    browser, profile = signed_in(cast.fanta), {"language": "en", "notices_by": "email", "notices_pace": "daily"}
    assert "Rokia (ne peut pas prendre la suite)" in browser.get("/moi/").content.decode()
    browser.post("/moi/", profile | {"deputy": cast.rokia.pk})
    fanta = User.objects.get(pk=cast.fanta.pk)
    assert (fanta.language, fanta.deputy) == ("en", cast.rokia)


def test_the_roles_that_are_given_with_a_deputy_are_those_the_deputy_must_hold(
    cast: Cast, signed_in: Callable[[Any], Client]
) -> None:
    page, manager = f"/settings/people/{cast.fanta.pk}/", signed_in(cast.adama)
    said = {"deputy": cast.oumar.pk, "roles": ["focal_point", "operator"]}
    assert "qui a les mêmes rôles" in manager.post(page, said).content.decode()
    assert User.objects.get(pk=cast.fanta.pk).roles == {Role.FOCAL_POINT}
    manager.post(page, said | {"roles": ["focal_point"]})
    assert User.objects.get(pk=cast.fanta.pk).deputy == cast.oumar
