"""Whom a notice of a referral reaches: at any hour when it is urgent, and nobody who may not know of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from core.models import Outbound
from directory.actions.turnover import leave
from directory.enums import NoticePace, NoticeWay
from directory.models import Organisation, StaffNotice, User, UserRole
from directory.roles import Role
from feedback.actions import reclassify
from feedback.models import CaseImplicated, Category
from referrals import actions
from referrals.late import flag_late
from referrals.models import LateNotice, Referral
from referrals.timeline import timeline_of
from tests.referrals.conftest import House

SATURDAY_NIGHT = datetime(2026, 3, 14, 23, 30, tzinfo=UTC)


def colleague(name: str, organisation: Organisation, role: Role, **more: Any) -> User:
    person = User.objects.create_user(f"{name}@jaabi.example", name=name.title(), organisation=organisation, **more)
    UserRole.objects.create(user=person, role=role)
    return person


def told(person: User) -> int:
    return StaffNotice.objects.filter(person=person, told_at__isnull=False).count()


@pytest.mark.parametrize(("priority", "is_told"), [("normal", False), ("urgent", True), ("emergency", True)])
def test_what_is_urgent_wakes_whoever_wanted_one_summary_a_day(house: House, priority: str, is_told: bool) -> None:
    cast = house.cast
    daily = {"notices_pace": NoticePace.DAILY, "notices_by": NoticeWay.EMAIL, "phone": "+22300000077"}
    User.objects.filter(pk=cast.fanta.pk).update(**daily)
    with time_machine.travel(SATURDAY_NIGHT, tick=False):
        referral = house.sent(None, house.wish(priority=priority))
        texts = Outbound.objects.filter(kind=Outbound.Kind.URGENT)
        assert (told(cast.fanta) > 0, texts.exists()) == (is_told, is_told)
        referral.refresh_from_db()
        assert referral.accept_by is not None
    before = told(cast.fanta)
    with time_machine.travel(referral.accept_by + timedelta(hours=1), tick=False):
        flag_late(referral.accept_by + timedelta(hours=1))
        assert (told(cast.fanta) > before) == is_told


def test_a_late_restricted_matter_is_told_to_those_named_for_it_alone(house: House) -> None:
    cast = house.cast
    named = colleague("binta", cast.organisations["nrc"], Role.INTEGRITY_FOCAL_POINT)
    manager = colleague("sira", cast.organisations["nrc"], Role.AGENCY_MANAGER)
    named.deputy = manager
    named.save()
    referral = house.sent(house.case("FRAUDE"), house.wish(office=None), by=cast.salif)
    assert referral.accept_by is not None
    flag_late(referral.accept_by + timedelta(hours=80))
    assert set(LateNotice.objects.values_list("step", "told__name")) == {
        ("focal_point", "Binta"),
        ("manager", "Binta"),
        ("manager", "Salif"),
    }
    assert not StaffNotice.objects.filter(person=manager).exists()
    rules = [str(event["text"]) for event in timeline_of(Referral.objects.get(pk=referral.pk))]
    assert any("personnes désignées pour ce circuit prévenues 72 h" in rule for rule in rules)
    assert not any("responsable de l’organisation" in rule for rule in rules)


def test_nobody_whom_it_implicates_is_reached_in_the_place_of_somebody_away(house: House) -> None:
    cast, case = house.cast, house.case()
    cast.fanta.deputy, cast.fanta.is_away = cast.oumar, True
    cast.fanta.save()
    CaseImplicated.objects.create(case=case, user=cast.oumar)
    house.sent(case)
    assert not StaffNotice.objects.filter(person__in=[cast.oumar, cast.fanta]).exists()


def test_what_is_kept_from_whoever_accepted_it_is_told_to_those_who_may_know(house: House) -> None:
    """Its category raises its lane: the focal point knows of it no more, and the person named for it must."""
    cast = house.cast
    named = colleague("binta", cast.organisations["nrc"], Role.INTEGRITY_FOCAL_POINT)
    referral = actions.accept(house.sent(None, house.wish(office=None)).pk, by=cast.fanta)
    StaffNotice.objects.all().delete()
    reclassify(referral.case_id, category=Category.objects.get(pk="FRAUDE"), by=cast.awa)
    assert StaffNotice.objects.filter(person=named).exists()
    assert not StaffNotice.objects.filter(person=cast.fanta).exists()


def test_what_comes_back_reaches_those_who_listen_where_its_sender_left(house: House) -> None:
    cast = house.cast
    other = colleague("bintou", cast.organisations["line"], Role.OPERATOR)
    referral = house.sent()
    leave(cast.awa, successor=other, by=cast.awa)
    StaffNotice.objects.all().delete()
    actions.answer(referral.pk, kind="response", words="Lundi.", by=cast.fanta)
    assert set(StaffNotice.objects.values_list("person__name", flat=True)) == {"Bintou"}
