"""Who is who, and where: places, deputies, tokens, and who is told."""

from __future__ import annotations

from django.core import mail

from directory.credentials import ApiScope, issue, revoke, token_for
from directory.geography import load_geography
from directory.implicated import Implicated
from directory.models import ApiToken, Place, Scope, User
from directory.notices import Notice, notify
from directory.roles import Role
from tests.cast import Cast


def test_all_of_malis_places_are_there_and_loading_again_changes_nothing(db: None) -> None:
    load_geography()
    assert (Place.objects.regions().count(), Place.objects.cercles().count()) == (10, 53)
    assert Place.objects.get(pcode="ML1001").region.name == "Ménaka"


def test_the_liptako_gourma_has_its_three_presets(db: None) -> None:
    sizes = {scope.code: len(scope.pcodes()) for scope in Scope.objects.all()}
    assert sizes == {"LG": 16, "LG-NOYAU": 11, "LG-ALG": 24}


def test_a_scope_that_staff_edited_is_not_overwritten(db: None) -> None:
    Scope.objects.get(code="LG").places.set(Place.objects.filter(pcode="ML0703"))
    load_geography()
    assert Scope.objects.get(code="LG").pcodes() == {"ML0703"}


def test_people_are_found_by_role_organisation_and_zone(cast: Cast) -> None:
    nrc, gao, bamako = cast.organisations["nrc"], Place.objects.get(pcode="ML0703"), Place.objects.get(pcode="ML0901")
    found = User.objects.with_role(Role.FOCAL_POINT, organisation=nrc)
    assert {user.name for user in found} == {"Oumar", "Fanta"}
    assert {user.name for user in User.objects.with_role(Role.FOCAL_POINT, place=bamako)} == {"Oumar", "Ibrahim"}
    assert cast.fanta.covers(gao)
    assert not cast.fanta.covers(bamako)


def test_a_notice_says_nothing_of_the_matter_and_reaches_the_deputy(cast: Cast) -> None:
    User.objects.filter(pk=cast.oumar.pk).update(is_away=True, deputy=cast.fanta)
    told = notify([User.objects.get(pk=cast.oumar.pk), cast.fanta], Notice.ACT, dedupe_key="same")
    notify([cast.fanta], Notice.ACT, dedupe_key="same")
    assert told == [cast.fanta]
    assert [message.to for message in mail.outbox] == [["fanta@jaabi.example"]]
    assert mail.outbox[0].subject == "Une action vous attend dans Jaabi."


def test_nobody_is_told_when_account_and_deputy_are_closed(cast: Cast) -> None:
    User.objects.filter(pk__in=[cast.oumar.pk, cast.fanta.pk]).update(is_active=False)
    User.objects.filter(pk=cast.oumar.pk).update(deputy=cast.fanta)
    User.objects.filter(pk=cast.fanta.pk).update(deputy=cast.oumar)
    assert notify([User.objects.get(pk=cast.oumar.pk)], Notice.ACT) == []


def test_implicated_people_offices_and_organisations_are_left_out(cast: Cast) -> None:
    assert Implicated().spares(cast.fanta)
    assert not Implicated(organisations=frozenset({cast.organisations["nrc"].pk})).spares(cast.fanta)
    assert not Implicated(offices=frozenset({cast.offices["nrc_gao"].pk})).spares(cast.fanta)
    assert Implicated(offices=frozenset({cast.offices["nrc_gao"].pk})).spares(cast.oumar)
    assert not Implicated(users=frozenset({cast.fanta.pk})).spares(cast.fanta)


def test_a_token_is_kept_as_a_hash_and_ends_when_revoked(cast: Cast) -> None:
    token, raw = issue(cast.organisations["nrc"], "SI", [ApiScope.REFERRALS_READ], by=cast.adama)
    assert raw not in str(ApiToken.objects.values())
    assert token_for(raw) == token
    revoke(token, by=cast.adama)
    assert token_for(raw) is None
    assert token_for("jaabi_invented") is None
